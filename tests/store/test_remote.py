"""What stores on servers do about other writers, writers that died, and data that are not theirs."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
import time
from itertools import count
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple
from servers import MERGED, SparqlServer, Virtuoso, running
from store_documents import content, node, triple, write
from store_kinds import Remote, Stores

from sdograph.errors import StoreMissing, Superseded, Unavailable, UsageError, WriterBusy
from sdograph.store import RemoteStore
from sdograph.store.dataset import DATASET
from sdograph.store.remote import Credentials, publication
from sdograph.store.remote.state import JOURNAL_GRAPH, STATE_GRAPH, WRITER
from sdograph.store.remote.transport import Server


class Died(Exception):
    """What ends a writer in a test."""


def opened(stores: Stores) -> RemoteStore:
    store = stores.again()
    assert isinstance(store, RemoteStore)
    return store


def update(store: RemoteStore, text: str) -> None:
    store.server.update(text)


def dying(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Lets ``after`` more updates through; the next one never arrives, and nothing after it."""
    left = [after]
    perform = Server.update

    def fail(server: Server, text: str) -> None:
        if left[0] == 0:
            raise Died
        left[0] -= 1
        perform(server, text)

    monkeypatch.setattr(Server, "update", fail)


def time_is_over(store: RemoteStore) -> None:
    """Takes the writer's place from whoever has it."""
    update(store, f"DELETE WHERE {{ GRAPH {STATE_GRAPH} {{ ?store {WRITER} ?writer }} }}")


def test_a_snapshot_says_that_its_picture_is_gone(remotes: Stores) -> None:
    store = remotes()
    write(store, "a", {1})
    before = store.current()
    assert before.value(node(0), node("p")) == Literal(1)
    write(store, "a", {2})
    assert before.value(node(0), node("p")) == Literal(1), "what was asked is kept"
    for ask in (
        lambda: list(before.triples(node(1))),
        lambda: list(before.triples()),
        lambda: before.query("ASK { ?s ?p ?o }"),
        lambda: list(before.graph_names()),
        lambda: before.change(node("b"), []),
    ):
        with pytest.raises(Superseded):
            ask()
    assert store.current().value(node(0), node("p")) == Literal(2)


def test_nothing_of_the_store_itself_is_seen(remotes: Stores) -> None:
    store = remotes()
    write(store, "a", {1})
    with store.writer():
        snapshot = store.current()
        assert {q.graph_name for q in snapshot.quads()} == {DefaultGraph(), node("a"), *described(snapshot)}
        assert {t.subject for t in snapshot.triples()} == {node(0), DATASET}
        assert not list(snapshot.quads(graph=STATE_GRAPH))
        assert not list(snapshot.quads(graph=NamedNode(MERGED)))
        assert set(snapshot.graph_names()) == {node("a"), *described(snapshot)}


def described(snapshot: object) -> set[NamedNode]:
    return {NamedNode("https://w3id.org/sdograph/graph/dataset")}


# --- other writers


def test_the_place_of_a_writer_that_is_gone_is_free_when_its_time_is_over(remotes: Stores) -> None:
    write(remotes(), "a", {1})
    gone = remotes.again(lock_lasts=1.0)
    held = gone.writer()
    held.__enter__()
    lock = held.gen.gi_frame.f_locals["lock"]  # type: ignore[attr-defined]
    lock._ended.set()
    lock._keeper.join()
    with pytest.raises(WriterBusy), remotes.again().writer(timeout=0.0):
        pass
    write(remotes.again(), "a", {2})  # waits until then
    with pytest.raises(WriterBusy, match="lost"):
        lock.guard()
    held.__exit__(None, None, None)
    assert set(content(remotes.again(), node("a"))) == {triple(2)}


def test_a_place_is_kept_while_the_writer_works(remotes: Stores) -> None:
    write(remotes(), "a", {1})
    store = remotes.again(lock_lasts=3.0)
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), [triple(2)]))
        time.sleep(3.5)
        with pytest.raises(WriterBusy), remotes.again().writer(timeout=0.1):
            pass
        writer.publish()
    assert set(content(remotes.again(), node("a"))) == {triple(2)}


