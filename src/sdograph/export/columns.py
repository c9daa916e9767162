"""Networks by the column: what nodes and edges carry is asked, cleaned and escaped some hundreds at a time.

One value after the other, most of the time would go into asking of each what it is. Here that is asked of a
column of a few hundred rows at once, and those of one kind are escaped in one go, joined by characters that
cleaned texts have not. What does not fit that goes the slow way of :mod:`sdograph.export.values`, with the
same result; tests hold the two together. Rows are woven from their columns, not joined one by one.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, TypeAlias

from sdograph.export.values import (
    SEPARATOR,
    Network,
    Value,
    clean,
    common,
    escape,
    node_ids,
    plain,
    text,
    type_of,
    values,
    weight,
)

Row: TypeAlias = Mapping[str, object]
#: A text that is the same in every row, or one a row.
Part: TypeAlias = str | Sequence[str]

#: So many rows stand in memory as text at once.
ROWS = 250
_NONE = type(None)
#: Between values, and between the members of a list; no cleaned text has one.
_VALUE, _MEMBER = "\x00", "\x01"
#: What cleaning takes out, those two excepted.
_UNCLEAN = re.compile("[^\x00\x01\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGERS = ("integer", "long")
#: Of these each value is written. A number may be infinite, a list empty.
_ALWAYS = {str, int, bool}
#: The first is in what stands for the others.
_AS_JSON = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How values stand in a format."""

    one: Callable[[Value], str]
    """Any value, whole."""
    escape: Callable[[str], str]
    """A cleaned text."""
    special: str
    """What has to be escaped of the characters that can be printed."""
    quote: str = ""
    """What stands round an escaped text."""
    lists: tuple[str, str, str] = ("", SEPARATOR, "")
    """What stands before, between and after the members of a list, and that it is written as JSON."""
    lists_as_json: bool = False

    def takes(self, texts: str) -> bool:
        """Whether texts need neither cleaning nor escaping. (Line ends and tabs are not printable.)"""
        return texts.isprintable() and not any(map(texts.__contains__, self.special))


def as_json(cleaned: str) -> str:
    """The inside of a JSON string."""
    for character, escaped in _AS_JSON.items():
        cleaned = cleaned.replace(character, escaped)
    return cleaned


