"""The lists of terms: complete in themselves, in step with the shapes, and covering what the data writes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Literal as OneOf
from typing import get_args

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SKOS
from vocabulary_files import ROOT, SHAPES, read, schemes

from sdograph.graph import triples
from sdograph.identifiers import SCHEME_BASE, slug
from sdograph.linking import Registry
from sdograph.model import Body, Purpose, Release, WorkItemKind

SH_IN = URIRef("http://www.w3.org/ns/shacl#in")
SHAPE = "https://w3id.org/sdograph/shapes#"
NAMES = sorted(schemes())
NAMES_OF_A_CONCEPT = (SKOS.prefLabel, SKOS.altLabel)


def concepts(name: str) -> set[URIRef]:
    return set(schemes()[name].subjects(RDF.type, SKOS.Concept))


def notations(name: str) -> set[str]:
    return {c.removeprefix(f"{SCHEME_BASE}{name}/") for c in concepts(name)}


@pytest.mark.parametrize(
    "name, expected",
    [
        ("body-kind", "sdo partnership consortium regulator joint-committee liaison-organization"),
        ("group-kind", "TSG WG SG WP Question TC SC ISG FG CG JCA AG"),
        ("work-item-status", "proposed ongoing completed stopped deleted published withdrawn"),
        ("item-relation", "same-text equivalent overlapping related references co-mentioned"),
    ],
)
def test_a_scheme_holds_what_the_registry_may_write(name: str, expected: str) -> None:
    assert notations(name) == set(expected.split())


def test_purposes_and_kinds_of_items_are_those_of_the_records() -> None:
    assert notations("purpose") == set(get_args(Purpose))
    assert notations("work-item-kind") == set(get_args(WorkItemKind))


@pytest.mark.parametrize("name", NAMES)
def test_a_scheme_is_described(name: str) -> None:
    graph, scheme = schemes()[name], URIRef(SCHEME_BASE + name)
    assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
    for prop in (SKOS.prefLabel, SKOS.definition):
        assert [text.language for text in graph.objects(scheme, prop)] == ["en"]


@pytest.mark.parametrize("name", NAMES)
def test_a_concept_has_name_definition_notation_and_scheme(name: str) -> None:
    graph, scheme = schemes()[name], URIRef(SCHEME_BASE + name)
    assert set(graph.subjects()) == concepts(name) | {scheme}
    for concept in concepts(name):
        assert [text.language for text in graph.objects(concept, SKOS.prefLabel)] == ["en"]
        assert [text.language for text in graph.objects(concept, SKOS.definition)] == ["en"]
        assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
        (notation,) = graph.objects(concept, SKOS.notation)
        assert notation == Literal(str(notation)), "plain text"
        assert str(concept) == f"{scheme}/{notation}"
        assert slug(notation) == str(notation), "a notation is a segment of an IRI as it is"


@pytest.mark.parametrize("name", NAMES)
def test_a_concept_is_at_the_top_or_below_another(name: str) -> None:
    graph, scheme = schemes()[name], URIRef(SCHEME_BASE + name)
    top = set(graph.objects(scheme, SKOS.hasTopConcept))
    assert top == set(graph.subjects(SKOS.topConceptOf, scheme))
    below = set(graph.subjects(SKOS.broader))
    assert set(graph.objects(None, SKOS.broader)) <= concepts(name)
    assert top | below == concepts(name)
    assert not top & below


@pytest.mark.parametrize("name", NAMES)
def test_a_spelling_leads_to_one_concept(name: str) -> None:
    graph = schemes()[name]
    seen: dict[str, URIRef] = {}
    for concept in sorted(concepts(name)):
        spellings = {str(graph.value(concept, SKOS.notation)).casefold()}
        spellings |= {
            str(t).casefold() for p in (SKOS.prefLabel, SKOS.altLabel) for t in graph.objects(concept, p)
        }
        for spelling in spellings:
            assert seen.setdefault(spelling, concept) == concept, spelling


@pytest.mark.parametrize(
    "shape, name",
    [
        ("Body-kind", "body-kind"),
        ("Group-kind", "group-kind"),
        ("LiaisonStatement-purpose", "purpose"),
        ("WorkItem-status", "work-item-status"),
        ("Specification-status", "work-item-status"),
        ("SpecificationVersion-status", "work-item-status"),
        ("WorkItem-kind", "work-item-kind"),
        ("ItemRelation-kind", "item-relation"),
        ("LiaisonRelationship-kind", "relationship-kind"),
    ],
)
def test_a_shape_allows_the_concepts_of_its_scheme(shape: str, name: str) -> None:
    graph = Graph()
    for path in SHAPES.glob("*.ttl"):
        graph += read(path)
    (allowed,) = graph.objects(URIRef(SHAPE + shape), SH_IN)
    assert set(Collection(graph, allowed)) == concepts(name)


@pytest.mark.parametrize(
    "table, column, name",
    [
        ("bodies", "kind", "body-kind"),
        ("groups", "kind", "group-kind"),
        ("work-items", "status", "work-item-status"),
        ("relationships", "kind", "relationship-kind"),
    ],
)
def test_the_registry_writes_notations(table: str, column: str, name: str) -> None:
    with (ROOT / "data" / "registry" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        written = {row[column] for row in csv.DictReader(file)} - {""}
    assert written
    assert written <= notations(name)


def test_every_kind_of_relationship_in_the_sources_is_a_spelling(
    shared: Callable[[str], Path],
) -> None:
    with shared("data/facts/formal_relations.csv").open(encoding="utf-8", newline="") as file:
        met = {row["kind"] for row in csv.DictReader(file)}
    graph = schemes()["relationship-kind"]
    spellings = {str(text) for p in NAMES_OF_A_CONCEPT for text in graph.objects(None, p)}
    assert met
    assert met - spellings == set()


@pytest.mark.parametrize(
    "name, kind, scheme, label",
    [
        ("Rel-18", "release", "release/3GPP", "Releases of 3GPP"),
        ("2022-2024", "study-period", "study-period/3GPP", "Study periods of 3GPP"),
    ],
)
def test_the_list_that_a_release_belongs_to_is_declared(
    name: str, kind: OneOf["release", "study-period"], scheme: str, label: str
) -> None:
    body = Body(id="3GPP", name="3rd Generation Partnership Project", short_name="3GPP", kind="partnership")
    release = Release(body="3GPP", name=name, kind=kind, order=1)
    graph = Graph()
    for made in triples([release], "document/x", Registry.from_records([body])):
        graph.parse(data=f"{made.subject} {made.predicate} {made.object} .", format="turtle")
    (listed,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert listed == URIRef(SCHEME_BASE + scheme)
    assert list(graph.objects(listed, SKOS.prefLabel)) == [Literal(label)]
    assert list(graph.objects(None, SKOS.inScheme)) == [listed]
