"""Lines of a document -> labelled fields and sections, whatever carries them: lines, tabs or table cells.

A table is read cell after cell, so that label and value on one line, on two lines, parted by a tab or in two
cells all come to the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from sdograph.sources.liaison.labels import Spellings
from sdograph.sources.text import Cell, TextDocument

#: A line longer than this is running text, no field of the head.
_LONGEST_FIELD = 300
#: Words too common to be a label without a colon.
_NEED_COLON = frozenset({"for", "name", "attached", "wi", "tel"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its place."""

    text: str
    locator: str
    cell: Cell = ()

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())


@dataclass(slots=True)
class Field:
    """A label as written, the remark in parentheses after it, and the lines of its value, blank ones too."""

    label: str
    remark: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """A liaison statement taken apart: what stands before the first label, fields and sections by name."""

    name: str
    opening: list[Line] = field(default_factory=list)
    fields: dict[str, list[Field]] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)

    def values(self, name: str) -> list[Line]:
        """The lines of a field that say something."""
        return [line for f in self.fields.get(name, ()) for line in f.lines if not is_placeholder(line.words)]

    def label(self, name: str) -> str:
        """The label under which a field stands, as written."""
        return self.fields[name][0].label

    def body(self) -> Iterator[Line]:
        """The running text: description, actions and annexes."""
        for name in ("description", "actions", "annex"):
            yield from self.sections.get(name, ())


_PLACEHOLDER = re.compile(
    r"\W*|\W*(?:n/?a|none|nil|no|not applicable|tbd|tbc)\W*|(?=\D*$).{0,80}\bif applicable\W*", re.IGNORECASE
)


def is_placeholder(words: str) -> bool:
    """Whether a value says nothing: "n/a", "none", "-", or the form's own "Attached … - if applicable"."""
    return _PLACEHOLDER.fullmatch(words) is not None


class Reader:
    """Takes documents apart by one layout's spellings."""

    def __init__(self, labels: Spellings, sections: Spellings) -> None:
        self._field_of = {_folded(s): name for name, spellings in labels.items() for s in spellings}
        by_length = sorted(self._field_of, key=len, reverse=True)
        spelling = "|".join(re.escape(s).replace(r"\ ", r"[\s-]+") for s in by_length)
        self._label = re.compile(
            rf"\s*(?P<label>{spelling})(?P<remark>(?:\s?\([^()]{{0,60}}\))*)\s*(?:(?P<colon>[:\uff1a])\s*(?P<rest>.*)|$)",
            re.IGNORECASE,
        )
        self._headings = [
            (
                name,
                re.compile(
                    rf"\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}\s?[.):]?\s*)?(?:{'|'.join(patterns)})"
                    r"\s*(?:[:\uff1a.]?\s*$|[:\uff1a.]?\s*\t(?P<cell>.*)|[:\uff1a]\s*(?P<rest>.+))",
                    re.IGNORECASE,
                ),
            )
            for name, patterns in sections.items()
        ]

    def read(self, document: TextDocument) -> Sheet:
        """The document taken apart."""
        sheet = Sheet(document.name)
        lines = [Line(b.text, b.locator, b.cell) for b in document.blocks if b.part == "body"]
        sheet.opening += [Line(b.text, b.locator) for b in document.blocks if b.part == "header"]
        end, last = self._head(lines, sheet)
        current = "description"
        section: list[Line] = sheet.sections.setdefault(current, [])
        section += _beyond(last)
        for line in lines[end:]:
            heading = self._heading(line.text, current)
            if heading is None:
                section.append(line)
                continue
            current, rest = heading
            section = sheet.sections.setdefault(current, [])
            if rest:
                section.append(Line(rest, line.locator, line.cell))
        sheet.sections = {name: list(_rows(lines)) for name, lines in sheet.sections.items()}
        return sheet

    def _head(self, lines: list[Line], sheet: Sheet) -> tuple[int, Field | None]:
        """Fills opening and fields; returns where the sections begin, and the last field before them."""
        current: Field | None = None
        for index, line in enumerate(lines):
            if self._heading(line.text, "") or (len(sheet.fields) > 1 and len(line.text) > _LONGEST_FIELD):
                return index, current
            plain: list[str] = []
            first = True
            for segment in line.text.split("\t"):
                found = self._labelled(segment, first=first)
                first = first and not segment.strip()
                if found is None:
                    plain.append(segment)
                    continue
                _keep("\t".join(plain), line, current, sheet)
                name, current, rest = found
                sheet.fields.setdefault(name, []).append(current)
                plain = [rest] if rest else []
            if plain or current is None:
                _keep("\t".join(plain), line, current, sheet)
        return len(lines), current

    def _labelled(self, segment: str, *, first: bool) -> tuple[str, Field, str] | None:
        match = self._label.fullmatch(segment)
        if match is None:
            return None
        spelling = _folded(match["label"])
        if not match["colon"] and (not first or spelling in _NEED_COLON):
            return None
        label = " ".join(match["label"].split())
        remark = " ".join(match["remark"].split())
        return self._field_of[spelling], Field(label, remark), match["rest"] or ""

    def _heading(self, text: str, current: str) -> tuple[str, str] | None:
        if len(text) > _LONGEST_FIELD and "\t" not in text:
            return None
        for name, pattern in self._headings:
            match = pattern.match(text)
            # "ACTION:" within the actions begins one action, not the section again.
            if match and (match["number"] or name != current or name == "description"):
                return name, match["cell"] or match["rest"] or ""
        return None


def _folded(spelling: str) -> str:
    return re.sub(r"[\s-]+", " ", spelling.lower())


#: "(if applicable)" on the line below a label, or before its value: a remark of the form itself.
_REMARK = re.compile(
    r"\s*(\([^()]{0,60}\))\s*(?:\t(.*)|$)|\s*(\((?:if applicable|if any|optional)\))\s*(.*)", re.IGNORECASE
)


def _keep(text: str, line: Line, current: Field | None, sheet: Sheet) -> None:
    if current is None:
        sheet.opening.append(Line(text, line.locator, line.cell))
        return
    remark = None if any(kept.words for kept in current.lines) else _REMARK.fullmatch(text)
    if remark:
        current.remark = f"{current.remark} {remark[1] or remark[3]}".strip()
        text = remark[2] or remark[4] or ""
    current.lines.append(Line(text, line.locator, line.cell))


def _beyond(last: Field | None) -> list[Line]:
    """Takes off the last field what follows its value after a blank line: text without a heading of its own.

    Within the head blank lines part nothing, as the next label ends a value.
    """
    begun = False
    for index, line in enumerate(last.lines if last else ()):
        if line.words:
            begun = True
        elif begun and last:
            beyond = last.lines[index:]
            del last.lines[index:]
            return beyond
    return []


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
