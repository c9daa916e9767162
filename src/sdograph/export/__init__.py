"""Networks and snapshots as files for other programs; one dictionary from a format's name to its writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from sdograph.errors import UsageError
from sdograph.export import dot, gexf, graphml, json_graph, picture, rdf, table
from sdograph.export.values import Network
from sdograph.store import Snapshot

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Writer(Generic[Subject]):
    """How a format is written: ``write`` gives the bytes piece by piece."""

    write: Callable[[Subject], Iterator[bytes]]
    media_type: str
    extension: str


#: Formats of networks.
WRITERS: dict[str, Writer[Network]] = {
    "gexf": Writer(gexf.write, "application/gexf+xml", "gexf"),
    "graphml": Writer(graphml.write, "application/graphml+xml", "graphml"),
    "json": Writer(json_graph.write_node_link, "application/json", "json"),
    "cytoscape": Writer(json_graph.write_cytoscape, "application/json", "cyjs"),
    "csv": Writer(table.write_edges, "text/csv; charset=utf-8; header=present", "csv"),
    "csv-nodes": Writer(table.write_nodes, "text/csv; charset=utf-8; header=present", "csv"),
    "dot": Writer(dot.write, "text/vnd.graphviz; charset=utf-8", "dot"),
    "svg": Writer(picture.write_svg, "image/svg+xml", "svg"),
    "png": Writer(picture.write_png, "image/png", "png"),
}

#: RDF of what is behind a network, which is in the snapshot and not in the network.
SUBGRAPHS: dict[str, Writer[tuple[Snapshot, Network]]] = {
    "ttl": Writer(lambda both: rdf.subgraph(*both, format="ttl"), "text/turtle; charset=utf-8", "ttl"),
    "nt": Writer(lambda both: rdf.subgraph(*both, format="nt"), "application/n-triples", "nt"),
}

#: Formats of whole snapshots.
DUMPS: dict[str, Writer[Snapshot]] = {
    "nq": Writer(partial(rdf.dump, format="nq"), "application/n-quads", "nq"),
    "trig": Writer(partial(rdf.dump, format="trig"), "application/trig", "trig"),
    "ttl": Writer(partial(rdf.dump, format="ttl"), "text/turtle; charset=utf-8", "ttl"),
    "nt": Writer(partial(rdf.dump, format="nt"), "application/n-triples", "nt"),
}

#: Every format a network can have, with its media type.
NETWORK_FORMATS: dict[str, str] = {name: writer.media_type for name, writer in WRITERS.items()} | {
    name: writer.media_type for name, writer in SUBGRAPHS.items()
}


def write(snapshot: Snapshot, graph: Network, format: str) -> Iterator[bytes]:
    """A network of a snapshot in one of NETWORK_FORMATS, piece by piece; raises UsageError for another."""
    if format in WRITERS:
        return WRITERS[format].write(graph)
    if format in SUBGRAPHS:
        return SUBGRAPHS[format].write((snapshot, graph))
    raise UsageError(f"a network has no form {format!r}", hint=f"use {', '.join(NETWORK_FORMATS)}")