def test_who_has_lost_the_place_changes_nothing(remotes: Stores) -> None:
    """The other program has even published: no update of either is lost, and none is mixed."""
    write(remotes(), "a", {1})
    slow = remotes.again()

    def publish_late() -> None:
        with slow.writer() as writer:
            writer.apply(writer.view.change(node("a"), [triple(1), triple(2)]))
            update(opened(remotes), f"DROP SILENT GRAPH {STATE_GRAPH}")
            write(remotes.again(), "a", {1, 3})
            writer.publish()

    with pytest.raises(WriterBusy):
        publish_late()
    assert set(content(remotes.again(), node("a"))) == {triple(1), triple(3)}
    assert remotes.again().current_number() == 2


# --- writers that died


def test_a_change_is_made_whole_or_not_at_all_wherever_the_writer_dies(
    remotes: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "PART", 8)
    before, now = set(map(triple, range(1, 6))), set(map(triple, range(4, 10)))
    outcomes = []
    for after in count():
        write(remotes(), "a", {1, 2, 3, 4, 5})
        with monkeypatch.context() as patched:
            dying(patched, after)
            died = False
            try:
                write(remotes.again(), "a", {4, 5, 6, 7, 8, 9})
            except Died:
                died = True
        time_is_over(opened(remotes))
        reader = remotes.again()
        found = set(content(reader, node("a")))
        assert found in (before, now)
        assert died or found == now
        assert set(content(reader, DefaultGraph())) == found
        assert reader.current_number() == (1 if found == before else 2)
        write(reader, "a", {1})
        assert set(content(reader, DefaultGraph())) == {triple(1)}
        outcomes.append(found == now)
        if not died:
            break
    assert outcomes == sorted(outcomes), "once it is decided, it stays so"
    assert len(outcomes) > 2


def test_what_a_build_that_died_has_left_is_cleared_by_the_next(
    remotes: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "PART", 3)
    store = remotes()
    with monkeypatch.context() as patched:
        dying(patched, 4)
        with pytest.raises(Died):
            write(remotes.again(), "a", set(range(9)))
    with pytest.raises(StoreMissing):
        store.current()
    assert store.current_number() == 0
    time_is_over(opened(remotes))
    write(store, "b", {3})
    assert set(content(store, DefaultGraph())) == {triple(3)}
    assert node("a") not in set(store.current().graph_names())


def test_a_reader_waits_for_a_change_and_says_when_it_takes_too_long(
    remotes: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sdograph.store.remote import store as module

    monkeypatch.setattr(module, "PATIENCE", 0.3)
    store = remotes()
    write(store, "a", {1})
    with store.writer():
        seal = f'GRAPH {STATE_GRAPH} {{ {DATASET} <https://w3id.org/sdograph/store/journal> "1-a 2-b 0" }}'
        before = store.current()
        update(opened(remotes), f"INSERT DATA {{ {seal} }}")
        with pytest.raises(Unavailable, match="being written"):
            remotes.again().current()
        with pytest.raises(Superseded):
            list(before.triples(node(5)))
        update(opened(remotes), f"DELETE DATA {{ {seal} }}")
        assert set(content(remotes.again(), node("a"))) == {triple(1)}


WRITING = textwrap.dedent(
    """
    import sys
    from pyoxigraph import Literal, NamedNode, Triple
    from sdograph.store import open_store
    n = lambda x: NamedNode(f"http://example.org/{x}")
    triples = lambda round: [Triple(n(i), n("round"), Literal(round)) for i in range(200)]
    store = open_store(sys.argv[1])
    round = int(sys.argv[2])
    while True:
        round += 1
        with store.writer() as writer:
            for document in "ab":
                writer.apply(writer.view.change(n(document), triples(round)))
            writer.publish()
        print(round, flush=True)
    """
)


@pytest.mark.parametrize("kind", ["oxigraph_server", "virtuoso_server"])
def test_a_server_killed_at_any_moment_has_whole_rounds(kind: str, request: pytest.FixtureRequest) -> None:
    """A writer of two documents a round; the server is killed under it and started again."""
    server: SparqlServer = request.getfixturevalue(kind)
    rng = random.Random(20231204)
    Remote(server)()
    acknowledged = 0
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITING, server.address, str(acknowledged)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**server.environment, "PATH": "/usr/bin:/bin"},
        )
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(rng.uniform(0.0, 0.3))
        finally:
            server.kill()
            process.kill()
        printed, _ = process.communicate()
        server.start()
        acknowledged = max([acknowledged, *map(int, [first, *printed.split()])])
        store = server.store()
        time_is_over(store)
        snapshot = store.current()
        rounds = {q.object for q in snapshot.quads(p=node("round"))}
        assert len(rounds) == 1, "half of a commit is visible"
        assert int(next(iter(rounds)).value) >= acknowledged, "an acknowledged commit was lost"
        acknowledged = int(next(iter(rounds)).value)
        assert len(list(snapshot.quads(p=node("round"), graph=DefaultGraph()))) == 200


