"""Where the graph lives: :mod:`base` is the contract, :mod:`embedded` keeps it on disk with Oxigraph,
:mod:`remote` on a SPARQL server.
"""

from __future__ import annotations

from pathlib import Path

from sdograph.store.base import Change, Generation, Snapshot, Store, Writer
from sdograph.store.embedded import EmbeddedStore
from sdograph.store.remote import RemoteStore, is_remote

__all__ = [
    "Change",
    "EmbeddedStore",
    "Generation",
    "RemoteStore",
    "Snapshot",
    "Store",
    "Writer",
    "open_store",
]


def open_store(location: Path | str) -> Store:
    """The store at a data directory, or at the address of a SPARQL server (``sparql+http://…``).

    Nothing is created until something is written. Raises UsageError for an address that is none.
    """
    if isinstance(location, str) and is_remote(location):
        return RemoteStore(location)
    return EmbeddedStore(location)
