"""TdocsByAgenda pages of 3GPP working groups: every document of a meeting in one table, as Word writes HTML.

The columns differ from meeting to meeting, and the meeting is named above the table or in its first row, not
always rightly. Only liaison statements are read. The page says how many documents it lists; one that holds
fewer was cut off, and is refused.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument, LimitExceeded, Unavailable, UnreadableDocument
from sdograph.model import LiaisonStatement, Meeting
from sdograph.sources.tdoc_remarks import read_remarks
from sdograph.sources.tdoc_rows import Host, Tdoc, cell, direction_of, meeting_name
from sdograph.sources.tdocs import records

LAYOUT = "tdocs-by-agenda"
#: Raised whenever the same file would give other records.
VERSION = "1"

MAX_UNPACKED = 20_000_000
MAX_ROWS = 50_000
MAX_CELLS = 100
#: The table begins after some thousands of lines of style and several notices.
_HEAD = 500_000
_SUFFIXES = (".htm", ".html", ".htm.gz", ".html.gz")
_AGAIN = "get the page again from the folder of the meeting"

#: Heading of a column -> what stands below it. A heading that is not here is passed over.
COLUMNS = {
    "td#": "number", "tdoc": "number", "tdoc#": "number",
    "type": "kind",
    "doc for": "purpose", "for": "purpose",
    "title": "title", "subject": "title",
    "source": "source",
    "rel": "release", "release": "release",
    "work item": "work_items", "wi": "work_items",
    "comments": "remarks", "comment": "remarks",
    "result": "outcome",
}  # fmt: skip
NEEDED = {"number": "TD#", "kind": "Type", "title": "Title or Subject", "source": "Source"}

_TOTAL = re.compile(r"Total documents:\s*(\d{1,6})")
#: "List for Meeting: S2-128BIS All Sessions", or "S2-136" alone in the first rows.
_MEETING = re.compile(
    r"(?:.*\bMeeting:\s*)?\b(?:SP|RP|CP|[SRC][1-6])-(\d{1,3}(?:-?[A-Za-z]{1,5}){0,2})\b(?:\s.*)?"
)
_MEETING_IN_NAME = re.compile(r"(?:[A-Z]{1,3}\d?[-#])?(\d{2,3}(?:-?(?:bis|ter|ah|e)){0,2})", re.IGNORECASE)
_EARLIER_MEETING = re.compile(r"\bfrom\s(?:S|SA|R|RAN|C|CT)\d?#\s?(\d{1,3}[A-Za-z]{0,5})\b")
_FIRST_ROWS = 5
_BLOCKS = frozenset(("p", "div", "br", "h1", "h2", "h3", "h4", "li", "pre", "body"))
#: Lines outside of tables that are kept.
_OUTSIDE = 1_000
_PIECE = 65_536


def read(path: Path) -> Iterator[Meeting | LiaisonStatement]:
    """The meeting and the liaison statements of a page (.htm, .html, also gzipped), not yet linked.

    Raises UnreadableDocument when the file is no such page or damaged, IncompleteDocument when rows or
    columns are missing, LimitExceeded when reading would take too much, Unavailable when it cannot be opened.
    """
    page = _parse(_text(_bytes(path, MAX_UNPACKED)), path.name)
    columns = _columns(page, path.name)
    tdocs = list(_tdocs(page, columns, path.name))
    yield from records(tdocs, _host(page, columns, path.name), LAYOUT)


def recognise(path: Path) -> bool:
    """Whether a file is such a page, by its name and the headings of its table."""
    if not path.name.lower().endswith(_SUFFIXES):
        return False
    try:
        head = _bytes(path, _HEAD, whole=False)
    except UnreadableDocument:
        return False
    words = re.sub(r"<[^<>]{0,2000}>|&nbsp;|\s+", " ", _text(head))
    return "TD#" in words and ("Doc For" in words or "Ordered by Agenda Item" in words)


# --- the file


def _bytes(path: Path, limit: int, *, whole: bool = True) -> bytes:
    """What a file holds, unpacked. Without ``whole`` only as much of it as the limit allows."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            data: bytes = file.read(limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableDocument(
            f"the gzip archive is damaged or cut off: {error}", where=path.name, hint=_AGAIN
        ) from error
    except OSError as error:
        raise Unavailable(
            f"the file cannot be opened: {error.strerror}", where=str(path), hint="check its name and rights"
        ) from error
    if len(data) > limit and whole:
        raise LimitExceeded(
            f"the page is over the limit of {limit:,} bytes, unpacked",
            where=path.name,
            hint="a list of a meeting is a tenth of it: is this the right file?",
        )
    return data[:limit]


