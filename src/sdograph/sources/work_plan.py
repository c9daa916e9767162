"""The 3GPP work plan: all work items of all releases, as published after each plenary.

A workbook of one sheet, or the same table as CSV. Column names changed in 2026 (``OutlineLevel`` became
``Outline_Level``); both are read. Rapporteurs are not. What the rules rest on stands in
docs/decisions/0008-work-plan.md.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument
from sdograph.model import Evidence, Specification, WorkItem, WorkItemKind
from sdograph.sources import dates, threegpp, workbook
from sdograph.sources.plain import clean
from sdograph.sources.threegpp import BODY, CONFIDENCE, is_empty
from sdograph.sources.workbook import Column, Row

COLUMNS = {
    "number": Column(("Unique_ID",)),
    "name": Column(("Name",)),
    "acronym": Column(("Acronym",)),
    "level": Column(("OutlineLevel",)),
    "release": Column(("Release",)),
    "groups": Column(("ResourceNames",)),
    "start": Column(("Start", "Start_Date")),
    "finish": Column(("Finish", "Finish_Date")),
    "complete": Column(("%Complete", "Percent_Complete")),
    "document": Column(("Hyperlink",), required=False),
    "impacted": Column(("Impacted TSs and TRs",), required=False),
    "stopped": Column(("TSG stopped",), required=False),
}

#: A plan that says in its first rows that it is the plan holds every item since Release 99 (8,143 in 2023).
COUNTS = {"work items": range(5_000, 50_000)}
_IS_THE_PLAN = re.compile(r"work plan 3gpp\b", re.IGNORECASE)
_LAST_SECTIONS = tuple(f"Rel-{n}" for n in (99, *range(4, 11)))

#: Blanks before a name for each level below the first.
_INDENT = 3
#: Of the rows with blanks before the name, how many may say another level than the column does.
_MAX_DISAGREEMENT = 0.01

Lines = list["_Line"]


def recognise(path: Path) -> bool:
    """Whether a file is a work plan. Raises what :func:`sdograph.sources.workbook.fits` raises."""
    return workbook.fits(path, COLUMNS)


def read(path: Path) -> Iterator[WorkItem | Specification]:
    """The work items of the plan in its order, each followed by the specifications that it makes.

    Rows without a Unique_ID, or with 0, are headings and no items. Raises TableFault when a column is
    missing, a cell has what cannot be, an id is there twice or the levels contradict the indents;
    IncompleteDocument when the file says it is the whole plan and is not; and what opening a table raises.
    """
    lines, is_whole = _lines(path)
    _check_indents(lines)
    if is_whole:
        _check_whole(lines, path.name)
    _name_items(lines)
    scale = _scale(lines)
    fillers = {_period(line.row) for line in lines if line.is_heading}
    made: set[str] = set()
    for line in lines:
        if line.is_heading:
            continue
        item = _item(line, scale, fillers)
        yield item
        for number in item.specifications:
            if number not in made:
                made.add(number)
                # The item says that the specification is there, and nothing else of it.
                yield Specification(body=BODY, number=number, evidence=(line.seen("record", number),))


# --- lines and their hierarchy


@dataclass(slots=True, eq=False)
class _Line:
    """One row of the plan, and its place in the hierarchy."""

    row: Row
    level: int
    number: str
    """Unique_ID; empty for a heading."""
    acronym: str
    parent: _Line | None
    code: str = ""
    alt_codes: tuple[str, ...] = field(default=())

    @property
    def is_heading(self) -> bool:
        return not self.number

    def seen(self, field: str, text: str, rule: str = "stated") -> Evidence:
        return Evidence(field=field, text=text, locator=self.row.locator, confidence=CONFIDENCE, rule=rule)


def _lines(path: Path) -> tuple[Lines, bool]:
    """All rows, and whether the file says that it is the whole plan."""
    lines: Lines = []
    above: Lines = []
    places: dict[str, Row] = {}
    is_whole = False
    for row in workbook.rows(path, COLUMNS):
        number = _unique_id(row)
        if not number and _IS_THE_PLAN.match(row.text("name").strip()):
            is_whole = True
        if number in places:
            row.fault("Unique_ID", f"{number} is there twice", f"see {places[number].locator}")
        if number:
            places[number] = row
        level = _level(row)
        while above and above[-1].level >= level:
            above.pop()
        # A heading ends what is above it and has no parts: it is no item.
        parent = above[-1] if above and not above[-1].is_heading else None
        acronym = "" if is_empty(row.text("acronym")) else row.text("acronym").strip()
        line = _Line(row, level, number, acronym, parent)
        above.append(line)
        lines.append(line)
    return lines, is_whole


def _unique_id(row: Row) -> str:
    text = row.text("number").strip()
    if is_empty(text):
        return ""
    if not re.fullmatch("[0-9]{1,9}", text):
        row.fault("Unique_ID", f"{text!r} is no Unique_ID", "a whole number; 0 for a heading")
    return "" if int(text) == 0 else str(int(text))


def _level(row: Row) -> int:
    text = row.text("level").strip()
    if not re.fullmatch("[1-9]", text):
        row.fault("OutlineLevel", f"{text!r} is no outline level", "a whole number from 1 to 9")
    return int(text)


def _check_indents(lines: Lines) -> None:
    """The blanks before a name show the level once more; if they disagree, rows or columns were shifted."""
    indented = [line for line in lines if line.row.text("name").startswith(" " * _INDENT)]
    wrong = [line for line in indented if _indent(line) // _INDENT + 1 != line.level]
    if len(wrong) > _MAX_DISAGREEMENT * len(indented):
        first = wrong[0]
        first.row.fault(
            "OutlineLevel",
            f"level {first.level} stands beside a name with {_indent(first)} blanks before it,"
            f" and so in {len(wrong)} of {len(indented)} rows",
            "names have three blanks for each level below the first: get the plan again",
        )


def _indent(line: _Line) -> int:
    name = line.row.text("name")
    return len(name) - len(name.lstrip(" "))


def _check_whole(lines: Lines, where: str) -> None:
    items = [line for line in lines if not line.is_heading]
    workbook.check_counts({"work items": len(items)}, COUNTS, where)
    there = {threegpp.release(line.row.text("release")) for line in items}
    lost = [release for release in _LAST_SECTIONS if release not in there]
    if lost:
        raise IncompleteDocument(
            f"there are no items of {', '.join(lost)}",
            where=f"{where}, column Release",
            hint="the plan goes back to Release 99: the file is cut off or filtered, get it again",
        )


# --- codes

#: An acronym is one word. Two in one cell ("UICC,USIM") and doubtful ones ("CT-RABS?") identify nothing.
_ACRONYM = re.compile(r"(?=.*[A-Za-z])[\w&()./+\[\]-]+", re.ASCII)


def _name_items(lines: Iterable[_Line]) -> None:
    """Gives each item its code: its acronym where it identifies it, else its Unique_ID.

    Parts of an item for which no acronym was given go by that of the next higher one, so of several items
    with an acronym it belongs to the topmost. Where two are topmost it identifies neither; then both have
    it as another code, so that who looks it up finds two candidates.
    """
    bearers: dict[str, Lines] = {}
    for line in lines:
        line.code = line.number
        if not line.is_heading and _ACRONYM.fullmatch(line.acronym):
            bearers.setdefault(ids.work_item_key(BODY, line.acronym), []).append(line)
    for sharing in bearers.values():
        top = min(line.level for line in sharing)
        topmost = [line for line in sharing if line.level == top]
        if len(topmost) == 1:
            topmost[0].code = topmost[0].acronym
        else:
            for line in topmost:
                line.alt_codes = (line.acronym,)


# --- items

_ENDED = re.compile(
    r"(deleted|stopped)\b(?:\s+at\s[^:-]*?)?(?:\s*[:-]|\s+\([^)]*\)\s*[:-]?|\s+(?=\w))\s*",
    re.IGNORECASE,
)
_STOPPED_AT = re.compile(r"[A-Z]P-?#?\d+")
_STUDY_ACRONYM = re.compile(r"FS[_A-Z-]")
_STUDY_TITLE = re.compile(
    r"(?:\S+\s-\s)?(?:feasibility\s+)?stud(?:y|ies)\b"
    r"|(?:(?:SA|RAN|CT|GERAN)\d?|TR|Stage\s\d)\s+(?:(?:part|aspects?)\s+)?(?:(?:of|on)\s+)?study\b"
    r"|.*\bstudy$",
    re.IGNORECASE,
)
_KINDS: dict[int, WorkItemKind] = {1: "feature", 2: "building-block"}


def _item(line: _Line, scale: float, fillers: set[tuple[str, str]]) -> WorkItem:
    row = line.row
    name = " ".join(clean(row.text("name")).split())
    ended = _ENDED.match(name)
    title = name[ended.end() :] if ended else name
    if not title:
        row.fault("Name", "the item has no name", "every item needs one")
    evidence = [line.seen("record", name)]
    done = _completion(row, scale)
    status = _status(row, ended, done, evidence, line)
    begin, finish = _dates(row, fillers, evidence, line)
    groups, group_names = threegpp.groups(row.text("groups"))
    if groups:
        evidence.append(line.seen("group", row.text("groups").strip(), "3GPP group code"))
    impacted = threegpp.impacted(row.text("impacted"))
    if not is_empty(row.text("impacted")):
        evidence.append(line.seen("impacts", row.text("impacted").strip(), "3GPP specification number"))
    if line.acronym and line.code != line.acronym:
        evidence.append(line.seen("acronym", line.acronym))
    return WorkItem(
        body=BODY,
        code=line.code,
        title=title,
        kind=_kind(line, title),
        number=line.number,
        groups=groups,
        group_names=group_names,
        releases=_releases(row, evidence, line),
        status=status,
        begin=begin,
        end=finish if status == "completed" else None,
        target=finish if status != "completed" else None,
        # A deleted item is set to 100 % to get it out of the way, which tells nothing of the work.
        completion=done if status in ("ongoing", "completed") else None,
        parent=line.parent.code if line.parent else None,
        alt_codes=line.alt_codes,
        specifications=impacted.new,
        impacts=impacted.changed,
        documents=_documents(row, evidence, line),
        evidence=tuple(evidence),
    )


def _kind(line: _Line, title: str) -> WorkItemKind:
    if _STUDY_ACRONYM.match(line.acronym) or _STUDY_TITLE.match(title):
        return "study-item"
    return _KINDS.get(line.level, "work-task")


def _status(
    row: Row, ended: re.Match[str] | None, done: float | None, evidence: list[Evidence], line: _Line
) -> str:
    if ended:
        evidence.append(line.seen("status", ended[0].strip()))
        return ended[1].lower()
    stopped = row.text("stopped").strip()
    if _STOPPED_AT.fullmatch(stopped):
        evidence.append(line.seen("status", stopped, "column TSG stopped"))
        return "stopped"
    return "completed" if done == 100 else "ongoing"


def _scale(lines: Lines) -> float:
    """What makes per cent of the column's numbers: workbooks keep a fraction and show it as per cent."""
    shares = (_share(line.row) for line in lines if not line.is_heading)
    return 1.0 if any(share is not None and share > 1 for share in shares) else 100.0


