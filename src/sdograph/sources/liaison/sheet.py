"""Lines of a document -> labelled fields and sections, whatever carries them: lines, tabs or table cells.

A table is read cell after cell, so that label and value on one line, on two lines, parted by a tab, by spaces or
in two cells all come to the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from sdograph.sources.documents.mail import MEDIA_TYPE as MAIL
from sdograph.sources.documents.pdf import MEDIA_TYPE as PDF
from sdograph.sources.documents.webpage import MEDIA_TYPE as HTML
from sdograph.sources.liaison.labels import FIELD_OF, SECTIONS, field_by_grammar, folded
from sdograph.sources.plain import MEDIA_TYPE as PLAIN
from sdograph.sources.text import Cell, TextDocument

#: A line longer than this is running text, no field of the head.
_LONGEST_FIELD = 300
#: A line of this length that ends like a sentence is running text.
_PROSE = 90
#: How far down a document labels of its head may stand.
_LONGEST_HEAD = 400
_TOP = 80
#: Words too common to be a label without a colon, unless something stands beside them.
_NEED_COLON = frozenset(
    "for name attached wi tel a de re but q doc text body number ref type note notes received pages issued sent posted "
    "state stage due approved network organization organisation company country chair editor nature regarding history "
    "language status document reference purpose response reply".split()
)

_BULLET = re.compile(r"^\s*(?:[*\u2022\u00b7\u25aa\u25cf\uf0b7>-]\s*|(?:\d{1,2}|[a-z])[.)]\s+)")
_LABEL = re.compile(r"\s*(?P<label>[^:\uff1a\t()\[\]]{1,50})(?P<remark>(?:\s?[(\[][^()\[\]]{0,60}[)\]]\s?){0,3})\s*$")
#: What parts labels and values on one line; a bar only where the line is a row of a table drawn with bars.
_GAPS = re.compile(r"(\t+|\ {2,})")
_BARS = re.compile(r"\s*\|\s*")
_RULE = re.compile(r"[\s_=*~.\u2014\u2013\u2500-\u257f+-]{4,}")
#: A line that says what the document is, amid the fields of its head.
_NAMES_FORM = re.compile(
    r"\W*(?:(?:reply|response|incoming|outgoing|draft)\s+)?(?:liaison\s+statements?|d[e\u00e9]claration\s+de\s+liaison"
    r"|note\s+de\s+liaison|declaraci[o\u00f3]n\s+de\s+(?:coordinaci[o\u00f3]n|enlace)|nota\s+de\s+enlace)\W*",
    re.IGNORECASE,
)
SALUTATION = re.compile(
    r"\s*(?:dear\b|to\s+whom\s+it\s+may|ch[e\u00e8]re?s?\s+(?:coll|m|p)|madame|mesdames|messieurs|monsieur"
    r"|estimad[oa]s?\b|muy\s+se[n\u00f1]or|greetings\b|distinguid[oa]s?\b)",
    re.IGNORECASE,
)
#: Fields that stand after the text as well.
_AFTER_TEXT = frozenset(("attachment", "contacts", "deadline", "status", "approval", "cc"))
#: Fields whose value may be running text.
_OF_TEXT = frozenset(("abstract", "title"))
_ENVELOPE = ("title", "sender", "to", "date")
#: "Please reply by 2024-05-01": a label without a colon.
_BY = re.compile(r"\s*(please\s+(?:reply|respond)\s+by)\s+(\S.{0,60})$", re.IGNORECASE)
#: "Action: For information", "Requested action: ACT": what the receivers get it for, no heading of a section.
_PURPOSE_CODE = re.compile(
    r"\W*(?:(?:for|pour|para)\s)?(?:your\s)?(?:action|act|comments?|comm?|information|info?|fyi|response|reply|review"
    r"|consideration|none|vote|discussion)(?:\s(?:and|or)\s\w+)?\W*",
    re.IGNORECASE,
)


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
    """A label as written, the remark in parentheses after it, and the lines of its value, blank ones too.

    A field that was found without a label, by where and how it is written, says so by its ``rule``.
    """

    label: str
    remark: str = ""
    lines: list[Line] = field(default_factory=list)
    rule: str = ""
    confidence: float = 1.0


@dataclass(slots=True)
class Sheet:
    """A liaison statement taken apart: what stands before the first label, fields and sections by name."""

    name: str
    opening: list[Line] = field(default_factory=list)
    fields: dict[str, list[Field]] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    """Page headers and body, untouched."""

    @property
    def top(self) -> list[Line]:
        """The first lines, for what has no label but a place."""
        return self.lines[:_TOP]

    def names(self, name: str, pattern: str) -> bool:
        """Whether the value of a field has words of a pattern."""
        return any(re.search(pattern, line.text) for line in self.values(name))

    def values(self, name: str) -> list[Line]:
        """The lines of a field that say something."""
        return [line for f in self.fields.get(name, ()) for line in f.lines if not is_placeholder(line.words)]

    def label(self, name: str) -> str:
        """The label under which a field stands, as written; the one whose value says something."""
        return self.stated(name).label

    def rule(self, name: str) -> str:
        """The rule by which a field was found: its label, or what stands for one."""
        return self.stated(name).rule or f"label {self.label(name)}"

    def stated(self, name: str) -> Field:
        """The first field of a name that says something, else the first."""
        fields = self.fields[name]
        return next((f for f in fields if any(not is_placeholder(x.words) for x in f.lines)), fields[0])

    def body(self) -> Iterator[Line]:
        """The running text: abstract, description, actions and annexes."""
        yield from self.values("abstract")
        for name in ("description", "actions", "annex"):
            yield from self.sections.get(name, ())


_PLACEHOLDER = re.compile(
    r"[\W_]*|\W*(?:n/?a|none|nil|no|not applicable|tbd|tbc|aucune?|n[e\u00e9]ant|ninguno|no document has been attached"
    r"|sans objet|no aplica)\W*|(?=\D*$).{0,80}\bif applicable\W*",
    re.IGNORECASE,
)


def is_placeholder(words: str) -> bool:
    """Whether a value says nothing: "n/a", "none", "-", or the form's own "Attached … - if applicable"."""
    return _PLACEHOLDER.fullmatch(words) is not None


