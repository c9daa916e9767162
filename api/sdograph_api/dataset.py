"""The dataset described for catalogues and query planners: VoID and DCAT 3, with what is counted in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, Triple

from sdograph import export
from sdograph.identifiers import ID_BASE
from sdograph.namespaces import DCAT, DCT, FOAF, PREFIXES, RDF, SDO, VOID, XSD
from sdograph.store import Snapshot
from sdograph.store.dataset import DATASET
from sdograph_api.context import Context

_TITLE = Literal("sdograph", language="en")
_ABOUT = Literal(
    "Who standardises what, and who writes to whom about it: bodies, groups, work items, specifications, "
    "releases, meetings and liaison statements, each with the document behind it.",
    language="en",
)
_PROTOCOL = NamedNode("http://www.w3.org/TR/sparql11-protocol/")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_FORMATS = "http://www.w3.org/ns/formats/"
_SERVED = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
#: Names of licences, as documents give them, with the addresses of their texts.
_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
}
_EXAMPLES = (SDO.Body, SDO.Group, SDO.WorkItem, SDO.LiaisonStatement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What is in the default graph of a generation, which holds each triple of the dataset once."""

    classes: Mapping[str, int]
    """Resources by the IRI of a class."""
    properties: Mapping[str, int]
    """Triples by the IRI of their property."""
    subjects: int
    objects: int
    issued: Literal | None
    """When the first of the documents that are in it was read."""
    licences: tuple[NamedNode | Literal, ...]
    examples: tuple[NamedNode, ...]


