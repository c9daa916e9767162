"""Linked records -> triples of one document's named graph, each fact with its evidence and provenance.

Every node has an IRI: there are no blank nodes, so graphs can be compared triple by triple. Everything here
is a pure function of the document: the same document gives the same triples.

- :mod:`.page`: how a fact, a resource and a piece of evidence are written
- :mod:`.records`: one function a class of record
- :mod:`.statements`: liaison statements, the record with the most to say
- :mod:`.provenance`: what file it was, and who read it
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Triple

import sdograph.graph.statements  # noqa: F401  (registers the writer of liaison statements)
from sdograph.graph.page import Page, concept, evidence_name
from sdograph.graph.provenance import contacts, document_graph, part_provenance, provenance
from sdograph.graph.records import write
from sdograph.graph.summary import counts
from sdograph.linking import Registry
from sdograph.model import Record

__all__ = [
    "concept",
    "contacts",
    "counts",
    "document_graph",
    "evidence_name",
    "part_provenance",
    "provenance",
    "triples",
]


def triples(records: Iterable[Record], document_key: str, registry: Registry) -> set[Triple]:
    """All that records of a document state, with evidence; without the provenance of the reading.

    Raises UnknownOrganization when a record names an id that the registry does not hold.
    """
    page = Page(document_key, registry)
    for record in records:
        write(record, page)
    return page.made
