"""Every term that the vocabulary uses exists, and every prefix is the right one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from vocabulary_files import ONTOLOGY, ROOT, SHAPES, read, schemes, turtle_files

from sdograph import namespaces
from sdograph.namespaces import PREFIXES, SDO, ClosedNamespace

SHACL = "http://www.w3.org/ns/shacl#"
SPECTRA = "https://w3id.org/spectra#"
SHAPE = "https://w3id.org/sdograph/shapes#"

#: Terms that only these files use, beside those of namespaces.py: namespace, terms, where they are defined.
FOREIGN: dict[str, str] = {
    # W3C Recommendation "Shapes Constraint Language (SHACL)", 20 July 2017
    SHACL: "NodeShape PropertyShape SPARQLConstraint targetClass path property node message severity Warning "
    "minCount maxCount datatype nodeKind IRI class in hasValue pattern disjoint or not inversePath "
    "alternativePath qualifiedValueShape qualifiedMinCount minInclusive maxInclusive uniqueLang languageIn "
    "sparql select prefixes declare prefix namespace",
    # W3C Recommendation "OWL 2 Web Ontology Language", 11 December 2012
    "http://www.w3.org/2002/07/owl#": "Ontology Class ObjectProperty DatatypeProperty versionIRI versionInfo "
    "priorVersion backwardCompatibleWith",
    # W3C Recommendation "RDF Schema 1.1", 25 February 2014
    "http://www.w3.org/2000/01/rdf-schema#": "subClassOf subPropertyOf domain range isDefinedBy",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "first rest nil langString",
    # schema.org 29.0; toRecipient and ccRecipient are below recipient there
    "https://schema.org/": "domainIncludes rangeIncludes recipient about mentions",
    # W3C Recommendation "The Organization Ontology", 16 January 2014
    "http://www.w3.org/ns/org#": "classification",
    # DCMI Metadata Terms, 20 January 2020
    "http://purl.org/dc/terms/": "creator",
    # FaBiO 2.2: "the realization of a specification"
    "http://purl.org/spar/fabio/": "SpecificationDocument",
    # VANN 1.0
    "http://purl.org/vocab/vann/": "preferredNamespacePrefix preferredNamespaceUri",
    # CSSV 1.4.0, cssv_tbox.ttl; the namespace is faulty as published
    "http://data.europa.eu2sa/cssv#": "Specification Standard",
    # I40 STO 2.0, as its own applications query it
    "https://w3id.org/i40/sto#": "StandardOrganization Standard",
    # W3C Recommendation "SKOS Simple Knowledge Organization System Reference", 18 August 2009
    "http://www.w3.org/2004/02/skos/core#": "narrower note",
    # Data Privacy Vocabulary 2.2, extension "AI Technology Concepts", 2.2/ai/ai.csv
    "https://w3id.org/dpv/ai#": "AI AIBias AISystemRisk AdversarialAttack AudioCapability Capability "
    "ComputerVision ContentGeneration DataBias DataPoisoning DataRisk GPAIModel ImageRecognition "
    "IncidentMonitoringStage InformationRetrieval LanguageCapability LifecycleStage MachineLearning "
    "MachineLearningModel MachineLearningPlatform Measure ModelEvasion ModelInversion ModelRisk "
    "OperationStage ReevaluationStage RepairStage RiskConcept Robot SecurityAttack SpeechRecognition "
    "SpeechSynthesis TestingData TrainedModel TrainingData ValidationStage VerificationStage "
    "VideoGeneration",
    # MITRE ATLAS, data/techniques.yaml of April 2025
    "https://atlas.mitre.org/techniques/": "AML.T0010 AML.T0010.000 AML.T0010.002 AML.T0010.003 AML.T0015 "
    "AML.T0016.002 AML.T0018 AML.T0018.000 AML.T0019 AML.T0020 AML.T0024 AML.T0024.000 AML.T0024.001 "
    "AML.T0024.002 AML.T0029 AML.T0034 AML.T0043 AML.T0043.004 AML.T0046 AML.T0048 AML.T0048.004 "
    "AML.T0051 AML.T0051.000 AML.T0051.001 AML.T0052 AML.T0052.000 AML.T0053 AML.T0054 AML.T0056 "
    "AML.T0057 AML.T0058 AML.T0059 AML.T0064 AML.T0070",
}

#: Prefixes that only these files declare.
FOREIGN_PREFIXES = {
    "sh": SHACL,
    "shapes": SHAPE,
    "vann": "http://purl.org/vocab/vann/",
    "spectra": SPECTRA,
    "cssv": "http://data.europa.eu2sa/cssv#",
    "sto": "https://w3id.org/i40/sto#",
}

#: IRIs that name no term.
THINGS = {
    "https://w3id.org/sdograph/ontology",
    "https://w3id.org/sdograph/ontology/1.0.0",
    "https://w3id.org/sdograph/ontology/1.1.0",
    "https://w3id.org/sdograph/shapes",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://w3id.org/dpv/ai",
    "https://atlas.mitre.org/",
    "https://doi.org/10.6028/NIST.AI.100-2e2023",
}


@cache
def known_terms() -> frozenset[str]:
    closed = [v for v in vars(namespaces).values() if isinstance(v, ClosedNamespace) and v is not SDO]
    known = {term.value for namespace in closed for term in namespace}
    known |= {base + name for base, names in FOREIGN.items() for name in names.split()}
    known |= {str(s) for s in read(ONTOLOGY / "sdograph.ttl").subjects() if s.startswith(SDO.base)}
    known |= {str(s) for graph in schemes().values() for s in graph.subjects()}
    for path in SHAPES.rglob("*.ttl"):
        known |= {str(s) for s in read(path).subjects() if isinstance(s, URIRef)}
    return frozenset(known | THINGS)


def used_iris(graph: Graph) -> set[str]:
    terms = {term for triple in graph for term in triple}
    used = {str(t) for t in terms if isinstance(t, URIRef)}
    used |= {str(t.datatype) for t in terms if isinstance(t, Literal) and t.datatype}
    queries = graph.objects(None, URIRef(SHACL + "select"))
    return used | {iri for query in queries for iri in re.findall(r"<([^<>\s]+)>", query)}


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", turtle_files(), ids=label)
def test_every_term_in_a_file_exists(path: Path) -> None:
    unknown = used_iris(read(path)) - known_terms()
    assert {iri for iri in unknown if not iri.startswith(SPECTRA)} == set()


def test_a_foreign_term_is_listed_only_while_it_is_used() -> None:
    used = {iri for path in turtle_files() for iri in used_iris(read(path))}
    assert {base + name for base, names in FOREIGN.items() for name in names.split()} - used == set()


def test_only_the_alignment_speaks_of_spectra_and_of_what_it_defines(shared: Callable[[str], Path]) -> None:
    spectra = Graph().parse(shared("data/spectra/spectra.ttl"), format="turtle")
    defined = {str(s) for s in spectra.subjects() if isinstance(s, URIRef)}
    for path in turtle_files():
        spoken_of = {iri for iri in used_iris(read(path)) if iri.startswith(SPECTRA)}
        assert bool(spoken_of) == (path.name == "spectra.ttl"), path
        assert spoken_of <= defined


EXAMPLES = sorted((ROOT / "tests" / "shapes").rglob("*.ttl"))


@pytest.mark.parametrize("path", [*turtle_files(), *EXAMPLES], ids=label)
def test_prefixes_are_the_right_ones_and_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    declared = dict(re.findall(r"^@prefix (\w*): <([^>]*)> \.$", text, re.MULTILINE))
    assert declared, "no prefix is declared in the usual form"
    for prefix, namespace in declared.items():
        assert namespace == {**FOREIGN_PREFIXES, **PREFIXES}[prefix]
        uses = re.findall(rf"(?<![\w<:/]){prefix}:", text)
        assert len(uses) > 1, f"{prefix} is declared and not used"


def test_schema_org_is_the_secure_one_everywhere() -> None:
    for path in [*turtle_files(), *EXAMPLES, ONTOLOGY / "context.jsonld"]:
        assert "http://schema.org" not in path.read_text(encoding="utf-8"), path
