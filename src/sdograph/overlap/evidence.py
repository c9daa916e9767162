"""What the facts add to the scores of many pairs at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from sdograph.overlap.exact import Doubles, Ints, Mask
from sdograph.overlap.facts import SAME_TIME, STANDING, Facts
from sdograph.overlap.items import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """What is asked of items, a row each."""

    begin: Ints
    """When work began and ended, as places among the dates of all."""
    end: Ints
    dated: Mask
    parties: Ints
    told: Mask
    """Whether a statement names it."""


class Evidence:
    """The sums of :meth:`.facts.Facts.contributions`, for pairs of items.

    Few pairs have more than the time and a relationship of their groups in common: those are looked up for
    all at once, and only the others one by one.
    """

    def __init__(self, facts: Facts, items: Sequence[Item]) -> None:
        self._facts = facts
        self._items = items
        self._dates = np.unique([date for item in items for date in (item.begin, item.end) if date])
        self._lock = Lock()
        self._parties: dict[tuple[str, ...], int] = {}
        self._like: list[Item] = []
        self._standing: dict[tuple[int, int], bool] = {}
        self._all = self._columns(items)

    def weights(self, ones: Sequence[Item], rows: Ints, places: Ints, tied: Mask) -> Doubles:
        """The sum for each pair of one of ``ones`` and an item; ``tied``: which the graph ties together."""
        ours, theirs = self._columns(ones), self._all
        begin = np.maximum(ours.begin[rows], theirs.begin[places])
        end = np.minimum(ours.end[rows], theirs.end[places])
        time = ours.dated[rows] & theirs.dated[places] & (begin <= end)
        standing = self._stand(ours.parties[rows], theirs.parties[places])
        found: Doubles = STANDING * standing + SAME_TIME * time
        for n in np.flatnonzero(tied | ours.told[rows] | theirs.told[places]).tolist():
            there = self._facts.contributions(ones[rows[n]], self._items[places[n]])
            found[n] = sum(one.weight for one in there)
        return found

    def _columns(self, items: Sequence[Item]) -> _Columns:
        return _Columns(
            begin=np.searchsorted(self._dates, [item.begin or "" for item in items], side="left"),
            end=np.searchsorted(self._dates, [item.end or "" for item in items], side="right") - 1,
            dated=np.array([bool(i.begin and i.end and i.begin <= i.end) for i in items], bool),
            parties=np.array([self._number(item) for item in items], np.int64),
            told=np.array([self._facts.told(item.id) for item in items], bool),
        )

    def _number(self, item: Item) -> int:
        """The same for items of the same groups and body; -1 where these have no relationship at all."""
        parties = (*item.groups, item.body)
        if not self._facts.related_parties(parties):
            return -1
        with self._lock:
            if parties not in self._parties:
                self._parties[parties] = len(self._like)
                self._like.append(item)
            return self._parties[parties]

    def _stand(self, ours: Ints, theirs: Ints) -> Mask:
        found = (ours >= 0) & (theirs >= 0)
        some = np.flatnonzero(found)
        pairs, of = np.unique(ours[some] << 32 | theirs[some], return_inverse=True)
        standing = np.zeros(len(pairs), bool)
        for n, pair in enumerate(pairs.tolist()):
            one, other = sorted((pair >> 32, pair & 0xFFFFFFFF))
            if (one, other) not in self._standing:
                there = self._facts.stand_in_relation(self._like[one], self._like[other])
                self._standing[one, other] = there
            standing[n] = self._standing[one, other]
        found[some] = standing[of]
        return found
