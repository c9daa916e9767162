"""A CSV file as rows that are read cell by cell, each fault with its row, its column and what to do."""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sdograph.errors import DataError, LimitExceeded, UnknownFormat
from sdograph.model import Evidence
from sdograph.sources import delimited
from sdograph.sources.cells import CellRow
from sdograph.sources.fact_tables.sources import read_source
from sdograph.sources.plain import clean
from sdograph.sources.registry import CONFIDENCE

SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
#: What a person gathers by hand is far smaller.
MAX_CHARACTERS = 50_000_000
#: A row further right than any table here reaches is no row of a table.
MAX_CELLS = 1_000

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 20_000


class FactTableFault(DataError):
    """A table of facts is not as it should be."""

    code = "fact-table"


class Row(CellRow):
    """One row of a table. ``locator`` is its place as a spreadsheet shows it, and its place in its source."""

    fault_class = FactTableFault

    def __init__(self, table: str, number: int, cells: Mapping[str, str]) -> None:
        super().__init__(table, number, cells)
        if place := self.optional("source_locator"):
            self.locator += f"; {place} of its source"

    def optional(self, column: str) -> str | None:
        """The words of a cell, without characters that cannot be seen; None where there are none.

        A column that is not there counts as empty.
        """
        return " ".join(clean(self._cells.get(column, "").replace("\n", " ")).split()) or None

    @property
    def confidence(self) -> float:
        return CONFIDENCE[self.one_of("confidence", CONFIDENCE)]

    def evidence(
        self, field: str, text: str, *, confidence: float | None = None, rule: str = "stated"
    ) -> Evidence:
        """That the row says so: with its confidence, or with a lower one."""
        return Evidence(
            field=field,
            text=text,
            locator=self.locator,
            confidence=self.confidence if confidence is None else min(confidence, self.confidence),
            rule=rule,
            source=read_source(self.text("source_url_or_repo")).addresses,
        )

    def whole(self, text: str) -> tuple[Evidence, ...]:
        """Evidence of the row as a whole: what it is about, and what it says of its source.

        ``text`` is how the row names what it is about.
        """
        cell, day = self.text("source_url_or_repo"), self.date("source_date")
        said = [self.evidence("source", cell)] if read_source(cell).remark else []
        dated = [self.evidence("source_date", day)] if day else []
        return (self.evidence("record", text), *said, *dated)


def first_cells(path: Path) -> list[str]:
    """The cells of the first row that is no comment; [] for another kind of file, or where there is none."""
    if not path.name.lower().endswith(SUFFIXES):
        return []
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return []
    text = head.decode("utf-16" if head.startswith(_UTF16) else "utf-8-sig", "replace").replace("\0", "")
    line = next((li for li in text.splitlines() if li.strip() and not _is_comment(li)), "")
    delimiter = max(",;\t", key=line.count)
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def read_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with their numbers, without empty ones and comments (``#`` at the beginning).

    Commas, semicolons or tabs separate cells; the text is UTF-8, UTF-16 or windows-1252. Raises
    UnreadableDocument for what is no such file, UnknownFormat for another kind of file, LimitExceeded for
    more than 50 million characters.
    """
    if not path.name.lower().endswith(SUFFIXES):
        raise UnknownFormat(
            "this is no table in a text file",
            where=path.name,
            hint=f"save it as one of {', '.join(SUFFIXES)}",
        )
    size = 0
    for number, cells in delimited.rows(path):
        size += sum(map(len, cells))
        if size > MAX_CHARACTERS or len(cells) > MAX_CELLS:
            raise LimitExceeded(
                f"the table is over the limit of {MAX_CHARACTERS:,} characters, {MAX_CELLS:,} a row",
                where=f"{path.name} row {number}",
                hint="split it, or look what it is",
            )
        if any(map(str.strip, cells)) and not _is_comment(cells[0]):
            yield number, cells


def _is_comment(text: str) -> bool:
    return text.lstrip('\ufeff "').startswith("#")


def rows_of(name: str, header: Sequence[str], rows: Iterable[tuple[int, list[str]]]) -> list[Row]:
    """Rows under a header. Raises FactTableFault for a row that is longer than the header."""
    made = []
    for number, cells in rows:
        if any(map(str.strip, cells[len(header) :])):
            raise FactTableFault(
                f"the row has {len(cells)} cells, the header has {len(header)}",
                where=f"{name} row {number}",
                hint="a value that holds the separator stands in double quotes",
            )
        made.append(Row(name, number, dict(zip(header, cells, strict=False))))
    return made
