"""Changes that a writer has collected, on disk: they may be larger than memory."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Quad

from sdograph.store.base import Change
from sdograph.store.quads import quad

#: Quads that may wait in memory to be written.
_WAITING = 50_000


class Pending:
    """What is to be added to and removed from the graphs on the server; never the same quad in both."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting = 0
        self._open(folder / "begin")

    def _open(self, path: Path) -> None:
        path.mkdir(exist_ok=True)
        self.added = ox.Store(str(path / "added"))
        self.removed = ox.Store(str(path / "removed"))

    def __bool__(self) -> bool:
        return any(next(iter(store), None) is not None for store in (self.added, self.removed))

    def apply(self, change: Change) -> None:
        """Adds a change; it takes earlier ones back where it is their opposite."""
        gone = [quad(t, change.graph) for t in change.removed]
        new = [quad(t, change.graph) for t in change.added]
        self._move(gone, self.added, self.removed)
        self._move(new, self.removed, self.added)
        self._waiting += len(gone) + len(new)
        if self._waiting > _WAITING:
            self.added.flush()
            self.removed.flush()
            self._waiting = 0

    def _move(self, quads: list[Quad], out_of: ox.Store, into: ox.Store) -> None:
        opposite = [q for q in quads if q in out_of]
        for q in opposite:
            out_of.remove(q)
        skipped = set(opposite)
        into.extend(q for q in quads if q not in skipped)

    def savepoint(self) -> Callable[[], None]:
        """A way back to how it is now."""
        path = self._folder / secrets.token_hex(4)
        path.mkdir()
        for store, name in ((self.added, "added"), (self.removed, "removed")):
            store.flush()
            store.backup(str(path / name))

        def restore() -> None:
            del self.added, self.removed
            self._open(path)

        return restore

    def clear(self) -> None:
        self.added.clear()
        self.removed.clear()

    def quads(self) -> Iterator[Quad]:
        """All of both."""
        return chain(self.removed, self.added)

    def close(self) -> None:
        """Lets go of the files, which may be removed only after that."""
        del self.added, self.removed
