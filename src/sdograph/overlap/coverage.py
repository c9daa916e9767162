"""Who works on what: topics by body, group, release or year, and where nobody speaks to whom.

A missing liaison statement says that no document read so far has it, not that there was no contact.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

from sdograph import network
from sdograph.errors import UsageError
from sdograph.followup import days
from sdograph.identifiers import ID_BASE, SCHEME_BASE
from sdograph.overlap.ranking import Overlap
from sdograph.store import Snapshot
from sdograph.triples import Term

Across: TypeAlias = Literal["body", "group", "release", "year"]
Level: TypeAlias = Literal["body", "group"]

_ITEMS = """
SELECT DISTINCT ?topic ?item ?body ?group ?release ?begin WHERE {
  ?item sdo:topic ?topic ; sdo:standardsBody ?body .
  OPTIONAL { ?item sdo:responsibleGroup ?group }
  OPTIONAL { ?item sdo:plannedFor ?release }
  OPTIONAL { ?item sdo:begin ?begin }
}
"""
_TOPICS = """
SELECT ?topic ?label ?broader WHERE {
  ?topic skos:inScheme scheme:topic ; skos:prefLabel ?label . OPTIONAL { ?topic skos:broader ?broader }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A topic, and the items on it or on a narrower one, by column. ``topic`` is its notation."""

    topic: str
    label: str
    cells: Mapping[str, tuple[str, ...]]
    """IRIs of items; a column without any is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Columns are ids of bodies, groups or releases, those with most items first, or years in order."""

    across: Across
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    uncovered: tuple[tuple[str, str], ...]
    """Topics that no item is on: notation and label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Two bodies or groups with work on one topic, or with overlapping work, that have not written lately."""

    left: str
    right: str
    topic: str | None
    """Notation of the topic; None where it is overlapping items that they share."""
    label: str
    left_items: tuple[str, ...]
    right_items: tuple[str, ...]
    last: str | None
    """Date of the latest liaison statement between them, in either direction; None when none is known."""
    relationship: bool
    """Whether a standing relationship of the two is known."""


class Coverage:
    """The work on topics in one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._columns: dict[str, dict[Across, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._labels: dict[str, str] = {}
        broader: dict[str, set[str]] = defaultdict(set)
        for row in snapshot.rows(_TOPICS):
            self._labels[_topic(row["topic"])] = _text(row["label"])
            if row["broader"] is not None:
                broader[_topic(row["topic"])].add(_topic(row["broader"]))
        self._items: dict[str, set[str]] = defaultdict(set)
        for row in snapshot.rows(_ITEMS):
            item = _text(row["item"])
            for topic in _with_all_above(_topic(row["topic"]), broader):
                self._items[topic].add(item)
            its = self._columns[item]
            its["body"].add(_id(row["body"]))
            if row["group"] is not None:
                its["group"].add(_id(row["group"]))
            if row["release"] is not None:
                its["release"].add(_id(row["release"]))
            if row["begin"] is not None:
                its["year"].add(_text(row["begin"])[:4])

    def matrix(self, *, across: str = "body", topic: str | None = None, body: str | None = None) -> Matrix:
        """Topic by column; ``topic`` keeps one topic, ``body`` the items of one body.

        An item without a group, release or begin is in no such column. Raises UsageError for another column
        or a topic that is not in the scheme.
        """
        column = next((name for name in get_args(Across) if name == across), None)
        if column is None:
            raise UsageError(f"{across!r} is no column", hint=f"columns: {', '.join(get_args(Across))}")
        rows = []
        items: dict[str, set[str]] = defaultdict(set)
        for name in [topic] if topic is not None else sorted(self._labels):
            cells: dict[str, list[str]] = defaultdict(list)
            for item in sorted(self.on(name)):
                if body is None or body in self._columns[item]["body"]:
                    for value in self._columns[item][column]:
                        cells[value].append(item)
                        items[value].add(item)
            rows.append(Row(
                topic=name, label=self._labels[name],
                cells={value: tuple(found) for value, found in sorted(cells.items())},
            ))  # fmt: skip
        by_size = sorted(items, key=lambda value: (-len(items[value]), value))
        return Matrix(
            across=column,
            columns=tuple(sorted(items) if column == "year" else by_size),
            rows=tuple(row for row in rows if row.cells),
            uncovered=tuple((row.topic, row.label) for row in rows if not row.cells),
        )

    def gaps(
        self,
        *,
        level: str = "body",
        topic: str | None = None,
        months: int = 24,
        as_of: str | None = None,
        least: int = 1,
    ) -> list[Gap]:
        """Pairs that both have at least ``least`` items on a topic and have not written for so many months.

        Those with most work first: by the items of the one that has fewer. ``as_of`` is a day as YYYY-MM-DD,
        today in UTC by default.
        """
        matrix = self.matrix(across=_level(level), topic=topic)
        contacts = _Contacts(self._snapshot, _level(level), months, as_of)
        found = []
        for row in matrix.rows:
            sides = sorted((side, items) for side, items in row.cells.items() if len(items) >= least)
            for n, (left, ours) in enumerate(sides):
                for right, theirs in sides[n + 1 :]:
                    if not contacts.lately(left, right):
                        found.append(contacts.gap(left, right, row.topic, row.label, ours, theirs))
        found.sort(key=lambda g: (-min(len(g.left_items), len(g.right_items)), g.left, g.right, g.label))
        return found

    def overlap_gaps(
        self,
        overlaps: Iterable[Overlap],
        *,
        level: str = "group",
        months: int = 24,
        as_of: str | None = None,
        least: int = 1,
    ) -> list[Gap]:
        """Pairs with at least ``least`` overlaps of their items that have not written for so many months.

        Same texts are no overlaps here: who publishes one text together speaks without liaison statements.
        """
        contacts = _Contacts(self._snapshot, _level(level), months, as_of)
        pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for o in overlaps:
            if o.same_text is not None:
                continue
            for one in (o.item.body,) if level == "body" else o.item.groups:
                for other in (o.other.body,) if level == "body" else o.other.groups:
                    if one < other:
                        pairs[one, other].append((o.item.id, o.other.id))
                    elif other < one:
                        pairs[other, one].append((o.other.id, o.item.id))
        found = []
        for (left, right), both in pairs.items():
            if len(both) >= least and not contacts.lately(left, right):
                ours, theirs = (tuple(dict.fromkeys(side)) for side in zip(*both, strict=True))
                found.append((len(both), contacts.gap(left, right, None, "overlapping work", ours, theirs)))
        found.sort(key=lambda entry: (-entry[0], entry[1].left, entry[1].right))
        return [gap for _, gap in found]

    def on(self, topic: str) -> set[str]:
        """The IRIs of items on a topic or a narrower one; raises UsageError when there is no such topic."""
        if topic not in self._labels:
            raise UsageError(f"there is no topic {topic!r}", hint="/api/v1/topics lists them")
        return self._items.get(topic, set())


def on_topic(snapshot: Snapshot, topic: str) -> frozenset[str]:
    """The IRIs of items on a topic or a narrower one; raises UsageError when there is no such topic."""
    return frozenset(Coverage(snapshot).on(topic))


class _Contacts:
    """When organisations last wrote to each other, and between which there is a standing relationship."""

    def __init__(self, snapshot: Snapshot, level: Level, months: int, as_of: str | None) -> None:
        day = days.day(as_of)
        self._since = _months_before(day, months)
        self._last: dict[frozenset[str], str] = {}
        for source, target, edge in network.liaisons(snapshot, level=level).edges(data=True):
            dates = [written for written in edge.get("dates", ()) if days.by(written, day)]
            pair = frozenset((source, target))
            if dates:
                self._last[pair] = max(self._last.get(pair, ""), dates[-1])
        self._standing = {
            frozenset((source, target))
            for source, target in network.relationships(snapshot, level=level).edges()
        }

    def lately(self, left: str, right: str) -> bool:
        last = self._last.get(frozenset((left, right)))
        written = days.last_day(last) if last is not None else None
        return written is not None and written >= self._since

    def gap(
        self, left: str, right: str, topic: str | None, label: str,
        left_items: tuple[str, ...], right_items: tuple[str, ...],
    ) -> Gap:  # fmt: skip
        pair = frozenset((left, right))
        return Gap(
            left=left, right=right, topic=topic, label=label, left_items=left_items, right_items=right_items,
            last=self._last.get(pair), relationship=pair in self._standing,
        )  # fmt: skip


def _level(text: str) -> Level:
    found: Level | None = next((level for level in get_args(Level) if level == text), None)
    if found is None:
        raise UsageError(f"there is no level {text!r}", hint=f"levels: {', '.join(get_args(Level))}")
    return found


def _months_before(day: date, months: int) -> date:
    if not 0 <= months <= 1200:
        raise UsageError(f"{months} is no number of months", where="months", hint="write 0 to 1200")
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _with_all_above(topic: str, broader: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [topic]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(broader.get(one, ()))
    return found


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


def _topic(term: Term | None) -> str:
    return _text(term).removeprefix(SCHEME_BASE + "topic/")


def _id(term: Term | None) -> str:
    return _text(term).removeprefix(ID_BASE).partition("/")[2]
