"""GraphML (http://graphml.graphdrawing.org), for yEd, igraph, networkx and many others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdograph.export.values import Network, chunked, columns, edges, escape, node_ids, text, values

_TYPES = {"integer": "int", "list": "string"}


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a GraphML document, in chunks. Lists become text."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    node_types = columns((data for _, data in graph.nodes(data=True)), reserved={"id"})
    edge_types = columns(
        ({**data, "kind": kind} for *_, kind, data in edges(graph)),
        reserved={"id", "source", "target", "key"},
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield from _declared("node", "n", node_types)
    yield from _declared("edge", "e", edge_types)
    ids = node_ids(graph)
    yield '<graph edgedefault="directed">\n'
    for node, data in graph.nodes(data=True):
        yield f'<node id="{escape(ids[node])}">{_data("n", data, node_types)}</node>\n'
    for n, (source, target, kind, attributes) in enumerate(edges(graph)):
        yield f'<edge id="e{n}" source="{escape(ids[source])}" target="{escape(ids[target])}">'
        yield _data("e", {**attributes, "kind": kind}, edge_types) + "</edge>\n"
    yield "</graph>\n</graphml>\n"


def _declared(owner: str, prefix: str, types: Mapping[str, str]) -> Iterator[str]:
    for n, (name, kind) in enumerate(types.items()):
        yield f'<key id="{prefix}{n}" for="{owner}" attr.name="{escape(name)}" '
        yield f'attr.type="{_TYPES.get(kind, kind)}"/>\n'


def _data(prefix: str, data: Mapping[str, object], types: Mapping[str, str]) -> str:
    keys = {name: f"{prefix}{n}" for n, name in enumerate(types)}
    return "".join(
        f'<data key="{keys[name]}">{escape(text(value))}</data>' for name, value in values(data, types)
    )
