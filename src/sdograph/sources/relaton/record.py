"""A relaton record: one YAML file about one edition of one document, in any of three schema generations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, cast

import yaml

from sdograph.errors import DataError, LimitExceeded, UnreadableDocument
from sdograph.model import Relation, Specification
from sdograph.sources.dates import is_date
from sdograph.sources.document_numbers import DocumentNumber, UnknownIdentifier, parse
from sdograph.sources.files import read_bounded
from sdograph.sources.plain import clean
from sdograph.sources.relaton import terms
from sdograph.sources.relaton.edition import Edition, Editions

#: The longest record that was met has 24 thousand bytes.
MAX_BYTES = 2_000_000
#: Nodes of the document once every alias is replaced by what it stands for.
MAX_NODES = 200_000
MAX_DEPTH = 50

#: What a record is made of. All scalars are text: "1.10" is a version, not a number.
_Node: TypeAlias = "str | list[_Node] | dict[str, _Node]"
_Fields: TypeAlias = Mapping[str, _Node]

_IDENTIFIER = re.compile(r"^(?:docid|docidentifier):", re.MULTILINE)
_SCHEMA = re.compile(r"^schema[-_]version:", re.MULTILINE)
_HEAD = 65_536


class RecordFault(DataError):
    """A record lacks what it cannot do without, or says what cannot be."""

    code = "relaton-record"


def is_record(path: Path) -> bool:
    """Whether a file is a YAML document with the keys of a record at its beginning."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD).decode("utf-8", "replace")
    return bool(_IDENTIFIER.search(head) and _SCHEMA.search(head))


def read_record(path: Path) -> Iterator[Specification]:
    """The one specification of which a record describes an edition.

    Raises UnreadableDocument for what is no YAML, LimitExceeded for a file that is too long, too deep or
    grows too much by its aliases, and RecordFault when it is YAML and no record, with the field at fault.
    """
    record = _Record(path.name, _fields(_loaded(path)))
    yield Editions.of(record.edition()).specification({})


# --- YAML within bounds


def _loaded(path: Path) -> _Node:
    data = read_bounded(path, MAX_BYTES, hint="a record describes one document")
    try:
        text = data.decode("utf-8-sig")
        _check_size(path.name, text)
        return cast(_Node, yaml.load(text, yaml.CBaseLoader))  # noqa: S506 (makes str, list and dict only)
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="get the record again"
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        problem = getattr(error, "problem", None) or "characters that YAML does not allow"
        raise UnreadableDocument(f"no YAML: {problem}", where=where, hint="get the record again") from error


