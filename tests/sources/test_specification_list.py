"""3GPP's list of specifications, held to rows read by hand."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from workbooks import workbook

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument, SdographError
from sdograph.model import Specification
from sdograph.sources.specification_list import read, recognise

LIST = "data/3gpp/SpecificationList_2023-05-19.csv"
HEADER = (
    *("Spec No", "Type", "Title", "Status", "Primary Resp Grp", "Primary rapporteur"),
    *("Initial planned Release", "Publication", "Common IMS", "Technology"),
)


@pytest.fixture(scope="module")
def specifications(shared: Callable[[str], Path]) -> list[Specification]:
    return list(read(shared(LIST)))


def test_it_is_recognised(shared: Callable[[str], Path]) -> None:
    assert recognise(shared(LIST))
    assert not recognise(shared("data/3gpp/Work_plan_3gpp_230110.xlsx"))
    assert not recognise(shared("data/3gpp/releases.csv"))


def test_how_many_they_are(specifications: list[Specification]) -> None:
    assert len(specifications) == 4_122
    assert len({ids.specification_key("3GPP", s.number) for s in specifications}) == 4_122
    assert all(s.title for s in specifications)


# Number, begin of the title, kind, state, groups, names of groups, release: read by hand from the list.
TS, TR = "Technical Specification", "Technical Report"
ROWS = [
    ("TR 00.01U", "Work programme for the stand", TR, "withdrawn", (), ("SMG5",), "UMTS"),
    ("TR 01.04U", "Scenarios and considerations", TR, "withdrawn", (), (), "UMTS"),
    ("TS 02.06dcs", "Types of Mobile Stations", TS, "published", ("3GPP-SA1",), (), "Ph1-DCS"),
    ("TS 03.20ext", "Security-related fetwork fu", TS, "published", ("3GPP-SA3",), (), "Ph1-EXT"),
    ("TS 11.10-5", "Mobile Station (MS) conform", TS, "withdrawn", (), ("G3new",), "Rel-99"),
    ("TS 24.303", "Mobility management based on", TS, "published", ("3GPP-CT1",), (), "Rel-8"),
    ("TR 38.843", "Study on Artificial Intellig", TR, "ongoing", ("3GPP-RAN1",), (), "Rel-18"),
    ("TBR 9", "Attachment Requirements for GSM", TS, "ongoing", (), (), "Ph1"),
]


@pytest.mark.parametrize("expected", ROWS, ids=lambda row: row[0])
def test_a_row_read_by_hand(expected: tuple[object, ...], specifications: list[Specification]) -> None:
    (found,) = (s for s in specifications if s.number == expected[0])
    assert found.title is not None
    assert found.title.startswith(str(expected[1]))
    assert (found.kind, found.status, found.groups, found.group_names, found.release) == expected[2:]


def test_states_and_releases_are_those_of_the_list(
    shared: Callable[[str], Path], specifications: list[Specification]
) -> None:
    with shared(LIST).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    written = Counter(row["Status"] for row in rows)
    states = Counter(s.status for s in specifications)
    assert states["published"] == written["Under change control"] == 3_293
    assert states["ongoing"] == written["Draft"] == 210
    assert states["withdrawn"] == 509 + 110
    words = Counter(e.text for s in specifications for e in s.evidence if e.field == "status")
    assert words == written
    assert {s.release for s in specifications} >= {"Rel-99", "Rel-96", "R2000", "Ph1", "Ph1-DCS", "UMTS"}
    assert not any(release in (s.release or "") for s in specifications for release in ("R99", "R00"))
    assert sum(not s.groups and not s.group_names for s in specifications) == 174  # "  -  "


def test_evidence_names_the_row(specifications: list[Specification]) -> None:
    first = specifications[0]
    assert [(e.field, e.text, e.locator) for e in first.evidence] == [
        ("record", first.title, "row 2"),
        ("status", "Withdrawn under change control", "row 2"),
    ]
    assert [(e.field, e.text) for e in specifications[-1].evidence] == [
        ("record", "Attachment Requirements for DCS Terminal Equipment (Telephony)"),
        ("status", "Draft"),
    ]


def row(number: object, kind: str = "Technical Specification (TS)", **more: str) -> list[object]:
    cells: dict[str, object] = dict.fromkeys(HEADER, "")
    return list((cells | {"Spec No": number, "Type": kind, "Title": "A title"} | more).values())


def read_workbook(folder: Path, *rows: list[object]) -> list[Specification]:
    path = folder / "list.xlsx"
    path.write_bytes(workbook((HEADER, *rows)))
    assert recognise(path)
    return list(read(path))


def test_a_workbook_that_took_numbers_for_fractions(tmp_path: Path) -> None:
    numbers = (33.501, 23.06, 51.01, 4.08, 3.6, "23.700-91", "33.501-2")
    found = read_workbook(tmp_path, *(row(n) for n in numbers))
    assert [s.number for s in found] == [
        *("TS 33.501", "TS 23.060", "TS 51.010", "TS 04.08", "TS 03.60", "TS 23.700-91", "TS 33.501-2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "column", "message"),
    [
        ([row("33.501"), row("33.501")], "Spec No", "TS 33.501 is there twice"),
        ([row("33-501")], "Spec No", "'33-501' is no number"),
        ([row("33.501", "Specification")], "Type", "'Specification' is no type"),
    ],
)
def test_faults_name_their_place(rows: list[list[object]], column: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SdographError, match=message) as caught:
        read_workbook(tmp_path, *rows)
    assert caught.value.where == f"list.xlsx, sheet Sheet1, row {len(rows) + 1}, column {column}"


def test_a_state_that_is_not_known_is_kept_as_written(tmp_path: Path) -> None:
    (found,) = read_workbook(tmp_path, row("33.501", Status="Frozen"))
    assert found.status is None
    assert ("status", "Frozen") in {(e.field, e.text) for e in found.evidence}


def test_a_short_import_of_the_whole_list_fails(shared: Callable[[str], Path], tmp_path: Path) -> None:
    lines = shared(LIST).read_bytes().splitlines(keepends=True)
    whole = tmp_path / "SpecificationList_2023-05-19.csv"
    whole.write_bytes(b"".join(lines[:3_000]))
    with pytest.raises(IncompleteDocument, match=r"2,999 specifications, where 4,000 to 19,999"):
        list(read(whole))
    selection = tmp_path / "SA3.csv"
    selection.write_bytes(b"".join(lines[:3_000]))
    assert len(list(read(selection))) == 2_999
