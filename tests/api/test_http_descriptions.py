"""What the server says of the dataset (VoID, DCAT) and of its endpoints (SPARQL service description)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from http_support import GRAPH, InProcess, problem

from sdograph_api import dataset
from sdograph_api.settings import Settings

DATASET = ox.NamedNode("https://w3id.org/sdograph/dataset")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
N_TRIPLES = {"Accept": "application/n-triples"}


def void(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://rdfs.org/ns/void#{name}")


def dcat(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://www.w3.org/ns/dcat#{name}")


def dcterms(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://purl.org/dc/terms/{name}")


def sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://www.w3.org/ns/sparql-service-description#{name}")


class Description:
    """Triples of an answer."""

    def __init__(self, body: bytes) -> None:
        self.triples = {quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)}

    def of(self, subject: Any, predicate: ox.NamedNode) -> set[str]:
        return {t.object.value for t in self.triples if (t.subject, t.predicate) == (subject, predicate)}

    def nodes(self, kind: ox.NamedNode) -> list[Any]:
        return [t.subject for t in self.triples if (t.predicate, t.object) == (TYPE, kind)]

    def values(self, *predicates: ox.NamedNode) -> set[str]:
        return {t.object.value for t in self.triples if t.predicate in predicates}


@pytest.fixture
def started(data_dir: Path) -> Iterator[Callable[..., InProcess]]:
    running: list[InProcess] = []

    def start(**settings: Any) -> InProcess:
        running.append(InProcess(Settings(data_dir=data_dir, query_workers=1, **settings)))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture(scope="module")
def described(client: InProcess) -> Description:
    answer = client.get("/.well-known/void", headers=N_TRIPLES)
    assert answer.status_code == 200
    return Description(answer.content)


def test_the_counts_are_those_of_the_merge_of_all_graphs(client: InProcess, described: Description) -> None:
    merged = {quad.triple for quad in ox.parse(path=GRAPH, format=ox.RdfFormat.TRIG)}
    # What the store says of the generation is in the dataset too.
    own = "CONSTRUCT { ?s ?p ?o } { GRAPH <https://w3id.org/sdograph/graph/dataset> { ?s ?p ?o } }"
    merged |= Description(client.get("/sparql", params={"query": own}, headers=N_TRIPLES).content).triples
    kinds = [t.object for t in merged if t.predicate == TYPE]
    properties = [t.predicate for t in merged]
    expected = {
        "triples": len(merged),
        "classes": len(set(kinds)),
        "properties": len(set(properties)),
        "distinctSubjects": len({t.subject for t in merged}),
        "distinctObjects": len({t.object for t in merged}),
    }
    assert {name: described.of(DATASET, void(name)) for name in expected} == {
        name: {str(count)} for name, count in expected.items()
    }
    for partition, term, count, counted in (
        ("classPartition", "class", "entities", kinds),
        ("propertyPartition", "property", "triples", properties),
    ):
        parts = [ox.NamedNode(part) for part in described.of(DATASET, void(partition))]
        found = {(*described.of(part, void(term)), *described.of(part, void(count))) for part in parts}
        assert found == {(term.value, str(counted.count(term))) for term in set(counted)}


def test_the_description_has_what_catalogues_ask_for(client: InProcess, described: Description) -> None:
    for term in ("title", "description", "identifier", "modified"):
        assert len(described.of(DATASET, dcterms(term))) == 1, term
    # When the first of its documents was read.
    assert described.of(DATASET, dcterms("issued")) == {"2026-01-02T03:04:05Z"}
    version = client.get("/health").json()["version"]
    assert described.of(DATASET, dcat("version")) == {version}
    assert {DATASET} == set(described.nodes(void("Dataset"))) == set(described.nodes(dcat("Dataset")))
    # DCAT-AP: a distribution has an access URL, a service an endpoint URL and a title.
    distributions = described.nodes(dcat("Distribution"))
    assert len(distributions) == len(described.of(DATASET, dcat("distribution"))) == 6
    for distribution in distributions:
        assert len(described.of(distribution, dcat("accessURL"))) == 1
        assert len(described.of(distribution, dcterms("title"))) == 1
    services = described.nodes(dcat("DataService"))
    assert len(services) == 2
    for service in services:
        assert len(described.of(service, dcat("endpointURL"))) == 1
        assert described.of(service, dcat("servesDataset")) == {DATASET.value}
    # Of several dumps each would be a part of the dataset (VoID, section 3.3).
    assert len(described.of(DATASET, void("dataDump"))) == 1
    assert "http://www.w3.org/ns/org#" in described.of(DATASET, void("vocabulary"))
    assert "http://rdfs.org/ns/void#" not in described.of(DATASET, void("vocabulary"))


def test_licences_are_those_that_the_documents_name() -> None:
    def described_with(*licences: ox.NamedNode | ox.Literal) -> tuple[set[str], set[str]]:
        snapshot = SimpleNamespace(version="7-0a1b2c3d", generation=7, generated_at="2026-01-02T03:04:05Z")
        found = dataset.Counted(
            classes={}, properties={}, subjects=0, objects=0, issued=None, licences=licences, examples=()
        )
        said = list(dataset.description(snapshot, "http://testserver", found))  # type: ignore[arg-type]
        return (
            {t.object.value for t in said if t.predicate == dcterms("license")},
            {t.object.value for t in said if t.predicate == dcterms("rights")},
        )

    by = "https://creativecommons.org/licenses/by/4.0/"
    assert described_with() == (set(), set())
    assert described_with(ox.Literal("CC-BY-4.0")) == ({by}, set())
    addresses, [rights] = described_with(
        ox.Literal("CC-BY-4.0"),
        ox.Literal("facts of public lists"),
        ox.NamedNode("https://example.org/terms"),
    )
    # What is only words stays words.
    assert addresses == {by, "https://example.org/terms"}
    assert "facts of public lists" in rights


def test_every_address_in_the_description_is_answered(client: InProcess, described: Description) -> None:
    addresses = described.values(
        void("sparqlEndpoint"), void("dataDump"), dcat("downloadURL"), dcat("accessURL"),
        dcat("landingPage"), dcat("endpointDescription"),
    )  # fmt: skip
    assert len(addresses) == 8
    for address in addresses - {"http://testserver/api/v1"}:  # the beginning of the addresses of lists
        answer = client.get(urlsplit(address).path)
        assert answer.status_code == 200, address
        for distribution in described.nodes(dcat("Distribution")):
            if address in described.of(distribution, dcat("downloadURL")):
                [media_type] = described.of(distribution, dcat("mediaType"))
                assert media_type.endswith(answer.headers["content-type"].partition(";")[0])
    for example in described.of(DATASET, void("exampleResource")):
        assert client.get(urlsplit(example).path.removeprefix("/sdograph") + ".nt").status_code == 200


@pytest.mark.parametrize("path", ["/.well-known/void", "/sparql"])
def test_descriptions_come_in_every_form_of_rdf(client: InProcess, path: str) -> None:
    def triples(media_type: str) -> set[ox.Triple]:
        answer = client.get(path, headers={"Accept": media_type})
        assert answer.headers["content-type"].partition(";")[0] == media_type
        assert answer.headers["vary"] == "Accept"
        format = ox.RdfFormat.from_media_type(media_type)
        assert format is not None
        return {quad.triple for quad in ox.parse(answer.content, format)}

    said = triples("text/turtle")
    assert len(said) > 10
    for media_type in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        assert triples(media_type) == said
    problem(client.get(path, headers={"Accept": "image/png"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("/sparql", {"write_token": "sesame"}),
        ("/sparql", {"service_allow": ("https://query.example.org/sparql",)}),
        ("/sparql", {"public_url": "https://graph.example.org"}),
        ("/.well-known/void", {"public_url": "https://graph.example.org"}),
    ],
)
def test_a_description_that_changes_has_another_tag(
    client: InProcess, started: Callable[..., InProcess], path: str, settings: dict[str, Any]
) -> None:
    before = client.get(path, headers=N_TRIPLES)
    held = {**N_TRIPLES, "If-None-Match": before.headers["etag"]}
    assert client.get(path, headers=held).status_code == 304
    now = started(**settings).get(path, headers=held)
    assert now.status_code == 200
    assert now.content != before.content


def test_the_service_says_what_it_can_do(client: InProcess, started: Callable[..., InProcess]) -> None:
    service = ox.NamedNode("http://testserver/sparql#service")
    said = Description(client.get("/sparql", headers=N_TRIPLES).content)
    assert said.of(service, sd("endpoint")) == {"http://testserver/sparql"}
    assert said.of(service, sd("supportedLanguage")) == {sd("SPARQL11Query").value}
    # The default graph is the union of the named ones.
    assert said.of(service, sd("feature")) == {sd("UnionDefaultGraph").value}
    [default] = said.of(service, sd("defaultDataset"))
    assert len(said.of(ox.NamedNode(default), sd("defaultGraph"))) == 1
    able = started(service_allow=("https://query.example.org/sparql",)).get("/sparql", headers=N_TRIPLES)
    features = Description(able.content).of(service, sd("feature"))
    assert features == {sd("UnionDefaultGraph").value, sd("BasicFederatedQuery").value}


def test_the_default_graph_is_the_union_of_the_named_ones(client: InProcess) -> None:
    def count(pattern: str) -> str:
        query = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {pattern} }} }}"
        found = client.get("/sparql", params={"query": query, "format": "json"}).json()
        return str(found["results"]["bindings"][0]["n"]["value"])

    assert count("?s ?p ?o") == count("GRAPH ?g { ?s ?p ?o }")
