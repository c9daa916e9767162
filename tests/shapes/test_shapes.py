"""Each shape against examples that must pass and examples that must fail, for the stated reason and no other.

An example is a Turtle file in the folder named after its shape file. Its header comment says what validation
has to report, one line a result: ``# reports: <focus node> | property path | shape`` for violations, of which
no others may appear, and ``# warns: …`` for warnings that must be among those given. A path is written as in
SPARQL, ``-`` where the node as a whole is at fault; a blank node as ``_:``.

A node of which an example gives nothing but the type is a neighbour. As in the validation of a change, a
neighbour is there to be looked at and is not checked itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

HERE = Path(__file__).parent
SHAPES = HERE.parents[1] / "shapes"
SH = Namespace("http://www.w3.org/ns/shacl#")
PREFIX = "https://w3id.org/sdograph/shapes#"
BASE = "https://w3id.org/sdograph/id/"

FILES = sorted(f.stem for f in SHAPES.glob("*.ttl"))
#: Holds the parts that shapes of several classes use, and no target.
PARTS = "parts"
EXAMPLES = sorted(HERE.glob("*/*.ttl"))

Result = tuple[str, str, str]
"""Focus node, path and shape, as an example's header writes them."""


@cache
def shapes() -> Graph:
    graph = Graph()
    for name in FILES:
        graph.parse(SHAPES / f"{name}.ttl")
    return graph


@cache
def shapes_without_queries() -> Graph:
    graph = Graph() + shapes()
    graph.remove((None, SH.sparql, None))
    return graph


@cache
def has_queries(name: str) -> bool:
    """pySHACL parses a query anew for every node: only the examples of a file that has one pay for it."""
    return (None, SH.sparql, None) in Graph().parse(SHAPES / f"{name}.ttl")


def short(iri: Node, graph: Graph) -> str:
    return graph.namespace_manager.normalizeUri(str(iri))


def path_text(graph: Graph, path: Node | None) -> str:
    """A SHACL path as SPARQL writes it."""
    if path is None:
        return "-"
    if isinstance(path, URIRef):
        return short(path, shapes())
    if (inverse := graph.value(path, SH.inversePath)) is not None:
        return f"^{path_text(graph, inverse)}"
    if (alternatives := graph.value(path, SH.alternativePath)) is not None:
        return "|".join(path_text(graph, p) for p in graph.items(alternatives))
    return "/".join(path_text(graph, p) for p in graph.items(path))


def path_length(graph: Graph, path: Node) -> int:
    if isinstance(path, URIRef):
        return 1
    if (inverse := graph.value(path, SH.inversePath)) is not None:
        return path_length(graph, inverse)
    if (alternatives := graph.value(path, SH.alternativePath)) is not None:
        return max(path_length(graph, p) for p in graph.items(alternatives))
    assert (path, RDF.first, None) in graph, "a path that repeats cannot be cut to a neighbourhood"
    return sum(path_length(graph, p) for p in graph.items(path))


def node_text(node: Node | None) -> str:
    return "_:" if isinstance(node, BNode) else f"<{str(node).removeprefix(BASE)}>"


def results(data: Graph, applied: Graph) -> dict[URIRef, set[Result]]:
    """What pySHACL reports about the nodes that the data describes, by severity."""
    _, report, _ = pyshacl.validate(data, shacl_graph=applied, inference="none", advanced=False)
    described = {s for s, p in data.subject_predicates() if p != RDF.type}
    found: dict[URIRef, set[Result]] = {SH.Violation: set(), SH.Warning: set()}
    for result in report.objects(None, SH.result):  # and not sh:detail, the results of nested shapes
        focus = report.value(result, SH.focusNode)
        if focus not in described:
            continue
        path = path_text(report, report.value(result, SH.resultPath))
        shape = short(report.value(result, SH.sourceShape), shapes())
        found[report.value(result, SH.resultSeverity)].add((node_text(focus), path, shape))
    return found


@dataclass(frozen=True)
class Example:
    path: Path

    def announced(self, word: str) -> set[Result]:
        lines = re.findall(rf"^# {word}: (.+)$", self.path.read_text(encoding="utf-8"), re.MULTILINE)
        announced = [tuple(line.split(" | ")) for line in lines]
        assert all(len(a) == 3 for a in announced), f"{self.path}: focus | path | shape"
        return set(announced)  # type: ignore[arg-type]

    @property
    def must_pass(self) -> bool:
        return self.path.name.startswith("pass-")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_an_example_is_reported_for_what_its_header_says_and_nothing_else(file: Path) -> None:
    example = Example(file)
    assert example.must_pass == (not example.announced("reports"))
    applied = shapes() if has_queries(file.parent.name) else shapes_without_queries()
    found = results(Graph().parse(file, format="turtle"), applied)
    assert found[SH.Violation] == example.announced("reports")
    assert found[SH.Warning] >= example.announced("warns")


