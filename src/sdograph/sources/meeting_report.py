"""Liaison statements as the report of a 3GPP meeting records them: blocks taken out of its text, as JSON.

A file is a list of blocks, one a statement handled by the meeting: its number there (``tdoc``), ``kind``,
``title_line``, ``source``, ``document_for``, the numbers it answers (``response_to``) and those of drafted
answers (``responses``), and what became of it (``outcome_text``). The blocks were cut out by a program and
are rough: words that belong to the next document may stand at their end. So of the outcome only set phrases
are read, and of abstracts and requests nothing. A report does not give the senders' own numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument, UnreadableDocument
from sdograph.model import LiaisonStatement, Meeting
from sdograph.sources.files import read_bounded
from sdograph.sources.tdoc_remarks import Remarks, read_remarks
from sdograph.sources.tdoc_rows import Host, Tdoc, direction_of, meeting_name
from sdograph.sources.tdocs import numbers_of, records

LAYOUT = "meeting-report"
#: Raised whenever the same file would give other records.
VERSION = "1"

MAX_BYTES = 20_000_000
_NEEDED = ("tdoc", "kind", "title_line")
_AGAIN = "make the file anew from the report"

#: "… (TSG CT)", "… (Source: SA WG2).", "… (Revision of TD S2-1902724)." at the end of a title.
_LAST_PARENTHESIS = re.compile(r"\s*\(([^()]*)\)\s*\.?\s*$")
#: At the beginning of a sentence; elsewhere something else may be agreed, or noted.
_OUTCOME = {
    "in": re.compile(
        r"(?:^|[.>]\s+)(?:Th(?:is|e)\sLS\swas\s(?:\w+\s){0,2}?)?"
        r"((?:noted|postponed|withdrawn|replied\sto)(?:\sin\sparallel\ssession)?)\b|<(REPLY - OPEN)>",
        re.IGNORECASE,
    ),
    "out": re.compile(r"(?:^|[.>]\s+)((?:agreed|approved)(?:\sin\sparallel\ssession)?)\b", re.IGNORECASE),
}
_MEETING = re.compile(r"(?:SA|RAN|CT)\d?[_#-](\d{1,3}(?:bis|ter|AH|E)?)(?![\da-z])", re.IGNORECASE)


def read(path: Path) -> Iterator[Meeting | LiaisonStatement]:
    """The meeting, named by the file, and the statements of the blocks, not yet linked.

    A block about an outgoing statement counts when its text says that the statement was agreed.
    Raises UnreadableDocument when the file holds no such blocks, IncompleteDocument when a block lacks its
    number, kind or title, LimitExceeded over 20 MB, Unavailable when the file cannot be opened.
    """
    blocks = _blocks(path)
    tdocs = [made for n, block in enumerate(blocks, 1) if (made := _tdoc(n, block, path.name))]
    yield from records(tdocs, _host(path.name, blocks), LAYOUT)


def recognise(path: Path) -> bool:
    """Whether a file holds such blocks, by the names in its beginning."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(5_000)
    return head.lstrip().startswith(b"[") and all(f'"{name}"'.encode() in head for name in _NEEDED)


def _blocks(path: Path) -> list[dict[str, Any]]:
    data = read_bounded(path, MAX_BYTES, hint=_AGAIN)
    try:
        blocks = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise UnreadableDocument(f"the JSON is broken: {error}", where=path.name, hint=_AGAIN) from error
    if not isinstance(blocks, list) or not blocks or not all(isinstance(b, dict) for b in blocks):
        raise UnreadableDocument("this is no list of blocks of a report", where=path.name, hint=_AGAIN)
    return blocks


def _tdoc(n: int, block: dict[str, Any], where: str) -> Tdoc | None:
    """The row of a block; None where it is about another document."""
    place = f"{where}, block {n}"
    if missing := [name for name in _NEEDED if not _text(block, name)]:
        raise IncompleteDocument(f"the block has no {', no '.join(missing)}", where=place, hint=_AGAIN)
    number = ids.document_number(_text(block, "tdoc"))
    direction = direction_of(_text(block, "kind"))
    title, source, remarks = _title_line(_text(block, "title_line"))
    if direction is None or title.startswith("("):  # "(DISCUSSION) … on LS from …" is none itself
        return None
    said = remarks.with_columns(replies_to=_listed(block, "response_to"))
    happened = _text(block, "outcome_text")
    outcome = next((m[m.lastindex or 0] for m in _OUTCOME[direction].finditer(happened)), "")
    if direction == "out":
        # It goes on under the draft's number: "revised, merging …, to …. This was revised in …. Agreed."
        later = read_remarks(happened)
        drafts = [number, *numbers_of(later.revised_to)]
        number = drafts.pop()
        said = said.with_columns(revision_of=" ".join(drafts), merges=" ".join(numbers_of(later.merges)))
    else:
        said = said.with_columns(drafted_in=_listed(block, "responses"))
    return Tdoc(
        number=number,
        row=n,
        direction=direction,
        title=title,
        source=_text(block, "source") or source,
        purpose=_text(block, "document_for").rstrip(". "),
        outcome=outcome,
        remarks=said,
    )


def _title_line(line: str) -> tuple[str, str, Remarks]:
    """The title, the source and what else stands in parentheses after it."""
    source, remarks = "", Remarks()
    while found := _LAST_PARENTHESIS.search(line):
        line = line[: found.start()]
        if ids.tdoc_numbers(found[1]):
            remarks = read_remarks(found[1])
        else:
            source = found[1].removeprefix("Source:").strip()
            break
    return line.strip().rstrip("."), source, remarks


def _host(name: str, blocks: Sequence[dict[str, Any]]) -> Host:
    group = next((g for b in blocks if (g := ids.tdoc_group(_text(b, "tdoc")))), None)
    found = _MEETING.search(name)
    if group is None or found is None:
        raise IncompleteDocument(
            "it cannot be told which meeting the report is of",
            where=name,
            hint='name the file after it, as in "3gpp_SA2_132_report.json"',
        )
    return Host(group=group, meeting=meeting_name(group, found[1]), words=found[0], locator="file name")


def _text(block: dict[str, Any], name: str) -> str:
    value = block.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _listed(block: dict[str, Any], name: str) -> str:
    value = block.get(name)
    return " ".join(v for v in value if isinstance(v, str)) if isinstance(value, list) else ""
