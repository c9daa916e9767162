"""Who liaises with whom: one entry for each sender and addressee, counted in several ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from sdograph import network
from sdograph.identifiers import iri
from sdograph.namespaces import ORG
from sdograph.store import Snapshot
from sdograph_api.context import Context
from sdograph_api.rest.items import relationships
from sdograph_api.view import View, natural

_SENT = """
SELECT ?statement ?date ?to ?purpose {
  ?statement a sdo:LiaisonStatement .
  OPTIONAL { ?statement schema:dateSent ?date }
  OPTIONAL {
    VALUES (?for ?purpose) {
      (sdo:forAction "action") (sdo:forComment "comment") (sdo:forInformation "information")
      (sdo:forResponse "response")
    }
    ?statement ?for ?to
  }
}
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """Of all statements: the date, and what each addressee gets them for."""

    dates: dict[str, str]
    purposes: dict[tuple[str, str], set[str]]


def sent(snapshot: Snapshot) -> Sent:
    dates: dict[str, str] = {}
    purposes: dict[tuple[str, str], set[str]] = {}
    for row in snapshot.rows(_SENT):
        statement, date, to, purpose = (row[name] for name in ("statement", "date", "to", "purpose"))
        if not isinstance(statement, NamedNode):
            continue
        if isinstance(date, Literal):
            dates[statement.value] = date.value
        if isinstance(to, NamedNode) and isinstance(purpose, Literal):
            purposes.setdefault((statement.value, to.value), set()).add(purpose.value)
    return Sent(dates, purposes)


#: A pair: the IRIs of sender and addressee, and the statements by role.
Roles = dict[str, list[str]]


def pairs(view: View, given: Mapping[str, str]) -> tuple[list[tuple[str, tuple[str, str, Roles]]], list[str]]:
    """The pairs that fit the filters of sdograph.network.liaisons, most statements first; and warnings."""
    graph = network.liaisons(view.snapshot, **given)
    found: dict[tuple[str, str], Roles] = {}
    for source, target, role, edge in graph.edges(keys=True, data=True):
        ends = graph.nodes[source]["iri"], graph.nodes[target]["iri"]
        found.setdefault(ends, {})[role] = [iri(f"liaison-statement/{id}") for id in edge["statements"]]
    entries = []
    for (source, target), roles in found.items():
        many = len({statement for statements in roles.values() for statement in statements})
        place = " ".join(natural(view.label(NamedNode(end))) for end in (source, target))
        entries.append((f"{10**9 - many} {place} {source} {target}", (source, target, roles)))
    undated = graph.graph["undated_left_out"]
    warnings = [f"{undated} statements without a date are left out"] if undated else []
    return sorted(entries, key=lambda entry: entry[0]), warnings


def pair(context: Context, view: View, found: tuple[str, str, Roles]) -> dict[str, Any]:
    """An entry in full."""
    source, target, roles = found
    known: Sent = context.once(view.snapshot, "sent", lambda: sent(view.snapshot))
    statements = sorted(
        {statement for of_role in roles.values() for statement in of_role},
        key=lambda statement: (known.dates.get(statement, "9999"), natural(statement)),
    )
    dates = [known.dates[statement] for statement in statements if statement in known.dates]
    purposes = Counter(p for s in statements for p in known.purposes.get((s, target), ()))
    return {
        "from": view.reference(NamedNode(source)),
        "to": view.reference(NamedNode(target)),
        "statements": len(statements),
        "roles": {role: len(roles.get(role, ())) for role in ("to", "cc")},
        "purposes": dict(sorted(purposes.items())),
        "years": dict(sorted(Counter(date[:4] for date in dates).items())),
        "first": dates[0] if dates else None,
        "last": dates[-1] if dates else None,
        "liaison_statements": [view.reference(NamedNode(statement)) for statement in statements],
        "relationships": _standing(view, NamedNode(source), NamedNode(target)),
    }


def _standing(view: View, one: NamedNode, other: NamedNode) -> list[dict[str, Any]]:
    theirs = {end.value for end in _with_bodies(view, other)}
    found = {
        relationship["id"]: relationship
        for end in _with_bodies(view, one)
        for relationship in relationships(view, end)
        if theirs & {party["id"] for party in relationship["parties"] if party["id"] != end.value}
    }
    return [found[id] for id in sorted(found)]


def _with_bodies(view: View, organisation: NamedNode) -> list[NamedNode]:
    bodies = view.snapshot.objects(organisation, ORG.unitOf)
    return [organisation, *(body for body in bodies if isinstance(body, NamedNode))]