_HEADINGS = [
    (
        name,
        re.compile(
            rf"\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}\s?[.):]?\s*)?(?:{'|'.join(patterns)})"
            r"\s*(?:[:\uff1a.]?\s*$|[:\uff1a.]?\s*\t(?P<cell>.*)|[:\uff1a]\s*(?P<rest>.+))",
            re.IGNORECASE,
        ),
    )
    for name, patterns in SECTIONS.items()
]


def read_sheet(document: TextDocument) -> Sheet:
    """The document taken apart."""
    sheet = Sheet(document.name)
    lines = [Line(b.text, b.locator, b.cell) for b in document.blocks if b.part == "body"]
    headers = [Line(b.text, b.locator) for b in document.blocks if b.part == "header"]
    sheet.lines = [*headers, *lines]
    # What the headers of a mail say is said of the mail.
    sheet.opening += [] if document.media_type == MAIL else headers
    end, beyond = _Head(lines, sheet).read()
    _text(lines[end:], beyond, sheet, wrapped=document.media_type in _BROKEN_AT_A_WIDTH)
    sheet.opening += [Line(b.text, b.locator) for b in document.blocks if b.part == "footer"]
    return sheet


def _beside(lines: list[Line], index: int) -> str:
    """What stands to the right of a line or below it."""
    return next((line.words for line in lines[index + 1 : index + 4] if line.words), "")


# --- the head


