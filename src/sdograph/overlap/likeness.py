"""How like the texts and topics of items are, and which are the likest of an item."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sdograph.overlap.items import Item
from sdograph.overlap.lexical import Floats, Ints, Mask, WordIndex
from sdograph.overlap.nearest import Nearest
from sdograph.overlap.topical import TopicIndex, topics_of
from sdograph.overlap.vectors import VectorStore
from sdograph.overlap.words import plain, subject, terms
from sdograph.topics import Assignment

#: Topics nominate only those whose topics are nearly the same: all items of a broad topic are alike by it.
#: Without meaning they have to find more.
NEAR_TOPICS, NEAR_TOPICS_WITHOUT_MEANING = 0.7, 0.5
#: The place of an item that is not in the collection.
OUTSIDE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An item as it is compared: meaning and words of the title, and of title with scope; topics."""

    place: int
    text: bool
    """Whether it has a title or a scope at all."""
    meanings: tuple[Floats, ...]
    words: tuple[Sequence[str], ...]
    topics: tuple[Assignment, ...]
    topic_row: Floats


class Likeness:
    """The items of a collection, to be compared with each other and with one from outside."""

    def __init__(
        self,
        items: Sequence[Item],
        vectors: VectorStore | None,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Without ``vectors`` there is no meaning. ``progress`` is told how many texts more have a vector."""
        # Without a scope anywhere, title and scope look the same.
        self._scopes = (False, True) if any(item.scope for item in items) else (False,)
        self._vectors = vectors
        self._text = [bool(item.text.strip()) for item in items]
        self._topics = [tuple(topics_of(item)) for item in items]
        self._topic_index = TopicIndex(self._topics)
        self.has_topics: Mask = np.array([bool(topics) for topics in self._topics], bool)
        self._words = [[_words(item, scope=scope) for item in items] for scope in self._scopes]
        self.word_indexes = [WordIndex(texts) for texts in self._words]
        self.meanings = [matrix * np.array(self._text)[:, None] for matrix in self._encoded(items, progress)]
        self._nearest = [Nearest(matrix) for matrix in self.meanings]

    def __getitem__(self, n: int) -> Seen:
        """The item at a place of the collection."""
        return Seen(
            place=n,
            text=self._text[n],
            meanings=tuple(matrix[n] for matrix in self.meanings),
            words=tuple(texts[n] for texts in self._words),
            topics=self._topics[n],
            topic_row=self._topic_index.matrix[n],
        )

    def outsider(self, item: Item) -> Seen:
        """An item that is not in the collection. Raises Unavailable when the model is needed and gone."""
        topics = tuple(topics_of(item))
        return Seen(
            place=OUTSIDE,
            text=bool(item.text.strip()),
            meanings=tuple(matrix[0] for matrix in self._encoded([item], None)),
            words=tuple(_words(item, scope=scope) for scope in self._scopes),
            topics=topics,
            topic_row=self._topic_index.row(topics),
        )

    def text(self, one: Seen, others: Ints) -> Floats:
        """The likeness of the texts of items to that of one, 0 to 1: by meaning, or by words without it."""
        if self.meanings:
            views = [matrix[others] @ own for matrix, own in zip(self.meanings, one.meanings, strict=True)]
        else:
            views = [
                index.cosines(own, [texts[m] for m in others])
                for index, own, texts in zip(self.word_indexes, one.words, self._words, strict=True)
            ]
        mean: Floats = np.mean(views, axis=0, dtype=np.float32).clip(0, 1) * one.text
        return mean

    def topic(self, one: Seen, others: Ints) -> Floats:
        """The likeness of the topics of items to those of one, 0 to 1."""
        if not one.topics:
            return np.zeros(len(others), np.float32)
        return self._topic_index.likeness(one.topic_row, others)

    def likest(self, ones: Sequence[Seen], allowed: Mask, count: int) -> list[Ints]:
        """For each the places of those that any view has among its likest, in ascending order.

        Each view of the text nominates ``count`` of those allowed, topics those among so many that are near.
        """
        own = np.array([one.place for one in ones])
        by_view = [
            nearest.likest(np.stack([one.meanings[view] for one in ones]), own, allowed, count)
            for view, nearest in enumerate(self._nearest)
        ]
        for view, index in enumerate(self.word_indexes):
            by_view.append([index.likest(one.words[view], one.place, allowed, count) for one in ones])
        with_topics = np.flatnonzero(allowed & self.has_topics)
        by_view.append([self._near_topics(one, with_topics, count) for one in ones])
        return [np.unique(np.concatenate(found)) for found in zip(*by_view, strict=True)]

    def _near_topics(self, one: Seen, others: Ints, count: int) -> Ints:
        if not one.topics:
            return np.zeros(0, np.int64)
        values = self.topic(one, others)
        least = NEAR_TOPICS if self.meanings else NEAR_TOPICS_WITHOUT_MEANING
        near = np.flatnonzero((values >= least) & (others != one.place))
        best: Ints = others[near[np.argsort(-values[near], kind="stable")[:count]]]
        return best

    def _encoded(self, items: Sequence[Item], progress: Callable[[int], object] | None) -> list[Floats]:
        if self._vectors is None:
            return []
        return [
            self._vectors.vectors([_meant(item, scope=scope) for item in items], progress)
            for scope in self._scopes
        ]


def _meant(item: Item, *, scope: bool) -> str:
    """What the sentence model reads of an item."""
    title = plain(item.title)
    return f"{title}. {item.scope}" if scope and item.scope and title else title or item.scope


def _words(item: Item, *, scope: bool) -> Sequence[str]:
    title = subject(item.title)
    return tuple(terms(f"{title} {item.scope}" if scope else title))
