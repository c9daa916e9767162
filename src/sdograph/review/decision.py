"""Decisions of people about what documents say, and how they stand in the graph.

A decision is about *words* (what a name or code means, wherever it stands or in one document) or about a
*field* of a thing (which value is right). All of them lie in the named graph :data:`GRAPH`, those withdrawn
too. Of several about the same, the latest that is not withdrawn is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal as OneOf
from typing import TypeAlias, TypeVar, get_args

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph import identifiers as ids
from sdograph.linking.names import fold
from sdograph.model import ReferenceKind
from sdograph.namespaces import ADMS, CITO, DCT, PROV, RDF, RDFS, SCHEMA, SDO, XSD
from sdograph.store import Snapshot
from sdograph.triples import Term, Triples

GRAPH = NamedNode(ids.GRAPH_BASE + "decisions")

Verdict: TypeAlias = OneOf["is", "none", "value", "right"]
"""``is``: the words mean this thing; ``none``: they stay unlinked, or no value is right; ``value``: this one
is right; ``right``: what was read is right, of a field that has no single value."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Subject: TypeAlias = tuple[str, str, str, str]
"""What a decision is about: equal for any two decisions of which only one can be in force."""

#: Field of a reference -> the property that its link has, and what kind of thing it names.
REFERENCES: dict[str, tuple[NamedNode, ReferenceKind]] = {
    "sender": (SCHEMA.sender, "organization"),
    "to": (SCHEMA.toRecipient, "organization"),
    "cc": (SCHEMA.ccRecipient, "organization"),
    "action": (SDO.requestedOf, "organization"),
    "group": (SDO.responsibleGroup, "organization"),
    "partner": (SDO.liaisesWith, "organization"),
    "work_item": (SDO.concerns, "item"),
    "mention": (SDO.mentions, "item"),
    "item": (SDO.item, "item"),
    "release": (SDO.plannedFor, "release"),
    "in_reply_to": (CITO.repliesTo, "document"),
    "answered_by": (CITO.repliesTo, "document"),
}
REFERENCE_KINDS: dict[str, ReferenceKind] = {kind: kind for _, kind in REFERENCES.values()}


@dataclass(frozen=True, slots=True)
class Field:
    """A field that has one value: its property, and how a value is written."""

    property: NamedNode
    form: OneOf["text", "date", "number", "concept"] = "text"
    scheme: str = ""


#: Fields of which a thing has one value, so that documents which state two contradict each other.
FIELDS: dict[str, Field] = {
    "title": Field(DCT.title),
    "date": Field(SCHEMA.dateSent, "date"),
    "status": Field(ADMS.status, "concept", "work-item-status"),
    "kind": Field(SDO.itemKind, "concept", "work-item-kind"),
    "begin": Field(SDO.begin, "date"),
    "end": Field(SDO.end, "date"),
    "target": Field(SDO.target, "date"),
    "completion": Field(SDO.completion, "number"),
    "issued": Field(DCT.issued, "date"),
    "start_date": Field(SCHEMA.startDate, "date"),
    "end_date": Field(SCHEMA.endDate, "date"),
    "change_date": Field(DCT.date, "date"),
    "deadline": Field(SDO.deadline, "date"),
}


def same_words(words: str, kind: ReferenceKind) -> str:
    """The form in which words are compared: of organisations as linking does, else but for case and space."""
    return fold(words) if kind == "organization" else " ".join(words.split()).casefold()


def words_item(words: str, kind: ReferenceKind) -> str:
    """The id under which words stand in the review list."""
    return f"n-{ids.short_hash(kind, same_words(words, kind))}"


def field_item(thing: str, field: str) -> str:
    """The id under which a field of a thing, given by its IRI, stands in the review list."""
    return f"f-{ids.short_hash(thing, field)}"


T = TypeVar("T", bound=Term)


def canonical(term: T) -> T | Literal:
    """A value as the store holds it: the decimal number "50.0" is "50"."""
    if not isinstance(term, Literal) or term.datatype != XSD.decimal:
        return term
    number = f"{Decimal(term.value):f}"
    return Literal(number.rstrip("0").rstrip(".") if "." in number else number, datatype=XSD.decimal)


