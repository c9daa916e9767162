"""The graph as networks: who writes to whom, who stands in which relationship, what is part of what.

Every view is a ``networkx.MultiDiGraph`` whose nodes are bodies and groups under their ids (``3GPP-SA3``),
and whose parallel edges are told apart by ``kind``. Nodes carry ``label``, ``kind`` (body or group), ``body``
(the id of the body, several joined by ``; ``), ``iri`` and, where known, ``begin`` and ``end``. Only nodes
with an edge are in a view. What is not known is absent, never None. Each view is built from one query.

A missing edge says that no document read so far states it, not that there was no contact.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeAlias, get_args

import networkx as nx
from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions

from sdograph.errors import UsageError
from sdograph.identifiers import key_of, local_id
from sdograph.model import Purpose
from sdograph.store import Snapshot

Network: TypeAlias = "nx.MultiDiGraph[str]"
Level: TypeAlias = OneOf["group", "body"]

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

_ORGANISATIONS = """
  { VALUES (?class ?kind) { (sdo:Body "body") (sdo:Group "group") }
    ?org a ?class ; rdfs:label ?label .
    OPTIONAL { ?org sdo:begin ?begin }
    OPTIONAL { ?org sdo:end ?end }
  } UNION { ?org org:unitOf ?body . ?body a sdo:Body }
  UNION { ?org org:subOrganizationOf ?parent }
  UNION { ?old dcterms:isReplacedBy ?org }
"""

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
class _Organisation:
    """A body or group with what the views need of it."""

    id: str
    iri: str
    label: str
    kind: str
    begin: str | None
    end: str | None
    bodies: set[str] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)

    def in_force(self, day: str) -> bool:
        return _in_force(self.begin, self.end, day)


class _Registry:
    """The bodies and groups of a snapshot, by id; fed with the rows of a view's query."""

    def __init__(self) -> None:
        self.by_id: dict[str, _Organisation] = {}
        self._links: list[tuple[str, str, str]] = []
        self._redirects: dict[str, str] = {}

    def read(self, rows: Iterable[QuerySolution]) -> Iterator[QuerySolution]:
        """Takes the rows about organisations and passes the others on."""
        for row in rows:
            if row["label"] is not None:
                iri = _text(row["org"])
                self.by_id[_id(iri)] = _Organisation(
                    id=_id(iri),
                    iri=iri,
                    label=_text(row["label"]),
                    kind=_text(row["kind"]),
                    begin=_maybe(row["begin"]),
                    end=_maybe(row["end"]),
                )
            elif row["old"] is not None:
                self._redirects[_id(_text(row["old"]))] = _id(_text(row["org"]))
            elif row["org"] is not None:
                other = row["body"] or row["parent"]
                how = "body" if row["body"] is not None else "parent"
                self._links.append((_id(_text(row["org"])), how, _id(_text(other))))
            else:
                yield row
        for org, how, other in self._links:
            if org in self.by_id and other in self.by_id:
                held = self.by_id[org].bodies if how == "body" else self.by_id[org].parents
                held.add(other)
        for org_id, organisation in self.by_id.items():
            if organisation.kind == "body":
                organisation.bodies.add(org_id)

    def resolve(self, name: str, value: str, kind: str | None = None) -> str:
        """The id of a filter's value, through redirects; raises UsageError when there is no such one."""
        found = self._redirects.get(value, value)
        known = self.by_id.get(found)
        if known is None or (kind is not None and known.kind != kind):
            raise UsageError(
                f"there is no {kind or 'body or group'} {value!r}",
                where=f"filter {name}",
                hint="ids look like 3GPP-SA3 or ETSI; `sdograph query --name groups-of-body` lists them",
            )
        return found

    def within(self, body: str) -> set[str]:
        """The ids of a body, of the bodies and groups below it, at any depth."""
        below = {body}
        while True:
            above = [o for o in self.by_id.values() if o.id not in below]
            more = {o.id for o in above if not below.isdisjoint(o.bodies | o.parents)}
            if not more:
                return below
            below |= more


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

    registry = _Registry()
    sent: list[tuple[str, str, str, str, str | None]] = []
    purposes: dict[tuple[str, str], set[str]] = {}
    for row in registry.read(_solutions(snapshot, _ORGANISATIONS, _LIAISONS)):
        statement, to = _id(_text(row["statement"])), _id(_text(row["to"]))
        if row["purpose"] is not None:
            purposes.setdefault((statement, to), set()).add(_text(row["purpose"]))
        else:
            sent.append((statement, _id(_text(row["from"])), to, _text(row["role"]), _maybe(row["date"])))

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
    registry = _Registry()
    rows = list(registry.read(_solutions(snapshot, _ORGANISATIONS, _RELATIONSHIPS)))
    keep = _ends(registry, body, group, as_of)
    edges: list[tuple[str, str, str, dict[str, str]]] = []
    for row in rows:
        source, target = sorted((_id(_text(row["from"])), _id(_text(row["to"]))))
        begin, end = _maybe(row["since"]), _maybe(row["until"])
        if keep(source, target) and (as_of is None or _in_force(begin, end, as_of)):
            edges.append((source, target, _tail(_text(row["role"])), _known(begin=begin, end=end)))
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
    registry = _Registry()
    changes = [
        (_id(_text(row["from"])), _id(_text(row["to"])), _maybe(row["date"]))
        for row in registry.read(_solutions(snapshot, _ORGANISATIONS, _CHANGES))
    ]
    in_force = _ends(registry, body, group, as_of)
    at_all = _ends(registry, body, group, None)
    edges: list[tuple[str, str, str, dict[str, str]]] = [
        (org.id, above, "part-of", _known(begin=org.begin, end=org.end))
        for org in registry.by_id.values()
        for above in org.parents or org.bodies - {org.id}
        if in_force(org.id, above)
    ]
    edges += [
        (old, new, "succeeded-by", _known(begin=date))
        for old, new, date in changes
        if at_all(old, new) and (as_of is None or date is None or not_after(date, as_of))
    ]
    graph = _graph(snapshot, "organisation", body=body, group=group, as_of=as_of)
    _add_nodes(graph, registry, {end for source, target, _, _ in edges for end in (source, target)})
    for source, target, kind, dates in sorted(edges, key=lambda edge: edge[:3]):
        graph.add_edge(source, target, key=kind, kind=kind, weight=1, **dates)
    return graph