class _Head:
    """Reads fields line by line, up to where the text begins."""

    def __init__(self, lines: list[Line], sheet: Sheet) -> None:
        self._lines = [
            Line(f"{found[1]}: {found[2]}", line.locator, line.cell) if (found := _BY.match(line.text)) else line
            for line in lines
        ]
        self._sheet = sheet
        self._current: Field | None = None
        self._name = ""
        self._left: list[Line] = []
        """Lines below the table of the head: its text, unless more of the head follows."""
        self._spaced = self._find_spaced()
        self._last_label = self._find_last_label()

    def read(self) -> tuple[int, list[Line]]:
        """Fills opening and fields; returns where the text begins, and lines before that are text too."""
        for index, line in enumerate(self._lines):
            if self._ends(index, line):
                return index, [*self._left, *_beyond(self._current)]
            self._take(index, line)
            if self._name == "body":
                break
        else:
            index = len(self._lines) - 1
        text = [*self._left, *_beyond(self._current)]
        if self._name == "body" and self._current:
            text += self._current.lines
        return index + 1, text

    def _find_last_label(self) -> int:
        """The line of the last field of the envelope that is not there before; text cannot begin above it."""
        seen = set()
        last = -1
        for index, line in enumerate(self._lines[:_LONGEST_HEAD]):
            if SALUTATION.match(line.text) or _heading(line.text, "", _beside(self._lines, index)):
                break
            found = _labelled(_first_piece(line.text), first=True)
            if found and found[0] in _ENVELOPE and found[0] not in seen:
                seen.add(found[0])
                last = index
        return last

    def _find_spaced(self) -> dict[int, int]:
        """Lines such as "Source ISO/IEC JTC 1/SC 6", label and value parted by one space: line -> end of the label.

        Only in a head that has three labels, and for fields that stand nowhere under a label of their own.
        """
        labelled: set[str] = set()
        spaced: dict[int, tuple[int, str]] = {}
        for index, line in enumerate(self._lines[:60]):
            found = _labelled(_first_piece(line.text), first=True)
            if found:
                labelled.add(found[0])
            elif SALUTATION.match(line.text) or _heading(line.text, "", _beside(self._lines, index)):
                break
            elif not line.cell and len(line.text) < _LONGEST_FIELD and (end := _spaced_label(line.text)):
                spelling = folded(line.text[:end])
                name = FIELD_OF.get(spelling) or field_by_grammar(spelling, colon=False) or ""
                spaced.setdefault(index, (end, name))
        if len((labelled | {name for _, name in spaced.values()}).intersection(_TELLING)) < 3:
            return {}
        return {index: end for index, (end, name) in spaced.items() if name not in labelled}

    def _ends(self, index: int, line: Line) -> bool:
        if self._name == "body" or index > _LONGEST_HEAD:
            return True
        heading = _heading(line.text, "", _beside(self._lines, index))
        if heading and not self._is_value(heading[0], line):
            return True
        fields = self._sheet.fields
        if SALUTATION.match(line.text) and not line.cell:
            return True
        if len(line.text) > _LONGEST_FIELD and (len(fields) > 1 or (not line.cell and index > 2)):
            return self._name not in _OF_TEXT or index > self._last_label
        if line.cell or index <= self._last_label or not fields:
            return False
        labelled = _labelled(_first_piece(line.text), first=True, sure="\t" in line.text)
        if labelled and (labelled[0] in _OF_TEXT or not _is_prose(line.text)):
            return False
        if (labelled or self._current) and self._head_goes_on(index):
            return False
        if self._current and self._name == "title" and not _is_parted(self._current):
            return _is_sentence(line.text)
        return _is_sentence(line.text) or _is_prose(line.text)

    def _head_goes_on(self, index: int) -> bool:
        """Whether labels follow that do not stand below a text."""
        below = [line for line in self._lines[index + 1 : index + 6] if line.words][:2]
        found = (_labelled(_first_piece(line.text), first=True, sure="\t" in line.text) for line in below)
        return any(label and label[0] not in _AFTER_TEXT and not _is_prose(label[2]) for label in found)

    def _is_value(self, section: str, line: Line) -> bool:
        """Whether a line that reads like a heading is the value of the label above it: "For: / Action"."""
        if section == "annex":
            return self._name == "attachment" and _goes_on(self._current, line)
        is_empty = self._current is not None and not any(value.words for value in self._current.lines)
        return self._name == "purpose" and is_empty and _PURPOSE_CODE.fullmatch(line.text) is not None

    def _take(self, index: int, line: Line) -> None:
        if self._current and _leaves_table(self._current, line):
            self._current, self._name = None, "left"
        if _NAMES_FORM.fullmatch(line.text):
            self._current, self._name = None, ""
            self._sheet.opening.append(line)
            return
        if end := self._spaced.get(index):
            line = Line(f"{line.text[:end]}:{line.text[end:]}", line.locator, line.cell)
        plain = ""
        place = self._place(index)
        first = place != "value"
        for piece, gap in _pieces(line.text):
            sure = place == "label" or bool(gap) or self._stands_alone(index, piece)
            found = _labelled(piece, first=first, sure=first and sure)
            first = first and not piece.strip()
            if found is None:
                plain += piece + gap
                continue
            self._keep(plain, line)
            self._name, self._current = found[:2]
            plain = found[2] + gap if found[2] else ""
            self._drop_left()
            self._sheet.fields.setdefault(self._name, []).append(self._current)
        if plain.strip() or self._current is None or not line.text.strip():
            self._keep(plain, line)

    def _stands_alone(self, index: int, piece: str) -> bool:
        """Whether a common word alone on a line is a label after all, by what is there already or stands below."""
        spelling = folded(piece)
        if piece.strip() == self._lines[index].text.strip() and _beside(self._lines, index):
            fields = self._sheet.fields
            if piece.isupper() and spelling in FIELD_OF and len(fields) > 1:
                return True
            if len(fields) > 1 and field_by_grammar(spelling, colon=False) and not _PURPOSE_CODE.fullmatch(spelling):
                return True
        if spelling == "purpose":
            return _PURPOSE_CODE.fullmatch(_beside(self._lines, index)) is not None
        return spelling == "body" and len(self._sheet.fields) > 3

    def _place(self, index: int) -> str:
        """Whether a line in a table is in the place of a label or of a value; empty where that is open."""
        line = self._lines[index]
        if not line.cell:
            return ""
        before = self._lines[index - 1].cell if index else ()
        after = self._lines[index + 1].cell if index + 1 < len(self._lines) else ()
        if before == line.cell or after == line.cell:
            return "" if before[:-1] != line.cell[:-1] or before == line.cell and line.cell[-1] == 1 else "value"
        if after[:-1] == line.cell[:-1]:
            return "label"
        return "value" if before[:-1] == line.cell[:-1] else ""

    def _drop_left(self) -> None:
        self._sheet.opening += self._left
        self._left = []

    def _keep(self, text: str, line: Line) -> None:
        kept = Line("" if _RULE.fullmatch(text) else text, line.locator, line.cell)
        current = self._current
        if current is None:
            (self._left if self._name == "left" else self._sheet.opening).append(kept)
            return
        remark = None if any(value.words for value in current.lines) else _REMARK.fullmatch(text)
        if remark:
            current.remark = f"{current.remark} {remark[1] or remark[3]}".strip()
            kept = Line(remark[2] or remark[4] or "", line.locator, line.cell)
        current.lines.append(kept)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a line that may each be label or value, each with the gap after it."""
    if text.lstrip().startswith("|"):
        text = _BARS.sub("\t", text.strip(" |"))
    parts = _GAPS.split(text)
    yield from zip(parts[::2], [*parts[1::2], ""], strict=True)


#: Fields whose labels tell that a line is one of a head.
_TELLING = frozenset(("title", "sender", "to", "date", "cc", "in_reply_to", "deadline", "purpose", "attachment"))
_WORD = re.compile(r"\S+")
#: "Liaison statement to SA3", "Reply to …": beginnings of titles rather than labels.
_PHRASE = re.compile(r"(?:liaison|ls|reply|response|answer|statement|letter|document|draft)\b")


def _spaced_label(text: str) -> int:
    """Where a label ends that one space parts from its value; 0 where no line of a head is to be seen.

    After a label of one word the value begins with a capital or a digit, as a sentence mostly does not.
    """
    if field_by_grammar(folded(text), colon=False):
        return 0  # the whole line is a label
    words = list(_WORD.finditer(text))[:6]
    for count in range(min(5, len(words) - 1), 0, -1):
        label = text[words[0].start() : words[count - 1].end()]
        if not label[0].isupper() or not label[-1].isalpha():
            continue
        spelling = folded(label)
        field = FIELD_OF.get(spelling, "")
        if _PHRASE.match(spelling) and field not in ("title", "deadline", "date", "other", "status"):
            continue
        known = field not in ("", "number") or (count > 1 and field_by_grammar(spelling, colon=False) is not None)
        after = text[words[count].start()]
        if known and (count > 1 or (after.isupper() or not after.isalpha())) and label.split()[-1] not in ("to", "of"):
            return words[count - 1].end()
        if known and label.lower().endswith((" to", "action", "information", "comment")):
            return words[count - 1].end()
    return 0


def _first_piece(text: str) -> str:
    return next((piece for piece, _ in _pieces(text) if piece.strip()), "")


def _labelled(piece: str, *, first: bool, sure: bool = False) -> tuple[str, Field, str] | None:
    """The field that a piece begins, with the rest of the piece.

    Without a colon only the first piece of a line can be a label, as a whole; a common word only where something
    else stands beside it (``sure``).
    """
    before, colon, rest = _at_colon(piece)
    if not colon and not first:
        return None
    match = _LABEL.fullmatch(_BULLET.sub("", before).strip("*_ "))
    if match is None:
        return None
    spelling = folded(match["label"])
    name = FIELD_OF.get(spelling) or _in_two_languages(match["label"])
    if name is None and (colon or sure):
        name = field_by_grammar(spelling, colon=bool(colon))
    if name is None or (not colon and not sure and (spelling in _NEED_COLON or _PURPOSE_CODE.fullmatch(spelling))):
        return None
    label = " ".join(match["label"].split())
    return name, Field(label, " ".join(match["remark"].split())), rest.strip("*_ \t")


def _at_colon(piece: str) -> tuple[str, str, str]:
    match = re.match(r"([^:\uff1a]{1,120}?)\s*\*{0,2}([:\uff1a])\*{0,2}\s*(.*)", piece, re.DOTALL)
    return (match[1], match[2], match[3]) if match else (piece, "", "")


def _in_two_languages(label: str) -> str | None:
    """The field of "Title / Titre", "Cc/Copy", of which every part is a label."""
    parts = [FIELD_OF.get(folded(part)) for part in re.split(r"[/,]|\sor\s", label)]
    return parts[0] if len(parts) > 1 and all(parts) else None


#: "(if applicable)" on the line below a label, or before its value: a remark of the form itself.
_REMARK = re.compile(
    r"\s*(\([^()]{0,60}\))\s*(?:\t(.*)|$)|\s*(\((?:if applicable|if any|optional)\))\s*(.*)", re.IGNORECASE
)


def _leaves_table(current: Field, line: Line) -> bool:
    """Whether the field's value is in a table and the line below it is not."""
    last = current.lines[-1] if current.lines else None
    return last is not None and bool(last.cell) and not line.cell


