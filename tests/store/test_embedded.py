"""The store's contract: the merged default graph, generations, one writer, nothing half-done."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from sdograph.errors import DataError, StoreDamaged, StoreMissing, UsageError, WriterBusy
from sdograph.store.embedded import EmbeddedStore
from sdograph.store.scratch import DATASET_GRAPH


def node(name: object) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def triple(n: int) -> Triple:
    return Triple(node(n // 4), node("p"), Literal(n % 4))


def write(store: EmbeddedStore, graph: str, numbers: set[int]) -> None:
    with store.writer() as writer:
        writer.apply(writer.view.change(node(graph), map(triple, numbers)))
        writer.publish()


def content(store: EmbeddedStore, graph: NamedNode | DefaultGraph) -> list[Triple]:
    mine = (q.triple for q in store.current().quads(graph=graph))
    return [t for t in mine if t.subject.value.startswith("http://example.org/")]


def test_default_graph_is_the_set_of_what_all_documents_state(tmp_path: Path) -> None:
    """Random overlapping documents are added, replaced and removed; a plain set says what must be there."""
    documents = st.dictionaries(st.sampled_from("abcd"), st.frozensets(st.integers(0, 15)), min_size=1)

    @settings(max_examples=12, deadline=None)
    @given(st.lists(documents, min_size=1, max_size=4))
    def run(steps: list[dict[str, frozenset[int]]]) -> None:
        store = EmbeddedStore(tempfile.mkdtemp(dir=tmp_path), kept=2)
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

    run()


def test_a_triple_of_two_documents_is_counted_once(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    write(store, "a", {1, 2})
    write(store, "b", {2, 3})
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s <http://example.org/p> ?o }"
    assert store.current().rows(count)[0]["n"] == Literal(3)
    write(store, "a", set())
    assert store.current().rows(count)[0]["n"] == Literal(2)


def test_bulk_load_gives_what_applying_gives(tmp_path: Path) -> None:
    loaded, applied = EmbeddedStore(tmp_path / "loaded"), EmbeddedStore(tmp_path / "applied")
    quads = [Quad(t.subject, t.predicate, t.object, node(g)) for g in "ab" for t in map(triple, range(9))]
    with loaded.writer() as writer:
        writer.load(quads)
        writer.publish()
    for graph in "ab":
        write(applied, graph, set(range(9)))
    for graph in (DefaultGraph(), node("a"), node("b")):
        assert sorted(map(str, content(loaded, graph))) == sorted(map(str, content(applied, graph)))
    with loaded.writer() as writer, pytest.raises(UsageError, match="without a generation"):
        writer.load(quads)


def test_an_unchanged_document_is_no_change_whatever_the_spelling_of_its_literals(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    spelled = [Triple(node("s"), node("p"), Literal("0.70", datatype=decimal))]
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), spelled))
        writer.publish()
    with store.writer() as writer:
        assert not writer.view.change(node("a"), spelled)


def test_blank_nodes_are_refused(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    with store.writer() as writer, pytest.raises(DataError, match="blank node"):
        writer.view.change(node("a"), [Triple(BlankNode(), node("p"), Literal(1))])


def test_nothing_is_visible_before_publishing_and_a_reader_keeps_its_picture(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    write(store, "a", {1})
    before = store.current()
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        assert set(content(store, node("a"))) == {triple(1)}
        assert store.current().generation == 1
        writer.publish()
    assert set(content(store, node("a"))) == {triple(2)}
    assert [q.triple for q in before.quads(graph=node("a"))] == [triple(1)], "a generation never changes"
    assert store.current().version != before.version


def test_an_error_in_a_writer_leaves_nothing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
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


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    with store.writer(), pytest.raises(WriterBusy), EmbeddedStore(tmp_path).writer(timeout=0.05):
        pass


def test_rollback_publishes_the_older_content_under_a_new_number(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    for n in (1, 2, 3):
        write(store, "a", {n})
    versions = {store.current().version}
    assert store.rollback().generation == 4
    assert set(content(store, node("a"))) == {triple(2)}
    assert store.rollback(to=1).generation == 5
    assert set(content(store, node("a"))) == {triple(1)}
    assert store.current().version not in versions
    assert len(list(store.current().quads(graph=DATASET_GRAPH))) == 6, "one description of the dataset"
    with pytest.raises(UsageError, match="generation 99"):
        store.rollback(to=99)


def test_rollback_saves_a_store_whose_current_generation_is_damaged(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    write(store, "a", {1})
    write(store, "a", {2})
    for file in (tmp_path / "generations" / "2").glob("CURRENT"):
        file.unlink()
    fresh = EmbeddedStore(tmp_path)
    with pytest.raises(StoreDamaged, match="rollback"):
        fresh.current()
    fresh.rollback()
    assert set(content(fresh, node("a"))) == {triple(1)}


def test_old_generations_are_pruned_while_readers_keep_theirs(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, kept=2)
    write(store, "a", {0})
    oldest = store.current()
    for n in range(1, 6):
        write(store, "a", {n})
    assert [g.number for g in store.generations()] == [4, 5, 6]
    assert [q.triple for q in oldest.quads(graph=node("a"))] == [triple(0)]


def test_backup_and_restore(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "data")
    write(store, "a", {1})
    with store.writer() as writer:
        writer.keep_contacts("document/x", [Quad(node("s"), node("p"), Literal("someone"), node("g"))])
        writer.publish()
    store.backup(tmp_path / "saved")
    write(store, "a", {2})
    with pytest.raises(UsageError, match="already there"):
        store.backup(tmp_path / "saved")
    assert store.restore(tmp_path / "saved").generation == 4
    assert set(content(store, node("a"))) == {triple(1)}
    elsewhere = EmbeddedStore(tmp_path / "elsewhere")
    elsewhere.restore(tmp_path / "saved")
    assert set(content(elsewhere, node("a"))) == {triple(1)}
    assert b"someone" in b"".join(elsewhere.contacts())
    with pytest.raises(UsageError, match="no backup"):
        elsewhere.restore(tmp_path)


def test_contacts_never_enter_the_graph(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    with store.writer() as writer:
        writer.keep_contacts("document/x", [Quad(node("s"), node("p"), Literal("someone"), node("g"))])
        writer.publish()
    assert not [q for q in store.current().quads() if q.object == Literal("someone")]


def test_missing_and_damaged_stores_say_so(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "nothing")
    with pytest.raises(StoreMissing, match="sdograph build"):
        store.current()
    write(store, "a", {1})
    (store.data_dir / "CURRENT").write_text("seven")
    with pytest.raises(StoreDamaged, match="CURRENT"):
        store.current()


WRITING = textwrap.dedent(
    """
    import sys
    from pyoxigraph import Literal, NamedNode, Triple
    from sdograph.store.embedded import EmbeddedStore
    n = lambda x: NamedNode(f"http://example.org/{x}")
    triples = lambda round: [Triple(n(i), n("round"), Literal(round)) for i in range(200)]
    store = EmbeddedStore(sys.argv[1], kept=2)
    round = 0
    while True:
        round += 1
        with store.writer() as writer:
            for document in "ab":
                writer.apply(writer.view.change(n(document), triples(round)))
            writer.publish()
        print(round, flush=True)
    """
)


def test_kill_at_any_moment_leaves_whole_generations(tmp_path: Path) -> None:
    """A writer of two documents a round is killed at random; a reader finds whole rounds, none lost."""
    rng = random.Random(20231204)
    acknowledged = 0
    for _ in range(8):
        command = [
            sys.executable,
            "-c",
            WRITING.replace("round = 0", f"round = {acknowledged}"),
            str(tmp_path),
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.15))
        process.send_signal(signal.SIGKILL)
        printed, _ = process.communicate()
        acknowledged = max([acknowledged + 1, *map(int, printed.split())])
        snapshot = EmbeddedStore(tmp_path).current()
        rounds = {q.object for q in snapshot.quads(p=node("round"))}
        assert len(rounds) == 1, "half of a commit is visible"
        assert int(next(iter(rounds)).value) >= acknowledged, "an acknowledged commit was lost"
        acknowledged = int(next(iter(rounds)).value)
        assert len(list(snapshot.quads(p=node("round"), graph=DefaultGraph()))) == 200


def test_a_writer_ends_its_scratch_store_before_its_files_go(tmp_path: Path) -> None:
    """Left open, Oxigraph spent a second of CPU at a million triples on files that were gone."""
    store = EmbeddedStore(tmp_path)
    with store.writer() as writer:
        view = writer.view
        writer.apply(writer.view.change(node("a"), [triple(1)]))
        writer.publish()
    assert not list((tmp_path / "store").glob("*"))
    with pytest.raises(AttributeError):
        view.triples()


def test_a_savepoint_takes_everything_back(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
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


def test_a_trial_waits_for_nobody_and_leaves_nothing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    write(store, "a", {1})
    with store.writer(), store.trial() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        assert {q.triple for q in writer.view.quads(p=node("p"), graph=DefaultGraph())} == {triple(2)}
    assert set(content(store, DefaultGraph())) == {triple(1)}
    assert not list(tmp_path.glob("trial-*"))
