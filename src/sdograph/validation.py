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
from itertools import chain, islice
from tempfile import TemporaryFile

import pyoxigraph as ox
import rdflib
from pyoxigraph import NamedNode, Triple
from rdflib.namespace import RDF as R_RDF
from rdflib.namespace import SH

from sdograph.namespaces import RDF
from sdograph.neighbourhood import Described, Neighbourhood, described, neighbourhood, nodes_of
from sdograph.shapes import SEVERITIES, Route, Severity, Shapes, bundled_shapes
from sdograph.triples import Term, Triples

#: Nodes checked at a time, so that memory does not grow with the store.
BATCH = 10_000


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


def validate_change(
    after: Triples, added: Iterable[Triple], removed: Iterable[Triple], engine: str = "shifty"
) -> list[Finding]:
    """Findings about the nodes that a change touches.

    ``after`` is the graph as it is once changed; ``added`` and ``removed`` are triples of its default graph.
    The cost depends on the change and its neighbours only.
    """
    shapes = bundled_shapes()
    focus = iter(_focus_nodes(after, added, removed, shapes))
    found: set[Finding] = set()
    while some := list(islice(focus, BATCH)):
        found.update(_check(after, list(nodes_of(after, some)), shapes, engine))
    return sorted(found)


def validate_rest(before: Triples, after: Triples, engine: str = "shifty") -> list[Finding]:
    """Findings about the nodes that see something else after a change than before it.

    For a change that leaves little: what it took away is not looked at, and the cost is that of what is left.
    """
    shapes = bundled_shapes()

    @cache
    def touched(focus: str) -> bool:
        node = [NamedNode(focus)]
        seen, sees = (neighbourhood(g, nodes_of(g, node), shapes).lines for g in (before, after))
        return set(seen.splitlines()) != set(sees.splitlines())

    return [f for f in validate_all(after, engine) if touched(f.focus)]


def validate_all(view: Triples, engine: str = "shifty") -> list[Finding]:
    """Findings about every node of the default graph that a shape targets, some thousands at a time.

    ``engine`` is one of :data:`ENGINES`.
    """
    shapes = bundled_shapes()
    found: set[Finding] = set()
    with TemporaryFile() as file:
        view.write_lines(file)
        file.seek(0)
        nodes = described(file)
        while some := list(islice(nodes, BATCH)):
            found.update(_check(view, some, shapes, engine))
    return sorted(found)


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
    after: Triples, added: Iterable[Triple], removed: Iterable[Triple], shapes: Shapes
) -> set[NamedNode]:
    removed = list(removed)
    by_predicate: dict[NamedNode, tuple[set[Term], set[Term]]] = {}
    for t in chain(added, removed):
        subjects, objects = by_predicate.setdefault(t.predicate, (set(), set()))
        subjects.add(t.subject)
        objects.add(t.object)
    focus = {s for subjects, _ in by_predicate.values() for s in subjects if isinstance(s, NamedNode)}
    kind = RDF.type
    retyped = {t.subject for t in removed if t.predicate == kind}
    # Routes begin alike, and a thousand triples end at one node: each is walked back once.
    ends: dict[Route, set[Term]] = {}
    for route in shapes.all_routes:
        for n, (predicate, backwards) in enumerate(route):
            if (n == 0 and not backwards) or predicate == RDF.type:
                continue  # starts at the touched subject itself; a type more puts nobody at fault
            if predicate in by_predicate:
                ends.setdefault(route[:n], set()).update(by_predicate[predicate][backwards])
        if route[-1][0] == RDF.type:
            ends.setdefault(route[:-1], set()).update(retyped)
    origins = _Origins(after)
    for route, reached in ends.items():
        focus |= origins.of(reached, route)
    return focus


class _Origins:
    """Walks routes back."""

    def __init__(self, graph: Triples) -> None:
        self._graph = graph
        # Nobody points at most of what was removed: asked once, and not for each route.
        self._pointed_at = cache(lambda node: next(graph.triples(None, None, node), None) is not None)

    def of(self, ends: Iterable[Term], route: Route) -> set[NamedNode]:
        """The nodes from which a route arrives at one of ``ends``."""
        nodes = {e for e in ends if isinstance(e, NamedNode)}
        for predicate, backwards in reversed(route):
            found: Iterable[Term]
            if backwards:
                found = (o for n in nodes for o in self._graph.objects(n, predicate))
            else:
                pointed_at = filter(self._pointed_at, nodes)
                found = (t.subject for n in pointed_at for t in self._graph.triples(None, predicate, n))
            nodes = {n for n in found if isinstance(n, NamedNode)}
        return nodes


def _check(graph: Triples, nodes: list[Described], shapes: Shapes, engine: str) -> set[Finding]:
    """The findings about some nodes.

    A report costs several times what it takes to tell which nodes are at fault, so only those get into one.
    """
    near = neighbourhood(graph, nodes, shapes)
    found = set(_sparql_findings(near, shapes))
    if engine == "shifty":
        faulty = _at_fault(near.lines, shapes)
        if not faulty:
            return found
        near = neighbourhood(graph, (node for node in nodes if node.node.decode() in faulty), shapes)
    return found | set(_findings(ENGINES[engine](near.lines, shapes), shapes.graph))


def _at_fault(lines: bytes, shapes: Shapes) -> set[str]:
    told = shapes.prepared.validate_algebra(lines, graph_mode="data", infer=False, on_unsupported="error")
    return {v.focus_node for v in told.violations}


def _shifty(lines: bytes, shapes: Shapes) -> rdflib.Graph:
    _, report, _ = shapes.prepared.validate(lines, graph_mode="data", infer=False, on_unsupported="error")
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


def _sparql_findings(near: Neighbourhood, shapes: Shapes) -> Iterator[Finding]:
    """Each constraint is asked once for all nodes: as SHACL has it, ``$this`` may be bound afterwards."""
    for target, constraints in shapes.constraints.items():
        nodes = near.focus.get(target.value)
        if not nodes:
            continue
        for constraint in constraints:
            solutions = near.seen_by_sparql.query(constraint.select)
            if not isinstance(solutions, ox.QuerySolutions):
                raise TypeError(f"{constraint.shape}: sh:select is no SELECT")
            names = {v.value for v in solutions.variables}
            for solution in solutions:
                this = solution["this"]
                if this is None or str(this) not in nodes:
                    continue
                path, value = (solution[n] if n in names else None for n in ("path", "value"))
                yield Finding(
                    severity=constraint.severity,
                    focus=getattr(this, "value", str(this)),
                    path=getattr(path, "value", ""),
                    value=getattr(value, "value", ""),
                    message=constraint.message,
                    shape=constraint.shape,
                )


def _findings(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Finding]:
    for result in report.objects(None, SH.result):  # and not sh:detail, the results of nested shapes
        shape = report.value(result, SH.sourceShape)
        path = shapes.value(shape, SH.path)  # the report of shifty leaves paths of several steps out
        yield Finding(
            severity=SEVERITIES.get(report.value(result, SH.resultSeverity), "violation"),
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
