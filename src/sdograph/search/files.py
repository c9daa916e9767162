"""The files of indexes: one a generation, made once for all processes."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from functools import partial
from pathlib import Path

from sdograph.errors import Unavailable
from sdograph.search import content
from sdograph.search.index import SearchIndex
from sdograph.store import Snapshot
from sdograph.store.beside import file_of, made_once, newest

#: Who may wait for an index at once, of one server process.
_WAITING = 8
#: Within a data directory.
_FOLDER = "search"
_SUFFIX = ".sqlite"


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

    def at_hand(self, snapshot: Snapshot) -> tuple[SearchIndex, str]:
        """The index of a generation, or of an earlier one where that alone is made; and the version it is of.

        For whoever has indexes made beforehand: nobody waits while that of a new generation is in the making.
        Raises as :meth:`index` does.
        """
        held = self._held
        if held is not None and held[0] == snapshot.version:
            return held[1], held[0]
        if not file_of(snapshot, self._folder, _SUFFIX).exists():
            if held is not None:
                return held[1], held[0]
            if (earlier := newest(self._folder, _SUFFIX, _opened)) is not None:
                index, version = earlier
                self._held = (version, index)
                return index, version
        return self.index(snapshot), snapshot.version


def open_index(folder: Path, snapshot: Snapshot) -> SearchIndex:
    """The index of a generation from a folder, made there if it is not, or in memory if it cannot be.

    Raises Unavailable when the SQLite of this Python has no full-text search.
    """
    path = file_of(snapshot, folder, _SUFFIX)
    there = _opened(path)
    if there is None:
        with contextlib.suppress(OSError):
            there = made_once(path, _opened, partial(_make, snapshot=snapshot))
    if there is None:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        content.fill(connection, snapshot)
        there = SearchIndex(connection)
    return there


def make_index(data_dir: Path, snapshot: Snapshot) -> None:
    """Makes the index of a generation, unless it is there, another process is at it, or it cannot be written.

    Raises Unavailable when the SQLite of this Python has no full-text search.
    """
    path = file_of(snapshot, data_dir / _FOLDER, _SUFFIX)
    if _opened(path) is None:
        with contextlib.suppress(OSError):
            made_once(path, _opened, partial(_make, snapshot=snapshot), wait=0)


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


def _make(path: Path, snapshot: Snapshot) -> None:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            content.fill(connection, snapshot)
    except sqlite3.OperationalError as error:
        # A full disk, a folder that cannot be written: memory may still do.
        raise OSError(str(error)) from error
