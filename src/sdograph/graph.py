"""Linked records -> triples of one document's named graph, each fact with its evidence and provenance.

Every node has an IRI: there are no blank nodes, so graphs can be compared triple by triple. Everything here
is a pure function of the document: the same document gives the same triples.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatchmethod

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph import identifiers as ids
from sdograph.linking import Registry
from sdograph.model import (
    OWN_ITEM,
    AnnouncedMeeting,
    Body,
    Document,
    Evidence,
    Group,
    LiaisonRelationship,
    LiaisonStatement,
    Meeting,
    Purpose,
    Record,
    Reference,
    Release,
    RequestedAction,
    Specification,
    WorkItem,
)
from sdograph.namespaces import (
    ADMS,
    CITO,
    DCAT,
    DCT,
    FABIO,
    FOAF,
    ORG,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SDO,
    SKOS,
    XSD,
)
from sdograph.triples import Term

#: What a record's evidence says it is about when it is about the record as a whole.
WHOLE = "record"

_PURPOSE_TERM: dict[Purpose, NamedNode] = {
    "action": SDO.forAction,
    "comment": SDO.forComment,
    "information": SDO.forInformation,
    "response": SDO.forResponse,
}
_DATE = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_COUNTED: dict[Term, str] = {
    SDO[name]: name
    for name in (
        "Body", "Group", "WorkItem", "Specification", "SpecificationVersion", "Release", "StudyPeriod",
        "Meeting", "LiaisonStatement", "RequestedAction", "LiaisonRelationship",
    )
}  # fmt: skip
_LINKS = {
    SCHEMA.toRecipient: "addressees",
    SCHEMA.ccRecipient: "addressees",
    SDO.mentions: "mentions",
    SDO.concerns: "mentions",
}
_LINK_FIELDS = {"to": "addressees", "cc": "addressees", "mention": "mentions", "work_item": "mentions"}
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def concept(scheme: str, notation: str) -> NamedNode:
    """The IRI of a concept of one of our schemes."""
    return NamedNode(f"{ids.SCHEME_BASE}{scheme}/{ids.slug(notation)}")


def date_literal(text: str) -> Literal:
    """A date of day, month or year precision as its XSD type."""
    return Literal(text, datatype=_DATE[len(text)])


def document_graph(document_key: str) -> NamedNode:
    return NamedNode(ids.document_graph(document_key))


def triples(document: Document, document_key: str, registry: Registry) -> set[Triple]:
    """All that a document states, with evidence, as triples of its own graph; without provenance of the run.

    Raises UnknownOrganization when a record names an id that the registry does not hold.
    """
    maker = _Maker(document_key, registry)
    for record in document.records:
        maker.add(record)
    return maker.made


def contacts(document: Document, document_key: str) -> list[Quad]:
    """The contact persons read from a document, for a graph of their own that is kept apart."""
    graph = NamedNode(f"{ids.document_graph(document_key)}/contacts")
    return [
        Quad(NamedNode(ids.iri(r.key)), SDO.contactText, Literal(c.text), graph)
        for r in document.records
        if isinstance(r, LiaisonStatement) and r.key
        for c in r.contacts
    ]


def counts(stated: Iterable[Triple]) -> dict[str, int]:
    """Nodes by class in the graph of one document, and what liaison statements refer to, linked or not."""
    found: Counter[str] = Counter()
    unresolved: Counter[str] = Counter()
    kept = list(stated)
    open_references = {t.subject for t in kept if t.object == SDO.UnresolvedReference}
    for t in kept:
        if t.predicate == RDF.type and t.object in _COUNTED:
            found[_COUNTED[t.object]] += 1
        elif t.predicate in _LINKS:
            found[_LINKS[t.predicate]] += 1
        elif t.predicate == SDO.field and t.subject in open_references and isinstance(t.object, Literal):
            unresolved[t.object.value] += 1
    for field, n in unresolved.items():
        found["unresolved"] += n
        if field in _LINK_FIELDS:
            found[_LINK_FIELDS[field]] += n
    return dict(found)


def provenance(document: Document, document_key: str, *, fingerprint: str, when: str) -> set[Triple]:
    """What file it was, when and by which reader it was read. ``when`` is an ISO 8601 date and time, UTC."""
    source = document.source
    node, run = _iri(document_key), _iri(f"{document_key}/ingestion")
    graph, moment = document_graph(document_key), Literal(when, datatype=XSD.dateTime)
    made = {
        Triple(node, RDF.type, SDO.SourceDocument),
        Triple(node, RDF.type, PROV.Entity),
        Triple(node, RDFS.label, Literal(source.name)),
        Triple(node, DCT.identifier, Literal(ids.local_id(document_key))),
        Triple(node, DCT.format, Literal(source.media_type)),
        Triple(node, SDO.sha256, Literal(source.sha256)),
        Triple(node, SDO.byteSize, Literal(source.size)),
        Triple(node, SDO.reader, Literal(source.format)),
        Triple(node, SDO.readerVersion, Literal(source.reader_version)),
        Triple(node, SDO.fingerprint, Literal(fingerprint)),
        Triple(node, SDO.locationHash, Literal(ids.short_hash(source.location))),
        Triple(run, RDF.type, SDO.Ingestion),
        Triple(run, RDF.type, PROV.Activity),
        Triple(run, RDFS.label, Literal(f"reading of {source.name}")),
        Triple(run, PROV.used, node),
        Triple(run, PROV.endedAtTime, moment),
        Triple(graph, PROV.wasGeneratedBy, run),
        Triple(graph, PROV.hadPrimarySource, node),
        Triple(graph, PROV.generatedAtTime, moment),
    }
    if source.issued:
        made.add(Triple(node, DCT.issued, date_literal(source.issued)))
    if source.licence:
        made.add(Triple(node, DCT.license, _address(source.licence)))
    if source.origin:
        made.add(Triple(node, DCT.source, _address(source.origin)))
    return made


def _iri(key: str) -> NamedNode:
    return NamedNode(ids.iri(key))


def _address(text: str) -> NamedNode | Literal:
    """An IRI where the text is an address, the words otherwise."""
    return NamedNode(text) if _ADDRESS.fullmatch(text) else Literal(text)


class _Maker:
    """Collects the triples of one document."""

    def __init__(self, document_key: str, registry: Registry) -> None:
        self._document = _iri(document_key)
        self._document_key = document_key
        self._registry = registry
        self.made: set[Triple] = set()

    # --- helpers

    def _say(self, s: NamedNode, p: NamedNode, *objects: NamedNode | Literal | str | None) -> None:
        for o in objects:
            if o is not None:
                self.made.add(Triple(s, p, Literal(o) if isinstance(o, str) else o))

    def _date(self, s: NamedNode, p: NamedNode, text: str | None) -> None:
        if text is not None:
            self.made.add(Triple(s, p, date_literal(text)))

    def _organization(self, registry_id: str) -> NamedNode:
        return _iri(self._registry.key(registry_id))

    def _resource(self, key: str, label: str, identifier: str, *kinds: NamedNode) -> NamedNode:
        node = _iri(key)
        self._say(node, RDF.type, *kinds)
        self._say(node, RDFS.label, label)
        self._say(node, DCT.identifier, identifier)
        self._say(node, PROV.hadPrimarySource, self._document)
        return node

    def _evidence(self, about: NamedNode, evidence: Iterable[Evidence]) -> None:
        for e in evidence:
            node = self._evidence_node(about, e.field, e.text, e.locator, e.confidence, e.rule)
            if e.source:
                self._say(node, DCT.source, *map(_address, e.source.split("; ")))

    def _evidence_node(
        self, about: NamedNode, field: str, text: str, locator: str, confidence: float, rule: str
    ) -> NamedNode:
        # Named after what it says, so that a row added above it does not rename it.
        name = ids.short_hash(about.value, field, text, locator)
        node = _iri(f"{self._document_key}/evidence/{name}")
        self._say(node, RDF.type, SDO.Evidence)
        self._say(node, RDFS.label, f"{field}: {text}" if text else field)
        self._say(node, SDO.about, about)
        self._say(node, SDO.field, field)
        self._say(node, SDO.writtenAs, text)
        self._say(node, SDO.locator, locator)
        self._say(node, SDO.confidence, Literal(f"{confidence:.2f}", datatype=XSD.decimal))
        self._say(node, SDO.matchedBy, rule)
        self._say(node, PROV.wasDerivedFrom, self._document)
        return node

    def _reference(self, about: NamedNode, reference: Reference) -> NamedNode | None:
        """Evidence of a reference; its target, or None when it is unresolved."""
        node = self._evidence_node(
            about, reference.field, reference.text, reference.locator, reference.confidence, reference.rule
        )
        if reference.title:
            self._say(node, DCT.title, reference.title)
        if reference.target is None:
            self._say(node, RDF.type, SDO.UnresolvedReference)
            self._say(node, SDO.candidate, *map(_iri, reference.candidates))
            return None
        target = _iri(reference.target)
        self._say(node, SDO.refersTo, target)
        return target

    # --- records

    @singledispatchmethod
    def add(self, record: Record) -> None:
        raise TypeError(f"no way to write a {type(record).__name__}")

    @add.register
    def _(self, body: Body) -> None:
        kind = ORG.OrganizationalCollaboration if body.kind == "partnership" else ORG.FormalOrganization
        node = self._resource(ids.body_key(body.id), body.short_name, body.id, SDO.Body, kind)
        self._say(node, SKOS.prefLabel, body.name)
        self._say(node, SKOS.altLabel, *body.alt_names)
        self._say(node, SDO.shortName, body.short_name)
        self._say(node, SDO.bodyKind, concept("body-kind", body.kind))
        self._say(node, FOAF.homepage, NamedNode(body.homepage) if body.homepage else None)
        self._say(node, ORG.subOrganizationOf, *map(self._organization, body.parents))
        self._date(node, SDO.begin, body.begin)
        self._date(node, SDO.end, body.end)
        self._redirect(node, body.redirects)
        self._evidence(node, body.evidence)

    @add.register
    def _(self, group: Group) -> None:
        node = self._resource(
            ids.group_key(group.id),
            self._registry.label(group.id),
            group.id,
            SDO.Group,
            ORG.OrganizationalUnit,
        )
        self._say(node, SKOS.prefLabel, group.name)
        self._say(node, SKOS.altLabel, *group.alt_names)
        self._say(node, SDO.shortName, group.short_name)
        self._say(node, SDO.groupKind, concept("group-kind", group.kind))
        self._say(node, ORG.unitOf, *map(self._organization, group.bodies))
        self._say(node, ORG.subOrganizationOf, *map(self._organization, group.parents))
        self._say(node, SDO.scope, group.scope)
        self._say(node, SDO.formerName, *group.formerly)
        self._date(node, SDO.begin, group.begin)
        self._date(node, SDO.end, group.end)
        self._say(node, SDO.beginNote, group.begin_note)
        self._say(node, SDO.endNote, group.end_note)
        self._redirect(node, group.redirects)
        self._evidence(node, group.evidence)
        for successor in group.successors:
            event = self._resource(
                ids.change_event_key([group.id], [successor]),
                f"{self._registry.label(group.id)} → {self._registry.label(successor)}",
                f"{group.id}--{successor}",
                ORG.ChangeEvent,
            )
            self._say(event, ORG.originalOrganization, node)
            self._say(event, ORG.resultingOrganization, self._organization(successor))
            self._date(event, DCT.date, group.change_date)
            self._evidence(event, (replace(e, field="successor") for e in group.evidence if e.field == WHOLE))

    @add.register
    def _(self, release: Release) -> None:
        if release.kind == "release":
            key, kind = ids.release_key(release.body, release.name), SDO.Release
        else:
            key, kind = ids.study_period_key(release.body, release.name), SDO.StudyPeriod
        node = self._resource(
            key, f"{self._registry.label(release.body)} {release.name}", release.name, kind, SKOS.Concept
        )
        scheme = NamedNode(f"{ids.SCHEME_BASE}{release.kind}/{ids.slug(release.body)}")
        self._say(node, SKOS.prefLabel, release.title or release.name)
        self._say(node, SKOS.notation, release.name)
        self._say(node, SKOS.inScheme, scheme)
        self._say(node, SDO.standardsBody, self._organization(release.body))
        self._say(node, SDO.order, Literal(release.order))
        self._date(node, SDO.begin, release.begin)
        self._date(node, SDO.end, release.end)
        self._evidence(node, release.evidence)

    @add.register
    def _(self, item: WorkItem) -> None:
        node = self._work_item(item.body, item.code, item.title, item.groups)
        if item.kind == "study-item":
            self._say(node, RDF.type, SDO.StudyItem)
        self._say(node, SKOS.notation, *item.alt_codes)
        self._say(node, SDO.plannedFor, *(_iri(ids.release_key(item.body, r)) for r in item.releases))
        self._say(node, ADMS.status, concept("work-item-status", item.status) if item.status else None)
        self._date(node, SDO.begin, item.begin)
        self._date(node, SDO.end, item.end)
        self._say(
            node, SDO.produces, *(_iri(ids.specification_key(item.body, n)) for n in item.specifications)
        )
        self._evidence(node, item.evidence)

    def _work_item(self, body: str, code: str, title: str, groups: Iterable[str]) -> NamedNode:
        node = self._resource(ids.work_item_key(body, code), code, code, SDO.WorkItem, PROV.Plan)
        self._say(node, DCT.title, title)
        self._say(node, SDO.standardsBody, self._organization(body))
        self._say(node, SDO.responsibleGroup, *map(self._organization, groups))
        return node

    @add.register
    def _(self, specification: Specification) -> None:
        key = ids.specification_key(specification.body, specification.number)
        label = f"{self._registry.label(specification.body)} {specification.number}"
        node = self._resource(key, label, specification.number, SDO.Specification, FABIO.Specification)
        self._say(node, DCT.title, specification.title)
        self._say(node, SDO.standardsBody, self._organization(specification.body))
        self._say(node, SDO.responsibleGroup, *map(self._organization, specification.groups))
        self._say(
            node,
            ADMS.status,
            concept("work-item-status", specification.status) if specification.status else None,
        )
        self._evidence(node, specification.evidence)
        for version in specification.versions:
            made = self._resource(
                ids.specification_version_key(specification.body, specification.number, version),
                f"{label} v{version}",
                f"{specification.number} v{version}",
                SDO.SpecificationVersion,
            )
            self._say(made, DCT.isVersionOf, node)
            self._say(made, DCAT.version, version)
            self._evidence(made, specification.evidence)

    @add.register
    def _(self, meeting: Meeting) -> None:
        node = self._meeting(meeting.group, meeting.name, meeting.begin, meeting.end, meeting.place)
        self._evidence(node, meeting.evidence)

    def _meeting(
        self, group: str, name: str, begin: str | None, end: str | None, place: str | None
    ) -> NamedNode:
        node = self._resource(ids.meeting_key(group, name), name, name, SDO.Meeting, SCHEMA.Event)
        self._say(node, SCHEMA.organizer, self._organization(group))
        self._date(node, SCHEMA.startDate, begin)
        self._date(node, SCHEMA.endDate, end)
        self._say(node, SCHEMA.location, place)
        return node

    @add.register
    def _(self, relationship: LiaisonRelationship) -> None:
        left, right = relationship.left, relationship.right
        node = self._resource(
            ids.relationship_key(left, right, relationship.kind),
            f"{self._registry.label(left)} – {self._registry.label(right)}: {relationship.kind}",
            f"{left}--{right}--{relationship.kind}",
            SDO.LiaisonRelationship,
        )
        self._say(node, SDO.party, self._organization(left), self._organization(right))
        self._say(node, SDO.relationshipKind, concept("relationship-kind", relationship.kind))
        self._date(node, SDO.begin, relationship.begin)
        self._date(node, SDO.end, relationship.end)
        self._evidence(node, relationship.evidence)

    @add.register
    def _(self, statement: LiaisonStatement) -> None:
        if statement.key is None:
            raise ValueError("a liaison statement must be linked before it is written")
        node = self._resource(
            statement.key,
            statement.number or statement.title,
            statement.number or ids.local_id(statement.key),
            SDO.LiaisonStatement,
            SCHEMA.Message,
        )
        self._say(node, DCT.title, statement.title)
        self._date(node, SCHEMA.dateSent, statement.date)
        self._say(node, SDO.layout, statement.layout)
        self._say(node, SDO.receivedNumber, *statement.received_numbers)
        self._say(node, SCHEMA.messageAttachment, *statement.attachments)
        self._evidence(node, statement.evidence)
        for prop, references in (
            (SCHEMA.sender, statement.sender),
            (SCHEMA.toRecipient, statement.to),
            (SCHEMA.ccRecipient, statement.cc),
            (CITO.repliesTo, statement.in_reply_to),
            (SDO.plannedFor, statement.releases),
            (SDO.concerns, statement.work_items),
            (SDO.mentions, statement.mentions),
        ):
            for reference in references:
                self._say(node, prop, self._reference(node, reference))
        for reference, purpose in statement.purpose_by_addressee():
            self._say(node, SDO.purpose, concept("purpose", purpose))
            self._say(node, _PURPOSE_TERM[purpose], _iri(reference.target) if reference.target else None)
        for n, action in enumerate(statement.actions, 1):
            self._action(node, f"{statement.key}/action/{n}", n, action)
        sender = next((r.target for r in statement.sender if r.target), None)
        for meeting in statement.meetings:
            self._announced(node, sender, meeting)
        for reference in (*statement.work_items, *statement.mentions):
            self._own_item(reference, sender)

    def _action(self, statement: NamedNode, key: str, n: int, action: RequestedAction) -> None:
        made = self._resource(key, f"action {n}", str(n), SDO.RequestedAction)
        self._say(statement, SDO.requestsAction, made)
        self._say(made, SCHEMA.text, action.text)
        self._date(made, SDO.deadline, action.deadline)
        self._evidence_node(made, "action", action.text, action.locator, 1.0, "stated")
        for reference in action.addressees:
            self._say(made, SDO.requestedOf, self._reference(made, reference))

    def _announced(self, statement: NamedNode, sender: str | None, meeting: AnnouncedMeeting) -> None:
        if sender is None:
            return  # whose meeting it is cannot be told; the words stay in the statement's evidence
        made = self._meeting(ids.local_id(sender), meeting.name, meeting.begin, meeting.end, meeting.place)
        self._say(statement, SDO.announces, made)
        words = " ".join(w for w in (meeting.name, meeting.begin, meeting.end, meeting.place) if w)
        self._evidence_node(made, WHOLE, words, meeting.locator, 1.0, "stated")

    def _own_item(self, reference: Reference, sender: str | None) -> None:
        """An item that its own group states in its own statement exists by that statement."""
        if reference.rule != OWN_ITEM or reference.target is None or sender is None or not reference.title:
            return
        _, body, _ = reference.target.split("/", 2)
        node = self._work_item(body, reference.text, reference.title, [ids.local_id(sender)])
        self._reference(node, replace(reference, field=WHOLE))

    def _redirect(self, node: NamedNode, keys: Iterable[str]) -> None:
        for key in keys:
            self._say(_iri(key), DCT.isReplacedBy, node)
