"""Likeness by topics: the narrow one that few items have counts more than the broad one that many have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from sdograph.overlap.exact import WHOLE, Doubles, Floats, Found, Ints, Mask, rounded, spans, whole
from sdograph.overlap.items import Item
from sdograph.topics import Assignment, assigner
from sdograph.topics.assign import TITLE
from sdograph.topics.scheme import broader

#: A topic that only the scope speaks of is a side of the work; what the title names is its subject.
_BESIDE = 0.3
#: What a topic gives to each that stands above it.
_ABOVE = 0.7
#: To so many digits it is counted how many items have a topic: 31, 32, 34, 36.
_DIGITS = 5
#: Likeness as a whole number, for those that are nominated.
_FINE = (1 << 24) - 1


class TopicIndex:
    """Items by their topics and all that stand above them; how rare a topic is, is known by a rounded count.

    ``matrix`` is (rows, topics) in whole numbers, each row once; ``row_of`` says which one an item has, with
    -1 for no topic.
    """

    def __init__(self, given: Sequence[Mapping[str, float]]) -> None:
        """``given`` is, for each item, what :func:`weighed` gives."""
        self._place = {topic: n for n, topic in enumerate(sorted(broader()))}
        kinds: dict[tuple[tuple[str, float], ...], int] = {}
        kind = np.array([kinds.setdefault(tuple(one.items()), len(kinds)) for one in given], np.int64)
        rows = np.array([self._row(dict(one)) for one in kinds], np.float32).reshape(-1, len(self._place))
        held = np.bincount(kind, minlength=len(kinds))
        having = rounded(held[(rows > 0).any(axis=1)].sum(), _DIGITS)
        often = rounded((held[:, None] * (rows > 0)).sum(axis=0), _DIGITS)
        self._rarity: Doubles = np.log((having + 1) / (often + 0.5)).clip(min=0)
        self.matrix, row_of_kind = np.unique(whole(_unit(rows * self._rarity)), axis=0, return_inverse=True)
        self.row_of: Ints = row_of_kind[kind] if len(kind) else kind
        self.row_of[self.matrix.sum(axis=1)[self.row_of] == 0] = -1
        with_topics = np.flatnonzero(self.row_of >= 0)
        self._having = with_topics[np.argsort(self.row_of[with_topics], kind="stable")]
        self._of_row = np.searchsorted(self.row_of[self._having], np.arange(len(self.matrix) + 1))

    def row(self, given: Mapping[str, float]) -> Floats:
        """The row of an item that may not be among those of the index."""
        row: Floats = whole(_unit((self._row(given) * self._rarity)[None, :]))[0]
        return row

    def rows(self, places: Ints) -> Floats:
        """The rows of items, 0 where one has no topic."""
        of = self.row_of[places]
        found = np.zeros((len(places), len(self._place)), np.float32)
        found[of >= 0] = self.matrix[of[of >= 0]]
        return found

    def likeness(self, ours: Floats, rows: Ints, places: Ints) -> Doubles:
        """The likeness of the topics of one of ``ours`` and an item of the index, by pair; 0 to 1."""
        found = np.zeros(len(rows))
        pairs = np.flatnonzero((self.row_of[places] >= 0) & (ours.sum(axis=1) > 0)[rows])
        found[pairs] = _likeness(ours[rows[pairs]], self.matrix[self.row_of[places[pairs]]])
        return found

    def likest(self, ours: Floats, allowed: Mask, count: int, least: float) -> Found:
        """For each of ``ours`` the items whose topics are most like, those allowed and so like at least."""
        kinds, kind = np.unique(ours, axis=0, return_inverse=True)
        parts = []
        for row, values, places in self._near(kinds, allowed, least):
            order = np.lexsort((places, -values))[:count]
            for n in np.flatnonzero(kind == row):
                parts.append(Found(rows=np.full(len(order), n), places=places[order], products=values[order]))
        found = Found.joined(parts)
        order = np.argsort(found.rows, kind="stable")
        return Found(rows=found.rows[order], places=found.places[order], products=found.products[order])

    def reached(self, ours: Floats, allowed: Mask, least: Ints, near: float) -> Mask:
        """Which of those allowed are as like to any of ``ours`` as each asks for at least."""
        found = np.zeros(len(self.row_of), bool)
        for _, values, places in self._near(np.unique(ours, axis=0), allowed, near):
            found[places[values >= least[places]]] = True
        return found

    def _near(self, kinds: Floats, allowed: Mask, least: float) -> Iterator[tuple[int, Ints, Ints]]:
        """For each row that has topics the items that are near, with their likeness as a whole number."""
        for n, row in enumerate(kinds):
            if not row.any():
                continue
            values = _likeness(np.broadcast_to(row, self.matrix.shape), self.matrix)
            near = np.flatnonzero(values >= least)
            lengths = self._of_row[near + 1] - self._of_row[near]
            places = self._having[spans(self._of_row[near], lengths)]
            whole_values = np.repeat(np.rint(values[near] * _FINE).astype(np.int64), lengths)
            kept = allowed[places]
            yield n, whole_values[kept], places[kept]

    def _row(self, given: Mapping[str, float]) -> Floats:
        row = np.zeros(len(self._place), np.float32)
        for topic, weight in given.items():
            row[self._place[topic]] = weight
        return row


def topics_of(item: Item) -> list[Assignment]:
    """The topics of an item by its title and scope."""
    return assigner().assign(item.title, scope=item.scope)


def weighed(assignments: Sequence[Assignment]) -> dict[str, float]:
    """Topics and all that stand above them, each with the weight it has for an item; by name."""
    found: dict[str, float] = {}
    for one in assignments:
        sure = one.confidence * (1 if _in_title(one) else _BESIDE)
        for topic, weight in ((one.topic, sure), *((t, _ABOVE * sure) for t in broader()[one.topic])):
            found[topic] = max(found.get(topic, 0.0), weight)
    return dict(sorted(found.items()))


def _in_title(one: Assignment) -> bool:
    return all(field == TITLE for _, field in one.matched)


def _likeness(ours: Floats, theirs: Floats) -> Doubles:
    """The mean of the cosine of topics, and of how far the one with fewer is contained in the other.

    A study of security and one of security, privacy and life cycle share a subject.
    """
    products = np.einsum("ij,ij->i", ours, theirs).astype(np.float64)
    least = np.minimum(ours.sum(axis=1), theirs.sum(axis=1)).astype(np.float64)
    both = np.minimum(ours, theirs).sum(axis=1).astype(np.float64)
    contained = np.divide(both, least, out=np.zeros_like(least), where=least > 0)
    mean: Doubles = (products / WHOLE + contained) / 2
    return mean.clip(0, 1)


def _unit(rows: Doubles | Floats) -> Doubles:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Doubles = np.divide(rows, lengths, out=np.zeros_like(rows, np.float64), where=lengths > 0)
    return unit
