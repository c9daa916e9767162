"""A whole snapshot, or what is behind a network, as RDF, in chunks.

N-Quads and TriG hold the document graphs, each named; the default graph is left out, since it is nothing but
their merge and a store makes it anew from them. Turtle and N-Triples hold that merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

import pyoxigraph as ox

from sdograph.export.values import Network
from sdograph.identifiers import iri
from sdograph.namespaces import PREFIXES
from sdograph.network.overlaps import BETWEEN
from sdograph.store import Snapshot

Statement: TypeAlias = ox.Quad | ox.Triple

_BATCH = 5_000
_SUBJECTS = 500
#: Attribute of an edge -> class of what it names.
_BEHIND = {"statements": "liaison-statement", "relationships": "liaison-relationship"}

_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}


def dump(snapshot: Snapshot, format: str) -> Iterator[bytes]:
    """The snapshot as ttl, nt (the default graph), trig or nq (every named graph)."""
    rdf = _FORMATS[format]
    if rdf.supports_datasets:
        names = sorted(snapshot.graph_names(), key=lambda name: name.value)
        return _batches((snapshot.quads(graph=name) for name in names), rdf)
    return _batches([(q.triple for q in snapshot.quads(graph=ox.DefaultGraph()))], rdf)


def subgraph(snapshot: Snapshot, graph: Network, format: str) -> Iterator[bytes]:
    """What the graph says of the nodes of a network and of what its edges were made from, as ttl or nt.

    Behind the edges are the liaison statements, relationships or overlapping items that they name; other
    edges are themselves statements about their nodes.
    """
    behind = {data["iri"]: None for _, data in graph.nodes(data=True) if "iri" in data}
    for *_, data in graph.edges(data=True):
        for name, kind in _BEHIND.items():
            behind |= {iri(f"{kind}/{one}"): None for one in data.get(name, ())}
        for pair in data.get("pairs", ()):
            behind |= {iri(item): None for item in pair.split(BETWEEN)}
    subjects = iter(sorted(behind))
    parts = iter(lambda: list(islice(subjects, _SUBJECTS)), [])
    return _batches((_about(snapshot, part) for part in parts), _FORMATS[format])


def _about(snapshot: Snapshot, subjects: list[str]) -> Iterator[ox.Triple]:
    listed = " ".join(str(ox.NamedNode(subject)) for subject in subjects)
    found = snapshot.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {listed} }} ?s ?p ?o }}")
    assert isinstance(found, ox.QueryTriples)  # noqa: S101 - it is a CONSTRUCT
    return iter(found)


def _batches(parts: Iterable[Iterable[Statement]], rdf: ox.RdfFormat) -> Iterator[bytes]:
    """Pieces of one document: any of these formats may be joined end to end, its prefixes stated once."""
    first = True
    for part in parts:
        remaining = iter(part)
        while batch := list(islice(remaining, _BATCH)):
            written = _serialized(batch, rdf)
            yield written if first else _without_prefixes(written)
            first = False


def _without_prefixes(document: bytes) -> bytes:
    while document.startswith(b"@prefix "):
        document = document[document.index(b"\n") + 1 :]
    return document


def _serialized(batch: list[Statement], rdf: ox.RdfFormat) -> bytes:
    prefixes = PREFIXES if rdf in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) else None
    written = ox.serialize(batch, format=rdf, prefixes=prefixes)  # type: ignore[arg-type]  # never mixed
    assert written is not None  # noqa: S101 - without an output it returns bytes
    return written
