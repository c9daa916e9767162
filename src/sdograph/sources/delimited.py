"""Tables in text files (.csv, .tsv, also gzipped), row by row in bounded memory, whatever their encoding."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from sdograph.errors import LimitExceeded, Unavailable, UnreadableDocument
from sdograph.sources.package import MAX_RATIO, RATIO_COUNTS_FROM

MAX_BYTES = 200_000_000
_CHUNK = 1_000_000
_AGAIN = "get the file again"
_FOREIGN = "".join(map(chr, range(0xDC80, 0xDD00)))
"""What stands for bytes that the encoding does not have (PEP 383)."""


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row, the first being 1, as a spreadsheet shows them.

    The text is UTF-8, UTF-16 with its mark, or windows-1252. Raises UnreadableDocument for a file that is no
    text, cut off, or in two encodings at once, LimitExceeded for one over 200 MB.
    """
    encoding, foreign = _encoding(path)
    try:
        with _open(path) as binary:
            text = io.TextIOWrapper(binary, encoding, "surrogateescape", newline="")
            delimiter = _delimiter(text.readline(_CHUNK))
            text.seek(0)
            for number, cells in enumerate(_parsed(path, text, delimiter), 1):
                if foreign:
                    _check(path, number, cells)
                yield number, cells
    except UnicodeError as error:
        raise UnreadableDocument(
            f"the text is damaged: {error}", where=path.name, hint="save it as UTF-8"
        ) from error


def first_line(path: Path) -> list[str]:
    """The cells of the first line, as far as they can be told; empty for a file that is no text."""
    try:
        with _open(path) as file:
            line = file.readline(10_000)
        text = line.decode("utf-16" if line.startswith(_UTF16) else "utf-8-sig", "replace")
        return next(csv.reader([text], delimiter=_delimiter(text)), []) if "\0" not in text else []
    except (OSError, EOFError, zlib.error, csv.Error):
        return []


_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _encoding(path: Path) -> tuple[str, bool]:
    """The encoding of a file, and whether it holds bytes that need a look; reads all of it."""
    foreign = other = False
    first = b""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for chunk in _chunks(path):
        first = first or chunk
        if first.startswith(_UTF16):
            continue
        if b"\0" in chunk:
            kind = "an office document or archive" if first.startswith(b"PK") else "no text"
            raise UnreadableDocument(f"this is {kind}", where=path.name, hint="save the table as CSV")
        text = decoder.decode(chunk)
        if not text.isascii():
            beyond = set(text) - _ASCII
            foreign = foreign or not beyond.isdisjoint(_FOREIGN)
            other = other or not beyond.issubset(_FOREIGN)
    if first.startswith(_UTF16):
        return "utf-16", False
    foreign = foreign or bool(decoder.decode(b"", True))
    # Bytes that are no UTF-8 beside some that can be nothing else: two encodings, and _check finds where.
    return ("cp1252" if foreign and not other else "utf-8-sig"), foreign


_ASCII = frozenset(map(chr, range(128)))


def _chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, unpacked; raises before what is unpacked passes a limit."""
    limit = MAX_BYTES
    try:
        if path.suffix.lower() == ".gz":
            limit = min(limit, max(RATIO_COUNTS_FROM, MAX_RATIO * path.stat().st_size))
        size = 0
        with _open(path) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise LimitExceeded(
                        f"the table is over the limit of {limit:,} bytes",
                        where=path.name,
                        hint="split it, or look what it is",
                    )
                yield chunk
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableDocument(
            f"the packed file is damaged or cut off: {error}", where=path.name, hint=_AGAIN
        ) from error
    except OSError as error:
        raise Unavailable(
            f"the file cannot be read: {error.strerror}", where=str(path), hint="check its rights"
        ) from error


def _delimiter(line: str) -> str:
    """What separates the cells of a header: spreadsheets of some countries write ";" or tabs."""
    return max(",;\t", key=line.count)


def _parsed(path: Path, text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UnreadableDocument(
                f"the row is no row of a CSV table: {error}",
                where=f"{path.name}, row {row}",
                hint="the file may be cut off, or a quote in a cell is not doubled",
            ) from error
        if cells is None:
            return
        yield cells


def _check(path: Path, row: int, cells: list[str]) -> None:
    for column, cell in enumerate(cells, 1):
        if not cell.isascii() and any(c in _FOREIGN for c in cell):
            raise UnreadableDocument(
                "there are bytes of another encoding than in the rest of the file",
                where=f"{path.name}, row {row}, column {column}",
                hint="save the table as CSV in UTF-8",
            )
