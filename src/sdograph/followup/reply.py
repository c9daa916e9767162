"""A draft of a reply: whose it is, to whom it goes, what it answers, and what was asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from sdograph import organisations
from sdograph.errors import UsageError
from sdograph.followup.days import by
from sdograph.followup.statements import Party, Reader, Statement, find_statement
from sdograph.identifiers import TDOC_GROUPS, key_of, local_id, tdoc_group
from sdograph.model import AnnouncedMeeting
from sdograph.namespaces import DCT, ORG, RDF, RDFS, SCHEMA, SDO
from sdograph.store import Snapshot

_DATATRACKER = re.compile(r"datatracker (\d+)")
_SUBJECT = re.compile(
    r"(?:(?:reply|response)\s+)?(?:LS(?:/[oir])?|liaison(?:\s+statement)?)(?:\s+(?:reply|response))?\b"
    r"(?:\s+to\b.{0,200}?)?\s+(?:on|regarding|concerning|about)\s+(?P<subject>\S.*)",
    re.IGNORECASE,
)
#: A house by the body of the group; of any other body a letter.
_HOUSES = {"3GPP": "3gpp", "ETSI": "etsi", "ITU-T": "itu-t", "ISO-IEC-JTC1": "iso-iec"}
LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the reply answers."""

    number: str | None
    """The number its sender gave it."""
    received_number: str | None
    """The number that the replying group received it under."""
    title: str | None
    senders: tuple[Party, ...]

    def words(self) -> str:
        """As a field "Response to" says it: "S5-186491/S2-189049 (LS on slice related Data Analytics)"."""
        numbers = [n for n in (self.number, self.received_number) if n]
        # The Datatracker's entries have no number but their address.
        shown = "/".join(_DATATRACKER.sub(r"https://datatracker.ietf.org/liaison/\1/", n) for n in numbers)
        if not shown:
            return self.title or ""
        return f"{shown} ({self.title})" if self.title else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything a reply says before its text is written. Names are as they go on paper."""

    house: str
    """``3gpp``, ``etsi``, ``itu-t``, ``iso-iec`` or ``letter``."""
    group: Party
    number: str | None
    """The form of the numbers of the group, to be filled in: "S2-xxxxxxx"."""
    date: date
    title: str
    answered: Answered
    to: tuple[str, ...]
    cc: tuple[str, ...]
    releases: tuple[str, ...]
    work_items: tuple[str, ...]
    asked: tuple[str, ...]
    """What was asked, each to be answered."""
    meetings: tuple[AnnouncedMeeting, ...]
    """The coming meetings of the group, soonest first."""
    remarks: tuple[str, ...]
    """What whoever sends it should know first."""


def addressees(snapshot: Snapshot, statement: str) -> tuple[Party, ...]:
    """Who may reply to a statement: the addressees that are known, or else those in copy.

    Raises UsageError when there is no such statement.
    """
    iri = find_statement(snapshot, statement).value
    found = Reader(snapshot).these([iri])[iri]
    return tuple(p for p in found.to if p.iri) or tuple(p for p in found.cc if p.iri)


def compose(snapshot: Snapshot, statement: str, group: str, on: date) -> Draft:
    """A draft of the reply of a group to a statement, on a day.

    It goes to the sender; all others who were addressed or in copy get a copy. Raises UsageError when there
    is no such statement or group, or when the statement is the group's own.
    """
    reader = Reader(snapshot)
    iri = find_statement(snapshot, statement).value
    answered = reader.these([iri])[iri]
    node = organisations.find(snapshot, group)
    own = reader.party(node.value)
    if own in answered.senders:
        raise UsageError(f"{own.label} sent {answered.name} itself", hint="name another group with --as")
    house, number = _house(snapshot, node), _form_of_number(own.id)
    others = [p for p in (*answered.to, *answered.cc) if p not in (own, *answered.senders)]
    return Draft(
        house=house,
        group=own,
        number=number,
        date=on,
        title=_title(answered, house),
        answered=Answered(
            number=answered.number,
            received_number=next((n for n in answered.received_numbers if tdoc_group(n) == own.id), None),
            title=answered.title,
            senders=answered.senders,
        ),
        to=tuple(p.label for p in answered.senders),
        cc=tuple(dict.fromkeys(p.label for p in others)),
        releases=_identifiers(snapshot, iri, SDO.plannedFor),
        work_items=_identifiers(snapshot, iri, SDO.concerns),
        asked=_asked(answered, own),
        meetings=_meetings(snapshot, node, on),
        remarks=tuple(_remarks(snapshot, answered, own, on)),
    )


def _house(snapshot: Snapshot, node: NamedNode) -> str:
    bodies = {node} | {o for o in snapshot.objects(node, ORG.unitOf) if isinstance(o, NamedNode)}
    ids = {local_id(key_of(body.value) or "") for body in bodies}
    return next((house for body, house in _HOUSES.items() if body in ids), LETTER)


def _form_of_number(group: str | None) -> str | None:
    prefix = next((prefix for prefix, id in TDOC_GROUPS.items() if id == group), None)
    return f"{prefix}-xxxxxxx" if prefix else None


def _title(answered: Statement, house: str) -> str:
    title = answered.title or answered.name
    found = _SUBJECT.fullmatch(title)
    begin = "LS/r" if house == "itu-t" else "Reply LS"
    return f"{begin} on {found['subject'] if found else title}"


def _identifiers(view: Snapshot, iri: str, link: NamedNode) -> tuple[str, ...]:
    targets = (o for o in view.objects(NamedNode(iri), link) if isinstance(o, NamedNode))
    return tuple(sorted(filter(None, (view.text(target, DCT.identifier) for target in targets))))


def _asked(statement: Statement, own: Party) -> tuple[str, ...]:
    """What is asked of the group; without anything of that kind what is asked of nobody in particular."""
    ours = [a for a in statement.actions if own.iri in a.of] or [a for a in statement.actions if not a.of]
    # Tables say no more than "action".
    return tuple(a.text for a in ours if a.text and len(a.text.split()) > 1)


def _meetings(view: Snapshot, group: NamedNode, on: date) -> tuple[AnnouncedMeeting, ...]:
    found = []
    for t in view.triples(None, SCHEMA.organizer, group):
        if not isinstance(t.subject, NamedNode) or SDO.Meeting not in set(view.objects(t.subject, RDF.type)):
            continue
        begin, end = (view.text(t.subject, p) for p in (SCHEMA.startDate, SCHEMA.endDate))
        name = view.text(t.subject, RDFS.label)
        if begin and name and not by(begin, on):
            place = view.text(t.subject, SCHEMA.location)
            found.append(AnnouncedMeeting(name=name, locator="", begin=begin, end=end, place=place))
    return tuple(sorted(found, key=lambda m: (m.begin or "", m.name)))


def _remarks(view: Snapshot, answered: Statement, own: Party, on: date) -> Iterable[str]:
    if own not in (*answered.to, *answered.cc):
        yield f"{own.label} is not among the receivers of {answered.name}"
    for party in answered.senders:
        if party.iri is None:
            yield f"the sender is not known to the graph: {party.label}"
            continue
        heirs = organisations.successors(view, NamedNode(party.iri))
        for heir in sorted(heirs, key=lambda n: n.value):
            yield f"{party.label} was succeeded by {view.text(heir, RDFS.label)}: check to whom to send it"
    if not _meetings(view, NamedNode(own.iri or ""), on):
        yield f"no coming meeting of {own.label} is in the graph: fill it in"
