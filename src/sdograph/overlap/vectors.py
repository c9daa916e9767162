"""Vectors of texts, each computed once and kept in the data directory."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from sdograph.overlap import encoder
from sdograph.overlap.exact import Floats

#: Vectors written at once: what was computed before the process was killed is there at its next start.
_AT_ONCE = 256
#: Names asked for in one statement; SQLite takes no more than 32,766.
_ASKED = 10_000
_WAIT = 60.0
_BYTES = encoder.DIMENSIONS * np.dtype(np.float16).itemsize


class VectorStore:
    """A file of vectors by the hash of their text, and of the model that made them.

    Several processes may use one file at a time; each addition is there wholly or not at all. Where the file
    cannot be read or written, vectors are computed and not kept.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @classmethod
    def of(cls, data_dir: Path) -> VectorStore:
        """The one of a data directory."""
        return cls(data_dir / "overlap" / f"vectors-{encoder.SHA256[:12]}.sqlite")

    def vectors(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Floats:
        """The vector of each text, in a (texts, 384) array; each new text is encoded once.

        ``progress`` is told how many texts more are done. Raises Unavailable when a text is new and the model
        is not there.
        """
        names = [_name(text) for text in texts]
        known = dict(self._read(sorted(set(names))))
        new = sorted(
            {(len(text), name, text) for text, name in zip(texts, names, strict=True) if name not in known}
        )
        if progress is not None:
            progress(len(texts) - len(new))
        for first in range(0, len(new), _AT_ONCE):
            some = new[first : first + _AT_ONCE]
            # Kept in 16 bits; whoever computes a vector uses what the others will read.
            made = encoder.encode([text for _, _, text in some]).astype(np.float16)
            fresh = [(name, vector.tobytes()) for (_, name, _), vector in zip(some, made, strict=True)]
            self._write(fresh)
            known.update(fresh)
            if progress is not None:
                progress(len(some))
        joined = b"".join(known[name] for name in names)
        return np.frombuffer(joined, np.float16).reshape(len(names), encoder.DIMENSIONS).astype(np.float32)

    def _read(self, names: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        if self._path is None or not self._path.exists():
            return
        try:
            with contextlib.closing(sqlite3.connect(self._path, timeout=_WAIT)) as connection:
                for first in range(0, len(names), _ASKED):
                    some = names[first : first + _ASKED]
                    marks = ", ".join("?" * len(some))
                    yield from connection.execute(
                        "SELECT text, vector FROM vector "  # noqa: S608
                        f"WHERE text IN ({marks}) AND length(vector) = {_BYTES}",
                        some,
                    )
        except sqlite3.Error:
            return

    def _write(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self._path, timeout=_WAIT)) as connection, connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vector "
                    "(text BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
                )
                connection.executemany("INSERT OR IGNORE INTO vector VALUES (?, ?)", rows)
        except (sqlite3.Error, OSError):
            self._path = None


def _name(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
