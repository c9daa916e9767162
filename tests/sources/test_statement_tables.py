"""Tables of facts about statements that meetings listed, and the bundled one of nine lists."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import LiaisonStatement, Meeting, Record, Reference
from sdograph.sources import fact_tables, registry, tdocs_by_agenda
from sdograph.sources.fact_tables import FactTableFault

Shared = Callable[[str], Path]
Write = Callable[..., Path]
Pages: TypeAlias = dict[str, list[Meeting | LiaisonStatement]]

FOLDER = "data/3gpp/tdocs_by_agenda"
TABLE = "data/3gpp/liaison-statements-sa2-2018-2020.csv"
#: In the order of the meetings.
PAGES = (
    "128.htm",
    "128Bis.htm",
    "129.htm",
    "2019.01.22 TdocsByAgenda.htm",
    "2019.01.31 130.htm",
    "134.htm",
    "136.html",
    "136_missing_AIs.html",
    "2020.02.24 TdocsByAgenda SA2-137E.htm",
)


def statements(records: Iterable[Record]) -> list[LiaisonStatement]:
    return [r for r in records if isinstance(r, LiaisonStatement)]


@pytest.fixture(scope="module")
def linker(root: Path) -> Linker:
    tables = (root / "data/registry" / f"{name}.csv" for name in ("bodies", "groups", "releases"))
    return Linker(Registry.from_records(r for t in tables for r in registry.read(t)), MemoryIndex([]))


def apart_from_its_place(statement: LiaisonStatement) -> LiaisonStatement:
    """A linked statement without what differs between a page and a table: kind, places, evidence."""

    def placeless(references: tuple[Reference, ...]) -> tuple[Reference, ...]:
        return tuple(replace(r, locator="", context=None) for r in references)

    return replace(
        statement,
        layout="",
        evidence=(),
        sender=placeless(statement.sender),
        to=placeless(statement.to),
        cc=placeless(statement.cc),
        in_reply_to=placeless(statement.in_reply_to),
        answered_by=placeless(statement.answered_by),
        releases=placeless(statement.releases),
        work_items=placeless(statement.work_items),
        mentions=placeless(statement.mentions),
    )


def inferred(statement: LiaisonStatement) -> set[tuple[str, str]]:
    """How addressees are known that the source does not state."""
    return {(e.field, e.rule) for e in statement.evidence if e.field in ("to", "cc") and e.rule != "stated"}


@pytest.fixture(scope="module")
def pages(shared: Shared) -> Pages:
    return {name: list(tdocs_by_agenda.read(shared(f"{FOLDER}/{name}.gz"))) for name in PAGES}


def test_the_bundled_table_says_what_the_pages_say(root: Path, pages: Pages, linker: Linker) -> None:
    table = list(fact_tables.read(root / TABLE))
    expected, found = [s for page in pages.values() for s in statements(page)], statements(table)
    assert len(expected) == 598
    for one, other in zip(expected, found, strict=True):
        assert apart_from_its_place(linker.link(other)) == apart_from_its_place(linker.link(one))
        assert inferred(other) == inferred(one)
    meetings = {(m.group, m.name) for page in pages.values() for m in page if isinstance(m, Meeting)}
    assert {(m.group, m.name) for m in table if isinstance(m, Meeting)} == meetings


def test_evidence_names_the_page_and_the_row(root: Path, pages: Pages) -> None:
    for name, rows in _rows_by_page(root).items():
        assert [_rows(row["source_locator"]) for row in rows] == [_places(s) for s in statements(pages[name])]
    first = statements(fact_tables.read(root / TABLE))[0]
    assert {e.locator for e in first.evidence} == {"row 2; row 13 of its source"}
    assert all((e.source or "").endswith("/tests/tdocs_by_agenda/128.htm") for e in first.evidence)


def _rows_by_page(root: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (root / TABLE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["source_url_or_repo"].rpartition("/")[2].replace("%20", " ")
            found.setdefault(name, []).append(row)
    assert list(found) == list(PAGES)
    return found


def _rows(cell: str) -> list[int]:
    """ "rows 32, 33" -> [32, 33]."""
    return [int(n) for n in cell.removeprefix("rows ").removeprefix("row ").split(", ")]


def _places(statement: LiaisonStatement) -> list[int]:
    """The rows of its page that its evidence names: "row 32, S2-187226"."""
    locators = (e.locator for e in statement.evidence)
    return sorted({int(m[1]) for m in map(re.compile(r"row (\d+),").match, locators) if m})


# --- what its columns mean


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(*rows: dict[str, str]) -> Path:
        needed = {"from_group": "CT WG4", "source_url_or_repo": "https://example.org/a", "confidence": "high"}
        path = tmp_path / "statements.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fact_tables.TABLES["liaison_statements"].names)
            writer.writeheader()
            writer.writerows({**needed, **row} for row in rows)
        return path

    return made


LISTED = {"meeting_group": "3GPP-SA2", "meeting_id": "SA2#150"}


def test_a_row_of_a_list_says_what_became_of_the_statement(write: Write) -> None:
    row = {
        "ls_ref": "C4-221001 [S2-2201001; S2-2200001]",
        "title": "LS on slicing",
        "to_groups": "3GPP SA2",
        "addressees_from": "received by the meeting",
        "answered_by": "S2-2203001; S2-2203002",
        "answer_drafts": "S2-2201500; S2-2203001",
        "earlier_numbers": "C4-220900",
        "releases": "Rel-17; Rel-18",
        "work_items": "eNS_Ph2; TEI17",
        "outcome": "Replied to",
        "source_locator": "row 40",
        **LISTED,
    }
    meeting, statement = fact_tables.read(write(row))
    assert isinstance(meeting, Meeting)
    assert isinstance(statement, LiaisonStatement)
    assert (meeting.group, meeting.name) == ("3GPP-SA2", "SA2#150")
    assert (statement.number, statement.received_numbers) == ("C4-221001", ("S2-2201001", "S2-2200001"))
    assert statement.earlier_numbers == ("C4-220900",)
    assert [r.text for r in statement.answered_by] == ["S2-2203001", "S2-2203002"]
    assert [(r.text, r.context) for r in statement.releases] == [("Rel-17", "3GPP"), ("Rel-18", "3GPP")]
    assert [(r.text, r.context) for r in statement.work_items] == [("eNS_Ph2", "3GPP"), ("TEI17", "3GPP")]
    assert statement.outcome == "Replied to"
    said = {(e.field, e.text, e.rule, e.confidence) for e in statement.evidence}
    assert ("to", "received by the meeting", "received by the meeting", 0.9) in said
    assert ("answered_by", "S2-2201500", "drafts of an answer", 0.9) in said
    assert ("meeting", "SA2#150", "stated", 0.9) in said
    assert {e.locator for e in statement.evidence} == {"row 2; row 40 of its source"}


def test_addressees_that_were_only_inferred_are_less_sure(write: Write) -> None:
    row = {"ls_ref": "S2-2203001", "from_group": "3GPP SA2", "to_groups": "CT WG4", **LISTED}
    (statement,) = statements(
        fact_tables.read(write({**row, "addressees_from": "sender of the statement it answers"}))
    )
    assert [e.confidence for e in statement.evidence if e.field == "to"] == [0.8]


def test_groups_are_named_as_the_body_of_the_meeting_names_them(write: Write, linker: Linker) -> None:
    row = {"ls_ref": "R1-2201001 [S2-2201001]", "from_group": "RAN WG1", "to_groups": "SA WG2"}
    (alone,) = statements(fact_tables.read(write(row)))
    (listed,) = statements(fact_tables.read(write({**row, **LISTED})))
    assert linker.link(listed).sender[0].target == "group/3GPP-RAN1"
    assert linker.link(listed).to[0].target == "group/3GPP-SA2"
    assert alone.sender[0].context is None


def test_what_came_up_at_two_meetings_has_what_each_did_with_it(write: Write) -> None:
    """Of rows that name no meeting those with one number are one statement."""
    rows = [
        {"ls_ref": "C4-221001 [S2-2200001]", "meeting_id": "SA2#149", "outcome": "Postponed"},
        {"ls_ref": "C4-221001 [S2-2201001]", "meeting_id": "SA2#150", "outcome": "Noted"},
    ]
    found = statements(fact_tables.read(write(*({**r, "meeting_group": "3GPP-SA2"} for r in rows))))
    assert [s.outcome for s in found] == ["Postponed", "Noted"]
    (together,) = fact_tables.read(write(*({**r, "meeting_id": ""} for r in rows)))
    assert isinstance(together, LiaisonStatement)
    assert together.received_numbers == ("S2-2200001", "S2-2201001")


def test_a_reply_names_what_it_answers_by_the_number_that_any_row_tells(write: Write) -> None:
    """The first list knew the statement by its own number only."""
    found = statements(
        fact_tables.read(
            write(
                {"ls_ref": "S2-2203001", "from_group": "3GPP SA2", "in_reply_to": "S2-2200001", **LISTED},
                {"ls_ref": "C4-221001 [S2-2200001]", **LISTED},
                {"ls_ref": "[S2-2200001]", **LISTED},
            )
        )
    )
    assert [(r.text, r.context) for r in found[0].in_reply_to] == [("C4-221001", "CT WG4")]


@pytest.mark.parametrize(
    "cells, column, hint",
    [
        ({"meeting_group": "3GPP-SA2"}, "meeting_id", "needs this value"),
        ({"meeting_id": "SA2#150"}, "meeting_group", "needs this value"),
        ({"meeting_group": "3GPP-SA9", "meeting_id": "SA9#1"}, "meeting_group", "did you mean"),
        ({"addressees_from": "a guess"}, "addressees_from", "received by the meeting"),
    ],
)
def test_a_fault_is_named_with_its_column(
    write: Write, cells: dict[str, str], column: str, hint: str
) -> None:
    with pytest.raises(FactTableFault) as caught:
        fact_tables.read(write({"ls_ref": "C4-221001", **cells}))
    assert str(caught.value.where).endswith(f"row 2, column {column}")
    assert hint in str(caught.value.hint)
