"""Threads and entries of an inbox as dictionaries for JSON, one form for command line and server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sdograph.followup.inbox import Answer, Entry
from sdograph.followup.statements import Party, Statement
from sdograph.followup.threads import Node, Thread
from sdograph.identifiers import ID_BASE, iri


def reference(party: Party) -> dict[str, str | None]:
    """IRI, id and label; of a name that could not be linked, the name as its label alone."""
    return {"id": party.iri, "key": party.id, "label": party.label}


def references(parties: Iterable[Party]) -> list[dict[str, str | None]]:
    return [reference(party) for party in parties]


def statement_form(statement: Statement) -> dict[str, Any]:
    """What identifies a statement, who sent it to whom, and the numbers it is known by.

    ``received`` has each receiver's number with the id of the 3GPP group that gave it; ``forwarded_to`` are
    those of these groups that it was not addressed to.
    """
    addressed = {p.id for p in (*statement.to, *statement.cc)}
    received = [{"number": number, "group": group or None} for number, group in statement.receivers()]
    groups = (group for _, group in statement.receivers() if group and group not in addressed)
    return {
        "id": statement.iri,
        "key": statement.id,
        "label": statement.name,
        "number": statement.number,
        "received": received,
        "earlier_numbers": list(statement.earlier_numbers),
        "forwarded_to": [{"id": iri(f"group/{g}"), "key": g, "label": g} for g in dict.fromkeys(groups)],
        "title": statement.title,
        "date": statement.date,
        "sender": references(statement.senders),
        "to": references(statement.to),
        "cc": references(statement.cc),
        "outcomes": list(statement.outcomes),
    }


def thread_form(thread: Thread) -> dict[str, Any]:
    """A thread: the statement asked for, the tree, all statements in time, and what is missing."""
    return {
        "id": thread.asked_for.iri,
        "key": thread.asked_for.id,
        "label": thread.asked_for.name,
        "tree": [_node(root) for root in thread.roots],
        "timeline": [_line(statement) for statement in thread.timeline],
        "missing": list(thread.missing),
    }


def _node(node: Node) -> dict[str, Any]:
    below = [_node(reply) for reply in node.replies]
    if node.statement is None:
        return {"id": None, "label": node.name, "mark": node.mark, "replies": below}
    if node.mark is not None:
        return {"id": node.statement.iri, "label": node.name, "mark": node.mark, "replies": below}
    return {**statement_form(node.statement), "mark": None, "replies": below}


def _line(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.iri,
        "label": statement.name,
        "date": statement.date,
        "title": statement.title,
        "sender": references(statement.senders),
        "in_reply_to": [
            *(i.removeprefix(ID_BASE) for i in statement.replies_to),
            *statement.replies_to_unknown,
        ],
    }


def entry_form(entry: Entry) -> dict[str, Any]:
    """An entry of an inbox or outbox: a statement, an addressee, what is asked of it, and what came of it."""
    statement = entry.statement
    return {
        "id": statement.iri,
        "key": statement.id,
        "label": statement.name,
        "number": statement.number,
        "received_numbers": list(statement.received_numbers),
        "title": statement.title,
        "date": statement.date,
        "sender": references(statement.senders),
        "addressee": reference(entry.addressee) if entry.addressee else None,
        "role": entry.role,
        "purposes": list(entry.purposes),
        "asked_by": entry.asked_by,
        "actions": [{"id": a.iri, "text": a.text, "deadline": a.deadline} for a in entry.actions],
        "deadline": entry.deadline,
        "days_left": entry.days_left,
        "state": entry.state.value,
        "rests_on": entry.rests_on,
        "answered_by": [_answer(a) for a in entry.answers],
        "other_answers": [_answer(a) for a in entry.other_answers],
        "outcomes": list(statement.outcomes),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    key = answer.iri.removeprefix(ID_BASE).partition("/")[2]
    return {
        "id": answer.iri,
        "key": key,
        "label": answer.name,
        "date": answer.date,
        "sender": references(answer.senders),
    }
