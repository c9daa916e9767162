"""Fixtures every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from servers import Oxigraph, SparqlServer, Virtuoso, running

from sdograph import bundled, manifest, pipeline
from sdograph.store import EmbeddedStore, Snapshot

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Files that lie beside a development checkout; a test that needs one is skipped where it is absent."""

    def find(path: str) -> Path:
        found = ROOT.parent / "shared" / path
        if not found.exists():
            pytest.skip(f"needs shared/{path} beside the checkout, which is absent here")
        return found

    return find


@pytest.fixture(scope="session")
def bundled_store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """The core of the bundled dataset, the registry and the founding statement, built once.

    Tests that write take a copy of it: see ``own_store``. The whole dataset is in ``dataset``.
    """
    return built_once(tmp_path_factory, "bundled", core())


def core() -> list[manifest.Entry]:
    return [e for e in manifest.entries() if e.name.startswith(("registry/", "liaison-statements/"))]


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """The whole bundled dataset, built once; takes a minute. Read it only."""
    return built_once(tmp_path_factory, "dataset", manifest.entries())


def built_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, entries: Iterable[manifest.Entry]
) -> EmbeddedStore:
    """A store for all processes that run tests side by side: the first to need it builds it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    store = EmbeddedStore(folder / name)
    with FileLock(folder / f"{name}.lock"):
        if not store.current_number():
            pipeline.build(store, entries, manifest.schemes())
    return store


@pytest.fixture(scope="session")
def bundled_snapshot(bundled_store: EmbeddedStore) -> Snapshot:
    """The first generation of that core."""
    return bundled_store.current()


@pytest.fixture
def own_store(bundled_store: EmbeddedStore, tmp_path: Path) -> EmbeddedStore:
    """A store of the test's own that begins with the bundled dataset."""
    bundled_store.backup(tmp_path / "data")
    return EmbeddedStore(tmp_path / "data")


@pytest.fixture(scope="session")
def founding() -> Path:
    """The liaison statement of ETSI ISG SAI that the project was founded on."""
    return next((bundled.data() / "liaison-statements").glob("LS_*.txt"))


@pytest.fixture(scope="session")
def oxigraph_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    """An Oxigraph server; clear() it before use."""
    with running(Oxigraph(tmp_path_factory.mktemp("oxigraph"))) as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlServer]:
    """A Virtuoso; clear() it before use."""
    with running(Virtuoso(tmp_path_factory.mktemp("virtuoso"))) as server:
        yield server
