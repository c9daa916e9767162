"""Changes of whole graphs: what is left, what is counted and what SHACL says, whichever way they are made."""

from __future__ import annotations

from pathlib import Path

import pytest
from http_support import fill
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from sdograph.errors import UsageError
from sdograph.identifiers import GRAPH_BASE
from sdograph.store import EmbeddedStore
from sdograph.store.dataset import DATASET, DATASET_GRAPH
from sdograph_api.change import changes
from sdograph_api.change.changes import Changes
from sdograph_api.change.operations import read

NAMES = "abc"


def graph(name: str) -> NamedNode:
    return NamedNode(f"urn:{name}")


def triple(n: int) -> Triple:
    return Triple(NamedNode(f"urn:s{n // 2}"), NamedNode("urn:p"), Literal(n % 2))


numbers = st.frozensets(st.integers(0, 9))
operation = st.tuples(
    st.sampled_from(("clear", "add", "take", "replace")),
    st.frozensets(st.sampled_from(NAMES), min_size=1),
    numbers,
)


@pytest.mark.parametrize("many", [0, 1_000_000], ids=["by what stays", "triple by triple"])
def test_what_is_left_and_counted_is_what_sets_say(
    many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests of several operations over overlapping graphs; plain sets say what must be there."""
    monkeypatch.setattr(changes, "MANY", many)
    store = EmbeddedStore(tmp_path)
    first = {"a": frozenset(range(6)), "b": frozenset(range(3, 9)), "c": frozenset({0})}
    with store.writer() as writer:
        for name, which in first.items():
            writer.apply(writer.view.change(graph(name), map(triple, which)))
        writer.publish()

    @settings(max_examples=20, deadline=None)
    @given(st.lists(operation, min_size=1, max_size=5))
    def run(request: list[tuple[str, frozenset[str], frozenset[int]]]) -> None:
        stated = dict(first)
        with store.trial() as writer:
            made = Changes(writer, store.current)
            for verb, names, which in request:
                triples = [triple(n) for n in which]
                if verb == "clear":
                    made.clear([graph(name) for name in names])
                    stated |= dict.fromkeys(names, frozenset())
                for name in names:
                    if verb == "add":
                        made.write(graph(name), (), triples)
                        stated[name] |= which
                    elif verb == "take":
                        made.write(graph(name), triples, ())
                        stated[name] -= which
                    elif verb == "replace":
                        made.replace(graph(name), triples)
                        stated[name] = which
            before, after = (frozenset().union(*held.values()) for held in (first, stated))
            assert made.counts() == (len(after - before), len(before - after))
            merged = [q.triple for q in writer.view.quads(graph=DefaultGraph()) if q.subject != DATASET]
            assert len(merged) == len(set(merged)), "a triple stands twice in the default graph"
            assert set(merged) == set(map(triple, after))
            for name, which in stated.items():
                held = {q.triple for q in writer.view.quads(graph=graph(name))}
                assert held == set(map(triple, which))

    run()


@pytest.mark.parametrize("names", [["registry"], ["registry", "ls"]], ids=" ".join)
def test_both_ways_of_clearing_find_the_same_faults(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements point at groups that the registry states, and are at fault without them."""
    store = fill(tmp_path)
    found = []
    for many in (0, 1_000_000):
        monkeypatch.setattr(changes, "MANY", many)
        with store.trial() as writer:
            made = Changes(writer, store.current)
            made.clear([NamedNode(GRAPH_BASE + name) for name in names])
            found.append({f for f in made.findings() if f.severity == "violation"})
    assert found[0] == found[1] != set()


def test_the_description_of_the_dataset_is_not_cleared(tmp_path: Path) -> None:
    with fill(tmp_path).trial() as writer, pytest.raises(UsageError, match="kept by the store"):
        Changes(writer, EmbeddedStore(tmp_path).current).clear([DATASET_GRAPH])


def test_what_goes_is_worked_on_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "SOME", 2)
    store = EmbeddedStore(tmp_path)
    with store.writer() as writer:
        writer.apply(writer.view.change(graph("a"), map(triple, range(10))))
        writer.publish()
    text = "DELETE { GRAPH <urn:a> { ?s ?p ?o } } INSERT { GRAPH <urn:b> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    with store.writer() as writer:
        made = Changes(writer, store.current)
        for part in read(text):
            made.perform(part)
        held = {g: {q.triple for q in writer.view.quads(graph=graph(g))} for g in NAMES}
    assert held["a"] == set()
    assert held["b"] >= set(map(triple, range(10)))
    assert made.counts() == (0, 0)
