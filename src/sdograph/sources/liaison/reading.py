"""A document -> a sheet: its head, the sections of its text, and the fields that stand below the text.

A table is read cell after cell, so that label and value on one line, on two lines, parted by a tab, by spaces
or in two cells all come to the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from sdograph.sources.documents.mail import MEDIA_TYPE as MAIL
from sdograph.sources.documents.pdf import MEDIA_TYPE as PDF
from sdograph.sources.documents.webpage import MEDIA_TYPE as HTML
from sdograph.sources.liaison.head import AFTER_TEXT, Head, goes_on
from sdograph.sources.liaison.labelling import (
    LONGEST_FIELD,
    first_piece,
    heading_of,
    is_prose,
    labelled_in,
    next_words,
)
from sdograph.sources.liaison.sheet import Field, Line, Sheet
from sdograph.sources.plain import MEDIA_TYPE as PLAIN
from sdograph.sources.text import TextDocument


def read_sheet(document: TextDocument) -> Sheet:
    """The document taken apart."""
    sheet = Sheet(document.name)
    lines = [Line(b.text, b.locator, b.cell) for b in document.blocks if b.part == "body"]
    headers = [Line(b.text, b.locator) for b in document.blocks if b.part == "header"]
    sheet.lines = [*headers, *lines]
    # What the headers of a mail say is said of the mail.
    sheet.opening += [] if document.media_type == MAIL else headers
    end, beyond = Head(lines, sheet).read()
    _text(lines[end:], beyond, sheet, wrapped=document.media_type in _BROKEN_AT_A_WIDTH)
    sheet.opening += [Line(b.text, b.locator) for b in document.blocks if b.part == "footer"]
    return sheet


def _text(lines: list[Line], beyond: list[Line], sheet: Sheet, *, wrapped: bool) -> None:
    """Fills the sections, and the fields that stand below the text."""
    current = "description"
    sections: dict[str, list[Line]] = {current: list(beyond)}
    after: Field | None = None
    after_name = ""
    for index, line in enumerate(lines):
        heading = heading_of(line.text, current, next_words(lines, index))
        if heading and heading[0] == "annex" and after_name == "attachment" and goes_on(after, line):
            heading = None
        if heading is not None:
            current, rest = heading
            after = None
            section = sections.setdefault(current, [])
            if rest:
                section.append(Line(rest, line.locator, line.cell))
            continue
        found = _after_text(line.text, current)
        if found:
            after_name, after, rest = found
            sheet.fields.setdefault(after_name, []).append(after)
            after.lines += [Line(rest, line.locator, line.cell)] if rest else []
        elif after and goes_on(after, line):
            after.lines.append(line)
        else:
            after = None
            sections.setdefault(current, []).append(line)
    for name in ("description", "actions", "annex") if wrapped else ():
        sections[name] = list(_unwrapped(sections.get(name, [])))
    sheet.sections = {
        name: list(_rows(section)) for name, section in sections.items() if section or name == "description"
    }


#: Kinds of documents whose lines can be parts of a paragraph.
_BROKEN_AT_A_WIDTH = frozenset((PLAIN, PDF, MAIL, HTML))
#: Lines of a text that was broken at a width are at most so long, and all but the last of a paragraph so
#: full.
_WIDEST, _FULL = 130, 0.75
_LONGEST_PARAGRAPH = 60


def _unwrapped(lines: list[Line]) -> Iterator[Line]:
    """Lines of a paragraph that was broken at a width as one, at the place of the first."""
    width = max((len(line.text) for line in lines), default=0)
    held: list[Line] = []
    for line in lines:
        if held and not (width <= _WIDEST and _continues(line, held, width)):
            yield _joined(held)
            held = []
        held.append(line)
    if held:
        yield _joined(held)


def _joined(lines: list[Line]) -> Line:
    first = lines[0]
    if len(lines) == 1:
        return first
    return Line(" ".join(line.text.strip() for line in lines), first.locator, first.cell)


def _continues(line: Line, held: list[Line], width: int) -> bool:
    """Whether a line goes on with the paragraph that was held back: the line before it is full."""
    before = held[-1]
    if not line.words or line.cell != before.cell or len(held) == _LONGEST_PARAGRAPH:
        return False
    if (
        "\t" in line.text
        or "\t" in before.text
        or len(before.text) < _FULL * width
        or _BEGINS.match(line.text)
    ):
        return False
    ended = before.text.rstrip()[-1:] in tuple(".?!:")
    return not ended or line.text.lstrip()[:1].islower()


#: What begins a paragraph of its own.
_BEGINS = re.compile(
    r"\s*(?:[-\u2013\u2022\u00b7*\u25aa\uf0b7]\s|\(?(?:\d{1,2}|[a-z])[.)]\s|ACTION\b|To\b[^.]{0,80}(?::|$)|_{3}"
    r"|(?-i:[A-Z0-9][^.:]{1,40}:\s))",
    re.IGNORECASE,
)


def _after_text(text: str, section: str) -> tuple[str, Field, str] | None:
    if len(text) > LONGEST_FIELD or section == "annex":
        return None
    found = labelled_in(first_piece(text), first=True)
    if found is None or found[0] not in AFTER_TEXT:
        return None
    if not re.search(r"[:\uff1a]", text) and not (
        found[0] == "attachment" and found[1].label == text.strip()
    ):
        return None
    name, field_, rest = found
    if is_prose(rest):
        return None
    remains = text.split(":", 1)[-1] if ":" in text else rest
    return name, field_, remains.strip()


def _rows(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines with each table row of one-line cells as one line, its cells parted by tabs."""
    for row, group in groupby(lines, key=lambda line: line.cell[:-1]):
        members = list(group)
        cells = {line.cell for line in members}
        if row and 1 < len(cells) == len(members):
            place = members[0].locator.rpartition(" cell ")[0]
            yield Line("\t".join(line.text for line in members), place)
        else:
            yield from members
