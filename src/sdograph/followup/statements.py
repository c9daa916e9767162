"""Liaison statements as following up needs them: what each says, asks and answers, and what became of it.

Facts come in three queries, however many statements are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, QuerySolutions

from sdograph.errors import UsageError
from sdograph.identifiers import (
    ID_BASE,
    document_number,
    key_of,
    local_id,
    number_body,
    statement_key,
    tdoc_group,
)
from sdograph.identifiers import iri as iri_of
from sdograph.linking.codes import exact_form
from sdograph.namespaces import CITO, DCT, RDF, RDFS, SCHEMA, SDO
from sdograph.store import Snapshot
from sdograph.triples import Term, Triples

PREFIX = "liaison-statement/"

#: Three queries and not one: in one the engine walks over all evidence there is.
_SAID = """
SELECT ?s ?p ?o {{
  VALUES ?s {{ {these} }}
  ?s ?p ?o
  FILTER(?p IN (
    rdf:type, sdo:number, sdo:receivedNumber, sdo:earlierNumber, dcterms:title, schema:dateSent,
    schema:sender, schema:toRecipient, schema:ccRecipient, sdo:forAction, sdo:forComment,
    sdo:forInformation, sdo:forResponse, cito:repliesTo, sdo:outcome
  ))
}}
"""
_AROUND = """
SELECT ?s ?what ?x ?y {{
  VALUES ?s {{ {these} }}
  {{ ?x cito:repliesTo ?s . BIND("reply" AS ?what) }}
  UNION {{ ?s sdo:requestsAction ?x . ?x schema:text ?y . BIND("asked" AS ?what) }}
  UNION {{ ?s sdo:requestsAction ?x . ?x sdo:deadline ?y . BIND("deadline" AS ?what) }}
  UNION {{ ?s sdo:requestsAction ?x . ?x sdo:requestedOf ?y . BIND("of" AS ?what) }}
}}
"""
_UNRESOLVED = """
SELECT ?s ?what ?y {{
  {first} ?x a sdo:UnresolvedReference . ?x sdo:field ?what
  FILTER(?what IN ("sender", "to", "cc", "in_reply_to", "answered_by", "action"))
  ?x sdo:about ?s ; sdo:writtenAs ?y
}}
"""
#: Of so many statements, looking through all that could not be linked is quicker than through their evidence.
_MANY = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A body or group; ``iri`` is None for a name that could not be linked, which is then its ``label``."""

    iri: str | None
    id: str | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An outcome of a statement, as written."""

    text: str
    group: str | None = None
    """Id of the 3GPP group whose list of documents it is, by the number in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that a statement asks. ``of`` are IRIs; empty where it is not said of whom."""

    iri: str
    text: str | None
    deadline: str | None
    of: frozenset[str]
    of_unknown: bool
    """Whether somebody is named who could not be linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A liaison statement; parties in the order of their labels, dates as exact as the source has them."""

    iri: str
    number: str | None
    received_numbers: tuple[str, ...]
    earlier_numbers: tuple[str, ...]
    title: str | None
    date: str | None
    senders: tuple[Party, ...]
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    purposes: dict[str, frozenset[str]]
    """What each addressee, by its IRI, gets it for."""
    actions: tuple[Action, ...]
    replies_to: tuple[str, ...]
    """IRIs of what it answers; of one that is not in the graph, the IRI that its number would give it."""
    replies_to_unknown: tuple[str, ...]
    """What it answers and could not be linked, as written."""
    replies: tuple[str, ...]
    """IRIs of its answers."""
    answered_in: tuple[str, ...]
    """Answers that a record names and that could not be linked, as written."""
    outcomes: tuple[str, ...]
    """What meetings that handled it did with it, in their words."""

    @property
    def id(self) -> str:
        return self.iri.removeprefix(ID_BASE + PREFIX)

    @property
    def name(self) -> str:
        """What people call it: its number, or else its title or id."""
        return self.number or self.title or self.id

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number it is known by, its sender's first."""
        return tuple(
            dict.fromkeys(
                n for n in (self.number, *self.received_numbers, *self.earlier_numbers) if n is not None
            )
        )

    def receivers(self) -> tuple[tuple[str, str], ...]:
        """Each receiver's number with the id of the 3GPP group that gave it; "" where its form tells none."""
        return tuple((number, tdoc_group(number) or "") for number in self.received_numbers)


_PURPOSES = {
    SDO.forAction: "action",
    SDO.forComment: "comment",
    SDO.forInformation: "information",
    SDO.forResponse: "response",
}
_PARTIES = {SCHEMA.sender: "sender", SCHEMA.toRecipient: "to", SCHEMA.ccRecipient: "cc"}


