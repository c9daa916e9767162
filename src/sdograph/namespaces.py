"""Our terms and those we reuse, as closed namespaces: a typo is an error at import, not a silent new term."""

from __future__ import annotations

from pyoxigraph import NamedNode

from sdograph.identifiers import BASE, GRAPH_BASE, ID_BASE, SCHEME_BASE


class ClosedNamespace:
    """The terms of one vocabulary, as attributes or by ``[...]``; any other name raises AttributeError."""

    def __init__(self, base: str, terms: str) -> None:
        self.base = base
        self._terms = {name: NamedNode(base + name) for name in terms.split()}

    def __getattr__(self, name: str) -> NamedNode:
        return self[name]

    def __getitem__(self, name: str) -> NamedNode:
        try:
            return self._terms[name]
        except KeyError:
            raise AttributeError(f"{self.base} has no term {name!r} here") from None

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._terms.values())


SDO = ClosedNamespace(
    BASE + "ontology#",
    # classes
    "Body Group WorkItem StudyItem Specification SpecificationVersion Release StudyPeriod Meeting "
    "LiaisonStatement RequestedAction LiaisonRelationship Evidence UnresolvedReference SourceDocument "
    "Ingestion Contact Dataset ItemRelation "
    # organisations
    "bodyKind groupKind shortName begin end beginNote endNote scope formerName "
    # items
    "topic standardsBody responsibleGroup "
    "plannedFor order produces itemKind number target completion impacts "
    "approvedIn liaisesWith workItemNumber stage sameTextAs amends corrects supplements "
    # liaison
    "addressee forAction forComment forInformation forResponse purpose requestsAction requestedOf deadline "
    "receivedNumber earlierNumber outcome approval exactForm nearForm concerns mentions announces "
    # relationships
    "party relationshipKind item relationKind "
    # evidence and provenance
    "about field writtenAs locator confidence matchedBy refersTo candidate sha256 byteSize fingerprint "
    "locationHash reader readerVersion layout generation contactText "
    # decisions of people
    "Decision verdict decidedBy withdrawnBy onWords onKind onlyIn onThing onField decidedThing decidedValue "
    "settledBy settledProperty undecidedRule undecidedConfidence OverlapDecision overlapVerdict",
)
ORG = ClosedNamespace(
    "http://www.w3.org/ns/org#",
    "Organization FormalOrganization OrganizationalCollaboration OrganizationalUnit ChangeEvent "
    "unitOf subOrganizationOf originalOrganization resultingOrganization changedBy resultedFrom",
)
SCHEMA = ClosedNamespace(
    "https://schema.org/",
    "Message Event sender toRecipient ccRecipient dateSent dateReceived messageAttachment organizer "
    "startDate endDate location text keywords",
)
DCT = ClosedNamespace(
    "http://purl.org/dc/terms/",
    "identifier title description date source format issued license isVersionOf replaces references "
    "isReplacedBy isPartOf relation type created modified hasVersion rights conformsTo",
)
SKOS = ClosedNamespace(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme prefLabel altLabel notation inScheme topConceptOf hasTopConcept definition "
    "broader exactMatch closeMatch relatedMatch broadMatch narrowMatch",
)
PROV = ClosedNamespace(
    "http://www.w3.org/ns/prov#",
    "Entity Activity Plan used wasGeneratedBy hadPrimarySource generatedAtTime endedAtTime wasDerivedFrom "
    "invalidatedAtTime",
)
ADMS = ClosedNamespace("http://www.w3.org/ns/adms#", "identifier status")
CITO = ClosedNamespace("http://purl.org/spar/cito/", "repliesTo")
FABIO = ClosedNamespace("http://purl.org/spar/fabio/", "Specification")
DCAT = ClosedNamespace(
    "http://www.w3.org/ns/dcat#",
    "Dataset Distribution DataService version landingPage distribution accessURL downloadURL mediaType "
    "accessService servesDataset endpointURL endpointDescription",
)
VOID = ClosedNamespace(
    "http://rdfs.org/ns/void#",
    "Dataset DatasetDescription triples entities classes properties distinctSubjects distinctObjects "
    "uriSpace exampleResource vocabulary sparqlEndpoint dataDump feature classPartition class "
    "propertyPartition property",
)
OWL = ClosedNamespace(
    "http://www.w3.org/2002/07/owl#", "sameAs annotatedSource annotatedProperty annotatedTarget"
)
FOAF = ClosedNamespace("http://xmlns.com/foaf/0.1/", "homepage page primaryTopic")
RDF = ClosedNamespace(
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type Statement subject predicate object"
)
RDFS = ClosedNamespace("http://www.w3.org/2000/01/rdf-schema#", "label comment seeAlso")
XSD = ClosedNamespace(
    "http://www.w3.org/2001/XMLSchema#",
    "string boolean integer decimal date dateTime gYear gYearMonth anyURI",
)

#: Prefixes that queries, Turtle and JSON-LD of this project use.
PREFIXES: dict[str, str] = {
    "sdo": SDO.base,
    "id": ID_BASE,
    "graph": GRAPH_BASE,
    "scheme": SCHEME_BASE,
    "org": ORG.base,
    "schema": SCHEMA.base,
    "dcterms": DCT.base,
    "skos": SKOS.base,
    "prov": PROV.base,
    "adms": ADMS.base,
    "cito": CITO.base,
    "fabio": FABIO.base,
    "dcat": DCAT.base,
    "void": VOID.base,
    "owl": OWL.base,
    "foaf": FOAF.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "xsd": XSD.base,
}
