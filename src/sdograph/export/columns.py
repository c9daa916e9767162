"""Rows of a network by the hundred: attribute values become escaped XML text a column at a time.

One value after the other, most of the time would go into asking of each what it is. Here that is asked of a
few hundred at once, and those of one kind are escaped in one go, joined by characters that XML cannot hold.
What does not fit that goes the slow way of :mod:`sdograph.export.values`, with the same result; tests hold
the two together.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import TypeAlias

from sdograph.export.values import (
    ESCAPED,
    Network,
    Value,
    clean,
    common,
    escape,
    plain,
    text,
    type_of,
    values,
)

Row: TypeAlias = Mapping[str, object]
#: How a list is written: as a text, or as JSON, members quoted, the form that Gephi and graphology read.
LIST_AS_TEXT, LIST_AS_JSON = "text", "json"

_ROWS = 250
_NONE = type(None)
#: Between values, and between the members of a list. XML holds neither, so that no cleaned value has one.
_VALUE, _MEMBER = "\x00", "\x01"
#: What cleaning takes out, those two excepted.
_UNCLEAN = re.compile("[^\x00\x01\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGERS = {"integer": 2**31, "long": 2**63}


@dataclass(frozen=True, slots=True)
class Edges:
    """Some edges of a network, in its order."""

    first: int
    """How many come before them."""
    sources: Sequence[str]
    targets: Sequence[str]
    keys: Sequence[str]
    rows: Sequence[Row]


def nodes_of(graph: Network) -> Iterator[tuple[Sequence[str], Sequence[Row]]]:
    """The nodes and what they carry, some at a time."""
    remaining = iter(graph.nodes(data=True))
    while batch := list(islice(remaining, _ROWS)):
        names, rows = zip(*batch, strict=True)
        yield names, rows


def edges_of(graph: Network) -> Iterator[Edges]:
    """All edges, some at a time."""
    first = 0
    sources: list[str] = []
    targets: list[str] = []
    keys: list[str] = []
    rows: list[Row] = []
    for source, beside in graph.adjacency():
        for target, parallel in beside.items():
            for key, row in parallel.items():
                sources.append(source)
                targets.append(target)
                keys.append(key)
                rows.append(row)
            if len(rows) >= _ROWS:
                yield Edges(first, sources, targets, keys, rows)
                first += len(rows)
                sources, targets, keys, rows = [], [], [], []
    if rows:
        yield Edges(first, sources, targets, keys, rows)


def with_kinds(edges: Edges) -> list[Row]:
    """What the edges carry, each with a kind. The key stands for one that is not given."""
    return [
        row if row.get("kind") is not None else {**row, "kind": str(key)}
        for row, key in zip(edges.rows, edges.keys, strict=True)
    ]


class Types:
    """The attributes that occur, in order of appearance, with the narrowest type that fits all values."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._rows = 0
        self._as_they_are: Counter[str] = Counter()

    def look_at(self, rows: Sequence[Row]) -> None:
        found = self._found
        self._rows += len(rows)
        for name in dict.fromkeys(chain.from_iterable(rows)):
            values = column(rows, name)
            types = set(map(type, values))
            for kind in _kinds(values, types - {_NONE}):
                found[name] = common(found[name], kind) if name in found else kind
            if types == {int} or (types == {str} and _is_xml("".join(values))):  # type: ignore[arg-type]
                self._as_they_are[name] += len(rows)

    def checked(self, reserved: Iterable[str]) -> dict[str, str]:
        """Their types; raises ValueError for a name that is reserved, empty or holds what XML cannot."""
        for name in self._found:
            if name in reserved or not name or clean(name) != name:
                raise ValueError(f"an attribute cannot be called {name!r}")
        return self._found

    def is_text(self, name: str) -> bool:
        """Whether each row has a text or whole number there that is XML as it is, under a name for ``%``."""
        return self._as_they_are[name] == self._rows > 0 and not any(c in "()%" for c in name)


def _is_xml(words: str) -> bool:
    """Whether a text needs neither cleaning nor escaping. (Line ends and tabs are not printable.)"""
    return words.isprintable() and not any(map(words.__contains__, ESCAPED))


