"""Liaison statements of the IETF Datatracker: pages of its REST API, and an index of its entries.

A file of the API holds one page (``{"meta": …, "objects": […]}``), a list of pages, or a page a line; besides
``liaisonstatement`` it may hold pages of ``liaisonstatementevent`` (when it was submitted),
``relatedliaisonstatement`` (what it refers to) and ``group`` (the acronyms of senders and receivers). Of each
object only what is named here is kept: contacts and bodies of text never are. The index is JSON Lines with
the header facts of an entry a line (``liaison_id``, ``submitted``, ``from_group`` …).

The fields are those of the Datatracker's liaison application; the Datatracker itself gives every statement a
number, which is the only one that most have: "datatracker 2106".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument, LimitExceeded, UnreadableDocument
from sdograph.linking.names import outside_parentheses, split_parties
from sdograph.model import LiaisonStatement, Reference
from sdograph.sources.datatracker_entry import LAYOUT, NEEDED, TAKEN, Entry, day, is_reply
from sdograph.sources.files import read_bounded

__all__ = ["LAYOUT", "VERSION", "check_page", "pages", "read", "recognise"]

#: Raised whenever the same file would give other records.
VERSION = "1"

MAX_BYTES = 50_000_000
MAX_PAGES = 5_000
_AGAIN = "get it again from https://datatracker.ietf.org/api/v1/liaisons/liaisonstatement/"

#: Pending ones are not sent yet, dead ones never were.
_SENT = frozenset(("posted", "approved"))
#: Kinds of events that tell the day, the best first.
_DAYS = ("submitted", "posted", "approved")
_TAGS = (("taken", TAKEN), ("required", NEEDED))
_RESOURCE = re.compile(r"/api/v1/\w+/(\w+)/([\w-]+)/?$")


def read(path: Path) -> Iterator[LiaisonStatement]:
    """The liaison statements that were sent, in the order of the file, not yet linked.

    Raises UnreadableDocument when the file is no JSON of this kind, IncompleteDocument when a page holds
    fewer objects than it says, LimitExceeded over 50 MB, Unavailable when the file cannot be opened.
    """
    found = _Found()
    for line, value in _values(path):
        if isinstance(value, dict) and "liaison_id" in value:
            yield _of_index(value, line, path.name).statement()
        else:
            for page in value if isinstance(value, list) else [value]:
                for thing in check_page(page, path.name)["objects"]:
                    found.take(thing)
    for entry in found.entries():
        yield entry.statement()


def recognise(path: Path) -> bool:
    """Whether a file holds pages of the API with liaison statements, or the index, by its beginning."""
    if not path.name.lower().endswith((".json", ".jsonl")) or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(20_000)
    is_page = b'"meta"' in head and b"/api/v1/liaisons/" in head
    return is_page or (b'"liaison_id"' in head and b'"from_group"' in head)


def pages(first: str, get: Callable[[str], bytes], *, limit: int = MAX_PAGES) -> Iterator[dict[str, Any]]:
    """Each page of a list of the API, beginning with the one at an address and following ``meta.next``.

    ``get`` fetches an address, and raises what it raises. Raises UnreadableDocument when an answer is no
    page, or leads to another host or back to a page that was there, IncompleteDocument when the pages hold
    fewer objects than they say there are, LimitExceeded after ``limit`` pages.
    """
    address: str | None = first
    seen: set[str] = set()
    count = 0
    while address is not None:
        if address in seen or urlsplit(address)[:2] != urlsplit(first)[:2]:
            raise UnreadableDocument(
                f"the page leads to {address}, which is not the next one", where=first, hint=_AGAIN
            )
        if len(seen) >= limit:
            raise LimitExceeded(f"there are more than {limit:,} pages", where=first, hint=_AGAIN)
        seen.add(address)
        page = check_page(_json(get(address), address), address)
        count += len(page["objects"])
        yield page
        following = page["meta"].get("next")
        address = urljoin(address, following) if isinstance(following, str) else None
    total = page["meta"].get("total_count")
    if isinstance(total, int) and count < total:
        raise IncompleteDocument(
            f"the pages hold {count:,} objects and say that there are {total:,}", where=first, hint=_AGAIN
        )


def check_page(page: object, where: str) -> dict[str, Any]:
    """A page of the API that is whole. Raises UnreadableDocument or IncompleteDocument otherwise."""
    if (
        not isinstance(page, dict)
        or not isinstance(meta := page.get("meta"), dict)
        or not isinstance(objects := page.get("objects"), list)
    ):
        raise UnreadableDocument("this is no page of the Datatracker's API", where=where, hint=_AGAIN)
    size, offset, total = (meta.get(name) for name in ("limit", "offset", "total_count"))
    if isinstance(size, int) and isinstance(offset, int) and isinstance(total, int):
        # A limit of 0 means all there are.
        due = total - offset if size == 0 else min(size, total - offset)
        if len(objects) < due:
            raise IncompleteDocument(
                f"the page holds {len(objects):,} objects and should hold {due:,}", where=where, hint=_AGAIN
            )
    return page


# --- the file


def _values(path: Path) -> Iterator[tuple[int, Any]]:
    """The JSON values of a file with the lines they begin in: one, or one a line."""
    data = read_bounded(path, MAX_BYTES)
    try:
        yield 1, orjson.loads(data)
        return
    except orjson.JSONDecodeError:
        pass  # several values, or a fault that the line will be named for
    for line, text in enumerate(data.splitlines(), 1):
        if text.strip():
            yield line, _json(text, f"{path.name}, line {line}")


def _json(data: bytes, where: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise UnreadableDocument(f"the JSON is broken: {error}", where=where, hint=_AGAIN) from error


# --- objects of the API


@dataclass(slots=True)
class _Found:
    """What the objects of a file tell, by the number of the statement."""

    _statements: dict[int, dict[str, Any]] = field(default_factory=dict)
    _days: dict[int, dict[str, str]] = field(default_factory=dict)
    _related: dict[int, list[int]] = field(default_factory=dict)
    _acronyms: dict[str, str] = field(default_factory=dict)
    """Of groups, by the end of their address."""

    def take(self, thing: object) -> None:
        """Keeps of an object what is read; objects of other kinds are passed over."""
        if not isinstance(thing, dict):
            return
        match _resource(thing.get("resource_uri")):
            case ("liaisonstatement", _):
                if (number := _number(thing["resource_uri"])) is not None:
                    self._statements[number] = {name: thing.get(name) for name in _FIELDS}
            case ("liaisonstatementevent", _):
                _, kind = _resource(thing.get("type"))
                about, when = _number(thing.get("statement")), day(thing.get("time"))
                if about is not None and when is not None:
                    # A statement that is sent again keeps its first day.
                    days = self._days.setdefault(about, {})
                    days[kind] = min(when, days.get(kind, when))
            case ("relatedliaisonstatement", _):
                source, target = _number(thing.get("source")), _number(thing.get("target"))
                if source is not None and target is not None:
                    self._related.setdefault(source, []).append(target)
            case ("group", name):
                self._acronyms[name] = _text(thing.get("acronym")) or _text(thing.get("name"))

    def entries(self) -> Iterator[Entry]:
        """The statements that were sent, in the order in which they were found."""
        made = {number: self._entry(number, values) for number, values in self._statements.items()}
        for number, entry in made.items():
            if _resource(self._statements[number]["state"])[1] in _SENT:
                entry.refers_to = [self._reference(made, t, entry) for t in self._related.get(number, ())]
                yield entry

    def _entry(self, number: int, values: dict[str, Any]) -> Entry:
        days = self._days.get(number, {})
        tags = {_resource(tag)[1] for tag in _list(values["tags"])}
        return Entry(
            id=number,
            title=_text(values["title"]),
            senders=self._parties(values["from_groups"], values["from_name"]),
            receivers=self._parties(values["to_groups"], values["to_name"]),
            locator=f"liaison statement {number}",
            purpose=_resource(values["purpose"])[1],
            deadline=day(values["deadline"]),
            tag=next((words for slug, words in _TAGS if slug in tags), ""),
            date=next((days[kind] for kind in _DAYS if kind in days), None),
            number_words=_text(values["other_identifiers"]),
        )

    def _parties(self, groups: object, name: object) -> list[str]:
        """The acronyms of the groups, where the file has them all, else the names that the entry gives."""
        acronyms = [self._acronyms.get(_resource(address)[1], "") for address in _list(groups)]
        if acronyms and all(acronyms):
            return acronyms
        # Names of old entries have a person in parentheses.
        names = (outside_parentheses(party)[0] for party in split_parties(_text(name)))
        return [n for n in names if n and "@" not in n] or ["-"]

    @staticmethod
    def _reference(made: dict[int, Entry], target: int, entry: Entry) -> Reference:
        """A statement by its sender's number where the file tells it, else by that of the Datatracker."""
        known = made.get(target)
        own = known.sender_number if known else None
        return Reference(
            text=own or ids.datatracker_number(target),
            field="in_reply_to",
            kind="document",
            locator=entry.locator,
            context=None if known is None else known.senders[0] if own else "IETF",
        )