@pytest.mark.parametrize("name", [n for n in FILES if n != PARTS])
def test_a_shape_file_has_a_passing_and_two_failing_examples(name: str) -> None:
    files = [f.name for f in (HERE / name).glob("*.ttl")]
    assert len([f for f in files if f.startswith("pass-")]) >= 1
    assert len([f for f in files if f.startswith("fail-")]) >= 2
    assert all(f.startswith(("pass-", "fail-")) for f in files)


def test_there_are_no_examples_of_what_has_no_shapes() -> None:
    assert {f.parent.name for f in EXAMPLES} <= set(FILES) - {PARTS}


@cache
def reported_by_some_example(word: str) -> frozenset[str]:
    return frozenset(shape for file in EXAMPLES for _, _, shape in Example(file).announced(word))


def property_shapes_at_work() -> list[URIRef]:
    """The property shapes that a focus node is checked against. Nested ones report through these."""
    graph = shapes()
    return sorted({p for shape in graph.subjects(SH.targetClass) for p in graph.objects(shape, SH.property)})


@pytest.mark.parametrize("shape", property_shapes_at_work(), ids=lambda s: s.removeprefix(PREFIX))
def test_every_property_shape_fails_on_some_example(shape: URIRef) -> None:
    severity = shapes().value(shape, SH.severity) or SH.Violation
    word = {SH.Violation: "reports", SH.Warning: "warns"}[severity]
    assert short(shape, shapes()) in reported_by_some_example(word)


def test_every_node_shape_with_a_demand_of_its_own_fails_on_some_example() -> None:
    graph = shapes()
    demanding = {s for p in (SH.nodeKind, SH.sparql) for s in graph.subjects(p)} & set(
        graph.subjects(SH.targetClass)
    )
    assert demanding
    assert {short(s, graph) for s in demanding} <= reported_by_some_example("reports")


def every_shape() -> set[Node]:
    """All that the specification takes for a shape, declared or not (SHACL 2.1)."""
    graph = shapes()
    found = set(graph.subjects(RDF.type, SH.NodeShape)) | set(graph.subjects(RDF.type, SH.PropertyShape))
    found |= set(graph.subjects(SH.targetClass)) | set(graph.subjects(SH.path))
    for expecting in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape):
        found |= set(graph.objects(None, expecting))
    for expecting in (SH["or"], SH["and"], SH.xone):
        found |= {member for members in graph.objects(None, expecting) for member in graph.items(members)}
    return found


def test_every_shape_is_named_declared_and_has_one_message() -> None:
    graph = shapes()
    for shape in every_shape():
        assert isinstance(shape, URIRef)
        assert re.fullmatch(r"[A-Z]\w*(-[a-z]+)*", shape.removeprefix(PREFIX)), shape
        kind = SH.PropertyShape if (shape, SH.path, None) in graph else SH.NodeShape
        assert set(graph.objects(shape, RDF.type)) == {kind}, shape
        messages = list(graph.objects(shape, SH.message))
        assert len(messages) == 1, shape
        assert isinstance(messages[0], Literal)
        assert messages[0].language is None
        assert messages[0].endswith("."), shape


def test_a_query_is_named_and_selects_what_a_report_shows() -> None:
    graph = shapes()
    for query in graph.objects(None, SH.sparql):
        assert isinstance(query, URIRef)
        for shown in ("$this", "AS ?path", "AS ?value"):
            assert shown in str(graph.value(query, SH.select)), query


def test_a_message_says_what_to_do() -> None:
    graph = shapes()
    for shape in [*property_shapes_at_work(), *graph.objects(None, SH.sparql)]:
        assert ": " in str(graph.value(shape, SH.message)), f"{shape}: what is wrong, colon, what to do"


def test_a_shape_stands_in_the_file_of_its_class() -> None:
    """So that a name in a report leads to its file."""
    for name in FILES:
        graph = Graph().parse(SHAPES / f"{name}.ttl")
        heads = {s.removeprefix(PREFIX) for s in graph.subjects(SH.targetClass)}
        assert bool(heads) == (name != PARTS)
        for shape in graph.subjects(SH.path):
            owner = shape.removeprefix(PREFIX).partition("-")[0]
            assert owner in heads or owner.startswith("Unresolved"), f"{name}.ttl holds {shape}"


def test_shapes_keep_to_what_a_small_neighbourhood_can_answer() -> None:
    graph = shapes()
    used = set(graph.predicates())
    assert not used & {SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target, SH.rule, SH.js}
    assert not used & {SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath}
    assert all(path_length(graph, path) <= 3 for path in graph.objects(None, SH.path))


def test_dates_are_never_compared_by_what_makes_pyshacl_stop() -> None:
    """pySHACL 0.40 raises TypeError where sh:lessThan meets two xsd:gYear, or a malformed xsd:date."""
    assert not set(shapes().predicates()) & {SH.lessThan, SH.lessThanOrEquals}


def test_a_severity_is_violation_unless_warning() -> None:
    assert set(shapes().objects(None, SH.severity)) == {SH.Warning}
