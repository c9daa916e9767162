"""A version of the dataset on a server, read-only; and the same with what a writer has changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, Triple

from sdograph.errors import InvalidQuery, Unavailable, UsageError
from sdograph.namespaces import PREFIXES
from sdograph.store.base import DEFAULT, Change, QueryResult, Snapshot
from sdograph.store.quads import canonical, quad
from sdograph.store.remote.pending import Pending
from sdograph.store.remote.reader import Reader
from sdograph.store.remote.state import OWN, State
from sdograph.store.remote.transport import ROWS, TRIPLES
from sdograph.triples import GraphName, Subject, Term

#: Triples of a change that are looked up at a time.
_BATCH = 5_000

_NOTHING = OWN + "nothing"

_PROLOGUE = re.compile(
    r"(?:\s|#[^\n]*(?:\n|$)|BASE\s*<[^>]*>|PREFIX\s+[^:\s]*:\s*<[^>]*>)*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b",
    re.IGNORECASE,
)
_BASE = re.compile(r"\s*BASE\s*<[^>]*>", re.IGNORECASE)
#: The word, and not the prefix or a part of an IRI.
_GRAPH = re.compile(r"\bGRAPH(?=[\s<?$#])|\\u", re.IGNORECASE)


class RemoteSnapshot(Snapshot):
    """The dataset at one version. Once the server has another one, asking is an error: Superseded.

    What was asked is kept within bounds, all of a subject at once.
    """

    def __init__(self, reader: Reader, state: State) -> None:
        self._reader = reader
        self.generation = state.number
        self.version = state.version
        self.generated_at = state.generated_at
        self._names: tuple[NamedNode, ...] | None = None

    def query(
        self,
        sparql: str,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QueryResult:
        """As the contract has it; evaluated by the server, with its limits. Raises Superseded afterwards when
        the dataset has changed meanwhile, Unavailable when the server does not give the whole answer.
        """
        form = _PROLOGUE.match(sparql)
        if form is None:
            raise InvalidQuery(
                "no query form follows the prologue", hint="write SELECT, ASK, CONSTRUCT or DESCRIBE"
            )
        rows = form[1].upper() in ("SELECT", "ASK")
        default, named = self.dataset(sparql, default_graphs, named_graphs)
        answer = self._reader.server.ask(
            with_prefixes(sparql), ROWS if rows else TRIPLES, default=default, named=named
        )
        self._reader.check()
        try:
            if rows:
                return results(answer, truth=form[1].upper() == "ASK")
            memory = ox.Store()
            memory.bulk_load(answer, format=ox.RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            raise Unavailable(
                f"the answer of the server is broken: {error}", hint="look into its log"
            ) from error
        found = memory.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        if isinstance(found, QuerySolutions | QueryBoolean):
            raise TypeError(form[1])
        return found

    def dataset(
        self,
        sparql: str,
        default_graphs: Sequence[NamedNode] | None,
        named_graphs: Sequence[NamedNode] | None,
    ) -> tuple[list[str], list[str]]:
        """What ``default-graph-uri`` and ``named-graph-uri`` of the protocol have to say for a query.

        Raises UsageError for the one case that the protocol has no words for.
        """
        merged = self._reader.server.address.merged
        if default_graphs is None and named_graphs is None and merged is None:
            return [], []
        if default_graphs is None and merged is None:
            raise UsageError(
                "the protocol of SPARQL cannot name the default graph of this server",
                where=self._reader.server.address.query,
                hint="keep the merge in a graph that has a name: merged=IRI in the address",
            )
        if default_graphs is None:
            default = [merged.value] if merged else []
        else:
            default = [graph.value for graph in default_graphs]
        if named_graphs is not None:
            named = [graph.value for graph in named_graphs]
        else:
            named = [graph.value for graph in self.graph_names()] if _GRAPH.search(sparql) else []
        return default or [] if named else default or [_NOTHING], named

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        return (q.triple for q in self._reader.quads(s, p, o, DEFAULT))

    def quads(
        self,
        s: Subject | None = None,
        p: NamedNode | None = None,
        o: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        return self._reader.quads(s, p, o, graph)

    def write_lines(self, to: IO[bytes]) -> None:
        ox.serialize(self.triples(), to, format=ox.RdfFormat.N_TRIPLES)  # they come subject by subject

    def graph_names(self) -> Iterator[NamedNode]:
        if self._names is None:
            self._names = tuple(self._reader.graph_names())
        return iter(self._names)

    def change(self, graph: NamedNode, triples: Iterable[Triple]) -> Change:
        return change(self, graph, triples)

    def effect(self, change: Change) -> Change:
        return effect(change, self.stated)

    def stated(self, triples: Iterable[Triple]) -> dict[Triple, set[GraphName]]:
        """The graphs in which each of the triples is."""
        return self._reader.stated(triples)


class PendingSnapshot(Snapshot):
    """A snapshot with changes that are not yet on the server."""

    def __init__(self, base: RemoteSnapshot, pending: Pending) -> None:
        self._base = base
        self._pending = pending
        self.generation = base.generation
        self.version = base.version
        self.generated_at = base.generated_at

    def query(
        self,
        sparql: str,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QueryResult:
        """As the base, while there are no changes: the server knows nothing of them.

        Then graphs that are named are asked here. Raises UsageError where the dataset may be any of them.
        """
        if self._pending:
            if default_graphs is not None and (named_graphs is not None or not _GRAPH.search(sparql)):
                return self._asked_here(sparql, default_graphs, named_graphs or ())
            raise UsageError(
                "a server cannot be asked about changes that are not published",
                hint="send what depends on an earlier change as a request of its own",
            )
        return self._base.query(sparql, default_graphs=default_graphs, named_graphs=named_graphs)

    def _asked_here(
        self, sparql: str, default_graphs: Sequence[NamedNode], named_graphs: Sequence[NamedNode]
    ) -> QueryResult:
        memory = ox.Store()
        for graph in default_graphs:
            memory.extend(quad(q.triple, DEFAULT) for q in self.quads(graph=graph))
        for graph in named_graphs:
            memory.extend(self.quads(graph=graph))
        try:
            return memory.query(sparql, prefixes=PREFIXES, named_graphs=list(named_graphs))
        except SyntaxError as error:
            raise InvalidQuery(str(error), hint="correct the query where the message points") from error

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        return (q.triple for q in self.quads(s, p, o, DEFAULT))

    def quads(
        self,
        s: Subject | None = None,
        p: NamedNode | None = None,
        o: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        removed = self._pending.removed
        kept = (q for q in self._base.quads(s, p, o, graph) if q not in removed)
        return chain(kept, self._pending.added.quads_for_pattern(s, p, o, graph))

    def graph_names(self) -> Iterator[NamedNode]:
        new = (g for g in self._pending.added.named_graphs() if isinstance(g, NamedNode))
        names = dict.fromkeys(chain(self._base.graph_names(), new))
        return (g for g in names if next(self.quads(graph=g), None) is not None)

    def change(self, graph: NamedNode, triples: Iterable[Triple]) -> Change:
        return change(self, graph, triples)

    def effect(self, change: Change) -> Change:
        return effect(change, self.stated)

    def moved_to(self, base: RemoteSnapshot) -> None:
        """Shows a later version from now on. For writers only."""
        self._base = base
        self.generation, self.version, self.generated_at = base.generation, base.version, base.generated_at

    def stated(self, triples: Iterable[Triple]) -> dict[Triple, set[GraphName]]:
        asked = list(triples)
        found = self._base.stated(asked)
        if self._pending:
            for t in asked:
                graphs = found[t]
                graphs -= {q.graph_name for q in _of(self._pending.removed, t)}
                graphs |= {q.graph_name for q in _of(self._pending.added, t)}
        return found


def results(json: IO[bytes], *, truth: bool) -> QuerySolutions | QueryBoolean:
    """What SPARQL results in JSON say; with ``truth`` also as Virtuoso has it: a row, in which 1 is true.

    Raises SyntaxError where they are broken, of rows as these are read.
    """
    found = ox.parse_query_results(json, format=ox.QueryResultsFormat.JSON)
    if not truth or isinstance(found, QueryBoolean):
        return found
    value = next((row[0] for row in found), None)
    said = b"true" if isinstance(value, Literal) and value.value in ("1", "true") else b"false"
    return ox.parse_query_results(b'{"head":{},"boolean":%s}' % said, format=ox.QueryResultsFormat.JSON)


def change(view: Snapshot, graph: NamedNode, triples: Iterable[Triple]) -> Change:
    new = canonical(graph, triples)
    old = frozenset(q.triple for q in view.quads(graph=graph))
    return Change(graph, added=new - old, removed=old - new)


def effect(change: Change, stated: Callable[..., dict[Triple, set[GraphName]]]) -> Change:
    """What a change of a document's graph changes in the default graph."""
    added: set[Triple] = set()
    for some in _batches(change.added):
        found = stated(some)
        added.update(t for t in some if DEFAULT not in found[t])
    removed: set[Triple] = set()
    for some in _batches(change.removed):
        found = stated(some)
        removed.update(t for t in some if not found[t] - {change.graph, DEFAULT})
    return Change(DEFAULT, added=frozenset(added), removed=frozenset(removed))


def with_prefixes(sparql: str) -> str:
    """The query with those prefixes of the project declared that it uses."""
    used = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items() if f"{name}:" in sparql)
    # Virtuoso wants BASE first.
    base = _BASE.match(sparql)
    return f"{base[0]} {used}{sparql[base.end() :]}" if base else used + sparql


def _batches(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    waiting = iter(triples)
    while some := list(islice(waiting, _BATCH)):
        yield some


def _of(store: ox.Store, t: Triple) -> Iterator[Quad]:
    return iter(store.quads_for_pattern(t.subject, t.predicate, t.object, None))
