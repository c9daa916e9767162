"""Running the server: its metrics, its health, the cache of answers, its end."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from http_support import RUNAWAY, InProcess, Logged, Server, answers, fill, problem, wait_until
from prometheus_client.parser import text_string_to_metric_families

from sdograph.store import EmbeddedStore
from sdograph_api import memory
from sdograph_api.settings import Settings

Command = Callable[..., Server]

GROUPS = "SELECT ?s { ?s a sdo:Group }"


@pytest.fixture
def command(data_dir: Path, tmp_path: Path) -> Iterator[Command]:
    """Starts ``sdograph serve`` with flags."""
    running: list[Server] = []

    def start(*flags: str) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (tmp_path / "serve.log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "sdograph", "serve", "--data-dir", str(data_dir), "--port", str(port),
                 "--query-workers", "1", *flags],
                stdout=output, stderr=output,
            )  # fmt: skip
        server = Server(process, f"http://127.0.0.1:{port}")
        running.append(server)
        wait_until(lambda: answers(server))
        return server

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop()
        server.client.close()


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# --- read-only


def test_read_only_refuses_whatever_writes(data_dir: Path) -> None:
    before = EmbeddedStore(data_dir).current().version
    client = InProcess(Settings(data_dir=data_dir, query_workers=1, write_token="sesame", read_only=True))  # type: ignore[arg-type]
    try:
        writing = {
            (method.upper(), re.sub(r"\{[^}]*\}", "x", path))
            for path, operations in client.app.openapi()["paths"].items()
            for method in operations.keys() & {"post", "put", "patch", "delete"}
            if path != "/sparql"
        }
        asked = {"headers": {"Authorization": "Bearer sesame", "Content-Type": "application/json"}}
        # Reading a document is open to all; to take it in is not.
        for method, path in writing - {("POST", "/api/v1/ingest")}:
            problem(client.request(method, path, content=b"{}", **asked), 403, "writing-off")
        assert {("POST", "/update"), ("DELETE", "/store"), ("POST", "/api/v1/review/decisions")} <= writing
        form = {"files": {"file": ("a.txt", b"x")}, "headers": {"Authorization": "Bearer sesame"}}
        taken_in = client.request("POST", "/api/v1/ingest", params={"commit": "true"}, **form)
        problem(taken_in, 403, "writing-off")
    finally:
        client.close()
    assert EmbeddedStore(data_dir).current().version == before


# --- metrics


@pytest.mark.parametrize(
    ("settings", "query", "outcome"),
    [
        ({"query_timeout": 0.3}, RUNAWAY, "deadline"),
        ({"max_result_bytes": 100}, "SELECT * { ?s ?p ?o }", "refused"),
        (
            {"worker_memory": 300 << 20},
            "SELECT ?x (COUNT(?y) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
            "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?c), STR(?f), STR(?i)) AS ?x) BIND(?a AS ?y) } "
            "GROUP BY ?x",
            "memory",
        ),
    ],
)
def test_limits_are_told_apart(
    logged: Callable[..., Logged], settings: dict[str, Any], query: str, outcome: str
) -> None:
    server = logged(**settings)
    server.client.get("/sparql", params={"query": query})
    assert server.last()["outcome"] == outcome
    counted = samples(server.client.get("/metrics").text)
    assert counted["sdograph_sparql_requests_total", (("outcome", outcome),)] == 1


def test_requests_are_counted_by_route(logged: Callable[..., Logged]) -> None:
    client = logged().client
    for _ in range(3):
        client.get("/api/v1/bodies")
    for n in range(5):
        client.get(f"/unknown/{n}")
        client.request(f"INVENTED{n}", "/api/v1/bodies")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    counted = samples(answer.text)
    requests = "sdograph_http_requests_total"
    bodies = (("method", "GET"), ("route", "/api/v1/bodies"), ("status", "200"))
    assert counted[requests, bodies] == 3
    assert counted[requests, (("method", "GET"), ("route", "(none)"), ("status", "404"))] == 5
    assert "INVENTED" not in answer.text
    assert "/unknown" not in answer.text
    assert counted["sdograph_http_request_duration_seconds_count", (("route", "(none)"),)] == 5
    # What is asked next is known to the numbers after it only.
    assert not [key for key in counted if ("route", "/metrics") in key[1]]


def test_numbers_of_processes_generation_and_cache(logged: Callable[..., Logged]) -> None:
    client = logged(query_timeout=0.3).client
    client.get("/sparql", params={"query": RUNAWAY})
    for _ in range(3):
        client.get("/sparql", params={"query": GROUPS})
    counted = samples(client.get("/metrics").text)
    assert counted["sdograph_generation", ()] == 1
    assert 1.5e9 < counted["sdograph_generation_timestamp_seconds", ()] < 1e11
    assert counted["sdograph_query_processes_killed_total", ()] == 1
    assert counted["sdograph_query_processes_lost_total", ()] == 0
    assert counted["sdograph_query_processes_started_total", ()] >= 3
    assert {labels for name, labels in counted if name == "sdograph_query_processes"} == {
        (("state", state),) for state in ("starting", "idle", "busy", "long")
    }
    assert counted["sdograph_queries_waiting", ()] == 0
    assert counted["sdograph_cache_hits_total", ()] == 2
    assert counted["sdograph_cache_misses_total", ()] == 2
    assert counted["sdograph_cache_answers", ()] == 1
    assert counted["sdograph_cache_bytes", ()] > 0
    assert counted["sdograph_sparql_requests_total", (("outcome", "ok"),)] == 3


def test_metrics_can_be_switched_off(logged: Callable[..., Logged]) -> None:
    problem(logged(metrics=False).client.get("/metrics"), 404, "not-found")


def test_several_processes_count_together(command: Command) -> None:
    server = command("--workers", "2")
    for _ in range(40):  # over connections of their own, so that either process gets some
        httpx.get(f"{server.address}/api/v1/bodies")
    key = "sdograph_http_requests_total", (("method", "GET"), ("route", "/api/v1/bodies"), ("status", "200"))

    def total() -> float:
        return samples(httpx.get(f"{server.address}/metrics").text)[key]

    wait_until(lambda: total() == 40)
    assert {total() for _ in range(5)} == {40}
    counted = samples(httpx.get(f"{server.address}/metrics").text)
    assert counted["sdograph_generation", ()] == 1
    idle = "sdograph_query_processes", (("state", "idle"),)
    wait_until(lambda: _sample(server, idle) == 4)
    # A server process that is killed takes its own numbers along, and leaves what it has counted.
    folder = Path(_environment(server.process.pid)["PROMETHEUS_MULTIPROC_DIR"])
    mine = next(folder.glob("gauge_livesum_*.db"))
    os.kill(int(mine.stem.rpartition("_")[2]), signal.SIGKILL)
    wait_until(lambda: _sample(server, idle) and not mine.exists())
    wait_until(lambda: _sample(server, idle) == 4)
    assert total() == 40
    server.process.terminate()
    assert server.process.wait(timeout=30) == 0
    assert not folder.exists()


def _sample(server: Server, key: tuple[str, tuple[tuple[str, str], ...]]) -> float | None:
    with contextlib.suppress(httpx.TransportError):
        return samples(httpx.get(f"{server.address}/metrics").text).get(key)
    return None


def _environment(pid: int) -> dict[str, str]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in children:
        pairs = Path(f"/proc/{child}/environ").read_bytes().decode().split("\0")
        found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        if "PROMETHEUS_MULTIPROC_DIR" in found:
            return found
    raise AssertionError("no process has it")


# --- health


def test_ready_and_alive_with_a_dataset(client: InProcess) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert ready.json().keys() == client.get("/health").json().keys()


def test_without_a_dataset_the_process_lives_and_is_not_ready(tmp_path: Path) -> None:
    client = InProcess(Settings(data_dir=tmp_path / "none", query_workers=1))
    try:
        ready, live = client.get("/health/ready"), client.get("/health/live")
    finally:
        client.close()
    assert (ready.status_code, ready.json()["reason"]) == (503, "store-missing")
    assert ready.json()["hint"]
    assert live.status_code == 200


def test_a_generation_whose_files_are_gone_is_not_ready(tmp_path: Path) -> None:
    fill(tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    try:
        assert client.get("/health/ready").status_code == 200
        shutil.rmtree(tmp_path / "generations" / "1")
        ready = client.get("/health/ready")
    finally:
        client.close()
    assert (ready.status_code, ready.json()["reason"]) == (503, "store-damaged")
    assert str(tmp_path) not in ready.text


def test_processes_that_do_not_come_up_are_not_ready(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdograph_api.query.process.sys.executable", shutil.which("false"))
    client = InProcess(Settings(data_dir=data_dir, query_workers=1))
    try:
        wait_until(lambda: client.get("/health/ready").status_code == 503)
        ready = client.get("/health/ready").json()
    finally:
        client.close()
    assert (ready["status"], ready["reason"]) == ("unavailable", "no-workers")


# --- cache


def evaluated(client: InProcess) -> list[str]:
    """The texts of queries that go to a process from now on."""
    workers = client.app.state.context.workers()
    texts: list[str] = []
    submit = workers.submit

    def noting(query: Any, *rest: Any) -> Any:
        texts.append(query.text)
        return submit(query, *rest)

    workers.submit = noting
    return texts


def test_a_repeat_is_answered_without_evaluating(logged: Callable[..., Logged]) -> None:
    server = logged()
    texts = evaluated(server.client)
    first = server.client.get("/sparql", params={"query": GROUPS})
    second = server.client.get("/sparql", params={"query": GROUPS})
    posted = server.client.post("/sparql", data={"query": GROUPS})
    assert first.content == second.content == posted.content
    assert first.headers["etag"] == second.headers["etag"]
    assert first.headers["content-type"] == second.headers["content-type"] == posted.headers["content-type"]
    assert "etag" not in posted.headers
    assert len(texts) == 1
    rows = [json.loads(line)["rows"] for line in server.lines]
    assert rows == [len(first.json()["results"]["bindings"])] * 3


def test_form_and_dataset_are_told_apart(logged: Callable[..., Logged]) -> None:
    client = logged().client
    texts = evaluated(client)
    whole = client.get("/sparql", params={"query": GROUPS}).json()["results"]["bindings"]
    empty = client.get("/sparql", params={"query": GROUPS, "default-graph-uri": "http://example.org/none"})
    csv = client.get("/sparql", params={"query": GROUPS, "format": "csv"})
    assert whole
    assert empty.json()["results"]["bindings"] == []
    assert csv.text.startswith("s\r\n")
    assert len(texts) == 3


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT ?x { BIND(RAND() AS ?x) }", 200),
        ("SELECT ?x { BIND(NOW() AS ?x) }", 200),
        ("SELECT * { ?s ?p ?o } FROM", 400),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c }", 413),
    ],
)
def test_what_may_differ_or_failed_is_evaluated_each_time(
    logged: Callable[..., Logged], query: str, status: int
) -> None:
    client = logged(max_result_bytes=10_000).client
    for _ in range(2):
        assert client.get("/sparql", params={"query": query}).status_code == status
    assert len(client.app.state.context.answers) == 0


def test_a_new_generation_is_seen_at_once(tmp_path: Path) -> None:
    store = fill(tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    query = "SELECT ?l { <http://example.org/new> rdfs:label ?l }"
    try:
        before = [client.get("/sparql", params={"query": query, "format": "csv"}) for _ in range(2)]
        with store.writer() as writer:
            label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
            new = ox.Triple(ox.NamedNode("http://example.org/new"), label, ox.Literal("new"))
            graph = ox.NamedNode("https://w3id.org/sdograph/graph/new")
            writer.apply(writer.view.change(graph, [new]))
            writer.publish()
        after = client.get("/sparql", params={"query": query, "format": "csv"})
    finally:
        client.close()
    assert [answer.text for answer in before] == ["l\r\n"] * 2
    assert after.text == "l\r\nnew\r\n"
    assert after.headers["etag"] != before[0].headers["etag"]


def test_a_query_that_failed_holds_no_generation(tmp_path: Path) -> None:
    store = fill(tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    gc.collect()
    gc.disable()  # it may be minutes until that finds rings
    try:
        problem(client.get("/sparql", params={"query": RUNAWAY, "timeout": "0.3"}), 503, "timeout")
        held = weakref.ref(client.app.state.context.snapshot())
        with store.writer() as writer:
            writer.publish()
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert held() is None
    finally:
        gc.enable()
        client.close()


def test_memory_is_given_back_once_for_each_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trimmed: list[int] = []
    monkeypatch.setattr(memory, "PAUSE", 0.01)
    monkeypatch.setattr(memory, "_TRIM", trimmed.append)
    store = fill(tmp_path)
    client = InProcess(Settings(data_dir=tmp_path, query_workers=1))
    try:
        # Queries alone tell which generation it is.
        client.get("/sparql", params={"query": "ASK {}"})
        wait_until(lambda: len(trimmed) == 1)
        with store.writer() as writer:
            writer.publish()
        client.get("/sparql", params={"query": "ASK {}"})
        wait_until(lambda: len(trimmed) == 2)
    finally:
        client.close()
    assert trimmed == [0, 0]


# --- end


def slow(server: Server, **parameters: str) -> httpx.Response:
    with httpx.Client(timeout=60) as client:
        return client.get(f"{server.address}/sparql", params={"query": RUNAWAY, **parameters})


def test_sigterm_lets_a_running_query_finish(command: Command) -> None:
    server = command("--shutdown-timeout", "20")
    workers = server.workers()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow, server, timeout="2")
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
        server.process.terminate()
        answer = running.result()
    # Its own limit ended it, not that of the server.
    assert problem(answer, 503, "timeout")["limit"]["value"] == 2
    assert server.process.wait(timeout=30) == 0
    assert workers
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_a_query_that_outlasts_the_end_is_told_so(command: Command, tmp_path: Path) -> None:
    server = command("--shutdown-timeout", "1")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow, server, timeout="30")
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
        workers = server.workers()
        server.process.terminate()
        problem(running.result(), 503, "shutting-down")
    assert server.process.wait(timeout=30) == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    # Behind the line for whoever started it, all is in one form, also what the libraries say.
    log = [json.loads(line) for line in (tmp_path / "serve.log").read_text().splitlines()[1:]]
    assert {entry["event"] for entry in log} == {"request", "message"}
    assert [entry["outcome"] for entry in log if entry.get("code") == "shutting-down"] == ["refused"]


# --- headers


@pytest.mark.parametrize("path", ["/", "/sparql", "/docs", "/ontology", "/id/body", "/id/body/ETSI"])
def test_pages_cannot_be_made_to_run_or_load_anything(client: InProcess, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html", "Origin": "http://elsewhere.example"})
    assert answer.headers["content-type"].startswith("text/html")
    (policy,) = answer.headers.get_list("content-security-policy")
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    scripts = re.findall(r"<script\b[^>]*>", answer.text)
    assert not scripts or "script-src 'sha256-" in policy
    assert not re.search(r"<[^>]+\son\w+=", answer.text)
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/api/v1/bodies", "/export/liaisons/graph.csv", "/nothing", "/sparql?query=x"]
)
def test_no_answer_is_taken_for_another_kind(client: InProcess, path: str) -> None:
    assert client.get(path).headers.get_list("x-content-type-options") == ["nosniff"]
