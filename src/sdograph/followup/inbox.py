"""What a group was sent and what it sent: asked what, by when, and answered by what, as of a day.

Nothing proves that a statement was not answered: the graph holds what was read, and a reply may not have
been. So each entry says what its state rests on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import get_args

from pyoxigraph import NamedNode

from sdograph import organisations
from sdograph.errors import UsageError
from sdograph.followup.days import by, day, last_day
from sdograph.followup.statements import Action, Party, Reader, Statement
from sdograph.identifiers import key_of, local_id, tdoc_group
from sdograph.model import Purpose
from sdograph.namespaces import SCHEMA
from sdograph.store import Snapshot

#: Said once of whatever lists statements without an answer.
NOTE = (
    "Open and overdue mean that no answer is among the documents read so far; that is no proof that there "
    "was none."
)
ASKING: tuple[Purpose, ...] = ("action", "comment")


class State(StrEnum):
    """What became of a statement at one addressee."""

    answered = "answered"
    noted = "noted"
    """The addressee's meeting took note of it, and no answer is known."""
    overdue = "overdue"
    """Something is asked, the day by which is over, and neither an answer nor a note is known."""
    open = "open"
    """Something is asked, and neither an answer nor a note is known."""
    unasked = "unasked"
    """Nothing is known to be asked, and no answer or note is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A statement that answers another one."""

    iri: str
    name: str
    date: str | None
    senders: tuple[Party, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One statement at one addressee, as of a day."""

    statement: Statement
    addressee: Party | None
    """None where the sender's statement has no known addressee."""
    role: str | None
    """``to`` or ``cc``; None for a group that only an action names."""
    purposes: tuple[str, ...]
    actions: tuple[Action, ...]
    """What is asked of the addressee."""
    asked_by: str | None
    """What shows that something is asked; None where nothing does."""
    deadline: str | None
    """The earliest day, month or year by which something is asked of it."""
    days_left: int | None
    """Days from the day of the question to the deadline, or the end of its month or year; may be negative."""
    state: State
    rests_on: str
    """What the state rests on, in words."""
    answers: tuple[Answer, ...]
    """Answers by the addressee, by one that took over from it, or, of a body, by a group within it."""
    other_answers: tuple[Answer, ...]
    """Answers by others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An inbox or outbox: entries, what waits longest first, then the newest."""

    organisation: Party
    members: tuple[Party, ...]
    """Whose statements they are: the organisation itself, with ``within`` and ``lineage`` others too."""
    outgoing: bool
    as_of: date
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many entries are in each state."""
        found = Counter(entry.state for entry in self.entries)
        return {state.value: found[state] for state in State}


def box(
    snapshot: Snapshot,
    organisation: str,
    *,
    outgoing: bool = False,
    as_of: str | None = None,
    purpose: str | None = None,
    pending: bool = False,
    lineage: bool = False,
) -> Box:
    """The inbox of a group, or of a body with all its groups; with ``outgoing`` what they sent.

    ``as_of``: a day as YYYY-MM-DD, today in UTC by default; what was sent later does not count. ``purpose``
    keeps what is for action, comment, information or response; ``pending`` keeps what is open or overdue;
    ``lineage`` adds those whom the group took over from and those that took over from it. Raises UsageError
    for an organisation that is not there, a day that is none, or an unknown purpose.
    """
    when = day(as_of)
    if purpose is not None and purpose not in get_args(Purpose):
        raise UsageError(f"there is no purpose {purpose!r}", hint=f"use {', '.join(get_args(Purpose))}")
    reader = Reader(snapshot)
    node = organisations.find(snapshot, organisation)
    members = organisations.within(snapshot, node)
    if lineage:
        for member in tuple(members):
            members |= organisations.predecessors(snapshot, member)
            members |= organisations.successors(snapshot, member)
    theirs = {member.value for member in members}
    statements = reader.these(correspondence(snapshot, members, outgoing=outgoing))
    sent = {iri: s for iri, s in statements.items() if s.date is None or by(s.date, when)}
    answers = reader.these({reply for s in sent.values() for reply in s.replies} - sent.keys()) | sent
    judge = _Judge(reader, answers, when)
    entries = [
        entry
        for statement in sent.values()
        for entry in judge.entries(statement, None if outgoing else theirs)
        if (purpose is None or purpose in entry.purposes)
        and (not pending or entry.state in (State.open, State.overdue))
    ]
    undated = len({e.statement.iri for e in entries if e.statement.date is None})
    return Box(
        organisation=reader.party(node.value),
        members=tuple(sorted(map(reader.party, theirs), key=lambda p: (p.iri != node.value, p.label))),
        outgoing=outgoing,
        as_of=when,
        entries=tuple(sorted(entries, key=place)),
        warnings=(f"{undated} without a date count as sent by then",) if undated else (),
    )


def correspondence(snapshot: Snapshot, members: Iterable[NamedNode], *, outgoing: bool) -> set[str]:
    """IRIs of what they sent, or of what names them as addressee, to or in copy, or asks them to act."""
    links = (SCHEMA.sender,) if outgoing else (SCHEMA.toRecipient, SCHEMA.ccRecipient)
    found = {
        t.subject.value
        for member in members
        for link in links
        for t in snapshot.triples(None, link, member)
        if isinstance(t.subject, NamedNode)
    }
    if not outgoing:
        asked = " ".join(str(member) for member in members)
        rows = snapshot.rows(
            f"SELECT ?s {{ VALUES ?o {{ {asked} }} ?a sdo:requestedOf ?o . ?s sdo:requestsAction ?a }}"
        )
        found |= {row["s"].value for row in rows if isinstance(row["s"], NamedNode)}
    return found


def place(entry: Entry) -> str:
    """The key by which entries are sorted: the overdue, then the open by deadline, then all others by date,
    the newest first and those without last.
    """
    rank = {State.overdue: "0", State.open: "1"}.get(entry.state, "2")
    soon = (entry.deadline or "9999") if rank < "2" else ""
    addressee = entry.addressee.label if entry.addressee else ""
    statement = entry.statement
    return "\x1f".join((rank, soon, _newest_first(statement.date), statement.name, statement.iri, addressee))


def _newest_first(written: str | None) -> str:
    return "~" if written is None else written.translate(str.maketrans("0123456789", "9876543210"))


# --- what became of a statement

_NOTED = re.compile(r"\bnoted\b", re.IGNORECASE)
_REPLIED = re.compile(r"\b(?:replied|answered|responded)\b", re.IGNORECASE)
_REPLY_TITLE = re.compile(r"\b(?:repl(?:y|ies)|response|answer)\b", re.IGNORECASE)


class _Judge:
    """Tells what became of statements, with all the answers to them at hand."""

    def __init__(self, reader: Reader, answers: dict[str, Statement], when: date) -> None:
        self._reader, self._answers, self._when = reader, answers, when
        self._heirs: dict[str, frozenset[str]] = {}

    def entries(self, statement: Statement, only: set[str] | None) -> Iterator[Entry]:
        """An entry for each addressee; of those in ``only``, where it is given."""
        named = {party.iri or party.label: (party, "to") for party in statement.to}
        for party in statement.cc:
            named.setdefault(party.iri or party.label, (party, "cc"))
        for iri in sorted(of for action in statement.actions for of in action.of):
            named.setdefault(iri, (self._reader.party(iri), ""))
        for iri, (party, role) in named.items():
            if only is None or iri in only:
                yield self._entry(statement, party, role or None)
        if not named and only is None:
            yield self._entry(statement, None, None)

    def _entry(self, statement: Statement, party: Party | None, role: str | None) -> Entry:
        iri = party.iri if party else None
        purposes = tuple(sorted(statement.purposes.get(iri, ()))) if iri else ()
        actions = tuple(a for a in statement.actions if iri in a.of)
        # "Deadline: 1 December" for the whole statement asks nothing of those in copy.
        general = [a for a in statement.actions if not a.of and not a.of_unknown and role == "to"]
        deadlines = [a.deadline for a in (*actions, *general) if a.deadline]
        deadline = min(deadlines, key=_end, default=None)
        end = last_day(deadline) if deadline else None
        asked = _asked(statement, purposes, actions)
        answers, others = self._answered(statement, party)
        state, rests_on = self._state(statement, party, answers, others, asked=asked is not None, end=end)
        return Entry(
            statement=statement,
            addressee=party,
            role=role,
            purposes=purposes,
            actions=actions,
            asked_by=asked,
            deadline=deadline,
            days_left=(end - self._when).days if end else None,
            state=state,
            rests_on=rests_on,
            answers=answers,
            other_answers=others,
        )

    def _answered(
        self, statement: Statement, party: Party | None
    ) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
        """The answers sent by the day: those of the addressee, and those of others."""
        heirs = self.heirs(party.iri) if party and party.iri else frozenset()
        # A number tells the group where only its body is named as the sender.
        ids = {local_id(key_of(heir) or "") for heir in heirs}
        own: list[Answer] = []
        others: list[Answer] = []
        for iri in statement.replies:
            reply = self._answers.get(iri)
            if reply is None or (reply.date is not None and not by(reply.date, self._when)):
                continue
            answer = Answer(iri=iri, name=reply.name, date=reply.date, senders=reply.senders)
            theirs = any(p.iri in heirs for p in reply.senders) or (tdoc_group(reply.name) or "-") in ids
            (own if theirs else others).append(answer)
        return _by_date(own), _by_date(others)

    def heirs(self, iri: str) -> frozenset[str]:
        """Who may answer for an organisation: itself, its successors, the groups of a body."""
        if iri not in self._heirs:
            view, node = self._reader.snapshot, NamedNode(iri)
            found = organisations.within(view, node)
            for member in tuple(found):
                found |= organisations.successors(view, member)
            self._heirs[iri] = frozenset(n.value for n in found)
        return self._heirs[iri]

    def _state(
        self,
        statement: Statement,
        party: Party | None,
        answers: tuple[Answer, ...],
        others: tuple[Answer, ...],
        *,
        asked: bool,
        end: date | None,
    ) -> tuple[State, str]:
        if answers:
            return State.answered, f"answered by {_listed(answers)}"
        named = [n for n in statement.answered_in if _speaks_for(tdoc_group(n), statement, party)]
        if named:
            words = f"a record names {', '.join(named)} as the answer, which is not in the graph"
            return State.answered, words
        outcomes = self._outcomes(statement, party)
        for pattern, state in ((_REPLIED, State.answered), (_NOTED, State.noted)):
            if found := next(filter(pattern.search, outcomes), None):
                return state, f'recorded as "{found}"'
        who = party.label if party else "an addressee"
        said = "; ".join(f'recorded as "{outcome}"' for outcome in outcomes)
        words = f"no answer by {who} is in the graph" + (f"; {said}" if said else "")
        if others:
            words += f"; others answered: {_listed(others)}"
        if not asked:
            return State.unasked, f"nothing is known to be asked; {words}"
        return State.overdue if end and end < self._when else State.open, words

    def _outcomes(self, statement: Statement, party: Party | None) -> list[str]:
        """Outcomes that tell of the addressee: one is the word of the meeting that handled the statement."""
        if not statement.outcomes or party is None:
            return []
        if [*statement.to, *statement.cc] == [party]:
            return list(statement.outcomes)
        records = self._reader.outcomes(statement.iri)
        return [r.text for r in records if _speaks_for(r.group, statement, party)]


def _speaks_for(group: str | None, statement: Statement, party: Party | None) -> bool:
    """Whether a record of a group's meeting, or of nobody known, tells what an addressee did."""
    if party is None or any(group and p.id == group for p in statement.senders):
        return False
    return party.id == group if group else [*statement.to, *statement.cc] == [party]


def _asked(statement: Statement, purposes: Iterable[str], actions: Iterable[Action]) -> str | None:
    """What shows that something is asked of an addressee."""
    if any(True for _ in actions):
        return "a requested action names it"
    for purpose in ASKING:
        if purpose in purposes:
            return f"addressed for {purpose}"
    # "For response" is said of what answers, and of what wants an answer.
    is_reply = statement.replies_to or statement.replies_to_unknown
    if "response" in purposes and not is_reply and not _REPLY_TITLE.search(statement.title or ""):
        return "addressed for response"
    return None


def _end(deadline: str) -> date:
    return last_day(deadline) or date.max


def _by_date(answers: list[Answer]) -> tuple[Answer, ...]:
    return tuple(sorted(answers, key=lambda a: (a.date or "9999", a.name)))


def _listed(answers: Iterable[Answer]) -> str:
    return ", ".join(f"{a.name} of {a.date}" if a.date else f"{a.name} (undated)" for a in answers)