_FIELDS = (
    "title", "from_groups", "from_name", "to_groups", "to_name", "purpose", "deadline", "state", "tags",
    "other_identifiers",
)  # fmt: skip


def _resource(address: object) -> tuple[str, str]:
    """Kind and name of what an address of the API leads to: ("liaisonstatement", "2106"), ("…", "posted")."""
    found = _RESOURCE.search(address) if isinstance(address, str) else None
    return (found[1], found[2]) if found else ("", "")


def _number(address: object) -> int | None:
    name = _resource(address)[1]
    return int(name) if name.isdecimal() and len(name) < 12 else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


# --- the index


def _of_index(line: dict[str, Any], number: int, where: str) -> Entry:
    """An entry of the index: names of groups are separated by semicolons, related statements are titles."""
    place = f"line {number}"
    entry = line["liaison_id"]
    names = {
        name: [n.strip(" ()") for n in _text(line.get(name)).split(";")]
        for name in ("from_group", "to_groups")
    }
    if type(entry) is not int or not all(map(any, names.values())):
        raise IncompleteDocument(
            "the entry has no number, no sender or no receiver",
            where=f"{where}, {place}",
            hint="liaison_id is a number; from_group and to_groups hold names",
        )
    titles = {
        name: [_text(t) for t in _list(line.get(name)) if _text(t)] for name in ("refers_to", "referred_by")
    }
    return Entry(
        id=entry,
        title=_text(line.get("title")),
        senders=[n for n in names["from_group"] if n],
        receivers=[n for n in names["to_groups"] if n],
        locator=place,
        purpose=_text(line.get("purpose")),
        deadline=day(line.get("deadline")),
        tag=_text(line.get("action_tag")),
        date=day(line.get("submitted")),
        number_words=_text(line.get("attachments")),
        refers_to=[
            Reference(text=title, field="in_reply_to", kind="document", locator=place)
            for title in titles["refers_to"]
        ],
        referred_by=[
            Reference(text=title, field="answered_by", kind="document", locator=place)
            for title in titles["referred_by"]
            if is_reply(title)
        ],
    )
