"""Likeness by shared words: TF-IDF over words and pairs of neighbouring words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np

from sdograph.overlap.exact import Doubles, Found, Ints, Mask, best, rounded, spans, summed, whole

#: A pair of neighbouring words counts so much of what its words count together.
_PAIR = 0.7
#: Further occurrences of a term in a text count no more.
_OFTEN = 2
#: A term that so many texts have nominates none of them.
_COMMON = 500
#: To so many digits it is counted how many texts have a term: 1, 2, 3, 4, 6, 8, 12.
_DIGITS = 2
#: Texts that share a term, each time they do, looked at together: what bounds the memory.
_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRows:
    """Texts by the weights of their terms, whole numbers: ``rows`` says which text each is of, ascending."""

    rows: Ints
    terms: Ints
    weights: Ints
    count: int
    """Texts, those without any term included."""


class WordIndex:
    """Texts by their terms, each a unit vector; how rare a term is, is known by a rounded count."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._numbers: dict[str, int] = {}
        flat = np.fromiter(
            (self._numbers.setdefault(word, len(self._numbers)) for word in chain.from_iterable(texts)),
            np.int64,
        )
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self._size = len(texts)
        of_text = np.repeat(np.arange(self._size), lengths)
        pairs = flat[:-1] * len(self._numbers) + flat[1:]
        within = of_text[:-1] == of_text[1:]
        self._pairs, pair = np.unique(pairs[within], return_inverse=True)
        self._total = math.log(int(rounded(np.array(self._size), _DIGITS)) + 1)
        rows, terms, often = _counted(
            np.concatenate([of_text, of_text[:-1][within]]),
            np.concatenate([flat, pair + len(self._numbers)]),
            len(self._numbers) + len(self._pairs),
        )
        having = rounded(np.bincount(terms, minlength=len(self._numbers) + len(self._pairs)), _DIGITS)
        rarity = self._total - np.log(having[: len(self._numbers)] + 0.5)
        first, second = np.divmod(self._pairs, max(1, len(self._numbers)))
        self._rarity: Doubles = np.concatenate([rarity, _PAIR * (rarity[first] + rarity[second])])
        self._nominating: Mask = having <= _COMMON
        weights = _weighed(rows, often, self._rarity[terms], self._size)
        # By text, and once more by term: narrow, as these are most of the memory.
        self._terms, self._weights = terms.astype(np.int32), weights.astype(np.int16)
        self._first = np.searchsorted(rows, np.arange(self._size + 1))
        order = np.argsort(self._terms, kind="stable")
        self._having, self._its_weights = rows[order].astype(np.int32), self._weights[order]
        self._of_term = np.searchsorted(self._terms[order], np.arange(len(self._rarity) + 1))

    def idf(self, term: str) -> float:
        """How rare a word is among the texts: near 0 for one that nearly all have."""
        number = self._numbers.get(term)
        return float(self._rarity[number]) if number is not None else self._total - math.log(0.5)

    def weights(self, text: Sequence[str]) -> dict[str, float]:
        """The terms of a text, pairs joined by a blank, each with its weight; squares add up to 1."""
        found = {
            term: math.sqrt(min(_OFTEN, count)) * weight
            for term, count in Counter(_terms(text)).items()
            if (weight := self._weight(term)) > 0
        }
        length = math.sqrt(sum(weight * weight for weight in found.values()))
        return {term: weight / length for term, weight in found.items()}

    def rows(self, places: Ints) -> WordRows:
        """Texts of the index."""
        lengths = self._first[places + 1] - self._first[places]
        found = spans(self._first[places], lengths)
        return WordRows(
            rows=np.repeat(np.arange(len(places)), lengths),
            terms=self._terms[found].astype(np.int64),
            weights=self._weights[found].astype(np.int64),
            count=len(places),
        )

    def row(self, text: Sequence[str]) -> WordRows:
        """A text that may not be in the index; of terms that no text has, only the length is counted."""
        weights = self.weights(text)
        numbers = np.array([self._number(term) for term in weights], np.int64)
        values = whole(np.array(list(weights.values()), np.float64)).astype(np.int64)
        known = numbers >= 0
        return WordRows(
            rows=np.zeros(int(known.sum()), np.int64), terms=numbers[known], weights=values[known], count=1
        )

    def behind(self, n: int) -> bytes:
        """What the other texts make of a text: the weights of its terms, and which of them nominate."""
        own = slice(self._first[n], self._first[n + 1])
        return self._weights[own].tobytes() + self._nominating[self._terms[own]].tobytes()

    def products(self, ones: WordRows, rows: Ints, places: Ints) -> Ints:
        """The product of a text (one of ``ones``) and one of the index, for each pair of row and place."""
        first = np.searchsorted(ones.rows, np.arange(ones.count + 1))
        lengths = (first[1:] - first[:-1])[rows]
        own = spans(first[:-1][rows], lengths)
        pair = np.repeat(np.arange(len(rows)), lengths)
        keys, weights = self._by_text
        wanted = places[pair] * len(self._rarity) + ones.terms[own]
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = keys[at] == wanted if len(keys) else np.zeros(len(wanted), bool)
        found = np.bincount(
            pair[there], (ones.weights[own[there]] * weights[at[there]]).astype(np.float64), len(rows)
        )
        return found.astype(np.int64)

    def likest(self, ones: WordRows, allowed: Mask, count: int) -> Found:
        """For each of ``ones`` the texts of the index most like it, of those allowed."""
        parts = []
        for first, rows, places, products in self._sharing(ones, allowed):
            part = best(rows, places, products, count)
            parts.append(Found(rows=part.rows + first, places=part.places, products=part.products))
        return Found.joined(parts)

    def reached(self, ones: WordRows, allowed: Mask, least: Ints) -> Mask:
        """Which of those allowed are as like to any of ``ones`` as each asks for at least."""
        found = np.zeros(self._size, bool)
        for _, _, places, products in self._sharing(ones, allowed):
            found[places[products >= least[places]]] = True
        return found

    def _sharing(self, ones: WordRows, allowed: Mask) -> Iterator[tuple[int, Ints, Ints, Ints]]:
        """The texts that share terms that nominate, with their products, for some of ``ones`` after others.

        Rows count from the first of these.
        """
        telling = self._nominating[ones.terms]
        rows, terms, weights = ones.rows[telling], ones.terms[telling], ones.weights[telling]
        lengths = self._of_term[terms + 1] - self._of_term[terms]
        before = np.concatenate([[0], np.cumsum(np.bincount(rows, lengths, ones.count).astype(np.int64))])
        first = 0
        while first < ones.count:
            last = int(np.searchsorted(before, before[first] + _AT_ONCE, side="right")) - 1
            last = min(max(last, first + 1), first + 8192)
            some = slice(*np.searchsorted(rows, [first, last]))
            found = spans(self._of_term[terms[some]], lengths[some])
            places = self._having[found].astype(np.int64)
            kept = allowed[places]
            row = np.repeat(rows[some] - first, lengths[some])[kept]
            product = (np.repeat(weights[some], lengths[some]) * self._its_weights[found])[kept]
            yield first, *summed(row, places[kept], product)
            first = last

    @cached_property
    def _by_text(self) -> tuple[Ints, Ints]:
        """Keys of text and term, ascending, with the weights."""
        rows = np.repeat(np.arange(self._size), np.diff(self._first))
        keys = rows * len(self._rarity) + self._terms
        order = np.argsort(keys)
        return keys[order], self._weights[order].astype(np.int64)

    def _number(self, term: str) -> int:
        first, _, second = term.partition(" ")
        number = self._numbers.get(first, -1)
        if not second or number < 0:
            return number
        if (other := self._numbers.get(second, -1)) < 0:
            return -1
        pair = number * len(self._numbers) + other
        at = int(np.searchsorted(self._pairs, pair))
        there = at < len(self._pairs) and int(self._pairs[at]) == pair
        return len(self._numbers) + at if there else -1

    def _weight(self, term: str) -> float:
        first, _, second = term.partition(" ")
        return _PAIR * (self.idf(first) + self.idf(second)) if second else self.idf(first)


