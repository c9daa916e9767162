"""Records of bodies, groups, releases, items, meetings and relationships, one function a class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

from pyoxigraph import Literal, NamedNode

from sdograph import identifiers as ids
from sdograph.graph.page import WHOLE, Page, concept, node
from sdograph.model import (
    Body,
    Evidence,
    Group,
    ItemRelation,
    LiaisonRelationship,
    Meeting,
    Record,
    Reference,
    RelationKind,
    Release,
    Specification,
    Version,
    WorkItem,
    WorkItemKind,
)
from sdograph.namespaces import ADMS, DCAT, DCT, FABIO, FOAF, ORG, PROV, RDF, SCHEMA, SDO, SKOS, XSD

_RELATION_TERM: dict[RelationKind, NamedNode] = {
    "replaces": DCT.replaces,
    "same-text": SDO.sameTextAs,
    "amends": SDO.amends,
    "corrects": SDO.corrects,
    "part-of": DCT.isPartOf,
    "supplements": SDO.supplements,
    "references": DCT.references,
    "related": DCT.relation,
}


@singledispatch
def write(record: Record, page: Page) -> None:
    """Writes a linked record onto the page of its document."""
    raise TypeError(f"no way to write a {type(record).__name__} on {page}")


@write.register
def _body(body: Body, page: Page) -> None:
    kind = ORG.OrganizationalCollaboration if body.kind == "partnership" else ORG.FormalOrganization
    about = page.resource(ids.body_key(body.id), body.short_name, body.id, SDO.Body, kind)
    page.say(about, SKOS.prefLabel, body.name)
    page.say(about, SKOS.altLabel, *body.alt_names)
    page.say(about, SDO.shortName, body.short_name)
    page.say(about, SDO.bodyKind, concept("body-kind", body.kind))
    page.say(about, FOAF.homepage, NamedNode(body.homepage) if body.homepage else None)
    page.say(about, ORG.subOrganizationOf, *map(page.organization, body.parents))
    page.date(about, SDO.begin, body.begin)
    page.date(about, SDO.end, body.end)
    page.redirect(about, body.redirects)
    page.evidence(about, body.evidence)


@write.register
def _group(group: Group, page: Page) -> None:
    about = page.resource(
        ids.group_key(group.id),
        page.registry.label(group.id),
        group.id,
        SDO.Group,
        ORG.OrganizationalUnit,
    )
    page.say(about, SKOS.prefLabel, group.name)
    page.say(about, SKOS.altLabel, *group.alt_names)
    page.say(about, SDO.shortName, group.short_name)
    page.say(about, SDO.groupKind, concept("group-kind", group.kind))
    page.say(about, ORG.unitOf, *map(page.organization, group.bodies))
    page.say(about, ORG.subOrganizationOf, *map(page.organization, group.parents))
    page.say(about, SDO.scope, group.scope)
    page.say(about, SDO.formerName, *group.formerly)
    page.date(about, SDO.begin, group.begin)
    page.date(about, SDO.end, group.end)
    page.say(about, SDO.beginNote, group.begin_note)
    page.say(about, SDO.endNote, group.end_note)
    page.redirect(about, group.redirects)
    page.evidence(about, group.evidence)
    for successor in group.successors:
        event = page.resource(
            ids.change_event_key([group.id], [successor]),
            f"{page.registry.label(group.id)} → {page.registry.label(successor)}",
            f"{group.id}--{successor}",
            ORG.ChangeEvent,
        )
        page.say(event, ORG.originalOrganization, about)
        page.say(event, ORG.resultingOrganization, page.organization(successor))
        page.date(event, DCT.date, group.change_date)
        page.evidence(event, (replace(e, field="successor") for e in group.evidence if e.field == WHOLE))


@write.register
def _release(release: Release, page: Page) -> None:
    if release.kind == "release":
        key, kind = ids.release_key(release.body, release.name), SDO.Release
    else:
        key, kind = ids.study_period_key(release.body, release.name), SDO.StudyPeriod
    about = page.resource(
        key, f"{page.registry.label(release.body)} {release.name}", release.name, kind, SKOS.Concept
    )
    scheme = NamedNode(f"{ids.SCHEME_BASE}{release.kind}/{ids.slug(release.body)}")
    listed = "Releases" if release.kind == "release" else "Study periods"
    page.say(scheme, RDF.type, SKOS.ConceptScheme)
    page.say(scheme, SKOS.prefLabel, f"{listed} of {page.registry.label(release.body)}")
    page.say(about, SKOS.prefLabel, release.title or release.name)
    page.say(about, SKOS.notation, release.name)
    page.say(about, SKOS.inScheme, scheme)
    page.say(about, SDO.standardsBody, page.organization(release.body))
    page.say(about, SDO.order, Literal(release.order))
    page.date(about, SDO.begin, release.begin)
    page.date(about, SDO.end, release.end)
    page.evidence(about, release.evidence)


@write.register
def _work_item_record(item: WorkItem, page: Page) -> None:
    about = write_work_item(page, item.body, item.code, item.title, item.groups, item.kind)
    page.say(about, SDO.number, item.number)
    page.say(about, SKOS.notation, *item.alt_codes)
    page.codes(about, [*item.alt_codes, *([item.number] if item.number else [])])
    page.say(about, SDO.plannedFor, *(_release_node(page, item.body, r) for r in item.releases))
    page.say(about, ADMS.status, concept("work-item-status", item.status) if item.status else None)
    page.date(about, SDO.begin, item.begin)
    page.date(about, SDO.end, item.end)
    page.date(about, SDO.target, item.target)
    if item.completion is not None:
        page.say(about, SDO.completion, Literal(f"{item.completion:.1f}", datatype=XSD.decimal))
    if item.parent is not None:
        page.say(about, DCT.isPartOf, node(ids.work_item_key(item.body, item.parent)))
    for prop, numbers in ((SDO.produces, item.specifications), (SDO.impacts, item.impacts)):
        page.say(about, prop, *(node(ids.specification_key(item.body, n)) for n in numbers))
    page.say(about, SDO.approvedIn, *item.documents)
    _linked(page, about, SDO.liaisesWith, item.partners)
    _linked(page, about, SDO.responsibleGroup, item.group_references)
    page.topics(about, item.title, _place(item.evidence))
    page.evidence(about, item.evidence)


def write_work_item(
    page: Page, body: str, code: str, title: str | None, groups: Iterable[str], kind: WorkItemKind | None
) -> NamedNode:
    about = page.resource(ids.work_item_key(body, code), code, code, SDO.WorkItem, PROV.Plan)
    if kind == "study-item":
        page.say(about, RDF.type, SDO.StudyItem)
    page.say(about, SDO.itemKind, concept("work-item-kind", kind) if kind else None)
    page.codes(about, [code])
    page.say(about, DCT.title, title)
    page.say(about, SDO.standardsBody, page.organization(body))
    page.say(about, SDO.responsibleGroup, *map(page.organization, groups))
    return about


@write.register
def _specification(specification: Specification, page: Page) -> None:
    body, number = specification.body, specification.number
    label = f"{page.registry.label(body)} {number}"
    about = page.resource(
        ids.specification_key(body, number), label, number, SDO.Specification, FABIO.Specification
    )
    page.codes(about, [number, *specification.alt_numbers])
    page.say(about, SKOS.notation, *specification.alt_numbers)
    page.say(about, DCT.title, specification.title)
    page.say(about, DCT.type, specification.kind)
    page.say(about, SDO.standardsBody, page.organization(body))
    page.say(about, SDO.responsibleGroup, *map(page.organization, specification.groups))
    page.say(about, ADMS.status, _status(specification.status))
    page.say(about, SDO.workItemNumber, specification.work_item)
    page.say(about, SCHEMA.keywords, *specification.keywords)
    page.say(about, FOAF.page, NamedNode(specification.address) if specification.address else None)
    if specification.release is not None:
        page.say(about, SDO.plannedFor, _release_node(page, body, specification.release))
    _linked(page, about, SDO.responsibleGroup, specification.group_references)
    page.topics(about, specification.title, _place(specification.evidence), specification.keywords)
    page.evidence(about, specification.evidence)
    for version in specification.versions:
        _version(page, about, specification, label, version)
    for relation in specification.relations:
        other = node(ids.specification_key(relation.body, relation.number))
        if relation.kind == "replaced-by":
            page.say(other, DCT.replaces, about)
        else:
            page.say(about, _RELATION_TERM[relation.kind], other)


def _version(
    page: Page, about: NamedNode, specification: Specification, label: str, version: Version
) -> None:
    made = page.resource(
        ids.specification_version_key(specification.body, specification.number, version.number),
        f"{label} v{version.number}",
        f"{specification.number} v{version.number}",
        SDO.SpecificationVersion,
    )
    page.say(made, DCT.isVersionOf, about)
    page.say(made, DCAT.version, version.number)
    page.date(made, DCT.issued, version.date)
    page.say(made, ADMS.status, _status(version.status))
    page.say(made, SDO.stage, version.stage)
    page.say(made, SDO.workItemNumber, version.work_item)
    if version.release is not None:
        page.say(made, SDO.plannedFor, _release_node(page, specification.body, version.release))


def _place(evidence: Iterable[Evidence]) -> str:
    """Where a record stands in its document."""
    return next((e.locator for e in evidence), "")


def _status(notation: str | None) -> NamedNode | None:
    return concept("work-item-status", notation) if notation else None


def _linked(page: Page, about: NamedNode, prop: NamedNode, references: Iterable[Reference]) -> None:
    """Groups by name: linked, or kept as written to be reviewed."""
    for reference in references:
        page.say(about, prop, page.reference(about, reference))


def _release_node(page: Page, body: str, name: str) -> NamedNode:
    """The release or study period of that name of a body; a release where none is known."""
    known = (key for key in page.registry.releases(name) if key.split("/")[1] == ids.slug(body))
    return node(next(known, ids.release_key(body, name)))


@write.register
def _meeting_record(meeting: Meeting, page: Page) -> None:
    about = write_meeting(page, meeting.group, meeting.name, meeting.begin, meeting.end, meeting.place)
    page.evidence(about, meeting.evidence)


def write_meeting(
    page: Page, group: str, name: str, begin: str | None, end: str | None, place: str | None
) -> NamedNode:
    about = page.resource(ids.meeting_key(group, name), name, name, SDO.Meeting, SCHEMA.Event)
    page.say(about, SCHEMA.organizer, page.organization(group))
    page.date(about, SCHEMA.startDate, begin)
    page.date(about, SCHEMA.endDate, end)
    page.say(about, SCHEMA.location, place)
    return about


@write.register
def _relationship(relationship: LiaisonRelationship, page: Page) -> None:
    # It has no direction: what two committees each say of the other is one relationship.
    left, right = sorted((relationship.left, relationship.right))
    about = page.resource(
        ids.relationship_key(left, right, relationship.kind),
        f"{page.registry.label(left)} – {page.registry.label(right)}: {relationship.kind}",
        f"{left}--{right}--{relationship.kind}",
        SDO.LiaisonRelationship,
    )
    page.say(about, SDO.party, page.organization(left), page.organization(right))
    page.say(about, SDO.relationshipKind, concept("relationship-kind", relationship.kind))
    page.date(about, SDO.begin, relationship.begin)
    page.date(about, SDO.end, relationship.end)
    page.evidence(about, relationship.evidence)


@write.register
def _item_relation(relation: ItemRelation, page: Page) -> None:
    ends = (relation.left, relation.right)
    kind = relation.kind
    left, right = (r.target or r.text for r in ends)
    key = ids.item_relation_key(left, right, kind)
    about = page.resource(
        key, f"{ends[0].text} – {ends[1].text}: {kind}", ids.local_id(key), SDO.ItemRelation
    )
    page.say(about, SDO.relationKind, concept("item-relation", kind))
    page.say(about, SDO.item, *(page.reference(about, r) for r in ends))
    page.evidence(about, relation.evidence)
