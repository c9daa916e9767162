"""Threads: a statement, what it answers, what answers it, and so on, across bodies, as a tree and in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sdograph.errors import LimitExceeded
from sdograph.followup.statements import Reader, Statement, find_statement
from sdograph.identifiers import ID_BASE
from sdograph.store import Snapshot

#: More statements than this hang together, and answers follow one another further, only by a mistake. Neither
#: JSON nor a terminal could hold a deeper tree.
MAX_STATEMENTS = 2_000
MAX_DEPTH = 100
_LOOK = "some answer what they should not: look for numbers that several statements share"


class Mark(StrEnum):
    """Why a place in the tree shows less, or something else, than a statement with its answers."""

    missing = "missing"
    """What is answered is not in the graph: known by number, or as it is written, only."""
    shown = "shown"
    """It answers several: what follows it is shown where it stands first."""
    cycle = "cycle"
    """It answers what answers it, so the sources contradict one another; it stands further up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place in the tree: a statement, and below it what answers it, oldest first."""

    name: str
    statement: Statement | None
    """None where the mark is ``missing``."""
    mark: Mark | None
    replies: tuple[Node, ...]

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """This place and all below it, in reading order, each with its depth."""
        yield depth, self
        for reply in self.replies:
            yield from reply.walk(depth + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What hangs together with one statement."""

    asked_for: Statement
    roots: tuple[Node, ...]
    """What answers nothing that is known, oldest first. More than one where an answer answers several."""
    timeline: tuple[Statement, ...]
    """Every statement once, oldest first; those without a date last."""
    missing: tuple[str, ...]
    """What is answered and is not in the graph."""


def thread(snapshot: Snapshot, statement: str) -> Thread:
    """The thread of a statement, given by its number, id or IRI.

    Raises UsageError when there is no such statement or several bear the number, LimitExceeded when more hang
    together than can.
    """
    asked_for = find_statement(snapshot, statement).value
    found = _connected(Reader(snapshot), asked_for)
    tree = _Tree(found)
    return Thread(
        asked_for=found[asked_for],
        roots=tree.roots(),
        timeline=tuple(sorted(found.values(), key=_age)),
        missing=tuple(sorted(tree.missing)),
    )


def _connected(reader: Reader, start: str) -> dict[str, Statement]:
    """All that hang together by answers, in whatever direction."""
    found: dict[str, Statement] = {}
    waiting = {start}
    while waiting:
        new = reader.these(waiting)
        found |= new
        if len(found) > MAX_STATEMENTS:
            message = f"more than {MAX_STATEMENTS:,} statements hang together"
            raise LimitExceeded(message, where=start, hint=_LOOK)
        ends = {iri for statement in new.values() for iri in (*statement.replies_to, *statement.replies)}
        waiting = ends - found.keys() - waiting
    return found


def _age(statement: Statement) -> tuple[str, str, str]:
    # A month goes before its days: "2018-11" may have been the first of them.
    return statement.date or "9999", statement.name, statement.iri


class _Tree:
    """The statements of a thread as a tree, each with its answers in one place."""

    def __init__(self, found: dict[str, Statement]) -> None:
        self._found = found
        self._answers: dict[str, list[str]] = {}
        self.missing: dict[str, str] = {}
        """Name of each statement that is not in the graph -> what stands for it as a parent."""
        for statement in sorted(found.values(), key=_age):
            for parent in self._parents(statement):
                self._answers.setdefault(parent, []).append(statement.iri)
        self._done: set[str] = set()

    def _parents(self, statement: Statement) -> Iterator[str]:
        for iri in statement.replies_to:
            if iri not in self._found:
                self.missing[_name(iri)] = iri
            yield iri
        for text in statement.replies_to_unknown:
            self.missing[text] = text
            yield text

    def roots(self) -> tuple[Node, ...]:
        inner = {iri for answers in self._answers.values() for iri in answers}
        outer = [iri for iri in self._found if iri not in inner]
        # The oldest that is answered goes first: what answers several shall stand where it was asked first.
        begin = sorted(outer, key=lambda iri: _age(self._found[iri]))
        nodes = [*map(self._node, begin), *(self._gap(name) for name in sorted(self.missing))]
        # What is left goes round in circles: it begins with its oldest.
        for statement in sorted(self._found.values(), key=_age):
            if statement.iri not in self._done:
                nodes.append(self._node(statement.iri))
        return tuple(nodes)

    def _gap(self, name: str) -> Node:
        replies = self._answers.get(self.missing[name], ())
        return Node(
            name=name,
            statement=None,
            mark=Mark.missing,
            replies=tuple(self._node(iri) for iri in replies),
        )

    def _node(self, iri: str, above: tuple[str, ...] = ()) -> Node:
        if len(above) >= MAX_DEPTH:
            message = f"more than {MAX_DEPTH} answers follow one another"
            raise LimitExceeded(message, where=iri, hint=_LOOK)
        statement = self._found[iri]
        mark = Mark.cycle if iri in above else Mark.shown if iri in self._done else None
        self._done.add(iri)
        answers = self._answers.get(iri, ()) if mark is None else ()
        return Node(
            name=statement.name,
            statement=statement,
            mark=mark,
            replies=tuple(self._node(answer, (*above, iri)) for answer in answers),
        )


def _name(iri: str) -> str:
    """What to call a statement of which nothing but its IRI is known: its number."""
    return iri.removeprefix(ID_BASE).rpartition("/")[2]
