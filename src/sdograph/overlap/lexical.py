"""Likeness by shared words: TF-IDF over words and pairs of neighbouring words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

#: A pair of neighbouring words counts so much of what its words count together.
_PAIR = 0.7
#: Further occurrences of a term in a text count no more.
_OFTEN = 2
#: A term that so many texts have nominates none of them.
_COMMON = 500


class WordIndex:
    """Texts by their terms; ``weights`` of a text is a unit vector, so that products are cosines."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counts = Counter(term for text in texts for term in set(text))
        self._idf = {term: math.log((len(texts) + 1) / (count + 0.5)) for term, count in counts.items()}
        self._none = math.log((len(texts) + 1) / 0.5)
        rows: dict[str, list[int]] = {}
        values: dict[str, list[float]] = {}
        for n, text in enumerate(texts):
            for term, weight in self.weights(text).items():
                rows.setdefault(term, []).append(n)
                values.setdefault(term, []).append(weight)
        self._postings: dict[str, tuple[Ints, Floats]] = {
            term: (np.array(rows[term]), np.array(values[term], np.float32)) for term in rows
        }
        self._size = len(texts)

    def idf(self, term: str) -> float:
        """How rare a word is among the texts: 0 or below for one that nearly all have."""
        return self._idf.get(term, self._none)

    def weights(self, text: Sequence[str]) -> dict[str, float]:
        """The terms of a text, pairs joined by a blank, each with its weight; squares add up to 1."""
        found = {
            term: math.sqrt(min(_OFTEN, count)) * weight
            for term, count in Counter(_terms(text)).items()
            if (weight := self._weight(term)) > 0
        }
        length = math.sqrt(sum(weight * weight for weight in found.values()))
        return {term: weight / length for term, weight in found.items()}

    def cosines(self, text: Sequence[str], others: Sequence[Sequence[str]]) -> Floats:
        """The likeness of a text to each of others, 0 to 1."""
        weights = self.weights(text)
        return np.array([sum(shared(weights, self.weights(other)).values()) for other in others], np.float32)

    def likest(self, text: Sequence[str], own: int, allowed: Mask, count: int) -> Ints:
        """The places of the texts most like one, of those allowed and without its ``own``; in no order."""
        sums = np.zeros(self._size, np.float32)
        for term, weight in self.weights(text).items():
            posting = self._postings.get(term)
            if posting is not None and len(posting[0]) <= _COMMON:
                sums[posting[0]] += weight * posting[1]
        places: Ints = np.flatnonzero(sums)
        places = places[allowed[places] & (places != own)]
        if len(places) > count:
            places = places[np.argpartition(-sums[places], count - 1)[:count]]
        return places

    def _weight(self, term: str) -> float:
        first, _, second = term.partition(" ")
        return _PAIR * (self.idf(first) + self.idf(second)) if second else self.idf(first)


def _terms(text: Sequence[str]) -> Iterator[str]:
    yield from text
    yield from (f"{first} {second}" for first, second in pairwise(text))


def shared(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    """What each term that both texts have adds to their cosine; the greatest first."""
    both: Iterable[tuple[str, float]] = (
        (term, weight * right[term]) for term, weight in left.items() if term in right
    )
    return dict(sorted(both, key=lambda entry: (-entry[1], entry[0])))
