"""What stands: relationships agreed between bodies and groups, and how organisations hang together."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, get_args

from sdograph.network import filters as given
from sdograph.network.liaisons import Level, raised
from sdograph.network.organisations import Registry, id_of, in_force, maybe, not_after, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

_RELATIONSHIPS = """
  { ?relationship a sdo:LiaisonRelationship ; sdo:relationshipKind ?role ; sdo:party ?from, ?to .
    FILTER(STR(?from) < STR(?to))
    OPTIONAL { ?relationship sdo:begin ?since }
    OPTIONAL { ?relationship sdo:end ?until } }
"""

_CHANGES = """
  { ?change a org:ChangeEvent ; org:originalOrganization ?from ; org:resultingOrganization ?to .
    OPTIONAL { ?change dcterms:date ?date } }
"""


def relationships(
    snapshot: Snapshot,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    body: str | None = None,
    group: str | None = None,
    kind: str | None = None,
    level: str = "group",
    min_weight: str | int | None = None,
) -> Network:
    """Standing relationships of bodies and groups: one edge for each pair and kind.

    A relationship has no direction; its edge leads from the id that sorts first. Edges: key and ``kind``, the
    notation of the relationship kind (``kind=mou`` keeps those of one); ``weight`` the number of
    relationships, 1 unless ``level`` (group, parent, body) merges several; ``relationships``, their ids;
    ``begin`` and ``end`` where known of all of them. ``as_of`` keeps those in force that day, ``since`` and
    ``until`` those in force at some time between; one without a date counts as in force. ``min_weight`` drops
    edges of fewer. Raises UsageError for a filter value that does not fit.
    """
    given.check_dates(since=since, until=until, as_of=as_of)
    given.check_choice("level", level, get_args(Level))
    least = None if min_weight is None else given.number("min_weight", min_weight, 0)
    registry = Registry()
    rows = list(registry.read(snapshot, _RELATIONSHIPS))
    kinds = sorted({given.tail(text(row["role"])) for row in rows})
    given.check_choice("kind", kind, kinds)
    keep = given.ends(registry, body, group, as_of)
    edges: dict[tuple[str, str, str], dict[str, tuple[str | None, str | None]]] = {}
    for row in rows:
        one, other = id_of(text(row["from"])), id_of(text(row["to"]))
        begin, end = maybe(row["since"]), maybe(row["until"])
        called = given.tail(text(row["role"]))
        if kind not in (None, called) or not keep(one, other):
            continue
        if as_of is not None and not in_force(begin, end, as_of):
            continue
        if (since and end and not not_after(since, end)) or (until and begin and not not_after(begin, until)):
            continue
        for pair in product(raised(registry, one, level), raised(registry, other, level)):
            source, target = sorted(pair)
            found = edges.setdefault((source, target, called), {})
            found[id_of(text(row["relationship"]))] = (begin, end)
    graph = given.begun(snapshot, "relationships", since=since, until=until, as_of=as_of, body=body,
                        group=group, kind=kind, level=level, min_weight=least)  # fmt: skip
    graph.graph["directed"] = False
    edges = {ends: found for ends, found in edges.items() if least is None or len(found) >= least}
    given.add_organisations(graph, registry, {end for source, target, _ in edges for end in (source, target)})
    for (source, target, called), found in sorted(edges.items(), key=lambda item: item[0]):
        begins, ends = ([d for d in dates if d] for dates in zip(*found.values(), strict=True))
        span = given.known(
            begin=min(begins) if len(begins) == len(found) else None,
            end=max(ends) if len(ends) == len(found) else None,
        )
        graph.add_edge(
            source, target, key=called, kind=called, weight=len(found), **span, relationships=sorted(found)
        )
    return graph


def organisation(
    snapshot: Snapshot, *, body: str | None = None, group: str | None = None, as_of: str | None = None
) -> Network:
    """How organisations hang together: ``part-of`` edges to parents, ``succeeded-by`` edges to successors.

    A group without a parent group is part of its body. ``weight`` is 1; a succession carries ``begin``, the
    date of the change, where known. ``as_of`` keeps those in force that day and changes up to it (a change
    without a date counts as past). Raises UsageError for a filter value that does not fit.
    """
    given.check_dates(as_of=as_of)
    registry = Registry()
    changes = [
        (id_of(text(row["from"])), id_of(text(row["to"])), maybe(row["date"]))
        for row in registry.read(snapshot, _CHANGES)
    ]
    on_the_day = given.ends(registry, body, group, as_of)
    at_any_time = given.ends(registry, body, group, None)
    edges: list[tuple[str, str, str, dict[str, str]]] = [
        (org.id, above, "part-of", given.known(begin=org.begin, end=org.end))
        for org in registry.by_id.values()
        for above in org.parents or org.bodies - {org.id}
        if on_the_day(org.id, above)
    ]
    edges += [
        (old, new, "succeeded-by", given.known(begin=date))
        for old, new, date in changes
        if at_any_time(old, new) and (as_of is None or date is None or not_after(date, as_of))
    ]
    graph = given.begun(snapshot, "organisation", body=body, group=group, as_of=as_of)
    given.add_organisations(
        graph, registry, {end for source, target, *_ in edges for end in (source, target)}
    )
    for source, target, kind, dates in sorted(edges, key=lambda edge: edge[:3]):
        graph.add_edge(source, target, key=kind, kind=kind, weight=1, **dates)
    return graph
