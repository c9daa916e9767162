"""Small documents for tests of stores."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from sdograph.store import Store


def node(name: object) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def triple(n: int) -> Triple:
    return Triple(node(n // 4), node("p"), Literal(n % 4))


def write(store: Store, graph: str, numbers: set[int]) -> None:
    """Publishes a document that states the triples of these numbers."""
    with store.writer() as writer:
        writer.apply(writer.view.change(node(graph), map(triple, numbers)))
        writer.publish()


def content(store: Store, graph: NamedNode | DefaultGraph) -> list[Triple]:
    """What a graph holds, without the description of the dataset."""
    mine = (q.triple for q in store.current().quads(graph=graph))
    return [t for t in mine if t.subject.value.startswith("http://example.org/")]
