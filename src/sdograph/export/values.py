"""What the writers have in common: attribute values as every format can hold them, their types, and chunks.

No format here takes None, XML takes no control characters, JSON no NaN and no half of a surrogate pair. What
one of them cannot hold is left out in all of them, so that the same graph reads the same from each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from numbers import Integral, Real
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import networkx as nx

Network: TypeAlias = "nx.MultiDiGraph[str]"
Value: TypeAlias = str | bool | int | float | list[str]

#: How a list becomes text in formats that have no lists.
SEPARATOR = "; "

_CHUNK = 64 * 1024
#: Outside the production Char of XML 1.0 (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The first is in what stands for the others.
_ESCAPES = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"
}  # fmt: skip
_NEEDS_ESCAPE = re.compile('[&<>"\t\n\r]')
_WIDTHS = ((2**31, "integer"), (2**63, "long"))


def clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    # What is printable has none; looking is quicker than replacing.
    return text if text.isprintable() else _NOT_XML.sub("", text)


def escape(text: str) -> str:
    """A cleaned text as XML, in an attribute or an element. White space survives as character references."""
    if _NEEDS_ESCAPE.search(text):
        for character, reference in _ESCAPES.items():
            text = text.replace(character, reference)
    return text


def plain(value: object) -> Value | None:
    """An attribute's value as every format can hold it; None when there is nothing to write.

    Dates become ISO 8601, lists and sets (sorted) lists of text, integers of more than 64 bits text; NaN,
    infinities and empty lists are nothing. Raises TypeError for what has no such form.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return value
    if type(value) is int and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, Integral):
        number = int(value)
        return number if -(2**63) <= number < 2**63 else str(number)
    if isinstance(value, Real):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        members = [text(p) for p in map(plain, value) if p is not None]
        return (sorted(members) if isinstance(value, set | frozenset) else members) or None
    raise TypeError(f"an attribute cannot be a {type(value).__name__}: {value!r}")


def text(value: Value) -> str:
    """A value as words; booleans and numbers as XML Schema and JSON write them."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return SEPARATOR.join(value) if isinstance(value, list) else repr(value)


def type_of(value: Value) -> str:
    """boolean, integer (32 bits), long, double, string or list."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return next(name for bound, name in _WIDTHS if -bound <= value < bound)
    if isinstance(value, float):
        return "double"
    return "list" if isinstance(value, list) else "string"


def common(one: str, other: str) -> str:
    """The narrowest type that fits values of both."""
    if one == other:
        return one
    order = ("integer", "long", "double")
    return order[max(map(order.index, (one, other)))] if {one, other} <= set(order) else "string"


def values(row: Mapping[str, object], types: Mapping[str, str]) -> Iterator[tuple[str, Value]]:
    """The attributes of a row that are there, in the order of the columns, each as its column's type."""
    for name, kind in types.items():
        value = plain(row.get(name))
        if value is not None:
            if kind == "double" and not isinstance(value, str | list):
                value = float(value)
            yield name, text(value) if kind == "string" else value


def node_ids(graph: Network) -> dict[str, str]:
    """The id to write for each node: cleaned, never empty, and still one of a kind."""
    if all(graph) and "".join(graph).isprintable():
        return dict(zip(graph, graph, strict=True))
    ids: dict[str, str] = {}
    taken = {node for node in graph if clean(node) == node}
    for node in graph:
        written = clean(node)
        if written != node or not written:
            n = 2
            while f"{written}_{n}" in taken:
                n += 1
            written = f"{written}_{n}"
            taken.add(written)
        ids[node] = written
    return ids


def edges(graph: Network) -> Iterator[tuple[str, str, str, Mapping[str, object]]]:
    """Source, target, kind and attributes of every edge. The key stands for a kind that is not given."""
    for source, target, key, data in graph.edges(keys=True, data=True):
        kind = plain(data.get("kind"))
        yield source, target, clean(str(key)) if kind is None else text(kind), data


def weight(data: Mapping[str, object]) -> int | float | None:
    """The weight of an edge, if it has one; raises ValueError when that is no number."""
    value = plain(data.get("weight"))
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise ValueError(f"a weight must be a number: {value!r}")


def chunked(parts: Iterable[str]) -> Iterator[bytes]:
    """UTF-8 in pieces of about 64 kB, so that a large graph never stands in memory as one text."""
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()
