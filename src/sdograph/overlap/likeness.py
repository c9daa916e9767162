"""How like the texts and topics of items are, and which are the likest of an item."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sdograph.overlap.items import Item
from sdograph.overlap.lexical import Floats, Ints, Mask, WordIndex
from sdograph.overlap.nearest import Nearest
from sdograph.overlap.topical import TopicIndex, topics_of
from sdograph.overlap.vectors import VectorStore
from sdograph.overlap.words import plain, subject, terms

#: Topics nominate only those whose topics are nearly the same: all items of a broad topic are alike by it.
NEAR_TOPICS = 0.7


class Likeness:
    """Items seen in several ways: meaning and words of the title, and of title with scope; topics."""

    def __init__(
        self,
        items: Sequence[Item],
        vectors: VectorStore | None,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Without ``vectors`` there is no meaning. ``progress`` is told how many texts more have a vector."""
        scoped = any(item.scope for item in items)
        self.has_text: Mask = np.array([bool(item.text.strip()) for item in items], bool)
        self.given = [topics_of(item) for item in items]
        self.topics = TopicIndex(self.given)
        self.has_topics: Mask = np.array([bool(topics) for topics in self.given], bool)
        self._texts = [[list(terms(subject(item.title))) for item in items]]
        if scoped:
            self._texts.append([list(terms(f"{subject(item.title)} {item.scope}")) for item in items])
        self.words = [WordIndex(texts) for texts in self._texts]
        self.meanings: list[Floats] = []
        if vectors is not None:
            for with_scope in (False, True) if scoped else (False,):
                texts = [_meant(item, scope=with_scope) for item in items]
                self.meanings.append(vectors.vectors(texts, progress) * self.has_text[:, None])
        self._nearest = [Nearest(matrix) for matrix in self.meanings]

    def text(self, n: int, others: Ints) -> Floats:
        """The likeness of the texts of items to that of one, 0 to 1: by meaning, or by words without it."""
        if self.meanings:
            views = [matrix[others] @ matrix[n] for matrix in self.meanings]
        else:
            views = [
                index.cosines(texts[n], [texts[m] for m in others])
                for index, texts in zip(self.words, self._texts, strict=True)
            ]
        mean: Floats = np.mean(views, axis=0, dtype=np.float32).clip(0, 1)
        return mean

    def topic(self, n: int, others: Ints) -> Floats:
        """The likeness of the topics of items to those of one, 0 to 1."""
        return self.topics.likeness(n, others)

    def likest(self, rows: Ints, allowed: Mask, count: int) -> list[Ints]:
        """For each row the places of those that any view has among its likest, in ascending order.

        Each view of the text nominates ``count`` of those allowed, topics those among so many that are near.
        """
        by_view = [nearest.likest(rows, allowed, count) for nearest in self._nearest]
        for index, texts in zip(self.words, self._texts, strict=True):
            by_view.append([index.likest(texts[n], n, allowed, count) for n in rows])
        by_view.append(self._near_topics(rows, allowed, count))
        return [np.unique(np.concatenate(found)) for found in zip(*by_view, strict=True)]

    def _near_topics(self, rows: Ints, allowed: Mask, count: int) -> list[Ints]:
        columns = np.flatnonzero(allowed & self.has_topics)
        found = []
        for n in rows:
            near = np.zeros(0, np.int64)
            if self.has_topics[n]:
                values = self.topics.likeness(n, columns)
                near = np.flatnonzero((values >= NEAR_TOPICS) & (columns != n))
                near = near[np.argsort(-values[near], kind="stable")[:count]]
            found.append(columns[near])
        return found


def _meant(item: Item, *, scope: bool) -> str:
    """What the sentence model reads of an item."""
    title = plain(item.title)
    return f"{title}. {item.scope}" if scope and item.scope and title else title or item.scope
