"""Entity tags of graphs, and requests that hold only for a graph as the client knows it (RFC 9110, 13.1).

The tag of a graph is made from its document in one form, byte by byte, so that it is a strong one: it stays
when other graphs change, and who got the graph as Turtle may replace it as JSON-LD.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import IO, Protocol, cast

import pyoxigraph as ox
from pyoxigraph import NamedNode

from sdograph.namespaces import PREFIXES
from sdograph.store import Snapshot
from sdograph_api.change.templates import unnamed
from sdograph_api.problems import Problem
from sdograph_api.rdf import FORMATS

_TAG = re.compile(r'(W/)?"([^"]*)"')


class Output(Protocol):
    """Where a document is written."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class _Hashed:
    def __init__(self) -> None:
        self.hash = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self.hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Part of the file interface."""


def write_graph(snapshot: Snapshot, graph: NamedNode, form: str, to: Output) -> None:
    """Writes the document of a graph, blank nodes given back. ``form`` is a key of FORMATS."""
    triples = (unnamed(quad.triple) for quad in snapshot.quads(graph=graph))
    prefixes = PREFIXES if form == "ttl" else None
    ox.serialize(triples, cast(IO[bytes], to), FORMATS[form], prefixes=prefixes)


def tag_of(document: bytes, form: str) -> str:
    """The entity tag of a graph by its document, without quotation marks."""
    return _tag(hashlib.sha256(document), form)


def graph_tag(snapshot: Snapshot, graph: NamedNode) -> Callable[[str], str]:
    """What makes the tags of a graph by its forms."""

    def tag(form: str) -> str:
        hashed = _Hashed()
        write_graph(snapshot, graph, form, hashed)
        return _tag(hashed.hash, form)

    return tag


def _tag(hashed: hashlib._Hash, form: str) -> str:
    return f"{hashed.hexdigest()[:32]}.{form}"


def hold_to_conditions(
    if_match: str | None, if_none_match: str | None, exists: bool, tag: Callable[[str], str]
) -> None:
    """Raises a problem, 412, unless the graph is as the headers of a request ask for.

    ``tag`` makes the tag of the graph in a form.
    """

    def fits(asked: str, *, weak: bool) -> bool:
        if asked.strip() == "*":
            return exists
        found = ((name, name.rpartition(".")[2]) for w, name in _TAG.findall(asked) if weak or not w)
        return exists and any(form in FORMATS and name == tag(form) for name, form in found)

    for asked, wanted, header in ((if_match, True, "If-Match"), (if_none_match, False, "If-None-Match")):
        if asked is not None and fits(asked, weak=not wanted) is not wanted:
            raise Problem(
                412, "precondition-failed",
                "the graph is not as the request asks for" if exists else "there is no such graph",
                where=f"header {header}", hint="get the graph again, and decide anew",
            )  # fmt: skip
