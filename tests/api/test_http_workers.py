"""Queries that run away, grow too large or try to get out; with servers in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from http_support import RUNAWAY, Server, fill, problem, wait_until

Serve = Callable[..., Server]

#: Holds on to all it joins.
GLUTTON = (
    "SELECT ?x (COUNT(?y) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?c), STR(?f), STR(?i)) AS ?x) BIND(?a AS ?y) } GROUP BY ?x"
)
#: Takes seconds, and ends.
LONG = "SELECT (COUNT(*) AS ?n) { SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 3000000 }"
QUICK = "ASK { ?s a sdo:Group }"


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


@contextlib.contextmanager
def together(server: Server, count: int, **parameters: str) -> Iterator[list[Future[httpx.Response]]]:
    """Runaway queries, all sent at once from connections of their own."""

    def ask() -> httpx.Response:
        with httpx.Client(timeout=60) as client:
            return client.get(f"{server.address}/sparql", params={"query": RUNAWAY, **parameters})

    with ThreadPoolExecutor(count) as pool:
        yield [pool.submit(ask) for _ in range(count)]


def test_a_runaway_query_ends_at_its_deadline(serve: Serve) -> None:
    server = serve(query_timeout=30)
    before = set(server.workers())
    document = problem(server.query(RUNAWAY, timeout="0.5"), 503, "timeout")
    assert document["limit"] == {"name": "query_timeout", "value": 0.5, "unit": "seconds"}
    assert server.query(QUICK).json()["boolean"] is True
    # One process is gone, another has taken its place, none is left over.
    wait_until(lambda: len(server.workers()) == len(before) and set(server.workers()) != before)


def test_the_servers_limit_goes_before_a_longer_wish(serve: Serve) -> None:
    server = serve(query_timeout=0.5)
    answer = server.query(RUNAWAY, timeout="1000")
    assert problem(answer, 503, "timeout")["limit"]["value"] == 0.5
    assert int(answer.headers["retry-after"]) > 0


def test_ten_runaway_queries_at_once_leave_room_for_quick_ones(serve: Serve) -> None:
    server = serve(query_workers=2, max_long_queries=8)
    with together(server, 10, timeout="8") as runaways:
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 8)
        # Those that came ninth and tenth wait for a place among the long ones.
        for _ in range(20):
            assert server.query(QUICK).json()["boolean"] is True
        assert sum(not answer.done() for answer in runaways) >= 8
    for answer in runaways:
        code = answer.result().json()["code"]
        problem(answer.result(), 503, code)
        assert code in ("timeout", "too-many-long-queries")
    workers = "idle", "busy", "long", "starting"
    wait_until(lambda: [server.client.get("/health").json()["workers"][w] for w in workers] == [3, 0, 0, 0])
    wait_until(lambda: len(server.workers()) == 3)


def test_who_runs_many_long_queries_makes_place_for_another(serve: Serve) -> None:
    server = serve(query_workers=2, max_long_queries=2)
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with (
        httpx.Client(base_url=server.address, timeout=60, transport=transport) as other,
        together(server, 4, timeout="60") as runaways,
    ):
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 2)
        asked = other.get("/sparql", params={"query": LONG})
        assert asked.json()["results"]["bindings"][0]["n"]["value"] == "3000000"
        wait_until(lambda: any(answer.done() for answer in runaways))
        [ended] = [answer.result() for answer in runaways if answer.done()]
        assert problem(ended, 503, "too-many-long-queries")["limit"]["value"] == 2
        server.stop()


def test_a_query_over_its_memory_is_told_the_limit(serve: Serve) -> None:
    server = serve(worker_memory=300 << 20)
    answer = server.query(GLUTTON)
    assert problem(answer, 503, "out-of-memory")["limit"]["value"] == 300 << 20
    assert server.query(QUICK).json()["boolean"] is True


def test_of_queries_that_use_too_much_together_the_largest_is_ended(serve: Serve) -> None:
    server = serve(queries_memory=250 << 20, worker_memory=64 << 30, query_timeout=60)
    with together(server, 1) as [small]:
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
        document = problem(server.query(GLUTTON), 503, "out-of-memory")
        assert document["limit"] == {"name": "queries_memory", "value": 250 << 20, "unit": "bytes"}
        held = server.client.get("/metrics").text.partition("\nsdograph_queries_memory_bytes ")[2].split()[0]
        assert 0 < float(held) < 250 << 20
        assert not small.done()
        assert server.query(QUICK).json()["boolean"] is True
        server.stop()


def test_a_result_over_its_size_is_refused_whole(serve: Serve) -> None:
    server = serve(max_result_bytes=1000)
    document = problem(server.query("SELECT * { ?s ?p ?o . ?a ?b ?c }"), 413, "result-too-large")
    assert document["limit"]["value"] == 1000
    assert len(server.query("SELECT ?s { ?s a sdo:Body }", format="csv").content) < 1000


def test_more_graphs_than_are_merged_are_refused(serve: Serve) -> None:
    server = serve(max_merged_quads=20)
    answer = server.query("SELECT (COUNT(*) AS ?n) FROM graph:registry FROM graph:ls { ?s ?p ?o }")
    assert problem(answer, 413, "dataset-too-large")["limit"]["value"] == 20


def test_a_worker_that_is_killed_is_replaced(serve: Serve) -> None:
    server = serve()
    killed = server.workers()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.workers() and not set(killed) & set(server.workers()))
    assert server.query(QUICK).json()["boolean"] is True


def test_a_query_whose_worker_is_killed_is_answered_503(serve: Serve) -> None:
    server = serve()
    with together(server, 1, timeout="30") as runaways:
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
    problem(runaways[0].result(), 503, "out-of-memory")
    wait_until(lambda: server.client.get("/health").status_code == 200)
    assert server.query(QUICK).json()["boolean"] is True


def test_a_client_that_goes_away_frees_its_worker(serve: Serve) -> None:
    server = serve()
    with socket.create_connection(("127.0.0.1", httpx.URL(server.address).port)) as connection:
        target = httpx.URL("/sparql", params={"query": RUNAWAY}).raw_path
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
    wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 0)


def test_workers_end_with_the_server(serve: Serve) -> None:
    server = serve()
    workers = server.workers()
    assert workers
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(timeout=30)
    wait_until(lambda: not any(map(alive, workers)))


def test_workers_end_with_a_server_that_is_killed(serve: Serve) -> None:
    server = serve()
    with together(server, 1, timeout="30") as runaways:
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
        workers = server.workers()
        server.process.kill()
    with pytest.raises(httpx.TransportError):
        runaways[0].result()
    wait_until(lambda: not any(map(alive, workers)))


def test_a_new_generation_is_noticed(serve: Serve, tmp_path: Path) -> None:
    store = fill(tmp_path / "data")
    server = serve(data_dir=tmp_path / "data")
    query = "SELECT ?l { <http://example.org/new> rdfs:label ?l }"
    before = server.query(query, format="csv")
    assert before.text == "l\r\n"
    graph = ox.NamedNode("https://w3id.org/sdograph/graph/new")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    with store.writer() as writer:
        stated = ox.Triple(ox.NamedNode("http://example.org/new"), label, ox.Literal("new"))
        writer.apply(writer.view.change(graph, [stated]))
        writer.publish()
    after = server.client.get(
        "/sparql", params={"query": query, "format": "csv"}, headers={"If-None-Match": before.headers["etag"]}
    )
    assert after.text == "l\r\nnew\r\n"
    assert after.headers["etag"] != before.headers["etag"]


def test_without_a_dataset_the_server_says_so_until_there_is_one(serve: Serve, tmp_path: Path) -> None:
    server = serve(data_dir=tmp_path / "later")
    assert server.client.get("/health").status_code == 503
    problem(server.query(QUICK), 503, "store-missing")
    problem(server.client.get("/api/v1/bodies"), 503, "store-missing")
    fill(tmp_path / "later")
    assert server.client.get("/health").json()["generation"] == 1
    assert server.query(QUICK).json()["boolean"] is True


@pytest.fixture
def canary() -> Iterator[tuple[int, list[object]]]:
    """A port, and who has connected to it."""
    touched: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        ending = threading.Event()

        def watch() -> None:
            while not ending.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = listening.accept()
                    connection.close()
                    touched.append(address)

        thread = threading.Thread(target=watch)
        thread.start()
        yield listening.getsockname()[1], touched
        ending.set()
        thread.join()


def test_no_query_gets_out(serve: Serve, canary: tuple[int, list[object]]) -> None:
    port, touched = canary
    server = serve()
    address = f"http://127.0.0.1:{port}/"
    for text in (
        f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ \\u0053ERVICE <{address}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ VALUES ?g {{ <{address}> }} SERVICE ?g {{ ?s ?p ?o }} }}",
        f"PREFIX e: <{address}> SELECT * {{ servicee:x {{ ?s ?p ?o }} }}",
        f'PREFIX e: <{address}> SELECT * {{ ?s a sdo:Group FILTER(1<2)#>"""\n SERVICE e:x {{}} #"""\n }}',
        f"PREFIX e: <{address}> SELECT * {{ ?s ?p ?o OPTIONAL {{ ?s ?p e:a.b.SERVICE <{address}> {{}} }} }}",
        f"LOAD <{address}>",
        f"SELECT * FROM <{address}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    ):
        assert server.query(text).status_code == 400, text
    assert server.query("ASK {}", **{"default-graph-uri": address}).status_code == 200
    assert touched == []


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is one of Linux")
def test_a_worker_cannot_open_a_connection_even_if_asked_to(
    data_dir: Path, canary: tuple[int, list[object]]
) -> None:
    port, touched = canary
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sdograph_api.query.worker", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
        )

    def say(kind: bytes, payload: bytes) -> bytes:
        ours.sendall(struct.pack("<I", len(payload) + 1) + kind + payload)
        (length,) = struct.unpack("<I", ours.recv(4, socket.MSG_WAITALL))
        return ours.recv(length, socket.MSG_WAITALL)

    with ours:
        start = {
            "parent": os.getpid(), "memory": 1 << 30, "max_result_bytes": 1 << 20, "max_rows": 1000,
            "max_merged_quads": 1000, "network": False, "base": "http://example.org/", "prefixes": {},
        }  # fmt: skip
        assert say(b"S", json.dumps(start).encode()) == b"R"
        assert say(b"O", os.fsencode(data_dir / "generations" / "1")) == b"R"
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}".encode()
        answer = say(b"Q", struct.pack("<BI", 0, len(query)) + query)
        assert answer[:1] == b"f"
        assert b"ermission denied" in answer
        fine = b"ASK { ?s ?p ?o }"
        assert say(b"Q", struct.pack("<BI", 0, len(fine)) + fine) == b'+{"head":{},"boolean":true}'
    assert process.wait(timeout=30) == 0
    assert touched == []


def test_the_protocol_suite_of_the_w3c(serve: Serve, shared: Callable[[str], Path]) -> None:
    """The read-only part of the SPARQL 1.1 protocol and service description tests."""
    runner = shared("conformance/run_protocol.py")
    server = serve()
    run = subprocess.run(
        [sys.executable, str(runner), "--query", f"{server.address}/sparql", "--read-only"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "17 passed, 0 failed" in run.stdout
