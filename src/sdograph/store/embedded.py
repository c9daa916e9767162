"""The graph on disk: Oxigraph, with immutable generations for readers and a scratch store for the writer.

Layout of a data directory::

    CURRENT             the number of the current generation; replaced atomically
    generations/<n>/    immutable checkpoints (hard links: they share their files)
    store/              the writer's scratch, made from the current generation when a writer begins
    writer.lock         held by the one writer; the system lets go of it when a process dies
    contacts/           contact persons, one N-Quads file a document; never part of a generation
    trial-*             scratch of writers whose work is never published

Why a scratch store made anew each time: whatever happened to an earlier writer (an error, kill -9, a power
cut), the next one starts from what was published, and no recovery is needed. It costs about 30 ms
whatever the size.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
from filelock import FileLock, Timeout

from sdograph.errors import StoreDamaged, StoreMissing, UsageError, WriterBusy
from sdograph.store.base import Generation, Store
from sdograph.store.files import replace, sync
from sdograph.store.scratch import FIRST, EmbeddedWriter
from sdograph.store.snapshot import EmbeddedSnapshot

#: Generations kept for rollback besides the current one.
KEPT = 10


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

    @property
    def location(self) -> str:
        return str(self.data_dir)

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

    def published(self, version: str) -> bool:
        number = int(version.partition("-")[0])
        # One above the current was written, and never pointed to.
        return number <= self.current_number() and self._open(number).version == version

    def generation_path(self, number: int) -> Path:
        return self._generations / str(number)

    def generations(self) -> list[Generation]:
        current = self.current_number()
        numbers = sorted(int(p.name) for p in self._generations.glob("[0-9]*") if p.name.isdigit())
        return [Generation(n, n == current) for n in numbers]

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
        self._clear_trials()
        folder = self.data_dir / f"trial-{secrets.token_hex(4)}"
        lock = folder.with_suffix(".lock")
        with FileLock(lock):
            try:
                with self._scratch_from(self.generation_path(number), number, folder) as writer:
                    yield writer
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                lock.unlink(missing_ok=True)

    def _clear_trials(self) -> None:
        """Removes what trials that were killed have left: nobody holds their locks any more."""
        for left in self.data_dir.glob("trial-*.lock"):
            with contextlib.suppress(Timeout), FileLock(left, timeout=0):
                shutil.rmtree(left.with_suffix(""), ignore_errors=True)
                left.unlink(missing_ok=True)

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
                ox.Store.read_only(str(checkpoint)).backup(str(folder / FIRST))
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
        sync(self._generations)
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
        replace(folder / f"{document.removeprefix('document/')}.nq", lines)

    def _point_to(self, number: int) -> None:
        replace(self._pointer, f"{number}\n".encode("ascii"))

    def _prune(self, current: int) -> None:
        for generation in self.generations()[: -(self._kept + 1)]:
            if generation.number != current:
                shutil.rmtree(self.generation_path(generation.number), ignore_errors=True)

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
