"""The terms of RDF as this project types them, and what can be asked for triples by pattern."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import IO, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, serialize

from sdograph.namespaces import DCT, RDF

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Subject: TypeAlias = NamedNode | BlankNode | Triple
GraphName: TypeAlias = NamedNode | BlankNode | DefaultGraph


class Triples(ABC):
    """Whatever can be asked for the triples of its default graph by pattern."""

    @abstractmethod
    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        """Triples of the default graph that fit; None fits anything."""

    def write_lines(self, to: IO[bytes]) -> None:
        """Writes all as N-Triples, the triples of a subject one after the other."""
        serialize(sorted(self.triples(), key=lambda t: str(t.subject)), to, format=RdfFormat.N_TRIPLES)

    def objects(self, s: Subject, p: NamedNode) -> Iterator[Term]:
        return (t.object for t in self.triples(s, p))

    def value(self, s: Subject, p: NamedNode) -> Term | None:
        """One object, or None. Meant for properties that have at most one."""
        return next(self.objects(s, p), None)

    def text(self, s: Subject, p: NamedNode) -> str | None:
        """The lexical form or IRI of one object, or None."""
        found = self.value(s, p)
        return found.value if isinstance(found, Literal | NamedNode) else None

    def leads_to(self, node: NamedNode) -> NamedNode:
        """What a node has become since, by way of redirects; itself where it is still what it was."""
        seen = {node}
        while not next(self.triples(node, RDF.type), None):
            after = self.value(node, DCT.isReplacedBy)
            if not isinstance(after, NamedNode) or after in seen:
                break
            seen.add(after)
            node = after
        return node
