"""What linking needs to know of the graph: its organisations and releases as records, its codes on demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from sdograph import identifiers as ids
from sdograph.linking import Candidate, Linker, Registry
from sdograph.linking.codes import exact_form, near_text
from sdograph.model import Body, Group, Release
from sdograph.namespaces import DCT, ORG, RDF, SCHEMA, SDO, SKOS
from sdograph.store import Snapshot
from sdograph.triples import Triples

#: With what the keys of the things begin that a linker knows all of.
_KNOWN = tuple(
    f"{ids.ID_BASE}{kind}/" for kind in ("body", "group", "release", "study-period", "change-event")
)
#: The linker made last for a published generation, and the version of that.
_kept: tuple[str, Linker] | None = None


def linker(view: Triples) -> Linker:
    """A linker that knows all that the graph knows.

    Bodies, groups and releases are read at once, some thousands at most; codes are looked up as they come.
    """
    return Linker(Registry.from_records([*organizations(view), *releases(view)]), StoreIndex(view))


def outdates_linkers(triples: Iterable[Triple]) -> bool:
    """Whether a linker made without these triples, or with them, may know something else."""
    return any(t.subject.value.startswith(_KNOWN) for t in triples if isinstance(t.subject, NamedNode))


def keep_linker(linker: Linker, version: str) -> None:
    """Keeps a linker that knows what the generation of that version knows.

    To make it costs several times what else is to be done for one liaison statement, and whoever takes in
    one after the other should pay it once.
    """
    global _kept
    _kept = version, linker


def kept_linker(view: Snapshot) -> Linker | None:
    """A linker over a writer's view before the first change; None when that of its generation is not kept."""
    if _kept is None or not view.generation or _kept[0] != view.version:
        return None
    return _kept[1].over(StoreIndex(view))


class StoreIndex:
    """A code index over a graph: one look-up by ``sdo:exactForm``, one by ``sdo:nearForm``."""

    def __init__(self, view: Triples) -> None:
        self._view = view

    def candidates(self, code: str) -> Sequence[Candidate]:
        exact = self._bearing(SDO.exactForm, exact_form(code))
        near = self._bearing(SDO.nearForm, near_text(code))
        return [
            *(self._candidate(n, exact=True) for n in exact),
            *(self._candidate(n, exact=False) for n in near if n not in exact),
        ]

    def _bearing(self, prop: NamedNode, form: str) -> list[NamedNode]:
        if not form:
            return []
        found = {t.subject for t in self._view.triples(None, prop, Literal(form))}
        return sorted((n for n in found if isinstance(n, NamedNode)), key=lambda n: n.value)

    def _candidate(self, node: NamedNode, *, exact: bool) -> Candidate:
        view, key = self._view, ids.key_of(node.value) or ""
        return Candidate(
            key=key,
            code=_text(view, node, DCT.identifier),
            body=key.split("/")[1],
            groups=_ids(view, node, SDO.responsibleGroup) or _ids(view, node, SCHEMA.sender),
            title=view.text(node, DCT.title),
            exact=exact,
        )


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
            scope=view.text(node, SDO.scope),
            begin=view.text(node, SDO.begin),
            end=view.text(node, SDO.end),
            successors=tuple(n for n, _ in followed),
            change_date=next((when for _, when in followed if when), None),
            formerly=_texts(view, node, SDO.formerName),
            redirects=tuple(sorted(redirects.get(node, ()))),
        )


def releases(view: Triples) -> Iterator[Release]:
    """The releases and study periods of the graph."""
    for kind in (SDO.Release, SDO.StudyPeriod):
        for node in _instances(view, kind):
            yield Release(
                body=next(iter(_ids(view, node, SDO.standardsBody))),
                name=_text(view, node, DCT.identifier),
                kind="release" if kind == SDO.Release else "study-period",
                order=int(_text(view, node, SDO.order)),
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


def _notation(view: Triples, node: NamedNode, prop: NamedNode) -> str:
    """The notation of a concept, the last part of its IRI."""
    return _text(view, node, prop).rpartition("/")[2]
