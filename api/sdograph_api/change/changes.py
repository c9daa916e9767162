"""What a request changes, worked out and written by a writer, and validated before anybody sees it.

Wherever the default graph is named as a place (DEFAULT, ?default, a template without GRAPH) it is the graph
of updates; patterns see the merge of all graphs (docs/decisions/0017).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from functools import singledispatchmethod
from typing import cast

import pyoxigraph as ox
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Triple

from sdograph.errors import DataError, UsageError
from sdograph.identifiers import BASE, GRAPH_BASE
from sdograph.store import Snapshot, Writer
from sdograph.store.base import Change
from sdograph.store.scratch import DATASET_GRAPH
from sdograph.store.snapshot import quad
from sdograph.triples import GraphName, Term
from sdograph.validation import Finding, validate_change
from sdograph_api.change.operations import VARIABLE, Manage, Modify, Place

#: Where lies what is written to the default graph.
UPDATES = NamedNode(GRAPH_BASE + "updates")

#: Blank nodes that come in get names with this beginning (RDF 1.1 Concepts, section 3.5).
GENID = BASE + ".well-known/genid/"


class Names:
    """Names for the blank nodes of one request."""

    def __init__(self) -> None:
        self._given: dict[BlankNode, NamedNode] = {}

    def named(self, term: Term) -> Term:
        """The term, or the name of a blank node. Raises DataError for a triple in the place of a term."""
        if isinstance(term, Triple):
            raise DataError(
                "a triple stands in the place of a term", hint="send RDF 1.1: describe the statement by name"
            )
        if not isinstance(term, BlankNode):
            return term
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


class Changes:
    """The changes of one request, written one after the other; what they do to the default graph adds up."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._view: Snapshot = writer.view
        self.added: set[Triple] = set()
        self.removed: set[Triple] = set()
        self.written = 0
        """Quads added to, or removed from, named graphs."""

    def findings(self) -> list[Finding]:
        """What SHACL says of the nodes that were touched."""
        return validate_change(self._view, self.added, self.removed)

    def triples(self, graph: NamedNode) -> frozenset[Triple]:
        return frozenset(q.triple for q in self._view.quads(graph=graph))

    def exists(self, graph: NamedNode) -> bool:
        """Whether a graph holds anything: one that is empty is not kept."""
        return next(self._view.quads(graph=graph), None) is not None

    def replace(self, graph: NamedNode, triples: Iterable[Triple]) -> None:
        self._apply(self._view.change(graph, triples))

    def write(self, graph: NamedNode, removed: Iterable[Triple], added: Iterable[Triple]) -> None:
        """Takes triples out of a graph, then puts others in."""
        gone, new = _canonical(removed), _canonical(added)
        self._apply(
            Change(
                graph,
                added=frozenset(t for t in new if not self._states(graph, t)),
                removed=frozenset(t for t in gone - new if self._states(graph, t)),
            )
        )

    def _states(self, graph: NamedNode, t: Triple) -> bool:
        return next(self._view.quads(t.subject, t.predicate, t.object, graph), None) is not None

    def _apply(self, change: Change) -> None:
        if not change:
            return
        if change.graph == DATASET_GRAPH:
            raise UsageError(
                "the description of the dataset is kept by the store itself",
                where=DATASET_GRAPH.value, hint="write to another graph",
            )  # fmt: skip
        effect = self._writer.apply(change)
        self.written += len(change.added) + len(change.removed)
        self.added, self.removed = (
            (self.added - effect.removed) | (effect.added - self.removed),
            (self.removed - effect.added) | (effect.removed - self.added),
        )

    # --- the operations of an update

    @singledispatchmethod
    def perform(self, operation: Modify | Manage) -> None:
        """Performs an operation. Raises UsageError and DataError."""
        raise TypeError(operation)

    @perform.register
    def _modify(self, operation: Modify) -> None:
        solutions = self._solutions(operation)
        # Blank nodes that the pattern made (BNODE()); those of templates are new for each solution.
        made = Names()
        removed: dict[NamedNode, list[Triple]] = {}
        added: dict[NamedNode, list[Triple]] = {}
        into = operation.into or UPDATES
        for solution in solutions:
            bound = {name: made.named(term) for name, term in solution.items()}
            fresh = Names()
            for template, changed in ((operation.delete, removed), (operation.insert, added)):
                for given in template:
                    filled = _filled(given, bound, fresh, into)
                    if filled is not None:
                        changed.setdefault(filled[0], []).append(filled[1])
        for graph in removed.keys() | added.keys():
            self.write(graph, removed.get(graph, ()), added.get(graph, ()))

    def _solutions(self, operation: Modify) -> Iterator[dict[str, Term]]:
        if operation.select is None:
            yield {}
            return
        found = self._ask(operation, operation.select)
        names = [v.value for v in found.variables]
        for solution in found:
            terms = zip(names, solution, strict=True)
            yield {name: term for name, term in terms if term is not None}

    def _ask(self, operation: Modify, select: str) -> QuerySolutions:
        using, named = operation.using, operation.using_named
        if len(using) > 1:
            # Over several default graphs the engine would count a triple once for each that states it.
            merged = ox.Store()
            for graph in using:
                merged.extend(quad(t, DefaultGraph()) for t in self.triples(graph))
            for graph in named:
                merged.extend(quad(t, graph) for t in self.triples(graph))
            return cast(QuerySolutions, merged.query(select, named_graphs=list(named)))
        if using or named:
            found = self._view.query(select, default_graphs=using, named_graphs=named)
        elif operation.into is not None:
            found = self._view.query(select, default_graphs=[operation.into])
        else:
            found = self._view.query(select)
        return cast(QuerySolutions, found)

    @perform.register
    def _manage(self, operation: Manage) -> None:
        if operation.verb in ("CLEAR", "DROP"):
            for graph in self._graphs(operation.source):
                self.replace(graph, ())
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
                self.replace(source, ())

    def _graphs(self, place: Place) -> list[NamedNode]:
        if isinstance(place, NamedNode):
            return [place]
        if place == "DEFAULT":
            return [UPDATES]
        kept = {DATASET_GRAPH, UPDATES} if place == "NAMED" else {DATASET_GRAPH}
        return [g for g in self._view.graph_names() if g not in kept]


def _filled(
    given: Quad, bound: dict[str, Term], fresh: Names, into: NamedNode
) -> tuple[NamedNode, Triple] | None:
    """A quad of a template, filled in; None where that makes no triple."""

    def term(part: Term | GraphName) -> Term | None:
        if isinstance(part, DefaultGraph):
            return into
        if isinstance(part, NamedNode) and part.value.startswith(VARIABLE):
            return bound.get(part.value.removeprefix(VARIABLE))
        return fresh.named(part)

    s, p, o, graph = map(term, given)
    if o is None or isinstance(s, Literal):
        return None
    if not (isinstance(s, NamedNode) and isinstance(p, NamedNode) and isinstance(graph, NamedNode)):
        return None
    return graph, Triple(s, p, o)


def _canonical(triples: Iterable[Triple]) -> set[Triple]:
    """The triples as the store will hold them."""
    memory = ox.Store()
    memory.extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return {q.triple for q in memory}