def _is_sentence(text: str) -> bool:
    """Whether a line is long and ends like a sentence, or has an end of one in it."""
    return len(text) > _PROSE and re.search(r"[.:;?]\s*$|[.?!]\s+[A-Z\u00c0-\u00dc]", text) is not None


def _is_prose(text: str) -> bool:
    """Whether a line is running text, though it may go on in the next: mostly words without capitals."""
    words = re.findall(r"[^\W\d_]\w*", text)
    return len(words) > 9 and sum(word[0].islower() for word in words) > 0.6 * len(words)


def _is_parted(current: Field) -> bool:
    """Whether a blank line follows the field's value."""
    words = [line.words for line in current.lines]
    begun = next((i for i, value in enumerate(words) if value), len(words))
    return "" in words[begun:]


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


# --- the text


def _text(lines: list[Line], beyond: list[Line], sheet: Sheet, *, wrapped: bool) -> None:
    """Fills the sections, and the fields that stand below the text."""
    current = "description"
    sections: dict[str, list[Line]] = {current: list(beyond)}
    after: Field | None = None
    after_name = ""
    for index, line in enumerate(lines):
        heading = _heading(line.text, current, _beside(lines, index))
        if heading and heading[0] == "annex" and after_name == "attachment" and _goes_on(after, line):
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
        elif after and _goes_on(after, line):
            after.lines.append(line)
        else:
            after = None
            sections.setdefault(current, []).append(line)
    for name in ("description", "actions", "annex") if wrapped else ():
        sections[name] = list(_unwrapped(sections.get(name, [])))
    sheet.sections = {name: list(_rows(section)) for name, section in sections.items() if section or name == "description"}