def column(rows: Sequence[Row], name: str) -> list[object]:
    """What each row has under a name, or None."""
    return list(map(dict.get, rows, repeat(name)))  # type: ignore[arg-type]  # networkx keeps dictionaries


def _kinds(found: list[object], types: set[type]) -> Iterable[str]:
    if types == {str}:
        return ("string",)
    if types == {int}:
        numbers = [value for value in found if value is not None]
        return {type_of(kept) for value in (min(numbers), max(numbers)) if (kept := plain(value)) is not None}  # type: ignore[type-var]
    if types == {list} and all(found) and set(map(type, chain.from_iterable(found))) == {str}:  # type: ignore[arg-type]
        return ("list",)
    return {type_of(kept) for value in found if (kept := plain(value)) is not None}


def fragments(
    rows: Sequence[Row], name: str, kind: str, before: str, after: str, *, lists: str = LIST_AS_TEXT
) -> list[str]:
    """What each row has under a name, as XML between two texts; nothing where it has nothing."""
    found = column(rows, name)
    types = set(map(type, found))
    some = _NONE in types
    types.discard(_NONE)
    if not types:
        return [""] * len(found)
    written: list[str] | None = None
    if types == {str} and kind == "string":
        written = _texts(["" if v is None else v for v in found] if some else found)  # type: ignore[misc,arg-type]
    elif types == {list} and kind == "list" and not some:
        written = _lists(found, lists)  # type: ignore[arg-type]
    elif types == {int} and kind in _INTEGERS:
        bound = _INTEGERS[kind]
        if all(v is None or -bound <= v < bound for v in found):  # type: ignore[operator]
            written = list(map(repr, found))
    if written is None:
        slow = (dict(values({name: value}, {name: kind})) for value in found)
        return [f"{before}{escape(_one(found[name], lists))}{after}" if found else "" for found in slow]
    if some:
        return [
            "" if value is None else f"{before}{words}{after}"
            for value, words in zip(found, written, strict=True)
        ]
    return [f"{before}{words}{after}" for words in written]


def _one(value: Value, lists: str) -> str:
    if isinstance(value, list) and lists == LIST_AS_JSON:
        return json.dumps(value, ensure_ascii=False)
    return text(value)


def _texts(column: list[str]) -> list[str] | None:
    """Texts cleaned and escaped, or None when they have to go the slow way."""
    joined = _VALUE.join(column)
    if joined.count(_VALUE) != len(column) - 1 or _MEMBER in joined:
        return None
    return _escaped(joined).split(_VALUE)


def _lists(column: list[list[object]], lists: str) -> list[str] | None:
    """Lists of texts as XML, or None when they have to go the slow way."""
    try:
        joined = _VALUE.join([_MEMBER.join(members) for members in column])  # type: ignore[arg-type]
    except TypeError:
        return None
    if joined.count(_VALUE) != len(column) - 1 or joined.count(_MEMBER) != sum(map(len, column)) - len(
        column
    ):
        return None
    if not all(column):
        return None
    if lists == LIST_AS_TEXT:
        return _escaped(joined).replace(_MEMBER, "; ").split(_VALUE)
    for character, as_json in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        if character in joined:
            joined = joined.replace(character, as_json)
    written = _escaped(joined).replace(_MEMBER, "&quot;, &quot;").split(_VALUE)
    return [f"[&quot;{words}&quot;]" for words in written]


def _escaped(joined: str) -> str:
    if _is_xml(joined.replace(_VALUE, "").replace(_MEMBER, "")):
        return joined
    return escape(_UNCLEAN.sub("", joined))


def side_by_side(*columns: Sequence[str]) -> list[str]:
    """The rows of columns of texts."""
    return list(map("".join, zip(*columns, strict=True)))


class Spells(dict[tuple[object, object], str]):
    """A first and last day as written -> what says so; kept, as the same ones come again and again."""

    def __init__(self, make: Callable[[object, object], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, span: tuple[object, object]) -> str:
        if len(self) > 50_000:
            self.clear()
        made = self[span] = self._make(*span)
        return made
