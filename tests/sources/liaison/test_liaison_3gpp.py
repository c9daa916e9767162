"""3GPP's layout: a real statement, and one of the tests' own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from liaison_documents import THREEGPP, read_one, read_text, without_places

from sdograph.model import LiaisonStatement


@pytest.fixture
def own(tmp_path: Path) -> LiaisonStatement:
    return read_text(tmp_path, THREEGPP)


def test_s2_1812758(shared: Callable[[str], Path]) -> None:
    read = read_one(shared("data/ls/S2-1812758_3gpp_LS.txt"))
    assert (read.layout, read.number, read.received_numbers) == ("3gpp", "S2-1812758", ())
    assert read.title == "LS on slice related Data Analytics"
    assert [r.text for r in read.sender] == ["3GPP SA2"]
    assert [r.text for r in read.to] == ["3GPP SA5"]
    assert [r.text for r in read.cc] == ["3GPP SA", "RAN", "RAN3", "RAN2"]
    assert read.date == "2018-11-30"
    (reply,) = read.in_reply_to
    assert (reply.text, reply.title) == ("S5-186491", "LS on slice related Data Analytics")
    assert [r.text for r in read.releases] == ["Rel-16"]
    assert [r.text for r in read.work_items] == ["FS_eNA"]
    assert [m.text for m in read.mentions] == ["TR 23.791"]
    (action,) = read.actions
    assert [r.text for r in action.addressees] == ["SA5"]
    assert action.text == "SA2 kindly ask SA5 to take the above information into account."
    assert [(m.name, m.begin, m.end, m.place) for m in read.meetings] == [
        ("SA2#129-bis", "2018-11-26", "2018-11-30", "West Palm Beach, US"),
        ("SA2#130", "2019-01-21", "2019-01-25", "Kochi, India"),
    ]
    assert read.attachments == ()


def test_the_head(own: LiaisonStatement) -> None:
    assert (own.layout, own.number, own.title) == ("3gpp", "S3-241234", "Reply LS on model transfer")
    assert [r.text for r in own.sender] == ["SA3"]
    assert [r.text for r in own.to] == ["SA2", "RAN3"]
    assert [r.text for r in own.cc] == ["ETSI TC SAI"]
    assert [r.text for r in own.releases] == ["Rel-19"]
    assert [r.text for r in own.work_items] == ["AIML_Sec", "FS_AIML_Ph2"]
    assert own.attachments == ("S3-241230", "S3-241231")


def test_the_number_of_the_draft_is_no_number_of_the_statement(own: LiaisonStatement) -> None:
    assert own.received_numbers == ()


def test_the_last_day_of_the_meeting_dates_it(own: LiaisonStatement) -> None:
    assert own.date == "2024-03-01"
    (evidence,) = [e for e in own.evidence if e.field == "date"]
    assert evidence.text == "26th February \u2013 1st March 2024"
    assert (evidence.locator, evidence.confidence, evidence.rule) == (
        "line 2",
        0.7,
        "last day of the meeting",
    )


def test_a_date_field_goes_before_the_meeting(tmp_path: Path) -> None:
    read = read_text(tmp_path, THREEGPP.replace("Source:", "Date:\t4 March 2024\nSource:"))
    assert read.date == "2024-03-04"


def test_an_answer_is_known_by_the_number_its_own_sender_gave_it(own: LiaisonStatement) -> None:
    (reply,) = own.in_reply_to
    assert (reply.text, reply.title) == ("S2-2401111", "LS on model transfer")


def test_the_receivers_number_may_stand_first(tmp_path: Path) -> None:
    read = read_text(tmp_path, THREEGPP.replace("S2-2401111/S3-240222", "S3-240222 (S2-2401111)"))
    assert [r.text for r in read.in_reply_to] == ["S2-2401111"]


def test_a_second_number_in_the_head_is_the_receivers(tmp_path: Path) -> None:
    read = read_text(tmp_path, "S2-2402222\n" + THREEGPP)
    assert (read.number, read.received_numbers) == ("S3-241234", ("S2-2402222",))


def test_a_companys_draft_bears_the_groups_number(tmp_path: Path) -> None:
    read = read_text(tmp_path, THREEGPP.replace("Source:\tSA3", "Source:\tAcme [to be SA3]"))
    assert read.number == "S3-241234"


def test_actions_with_their_deadline(own: LiaisonStatement) -> None:
    assert [([r.text for r in a.addressees], a.text, a.deadline) for a in own.actions] == [
        (["SA2"], "SA3 asks SA2 to confirm the assumption by 15 April 2024.", "2024-04-15"),
        (["RAN3"], "SA3 asks RAN3 to take the above into account.", None),
    ]


def test_specifications_are_mentioned_and_its_own_work_items_not_again(own: LiaisonStatement) -> None:
    assert [m.text for m in own.mentions] == ["TS 33.501", "TR 33.898"]


def test_next_meetings(own: LiaisonStatement) -> None:
    assert [(m.name, m.begin, m.end, m.place) for m in own.meetings] == [
        ("SA3#116", "2024-05-20", "2024-05-24", "Jeju, South Korea"),
        ("SA3#117", "2024-08-19", "2024-08-23", "Maastricht, NL"),
    ]


def test_contacts_on_request(own: LiaisonStatement, tmp_path: Path) -> None:
    assert own.contacts == ()
    read = read_text(tmp_path, THREEGPP, contacts=True)
    assert [c.text for c in read.contacts] == ["A. Delegate", "a.delegate@example.org"]


def test_contact_under_labels_of_its_own(tmp_path: Path) -> None:
    text = THREEGPP.replace(
        "Contact person:\tA. Delegate\n\ta.delegate@example.org",
        "Contact Person:\t\nName:\tA. Delegate\nTel. Number:\t\nE-mail Address:\ta.delegate@example.org",
    )
    (contact,) = read_text(tmp_path, text, contacts=True).contacts
    assert contact.text == "A. Delegate, a.delegate@example.org"


def test_without_a_meeting_date_nothing_is_invented(tmp_path: Path) -> None:
    read = read_text(tmp_path, THREEGPP.replace("26th February \u2013 1st March 2024", "spring"))
    assert read.date is None
    assert not [e for e in read.evidence if e.field == "date"]


def test_as_a_word_document_with_the_first_lines_in_the_page_header(
    own: LiaisonStatement, tmp_path: Path
) -> None:
    first, second, *rest = THREEGPP.split("\n")
    document = docx.Document()
    header = document.sections[0].header
    header.paragraphs[0].text = first
    header.add_paragraph(second)
    for line in rest:
        document.add_paragraph(line)
    path = tmp_path / "S3-241234.docx"
    document.save(str(path))
    read = read_one(path)
    assert without_places(read) == without_places(own)
    assert {e.locator for e in read.evidence if e.field in ("number", "date")} == {"header"}


def test_automatic_numbers_of_headings_are_not_needed(own: LiaisonStatement, tmp_path: Path) -> None:
    text = THREEGPP
    for number in "123":
        text = text.replace(f"\n{number}\t", "\n")
    assert without_places(read_text(tmp_path, text)) == without_places(own)
