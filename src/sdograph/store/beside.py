"""Files made from a generation and kept beside it: made once for all processes, and lost without harm."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

from sdograph.identifiers import slug
from sdograph.store.base import Snapshot
from sdograph.store.files import sync

#: Files kept beside the newest: a process may still answer from the generation before.
_KEPT = 1

T = TypeVar("T")


def file_of(snapshot: Snapshot, folder: Path, suffix: str) -> Path:
    """Where the file of a generation lies in a folder; the suffix begins with a dot."""
    return folder / f"{slug(snapshot.version)}{suffix}"


def made_once(
    path: Path, opened: Callable[[Path], T | None], make: Callable[[Path], None], *, wait: float = -1
) -> T | None:
    """What is in a file, made under the lock of its folder where it is not there yet.

    ``opened`` gives None for a file that is missing or of no use, ``make`` writes one. Raises OSError, also
    when the lock is not free within ``wait`` seconds, and what ``make`` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / "making.lock", timeout=wait):
        # Another process may have made it while this one waited.
        if (there := opened(path)) is None:
            _write(path, make)
            there = opened(path)
        return there


def newest(folder: Path, suffix: str, opened: Callable[[Path], T | None]) -> tuple[T, str] | None:
    """What is in the newest file of a folder that is of use, and the version of the graph it was made from.

    ``suffix`` is all that stands behind the version in the names of the files.
    """
    found = []
    for path in folder.glob(f"*{suffix}"):
        with contextlib.suppress(OSError):  # another process has just removed it
            found.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(found, reverse=True):
        if (there := opened(path)) is not None:
            return there, path.name.removesuffix(suffix)
    return None


def _write(path: Path, make: Callable[[Path], None]) -> None:
    making = path.with_suffix(f".{os.getpid()}.making")
    try:
        make(making)
        with making.open("rb+") as file:
            os.fsync(file.fileno())
        making.replace(path)
        sync(path.parent)
    finally:
        making.unlink(missing_ok=True)
    _prune(path)


def _prune(newest: Path) -> None:
    """Removes what earlier generations, and processes that were killed, have left. Under the lock."""
    others = [p for p in newest.parent.glob(f"*{newest.suffix}") if p != newest]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for left in [*others[_KEPT:], *newest.parent.glob("*.making")]:
        with contextlib.suppress(OSError):
            left.unlink()