def counted(context: Context, snapshot: Snapshot) -> Counted:
    """Counts once for a generation."""

    def count() -> Counted:
        [distinct] = snapshot.rows(
            "SELECT (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }"
        )
        [first] = snapshot.rows(
            "SELECT (MIN(?read) AS ?first) { ?run a sdo:Ingestion ; prov:endedAtTime ?read }"
        )
        licences = snapshot.rows(
            "SELECT DISTINCT ?licence { ?document a sdo:SourceDocument ; dcterms:license ?licence } "
            "ORDER BY STR(?licence)"
        )
        return Counted(
            classes=class_counts(context, snapshot),
            properties={
                cast(NamedNode, row["p"]).value: _number(row["n"])
                for row in snapshot.rows("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
            },
            subjects=_number(distinct["subjects"]),
            objects=_number(distinct["objects"]),
            issued=cast("Literal | None", first["first"]),
            licences=tuple(cast("NamedNode | Literal", row["licence"]) for row in licences),
            examples=tuple(
                cast(NamedNode, row["s"])
                for kind in _EXAMPLES
                for row in snapshot.rows(f"SELECT ?s {{ ?s a {kind} }} ORDER BY ?s LIMIT 1")
            ),
        )

    return context.once(snapshot, "counted", count)


def class_counts(context: Context, snapshot: Snapshot) -> Mapping[str, int]:
    """How many resources of each class there are, by its IRI."""

    def count() -> dict[str, int]:
        rows = snapshot.rows("SELECT ?class (COUNT(*) AS ?n) { ?s a ?class } GROUP BY ?class")
        return {cast(NamedNode, row["class"]).value: _number(row["n"]) for row in rows}

    return context.once(snapshot, "class counts", count)


def variant(form: str, base: str) -> str:
    """What tells apart the descriptions of one generation: their form, and the address they are about."""
    return f"{form}.{hashlib.sha256(base.encode()).hexdigest()[:8]}"


def description(snapshot: Snapshot, base: str, found: Counted) -> Iterator[Triple]:
    """The description of a generation served below ``base``."""
    here = f"{base}/.well-known/void"
    document, start = NamedNode(here), NamedNode(f"{base}/")
    modified = Literal(snapshot.generated_at, datatype=XSD.dateTime)
    yield Triple(document, RDF.type, VOID.DatasetDescription)
    yield Triple(document, DCT.title, Literal("Description of the sdograph dataset", language="en"))
    yield Triple(document, DCT.modified, modified)
    yield Triple(document, FOAF.primaryTopic, DATASET)
    for kind in (VOID.Dataset, DCAT.Dataset, SDO.Dataset):
        yield Triple(DATASET, RDF.type, kind)
    yield Triple(DATASET, DCT.title, _TITLE)
    yield Triple(DATASET, DCT.description, _ABOUT)
    yield Triple(DATASET, DCT.identifier, Literal(DATASET.value))
    yield Triple(DATASET, DCAT.version, Literal(snapshot.version))
    yield Triple(DATASET, SDO.generation, Literal(snapshot.generation))
    yield Triple(DATASET, DCT.modified, modified)
    if found.issued is not None:
        yield Triple(DATASET, DCT.issued, found.issued)
    yield Triple(DATASET, DCAT.landingPage, start)
    yield Triple(DATASET, FOAF.homepage, start)
    yield from _rights(found.licences)
    yield from _counts(here, found)
    yield from _access(base, modified)


def _rights(licences: tuple[NamedNode | Literal, ...]) -> Iterator[Triple]:
    if not licences:
        return
    for licence in licences:
        address = licence.value if isinstance(licence, NamedNode) else _LICENCES.get(licence.value)
        if address is not None:
            yield Triple(DATASET, DCT.license, NamedNode(address))
    if len(licences) > 1:
        words = "; ".join(licence.value for licence in licences)
        said = f"Each part is under the terms that its source document names (dcterms:license): {words}."
        yield Triple(DATASET, DCT.rights, Literal(said, language="en"))


def _counts(here: str, found: Counted) -> Iterator[Triple]:
    yield Triple(DATASET, VOID.triples, Literal(sum(found.properties.values())))
    yield Triple(DATASET, VOID.classes, Literal(len(found.classes)))
    yield Triple(DATASET, VOID.properties, Literal(len(found.properties)))
    yield Triple(DATASET, VOID.distinctSubjects, Literal(found.subjects))
    yield Triple(DATASET, VOID.distinctObjects, Literal(found.objects))
    yield Triple(DATASET, VOID.uriSpace, Literal(ID_BASE))
    for example in found.examples:
        yield Triple(DATASET, VOID.exampleResource, example)
    used = [*found.classes, *found.properties]
    for prefix, namespace in PREFIXES.items():
        if prefix not in ("id", "graph", "scheme") and any(term.startswith(namespace) for term in used):
            yield Triple(DATASET, VOID.vocabulary, NamedNode(namespace))
    for kind, count in found.classes.items():
        partition = NamedNode(f"{here}#class-{_fragment(kind)}")
        yield Triple(DATASET, VOID.classPartition, partition)
        yield Triple(partition, VOID["class"], NamedNode(kind))
        yield Triple(partition, VOID.entities, Literal(count))
    for term, count in found.properties.items():
        partition = NamedNode(f"{here}#property-{_fragment(term)}")
        yield Triple(DATASET, VOID.propertyPartition, partition)
        yield Triple(partition, VOID.property, NamedNode(term))
        yield Triple(partition, VOID.triples, Literal(count))


def _fragment(iri: str) -> str:
    """A name of a term within a document, the same in every generation."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}.{local}"
    return hashlib.sha256(iri.encode()).hexdigest()[:16]


def _access(base: str, modified: Literal) -> Iterator[Triple]:
    sparql, rest = NamedNode(f"{base}/sparql"), NamedNode(f"{base}/api/v1")
    yield Triple(DATASET, VOID.sparqlEndpoint, sparql)
    # One dump only: of several, each would be a part of the dataset.
    yield Triple(DATASET, VOID.dataDump, NamedNode(f"{base}/export/dataset/graph.nq"))
    for name in _SERVED:
        yield Triple(DATASET, VOID.feature, NamedNode(_FORMATS + name))
    for format, writer in export.DUMPS.items():
        dump = NamedNode(f"{base}/export/dataset/graph.{format}")
        distribution = NamedNode(f"{dump.value}#distribution")
        media_type = writer.media_type.partition(";")[0]
        yield Triple(DATASET, DCAT.distribution, distribution)
        yield Triple(distribution, RDF.type, DCAT.Distribution)
        yield Triple(distribution, DCT.title, Literal(f"The whole graph as {media_type}", language="en"))
        yield Triple(distribution, DCT.modified, modified)
        yield Triple(distribution, DCAT.accessURL, dump)
        yield Triple(distribution, DCAT.downloadURL, dump)
        yield Triple(distribution, DCAT.mediaType, NamedNode(_MEDIA_TYPES + media_type))
    for endpoint, title, description, conforms in (
        (sparql, "SPARQL 1.1", sparql, _PROTOCOL),
        (rest, "Lists and records as JSON and CSV", NamedNode(f"{base}/openapi.json"), None),
    ):
        service = NamedNode(f"{endpoint.value}#service")
        distribution = NamedNode(f"{endpoint.value}#distribution")
        yield Triple(DATASET, DCAT.distribution, distribution)
        yield Triple(distribution, RDF.type, DCAT.Distribution)
        yield Triple(distribution, DCT.title, Literal(title, language="en"))
        yield Triple(distribution, DCAT.accessURL, endpoint)
        yield Triple(distribution, DCAT.accessService, service)
        yield Triple(service, RDF.type, DCAT.DataService)
        yield Triple(service, DCT.title, Literal(title, language="en"))
        yield Triple(service, DCAT.endpointURL, endpoint)
        yield Triple(service, DCAT.endpointDescription, description)
        yield Triple(service, DCAT.servesDataset, DATASET)
        if conforms is not None:
            yield Triple(service, DCT.conformsTo, conforms)


def _number(term: object) -> int:
    return int(cast(Literal, term).value)
