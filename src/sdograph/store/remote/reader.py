"""Patterns of quads, asked of a server at one version of the dataset."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from typing import IO, TypeAlias

import pyoxigraph as ox
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    Triple,
)

from sdograph.errors import Superseded, Unavailable
from sdograph.namespaces import DCAT, RDF, XSD
from sdograph.store.base import DEFAULT
from sdograph.store.dataset import DATASET, DATASET_GRAPH
from sdograph.store.remote.kept import Kept, Key
from sdograph.store.remote.state import BUILDING, JOURNAL, STATE_GRAPH, is_hidden
from sdograph.store.remote.transport import MAX_BYTES, ROWS, RowLimit, Server
from sdograph.triples import GraphName, Subject, Term

Graph: TypeAlias = NamedNode | DefaultGraph

#: Subjects with a predicate that are looked up in one request.
_LOOKED_UP = 200

#: Subjects at a time when all is read; fewer where the server limits rows and these have too many.
_PAGE = 500
#: Bytes of the answer that names all subjects; it waits on disk.
_SUBJECTS_BYTES = 16 * 1024**3

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
        self._kept = Kept()
        self._lock = threading.Lock()

    def quads(
        self, s: Subject | None, p: NamedNode | None, o: Term | None, graph: GraphName | None
    ) -> Iterator[Quad]:
        """Quads that fit. Raises Superseded once the dataset has another version."""
        if any(isinstance(term, ox.BlankNode | Triple) for term in (s, o, graph)):
            return iter(())  # nothing in the graph has such a part
        if isinstance(graph, NamedNode) and (graph == self._merged or self._hides(graph.value)):
            return iter(())
        if isinstance(s, NamedNode):
            # All of a subject at once: who asks for one of its properties asks for others.
            whole = self._of_subject(s, graph)
            return (q for q in whole if p in (None, q.predicate) and o in (None, q.object))
        if p is None and o is None and not isinstance(graph, NamedNode):
            return self._by_subject((graph, None, None, None))
        return self._asked((graph, None, p, o))

    def stated(self, triples: Iterable[Triple]) -> dict[Triple, set[GraphName]]:
        """The graphs in which each of the triples is; the merge among them."""
        found: dict[Triple, set[GraphName]] = {t: set() for t in triples}
        # Objects are compared here: Virtuoso does not take long ones in VALUES, and no two servers agree on
        # which literals are the same.
        places = dict.fromkeys((t.subject, t.predicate) for t in found)
        waiting = [list(places)]
        while waiting:
            some = waiting.pop()
            if len(some) > _LOOKED_UP:
                waiting += [some[_LOOKED_UP:], some[:_LOOKED_UP]]
                continue
            values = " ".join(f"({s} {p})" for s, p in some)
            where = f"{{ VALUES (?s ?p) {{ {values} }} {self._where('?s ?p ?o', None)} }}"
            try:
                rows = self._rows("?s ?p ?o ?g", where)
            except RowLimit:
                if len(some) == 1:
                    raise
                waiting += [some[len(some) // 2 :], some[: len(some) // 2]]
                continue
            for q in self._made(rows, (None, None, None, None)):
                if q.triple in found:
                    found[q.triple].add(q.graph_name)
        return found

    def graph_names(self) -> Iterator[NamedNode]:
        """The graphs of documents."""
        where = "GRAPH ?g { ?s ?p ?o }"
        if self.server.software.startswith("Oxigraph/"):
            # Oxigraph would look at every quad; the names alone it has ready, those of empty graphs too.
            where = f"GRAPH ?g {{ }} FILTER EXISTS {{ {where} }}"
        for page in self._pages("g", where):
            for name in page:
                if isinstance(graph := self._graph(name), NamedNode):
                    yield graph

    def check(self) -> None:
        """Raises Superseded unless the dataset still has this version."""
        for _ in self._rows("", ""):
            pass

    # --- asking

    def _of_subject(self, s: NamedNode, graph: GraphName | None) -> Iterable[Quad]:
        kept = self._kept.get((graph, s, None, None))
        if kept is not None:
            return kept
        ahead = self._kept.ahead(graph, s)
        if not ahead:
            return tuple(self._asked((graph, s, None, None)))
        found: dict[Subject, list[Quad]] = {node: [] for node in (s, *ahead)}
        try:
            rows = self._rows(*self._select(None, None, None, graph, of=found))
        except RowLimit:
            return tuple(self._asked((graph, s, None, None)))
        for q in self._made(rows, (graph, None, None, None)):
            found[q.subject].append(q)
        for node, quads in found.items():
            self._kept.put((graph, node, None, None), tuple(quads))
        return found[s]

    def _asked(self, key: Key) -> Iterator[Quad]:
        """The quads of a pattern, of which the answer came whole; kept when they are few."""
        if (kept := self._kept.get(key)) is not None:
            return iter(kept)
        graph, s, p, o = key
        try:
            found = self._made(self._rows(*self._select(s, p, o, graph)), key)
        except RowLimit:
            if s is not None:
                raise
            found = self._by_subject(key)
        return self._kept.keeping(key, found)

    def _by_subject(self, key: Key) -> Iterator[Quad]:
        """The quads of a pattern, those of a subject one after the other.

        The subjects come first, and then all of some of them at a time: no answer is large, whatever the size
        of the store, and each can be asked for again.
        """
        graph, _, p, o = key
        size = _PAGE
        for nodes in self._subjects(self._where(_pattern(None, p, o), graph)):
            while nodes:
                try:
                    rows = self._rows(*self._select(None, p, o, graph, of=nodes[:size]))
                except RowLimit:
                    if size == 1:
                        raise
                    size = max(1, size // 4)
                    continue
                yield from sorted(self._made(rows, key), key=lambda q: str(q.subject))
                nodes = nodes[size:]
        self.check()  # not all of it may be of the version that the last answer was of

    def _subjects(self, where: str) -> Iterator[list[NamedNode]]:
        try:
            rows = self._rows("?s", f"{{ SELECT DISTINCT ?s {{ {where} }} }}", limit=_SUBJECTS_BYTES)
        except RowLimit:
            yield from self._pages("s", where)
            return
        nodes = (node for row in rows if isinstance(node := row["s"], NamedNode))
        while some := list(islice(nodes, _PAGE)):
            yield some

    def _pages(self, name: str, where: str) -> Iterator[list[NamedNode]]:
        """The IRIs that a variable stands for, each once, in pages."""
        last, size = "", _PAGE
        while True:
            beyond = f"FILTER(STR(?{name}) > {Literal(last)})" if last else ""
            inner = f"SELECT DISTINCT ?{name} {{ {where} {beyond} }} ORDER BY STR(?{name}) LIMIT {size}"
            try:
                found = [row[name] for row in self._rows(f"?{name}", f"{{ {inner} }}")]
            except RowLimit:
                if size == 1:
                    raise
                size = max(1, size // 4)
                continue
            page = [term for term in found if isinstance(term, NamedNode)]
            yield page
            if len(found) < size:
                return
            last = max(term.value for term in page)

    def _rows(self, names: str, where: str, *, limit: int = MAX_BYTES) -> Iterator[QuerySolution]:
        return self._checked(solutions(self.server.ask(_query(names, where), ROWS, limit=limit)))

    def _checked(self, rows: Generator[QuerySolution]) -> Iterator[QuerySolution]:
        """The rows that do not speak of the version; raises Superseded for another one."""
        seen = 0
        # An error may be let go of by another thread, which must not find an answer in it that is half read.
        with closing(rows):
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

    def _select(
        self,
        s: Subject | None,
        p: NamedNode | None,
        o: Term | None,
        graph: GraphName | None,
        *,
        of: Iterable[Subject] = (),
    ) -> tuple[str, str]:
        """The variables and the pattern of a query; ``of``: of these subjects only."""
        pattern = _pattern(s, p, o)
        names = " ".join(name for name in pattern.split(" ") if name in ("?s", "?p", "?o"))
        if graph is None:
            names += " ?g"
        values = " ".join(map(str, of))
        where = self._where(pattern, graph)
        return names, f"{{ VALUES ?s {{ {values} }} {where} }}" if values else f"{{ {where} }}"

    def _where(self, pattern: str, graph: GraphName | None) -> str:
        """A pattern in a graph, or in all of them; ?g is unbound for the server's own default graph."""
        if isinstance(graph, NamedNode):
            return f"GRAPH {graph} {{ {pattern} }}"
        if graph is None and self._merged is None:
            return f"{{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }}"
        if graph is None:
            return f"GRAPH ?g {{ {pattern} }}"
        return pattern if self._merged is None else f"GRAPH {self._merged} {{ {pattern} }}"

    def _made(self, rows: Iterator[QuerySolution], key: Key) -> Iterator[Quad]:
        graph, s, p, o = key
        for row in rows:
            place = self._graph(row["g"]) if graph is None else graph
            if place is None:
                continue
            yield Quad(
                row["s"] if s is None else s,
                row["p"] if p is None else p,
                canonical_term(row["o"]) if o is None else o,
                place,
            )

    def _graph(self, found: Term | None) -> Graph | None:
        """The graph of a row as the contract has it; None when it is hidden."""
        if found is None or found == self._merged:
            return DEFAULT
        return found if isinstance(found, NamedNode) and not self._hides(found.value) else None

    def _hides(self, name: str) -> bool:
        return is_hidden(name, ignores_foreign=self.server.address.ignores_foreign)


def _query(names: str, where: str) -> str:
    # The version comes before the rows, for who does not read them all, and again after them: on some servers
    # a change may fall between the two.
    pattern = f"{_VERSION} UNION {where} UNION {_VERSION}" if where else _VERSION
    return f"SELECT {names} ?version {{ {pattern} }}"


def _pattern(s: Subject | None, p: NamedNode | None, o: Term | None) -> str:
    given = zip("spo", (s, p, o), strict=True)
    return " ".join(f"?{name}" if term is None else str(term) for name, term in given)


def solutions(body: IO[bytes]) -> Generator[QuerySolution]:
    """The rows of an answer. Raises Unavailable when it is broken."""
    found = None
    try:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(found, QuerySolutions):
            raise Unavailable("the server answers a SELECT with a truth value", hint="look into its log")
        yield from found
    except SyntaxError as error:
        raise Unavailable(
            f"the answer of the server is broken: {error}", hint="ask again, or look into its log"
        ) from error
    finally:
        del found  # it may not outlive its thread, and the traceback of an error may


def canonical_term(term: Term) -> Term:
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
