"""The neighbourhood of any one thing in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sdograph.errors import UsageError
from sdograph.identifiers import CLASSES, ID_BASE, SCHEME_BASE, iri
from sdograph.namespaces import PREFIXES
from sdograph.network import filters as given
from sdograph.network.organisations import id_of, node_of, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

#: Property -> kind of the edge it makes, from subject to object.
_EDGES = {
    "schema:sender": "sender",
    "schema:toRecipient": "to",
    "schema:ccRecipient": "cc",
    "cito:repliesTo": "replies-to",
    "sdo:concerns": "concerns",
    "sdo:mentions": "mentions",
    "sdo:announces": "announces",
    "schema:organizer": "organizer",
    "sdo:responsibleGroup": "responsible-group",
    "sdo:liaisesWith": "liaises-with",
    "sdo:plannedFor": "planned-for",
    "sdo:produces": "produces",
    "sdo:impacts": "impacts",
    "sdo:topic": "topic",
    "org:subOrganizationOf": "part-of",
    "org:unitOf": "unit-of",
    "dcterms:isPartOf": "part-of",
    "dcterms:replaces": "replaces",
    "dcterms:isVersionOf": "version-of",
    "sdo:amends": "amends",
    "sdo:corrects": "corrects",
    "sdo:supplements": "supplements",
    "sdo:sameTextAs": "same-text",
}
_KIND_OF = {PREFIXES[p.partition(":")[0]] + p.partition(":")[2]: kind for p, kind in _EDGES.items()}
#: Where a resource of its own stands between the two: from one end, to the other, what kind it is.
_BETWEEN = (
    ("sdo:party", "sdo:party", "?r sdo:relationshipKind ?kind"),
    ("sdo:item", "sdo:item", "?r sdo:relationKind ?kind"),
    ("org:originalOrganization", "org:resultingOrganization", 'BIND("succeeded-by" AS ?kind)'),
    ("org:resultingOrganization", "org:originalOrganization", 'BIND("succeeded" AS ?kind)'),
)
_KINDS = {
    "Body": "body", "Group": "group", "WorkItem": "work-item", "StudyItem": "study-item",
    "Specification": "specification", "SpecificationVersion": "version", "Release": "release",
    "StudyPeriod": "release", "Meeting": "meeting", "LiaisonStatement": "liaison-statement",
}  # fmt: skip
_SAID = (
    "rdf:type, rdfs:label, skos:prefLabel, dcterms:title, schema:dateSent, sdo:begin, sdo:standardsBody, "
    "org:unitOf, schema:sender"
)
#: More nodes than these make no picture of a neighbourhood, and cost seconds.
MOST = 10_000


def ego(snapshot: Snapshot, *, node: str, distance: str | int = 1, kind: str | None = None) -> Network:
    """What is around one node, up to a distance (1 to 4) counted in edges of either direction.

    ``node`` is an id as the views and REST have them (``3GPP-SA3``, ``work-item/3GPP/FS_AIML``,
    ``topic/data-poisoning``), or an IRI. Nodes carry ``label``, ``kind``, ``body``, ``iri``, ``title``,
    ``begin``, and ``distance`` from the first. Edges: key and ``kind`` say how the two belong together
    (sender, to, cc, replies-to, concerns, mentions, responsible-group, planned-for, produces, impacts, topic,
    part-of …, the kinds of standing relationships and of relations of items); ``weight`` 1. ``kind`` keeps
    edges of one kind, or of several (joined by commas), while walking too.
    Raises UsageError when there is no such node, or more than 10,000 of them that near.
    """
    far = int(given.number("distance", distance, 1, 4))
    kinds = set(kind.split(",")) if kind else None
    centre = _found(snapshot, node)
    at: dict[str, int] = {centre: 0}
    edges: set[tuple[str, str, str]] = set()
    rim = {centre}
    for step in range(1, far + 1):
        reached: set[str] = set()
        for source, target, called in _around(snapshot, rim):
            if kinds is None or called in kinds:
                edges.add((source, target, called))
                reached |= {source, target}
        rim = reached - at.keys()
        at |= dict.fromkeys(rim, step)
        if len(at) > MOST:
            raise UsageError(
                f"more than {MOST:,} nodes are that near to {node!r}", where="filter distance",
                hint="ask a smaller distance, or for some kinds of edges: kind=sender,to",
            )  # fmt: skip
    # What joins the outermost nodes to one another belongs to the neighbourhood too.
    edges |= {
        (source, target, called)
        for source, target, called in _around(snapshot, rim)
        if source in at and target in at and (kinds is None or called in kinds)
    }
    graph = given.begun(snapshot, "ego", node=node, distance=float(far), kind=kind)
    carried = _about(snapshot, at)
    for found in sorted(at, key=lambda n: (at[n], n)):
        graph.add_node(_id(found), **carried[found], distance=at[found])
    for source, target, called in sorted(edges):
        graph.add_edge(_id(source), _id(target), key=called, kind=called, weight=1)
    return graph


def _found(snapshot: Snapshot, node: str) -> str:
    """The IRI of a node that is there, by way of a redirect."""
    near = [f"{c}/{node}" for c in ("group", "body")] + [node]
    tried = [iri(key) for key in near if key.partition("/")[0] in CLASSES]
    if node.startswith("topic/"):
        tried.append(SCHEME_BASE + node)
    if node.startswith((ID_BASE, SCHEME_BASE)):
        tried = [node]
    for address in tried:
        if not any(c in ' <>"{}|\\^`' or c < "!" for c in address):
            now = snapshot.rows(
                f"SELECT ?now {{ {{ <{address}> dcterms:isReplacedBy ?now }} UNION "
                f"{{ <{address}> a ?class BIND(<{address}> AS ?now) }} }} LIMIT 1"
            )
            if now:
                return text(now[0]["now"])
    raise UsageError(
        f"there is nothing called {node!r}", where="filter node",
        hint="ids look like 3GPP-SA3 or work-item/3GPP/FS_AIML; `sdograph search` finds them",
    )  # fmt: skip


def _around(snapshot: Snapshot, iris: set[str]) -> set[tuple[str, str, str]]:
    """The edges (source, target, kind) that begin or end at one of these."""
    found: set[tuple[str, str, str]] = set()
    for near in _in_parts("here", iris):
        listed = f"FILTER(?p IN ({', '.join(_EDGES)}))"
        for row in snapshot.rows(f"SELECT ?here ?p ?there {{ {near} ?here ?p ?there {listed} }}"):
            found.add((text(row["here"]), text(row["there"]), _KIND_OF[text(row["p"])]))
        for row in snapshot.rows(f"SELECT ?here ?p ?there {{ {near} ?there ?p ?here {listed} }}"):
            found.add((text(row["there"]), text(row["here"]), _KIND_OF[text(row["p"])]))
        for one, other, kind in _BETWEEN:
            between = f"{near} ?r {one} ?here . ?r {other} ?there . {kind} FILTER(?here != ?there)"
            for row in snapshot.rows(f"SELECT ?here ?kind ?there {{ {between} }}"):
                here, there = text(row["here"]), text(row["there"])
                called = given.tail(text(row["kind"]))
                if called == "succeeded":
                    found.add((there, here, "succeeded-by"))
                elif called == "succeeded-by":
                    found.add((here, there, called))
                else:  # has no direction: from the one that sorts first
                    found.add((min(here, there), max(here, there), called))
    return found


def _in_parts(variable: str, iris: Iterable[str], size: int = 1000) -> Iterator[str]:
    """VALUES clauses of a length that every server takes."""
    ordered = sorted(iris)
    return (given.values(variable, ordered[n : n + size]) for n in range(0, len(ordered), size))


def _about(snapshot: Snapshot, iris: dict[str, int]) -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {
        one: {"label": _id(one), "kind": "topic" if one.startswith(SCHEME_BASE) else "other", "iri": one}
        for one in iris
    }
    bodies: dict[str, set[str]] = {}
    rows = (
        row
        for near in _in_parts("n", iris)
        for row in snapshot.rows(f"SELECT ?n ?p ?o {{ {near} ?n ?p ?o FILTER(?p IN ({_SAID})) }}")
    )
    for row in rows:
        one, value = text(row["n"]), text(row["o"])
        prop = given.tail(text(row["p"]).replace("#", "/"))
        here = said[one]
        if prop == "type":
            kind = _KINDS.get(value.rpartition("#")[2])
            if kind is not None and here["kind"] != "study-item":
                here["kind"] = kind
        elif prop in ("standardsBody", "unitOf"):
            bodies.setdefault(one, set()).add(id_of(value))
        elif prop == "sender":
            here["sender"] = sorted({*here.get("sender", ()), id_of(value)})
        elif prop == "title":
            here["title"] = min(here.get("title", value), value)
        elif prop in ("dateSent", "begin"):
            here["begin"] = value
        elif prop == "label" or one.startswith(SCHEME_BASE):
            here["label"] = value
    for one, here in said.items():
        found = {id_of(one)} if here["kind"] == "body" else bodies.get(one)
        if found:
            here["body"] = "; ".join(sorted(found))
    return said


def _id(one: str) -> str:
    return one.removeprefix(SCHEME_BASE) if one.startswith(SCHEME_BASE) else node_of(one)
