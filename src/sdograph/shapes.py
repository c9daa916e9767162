"""The shapes graph, and which ways through the data the shapes of each class look along."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal as OneOf
from typing import TypeAlias

import rdflib
import shifty
from pyoxigraph import NamedNode
from rdflib.namespace import RDF as R_RDF
from rdflib.namespace import SH

from sdograph import bundled
from sdograph.namespaces import RDF
from sdograph.triples import Term

Severity = OneOf["violation", "warning", "info"]
Step = tuple[NamedNode, bool]
"""A predicate, and whether it is walked backwards."""
Route = tuple[Step, ...]
Ways: TypeAlias = "dict[Step, Ways]"

#: Shapes target these types in place of the real ones; only nodes that are to be checked have them.
FOCUS_BASE = "urn:focus:"
SEVERITIES: dict[rdflib.term.Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}

#: A class is looked up by the type of what a route leads to.
_TYPE: Route = ((RDF.type, False),)
_NESTING = (SH.node, SH.property, SH.qualifiedValueShape, SH["not"])
_LISTS = (SH["or"], SH["and"], SH.xone)
_COMPARING = (SH.lessThan, SH.lessThanOrEquals, SH.equals, SH.disjoint)


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """A ``sh:sparql`` constraint of a node shape: what it selects is at fault."""

    shape: str
    select: str
    message: str
    severity: Severity


class Shapes:
    """The shapes graph, and which routes through the data each target class needs."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.graph = rdflib.Graph()
        for file in files:
            self.graph.parse(file, format="turtle")
        self._routes: dict[NamedNode, frozenset[Route]] = {}
        self._ways: dict[frozenset[NamedNode], Ways] = {}
        for shape, target in self.graph.subject_objects(SH.targetClass):
            routes = frozenset(self._walk(shape, (), frozenset()))
            known = self._routes.get(NamedNode(str(target)), frozenset())
            self._routes[NamedNode(str(target))] = known | routes
        self.core = _for_focus_types(self.graph)
        self.prepared = shifty.PreparedValidator(self.core.serialize(format="nt").encode())
        self.constraints = self._constraints()
        texts = " ".join(c.select for found in self.constraints.values() for c in found)
        self.sparql_terms = frozenset(re.findall(r"<([^<>\s]+)>", texts))

    def _constraints(self) -> dict[NamedNode, list[SparqlConstraint]]:
        g = self.graph
        declared = {
            str(g.value(d, SH.prefix)): str(g.value(d, SH.namespace))
            for d in set(g.objects(None, SH.declare))
        }
        prologue = "".join(f"PREFIX {prefix}: <{base}>\n" for prefix, base in sorted(declared.items()))
        found: dict[NamedNode, list[SparqlConstraint]] = {}
        for shape, constraint in g.subject_objects(SH.sparql):
            made = SparqlConstraint(
                shape=str(shape),
                select=prologue + str(g.value(constraint, SH.select)),
                message=str(g.value(constraint, SH.message) or g.value(shape, SH.message)),
                severity=SEVERITIES.get(g.value(shape, SH.severity), "violation"),
            )
            for target in g.objects(shape, SH.targetClass):
                found.setdefault(NamedNode(str(target)), []).append(made)
        return found

    def ways(self, kinds: Iterable[Term]) -> Ways:
        """The routes that the shapes of these classes follow from a node, as a tree of steps."""
        named = frozenset(kind for kind in kinds if isinstance(kind, NamedNode))
        if named not in self._ways:
            tree: Ways = {}
            for route in {r for kind in named for r in self._routes.get(kind, ())}:
                place = tree
                for step in route:
                    place = place.setdefault(step, {})
            self._ways[named] = tree
        return self._ways[named]

    @property
    def targets(self) -> Collection[NamedNode]:
        """The classes that shapes target."""
        return self._routes.keys()

    @property
    def all_routes(self) -> frozenset[Route]:
        return frozenset(r for routes in self._routes.values() for r in routes)

    def _walk(
        self, shape: rdflib.term.Node, before: Route, seen: frozenset[rdflib.term.Node]
    ) -> Iterator[Route]:
        if shape in seen:
            return
        seen |= {shape}
        g = self.graph
        path = g.value(shape, SH.path)
        reached = [before]
        if path is not None:
            reached = [before + more for more in self._path(path)]
            yield from reached
        if (shape, SH["class"], None) in g:
            yield from (route + _TYPE for route in reached)
        for comparing in _COMPARING:
            for other in g.objects(shape, comparing):
                yield (*before, (NamedNode(str(other)), False))
        nested = [o for p in _NESTING for o in g.objects(shape, p)]
        for lists in _LISTS:
            nested += [m for o in g.objects(shape, lists) for m in g.items(o)]
        for route in reached:
            for inner in nested:
                yield from self._walk(inner, route, seen)

    def _path(self, path: rdflib.term.Node) -> list[Route]:
        """The routes a SHACL path stands for. A path that repeats (``*``, ``+``) is not supported here."""
        g = self.graph
        if isinstance(path, rdflib.URIRef):
            return [((NamedNode(str(path)), False),)]
        if (inverse := g.value(path, SH.inversePath)) is not None:
            return [tuple((p, not back) for p, back in reversed(r)) for r in self._path(inverse)]
        if (alternatives := g.value(path, SH.alternativePath)) is not None:
            return [r for one in g.items(alternatives) for r in self._path(one)]
        if (path, R_RDF.first, None) in g:
            routes: list[Route] = [()]
            for part in g.items(path):
                routes = [r + more for r in routes for more in self._path(part)]
            return routes
        raise ValueError(
            f"shapes use a path this program cannot follow: {g.cbd(path).serialize(format='nt')}"
        )


@cache
def bundled_shapes() -> Shapes:
    """The shapes this program travels with."""
    return Shapes(sorted(bundled.shapes().glob("*.ttl")))


def _for_focus_types(shapes: rdflib.Graph) -> rdflib.Graph:
    """The core shapes: without SPARQL constraints, each targeting a type that only focus nodes get.

    A neighbour has its own type, for others' ``sh:class`` to find, but must not be checked itself: its
    description is not whole. (pySHACL's ``focus_nodes`` would not do: it also filters the nodes that nested
    shapes look at, and misses what is wrong with them.)
    """
    made = rdflib.Graph()
    for s, p, o in shapes:
        if p == SH.targetClass:
            made.add((s, p, _focus_type(o)))
        elif p != SH.sparql:
            made.add((s, p, o))
    return made


def _focus_type(kind: rdflib.term.Node) -> rdflib.URIRef:
    return rdflib.URIRef(f"{FOCUS_BASE}{kind}")
