"""GraphML (http://graphml.graphdrawing.org), for yEd, igraph, networkx and many others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sdograph.export.columns import XML, Columns, Edges, Nodes, Part, numbers, parts_of, woven
from sdograph.export.values import Network, chunked, escape

_TYPES = {"integer": "int", "list": "string"}


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a GraphML document, in chunks. Lists become text."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    nodes = Nodes(graph, XML)
    edges = Edges(graph, nodes)
    of_nodes, of_edges = Columns(nodes.rows, XML), Columns(edges.rows, XML)
    of_edges.fill("kind", lambda: edges.keys)
    node_names = of_nodes.checked(reserved={"id"})
    edge_names = of_edges.checked(reserved={"id", "source", "target", "key"})
    directed = "directed" if graph.graph.get("directed", True) else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield from _declared("node", "n", of_nodes, node_names)
    yield from _declared("edge", "e", of_edges, edge_names)
    yield f'<graph edgedefault="{directed}">\n'
    for rows in parts_of(len(nodes.names)):
        heads: list[Part] = ['<node id="', nodes.written[rows], '">']
        yield woven(rows, [*heads, *_data("n", of_nodes, node_names, rows), "</node>\n"])
    for rows in parts_of(len(edges.rows)):
        sources, targets = edges.sources[rows], edges.targets[rows]
        heads = ['<edge id="e', numbers(rows), '" source="', sources, '" target="', targets, '">']
        yield woven(rows, [*heads, *_data("e", of_edges, edge_names, rows), "</edge>\n"])
    yield "</graph>\n</graphml>\n"


def _declared(owner: str, prefix: str, columns: Columns, names: Sequence[str]) -> Iterator[str]:
    for n, name in enumerate(names):
        kind = columns.kinds[name]
        yield f'<key id="{prefix}{n}" for="{owner}" attr.name="{escape(name)}" '
        yield f'attr.type="{_TYPES.get(kind, kind)}"/>\n'


def _data(prefix: str, columns: Columns, names: Sequence[str], rows: slice) -> Iterator[Part]:
    for n, name in enumerate(names):
        yield from columns.written(name, rows, f'<data key="{prefix}{n}">', "</data>")
