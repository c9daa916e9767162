"""Files of the outside are opened in one way: within a size, with an error that says what to do."""

from __future__ import annotations

from pathlib import Path

from sdograph.errors import LimitExceeded, Unavailable


def read_bounded(path: Path, limit: int, *, hint: str = "save it in parts") -> bytes:
    """What a file holds.

    Raises LimitExceeded with the ``hint`` when that is over ``limit`` bytes, Unavailable when it cannot be
    opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Unavailable(
            f"the file cannot be opened: {error.strerror}", where=str(path), hint="check its name and rights"
        ) from error
    if len(data) > limit:
        raise LimitExceeded(f"the file is over the limit of {limit:,} bytes", where=path.name, hint=hint)
    return data
