"""The table of 3GPP releases: one row a release project, with its begin, end and freeze meetings.

The registry has these releases already, read from the same table; reading it again states the same of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sdograph.model import Evidence, Release
from sdograph.sources import threegpp, workbook
from sdograph.sources.threegpp import BODY, CONFIDENCE
from sdograph.sources.workbook import Column, Row

COLUMNS = {
    "example": Column(("example",)),
    "begin": Column(("project_start",)),
    "end": Column(("project_end",)),
    # Not read, since a release has no place for it yet; it tells this table from others.
    "stage3": Column(("freeze_stage3_meeting",)),
}

#: The releases before numbers, oldest first, with their titles; Rel-4 follows. Neither dates nor names give
#: this order: phase 2 began in 1993, the extension of phase 1 in 1994.
_FIRST = {
    "Ph1": "Phase 1",
    "Ph1-DCS": "Phase 1 DCS-1800",
    "Ph1-EXT": "Phase 1 extension",
    "Ph2": "Phase 2",
    "Rel-96": "Release 1996",
    "Rel-97": "Release 1997",
    "Rel-98": "Release 1998",
    "UMTS": "UMTS",
    "Rel-99": "Release 1999",
    "R2000": "Release 2000",
}
_ORDER = {name: order for order, name in enumerate(_FIRST, 1)}

#: The record of a specification that has the release: "data/TS_02.06DCS_PH1_2.0.0.yaml".
_EXAMPLE = re.compile(r"data/T[SR]_[\d.-]+(?P<part>DCS|EXT|U)?_(?P<release>[A-Z0-9_-]+?)_\d[\d.]*\.yaml")


def recognise(path: Path) -> bool:
    """Whether a file is such a table. Raises what :func:`sdograph.sources.workbook.fits` raises."""
    return workbook.fits(path, COLUMNS, but=1)


def read(path: Path) -> Iterator[Release]:
    """The releases, oldest first.

    Two records of one release (Rel-20 has an unfinished second one) are one release: what either states
    counts, of two dates the first row's. Raises TableFault when a column is missing or a cell has what
    cannot be, and what opening a table raises.
    """
    found: dict[str, list[Row]] = {}
    for row in workbook.rows(path, COLUMNS):
        found.setdefault(_name(row), []).append(row)
    for name in sorted(found, key=_order):
        records = found[name]
        yield Release(
            body=BODY,
            name=name,
            kind="release",
            order=_order(name),
            begin=_first_day(records, "begin"),
            end=_first_day(records, "end"),
            title=_FIRST.get(name) or name.replace("Rel-", "Release "),
            evidence=tuple(
                Evidence(
                    field="record",
                    text=row.text("example").strip(),
                    locator=row.locator,
                    confidence=CONFIDENCE,
                    rule="release of the example",
                )
                for row in records
            ),
        )


def _name(row: Row) -> str:
    written = row.text("example").strip()
    match = _EXAMPLE.fullmatch(written)
    release = match["release"] if match else ""
    if match and match["part"] in ("DCS", "EXT"):
        release += f"-{match['part']}"
    name = threegpp.release(release)
    if name is None:
        row.fault("example", f"{written!r} names no release", "such as data/TR_21.801_REL-18_18.0.0.yaml")
    return name


def _order(name: str) -> int:
    return _ORDER.get(name) or len(_ORDER) + int(name.removeprefix("Rel-")) - 3


def _first_day(records: list[Row], column: str) -> str | None:
    for row in records:
        text = row.text(column).strip()
        if not text:
            continue
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            row.fault(column, f"{text!r} is no day", "such as 2022-06-10")
        return text
    return None
