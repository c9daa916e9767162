"""One generation of the embedded store, read-only; a writer looks at its scratch store the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from sdograph.errors import DataError, InvalidQuery
from sdograph.identifiers import BASE
from sdograph.namespaces import DCAT, DCT, PREFIXES
from sdograph.store.base import DEFAULT, Change, QueryResult, Snapshot
from sdograph.triples import GraphName, Subject, Term

DATASET = NamedNode(BASE + "dataset")


class EmbeddedSnapshot(Snapshot):
    """One generation, opened read-only."""

    def __init__(self, store: ox.Store, generation: int) -> None:
        self._store = store
        self.generation = generation
        self.version = self.text(DATASET, DCAT.version) or str(generation)
        self.generated_at = self.text(DATASET, DCT.modified) or ""

    def query(
        self,
        sparql: str,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QueryResult:
        try:
            return self._store.query(
                sparql,
                prefixes=PREFIXES,
                default_graph=None if default_graphs is None else list(default_graphs),
                named_graphs=None if named_graphs is None else list(named_graphs),
            )
        except SyntaxError as error:
            raise InvalidQuery(str(error), hint="correct the query where the message points") from error

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        return (q.triple for q in self._store.quads_for_pattern(s, p, o, DEFAULT))

    def write_lines(self, to: IO[bytes]) -> None:
        self._store.dump(to, format=ox.RdfFormat.N_TRIPLES, from_graph=DEFAULT)

    def quads(
        self,
        s: Subject | None = None,
        p: NamedNode | None = None,
        o: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        return iter(self._store.quads_for_pattern(s, p, o, graph))

    def graph_names(self) -> Iterator[NamedNode]:
        return (g for g in self._store.named_graphs() if isinstance(g, NamedNode))

    def change(self, graph: NamedNode, triples: Iterable[Triple]) -> Change:
        new = _canonical(graph, triples)
        old = frozenset(q.triple for q in self.quads(graph=graph))
        return Change(graph, added=new - old, removed=old - new)

    def effect(self, change: Change) -> Change:
        def stated_elsewhere(t: Triple) -> bool:
            return any(
                q.graph_name not in (change.graph, DEFAULT)
                for q in self.quads(t.subject, t.predicate, t.object)
            )

        return Change(
            DEFAULT,
            added=frozenset(t for t in change.added if quad(t, DEFAULT) not in self._store),
            removed=frozenset(t for t in change.removed if not stated_elsewhere(t)),
        )

    def __len__(self) -> int:
        """Quads, those of the default graph included."""
        return len(self._store)

    def moved_to(self, store: ox.Store) -> None:
        """Shows another store from now on. For writers only."""
        self._store = store

    def close(self) -> None:
        """Lets go of the files; every later use is an error."""
        del self._store


def _canonical(graph: NamedNode, triples: Iterable[Triple]) -> frozenset[Triple]:
    """The triples as the store will hold them: literals of XSD types in canonical form ("0.70" is "0.7")."""
    memory = ox.Store()
    memory.bulk_extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    found = frozenset(q.triple for q in memory)
    for triple in found:
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise DataError(
                f"blank node in {triple}", where=graph.value, hint="give every node an IRI before it enters"
            )
    return found


def quad(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)
