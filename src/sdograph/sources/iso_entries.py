"""Lines of JSON objects, as ISO Open Data publishes them, read field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import orjson

from sdograph.errors import DataError, LimitExceeded, Unavailable, UnreadableDocument
from sdograph.sources.dates import is_date
from sdograph.sources.plain import clean

MAX_BYTES = 500_000_000
MAX_LINE = 5_000_000


class OpenDataFault(DataError):
    """A line is not what its kind of file has."""

    code = "iso-open-data"


@dataclass(frozen=True, slots=True)
class Entry:
    """One JSON object, read field by field; each fault names line and field."""

    table: str
    locator: str
    fields: Mapping[str, object]

    def fault(self, field: str, message: str, hint: str) -> NoReturn:
        raise OpenDataFault(message, where=f"{self.table}, {self.locator}, {field}", hint=hint)

    def has(self, field: str) -> bool:
        return self.fields.get(field) is not None

    def optional(self, field: str) -> str | None:
        found = self.fields.get(field)
        if found is None:
            return None
        if not isinstance(found, str):
            self.fault(field, "this is no text", "ISO Open Data has text here")
        return " ".join(clean(found).split()) or None

    def text(self, field: str) -> str:
        found = self.optional(field)
        if found is None:
            self.fault(field, "this is missing", "every entry of ISO Open Data has it")
        return found

    def whole(self, field: str) -> int:
        return self._whole(field, self.fields.get(field))

    def wholes(self, field: str) -> list[int]:
        return [self._whole(field, found) for found in self._list(field)]

    def _whole(self, field: str, found: object) -> int:
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 10**10:
            self.fault(field, "this is no whole number", "ISO Open Data has a number here")
        return found

    def date(self, field: str) -> str | None:
        found = self.optional(field)
        if found is not None and not is_date(found):
            self.fault(field, f"{found!r} is no date", "dates are written 2017-11-21")
        return found

    def inner(self, field: str) -> Entry:
        found = self.fields.get(field)
        if found is not None and not isinstance(found, dict):
            self.fault(field, "this is no object", "ISO Open Data has one here")
        return Entry(self.table, f"{self.locator}, {field}", found or {})

    def entries(self, field: str) -> Iterator[Entry]:
        for n, found in enumerate(self._list(field), 1):
            if not isinstance(found, dict):
                self.fault(field, "this is no list of objects", "ISO Open Data has one here")
            yield Entry(self.table, f"{self.locator}, {field} {n}", found)

    def _list(self, field: str) -> list[object]:
        found = self.fields.get(field)
        if found is not None and not isinstance(found, list):
            self.fault(field, "this is no list", "ISO Open Data has one here")
        return found or []


def entries_of(path: Path) -> Iterator[Entry]:
    """The objects of a file, one a line.

    Raises UnreadableDocument for a line that is none, LimitExceeded over 500 MB or 5 MB a line, Unavailable
    when the file cannot be read.
    """
    number = size = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_LINE + 1):
                number += 1
                size += len(line)
                if len(line) > MAX_LINE or size > MAX_BYTES:
                    raise LimitExceeded(
                        f"the line is over {MAX_LINE:,} bytes, or the file over {MAX_BYTES:,}",
                        where=f"{path.name}, line {number}",
                        hint="these files have one JSON object a line",
                    )
                if line.strip():
                    yield _entry(path.name, number, line)
    except OSError as error:
        raise Unavailable(
            f"the file cannot be read: {error.strerror}", where=str(path), hint="check its rights"
        ) from error


def _entry(name: str, number: int, line: bytes) -> Entry:
    try:
        found = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableDocument(
            f"the line is no JSON: {error}",
            where=f"{name}, line {number}",
            hint="the file may be cut off: get it again",
        ) from error
    if not isinstance(found, dict):
        raise UnreadableDocument(
            "the line is no JSON object", where=f"{name}, line {number}", hint="get the file again"
        )
    return Entry(name, f"line {number}", found)


def first_keys(path: Path) -> frozenset[str]:
    """The names in the first object; none for another kind of file."""
    if path.suffix.lower() not in (".json", ".jsonl", ".ndjson"):
        return frozenset()
    try:
        return frozenset(next(entries_of(path)).fields)
    except (DataError, StopIteration):
        return frozenset()
