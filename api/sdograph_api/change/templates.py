"""Templates of an update, filled in with the solutions of its pattern, and names for their blank nodes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from sdograph.errors import DataError
from sdograph.identifiers import BASE
from sdograph.triples import Term
from sdograph_api.change.operations import VARIABLE

#: The terms that a solution binds, in the order of its variables.
Solution: TypeAlias = Sequence[Term | None]

#: Blank nodes that come in get names with this beginning (RDF 1.1 Concepts, section 3.5).
GENID = BASE + ".well-known/genid/"


class Names:
    """Names for the blank nodes of one request."""

    def __init__(self) -> None:
        self._given: dict[BlankNode, NamedNode] = {}

    def named(self, term: Term) -> Term:
        """The term, or the name of a blank node. Raises DataError for a triple in the place of a term."""
        if not isinstance(term, BlankNode):
            return _no_triple(term)
        return self._given.setdefault(term, NamedNode(GENID + uuid.uuid4().hex))

    def triples(self, quads: Iterable[Quad]) -> Iterator[Triple]:
        for t in quads:
            yield Triple(cast(NamedNode, self.named(t.subject)), t.predicate, self.named(t.object))


def unnamed(triple: Triple) -> Triple:
    """The triple with blank nodes where the names of :class:`Names` stand."""
    return Triple(cast(NamedNode, _unnamed(triple.subject)), triple.predicate, _unnamed(triple.object))


def _unnamed(term: Term) -> Term:
    if isinstance(term, NamedNode) and term.value.startswith(GENID):
        return BlankNode("b" + term.value.removeprefix(GENID))
    return term


class Template:
    """The quads that DELETE or INSERT writes for each solution."""

    def __init__(self, quads: Iterable[Quad], variables: Sequence[str], into: NamedNode) -> None:
        """``into`` is the graph of what stands in none. Raises DataError for a triple in place of a term."""
        self._quads: list[tuple[int | Term | None, ...]] = []
        for given in quads:
            parts: list[int | Term | None] = []
            for part in given:
                if isinstance(part, NamedNode) and part.value.startswith(VARIABLE):
                    name = part.value.removeprefix(VARIABLE)
                    parts.append(variables.index(name) if name in variables else None)
                else:
                    parts.append(into if isinstance(part, DefaultGraph) else _no_triple(part))
            self._quads.append(tuple(parts))

    def filled(self, solution: Solution, fresh: Names) -> Iterator[tuple[NamedNode, Triple]]:
        """Graphs and triples for a solution; those that would be none, for want of a term, are left out."""
        for parts in self._quads:
            s, p, o, graph = (
                solution[part]
                if isinstance(part, int)
                else fresh.named(part)
                if isinstance(part, BlankNode)
                else part
                for part in parts
            )
            if o is None or not isinstance(s, NamedNode):
                continue
            if isinstance(p, NamedNode) and isinstance(graph, NamedNode):
                yield graph, Triple(s, p, o)


def _no_triple(term: Term) -> Term:
    if isinstance(term, Triple):
        raise DataError(
            "a triple stands in the place of a term", hint="send RDF 1.1: describe the statement by name"
        )
    return term
