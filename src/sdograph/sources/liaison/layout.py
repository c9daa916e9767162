"""What a layout of liaison statements is: its spellings, how to tell it, how to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sdograph.model import LiaisonStatement
from sdograph.sources.liaison import labels
from sdograph.sources.liaison.labels import Spellings
from sdograph.sources.liaison.sheet import Reader, Sheet
from sdograph.sources.text import TextDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One body's way of laying out liaison statements.

    ``signs`` says how many signs of the layout a sheet bears; the layout with the most reads it.
    ``interpret(sheet, contacts)`` makes the record.
    """

    name: str
    signs: Callable[[Sheet], int]
    interpret: Callable[[Sheet, bool], LiaisonStatement]
    labels: Spellings = field(default_factory=lambda: labels.LABELS)
    sections: Spellings = field(default_factory=lambda: labels.SECTIONS)

    def sheet(self, document: TextDocument) -> Sheet:
        return Reader(self.labels, self.sections).read(document)