def _text(data: bytes) -> str:
    """UTF-8 or windows-1252, whatever the page claims; line by line, as some are pieced together."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return "\n".join(map(_line, data.removeprefix(b"\xef\xbb\xbf").splitlines()))


def _line(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# --- the table


@dataclass(slots=True)
class _Page:
    """What the parser found: the text outside of tables, and the table of documents."""

    headings: list[str] = field(default_factory=list)
    """The row of headings as written; empty until it is found."""
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    """Number in the table, counted from 1 with the headings, and cells of each row below the headings."""
    outside: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table that is open: the row that is being read."""

    row: int = 0
    cells: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    is_list: bool = False
    """Whether it is the table of documents."""


class _Target:
    """Takes the parser's events and builds no tree."""

    def __init__(self, where: str) -> None:
        self.page = _Page()
        self._where = where
        self._open: list[_Table] = []
        self._words: list[str] = []
        """Outside of tables."""

    def start(self, tag: str, _attributes: object) -> None:
        if tag == "table":
            self._flush()
            self._open.append(_Table())
        elif not self._open:
            if tag in _BLOCKS:
                self._flush()
        elif tag == "tr":
            self._end_row()
            self._open[-1].row += 1
        elif tag in ("td", "th") or tag in _BLOCKS:
            self._open[-1].words.append(" ")

    def end(self, tag: str) -> None:
        if tag in ("td", "th") and self._open:
            self._end_cell()
        elif tag == "tr" and self._open:
            self._end_row()
        elif tag == "table" and self._open:
            self._end_row()
            self._open.pop()
        elif tag in _BLOCKS and not self._open:
            self._flush()

    def data(self, text: str) -> None:
        (self._open[-1].words if self._open else self._words).append(text)

    def close(self) -> _Page:
        while self._open:
            self._end_row()
            self._open.pop()
        self._flush()
        return self.page

    def _flush(self) -> None:
        words = " ".join("".join(self._words).split())
        self._words = []
        if words and len(self.page.outside) < _OUTSIDE:
            self.page.outside.append(words[:500])

    def _end_cell(self) -> None:
        table = self._open[-1]
        if len(table.cells) >= MAX_CELLS:
            raise self._too_big(f"a row has more than {MAX_CELLS} cells", table)
        table.cells.append(" ".join("".join(table.words).split()))
        table.words = []

    def _end_row(self) -> None:
        table, page = self._open[-1], self.page
        cells, table.cells, table.words = table.cells, [], []
        if table.is_list and cells:
            if len(page.rows) >= MAX_ROWS:
                raise self._too_big(f"the table has more than {MAX_ROWS:,} rows", table)
            page.rows.append((table.row, cells))
        elif not page.headings and {"number", "kind"} <= {COLUMNS.get(c.casefold()) for c in cells}:
            page.headings, table.is_list = cells, True

    def _too_big(self, message: str, table: _Table) -> LimitExceeded:
        return LimitExceeded(message, where=f"{self._where}, row {table.row}", hint=_AGAIN)


def _parse(text: str, where: str) -> _Page:
    parser = etree.HTMLParser(target=_Target(where), no_network=True, recover=True)
    try:
        for start in range(0, len(text), _PIECE):
            parser.feed(text[start : start + _PIECE])
        page: _Page = parser.close()
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableDocument(f"the HTML cannot be read: {error}", where=where, hint=_AGAIN) from error
    if not page.headings:
        raise UnreadableDocument(
            "there is no table of documents",
            where=where,
            hint=f"it is looked for by its headings, {' and '.join((NEEDED['number'], NEEDED['kind']))}",
        )
    return page


