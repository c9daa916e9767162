"""JSON: node-link data, as networkx and d3 read it, and elements, as Cytoscape and cytoscape.js do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson

from sdograph.export.layout import positions
from sdograph.export.values import Network, chunked, columns, edges, node_ids, plain, values


def write_node_link(graph: Network) -> Iterator[bytes]:
    """``{"directed", "multigraph", "graph", "nodes": [{"id"}], "edges": [{"source", "target", "key"}]}``."""
    return chunked(_node_link(graph))


def write_cytoscape(graph: Network) -> Iterator[bytes]:
    """``{"elements": {"nodes": [{"data", "position"}], "edges": [{"data"}]}}``."""
    return chunked(_cytoscape(graph))


def _node_link(graph: Network) -> Iterator[str]:
    ids = node_ids(graph)
    node_types, edge_types = _columns(graph)
    directed = _json(bool(graph.graph.get("directed", True)))
    yield f'{{"directed":{directed},"multigraph":true,"graph":{_json(_about(graph))},"nodes":['
    yield from _items(
        {"id": ids[node], **dict(values(data, node_types))} for node, data in graph.nodes(data=True)
    )
    yield '],"edges":['
    keys = (key for *_, key in graph.edges(keys=True))
    yield from _items(
        {
            "source": ids[source],
            "target": ids[target],
            "key": plain(key),
            **dict(values({**data, "kind": kind}, edge_types)),
        }
        for (source, target, kind, data), key in zip(edges(graph), keys, strict=True)
    )
    yield "]}\n"


def _cytoscape(graph: Network) -> Iterator[str]:
    ids = node_ids(graph)
    node_types, edge_types = _columns(graph)
    places = positions(graph)
    about = _about(graph)
    yield f'{{"format_version":"1.0","generated_by":"sdograph","data":{_json(about)},"elements":{{"nodes":['
    yield from _items(
        {
            "data": {"id": ids[node], "name": ids[node], **dict(values(data, node_types))},
            "position": {"x": places[node][0], "y": places[node][1]},
        }
        for node, data in graph.nodes(data=True)
    )
    yield '],"edges":['
    yield from _items(
        {
            "data": {
                "id": f"e{n}",
                "source": ids[source],
                "target": ids[target],
                "interaction": kind,
                **dict(values({**data, "kind": kind}, edge_types)),
            }
        }
        for n, (source, target, kind, data) in enumerate(edges(graph))
    )
    yield "]}}\n"


def _columns(graph: Network) -> tuple[dict[str, str], dict[str, str]]:
    return (
        columns((data for _, data in graph.nodes(data=True)), reserved={"id"}),
        columns(
            ({**data, "kind": kind} for *_, kind, data in edges(graph)),
            reserved={"id", "source", "target", "key"},
        ),
    )


def _about(graph: Network) -> dict[str, object]:
    return {
        name: dict(value) if isinstance(value, Mapping) else plain(value)
        for name, value in graph.graph.items()
    }


def _items(rows: Iterable[object]) -> Iterator[str]:
    separator = "\n"
    for row in rows:
        yield separator + _json(row)
        separator = ",\n"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