# --- data that are not ours


def test_data_of_others_are_not_touched(remotes: Stores) -> None:
    store = remotes()
    theirs = node("theirs")
    update(opened(remotes), f"INSERT DATA {{ GRAPH {theirs} {{ {theirs} {theirs} {theirs} }} }}")
    with pytest.raises(UsageError, match=r"not ours.*theirs.*foreign=ignore"), store.writer():
        pass
    with pytest.raises(StoreMissing):
        store.current()


def test_data_of_others_are_ignored_when_told_so(
    oxigraph_server: SparqlServer, virtuoso_server: SparqlServer
) -> None:
    for server in (oxigraph_server, virtuoso_server):
        options = "foreign=ignore" + ("" if "merged=" in server.address else f"&merged={MERGED}")
        remotes = Remote(server, options)
        store = remotes()
        theirs, ours = node("theirs"), NamedNode("https://w3id.org/sdograph/graph/ours")
        stated = Triple(theirs, node("p"), Literal("theirs"))
        update(opened(remotes), f"INSERT DATA {{ GRAPH {theirs} {{ {theirs} {node('p')} 'theirs' }} }}")
        with store.writer() as writer:
            writer.apply(writer.view.change(ours, [stated, triple(1)]))
            writer.publish()
        snapshot = store.current()
        assert theirs not in set(snapshot.graph_names())
        assert {q.graph_name for q in snapshot.quads(theirs)} == {ours, DefaultGraph()}
        with store.writer() as writer:
            writer.apply(writer.view.change(ours, [triple(1)]))
            with pytest.raises(UsageError, match="outside"):
                writer.apply(writer.view.change(theirs, [triple(1)]))
            writer.publish()
        assert not list(store.current().quads(theirs)), "what they state keeps nothing alive here"
        rows = server.store().server
        assert (
            b"theirs"
            in rows.ask(
                f"SELECT ?o {{ GRAPH {theirs} {{ ?s ?p ?o }} }}", "application/sparql-results+json"
            ).read()
        )


def test_a_merge_that_lies_elsewhere_is_said(oxigraph_server: SparqlServer) -> None:
    Remote(oxigraph_server)()
    write(oxigraph_server.store(f"merged={MERGED}"), "a", {1})
    with pytest.raises(UsageError, match=f"merged={MERGED}"):
        oxigraph_server.store().current()
    with pytest.raises(UsageError, match="lies elsewhere"), oxigraph_server.store().writer():
        pass


def test_a_default_graph_that_is_a_union_is_no_place_for_the_merge(virtuoso_server: SparqlServer) -> None:
    virtuoso_server.clear()
    plain = virtuoso_server.address.replace(f"&merged={MERGED}", "")
    store = RemoteStore(plain, Credentials.from_environment(virtuoso_server.environment))
    with pytest.raises(UsageError, match="merged=https"), store.writer():
        pass