def moment(when: datetime) -> str:
    """A moment as decisions have it, to the second, UTC."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def now() -> str:
    return moment(datetime.now(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What somebody decided about ``words`` or a ``field`` of a ``thing``; ValueError for anything else."""

    verdict: Verdict
    by: str
    """Who: a role or a name, as whoever decides wants to be known."""
    at: str
    """ISO 8601 date and time, UTC."""
    words: str | None = None
    kind: ReferenceKind = "organization"
    document: str | None = None
    """Key of the document in which alone the words mean this; everywhere where None."""
    thing: str | None = None
    """IRI."""
    field: str | None = None
    value: NamedNode | Literal | None = None
    preferred: str | None = None
    """Key of the document of which the value was preferred."""
    note: str | None = None
    withdrawn_by: str | None = None
    withdrawn_at: str | None = None
    id: str = ""
    """Made of what it says when it is taken, and kept when what it is about moves to another node."""

    def __post_init__(self) -> None:
        if (self.words is None) == (self.thing is None) or (self.thing is None) != (self.field is None):
            raise ValueError("it is about words, or about a field of a thing")
        if self.thing is not None:
            NamedNode(self.thing)  # raises ValueError
        if not self.id:
            value = self.value.value if self.value else ""
            made = ids.short_hash(*self.subject, self.verdict, value, self.by, self.at)
            object.__setattr__(self, "id", made)

    @property
    def subject(self) -> Subject:
        if self.words is not None:
            return "words", self.kind, same_words(self.words, self.kind), self.document or ""
        return "field", self.thing or "", self.field or "", ""

    @property
    def item(self) -> str:
        """The id of the entry of the review list that it settles."""
        if self.words is not None:
            return words_item(self.words, self.kind)
        return field_item(self.thing or "", self.field or "")

    @property
    def node(self) -> NamedNode:
        return NamedNode(ids.iri(f"decision/{self.id}"))

    @property
    def rule(self) -> str:
        """How evidence names it."""
        return f"decided by {self.by} on {self.at[:10]}"

    @property
    def label(self) -> str:
        value = short(self.value) if self.value else ""
        said = {"is": f"is {value}", "none": "stays open", "value": value, "right": "right as read"}
        if self.words is not None:
            return f"“{self.words}” {said[self.verdict]}"
        return f"{self.field} of {short(NamedNode(self.thing or ''))}: {said[self.verdict]}"

    def triples(self) -> Iterator[Triple]:
        """The decision as data."""

        def say(p: NamedNode, o: NamedNode | Literal | str | None) -> Iterator[Triple]:
            if o is not None:
                yield Triple(self.node, p, Literal(o) if isinstance(o, str) else o)

        def moment(text: str | None) -> Literal | None:
            return Literal(text, datatype=XSD.dateTime) if text else None

        def document(key: str | None) -> NamedNode | None:
            return NamedNode(ids.iri(key)) if key else None

        yield from say(RDF.type, SDO.Decision)
        yield from say(RDFS.label, self.label)
        yield from say(DCT.identifier, self.id)
        yield from say(SDO.verdict, self.verdict)
        yield from say(SDO.decidedBy, self.by)
        yield from say(PROV.generatedAtTime, moment(self.at))
        yield from say(SDO.onWords, self.words)
        yield from say(SDO.onKind, self.kind if self.words is not None else None)
        yield from say(SDO.onlyIn, document(self.document))
        yield from say(SDO.onThing, NamedNode(self.thing) if self.thing else None)
        yield from say(SDO.onField, self.field)
        is_thing = isinstance(self.value, NamedNode)
        yield from say(SDO.decidedThing if is_thing else SDO.decidedValue, self.value)
        yield from say(PROV.wasDerivedFrom, document(self.preferred))
        yield from say(RDFS.comment, self.note)
        yield from say(SDO.withdrawnBy, self.withdrawn_by)
        yield from say(PROV.invalidatedAtTime, moment(self.withdrawn_at))


