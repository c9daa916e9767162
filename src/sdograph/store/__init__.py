"""Where the graph lives: :mod:`base` is the contract, :mod:`embedded` keeps it on disk with Oxigraph."""

from __future__ import annotations

from pathlib import Path

from sdograph.store.base import Change, Generation, Snapshot, Store, Writer
from sdograph.store.embedded import EmbeddedStore

__all__ = ["Change", "EmbeddedStore", "Generation", "Snapshot", "Store", "Writer", "open_store"]


def open_store(location: Path | str) -> EmbeddedStore:
    """The store at a data directory. Nothing is created until something is written."""
    return EmbeddedStore(location)
