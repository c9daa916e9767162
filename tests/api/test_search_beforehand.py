"""A server has the index for searching made before anybody waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from http_support import InProcess, fill, wait_until
from pyoxigraph import Literal, NamedNode, Triple

from sdograph.namespaces import RDFS
from sdograph.search import make_index
from sdograph.store import Change, EmbeddedStore
from sdograph_api import indexing
from sdograph_api.settings import Settings


def publish(store: EmbeddedStore) -> str:
    graph, named = NamedNode("urn:more"), Triple(NamedNode("urn:a"), RDFS.label, Literal("more"))
    with store.writer() as writer:
        writer.apply(Change(graph, added=frozenset({named}), removed=frozenset()))
        return writer.publish().version


def names(data_dir: Path) -> set[str]:
    return {path.name for path in (data_dir / "search").glob("*.sqlite")}


def test_the_index_is_made_at_the_start_and_after_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "PAUSE", 0.05)
    store = fill(tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1, prepare_search=True))
    try:
        wait_until(lambda: names(tmp_path) == {f"{store.current().version}.sqlite"})
        version = publish(store)
        wait_until(lambda: f"{version}.sqlite" in names(tmp_path))
        assert client.get("/api/v1/search", params={"q": "SA3"}).json()["total"] > 0
    finally:
        client.close()


def test_without_a_dataset_it_waits_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "PAUSE", 0.05)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1, prepare_search=True))
    try:
        assert client.get("/health").status_code == 503
        version = fill(tmp_path).current().version
        wait_until(lambda: names(tmp_path) == {f"{version}.sqlite"})
    finally:
        client.close()


def test_while_an_index_is_made_the_one_before_answers(tmp_path: Path) -> None:
    store = fill(tmp_path)
    before = store.current().version
    make_index(tmp_path, store.current())
    # Nothing is made beforehand here, so that the test says when it is.
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    client.app.state.context.settings.prepare_search = True
    try:
        fresh = client.get("/api/v1/search", params={"q": "SA3"})
        assert fresh.json()["warnings"] == []
        publish(store)
        earlier = client.get("/api/v1/search", params={"q": "SA3"})
        assert earlier.json()["data"] == fresh.json()["data"]
        assert before in earlier.json()["warnings"][0]
        make_index(tmp_path, store.current())
        later = client.get(
            "/api/v1/search", params={"q": "SA3"}, headers={"If-None-Match": earlier.headers["etag"]}
        )
        assert (later.status_code, later.json()["warnings"]) == (200, [])
    finally:
        client.close()
