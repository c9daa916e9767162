"""What decisions make of the triples of a document, and the way back.

Both are pure functions of triples, so that it comes to the same whether a decision meets a document that is
being read or one that was read long ago: :func:`withdrawn` gives what was read, :func:`applied` what holds.

Nothing that was read is lost. Evidence of a name keeps its words, and its rule and confidence under other
properties; a value that a decision overrules stays as an ``rdf:Statement``. What a decision added is named by
``sdo:settledProperty``, so that a link which was there before stays when the decision goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from sdograph import identifiers as ids
from sdograph.namespaces import PROV, RDF, SDO, XSD
from sdograph.review.decision import FIELDS, REFERENCES, Decision, Decisions, canonical
from sdograph.triples import Subject, Term

_Said: TypeAlias = dict[NamedNode, list[Term]]

#: As the store holds it: what is compared with what lies there must be in canonical form.
_CERTAIN = Literal("1", datatype=XSD.decimal)
_FIELD_OF = {field.property: name for name, field in FIELDS.items()}
#: The purpose that evidence of an addressee states -> how the statement names who gets it for that.
_PURPOSES = {
    ids.SCHEME_BASE + "purpose/action": SDO.forAction,
    ids.SCHEME_BASE + "purpose/comment": SDO.forComment,
    ids.SCHEME_BASE + "purpose/information": SDO.forInformation,
    ids.SCHEME_BASE + "purpose/response": SDO.forResponse,
}
#: What evidence says, and where it is kept while a decision says otherwise.
_KEPT = ((SDO.confidence, SDO.undecidedConfidence), (SDO.matchedBy, SDO.undecidedRule))
#: What decisions add to evidence, whatever they are about.
_ADDED = (SDO.settledBy, SDO.settledProperty)


def applied(stated: set[Triple], decisions: Decisions, document: str) -> set[Triple]:
    """What a document, given by its key, states once decisions are made; ``stated`` is what was read."""
    if not decisions:
        return stated
    page = _Page(stated, document)
    _decide_fields(page, decisions)
    _decide_words(page, decisions)
    return page.made


def withdrawn(stated: Iterable[Triple]) -> set[Triple]:
    """What was read, before any decision."""
    made = set(stated)
    removed: set[Triple] = set()
    added: set[Triple] = set()
    brought: set[tuple[Term, Term]] = set()
    for node, said in _by_subject(made, {t.subject for t in made if t.predicate == SDO.settledBy}):
        if RDF.subject in said:
            thing, p, value = (said[name][0] for name in (RDF.subject, RDF.predicate, RDF.object))
            if isinstance(thing, NamedNode) and isinstance(p, NamedNode):
                added.add(Triple(thing, p, value))
                brought.update((thing, p) for p in said.get(SDO.settledProperty, ()))
            removed.update(Triple(node, name, o) for name, objects in said.items() for o in objects)
            continue
        removed.update(Triple(node, p, o) for p in _ADDED for o in said.get(p, ()))
        if SDO.undecidedRule in said:
            removed.update(_linked(node, said))
            added.update(_unlinked(node, said))
        else:
            brought.update((a, p) for a in said.get(SDO.about, ()) for p in said.get(SDO.settledProperty, ()))
    if brought:
        removed.update(t for t in made if (t.subject, t.predicate) in brought)
    return made - removed | added


def link(field: str, about: NamedNode, p: NamedNode, target: NamedNode) -> Triple:
    """The link of a reference. Who answers a statement is named by it, and replies to it."""
    return Triple(target, p, about) if field == "answered_by" else Triple(about, p, target)


class _Page:
    """The triples of a document while decisions are applied to them."""

    def __init__(self, stated: set[Triple], document: str) -> None:
        self.stated = stated
        self.made = set(stated)
        self.document = document

    def add(self, triple: Triple) -> bool:
        """Whether it was not there before."""
        is_new = triple not in self.made
        self.made.add(triple)
        return is_new


def _by_subject(triples: Iterable[Triple], wanted: set[Subject]) -> list[tuple[NamedNode, _Said]]:
    """What is said of each of the wanted nodes, in an order that depends on nothing else."""
    found: dict[NamedNode, _Said] = {}
    for t in triples:
        if t.subject in wanted and isinstance(t.subject, NamedNode):
            found.setdefault(t.subject, {}).setdefault(t.predicate, []).append(t.object)
    return sorted(found.items(), key=lambda entry: entry[0].value)


def _text(said: _Said, p: NamedNode) -> str:
    found = next(iter(said.get(p, ())), None)
    return found.value if isinstance(found, Literal | NamedNode) else ""


def _nodes(said: _Said, p: NamedNode) -> Iterator[NamedNode]:
    return (o for o in said.get(p, ()) if isinstance(o, NamedNode))


# --- words


def _decide_words(page: _Page, decisions: Decisions) -> None:
    wanted = {t.subject for t in page.stated if t.object == SDO.UnresolvedReference}
    actions: dict[Subject, list[Term]] = {}
    for t in page.stated:
        if t.predicate == SDO.requestsAction:
            actions.setdefault(t.subject, []).append(t.object)
    # Requests first: who is asked for an action gets the statement for action.
    found = sorted(_by_subject(page.stated, wanted), key=lambda e: _text(e[1], SDO.field) != "action")
    for node, said in found:
        field = _text(said, SDO.field)
        if field not in REFERENCES:
            continue
        decision = decisions.on_words(_text(said, SDO.writtenAs), REFERENCES[field][1], page.document)
        if decision is None:
            continue
        page.add(Triple(node, SDO.settledBy, decision.node))
        if isinstance(decision.value, NamedNode):
            _link(page, node, said, decision, decision.value, actions)


def _link(
    page: _Page,
    node: NamedNode,
    said: _Said,
    decision: Decision,
    target: NamedNode,
    actions: dict[Subject, list[Term]],
) -> None:
    page.made.discard(Triple(node, RDF.type, SDO.UnresolvedReference))
    for p, kept in _KEPT:
        for o in said.get(p, ()):
            page.made.discard(Triple(node, p, o))
            page.made.add(Triple(node, kept, o))
    page.add(Triple(node, SDO.confidence, _CERTAIN))
    page.add(Triple(node, SDO.matchedBy, Literal(decision.rule)))
    page.add(Triple(node, SDO.refersTo, target))
    field = _text(said, SDO.field)
    for about in _nodes(said, SDO.about):
        properties = [REFERENCES[field][0]]
        if field in ("to", "cc"):
            asked = (a for a in actions.get(about, ()) if isinstance(a, NamedNode))
            is_asked = any(Triple(a, SDO.requestedOf, target) in page.made for a in asked)
            purpose = SDO.forAction if is_asked else _PURPOSES.get(_text(said, SDO.purpose))
            properties += [purpose] if purpose else []
        for p in properties:
            if page.add(link(field, about, p, target)):
                page.add(Triple(node, SDO.settledProperty, p))


def _linked(node: NamedNode, said: _Said) -> Iterator[Triple]:
    """What a decision has put into evidence, and the links that it brought."""
    for p, kept in _KEPT:
        yield from (Triple(node, name, o) for name in (p, kept) for o in said.get(name, ()))
    for p in _nodes(said, SDO.settledProperty):
        for target in _nodes(said, SDO.refersTo):
            yield from (link(_text(said, SDO.field), about, p, target) for about in _nodes(said, SDO.about))
    yield from (Triple(node, SDO.refersTo, o) for o in said.get(SDO.refersTo, ()))


def _unlinked(node: NamedNode, said: _Said) -> Iterator[Triple]:
    """What evidence said when it was read."""
    yield Triple(node, RDF.type, SDO.UnresolvedReference)
    for p, kept in _KEPT:
        yield from (Triple(node, p, o) for o in said.get(kept, ()))


# --- fields


def _decide_fields(page: _Page, decisions: Decisions) -> None:
    if not decisions.things:
        return
    stated = dict(_by_subject(page.stated, set(decisions.things)))
    evidence = {t.subject for t in page.stated if t.predicate == SDO.about and t.object in decisions.things}
    for node, said in _by_subject(page.stated, evidence):
        field = _text(said, SDO.field)
        decision = decisions.on_field(_text(said, SDO.about), field)
        if decision is None or SDO.UnresolvedReference in said.get(RDF.type, ()):
            continue  # what a name means is decided by its words
        page.add(Triple(node, SDO.settledBy, decision.node))
        if decision.value is None or field not in FIELDS:
            continue
        p = FIELDS[field].property
        for thing in _nodes(said, SDO.about):
            # The document speaks of the field, and nothing could be made of its words.
            if p not in stated.get(thing, {}) and page.add(Triple(thing, p, decision.value)):
                page.add(Triple(node, SDO.settledProperty, p))
    for thing, said in sorted(stated.items(), key=lambda entry: entry[0].value):
        for p, values in said.items():
            decision = decisions.on_field(thing.value, _FIELD_OF.get(p, ""))
            if decision is not None and decision.verdict != "right":
                _overrule(page, thing, p, values, decision)


def _overrule(page: _Page, thing: NamedNode, p: NamedNode, values: list[Term], decision: Decision) -> None:
    wrong = sorted(((canonical(v), v) for v in values if canonical(v) != decision.value), key=str)
    for n, (value, as_stated) in enumerate(wrong):
        page.made.discard(Triple(thing, p, as_stated))
        name = ids.short_hash(thing.value, p.value, str(value))
        kept = NamedNode(ids.iri(f"{page.document}/overruled/{name}"))
        page.add(Triple(kept, RDF.type, RDF.Statement))
        page.add(Triple(kept, RDF.subject, thing))
        page.add(Triple(kept, RDF.predicate, p))
        page.add(Triple(kept, RDF.object, value))
        page.add(Triple(kept, SDO.settledBy, decision.node))
        page.add(Triple(kept, PROV.wasDerivedFrom, NamedNode(ids.iri(page.document))))
        if n == 0 and decision.value is not None and page.add(Triple(thing, p, decision.value)):
            page.add(Triple(kept, SDO.settledProperty, p))
