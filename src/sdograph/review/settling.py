"""Taking decisions and taking them back: one commit, in which all documents concerned follow at once.

What is looked at and written is the neighbourhood of the places concerned, not the documents: a name in 800
statements costs seconds, whatever the size of the documents they stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pyoxigraph import NamedNode, Triple

from sdograph import identifiers as ids
from sdograph.errors import DataError, UsageError
from sdograph.namespaces import CITO, PROV, RDF, RDFS, SDO
from sdograph.review.decision import GRAPH, REFERENCES, Decision, Decisions, Subject, moved, now, same_words
from sdograph.review.effect import applied, withdrawn
from sdograph.store import Change, Snapshot, Store, Writer
from sdograph.validation import Finding, validate_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What taking decisions, or taking them back, has done."""

    new: tuple[Decision, ...] = ()
    withdrawn: tuple[Decision, ...] = ()
    places: int = 0
    """Places in documents that are settled, or open again."""
    documents: tuple[str, ...] = ()
    """Keys of the documents that changed."""
    generation: int | None = None
    """None when there was nothing to do."""


def settle(store: Store, decisions: Sequence[Decision]) -> Outcome:
    """Takes decisions; those that are there already change nothing, so that taking them again is safe.

    One that is known and comes withdrawn is withdrawn. Raises DataError when the graph would violate the
    shapes (nothing is written then), StoreMissing, and WriterBusy.
    """
    store.current()
    with store.writer() as writer:
        before = Decisions.of(writer.view)
        decisions = [moved(writer.view, d) for d in decisions]
        known = {d.id: d for d in before.all}
        new = {d.id: d for d in decisions if d.id not in known}
        gone = {
            d.id: d for d in decisions if d.withdrawn_by and d.id in known and not known[d.id].withdrawn_by
        }
        after = Decisions({**known, **gone, **new}.values())
        return _commit(
            writer, before, after, Outcome(new=tuple(new.values()), withdrawn=tuple(gone.values()))
        )


def undo(store: Store, id: str, *, by: str) -> Outcome:
    """Withdraws a decision, given by its id; what it replaced is in force again.

    Raises UsageError when there is no such decision, it is withdrawn already, or nobody does it, and what
    :func:`settle` does.
    """
    if not by.strip():
        raise UsageError("nobody withdraws it", where="--by", hint="give a role or a name")
    found = next((d for d in Decisions.of(store.current()).all if d.id == id), None)
    if found is None or found.withdrawn_by is not None:
        raise UsageError(
            f"there is no decision {id!r}" if found is None else f"decision {id} is withdrawn already",
            hint="sdograph review decisions lists them",
        )
    return settle(store, [replace(found, withdrawn_by=" ".join(by.split()), withdrawn_at=now())])


def _commit(writer: Writer, before: Decisions, after: Decisions, outcome: Outcome) -> Outcome:
    if not outcome.new and not outcome.withdrawn:
        return outcome
    view = writer.view
    subjects = before.in_force.keys() | after.in_force.keys()
    other = {s for s in subjects if before.in_force.get(s) != after.in_force.get(s)}
    own = view.change(GRAPH, (t for d in after.all for t in d.triples()))
    changes = [own, *_of_documents(view, other, after)]
    added: set[Triple] = set()
    removed: set[Triple] = set()
    for change in changes:
        effect = view.effect(change)
        added |= effect.added
        removed |= effect.removed
        writer.apply(change)
    _hold_to_shapes(view, validate_change(view, added, removed))
    documents = sorted({_document(view, c.graph) for c in changes[1:]})
    settled = {t.subject for c in changes[1:] for t in (*c.added, *c.removed) if t.predicate == SDO.settledBy}
    return replace(
        outcome,
        places=len(settled),
        documents=tuple(documents),
        generation=writer.publish().generation,
    )


def _hold_to_shapes(view: Snapshot, findings: Iterable[Finding]) -> None:
    violations = [f for f in findings if f.severity == "violation"]
    if violations:
        first = violations[0]
        label = view.text(NamedNode(first.focus), RDFS.label) or first.focus
        raise DataError(
            f"nothing is decided: {len(violations)} violations, the first: {first.message}",
            where=label,
            hint="decide otherwise, or for one document only",
        )


# --- what is concerned


def _of_documents(view: Snapshot, subjects: Iterable[Subject], decisions: Decisions) -> list[Change]:
    """The changes of documents that follow when other decisions are in force about some subjects."""
    nodes: dict[NamedNode, set[NamedNode]] = {}
    words = {(kind, form) for sort, kind, form, _ in subjects if sort == "words"}
    for evidence in _references(view, words):
        for quad in view.quads(evidence, SDO.about):
            if isinstance(quad.graph_name, NamedNode) and isinstance(quad.object, NamedNode):
                nodes.setdefault(quad.graph_name, set()).add(quad.object)
    for sort, thing, _, _ in subjects:
        if sort == "field":
            node = NamedNode(thing)
            for quad in (*view.quads(node), *view.quads(None, SDO.about, node)):
                if isinstance(quad.graph_name, NamedNode):
                    nodes.setdefault(quad.graph_name, set()).add(node)
    changes = []
    for graph, things in sorted(nodes.items(), key=lambda entry: entry[0].value):
        near = _neighbourhood(view, graph, things)
        holds = applied(withdrawn(near), decisions, _document(view, graph))
        if holds != near:
            changes.append(Change(graph, added=frozenset(holds - near), removed=frozenset(near - holds)))
    return changes


def _references(view: Snapshot, words: set[tuple[str, str]]) -> Iterable[NamedNode]:
    """The evidence, settled or not, of names that read like some words."""
    if not words:
        return
    open_ones = (t.subject for t in view.triples(None, RDF.type, SDO.UnresolvedReference))
    linked = (t.subject for t in view.triples(None, SDO.undecidedRule))
    for evidence in chain(open_ones, linked):
        field, text = view.text(evidence, SDO.field), view.text(evidence, SDO.writtenAs)
        if isinstance(evidence, NamedNode) and field in REFERENCES:
            kind = REFERENCES[field][1]
            if (kind, same_words(text or "", kind)) in words:
                yield evidence


def _neighbourhood(view: Snapshot, graph: NamedNode, things: Iterable[NamedNode]) -> set[Triple]:
    """All that decisions can see or change around things in the graph of one document."""
    nodes: set[NamedNode] = set()
    near: set[Triple] = set()
    for thing in things:
        # Who is asked for an action gets the statement for action: they are looked at together.
        asking = (q.subject for q in view.quads(None, SDO.requestsAction, thing, graph))
        for about in (thing, *(n for n in asking if isinstance(n, NamedNode))):
            asked = (q.object for q in view.quads(about, SDO.requestsAction, None, graph))
            nodes.update((about, *(n for n in asked if isinstance(n, NamedNode))))
    for about in tuple(nodes):
        for p in (SDO.about, RDF.subject):
            found = (q.subject for q in view.quads(None, p, about, graph))
            nodes.update(n for n in found if isinstance(n, NamedNode))
        near.update(q.triple for q in view.quads(None, CITO.repliesTo, about, graph))
    for node in nodes:
        near.update(q.triple for q in view.quads(node, graph=graph))
    return near


def _document(view: Snapshot, graph: object) -> str:
    """Key of the document whose graph this is."""
    source = view.text(graph, PROV.hadPrimarySource) if isinstance(graph, NamedNode) else None
    return (ids.key_of(source) if source else None) or f"document/{ids.short_hash(str(graph))}"
