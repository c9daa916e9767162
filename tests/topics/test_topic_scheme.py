"""The scheme of topics: its levels, its mappings, and that every topic can be reached."""

from __future__ import annotations

import tomllib
from importlib import resources
from itertools import combinations
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SKOS

from sdograph import bundled
from sdograph.topics import topic_iri
from sdograph.topics.scheme import broader

MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, SKOS.broadMatch, SKOS.narrowMatch)
DPV = "https://w3id.org/dpv/ai#"
ATLAS = "https://atlas.mitre.org/techniques/"


@pytest.fixture(scope="module")
def scheme() -> Graph:
    return Graph().parse(bundled.ontology() / "schemes" / "topic.ttl", format="turtle")


def test_there_are_enough_topics_in_two_and_three_levels() -> None:
    def level(topic: str) -> int:
        return 1 + max((level(above) for above in broader()[topic]), default=0)

    levels = {topic: level(topic) for topic in broader()}
    assert len(levels) >= 60
    assert set(levels.values()) == {1, 2, 3}


def test_what_stands_above_is_found_at_whatever_distance() -> None:
    assert broader()["threats-to-ai"] == frozenset()
    assert broader()["data-poisoning"] == {"training-time-attack", "threats-to-ai"}
    assert broader()["securing-network-ai"] == {"securing-ai", "ai-in-telecom"}
    assert topic_iri("jailbreak") == "https://w3id.org/sdograph/scheme/topic/jailbreak"


def test_narrower_is_the_other_side_of_broader(scheme: Graph) -> None:
    up = {(a, b) for a, b in scheme.subject_objects(SKOS.broader)}
    assert up == {(a, b) for b, a in scheme.subject_objects(SKOS.narrower)}


def test_a_term_elsewhere_is_mapped_in_one_way(scheme: Graph) -> None:
    """SKOS forbids exactMatch beside broadMatch or relatedMatch (S46); two ways for one pair say nothing."""
    for one, other in combinations(MAPPINGS, 2):
        assert not set(scheme.subject_objects(one)) & set(scheme.subject_objects(other))


@pytest.mark.parametrize("base, least", [(DPV, 30), (ATLAS, 30)])
def test_topics_are_mapped(scheme: Graph, base: str, least: int) -> None:
    mapped = {str(o) for p in MAPPINGS for o in scheme.objects(None, p) if str(o).startswith(base)}
    assert len(mapped) >= least


@pytest.mark.parametrize(
    "topic, mapping, term",
    [
        ("data-poisoning", SKOS.exactMatch, DPV + "DataPoisoning"),
        ("model-inversion", SKOS.exactMatch, ATLAS + "AML.T0024.001"),
        ("membership-inference", SKOS.exactMatch, ATLAS + "AML.T0024.000"),
        ("model-extraction", SKOS.exactMatch, ATLAS + "AML.T0024.002"),
        ("prompt-injection", SKOS.exactMatch, ATLAS + "AML.T0051"),
        ("jailbreak", SKOS.exactMatch, ATLAS + "AML.T0054"),
        ("evasion-attack", SKOS.closeMatch, ATLAS + "AML.T0015"),
    ],
)
def test_an_attack_is_mapped_to_the_term_of_its_name(
    scheme: Graph, topic: str, mapping: URIRef, term: str
) -> None:
    assert (URIRef(topic_iri(topic)), mapping, URIRef(term)) in scheme


def test_the_sections_of_nist_are_those_of_its_contents(scheme: Graph) -> None:
    """Numbers from the table of contents of NIST AI 100-2e2023."""
    for topic, section in {
        "evasion-attack": "2.2",
        "data-poisoning": "2.3",
        "backdoor-attack": "2.3.3",
        "model-poisoning": "2.3.4",
        "ai-confidentiality-attack": "2.4",
        "membership-inference": "2.4.2",
        "model-extraction": "2.4.3",
    }.items():
        note = scheme.value(URIRef(topic_iri(topic)), SKOS.note)
        assert isinstance(note, Literal)
        assert f"section {section}" in note


def test_every_topic_has_a_rule() -> None:
    text = (resources.files("sdograph.topics") / "rules.toml").read_text("utf-8")
    table = tomllib.loads(text)
    assert table["topics"].keys() | {f["topic"] for f in table["fallback"]} == broader().keys()


def test_the_rules_travel_with_the_program() -> None:
    assert isinstance(resources.files("sdograph.topics") / "rules.toml", Path)
