"""Tables in workbooks and text files: rows whose cells are known by the names in the header.

What other table readers build on. A reader says which columns it reads and by which names they go; a row
then has those and no others, so that what must not be read (names of persons) never is.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NoReturn

from sdograph.errors import (
    DataError,
    IncompleteDocument,
    LimitExceeded,
    Unavailable,
    UnknownFormat,
    UnreadableDocument,
    UsageError,
)
from sdograph.sources import delimited, sheets
from sdograph.sources.sheets import Value

__all__ = ["Column", "Row", "TableFault", "Value", "check_counts", "fits", "rows"]

MAX_BYTES = 50_000_000
SUFFIXES = (".xlsx", ".csv", ".tsv", ".csv.gz", ".tsv.gz")

#: Above the header there may be a title, a date, a line of notes.
_HEADER_WITHIN = 10


class TableFault(DataError):
    """A table is not as its kind should be: a sheet or column is missing, a cell has what cannot be."""

    code = "table"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the names it goes by in different years. Case, spaces and punctuation do not matter."""

    names: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is the one a spreadsheet shows, ``values`` go by the reader's column names."""

    file: str
    sheet: str | None
    number: int
    values: Mapping[str, Value]

    @property
    def locator(self) -> str:
        """Where a person finds it: ``sheet Work_plan_3gpp, row 4001``."""
        return f"sheet {self.sheet}, row {self.number}" if self.sheet else f"row {self.number}"

    def text(self, column: str) -> str:
        """The cell as text, with the spaces around it; empty for a column that the table does not have.

        Whole numbers have no decimal point, days are written in ISO 8601.
        """
        return _text(self.values.get(column, ""))

    def fault(self, column: str, message: str, hint: str) -> NoReturn:
        """Raises a TableFault that names file, sheet, row and column."""
        raise TableFault(message, where=f"{self.file}, {self.locator}, column {column}", hint=hint)


def rows(
    path: Path, columns: Mapping[str, Column] | None = None, *, sheet: str | None = None
) -> Iterator[Row]:
    """The rows below the header of a table that are not empty.

    ``columns`` says by the reader's names which columns are read; without it all are, by their names in the
    header, which is then the first row that is not empty. ``sheet`` names the sheet of a workbook; without
    it, it is the first one that has the columns.

    Raises UnknownFormat for other file kinds, TableFault for a sheet or column that is not there or a row
    with another number of cells than the header, UnreadableDocument and LimitExceeded for damaged and
    hostile files, UsageError when there is no such file, Unavailable when it may not be opened.
    """
    tables = _tables(path)
    if sheet is not None:
        named = [table for table in tables if table.sheet == sheet]
        if not named:
            raise TableFault(f"there is no sheet {sheet!r}", where=path.name, hint=_sheets_there(tables))
        tables = named
    best: _Header | None = None
    for table in tables:
        header = table.header(columns)
        if header is not None and not header.missing:
            yield from header.rows()
            return
        if header is not None and (best is None or len(header.missing) < len(best.missing)):
            best = header
    if best is None:
        raise UnreadableDocument("the table is empty", where=path.name, hint="get the document again")
    best.complain(tables)


def fits(path: Path, columns: Mapping[str, Column], *, but: int = 2) -> bool:
    """Whether a file is a table of these columns, be up to ``but`` of those required amiss.

    Raises what :func:`rows` raises for an .xlsx file that is damaged, since nothing else reads those; any
    other file that cannot be read is no such table.
    """
    wanted = [column for column in columns.values() if column.required]
    for names in _headers(path):
        folded = {_fold(name) for name in names}
        found = sum(any(_fold(n) in folded for n in column.names) for column in wanted)
        if found >= max(len(wanted) - but, 1):
            return True
    return False


def check_counts(found: Mapping[str, int], promised: Mapping[str, range], where: str) -> None:
    """Raises IncompleteDocument when there are fewer or more things than a whole document can have."""
    for name, bounds in promised.items():
        if found.get(name, 0) not in bounds:
            raise IncompleteDocument(
                f"{found.get(name, 0):,} {name}, where {bounds.start:,} to {bounds.stop - 1:,} are expected",
                where=where,
                hint="the file may be cut off or filtered: get it again",
            )