def _counted(rows: Ints, terms: Ints, kinds: int) -> tuple[Ints, Ints, Ints]:
    """Each term of each text once, in the order of the text, and how often it stands there."""
    keys = rows * kinds + terms
    _, at, often = np.unique(keys, return_index=True, return_counts=True)
    # Words of a text come before its pairs, each in their order: numbers of terms differ from index to index.
    order = np.lexsort((at, rows[at]))
    at = at[order]
    return rows[at], terms[at], often[order].astype(np.int64)


def _weighed(rows: Ints, often: Ints, rarity: Doubles, count: int) -> Ints:
    """The weights of the terms of texts, each text a vector of whole numbers."""
    weights = np.sqrt(np.minimum(_OFTEN, often)) * rarity
    lengths = np.sqrt(np.bincount(rows, weights * weights, count))
    found = whole(np.divide(weights, lengths[rows], out=np.zeros_like(weights), where=lengths[rows] > 0))
    return found.astype(np.int64)


def _terms(text: Sequence[str]) -> Iterator[str]:
    yield from text
    yield from (f"{first} {second}" for first, second in pairwise(text))


def shared(left: dict[str, float], right: dict[str, float]) -> dict[str, float]:
    """What each term that both texts have adds to their cosine; the greatest first."""
    both: Iterable[tuple[str, float]] = (
        (term, weight * right[term]) for term, weight in left.items() if term in right
    )
    return dict(sorted(both, key=lambda entry: (-entry[1], entry[0])))
