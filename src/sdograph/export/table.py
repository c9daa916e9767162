"""CSV (RFC 4180) tables of edges and of nodes, with the column names that Gephi's import knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from sdograph.export.values import Network, chunked, columns, edges, node_ids, plain, text, values, weight


def write_edges(graph: Network) -> Iterator[bytes]:
    """A row an edge: Source, Target, Type (Directed, Undirected), Kind, Weight, the rest; lists as text."""
    types = columns((data for *_, data in graph.edges(data=True)), reserved={"id", "source", "target", "key"})
    for name in ("kind", "weight"):
        types.pop(name, None)
    return chunked(_lines(_edge_rows(graph, types)))


def write_nodes(graph: Network) -> Iterator[bytes]:
    """A row a node: Id, Label, then its other attributes; lists as text."""
    types = columns((data for _, data in graph.nodes(data=True)), reserved={"id"})
    types.pop("label", None)
    return chunked(_lines(_node_rows(graph, types)))


def _edge_rows(graph: Network, types: dict[str, str]) -> Iterator[list[str]]:
    ids = node_ids(graph)
    way = "Directed" if graph.graph.get("directed", True) else "Undirected"
    yield ["Source", "Target", "Type", "Kind", "Weight", *types]
    for source, target, kind, data in edges(graph):
        heavy = weight(data)
        row = {name: text(value) for name, value in values(data, types)}
        yield [
            ids[source], ids[target], way, kind, "" if heavy is None else text(heavy),
            *(row.get(name, "") for name in types),
        ]  # fmt: skip


def _node_rows(graph: Network, types: dict[str, str]) -> Iterator[list[str]]:
    ids = node_ids(graph)
    yield ["Id", "Label", *types]
    for node, data in graph.nodes(data=True):
        label = plain(data.get("label"))
        row = {name: text(value) for name, value in values(data, types)}
        yield [ids[node], ids[node] if label is None else text(label), *(row.get(name, "") for name in types)]


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
