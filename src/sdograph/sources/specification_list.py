"""3GPP's list of all its specifications, as its portal exports it (.csv, .xlsx).

Numbers, titles, states and responsible groups; not the rapporteurs. The list is one row a specification,
whatever its versions: those are in other sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sdograph.model import Evidence, Specification
from sdograph.sources import threegpp, workbook
from sdograph.sources.plain import clean
from sdograph.sources.threegpp import BODY, CONFIDENCE, is_empty
from sdograph.sources.workbook import Column, Row

COLUMNS = {
    "number": Column(("Spec No", "Spec Number")),
    "type": Column(("Type",)),
    "title": Column(("Title",)),
    "status": Column(("Status",)),
    "group": Column(("Primary Resp Grp", "Primary Responsible Group")),
    "release": Column(("Initial planned Release",)),
}

#: What a file called as the whole list is must hold; the portal exports selections too, and who keeps one
#: gives it another name.
COUNTS = {"specifications": range(4_000, 20_000)}
_WHOLE_LIST = re.compile(r"SpecificationList_\d{4}-\d\d-\d\d\.", re.IGNORECASE)

_TYPES = {"TS": "Technical Specification", "TR": "Technical Report"}

#: 3GPP TR 21.900, clause 4: a draft comes under change control when its plenary approves it, and is then
#: published; "withdrawn" is 3GPP's word for both a draft and an approved specification that is given up.
STATES = {
    "draft": "ongoing",
    "under change control": "published",
    "withdrawn before change control": "withdrawn",
    "withdrawn under change control": "withdrawn",
}


def recognise(path: Path) -> bool:
    """Whether a file is such a list. Raises what :func:`sdograph.sources.workbook.fits` raises."""
    return workbook.fits(path, COLUMNS, but=1)


def read(path: Path) -> Iterator[Specification]:
    """The specifications of the list, in its order.

    Raises TableFault when a column is missing, a cell has what cannot be or a number is there twice,
    IncompleteDocument when the whole list is too short, and what opening a table raises.
    """
    places: dict[str, str] = {}
    for row in workbook.rows(path, COLUMNS):
        specification = _specification(row)
        number = specification.number
        if number in places:
            row.fault("Spec No", f"{number} is there twice", f"see {places[number]}")
        places[number] = row.locator
        yield specification
    if _WHOLE_LIST.match(path.name):
        workbook.check_counts({"specifications": len(places)}, COUNTS, path.name)


def _specification(row: Row) -> Specification:
    kind, number = _kind_and_number(row)
    title = " ".join(clean(row.text("title")).split())
    evidence = [_seen(row, "record", title or number)]
    groups, group_names = threegpp.groups(row.text("group"))
    if groups:
        evidence.append(_seen(row, "group", row.text("group").strip(), "3GPP group code"))
    release = threegpp.release(row.text("release"))
    written = row.text("release").strip()
    if not is_empty(written) and written != release:
        evidence.append(_seen(row, "release", written, "3GPP release name"))
    return Specification(
        body=BODY,
        number=number,
        title=title or None,
        kind=kind,
        groups=groups,
        group_names=group_names,
        status=_status(row, evidence),
        release=release,
        evidence=tuple(evidence),
    )


def _kind_and_number(row: Row) -> tuple[str, str]:
    written = row.text("type")
    found = re.search(r"\b(TS|TR)\b", written)
    if found is None:
        row.fault("Type", f"{written!r} is no type of specification", "TS or TR")
    number = _number(row)
    # A technical basis for regulation (of ETSI, before 3GPP) has its type in its number: "TBR 9", "TBR31".
    if basis := re.fullmatch(r"TBR ?(\d+)", number):
        return _TYPES[found[1]], f"TBR {basis[1]}"
    if not re.fullmatch(r"\d\d\.\d{2,3}(?:U|dcs|ext)?(?:-\d{1,2})*", number):
        row.fault("Spec No", f"{number!r} is no number of a specification", "such as 33.501 or 23.700-91")
    return _TYPES[found[1]], f"{found[1]} {number}"


def _number(row: Row) -> str:
    """The number; a workbook may have taken it for a decimal fraction and dropped its last zeros."""
    number = row.text("number").strip()
    if isinstance(row.values["number"], float):
        series, _, rest = number.partition(".")
        number = f"{series:0>2}.{rest:0<{3 if int(series) > 13 else 2}}"
    return number


def _status(row: Row, evidence: list[Evidence]) -> str | None:
    written = row.text("status").strip()
    if is_empty(written):
        return None
    evidence.append(_seen(row, "status", written, "3GPP state of a specification"))
    return STATES.get(written.casefold())


def _seen(row: Row, field: str, text: str, rule: str = "stated") -> Evidence:
    return Evidence(field=field, text=text, locator=row.locator, confidence=CONFIDENCE, rule=rule)
