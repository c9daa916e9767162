"""Deadlines and meetings as iCalendar (RFC 5545): what a delegate's calendar subscribes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from icalendar import Calendar, Event
from pyoxigraph import NamedNode

from sdograph import __version__
from sdograph.followup.inbox import NOTE, Box, Entry, State
from sdograph.followup.readings import Readings
from sdograph.namespaces import RDFS, SCHEMA
from sdograph.store import Snapshot

_PRODUCT = f"-//sdograph//sdograph {__version__}//EN"
#: How often a calendar program may ask again.
_REFRESH = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    iri: str
    label: str
    begin: date
    end: date
    place: str | None


def calendar(snapshot: Snapshot, box: Box) -> bytes:
    """The deadlines of an inbox or outbox, and the meetings of its groups.

    Only what has a day: a month or year is no entry of a calendar. An event keeps its UID while its time or
    state changes. DTSTAMP is when the document behind it was read.
    """
    made = Calendar()
    whose = box.organisation.label
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", f"{whose}: deadlines and meetings")
    made.add("name", f"{whose}: deadlines and meetings")
    made.add("description", f"Deadlines of liaison statements and meetings of {whose}. {NOTE}")
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    readings = Readings(snapshot)
    for entry in sorted(box.entries, key=lambda e: (e.deadline or "", _uid_of(e))):
        if (due := _day(entry.deadline)) is not None:
            made.add_component(_deadline(entry, due, readings))
    for meeting in _meetings(snapshot, (m.iri for m in box.members if m.iri)):
        made.add_component(_meeting(meeting, readings))
    return bytes(made.to_ical())


def _deadline(entry: Entry, due: date, readings: Readings) -> Event:
    statement = entry.statement
    event = _event(_uid_of(entry), due, due, readings, statement.iri)
    who = f" ({entry.addressee.label})" if entry.addressee else ""
    done = entry.state in (State.answered, State.noted)
    event.add("summary", f"{entry.state.capitalize() if done else 'Due'}: {statement.name}{who}")
    senders = ", ".join(p.label for p in statement.senders)
    asked = [a.text for a in entry.actions if a.text]
    lines = [statement.title, f"From {senders}" if senders else None, *asked, entry.rests_on]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("categories", ["deadline"])
    return event


def _meeting(meeting: _Meeting, readings: Readings) -> Event:
    event = _event(meeting.iri, meeting.begin, meeting.end, readings, meeting.iri)
    event.add("summary", meeting.label)
    if meeting.place:
        event.add("location", meeting.place)
    event.add("categories", ["meeting"])
    return event


def _event(uid: str, first: date, last: date, readings: Readings, about: str) -> Event:
    """An event of whole days; its end is the day after the last one (RFC 5545, section 3.6.1)."""
    event, stamp = Event(), readings.of(about)
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("url", about)
    return event


def _uid_of(entry: Entry) -> str:
    whose = f"/{entry.addressee.id or entry.addressee.label}" if entry.addressee else ""
    return f"{entry.statement.iri}/deadline{whose}"


def _meetings(snapshot: Snapshot, members: Iterable[str]) -> Iterator[_Meeting]:
    found = {
        t.subject
        for member in members
        for t in snapshot.triples(None, SCHEMA.organizer, NamedNode(member))
        if isinstance(t.subject, NamedNode)
    }
    for node in sorted(found, key=lambda n: n.value):
        begin = _day(snapshot.text(node, SCHEMA.startDate))
        end = _day(snapshot.text(node, SCHEMA.endDate))
        if begin is not None:
            yield _Meeting(
                iri=node.value,
                label=snapshot.text(node, RDFS.label) or node.value,
                begin=begin,
                end=end if end is not None and end >= begin else begin,
                place=snapshot.text(node, SCHEMA.location),
            )


def _day(text: str | None) -> date | None:
    """A date of day precision; None for what is a month, a year or none."""
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None
