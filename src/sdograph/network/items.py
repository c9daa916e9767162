"""Views of the work: which items there are, who answers for them, what they make, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdograph.network import filters as given
from sdograph.network.organisations import Registry, id_of, node_of, not_after, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

#: Property -> kind of the edge it makes.
_EDGES = {
    "sdo:responsibleGroup": "responsible-group",
    "sdo:plannedFor": "planned-for",
    "sdo:produces": "produces",
    "sdo:impacts": "impacts",
    "dcterms:isPartOf": "part-of",
    "dcterms:replaces": "replaces",
    "sdo:amends": "amends",
    "sdo:corrects": "corrects",
    "sdo:supplements": "supplements",
    "sdo:sameTextAs": "same-text",
}
#: What is said of the items themselves.
_FACTS = {
    "sdo:standardsBody": "of",
    "sdo:begin": "begin",
    "sdo:end": "end",
    "adms:status": "status",
    "sdo:topic": "topic",
}
_CLASSES = {
    "sdo:WorkItem": "work-item",
    "sdo:StudyItem": "study-item",
    "sdo:Specification": "specification",
    "sdo:Release": "release",
    "sdo:StudyPeriod": "release",
}
#: A few variables and a branch for each property: rows of many variables take ten times as long.
_ITEMS = " UNION ".join(
    [
        *(f'{{ ?item a {c} ; rdfs:label ?value BIND("{kind}" AS ?says) }}' for c, kind in _CLASSES.items()),
        *(
            f'{{ ?item a {c} ; dcterms:title ?value BIND("title" AS ?says) }}'
            for c in ("sdo:WorkItem", "sdo:Specification")
        ),
        *(f'{{ ?item {p} ?value BIND("{name}" AS ?says) }}' for p, name in (_FACTS | _EDGES).items()),
        "{ ?relation a sdo:ItemRelation ; sdo:relationKind ?kind ; sdo:item ?item, ?value "
        'FILTER(STR(?item) < STR(?value)) BIND(REPLACE(STR(?kind), "^.*/", "") AS ?says) }',
    ]
)


@dataclass(slots=True)
class _Item:
    """A work item, specification or release."""

    iri: str
    kind: str = ""
    label: str = ""
    title: str | None = None
    bodies: set[str] = field(default_factory=set)
    said: dict[str, set[str]] = field(default_factory=dict)

    def node(self) -> dict[str, Any]:
        carried: dict[str, Any] = {
            "label": self.label, "kind": self.kind, "body": "; ".join(sorted(self.bodies)), "iri": self.iri
        }  # fmt: skip
        carried |= given.known(title=self.title, begin=self.first("begin"), end=self.first("end"))
        for name in ("status", "topic"):
            if name in self.said:
                carried[name] = sorted(map(given.tail, self.said[name]))
        return carried

    def first(self, name: str) -> str | None:
        return min(self.said[name]) if name in self.said else None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The filters, as they are asked of an item."""

    since: str | None
    until: str | None
    as_of: str | None
    bodies: frozenset[str] | None
    group: str | None
    releases: frozenset[str] | None
    topics: frozenset[str] | None

    def fits(self, item: _Item, groups: set[str], releases: set[str]) -> bool:
        return (
            (self.bodies is None or not self.bodies.isdisjoint(item.bodies))
            and (self.group is None or self.group in groups)
            and (self.releases is None or not self.releases.isdisjoint(releases))
            and (self.topics is None or not self.topics.isdisjoint(item.said.get("topic", ())))
        )

    @property
    def dated(self) -> bool:
        return bool(self.since or self.until or self.as_of)

    def within(self, item: _Item) -> bool | None:
        """Whether the item was worked on then; None when its source does not say."""
        begin, end = item.first("begin"), item.first("end")
        if begin is None and end is None:
            return None
        return all(
            day is None or begin is None or not_after(begin, day) for day in (self.until, self.as_of)
        ) and all(day is None or end is None or not_after(day, end) for day in (self.since, self.as_of))