#: Kinds of documents whose lines can be parts of a paragraph.
_BROKEN_AT_A_WIDTH = frozenset((PLAIN, PDF, MAIL, HTML))
#: Lines of a text that was broken at a width are at most so long, and all but the last of a paragraph so full.
_WIDEST, _FULL = 130, 0.75


def _unwrapped(lines: list[Line]) -> Iterator[Line]:
    """Lines of a paragraph that was broken at a width as one, at the place of the first."""
    width = max((len(line.text) for line in lines), default=0)
    held: Line | None = None
    length = 0
    for line in lines:
        follows = line.words and "\t" not in line.text and not _BEGINS.match(line.text)
        if held and re.search(r"[.?!:]\s*$", held.text) and not line.text.lstrip()[:1].islower():
            follows = False
        if held and follows and held.cell == line.cell and length >= _FULL * width and (width <= _WIDEST):
            held = Line(f"{held.text.rstrip()} {line.text.lstrip()}", held.locator, held.cell)
        else:
            if held:
                yield held
            held = line
        length = len(line.text) if "\t" not in line.text and line.words else 0
    if held:
        yield held


#: What begins a paragraph of its own.
_BEGINS = re.compile(r"\s*(?:[-\u2013\u2022\u00b7*\u25aa\uf0b7]\s|\(?(?:\d{1,2}|[a-z])[.)]\s|ACTION\b|To\b[^.]{0,80}(?::|$)|_{3})", re.IGNORECASE)


