"""Letters without a form: what they say by place and wording, and what they leave open."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from liaison_documents import BODY, HEAD, read_one, read_text, text_of, with_head

from sdograph.errors import IncompleteDocument, SdographError, UnknownFormat
from sdograph.model import LiaisonStatement
from sdograph.sources import liaison

LETTER = """\
IEEE 802.1 Working Group
Higher Layer LAN Protocols

15 November 2018

Ms. Jane Example, Chair, ITU-T Study Group 15

Subject: Liaison response to ITU-T SG15 on IEEE 802.1CM

Dear Ms. Example and SG15 colleagues,

Thank you for your liaison COM 15-LS 123-E. We would appreciate comments on IEEE P802.1DF by 15 January 2019.

Sincerely,

John Example
Chair, IEEE 802.1 Working Group
"""


def test_a_letter(tmp_path: Path) -> None:
    read = read_text(tmp_path, LETTER)
    assert (read.layout, read.date) == ("letter", "2018-11-15")
    assert read.title == "Liaison response to ITU-T SG15 on IEEE 802.1CM"
    assert [r.text for r in read.sender] == ["IEEE 802.1 Working Group"]
    assert [r.text for r in read.to] == ["ITU-T Study Group 15"]
    assert [r.text for r in read.in_reply_to] == ["COM 15-LS 123-E"]
    assert [a.deadline for a in read.actions] == ["2019-01-15"]


def test_it_says_that_it_is_less_sure_and_why(tmp_path: Path) -> None:
    sure = {e.field: (e.rule, e.confidence) for e in read_text(tmp_path, LETTER).evidence}
    assert sure["sender"] == ("signed for", 0.7)
    assert sure["to"] == ("address above the salutation", 0.7)
    assert sure["date"] == ("date line", 0.9)


def test_people_are_no_parties(tmp_path: Path) -> None:
    read = read_text(tmp_path, LETTER)
    assert "Example" not in " ".join(r.text for r in (*read.sender, *read.to, *read.cc))


def test_without_date_and_address_it_comes_in_with_what_it_has(tmp_path: Path) -> None:
    text = LETTER.replace("15 November 2018", "").replace("Ms. Jane Example, Chair, ITU-T Study Group 15", "")
    read = read_text(
        tmp_path, text.replace("Ms. Example and SG15 colleagues", "colleagues").replace(" to ITU-T SG15", "")
    )
    assert (read.date, read.to) == (None, ())
    assert [r.text for r in read.sender] == ["IEEE 802.1 Working Group"]


def test_a_letter_that_nobody_signed_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IncompleteDocument, match="no sender"):
        read_text(tmp_path, "Liaison letter\n\nSubject: Liaison on x\n\nDear all,\n\nsee the draft.\n")


# --- files that hold a statement


def _zip(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, text in members.items():
            made.writestr(name.replace("__", "."), text)
    return path


def test_an_archive_of_a_statement_and_its_attachments(tmp_path: Path) -> None:
    statement = text_of(with_head(attachments=["Draft.txt"]))
    path = _zip(tmp_path / "LS.zip", Draft__txt="text", LS__txt=statement, Slides__txt="more text")
    read = read_one(path)
    assert [r.text for r in read.sender] == ["ETSI ISG ENI"]
    assert read.attachments == ("Draft.txt", "Slides.txt")


def test_an_attached_statement_is_no_second_one(tmp_path: Path) -> None:
    other = text_of(with_head(title=["LS on something else"]))
    main = text_of(with_head(response=["S5-240111"]))
    assert len(list(liaison.read(_zip(tmp_path / "a.zip", a__txt=main, S5_240111__txt=other)))) == 2
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("b.txt", main)
        made.writestr("S5-240111.txt", other)
    assert read_one(path).title == "LS on the robustness of models in network automation"


def test_a_mail_is_the_cover_of_what_is_attached(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Jane Example <jane@example.org>", "list@example.org"
    message["Subject"], message["Date"] = "A liaison statement", "Wed, 10 Jan 2018 09:00:00 +0100"
    message.set_content("Dear colleagues,\n\nplease find attached a liaison statement.\n\nKind regards\n")
    message.add_attachment(text_of(HEAD, BODY), filename="LS.txt")
    path = tmp_path / "mail.eml"
    path.write_bytes(bytes(message))
    read = read_one(path)
    assert (read.layout, read.date) == ("etsi", "2024-03-05")
    assert read.title == "LS on the robustness of models in network automation"


def test_an_archive_without_a_statement(tmp_path: Path) -> None:
    path = _zip(tmp_path / "x.zip", a__txt="minutes", b__txt="agenda")
    with pytest.raises(UnknownFormat):
        list(liaison.read(path))


# --- garbage

_PIECES = st.sampled_from(
    [
        *(
            "Question(s):",
            "Source:",
            "Title:",
            "For action to:",
            "For information to:",
            "Approval:",
            "Deadline:",
        ),
        *(
            "Abstract:",
            "Working Party 5D",
            "LIAISON STATEMENT TO",
            "Dear colleagues,",
            "Sincerely,",
            "Subject:",
        ),
        *(
            "From:",
            "To",
            "Cc",
            "Purpose",
            "Body:",
            "Status: For action",
            "DATE",
            "ACTION ID",
            "Expected action:",
        ),
        *(
            "ITU-T SG17",
            "SG13, 17",
            "Working Parties 5A, 5B and 5C",
            "N 1234",
            "ISO/IEC JTC 1/SC 27",
            "5 mai 2024",
        ),
        *(
            "for action",
            "(",
            ")",
            "[",
            "|",
            "\t",
            "\n",
            "\n\n",
            "  ",
            ":",
            "-",
            "/",
            ",",
            "liaison",
            "SG17-LS1",
        ),
        *(
            "<a@b>",
            "kindly asks SA3 to answer.",
            "X.a-b",
            "M.[x]",
            "Annex 1",
            "2. Actions",
            "Chair,",
            "\u201c",
        ),
        *("Ms Jane Example,", "on behalf of", "LS/r", "(reply to"),
    ]
)


def _read(path: Path) -> list[LiaisonStatement]:
    """The statements in a file, none where an error of ours says why."""
    try:
        return list(liaison.read(path))
    except SdographError as error:
        if not error.hint:
            raise
        return []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(_PIECES, max_size=60))
def test_any_mixture_of_forms_gives_a_record_or_says_why_not(pieces: list[str], tmp_path: Path) -> None:
    path = tmp_path / "mixture.txt"
    path.write_text("A liaison statement\n" + " ".join(pieces), "utf-8")
    for read in _read(path):
        assert read.title
        assert read.sender
        assert all(r.text.strip() == r.text and r.text for r in read.references())
        assert all(e.text and e.locator and 0 < e.confidence <= 1 for e in read.evidence)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".txt", ".html", ".eml", ".zip", ".docx"]))
def test_any_bytes_give_a_record_or_say_why_not(data: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"bytes{suffix}"
    path.write_bytes(data)
    _read(path)


def test_actions_by_the_name_of_who_is_asked(tmp_path: Path) -> None:
    body = [
        "1. Overall description",
        "Text.",
        "2. Actions",
        "3GPP SA5: to comment by 3 May 2024",
        "ITU-T SG13: to note",
    ]
    read = read_text(tmp_path, text_of(HEAD, body))
    assert [([r.text for r in a.addressees], a.text, a.deadline) for a in read.actions] == [
        (["3GPP SA5"], "to comment by 3 May 2024", "2024-05-03"),
        (["ITU-T SG13"], "to note", None),
    ]
