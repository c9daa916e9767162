"""Whose work overlaps with whose: item by item, or the items of groups and bodies together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, get_args
from typing import Literal as OneOf

import sdograph.network.filters as given
from sdograph.network.liaisons import raised
from sdograph.network.organisations import Registry, node_of, not_after, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network
    from sdograph.overlap import Item, Overlap
    from sdograph.overlap.decision import Decision

Level: TypeAlias = OneOf["item", "group", "parent", "body"]
#: The bands of overlaps, the strongest first; one text in two is told apart as a kind of its own.
BANDS = ("strong", "partial", "weak")
SAME_TEXT, OVERLAP = "same-text", "overlap"
#: Between the ids of the two items of a pair, where an edge names it.
BETWEEN = " – "

_STUDIES = "{ ?study a sdo:StudyItem }"


class Pairs(Protocol):
    """What has the overlapping pairs, such as :class:`sdograph.overlap.table.Table`."""

    def overlaps(self, *, min_score: float) -> Iterable[Overlap]:
        """The pairs of this score or more, those of one text among them."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A pair behind an edge."""

    overlap: Overlap
    decision: Decision | None
    written: str
    """Its ids, that of the item on the side of the edge's source first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """The filters, as they are asked of the items of a pair."""

    since: str | None
    until: str | None
    as_of: str | None
    body: set[str] | None
    other_body: set[str] | None
    group: str | None
    among: set[str] | None

    def fits(self, one: Item, other: Item) -> bool:
        return (
            any(
                (self.body is None or a.body in self.body)
                and (self.other_body is None or b.body in self.other_body)
                for a, b in ((one, other), (other, one))
            )
            and (self.group is None or self.group in (*one.groups, *other.groups, one.body, other.body))
            and (self.among is None or one.id in self.among or other.id in self.among)
        )

    def then(self, one: Item, other: Item) -> bool | None:
        """Whether both were worked on then, as far as they are dated; None when neither is."""
        if not (self.since or self.until or self.as_of):
            return True
        dated = [item for item in (one, other) if item.begin or item.end]
        return all(map(self._on, dated)) if dated else None

    def _on(self, item: Item) -> bool:
        return all(
            day is None or item.begin is None or not_after(item.begin, day)
            for day in (self.until, self.as_of)
        ) and all(
            day is None or item.end is None or not_after(day, item.end) for day in (self.since, self.as_of)
        )


def overlaps(
    snapshot: Snapshot,
    compared: Pairs,
    version: str,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    body: str | None = None,
    other_body: str | None = None,
    group: str | None = None,
    topic: str | None = None,
    release: str | None = None,
    kind: str | None = None,
    band: str | None = None,
    min_score: str | float | None = None,
    level: str = "item",
    min_weight: str | float | None = None,
) -> Network:
    """Whose work overlaps with whose: one edge for each pair of items, or of the groups behind them.

    An overlap has no direction; its edge leads from the id that sorts first. Nodes: items under their keys
    (``work-item/3GPP/FS_AIML``) with ``label``, ``kind``, ``title``, ``body``, ``iri``, ``groups``, ``begin``
    and ``end``; with ``level`` (group, parent, body) who answers for them, where an item of which no group is
    known stands with its body. Edges: key and ``kind`` "overlap", or "same-text" where one text has two
    numbers; ``weight`` the score of the pair (0 to 1), or the number of pairs; ``score`` and ``band`` of the
    strongest; ``pairs``, the ids of the items, the source's first; ``begin`` and ``end``, when both were
    worked on as far as they are dated, if that is known of all pairs. Of single pairs also ``evidence``, what
    speaks for it, the strongest first, and ``relation``, where somebody has decided that they overlap.
    Pairs that somebody has rejected are left out. So is what one group answers for on both sides, once
    groups are merged.

    ``compared`` has the pairs, of the ``version`` of the dataset. ``body`` and ``other_body`` (or one below)
    keep pairs with an item of the one and an item of the other, ``group`` those with an item that this very
    group or body answers for, ``topic`` (or one below) and ``release`` those with an item on it or for it,
    ``band`` (strong, partial, weak) and ``kind`` edges of that band or kind, ``min_score`` pairs from that
    score on: 0.4 by default, where weak ones begin. ``since``, ``until`` and ``as_of`` keep pairs of which no
    item is dated otherwise; how many were left out, because neither is dated: ``graph["undated_left_out"]``.
    ``min_weight`` drops lighter edges. Raises UsageError for a filter value that does not fit.
    """
    from sdograph.overlap.score import PARTIAL
    from sdograph.overlap.table import LEAST

    given.check_dates(since=since, until=until, as_of=as_of)
    given.check_choice("level", level, get_args(Level))
    given.check_choice("kind", kind, (OVERLAP, SAME_TEXT))
    given.check_choice("band", band, BANDS)
    lightest = None if min_weight is None else given.number("min_weight", min_weight, 0)
    lowest = LEAST if band == "weak" else PARTIAL
    score = lowest if min_score is None else given.number("min_score", min_score, 0, 1)
    registry = Registry()

    def below(name: str, value: str | None) -> set[str] | None:
        return registry.within(registry.resolve(name, value, "body")) if value is not None else None

    studies = {text(row["study"]) for row in registry.read(snapshot, _STUDIES)}
    wanted = _Wanted(
        since=since, until=until, as_of=as_of,
        body=below("body", body),
        other_body=below("other_body", other_body),
        group=registry.resolve("group", group) if group else None,
        among=_on(snapshot, topic, release),
    )  # fmt: skip

    items: dict[str, Item] = {}
    edges: dict[tuple[str, str, str], dict[frozenset[str], _Pair]] = {}
    left_out = 0
    for overlap, decision in _open(snapshot, compared, score):
        called = SAME_TEXT if overlap.same_text else OVERLAP
        if kind not in (None, called) or band not in (None, overlap.band):
            continue
        if not wanted.fits(overlap.item, overlap.other):
            continue
        then = wanted.then(overlap.item, overlap.other)
        left_out += then is None
        if not then:
            continue
        one, other = ((node_of(item.id), item) for item in (overlap.item, overlap.other))
        sides = [_ends(registry, item, level, wanted.group) for _, item in (one, other)]
        for ends in product(*sides):
            (source, (first, _)), (target, (second, _)) = sorted(
                zip(ends, (one, other), strict=True), key=lambda end: end[0]
            )
            if source != target:
                found = _Pair(overlap, decision, f"{first}{BETWEEN}{second}")
                # Groups that answer for both items are at both ends, either way round.
                edges.setdefault((source, target, called), {}).setdefault(frozenset((first, second)), found)
        if level == "item":
            items |= dict((one, other))

    graph = given.begun(snapshot, "overlaps", since=since, until=until, as_of=as_of, body=body,
                        other_body=other_body, group=group, topic=topic, release=release, kind=kind,
                        band=band, min_score=score, level=level, min_weight=lightest)  # fmt: skip
    graph.graph |= {"directed": False, "undated_left_out": left_out, "compared_version": version}
    made = {
        ends: carried
        for ends, pairs in sorted(edges.items(), key=lambda entry: entry[0])
        if (carried := _edge(list(pairs.values()), level))["weight"] >= (lightest or 0)
    }
    for node in sorted({end for source, target, _ in made for end in (source, target)}):
        item = items.get(node)
        graph.add_node(
            node, **(given.about(registry.by_id[node]) if item is None else _node(item, item.id in studies))
        )
    for (source, target, called), carried in made.items():
        graph.add_edge(source, target, key=called, kind=called, **carried)
    return graph


def _open(snapshot: Snapshot, compared: Pairs, score: float) -> Iterator[tuple[Overlap, Decision | None]]:
    """The pairs that nobody has rejected, with the decision on each."""
    from sdograph.overlap.answer import kept
    from sdograph.overlap.decision import Decisions

    return kept(compared.overlaps(min_score=score), Decisions.of(snapshot))


def _on(snapshot: Snapshot, topic: str | None, release: str | None) -> set[str] | None:
    """The IRIs of the items on a topic and for a release; None when neither is asked for."""
    if topic is None and release is None:
        return None
    parts = []
    if topic is not None:
        parts.append(f"?item sdo:topic ?topic {given.values('topic', given.topics(snapshot, topic))}")
    if release is not None:
        parts.append(f"?item sdo:plannedFor ?r {given.values('r', given.releases(snapshot, release))}")
    return {text(row["item"]) for row in snapshot.rows(f"SELECT DISTINCT ?item {{ {' . '.join(parts)} }}")}


def _ends(registry: Registry, item: Item, level: str, group: str | None) -> Iterable[str]:
    """The nodes that stand for an item at a level; of those answering for it the one that is asked for."""
    if level == "item":
        return (node_of(item.id),)
    answering = [g for g in item.groups if g in registry.by_id and level != "body"]
    if group in answering:
        answering = [group]
    if not answering:
        return (item.body,) if item.body in registry.by_id else ()
    return sorted({node for org in answering for node in raised(registry, org, level)})


def _edge(pairs: Sequence[_Pair], level: str) -> dict[str, Any]:
    """What an edge carries."""
    best = max(pairs, key=lambda pair: pair.overlap.score)
    score = round(best.overlap.score, 4)
    carried: dict[str, Any] = {
        "weight": score if level == "item" else len(pairs), "score": score, "band": best.overlap.band
    }  # fmt: skip
    spans = [_both(pair.overlap.item, pair.overlap.other) for pair in pairs]
    begins, ends = ([day for day in days if day] for days in zip(*spans, strict=True))
    carried |= given.known(
        begin=min(begins) if len(begins) == len(spans) else None,
        end=max(ends) if len(ends) == len(spans) else None,
    )
    carried["pairs"] = sorted(pair.written for pair in pairs)
    if level == "item":
        carried["evidence"] = _evidence(best.overlap)
        if best.decision is not None and best.decision.verdict == "accepted":
            carried["relation"] = best.decision.label
    return carried


def _both(one: Item, other: Item) -> tuple[str | None, str | None]:
    """First and last day on which both were worked on, as far as they are dated; neither when on none."""
    begin = max(filter(None, (one.begin, other.begin)), default=None)
    # A month ends before the year that it is in.
    end = min(filter(None, (one.end, other.end)), key=lambda day: day.ljust(10, "~"), default=None)
    return (begin, end) if begin is None or end is None or not_after(begin, end) else (None, None)


def _evidence(overlap: Overlap) -> list[str]:
    if overlap.same_text is not None:
        return [f"{overlap.same_text.rule}: {overlap.same_text.text}"]
    return [c.kind for c in sorted(overlap.contributions, key=lambda c: -c.weight) if c.weight > 0]


def _node(item: Item, study: bool) -> dict[str, Any]:
    return {
        "label": item.code,
        "kind": "study-item" if study else item.kind,
        "body": item.body,
        "iri": item.id,
        **({"groups": list(item.groups)} if item.groups else {}),
        **given.known(title=item.title or None, begin=item.begin, end=item.end),
    }
