"""The graph on a SPARQL 1.1 server."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode

from sdograph.errors import StoreMissing, Unavailable, UsageError, WriterBusy
from sdograph.identifiers import GRAPH_BASE
from sdograph.store.base import Generation, Snapshot, Store, Writer
from sdograph.store.dataset import DATASET_GRAPH
from sdograph.store.embedded import EmbeddedStore
from sdograph.store.remote.address import Address
from sdograph.store.remote.credentials import Credentials
from sdograph.store.remote.lock import LASTS, Lock
from sdograph.store.remote.publication import Publication
from sdograph.store.remote.reader import Reader, solutions
from sdograph.store.remote.snapshot import RemoteSnapshot
from sdograph.store.remote.state import STATE, State, is_hidden
from sdograph.store.remote.transport import ROWS, Server
from sdograph.store.remote.writer import FirstWriter, RemoteWriter
from sdograph.triples import GraphName

#: Seconds that a reader waits for a change that is being written.
PATIENCE = 10.0


class RemoteStore(Store):
    """A SPARQL 1.1 server. Any number of programs on any machines may read it while one writes."""

    def __init__(
        self,
        address: Address | str,
        credentials: Credentials | None = None,
        *,
        max_age: float = 0.0,
        lock_lasts: float = LASTS,
    ) -> None:
        """``max_age``: seconds for which the newest version is not asked for anew.

        Credentials are those of the environment by default. Raises UsageError.
        """
        self.address = Address.parse(address) if isinstance(address, str) else address
        self.server = Server(self.address, credentials or Credentials.from_environment())
        self.publication = Publication(self.server, self._state)
        """For writers only."""
        self._max_age = max_age
        self._lasts = lock_lasts
        self._lock = threading.Lock()
        self._seen = 0.0
        self._snapshot: RemoteSnapshot | None = None

    @property
    def location(self) -> str:
        return self.address.query

    # --- reading

    def current(self) -> RemoteSnapshot:
        """The version now on the server; it is asked for each time, or when ``max_age`` has passed."""
        with self._lock:
            if self._snapshot is not None and time.monotonic() - self._seen < self._max_age:
                return self._snapshot
            asked = time.monotonic()
            state = self._settled()
            if not state.version or state.building:
                self._snapshot = None
                raise StoreMissing("no dataset here", where=self.location, hint="run: sdograph build")
            if self._snapshot is None or self._snapshot.version != state.version:
                self._snapshot = RemoteSnapshot(Reader(self.server, state.version), state)
            self._seen = asked
            return self._snapshot

    def current_number(self) -> int:
        state = self._settled()
        return 0 if state.building else state.number

    def published(self, version: str) -> bool:
        state = self._settled()
        number = int(version.partition("-")[0])
        if number < state.number:
            raise Unavailable(
                "the server does not keep earlier versions",
                where=self.location,
                hint="look whether what was sent is there",
            )
        return state.version == version and not state.building

    def generations(self) -> list[Generation]:
        number = self.current_number()
        return [Generation(number, True)] if number else []

    def _state(self) -> State:
        """What the store says of itself."""
        rows = solutions(self.server.ask(STATE, ROWS))
        state = State.of([(row["p"], row["o"], row["now"]) for row in rows])
        place = self.address.merged.value if self.address.merged else "default"
        if state.merged not in (None, place):
            raise UsageError(
                f"the merge of the graphs lies elsewhere: {state.merged}",
                where=self.location,
                hint=f"say merged={state.merged} in the address",
            )
        return state

    def _settled(self) -> State:
        """The state when no change is being made; one whose writer is gone is finished here."""
        end = time.monotonic() + PATIENCE
        while (state := self._state()).journal is not None:
            with contextlib.suppress(WriterBusy), self._place(0.0) as lock:
                return self._finished(lock)
            if time.monotonic() > end:
                raise Unavailable(
                    "a large change is being written", where=self.location, hint="ask again in a minute"
                )
            time.sleep(0.2)
        return state

    # --- writing

    @contextlib.contextmanager
    def writer(self, *, timeout: float = 10.0) -> Iterator[Writer]:
        with self._place(timeout) as lock, tempfile.TemporaryDirectory(prefix="sdograph-") as folder:
            state = self._finished(lock)
            if state.number and not state.building:
                with self._changing(Path(folder), lock) as writer:
                    yield writer
            else:
                self.publication.begin_first(state, lock)
                local = EmbeddedStore(folder)
                with local.writer() as scratch:
                    yield FirstWriter(self, local, scratch, lock)

    @contextlib.contextmanager
    def trial(self) -> Iterator[Writer]:
        with (
            tempfile.TemporaryDirectory(prefix="sdograph-") as folder,
            self._changing(Path(folder), None) as writer,
        ):
            yield writer

    @contextlib.contextmanager
    def _place(self, timeout: float) -> Iterator[Lock]:
        lock = Lock(self.server, self._state, lasts=self._lasts)
        lock.acquire(timeout)
        try:
            yield lock
        finally:
            lock.release()

    @contextlib.contextmanager
    def _changing(self, folder: Path, lock: Lock | None) -> Iterator[RemoteWriter]:
        writer = RemoteWriter(self, self.current(), folder, lock)
        try:
            yield writer
        finally:
            writer.close()

    def hold_to_own(self, graph: GraphName) -> None:
        """Raises UsageError for a graph that cannot be a document's. For writers only."""
        if not isinstance(graph, NamedNode):
            return
        foreign = self.address.ignores_foreign
        if graph == self.address.merged or is_hidden(graph.value, ignores_foreign=foreign):
            raise UsageError(
                "this graph is outside what the store may write to",
                where=graph.value,
                hint=f"name one below {GRAPH_BASE}",
            )

    def _finished(self, lock: Lock) -> State:
        """The state of the store, once a change that another writer has left half-made is made."""
        state = self._state()
        if state.journal is not None:
            self.publication.finish(state.journal, lock)
            state = self._state()
        return state

    # --- whole datasets

    def rollback(self, to: int | None = None) -> Snapshot:  # noqa: ARG002
        raise UsageError(
            "a server keeps no earlier generations",
            where=self.location,
            hint="restore a backup instead: sdograph restore",
        )

    def backup(self, target: Path) -> Path:
        if target.exists():
            raise UsageError("the folder is already there", where=str(target), hint="name a new one")
        snapshot = self.current()
        making = target.with_name(target.name + ".making")
        if making.exists():
            shutil.rmtree(making)
        with EmbeddedStore(making).writer() as writer:
            writer.load(q for name in _documents(snapshot) for q in snapshot.quads(graph=name))
            writer.publish()
        making.rename(target)
        return target

    def restore(self, source: Path) -> Snapshot:
        backup = EmbeddedStore(source)
        if not backup.current_number():
            raise UsageError("this is no backup", where=str(source), hint="name a folder that backup wrote")
        given = backup.current()
        with self.writer() as writer:
            if not writer.view.generation:
                writer.load(q for name in _documents(given) for q in given.quads(graph=name))
                return writer.publish()
            for name in {*_documents(given), *_documents(writer.view)}:
                change = writer.view.change(name, (q.triple for q in given.quads(graph=name)))
                if change:
                    writer.apply(change)
            return writer.publish()


def _documents(snapshot: Snapshot) -> Iterator[NamedNode]:
    return (name for name in snapshot.graph_names() if name != DATASET_GRAPH)
