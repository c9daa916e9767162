"""The table of 3GPP releases states what the registry states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sdograph.errors import SdographError
from sdograph.model import Release
from sdograph.sources import registry
from sdograph.sources.releases import read, recognise

TABLE = "data/3gpp/releases.csv"


@pytest.fixture(scope="module")
def releases(shared: Callable[[str], Path]) -> list[Release]:
    return list(read(shared(TABLE)))


def test_it_is_recognised(shared: Callable[[str], Path], root: Path) -> None:
    assert recognise(shared(TABLE))
    assert not recognise(root / "data/registry/releases.csv")
    assert not recognise(shared("data/3gpp/SpecificationList_2023-05-19.csv"))


def test_28_records_are_27_releases_as_the_registry_has_them(releases: list[Release], root: Path) -> None:
    """Rel-20 has a second, unfinished record."""
    known = [
        record
        for record in registry.read(root / "data/registry/releases.csv")
        if isinstance(record, Release) and record.body == "3GPP"
    ]
    assert [replace(r, evidence=()) for r in releases] == [replace(r, evidence=()) for r in known]
    assert len(releases) == 27
    assert sum(len(r.evidence) for r in releases) == 28


def test_releases_read_by_hand(releases: list[Release]) -> None:
    by_name = {r.name: r for r in releases}
    assert [r.name for r in releases[:10]] == [
        *("Ph1", "Ph1-DCS", "Ph1-EXT", "Ph2", "Rel-96", "Rel-97", "Rel-98", "UMTS", "Rel-99", "R2000"),
    ]  # fmt: skip
    rel18 = by_name["Rel-18"]
    assert (rel18.order, rel18.begin, rel18.end) == (25, "2019-09-16", "2024-06-21")
    assert rel18.title == "Release 18"
    assert (by_name["Rel-20"].begin, by_name["Rel-20"].end) == ("2024-03-14", "2027-06-18")
    assert [e.locator for e in by_name["Rel-20"].evidence] == ["row 7", "row 8"]
    assert (by_name["UMTS"].begin, by_name["UMTS"].end) == ("1994-08-18", "1999-02-12")


def table(folder: Path, *rows: str) -> Path:
    path = folder / "releases.csv"
    header = "example,freeze_stage3_meeting,project_end,project_start"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def test_a_later_release(tmp_path: Path) -> None:
    (found,) = read(table(tmp_path, "data/TR_21.801_REL-21_0.0.0.yaml,,,2025-09-01"))
    assert (found.name, found.order, found.title, found.end) == ("Rel-21", 28, "Release 21", None)


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("data/TR_21.801_0.0.0.yaml,,,", "example", "names no release"),
        ("data/TR_21.801_REL-LATER_0.0.0.yaml,,,", "example", "names no release"),
        ("data/TR_21.801_REL-21_0.0.0.yaml,,soon,", "end", "'soon' is no day"),
    ],
)
def test_faults_name_their_place(row: str, column: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SdographError, match=message) as caught:
        list(read(table(tmp_path, row)))
    assert caught.value.where == f"releases.csv, row 2, column {column}"
