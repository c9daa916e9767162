"""The views of the graph as networks, each built from one query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, get_args
from typing import Literal as OneOf

from sdograph.errors import UsageError
from sdograph.model import Purpose
from sdograph.network.organisations import Registry, id_of, in_force, maybe, not_after, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    import networkx as nx

Network: TypeAlias = "nx.MultiDiGraph[str]"
Level: TypeAlias = OneOf["group", "body"]

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

_LIAISONS = """
  { ?statement a sdo:LiaisonStatement ; schema:sender ?from ; schema:toRecipient ?to . BIND("to" AS ?role)
    OPTIONAL { ?statement schema:dateSent ?date } }
  UNION
  { ?statement a sdo:LiaisonStatement ; schema:sender ?from ; schema:ccRecipient ?to . BIND("cc" AS ?role)
    OPTIONAL { ?statement schema:dateSent ?date } }
  UNION { ?statement sdo:forAction ?to . BIND("action" AS ?purpose) }
  UNION { ?statement sdo:forComment ?to . BIND("comment" AS ?purpose) }
  UNION { ?statement sdo:forInformation ?to . BIND("information" AS ?purpose) }
  UNION { ?statement sdo:forResponse ?to . BIND("response" AS ?purpose) }
"""

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


@dataclass(slots=True)
class _Edge:
    statements: dict[str, str | None] = field(default_factory=dict)
    purposes: set[str] = field(default_factory=set)


def liaisons(
    snapshot: Snapshot,
    *,
    since: str | None = None,
    until: str | None = None,
    body: str | None = None,
    group: str | None = None,
    purpose: str | None = None,
    level: str = "group",
    as_of: str | None = None,
) -> Network:
    """Who writes liaison statements to whom: one edge for each sender, addressee and role.

    Edges: key and ``kind`` "to" or "cc"; ``weight`` the number of statements; ``first`` and ``last``, ISO
    dates of the earliest and latest dated one; ``statements``, their ids (``3GPP/S2-1812758``), by date;
    ``purposes``, what the addressee got them for, where it is said.

    ``since`` and ``until`` (ISO dates, inclusive) bound the date of the statements; ``body`` keeps edges with
    an end in that body (or one below it), ``group`` those with that very group or body at an end, ``purpose``
    (action, comment, information, response) statements the addressee gets for it. ``level="body"`` merges
    the groups of a body into it; liaison inside a body is then an edge of the body to itself. ``as_of``
    gives the network of that day: statements sent up to then, between those in force on it.
    Statements without a date are left out when a date is asked for; how many: ``graph["undated_left_out"]``.
    Raises UsageError for a filter value that does not fit.
    """
    for name, value in (("since", since), ("until", until), ("as_of", as_of)):
        _check_date(name, value)
    _check_choice("purpose", purpose, get_args(Purpose))
    _check_choice("level", level, get_args(Level))

    registry = Registry()
    sent: list[tuple[str, str, str, str, str | None]] = []
    purposes: dict[tuple[str, str], set[str]] = {}
    for row in registry.read(snapshot, _LIAISONS):
        statement, to = id_of(text(row["statement"])), id_of(text(row["to"]))
        if row["purpose"] is not None:
            purposes.setdefault((statement, to), set()).add(text(row["purpose"]))
        else:
            sent.append((statement, id_of(text(row["from"])), to, text(row["role"]), maybe(row["date"])))

    keep = _ends(registry, body, group, as_of)
    left_out: set[str] = set()
    edges: dict[tuple[str, str, str], _Edge] = {}
    for statement, sender, to, role, date in sent:
        got_for = purposes.get((statement, to), set())
        if not keep(sender, to) or (purpose is not None and purpose not in got_for):
            continue
        if (since or until or as_of) and date is None:
            left_out.add(statement)
            continue
        if date is not None and not _within_dates(date, since, (until, as_of)):
            continue
        for source in _raised(registry, sender, level):
            for target in _raised(registry, to, level):
                edge = edges.setdefault((source, target, role), _Edge())
                edge.statements[statement] = date
                edge.purposes |= got_for

    graph = _graph(snapshot, "liaisons", since=since, until=until, body=body, group=group, purpose=purpose,
                   level=level, as_of=as_of)  # fmt: skip
    graph.graph["undated_left_out"] = len(left_out)
    _add_nodes(graph, registry, {end for source, target, _ in edges for end in (source, target)})
    for (source, target, role), edge in sorted(edges.items(), key=lambda item: item[0]):
        dates = sorted(date for date in edge.statements.values() if date is not None)
        ordered = sorted(edge.statements.items(), key=lambda item: (item[1] or "9999", item[0]))
        known = {"first": dates[0], "last": dates[-1]} if dates else {}
        graph.add_edge(
            source, target, key=role, kind=role, weight=len(edge.statements), **known,
            statements=[statement for statement, _ in ordered], purposes=sorted(edge.purposes),
        )  # fmt: skip
    return graph


def relationships(
    snapshot: Snapshot, *, body: str | None = None, group: str | None = None, as_of: str | None = None
) -> Network:
    """Standing relationships of bodies and groups: one edge for each pair and kind.

    A relationship has no direction; its edge leads from the id that sorts first. Edges: key and ``kind``, the
    notation of the relationship kind; ``weight`` 1; ``begin`` and ``end`` where known. ``as_of`` keeps those
    in force that day. Raises UsageError for a filter value that does not fit.
    """
    _check_date("as_of", as_of)
    registry = Registry()
    rows = list(registry.read(snapshot, _RELATIONSHIPS))
    keep = _ends(registry, body, group, as_of)
    edges: list[tuple[str, str, str, dict[str, str]]] = []
    for row in rows:
        source, target = sorted((id_of(text(row["from"])), id_of(text(row["to"]))))
        begin, end = maybe(row["since"]), maybe(row["until"])
        if keep(source, target) and (as_of is None or in_force(begin, end, as_of)):
            edges.append((source, target, _tail(text(row["role"])), _known(begin=begin, end=end)))
    graph = _graph(snapshot, "relationships", body=body, group=group, as_of=as_of)
    _add_nodes(graph, registry, {end for source, target, _, _ in edges for end in (source, target)})
    for source, target, kind, dates in sorted(edges, key=lambda edge: edge[:3]):
        graph.add_edge(source, target, key=kind, kind=kind, weight=1, **dates)
    return graph


def organisation(
    snapshot: Snapshot, *, body: str | None = None, group: str | None = None, as_of: str | None = None
) -> Network:
    """How organisations hang together: ``part-of`` edges to parents, ``succeeded-by`` edges to successors.

    A group without a parent group is part of its body. ``weight`` is 1; a succession carries ``begin``, the
    date of the change, where known. ``as_of`` keeps those in force that day and changes up to it (a change
    without a date counts as past). Raises UsageError for a filter value that does not fit.
    """
    _check_date("as_of", as_of)
    registry = Registry()
    changes = [
        (id_of(text(row["from"])), id_of(text(row["to"])), maybe(row["date"]))
        for row in registry.read(snapshot, _CHANGES)
    ]
    on_the_day = _ends(registry, body, group, as_of)
    at_any_time = _ends(registry, body, group, None)
    edges: list[tuple[str, str, str, dict[str, str]]] = [
        (org.id, above, "part-of", _known(begin=org.begin, end=org.end))
        for org in registry.by_id.values()
        for above in org.parents or org.bodies - {org.id}
        if on_the_day(org.id, above)
    ]
    edges += [
        (old, new, "succeeded-by", _known(begin=date))
        for old, new, date in changes
        if at_any_time(old, new) and (as_of is None or date is None or not_after(date, as_of))
    ]
    graph = _graph(snapshot, "organisation", body=body, group=group, as_of=as_of)
    _add_nodes(graph, registry, {end for source, target, _, _ in edges for end in (source, target)})
    for source, target, kind, dates in sorted(edges, key=lambda edge: edge[:3]):
        graph.add_edge(source, target, key=kind, kind=kind, weight=1, **dates)
    return graph


def _within_dates(date: str, since: str | None, untils: Iterable[str | None]) -> bool:
    return (since is None or not_after(since, date)) and all(u is None or not_after(date, u) for u in untils)


def _ends(
    registry: Registry, body: str | None, group: str | None, as_of: str | None
) -> Callable[[str, str], bool]:
    """A test of an edge's two ends: both are known and in force, one is of the body, one is the group."""
    of_body = registry.within(registry.resolve("body", body, "body")) if body is not None else None
    wanted = registry.resolve("group", group) if group is not None else None

    def keep(source: str, target: str) -> bool:
        ends = [registry.by_id.get(source), registry.by_id.get(target)]
        return (
            all(end is not None and (as_of is None or end.in_force(as_of)) for end in ends)
            and (of_body is None or source in of_body or target in of_body)
            and (wanted is None or wanted in (source, target))
        )

    return keep


