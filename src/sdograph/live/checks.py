"""Whether a file that came is what was asked for, and whole; the length alone was checked on the way.

What is served in place of a document (a page to log in at, an error with status 200) is the usual fault.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import orjson

from sdograph.errors import LimitExceeded, UnreadableDocument

MAX_UNPACKED = 1_000_000_000
_LONGEST_LINE = 20_000_000
_AGAIN = "look at the address with a browser; a later sync fetches it again"


def check_zip(path: Path, address: str) -> None:
    """A ZIP archive, as .xlsx is: its central directory is there, and each member unpacks to its checksum."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MAX_UNPACKED:
                raise LimitExceeded(
                    f"it would unpack to {size:,} bytes, over {MAX_UNPACKED:,}", where=address, hint=_AGAIN
                )
            if (damaged := archive.testzip()) is not None:
                raise UnreadableDocument(f"its member {damaged} is damaged", where=address, hint=_AGAIN)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableDocument(
            f"this is no whole ZIP archive: {error}", where=address, hint=_AGAIN
        ) from error


def check_json_lines(path: Path, address: str) -> None:
    """JSON Lines: at least one, each of them an object."""
    count = 0
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            if not line.strip():
                continue
            count += 1
            try:
                value = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise UnreadableDocument(
                    f"the JSON is broken: {error}", where=f"{address}, line {count}", hint=_AGAIN
                ) from error
            if not isinstance(value, dict):
                raise UnreadableDocument("this is no object", where=f"{address}, line {count}", hint=_AGAIN)
    if not count:
        raise UnreadableDocument("the file is empty", where=address, hint=_AGAIN)


def check_yaml(path: Path, address: str) -> None:
    """Text in UTF-8 that begins as a YAML document of one mapping does; the reader says what it lacks."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"not UTF-8 at byte {error.start}", where=address, hint=_AGAIN) from error
    first = next(
        (line for line in text.splitlines() if line.strip() and not line.startswith(("#", "---"))), ""
    )
    if ":" not in first or first.lstrip().startswith("<"):
        raise UnreadableDocument("this is no YAML record", where=address, hint=_AGAIN)
