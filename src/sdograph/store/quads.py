"""Small things that are done to quads."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from sdograph.errors import DataError


def quad(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def canonical(graph: NamedNode, triples: Iterable[Triple]) -> frozenset[Triple]:
    """The triples as a store holds them: literals of XSD types in canonical form ("0.70" is "0.7").

    Raises DataError when one has a blank node: everything in the graph has a name.
    """
    memory = ox.Store()
    memory.bulk_extend(quad(t, graph) for t in triples)
    found = frozenset(q.triple for q in memory)
    for triple in found:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise DataError(
                f"blank node in {triple}", where=graph.value, hint="give every node an IRI before it enters"
            )
    return found


def delete_data(quads: Iterable[Quad]) -> str:
    """The SPARQL update that removes quads."""
    return f"DELETE DATA {{\n{_data(quads)}\n}}"


def insert_data(quads: Iterable[Quad]) -> str:
    """The SPARQL update that adds quads."""
    return f"INSERT DATA {{\n{_data(quads)}\n}}"


def _data(quads: Iterable[Quad]) -> str:
    lines = []
    for q in quads:
        triple = f"{q.subject} {q.predicate} {q.object} ."
        lines.append(
            triple if isinstance(q.graph_name, DefaultGraph) else f"GRAPH {q.graph_name} {{ {triple} }}"
        )
    return "\n".join(lines)
