"""What every store keeps to: the merged default graph, one writer, nothing half-done."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Triple
from store_documents import content, node, triple, write
from store_kinds import Stores

from sdograph.errors import DataError, InvalidQuery, StoreMissing, UsageError, WriterBusy
from sdograph.store import EmbeddedStore
from sdograph.store.dataset import DATASET_GRAPH

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s <http://example.org/p> ?o }"


def test_default_graph_is_the_set_of_what_all_documents_state(stores: Stores) -> None:
    """Random overlapping documents are added, replaced and removed; a plain set says what must be there."""
    documents = st.dictionaries(st.sampled_from("abcd"), st.frozensets(st.integers(0, 15)), min_size=1)

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(documents, min_size=1, max_size=4))
    def run(steps: list[dict[str, frozenset[int]]]) -> None:
        store = stores()
        stated: dict[str, frozenset[int]] = {}
        for step in steps:
            with store.writer() as writer:
                for graph, numbers in step.items():
                    writer.apply(writer.view.change(node(graph), map(triple, numbers)))
                writer.publish()
            stated |= step
            merged = content(store, DefaultGraph())
            assert len(merged) == len(set(merged)), "a triple stands twice in the default graph"
            assert set(merged) == {triple(n) for numbers in stated.values() for n in numbers}
            for graph, numbers in stated.items():
                assert set(content(store, node(graph))) == set(map(triple, numbers))
            assert set(store.current().graph_names()) == {
                DATASET_GRAPH,
                *(node(graph) for graph, numbers in stated.items() if numbers),
            }

    run()


def test_a_triple_of_two_documents_is_counted_once(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1, 2})
    write(store, "b", {2, 3})
    assert store.current().rows(COUNT)[0]["n"] == Literal(3)
    write(store, "a", set())
    assert store.current().rows(COUNT)[0]["n"] == Literal(2)


def test_bulk_load_gives_what_applying_gives(stores: Stores) -> None:
    quads = [Quad(t.subject, t.predicate, t.object, node(g)) for g in "ab" for t in map(triple, range(9))]
    found = []
    for bulk in (True, False):
        store = stores()
        if bulk:
            with store.writer() as writer:
                writer.load(quads)
                writer.publish()
            with store.writer() as writer, pytest.raises(UsageError, match="without a generation"):
                writer.load(quads)
        else:
            for graph in "ab":
                write(store, graph, set(range(9)))
        graphs = (DefaultGraph(), node("a"), node("b"))
        found.append([sorted(map(str, content(store, graph))) for graph in graphs])
    assert found[0] == found[1]
    assert [len(triples) for triples in found[0]] == [9, 9, 9]


def test_blank_nodes_are_refused(stores: Stores) -> None:
    with stores().writer() as writer, pytest.raises(DataError, match="blank node"):
        writer.view.change(node("a"), [Triple(BlankNode(), node("p"), Literal(1))])


def test_nothing_is_visible_before_publishing(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1})
    before = store.current()
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        assert {q.triple for q in writer.view.quads(graph=node("a"))} == {triple(2)}
        assert set(content(stores.again(), node("a"))) == {triple(1)}
        assert store.current().generation == 1
        published = writer.publish()
    assert published.generation == store.current().generation == store.current_number() == 2
    assert set(content(stores.again(), node("a"))) == {triple(2)}
    assert store.current().version != before.version
    assert store.published(published.version)
    assert not store.published("2-00000000")


def test_an_error_in_a_writer_leaves_nothing(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1})

    def fail() -> None:
        with store.writer() as writer:
            writer.apply(writer.view.change(node("a"), [triple(2)]))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        fail()
    assert set(content(store, node("a"))) == {triple(1)}
    with store.writer() as writer:
        assert {q.triple for q in writer.view.quads(graph=node("a"))} == {triple(1)}


def test_one_writer_at_a_time(stores: Stores) -> None:
    store = stores()
    with store.writer(), pytest.raises(WriterBusy), stores.again().writer(timeout=0.05):
        pass
    write(stores.again(), "a", {1})


def test_a_writer_sees_what_it_has_changed(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1, 2})
    write(store, "b", {2})
    with store.writer() as writer:
        view = writer.view
        assert writer.apply(view.change(node("a"), [])).removed == {triple(1)}
        assert set(view.triples(node(0), node("p"))) == {triple(2)}
        assert writer.apply(view.change(node("a"), [triple(1), triple(2), triple(7)])).added == {
            triple(1),
            triple(7),
        }
        assert [q.graph_name for q in view.quads(node(1))] in (
            [node("a"), DefaultGraph()],
            [DefaultGraph(), node("a")],
        )
        assert not writer.apply(view.change(node("b"), []))
        assert node("b") not in set(view.graph_names())
        assert view.value(node(1), node("p")) == Literal(3)
        writer.publish()
    assert set(content(store, DefaultGraph())) == {triple(1), triple(2), triple(7)}


def test_a_savepoint_takes_everything_back(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1})
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        back = writer.savepoint()
        writer.apply(writer.view.change(node("a"), [triple(3)]))
        writer.apply(writer.view.change(node("b"), [triple(4)]))
        back()
        assert {q.triple for q in writer.view.quads(p=node("p"), graph=DefaultGraph())} == {triple(2)}
        writer.apply(writer.view.change(node("b"), [triple(5)]))
        writer.publish()
    assert set(content(store, DefaultGraph())) == {triple(2), triple(5)}


def test_a_trial_waits_for_nobody_and_leaves_nothing(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1})
    with store.writer(), store.trial() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        assert {q.triple for q in writer.view.quads(p=node("p"), graph=DefaultGraph())} == {triple(2)}
    assert set(content(store, DefaultGraph())) == {triple(1)}


def test_a_store_without_a_dataset_says_so(stores: Stores) -> None:
    store = stores()
    assert store.current_number() == 0
    assert store.generations() == []
    with pytest.raises(StoreMissing, match="sdograph build"):
        store.current()
    with pytest.raises(StoreMissing), store.trial():
        pass


def test_backup_and_restore(stores: Stores, tmp_path: Path) -> None:
    """A backup of any store is a data directory, and goes into any store."""
    store = stores()
    write(store, "a", {1, 2})
    write(store, "b", {2, 3})
    store.backup(tmp_path / "saved")
    with pytest.raises(UsageError, match="already there"):
        store.backup(tmp_path / "saved")
    saved = EmbeddedStore(tmp_path / "saved")
    assert set(content(saved, DefaultGraph())) == {triple(1), triple(2), triple(3)}
    write(store, "a", {7})
    write(store, "c", {8})
    assert store.restore(tmp_path / "saved").generation == 5
    for graph in (DefaultGraph(), node("a"), node("b"), node("c")):
        assert set(content(store, graph)) == set(content(saved, graph))
    fresh = stores()
    fresh.restore(tmp_path / "saved")
    assert set(content(fresh, DefaultGraph())) == {triple(1), triple(2), triple(3)}
    assert set(content(fresh, node("b"))) == {triple(2), triple(3)}
    with pytest.raises(UsageError, match="no backup"):
        fresh.restore(tmp_path)


# --- queries


def test_every_form_of_query(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1, 2, 5})
    snapshot = store.current()
    p = "<http://example.org/p>"
    assert [row["o"] for row in snapshot.rows(f"SELECT ?o {{ ?s {p} ?o }} ORDER BY ?o")] == [
        Literal(1),
        Literal(1),
        Literal(2),
    ]
    assert bool(snapshot.query(f"ASK {{ ?s {p} 2 }}"))
    assert not bool(snapshot.query(f"# a comment\nASK {{ ?s {p} 3 }}"))
    made = snapshot.query(f"PREFIX x: {p.replace('p>', '>')} CONSTRUCT {{ ?s x:q ?o }} {{ ?s x:p ?o }}")
    assert isinstance(made, QueryTriples)
    assert {str(t.subject) for t in made} == {str(node(0)), str(node(1))}
    assert {t.object for t in snapshot.query(f"DESCRIBE {node(0)}")} == {Literal(1), Literal(2)}  # type: ignore[union-attr]
    assert snapshot.rows("SELECT ?g { graph:dataset a ?none }") == []
    with pytest.raises(InvalidQuery):
        snapshot.query("SELECT * { ?s ?p")
    with pytest.raises(InvalidQuery):
        snapshot.query("FIND ?everything")


def test_graphs_of_a_query(stores: Stores) -> None:
    store = stores()
    write(store, "a", {1, 2})
    write(store, "b", {2, 3})
    snapshot = store.current()
    by_graph = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s <http://example.org/p> ?o } } GROUP BY ?g"
    counts = {row["g"]: row["n"] for row in snapshot.rows(by_graph)}
    assert counts == {node("a"): Literal(2), node("b"): Literal(2)}

    def count(**graphs: list[NamedNode]) -> int:
        found = snapshot.query(COUNT, **graphs)
        return int(next(iter(found))["n"].value)  # type: ignore[arg-type,union-attr]

    assert count(default_graphs=[node("a")]) == 2
    assert count(default_graphs=[]) == 0
    assert count(default_graphs=[], named_graphs=[node("a")]) == 0
    named = snapshot.query(by_graph, default_graphs=[], named_graphs=[node("b")])
    assert [row["g"] for row in named] == [node("b")]  # type: ignore[union-attr]


# --- values


XSD = "http://www.w3.org/2001/XMLSchema#"

#: Every kind of literal that documents of ours state, and the traps of each.
LITERALS = [
    Literal(""),
    Literal("plain"),
    Literal('quotes " and \\ and \n\t\r lines'),
    Literal("Ünïcödé 漢字 😀 \u0001"),
    Literal("a long text " * 5_000),
    Literal("in a language", language="en"),
    Literal("in a language", language="en-gb"),
    Literal("in a language"),
    Literal(""" trailing and leading """),
    *(Literal(text, datatype=NamedNode(XSD + "boolean")) for text in ("true", "false")),
    *(Literal(text, datatype=NamedNode(XSD + "integer")) for text in ("0", "-7", "1234567890123")),
    *(Literal(text, datatype=NamedNode(XSD + "decimal")) for text in ("0.7", "0.95", "1", "100", "-3.25")),
    *(Literal(text, datatype=NamedNode(XSD + "date")) for text in ("1865-05-17", "2024-06-30Z")),
    *(
        Literal(text, datatype=NamedNode(XSD + "dateTime"))
        for text in ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05.123456Z", "2024-01-02T03:04:05+02:00",
                     "2024-01-02T03:04:05", "2024-01-02T00:00:00")
    ),
    Literal("2024", datatype=NamedNode(XSD + "gYear")),
    Literal("2024-06", datatype=NamedNode(XSD + "gYearMonth")),
    Literal("https://example.org/a?b=c#d", datatype=NamedNode(XSD + "anyURI")),
]  # fmt: skip

#: Of one subject: the same text as something else.
ALIKE = [
    Literal("in a language", language="en"),
    Literal("in a language", language="en-gb"),
    Literal("in a language"),
    Literal("In a language"),
    *(Literal("2024", datatype=NamedNode(XSD + kind)) for kind in ("string", "gYear", "integer")),
    *(Literal("true", datatype=NamedNode(XSD + kind)) for kind in ("string", "boolean")),
    *(Literal("2024-01-31", datatype=NamedNode(XSD + kind)) for kind in ("string", "date")),
    Literal("https://example.org/a"),
    Literal("https://example.org/a", datatype=NamedNode(XSD + "anyURI")),
]


def test_every_kind_of_value_comes_back_and_is_no_change(stores: Stores) -> None:
    store = stores()
    stated = [Triple(node(n), node("p"), literal) for n, literal in enumerate(LITERALS)]
    stated += [Triple(node("s"), node("p"), literal) for literal in ALIKE]
    write(store, "first", {0})  # the next ones are changes, and no first load
    for graph in "ab":
        with store.writer() as writer:
            writer.apply(writer.view.change(node(graph), stated))
            writer.publish()
    for graph in (DefaultGraph(), node("a"), node("b")):
        assert set(content(stores.again(), graph)) - {triple(0)} == set(stated)
    with store.writer() as writer:
        assert not writer.view.change(node("a"), stated)
        assert not writer.apply(writer.view.change(node("a"), [])), "the other document still states it"
        writer.publish()
    assert set(content(stores.again(), DefaultGraph())) - {triple(0)} == set(stated)
    with store.writer() as writer:
        assert writer.apply(writer.view.change(node("b"), [])).removed == set(stated) - {triple(0)}
        writer.publish()
    assert set(content(stores.again(), DefaultGraph())) == {triple(0)}


def test_spelling_of_a_literal_is_no_change(stores: Stores) -> None:
    store = stores()
    spelled = [
        Triple(node("s"), node("p"), Literal(text, datatype=NamedNode(XSD + kind)))
        for text, kind in (("0.70", "decimal"), ("007", "integer"), ("2024-01-02T03:04:05.000Z", "dateTime"))
    ]
    for _ in range(2):
        with store.writer() as writer:
            change = writer.view.change(node("a"), spelled)
            assert bool(change) is (store.current_number() == 0)
            writer.apply(change)
            writer.publish()
