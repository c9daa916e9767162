"""A graph as it will be: what validation is shown of a change that nothing has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from sdograph.triples import Subject, Term, Triples


class Overlay(Triples):
    """A graph as it will be once a change of its default graph is written."""

    def __init__(self, base: Triples, added: Iterable[Triple], removed: Iterable[Triple]) -> None:
        self._base = base
        self._removed = frozenset(removed)
        self._added = ox.Store()
        self._added.extend(ox.Quad(t.subject, t.predicate, t.object) for t in added)

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        new = {q.triple for q in self._added.quads_for_pattern(s, p, o, None)}
        yield from new
        for triple in self._base.triples(s, p, o):
            if triple not in new and triple not in self._removed:
                yield triple
