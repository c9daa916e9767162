"""The writers of a remote store: one that changes a published dataset, one that makes the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from sdograph.errors import Superseded, UsageError
from sdograph.store.base import Change, Snapshot, Writer
from sdograph.store.dataset import DATASET_GRAPH, description, new_version
from sdograph.store.embedded import EmbeddedStore
from sdograph.store.remote.lock import Lock
from sdograph.store.remote.pending import Pending
from sdograph.store.remote.publication import overtaken
from sdograph.store.remote.snapshot import PendingSnapshot, RemoteSnapshot
from sdograph.store.scratch import EmbeddedWriter

if TYPE_CHECKING:
    from sdograph.store.remote.store import RemoteStore


class RemoteWriter(Writer):
    """Collects changes and sends them when it publishes."""

    def __init__(self, home: RemoteStore, base: RemoteSnapshot, folder: Path, lock: Lock | None) -> None:
        """Without a lock nothing can be published."""
        self._home = home
        self._publication = home.publication
        self._base = base
        self._lock = lock
        self._pending = Pending(folder)
        self._view = PendingSnapshot(base, self._pending)

    @property
    def view(self) -> Snapshot:
        return self._view

    def apply(self, change: Change) -> Change:
        self._home.hold_to_own(change.graph)
        merged = self._view.effect(change)
        self._pending.apply(change)
        self._pending.apply(merged)
        return merged

    def load(self, quads: Iterable[Quad]) -> None:  # noqa: ARG002
        raise UsageError("bulk loading is for a store without a generation", hint="use apply()")

    def savepoint(self) -> Callable[[], None]:
        return self._pending.savepoint()

    def keep_contacts(self, document: str, quads: Iterable[Quad]) -> None:  # noqa: ARG002
        raise refused_contacts(self._home.location)

    def publish(self, version: str | None = None) -> RemoteSnapshot:
        if self._lock is None:
            raise UsageError("a trial is never published")
        number = self._base.generation + 1
        version = version or new_version(number)
        try:
            self.apply(self._view.change(DATASET_GRAPH, description(number, version)))
        except Superseded as error:
            raise overtaken(self._home.location) from error
        self._publication.send(self._pending, self._lock, before=self._base.version, after=version)
        self._pending.clear()
        self._base = self._home.current()
        self._view.moved_to(self._base)
        return self._base

    def close(self) -> None:
        self._pending.close()


class FirstWriter(Writer):
    """Makes the first generation here, where looking up costs nothing, and sends all of it at once."""

    def __init__(self, home: RemoteStore, local: EmbeddedStore, writer: EmbeddedWriter, lock: Lock) -> None:
        self._home = home
        self._local = local
        self._writer = writer
        self._lock = lock

    @property
    def view(self) -> Snapshot:
        return self._writer.view

    def apply(self, change: Change) -> Change:
        self._home.hold_to_own(change.graph)
        return self._writer.apply(change)

    def load(self, quads: Iterable[Quad]) -> None:
        self._writer.load(self._own(quads))

    def _own(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for graph, some in groupby(quads, key=lambda q: q.graph_name):
            self._home.hold_to_own(graph)
            yield from some

    def savepoint(self) -> Callable[[], None]:
        return self._writer.savepoint()

    def keep_contacts(self, document: str, quads: Iterable[Quad]) -> None:  # noqa: ARG002
        raise refused_contacts(self._home.location)

    def publish(self, version: str | None = None) -> RemoteSnapshot:
        if self._local.current_number():
            raise UsageError("the first generation is published", hint="go on with a new writer")
        self._home.publication.send_first(self._writer.publish(version), self._lock)
        return self._home.current()


def refused_contacts(where: str) -> UsageError:
    return UsageError(
        "contact persons are not kept on a server: whoever may query it could read them",
        where=where,
        hint="ingest without --contacts, or into a data directory",
    )
