"""The meetings that the originator of a liaison statement announces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdograph.model import AnnouncedMeeting
from sdograph.sources.dates import WrittenDate, dates_in
from sdograph.sources.liaison.sheet import Line, is_placeholder

_NAME = re.compile(r"^(.*?#\s?[\w.-]+(?:[ -](?:bis|ter|e|ad[ -]?hoc)(?:-e)?\b)?)", re.IGNORECASE)
_EDGES = " \t,;:/\u2013\u2014-|"
_UNKNOWN_PLACE = re.compile(r"(?:TB[DCA]|to be (?:defined|decided|confirmed|announced))\W*", re.IGNORECASE)
#: What parts the cells of a row in a text: a tab, a bar, or several spaces.
_CELLS = re.compile(r"\s*\|\s*|\s*\t\s*|\ {2,}")
#: Column -> the words that may head it.
_COLUMNS = (
    ("name", re.compile(r"(?:meeting|event|group|session)s?(?: (?:name|number|no|id|title))?|name|title|id")),
    ("begin", re.compile(r"(?:(?:meeting )?dates?|when|days?|period|from|(?:start|begin)\w*(?: dates?)?)")),
    ("end", re.compile(r"(?:to|until|end\w*(?: date)?|last day)")),
    ("place", re.compile(r"(?:meeting )?(?:places?|venue|location|where|city|host city|town)"
                         r"(?: (?:and|or) country)?")),
    ("country", re.compile(r"countr(?:y|ies)")),
    ("", re.compile(r"(?:host|type|remarks?|notes?|format|mode|comments?|status)(?:ed by)?")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting, the words of its line, and whether its day and month could be the other way round."""

    meeting: AnnouncedMeeting
    words: str
    ambiguous: bool


def announced_meetings(lines: list[Line]) -> Iterator[FoundMeeting]:
    """Each meeting of the section, in order.

    A line is a meeting when it has a name and a date, or a name with the "#" of a meeting's number. Below a
    row of headings ("Meeting, Date, Place") the cells are read by their column.
    """
    columns: list[str] = []
    for line in lines:
        heads = _columns(line)
        if heads:
            columns = heads
            continue
        cells = _cells(line.text)
        found = _by_columns(line, columns, cells) if columns and len(cells) == len(columns) else None
        found = found or _by_order(line)
        if found:
            yield found


def _cells(text: str) -> list[str]:
    return _CELLS.split(text.strip(" |"))


def _columns(line: Line) -> list[str]:
    """What the cells of a row of headings head; empty when the line is none."""
    heads = []
    for cell in _cells(line.text):
        words = " ".join(re.findall(r"[a-z]+", re.sub(r"\([^()]*\)", "", cell[:80].lower())))
        head = next((name for name, pattern in _COLUMNS if pattern.fullmatch(words)), None)
        if head is None:
            return []
        heads.append(head)
    return heads if {"name", "begin"} <= set(heads) else []


def _by_columns(line: Line, columns: list[str], cells: list[str]) -> FoundMeeting | None:
    row = {column: cell for column, cell in zip(columns, cells, strict=True) if not is_placeholder(cell)}
    days = [dates_in(row.get(column, "")) for column in ("begin", "end")]
    if not days[0] or "name" not in row:
        return None
    begin, end = days[0][0], next(iter(days[1]), None)
    where = ", ".join(row[column] for column in ("place", "country") if column in row)
    meeting = AnnouncedMeeting(
        name=" ".join(row["name"].split()),
        locator=line.locator,
        begin=begin.begin,
        end=end.last if end and end.last > begin.begin else begin.end,
        place=_place(where),
    )
    return FoundMeeting(meeting, line.words, begin.ambiguous or bool(end and end.ambiguous))


def _by_order(line: Line) -> FoundMeeting | None:
    date = next(iter(dates_in(line.text)), None)
    before = line.text[: date.start] if date else line.text
    after = _trimmed(line.text[date.stop :]) if date else ""
    numbered = _NAME.match(before)
    name = numbered[1] if numbered else before.split("\t")[0] if "\t" in before.strip() else before
    name = _trimmed(name)
    if date and not name:
        return _date_first(line, date)
    if not name or not (date or numbered):
        return None
    between = before[numbered.end() if numbered else before.find(name) + len(name) :]
    meeting = AnnouncedMeeting(
        name=" ".join(name.split()),
        locator=line.locator,
        begin=date.begin if date else None,
        end=date.end if date else None,
        place=_place(after or between),
    )
    return FoundMeeting(meeting, line.words, bool(date and date.ambiguous))


def _date_first(line: Line, date: WrittenDate) -> FoundMeeting | None:
    """ "28 - 31 January 2019 | San Diego | WG4 #10": the name is the cell with a number, else the first."""
    cells = [cell for part in _cells(line.text[date.stop :]) if (cell := _trimmed(part))]
    if not cells:
        return None
    name = next((cell for cell in cells if _NAME.match(cell)), cells[0])
    meeting = AnnouncedMeeting(
        name=name,
        locator=line.locator,
        begin=date.begin,
        end=date.end,
        place=_place(", ".join(cell for cell in cells if cell is not name)),
    )
    return FoundMeeting(meeting, line.words, date.ambiguous)


def _place(words: str) -> str | None:
    place = " ".join(_trimmed(words).split())
    return place if place and not _UNKNOWN_PLACE.fullmatch(place) else None


def _trimmed(text: str) -> str:
    """Words without what parts them from the date; parentheses that belong to them stay."""
    text = text.strip(_EDGES)
    opened, closed = text.count("("), text.count(")")
    if opened == closed and text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(_EDGES)
    while opened != closed:
        if opened > closed and text.endswith("("):
            text, opened = text[:-1].rstrip(_EDGES), opened - 1
        elif opened > closed and text.startswith("("):
            text, opened = text[1:].lstrip(_EDGES), opened - 1
        elif closed > opened and text.endswith(")"):
            text, closed = text[:-1].rstrip(_EDGES), closed - 1
        elif closed > opened and text.startswith(")"):
            text, closed = text[1:].lstrip(_EDGES), closed - 1
        else:
            break
    return text