@dataclass(slots=True)
class _Gathered:
    said: dict[NamedNode, list[Term]] = field(default_factory=dict)
    replies: set[str] = field(default_factory=set)
    actions: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    unresolved: dict[str, set[str]] = field(default_factory=dict)

    def text(self, predicate: NamedNode) -> str | None:
        return next(iter(self.texts(predicate)), None)

    def texts(self, predicate: NamedNode) -> tuple[str, ...]:
        found = self.said.get(predicate)
        return tuple(sorted(o.value for o in found if isinstance(o, Literal))) if found else ()

    def iris(self, predicate: NamedNode) -> list[str]:
        found = self.said.get(predicate)
        return sorted(o.value for o in found if isinstance(o, NamedNode)) if found else []

    def aliases(self) -> Iterator[str]:
        """IRIs that answers may know it by: those that its other numbers would give it."""
        for number in (*self.texts(SDO.receivedNumber), *self.texts(SDO.earlierNumber)):
            if series := number_body(number):
                yield iri_of(statement_key(series, number))

    def unlinked(self, what: str) -> tuple[str, ...]:
        return tuple(sorted(self.unresolved.get(what, ())))


class Reader:
    """Reads statements of a snapshot; names of organisations are looked up once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._parties: dict[str, Party] = {}

    def these(self, iris: Iterable[str]) -> dict[str, Statement]:
        """The statements of these IRIs that the graph holds, by IRI, in the order of their IRIs."""
        these = " ".join(f"<{iri}>" for iri in sorted(set(iris)))
        gathered: dict[str, _Gathered] = {}
        for s, p, o in _rows(self.snapshot, _SAID.format(these=these)):
            if isinstance(s, NamedNode) and isinstance(p, NamedNode) and o is not None:
                gathered.setdefault(s.value, _Gathered()).said.setdefault(p, []).append(o)
        self._around(gathered, these)
        return {
            iri: self._statement(iri, gathered[iri])
            for iri in sorted(gathered)
            if SDO.LiaisonStatement in gathered[iri].said.get(RDF.type, ())
        }

    def _around(self, gathered: dict[str, _Gathered], these: str) -> None:
        """Adds answers, requested actions and what could not be linked."""
        whose: dict[str, str] = {}
        others = {alias: iri for iri, found in gathered.items() for alias in found.aliases()}
        asked = these + "".join(f" <{iri}>" for iri in sorted(others.keys() - gathered.keys()))
        for s, what, x, y in _rows(self.snapshot, _AROUND.format(these=asked)):
            about = _value(s)
            if about in others and not _is_statement(self.snapshot, NamedNode(about)):
                about = others[about]
            found = gathered.get(about)
            if found is not None and _value(what) == "reply":
                found.replies.add(_value(x))
            elif found is not None:
                found.actions.setdefault(_value(x), {}).setdefault(_value(what), set()).add(_value(y))
                whose[_value(x)] = about
        few = len(gathered) < _MANY
        these += "".join(f" <{action}>" for action in sorted(whose))
        first = f"VALUES ?s {{ {these} }} ?x sdo:about ?s ." if few else ""
        for s, what, y in _rows(self.snapshot, _UNRESOLVED.format(first=first)):
            about = _value(s)
            if about in whose:
                gathered[whose[about]].actions[about]["unknown"] = {_value(y)}
            elif about in gathered:
                gathered[about].unresolved.setdefault(_value(what), set()).add(_value(y))

    def outcomes(self, iri: str) -> list[Outcome]:
        """What records say became of a statement, each with its place."""
        view, found = self.snapshot, []
        for t in view.triples(None, SDO.about, NamedNode(iri)):
            if isinstance(t.subject, NamedNode) and view.text(t.subject, SDO.field) == "outcome":
                text, place = view.text(t.subject, SDO.writtenAs), view.text(t.subject, SDO.locator)
                group = tdoc_group((place or "").rpartition(", ")[2])
                found.append(Outcome(text=text or "", group=group))
        return sorted(found, key=lambda r: r.text)

    def party(self, iri: str) -> Party:
        """The body or group of an IRI."""
        if iri not in self._parties:
            key, node = key_of(iri), NamedNode(iri)
            id = local_id(key) if key else None
            label = self.snapshot.text(node, RDFS.label) or id or iri
            self._parties[iri] = Party(iri=iri, id=id, label=label)
        return self._parties[iri]

    def _known(self, iri: str) -> str:
        """The statement that an IRI stands for: itself, else the one that bears its number.

        An answer names what it answers by whatever number it has of it; when the answer was read first,
        nobody could tell whose that was.
        """
        if _is_statement(self.snapshot, NamedNode(iri)):
            return iri
        bearers = _bearing(self.snapshot, iri.rpartition("/")[2])
        return bearers[0].value if len(bearers) == 1 else iri

    def _statement(self, iri: str, found: _Gathered) -> Statement:
        parties = {
            name: tuple(
                sorted(
                    {
                        *map(self.party, found.iris(predicate)),
                        *(Party(iri=None, id=None, label=text) for text in found.unlinked(name)),
                    },
                    key=lambda p: (p.iri is None, p.label),
                )
            )
            for predicate, name in _PARTIES.items()
        }
        answered = [self._known(iri) for iri in found.iris(CITO.repliesTo)]
        unknown = []
        for text in found.unlinked("in_reply_to"):
            bearers = _bearing(self.snapshot, text)
            if len(bearers) == 1:
                answered.append(bearers[0].value)
            else:
                unknown.append(text)
        purposes: dict[str, set[str]] = {}
        for predicate, purpose in _PURPOSES.items():
            for party in found.iris(predicate):
                purposes.setdefault(party, set()).add(purpose)
        number = found.text(SDO.number)
        return Statement(
            iri=iri,
            number=number,
            received_numbers=tuple(n for n in found.texts(SDO.receivedNumber) if n != number),
            earlier_numbers=tuple(n for n in found.texts(SDO.earlierNumber) if n != number),
            title=found.text(DCT.title),
            # Of several the most exact one: "2018-11-30" beside "2018-11".
            date=max(found.texts(SCHEMA.dateSent), key=len, default=None),
            senders=parties["sender"],
            to=parties["to"],
            cc=parties["cc"],
            purposes={party: frozenset(given) for party, given in purposes.items()},
            actions=tuple(_action(iri, said) for iri, said in sorted(found.actions.items(), key=_in_order)),
            replies_to=tuple(sorted(set(answered))),
            replies_to_unknown=tuple(unknown),
            replies=tuple(sorted(found.replies)),
            answered_in=found.unlinked("answered_by"),
            outcomes=found.texts(SDO.outcome),
        )


def _rows(snapshot: Snapshot, sparql: str) -> QuerySolutions:
    result = snapshot.query(sparql)
    assert isinstance(result, QuerySolutions)  # noqa: S101 - a SELECT has solutions
    return result


def _value(term: object) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""


def _action(iri: str, said: dict[str, set[str]]) -> Action:
    return Action(
        iri=iri,
        text=next(iter(sorted(said.get("asked", ()))), None),
        deadline=next(iter(sorted(said.get("deadline", ()))), None),
        of=frozenset(said.get("of", ())),
        of_unknown="unknown" in said,
    )


def _in_order(action: tuple[str, object]) -> tuple[int, str]:
    number = action[0].rpartition("/")[2]
    return (int(number) if number.isdigit() else 0, action[0])


# --- one statement, as a person names it


def find_statement(view: Triples, text: str) -> NamedNode:
    """The liaison statement of an id, IRI or number, be it its sender's, a receiver's or a draft's.

    Raises UsageError when there is none, and when several bear the number.
    """
    value = text.strip()
    key = value.removeprefix(ID_BASE).removeprefix(PREFIX)
    try:
        node = view.leads_to(NamedNode(f"{ID_BASE}{PREFIX}{key}"))
    except ValueError:
        node = None
    if node is not None and _is_statement(view, node):
        return node
    found = _bearing(view, document_number(value))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"there is no liaison statement {text!r}",
            hint="name it by its number (S2-1812758), a receiver's number, or its id (3GPP/S2-1812758)",
        )
    ids = [node.value.removeprefix(ID_BASE + PREFIX) for node in found]
    raise UsageError(f"several liaison statements bear {text!r}", hint=f"say which: {', '.join(ids)}")


def _bearing(view: Triples, number: str) -> list[NamedNode]:
    """The statements that bear a number, in the order of their IRIs."""
    found = {t.subject for t in view.triples(None, SDO.exactForm, Literal(exact_form(number)))}
    return sorted(
        (node for node in found if isinstance(node, NamedNode) and _is_statement(view, node)),
        key=lambda node: node.value,
    )


def _is_statement(view: Triples, node: NamedNode) -> bool:
    return SDO.LiaisonStatement in set(view.objects(node, RDF.type))
