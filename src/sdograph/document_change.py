"""What a document changes in the scratch store, and the way back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain

from pyoxigraph import NamedNode, Quad, Triple

from sdograph import catalogue, graph, joining
from sdograph.store import Change, Writer
from sdograph.validation import Finding, validate_change


class DocumentChange:
    """What a document has changed in the scratch store so far, and the way back.

    A document of one part is taken back by the opposite change. Of a long one the changes may not fit in
    memory: there the scratch store has a savepoint, and what is to be checked is read from it again.
    """

    def __init__(self, writer: Writer, key: str, *, long: bool, unchecked: bool) -> None:
        self._writer = writer
        self._key = key
        self._unchecked = unchecked
        self._restore = writer.savepoint() if long and not unchecked else None
        self._changes: list[Change] = []
        self._graphs: list[tuple[NamedNode, frozenset[Triple]]] = []
        self.joined: list[Change] = []
        """What the joining of nodes has changed in the default graph."""
        self._parts = 0
        self.content_changed = False
        """Whether anything but the provenance of the reading has changed."""
        self.outdates_linkers = False
        """Whether linking goes by anything that has changed."""

    def part(self, stated: set[Triple], origin: set[Triple]) -> None:
        """Replaces the next part's graph; the first also holds the provenance of the document."""
        n = self._parts
        about = {t.subject for t in origin}
        self._replace(stated | (origin if n == 0 else graph.part_provenance(self._key, n)), about)

    def end(self) -> None:
        """Empties the graphs of parts that an earlier version of the document had beyond these."""
        view = self._writer.view
        while next(view.quads(graph=graph.document_graph(self._key, self._parts)), None) is not None:
            self._replace(set(), set())

    def join(self, key: str, numbers: Iterable[str]) -> None:
        """Makes the node of a statement of what was known by another of its numbers alone."""
        view = self._writer.view
        for old in joining.same(view, key, numbers):
            for change in joining.moves(view, old, key):
                self.content_changed = True
                self.joined.append(self._writer.apply(change))
                if self._restore is None:
                    self._changes.append(change)

    def _replace(self, stated: set[Triple], about: Collection[object]) -> None:
        view = self._writer.view
        name = graph.document_graph(self._key, self._parts)
        self._parts += 1
        if self._unchecked:
            self._writer.load(Quad(t.subject, t.predicate, t.object, name) for t in stated)
            self.content_changed = True
            self.outdates_linkers |= catalogue.outdates_linkers(stated)
            return
        change = view.change(name, stated)
        if not change:
            return
        self.outdates_linkers |= catalogue.outdates_linkers(chain(change.added, change.removed))
        if any(t.subject not in about for t in chain(change.added, change.removed)):
            self.content_changed = True
        self._graphs.append((name, self._writer.apply(change).removed))
        if self._restore is None:
            self._changes.append(change)

    def findings(self) -> list[Finding]:
        """What SHACL finds about the nodes that the document touches, once all of it is written."""
        view = self._writer.view
        found: set[Finding] = set()
        for name, removed in self._graphs:
            found.update(validate_change(view, (q.triple for q in view.quads(graph=name)), removed))
        for change in self.joined:
            found.update(validate_change(view, change.added, change.removed))
        return sorted(found)

    def undo(self) -> None:
        """Leaves the scratch store as it was before the document."""
        if self._restore is not None:
            self._restore()
        for change in reversed(self._changes):
            self._writer.apply(Change(change.graph, added=change.removed, removed=change.added))
        self._changes.clear()
