"""The JSON-LD context: complete, with the right types, and giving the triples that are meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.compare import to_isomorphic
from rdflib.namespace import OWL, RDF, RDFS, XSD
from vocabulary_files import ONTOLOGY, read

from sdograph import namespaces
from sdograph.namespaces import PREFIXES, SDO, ClosedNamespace

CONTEXT: dict[str, Any] = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
RANGE_INCLUDES = URIRef("https://schema.org/rangeIncludes")
TERMS = {k: v for k, v in CONTEXT.items() if not k.startswith("@") and k not in {"id", "type", *PREFIXES}}


def iri(definition: str | dict[str, str]) -> str:
    name = definition if isinstance(definition, str) else definition["@id"]
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def test_prefixes_are_those_of_the_project() -> None:
    """All but ``id``: that is the keyword here, as JSON of this program has it everywhere."""
    assert {k: v for k, v in CONTEXT.items() if k in PREFIXES and k != "id"} == {
        k: v for k, v in PREFIXES.items() if k != "id"
    }
    assert (CONTEXT["@version"], CONTEXT["id"], CONTEXT["type"]) == (1.1, "@id", "@type")


def test_every_term_of_ours_is_there_under_its_own_name() -> None:
    ours = {k for k, v in TERMS.items() if iri(v).startswith(SDO.base)}
    assert ours == {term.value.removeprefix(SDO.base) for term in SDO}


@pytest.mark.parametrize("name", TERMS)
def test_a_term_exists_and_has_its_own_name(name: str) -> None:
    closed = [v for v in vars(namespaces).values() if isinstance(v, ClosedNamespace)]
    assert iri(TERMS[name]) in {term.value for namespace in closed for term in namespace}
    assert iri(TERMS[name]).endswith(("#" + name, "/" + name))


@pytest.mark.parametrize("name", [k for k, v in TERMS.items() if iri(v).startswith(SDO.base)])
def test_a_term_of_ours_has_the_type_of_the_ontology(name: str) -> None:
    graph, term = read(ONTOLOGY / "sdograph.ttl"), URIRef(SDO[name].value)
    kind = graph.value(term, RDF.type)
    stated = TERMS[name].get("@type") if isinstance(TERMS[name], dict) else None
    if kind == OWL.ObjectProperty:
        assert stated == "@id"
    elif kind == OWL.DatatypeProperty and graph.value(term, RDFS.range) not in {None, XSD.string}:
        assert stated == f"xsd:{str(graph.value(term, RDFS.range)).removeprefix(str(XSD))}"
    elif (term, RANGE_INCLUDES, XSD.date) in graph:
        assert stated == "xsd:date", "the usual one of the three; months and years are written out"
    else:
        assert stated is None


SAMPLE = {
    "id": "https://w3id.org/sdograph/id/liaison-statement/3GPP/S2-1812758",
    "type": "LiaisonStatement",
    "title": "LS on analytics",
    "identifier": "S2-1812758",
    "dateSent": "2018-11-30",
    "sender": ["https://w3id.org/sdograph/id/group/3GPP-SA2"],
    "toRecipient": ["https://w3id.org/sdograph/id/group/3GPP-SA5"],
    "purpose": ["scheme:purpose/response"],
    "repliesTo": ["https://w3id.org/sdograph/id/liaison-statement/3GPP/S5-186491"],
    "requestsAction": [
        {
            "id": "https://w3id.org/sdograph/id/liaison-statement/3GPP/S2-1812758/action/1",
            "type": "RequestedAction",
            "text": "Please take this into account.",
            "deadline": "2019-01-21",
        }
    ],
    "plannedFor": [
        {
            "id": "https://w3id.org/sdograph/id/release/3GPP/Rel-16",
            "type": ["Release", "skos:Concept"],
            "notation": ["Rel-16"],
            "order": 23,
            "begin": {"@value": "2017", "@type": "xsd:gYear"},
            "end": "2020-07-03",
        }
    ],
}

EXPECTED = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/sdograph/id/> .

<liaison-statement/3GPP/S2-1812758>
    a sdo:LiaisonStatement ;
    dcterms:title "LS on analytics" ;
    dcterms:identifier "S2-1812758" ;
    schema:dateSent "2018-11-30"^^xsd:date ;
    schema:sender <group/3GPP-SA2> ;
    schema:toRecipient <group/3GPP-SA5> ;
    sdo:purpose <https://w3id.org/sdograph/scheme/purpose/response> ;
    cito:repliesTo <liaison-statement/3GPP/S5-186491> ;
    sdo:requestsAction <liaison-statement/3GPP/S2-1812758/action/1> ;
    sdo:plannedFor <release/3GPP/Rel-16> .

<liaison-statement/3GPP/S2-1812758/action/1>
    a sdo:RequestedAction ;
    schema:text "Please take this into account." ;
    sdo:deadline "2019-01-21"^^xsd:date .

<release/3GPP/Rel-16>
    a sdo:Release, skos:Concept ;
    skos:notation "Rel-16" ;
    sdo:order 23 ;
    sdo:begin "2017"^^xsd:gYear ;
    sdo:end "2020-07-03"^^xsd:date .
"""


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader still makes one
def test_a_document_gives_the_triples_that_are_meant() -> None:
    document = json.dumps({"@context": CONTEXT, **SAMPLE})  # given inline, so that nothing is fetched
    given = Graph().parse(data=document, format="json-ld")
    assert to_isomorphic(given) == to_isomorphic(Graph().parse(data=EXPECTED, format="turtle"))
