"""The founding liaison statement, against values read from the document by eye."""

from __future__ import annotations

from pathlib import Path

import pytest
from liaison_documents import (
    FOUNDING,
    founding_body,
    founding_head,
    read_one,
    without_places,
    write_tabbed,
    write_table,
)

from sdograph.model import LiaisonStatement


@pytest.fixture(scope="module")
def founding() -> LiaisonStatement:
    return read_one(FOUNDING)


def test_it_is_recognised_as_etsis_layout(founding: LiaisonStatement) -> None:
    assert founding.layout == "etsi"


def test_title_and_date(founding: LiaisonStatement) -> None:
    assert founding.title == (
        "LS to SA, SA3 and SA5 on potential collaboration between 3GPP SA3/SA5 and ETSI SAI ISG"
    )
    assert founding.date == "2023-09-18"
    (evidence,) = [e for e in founding.evidence if e.field == "date"]
    assert (evidence.text, evidence.locator, evidence.confidence) == ("18th September 2023", "line 7", 1.0)


def test_parties_in_order_with_their_lines(founding: LiaisonStatement) -> None:
    assert [(r.text, r.locator) for r in founding.sender] == [
        ("ETSI ISG SAI (Securing Artificial Intelligence)", "line 13")
    ]
    assert [(r.text, r.locator) for r in founding.to] == [
        ("3GPP TSG SA", "line 25"),
        ("3GPP TSG SA WG3 (security)", "line 26"),
        ("3GPP TSG SA WG5 (Management, Orchestration and Charging)", "line 27"),
    ]
    assert [(r.text, r.locator) for r in founding.cc] == [
        ("ITU-T SG13", "line 30"),
        ("ITU-T SG17", "line 31"),
        ("ITU-R", "line 32"),
    ]
    assert all(r.kind == "organization" and r.target is None for r in (*founding.to, *founding.cc))


def test_copies_are_for_information_and_nobody_else_is_given_a_purpose(founding: LiaisonStatement) -> None:
    assert founding.purposes == (
        ("ITU-T SG13", "information"),
        ("ITU-T SG17", "information"),
        ("ITU-R", "information"),
    )
    assert {e.rule for e in founding.evidence if e.field == "purpose"} == {"copies are for information"}


def test_placeholders_are_no_reply_and_no_attachment(founding: LiaisonStatement) -> None:
    assert founding.in_reply_to == ()
    assert founding.attachments == ()
    assert founding.number is None
    assert founding.received_numbers == ()
    assert founding.work_items == ()


def test_exactly_four_items_are_mentioned_with_titles_and_owners(founding: LiaisonStatement) -> None:
    assert [(m.text, m.title, m.context, m.locator) for m in founding.mentions] == [
        (
            "SAI-014",
            "Security aspects of using AI/ML techniques in telecom sector",
            "ETSI ISG SAI (Securing Artificial Intelligence)",
            "line 64",
        ),
        (
            "FS_NR_AIML_NGRAN_SEC",
            "Study on the security aspects of Artificial Intelligence (AI)/Machine Learning (ML) "
            "for the NG-RAN",
            "3GPP SA3",
            "line 72",
        ),
        (
            "FS_AIML",
            "Study on Security and Privacy of AI/ML-based Services and Applications in 5G",
            "3GPP SA3",
            "line 73",
        ),
        (
            "eNA_Ph3_SEC",
            "Security aspects of enablers for Network Automation for 5G - phase 3",
            "3GPP SA3",
            "line 74",
        ),
    ]
    assert {(m.kind, m.field) for m in founding.mentions} == {("item", "mention")}
    # "The following Study Items in 3GPP SA3" is said of others' items, and not beside a code.
    assert [m.called for m in founding.mentions] == ["Study Item", None, None, None]


def test_releases_named_in_the_text(founding: LiaisonStatement) -> None:
    assert [(r.text, r.kind, r.context) for r in founding.releases] == [
        ("Rel-18", "release", "3GPP"),
        ("Rel-19", "release", "3GPP"),
    ]


def test_two_actions_with_their_addressees(founding: LiaisonStatement) -> None:
    first, second = founding.actions
    assert [r.text for r in first.addressees] == ["SA"]
    assert first.text == (
        "ETSI SAI kindly asks 3GPP TSG SA to review the information in this LS and reply with potential "
        "areas of interest that need ETSI SAI ISG involvement."
    )
    assert [r.text for r in second.addressees] == ["SA3", "SA5"]
    assert second.text == (
        "ETSI SAI kindly asks 3GPP TSG SA WG3 and 3GPP TSG SA WG5 to review the information in this LS and "
        "reply with current (e.g., 3GPP Rel-18/Rel-19) and future AI-related security activities where SA3 "
        "and SA5 collaboration with ETSI SAI can be beneficial."
    )
    assert [(a.locator, a.deadline) for a in founding.actions] == [("line 80", None), ("line 82", None)]
    assert {r.field for a in founding.actions for r in a.addressees} == {"action"}


def test_the_originators_next_meeting(founding: LiaisonStatement) -> None:
    (meeting,) = founding.meetings
    assert (meeting.name, meeting.begin, meeting.end, meeting.place, meeting.locator) == (
        "SAI#20",
        "2023-12-04",
        None,
        "Sophia-Antipolis, FR",
        "line 85",
    )


def test_contacts_only_on_request_and_never_in_the_evidence(founding: LiaisonStatement) -> None:
    assert founding.contacts == ()
    asked = read_one(FOUNDING, contacts=True)
    assert [c.locator for c in asked.contacts] == ["line 16", "line 17", "line 18", "line 19"]
    assert asked.evidence == founding.evidence
    assert not any("@" in e.text for e in founding.evidence)


def test_every_filled_field_has_evidence(founding: LiaisonStatement) -> None:
    assert {e.field for e in founding.evidence} == {
        "title", "date", "sender", "to", "cc", "release", "purpose", "mention", "action", "meeting",
    }  # fmt: skip
    assert all(e.locator and e.rule and 0 < e.confidence <= 1 for e in founding.evidence)


@pytest.mark.parametrize("write", [write_tabbed, write_table])
def test_the_same_content_as_word_document_reads_the_same(write: object, tmp_path: Path) -> None:
    path = write(tmp_path / "statement.docx", founding_head(), founding_body())  # type: ignore[operator]
    assert without_places(read_one(path, contacts=True)) == without_places(read_one(FOUNDING, contacts=True))


def test_places_in_word_documents_can_be_followed(tmp_path: Path) -> None:
    tabbed = read_one(write_tabbed(tmp_path / "tabs.docx", founding_head(), founding_body()))
    assert tabbed.to[1].locator == "paragraph 10"
    table = read_one(write_table(tmp_path / "table.docx", founding_head(), founding_body()))
    assert table.to[1].locator == "table 1 row 5 cell 2"


def test_the_shipped_file_is_the_document_itself(shared: object) -> None:
    original = shared(f"data/ls/{FOUNDING.name}")  # type: ignore[operator]
    assert FOUNDING.read_bytes() == original.read_bytes()
