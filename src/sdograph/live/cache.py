"""What was fetched, on disk: files named after their content, a note for each address, a view for readers.

::

    objects/ab/ab12…    whole files, named by their SHA-256, never changed
    notes/….json        what the server said of an address, and which object it gave
    partial/…           downloads under way, each with the validator that lets it be resumed
    state/….json        what a source has to remember between runs
    files/SOURCE/…      the objects under the names that readers and people know (hard links)
    tmp/                files being written; emptied at the start

Everything appears by a rename, an object before the note that names it: a run may be killed at any moment,
and the next one finds the old or the new, never half of anything. Nothing is forced to the disk: what a loss
of power damages is noticed (an object by its size, JSON by its syntax) and fetched again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from filelock import FileLock, Timeout

from sdograph.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of an address: which object it gave, and what makes a request conditional."""

    address: str
    sha256: str
    size: int
    etag: str | None
    modified: str | None
    checked: float
    """When the server last said that this is current; seconds since 1970."""


class Partial:
    """A download under way. ``validator`` is what it was begun with; without one it cannot be resumed."""

    def __init__(self, body: Path, about: Path) -> None:
        self.body = body
        self._about = about

    @property
    def validator(self) -> str | None:
        known = _load(self._about)
        value = known.get("validator") if isinstance(known, dict) else None
        return value if isinstance(value, str) else None

    @property
    def size(self) -> int:
        """Bytes that can be built on: none without a validator."""
        return self.body.stat().st_size if self.validator and self.body.exists() else 0

    def begin(self, validator: str | None, cache: Cache) -> None:
        """Starts over. The old body goes before the new validator comes: the two must never meet."""
        self.discard()
        if validator is not None:
            cache.write(self._about, {"validator": validator})

    def open(self) -> IO[bytes]:
        return self.body.open("ab")

    def discard(self) -> None:
        self.body.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)


class Cache:
    """The folder of what was fetched. One process at a time uses it: see :meth:`locked`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes out. Raises Unavailable when one is in, or the folder cannot be written."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / "lock", timeout=0):
                shutil.rmtree(self._folder / "tmp", ignore_errors=True)
                for name in ("objects", "notes", "partial", "state", "files", "tmp"):
                    (self._folder / name).mkdir(exist_ok=True)
                yield
        except Timeout as error:
            raise Unavailable(
                "another sync is at work", where=str(self._folder), hint="wait until it is done"
            ) from error
        except OSError as error:
            raise Unavailable(
                f"the cache cannot be written: {error.strerror or error}",
                where=str(self._folder),
                hint="check its rights and the room on its disk",
            ) from error

    # --- addresses

    def note(self, address: str) -> Note | None:
        """What is known of an address, None when nothing is, or its object is gone."""
        known = _load(self._note_path(address))
        if not isinstance(known, dict) or known.keys() != set(Note.__slots__):
            return None
        note = Note(**known)
        path = self.object(note)
        return note if path.is_file() and path.stat().st_size == note.size else None

    def object(self, note: Note) -> Path:
        return self._folder / "objects" / note.sha256[:2] / note.sha256

    def partial(self, address: str) -> Partial:
        body = self._folder / "partial" / _key(address)
        return Partial(body, body.with_suffix(".json"))

    def commit(
        self, address: str, part: Partial, *, etag: str | None, modified: str | None, now: float
    ) -> tuple[Note, bool]:
        """Makes a whole download the content of its address; returns its note, and whether that is new."""
        old = self.note(address)
        with part.body.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        note = Note(address, digest, part.body.stat().st_size, etag, modified, now)
        path = self.object(note)
        path.parent.mkdir(exist_ok=True)
        # The view shares these bytes: a program that writes into a file there would change the object.
        part.body.chmod(0o444)
        part.body.replace(path)
        self._keep(note)
        part.discard()
        return note, old is None or old.sha256 != digest

    def confirm(self, note: Note, now: float) -> Note:
        """The same note, with the time at which the server said that it is current."""
        known = asdict(note) | {"checked": now}
        confirmed = Note(**known)
        self._keep(confirmed)
        return confirmed

    def _keep(self, note: Note) -> None:
        self.write(self._note_path(note.address), asdict(note))

    def _note_path(self, address: str) -> Path:
        return self._folder / "notes" / f"{_key(address)}.json"

    # --- the view

    def place(self, note: Note, source: str, name: str) -> tuple[Path, bool]:
        """Shows an object under a name in the view of a source; returns its path, and whether it is new."""
        target = self.view(source) / name
        origin = self.object(note)
        if target.exists() and (target.samefile(origin) or _digest(target) == note.sha256):
            return target, False
        target.parent.mkdir(parents=True, exist_ok=True)
        waiting = self._temporary()
        try:
            waiting.hardlink_to(origin)
        except OSError:
            shutil.copyfile(origin, waiting)  # a file system without hard links
        waiting.replace(target)
        return target, True

    def view(self, source: str) -> Path:
        return self._folder / "files" / source

    def sweep(self) -> None:
        """Removes the objects that no note names any more."""
        notes = (_load(path) for path in (self._folder / "notes").iterdir())
        named = {note.get("sha256") for note in notes if isinstance(note, dict)}
        for path in (self._folder / "objects").glob("*/*"):
            if path.name not in named:
                path.unlink()

    # --- what sources remember

    def state(self, name: str) -> Any:
        """What was kept under a name, None when nothing was."""
        return _load(self._folder / "state" / f"{name}.json")

    def keep_state(self, name: str, value: Any) -> None:
        self.write(self._folder / "state" / f"{name}.json", value)

    def write(self, path: Path, value: Any) -> None:
        """Writes JSON, whole or not at all."""
        self.write_bytes(path, orjson.dumps(value))

    def write_bytes(self, path: Path, data: bytes) -> None:
        """Writes a file, whole or not at all."""
        waiting = self._temporary()
        waiting.write_bytes(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting.replace(path)

    def _temporary(self) -> Path:
        path = self._folder / "tmp" / "next"
        path.unlink(missing_ok=True)
        return path


def _key(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(path: Path) -> Any:
    """The JSON of a file of the cache; None when it is not there, or damaged: then it is fetched anew."""
    try:
        return orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
