"""The files of indexes: one a generation, made once for all processes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path

from filelock import FileLock

from sdograph.errors import Unavailable
from sdograph.identifiers import slug
from sdograph.search import content
from sdograph.search.index import SearchIndex
from sdograph.store import Snapshot
from sdograph.store.files import sync

#: Who may wait for an index at once, of one server process.
_WAITING = 8
#: Within a data directory.
_FOLDER = "search"
#: Indexes kept beside the newest: a process may still answer from the generation before.
_KEPT = 1


class Searcher:
    """The index of the newest generation asked about; a server keeps one of these."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / _FOLDER
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(_WAITING)
        self._held: tuple[str, SearchIndex] | None = None

    def index(self, snapshot: Snapshot) -> SearchIndex:
        """The index of a generation, made now if no process has made it yet.

        Raises Unavailable when the SQLite of this Python has no full-text search, and when many wait for the
        index already: those who ask for other things need threads too.
        """
        held = self._held
        if held is not None and held[0] == snapshot.version:
            return held[1]
        if not self._room.acquire(blocking=False):
            raise Unavailable("the index for searching is being made", hint="search again in some seconds")
        try:
            with self._lock:
                if self._held is None or self._held[0] != snapshot.version:
                    self._held = (snapshot.version, open_index(self._folder, snapshot))
                return self._held[1]
        finally:
            self._room.release()


def open_index(folder: Path, snapshot: Snapshot) -> SearchIndex:
    """The index of a generation from a folder, made there if it is not, or in memory if it cannot be.

    Raises Unavailable when the SQLite of this Python has no full-text search.
    """
    path = _file(folder, snapshot)
    there = _opened(path)
    if there is None:
        with contextlib.suppress(OSError):
            there = _made(path, snapshot)
    if there is None:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        content.fill(connection, snapshot)
        there = SearchIndex(connection)
    return there


def make_index(data_dir: Path, snapshot: Snapshot) -> None:
    """Makes the index of a generation, unless it is there, another process is at it, or it cannot be written.

    Raises Unavailable when the SQLite of this Python has no full-text search.
    """
    path = _file(data_dir / _FOLDER, snapshot)
    if _opened(path) is None:
        with contextlib.suppress(OSError):
            _made(path, snapshot, wait=0)


def _file(folder: Path, snapshot: Snapshot) -> Path:
    return folder / f"{slug(snapshot.version)}.sqlite"


def _made(path: Path, snapshot: Snapshot, *, wait: float = -1) -> SearchIndex | None:
    """The index in a file, made under the lock; raises OSError, also when the lock is not free in time."""
    path.parent.mkdir(exist_ok=True)
    with FileLock(path.parent / "making.lock", timeout=wait):
        # Another process may have made it while this one waited.
        if (there := _opened(path)) is None:
            _make_file(path, snapshot)
            there = _opened(path)
        return there


def _opened(path: Path) -> SearchIndex | None:
    """The index in a file; None when it is not there, damaged, or of another format."""
    if not path.exists():
        return None
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("SELECT count(*) FROM words WHERE words MATCH 'a'").fetchone()
    except sqlite3.DatabaseError:
        number = None
    if number != content.FORMAT:
        connection.close()
        return None
    return SearchIndex(connection)


def _make_file(path: Path, snapshot: Snapshot) -> None:
    making = path.with_suffix(f".{os.getpid()}.making")
    try:
        try:
            with contextlib.closing(sqlite3.connect(making)) as connection:
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                content.fill(connection, snapshot)
        except sqlite3.OperationalError as error:
            # A full disk, a folder that cannot be written: memory may still do.
            raise OSError(str(error)) from error
        with making.open("rb+") as file:
            os.fsync(file.fileno())
        making.replace(path)
        sync(path.parent)
    finally:
        making.unlink(missing_ok=True)
    _prune(path)


def _prune(newest: Path) -> None:
    """Removes what earlier generations, and processes that were killed, have left. Under the lock."""
    others = [p for p in newest.parent.glob("*.sqlite") if p != newest]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for left in [*others[_KEPT:], *newest.parent.glob("*.making")]:
        with contextlib.suppress(OSError):
            left.unlink()