def _check_size(name: str, text: str) -> None:
    """Counts nodes and depth before anything is built of them; an alias counts as what it repeats."""
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:  # also of what is still open: a structure that contains itself
                raise UnreadableDocument(
                    f"*{event.anchor} repeats nothing that stands before it",
                    where=f"{name}, line {_line(event)}",
                    hint="get the record again",
                )
            total += sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            total += 1
            open_.append((event.anchor, total - 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor:
                sizes[anchor] = total - before
        if total > MAX_NODES or len(open_) > MAX_DEPTH:
            raise LimitExceeded(
                f"the record has over {MAX_NODES:,} values, or is nested over {MAX_DEPTH} deep",
                where=f"{name}, line {_line(event)}",
                hint="a record describes one document",
            )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _fields(node: _Node | None) -> _Fields:
    return node if isinstance(node, dict) else {}


def _items(node: _Node | None) -> Sequence[_Node]:
    """A list; a single value counts as a list of one."""
    if isinstance(node, list):
        return node
    return [] if node is None else [node]


def _text(node: _Node | None, *keys: str) -> str:
    """A text, or the first text of a structure that stands under one of the keys; "" for none."""
    for key in keys:
        if isinstance(node, dict) and key in node:
            return _text(node[key], *keys)
    if isinstance(node, list):
        return _text(node[0], *keys) if node else ""
    return " ".join(clean(node).split()) if isinstance(node, str) else ""


# --- the fields


class _Record:
    """The fields of a record, whatever its generation calls them."""

    def __init__(self, name: str, fields: _Fields) -> None:
        self._name = name
        self._fields = fields
        self._ext = _fields(fields.get("ext"))

    def edition(self) -> Edition:
        kind = _text(self._either("doctype"), "type", "content")
        address = self._address()
        identifiers = self._identifiers()
        number = self._parsed(identifiers[0], kind)
        number = replace(number, version=terms.whole_year(number, address))
        title = self._title()
        stage = self._stage()
        return Edition(
            number=number,
            identifier=identifiers[0],
            locator="docidentifier" if "docidentifier" in self._fields else "docid",
            title=terms.english(title),
            kind=number.kind or terms.kind_name(kind),
            group=self._group(),
            date=terms.issued(number, self._dates(), stage),
            stage=stage,
            address=address,
            keywords=tuple(filter(None, (_text(k, "content") for k in _items(self._fields.get("keyword"))))),
            relations=(*self._twins(number, identifiers[1:]), *self._relations(number)),
        )

    def _either(self, key: str) -> _Node | None:
        """A field that older generations have at the top and newer ones in ``ext``."""
        return self._ext.get(key) or self._fields.get(key)

    def _identifiers(self) -> list[str]:
        """The primary identifiers; a text that two bodies publish has two."""
        entries = _items(self._fields.get("docid") or self._fields.get("docidentifier"))
        primary = [e for e in entries if _text(_fields(e).get("primary")) == "true"]
        found = [
            i
            for i in (_text(_fields(e).get("id") or _fields(e).get("content")) for e in primary or entries)
            if i
        ]
        if not found:
            raise self._fault("docid", "the record has no identifier", "a record of a document has a docid")
        return found

    def _parsed(self, identifier: str, kind: str) -> DocumentNumber:
        try:
            return parse(identifier, terms.ITU_KINDS.get(kind))
        except UnknownIdentifier as error:
            raise self._fault("docid", error.message, error.hint or "") from error

    def _title(self) -> str:
        """The English title; where it stands in pieces only, they are put together as ISO writes them."""
        titles = [_fields(t) for t in _items(self._fields.get("title"))]
        titles = [t for t in titles if _text(t.get("language")) in ("en", "")] or titles
        for wanted in ("main", ""):
            for title in titles:
                if _text(title.get("type")) == wanted:
                    return _text(title.get("content"))
        return " - ".join(_text(title.get("content")) for title in titles)

    def _dates(self) -> dict[str, str]:
        dates: dict[str, str] = {}
        for entry in map(_fields, _items(self._fields.get("date"))):
            when = _text(entry.get("value") or entry.get("at") or entry.get("on"))
            if when and not is_date(when):
                raise self._fault(
                    "date", f"{when!r} is no date", "dates are written 2019-06-22; or month or year"
                )
            if when:
                dates.setdefault(_text(entry.get("type")), when)
        return dates

    def _stage(self) -> str | None:
        status = _fields(self._fields.get("docstatus") or self._fields.get("status"))
        stage = _text(status.get("stage"), "value", "content")
        substage = _text(status.get("substage"), "value", "content")
        return f"{stage}.{substage}" if stage and substage else stage or None

    def _address(self) -> str | None:
        for link in map(_fields, _items(self._fields.get("link") or self._fields.get("source"))):
            if _text(link.get("type")) == "src":
                return terms.page_address(_text(link.get("content")))
        return None

    def _group(self) -> str:
        """Name or code of the responsible group; where there are several, the one that is called prime."""
        groups = self._either("editorialgroup")
        if isinstance(groups, dict):
            return _text(_fields(_first(groups.get("technical_committee"))).get("identifier")) or _text(
                groups.get("group"), "name", "content"
            )
        entries = [_fields(g) for g in _items(groups)]
        for group in sorted(entries, key=lambda g: _text(g.get("type")) != "prime"):
            return _text(group.get("name"), "content")
        return self._committee()

    def _committee(self) -> str:
        """The committee among the contributors, where the newest generation has it."""
        for contributor in map(_fields, _items(self._fields.get("contributor"))):
            roles = map(_fields, _items(contributor.get("role")))
            if any(_text(role.get("description"), "content") == "committee" for role in roles):
                organization = _fields(contributor.get("organization"))
                return _text(_first(organization.get("subdivision")), "name", "content")
        return ""

    def _twins(self, number: DocumentNumber, identifiers: Sequence[str]) -> Iterator[Relation]:
        for identifier in identifiers:
            other = self._parsed(identifier, "")
            if (other.body, other.number) != (number.body, number.number):
                yield Relation(kind="same-text", body=other.body, number=other.number)

    def _relations(self, number: DocumentNumber) -> Iterator[Relation]:
        kinds = terms.ISO_RELATIONS if number.body in terms.ISO_BODIES else terms.RELATIONS
        for entry in map(_fields, _items(self._fields.get("relation"))):
            kind = kinds.get(_text(entry.get("type")))
            other = self._other(entry.get("bibitem"))
            if kind is None or other is None or other.draft:
                continue  # a draft has replaced nothing yet, and it may be one of what comes next
            # Other editions of the same number are its versions, and what changes it says so itself.
            if number.number not in (other.number, other.changes):
                yield Relation(kind=kind, body=other.body, number=other.number)

    def _other(self, item: _Node | None) -> DocumentNumber | None:
        """The document that a relation leads to; None when no identifier of a known body tells."""
        fields = _fields(item)
        for entry in _items(fields.get("docid") or fields.get("docidentifier")):
            try:
                return parse(_text(entry, "id", "content"))
            except UnknownIdentifier:
                continue
        return None

    def _fault(self, field: str, message: str, hint: str) -> RecordFault:
        return RecordFault(message, where=f"{self._name}, {field}", hint=hint)


def _first(node: _Node | None) -> _Node | None:
    items = _items(node)
    return items[0] if items else None