#: Name of a view -> the function that builds it; its keyword arguments are the filters of the view.
VIEWS: dict[str, Callable[..., Network]] = {
    "liaisons": liaisons,
    "relationships": relationships,
    "organisation": organisation,
}


def filters(view: str) -> tuple[str, ...]:
    """The names of the filters of a view; raises UsageError when there is no such view."""
    if view not in VIEWS:
        raise UsageError(f"there is no view {view!r}", hint=f"views: {', '.join(VIEWS)}")
    return tuple(inspect.signature(VIEWS[view]).parameters)[1:]


def build(snapshot: Snapshot, view: str, given: Mapping[str, str]) -> Network:
    """A view by its name, with filters as they come from a command line or an address."""
    known = filters(view)
    for name in given:
        if name not in known:
            raise UsageError(f"view {view} has no filter {name!r}", hint=f"filters: {', '.join(known)}")
    return VIEWS[view](snapshot, **given)


def not_after(earlier: str, later: str) -> bool:
    """Whether one ISO date is on or before another, as far as the coarser of the two can tell."""
    length = min(len(earlier), len(later))
    return earlier[:length] <= later[:length]


def _in_force(begin: str | None, end: str | None, day: str) -> bool:
    return (begin is None or not_after(begin, day)) and (end is None or not_after(day, end))


def _within_dates(date: str, since: str | None, untils: Iterable[str | None]) -> bool:
    return (since is None or not_after(since, date)) and all(u is None or not_after(date, u) for u in untils)


def _ends(
    registry: _Registry, body: str | None, group: str | None, as_of: str | None
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


def _raised(registry: _Registry, org: str, level: str) -> Iterable[str]:
    """The node that stands for an organisation at a level: itself, or the body (or bodies) it is of."""
    return (registry.by_id[org].bodies or {org}) if level == "body" else (org,)


def _graph(snapshot: Snapshot, view: str, **asked: str | None) -> Network:
    graph: Network = nx.MultiDiGraph()
    graph.graph.update(
        view=view,
        version=snapshot.version,
        generated_at=snapshot.generated_at,
        filters=_known(**asked),
    )
    return graph


def _add_nodes(graph: Network, registry: _Registry, ids: Iterable[str]) -> None:
    for org_id in sorted(ids):
        org = registry.by_id[org_id]
        graph.add_node(
            org_id, label=org.label, kind=org.kind, body="; ".join(sorted(org.bodies)), iri=org.iri,
            **_known(begin=org.begin, end=org.end),
        )  # fmt: skip


def _solutions(snapshot: Snapshot, *parts: str) -> Iterator[QuerySolution]:
    result = snapshot.query(f"SELECT * WHERE {{ {' UNION '.join(parts)} }}")
    assert isinstance(result, QuerySolutions)  # noqa: S101 - a SELECT has solutions
    return iter(result)


def _text(term: object) -> str:
    assert isinstance(term, Literal | NamedNode)  # noqa: S101 - the queries bind nothing else
    return term.value


def _maybe(term: object) -> str | None:
    return None if term is None else _text(term)


def _known(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _id(iri: str) -> str:
    """The id below its class (``3GPP-SA3``), or the whole IRI of something that is not ours."""
    key = key_of(iri)
    return iri if key is None else local_id(key)


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
