"""One text under several numbers: twin texts, transpositions, adoptions, amendments, parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sdograph.linking.codes import exact_form
from sdograph.overlap.items import Item
from sdograph.overlap.words import subject, terms

#: ETSI publishes 3GPP TS 28.105 as TS 128 105 (3GPP TR 21.900, clause 4); other series are its own.
_TRANSPOSED = re.compile(r"^T([SR])1(2[1-9]|3[0-8]|4[1-9]|5[0-5])(\d{3})(-\d+(?:-\d+)*)?$")
_NAMES_3GPP = re.compile(r"\(3GPP (T[SR]) (\d{2}\.\d{3}(?:-\d+)*)\b")
#: Standards of ISO and IEC, under their own number or within that of who adopted them or has the same text.
_OF_ISO = re.compile(
    r"\bISO(?:/IEC)?(?:/(?:TS|TR|PAS))?[ -](?:[A-Z]{2,4} )?(?:TS |TR |PAS )?(\d{3,6}(?:-\d+)*)(?:\.\d)?\b"
)
_CHANGE = re.compile(r"(?:\bAmd\.?|\bCor\.?|\bAmendment|\bCorrigendum|/(?:pr)?A)\s?(\d+)", re.IGNORECASE)
#: The number of a part stands behind that of the document; "SAI-014" is no part of anything.
_PART = re.compile(r"(?<=\d)-\d+(?:-\d+)*$")
#: Titles of fewer words may be equal by chance: "Terminology", "Security architecture".
_TELLING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SameText:
    """Why two items are one text, or belong to one: the rule, and what it was read from."""

    rule: str
    text: str


class Kin:
    """Which items of a collection may be one text with another: they share a number or a title."""

    def __init__(self, marked: Sequence[Sequence[str]]) -> None:
        """``marked`` are the marks of each item, as :func:`marks` gives them."""
        self._groups: dict[str, list[int]] = defaultdict(list)
        for n, its in enumerate(marked):
            for mark in its:
                self._groups[mark].append(n)

    def of(self, marks: Iterable[str]) -> set[int]:
        """The places of all items that bear one of the marks."""
        return {n for mark in marks for n in self._groups.get(mark, ())}


def marks(item: Item, words: Sequence[str]) -> Iterator[str]:
    """What an item shares with each that may be one text with it; ``words`` are those of its title."""
    for name in sorted({name for name, _ in _names(item.code, item.body, item.title)}):
        yield name
        yield f"{item.body}|{_document(name)}"
    if len(words) >= _TELLING:
        yield f"|{' '.join(words)}"


@lru_cache(maxsize=1 << 17)
def _told(title: str) -> tuple[str, ...]:
    return tuple(terms(subject(title)))


def same_text(left: Item, right: Item) -> SameText | None:
    """Whether two items are one text by their numbers or titles; None when nothing says so."""
    for name, change in sorted(_names(left.code, left.body, left.title)):
        for other, its_change in sorted(_names(right.code, right.body, right.title)):
            if name == other:
                rule = "same number" if change == its_change else "amendment of the same text"
                return SameText(rule=rule, text=f"{left.code} = {right.code}")
            if left.body == right.body and _document(name) == _document(other):
                return SameText(rule="part of the same document", text=f"{left.code}, {right.code}")
    if len(told := _told(left.title)) >= _TELLING and told == _told(right.title):
        return SameText(rule="equal title", text=subject(left.title))
    return None


def _document(name: str) -> str:
    return _PART.sub("", name)


@lru_cache(maxsize=1 << 17)
def _names(code: str, body: str, title: str) -> frozenset[tuple[str, str]]:
    """The texts that an item stands for, each with the number of the amendment: ("ISO 23053", "1")."""
    changes = _CHANGE.findall(code) or _CHANGE.findall(title)
    change = changes[0] if changes else ""
    form = exact_form(code)
    found = {f"ISO {number}" for number in _OF_ISO.findall(code)}
    if body == "3GPP" and form[:2] in ("TS", "TR"):
        found.add(f"3GPP {form}")
    if body == "ETSI":
        if transposed := _TRANSPOSED.match(form):
            kind, series, number, part = transposed.groups()
            found.add(f"3GPP T{kind}{series}.{number}{part or ''}")
        found.update(f"3GPP {kind}{number}" for kind, number in _NAMES_3GPP.findall(title))
    if not found:
        found.add(f"{body} {form}")
    return frozenset((name, change) for name in found)
