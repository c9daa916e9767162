"""CSV (RFC 4180) tables of edges and of nodes, with the column names that Gephi's import knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from sdograph.export.columns import TEXT, Columns, Edges, Nodes, parts_of, side_by_side
from sdograph.export.values import Network, chunked


def write_edges(graph: Network) -> Iterator[bytes]:
    """A row an edge: Source, Target, Type (Directed, Undirected), Kind, Weight, the rest; lists as text."""
    return chunked(_edge_lines(graph))


def write_nodes(graph: Network) -> Iterator[bytes]:
    """A row a node: Id, Label, then its other attributes; lists as text."""
    return chunked(_node_lines(graph))


def _edge_lines(graph: Network) -> Iterator[str]:
    edges = Edges(graph, Nodes(graph, TEXT))
    columns = Columns(edges.rows, TEXT)
    columns.check_weights()
    columns.fill("kind", lambda: edges.keys)
    names = columns.checked(reserved={"id", "source", "target", "key"})
    others = [name for name in names if name not in ("kind", "weight")]
    way = "Directed" if graph.graph.get("directed", True) else "Undirected"
    yield _lines([["Source", "Target", "Type", "Kind", "Weight", *others]])
    for rows in parts_of(len(edges.rows)):
        cells = [_cells(columns, name, rows) for name in ("kind", "weight", *others)]
        ways = [way] * (rows.stop - rows.start)
        yield _lines(zip(edges.sources[rows], edges.targets[rows], ways, *cells, strict=True))


def _node_lines(graph: Network) -> Iterator[str]:
    nodes = Nodes(graph, TEXT)
    columns = Columns(nodes.rows, TEXT)
    columns.fill("label", lambda: nodes.ids)
    others = [name for name in columns.checked(reserved={"id"}) if name != "label"]
    yield _lines([["Id", "Label", *others]])
    for rows in parts_of(len(nodes.rows)):
        cells = [_cells(columns, name, rows) for name in ("label", *others)]
        yield _lines(zip(nodes.ids[rows], *cells, strict=True))


def _cells(columns: Columns, name: str, rows: slice) -> Sequence[str]:
    """What stands in a column of the table."""
    return side_by_side(rows, columns.written(name, rows) or [""])


def _lines(rows: Iterable[Iterable[str]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
