"""What a person should look at: names that were not linked, fields read with doubt, documents that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias, get_args

from pyoxigraph import Literal, NamedNode

from sdograph import identifiers as ids
from sdograph import organisations
from sdograph.errors import UsageError
from sdograph.linking.names import fold
from sdograph.model import ReferenceKind
from sdograph.namespaces import ORG, PROV, RDF, RDFS, SCHEMA, SDO
from sdograph.review.decision import FIELDS, REFERENCES, field_item, short, words_item
from sdograph.store import Snapshot
from sdograph.triples import Term

ItemKind: TypeAlias = OneOf["unresolved", "uncertain", "contradiction"]
KINDS: tuple[ItemKind, ...] = get_args(ItemKind)

#: A reading of at most this confidence is for a person to look at.
DOUBT = 0.5

#: By what a statement, item or meeting belongs to a group or body.
_BELONGS = (
    SCHEMA.sender, SCHEMA.toRecipient, SCHEMA.ccRecipient, SCHEMA.organizer, SDO.responsibleGroup,
    SDO.standardsBody, SDO.party, SDO.requestedOf, ORG.unitOf, ORG.subOrganizationOf,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in a document."""

    evidence: NamedNode
    about: NamedNode
    field: str
    words: str
    document: NamedNode
    locator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A value, and the documents that state it."""

    value: NamedNode | Literal
    documents: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry of the list: one decision settles it wherever it stands."""

    id: str
    """Stays the same as long as it is about the same words, or the same field of the same thing."""
    kind: ItemKind
    fields: tuple[str, ...]
    words: str
    """As written, in the most frequent spelling; of a contradiction the label of the thing."""
    settles: int
    """How many places in documents one decision settles."""
    reference_kind: ReferenceKind | None = None
    """Of words: what kind of thing they name."""
    thing: NamedNode | None = None
    """Of a field: of what."""
    values: tuple[Stated, ...] = ()
    candidates: tuple[NamedNode, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def documents(self) -> tuple[NamedNode, ...]:
        """The documents it stands in, those with the most places first."""
        of_values = (d for v in self.values for d in v.documents)
        counted = Counter(p.document for p in self.places) if self.places else Counter(of_values)
        return tuple(d for d, _ in sorted(counted.items(), key=lambda e: (-e[1], e[0].value)))

    @property
    def order(self) -> str:
        """Sorts what settles the most first; no two items share it."""
        return f"{10**9 - self.settles} {KINDS.index(self.kind)} {self.words.casefold()} {self.id}"


def items(
    view: Snapshot,
    *,
    kind: str | None = None,
    organization: NamedNode | None = None,
    document: str | None = None,
    text: str | None = None,
) -> list[Item]:
    """The entries that fit, those first that settle the most.

    ``organization`` keeps what concerns a group or body, or for a body anything below it; ``document`` is the
    key or a part of the name of a document; ``text`` words that must occur in what is shown. Raises
    UsageError for a kind that there is not, and when no document has such a name.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"no items are of kind {kind!r}", hint=f"kinds are {', '.join(KINDS)}")
    found = [*_unresolved(view), *_of_fields(view)]
    if kind is not None:
        found = [item for item in found if item.kind == kind]
    if document is not None:
        keys = frozenset(documents(view, document))
        found = [item for item in found if keys.intersection(item.documents)]
    if organization is not None:
        concerned = _concerned(view, organization)
        found = [item for item in found if concerned.intersection(_things(item))]
    if text is not None:
        wanted = text.casefold().split()
        found = [item for item in found if all(word in _shown(item) for word in wanted)]
    return sorted(found, key=lambda item: item.order)


def documents(view: Snapshot, name: str) -> list[NamedNode]:
    """The documents of a key, or with a name that holds this; raises UsageError when there is none."""
    known = [t.subject for t in view.triples(None, RDF.type, SDO.SourceDocument)]
    nodes = {n: view.text(n, RDFS.label) or "" for n in known if isinstance(n, NamedNode)}
    key = f"document/{name.removeprefix(ids.ID_BASE).removeprefix('document/')}"
    exact = [n for n in nodes if n.value == ids.iri(key)] or [
        n for n, label in nodes.items() if label == name
    ]
    found = exact or [n for n, label in nodes.items() if name.casefold() in label.casefold()]
    if not found:
        raise UsageError(
            f"no document is called {name!r}", hint="sdograph review shows the documents of each item"
        )
    return sorted(found, key=lambda n: n.value)


# --- names


_UNRESOLVED = """
SELECT ?evidence ?words ?field ?about ?document ?locator {
  ?evidence a sdo:UnresolvedReference ; sdo:writtenAs ?words ; sdo:field ?field ; sdo:about ?about ;
            sdo:locator ?locator ; prov:wasDerivedFrom ?document .
  FILTER NOT EXISTS { ?evidence sdo:settledBy ?decision }
}"""


def _places(rows: Iterable[dict[str, Term | None]]) -> Iterator[Place]:
    for row in rows:
        evidence, about, document = (row[name] for name in ("evidence", "about", "document"))
        if all(isinstance(n, NamedNode) for n in (evidence, about, document)):
            words, field, locator = (
                getattr(row[name], "value", "") for name in ("words", "field", "locator")
            )
            yield Place(
                evidence=evidence,  # type: ignore[arg-type]
                about=about,  # type: ignore[arg-type]
                document=document,  # type: ignore[arg-type]
                words=words,
                field=field,
                locator=locator,
            )


def _unresolved(view: Snapshot) -> Iterator[Item]:
    grouped: dict[str, list[Place]] = {}
    for place in _places(view.rows(_UNRESOLVED)):
        if place.field in REFERENCES:
            kind = REFERENCES[place.field][1]
            grouped.setdefault(words_item(place.words, kind), []).append(place)
    candidates: dict[str, set[NamedNode]] = {}
    for t in view.triples(None, SDO.candidate):
        if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            candidates.setdefault(t.subject.value, set()).add(t.object)
    for id, places in grouped.items():
        spellings = Counter(p.words for p in places)
        near = {c for p in places for c in candidates.get(p.evidence.value, ())}
        yield Item(
            id=id,
            kind="unresolved",
            fields=tuple(sorted({p.field for p in places})),
            words=min(spellings, key=lambda words: (-spellings[words], words)),
            settles=len({p.evidence for p in places}),
            reference_kind=REFERENCES[places[0].field][1],
            candidates=tuple(sorted(near, key=lambda n: n.value)),
            places=_in_order(places),
        )


def _in_order(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(set(places), key=lambda p: (p.document.value, p.locator, p.evidence.value)))


# --- fields


_DOUBTED = f"""
SELECT ?evidence ?words ?field ?about ?document ?locator {{
  {{ SELECT ?evidence {{ ?evidence sdo:confidence ?confidence FILTER(?confidence <= {DOUBT}) }} }}
  ?evidence sdo:writtenAs ?words ; sdo:field ?field ; sdo:about ?about ; sdo:locator ?locator ;
            prov:wasDerivedFrom ?document .
}}"""


def _of_fields(view: Snapshot) -> Iterator[Item]:
    """Fields that documents contradict each other about, and those that were read with doubt."""
    doubted: dict[tuple[NamedNode, str], list[Place]] = {}
    passed_over = {
        t.subject
        for t in (
            *view.triples(None, RDF.type, SDO.UnresolvedReference),
            *view.triples(None, SDO.settledBy),
        )
    }
    for place in _places(view.rows(_DOUBTED)):
        if place.evidence not in passed_over:
            doubted.setdefault((place.about, place.field), []).append(place)
    documents_of: dict[NamedNode, NamedNode] = {}
    for name, field in FIELDS.items():
        query = f"SELECT ?s {{ ?s {field.property} ?v }} GROUP BY ?s HAVING (COUNT(?v) > 1)"
        for row in view.rows(query):
            thing = row["s"]
            if isinstance(thing, NamedNode) and ids.key_of(thing.value):
                stated = values(view, thing, field.property, documents_of)
                if _differ(stated):
                    places = doubted.pop((thing, name), [])
                    yield _of_field(view, "contradiction", thing, name, stated, places)
    for (thing, name), places in doubted.items():
        stated = values(view, thing, FIELDS[name].property, documents_of) if name in FIELDS else ()
        yield _of_field(view, "uncertain", thing, name, stated, places)


def _of_field(
    view: Snapshot,
    kind: ItemKind,
    thing: NamedNode,
    field: str,
    stated: tuple[Stated, ...],
    places: Iterable[Place],
) -> Item:
    return Item(
        id=field_item(thing.value, field),
        kind=kind,
        fields=(field,),
        words=view.text(thing, RDFS.label) or short(thing),
        settles=1,
        thing=thing,
        values=stated,
        places=_in_order(places),
    )


def values(
    view: Snapshot, thing: NamedNode, p: NamedNode, documents_of: dict[NamedNode, NamedNode] | None = None
) -> tuple[Stated, ...]:
    """The values that documents state. ``documents_of`` keeps the documents of graphs from call to call."""
    documents_of = {} if documents_of is None else documents_of
    found: dict[NamedNode | Literal, set[NamedNode]] = {}
    for quad in view.quads(thing, p):
        graph = quad.graph_name
        if not isinstance(graph, NamedNode) or not isinstance(quad.object, NamedNode | Literal):
            continue  # the default graph holds each once more
        if graph not in documents_of:
            source = view.value(graph, PROV.hadPrimarySource)
            documents_of[graph] = source if isinstance(source, NamedNode) else graph
        found.setdefault(quad.object, set()).add(documents_of[graph])
    return tuple(
        Stated(value=value, documents=tuple(sorted(by, key=lambda n: n.value)))
        for value, by in sorted(found.items(), key=lambda entry: str(entry[0]))
    )


def _differ(stated: Iterable[Stated]) -> bool:
    """Whether values are more than spellings of one another ("ranging based", "ranging-based")."""
    return len({fold(v.value.value) if _is_text(v.value) else v.value for v in stated}) > 1


def _is_text(value: NamedNode | Literal) -> bool:
    return isinstance(value, Literal) and value.datatype.value.endswith(("#string", "#langString"))


# --- filters


def _things(item: Item) -> Iterator[NamedNode]:
    if item.thing is not None:
        yield item.thing
    yield from item.candidates
    yield from (p.about for p in item.places)


def _concerned(view: Snapshot, organization: NamedNode) -> frozenset[NamedNode]:
    """All that belongs to an organisation, and to those below it if it is a body."""
    within = organisations.within(view, organization)
    found = set(within)
    for node in within:
        for p in _BELONGS:
            found.update(t.subject for t in view.triples(None, p, node) if isinstance(t.subject, NamedNode))
    return frozenset(found)


def _shown(item: Item) -> str:
    spellings = {p.words for p in item.places}
    values = (short(v.value) for v in item.values)
    near = (short(c) for c in item.candidates)
    return " ".join((item.words, *spellings, *item.fields, *values, *near)).casefold()
