"""How changes get to a server whole: in one request where that is all or nothing, by a journal elsewhere.

With a journal, the changes are first written beside the graph, as texts. A seal of one triple then decides
that they are made; they are made in parts, each of which may be done twice; then the seal goes. Whoever finds
a seal whose writer is gone makes the rest. Without a seal, a journal is worth nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pyoxigraph as ox
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from sdograph.errors import StoreDamaged, UsageError, WriterBusy
from sdograph.identifiers import GRAPH_BASE
from sdograph.namespaces import DCAT
from sdograph.store.base import Snapshot
from sdograph.store.dataset import DATASET, DATASET_GRAPH
from sdograph.store.quads import delete_data, insert_data
from sdograph.store.remote.lock import Lock
from sdograph.store.remote.pending import Pending
from sdograph.store.remote.reader import solutions
from sdograph.store.remote.state import (
    BUILDING,
    JOURNAL,
    JOURNAL_GRAPH,
    MERGED,
    OWN,
    STATE_GRAPH,
    State,
    is_hidden,
)
from sdograph.store.remote.transport import ROWS, Server

#: Quads in one part. Virtuoso turns an update into a program of at most 10,000 lines, and refuses one of more
#: quads than an answer may have rows.
PART = 1_000
#: Characters in one part: quads may have long texts.
PART_CHARACTERS = 500_000
#: Quads that go in one request to a server that makes all of it or nothing.
AT_ONCE = 100_000

#: Servers whose update requests are known to be all or nothing, also when they are killed.
_ATOMIC = ("Oxigraph/",)

_TEXT = NamedNode(OWN + "text")


class Publication:
    """Writes to the server, for the holder of the writer's place."""

    def __init__(self, server: Server, state: Callable[[], State]) -> None:
        self._server = server
        self._state = state
        self._merged = server.address.merged

    # --- changes

    def send(self, pending: Pending, lock: Lock, *, before: str, after: str) -> None:
        """Makes the changes that lead from one version to the next, all or none of them.

        Raises WriterBusy when somebody else has written meanwhile; then nothing is changed. After Unavailable
        it may be that they are made, or will be by whoever comes next: Store.published() tells.
        """
        held = f"GRAPH {DATASET_GRAPH} {{ {DATASET} {DCAT.version} {Literal(before)} }}"
        if self._atomic and len(list(islice(pending.quads(), AT_ONCE + 1))) <= AT_ONCE:
            removed, added = (_lines(map(self._placed, s)) for s in (pending.removed, pending.added))
            guard = lock.guard()
            self._server.update(f"DELETE {{ {removed} }} INSERT {{ {added} }} WHERE {{ {guard} {held} }}")
            if self._state().version != after:
                raise overtaken(self._server.address.query)
            return
        self._server.update(f"DROP SILENT GRAPH {JOURNAL_GRAPH}")
        count = 0
        for count, (quads, adds) in enumerate(self._parts(pending), 1):
            lock.guard()
            self._server.update(_entry(count, quads, adds=adds))
        sealed = f"{before} {after} {count}"
        mark = f"GRAPH {STATE_GRAPH} {{ {DATASET} {JOURNAL} {Literal(sealed)} }}"
        self._server.update(f"INSERT {{ {mark} }} WHERE {{ {lock.guard()} {held} }}")
        if self._state().journal != sealed:
            raise overtaken(self._server.address.query)
        for quads, adds in self._parts(pending):
            self._make(quads, lock, adds=adds)
        self._unseal(sealed)

    def finish(self, sealed: str, lock: Lock) -> None:
        """Makes what a writer that is gone has decided and not finished. Raises StoreDamaged."""
        count = sealed.rpartition(" ")[2]
        for n in range(1, int(count) + 1 if count.isascii() and count.isdigit() else 0):
            quads, adds = self._read_entry(n)
            self._make(quads, lock, adds=adds)
        self._unseal(sealed)

    def _make(self, quads: list[Quad], lock: Lock, *, adds: bool) -> None:
        # A writer that slept for long must not make changes that were made long ago.
        lock.guard()
        self._server.update(insert_data(quads) if adds else delete_data(quads))

    def _unseal(self, sealed: str) -> None:
        mark = f"GRAPH {STATE_GRAPH} {{ {DATASET} {JOURNAL} {Literal(sealed)} }}"
        self._server.update(f"DELETE DATA {{ {mark} }}")
        self._server.update(f"DROP SILENT GRAPH {JOURNAL_GRAPH}")

    def _read_entry(self, n: int) -> tuple[list[Quad], bool]:
        query = f"SELECT ?text {{ GRAPH {JOURNAL_GRAPH} {{ {_entry_name(n)} {_TEXT} ?text }} }}"
        texts = [row["text"] for row in solutions(self._server.ask(query, ROWS))]
        if len(texts) != 1 or not isinstance(texts[0], Literal):
            raise StoreDamaged(
                f"part {n} of a change that was left half-written is gone",
                where=self._server.address.query,
                hint="restore a backup into an empty repository",
            )
        sign, _, lines = texts[0].value.partition("\n")
        return list(ox.parse(io.BytesIO(lines.encode()), format=ox.RdfFormat.N_QUADS)), sign == "+"

    def _parts(self, pending: Pending) -> Iterator[tuple[list[Quad], bool]]:
        """All quads as they lie on the server, in parts, and whether they are to be added."""
        for store, adds in ((pending.removed, False), (pending.added, True)):
            for part in _parts(map(self._placed, store)):
                yield part, adds

    # --- the first generation

    def begin_first(self, state: State, lock: Lock) -> None:
        """Makes sure that nothing is there, and clears what a build that died has left.

        Raises UsageError when the server holds what is not ours, or would mix all graphs up.
        """
        if self._merged is None and self._finds(f"{DATASET} ?p ?o", None):
            # The mark of the writer's place lies in a graph of its own, and yet it is seen.
            raise UsageError(
                "the default graph of this server is the union of its graphs",
                where=self._server.address.query,
                hint=f"say where the merge is to be kept: merged={GRAPH_BASE}merged in the address",
            )
        names = self._graphs()
        if state.building:
            for name in names:
                self._server.update(f"DROP SILENT GRAPH {name}")
            if self._merged is None:
                self._server.update("DROP SILENT DEFAULT")
        elif names or self._finds("?s ?p ?o", self._merged):
            raise UsageError(
                "the server holds data that are not ours" + (f", such as graph {names[0]}" if names else ""),
                where=self._server.address.query,
                hint="name an empty repository, or say foreign=ignore and merged=IRI in the address",
            )
        lock.guard()

    def send_first(self, snapshot: Snapshot, lock: Lock) -> None:
        """Writes a whole dataset; it is there for readers when all of it is."""
        mark = f"GRAPH {STATE_GRAPH} {{ {DATASET} {BUILDING} true }}"
        place = Literal(self._merged.value if self._merged else "default")
        marks = f"{mark} GRAPH {STATE_GRAPH} {{ {DATASET} {MERGED} {place} }}"
        self._server.update(f"INSERT {{ {marks} }} WHERE {{ {lock.guard()} }}")
        for part in _parts(map(self._placed, snapshot.quads())):
            lock.guard()
            self._server.update(insert_data(part))
        self._server.update(f"DELETE {{ {mark} }} WHERE {{ {lock.guard()} }}")
        if self._state().building:
            raise overtaken(self._server.address.query)

    def _graphs(self) -> list[NamedNode]:
        """The graphs on the server that would be ours."""
        ours = self._server.address.ignores_foreign
        query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
        names = [row["g"] for row in solutions(self._server.ask(query, ROWS))]
        return [
            name
            for name in names
            if isinstance(name, NamedNode)
            and (name == self._merged or not is_hidden(name.value, ignores_foreign=ours))
        ]

    def _finds(self, pattern: str, graph: NamedNode | None) -> bool:
        where = f"GRAPH {graph} {{ {pattern} }}" if graph else pattern
        return any(True for _ in solutions(self._server.ask(f"SELECT * {{ {where} }} LIMIT 1", ROWS)))

    # --- small things

    @property
    def _atomic(self) -> bool:
        known = self._server.address.atomic
        return self._server.software.startswith(_ATOMIC) if known is None else known

    def _placed(self, q: Quad) -> Quad:
        """The quad where it lies on the server."""
        if isinstance(q.graph_name, DefaultGraph) and self._merged is not None:
            return Quad(q.subject, q.predicate, q.object, self._merged)
        return q


def overtaken(where: str) -> WriterBusy:
    return WriterBusy(
        "another program has written meanwhile", where=where, hint="nothing of this was written; begin again"
    )


def _parts(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    part: list[Quad] = []
    size = 0
    for q in quads:
        length = len(str(q))
        if part and (len(part) == PART or size + length > PART_CHARACTERS):
            yield part
            part, size = [], 0
        part.append(q)
        size += length
    if part:
        yield part


def _lines(quads: Iterable[Quad]) -> str:
    return insert_data(quads).removeprefix("INSERT DATA {").removesuffix("}")


def _entry(n: int, quads: list[Quad], *, adds: bool) -> str:
    lines = "".join(f"{q} .\n" for q in quads)
    text = Literal(("+\n" if adds else "-\n") + lines)
    return f"INSERT DATA {{ GRAPH {JOURNAL_GRAPH} {{ {_entry_name(n)} {_TEXT} {text} }} }}"


def _entry_name(n: int) -> NamedNode:
    return NamedNode(f"{JOURNAL_GRAPH.value}/{n}")
