"""What a layout of liaison statements is: how to tell it, what it needs, and what it says without labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdograph.sources.liaison.labels import ESSENTIAL
from sdograph.sources.liaison.sheet import Sheet


def _nothing(sheet: Sheet) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One body's way of laying out liaison statements.

    ``signs`` says how many signs of the layout a sheet bears; the layout with the most reads it. ``complete``
    adds to the sheet what the layout says by place and wording, where it has no label for it. ``needs`` names
    the fields without which a statement in this layout is refused. ``body``: id of the body whose groups
    alone use it; names in it stand for groups of that body unless they say otherwise.
    """

    name: str
    signs: Callable[[Sheet], int]
    complete: Callable[[Sheet], None] = _nothing
    needs: frozenset[str] = frozenset(ESSENTIAL)
    body: str | None = None
