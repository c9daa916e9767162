"""How like the texts and topics of items are, and which are the likest of an item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sdograph.overlap.exact import WHOLE, Doubles, Floats, Found, Ints, Mask, whole
from sdograph.overlap.features import Features, Reader, meant
from sdograph.overlap.items import Item
from sdograph.overlap.lexical import WordIndex, WordRows
from sdograph.overlap.nearest import Nearest
from sdograph.overlap.topical import TopicIndex
from sdograph.overlap.vectors import VectorStore

#: Topics nominate only those whose topics are nearly the same: all items of a broad topic are alike by it.
#: Without meaning they have to find more.
NEAR_TOPICS, NEAR_TOPICS_WITHOUT_MEANING = 0.7, 0.5
#: Pairs whose vectors are multiplied at a time.
_PAIRS = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Items as they are compared, a row each: meaning and words of title, and of title with scope; topics."""

    text: Mask
    """Which have a title or a scope at all."""
    meanings: tuple[Floats, ...]
    words: tuple[WordRows, ...]
    topics: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Nominated:
    """Who may be listed for whom: pairs of row and place, ascending.

    ``least`` is (rows, views): the product from which on a further item would be nominated by a view.
    """

    rows: Ints
    places: Ints
    least: Ints


class Likeness:
    """The items of a collection, to be compared with each other and with one from outside."""

    def __init__(
        self,
        items: Sequence[Item],
        vectors: VectorStore | None,
        progress: Callable[[int], object] | None = None,
        features: Reader = Features.of,
    ) -> None:
        """Without ``vectors`` there is no meaning. ``progress`` is told how many texts more have a vector."""
        # Without a scope anywhere, title and scope look the same.
        self.scopes = (False, True) if any(item.scope for item in items) else (False,)
        self._vectors = vectors
        self.features = [features(item) for item in items]
        self._text: Mask = np.array([bool(item.text.strip()) for item in items], bool)
        self.topics = TopicIndex([one.topics for one in self.features])
        self.word_indexes = [
            WordIndex([one.text if scope else one.title for one in self.features]) for scope in self.scopes
        ]
        self._nearest = [Nearest(matrix) for matrix in self._meanings(items, progress)]

    def __len__(self) -> int:
        return len(self._text)

    @property
    def meanings(self) -> list[Floats]:
        """For titles, and for titles with scopes, an (items, 384) array of whole numbers."""
        return [nearest.vectors for nearest in self._nearest]

    def seen(self, places: Ints) -> Seen:
        """Items of the collection."""
        return Seen(
            text=self._text[places],
            meanings=tuple(matrix[places] for matrix in self.meanings),
            words=tuple(index.rows(places) for index in self.word_indexes),
            topics=self.topics.rows(places),
        )

    def outsider(self, item: Item) -> Seen:
        """An item that is not in the collection. Raises Unavailable when the model is needed and gone."""
        features = Features.of(item)
        words = [features.text if scope else features.title for scope in self.scopes]
        return Seen(
            text=np.array([bool(item.text.strip())]),
            meanings=tuple(self._meanings([item], None)),
            words=tuple(index.row(text) for index, text in zip(self.word_indexes, words, strict=True)),
            topics=self.topics.row(features.topics)[None, :],
        )

    @property
    def views(self) -> int:
        """How many views nominate."""
        return len(self._nearest) + len(self.word_indexes) + 1

    def behind(self, n: int) -> bytes:
        """All that the likeness of an item to others depends on, but for which topics it has."""
        views = [
            *(matrix[n].tobytes() for matrix in self.meanings),
            *(index.behind(n) for index in self.word_indexes),
            bytes([bool(self.topics.row_of[n] >= 0)]),
        ]
        return b"".join(views)

    def text(self, ones: Seen, rows: Ints, places: Ints) -> Doubles:
        """The likeness of the texts, by pair, 0 to 1: by meaning, or by words without it."""
        if self._nearest:
            views = [
                _products(own, matrix, rows, places)
                for own, matrix in zip(ones.meanings, self.meanings, strict=True)
            ]
        else:
            views = [
                index.products(own, rows, places)
                for own, index in zip(ones.words, self.word_indexes, strict=True)
            ]
        mean: Doubles = sum(views, np.zeros(len(rows), np.int64)) / (len(views) * WHOLE)
        return mean.clip(0, 1) * ones.text[rows]

    def topic(self, ones: Seen, rows: Ints, places: Ints) -> Doubles:
        """The likeness of the topics, by pair, 0 to 1."""
        return self.topics.likeness(ones.topics, rows, places)

    def likest(self, ones: Seen, allowed: Mask, count: int) -> Nominated:
        """Those that any view has among its likest, of those allowed.

        Each view of the text nominates ``count`` for each, topics those among so many that are near.
        """
        by_view = list(self._by_view(ones, allowed, count))
        rows, places = (np.concatenate([getattr(f, name) for f in by_view]) for name in ("rows", "places"))
        pairs = np.unique(rows * len(self) + places)
        least = [_least(found, len(ones.text), count) for found in by_view]
        return Nominated(rows=pairs // len(self), places=pairs % len(self), least=np.stack(least, axis=1))

    def reached(self, ones: Seen, allowed: Mask, least: Ints, *, topics_alone: bool = False) -> Mask:
        """Who of those allowed has any of these among its likest, given the ``least`` of each item."""
        of_topics = self.topics.reached(ones.topics, allowed, least[:, -1], self._near_topics)
        if topics_alone:
            return of_topics
        views = iter(least.T)
        found = of_topics
        for nearest, own in zip(self._nearest, ones.meanings, strict=True):
            found |= nearest.reached(own, allowed, next(views))
        for index, words in zip(self.word_indexes, ones.words, strict=True):
            found |= index.reached(words, allowed, next(views))
        return found

    @property
    def _near_topics(self) -> float:
        return NEAR_TOPICS if self._nearest else NEAR_TOPICS_WITHOUT_MEANING

    def _by_view(self, ones: Seen, allowed: Mask, count: int) -> Iterator[Found]:
        for nearest, own in zip(self._nearest, ones.meanings, strict=True):
            yield nearest.likest(own, allowed, count)
        for index, words in zip(self.word_indexes, ones.words, strict=True):
            yield index.likest(words, allowed, count)
        yield self.topics.likest(ones.topics, allowed, count, self._near_topics)

    def _meanings(self, items: Sequence[Item], progress: Callable[[int], object] | None) -> Iterator[Floats]:
        if self._vectors is not None:
            there = np.array([[bool(item.text.strip())] for item in items], np.float32).reshape(-1, 1)
            for scope in self.scopes:
                texts = [meant(item, scope=scope) for item in items]
                vectors = whole(self._vectors.vectors(texts, progress))
                vectors *= there
                yield vectors


def _products(ones: Floats, matrix: Floats, rows: Ints, places: Ints) -> Ints:
    parts = [
        np.einsum("ij,ij->i", ones[rows[n : n + _PAIRS]], matrix[places[n : n + _PAIRS]])
        for n in range(0, len(rows), _PAIRS)
    ]
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)


def _least(found: Found, count: int, nominated: int) -> Ints:
    """For each row the product of the last of its list where that is full, or else any above 0."""
    least = np.ones(count, np.int64)
    last = np.searchsorted(found.rows, np.arange(count), side="right") - 1
    full = np.bincount(found.rows, minlength=count) == nominated
    least[full] = found.products[last[full]]
    return least
