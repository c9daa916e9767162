"""The organisations that a question is about: one by its id, those within it, before it and after it."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from sdograph.errors import UsageError
from sdograph.identifiers import ID_BASE, key_of
from sdograph.namespaces import ORG, RDF, SDO
from sdograph.store import Snapshot
from sdograph.triples import Term, Triples


def find(view: Triples, text: str) -> NamedNode:
    """The body or group of an id, key or IRI, by way of redirects; raises UsageError when there is none."""
    value = text.strip().removeprefix(ID_BASE)
    keys = [value] if value.startswith(("group/", "body/")) else [f"group/{value}", f"body/{value}"]
    for key in keys:
        try:
            node = view.leads_to(NamedNode(ID_BASE + key))
        except ValueError:
            continue
        if any(kind in (SDO.Group, SDO.Body) for kind in view.objects(node, RDF.type)):
            return node
    raise UsageError(
        f"there is no body or group {text!r}",
        hint='ids look like ETSI or 3GPP-SA3; `sdograph link "SA WG3"` tells that of a name',
    )


def within(view: Snapshot, organisation: NamedNode) -> set[NamedNode]:
    """A body with the bodies and groups below it, at any depth. Of a group: itself alone."""
    if SDO.Body not in set(view.objects(organisation, RDF.type)):
        return {organisation}
    rows = view.rows(f"SELECT DISTINCT ?o {{ ?o (org:unitOf|org:subOrganizationOf)* {organisation} }}")
    return {row["o"] for row in rows if isinstance(row["o"], NamedNode)}


def successors(view: Triples, organisation: NamedNode) -> set[NamedNode]:
    """Those who took over from it, directly or through others; without itself."""
    return _along(view, organisation, ORG.originalOrganization, ORG.resultingOrganization)


def predecessors(view: Triples, organisation: NamedNode) -> set[NamedNode]:
    """Those from whom it took over, directly or through others; without itself."""
    return _along(view, organisation, ORG.resultingOrganization, ORG.originalOrganization)


def _along(view: Triples, start: NamedNode, ours: NamedNode, theirs: NamedNode) -> set[NamedNode]:
    found: set[NamedNode] = set()
    waiting = [start]
    while waiting:
        for change in _nodes(t.subject for t in view.triples(None, ours, waiting.pop())):
            new = _nodes(view.objects(change, theirs)) - found - {start}
            found |= new
            waiting += new
    return found


def _nodes(terms: Iterable[Term]) -> set[NamedNode]:
    return {t for t in terms if isinstance(t, NamedNode) and key_of(t.value)}