def _columns(page: _Page, where: str) -> dict[str, int]:
    """Where each column stands. Raises IncompleteDocument when one that is needed is missing."""
    columns: dict[str, int] = {}
    for i, heading in enumerate(page.headings):
        if name := COLUMNS.get(heading.casefold()):
            columns.setdefault(name, i)
    if missing := [heading for name, heading in NEEDED.items() if name not in columns]:
        raise IncompleteDocument(
            f"the table has no column {', no column '.join(missing)}",
            where=f"{where}, row of headings",
            hint=f"it has {', '.join(page.headings)}",
        )
    return columns


def _documents(page: _Page, columns: dict[str, int], where: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Row, number and fields of every document; agenda items, which have no number, are passed over."""
    for row, cells in page.rows:
        numbers = ids.tdoc_numbers(cells[columns["number"]]) if columns["number"] < len(cells) else []
        if not numbers:
            continue
        if len(cells) < len(page.headings):
            raise UnreadableDocument(
                f"the row has {len(cells)} cells where the table has {len(page.headings)} columns",
                where=f"{where}, row {row}, {numbers[0]}",
                hint=_AGAIN,
            )
        yield row, numbers[0], {name: cell(cells[i]) for name, i in columns.items()}


def _tdocs(page: _Page, columns: dict[str, int], where: str) -> Iterator[Tdoc]:
    count = 0
    for row, number, fields in _documents(page, columns, where):
        count += 1
        direction = direction_of(fields["kind"])
        if direction is not None:
            yield Tdoc(
                number=number,
                row=row,
                direction=direction,
                title=fields["title"],
                source=fields["source"],
                purpose=fields.get("purpose", ""),
                release=fields.get("release", ""),
                work_items=fields.get("work_items", ""),
                outcome=fields.get("outcome", ""),
                remarks=read_remarks(fields.get("remarks", "")),
            )
    _check_total(page, count, where)


def _check_total(page: _Page, count: int, where: str) -> None:
    """A page says at its end how many documents it lists, or at least that its list ends there."""
    stated = next((int(m[1]) for line in page.outside if (m := _TOTAL.search(line))), None)
    ended = any("END OF LIST" in line for line in page.outside)
    if count and (stated == count or (stated is None and ended)):
        return
    says = f"it says that it lists {stated:,}" if stated is not None else "its list has no end"
    raise IncompleteDocument(
        f"the table has {count:,} documents, and {says}", where=where, hint=f"was it cut off? {_AGAIN}"
    )


# --- the meeting


def _host(page: _Page, columns: dict[str, int], where: str) -> Host:
    """The meeting that the page names above its table, in the first rows, or by its file name.

    One that the remarks call an earlier one ("Postponed S2-… from S2#135") was left over from its page.
    """
    groups = Counter(
        group for _, number, _ in _documents(page, columns, where) if (group := ids.tdoc_group(number))
    )
    group = groups.most_common(1)[0][0]
    earlier = {
        meeting_name(group, m[1])
        for _, cells in page.rows
        for text in cells
        for m in _EARLIER_MEETING.finditer(text)
    }
    first_rows = [(f"row {row}", text) for row, cells in page.rows[:_FIRST_ROWS] for text in cells]
    named = [
        (m[1], text, locator)
        for locator, text in [*(("above the table", line) for line in page.outside), *first_rows]
        if (m := _MEETING.fullmatch(text))
    ]
    stem = re.sub(r"(?:\.html?)?(?:\.gz)?$", "", where, flags=re.IGNORECASE)
    named += [
        (m[1], where, "file name")
        for word in re.split(r"[\s_]+", stem)
        if (m := _MEETING_IN_NAME.fullmatch(word))
    ]
    for number, words, locator in named:
        meeting = meeting_name(group, number)
        if meeting not in earlier:
            return Host(group=group, meeting=meeting, words=words, locator=locator)
    raise IncompleteDocument(
        "it cannot be told which meeting the page is of",
        where=where,
        hint='name the file after it, as in "SA2-136 TdocsByAgenda.htm"',
    )
