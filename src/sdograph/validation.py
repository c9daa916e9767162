"""SHACL findings of what is about to be written, at a cost that does not grow with the store.

A processor looks at the whole graph whatever the nodes of interest. So the neighbourhood of the touched nodes
is copied first: for each shape that targets a node, the triples its paths run along, and the types of what
they reach. Nodes that look at a touched node through one of their paths are checked too.

The shapes are plain SHACL with SPARQL constraints, and any processor takes them. Here the core is checked by
shifty, or by pySHACL where a second opinion is wanted, and SPARQL constraints by Oxigraph: pySHACL parses the
query anew for every node, at some 70 ms each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal as OneOf
from typing import TypeAlias

import pyoxigraph as ox
import rdflib
import shifty
from pyoxigraph import NamedNode, Triple
from rdflib.namespace import RDF as R_RDF
from rdflib.namespace import SH

from sdograph import bundled
from sdograph.namespaces import RDF
from sdograph.triples import Subject, Term, Triples

Severity = OneOf["violation", "warning", "info"]
Step = tuple[NamedNode, bool]
"""A predicate, and whether it is walked backwards."""
Route = tuple[Step, ...]
Ways: TypeAlias = "dict[Step, Ways]"

_SEVERITIES: dict[rdflib.term.Node | None, Severity] = {SH.Warning: "warning", SH.Info: "info"}
_NESTING = (SH.node, SH.property, SH.qualifiedValueShape, SH["not"])
_LISTS = (SH["or"], SH["and"], SH.xone)
_FOCUS_BASE = "urn:focus:"
_FOCUS = b" <urn:focus:"
_COMPARING = (SH.lessThan, SH.lessThanOrEquals, SH.equals, SH.disjoint)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One result of validation, in words a delegate understands."""

    severity: Severity
    focus: str
    """IRI of the node at fault."""
    path: str
    """The property, as the shape writes it; empty when the node as a whole is at fault."""
    value: str
    message: str
    shape: str
    """IRI of the shape."""

    def as_dict(self) -> dict[str, str]:
        return {
            "severity": self.severity, "focus": self.focus, "path": self.path,
            "value": self.value, "message": self.message, "shape": self.shape,
        }  # fmt: skip


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
                severity=_SEVERITIES.get(g.value(shape, SH.severity), "violation"),
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


class Overlay(Triples):
    """A graph as it will be once a change of its default graph is written."""

    def __init__(self, base: Triples, added: Iterable[Triple], removed: Iterable[Triple]) -> None:
        self._base = base
        self._removed = frozenset(removed)
        self._added = ox.Store()
        self._added.extend(ox.Quad(t.subject, t.predicate, t.object) for t in added)

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        new = {q.triple for q in self._added.quads_for_pattern(s, p, o, None)}
        yield from new
        for triple in self._base.triples(s, p, o):
            if triple not in new and triple not in self._removed:
                yield triple


def validate_change(
    after: Triples, added: Iterable[Triple], removed: Iterable[Triple], engine: str = "shifty"
) -> list[Finding]:
    """Findings about the nodes that a change touches.

    ``after`` is the graph as it is once changed, or an :class:`Overlay`; ``added`` and ``removed`` are
    triples of its default graph. The cost depends on the change and its neighbours only.
    """
    shapes = bundled_shapes()
    added, removed = list(added), list(removed)
    focus = _focus_nodes(after, added + removed, removed, shapes)
    return _run(_neighbourhood(after, focus, shapes), focus, shapes, engine)


def validate_all(view: Triples, engine: str = "shifty") -> list[Finding]:
    """Findings about every node of the default graph. ``engine`` is one of :data:`ENGINES`."""
    return _run(view.triples(), None, bundled_shapes(), engine)


