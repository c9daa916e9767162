"""JSON: node-link data, as networkx and d3 read it, and elements, as Cytoscape and cytoscape.js do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import orjson

from sdograph.export.columns import JSON, Columns, Edges, Nodes, Part, numbers, parts_of, woven
from sdograph.export.layout import positions
from sdograph.export.values import Network, chunked, plain


def write_node_link(graph: Network) -> Iterator[bytes]:
    """``{"directed", "multigraph", "graph", "nodes": [{"id"}], "edges": [{"source", "target", "key"}]}``."""
    return chunked(_node_link(graph))


def write_cytoscape(graph: Network) -> Iterator[bytes]:
    """``{"elements": {"nodes": [{"data", "position"}], "edges": [{"data"}]}}``."""
    return chunked(_cytoscape(graph))


class _Told:
    """A network by its columns, as it stands in JSON."""

    def __init__(self, graph: Network) -> None:
        self.nodes = Nodes(graph, JSON)
        self.edges = Edges(graph, self.nodes)
        self.of_nodes, self.of_edges = Columns(self.nodes.rows, JSON), Columns(self.edges.rows, JSON)
        self.of_edges.fill("kind", lambda: self.edges.keys)
        self.of_nodes.checked(reserved={"id"})
        self.of_edges.checked(reserved={"id", "source", "target", "key"})


def _node_link(graph: Network) -> Iterator[str]:
    told = _Told(graph)
    told.of_edges.put("key", told.edges.keys)
    directed = _json(bool(graph.graph.get("directed", True)))

    def node(rows: slice) -> Iterator[Part]:
        yield from ('{"id":"', told.nodes.written[rows], '"')
        yield from (*_members(told.of_nodes, rows), "}")

    def edge(rows: slice) -> Iterator[Part]:
        sources, targets = told.edges.sources[rows], told.edges.targets[rows]
        yield from ('{"source":"', sources, '","target":"', targets, '"')
        yield from (*_members(told.of_edges, rows), "}")

    yield f'{{"directed":{directed},"multigraph":true,"graph":{_json(_about(graph))},"nodes":['
    yield from _items(len(told.nodes.rows), node)
    yield '],"edges":['
    yield from _items(len(told.edges.rows), edge)
    yield "]}\n"


def _cytoscape(graph: Network) -> Iterator[str]:
    told = _Told(graph)
    told.of_nodes.fill("name", lambda: told.nodes.ids)
    told.of_edges.fill("interaction", lambda: told.of_edges.values.get("kind", []))
    xs, ys = positions(graph)

    def node(rows: slice) -> Iterator[Part]:
        yield from ('{"data":{"id":"', told.nodes.written[rows], '"')
        yield from (*_members(told.of_nodes, rows), '},"position":{"x":', list(map(repr, xs[rows])))
        yield from (',"y":', list(map(repr, ys[rows])), "}}")

    def edge(rows: slice) -> Iterator[Part]:
        sources, targets = told.edges.sources[rows], told.edges.targets[rows]
        yield from ('{"data":{"id":"e', numbers(rows), '","source":"', sources, '","target":"', targets, '"')
        yield from (*_members(told.of_edges, rows), "}}")

    about = _json(_about(graph))
    yield f'{{"format_version":"1.0","generated_by":"sdograph","data":{about},"elements":{{"nodes":['
    yield from _items(len(told.nodes.rows), node)
    yield '],"edges":['
    yield from _items(len(told.edges.rows), edge)
    yield "]}}\n"


def _members(columns: Columns, rows: slice) -> Iterator[Part]:
    for name in columns.kinds:
        yield from columns.written(name, rows, f",{_json(name)}:")


def _items(count: int, parts: Callable[[slice], Iterable[Part]]) -> Iterator[str]:
    """Members of an array, a line each."""
    for rows in parts_of(count):
        written = woven(rows, [",\n", *parts(rows)])
        yield written if rows.start else written[1:]


def _about(graph: Network) -> dict[str, object]:
    return {
        name: dict(value) if isinstance(value, Mapping) else plain(value)
        for name, value in graph.graph.items()
    }


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