def _share(row: Row) -> float | None:
    """The number in the cell, None where it is empty or already says per cent."""
    text = row.text("complete").strip()
    if is_empty(text) or text.endswith("%"):
        return None
    try:
        return float(text)
    except ValueError:
        row.fault("%Complete", f"{text!r} is no percentage", "a number from 0 to 100")


def _completion(row: Row, scale: float) -> float | None:
    text = row.text("complete").strip()
    if is_empty(text):
        return None
    try:
        # Rounded: 0.07 as a fraction is 7.000000000000001 per cent.
        done = round(float(text.removesuffix("%")) * (1.0 if text.endswith("%") else scale), 2)
    except ValueError:
        done = -1.0
    if not 0 <= done <= 100:
        row.fault("%Complete", f"{text!r} is no percentage", "a number from 0 to 100")
    return done


def _period(row: Row) -> tuple[str, str]:
    return row.text("start").strip(), row.text("finish").strip()


def _dates(
    row: Row, fillers: set[tuple[str, str]], evidence: list[Evidence], line: _Line
) -> tuple[str | None, str | None]:
    """Start and finish, of the precision that the plan has, and None for what only fills the cell.

    A start and finish on one day that a heading has too is the tool's filler; the first and the last day
    of one year mean that year (all of Release 99); 3GPP, and GSM before it, has no dates before 1982.
    """
    start, finish = _period(row)
    if start == finish and (start, finish) in fillers and not is_empty(start):
        evidence.append(line.seen("begin", start, "filler of the plan"))
        return None, None
    year = start[:4]
    if (start, finish) == (f"{year}-01-01", f"{year}-12-31"):
        evidence.append(line.seen("begin", start, "a whole year"))
        evidence.append(line.seen("end", finish, "a whole year"))
        return year, year
    return _date(start, "begin", evidence, line), _date(finish, "end", evidence, line)


