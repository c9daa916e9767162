"""The words and topics behind a score, each with its part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sdograph.overlap.lexical import WordIndex, shared
from sdograph.overlap.score import Contribution, Part
from sdograph.overlap.topical import topics_of
from sdograph.overlap.vectors import VectorStore
from sdograph.overlap.words import plain, subject, terms
from sdograph.topics import Assignment, topic_iri
from sdograph.topics.scheme import broader
from sdograph.topics.words import Text

if TYPE_CHECKING:
    from sdograph.overlap.ranking import Overlap

#: Words that carry less of the likeness than this are not named one by one.
_WORTH_NAMING = 0.04
OTHER_WORDS = "other words"


class Explainer:
    """Divides the contributions of meaning, words and topics among their parts."""

    def __init__(self, vectors: VectorStore | None, words: WordIndex) -> None:
        self._vectors = vectors
        self._words = words

    def explained(self, overlap: Overlap) -> Overlap:
        """The overlap with parts in each contribution; the parts of each add up to it."""
        parts = {"meaning": self._meaning, "words": self._shared_words}
        contributions = []
        for one in overlap.contributions:
            if one.kind in parts:
                shares = parts[one.kind](overlap.item.title, overlap.other.title)
                one = replace(one, parts=_divided(one, [Part(text=t, weight=w) for t, w in shares.items()]))
            elif one.kind == "topics":
                both = _shared_topics(topics_of(overlap.item), topics_of(overlap.other))
                one = replace(one, parts=_divided(one, both))
            contributions.append(one)
        return replace(overlap, contributions=tuple(contributions))

    def _shared_words(self, ours: str, theirs: str) -> dict[str, float]:
        left, right = (self._words.weights(list(terms(subject(title)))) for title in (ours, theirs))
        return shared(left, right)

    def _meaning(self, ours: str, theirs: str) -> dict[str, float]:
        """By how much the likeness falls when a word is left out of one title, for the words of both."""
        if self._vectors is None or not ours or not theirs:
            return {}
        left, right = _without_each(plain(ours)), _without_each(plain(theirs))
        texts = [plain(ours), *left.values(), plain(theirs), *right.values()]
        vectors = self._vectors.vectors(texts)
        first, second = vectors[0], vectors[len(left) + 1]
        whole = float(first @ second)
        falls: dict[str, float] = {}
        for word, vector in zip(left, vectors[1 : len(left) + 1], strict=True):
            falls[word] = falls.get(word, 0.0) + max(0.0, whole - float(vector @ second))
        for word, vector in zip(right, vectors[len(left) + 2 :], strict=True):
            falls[word] = falls.get(word, 0.0) + max(0.0, whole - float(vector @ first))
        return dict(sorted(falls.items(), key=lambda entry: (-entry[1], entry[0])))


def _without_each(title: str) -> dict[str, str]:
    """Each word that says something, as it is compared, with the title without it."""
    text = Text.of(title)
    found: dict[str, str] = {}
    for word in dict.fromkeys(text.folded):
        rest = [w for w, folded in zip(text.written, text.folded, strict=True) if folded != word]
        if rest and next(terms(word), None) is not None:
            found[word] = " ".join(rest)
    return found


def _shared_topics(ours: Sequence[Assignment], theirs: Sequence[Assignment]) -> list[Part]:
    """The narrowest topics that both have, by themselves or as what stands above their own."""
    left, right = _with_broader(ours), _with_broader(theirs)
    both = left.keys() & right.keys()
    narrowest = [t for t in both if not any(t in broader()[other] for other in both)]
    return [
        Part(
            text=topic,
            weight=min(left[topic].confidence, right[topic].confidence),
            iri=topic_iri(topic),
            note=f"{_led_by(left[topic])} / {_led_by(right[topic])}",
        )
        for topic in sorted(narrowest)
    ]


def _with_broader(given: Sequence[Assignment]) -> dict[str, Assignment]:
    found: dict[str, Assignment] = {}
    for one in given:
        for topic in (one.topic, *broader()[one.topic]):
            if topic not in found or one.confidence > found[topic].confidence:
                found[topic] = one
    return found


def _led_by(one: Assignment) -> str:
    return ", ".join(words for words, _ in one.matched)


def _divided(whole: Contribution, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts in proportion, so that they add up to the contribution; the small ones as one."""
    total = sum(part.weight for part in parts)
    if not total:
        return ()
    shares = [replace(part, weight=whole.weight * part.weight / total) for part in parts]
    shares.sort(key=lambda part: (-part.weight, part.text))
    named = [part for part in shares if part.weight >= _WORTH_NAMING * whole.weight]
    rest = whole.weight - float(np.sum([part.weight for part in named]))
    return (*named, *([Part(text=OTHER_WORDS, weight=rest)] if rest > 1e-9 else []))
