"""The ways in which people fill the forms in: spellings, separators, order, dates, lists, encodings."""

from __future__ import annotations

from pathlib import Path

import pytest
from liaison_documents import BODY, HEAD, read_text, text_of, with_head, without_places

from sdograph.model import LiaisonStatement
from sdograph.sources.liaison import days as rules


@pytest.fixture
def plain(tmp_path: Path) -> LiaisonStatement:
    return read_text(tmp_path, text_of(HEAD))


def test_the_plain_form(plain: LiaisonStatement) -> None:
    assert plain.title == "LS on the robustness of models in network automation"
    assert plain.date == "2024-03-05"
    assert [r.text for r in plain.sender] == ["ETSI ISG ENI"]
    assert [r.text for r in plain.to] == ["3GPP SA5", "ITU-T SG13"]
    assert [(m.text, m.context) for m in plain.mentions] == [("ENI-034", "ETSI ISG ENI")]
    (meeting,) = plain.meetings
    assert (meeting.begin, meeting.end, meeting.place) == ("2024-06-10", "2024-06-13", "Madrid, ES")


@pytest.mark.parametrize("separator", ["\t", " ", "", "\t\t", "\n\t", "\n", "\n\n", "\t\n(if applicable)\n"])
def test_how_label_and_value_are_parted_does_not_matter(
    separator: str, plain: LiaisonStatement, tmp_path: Path
) -> None:
    read = read_text(tmp_path, text_of(HEAD, separator=separator))
    assert without_places(read) == without_places(plain)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_do_not_matter(end: str, plain: LiaisonStatement, tmp_path: Path) -> None:
    assert read_text(tmp_path, text_of(HEAD).replace("\n", end)) == plain


def test_the_order_of_the_fields_does_not_matter(plain: LiaisonStatement, tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of(HEAD[::-1]))
    assert without_places(read) == without_places(plain)


def test_the_order_of_the_sections_does_not_matter(plain: LiaisonStatement, tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of(HEAD, [*BODY[4:], *BODY[2:4], *BODY[:2]]))
    assert without_places(read) == without_places(plain)


def test_non_breaking_spaces_and_invisible_characters_do_not_matter(
    plain: LiaisonStatement, tmp_path: Path
) -> None:
    text = text_of(HEAD).replace(" ", "\u00a0").replace("ENI", "E\u200bN\u00adI")
    assert without_places(read_text(tmp_path, text)) == without_places(plain)


@pytest.mark.parametrize(
    ("label", "spelling"),
    [
        ("Title:", "SUBJECT :"),
        ("From (source):", "Source:"),
        ("From (source):", "FROM:"),
        ("To:", "to :"),
        ("To:", "Sent to:"),
        ("Copy to:", "Cc:"),
        ("Copy to:", "Copied to (for information):"),
        ("Date:", "Date of issue:"),
        ("Response to:", "In reply to:"),
        ("Attachments:", "Attachment(s):"),
        ("To:", "To\uff1a"),
    ],
)
def test_spellings_of_labels(label: str, spelling: str, plain: LiaisonStatement, tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of([(spelling if name == label else name, v) for name, v in HEAD]))
    for field in ("title", "date"):
        assert getattr(read, field) == getattr(plain, field)
    for field in ("sender", "to", "cc", "in_reply_to", "attachments"):
        assert without_places(getattr(read, field)) == without_places(getattr(plain, field))


def test_labels_without_colons_where_a_tab_or_a_cell_parts_them(
    plain: LiaisonStatement, tmp_path: Path
) -> None:
    read = read_text(tmp_path, text_of([(label.rstrip(":"), values) for label, values in HEAD]))
    assert without_places(read.to) == without_places(plain.to)
    assert read.title == plain.title


@pytest.mark.parametrize(
    "written",
    [
        ["5th March 2024"],
        ["March 5, 2024"],
        ["2024-03-05"],
        ["05 March, 2024"],
        ["Geneva, 5 March 2024"],
        ["05/03/2024"],
    ],
)
def test_forms_of_the_date(written: list[str], tmp_path: Path) -> None:
    assert read_text(tmp_path, text_of(with_head(date=written))).date == "2024-03-05"


def test_an_ambiguous_date_is_for_review(tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of(with_head(date=["05/03/2024"])))
    (evidence,) = [e for e in read.evidence if e.field == "date"]
    assert (evidence.confidence, evidence.rule) == (0.5, rules.AMBIGUOUS)


@pytest.mark.parametrize(
    ("written", "day", "rule"),
    [("4 - 8 March 2024", "2024-03-08", rules.LAST_DAY), ("March 2024", "2024-03", "month without a day")],
)
def test_a_date_field_without_one_day_is_less_sure(written: str, day: str, rule: str, tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of(with_head(date=[written])))
    (evidence,) = [e for e in read.evidence if e.field == "date"]
    assert (read.date, evidence.confidence, evidence.rule) == (day, 0.7, rule)


