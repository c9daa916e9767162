"""One text under several numbers: twin texts, transpositions, adoptions, amendments, parts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
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
#: Titles of fewer words may be equal by chance: "Terminology", "Security architecture".
_TELLING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SameText:
    """Why two items are one text, or belong to one: the rule, and what it was read from."""

    rule: str
    text: str


class Kin:
    """Which items of a collection may be one text with another: they share a number or a title."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._groups: dict[object, set[int]] = defaultdict(set)
        for n, item in enumerate(items):
            for mark in _marks(item):
                self._groups[mark].add(n)

    def of(self, item: Item) -> set[int]:
        """Their places; that of the item itself too, if it is among them."""
        return {n for mark in _marks(item) for n in self._groups.get(mark, ())}


def _marks(item: Item) -> Iterator[object]:
    for name, _ in _names(item.code, item.body, item.title):
        yield name
        yield item.body, name.partition("-")[0]
    if len(told := _told(item.title)) >= _TELLING:
        yield told


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
            if left.body == right.body and name.partition("-")[0] == other.partition("-")[0]:
                return SameText(rule="part of the same document", text=f"{left.code}, {right.code}")
    if len(told := _told(left.title)) >= _TELLING and told == _told(right.title):
        return SameText(rule="equal title", text=subject(left.title))
    return None


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
