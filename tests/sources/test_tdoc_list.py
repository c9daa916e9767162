"""TDoc list workbooks: made here after the columns of real ones, as no real file could be had."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from workbooks import workbook

from sdograph.errors import DataError, IncompleteDocument, UnreadableDocument
from sdograph.model import LiaisonStatement, Meeting
from sdograph.sources.tdoc_list import read, recognise
from sdograph.sources.workbook import TableFault

#: The columns of a workbook of the portal, in their order.
COLUMNS = (
    "TDoc", "Title", "Source", "Contact", "Contact ID", "Type", "For", "Abstract", "Secretary Remarks",
    "Agenda item sort order", "Agenda item", "Agenda item description",
    "TDoc sort order within agenda item", "TDoc Status", "Reservation date", "Uploaded", "Is revision of",
    "Revised to", "Release", "Spec", "Version", "Related WIs", "CR", "CR revision", "CR category",
    "TSG CR Pack", "UICC", "ME", "RAN", "CN", "Clauses Affected", "Reply to", "To", "Cc", "Original LS",
    "Reply in",
)  # fmt: skip

RECEIVED = {
    "TDoc": "S3-251218", "Title": "LS on use of 3gpp-Sbi-Originating-Network-Id", "Source": "CT4",
    "Contact": "A Person", "Type": "LS in", "For": "Action", "Abstract": "what it is about",
    "TDoc Status": "replied to", "Release": "Rel-19", "Related WIs": "NetShare, TEI19", "To": "SA3",
    "Cc": "SA2, RAN3", "Original LS": "C4-244497", "Reply in": "S3-251782",
}  # fmt: skip
DRAFT = {
    "TDoc": "S3-251301", "Title": "[DRAFT] LS reply on use of 3gpp-Sbi-Originating-Network-Id",
    "Source": "Some Company", "Contact": "A Person", "Type": "LS out", "For": "Approval",
    "TDoc Status": "revised", "Revised to": "S3-251782", "Release": "Rel-19", "Reply to": "S3-251218",
    "To": "CT4",
}  # fmt: skip
SENT = {
    "TDoc": "S3-251782", "Title": "LS reply on use of 3gpp-Sbi-Originating-Network-Id", "Source": "SA3",
    "Type": "LS out", "For": "Approval", "TDoc Status": "approved", "Is revision of": "S3-251301",
    "Release": "Rel-19", "Related WIs": "NetShare", "Reply to": "S3-251218", "To": "CT4",
    "Cc": "SA2; GSMA 5GJA",
}  # fmt: skip
COPIED = {
    "TDoc": "S3-251219", "Title": "LS on AI security", "Source": "ETSI TC SAI", "Type": "LS in",
    "For": "Information", "TDoc Status": "noted", "To": "ITU-T SG17", "Cc": "SA3",
    "Original LS": "SAI(25)020011",
}  # fmt: skip
OTHER = {
    "TDoc": "S3-251400",
    "Title": "CR to 33.501",
    "Source": "Firm",
    "Type": "CR",
    "TDoc Status": "agreed",
}
NAME = "TDoc_List_Meeting_SA3#121.xlsx"


def saved(
    folder: Path, *rows: Mapping[str, str], name: str = NAME, columns: tuple[str, ...] = COLUMNS
) -> Path:
    path = folder / name
    table = [list(columns), *([row.get(c, "") for c in columns] for row in rows)]
    path.write_bytes(workbook(table, "TDoc_List"))
    return path


def statements(path: Path) -> list[LiaisonStatement]:
    return [r for r in read(path) if isinstance(r, LiaisonStatement)]


def test_a_statement_in_and_its_answer(tmp_path: Path) -> None:
    path = saved(tmp_path, RECEIVED, OTHER, DRAFT, SENT)
    assert recognise(path)
    meeting, asked, answer = read(path)
    assert isinstance(meeting, Meeting)
    assert (meeting.group, meeting.name) == ("3GPP-SA3", "SA3#121")
    assert isinstance(asked, LiaisonStatement)
    assert isinstance(answer, LiaisonStatement)
    assert (asked.number, asked.received_numbers) == ("C4-244497", ("S3-251218",))
    assert [r.text for r in (*asked.sender, *asked.to, *asked.cc)] == ["CT4", "SA3", "SA2", "RAN3"]
    assert asked.purposes == (("SA3", "action"),)
    assert [r.text for r in asked.answered_by] == ["S3-251782"]
    assert [r.text for r in (*asked.releases, *asked.work_items)] == ["Rel-19", "NetShare", "TEI19"]
    assert asked.outcome == "replied to"
    assert asked.title == RECEIVED["Title"]

    assert (answer.number, answer.earlier_numbers) == ("S3-251782", ("S3-251301",))
    assert [r.text for r in (*answer.sender, *answer.to, *answer.cc)] == [
        "3GPP SA3",
        "CT4",
        "SA2",
        "GSMA 5GJA",
    ]
    assert [(r.text, r.context) for r in answer.in_reply_to] == [("C4-244497", "CT4")]
    assert (answer.outcome, answer.layout, answer.date) == ("approved", "tdoc-list", None)


def test_what_a_group_has_in_copy_it_has_for_what_the_row_says(tmp_path: Path) -> None:
    (found,) = statements(saved(tmp_path, COPIED))
    assert [r.text for r in found.to] == ["ITU-T SG17"]
    assert [r.text for r in found.cc] == ["SA3"]
    assert found.purposes == (("SA3", "information"),)
    assert found.number == "SAI(25)020011"


def test_the_group_is_a_receiver_where_no_column_says_to_whom(tmp_path: Path) -> None:
    (found,) = statements(saved(tmp_path, {**COPIED, "To": "", "Cc": ""}))
    assert [r.text for r in found.to] == ["3GPP SA3"]
    assert ("to", "SA3#121", "received by the meeting") in [(e.field, e.text, e.rule) for e in found.evidence]


def test_contacts_and_abstracts_are_not_read(tmp_path: Path) -> None:
    told = str(list(read(saved(tmp_path, RECEIVED, DRAFT, SENT))))
    assert "A Person" not in told
    assert "what it is about" not in told
    assert "Some Company" not in told


def test_what_the_secretary_remarks_counts_as_a_column_does(tmp_path: Path) -> None:
    bare = {k: v for k, v in SENT.items() if k not in ("Is revision of", "Reply to")}
    (found,) = statements(
        saved(tmp_path, {**bare, "Secretary Remarks": "Revision of S3-251301. Response to S3-251218."})
    )
    assert found.earlier_numbers == ("S3-251301",)
    assert [r.text for r in found.in_reply_to] == ["S3-251218"]
    assert {e.locator for e in found.evidence} == {"row 2, S3-251782"}


@pytest.mark.parametrize(
    ("title", "remarks", "answered"),
    [
        # C4-244497 is S3-251218 in this list: a title may name either number.
        ("Reply LS to S3-251218 on sharing", "", ["C4-244497"]),
        ("Reply LS to C4-244497 on sharing", "", ["C4-244497"]),
        ("Reply LS to S2-250001 on sharing", "Response to S3-251218.", ["C4-244497"]),
        ("Reply LS on sharing (S3-251782)", "", []),
    ],
)
def test_where_no_column_and_no_remark_says_what_is_answered_the_title_may(
    title: str, remarks: str, answered: list[str], tmp_path: Path
) -> None:
    sent = {**SENT, "Title": title, "Reply to": "", "Secretary Remarks": remarks}
    _, found = statements(saved(tmp_path, RECEIVED, sent))
    assert [r.text for r in found.in_reply_to] == answered
    told = {(e.rule, e.confidence) for e in found.evidence if e.field == "in_reply_to"}
    rule = ("stated", 1.0) if remarks else ("number in the title", 0.8)
    assert told == ({rule} if answered else set())


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        ("approved", True),
        ("agreed", True),
        ("endorsed", True),
        ("not approved", False),
        ("noted", False),
        ("postponed", False),
        ("revised", False),
        ("withdrawn", False),
        ("available", False),
        ("not treated", False),
        ("", False),
    ],
)
def test_only_an_approved_text_was_sent(status: str, sent: bool, tmp_path: Path) -> None:
    assert bool(statements(saved(tmp_path, {**SENT, "TDoc Status": status}))) == sent


@pytest.mark.parametrize(
    ("name", "meeting"),
    [
        ("TDoc_List_Meeting_SA3#121.xlsx", "SA3#121"),
        ("TDoc_List_Meeting_SA3%23121.xlsx", "SA3#121"),
        ("TDoc_List_Meeting_SA3#122-bis_171025_R4_EOM.xlsx", "SA3#122bis"),
        ("TDoc_List_Meeting_SA3#124-bis (260417).xlsx", "SA3#124bis"),
        ("TDoc_List_Meeting_SA3#110-AdHoc-e.xlsx", "SA3#110-AdHoc-e"),
        ("TDoc_List_Meeting_SA3#108-e.xlsx", "SA3#108-e"),
    ],
)
def test_the_file_is_named_after_the_meeting(name: str, meeting: str, tmp_path: Path) -> None:
    found = next(read(saved(tmp_path, RECEIVED, name=name)))
    assert isinstance(found, Meeting)
    assert found.name == meeting


def test_a_list_of_a_plenary(tmp_path: Path) -> None:
    row = {**RECEIVED, "TDoc": "SP-220687", "To": "TSG SA", "Cc": ""}
    meeting, found = read(saved(tmp_path, row, name="TDoc_List_Meeting_SA#96.xlsx"))
    assert isinstance(meeting, Meeting)
    assert isinstance(found, LiaisonStatement)
    assert (meeting.group, meeting.name) == ("3GPP-SA", "SA#96")
    assert found.purposes == (("TSG SA", "action"),)


def test_a_list_saved_as_text(tmp_path: Path) -> None:
    path = tmp_path / "TDoc_List_Meeting_SA3#121.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows([RECEIVED, DRAFT, SENT])
    assert recognise(path)
    assert [s.number for s in statements(path)] == ["C4-244497", "S3-251782"]


def test_faults_name_file_and_column(tmp_path: Path) -> None:
    columns = tuple(c for c in COLUMNS if c != "TDoc Status")
    with pytest.raises(TableFault, match=r"TDoc_List_Meeting_SA3#121\.xlsx.*'TDoc Status' is missing"):
        list(read(saved(tmp_path, RECEIVED, columns=columns)))
    with pytest.raises(IncompleteDocument, match="which meeting") as error:
        list(read(saved(tmp_path, RECEIVED, name="list.xlsx")))
    assert error.value.hint
    with pytest.raises(IncompleteDocument, match="0 documents"):
        list(read(saved(tmp_path)))
    broken = tmp_path / NAME
    broken.write_bytes(saved(tmp_path, RECEIVED).read_bytes()[:900])
    with pytest.raises(UnreadableDocument, match="TDoc_List_Meeting"):
        list(read(broken))


def test_other_tables_are_not_taken_for_lists(tmp_path: Path) -> None:
    other = tmp_path / "plan.xlsx"
    other.write_bytes(workbook([["Unique_ID", "Name", "Acronym", "Source"], ["1", "x", "y", "z"]], "Plan"))
    assert not recognise(other)
    text = tmp_path / "notes.txt"
    text.write_text("TDoc Title Source Type")
    assert not recognise(text)
    with pytest.raises(DataError):
        list(read(text))
