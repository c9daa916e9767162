"""The stores that keep the contract, each with what it takes to make one that is empty."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from servers import MERGED, SparqlServer

from sdograph.store import EmbeddedStore, RemoteStore, Store


class Stores(Protocol):
    """Makes stores of one kind."""

    def __call__(self) -> Store:
        """An empty store; on a server the one before is gone."""

    def again(self, **settings: float) -> Store:
        """The last one, as another program opens it; ``settings`` are those of remote stores."""


class Embedded:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = ""

    def __call__(self) -> Store:
        self._last = tempfile.mkdtemp(dir=self._folder)
        return self.again()

    def again(self, **settings: float) -> Store:
        return EmbeddedStore(self._last, kept=2)


class Remote:
    def __init__(self, server: SparqlServer, options: str = "") -> None:
        self._server = server
        self._options = options

    def __call__(self) -> Store:
        self._server.clear()
        return self.again()

    def again(self, **settings: float) -> RemoteStore:
        return self._server.store(self._options, **settings)


KINDS: dict[str, Callable[[pytest.FixtureRequest], Stores]] = {
    "embedded": lambda request: Embedded(request.getfixturevalue("tmp_path")),
    "oxigraph": lambda request: Remote(request.getfixturevalue("oxigraph_server")),
    # As on servers whose default graph is the union of all, and that promise nothing of an update.
    "oxigraph-as-others": lambda request: Remote(
        request.getfixturevalue("oxigraph_server"), f"merged={MERGED}&atomic=no"
    ),
    "virtuoso": lambda request: Remote(request.getfixturevalue("virtuoso_server")),
}
