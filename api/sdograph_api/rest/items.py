"""What is said of a resource, as JSON: one table of fields for each kind, and liaison statements in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pyoxigraph import NamedNode

from sdograph.namespaces import ADMS, CITO, DCT, FOAF, ORG, RDF, SCHEMA, SDO, SKOS
from sdograph_api.view import Properties, View, first, natural, short_id, text, texts

Shape = Literal["text", "texts", "number", "reference", "references", "code"]


@dataclass(frozen=True, slots=True)
class Field:
    """How a field of an answer is made of a predicate. ``code`` is the notation of a concept."""

    predicate: NamedNode
    shape: Shape = "text"


_WHEN = {"begin": Field(SDO.begin), "end": Field(SDO.end)}

FIELDS: dict[str, Mapping[str, Field]] = {
    "bodies": {
        "name": Field(SKOS.prefLabel),
        "short_name": Field(SDO.shortName),
        "alt_names": Field(SKOS.altLabel, "texts"),
        "kind": Field(SDO.bodyKind, "code"),
        "parents": Field(ORG.subOrganizationOf, "references"),
        "homepage": Field(FOAF.homepage),
        **_WHEN,
    },
    "groups": {
        "name": Field(SKOS.prefLabel),
        "short_name": Field(SDO.shortName),
        "alt_names": Field(SKOS.altLabel, "texts"),
        "former_names": Field(SDO.formerName, "texts"),
        "kind": Field(SDO.groupKind, "code"),
        "bodies": Field(ORG.unitOf, "references"),
        "parents": Field(ORG.subOrganizationOf, "references"),
        "scope": Field(SDO.scope),
        **_WHEN,
        "begin_note": Field(SDO.beginNote),
        "end_note": Field(SDO.endNote),
    },
    "work-items": {
        "title": Field(DCT.title),
        "codes": Field(SKOS.notation, "texts"),
        "body": Field(SDO.standardsBody, "reference"),
        "groups": Field(SDO.responsibleGroup, "references"),
        "releases": Field(SDO.plannedFor, "references"),
        "status": Field(ADMS.status, "code"),
        "specifications": Field(SDO.produces, "references"),
        **_WHEN,
    },
    "specifications": {
        "title": Field(DCT.title),
        "body": Field(SDO.standardsBody, "reference"),
        "groups": Field(SDO.responsibleGroup, "references"),
        "status": Field(ADMS.status, "code"),
    },
    "releases": {
        "name": Field(SKOS.prefLabel),
        "body": Field(SDO.standardsBody, "reference"),
        "order": Field(SDO.order, "number"),
        **_WHEN,
    },
    "meetings": {
        "groups": Field(SCHEMA.organizer, "references"),
        "begin": Field(SCHEMA.startDate),
        "end": Field(SCHEMA.endDate),
        "place": Field(SCHEMA.location),
    },
    "liaison-statements": {
        "number": Field(SDO.number),
        "received_numbers": Field(SDO.receivedNumber, "texts"),
        "title": Field(DCT.title),
        "date": Field(SCHEMA.dateSent),
        "sender": Field(SCHEMA.sender, "references"),
        "to": Field(SCHEMA.toRecipient, "references"),
        "cc": Field(SCHEMA.ccRecipient, "references"),
        "releases": Field(SDO.plannedFor, "references"),
        "work_items": Field(SDO.concerns, "references"),
        "in_reply_to": Field(CITO.repliesTo, "references"),
        "attachments": Field(SCHEMA.messageAttachment, "texts"),
        "layout": Field(SDO.layout),
    },
    "topics": {
        "definition": Field(SKOS.definition),
        "alt_labels": Field(SKOS.altLabel, "texts"),
        "broader": Field(SKOS.broader, "references"),
    },
}
_MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)

_PURPOSES = {
    "action": SDO.forAction,
    "comment": SDO.forComment,
    "information": SDO.forInformation,
    "response": SDO.forResponse,
}


#: What a topic is shown for.
_ABOUT = {
    "work_items": SDO.WorkItem,
    "specifications": SDO.Specification,
    "liaison_statements": SDO.LiaisonStatement,
}


def summary(view: View, kind: str, node: NamedNode) -> dict[str, Any]:
    """A resource as lists hold it: its fields, and where it as a whole was read."""
    said = view.properties(node)
    return {
        **_identity(view, node, said),
        **_fields(view, kind, said),
        **(_topic(view, node, said) if kind == "topics" else {}),
        "evidence": view.record_evidence(node),
    }


def item(view: View, kind: str, node: NamedNode) -> dict[str, Any]:
    """A resource in full: also what leads to it, and the evidence of each field."""
    said = view.properties(node)
    return {
        **_identity(view, node, said),
        **_fields(view, kind, said),
        **_further(view, kind, node, said),
        "evidence": view.evidence(node),
    }


def _identity(view: View, node: NamedNode, said: Properties) -> dict[str, Any]:
    return {
        "id": node.value,
        "key": short_id(node),
        "label": view.label(node),
        "identifier": text(said, DCT.identifier) or text(said, SKOS.notation),
    }


def _fields(view: View, kind: str, said: Properties) -> dict[str, Any]:
    values = {name: _value(view, said, field) for name, field in FIELDS[kind].items()}
    if kind == "work-items":
        values["kind"] = "study-item" if SDO.StudyItem in said.get(RDF.type, ()) else "work-item"
    elif kind == "releases":
        values["kind"] = "study-period" if SDO.StudyPeriod in said.get(RDF.type, ()) else "release"
    elif kind == "liaison-statements":
        values["purposes"] = _purposes(said)
    return values


def _topic(view: View, node: NamedNode, said: Properties) -> dict[str, Any]:
    """What stands below a topic, what others call it, and how many are about it or about what is below it."""
    found = _about(view, node)
    bodies = Counter(
        short_id(body) or body.value
        for kind in ("work_items", "specifications")
        for item in found[kind]
        for body in view.snapshot.objects(item, SDO.standardsBody)
        if isinstance(body, NamedNode)
    )
    return {
        "narrower": view.references(_incoming(view, SKOS.broader, node)),
        "mappings": {
            predicate.value.removeprefix(SKOS.base): sorted(
                o.value for o in said[predicate] if isinstance(o, NamedNode)
            )
            for predicate in _MAPPINGS
            if predicate in said
        },
        "counts": {kind: len(nodes) for kind, nodes in found.items()},
        "items_by_body": dict(sorted(bodies.items(), key=lambda pair: (-pair[1], pair[0]))),
    }


def _about(view: View, topic: NamedNode) -> dict[str, set[NamedNode]]:
    """The resources that are about a topic or about one below it, by the names of _ABOUT."""
    topics, waiting = {topic}, [topic]
    while waiting:
        below = set(_incoming(view, SKOS.broader, waiting.pop())) - topics
        topics |= below
        waiting += below
    found = {node for one in topics for node in _incoming(view, SDO.topic, one)}
    return {name: {node for node in found if _is_a(view, node, cls)} for name, cls in _ABOUT.items()}


def _value(view: View, said: Properties, field: Field) -> Any:
    found = said.get(field.predicate, [])
    if field.shape == "texts":
        return texts(said, field.predicate)
    if field.shape == "references":
        return view.references(found)
    if field.shape == "reference":
        return next(iter(view.references(found)), None)
    if field.shape == "code":
        node = first(said, field.predicate)
        return short_id(node) if isinstance(node, NamedNode) else None
    value = text(said, field.predicate)
    return int(value) if value is not None and field.shape == "number" else value


def _purposes(said: Properties) -> dict[str, list[str]]:
    """What each addressee, by its id, gets a statement for."""
    found: dict[str, list[str]] = {}
    for purpose, predicate in _PURPOSES.items():
        for party in said.get(predicate, ()):
            if isinstance(party, NamedNode):
                found.setdefault(short_id(party) or party.value, []).append(purpose)
    return dict(sorted(found.items()))


def _further(view: View, kind: str, node: NamedNode, said: Properties) -> dict[str, Any]:
    if kind == "bodies":
        return {
            "groups": view.references(_incoming(view, ORG.unitOf, node)),
            "members": view.references(
                n for n in _incoming(view, ORG.subOrganizationOf, node) if _is_a(view, n, SDO.Body)
            ),
            "relationships": relationships(view, node),
        }
    if kind == "groups":
        return {
            "subgroups": view.references(_incoming(view, ORG.subOrganizationOf, node)),
            "predecessors": _changes(view, node, ORG.resultingOrganization, ORG.originalOrganization),
            "successors": _changes(view, node, ORG.originalOrganization, ORG.resultingOrganization),
            "relationships": relationships(view, node),
        }
    if kind == "work-items":
        statements = {*_incoming(view, SDO.mentions, node), *_incoming(view, SDO.concerns, node)}
        return {"liaison_statements": view.references(statements)}
    if kind == "specifications":
        versions = _incoming(view, DCT.isVersionOf, node)
        return {
            "versions": view.references(versions),
            "work_items": view.references(_incoming(view, SDO.produces, node)),
            "liaison_statements": view.references(_incoming(view, SDO.mentions, node)),
        }
    if kind == "meetings":
        return {"announced_by": view.references(_incoming(view, SDO.announces, node))}
    if kind == "liaison-statements":
        return _statement(view, node, said)
    if kind == "topics":
        about = {name: view.references(found) for name, found in _about(view, node).items()}
        return {**_topic(view, node, said), **about}
    return {}


def _statement(view: View, node: NamedNode, said: Properties) -> dict[str, Any]:
    mentions, unresolved = [], []
    for triple in view.snapshot.triples(None, SDO.about, node):
        if not isinstance(triple.subject, NamedNode):
            continue
        read = view.properties(triple.subject)
        target = first(read, SDO.refersTo)
        resolved = view.reference(target) if isinstance(target, NamedNode) else None
        written = {
            "as_written": text(read, SDO.writtenAs),
            "title": text(read, DCT.title),
            "locator": text(read, SDO.locator),
        }
        if text(read, SDO.field) == "mention":
            mentions.append({**written, "resolved": resolved})
        if SDO.UnresolvedReference in read.get(RDF.type, ()):
            candidates = view.references(read.get(SDO.candidate, ()))
            unresolved.append({"field": text(read, SDO.field), **written, "candidates": candidates})
    return {
        "actions": [
            _action(view, action)
            for action in sorted(said.get(SDO.requestsAction, ()), key=lambda t: natural(str(t)))
            if isinstance(action, NamedNode)
        ],
        "mentions": sorted(mentions, key=_place),
        "unresolved": sorted(unresolved, key=_place),
        "meetings": [
            {**view.reference(meeting), **_fields(view, "meetings", view.properties(meeting))}
            for meeting in said.get(SDO.announces, ())
            if isinstance(meeting, NamedNode)
        ],
        "replies": view.references(_incoming(view, CITO.repliesTo, node)),
    }


def _action(view: View, node: NamedNode) -> dict[str, Any]:
    said = view.properties(node)
    return {
        "id": node.value,
        "text": text(said, SCHEMA.text),
        "addressees": view.references(said.get(SDO.requestedOf, ())),
        "deadline": text(said, SDO.deadline),
    }


def relationships(view: View, node: NamedNode) -> list[dict[str, Any]]:
    """The standing relationships of a body or group."""
    found = []
    for relationship in _incoming(view, SDO.party, node):
        said = view.properties(relationship)
        found.append(
            {
                **view.reference(relationship),
                "parties": view.references(said.get(SDO.party, ())),
                "kind": _value(view, said, Field(SDO.relationshipKind, "code")),
                "begin": text(said, SDO.begin),
                "end": text(said, SDO.end),
            }
        )
    return sorted(found, key=lambda r: str(r["id"]))


def _changes(view: View, node: NamedNode, ours: NamedNode, theirs: NamedNode) -> list[dict[str, Any]]:
    found = []
    for event in _incoming(view, ours, node):
        said = view.properties(event)
        for other in view.references(said.get(theirs, ())):
            found.append({**other, "date": text(said, DCT.date)})
    return sorted(found, key=lambda other: (other["date"] or "", str(other["id"])))


def _incoming(view: View, predicate: NamedNode, node: NamedNode) -> list[NamedNode]:
    return [
        t.subject for t in view.snapshot.triples(None, predicate, node) if isinstance(t.subject, NamedNode)
    ]


def _is_a(view: View, node: NamedNode, kind: NamedNode) -> bool:
    return next(view.snapshot.triples(node, RDF.type, kind), None) is not None


def _place(found: dict[str, Any]) -> tuple[str, str]:
    return natural(found["locator"] or ""), found["as_written"] or ""
