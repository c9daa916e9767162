"""The description of the dataset, which tells one generation from another; it lies in a graph of its own."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from pyoxigraph import Literal, NamedNode, Triple

from sdograph.identifiers import BASE, GRAPH_BASE
from sdograph.namespaces import DCAT, DCT, RDF, RDFS, SDO, XSD

DATASET = NamedNode(BASE + "dataset")
DATASET_GRAPH = NamedNode(GRAPH_BASE + "dataset")


def new_version(number: int) -> str:
    """A version never used before, for generation ``number``."""
    return f"{number}-{secrets.token_hex(4)}"


def description(number: int, version: str | None = None) -> list[Triple]:
    """What graph/dataset holds in generation ``number``, published now; by default under a new version."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    return [
        Triple(DATASET, RDF.type, SDO.Dataset),
        Triple(DATASET, RDF.type, DCAT.Dataset),
        Triple(DATASET, RDFS.label, Literal("sdograph dataset")),
        Triple(DATASET, DCAT.version, Literal(version or new_version(number))),
        Triple(DATASET, SDO.generation, Literal(number)),
        Triple(DATASET, DCT.modified, Literal(now, datatype=XSD.dateTime)),
    ]
