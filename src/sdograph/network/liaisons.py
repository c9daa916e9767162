"""Who writes liaison statements to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, get_args
from typing import Literal as OneOf

from sdograph.model import Purpose
from sdograph.network import filters as given
from sdograph.network.organisations import Registry, id_of, maybe, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

Level: TypeAlias = OneOf["group", "parent", "body"]
Role: TypeAlias = OneOf["to", "cc"]

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


@dataclass(slots=True)
class _Edge:
    statements: dict[str, str | None] = field(default_factory=dict)
    purposes: set[str] = field(default_factory=set)


def liaisons(
    snapshot: Snapshot,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    body: str | None = None,
    group: str | None = None,
    purpose: str | None = None,
    topic: str | None = None,
    release: str | None = None,
    role: str | None = None,
    level: str = "group",
    min_weight: str | int | None = None,
) -> Network:
    """Who writes liaison statements to whom: one edge for each sender, addressee and role.

    Edges: key and ``kind`` "to" or "cc"; ``weight`` the number of statements; ``first`` and ``last``, ISO
    dates of the earliest and latest dated one; ``statements``, their ids (``3GPP/S2-1812758``), by date, and
    ``dates``, the dates of those that have one, in the same order; ``purposes``, what the addressee got them
    for, where it is said.

    ``since`` and ``until`` (ISO dates, inclusive) bound the date of the statements; ``body`` keeps edges with
    an end in that body (or one below it), ``group`` those with that very group or body at an end, ``role``
    (to, cc) edges of that kind, ``purpose`` (action, comment, information, response) statements the addressee
    gets for it, ``release`` those that name that release, ``topic`` those on it or on one below it: by their
    own title, or by that of an item they concern or mention. ``level="body"`` merges the groups of a body
    into it, ``level="parent"`` only those that have a group above them into the highest one; liaison inside
    is then an edge of the node to itself. ``min_weight`` drops edges of fewer statements. ``as_of`` gives the
    network of that day: statements sent up to then, between those in force on it.
    Statements without a date are left out when a date is asked for; how many: ``graph["undated_left_out"]``.
    Raises UsageError for a filter value that does not fit.
    """
    given.check_dates(since=since, until=until, as_of=as_of)
    given.check_choice("purpose", purpose, get_args(Purpose))
    given.check_choice("level", level, get_args(Level))
    given.check_choice("role", role, get_args(Role))
    least = None if min_weight is None else given.number("min_weight", min_weight, 0)
    about = on(snapshot, topic, release)

    registry = Registry()
    sent: list[tuple[str, str, str, str, str | None]] = []
    purposes: dict[tuple[str, str], set[str]] = {}
    for row in registry.read(snapshot, _LIAISONS):
        statement, to = id_of(text(row["statement"])), id_of(text(row["to"]))
        if row["purpose"] is not None:
            purposes.setdefault((statement, to), set()).add(text(row["purpose"]))
        elif role in (None, text(row["role"])) and (about is None or statement in about):
            sent.append((statement, id_of(text(row["from"])), to, text(row["role"]), maybe(row["date"])))

    keep = given.ends(registry, body, group, as_of)
    left_out: set[str] = set()
    edges: dict[tuple[str, str, str], _Edge] = {}
    for statement, sender, to, kind, date in sent:
        got_for = purposes.get((statement, to), set())
        if not keep(sender, to) or (purpose is not None and purpose not in got_for):
            continue
        if (since or until or as_of) and date is None:
            left_out.add(statement)
            continue
        if date is not None and not given.within_dates(date, since, (until, as_of)):
            continue
        for source in raised(registry, sender, level):
            for target in raised(registry, to, level):
                edge = edges.setdefault((source, target, kind), _Edge())
                edge.statements[statement] = date
                edge.purposes |= got_for

    graph = given.begun(snapshot, "liaisons", since=since, until=until, as_of=as_of, body=body, group=group,
                        purpose=purpose, topic=topic, release=release, role=role, level=level,
                        min_weight=least)  # fmt: skip
    graph.graph["undated_left_out"] = len(left_out)
    edges = {ends: edge for ends, edge in edges.items() if least is None or len(edge.statements) >= least}
    given.add_organisations(graph, registry, {end for source, target, _ in edges for end in (source, target)})
    for (source, target, kind), edge in sorted(edges.items(), key=lambda item: item[0]):
        dates = sorted(date for date in edge.statements.values() if date is not None)
        ordered = sorted(edge.statements.items(), key=lambda item: (item[1] or "9999", item[0]))
        known = {"first": dates[0], "last": dates[-1], "dates": dates} if dates else {}
        graph.add_edge(
            source, target, key=kind, kind=kind, weight=len(edge.statements), **known,
            statements=[statement for statement, _ in ordered], purposes=sorted(edge.purposes),
        )  # fmt: skip
    return graph


def on(snapshot: Snapshot, topic: str | None, release: str | None) -> set[str] | None:
    """The ids of the statements on a topic and about a release; None when neither is asked for."""
    if topic is None and release is None:
        return None
    parts = ["?s a sdo:LiaisonStatement ."]
    if release is not None:
        parts.append(f"?s sdo:plannedFor ?r {given.values('r', given.releases(snapshot, release))}")
    if topic is not None:
        parts.append(given.values("t", given.topics(snapshot, topic)))
        parts.append("{ ?s sdo:topic ?t } UNION { ?s sdo:concerns|sdo:mentions ?item . ?item sdo:topic ?t }")
    return {id_of(text(row["s"])) for row in snapshot.rows(f"SELECT DISTINCT ?s {{ {' '.join(parts)} }}")}


def raised(registry: Registry, org: str, level: str) -> Iterable[str]:
    """The nodes that stand for an organisation at a level: itself, its highest group, or its bodies."""
    if level == "body":
        return registry.by_id[org].bodies or {org}
    return registry.highest(org) if level == "parent" else (org,)