# --- limits of servers


@pytest.fixture(scope="module")
def limited_server(tmp_path_factory: pytest.TempPathFactory) -> SparqlServer:  # type: ignore[misc]
    with running(Virtuoso(tmp_path_factory.mktemp("limited"), rows=60, seconds=2)) as server:
        yield server  # type: ignore[misc]


def test_a_limit_of_rows_cuts_nothing(limited_server: SparqlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtuoso would give the first 60 rows with status 200."""
    monkeypatch.setattr(publication, "PART", 20)
    remotes = Remote(limited_server)
    store = remotes()
    numbers = set(range(300))
    write(store, "a", numbers)
    write(store, "b", set(range(250, 320)))
    snapshot = remotes.again().current()
    assert set(content(store, node("a"))) == set(map(triple, numbers))
    assert set(content(store, DefaultGraph())) == set(map(triple, range(320)))
    assert len(list(snapshot.triples(None, node("p")))) == 320
    assert len(list(snapshot.triples(None, node("p"), Literal(1)))) == 80
    with pytest.raises(Unavailable, match="first 60 rows only"):
        snapshot.query("SELECT * { ?s <http://example.org/p> ?o }")
    with pytest.raises(Unavailable):
        snapshot.query("CONSTRUCT WHERE { ?s <http://example.org/p> ?o }")
    assert snapshot.rows("SELECT (COUNT(*) AS ?n) { ?s <http://example.org/p> ?o }") == [{"n": Literal(320)}]
    write(store, "a", set())
    assert set(content(store, DefaultGraph())) == set(map(triple, range(250, 320)))


def test_a_limit_of_time_cuts_nothing(limited_server: SparqlServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "PART", 20)
    remotes = Remote(limited_server)
    store = remotes()
    write(store, "a", set(range(40)))
    long = " ".join(f"?a{n} <http://example.org/p> ?b{n} ." for n in range(6))
    with pytest.raises(Unavailable):
        store.current().query(
            f"SELECT (COUNT(*) AS ?n) {{ {long} FILTER(?b0 + ?b1 + ?b2 + ?b3 + ?b4 + ?b5 = 77) }}"
        )


def test_what_virtuoso_takes_for_one_another(virtuoso_server: SparqlServer) -> None:
    """Of one subject and property, it keeps one of two values that it holds to be equal."""
    store = Remote(virtuoso_server)()
    xsd = "http://www.w3.org/2001/XMLSchema#"
    pairs = [("1", "integer", "1", "decimal"), ("2024", "gYear", "2024-01-01", "date")]
    stated = [
        Triple(node(n), node("p"), Literal(text, datatype=NamedNode(xsd + kind)))
        for n, pair in enumerate(pairs)
        for text, kind in (pair[:2], pair[2:])
    ]
    with store.writer() as writer:
        writer.apply(writer.view.change(node("a"), stated))
        writer.publish()
    found = content(store, node("a"))
    assert set(found) < set(stated)
    assert {t.subject for t in found} == {node(0), node(1)}


def test_the_journal_goes_when_it_is_done(remotes: Stores) -> None:
    store = remotes()
    write(store, "a", {1})
    write(store, "a", {2})
    found = opened(remotes).server.ask(
        f"SELECT ?p {{ GRAPH {JOURNAL_GRAPH} {{ ?s ?p ?o }} }}", "application/sparql-results+json"
    )
    assert b"store/text" not in found.read()


def test_a_data_directory_moves_to_a_server(remotes: Stores, tmp_path: Path) -> None:
    from sdograph.store import EmbeddedStore

    local = EmbeddedStore(tmp_path)
    write(local, "a", {1, 2})
    store = remotes()
    store.restore(tmp_path)
    assert set(content(store, DefaultGraph())) == {triple(1), triple(2)}
    with pytest.raises(UsageError, match="keeps no earlier"):
        store.rollback()
