"""GraphML (http://graphml.graphdrawing.org), for yEd, igraph, networkx and many others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from sdograph.export.columns import Row, Types, edges_of, fragments, nodes_of, side_by_side, with_kinds
from sdograph.export.values import Network, chunked, escape, node_ids

_TYPES = {"integer": "int", "list": "string"}


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a GraphML document, in chunks. Lists become text."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    of_nodes, of_edges = Types(), Types()
    for _, rows in nodes_of(graph):
        of_nodes.look_at(rows)
    for edges in edges_of(graph):
        of_edges.look_at(with_kinds(edges))
    node_types = of_nodes.checked(reserved={"id"})
    edge_types = of_edges.checked(reserved={"id", "source", "target", "key"})
    directed = "directed" if graph.graph.get("directed", True) else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield from _declared("node", "n", node_types)
    yield from _declared("edge", "e", edge_types)
    ids = {node: escape(written) for node, written in node_ids(graph).items()}
    yield f'<graph edgedefault="{directed}">\n'
    for nodes, rows in nodes_of(graph):
        heads = [f'<node id="{ids[node]}">' for node in nodes]
        yield "".join(side_by_side(heads, *_data("n", rows, node_types), ["</node>\n"] * len(rows)))
    for edges in edges_of(graph):
        heads = [
            f'<edge id="e{n}" source="{ids[source]}" target="{ids[target]}">'
            for n, source, target in zip(count(edges.first), edges.sources, edges.targets, strict=False)
        ]
        columns = _data("e", with_kinds(edges), edge_types)
        yield "".join(side_by_side(heads, *columns, ["</edge>\n"] * len(heads)))
    yield "</graph>\n</graphml>\n"


def _declared(owner: str, prefix: str, types: Mapping[str, str]) -> Iterator[str]:
    for n, (name, kind) in enumerate(types.items()):
        yield f'<key id="{prefix}{n}" for="{owner}" attr.name="{escape(name)}" '
        yield f'attr.type="{_TYPES.get(kind, kind)}"/>\n'


def _data(prefix: str, rows: Sequence[Row], types: Mapping[str, str]) -> Iterator[list[str]]:
    for n, (name, kind) in enumerate(types.items()):
        yield fragments(rows, name, kind, f'<data key="{prefix}{n}">', "</data>")
