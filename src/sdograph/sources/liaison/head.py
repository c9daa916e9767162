"""The head of a liaison statement: its fields line by line, up to where the text begins."""

from __future__ import annotations

import re

from sdograph.sources.liaison.labelling import (
    ENUMERATED,
    LONGEST_FIELD,
    PROSE,
    PURPOSE_CODE,
    SALUTATION,
    first_piece,
    heading_of,
    is_prose,
    is_sentence,
    labelled_in,
    next_words,
    pieces,
    spaced_label,
)
from sdograph.sources.liaison.labels import FIELD_OF, field_by_grammar, folded
from sdograph.sources.liaison.opening import NAMES_FORM, route_in
from sdograph.sources.liaison.parties import is_party
from sdograph.sources.liaison.sheet import Field, Line, Sheet

#: How far down a document labels of its head may stand.
_LONGEST_HEAD = 400
_RULE = re.compile(r"[\s_=*~.\u2014\u2013\u2500-\u257f+-]{4,}")
#: Fields that stand after the text as well.
AFTER_TEXT = frozenset(("attachment", "contacts", "deadline", "status", "approval", "cc"))
#: Fields whose value may be running text.
_OF_TEXT = frozenset(("abstract", "title"))
#: Fields whose labels sentences begin with: "Note: …", "Source: the survey presented to the group."
_IN_SENTENCES = frozenset(("other", "sender", "contacts", "number", "meeting", "question", "purpose"))
#: Fields whose values are names, days and codes, and no sentences.
_SHORT = frozenset(
    ("sender", "to", "cc", "date", "deadline", "release", "meeting", "number", "purpose", "status", "other")
)
#: What a sentence has and the name of a party has not.
_VERB = re.compile(
    r"(?:^|\s)(?:has|have|had|is|are|was|were|will|would|should|can|could|may|shall|does|do|thanks?|asks?|requests|invites?"
    r"|informs?|wish(?:es)?|like|appreciates?|kindly|please|agreed|approved|completed|discussed|received|started|begun|remercie"
    r"|prie|demande|informe|souhaite|agradece|solicita|invita|desea)\s+\S"
)
#: A line of this length may go on in the next.
_FULL = 60
_PARTIES = frozenset(("sender", "to", "cc"))
_UNKNOWN = re.compile(
    r"\s*(?P<label>[A-Z][^:\t,;()@]{2,48}?(?:\s?\([^()]{0,40}\))?)\s*\*?:(?!//)\*?\s*(?P<value>.{0,160})"
)
_ENVELOPE = ("title", "sender", "to", "date")
#: "Please reply by 2024-05-01", "Approved at SA3#110, …": a label without a colon.
_BY = re.compile(
    r"\s*(please\s+(?:reply|respond)\s+by|(?:approved|agreed|endorsed)\s+(?:at|by))\s+(\S.{0,80})$",
    re.IGNORECASE,
)
#: Fields whose labels tell that a line is one of a head.
_TELLING = frozenset(
    ("title", "sender", "to", "date", "cc", "in_reply_to", "deadline", "purpose", "attachment")
)


