"""A row of a table that people fill in, read cell by cell; each fault names row, column and what to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar, NoReturn

from sdograph.errors import DataError
from sdograph.sources.dates import is_date


class CellRow(ABC):
    """One row. ``locator`` is its place as a spreadsheet shows it."""

    fault_class: ClassVar[type[DataError]]

    def __init__(self, table: str, number: int, cells: Mapping[str, str]) -> None:
        self._table = table
        self._cells = cells
        self.locator = f"row {number}"

    def fault(self, column: str, message: str, hint: str) -> NoReturn:
        raise self.fault_class(message, where=f"{self._table} {self.locator}, column {column}", hint=hint)

    @abstractmethod
    def optional(self, column: str) -> str | None:
        """The words of a cell; None where there are none."""

    def text(self, column: str) -> str:
        found = self.optional(column)
        if found is None:
            self.fault(column, "the cell is empty", "every row needs this value")
        return found

    def several(self, column: str) -> tuple[str, ...]:
        """The parts of a cell that are separated by semicolons."""
        return tuple(p for p in map(str.strip, (self.optional(column) or "").split(";")) if p)

    def one_of(self, column: str, allowed: Iterable[str]) -> str:
        found = self.text(column)
        if found not in allowed:
            self.fault(column, f"{found!r} is not known here", f"one of: {', '.join(allowed)}")
        return found

    def date(self, column: str) -> str | None:
        """A date of day, month or year precision."""
        found = self.optional(column)
        if found is not None and not is_date(found):
            self.fault(
                column, f"{found!r} is no date", "write 2023-12-04, 2023-12 or 2023; words go to a note"
            )
        return found