def _after_text(text: str, section: str) -> tuple[str, Field, str] | None:
    if len(text) > _LONGEST_FIELD or section == "annex":
        return None
    found = _labelled(_first_piece(text), first=True)
    if found is None or found[0] not in _AFTER_TEXT:
        return None
    if not re.search(r"[:\uff1a]", text) and not (found[0] == "attachment" and found[1].label == text.strip()):
        return None
    name, field_, rest = found
    if _is_prose(rest):
        return None
    remains = text.split(":", 1)[-1] if ":" in text else rest
    return name, field_, remains.strip()


def _goes_on(after: Field | None, line: Line) -> bool:
    """Whether a line belongs to the value above it: no blank line and no running text."""
    if after is None:
        return False
    if not line.words:
        return not any(value.words for value in after.lines)
    return len(line.text) < _PROSE


def _heading(text: str, current: str, beside: str) -> tuple[str, str] | None:
    if len(text) > _LONGEST_FIELD and "\t" not in text:
        return None
    for name, pattern in _HEADINGS:
        match = pattern.match(text)
        if match is None:
            continue
        rest = match["cell"] or match["rest"] or ""
        if name == "actions" and _PURPOSE_CODE.fullmatch(rest or beside):
            return None
        # "ACTION:" within the actions begins one action, not the section again.
        if match["number"] or name != current or name == "description":
            return name, rest
    return None


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
