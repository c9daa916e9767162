"""A liaison statement as it was read, as a table for a terminal."""

from __future__ import annotations

from rich.table import Table

from sdograph.fields import rows
from sdograph.model import LiaisonStatement


def table(statement: LiaisonStatement) -> Table:
    """The fields of a statement, each beside the document's own words."""
    made = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    made.add_column("field", no_wrap=True)
    made.add_column("read as", overflow="fold", ratio=3)
    made.add_column("the document says", overflow="fold", ratio=4)
    made.add_column("where", overflow="fold", ratio=2)
    made.add_column("sure", justify="right", no_wrap=True)
    made.add_column("because", overflow="fold", ratio=2)
    before = ""
    for row in rows(statement):
        shown = "" if row.field == before else row.field.replace("_", " ")
        before = row.field
        made.add_row(shown, row.read, row.words, row.locator, f"{row.confidence:.2f}", row.rule)
    return made
