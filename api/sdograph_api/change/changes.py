"""What a request changes, worked out and written by a writer, and validated before anybody sees it.

Wherever the default graph is named as a place (DEFAULT, ?default, a template without GRAPH) it is the graph
of updates; patterns see the merge of all graphs (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import singledispatchmethod
from itertools import islice
from typing import cast

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Triple

from sdograph.errors import UsageError
from sdograph.identifiers import GRAPH_BASE
from sdograph.store import Snapshot, Writer
from sdograph.store.base import DEFAULT, Change
from sdograph.store.dataset import DATASET_GRAPH
from sdograph.store.quads import quad
from sdograph.validation import Finding, validate_change, validate_rest
from sdograph_api.change.operations import Manage, Modify, Place
from sdograph_api.change.templates import Names, Solution, Template
from sdograph_api.problems import no_graph

#: Where lies what is written to the default graph.
UPDATES = NamedNode(GRAPH_BASE + "updates")

#: Triples that go at once from which on it is asked whether they are most of the store.
MANY = 20_000

#: Solutions that are worked on at a time, so that only what changes is kept in memory.
SOME = 50_000


class Changes:
    """The changes of one request, written one after the other; what they do to the default graph adds up.

    Triple by triple, until most of the store goes at once: then the graph as it is and as it was, which
    ``before`` returns, are set against each other.
    """

    def __init__(self, writer: Writer, before: Callable[[], Snapshot]) -> None:
        self._writer = writer
        self.view: Snapshot = writer.view
        """What has been written so far."""
        self._before = before
        self._added: set[Triple] = set()
        self._removed: set[Triple] = set()
        self._cleared = False
        self.written = 0
        """Quads added to, or removed from, named graphs."""

    def findings(self) -> list[Finding]:
        """What SHACL says of the nodes that were touched."""
        if self._cleared:
            return validate_rest(self._before(), self.view)
        return validate_change(self.view, self._added, self._removed)

    def counts(self) -> tuple[int, int]:
        """How many triples appeared in the default graph, and how many left it."""
        if not self._cleared:
            return len(self._added), len(self._removed)
        before = self._before()
        added = sum(1 for t in self._added if quad(t, DEFAULT) not in before)
        return added, _count(before, "") - (_count(self.view, "") - added)

    def triples(self, graph: NamedNode) -> frozenset[Triple]:
        return frozenset(q.triple for q in self.view.quads(graph=graph))

    def exists(self, graph: NamedNode) -> bool:
        """Whether a graph holds anything: one that is empty is not kept."""
        return next(self.view.quads(graph=graph), None) is not None

    def replace(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        self._apply(self.view.change(graph, triples))

    def clear(self, graphs: Collection[NamedNode]) -> None:
        """Takes all out of graphs."""
        if DATASET_GRAPH in graphs:
            raise _kept_by_the_store()
        gone = self._size(graphs)
        if gone < MANY or 2 * gone < _count(self.view, "GRAPH ?g"):
            for graph in graphs:
                self.replace(graph, ())
            return
        self._writer.clear(graphs)
        self.written += gone
        self._cleared = True
        self._added = {t for t in self._added if quad(t, DEFAULT) in self.view}

    def _size(self, graphs: Collection[NamedNode]) -> int:
        if len(graphs) < 100:
            return sum(_count(self.view, f"GRAPH {graph}") for graph in graphs)
        rows = self.view.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        asked = frozenset(graphs)
        return sum(int(cast(Literal, row["n"]).value) for row in rows if row["g"] in asked)

    def write(self, graph: NamedNode, removed: Iterable[Triple], added: Iterable[Triple]) -> None:
        """Takes triples out of a graph, then puts others in."""
        self._write(graph, self._stated(graph, _canonical(removed)), _canonical(added))

    def _write(self, graph: NamedNode, gone: set[Triple], new: set[Triple]) -> None:
        added = frozenset(t for t in new if quad(t, graph) not in self.view)
        self._apply(Change(graph, added=added, removed=frozenset(gone - new)))

    def _stated(self, graph: NamedNode, triples: Iterable[Triple]) -> set[Triple]:
        return {t for t in triples if quad(t, graph) in self.view}

    def _apply(self, change: Change) -> None:
        if not change:
            return
        if change.graph == DATASET_GRAPH:
            raise _kept_by_the_store()
        effect = self._writer.apply(change)
        self.written += len(change.added) + len(change.removed)
        for now, done, undone in (
            (effect.added, self._added, self._removed),
            (effect.removed, self._removed, self._added),
        ):
            back = now & undone
            undone -= back
            done |= now - back

    # --- the operations of an update

    @singledispatchmethod
    def perform(self, operation: Modify | Manage) -> None:
        """Performs an operation. Raises UsageError and DataError."""
        raise TypeError(operation)

    @perform.register
    def _modify(self, operation: Modify) -> None:
        names, solutions = self._solutions(operation)
        into = operation.into or UPDATES
        delete, insert = Template(operation.delete, names, into), Template(operation.insert, names, into)
        # Blank nodes that the pattern made (BNODE()); those of templates are new for each solution.
        made = Names()
        removed: dict[NamedNode, set[Triple]] = {}
        added: dict[NamedNode, set[Triple]] = {}
        while some := list(islice(solutions, SOME)):
            gone: dict[NamedNode, list[Triple]] = {}
            new: dict[NamedNode, list[Triple]] = {}
            for solution in some:
                bound = [None if term is None else made.named(term) for term in solution]
                fresh = Names()
                for template, changed in ((delete, gone), (insert, new)):
                    for graph, triple in template.filled(bound, fresh):
                        changed.setdefault(graph, []).append(triple)
            for graph, triples in gone.items():
                removed.setdefault(graph, set()).update(self._stated(graph, _canonical(triples)))
            for graph, triples in new.items():
                added.setdefault(graph, set()).update(_canonical(triples))
        for graph in removed.keys() | added.keys():
            self._write(graph, removed.get(graph, set()), added.get(graph, set()))

    def _solutions(self, operation: Modify) -> tuple[list[str], Iterator[Solution]]:
        if operation.select is None:
            return [], iter([()])
        found = self._ask(operation, operation.select)
        return [v.value for v in found.variables], (tuple(solution) for solution in found)

    def _ask(self, operation: Modify, select: str) -> QuerySolutions:
        using, named = operation.using, operation.using_named
        for graph in (*using, *named) if operation.graphs_must_exist else ():
            if not self.exists(graph):
                raise no_graph(graph.value, "USING")
        if len(using) > 1:
            # Over several default graphs the engine would count a triple once for each that states it.
            merged = ox.Store()
            for graph in using:
                merged.extend(quad(t, DefaultGraph()) for t in self.triples(graph))
            for graph in named:
                merged.extend(quad(t, graph) for t in self.triples(graph))
            return cast(QuerySolutions, merged.query(select, named_graphs=list(named)))
        if using or named:
            found = self.view.query(select, default_graphs=using, named_graphs=named)
        elif operation.into is not None:
            found = self.view.query(select, default_graphs=[operation.into])
        else:
            found = self.view.query(select)
        return cast(QuerySolutions, found)

    @perform.register
    def _manage(self, operation: Manage) -> None:
        if operation.verb in ("CLEAR", "DROP"):
            self.clear(self._graphs(operation.source))
        elif operation.target is not None:
            (source,), (target,) = self._graphs(operation.source), self._graphs(operation.target)
            if not operation.silent and source != UPDATES and not self.exists(source):
                raise UsageError(
                    f"there is no graph <{source.value}> here", where=operation.verb,
                    hint="correct its name, or write SILENT",
                )  # fmt: skip
            if source == target:
                return
            triples = self.triples(source)
            if operation.verb == "ADD":
                self.write(target, (), triples)
            else:
                self.replace(target, triples)
            if operation.verb == "MOVE":
                self.clear([source])

    def _graphs(self, place: Place) -> list[NamedNode]:
        if isinstance(place, NamedNode):
            return [place]
        if place == "DEFAULT":
            return [UPDATES]
        kept = {DATASET_GRAPH, UPDATES} if place == "NAMED" else {DATASET_GRAPH}
        return [g for g in self.view.graph_names() if g not in kept]


def _kept_by_the_store() -> UsageError:
    return UsageError(
        "the description of the dataset is kept by the store itself",
        where=DATASET_GRAPH.value, hint="write to another graph",
    )  # fmt: skip


def _count(view: Snapshot, place: str) -> int:
    """Triples in a place of a pattern: the default graph, ``GRAPH <iri>``, ``GRAPH ?g``."""
    (row,) = view.rows(f"SELECT (COUNT(*) AS ?n) {{ {place} {{ ?s ?p ?o }} }}")
    return int(cast(Literal, row["n"]).value)


def _canonical(triples: Iterable[Triple]) -> set[Triple]:
    """The triples as the store will hold them."""
    memory = ox.Store()
    memory.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return {q.triple for q in memory}
