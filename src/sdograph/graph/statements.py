"""Liaison statements: who writes to whom, what is asked, what is mentioned, what answers what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pyoxigraph import NamedNode

from sdograph import identifiers as ids
from sdograph.graph.page import WHOLE, Page, concept, node
from sdograph.graph.records import write, write_meeting, write_work_item
from sdograph.model import (
    OWN_ITEM,
    AnnouncedMeeting,
    Evidence,
    LiaisonStatement,
    Purpose,
    Reference,
    RequestedAction,
    WorkItemKind,
)
from sdograph.namespaces import CITO, DCT, SCHEMA, SDO

_PURPOSE_TERM: dict[Purpose, NamedNode] = {
    "action": SDO.forAction,
    "comment": SDO.forComment,
    "information": SDO.forInformation,
    "response": SDO.forResponse,
}


@write.register
def _statement(statement: LiaisonStatement, page: Page) -> None:
    if statement.key is None:
        raise ValueError("a liaison statement must be linked before it is written")
    known_as = statement.number or ids.number_in(statement.key)
    about = page.resource(
        statement.key,
        known_as or statement.title,
        known_as or ids.local_id(statement.key),
        SDO.LiaisonStatement,
        SCHEMA.Message,
    )
    page.redirect(about, _received(statement))
    page.codes(
        about, [n for n in (statement.number, *statement.received_numbers, *statement.earlier_numbers) if n]
    )
    page.say(about, DCT.title, statement.title or None)
    page.date(about, SCHEMA.dateSent, statement.date)
    page.say(about, SDO.layout, statement.layout)
    page.say(about, SDO.number, statement.number)
    page.say(about, SDO.receivedNumber, *statement.received_numbers)
    page.say(about, SDO.earlierNumber, *statement.earlier_numbers)
    page.say(about, SDO.outcome, statement.outcome)
    page.say(about, SDO.approval, statement.approval)
    page.say(about, SCHEMA.messageAttachment, *statement.attachments)
    place = next((e.locator for e in statement.evidence if e.field == "title"), "")
    page.topics(about, statement.title, place)
    page.evidence(about, statement.evidence)
    for prop, references in (
        (SCHEMA.sender, statement.sender),
        (SCHEMA.toRecipient, statement.to),
        (SCHEMA.ccRecipient, statement.cc),
        (CITO.repliesTo, statement.in_reply_to),
        (SDO.plannedFor, statement.releases),
        (SDO.concerns, statement.work_items),
        (SDO.mentions, statement.mentions),
    ):
        for reference in references:
            page.say(about, prop, page.reference(about, reference))
    for reference in statement.answered_by:
        answer = page.reference(about, reference)
        if answer is not None:
            page.say(answer, CITO.repliesTo, about)
    for reference, purpose in statement.purpose_by_addressee():
        page.say(about, SDO.purpose, concept("purpose", purpose))
        page.say(about, _PURPOSE_TERM[purpose], node(reference.target) if reference.target else None)
        if reference.target is None:
            # For whoever links the name later: then the statement names who gets it for that.
            page.say(page.evidence_of(about, reference), SDO.purpose, concept("purpose", purpose))
    for n, action in enumerate(statement.actions, 1):
        read = next((e for e in statement.evidence if e.field == "action" and action.text in e.text), None)
        _action(page, about, f"{statement.key}/action/{n}", n, action, read)
    sender = next((r.target for r in statement.sender if r.target), None)
    for meeting in statement.meetings:
        _announced(page, about, sender, meeting)
    for reference in (*statement.work_items, *statement.mentions):
        _own_item(page, reference, sender)


def _received(statement: LiaisonStatement) -> Iterator[str]:
    """The keys of what is known by a number that a receiver gave the statement: they lead to it."""
    for number in statement.received_numbers:
        body = ids.number_body(number)
        if body is not None and (key := ids.statement_key(body, number)) != statement.key:
            yield key


def _action(
    page: Page, statement: NamedNode, key: str, n: int, action: RequestedAction, read: Evidence | None
) -> None:
    made = page.resource(key, f"action {n}", str(n), SDO.RequestedAction)
    page.say(statement, SDO.requestsAction, made)
    page.say(made, SCHEMA.text, action.text)
    page.date(made, SDO.deadline, action.deadline)
    confidence, rule = (read.confidence, read.rule) if read else (1.0, "stated")
    page.evidence_node(made, "action", action.text, action.locator, confidence, rule)
    for reference in action.addressees:
        page.say(made, SDO.requestedOf, page.reference(made, reference))


def _announced(page: Page, statement: NamedNode, sender: str | None, meeting: AnnouncedMeeting) -> None:
    if sender is None:
        return  # whose meeting it is cannot be told; the words stay in the statement's evidence
    made = write_meeting(page, ids.local_id(sender), meeting.name, meeting.begin, meeting.end, meeting.place)
    page.say(statement, SDO.announces, made)
    words = " ".join(w for w in (meeting.name, meeting.begin, meeting.end, meeting.place) if w)
    page.evidence_node(made, WHOLE, words, meeting.locator, 1.0, "stated")


def _own_item(page: Page, reference: Reference, sender: str | None) -> None:
    """An item that its own group states in its own statement exists by that statement."""
    if reference.rule != OWN_ITEM or reference.target is None or sender is None or not reference.title:
        return
    _, body, _ = reference.target.split("/", 2)
    kind: WorkItemKind | None = "study-item" if reference.called else None
    about = write_work_item(page, body, reference.text, reference.title, [ids.local_id(sender)], kind)
    page.reference(about, replace(reference, field=WHOLE))
    if reference.called:
        page.evidence_node(
            about, "kind", reference.called, reference.locator, reference.confidence, reference.rule
        )
    page.topics(about, reference.title, reference.locator)