def short(term: NamedNode | Literal) -> str:
    """A thing by its id or notation, a value as it is: ``3GPP-SA3``, ``published``, ``2023-09-18``."""
    if isinstance(term, Literal):
        return term.value
    if term.value.startswith(ids.SCHEME_BASE):
        return term.value.rpartition("/")[2]
    key = ids.key_of(term.value)
    return ids.local_id(key) if key else term.value


class Decisions:
    """All decisions, and which of them are in force."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.all = tuple(sorted(decisions, key=lambda d: (d.at, d.id)))
        self.in_force: dict[Subject, Decision] = {d.subject: d for d in self.all if d.withdrawn_by is None}
        self.things = frozenset(NamedNode(d.thing) for d in self.in_force.values() if d.thing)
        """Things of which a field is decided."""

    @classmethod
    def of(cls, view: Snapshot) -> Decisions:
        """The decisions of a graph, about the nodes that its things are by now."""
        return cls(moved(view, d) for d in from_quads(view.quads(graph=GRAPH)))

    def __bool__(self) -> bool:
        return bool(self.in_force)

    def on_words(self, words: str, kind: ReferenceKind, document: str) -> Decision | None:
        """What holds for words in a document: what was decided for it alone, else what holds everywhere."""
        form = same_words(words, kind)
        own = self.in_force.get(("words", kind, form, document))
        return own or self.in_force.get(("words", kind, form, ""))

    def on_field(self, thing: str, field: str) -> Decision | None:
        return self.in_force.get(("field", thing, field, ""))

    def state(self, decision: Decision) -> str:
        """``in force``, ``replaced`` by a later one, or ``withdrawn``."""
        if decision.withdrawn_by is not None:
            return "withdrawn"
        return "in force" if self.in_force[decision.subject].id == decision.id else "replaced"


def moved(view: Triples, decision: Decision) -> Decision:
    """The decision about what its things have become since."""
    thing = view.leads_to(NamedNode(decision.thing)).value if decision.thing else None
    value = view.leads_to(decision.value) if isinstance(decision.value, NamedNode) else decision.value
    return replace(decision, thing=thing, value=value)


def verdict(text: str | None) -> Verdict:
    """One of the VERDICTS; raises ValueError for anything else."""
    found = next((v for v in VERDICTS if v == text), None)
    if found is None:
        raise ValueError(f"it needs a verdict: {', '.join(VERDICTS)}")
    return found


def from_quads(quads: Iterable[Quad | Triple]) -> Iterator[Decision]:
    """The decisions that triples describe; raises KeyError or ValueError for one that is not whole."""
    said: dict[object, dict[str, NamedNode | Literal]] = {}
    for t in quads:
        if isinstance(t.object, NamedNode | Literal):
            said.setdefault(t.subject, {})[t.predicate.value] = t.object
    for about in said.values():
        if (kind := about.get(RDF.type.value)) is not None and kind == SDO.Decision:
            yield _decision(about)


def _decision(said: dict[str, NamedNode | Literal]) -> Decision:
    def text(p: NamedNode) -> str | None:
        found = said.get(p.value)
        return found.value if found else None

    def key(p: NamedNode) -> str | None:
        iri = text(p)
        return ids.key_of(iri) if iri else None

    return Decision(
        verdict=verdict(said[SDO.verdict.value].value),
        by=said[SDO.decidedBy.value].value,
        at=said[PROV.generatedAtTime.value].value,
        words=text(SDO.onWords),
        kind=REFERENCE_KINDS[text(SDO.onKind) or "organization"],
        document=key(SDO.onlyIn),
        thing=text(SDO.onThing),
        field=text(SDO.onField),
        value=said.get(SDO.decidedThing.value) or said.get(SDO.decidedValue.value),
        preferred=key(PROV.wasDerivedFrom),
        note=text(RDFS.comment),
        withdrawn_by=text(SDO.withdrawnBy),
        withdrawn_at=text(PROV.invalidatedAtTime),
        id=text(DCT.identifier) or "",
    )
