"""What linking needs to know of the graph: its organisations, items and releases, read back as records."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from sdograph import identifiers as ids
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import (
    Body,
    Group,
    LiaisonStatement,
    Record,
    Reference,
    Release,
    Specification,
    WorkItem,
)
from sdograph.namespaces import DCT, ORG, RDF, SCHEMA, SDO, SKOS
from sdograph.triples import Triples


def linker(view: Triples) -> Linker:
    """A linker that knows all that the graph knows."""
    found = list(items(view))
    return Linker(Registry.from_records([*organizations(view), *found]), MemoryIndex.from_records(found))


def organizations(view: Triples) -> Iterator[Body | Group]:
    """The bodies and groups of the graph, without their evidence."""
    redirects: dict[NamedNode, list[str]] = {}
    for t in view.triples(None, DCT.isReplacedBy):
        if isinstance(t.object, NamedNode) and isinstance(t.subject, NamedNode):
            redirects.setdefault(t.object, []).append(t.subject.value.removeprefix(ids.ID_BASE))
    for node in _instances(view, SDO.Body):
        yield Body(
            id=_text(view, node, DCT.identifier),
            name=_text(view, node, SKOS.prefLabel),
            short_name=_text(view, node, SDO.shortName),
            kind=_notation(view, node, SDO.bodyKind),
            alt_names=_texts(view, node, SKOS.altLabel),
            parents=_ids(view, node, ORG.subOrganizationOf),
            begin=view.text(node, SDO.begin),
            end=view.text(node, SDO.end),
            redirects=tuple(sorted(redirects.get(node, ()))),
        )
    successors: dict[NamedNode, list[tuple[str, str | None]]] = {}
    for event in _instances(view, ORG.ChangeEvent):
        when = view.text(event, DCT.date)
        for old in view.objects(event, ORG.originalOrganization):
            if isinstance(old, NamedNode):
                new = _ids(view, event, ORG.resultingOrganization)
                successors.setdefault(old, []).extend((n, when) for n in new)
    for node in _instances(view, SDO.Group):
        followed = sorted(successors.get(node, ()))
        yield Group(
            id=_text(view, node, DCT.identifier),
            bodies=_ids(view, node, ORG.unitOf),
            name=_text(view, node, SKOS.prefLabel),
            short_name=_text(view, node, SDO.shortName),
            kind=_notation(view, node, SDO.groupKind),
            alt_names=_texts(view, node, SKOS.altLabel),
            parents=_ids(view, node, ORG.subOrganizationOf),
            begin=view.text(node, SDO.begin),
            end=view.text(node, SDO.end),
            successors=tuple(n for n, _ in followed),
            change_date=next((when for _, when in followed if when), None),
            formerly=_texts(view, node, SDO.formerName),
            redirects=tuple(sorted(redirects.get(node, ()))),
        )


def items(view: Triples) -> Iterator[Record]:
    """Work items, specifications, releases, and of liaison statements what their numbers lead to."""
    for node in _instances(view, SDO.WorkItem):
        study = next(view.triples(node, RDF.type, SDO.StudyItem), None) is not None
        yield WorkItem(
            body=_body(view, node),
            code=_text(view, node, DCT.identifier),
            title=_text(view, node, DCT.title),
            kind="study-item" if study else "work-item",
            groups=_ids(view, node, SDO.responsibleGroup),
            alt_codes=_texts(view, node, SKOS.notation),
        )
    for node in _instances(view, SDO.Specification):
        yield Specification(
            body=_body(view, node),
            number=_text(view, node, DCT.identifier),
            title=view.text(node, DCT.title),
            groups=_ids(view, node, SDO.responsibleGroup),
        )
    for kind in (SDO.Release, SDO.StudyPeriod):
        for node in _instances(view, kind):
            yield Release(
                body=_body(view, node),
                name=_text(view, node, DCT.identifier),
                kind="release" if kind == SDO.Release else "study-period",
                order=int(_text(view, node, SDO.order)),
            )
    for node in _instances(view, SDO.LiaisonStatement):
        senders = sorted(o.value for o in view.objects(node, SCHEMA.sender) if isinstance(o, NamedNode))
        yield LiaisonStatement(
            key=ids.key_of(node.value),
            layout=view.text(node, SDO.layout) or "",
            title=_text(view, node, DCT.title),
            sender=tuple(
                Reference(text=s, field="sender", kind="organization", target=ids.key_of(s)) for s in senders
            ),
            to=(),
            number=view.text(node, DCT.identifier),
            received_numbers=_texts(view, node, SDO.receivedNumber),
        )


def _instances(view: Triples, kind: NamedNode) -> list[NamedNode]:
    found = (t.subject for t in view.triples(None, RDF.type, kind))
    return sorted((n for n in found if isinstance(n, NamedNode)), key=lambda n: n.value)


def _text(view: Triples, node: NamedNode, prop: NamedNode) -> str:
    """The value of a property that the shapes demand."""
    found = view.text(node, prop)
    if found is None:
        raise ValueError(f"{node} has no {prop}")
    return found


def _texts(view: Triples, node: NamedNode, prop: NamedNode) -> tuple[str, ...]:
    return tuple(sorted(o.value for o in view.objects(node, prop) if isinstance(o, Literal)))


def _ids(view: Triples, node: NamedNode, prop: NamedNode) -> tuple[str, ...]:
    """The registry ids of the organisations that a property leads to."""
    keys = (ids.key_of(o.value) for o in view.objects(node, prop) if isinstance(o, NamedNode))
    return tuple(sorted(ids.local_id(key) for key in keys if key))


def _body(view: Triples, node: NamedNode) -> str:
    return next(iter(_ids(view, node, SDO.standardsBody)))


def _notation(view: Triples, node: NamedNode, prop: NamedNode) -> str:
    """The notation of a concept, the last part of its IRI."""
    return _text(view, node, prop).rpartition("/")[2]
