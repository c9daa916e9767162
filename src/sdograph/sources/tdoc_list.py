"""TDoc lists of 3GPP meetings (``TDoc_List_Meeting_SA3#121.xlsx``), as the meeting portal exports them.

One row a document, with columns of their own for what other lists say in remarks: To, Cc, the sender's
number, replies and revisions. Only liaison statements are read; contacts and abstracts are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument
from sdograph.model import LiaisonStatement, Meeting
from sdograph.sources import workbook
from sdograph.sources.tdoc_remarks import read_remarks
from sdograph.sources.tdoc_rows import Direction, Host, Tdoc, cell, direction_of, meeting_name
from sdograph.sources.tdocs import records
from sdograph.sources.workbook import Column, Row

LAYOUT = "tdoc-list"
#: Raised whenever the same file would give other records.
VERSION = "1"
#: A meeting has some hundreds of documents, the largest about three thousand.
COUNTS = {"documents": range(1, 20_001)}

COLUMNS = {
    "number": Column(("TDoc", "TDoc#")),
    "title": Column(("Title",)),
    "source": Column(("Source",)),
    "kind": Column(("Type",)),
    "outcome": Column(("TDoc Status", "Status")),
    "purpose": Column(("For",), required=False),
    "remarks": Column(("Secretary Remarks", "Remarks"), required=False),
    "revision_of": Column(("Is revision of",), required=False),
    "revised_to": Column(("Revised to",), required=False),
    "release": Column(("Release",), required=False),
    "work_items": Column(("Related WIs", "Related WI"), required=False),
    "replies_to": Column(("Reply to",), required=False),
    "answered_in": Column(("Reply in",), required=False),
    "to": Column(("To",), required=False),
    "cc": Column(("Cc",), required=False),
    "original": Column(("Original LS",), required=False),
}

#: "SA3#121", "RAN1#122-bis_171025_R4", "SA3LI#29", "SA#89-e"
_MEETING = re.compile(
    r"(?P<group>(?:SA|RAN|CT)\d?(?:-?LI)?)(?:-e)?\s?#\s?"
    r"(?P<number>\d{1,3}(?:[\s-]?(?:bis|ter|ad[\s-]?hoc|ah|e)(?![a-z])){0,3})",
    re.IGNORECASE,
)


def read(path: Path) -> Iterator[Meeting | LiaisonStatement]:
    """The meeting and the liaison statements of a list (.xlsx, or saved as text), not yet linked.

    Raises IncompleteDocument when it lists nothing or does not tell its meeting, TableFault when a column is
    missing, and what :func:`~sdograph.sources.workbook.rows` raises.
    """
    tdocs = []
    groups: Counter[str] = Counter()
    count = 0
    for row in workbook.rows(path, COLUMNS):
        number = ids.document_number(row.text("number"))
        if not number:
            continue
        count += 1
        if group := ids.tdoc_group(number):
            groups[group] += 1
        if direction := direction_of(row.text("kind")):
            tdocs.append(_tdoc(row, number, direction))
    workbook.check_counts({"documents": count}, COUNTS, path.name)
    yield from records(tdocs, _host(path.name, groups), LAYOUT)


def recognise(path: Path) -> bool:
    """Whether a file is such a list, by its columns. Raises what :func:`~.workbook.fits` raises."""
    return workbook.fits(path, COLUMNS, but=1)


def _tdoc(row: Row, number: str, direction: Direction) -> Tdoc:
    text = {name: cell(row.text(name)) for name in COLUMNS}
    columns = ("revision_of", "revised_to", "replies_to", "answered_in")
    return Tdoc(
        number=number,
        row=row.number,
        direction=direction,
        title=text["title"],
        source=text["source"],
        purpose=text["purpose"],
        release=text["release"],
        work_items=text["work_items"],
        outcome=text["outcome"],
        to=text["to"],
        cc=text["cc"],
        original=text["original"],
        remarks=read_remarks(text["remarks"]).with_columns(**{name: text[name] for name in columns}),
    )


def _host(name: str, groups: Counter[str]) -> Host:
    """The meeting that the file is named after; the group also by its documents' numbers."""
    words = unquote(name)
    found = _MEETING.search(words)
    if found is None:
        raise IncompleteDocument(
            "it cannot be told which meeting the list is of",
            where=name,
            hint='name the file as the portal does, as in "TDoc_List_Meeting_SA3#121.xlsx"',
        )
    named = "3GPP-" + re.sub(r"(?<=\d)-?LI$", "-LI", found["group"].upper())
    group = groups.most_common(1)[0][0] if groups else named
    return Host(
        group=group, meeting=meeting_name(group, found["number"]), words=found[0], locator="file name"
    )
