"""The contract of a store: snapshots to read from, one writer at a time, generations that are published.

A *snapshot* is a whole, unchanging picture of the graph. Its default graph is the merge of the document
graphs, each triple once, however many documents state it. A *writer* replaces the graphs of documents and
publishes the result as the next generation; nothing it does is visible before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Triple

from sdograph.triples import GraphName, Subject, Term, Triples

QueryResult: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples

DEFAULT = DefaultGraph()


@dataclass(frozen=True, slots=True)
class Change:
    """Triples added to and removed from one graph."""

    graph: NamedNode | DefaultGraph
    added: frozenset[Triple]
    removed: frozenset[Triple]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


class Snapshot(Triples):
    """A read-only picture of one generation; safe to use from several threads."""

    generation: int
    version: str
    """Differs for any two generations ever published, also after a data directory was made anew."""
    generated_at: str
    """ISO 8601 date and time, UTC."""

    @abstractmethod
    def query(
        self,
        sparql: str,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QueryResult:
        """Evaluates SPARQL 1.1, the project's prefixes declared; raises InvalidQuery when it does not parse.

        The graphs given take the place of the default graph, and of the named graphs. For queries of our
        own only: nothing here limits their time or memory.
        """

    @abstractmethod
    def quads(
        self,
        s: Subject | None = None,
        p: NamedNode | None = None,
        o: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Quads that fit in one graph, or in all of them (the default graph too) when graph is None."""

    def __contains__(self, quad: Quad) -> bool:
        return next(self.quads(*quad), None) is not None

    @abstractmethod
    def graph_names(self) -> Iterator[NamedNode]:
        """The named graphs that hold anything."""

    @abstractmethod
    def change(self, graph: NamedNode, triples: Iterable[Triple]) -> Change:
        """What would change if the graph held exactly these triples. Nothing is written.

        Raises DataError when a triple has a blank node: everything in the graph has a name.
        """

    @abstractmethod
    def effect(self, change: Change) -> Change:
        """What a change of a document's graph would change in the default graph."""

    def rows(self, sparql: str) -> list[dict[str, Term | None]]:
        """The solutions of a SELECT, as dictionaries by variable name."""
        result = self.query(sparql)
        if not isinstance(result, QuerySolutions):
            raise TypeError("rows() takes a SELECT query")
        names = [v.value for v in result.variables]
        return [dict(zip(names, solution, strict=True)) for solution in result]


class Writer(ABC):
    """The one writer at a time. Its work becomes visible with :meth:`publish`, whole, or not at all."""

    @property
    @abstractmethod
    def view(self) -> Snapshot:
        """What has been written so far, as this writer sees it."""

    @abstractmethod
    def apply(self, change: Change) -> Change:
        """Writes a change into its graph, and what follows from it into the default graph: its effect."""

    def clear(self, graphs: Iterable[NamedNode]) -> None:
        """Takes all out of graphs, and out of the default graph what no other states.

        For graphs that hold most of the store: what goes is not told, and may cost less than what stays.
        """
        for graph in graphs:
            self.apply(self.view.change(graph, ()))

    @abstractmethod
    def load(self, quads: Iterable[Quad]) -> None:
        """Adds quads of document graphs in bulk, at a third of the cost; only while nothing is published."""

    @abstractmethod
    def savepoint(self) -> Callable[[], None]:
        """A way back to how everything is now: calling it undoes what was applied since, at any size."""

    @abstractmethod
    def keep_contacts(self, document: str, quads: Iterable[Quad]) -> None:
        """Sets the contact persons read from a document; publishing writes them to a place of their own."""

    @abstractmethod
    def publish(self, version: str | None = None) -> Snapshot:
        """Makes all that was applied the next generation, durably, and returns it.

        Whoever may be killed meanwhile gives it a version, of :func:`sdograph.store.dataset.new_version`,
        by which :meth:`Store.published` knows it afterwards.
        """


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation that is still kept."""

    number: int
    current: bool


class Store(ABC):
    """Where the graph lives."""

    @property
    @abstractmethod
    def location(self) -> str:
        """Where that is, in messages: a folder, or the address of a server without its credentials."""

    @abstractmethod
    def current(self) -> Snapshot:
        """The newest published generation; raises StoreMissing when there is none."""

    @abstractmethod
    def current_number(self) -> int:
        """The number of the current generation; 0 when there is none."""

    @abstractmethod
    def published(self, version: str) -> bool:
        """Whether a generation of this version was published, once its writer has ended.

        Raises Unavailable when that cannot be told: it is long ago, or the store cannot be read.
        """

    @abstractmethod
    def writer(self, *, timeout: float = 10.0) -> AbstractContextManager[Writer]:
        """Waits up to ``timeout`` seconds for the writer's place; raises WriterBusy."""

    @abstractmethod
    def trial(self) -> AbstractContextManager[Writer]:
        """A writer whose work is never published; it waits for nobody."""

    @abstractmethod
    def generations(self) -> list[Generation]:
        """The generations still kept, oldest first."""

    @abstractmethod
    def rollback(self, to: int | None = None) -> Snapshot:
        """Publishes an earlier generation (the one before, by default) again, under the next number.

        Raises UsageError when it is not kept; a remote store keeps none but the current one.
        """

    @abstractmethod
    def backup(self, target: Path) -> Path:
        """Writes the current generation, contacts included, to a new folder: a data directory of its own."""

    @abstractmethod
    def restore(self, source: Path) -> Snapshot:
        """Publishes the content of a backup, or of any data directory, as the next generation."""
