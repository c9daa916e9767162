"""Liaison statements of the IETF Datatracker, by its REST API (Tastypie).

The first run takes every event, statement and relation, page by page in the order of their ids; each page is
remembered, so that a run that ends early is gone on with. Later runs ask for what has a higher id, and again
for the statements that have an event since they were read: a change of a statement is one. What is handed on
is one file with one page of the API a line. Contacts and bodies are left out before anything is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from sdograph.errors import UnreadableDocument
from sdograph.live.session import Session
from sdograph.live.source import Fetched, File
from sdograph.sources.datatracker import pages

HOME = "https://datatracker.ietf.org/api/v1/"
SOURCE = "ietf-liaisons"
NAME = "liaison-statements.jsonl"

STATEMENTS = "liaisons/liaisonstatement"
EVENTS = "liaisons/liaisonstatementevent"
RELATIONS = "liaisons/relatedliaisonstatement"
GROUPS = "group/group"

#: What is kept of the objects of each resource.
FIELDS = {
    EVENTS: ("id", "resource_uri", "statement", "time", "type"),
    STATEMENTS: (
        "id", "resource_uri", "title", "from_groups", "from_name", "to_groups", "to_name", "purpose",
        "deadline", "state", "tags", "other_identifiers",
    ),
    RELATIONS: ("id", "resource_uri", "source", "target", "relationship"),
    GROUPS: ("id", "resource_uri", "acronym", "name"),
}  # fmt: skip

_PAGE = 500
_PAGE_BYTES = 50_000_000
#: Ids in one address, which servers take up to some thousands of characters long.
_IDS = 100
_ID = re.compile(r"/(\d{1,11})/?$")


def fetch(parameters: Mapping[str, str], session: Session) -> Fetched:
    """Every liaison statement with its events, relations and groups, in one file."""
    held = _Held(parameters["address"].rstrip("/") + "/", session)
    held.go_on(EVENTS)
    held.go_on(STATEMENTS)
    held.ask_again(STATEMENTS, held.stale_statements())
    held.go_on(RELATIONS)
    held.ask_again(GROUPS, held.unknown_groups())
    if not held.objects[STATEMENTS]:
        raise UnreadableDocument(
            "the Datatracker lists no liaison statement",
            where=held.address(STATEMENTS),
            hint="look at the address with a browser; the API may have changed",
        )
    path = session.cache.view(SOURCE) / NAME
    data = b"".join(held.line(resource) for resource in FIELDS)
    changed = not path.exists() or path.read_bytes() != data
    if changed:
        session.cache.write_bytes(path, data)
    return Fetched([File(path, held.address(STATEMENTS))], changed=changed)


class _Held:
    """What is kept of the API between runs, written down after each page."""

    def __init__(self, api: str, session: Session) -> None:
        self._api = api
        self._session = session
        known = session.cache.state(SOURCE)
        if not isinstance(known, dict) or known.get("api") != api:
            known = {"api": api, "objects": {resource: {} for resource in FIELDS}, "seen": {}}
        self.objects: dict[str, dict[str, dict[str, Any]]] = known["objects"]
        """By resource and id; the ids are strings, as JSON has no other keys."""
        self._seen: dict[str, int] = known["seen"]
        """By statement: the last event that was known when it was read, 0 for none."""

    def address(self, resource: str) -> str:
        return f"{self._api}{resource}/"

    def go_on(self, resource: str) -> None:
        """Takes the objects with a higher id than those held."""
        self._take(resource, {"id__gt": max(map(int, self.objects[resource]), default=0)})

    def ask_again(self, resource: str, wanted: Iterable[int]) -> None:
        """Takes the objects with these ids; one that is not there any more is remembered as asked for."""
        numbers = sorted(wanted)
        for begin in range(0, len(numbers), _IDS):
            part = numbers[begin : begin + _IDS]
            self._take(resource, {"id__in": ",".join(map(str, part))})
            for number in part:
                if resource == STATEMENTS:
                    self._seen[str(number)] = self._last_event()
                else:
                    self.objects[resource].setdefault(str(number), {"id": number})
            self._keep()

    def stale_statements(self) -> set[int]:
        """Statements with an event since they were read."""
        last: dict[int, int] = {}
        for number, event in self.objects[EVENTS].items():
            if (statement := _id_of(event.get("statement"))) is not None:
                last[statement] = max(last.get(statement, 0), int(number))
        return {s for s, event in last.items() if event > self._seen.get(str(s), -1)}

    def unknown_groups(self) -> set[int]:
        addresses = (
            address
            for statement in self.objects[STATEMENTS].values()
            for side in ("from_groups", "to_groups")
            for address in statement.get(side) or ()
        )
        numbers = {number for a in addresses if (number := _id_of(a)) is not None}
        return {n for n in numbers if str(n) not in self.objects[GROUPS]}

    def line(self, resource: str) -> bytes:
        """All objects of a resource as one page of the API."""
        objects = [o for _, o in sorted(self.objects[resource].items(), key=lambda item: int(item[0]))]
        meta = {"limit": 0, "offset": 0, "total_count": len(objects), "next": None, "previous": None}
        return orjson.dumps({"meta": meta, "objects": objects}) + b"\n"

    def _take(self, resource: str, choice: Mapping[str, object]) -> None:
        query = urlencode({"format": "json", "limit": _PAGE, "order_by": "id", **choice})
        address = f"{self.address(resource)}?{query}"
        for page in pages(address, lambda a: self._session.read(a, limit=_PAGE_BYTES)):
            last = self._last_event()
            for thing in page["objects"]:
                number = thing.get("id") if isinstance(thing, dict) else None
                if not isinstance(number, int):
                    raise UnreadableDocument(
                        "an object has no id", where=address, hint="the API may have changed"
                    )
                self.objects[resource][str(number)] = {n: thing[n] for n in FIELDS[resource] if n in thing}
                if resource == STATEMENTS:
                    self._seen[str(number)] = last
            self._keep()

    def _last_event(self) -> int:
        return max(map(int, self.objects[EVENTS]), default=0)

    def _keep(self) -> None:
        state = {"api": self._api, "objects": self.objects, "seen": self._seen}
        self._session.cache.keep_state(SOURCE, state)


def _id_of(address: object) -> int | None:
    found = _ID.search(address) if isinstance(address, str) else None
    return int(found[1]) if found else None