def _raised(registry: Registry, org: str, level: str) -> Iterable[str]:
    """The node that stands for an organisation at a level: itself, or the body (or bodies) it is of."""
    return (registry.by_id[org].bodies or {org}) if level == "body" else (org,)


def _graph(snapshot: Snapshot, view: str, **asked: str | None) -> Network:
    # Half a second to load, and most of the program gets by without it.
    import networkx as nx

    graph: Network = nx.MultiDiGraph()
    graph.graph.update(
        view=view,
        version=snapshot.version,
        generated_at=snapshot.generated_at,
        filters=_known(**asked),
    )
    return graph


def _add_nodes(graph: Network, registry: Registry, ids: Iterable[str]) -> None:
    for org_id in sorted(ids):
        org = registry.by_id[org_id]
        graph.add_node(
            org_id, label=org.label, kind=org.kind, body="; ".join(sorted(org.bodies)), iri=org.iri,
            **_known(begin=org.begin, end=org.end),
        )  # fmt: skip


def _known(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _tail(iri: str) -> str:
    return iri.rpartition("/")[2]


def _check_date(name: str, value: str | None) -> None:
    if value is not None and not _DATE.fullmatch(value):
        hint = "write 2023-09-18, 2023-09 or 2023"
        raise UsageError(f"{value!r} is not a date", where=f"filter {name}", hint=hint)


def _check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        hint = f"one of {', '.join(choices)}"
        raise UsageError(f"{value!r} is not a {name}", where=f"filter {name}", hint=hint)
