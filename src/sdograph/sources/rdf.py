"""RDF files of our own making (ontology, schemes) as triples without blank nodes."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from sdograph.errors import UnreadableDocument
from sdograph.identifiers import GRAPH_BASE


def read_turtle(path: Path) -> set[Triple]:
    """The triples of a Turtle file. Blank nodes get IRIs that follow from the content of the file alone."""
    try:
        dataset = ox.Dataset(
            Quad(q.subject, q.predicate, q.object)
            for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        )
    except (SyntaxError, OSError) as error:
        raise UnreadableDocument(str(error), where=path.name, hint="correct the Turtle") from error
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    base = f"{GRAPH_BASE}{path.stem}/node/"

    def named(term: object) -> object:
        return NamedNode(base + term.value) if isinstance(term, BlankNode) else term

    return {Triple(named(q.subject), q.predicate, named(q.object)) for q in dataset}  # type: ignore[arg-type]
