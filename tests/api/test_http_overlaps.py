"""Overlaps, coverage and gaps over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from http_support import InProcess, fill, wait_until
from pyoxigraph import Literal, NamedNode, Triple

from sdograph.identifiers import SCHEME_BASE, iri
from sdograph.namespaces import SDO, SKOS
from sdograph.overlap import sssom
from sdograph.overlap.decision import Decision, decide
from sdograph.overlap.table import Table
from sdograph.store import Change, EmbeddedStore
from sdograph_api import indexing
from sdograph_api.rest import models
from sdograph_api.rest import overlap_models as overlaps
from sdograph_api.rest.models import One, Page
from sdograph_api.rest.networks import Metrics, Size
from sdograph_api.settings import Settings

SAI, AIML = iri("work-item/ETSI/SAI-014"), iri("work-item/3GPP/FS_AIML")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    store = fill(tmp_path_factory.mktemp("overlaps"))
    topic = NamedNode(SCHEME_BASE + "topic/securing-ai")
    on_it = [Triple(NamedNode(item), SDO.topic, topic) for item in (SAI, AIML)]
    described = [
        Triple(topic, SKOS.inScheme, NamedNode(SCHEME_BASE + "topic")),
        Triple(topic, SKOS.prefLabel, Literal("securing AI")),
    ]
    with store.writer() as writer:
        writer.apply(Change(NamedNode("urn:topics"), frozenset([*on_it, *described]), frozenset()))
        writer.publish()
    Table.of(store.current(), store.data_dir)
    return store


@pytest.fixture(scope="module")
def client(store: EmbeddedStore) -> Iterator[InProcess]:
    client = InProcess(Settings(data_dir=store.data_dir, query_workers=1))
    yield client
    client.close()


def get(client: InProcess, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_overlaps_of_an_item_say_why(client: InProcess) -> None:
    answer = get(client, "/api/v1/work-items/ETSI/SAI-014/overlaps")
    One[list[overlaps.Pair]].model_validate(answer)
    first = answer["data"][0]
    assert (first["item"]["id"], first["other"]["id"], first["decision"]) == (SAI, AIML, None)
    assert {c["kind"] for c in first["evidence"]} >= {"meaning", "topics"}
    assert any(part["text"] for c in first["evidence"] for part in c["parts"])


def test_all_pairs_once_and_in_both_directions_of_a_filter(client: InProcess) -> None:
    answer = get(client, "/api/v1/overlaps", min_score=0)
    Page[overlaps.Pair].model_validate(answer)
    assert answer["total"] == len({frozenset((p["item"]["id"], p["other"]["id"])) for p in answer["data"]})
    for body, other, expected in (("ETSI", "3GPP", [SAI, AIML]), ("3GPP", "ETSI", [AIML, SAI])):
        found = get(client, "/api/v1/overlaps", body=body, other_body=other, min_score=0)["data"]
        assert expected in [[p["item"]["id"], p["other"]["id"]] for p in found]
    assert get(client, "/api/v1/overlaps", body="ETSI", other_body="ITU-T", min_score=0)["total"] == 0


def test_as_csv_and_as_a_mapping_set(client: InProcess) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/overlaps.csv?min_score=0").text)))
    assert {"work-item/ETSI/SAI-014", "work-item/3GPP/FS_AIML"} in [{r["item"], r["other"]} for r in rows]
    answer = client.get("/api/v1/overlaps.sssom.tsv?min_score=0")
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert "sdoid:work-item/ETSI/SAI-014" in answer.text
    assert sssom.parse(answer.content, "answer") == []


def test_topics_by_body_and_where_nobody_writes(client: InProcess) -> None:
    matrix = get(client, "/api/v1/overlaps/matrix")
    One[overlaps.Matrix].model_validate(matrix)
    (row,) = matrix["data"]["rows"]
    assert (row["topic"], row["cells"]) == ("securing-ai", {"ETSI": [SAI], "3GPP": [AIML]})
    gaps = get(client, "/api/v1/overlaps/gaps", as_of="2026-11-25")
    Page[overlaps.Gap].model_validate(gaps)
    assert [(g["left"], g["right"], g["topic"]) for g in gaps["data"]] == [("3GPP", "ETSI", "securing-ai")]
    assert gaps["completeness"]["note"]
    by_overlap = get(client, "/api/v1/overlaps/gaps", by="overlap", level="body", min_score=0.25, months=1)
    assert ["3GPP", "ETSI"] in [[gap["left"], gap["right"]] for gap in by_overlap["data"]]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/work-items/ETSI/NO-SUCH/overlaps", 404, "not-found"),
        ("/api/v1/work-items/ETSI/SAI-014/overlaps?colour=red", 400, "unknown-parameter"),
        ("/api/v1/overlaps?min_score=2", 400, "invalid-parameter"),
        ("/api/v1/overlaps?topic=nothing", 400, "usage"),
        ("/api/v1/overlaps/matrix?across=colour", 400, "invalid-parameter"),
        ("/api/v1/overlaps/gaps?as_of=2024", 400, "usage"),
    ],
)
def test_what_does_not_fit_is_refused(client: InProcess, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_rejected_pair_stays_away_and_an_accepted_one_says_so(tmp_path: Path) -> None:
    store = fill(tmp_path)
    taken = Decision(left=AIML, right=SAI, verdict="rejected", by="chair", at="2026-11-25T10:00:00Z")
    decide(store, [taken])
    Table.of(store.current(), tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    try:
        path = "/api/v1/work-items/ETSI/SAI-014/overlaps"
        assert AIML not in [p["other"]["id"] for p in get(client, path)["data"]]
        (shown,) = get(client, path, decision="rejected")["data"]
        assert (shown["other"]["id"], shown["decision"]["by"]) == (AIML, "chair")
        assert get(client, "/api/v1/overlaps", decision="rejected", min_score=0)["total"] == 1
    finally:
        client.close()


def test_while_a_generation_is_compared_the_answers_are_of_the_one_before(tmp_path: Path) -> None:
    store = fill(tmp_path)
    before = store.current().version
    Table.of(store.current(), tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    path = "/api/v1/overlaps?min_score=0"
    try:
        fresh = client.get(path)
        assert (fresh.json()["warnings"], fresh.json()["total"] > 0) == ([], True)
        decide(
            store, [Decision(left=AIML, right=SAI, verdict="rejected", by="chair", at="2026-11-25T10:00:00Z")]
        )
        # Decisions are of now, what is compared is of before.
        earlier = client.get(path)
        assert earlier.json()["total"] == fresh.json()["total"] - 1
        assert before in earlier.json()["warnings"][0]
        assert client.get("/api/v1/work-items/ETSI/SAI-014/overlaps").status_code == 200
        Table.of(store.current(), tmp_path)
        later = client.get(path, headers={"If-None-Match": earlier.headers["etag"]})
        assert (later.status_code, later.json()["warnings"]) == (200, [])
    finally:
        client.close()


def test_overlaps_as_a_network(client: InProcess) -> None:
    said = get(client, "/api/v1/networks/overlaps", min_score=0.25)
    models.One[Size].model_validate(said)
    assert (said["warnings"], said["data"]["filters"]["level"]) == ([], "item")
    listed = get(client, "/api/v1/overlaps", min_score=0.25, limit=500)["data"]
    pairs = {frozenset((p["item"]["id"], p["other"]["id"])) for p in listed}
    file = said["data"]["links"]["formats"]["json"].removeprefix("http://testserver")
    made = nx.node_link_graph(client.get(file).json(), edges="edges")
    assert pairs
    assert {frozenset(made.nodes[n]["iri"] for n in edge[:2]) for edge in made.edges} == pairs
    measured = get(client, "/api/v1/networks/overlaps/metrics", min_score=0.25, level="body")
    models.One[Metrics].model_validate(measured)
    # The small graph has no item of a third body.
    assert [node["id"] for node in measured["data"]["by_node"]] == ["3GPP", "ETSI"]
    assert measured["data"]["measures"]["weight"] == len(pairs)


def test_a_network_of_overlaps_says_when_it_is_of_before(tmp_path: Path) -> None:
    store = fill(tmp_path)
    Table.of(store.current(), tmp_path)
    before = store.current().version
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    size, file = "/api/v1/networks/overlaps?min_score=0.25", "/export/overlaps/min_score=0.25/graph.gexf"
    try:
        whole = client.get(size).json()["data"]["edges"]
        decide(
            store, [Decision(left=AIML, right=SAI, verdict="rejected", by="chair", at="2026-11-25T10:00:00Z")]
        )
        earlier = client.get(size)
        assert before in earlier.json()["warnings"][0]
        assert earlier.json()["data"]["edges"] == whole - 1
        assert before in get(client, "/api/v1/networks/overlaps/metrics")["warnings"][0]
        assert f"overlaps of version {before}" in client.get(file).text
        tags = [client.get(path).headers["etag"] for path in (size, file)]
        Table.of(store.current(), tmp_path)
        for path, tag in zip((size, file), tags, strict=True):
            later = client.get(path, headers={"If-None-Match": tag})
            assert (later.status_code, before in later.text) == (200, False)
            again = client.get(path, headers={"If-None-Match": later.headers["etag"]})
            assert again.status_code == 304
    finally:
        client.close()


def test_nothing_is_answered_before_all_is_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "PAUSE", 0.05)
    store = fill(tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    try:
        for path in (
            "/api/v1/overlaps",
            "/api/v1/networks/overlaps",
            "/api/v1/networks/overlaps/metrics.csv",
            "/export/overlaps/level=group/graph.gexf",
        ):
            refused = client.get(path)
            assert (refused.status_code, refused.json()["code"]) == (503, "overlaps-not-ready")
            assert refused.headers["retry-after"] == "60"
    finally:
        client.close()
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1, prepare_overlaps=True))
    try:
        wait_until(lambda: Table.there(store.current(), tmp_path) is not None)
        assert client.get("/api/v1/overlaps").status_code == 200
    finally:
        client.close()
