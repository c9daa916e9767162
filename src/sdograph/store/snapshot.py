"""One generation of the embedded store, read-only; a writer looks at its scratch store the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Triple

from sdograph.errors import InvalidQuery
from sdograph.namespaces import DCAT, DCT, PREFIXES
from sdograph.store.base import DEFAULT, Change, QueryResult, Snapshot
from sdograph.store.dataset import DATASET
from sdograph.store.quads import canonical, quad
from sdograph.triples import GraphName, Subject, Term

#: Triples removed at once from which on it is worth asking how large their graph is.
_MANY = 1_000


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
        prefixes: dict[str, str] | None = PREFIXES,
    ) -> QueryResult:
        """As the contract has it. ``prefixes`` None declares none: handing over ours costs some 20 µs."""
        try:
            return self._store.query(
                sparql,
                prefixes=prefixes,
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

    def __contains__(self, quad: Quad) -> bool:
        return quad in self._store

    def graph_names(self) -> Iterator[NamedNode]:
        # Oxigraph goes on naming a graph that was emptied.
        names = (g for g in self._store.named_graphs() if isinstance(g, NamedNode))
        return (g for g in names if next(self.quads(graph=g), None) is not None)

    def change(self, graph: NamedNode, triples: Iterable[Triple]) -> Change:
        new = canonical(graph, triples)
        old = frozenset(q.triple for q in self.quads(graph=graph))
        return Change(graph, added=new - old, removed=old - new)

    def effect(self, change: Change) -> Change:
        return Change(
            DEFAULT,
            added=frozenset(t for t in change.added if quad(t, DEFAULT) not in self),
            removed=change.removed - self._stated_elsewhere(change),
        )

    def _stated_elsewhere(self, change: Change) -> frozenset[Triple]:
        """Of what is removed, at least all that other graphs state."""
        graph = change.graph
        if len(change.removed) > _MANY:
            # Joined in the engine, the whole of a graph takes what a sixth of it does when asked one by one.
            size = self.rows(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ ?s ?p ?o }} }}")[0]["n"]
            if 4 * len(change.removed) > int(cast(Literal, size).value):
                joined = f"GRAPH {graph} {{ ?s ?p ?o }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != {graph})"
                found = self.query(f"SELECT DISTINCT ?s ?p ?o {{ {joined} }}")
                return frozenset(Triple(*solution) for solution in cast(QuerySolutions, found))
        return frozenset(
            t
            for t in change.removed
            if any(q.graph_name not in (graph, DEFAULT) for q in self.quads(t.subject, t.predicate, t.object))
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
