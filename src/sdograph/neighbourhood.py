"""What the shapes can see from some nodes, as lines of N-Triples.

A store writes its lines many times faster than it gives triples one by one, and a SHACL processor takes
lines: so a node's own triples stay lines, and only what the shapes see beyond them is looked up in the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from sdograph.namespaces import RDF
from sdograph.shapes import FOCUS_BASE, Shapes, Step, Ways
from sdograph.triples import Subject, Term, Triples

_TYPE = f"<{RDF.type.value}>".encode()


@dataclass(frozen=True, slots=True)
class Described:
    """A node with all the lines of which it is the subject; terms are as N-Triples writes them."""

    node: bytes
    lines: tuple[bytes, ...]
    objects: dict[bytes, list[bytes]]
    """Predicate -> its objects."""


def described(lines: Iterable[bytes]) -> Iterator[Described]:
    """The nodes of N-Triples in which the lines of a subject follow one another."""
    for node, own in groupby(lines, key=lambda line: line.partition(b" ")[0]):
        described = Described(node, tuple(own), {})
        for line in described.lines:
            _, predicate, rest = line.split(b" ", 2)
            described.objects.setdefault(predicate, []).append(rest.rstrip(b" .\n"))
        yield described


def nodes_of(graph: Triples, focus: Iterable[Subject]) -> Iterator[Described]:
    """The nodes as the graph describes them; one that is nobody's subject is left out."""
    found = (t for node in focus for t in graph.triples(node))
    return described((ox.serialize(found, format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True))


@dataclass(slots=True)
class Neighbourhood:
    """Some nodes with all that the shapes see from them, their types a second time as focus types."""

    lines: bytes
    focus: dict[str, set[str]] = field(default_factory=dict)
    """Class -> the nodes of that class to be checked, as N-Triples writes them."""
    seen_by_sparql: ox.Store = field(default_factory=ox.Store)


def neighbourhood(graph: Triples, nodes: Iterable[Described], shapes: Shapes) -> Neighbourhood:
    """What the shapes can see from the nodes."""
    targets = {f"<{kind.value}>".encode(): kind for kind in shapes.targets}
    terms = {f"<{term}>".encode() for term in shapes.sparql_terms}
    focus: dict[str, set[str]] = {}
    types: list[bytes] = []
    own: list[bytes] = []
    walk = _Walk(graph)
    for node in nodes:
        own += node.lines
        kinds = [targets[kind] for kind in node.objects.get(_TYPE, ()) if kind in targets]
        for kind in kinds:
            types.append(b"%s %s <%s%s> .\n" % (node.node, _TYPE, FOCUS_BASE.encode(), kind.value.encode()))
            focus.setdefault(kind.value, set()).add(node.node.decode())
        walk.from_node(node, shapes.ways(kinds))
    beyond = ox.serialize(walk.found, format=ox.RdfFormat.N_TRIPLES) or b""
    seen = [line for line in (*own, *beyond.splitlines(keepends=True)) if line.split(b" ", 2)[1] in terms]
    store = ox.Store()
    store.load(b"".join(seen), format=ox.RdfFormat.N_TRIPLES)
    return Neighbourhood(b"".join((*own, beyond, *types)), focus, store)


class _Walk:
    """Collects what lies beyond the own triples of nodes."""

    def __init__(self, graph: Triples) -> None:
        self._graph = graph
        self._walked: set[tuple[Term, int]] = set()
        self.found: list[Triple] = []

    def from_node(self, node: Described, ways: Ways) -> None:
        for step, further in ways.items():
            predicate, backwards = step
            if backwards:
                self._along(_term(node.node), step, further)
            elif further:
                for end in node.objects.get(f"<{predicate.value}>".encode(), ()):
                    self._from(_term(end), further)

    def _from(self, end: Term | None, ways: Ways) -> None:
        # Thousands of items lead to the same body.
        if end is None or (end, id(ways)) in self._walked:
            return
        self._walked.add((end, id(ways)))
        for step, further in ways.items():
            self._along(end, step, further)

    def _along(self, end: Term | None, step: Step, ways: Ways) -> None:
        if not isinstance(end, NamedNode):
            return
        predicate, backwards = step
        found = (
            self._graph.triples(None, predicate, end) if backwards else self._graph.triples(end, predicate)
        )
        for t in found:
            self.found.append(t)
            if ways:
                self._from(t.subject if backwards else t.object, ways)


def _term(text: bytes) -> NamedNode | None:
    """The node of an IRI as N-Triples writes it; routes do not lead through anything else."""
    return NamedNode(text[1:-1].decode()) if text.startswith(b"<") else None
