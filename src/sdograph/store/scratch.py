"""The writer of the embedded store, at work on a scratch store that nobody reads."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from sdograph.errors import StoreDamaged, UsageError
from sdograph.store.base import DEFAULT, Change, Writer
from sdograph.store.dataset import DATASET_GRAPH, description
from sdograph.store.quads import quad
from sdograph.store.snapshot import EmbeddedSnapshot

if TYPE_CHECKING:
    from sdograph.store.embedded import EmbeddedStore

#: Name of the scratch store within the folder of its writer; savepoints lie beside it.
FIRST = "begin"

#: More quads than these are added in bulk.
_BATCH = 5_000

#: Quads that may wait in memory to be written: Oxigraph alone would keep some 64 MB for each of its indexes.
_WAITING = 50_000

#: A session is a large one that has added so many bytes to the files, and so large a part of what there was.
_GROWN, _PART = 16 << 20, 1 / 4


class EmbeddedWriter(Writer):
    """Works on the scratch store; see :class:`EmbeddedStore`."""

    def __init__(self, home: EmbeddedStore, folder: Path, base: int) -> None:
        self._home = home
        self._folder = folder
        self._path = folder / FIRST
        self._began_with = _bytes(self._path)
        self._store = store = ox.Store(str(self._path))
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
        for g in (change, merged):
            # Triples of a subject lie together on the disk: as they come it takes half as long again.
            for t in sorted(g.removed, key=lambda t: str(t.subject)):
                self._store.remove(quad(t, g.graph))
        added = (quad(t, g.graph) for g in (change, merged) for t in g.added)
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

    def clear(self, graphs: Iterable[NamedNode]) -> None:
        # What stays goes into a store of its own: Oxigraph removes a graph quad by quad, and its files would
        # keep what is gone.
        gone = frozenset(graphs)
        self._whole = False
        path = self._folder / secrets.token_hex(4)
        store = ox.Store(str(path))
        stays = (q for g in self._view.graph_names() if g not in gone for q in self._view.quads(graph=g))
        store.bulk_extend(_with_merged(stays))
        self._move_to(path, store)
        self._loaded = True
        self._whole = True

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
            self._move_to(path, ox.Store(str(path)))
            self._whole = True

        return restore

    def _move_to(self, path: Path, store: ox.Store) -> None:
        self._path, self._store = path, store
        self._view.moved_to(store)

    def publish(self, version: str | None = None) -> EmbeddedSnapshot:
        if not self._whole:
            raise StoreDamaged("an earlier change failed half-way", hint="begin again with a new writer")
        number = self._generation + 1
        self.apply(self.view.change(DATASET_GRAPH, description(number, version)))
        self._store.flush()
        size = _bytes(self._path)
        if self._loaded or size - self._began_with > max(_GROWN, _PART * self._began_with):
            # Left to itself, Oxigraph compacts what was added during each of the next writers' sessions
            # anew, because they end before it is done.
            self._store.optimize()
            self._loaded = False
            size = _bytes(self._path)
        self._began_with = size
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


def _bytes(path: Path) -> int:
    """Bytes of the sorted files of a store."""
    found = 0
    for file in path.glob("*.sst"):
        with contextlib.suppress(FileNotFoundError):  # Oxigraph has put it together with others
            found += file.stat().st_size
    return found


def _with_merged(quads: Iterable[Quad]) -> Iterator[Quad]:
    for given in quads:
        yield given
        s, p, o, _ = given
        yield Quad(s, p, o, DEFAULT)
