"""Likeness by topics: the narrow one that few items have counts more than the broad one that many have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdograph.overlap.items import Item
from sdograph.overlap.lexical import Floats, Ints
from sdograph.topics import Assignment, assigner
from sdograph.topics.assign import TITLE
from sdograph.topics.scheme import broader

#: A topic that only the scope speaks of is a side of the work; what the title names is its subject.
_BESIDE = 0.3
#: What a topic gives to each that stands above it.
_ABOVE = 0.7


class TopicIndex:
    """Items by their topics and all that stand above them.

    ``matrix`` is (items, topics), rows of length 1, or 0 where an item has no topic.
    """

    def __init__(self, given: Sequence[Sequence[Assignment]]) -> None:
        self.topics: tuple[str, ...] = tuple(sorted(broader()))
        self._place = {topic: n for n, topic in enumerate(self.topics)}
        counts = np.zeros((len(given), len(self.topics)), np.float32)
        for row, assignments in zip(counts, given, strict=True):
            row[:] = self._row(assignments)
        having = int((counts.sum(axis=1) > 0).sum())
        often = (counts > 0).sum(axis=0)
        self._rarity: Floats = np.log((having + 1) / (often + 0.5)).clip(min=0).astype(np.float32)
        self.matrix = _unit(counts * self._rarity)

    def row(self, assignments: Sequence[Assignment]) -> Floats:
        """The row of an item that may not be among those of the index."""
        row: Floats = _unit((self._row(assignments) * self._rarity)[None, :])[0]
        return row

    def likeness(self, ours: Floats, others: Ints) -> Floats:
        """The likeness of the topics of items of the index to a row, 0 to 1.

        The mean of the cosine and of how far the one with fewer topics is contained in the other: a study of
        security and one of security, privacy and life cycle share a subject.
        """
        theirs = self.matrix[others]
        least = np.minimum(theirs.sum(axis=1), ours.sum())
        shared = np.minimum(theirs, ours).sum(axis=1)
        contained = np.divide(shared, least, out=np.zeros_like(least), where=least > 0)
        mean: Floats = (theirs @ ours + contained) / 2
        return mean

    def _row(self, assignments: Sequence[Assignment]) -> Floats:
        row = np.zeros(len(self.topics), np.float32)
        for one in assignments:
            sure = one.confidence * (1 if _in_title(one) else _BESIDE)
            for topic, weight in ((one.topic, sure), *((t, _ABOVE * sure) for t in broader()[one.topic])):
                row[self._place[topic]] = max(row[self._place[topic]], weight)
        return row


def topics_of(item: Item) -> list[Assignment]:
    """The topics of an item by its title and scope."""
    return assigner().assign(item.title, scope=item.scope)


def _in_title(one: Assignment) -> bool:
    return all(field == TITLE for _, field in one.matched)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