@pytest.mark.parametrize(
    "written",
    [
        ["3GPP SA3", "ITU-T SG13", "ETSI TC CYBER"],
        ["3GPP SA3, ITU-T SG13, ETSI TC CYBER"],
        ["3GPP SA3; ITU-T SG13; ETSI TC CYBER"],
        ["3GPP SA3, ITU-T SG13 and ETSI TC CYBER"],
        ["3GPP SA3 & ITU-T SG13", "ETSI TC CYBER"],
        ["- 3GPP SA3", "- ITU-T SG13", "- ETSI TC CYBER"],
        ["3GPP SA3", "", "ITU-T SG13", "ETSI TC CYBER."],
        ["3GPP SA3 (sa3.list@example.org)", "ITU-T SG13,", "ETSI TC CYBER"],
    ],
)
def test_lists_of_addressees(written: list[str], tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of(with_head(to=written)))
    assert [r.text for r in read.to] == ["3GPP SA3", "ITU-T SG13", "ETSI TC CYBER"]


def test_commas_within_parentheses_part_nothing(tmp_path: Path) -> None:
    written = ["3GPP TSG SA WG5 (Management, Orchestration and Charging), 3GPP TSG CT"]
    read = read_text(tmp_path, text_of(with_head(to=written)))
    assert [r.text for r in read.to] == [
        "3GPP TSG SA WG5 (Management, Orchestration and Charging)",
        "3GPP TSG CT",
    ]


def test_an_addressee_named_twice_is_one(tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of(with_head(to=["3GPP SA5", "3GPP SA5"])))
    assert [r.text for r in read.to] == ["3GPP SA5"]


def test_purposes_stated_beside_a_name(tmp_path: Path) -> None:
    head = with_head(to=["3GPP SA5 (for action)", "ITU-T SG13 for information", "GSMA (for comments)"])
    read = read_text(tmp_path, text_of(head))
    assert [r.text for r in read.to] == ["3GPP SA5", "ITU-T SG13", "GSMA"]
    assert read.purposes == (
        ("3GPP SA5", "action"),
        ("ITU-T SG13", "information"),
        ("GSMA", "comment"),
        ("IETF", "information"),
    )


def test_purposes_stated_beside_the_label(tmp_path: Path) -> None:
    head = [("To (for comment):", v) if label == "To:" else (label, v) for label, v in HEAD]
    assert ("3GPP SA5", "comment") in read_text(tmp_path, text_of(head)).purposes


def test_a_purpose_of_the_whole_statement_holds_for_the_addressees(tmp_path: Path) -> None:
    read = read_text(tmp_path, text_of([*HEAD, ("Purpose:", ["For comments"])]))
    assert read.purposes[:2] == (("3GPP SA5", "comment"), ("ITU-T SG13", "comment"))


@pytest.mark.parametrize("written", ["n/a", "N/A", "-", "None", "none.", "not applicable", "", "\u2014"])
def test_placeholders_say_nothing(written: str, tmp_path: Path) -> None:
    head = with_head(response=[written], attachments=[written], copy=[written])
    read = read_text(tmp_path, text_of(head))
    assert (read.in_reply_to, read.attachments, read.cc) == ((), (), ())


def test_what_a_statement_answers(tmp_path: Path) -> None:
    head = with_head(
        response=["S5-240111 on models, data and training; SG13-LS77", "LS from GSMA on agents of 3 May 2023"]
    )
    read = read_text(tmp_path, text_of(head))
    assert [(r.text, r.kind) for r in read.in_reply_to] == [
        ("S5-240111", "document"),
        ("SG13-LS77", "document"),
        ("LS from GSMA on agents of 3 May 2023", "document"),
    ]
    assert read.in_reply_to[0].title == "on models, data and training"


def test_attachments_by_name_and_by_number(tmp_path: Path) -> None:
    head = with_head(attachments=["ENI-034 draft.docx, S5-240222", "Slides on models, data and training"])
    assert read_text(tmp_path, text_of(head)).attachments == (
        "ENI-034 draft.docx",
        "S5-240222",
        "Slides on models, data and training",
    )


def test_numbers_of_sender_and_receiver(tmp_path: Path) -> None:
    text = "ENI(24)000123r2\tS5-240999\n" + text_of(HEAD)
    read = read_text(tmp_path, text)
    assert (read.number, read.received_numbers) == ("ENI(24)000123r2", ("S5-240999",))


def test_text_without_headings_is_no_part_of_the_last_field(tmp_path: Path) -> None:
    text = text_of(HEAD, ["Dear colleagues,", "see TS 28.105 for the models."])
    read = read_text(tmp_path, text)
    assert read.attachments == ()
    assert [m.text for m in read.mentions] == ["TS 28.105"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    head = with_head(title=["LS on \u201ctrust\u201d \u2013 d\u00e9j\u00e0 vu"])
    read = read_text(tmp_path, text_of(head).encode(encoding))
    assert read.title == "LS on \u201ctrust\u201d \u2013 d\u00e9j\u00e0 vu"