def findings_to_turtle(findings: Iterable[Finding]) -> str:
    """The findings as a SHACL validation report."""
    report = rdflib.Graph()
    report.bind("sh", SH)
    node = rdflib.BNode()
    report.add((node, R_RDF.type, SH.ValidationReport))
    conforms = True
    for f in findings:
        result = rdflib.BNode()
        conforms = conforms and f.severity != "violation"
        report.add((node, SH.result, result))
        report.add((result, R_RDF.type, SH.ValidationResult))
        report.add((result, SH.resultSeverity, SH[f.severity.capitalize()]))
        report.add((result, SH.focusNode, rdflib.URIRef(f.focus)))
        report.add((result, SH.resultMessage, rdflib.Literal(f.message)))
        report.add((result, SH.sourceShape, rdflib.URIRef(f.shape)))
        if f.path and not set(f.path) & set("^|"):
            report.add((result, SH.resultPath, rdflib.URIRef(f.path)))
        if f.value:
            report.add((result, SH.value, rdflib.Literal(f.value)))
    report.add((node, SH.conforms, rdflib.Literal(conforms)))
    return report.serialize(format="turtle")


def _focus_nodes(
    after: Triples, touched: list[Triple], removed: list[Triple], shapes: Shapes
) -> set[NamedNode]:
    focus = {t.subject for t in touched if isinstance(t.subject, NamedNode)}
    retyped = {t.subject for t in removed if t.predicate == RDF.type and isinstance(t.subject, NamedNode)}
    by_predicate: dict[NamedNode, list[Triple]] = {}
    for t in touched:
        by_predicate.setdefault(t.predicate, []).append(t)
    for route in shapes.all_routes:
        for n, (predicate, backwards) in enumerate(route):
            if n == 0 and not backwards:
                continue  # starts at the touched subject itself
            for t in by_predicate.get(predicate, ()):
                start = t.object if backwards else t.subject
                focus.update(_origins(after, start, route[:n]))
        for node in retyped:
            focus.update(_origins(after, node, route))
    return focus


def _origins(graph: Triples, end: Term, route: Route) -> set[NamedNode]:
    """The nodes from which a route arrives at ``end``."""
    ends = {end} if isinstance(end, NamedNode) else set()
    for predicate, backwards in reversed(route):
        if backwards:
            ends = {o for e in ends for o in graph.objects(e, predicate) if isinstance(o, NamedNode)}
        else:
            ends = {
                t.subject
                for e in ends
                for t in graph.triples(None, predicate, e)
                if isinstance(t.subject, NamedNode)
            }
    return ends


def _neighbourhood(graph: Triples, focus: Iterable[NamedNode], shapes: Shapes) -> Iterator[Triple]:
    """What the shapes can see from the focus nodes; the same triple may come several times."""
    types: dict[NamedNode, list[Triple]] = {}

    def type_of(end: Term) -> list[Triple]:
        # Thousands of items lead to the same body.
        if not isinstance(end, NamedNode):
            return []
        if end not in types:
            types[end] = list(graph.triples(end, RDF.type))
        return types[end]

    def walk(end: Term, ways: Ways, own: Iterable[Triple] | None = None) -> Iterator[Triple]:
        for (predicate, backwards), further in ways.items():
            if backwards:
                found = list(graph.triples(None, predicate, end))
            elif own is not None:
                found = [t for t in own if t.predicate == predicate]  # these were given already
            else:
                found = list(graph.triples(end, predicate)) if isinstance(end, NamedNode) else []
            if own is None or backwards:
                yield from found
            for t in found:
                reached = t.subject if backwards else t.object
                yield from type_of(reached)
                yield from walk(reached, further)

    for node in focus:
        own = list(graph.triples(node))
        yield from own
        yield from walk(node, shapes.ways(t.object for t in own if t.predicate == RDF.type), own)


def _run(
    data: Iterable[Triple], focus: Iterable[NamedNode] | None, shapes: Shapes, engine: str
) -> list[Finding]:
    store = ox.Store()
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in data)
    chosen = None if focus is None else set(focus)
    if not len(store) or (chosen is not None and not chosen):
        return []
    return sorted({*_sparql_findings(store, chosen, shapes), *_core_findings(store, chosen, shapes, engine)})