def _date(text: str, field: str, evidence: list[Evidence], line: _Line) -> str | None:
    if is_empty(text):
        return None
    day = _iso_day(text)
    if day is None or day < "1982":
        evidence.append(line.seen(field, text, "not a date of the work"))
        return None
    if day != text:
        evidence.append(line.seen(field, text, "date as written"))
    return day


def _iso_day(text: str) -> str | None:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        found = dates.dates_in(text)
    # Beside one day there may be a time of day, and nothing else.
    if len(found) != 1 or found[0].end or not found[0].has_day or found[0].ambiguous:
        return None
    rest = text[: found[0].start] + text[found[0].stop :]
    return None if re.search(r"[^\d\s:.TZ]", rest) else found[0].begin


def _releases(row: Row, evidence: list[Evidence], line: _Line) -> tuple[str, ...]:
    text = row.text("release").strip()
    names = [threegpp.release(part) for part in re.split(r"[,;]", text)]
    found = tuple(dict.fromkeys(name for name in names if name))
    if not is_empty(text) and ", ".join(found) != text:
        evidence.append(line.seen("release", text, "3GPP release name"))
    return found


_DOCUMENT = re.compile(r"(?<![A-Z])([SRCGNT]P|[SRCGNT]\d)-?(\d{5,6})(?!\d)")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def _documents(row: Row, evidence: list[Evidence], line: _Line) -> tuple[str, ...]:
    """The documents that approved the item: "SP-220687", alone or at the end of an address."""
    text = row.text("document").strip()
    found = tuple(dict.fromkeys(f"{m[1]}-{m[2]}" for m in _DOCUMENT.finditer(text.translate(_DASHES))))
    if found and found != (text,):
        evidence.append(line.seen("document", text, "3GPP document number"))
    return found
