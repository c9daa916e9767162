"""Rows about liaison statements -> liaison statements, with their numbers told apart.

The column ``ls_ref`` holds the number its sender gave the statement and, in brackets, those its receivers
gave it: "C4-244497 [S3-251218]"; "[S3-251818]" where only the receiver's is known
(:mod:`sdograph.sources.statement_numbers`). A row that names a meeting is one of its list: it stays a record
of its own, as meetings differ in what they do with a statement that comes up again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sdograph import identifiers as ids
from sdograph.model import (
    Evidence,
    LiaisonStatement,
    Meeting,
    Purpose,
    Record,
    Reference,
    ReferenceKind,
    RequestedAction,
)
from sdograph.sources.fact_tables.known import Known
from sdograph.sources.fact_tables.rows import Row
from sdograph.sources.fact_tables.values import DESCRIBED, dated, official_title
from sdograph.sources.statement_numbers import Numbers, read_numbers
from sdograph.sources.tdoc_titles import answered_in
from sdograph.sources.tdocs import ADDRESSED, DRAFTS, NUMBER_IN_TITLE, SURE_BY_TITLE

LAYOUT = "fact-table"

PURPOSES: dict[str, Purpose] = {
    "action": "action",
    "info": "information",
    "information": "information",
    "comment": "comment",
    "response": "response",
}

#: What was only planned when the source was written is less sure than what a row states otherwise.
_PLANNED = 0.3


@dataclass(frozen=True, slots=True)
class Told:
    """What the table tells elsewhere of the statement that a receiver knows by a number."""

    number: str | None
    sender: str


@dataclass(slots=True)
class _Gathered:
    """What the rows of one statement say together."""

    numbers: Numbers
    title: str
    sender: Reference
    to: dict[str, Reference] = field(default_factory=dict)
    cc: dict[str, Reference] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    purposes: dict[str, Purpose] = field(default_factory=dict)
    in_reply_to: dict[str, Reference] = field(default_factory=dict)
    answered_by: dict[str, Reference] = field(default_factory=dict)
    releases: dict[str, Reference] = field(default_factory=dict)
    work_items: dict[str, Reference] = field(default_factory=dict)
    mentions: dict[str, Reference] = field(default_factory=dict)
    actions: list[RequestedAction] = field(default_factory=list)
    outcome: str | None = None
    evidence: list[Evidence] = field(default_factory=list)

    def statement(self) -> LiaisonStatement:
        """Without number and title it is called by what stands in the place of its number."""
        numbers = self.numbers
        named = numbers.number or self.title or numbers.words
        return LiaisonStatement(
            layout=LAYOUT,
            title=self.title or (numbers.words or "" if numbers.number is None else ""),
            sender=(self.sender,),
            to=tuple(self.to.values()),
            cc=tuple(self.cc.values()),
            # Nothing but sender and date would make one of many: a receiver's number tells more.
            date=min(self.dates, default=None) if named else None,
            number=numbers.number,
            received_numbers=numbers.received,
            earlier_numbers=numbers.earlier,
            purposes=tuple(self.purposes.items()),
            in_reply_to=tuple(self.in_reply_to.values()),
            answered_by=tuple(self.answered_by.values()),
            releases=tuple(self.releases.values()),
            work_items=tuple(self.work_items.values()),
            mentions=tuple(self.mentions.values()),
            actions=tuple(self.actions),
            outcome=self.outcome,
            evidence=tuple(self.evidence),
        )


def statements(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """The statements, each where the first of its rows stands, before them the meetings that rows name.

    Rows with one number of one sender are one statement, received more than once. So are rows of one sender
    with the same words in the place of a number. It then has all the addressees and receivers' numbers, and
    the earliest date. Of the others with a receiver's number only, nothing tells that two are the same. A
    title that is none of the statement's own is left away.
    """
    told = _told(rows)
    meetings: dict[tuple[str, str], Meeting] = {}
    gathered: dict[tuple[str, ...], _Gathered] = {}
    for row in rows:
        numbers, sender = _read(row), row.text("from_group")
        title = official_title(row.optional("title")) or ""
        meeting = _meeting(row, known)
        context = known.registry.bodies(meeting.group)[0] if meeting else _whose(numbers)
        if meeting:
            meetings.setdefault((meeting.group, meeting.name), meeting)
        identity = (sender, row.locator if meeting else numbers.number or numbers.words or row.locator)
        found = gathered.get(identity)
        if found is None:
            reference = _reference(row, "sender", "organization", sender, context)
            found = gathered[identity] = _Gathered(numbers, title, reference)
        else:
            found.numbers = replace(
                found.numbers,
                received=tuple(dict.fromkeys((*found.numbers.received, *numbers.received))),
                earlier=tuple(dict.fromkeys((*found.numbers.earlier, *numbers.earlier))),
            )
        found.title = found.title or title
        _add(found, row, known, told, context)
    yield from meetings.values()
    for statement in gathered.values():
        yield statement.statement()


def _read(row: Row) -> Numbers:
    found = read_numbers(row.text("ls_ref"))
    earlier = map(ids.document_number, row.several("earlier_numbers"))
    return replace(found, earlier=tuple(dict.fromkeys((*found.earlier, *earlier))))


def _whose(numbers: Numbers) -> str | None:
    """The body whose groups go by their own names in the row: the Datatracker's, "ccamp", are the IETF's."""
    given = (numbers.number, *numbers.received)
    return "IETF" if any(n and ids.number_body(n) == "IETF" for n in given) else None


def _told(rows: Sequence[Row]) -> dict[str, Told]:
    """By each receiver's number what rows tell; one that gives the sender's number tells more."""
    told: dict[str, Told] = {}
    for row in rows:
        numbers = _read(row)
        for number in numbers.received:
            if numbers.number or number not in told:
                told[number] = Told(numbers.number, row.text("from_group"))
    return told


def _meeting(row: Row, known: Known) -> Meeting | None:
    if row.optional("meeting_id") is None and row.optional("meeting_group") is None:
        return None
    group = known.needed(row, "meeting_group", row.text("meeting_group"))
    name = row.text("meeting_id")
    return Meeting(group=group, name=name, evidence=(row.evidence("record", name),))


def _add(found: _Gathered, row: Row, known: Known, told: Mapping[str, Told], context: str | None) -> None:
    """What the row says; ``context`` is the body whose meeting's list or Datatracker it is from."""

    def add(references: dict[str, Reference], column: str, where: str, kind: ReferenceKind) -> None:
        for part in row.several(column):
            references.setdefault(part, _reference(row, where, kind, part, context))

    found.evidence += row.whole(row.text("ls_ref"))
    title = row.optional("title")
    if title and title != found.title:
        own = official_title(title) is not None
        found.evidence.append(row.evidence("title", title, confidence=None if own else DESCRIBED))
    add(found.to, "to_groups", "to", "organization")
    add(found.cc, "cc_groups", "cc", "organization")
    if row.optional("addressees_from") is not None:
        how = row.one_of("addressees_from", ADDRESSED)
        found.evidence.append(row.evidence("to", how, confidence=ADDRESSED[how], rule=how))
    date, note = dated(row, "date")
    if date is not None and note == "planned":  # whether it was sent then is not told
        found.evidence.append(row.evidence("date", row.text("date"), confidence=_PLANNED))
    elif date is not None:
        found.dates.append(date)
        found.evidence.append(row.evidence("date", row.text("date")))
    _purpose(found, row, [found.to[name] for name in row.several("to_groups")])
    for reference in _answered(row, known, told):
        found.in_reply_to.setdefault(reference.text, reference)
        if reference.text != row.text("in_reply_to"):
            found.evidence.append(row.evidence("in_reply_to", row.text("in_reply_to")))
    if row.optional("in_reply_to") is None:
        for reference in _answered_by_title(found, row, known, told):
            found.in_reply_to.setdefault(reference.text, reference)
            found.evidence.append(
                row.evidence("in_reply_to", title or "", confidence=SURE_BY_TITLE, rule=NUMBER_IN_TITLE)
            )
    for part in map(ids.document_number, row.several("answered_by")):
        found.answered_by.setdefault(part, _reference(row, "answered_by", "document", part))
    if drafts := [n for n in row.several("answer_drafts") if n not in found.answered_by]:
        found.evidence.append(row.evidence("answered_by", "; ".join(drafts), rule=DRAFTS))
    add(found.releases, "releases", "release", "release")
    add(found.work_items, "work_items", "work_item", "item")
    for code in row.several("mentions"):
        found.mentions.setdefault(code, _reference(row, "mention", "item", code))
    if (meeting := row.optional("meeting_id")) is not None:
        found.evidence.append(row.evidence("meeting", meeting))
    if (outcome := row.optional("outcome")) is not None:
        found.outcome = found.outcome or outcome
        found.evidence.append(row.evidence("outcome", outcome))


