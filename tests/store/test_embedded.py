"""What the store on disk adds to the contract: generations that are kept, and files that are damaged."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import DefaultGraph, Literal, Quad
from store_documents import content, node, triple, write

from sdograph.errors import StoreDamaged, StoreMissing, UsageError
from sdograph.store.dataset import DATASET_GRAPH, new_version
from sdograph.store.embedded import EmbeddedStore


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


def test_a_trial_waits_for_nobody_and_leaves_nothing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    write(store, "a", {1})
    with store.writer(), store.trial() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        assert {q.triple for q in writer.view.quads(p=node("p"), graph=DefaultGraph())} == {triple(2)}
    assert set(content(store, DefaultGraph())) == {triple(1)}
    assert not list(tmp_path.glob("trial-*"))


class Watched:
    """A store that tells whether it was compacted."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.compacted = 0

    def optimize(self) -> None:
        self.compacted += 1
        self._store.optimize()

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_a_large_session_is_compacted_at_its_end_and_not_in_the_next_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdograph.store.scratch._GROWN", 10_000)
    store = EmbeddedStore(tmp_path)

    def compacted(*changes: tuple[str, int]) -> int:
        with store.writer() as writer:
            watched = writer._store = Watched(writer._store)  # type: ignore[assignment]
            for name, count in changes:
                writer.apply(writer.view.change(node(name), map(triple, range(count))))
            writer.publish()
            return watched.compacted

    assert compacted(("a", 1000), ("b", 1000)) == 1
    assert compacted(("c", 1)) == 0
    assert compacted(*((f"d{n}", 1000) for n in range(5))) == 1
    assert compacted(("e", 100)) == 0
    assert {len(content(store, node(name))) for name in ("a", "b", "d4")} == {1000}


def test_clearing_leaves_what_other_graphs_state(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    for graph, numbers in {"a": {1, 2}, "b": {2, 3}, "c": {3, 4}}.items():
        write(store, graph, numbers)
    with store.writer() as writer:
        back = writer.savepoint()
        writer.clear([node("c")])
        back()
        writer.apply(writer.view.change(node("b"), map(triple, {2, 5})))
        writer.clear([node("a"), node("c"), node("nowhere")])
        assert set(writer.view.graph_names()) == {node("b"), DATASET_GRAPH}
        writer.apply(writer.view.change(node("d"), [triple(6)]))
        writer.publish()
    assert set(content(store, DefaultGraph())) == {triple(2), triple(5), triple(6)}
    assert set(content(store, node("b"))) == {triple(2), triple(5)}
    assert content(store, node("a")) == []


def test_a_version_tells_whether_it_was_published(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, kept=1)
    write(store, "a", {1})
    mine, other = new_version(2), new_version(2)
    assert not store.published(mine)
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        writer.publish(mine)
    assert store.current().version == mine
    write(store, "a", {3})
    assert store.published(mine), "also when others have written since"
    assert not store.published(other)
    write(store, "a", {4})
    with pytest.raises(StoreDamaged, match="gone"):
        store.published(mine)