def work(
    snapshot: Snapshot,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    body: str | None = None,
    group: str | None = None,
    topic: str | None = None,
    release: str | None = None,
    kind: str | None = None,
) -> Network:
    """Work items and specifications with the groups that answer for them and the releases they are for.

    Nodes: groups and bodies as elsewhere; items, specifications and releases under their keys
    (``work-item/3GPP/FS_AIML``) with ``label``, ``kind`` (work-item, study-item, specification, release),
    ``title``, ``body``, ``iri``, ``status``, ``topic``, ``begin`` and ``end``. Edges: key and ``kind``:
    responsible-group, planned-for, produces, impacts, part-of, replaces, amends, corrects, supplements,
    same-text, and those that a source states of two items, such as overlapping; ``weight`` 1.

    An edge is kept when an item or specification at its end fits the filters: ``body`` (or one below it),
    ``group`` that answers for it, ``topic`` or one below it, ``release``, and in time ``since`` to ``until``,
    or on the day ``as_of``. Of what has no dates nothing is known then; how many were left out for it:
    ``graph["undated_left_out"]``. ``kind`` keeps one kind of edge.
    Raises UsageError for a filter value that does not fit.
    """
    given.check_dates(since=since, until=until, as_of=as_of)
    registry = Registry()
    items: dict[str, _Item] = {}
    links = set(_read(registry, snapshot, items))
    kinds = sorted({called for _, _, called in links})
    given.check_choice("kind", kind, kinds)
    wanted = _Wanted(
        since=since, until=until, as_of=as_of,
        bodies=frozenset(registry.within(registry.resolve("body", body, "body"))) if body else None,
        group=registry.resolve("group", group) if group else None,
        releases=frozenset(map(node_of, given.releases(snapshot, release))) if release else None,
        topics=frozenset(given.topics(snapshot, topic)) if topic else None,
    )  # fmt: skip
    groups: dict[str, set[str]] = {}
    planned: dict[str, set[str]] = {}
    for source, target, called in links:
        if called in ("responsible-group", "planned-for"):
            (groups if called == "responsible-group" else planned).setdefault(source, set()).add(target)
    left_out = 0
    fitting: set[str] = set()
    for key, item in items.items():
        if item.kind == "release" or not wanted.fits(item, groups.get(key, set()), planned.get(key, set())):
            continue
        then = wanted.within(item) if wanted.dated else True
        left_out += then is None
        if then:
            fitting.add(key)

    graph = given.begun(snapshot, "work", since=since, until=until, as_of=as_of, body=body, group=group,
                        topic=topic, release=release, kind=kind)  # fmt: skip
    graph.graph["undated_left_out"] = left_out
    kept = [
        (source, target, called)
        for source, target, called in sorted(links)
        if kind in (None, called)
        and (source in fitting or target in fitting)
        and all(end in items or end in registry.by_id for end in (source, target))
    ]
    for node in sorted({end for source, target, _ in kept for end in (source, target)}):
        graph.add_node(node, **(items[node].node() if node in items else given.about(registry.by_id[node])))
    for source, target, called in kept:
        graph.add_edge(source, target, key=called, kind=called, weight=1)
    return graph


def _read(registry: Registry, snapshot: Snapshot, items: dict[str, _Item]) -> Iterator[tuple[str, str, str]]:
    """The links (source, target, kind) of all items; takes in the items themselves."""
    kinds = set(_CLASSES.values())
    said: list[tuple[str, str, str]] = []
    for row in registry.read(snapshot, _ITEMS):
        iri, says, value = text(row["item"]), text(row["says"]), text(row["value"])
        key = node_of(iri)
        if says in kinds:
            item = items.setdefault(key, _Item(iri))
            # A study item is a work item too; it is shown as the more exact of the two.
            item.kind = "study-item" if "study-item" in (item.kind, says) else says
            item.label = value
        elif says in ("title", *_FACTS.values()):
            said.append((key, says, value))
        else:
            yield key, node_of(value), says
    for key, says, value in said:
        known = items.get(key)
        if known is None:
            continue  # organisations have beginnings and ends as well
        if says == "of":
            known.bodies.add(id_of(value))
        elif says == "title":
            known.title = min(known.title or value, value)
        else:
            known.said.setdefault(says, set()).add(value)