def _core_findings(
    store: ox.Store, focus: set[NamedNode] | None, shapes: Shapes, engine: str
) -> Iterator[Finding]:
    for quad in list(store.quads_for_pattern(None, RDF.type, None, None)):
        if (focus is None or quad.subject in focus) and isinstance(quad.object, NamedNode):
            store.add(ox.Quad(quad.subject, RDF.type, NamedNode(f"{_FOCUS_BASE}{quad.object.value}")))
    lines = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
    return _findings(ENGINES[engine](lines, shapes), shapes.graph)


def _shifty(lines: bytes, shapes: Shapes) -> rdflib.Graph:
    """A report costs twice what it takes to tell which nodes are at fault; so only those get into one."""
    told = shapes.prepared.validate_algebra(lines, graph_mode="data", infer=False, on_unsupported="error")
    faulty = {v.focus_node for v in told.violations}
    if not faulty:
        return rdflib.Graph()
    kept = b"\n".join(
        line
        for line in lines.split(b"\n")
        if _FOCUS not in line or line.partition(b" ")[0].decode() in faulty
    )
    _, report, _ = shapes.prepared.validate(kept, graph_mode="data", infer=False, on_unsupported="error")
    return report


def _pyshacl(lines: bytes, shapes: Shapes) -> rdflib.Graph:
    import pyshacl  # half a second to load, and only asked for as a second opinion

    data = rdflib.Graph().parse(data=lines, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes.core, inference="none", advanced=False)
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pySHACL could not validate: {report}")
    return report


#: Processors of SHACL's core: N-Triples of the data -> validation report. They agree on every example in
#: tests/shapes; the second is the reference and a hundred times slower.
ENGINES: dict[str, Callable[[bytes, Shapes], rdflib.Graph]] = {"shifty": _shifty, "pyshacl": _pyshacl}


def _sparql_findings(store: ox.Store, focus: set[NamedNode] | None, shapes: Shapes) -> Iterator[Finding]:
    for target, constraints in shapes.constraints.items():
        for quad in store.quads_for_pattern(None, RDF.type, target, None):
            node = quad.subject
            if not isinstance(node, NamedNode) or (focus is not None and node not in focus):
                continue
            for constraint in constraints:
                solutions = store.query(constraint.select, substitutions={ox.Variable("this"): node})
                if not isinstance(solutions, ox.QuerySolutions):
                    raise TypeError(f"{constraint.shape}: sh:select is no SELECT")
                names = {v.value for v in solutions.variables}
                for solution in solutions:
                    path, value = (solution[n] if n in names else None for n in ("path", "value"))
                    yield Finding(
                        severity=constraint.severity,
                        focus=node.value,
                        path=getattr(path, "value", ""),
                        value=getattr(value, "value", ""),
                        message=constraint.message,
                        shape=constraint.shape,
                    )


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
    return rdflib.URIRef(f"{_FOCUS_BASE}{kind}")


def _findings(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Finding]:
    for result in report.objects(None, SH.result):  # and not sh:detail, the results of nested shapes
        shape = report.value(result, SH.sourceShape)
        path = shapes.value(shape, SH.path)  # the report of shifty leaves paths of several steps out
        yield Finding(
            severity=_SEVERITIES.get(report.value(result, SH.resultSeverity), "violation"),
            focus=str(report.value(result, SH.focusNode)),
            path="" if path is None else _path_text(shapes, path),
            value=str(report.value(result, SH.value) or ""),
            message=" ".join(sorted(map(str, report.objects(result, SH.resultMessage)))),
            shape=str(shape),
        )


def _path_text(graph: rdflib.Graph, path: rdflib.term.Node) -> str:
    if isinstance(path, rdflib.URIRef):
        return str(path)
    if (inverse := graph.value(path, SH.inversePath)) is not None:
        return f"^{_path_text(graph, inverse)}"
    if (alternatives := graph.value(path, SH.alternativePath)) is not None:
        return "|".join(_path_text(graph, p) for p in graph.items(alternatives))
    return "/".join(_path_text(graph, p) for p in graph.items(path))
