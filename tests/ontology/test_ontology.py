"""The ontology against the shapes about it, the closed namespace of the code, and its own changelog."""

from __future__ import annotations

import re

import pyshacl
import pytest
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, RDF, RDFS
from vocabulary_files import ONTOLOGY, SHAPES, read, schemes, turtle_files

from sdograph.namespaces import SDO

SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPE = Namespace("https://w3id.org/sdograph/shapes#")
IRI = URIRef("https://w3id.org/sdograph/ontology")
FILE = ONTOLOGY / "sdograph.ttl"
META = SHAPES / "meta" / "ontology.ttl"
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)


def ontology() -> Graph:
    """A copy, for a test to break."""
    return Graph() + read(FILE)


def declared() -> set[URIRef]:
    return {term for kind in KINDS for term in read(FILE).subjects(RDF.type, kind)}


def reported(graph: Graph) -> set[tuple[URIRef, URIRef]]:
    """Focus node and shape of every result."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=Graph() + read(META), inference="none", advanced=False)
    return {
        (report.value(r, SH.focusNode), report.value(r, SH.sourceShape))
        for r in report.objects(None, SH.result)
    }


def test_the_ontology_satisfies_the_shapes_about_it() -> None:
    assert reported(ontology()) == set()


@pytest.mark.parametrize("shape", sorted(set(read(META).objects(SHAPE.Ontology, SH.property))))
def test_a_gap_in_the_header_is_reported(shape: URIRef) -> None:
    graph = ontology()
    graph.remove((IRI, read(META).value(shape, SH.path), None))
    assert reported(graph) == {(IRI, shape)}


@pytest.mark.parametrize(
    "prop, shape",
    [
        ("http://www.w3.org/2000/01/rdf-schema#label", "Term-label"),
        ("http://www.w3.org/2004/02/skos/core#definition", "Term-definition"),
        ("http://www.w3.org/2000/01/rdf-schema#isDefinedBy", "Term-defined-by"),
        ("https://schema.org/domainIncludes", "Property-domain"),
    ],
)
def test_a_term_that_says_too_little_is_reported(prop: str, shape: str) -> None:
    graph, term = ontology(), URIRef(SDO.begin.value)
    graph.remove((term, URIRef(prop), None))
    assert reported(graph) == {(term, SHAPE[shape])}


def test_a_term_of_somebody_else_or_of_two_sorts_is_reported() -> None:
    graph = ontology()
    foreign, own = URIRef("http://www.w3.org/ns/org#Post"), URIRef(SDO.begin.value)
    graph += Graph().parse(data=f"<{foreign}> a <{OWL.Class}> . <{own}> a <{OWL.ObjectProperty}> .")
    assert (foreign, SHAPE.Term) in reported(graph)
    assert (own, SHAPE["Term-one-type"]) in reported(graph)


def test_the_terms_are_those_of_the_closed_namespace() -> None:
    assert declared() == {URIRef(term.value) for term in SDO}


def test_classes_are_capitalised_and_properties_are_not() -> None:
    for term in declared():
        is_class = (term, RDF.type, OWL.Class) in read(FILE)
        assert term.removeprefix(SDO.base)[0].isupper() == is_class, term


def test_no_two_classes_and_no_two_properties_share_a_label() -> None:
    """A class and a property may: the standards body of a work item is a standards body."""
    graph = read(FILE)
    classes = set(graph.subjects(RDF.type, OWL.Class))
    for terms in (classes, declared() - classes):
        labels = [str(graph.value(term, RDFS.label)) for term in terms]
        assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    "narrower, relation, broader",
    [
        ("Body", RDFS.subClassOf, "http://www.w3.org/ns/org#Organization"),
        ("Group", RDFS.subClassOf, "http://www.w3.org/ns/org#OrganizationalUnit"),
        ("WorkItem", RDFS.subClassOf, "http://www.w3.org/ns/prov#Plan"),
        ("StudyItem", RDFS.subClassOf, SDO.WorkItem.value),
        ("Specification", RDFS.subClassOf, "http://purl.org/spar/fabio/Specification"),
        ("Release", RDFS.subClassOf, "http://www.w3.org/2004/02/skos/core#Concept"),
        ("StudyPeriod", RDFS.subClassOf, "http://www.w3.org/2004/02/skos/core#Concept"),
        ("Meeting", RDFS.subClassOf, "https://schema.org/Event"),
        ("LiaisonStatement", RDFS.subClassOf, "https://schema.org/Message"),
        ("UnresolvedReference", RDFS.subClassOf, SDO.Evidence.value),
        ("SourceDocument", RDFS.subClassOf, "http://www.w3.org/ns/prov#Entity"),
        ("Ingestion", RDFS.subClassOf, "http://www.w3.org/ns/prov#Activity"),
        ("Dataset", RDFS.subClassOf, "http://www.w3.org/ns/dcat#Dataset"),
        ("number", RDFS.subPropertyOf, "http://purl.org/dc/terms/identifier"),
        ("amends", RDFS.subPropertyOf, "http://purl.org/dc/terms/relation"),
        ("forAction", RDFS.subPropertyOf, SDO.addressee.value),
        ("forComment", RDFS.subPropertyOf, SDO.addressee.value),
        ("forInformation", RDFS.subPropertyOf, SDO.addressee.value),
        ("forResponse", RDFS.subPropertyOf, SDO.addressee.value),
    ],
)
def test_terms_stand_below_those_they_specialise(narrower: str, relation: URIRef, broader: str) -> None:
    assert (URIRef(SDO[narrower].value), relation, URIRef(broader)) in read(FILE)


def test_the_version_is_that_of_the_changelog() -> None:
    graph = read(FILE)
    version = str(graph.value(IRI, OWL.versionInfo))
    assert graph.value(IRI, OWL.versionIRI) == URIRef(f"{IRI}/{version}")
    told = re.findall(r"^## (\S+) \((\S+)\)$", (ONTOLOGY / "CHANGELOG.md").read_text(), re.MULTILINE)
    (newest, _), (before, _), *_ = told
    assert newest == version
    assert graph.value(IRI, OWL.priorVersion) == URIRef(f"{IRI}/{before}")
    assert str(graph.value(IRI, URIRef("http://purl.org/dc/terms/created"))) == told[-1][1]


def test_a_minor_version_takes_the_data_of_those_before() -> None:
    graph = read(FILE)
    told = re.findall(r"^## (\S+) ", (ONTOLOGY / "CHANGELOG.md").read_text(), re.MULTILINE)
    major = told[0].split(".")[0]
    compatible = {URIRef(f"{IRI}/{v}") for v in told[1:] if v.split(".")[0] == major}
    assert set(graph.objects(IRI, OWL.backwardCompatibleWith)) == compatible


def test_what_goes_into_the_store_as_it_is_has_no_blank_nodes() -> None:
    for graph in (read(FILE), *schemes().values()):
        assert not any(isinstance(term, BNode) for triple in graph for term in triple)


def test_texts_are_of_one_language_and_end_like_sentences() -> None:
    definition = URIRef("http://www.w3.org/2004/02/skos/core#definition")
    for graph in (read(FILE), *schemes().values()):
        for text in graph.objects(None, definition):
            assert isinstance(text, Literal)
            assert text.language == "en"
            assert text[0].isupper()
            assert text.endswith("."), text


def test_no_file_of_the_vocabulary_is_empty_or_broken() -> None:
    for path in turtle_files():
        assert len(read(path)) > 0, path
