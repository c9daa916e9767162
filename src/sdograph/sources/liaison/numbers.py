"""Numbers of documents: the statement's own, those its receivers gave it, and those of what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdograph import identifiers as ids
from sdograph.model import Reference
from sdograph.sources.liaison.sheet import Line, Sheet

#: Numbers of other bodies: "ZSM(25)000129r1" (ETSI), "SG17-LS123", "TSAG-LS5" (ITU-T).
_OTHER_NUMBER = re.compile(
    r"\b[A-Z][A-Za-z-]{1,20}\(\d\d\)\d{3,6}(?:r\d{1,2})?\b|\b[A-Z][A-Z0-9]{1,9}-o?LS-?\d+\b"
)
#: "(revision of S2-1811878)", "was S2-1811878": numbers of drafts, no numbers of this document.
_EARLIER = re.compile(
    r"\(?\s?\b(?:was|merger of|update of|rev(?:ised|ision)?\.? (?:of|from))\b:?"
    r"(?:[\s,;/&]{0,3}(?:and\s)?\b[A-Z][A-Z0-9]-\s?\d{5,7}(?:r\d{1,2})?\b)+\s?\)?",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(SA|RAN|CT)(?:[\s-]*WG)?[\s-]*(\d)?\b")
_PARTS = re.compile(r"([;\n]|,(?![^()]{0,300}\))|\s(?:and|&)\s(?![^()]{0,300}\)))")
_NAMES_A_SUBJECT = re.compile(r"\b(?:on|regarding|concerning|about)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in its normal form, the words it was read from and their place."""

    value: str
    words: str
    locator: str


def numbers_in(text: str) -> list[str]:
    """Every document number in a text, in its normal form, in order, each once."""
    return [*ids.tdoc_numbers(text), *dict.fromkeys(m[0] for m in _OTHER_NUMBER.finditer(text))]


def group_of(name: str) -> str | None:
    """The 3GPP group that a name stands for by its pattern: "3GPP TSG SA WG3 (security)" -> 3GPP-SA3."""
    found = _GROUP.search(re.sub(r"\([^()]*\)", "", name))
    return f"3GPP-{found[1]}{found[2] or ''}" if found else None


def own_and_received(
    sheet: Sheet, sender: tuple[Reference, ...], *, of_3gpp: bool
) -> tuple[Number | None, list[Number]]:
    """The number the sender gave the statement, and the numbers its receivers gave it.

    A 3GPP number tells by its first letters which group gave it. ``of_3gpp``: the sender is of 3GPP even
    where its name does not say so, as in drafts that a company submits; then the first number is its own.
    """
    groups = {group_of(reference.text) for reference in sender}
    found = list(_numbers(sheet))
    own = next((n for n in found if ids.tdoc_group(n.value) in groups - {None}), None)
    if own is None:
        foreign = (n for n in found if of_3gpp or ids.tdoc_group(n.value) is None)
        own = next(foreign, None)
    received = [n for n in found if own is None or n.value != own.value]
    received += [
        Number(value, line.words, line.locator)
        for line in sheet.values("received_number")
        for value in numbers_in(line.text)
    ]
    return own, received


def _numbers(sheet: Sheet) -> Iterator[Number]:
    seen = set()
    for line in (*sheet.opening, *sheet.values("number")):
        text = _EARLIER.sub(" ", line.text)
        for value in numbers_in(text):
            if value not in seen:
                seen.add(value)
                yield Number(value, _as_written(text, value), line.locator)


def _as_written(text: str, value: str) -> str:
    """The words that make a number, with the spaces that people put into it."""
    pattern = r"\s?".join(re.escape(char) for char in value)
    found = re.search(pattern, text)
    return found[0] if found else value


def replies(sheet: Sheet, sender: tuple[Reference, ...]) -> Iterator[Reference]:
    """Each document that the statement answers, by the number its own sender gave it.

    Several numbers in one entry ("S5-186491/S2-189049") are numbers of one document: that of its sender, and
    that under which the answering group received it.
    """
    groups = {group_of(reference.text) for reference in sender}
    for line in sheet.values("in_reply_to"):
        for entry in _entries(line):
            numbers = numbers_in(entry)
            theirs = [n for n in numbers if ids.tdoc_group(n) not in groups - {None}] or numbers
            yield Reference(
                text=theirs[0] if theirs else " ".join(entry.split()),
                field="in_reply_to",
                kind="document",
                locator=line.locator,
                title=_title(entry, numbers) if numbers else None,
            )


def _title(entry: str, numbers: list[str]) -> str | None:
    """What is said beside the numbers of a document, if it is a title."""
    for number in numbers:
        entry = entry.replace(_as_written(entry, number), "")
    left = re.sub(r"\(\s*\)|(?<!\S)/+(?!\S)", " ", entry)
    words = " ".join(left.split()).strip(' /,:()[]"“”')
    return words if _NAMES_A_SUBJECT.search(words) else None


def _entries(line: Line) -> list[str]:
    """The line's entries; a part without a number goes on with the entry before it, as titles have commas."""
    entries: list[str] = []
    parts = _PARTS.split(line.text)
    for part, separator in zip(parts[::2], ["", *parts[1::2]], strict=True):
        if entries and not numbers_in(part):
            entries[-1] += separator + part
        elif part.strip():
            entries.append(part)
    return entries