def _json(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


#: XML with lists as text; XML with lists as JSON, the form that Gephi and graphology read; JSON; plain text.
XML = Form(one=lambda v: escape(text(v)), escape=escape, special='&<>"')
XML_JSON = Form(
    one=lambda v: escape(_json(v) if isinstance(v, list) else text(v)), escape=escape, special='&<>"',
    lists=("[&quot;", "&quot;, &quot;", "&quot;]"), lists_as_json=True,
)  # fmt: skip
JSON = Form(one=_json, escape=as_json, special='"\\', quote='"', lists=('["', '","', '"]'))
TEXT = Form(one=text, escape=str, special="")


class Nodes:
    """The nodes of a network, in its order."""

    def __init__(self, graph: Network, form: Form) -> None:
        ids = node_ids(graph)
        self.names = list(ids)
        self.ids = list(ids.values())
        self.written = self.ids if form.takes("".join(self.ids)) else list(map(form.escape, self.ids))
        """What is written for their ids."""
        self.rows: list[Row] = [row for _, row in graph.nodes(data=True)]


class Edges:
    """The edges of a network, in its order; their ends by what is written for them."""

    def __init__(self, graph: Network, nodes: Nodes) -> None:
        self._graph = graph
        self.sources: list[str] = []
        self.targets: list[str] = []
        self.rows: list[Row] = []
        for source, (_, beside) in zip(nodes.written, graph.adjacency(), strict=True):
            rows: list[Row] = [row for parallel in beside.values() for row in parallel.values()]
            self.rows += rows
            self.sources += [source] * len(rows)
            if len(rows) == len(beside):
                self.targets += beside
            else:
                self.targets += [target for target, parallel in beside.items() for _ in parallel]
        if nodes.written != nodes.names:
            ids = dict(zip(nodes.names, nodes.written, strict=True))
            self.targets = list(map(ids.__getitem__, self.targets))

    @property
    def keys(self) -> list[Any]:
        """What tells each from those beside it; asked for, it walks the network again."""
        return [
            key for _, beside in self._graph.adjacency() for parallel in beside.values() for key in parallel
        ]


def numbers(rows: slice) -> list[str]:
    """The number of each row."""
    return list(map(str, range(rows.start, rows.stop)))


class Columns:
    """What the rows carry under each name, None where a row has nothing.

    ``kinds`` has the narrowest type that fits all that stands under a name. Names stand
    in order of appearance; one under which there is nothing to write has no kind.
    """

    def __init__(self, rows: Sequence[Row], form: Form) -> None:
        self.kinds: dict[str, str] = {}
        self.values: dict[str, list[object]] = {}
        self._form = form
        self.size = len(rows)
        self._types: dict[str, set[type]] = {}
        self._as_they_are: dict[str, bool] = {}
        for part in parts_of(len(rows)):
            for name, found in _across(rows[part]):
                self._add(name, found, part.start)
        for name in self.values:
            self._add(name, [], len(rows))

    def put(self, name: str, found: Sequence[object]) -> None:
        """Gives the rows something under a name, instead of what they have there."""
        for known in (self.values, self.kinds, self._types, self._as_they_are):
            known.pop(name, None)
        for part in parts_of(self.size):
            self._add(name, list(found[part]), part.start)

    def fill(self, name: str, instead: Callable[[], Sequence[object]]) -> None:
        """Makes all that stands under a name texts, and gives the rows without one something instead."""
        if self._types.get(name) != {str}:
            found = map(plain, self.values.get(name, [None] * self.size))
            pairs = zip(found, instead(), strict=True)
            self.put(name, [str(other) if value is None else text(value) for value, other in pairs])

    def _add(self, name: str, found: list[object], start: int) -> None:
        column = self.values.setdefault(name, [])
        types = self._types.setdefault(name, set())
        if len(column) < start:
            types.add(_NONE)
            column += [None] * (start - len(column))
        column += found
        new = set(map(type, found))
        types |= new
        new.discard(_NONE)
        for kind in _kinds(found, new):
            self.kinds[name] = common(self.kinds[name], kind) if name in self.kinds else kind
        if self._as_they_are.setdefault(name, True) and new:
            texts = filter(None, found) if _NONE in types else found
            self._as_they_are[name] = new == {str} and self._form.takes("".join(texts))  # type: ignore[arg-type]

    def checked(self, reserved: Iterable[str]) -> list[str]:
        """The names under which there is something; raises ValueError for one that is reserved or no XML."""
        for name in self.kinds:
            if name in reserved or not name or clean(name) != name:
                raise ValueError(f"an attribute cannot be called {name!r}")
        return list(self.kinds)

    def check_weights(self) -> None:
        """Raises ValueError for a weight that is no number."""
        if self.kinds.get("weight") not in (None, "integer", "long", "double"):
            for value in self.values["weight"]:
                weight({"weight": value})

    def in_every_row(self, name: str) -> bool:
        """Whether every row has something to write there."""
        return name in self.kinds and self._types[name] <= _ALWAYS

    def written(self, name: str, rows: slice, before: str = "", after: str = "") -> list[Part]:
        """What these rows have under a name, between two texts; nothing where a row has nothing."""
        kind = self.kinds.get(name)
        if kind is None:
            return []
        found, types = self.values[name][rows], self._types[name]
        texts = self._quickly(found, types - {_NONE}, kind, self._as_they_are[name])
        if texts is None:
            slow = (dict(values({name: value}, {name: kind})) for value in found)
            return [[f"{before}{self._form.one(kept[name])}{after}" if kept else "" for kept in slow]]
        if kind == "string":
            before, after = before + self._form.quote, self._form.quote + after
        if _NONE in types:
            return [
                [
                    "" if value is None else f"{before}{words}{after}"
                    for value, words in zip(found, texts, strict=True)
                ]
            ]
        return [part for part in (before, texts, after) if part]

    def _quickly(
        self, found: list[Any], types: set[type], kind: str, as_they_are: bool
    ) -> Sequence[str] | None:
        """What values are as texts, anything for None; None when they have to go the slow way."""
        if types == {str}:
            return found if as_they_are else self._texts(["" if v is None else v for v in found])
        if types == {int} and kind in _INTEGERS:
            return list(map(repr, found))
        if None in found:
            return None
        if types == {float} and all(map(math.isfinite, found)):
            return list(map(repr, found))
        return self._lists(found) if types == {list} and kind == "list" else None

    def _texts(self, column: list[str]) -> list[str] | None:
        joined = _VALUE.join(column)
        if joined.count(_VALUE) != len(column) - 1 or _MEMBER in joined:
            return None
        return self._escaped(joined).split(_VALUE)

    def _lists(self, column: list[list[str]]) -> list[str] | None:
        try:
            joined = _VALUE.join([_MEMBER.join(members) for members in column])
        except TypeError:
            return None
        members = sum(map(len, column)) - len(column)
        # A list without members has too few as well: it is nothing, and not an empty text.
        if (joined.count(_VALUE), joined.count(_MEMBER)) != (len(column) - 1, members):
            return None
        before, between, after = self._form.lists
        if self._form.lists_as_json:
            joined = as_json(joined)
        written = self._escaped(joined).replace(_MEMBER, between).split(_VALUE)
        return [f"{before}{words}{after}" for words in written] if before else written

    def _escaped(self, joined: str) -> str:
        if not joined.replace(_VALUE, "").replace(_MEMBER, "").isprintable():
            joined = _UNCLEAN.sub("", joined)
        return self._form.escape(joined)


def parts_of(size: int) -> Iterator[slice]:
    """Some rows after the others."""
    return (slice(start, min(start + ROWS, size)) for start in range(0, size, ROWS))


def woven(rows: slice, parts: Iterable[Part]) -> str:
    """Rows as one text, each of them the parts side by side."""
    size = rows.stop - rows.start
    threads: list[Part] = []
    for part in parts:
        if threads and isinstance(part, str) and isinstance(last := threads[-1], str):
            threads[-1] = last + part
        else:
            threads.append(part)
    cells = [""] * (len(threads) * size)
    for n, part in enumerate(threads):
        cells[n :: len(threads)] = [part] * size if isinstance(part, str) else part
    return "".join(cells)


def side_by_side(rows: slice, parts: Iterable[Part]) -> list[str]:
    """The same, a text for each row."""
    size = rows.stop - rows.start
    columns = [[part] * size if isinstance(part, str) else part for part in parts]
    return list(map("".join, zip(*columns, strict=True)))


def _across(rows: Sequence[Row]) -> list[tuple[str, list[object]]]:
    """The names that rows have, and what each row has under it, or None."""
    names = list(rows[0])
    if len(names) > 1 and set(map(len, rows)) == {len(names)}:
        # Most have the same names. They are there, and no others can be.
        with contextlib.suppress(KeyError):
            return list(zip(names, map(list, zip(*map(itemgetter(*names), rows), strict=True)), strict=True))
    return [
        (name, list(map(dict.get, rows, repeat(name))))  # type: ignore[arg-type]
        for name in dict.fromkeys(chain.from_iterable(rows))
    ]


def _kinds(found: list[Any], types: set[type]) -> Iterable[str]:
    if types == {str}:
        return ("string",)
    if types == {int}:
        numbers = [value for value in found if value is not None]
        return {type_of(kept) for value in (min(numbers), max(numbers)) if (kept := plain(value)) is not None}
    if types == {list} and all(found) and set(map(type, chain.from_iterable(found))) == {str}:
        return ("list",)
    return {type_of(kept) for value in found if (kept := plain(value)) is not None}
