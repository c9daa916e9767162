"""The graph on disk: Oxigraph, with immutable generations for readers and a scratch store for the writer.

Layout of a data directory::

    CURRENT             the number of the current generation; replaced atomically
    generations/<n>/    immutable checkpoints (hard links: they share their files)
    store/              the writer's scratch, made from the current generation when a writer begins
    writer.lock         held by the one writer; the system lets go of it when a process dies
    contacts/           contact persons, one N-Quads file a document; never part of a generation

Why a scratch store made anew each time: whatever happened to an earlier writer (an error, kill -9, a power
cut), the next one starts from what was published, and no recovery is needed. It costs about 30 ms
whatever the size.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pyoxigraph as ox
from filelock import FileLock, Timeout
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from sdograph.errors import DataError, InvalidQuery, StoreDamaged, StoreMissing, UsageError, WriterBusy
from sdograph.identifiers import BASE, GRAPH_BASE
from sdograph.namespaces import DCAT, DCT, PREFIXES, RDF, RDFS, SDO, XSD
from sdograph.store.base import (
    DEFAULT,
    Change,
    Generation,
    QueryResult,
    Snapshot,
    Store,
    Writer,
)
from sdograph.triples import GraphName, Subject, Term

DATASET = NamedNode(BASE + "dataset")
DATASET_GRAPH = NamedNode(GRAPH_BASE + "dataset")

#: Generations kept for rollback besides the current one.
KEPT = 10

#: Name of the scratch store within the folder of its writer; savepoints lie beside it.
_FIRST = "begin"

#: Quads removed in one SPARQL update, which bounds the size of its text; more than these are added in bulk.
_BATCH = 5_000

#: Quads that may wait in memory to be written: Oxigraph alone would keep some 64 MB for each of its indexes.
_WAITING = 50_000


class EmbeddedSnapshot(Snapshot):
    """One generation, opened read-only."""

    def __init__(self, store: ox.Store, generation: int) -> None:
        self._store = store
        self.generation = generation
        self.version = self.text(DATASET, DCAT.version) or str(generation)
        self.generated_at = self.text(DATASET, DCT.modified) or ""

    def query(self, sparql: str) -> QueryResult:
        try:
            return self._store.query(sparql, prefixes=PREFIXES)
        except SyntaxError as error:
            raise InvalidQuery(str(error), hint="correct the query where the message points") from error

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        return (q.triple for q in self._store.quads_for_pattern(s, p, o, DEFAULT))

    def write_lines(self, to: IO[bytes]) -> None:
        self._store.dump(to, format=ox.RdfFormat.N_TRIPLES, from_graph=DEFAULT)

    def quads(
        self,
        s: Subject | None = None,
        p: NamedNode | None = None,
        o: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        return iter(self._store.quads_for_pattern(s, p, o, graph))

    def graph_names(self) -> Iterator[NamedNode]:
        return (g for g in self._store.named_graphs() if isinstance(g, NamedNode))

    def change(self, graph: NamedNode, triples: Iterable[Triple]) -> Change:
        new = _canonical(graph, triples)
        old = frozenset(q.triple for q in self.quads(graph=graph))
        return Change(graph, added=new - old, removed=old - new)

    def effect(self, change: Change) -> Change:
        def stated_elsewhere(t: Triple) -> bool:
            return any(
                q.graph_name not in (change.graph, DEFAULT)
                for q in self.quads(t.subject, t.predicate, t.object)
            )

        return Change(
            DEFAULT,
            added=frozenset(t for t in change.added if _quad(t, DEFAULT) not in self._store),
            removed=frozenset(t for t in change.removed if not stated_elsewhere(t)),
        )

    def __len__(self) -> int:
        """Quads, those of the default graph included."""
        return len(self._store)

    def moved_to(self, store: ox.Store) -> None:
        """Shows another store from now on. For writers only."""
        self._store = store

    def close(self) -> None:
        """Lets go of the files; every later use is an error."""
        del self._store


class EmbeddedWriter(Writer):
    """Works on the scratch store; see :class:`EmbeddedStore`."""

    def __init__(self, home: EmbeddedStore, folder: Path, base: int) -> None:
        self._home = home
        self._folder = folder
        self._store = store = ox.Store(str(folder / _FIRST))
        self._view = EmbeddedSnapshot(store, base)
        self._generation = base
        self._whole = True
        self._loaded = False
        self._waiting = 0
        self._contacts: dict[str, bytes] = {}

    @property
    def view(self) -> EmbeddedSnapshot:
        return self._view

    def apply(self, change: Change) -> Change:
        # Several transactions, yet one commit: nobody reads the scratch store, and it is thrown away
        # unless all of them succeeded.
        self._whole = False
        merged = self.view.effect(change)
        removed = [_quad(t, g.graph) for g in (change, merged) for t in g.removed]
        for start in range(0, len(removed), _BATCH):
            self._store.update(_delete_data(removed[start : start + _BATCH]))
        added = (_quad(t, g.graph) for g in (change, merged) for t in g.added)
        if len(change.added) > _BATCH:
            self._store.bulk_extend(added)  # a third of the time, but files of its own
        else:
            self._store.extend(added)
        self._waiting += sum(len(g.added) + len(g.removed) for g in (change, merged))
        if self._waiting > _WAITING:
            self._store.flush()
            self._waiting = 0
        self._whole = True
        return merged

    def load(self, quads: Iterable[Quad]) -> None:
        if self._generation:
            raise UsageError("bulk loading is for a store without a generation", hint="use apply()")
        self._whole = False
        self._store.bulk_extend(_with_merged(quads))
        self._loaded = True
        self._whole = True

    def keep_contacts(self, document: str, quads: Iterable[Quad]) -> None:
        """Sets the contact persons read from a document; publishing writes them to a file of their own."""
        self._contacts[document] = b"".join(f"{quad} .\n".encode() for quad in quads)

    def savepoint(self) -> Callable[[], None]:
        path = self._folder / secrets.token_hex(4)
        self._store.flush()
        self._store.backup(str(path))

        def restore() -> None:
            del self._store
            self._store = ox.Store(str(path))
            self._view.moved_to(self._store)
            self._whole = True

        return restore

    def publish(self) -> EmbeddedSnapshot:
        if not self._whole:
            raise StoreDamaged("an earlier change failed half-way", hint="begin again with a new writer")
        number = self._generation + 1
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        self.apply(self.view.change(DATASET_GRAPH, _dataset_triples(number, now)))
        if self._loaded:
            # Left to itself, Oxigraph compacts what was loaded during each of the next writers' sessions
            # anew, because they end before it is done.
            self._store.optimize()
            self._loaded = False
        self._store.flush()
        self._home.publish_checkpoint(self._store, number)
        for document, lines in self._contacts.items():
            self._home.write_contacts(document, lines)
        self._contacts.clear()
        self._generation = number
        return self._home.current()

    def close(self) -> None:
        """Ends the scratch store. Its files may go only after that: Oxigraph would try to bring them back."""
        self._view.close()
        del self._store


class EmbeddedStore(Store):
    """A data directory. Any number of processes may read it while one writes."""

    def __init__(self, data_dir: Path | str, *, kept: int = KEPT) -> None:
        self.data_dir = Path(data_dir).expanduser().absolute()
        self._kept = kept
        self._pointer = self.data_dir / "CURRENT"
        self._generations = self.data_dir / "generations"
        self._scratch = self.data_dir / "store"
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._snapshot: EmbeddedSnapshot | None = None

    # --- reading

    def current(self) -> EmbeddedSnapshot:
        """The current generation, opened once and kept until the pointer moves: one ``stat`` otherwise."""
        try:
            status = self._pointer.stat()
        except FileNotFoundError:
            raise StoreMissing(
                "no dataset here", where=str(self.data_dir), hint="run: sdograph build"
            ) from None
        seen = (status.st_mtime_ns, status.st_ino)
        with self._lock:
            if self._snapshot is None or seen != self._seen:
                self._snapshot = self._open_current()
                self._seen = seen
            return self._snapshot

    def current_number(self) -> int:
        """The number of the current generation; 0 when there is none."""
        try:
            return int(self._pointer.read_text("ascii"))
        except FileNotFoundError:
            return 0
        except ValueError as error:
            raise StoreDamaged(
                "CURRENT does not hold a number",
                where=str(self._pointer),
                hint="write the highest number of generations/ into it, or restore a backup",
            ) from error

    def generation_path(self, number: int) -> Path:
        return self._generations / str(number)

    def generations(self) -> list[Generation]:
        current = self.current_number()
        numbers = sorted(int(p.name) for p in self._generations.glob("[0-9]*") if p.name.isdigit())
        return [Generation(n, self.generation_path(n), n == current) for n in numbers]

    def _open_current(self) -> EmbeddedSnapshot:
        number = self.current_number()
        for _ in range(3):
            try:
                return self._open(number)
            except StoreDamaged:
                # A writer may have moved on and pruned this generation between our two steps.
                newer = self.current_number()
                if newer == number:
                    raise
                number = newer
        return self._open(number)

    def _open(self, number: int) -> EmbeddedSnapshot:
        path = self.generation_path(number)
        if not path.is_dir():
            raise StoreDamaged(
                f"generation {number} is gone", where=str(path), hint="restore a backup, or build anew"
            )
        try:
            return EmbeddedSnapshot(ox.Store.read_only(str(path)), number)
        except OSError as error:
            raise StoreDamaged(
                f"generation {number} cannot be opened: {error}",
                where=str(path),
                hint="run: sdograph rollback, or restore a backup",
            ) from error

    # --- writing

    @contextlib.contextmanager
    def writer(self, *, timeout: float = 10.0) -> Iterator[EmbeddedWriter]:
        with self._locked(timeout):
            base = self.current_number()
            with self._scratch_from(self.generation_path(base) if base else None, base) as writer:
                yield writer

    @contextlib.contextmanager
    def _locked(self, timeout: float) -> Iterator[None]:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.data_dir / "writer.lock")
        try:
            lock.acquire(timeout=timeout)
        except Timeout:
            raise WriterBusy(
                "another process is writing", where=str(self.data_dir), hint="try again when it has finished"
            ) from None
        try:
            self._clean()
            yield
        finally:
            self._clean()
            lock.release()

    @contextlib.contextmanager
    def trial(self) -> Iterator[EmbeddedWriter]:
        number = self.current().generation
        with tempfile.TemporaryDirectory(dir=self.data_dir, prefix="trial-") as folder:
            checkpoint = self.generation_path(number)
            with self._scratch_from(checkpoint, number, Path(folder)) as writer:
                yield writer

    @contextlib.contextmanager
    def _scratch_from(
        self, checkpoint: Path | None, number: int, within: Path | None = None
    ) -> Iterator[EmbeddedWriter]:
        """A writer that begins from a copy of a checkpoint; what it publishes follows ``number``."""
        # A name of its own each time: Oxigraph locks by path within a process, and an iterator that somebody
        # still holds would keep the lock.
        folder = (within or self._scratch) / secrets.token_hex(4)
        folder.mkdir(parents=True)
        if checkpoint is not None:
            try:
                ox.Store.read_only(str(checkpoint)).backup(str(folder / _FIRST))
            except OSError as error:
                raise StoreDamaged(
                    f"cannot be opened: {error}",
                    where=str(checkpoint),
                    hint="run: sdograph rollback, or restore a backup",
                ) from error
        writer = EmbeddedWriter(self, folder, number)
        try:
            yield writer
        finally:
            writer.close()

    def publish_checkpoint(self, store: ox.Store, number: int) -> None:
        """Makes a checkpoint the current generation. For writers only."""
        self._generations.mkdir(exist_ok=True)
        target = self.generation_path(number)
        making = self._generations / f"{number}.making"
        store.backup(str(making))
        making.rename(target)
        _sync(self._generations)
        self._point_to(number)
        self._prune(number)

    def rollback(self, to: int | None = None) -> EmbeddedSnapshot:
        with self._locked(timeout=10.0):
            kept = [g.number for g in self.generations()]
            now = self.current_number()
            if to is None:
                to = max((n for n in kept if n < now), default=None)
            if to not in kept:
                raise UsageError(
                    "there is no earlier generation" if to is None else f"generation {to} is not kept",
                    where=str(self._generations),
                    hint=f"kept are: {', '.join(map(str, kept)) or 'none'}",
                )
            with self._scratch_from(self.generation_path(to), now) as writer:
                return writer.publish()

    def backup(self, target: Path) -> Path:
        target = Path(target)
        if target.exists():
            raise UsageError("the folder is already there", where=str(target), hint="name a new one")
        number = self.current().generation
        making = target.with_name(target.name + ".making")
        if making.exists():
            shutil.rmtree(making)
        (making / "generations").mkdir(parents=True)
        ox.Store.read_only(str(self.generation_path(number))).backup(
            str(making / "generations" / str(number))
        )
        if (self.data_dir / "contacts").is_dir():
            shutil.copytree(self.data_dir / "contacts", making / "contacts")
        (making / "CURRENT").write_text(f"{number}\n", "ascii")
        making.rename(target)
        return target

    def restore(self, source: Path) -> EmbeddedSnapshot:
        """Publishes the content of a backup as the next generation of this data directory."""
        backup = EmbeddedStore(source)
        number = backup.current_number()
        if not number or not backup.generation_path(number).is_dir():
            raise UsageError("this is no backup", where=str(source), hint="name a folder that backup wrote")
        with (
            self._locked(timeout=10.0),
            self._scratch_from(backup.generation_path(number), self.current_number()) as writer,
        ):
            snapshot = writer.publish()
            for file in sorted((backup.data_dir / "contacts").glob("*.nq")):
                self.write_contacts(file.stem, file.read_bytes())
            return snapshot

    def contacts(self) -> Iterator[bytes]:
        """The N-Quads of all contact persons kept."""
        return (file.read_bytes() for file in sorted((self.data_dir / "contacts").glob("*.nq")))

    def write_contacts(self, document: str, lines: bytes) -> None:
        """For writers only."""
        folder = self.data_dir / "contacts"
        folder.mkdir(mode=0o700, exist_ok=True)
        _replace(folder / f"{document.removeprefix('document/')}.nq", lines)

    def _point_to(self, number: int) -> None:
        _replace(self._pointer, f"{number}\n".encode("ascii"))

    def _prune(self, current: int) -> None:
        for generation in self.generations()[: -(self._kept + 1)]:
            if generation.number != current:
                shutil.rmtree(generation.path, ignore_errors=True)

    def _clean(self) -> None:
        """Removes what a writer, this one or one that was killed, has left behind."""
        shutil.rmtree(self._scratch, ignore_errors=True)
        for left in self._generations.glob("*.making"):
            shutil.rmtree(left, ignore_errors=True)
        current = self.current_number()
        for path in self._generations.glob("[0-9]*"):
            # Written and renamed, but the pointer never moved: it was not published.
            if path.name.isdigit() and int(path.name) > current:
                shutil.rmtree(path, ignore_errors=True)


def _canonical(graph: NamedNode, triples: Iterable[Triple]) -> frozenset[Triple]:
    """The triples as the store will hold them: literals of XSD types in canonical form ("0.70" is "0.7")."""
    memory = ox.Store()
    memory.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    found = frozenset(q.triple for q in memory)
    for triple in found:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise DataError(
                f"blank node in {triple}", where=graph.value, hint="give every node an IRI before it enters"
            )
    return found


def _quad(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def _with_merged(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        yield quad
        s, p, o, _ = quad
        yield Quad(s, p, o, DEFAULT)


def _delete_data(quads: list[Quad]) -> str:
    lines = []
    for q in quads:
        triple = f"{q.subject} {q.predicate} {q.object} ."
        lines.append(
            triple if isinstance(q.graph_name, DefaultGraph) else f"GRAPH {q.graph_name} {{ {triple} }}"
        )
    return "DELETE DATA {\n" + "\n".join(lines) + "\n}"


def _dataset_triples(number: int, now: str) -> list[Triple]:
    return [
        Triple(DATASET, RDF.type, SDO.Dataset),
        Triple(DATASET, RDF.type, DCAT.Dataset),
        Triple(DATASET, RDFS.label, Literal("sdograph dataset")),
        Triple(DATASET, DCAT.version, Literal(f"{number}-{secrets.token_hex(4)}")),
        Triple(DATASET, SDO.generation, Literal(number)),
        Triple(DATASET, DCT.modified, Literal(now, datatype=XSD.dateTime)),
    ]


def _replace(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old or the new content, also after a power cut."""
    making = path.with_name(f".{path.name}.making")
    with making.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
