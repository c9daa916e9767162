"""Where a document's triples come from: the file, its bytes, the reader and the moment."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph import identifiers as ids
from sdograph.graph.page import address, date_literal, node
from sdograph.model import LiaisonStatement, Record, Source
from sdograph.namespaces import DCT, PROV, RDF, RDFS, SDO, XSD


def document_graph(document_key: str, part: int = 0) -> NamedNode:
    return NamedNode(ids.document_graph(document_key, part))


def provenance(source: Source, document_key: str, *, fingerprint: str, when: str) -> set[Triple]:
    """What file it was, when and by which reader it was read. ``when`` is an ISO 8601 date and time, UTC."""
    document_node, run = node(document_key), node(f"{document_key}/ingestion")
    graph, moment = document_graph(document_key), Literal(when, datatype=XSD.dateTime)
    made = {
        Triple(document_node, RDF.type, SDO.SourceDocument),
        Triple(document_node, RDF.type, PROV.Entity),
        Triple(document_node, RDFS.label, Literal(source.name)),
        Triple(document_node, DCT.identifier, Literal(ids.local_id(document_key))),
        Triple(document_node, DCT.format, Literal(source.media_type)),
        Triple(document_node, SDO.sha256, Literal(source.sha256)),
        Triple(document_node, SDO.byteSize, Literal(source.size)),
        Triple(document_node, SDO.reader, Literal(source.format)),
        Triple(document_node, SDO.readerVersion, Literal(source.reader_version)),
        Triple(document_node, SDO.fingerprint, Literal(fingerprint)),
        Triple(document_node, SDO.locationHash, Literal(ids.short_hash(source.location))),
        Triple(run, RDF.type, SDO.Ingestion),
        Triple(run, RDF.type, PROV.Activity),
        Triple(run, RDFS.label, Literal(f"reading of {source.name}")),
        Triple(run, PROV.used, document_node),
        Triple(run, PROV.endedAtTime, moment),
        Triple(graph, PROV.generatedAtTime, moment),
        *part_provenance(document_key, 0),
    }
    if source.issued:
        made.add(Triple(document_node, DCT.issued, date_literal(source.issued)))
    if source.licence:
        made.add(Triple(document_node, DCT.license, address(source.licence)))
    if source.origin:
        made.add(Triple(document_node, DCT.source, address(source.origin)))
    return made


def part_provenance(document_key: str, part: int) -> set[Triple]:
    """Which document and which reading a graph comes from."""
    graph = document_graph(document_key, part)
    return {
        Triple(graph, PROV.wasGeneratedBy, node(f"{document_key}/ingestion")),
        Triple(graph, PROV.hadPrimarySource, node(document_key)),
    }


def contacts(records: Iterable[Record], document_key: str) -> list[Quad]:
    """The contact persons read from a document, for a graph of their own that is kept apart."""
    graph = NamedNode(f"{ids.document_graph(document_key)}/contacts")
    return [
        Quad(node(r.key), SDO.contactText, Literal(c.text), graph)
        for r in records
        if isinstance(r, LiaisonStatement) and r.key
        for c in r.contacts
    ]
