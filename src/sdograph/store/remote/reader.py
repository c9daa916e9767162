"""Patterns of quads, asked of a server at one version of the dataset."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import IO, TypeAlias

import httpx
import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Triple

from sdograph.errors import Superseded, Unavailable
from sdograph.namespaces import DCAT, RDF, XSD
from sdograph.store.base import DEFAULT
from sdograph.store.dataset import DATASET, DATASET_GRAPH
from sdograph.store.remote.state import BUILDING, JOURNAL, STATE_GRAPH, is_hidden
from sdograph.store.remote.transport import ROWS, Server
from sdograph.triples import GraphName, Subject, Term

Graph: TypeAlias = NamedNode | DefaultGraph
_Key: TypeAlias = tuple[GraphName | None, Subject | None, NamedNode | None, Term | None]

#: Quads kept of what was asked, and the most that one answer may have to be kept.
_KEPT = 200_000
_KEPT_OF_ONE = 20_000

#: Triples looked up in one request.
_LOOKED_UP = 200

_VERSION = (
    f"{{ GRAPH {DATASET_GRAPH} {{ {DATASET} {DCAT.version} ?version }} }} UNION "
    f"{{ GRAPH {STATE_GRAPH} {{ {DATASET} {BUILDING} ?version }} }} UNION "
    f"{{ GRAPH {STATE_GRAPH} {{ {DATASET} {JOURNAL} ?version }} }}"
)


class Reader:
    """Reads at one version; every answer says at which version it was made, and another one is an error."""

    def __init__(self, server: Server, version: str) -> None:
        self.server = server
        self.version = version
        self._merged = server.address.merged
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, tuple[Quad, ...]] = OrderedDict()
        self._kept_quads = 0

    def quads(
        self, s: Subject | None, p: NamedNode | None, o: Term | None, graph: GraphName | None
    ) -> Iterator[Quad]:
        """Quads that fit. Raises Superseded once the dataset has another version."""
        if any(isinstance(term, ox.BlankNode | Triple) for term in (s, o, graph)):
            return iter(())  # nothing in the graph has such a part
        if isinstance(graph, NamedNode) and (graph == self._merged or self._hides(graph.value)):
            return iter(())
        if s is None and (p is None or o is None):
            return self._streamed(p, o, graph)
        if s is None:
            return iter(self._asked((graph, None, p, o)))
        # All of a subject at once: who asks for one of its properties asks for others.
        whole = self._asked((graph, s, None, None))
        return (q for q in whole if p in (None, q.predicate) and o in (None, q.object))

    def stated(self, triples: Iterable[Triple]) -> dict[Triple, set[GraphName]]:
        """The graphs in which each of the triples is; the merge among them."""
        found: dict[Triple, set[GraphName]] = {}
        waiting = iter(triples)
        while some := list(islice(waiting, _LOOKED_UP)):
            branches = " UNION ".join(
                f"{{ {self._where(f'{t.subject} {t.predicate} {t.object}', None)} BIND({n} AS ?n) }}"
                for n, t in enumerate(some)
            )
            for row in self._rows(f"SELECT ?g ?n ?version {{ {branches} UNION {_VERSION} }}"):
                graph = self._graph(row["g"])
                if graph is not None and isinstance(row["n"], Literal):
                    found.setdefault(some[int(row["n"].value)], set()).add(graph)
        return found

    def graph_names(self) -> Iterator[NamedNode]:
        """The graphs of documents."""
        for row in self._rows(
            f"SELECT DISTINCT ?g ?version {{ {{ GRAPH ?g {{ ?s ?p ?o }} }} UNION {_VERSION} }}"
        ):
            graph = self._graph(row["g"])
            if isinstance(graph, NamedNode):
                yield graph

    def check(self) -> None:
        """Raises Superseded unless the dataset still has this version."""
        for _ in self._rows(f"SELECT ?version {{ {_VERSION} }}"):
            pass

    # --- asking

    def _asked(self, key: _Key) -> tuple[Quad, ...]:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        graph, s, p, o = key
        found = tuple(self._made(self._rows(self._select(s, p, o, graph)), s, p, o, graph))
        if len(found) <= _KEPT_OF_ONE:
            with self._lock:
                if key not in self._kept:
                    self._kept[key] = found
                    self._kept_quads += len(found) + 1
                while self._kept_quads > _KEPT:
                    _, gone = self._kept.popitem(last=False)
                    self._kept_quads -= len(gone) + 1
        return found

    def _streamed(self, p: NamedNode | None, o: Term | None, graph: GraphName | None) -> Iterator[Quad]:
        with self.server.stream(self._select(None, p, o, graph), ROWS) as body:
            yield from self._made(self._checked(solutions(body)), None, p, o, graph)
        # A long answer may have begun before a change and ended after it.
        self.check()

    def _rows(self, query: str) -> Iterator[QuerySolution]:
        with self.server.ask(query, ROWS) as body:
            rows = list(solutions(body))
        return self._checked(iter(rows))

    def _checked(self, rows: Iterator[QuerySolution]) -> Iterator[QuerySolution]:
        """The rows that do not speak of the version; raises Superseded for another one."""
        seen = 0
        for row in rows:
            version = row["version"]
            if version is None:
                yield row
                continue
            seen += 1
            if not isinstance(version, Literal) or version.value != self.version:
                raise self._superseded()
        if not seen:
            raise self._superseded()

    def _superseded(self) -> Superseded:
        return Superseded(
            "the graph was changed while it was read", where=self.server.address.query, hint="ask again"
        )

    # --- SPARQL

    def _select(self, s: Subject | None, p: NamedNode | None, o: Term | None, graph: GraphName | None) -> str:
        terms = [
            str(given) if given is not None else f"?{n}" for n, given in zip("spo", (s, p, o), strict=True)
        ]
        names = " ".join(name for name in terms if name.startswith("?"))
        if graph is None:
            names += " ?g"
        return f"SELECT {names} ?version {{ {{ {self._where(' '.join(terms), graph)} }} UNION {_VERSION} }}"

    def _where(self, pattern: str, graph: GraphName | None) -> str:
        """A pattern in a graph, or in all of them; ?g is unbound for the server's own default graph."""
        if isinstance(graph, NamedNode):
            return f"GRAPH {graph} {{ {pattern} }}"
        if graph is None and self._merged is None:
            return f"{{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }}"
        if graph is None:
            return f"GRAPH ?g {{ {pattern} }}"
        return pattern if self._merged is None else f"GRAPH {self._merged} {{ {pattern} }}"

    def _made(
        self,
        rows: Iterator[QuerySolution],
        s: Subject | None,
        p: NamedNode | None,
        o: Term | None,
        graph: GraphName | None,
    ) -> Iterator[Quad]:
        for row in rows:
            place = self._graph(row["g"]) if graph is None else graph
            if place is None:
                continue
            yield Quad(
                row["s"] if s is None else s,
                row["p"] if p is None else p,
                canonical_term(row["o"]) if o is None else o,  # type: ignore[arg-type]
                place,
            )

    def _graph(self, found: Term | None) -> Graph | None:
        """The graph of a row as the contract has it; None when it is hidden."""
        if found is None or found == self._merged:
            return DEFAULT
        return found if isinstance(found, NamedNode) and not self._hides(found.value) else None

    def _hides(self, name: str) -> bool:
        return is_hidden(name, ignores_foreign=self.server.address.ignores_foreign)


def solutions(body: IO[bytes]) -> Iterator[QuerySolution]:
    """The rows of an answer as they come. Raises Unavailable when it is broken or cut."""
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            raise Unavailable("the server answers a SELECT with a truth value", hint="look into its log")
        yield from found
    except (SyntaxError, httpx.HTTPError) as error:
        raise Unavailable(
            f"the answer of the server is broken: {error}", hint="ask again, or look into its log"
        ) from error


def canonical_term(term: Term | None) -> Term | None:
    """The term as Oxigraph would hold it: servers write the same value in different ways."""
    if isinstance(term, Literal) and term.language is None and term.datatype != XSD.string:
        return _canonical_literal(term)
    return term


@lru_cache(maxsize=50_000)
def _canonical_literal(literal: Literal) -> Term:
    memory = ox.Store()
    memory.add(Quad(DATASET, RDF.type, literal))
    found: Term = next(iter(memory)).object
    return found
