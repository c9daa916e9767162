"""The graph on a SPARQL 1.1 server. See docs/decisions/0022-remote-stores.md."""

from __future__ import annotations

from sdograph.store.remote.address import Address, is_remote
from sdograph.store.remote.credentials import Credentials
from sdograph.store.remote.snapshot import RemoteSnapshot
from sdograph.store.remote.store import RemoteStore

__all__ = ["Address", "Credentials", "RemoteSnapshot", "RemoteStore", "is_remote"]