class Head:
    """Reads fields line by line, up to where the text begins."""

    def __init__(self, lines: list[Line], sheet: Sheet) -> None:
        self._lines = [
            Line(f"{found[1]}: {found[2]}", line.locator, line.cell)
            if (found := _BY.match(line.text))
            else line
            for line in lines
        ]
        self._sheet = sheet
        self._current: Field | None = None
        self._name = ""
        self._left: list[Line] = []
        """Lines below the table of the head: its text, unless more of the head follows."""
        self._route = route_in(lines)
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

    def _is_heading(self, index: int, line: Line) -> bool:
        return heading_of(line.text, "", next_words(self._lines, index)) is not None

    def _find_last_label(self) -> int:
        """The line of the last field of the envelope that is not there before; text cannot begin above it."""
        seen: set[str] = set()
        last = -1
        for index, line in enumerate(self._lines[:_LONGEST_HEAD]):
            if SALUTATION.match(line.text) or (seen and self._is_heading(index, line)):
                break
            found = labelled_in(first_piece(line.text), first=True)
            if found and found[0] in _ENVELOPE and found[0] not in seen:
                seen.add(found[0])
                last = index
        return last

    def _find_spaced(self) -> dict[int, int]:
        """Lines such as "Source ISO/IEC JTC 1/SC 6", parted by a space only: line -> end of the label.

        Only in a head that has three labels, and for fields that stand nowhere under a label of their own.
        """
        labelled: set[str] = set()
        spaced: dict[int, tuple[int, str]] = {}
        for index, line in enumerate(self._lines[:60]):
            found = labelled_in(first_piece(line.text), first=True)
            if found:
                labelled.add(found[0])
            elif SALUTATION.match(line.text) or (labelled and self._is_heading(index, line)):
                break
            elif not line.cell and len(line.text) < LONGEST_FIELD and (end := spaced_label(line.text)):
                spelling = folded(line.text[:end])
                name = FIELD_OF.get(spelling) or field_by_grammar(spelling, colon=False) or ""
                spaced.setdefault(index, (end, name))
        if len((labelled | {name for _, name in spaced.values()}).intersection(_TELLING)) < 3:
            return {}
        return {index: end for index, (end, name) in spaced.items() if name not in labelled}

    def _ends(self, index: int, line: Line) -> bool:
        if self._name == "body" or index > _LONGEST_HEAD:
            return True
        heading = heading_of(line.text, "", next_words(self._lines, index))
        fields = self._sheet.fields
        # Above the fields "Meetings" is a link to another page.
        if heading and (fields or heading[0] != "meetings") and not self._is_value(heading[0], line):
            return True
        if SALUTATION.match(line.text) and not line.cell:
            return True
        if index > self._last_label and not line.cell and self._ends_value(index, line):
            return True
        if len(line.text) > LONGEST_FIELD and (len(fields) > 1 or (not line.cell and index > 2)):
            return self._name not in _OF_TEXT or index > self._last_label
        if not fields and self._route and index > self._route.index and _is_text(line):
            return True
        if line.cell or index <= max(self._last_label, *self._spaced, -1) or not fields:
            return False
        labelled = labelled_in(first_piece(line.text), first=True, sure="\t" in line.text)
        if labelled and (not labelled[2] or labelled[0] not in _IN_SENTENCES or not is_prose(line.text)):
            return False
        if (labelled or self._current) and self._head_goes_on(index):
            return False
        if self._current and self._name == "title" and not _is_parted(self._current):
            return is_sentence(line.text)
        return is_sentence(line.text) or is_prose(line.text)

    def _ends_value(self, index: int, line: Line) -> bool:
        """Whether a line below a value is text: it ends like a sentence.

        Below parties and short values a verb is enough, and a heading.
        """
        if self._name in ("abstract", "body") or self._current is None or not _has_words(self._current):
            return False
        if labelled_in(first_piece(line.text), first=True, sure="\t" in line.text):
            return False
        if self._head_goes_on(index):
            return False
        if self._name not in _SHORT:
            begun = self._name == "title" and len(line.text) > _FULL and _VERB.search(line.text)
            return line.text.lstrip()[:1].isupper() and bool(begun or _is_text(line))
        words = ENUMERATED.sub("", line.text)
        is_heading = words != line.text and not is_party(words) and len(words) < PROSE
        return is_heading or _VERB.search(words) is not None

    def _head_goes_on(self, index: int) -> bool:
        """Whether labels follow that do not stand below a text."""
        below = [line for line in self._lines[index + 1 : index + 6] if line.words][:2]
        found = (labelled_in(first_piece(line.text), first=True, sure="\t" in line.text) for line in below)
        return any(label and label[0] not in AFTER_TEXT and not is_prose(label[2]) for label in found)

    def _is_value(self, section: str, line: Line) -> bool:
        """Whether a line that reads like a heading is the value of the label above it: "For: / Action"."""
        if section == "annex":
            return self._name == "attachment" and goes_on(self._current, line)
        is_empty = self._current is not None and not any(value.words for value in self._current.lines)
        if self._name == "title" and section == "description":
            return is_empty
        return self._name == "purpose" and is_empty and PURPOSE_CODE.fullmatch(line.text) is not None

    def _take(self, index: int, line: Line) -> None:
        if self._current and _leaves_table(self._current, line):
            self._current, self._name = None, "left"
        if NAMES_FORM.fullmatch(line.text):
            self._current, self._name = None, ""
            self._sheet.opening.append(line)
            return
        if end := self._spaced.get(index):
            line = Line(f"{line.text[:end]}:{line.text[end:]}", line.locator, line.cell)
        plain = ""
        place = self._place(index)
        first = place != "value"
        for piece, gap in pieces(line.text):
            sure = place == "label" or bool(gap) or self._stands_alone(index, piece)
            found = labelled_in(piece, first=first, sure=first and sure)
            if found is None and first and self._current:
                found = self._unknown(piece)
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

    def _unknown(self, piece: str) -> tuple[str, Field, str] | None:
        """A label that no list and no rule knows, below a list of parties: it ends the list."""
        match = _UNKNOWN.fullmatch(piece)
        if match is None or self._name not in _PARTIES or not self._current or not _has_words(self._current):
            return None
        if PURPOSE_CODE.fullmatch(match["label"]) or is_party(match["label"]) or is_party(match["value"]):
            return None
        return "other", Field(" ".join(match["label"].split())), match["value"].strip()

    def _stands_alone(self, index: int, piece: str) -> bool:
        """Whether a common word alone on a line is a label, by what is there already or stands below."""
        spelling = folded(piece)
        if piece.strip() == self._lines[index].text.strip() and next_words(self._lines, index):
            fields = self._sheet.fields
            if piece.isupper() and spelling in FIELD_OF and len(fields) > 1:
                return True
            if (
                len(fields) > 1
                and field_by_grammar(spelling, colon=False)
                and not PURPOSE_CODE.fullmatch(spelling)
            ):
                return True
        if spelling == "purpose":
            return PURPOSE_CODE.fullmatch(next_words(self._lines, index)) is not None
        return spelling == "body" and len(self._sheet.fields) > 3

    def _place(self, index: int) -> str:
        """Whether a line in a table is in the place of a label or of a value; empty where that is open."""
        line = self._lines[index]
        if not line.cell:
            return ""
        before = self._lines[index - 1].cell if index else ()
        after = self._lines[index + 1].cell if index + 1 < len(self._lines) else ()
        if before == line.cell or after == line.cell:
            return (
                ""
                if before[:-1] != line.cell[:-1] or (before == line.cell and line.cell[-1] == 1)
                else "value"
            )
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


#: "(if applicable)" on the line below a label, or before its value: a remark of the form itself.
_REMARK = re.compile(
    r"\s*(\([^()]{0,60}\))\s*(?:\t(.*)|$)|\s*(\((?:if applicable|if any|optional)\))\s*(.*)", re.IGNORECASE
)


def _is_text(line: Line) -> bool:
    """Whether a line without a label above it is text: a sentence with a verb, long or ended."""
    ends = len(line.text) > PROSE or line.words.endswith((".", ":", ";", "?"))
    return ends and _VERB.search(line.text) is not None


def _has_words(current: Field) -> bool:
    """Whether a field has a value already."""
    return any(value.words for value in current.lines)


def _leaves_table(current: Field, line: Line) -> bool:
    """Whether the field's value is in a table and the line below it is not."""
    last = current.lines[-1] if current.lines else None
    return last is not None and bool(last.cell) and not line.cell


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


def goes_on(after: Field | None, line: Line) -> bool:
    """Whether a line belongs to the value above it: no blank line and no running text."""
    if after is None:
        return False
    if not line.words:
        return not any(value.words for value in after.lines)
    return len(line.text) < PROSE
