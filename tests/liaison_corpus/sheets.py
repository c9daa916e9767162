"""A document before it becomes a file: what stands on it in reading order, not how it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .truth import Truth


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value lines; ``aside`` is a cell without a label to the right of them."""

    label: str
    values: tuple[str, ...]
    aside: str | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    """The head of a form, or a part of it."""

    rows: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that stands alone: "LIAISON STATEMENT", a letterhead, a salutation. Tabs part its columns."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section; ``number`` may be empty."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text, long enough to be wrapped."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list with bullets."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in the body: meetings, for instance. The first row may be a heading."""

    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Fields | Line | Heading | Paragraph | Bullets | Grid


@dataclass(slots=True)
class Sheet:
    """One document. ``header`` and ``footer`` are what is printed on every page."""

    header: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    subject: str = ""
    """Of the mail that carries it."""

    def add(self, *blocks: Block) -> None:
        self.blocks.extend(blocks)

    def head(self, rows: Sequence[Field]) -> None:
        self.blocks.append(Fields(tuple(rows)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document of a house, its truth, and the carriers in which that house sends it."""

    sheet: Sheet
    truth: Truth
    carriers: tuple[str, ...]
    stem: str = "liaison"
    """File name without suffix."""


def values(label: str, *lines: str, aside: str | None = None) -> Field:
    """A field from its lines."""
    return Field(label, lines, aside)
