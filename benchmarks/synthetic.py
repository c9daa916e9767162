"""A large graph of this domain: liaison statements between the groups of the registry, with evidence."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from sdograph import identifiers as ids
from sdograph import manifest, pipeline
from sdograph.graph import concept, document_graph
from sdograph.namespaces import DCT, PROV, RDF, RDFS, SCHEMA, SDO, XSD
from sdograph.store import EmbeddedStore

TRIPLES_EACH = 32
"""Triples of one statement, in its own graph."""


def store(folder: Path, triples: int) -> EmbeddedStore:
    """The bundled dataset with about ``triples`` triples of made-up statements; kept for later calls."""
    made = EmbeddedStore(folder / f"store-{triples}")
    if made.current_number():
        return made
    if triples:
        with made.writer() as writer:
            writer.load(statements(triples // TRIPLES_EACH))
            writer.publish()
    pipeline.build(made, manifest.entries(), manifest.schemes())
    return made


def copied(folder: Path, data_dir: Path) -> EmbeddedStore:
    """A data directory of our own with the graph of another one, which is not written to."""
    made = EmbeddedStore(folder / "store-copied")
    if not made.current_number():
        EmbeddedStore(data_dir).backup(folder / "backup")
        made.restore(folder / "backup")
    return made


def statement(i: int) -> str:
    """The IRI of one of the statements."""
    return ids.iri(ids.statement_key("BENCH", _number(i)))


def _number(i: int) -> str:
    return f"X9-{i:07d}"


def statements(n: int, seed: int = 20230918) -> Iterator[Quad]:
    rng = random.Random(seed)
    groups = [
        f"group/3GPP-{g}"
        for g in ("SA1", "SA2", "SA3", "SA4", "SA5", "SA6", "RAN1", "RAN2", "RAN3", "CT1", "CT4")
    ]
    groups += [f"group/ITU-T-SG{n}" for n in (2, 5, 11, 13, 17, 20, 21)] + [
        "group/ETSI-TC-SAI",
        "group/ETSI-TC-CYBER",
    ]
    nodes = [NamedNode(ids.iri(g)) for g in groups]
    for i in range(n):
        number = _number(i)
        sender, to, cc = rng.sample(nodes, 3)
        about = NamedNode(statement(i))
        document = ids.document_key(f"{number}.txt", number)
        source, graph = NamedNode(ids.iri(document)), document_graph(document)
        date = f"{rng.randint(2010, 2025)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        facts = [
            (about, RDF.type, SDO.LiaisonStatement),
            (about, RDF.type, SCHEMA.Message),
            (about, RDFS.label, Literal(number)),
            (about, DCT.identifier, Literal(number)),
            (about, SDO.exactForm, Literal(number)),
            (about, DCT.title, Literal(f"LS on matter {rng.randint(1, 5000)} of statement {i}")),
            (about, SDO.layout, Literal("3gpp")),
            (about, SCHEMA.dateSent, Literal(date, datatype=XSD.date)),
            (about, SCHEMA.sender, sender),
            (about, SCHEMA.toRecipient, to),
            (about, SCHEMA.ccRecipient, cc),
            (about, SDO.forAction, to),
            (about, SDO.forInformation, cc),
            (about, SDO.purpose, concept("purpose", "action")),
            (about, PROV.hadPrimarySource, source),
            (source, RDF.type, SDO.SourceDocument),
            (source, RDFS.label, Literal(f"{number}.txt")),
            (source, SDO.sha256, Literal(f"{i:064x}")),
        ]
        for field in ("date", "title"):
            evidence = NamedNode(ids.iri(f"{document}/evidence/{field}"))
            facts += [
                (evidence, RDF.type, SDO.Evidence),
                (evidence, SDO.about, about),
                (evidence, SDO.field, Literal(field)),
                (evidence, SDO.writtenAs, Literal(f"{field} of {i}")),
                (evidence, SDO.locator, Literal(f"line {rng.randint(1, 60)}")),
                (evidence, SDO.confidence, Literal("1.0", datatype=XSD.decimal)),
                (evidence, PROV.wasDerivedFrom, source),
            ]
        yield from (Quad(s, p, o, graph) for s, p, o in facts)
