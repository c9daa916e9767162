"""SHACL of a change: the neighbourhood finds what the whole graph would, and costs only what was touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from overlay import Overlay
from pyoxigraph import Literal, NamedNode, Triple
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from sdograph import identifiers as ids
from sdograph.namespaces import DCT, ORG, RDF, SCHEMA, SDO, XSD
from sdograph.store import EmbeddedStore, Snapshot
from sdograph.triples import Subject, Term, Triples
from sdograph.validation import Finding, findings_to_turtle, validate_all, validate_change, validate_rest


def node(key: str) -> NamedNode:
    return NamedNode(ids.iri(key))


@pytest.fixture(scope="module")
def statement(bundled_snapshot: Snapshot) -> NamedNode:
    (found,) = (t.subject for t in bundled_snapshot.triples(None, RDF.type, SDO.LiaisonStatement))
    assert isinstance(found, NamedNode)
    return found


def violations(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(f.focus, f.path) for f in findings if f.severity == "violation"}


def test_both_engines_find_the_same_in_the_bundled_dataset_and_no_violation(
    bundled_snapshot: Snapshot,
) -> None:
    found = validate_all(bundled_snapshot)
    assert not violations(found)
    assert found, "real data lacks something"
    assert found == validate_all(bundled_snapshot, engine="pyshacl")


def faults(statement: NamedNode) -> Iterator[tuple[str, list[Triple], list[Triple]]]:
    """Changes that break a rule: what is added, what is removed."""
    group = node("group/ETSI-ISG-SAI")
    yield "no date", [], [Triple(statement, SCHEMA.dateSent, Literal("2023-09-18", datatype=XSD.date))]
    yield "recipient is an item", [Triple(statement, SCHEMA.toRecipient, node("work-item/3GPP/FS_AIML"))], []
    yield "purpose of no scheme", [Triple(statement, SDO.purpose, node("purpose/none"))], []
    yield "ends before it begins", [Triple(group, SDO.end, Literal("2018", datatype=XSD.gYear))], []
    yield "parent unknown", [Triple(group, ORG.subOrganizationOf, node("group/NOBODY"))], []
    yield "no longer a group", [], [Triple(node("group/3GPP-SA3"), RDF.type, SDO.Group)]
    title = Literal("LS to SA, SA3 and SA5 on potential collaboration between 3GPP SA3/SA5 and ETSI SAI ISG")
    yield "no title", [], [Triple(statement, DCT.title, title)]


@pytest.mark.parametrize("n", range(7))
def test_the_neighbourhood_finds_what_the_whole_graph_would(
    n: int, bundled_snapshot: Snapshot, statement: NamedNode
) -> None:
    name, added, removed = list(faults(statement))[n]
    near = violations(validate_change(Overlay(bundled_snapshot, added, removed), added, removed))
    whole = violations(validate_all(Overlay(bundled_snapshot, added, removed)))
    assert whole, f"{name}: the fault is none"
    assert near == whole, name
    rest = validate_rest(bundled_snapshot, Overlay(bundled_snapshot, added, removed))
    assert violations(rest) == whole, f"{name}, looked for in what is left"


def test_a_fault_elsewhere_is_not_reported(bundled_snapshot: Snapshot, statement: NamedNode) -> None:
    broken = Overlay(bundled_snapshot, [Triple(statement, SDO.purpose, node("purpose/none"))], [])
    assert violations(validate_all(broken))
    fine = Triple(node("group/ITU-T-SG2"), SDO.begin, Literal("1996", datatype=XSD.gYear))
    assert not violations(validate_change(Overlay(broken, [fine], []), [fine], []))
    assert not violations(validate_rest(broken, Overlay(broken, [fine], [])))


class Counting(Triples):
    """Counts the triples that are asked for."""

    def __init__(self, base: Triples) -> None:
        self.base = base
        self.given = 0

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        for triple in self.base.triples(s, p, o):
            self.given += 1
            yield triple


def test_the_cost_is_that_of_the_neighbourhood(own_store: EmbeddedStore, statement: NamedNode) -> None:
    """With ten times the statements in the graph, no more triples are looked at."""
    change = [Triple(statement, SDO.deadline, Literal("2024-01-01", datatype=XSD.date))]
    small = Counting(own_store.current())
    validate_change(Overlay(small, change, []), change, [])
    with own_store.writer() as writer:
        more = [
            Triple(
                t.subject if t.subject != statement else node(f"liaison-statement/X/{n}"),
                t.predicate,
                t.object,
            )
            for n in range(10)
            for t in own_store.current().triples(statement)
            if t.predicate not in (SCHEMA.sender, SCHEMA.toRecipient, SCHEMA.ccRecipient)
        ]
        writer.apply(writer.view.change(NamedNode("http://example.org/g"), more))
        writer.publish()
    large = Counting(own_store.current())
    validate_change(Overlay(large, change, []), change, [])
    assert small.given == large.given


def test_findings_as_a_validation_report(bundled_snapshot: Snapshot, statement: NamedNode) -> None:
    wrong = [Triple(statement, SDO.purpose, node("purpose/none"))]
    found = validate_change(Overlay(bundled_snapshot, wrong, []), wrong, [])
    report = Graph().parse(data=findings_to_turtle(found), format="turtle")
    assert [str(o) for o in report.objects(None, SH.conforms)] == ["false"]
    assert URIRef(statement.value) in set(report.objects(None, SH.focusNode))
    assert len(set(report.objects(None, SH.result))) == len(found)
