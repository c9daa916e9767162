"""Any document that holds running text, as lines: one function, one table of file kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sdograph.errors import LimitExceeded, Unavailable, UnknownFormat, UnreadableDocument, UsageError
from sdograph.sources import plain, wordprocessing
from sdograph.sources.plain import Block, Cell, clean

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "SUFFIXES", "Block", "Cell", "TextDocument", "clean", "read_lines"]

MAX_BYTES = 20_000_000
MAX_CHARACTERS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDocument:
    """A document as lines in reading order. ``name`` is what to call it in errors."""

    name: str
    media_type: str
    blocks: tuple[Block, ...]


#: File name extension -> media type and function from the file's bytes and its name to its lines.
SUFFIXES: dict[str, tuple[str, Callable[[bytes, str], tuple[Block, ...]]]] = {
    ".txt": (plain.MEDIA_TYPE, plain.read_blocks),
    ".docx": (wordprocessing.MEDIA_TYPE, wordprocessing.read_blocks),
}


def read_lines(path: Path) -> TextDocument:
    """The lines of a text file (.txt) or Word document (.docx), each with its place.

    Raises UnknownFormat for other file kinds, UnreadableDocument for a file that is not what it claims to
    be, LimitExceeded when it is too big, UsageError when there is no such file, Unavailable when it may not
    be opened.
    """
    where = path.name
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownFormat(
            f"documents of kind {path.suffix or 'no extension'} cannot be read",
            where=where,
            hint=f"save it as one of {', '.join(SUFFIXES)}",
        )
    media_type, read_blocks = SUFFIXES[path.suffix.lower()]
    data = _bytes_of(path)
    if not data.strip():
        raise UnreadableDocument("the file is empty", where=where, hint="get the document again")
    blocks = read_blocks(data, where)
    if sum(len(block.text) for block in blocks) > MAX_CHARACTERS:
        raise LimitExceeded(
            f"the text is over the limit of {MAX_CHARACTERS:,} characters",
            where=where,
            hint="a liaison statement is far smaller: save it alone",
        )
    return TextDocument(name=where, media_type=media_type, blocks=blocks)


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError("there is no such file", where=str(path), hint="name a file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unavailable(
            f"the file cannot be opened: {error.strerror}", where=str(path), hint="check its rights"
        ) from error
    if len(data) > MAX_BYTES:
        raise LimitExceeded(
            f"the file is over the limit of {MAX_BYTES:,} bytes",
            where=path.name,
            hint="a liaison statement is far smaller: remove embedded material",
        )
    return data
