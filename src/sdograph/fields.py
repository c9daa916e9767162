"""A liaison statement as it was read, field by field, each value beside the document's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sdograph import identifiers as ids
from sdograph.model import Evidence, LiaisonStatement, Reference

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a field: as it was read, the words behind it, their place, how surely, by which rule."""

    field: str
    read: str
    words: str
    locator: str
    confidence: float
    rule: str
    keys: tuple[str, ...] = ()
    """Keys of what it was linked to; of an action, of those asked."""


def rows(statement: LiaisonStatement) -> Iterator[Row]:
    """The fields of a statement in the order in which people look for them."""
    yield from _stated(statement, "number", (statement.number,))
    yield from _stated(statement, "received_number", statement.received_numbers)
    yield from _stated(statement, "title", (statement.title,))
    yield from _stated(statement, "date", (statement.date,))
    yield from map(_linked, statement.sender)
    purposes = {id(reference): purpose for reference, purpose in statement.purpose_by_addressee()}
    for reference in (*statement.to, *statement.cc):
        yield _linked(reference, purposes.get(id(reference)))
    for several in (statement.in_reply_to, statement.releases, statement.work_items, statement.mentions):
        yield from map(_linked, several)
    for action, words in _beside(statement, "action", statement.actions):
        asked = ", ".join(_name(r) for r in action.addressees)
        keys = tuple(r.target for r in action.addressees if r.target)
        yield _row("action", f"{asked}{f', by {action.deadline}' if action.deadline else ''}", words, keys)
    yield from _stated(statement, "attachment", statement.attachments)
    for meeting, words in _beside(statement, "meeting", statement.meetings):
        days = " to ".join(day for day in (meeting.begin, meeting.end) if day)
        yield _row("meeting", ", ".join(part for part in (meeting.name, days, meeting.place) if part), words)
    yield from _stated(statement, "approval", (statement.approval,))


def _name(reference: Reference) -> str:
    if reference.target is not None:
        return ids.local_id(reference.target)
    near = ", ".join(ids.local_id(c) for c in reference.candidates)
    return f"“{reference.text}”, open{f'; near: {near}' if near else ''}"


def _linked(reference: Reference, purpose: str | None = None) -> Row:
    read = f"{_name(reference)}, for {purpose}" if purpose else _name(reference)
    keys = (reference.target,) if reference.target else ()
    return Row(
        reference.field, read, reference.text, reference.locator, reference.confidence, reference.rule, keys
    )


def _stated(statement: LiaisonStatement, field: str, values: Iterable[str | None]) -> Iterator[Row]:
    for value, evidence in _beside(statement, field, [value for value in values if value]):
        yield _row(field, value, evidence)


def _row(field: str, read: str, evidence: Evidence | None, keys: tuple[str, ...] = ()) -> Row:
    if evidence is None:
        return Row(field, read, "", "", 0.0, "", keys)
    return Row(field, read, evidence.text, evidence.locator, evidence.confidence, evidence.rule, keys)


def _beside(
    statement: LiaisonStatement, field: str, values: Iterable[T]
) -> Iterator[tuple[T, Evidence | None]]:
    """Each value with its evidence: there is a piece for each, or one for all."""
    places = [e for e in statement.evidence if e.field == field]
    for n, value in enumerate(values):
        yield value, places[min(n, len(places) - 1)] if places else None
