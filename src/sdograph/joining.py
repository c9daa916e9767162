"""One statement that came in as two: what was known by another of its numbers alone, and its sender's number.

Lists of meetings call a statement by the number of whoever received it, replies by that of a draft, and only
later lists by its sender's. Then the node made of the first is the second, and moves to it in every document
that speaks of it, so that the graph is the same in whatever order the documents came. The key of the first
leads to the second (see :mod:`sdograph.graph.statements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph import identifiers as ids
from sdograph.graph import evidence_name
from sdograph.namespaces import DCT, RDFS, SDO
from sdograph.store import Change, Snapshot
from sdograph.triples import Term


def same(view: Snapshot, key: str, numbers: Iterable[str]) -> list[str]:
    """The keys of other nodes that are the statement of that key.

    ``key`` is of a statement with its sender's number, ``numbers`` are those its receivers gave it, and those
    of its drafts. A node without a sender's number that bears one of them, or is named after it, is the
    statement, unless another one has claimed the number.
    """
    own = NamedNode(ids.iri(key))
    found: dict[str, None] = {}
    for number in numbers:
        bearing = {
            t.subject
            for prop in (SDO.receivedNumber, SDO.earlierNumber)
            for t in view.triples(None, prop, Literal(number))
        }
        if any(node != own and _numbered(view, node) for node in bearing if isinstance(node, NamedNode)):
            continue  # two senders' numbers: nothing tells which of them it is
        if body := ids.number_body(number):
            bearing.add(NamedNode(ids.iri(ids.statement_key(body, number))))
        for node in bearing:
            if isinstance(node, NamedNode) and node != own and not _numbered(view, node):
                found[ids.key_of(node.value) or ""] = None
    return sorted(found)


def _numbered(view: Snapshot, node: NamedNode) -> bool:
    return view.value(node, SDO.number) is not None


def moves(view: Snapshot, old: str, new: str) -> list[Change]:
    """What changes in the graphs of documents when the node of one key becomes that of another.

    The first key leads to the second in each graph that stated something of it.
    """
    names = dict(_names(view, old, new))
    before = NamedNode(ids.iri(old))
    leads = Triple(before, DCT.isReplacedBy, names[before])
    quads = {
        q
        for name in names
        for q in (*view.quads(s=name), *view.quads(o=name))
        if q.predicate != DCT.isReplacedBy or q.object == before
    }
    changes: dict[NamedNode, tuple[set[Triple], set[Triple]]] = {}
    for q in quads:
        if isinstance(q.graph_name, NamedNode):
            added, removed = changes.setdefault(q.graph_name, (set(), set()))
            added.add(_moved(q, names))
            removed.add(q.triple)
            if q.subject == before:
                added.add(leads)
    return [Change(g, added=frozenset(new), removed=frozenset(gone)) for g, (new, gone) in changes.items()]


def _names(view: Snapshot, old: str, new: str) -> Iterator[tuple[NamedNode, NamedNode]]:
    """The nodes that bear the key, or are named after it, and what they are to be called."""
    before, after = NamedNode(ids.iri(old)), NamedNode(ids.iri(new))
    about = [(before, after)]
    for action in view.objects(before, SDO.requestsAction):
        if isinstance(action, NamedNode):
            about.append((action, NamedNode(after.value + action.value.removeprefix(before.value))))
    for node, moved in about:
        yield node, moved
        for t in view.triples(None, SDO.about, node):
            if isinstance(t.subject, NamedNode):
                said = (view.text(t.subject, p) or "" for p in (SDO.field, SDO.writtenAs, SDO.locator))
                document = t.subject.value.rpartition("/")[0]
                yield t.subject, NamedNode(f"{document}/{evidence_name(moved, *said)}")


def _moved(q: Quad, names: dict[NamedNode, NamedNode]) -> Triple:
    s, o = q.subject, q.object
    if isinstance(s, NamedNode) and s in names and q.predicate != DCT.isReplacedBy:
        if q.predicate in (DCT.identifier, RDFS.label):
            o = _called(o, s, names[s])
        s = names[s]
    if isinstance(o, NamedNode) and o in names:
        o = names[o]
    return Triple(s, q.predicate, o)


def _called(words: Term, old: NamedNode, new: NamedNode) -> Term:
    """What a node is called that is named after its key, and the words themselves where it is not."""
    was, now = (ids.key_of(node.value) or "" for node in (old, new))
    if words in (Literal(ids.local_id(was)), Literal(ids.number_in(was) or was)):
        return Literal(ids.number_in(now) or ids.local_id(now))
    return words
