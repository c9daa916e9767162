"""A server has the index for searching made before anybody waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from http_support import InProcess, fill, wait_until
from pyoxigraph import Literal, NamedNode, Triple

from sdograph.namespaces import RDFS
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
