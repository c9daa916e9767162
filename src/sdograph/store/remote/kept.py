"""What was asked of a server at one version, kept within bounds; and what will be asked next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeAlias

from pyoxigraph import NamedNode, Quad

from sdograph.triples import GraphName, Subject, Term

#: Graph (None: any), subject, predicate, object.
Key: TypeAlias = tuple[GraphName | None, Subject | None, NamedNode | None, Term | None]

#: Quads that are kept, and the most that one answer may have to be kept.
KEPT = 200_000
KEPT_OF_ONE = 20_000

#: Subjects that are asked for together at most, and lists of subjects that are remembered.
AHEAD = 200
LISTS = 8


class Kept:
    """Answers by pattern. Safe to use from several threads.

    Who asks for the subjects of a pattern and then for some of them one by one will ask for the others too:
    from the second on they come together, each time more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, tuple[Quad, ...]] = OrderedDict()
        self._size = 0
        self._lists: OrderedDict[Key, _Subjects] = OrderedDict()

    def get(self, key: Key) -> tuple[Quad, ...] | None:
        with self._lock:
            if (found := self._answers.get(key)) is not None:
                self._answers.move_to_end(key)
            return found

    def put(self, key: Key, quads: tuple[Quad, ...]) -> None:
        with self._lock:
            if key not in self._answers:
                self._answers[key] = quads
                self._size += len(quads) + 1
            while self._size > KEPT:
                _, gone = self._answers.popitem(last=False)
                self._size -= len(gone) + 1

    def keeping(self, key: Key, quads: Iterator[Quad]) -> Iterator[Quad]:
        """The quads, which are kept when they are not too many."""
        # Read before anybody asks for the second: who wants only one asks again later.
        first = tuple(islice(quads, KEPT_OF_ONE + 1))
        if len(first) > KEPT_OF_ONE:
            return chain(first, quads)
        self.put(key, first)
        if key[1] is None and len(first) > 1:
            with self._lock:
                self._lists[key] = _Subjects(first)
                if len(self._lists) > LISTS:
                    self._lists.popitem(last=False)
        return iter(first)

    def ahead(self, graph: GraphName | None, s: NamedNode) -> list[NamedNode]:
        """Subjects that are not kept and will be asked for after ``s``."""
        with self._lock:
            for known in reversed(self._lists.values()):
                if s in known:
                    wanted = known.after(s)
                    return [n for n in wanted if (graph, n, None, None) not in self._answers]
        return []


class _Subjects:
    """The subjects of one answer, in its order."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._places: dict[NamedNode, int] = {}
        for q in quads:
            if isinstance(q.subject, NamedNode):
                self._places.setdefault(q.subject, len(self._places))
        self._nodes = list(self._places)
        self._asked = 0

    def __contains__(self, node: NamedNode) -> bool:
        return node in self._places

    def after(self, node: NamedNode) -> list[NamedNode]:
        """None for the first that is asked for; more and more for the next ones."""
        self._asked += 1
        count = min(AHEAD, 4 ** (self._asked - 1) - 1)
        place = self._places[node] + 1
        return self._nodes[place : place + count]
