"""Tables of facts that people gather: what no machine-readable source has, a row a fact.

CSV, one kind of table for each kind of fact, told by its header; :func:`template` writes an empty one. Every
row names its source and says how sure it is. Reading is strict: of a table with a fault nothing is read, and
the first fault is named with its row and column. Lines that begin with ``#`` are comments.

- :mod:`.columns`: the tables, their columns and what stands in them
- :mod:`.rows`: a CSV file, row by row and cell by cell
- :mod:`.sources`, :mod:`.values`: what people write into cells
- :mod:`.known`: which body or group an id or a name stands for
- :mod:`.documents`: kinds of items and numbers of documents
- :mod:`.organisations`, :mod:`.items`, :mod:`.relations`, :mod:`.statements`: rows -> records
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sdograph.errors import UnknownFormat
from sdograph.linking import Registry
from sdograph.model import Record
from sdograph.sources.fact_tables import items, organisations, relations, statements
from sdograph.sources.fact_tables.columns import TABLES, Table, check_header, table_of, template
from sdograph.sources.fact_tables.known import Known, Organization, bundled_organizations
from sdograph.sources.fact_tables.rows import FactTableFault, Row, first_cells, read_rows, rows_of

__all__ = ["TABLES", "FactTableFault", "Table", "read", "recognise", "template"]

_READERS: dict[str, Callable[[Sequence[Row], Known], Iterator[Record]]] = {
    "bodies": organisations.bodies,
    "groups": organisations.groups,
    "work_items": items.work_items,
    "liaison_statements": statements.statements,
    "meetings": organisations.meetings,
    "formal_relations": organisations.relationships,
    "work_item_liaisons": relations.partners,
    "stated_relations": relations.relations,
}
#: Tables beside a file whose organisations it may name by id.
_ORGANIZATIONS = ("bodies", "groups")


def recognise(path: Path) -> bool:
    """Whether a file is a table of facts, be a column or two amiss."""
    return table_of(first_cells(path)) is not None


def read(path: Path, registry: Registry | None = None) -> Iterator[Record]:
    """The records of one table, in its order.

    Ids of bodies and groups may be those of ``registry`` (the bundled one by default), of the table itself
    and of a ``bodies.csv`` and ``groups.csv`` of this kind beside it. Raises UnknownFormat for another kind
    of file, FactTableFault for a fault in the header or a cell, and what opening a text table raises.
    """
    table, rows = _open(path)
    known = Known(bundled_organizations() if registry is None else registry)
    for name in _ORGANIZATIONS:
        beside = path.with_name(f"{name}.csv")
        if name != table.name and beside != path and recognise(beside):
            known = known.beside(_organizations(beside, known))
    return iter(list(_READERS[table.name](rows, known)))


def _open(path: Path) -> tuple[Table, list[Row]]:
    found = list(read_rows(path))
    number, header = found[0] if found else (1, [])
    header = [name.strip() for name in header]
    while header and not header[-1]:
        header.pop()  # what a spreadsheet adds to rows that are shorter than a comment
    table = table_of(header)
    if table is None:
        raise UnknownFormat(
            "the first row is the header of no table of facts",
            where=f"{path.name} row {number}",
            hint=f"tables are {', '.join(TABLES)}; `sdograph template NAME` writes an empty one",
        )
    check_header(path.name, number, header, table)
    rows = rows_of(path.name, header, found[1:])
    if not rows:
        raise FactTableFault(
            "the table has no rows", where=f"{path.name} row {number}", hint="write one below the header"
        )
    return table, rows


def _organizations(path: Path, known: Known) -> list[Organization]:
    """The bodies and groups of a table beside the one that is read. Raises what reading it would."""
    table, rows = _open(path)
    made = _READERS[table.name](rows, known) if table.name in _ORGANIZATIONS else ()
    return [r for r in made if isinstance(r, Organization)]
