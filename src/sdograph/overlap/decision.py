"""What people have decided about two items: that they overlap, and how, or that they do not.

Decisions lie in the named graph :data:`GRAPH`, those withdrawn too. Of several about one pair, the latest
that is not withdrawn is in force; where it says that they overlap, the graph has the triple it stands for
beside it, ``left relation right``. Nothing computed touches them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal as OneOf
from typing import TypeAlias, get_args

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph import identifiers as ids
from sdograph.errors import DataError, UsageError
from sdograph.namespaces import DCT, OWL, PROV, RDF, RDFS, SDO, SKOS, XSD
from sdograph.store import Snapshot, Store
from sdograph.validation import validate_change

GRAPH = NamedNode(ids.GRAPH_BASE + "overlap-decisions")

Relation: TypeAlias = OneOf["exactMatch", "closeMatch", "relatedMatch", "broadMatch", "narrowMatch"]
"""Terms of SKOS: ``left broadMatch right`` says that the right one is the broader."""
RELATIONS: tuple[Relation, ...] = get_args(Relation)
Verdict: TypeAlias = OneOf["accepted", "rejected"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """That ``left`` and ``right``, IRIs of items, stand in a relation or not; ValueError for all else."""

    left: str
    right: str
    verdict: Verdict
    by: str
    """Who: a role or a name, as whoever decides wants to be known."""
    at: str
    """ISO 8601 date and time, UTC, to the second."""
    relation: Relation = "relatedMatch"
    note: str | None = None
    withdrawn_by: str | None = None
    withdrawn_at: str | None = None
    id: str = ""
    """Made of what it says when it is taken, and kept when an item becomes another node."""

    def __post_init__(self) -> None:
        for item in (self.left, self.right):
            NamedNode(item)  # raises ValueError
        if self.left == self.right:
            raise ValueError("it is about one item, not two")
        if self.verdict not in VERDICTS:
            raise ValueError(f"it needs a verdict: {', '.join(VERDICTS)}")
        if self.relation not in RELATIONS:
            raise ValueError(f"its relation is none of {', '.join(RELATIONS)}")
        if not self.by.strip():
            raise ValueError("it is not said who decided")
        object.__setattr__(self, "at", _utc(self.at))
        if self.withdrawn_at is not None:
            object.__setattr__(self, "withdrawn_at", _utc(self.withdrawn_at))
        if not self.id:
            said = (self.left, self.right, self.verdict, self.relation, self.by, self.at)
            object.__setattr__(self, "id", ids.short_hash("overlap", *said))

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.left, self.right))

    @property
    def node(self) -> NamedNode:
        return NamedNode(ids.iri(f"overlap-decision/{self.id}"))

    @property
    def label(self) -> str:
        left, right = (item.removeprefix(ids.ID_BASE).partition("/")[2] for item in (self.left, self.right))
        if self.verdict == "rejected":
            return f"{left} and {right} do not overlap"
        return f"{left} {self.relation} {right}"

    def triples(self) -> Iterator[Triple]:
        """The decision as data."""

        def say(p: NamedNode, o: NamedNode | Literal | str | None) -> Iterator[Triple]:
            if o is not None:
                yield Triple(self.node, p, Literal(o) if isinstance(o, str) else o)

        def moment(text: str | None) -> Literal | None:
            return Literal(text, datatype=XSD.dateTime) if text else None

        yield from say(RDF.type, SDO.OverlapDecision)
        yield from say(RDFS.label, self.label)
        yield from say(DCT.identifier, self.id)
        yield from say(SDO.overlapVerdict, self.verdict)
        yield from say(OWL.annotatedSource, NamedNode(self.left))
        yield from say(OWL.annotatedProperty, SKOS[self.relation])
        yield from say(OWL.annotatedTarget, NamedNode(self.right))
        yield from say(SDO.decidedBy, self.by)
        yield from say(PROV.generatedAtTime, moment(self.at))
        yield from say(RDFS.comment, self.note)
        yield from say(SDO.withdrawnBy, self.withdrawn_by)
        yield from say(PROV.invalidatedAtTime, moment(self.withdrawn_at))


class Decisions:
    """All decisions about pairs, and which of them are in force."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.all = tuple(sorted(decisions, key=lambda d: (d.at, d.id)))
        self.in_force: dict[frozenset[str], Decision] = {
            d.pair: d for d in self.all if d.withdrawn_by is None
        }

    @classmethod
    def of(cls, view: Snapshot) -> Decisions:
        """The decisions of a graph, about the nodes that its items are by now."""
        return cls(_moved(view, d) for d in _from_quads(view.quads(graph=GRAPH)))

    def on(self, left: str, right: str) -> Decision | None:
        """The decision in force about two items, whichever of them is named first."""
        return self.in_force.get(frozenset((left, right)))

    def triples(self) -> Iterator[Triple]:
        """What the graph of decisions holds."""
        for d in self.all:
            yield from d.triples()
        for d in self.in_force.values():
            if d.verdict == "accepted":
                yield Triple(NamedNode(d.left), SKOS[d.relation], NamedNode(d.right))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What taking decisions, or taking one back, has done."""

    new: tuple[Decision, ...] = ()
    withdrawn: tuple[Decision, ...] = ()
    generation: int | None = None
    """None when there was nothing to do."""


def decide(store: Store, decisions: Sequence[Decision]) -> Outcome:
    """Takes decisions, all in one commit; those that are there already change nothing.

    One that is known and comes withdrawn is withdrawn. Raises UsageError for an item that is not in the
    graph, DataError when the graph would violate the shapes (nothing is written then), StoreMissing and
    WriterBusy.
    """
    store.current()
    with store.writer() as writer:
        view = writer.view
        known = {d.id: d for d in Decisions.of(view).all}
        given = [_moved(view, d) for d in decisions]
        new = {d.id: d for d in given if d.id not in known}
        gone = {d.id: d for d in given if d.withdrawn_by and d.id in known and not known[d.id].withdrawn_by}
        if not new and not gone:
            return Outcome()
        _hold_to_graph(view, new.values())
        change = view.change(GRAPH, Decisions({**known, **gone, **new}.values()).triples())
        effect = view.effect(change)
        writer.apply(change)
        violations = [
            f for f in validate_change(view, effect.added, effect.removed) if f.severity == "violation"
        ]
        if violations:
            raise DataError(
                f"nothing is decided: {len(violations)} violations, the first: {violations[0].message}",
                where=violations[0].focus, hint="decide otherwise",
            )  # fmt: skip
        return Outcome(
            new=tuple(new.values()), withdrawn=tuple(gone.values()), generation=writer.publish().generation
        )


def undo(store: Store, id: str, *, by: str) -> Outcome:
    """Withdraws a decision, given by its id; what it replaced is in force again.

    Raises UsageError when there is no such decision, it is withdrawn already, or nobody does it.
    """
    if not by.strip():
        raise UsageError("nobody withdraws it", where="--by", hint="give a role or a name")
    found = next((d for d in Decisions.of(store.current()).all if d.id == id), None)
    if found is None or found.withdrawn_by is not None:
        raise UsageError(
            f"there is no decision {id!r}" if found is None else f"decision {id} is withdrawn already",
            hint="sdograph overlaps --decided lists them",
        )
    return decide(store, [replace(found, withdrawn_by=" ".join(by.split()), withdrawn_at=now())])


def now() -> str:
    return _utc(datetime.now(UTC).isoformat())


def _utc(text: str) -> str:
    """A moment as decisions have it: the latest is found by comparing texts. Raises ValueError."""
    when = datetime.fromisoformat(text)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _moved(view: Snapshot, decision: Decision) -> Decision:
    """The decision about what its items have become since; as it is where both have become one."""
    left, right = (view.leads_to(NamedNode(item)).value for item in (decision.left, decision.right))
    return decision if left == right else replace(decision, left=left, right=right)


def _hold_to_graph(view: Snapshot, decisions: Iterable[Decision]) -> None:
    named = {item for d in decisions if d.withdrawn_by is None for item in (d.left, d.right)}
    unknown = sorted(item for item in named if not next(view.triples(NamedNode(item), RDF.type), None))
    if unknown:
        raise UsageError(
            f"{len(unknown)} items are not in this graph: "
            + ", ".join(item.removeprefix(ids.ID_BASE) for item in unknown[:5]),
            hint="ingest the documents that bring them first",
        )


def _from_quads(quads: Iterable[Quad]) -> Iterator[Decision]:
    """Raises KeyError or ValueError for one that is not whole."""
    said: dict[object, dict[str, str]] = {}
    for q in quads:
        if isinstance(q.object, NamedNode | Literal):
            said.setdefault(q.subject, {})[q.predicate.value] = q.object.value
    for about in said.values():
        if about.get(RDF.type.value) == SDO.OverlapDecision.value:
            yield Decision(
                left=about[OWL.annotatedSource.value],
                right=about[OWL.annotatedTarget.value],
                relation=relation(about[OWL.annotatedProperty.value].removeprefix(SKOS.base)),
                verdict=verdict(about[SDO.overlapVerdict.value]),
                by=about[SDO.decidedBy.value],
                at=about[PROV.generatedAtTime.value],
                note=about.get(RDFS.comment.value),
                withdrawn_by=about.get(SDO.withdrawnBy.value),
                withdrawn_at=about.get(PROV.invalidatedAtTime.value),
                id=about[DCT.identifier.value],
            )


def relation(text: str) -> Relation:
    """One of the RELATIONS; raises ValueError for anything else."""
    found = next((r for r in RELATIONS if r == text), None)
    if found is None:
        raise ValueError(f"{text!r} is none of the relations {', '.join(RELATIONS)}")
    return found


def verdict(text: str) -> Verdict:
    """One of the VERDICTS; raises ValueError for anything else."""
    found = next((v for v in VERDICTS if v == text), None)
    if found is None:
        raise ValueError(f"{text!r} is none of the verdicts {', '.join(VERDICTS)}")
    return found
