"""The graph on a SPARQL 1.1 server."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from sdograph.errors import StoreMissing, Unavailable, UsageError, WriterBusy
from sdograph.namespaces import DCAT
from sdograph.store.base import Generation, Snapshot, Store, Writer
from sdograph.store.dataset import DATASET, DATASET_GRAPH
from sdograph.store.embedded import EmbeddedStore
from sdograph.store.quads import insert_data
from sdograph.store.remote.address import Address
from sdograph.store.remote.credentials import Credentials
from sdograph.store.remote.lock import LASTS, Lock
from sdograph.store.remote.pending import Pending
from sdograph.store.remote.reader import Reader, solutions
from sdograph.store.remote.snapshot import RemoteSnapshot
from sdograph.store.remote.state import BUILDING, STATE, STATE_GRAPH, State, is_hidden
from sdograph.store.remote.transport import ROWS, Server
from sdograph.store.remote.writer import FirstWriter, RemoteWriter

#: Quads in one request of a first load.
_LOADED = 5_000


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
            state = self.state()
            if not state.version or state.building:
                self._snapshot = None
                raise StoreMissing("no dataset here", where=self.location, hint="run: sdograph build")
            if self._snapshot is None or self._snapshot.version != state.version:
                self._snapshot = RemoteSnapshot(Reader(self.server, state.version), state)
            self._seen = asked
            return self._snapshot

    def current_number(self) -> int:
        state = self.state()
        return 0 if state.building else state.number

    def published(self, version: str) -> bool:
        state = self.state()
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

    def state(self) -> State:
        """What the store says of itself."""
        with self.server.ask(STATE, ROWS).body as body:
            return State.of([(row["p"], row["o"], row["now"]) for row in solutions(body)])

    # --- writing

    @contextlib.contextmanager
    def writer(self, *, timeout: float = 10.0) -> Iterator[Writer]:
        lock = Lock(self.server, self.state, lasts=self._lasts)
        state = lock.acquire(timeout)
        try:
            with tempfile.TemporaryDirectory(prefix="sdograph-") as folder:
                if state.version and not state.building:
                    with self._changing(Path(folder), lock) as writer:
                        yield writer
                else:
                    self._hold_to_empty(state)
                    local = EmbeddedStore(folder)
                    with local.writer() as scratch:
                        yield FirstWriter(self, local, scratch, lock)
        finally:
            lock.release()

    @contextlib.contextmanager
    def trial(self) -> Iterator[Writer]:
        with (
            tempfile.TemporaryDirectory(prefix="sdograph-") as folder,
            self._changing(Path(folder), None) as writer,
        ):
            yield writer

    @contextlib.contextmanager
    def _changing(self, folder: Path, lock: Lock | None) -> Iterator[RemoteWriter]:
        writer = RemoteWriter(self, self.current(), folder, lock)
        try:
            yield writer
        finally:
            writer.close()

    def send(self, pending: Pending, lock: Lock, *, before: str, after: str) -> None:
        """Writes changes to the server, all of them or none. For writers only."""
        parts: dict[bool, list[Quad]] = {True: [], False: []}
        for quads, adds in pending.batches(_LOADED):
            parts[adds] += quads
        version = f"GRAPH {DATASET_GRAPH} {{ {DATASET} {DCAT.version} {Literal(before)} }}"
        removed, added = (self._template(parts[adds]) for adds in (False, True))
        self.server.update(
            f"DELETE {{ {removed} }} INSERT {{ {added} }} WHERE {{ {lock.guard()} {version} }}"
        )
        if self.state().version != after:
            raise WriterBusy("another program has written meanwhile", where=self.location, hint="begin again")

    def send_first(self, snapshot: Snapshot, lock: Lock) -> None:
        """Writes a whole dataset to the server, which holds nothing. For writers only."""
        mark = f"GRAPH {STATE_GRAPH} {{ {DATASET} {BUILDING} true }}"
        self.server.update(f"INSERT {{ {mark} }} WHERE {{ {lock.guard()} }}")
        for some in _batches(snapshot.quads(), _LOADED):
            lock.guard()
            self.server.update(insert_data(map(self._placed, some)))
        self.server.update(f"DELETE {{ {mark} }} WHERE {{ {lock.guard()} }}")

    def _template(self, quads: Iterable[Quad]) -> str:
        return insert_data(map(self._placed, quads)).removeprefix("INSERT DATA {").removesuffix("}")

    def _placed(self, q: Quad) -> Quad:
        """The quad where it lies on the server."""
        if isinstance(q.graph_name, DefaultGraph) and self.address.merged is not None:
            return Quad(q.subject, q.predicate, q.object, self.address.merged)
        return q

    def _hold_to_empty(self, state: State) -> None:
        """Clears what a build that died has left. Raises UsageError when the server holds something else."""
        names = list(self._graphs_there())
        if state.building:
            for name in names:
                self.server.update(f"DROP SILENT GRAPH {name}")
            if self.address.merged is None:
                self.server.update("CLEAR SILENT DEFAULT")
        elif names:
            raise UsageError(
                f"the server holds graphs that are not ours: {names[0]}, {len(names)} in all",
                where=self.location,
                hint="name an empty repository, or say foreign=ignore in the address",
            )

    def _graphs_there(self) -> Iterator[NamedNode]:
        with self.server.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", ROWS).body as body:
            for row in solutions(body):
                name = row["g"]
                if isinstance(name, NamedNode) and not is_hidden(
                    name.value, ignores_foreign=self.address.ignores_foreign
                ):
                    yield name

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
        with EmbeddedStore(making).writer() as writer:
            writer.load(
                Quad(q.subject, q.predicate, q.object, name)
                for name in snapshot.graph_names()
                if name != DATASET_GRAPH
                for q in snapshot.quads(graph=name)
            )
            writer.publish()
        making.rename(target)
        return target

    def restore(self, source: Path) -> Snapshot:
        raise NotImplementedError


def _batches(quads: Iterable[Quad], size: int) -> Iterator[list[Quad]]:
    waiting = iter(quads)
    while some := list(islice(waiting, size)):
        yield some