# --- tables


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a table, with the rows that follow it."""

    table: _Table
    number: int
    names: list[str]
    places: Mapping[str, int]
    """Index of the cell by the reader's name of its column."""
    missing: list[Column]
    rest: Iterator[tuple[int, Sequence[Value]]]

    def rows(self) -> Iterator[Row]:
        table, width = self.table, len(self.names)
        for number, cells in self.rest:
            if not any(cell != "" and str(cell).strip() for cell in cells):
                continue
            # A workbook's rows are as wide as its widest; a text file's row says itself how wide it is.
            if table.sheet is None and len(cells) != width:
                raise TableFault(
                    f"the row has {len(cells)} cells, the header has {width}",
                    where=f"{table.file}, row {number}",
                    hint="the file may be cut off, or a value that holds a comma has no quotes",
                )
            values = {name: cells[at] for name, at in self.places.items() if at < len(cells)}
            yield Row(table.file, table.sheet, number, values)

    def complain(self, tables: Sequence[_Table]) -> NoReturn:
        name = self.missing[0].names[0]
        there = {_fold(n): n for n in self.names if n}
        near = difflib.get_close_matches(_fold(name), there, n=3)
        hint = f"near it: {', '.join(there[n] for n in near)}" if near else ""
        hint = hint or f"the columns there are {', '.join(there.values())}"[:500]
        if len(tables) > 1:
            hint += f"; {_sheets_there(tables)}"
        others = f", and {len(self.missing) - 1} more" if len(self.missing) > 1 else ""
        raise TableFault(
            f"the column {name!r} is missing{others}",
            where=f"{self.table.file}, {self.table.place}row {self.number}",
            hint=hint,
        )


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet, or a text file."""

    file: str
    source: sheets.Sheet | Path

    @property
    def sheet(self) -> str | None:
        return None if isinstance(self.source, Path) else self.source.name

    @property
    def place(self) -> str:
        return f"sheet {self.sheet}, " if self.sheet else ""

    def _rows(self) -> Iterator[tuple[int, Sequence[Value]]]:
        return delimited.rows(self.source) if isinstance(self.source, Path) else self.source.rows()

    def header(self, columns: Mapping[str, Column] | None) -> _Header | None:
        """The first row that has the columns, or of those at the top the one that lacks fewest."""
        found = self._rows()
        best: _Header | None = None
        filled = ((n, cells) for n, cells in found if any(str(cell).strip() for cell in cells))
        for number, cells in islice(filled, _HEADER_WITHIN):
            names = [" ".join(_text(cell).split()) for cell in cells]
            header = self._located(number, names, columns, found)
            if not header.missing:
                return header
            if best is None or len(header.missing) < len(best.missing):
                best = header
        return best

    def _located(
        self,
        number: int,
        names: list[str],
        columns: Mapping[str, Column] | None,
        rest: Iterator[tuple[int, Sequence[Value]]],
    ) -> _Header:
        if columns is None:
            columns = {name: Column((name,)) for name in names if name}
        folded = [_fold(name) for name in names]
        places, missing = {}, []
        for key, column in columns.items():
            found = [at for at, name in enumerate(folded) if name and name in map(_fold, column.names)]
            if len(found) > 1:
                raise TableFault(
                    f"the column {names[found[1]]!r} is there twice",
                    where=f"{self.file}, {self.place}row {number}",
                    hint="take one out",
                )
            if found:
                places[key] = found[0]
            elif column.required:
                missing.append(column)
        return _Header(self, number, names, places, missing, rest)


def _tables(path: Path) -> list[_Table]:
    if not path.is_file():
        raise UsageError("there is no such file", where=str(path), hint="name a file")
    if not path.name.lower().endswith(SUFFIXES):
        raise UnknownFormat(
            f"tables of kind {path.suffix or 'no extension'} cannot be read",
            where=path.name,
            hint=f"save it as one of {', '.join(SUFFIXES)}",
        )
    if path.suffix.lower() != ".xlsx":
        return [_Table(path.name, path)]
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LimitExceeded(
                f"the workbook is over the limit of {MAX_BYTES:,} bytes",
                where=path.name,
                hint="save the sheet that is wanted alone",
            )
        data = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"the file cannot be opened: {error.strerror}", where=str(path), hint="check its rights"
        ) from error
    return [_Table(path.name, sheet) for sheet in sheets.sheets(data, path.name)]


def _headers(path: Path) -> Iterable[Sequence[str]]:
    """The names in the first row of each table of a file; empty for files of another kind."""
    if not path.is_file() or not path.name.lower().endswith(SUFFIXES):
        return []
    if path.suffix.lower() != ".xlsx":
        return [delimited.first_line(path)]
    state = path.stat()
    return _workbook_headers(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _workbook_headers(path: Path, _size: int, _changed: int) -> tuple[tuple[str, ...], ...]:
    """Several readers ask the same file in turn whether it is theirs, and each look costs a full count."""
    headers = (table.header(None) for table in _tables(path))
    return tuple(tuple(header.names) for header in headers if header is not None)


def _sheets_there(tables: Sequence[_Table]) -> str:
    return (
        f"its sheets are {', '.join(repr(table.sheet) for table in tables)}" if tables else "it has no sheets"
    )


def _fold(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _text(value: Value) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date) else str(value)