def _reference(row: Row, where: str, kind: ReferenceKind, text: str, context: str | None = None) -> Reference:
    return Reference(text=text, field=where, kind=kind, locator=row.locator, context=context)


def _purpose(found: _Gathered, row: Row, to: Sequence[Reference]) -> None:
    """What the addressees get it for; a deadline is that of what is asked of them, action or comment."""
    if (words := row.optional("purpose")) is not None:
        purpose = PURPOSES[row.one_of("purpose", PURPOSES)]
        found.purposes |= {r.text: purpose for r in to if r.text not in found.purposes}
        found.evidence.append(row.evidence("purpose", words))
    if (deadline := row.date("deadline")) is not None:
        asked = tuple(replace(r, field="action") for r in to) if words in ("action", "comment") else ()
        found.actions.append(
            RequestedAction(
                addressees=asked, text=words or "deadline", locator=row.locator, deadline=deadline
            )
        )


_RECEIVED_AND_SENT = re.compile(r"(?P<received>\S+) \((?P<sent>[^()]+)\)(?: \((?P=sent)\))?")
_EITHER = re.compile(r"(?P<one>[\w-]+)/(?P<other>[\w-]+)")


def _answered(row: Row, known: Known, told: Mapping[str, Told]) -> Iterator[Reference]:
    """What the statement answers, by the number its sender gave it as far as the row or the table tells that.

    "S3-251218 (C4-244497)": the number of whoever answers, then that of whoever is answered.
    "S5-186491/S2-189049": the one that is not of the answering group's own series. What is no number is the
    title of a statement.
    """
    own = known.find(row.text("from_group"))
    for part in row.several("in_reply_to"):
        received, sent = None, part
        if found := _RECEIVED_AND_SENT.fullmatch(part):
            received, sent = ids.document_number(found["received"]), found["sent"]
        elif (found := _EITHER.fullmatch(part)) and (group := ids.tdoc_group(found["one"])):
            sent = found["other"] if group == own else found["one"]
        else:
            received = ids.document_number(part)
        answered = told.get(received) if received else None
        if answered is not None and sent == part:
            sent = answered.number or part
        context = answered.sender if answered else None
        yield _reference(row, "in_reply_to", "document", ids.document_number(sent), context)


def _answered_by_title(
    found: _Gathered, row: Row, known: Known, told: Mapping[str, Told]
) -> Iterator[Reference]:
    """The same, where only the title tells it."""
    title = official_title(row.optional("title")) or ""
    own = {found.numbers.number, *found.numbers.received, *found.numbers.earlier}
    for number in answered_in(title, known.find(row.text("from_group"))):
        if number not in own:
            answered = told.get(number)
            sent = answered.number if answered and answered.number else number
            yield _reference(row, "in_reply_to", "document", sent, answered.sender if answered else None)
