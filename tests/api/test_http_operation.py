"""Running the server: its log, its metrics, its health, the cache of answers, its end."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from http_support import InProcess, Server, answers, fill, problem, wait_until
from prometheus_client.parser import text_string_to_metric_families

from sdograph_api import logs
from sdograph_api.logs import Formatter, Record, RequestLog, count_rows
from sdograph_api.settings import Settings

Serve = Callable[..., Server]
Command = Callable[..., Server]

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"
GROUPS = "SELECT ?s { ?s a sdo:Group }"


class Logged:
    """The application in this process, and what it logs."""

    def __init__(self, data_dir: Path, **settings: Any) -> None:
        given = Settings(data_dir=data_dir, query_workers=1, **settings)
        self.client = InProcess(given)
        self.lines: list[bytes] = []
        self.client.app.request_log = RequestLog(given, self.lines.append)

    def last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.lines[-1])
        return line


@pytest.fixture
def logged(data_dir: Path) -> Iterator[Callable[..., Logged]]:
    running: list[Logged] = []

    def start(**settings: Any) -> Logged:
        running.append(Logged(data_dir, **settings))
        return running[-1]

    yield start
    for one in running:
        one.client.close()


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


# --- log


def test_a_request_is_one_line(logged: Callable[..., Logged]) -> None:
    server = logged()
    answer = server.client.get("/sparql", params={"query": GROUPS})
    (line,) = server.lines
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    entry = server.last()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", entry["time"])
    assert entry["duration_ms"] > 0
    assert entry.items() >= {
        "event": "request", "level": "info", "method": "GET", "route": "/sparql", "status": 200,
        "bytes": len(answer.content), "rows": len(answer.json()["results"]["bindings"]), "outcome": "ok",
        "request_id": answer.headers["x-request-id"],
    }.items()  # fmt: skip
    assert not {"query", "client", "code"} & entry.keys()


@pytest.mark.parametrize("path", ["/sparql", "/api/v1/bodies", "/nothing"])
@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("a1-B_2.c", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("two words", False),
        ('"quoted"', False),
        ("", False),
    ],
)
def test_an_id_is_taken_over_when_well_formed(client: InProcess, path: str, given: str, taken: bool) -> None:
    answer = client.get(path, headers={"X-Request-ID": given})
    (returned,) = answer.headers.get_list("x-request-id")
    if taken:
        assert returned == given
    else:
        assert re.fullmatch("[0-9a-f]{16}", returned)
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("method", "path", "route", "outcome", "code"),
    [
        ("GET", "/api/v1/bodies?limit=1", "/api/v1/bodies", "ok", None),
        ("HEAD", "/id/body/ETSI.ttl", "/id/{path:path}", "ok", None),
        ("GET", "/api/v1/bodies?colour=red", "/api/v1/bodies", "refused", "unknown-parameter"),
        ("GET", "/nothing/at/all", "(none)", "refused", "not-found"),
        ("OPTIONS", "/api/v1/bodies", "(none)", "ok", None),
        ("GET", "/sparql?query=nonsense", "/sparql", "refused", "invalid-query"),
        ("GET", "/sparql?query=ASK%20%7B%7D&timeout=soon", "/sparql", "refused", "invalid-parameter"),
    ],
)
def test_lines_name_the_route_and_the_outcome(
    logged: Callable[..., Logged], method: str, path: str, route: str, outcome: str, code: str | None
) -> None:
    server = logged()
    answer = server.client.request(method, path)
    entry = server.last()
    assert (entry["method"], entry["route"], entry["outcome"]) == (method, route, outcome)
    assert entry.get("code") == code
    assert entry["status"] == answer.status_code
    assert entry["bytes"] == len(answer.content)


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


def test_a_client_that_goes_away_is_no_error(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=0.5) as impatient:
        impatient.get(f"{server.address}/sparql", params={"query": RUNAWAY})
    (log,) = tmp_path.glob("server-*.log")

    def found() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        return [line for line in lines if line["route"] == "/sparql"]

    wait_until(found)
    (entry,) = found()
    assert (entry["outcome"], entry["status"], entry["bytes"]) == ("client-gone", None, 0)


def test_an_error_of_our_own_is_logged_as_one(
    logged: Callable[..., Logged], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = logged()
    monkeypatch.setattr(server.client.app.state.context, "snapshot", lambda: 1 / 0)
    answer = server.client.get("/health")
    problem(answer, 500, "internal")
    assert answer.headers["x-request-id"] == server.last()["request_id"]
    assert (server.last()["outcome"], server.last()["level"]) == ("failed", "error")


def test_the_text_of_a_query_is_logged_at_debug_only(logged: Callable[..., Logged]) -> None:
    server = logged(log_level="debug")
    server.client.get("/sparql", params={"query": GROUPS})
    assert server.last()["query"] == GROUPS
    server.client.get("/sparql", params={"query": f"{GROUPS} #{'x' * 20_000}"})
    assert len(server.last()["query"]) == logs.MAX_QUERY


@pytest.mark.parametrize("level", ["info", "debug"])
def test_tokens_and_parameters_are_never_logged(
    logged: Callable[..., Logged], level: str, capfd: pytest.CaptureFixture[str]
) -> None:
    server = logged(log_level=level, write_token="hidden-token-1")
    for path in ("/update", "/store", "/api/v1/bodies", "/sparql?query=ASK%7B%7D", "/nothing"):
        separator = "&" if "?" in path else "?"
        for method in ("GET", "POST"):
            server.client.request(
                method, f"{path}{separator}access_token=hidden-token-2",
                headers={"Authorization": "Bearer hidden-token-1", "Cookie": "a=hidden-token-3"},
            )  # fmt: skip
    assert len(server.lines) == 10
    assert b"hidden" not in b"".join(server.lines)
    assert "hidden" not in "".join(capfd.readouterr())


def test_addresses_of_clients_are_logged_on_request(logged: Callable[..., Logged]) -> None:
    server = logged(log_client_address=True)
    server.client.get("/health/live")
    assert server.last()["client"] == "127.0.0.1"


def test_logfmt(logged: Callable[..., Logged]) -> None:
    server = logged(log_format="logfmt", log_level="debug")
    server.client.get("/sparql", params={"query": 'ASK {\n?s ?p "a b" }'})
    line = server.lines[-1].decode()
    assert line.count("\n") == 1
    assert " route=/sparql status=200 " in line
    # Quoted as logfmt has it: the line break escaped, so that it stays one line.
    assert ' query="ASK {\\n?s ?p \\"a b\\" }"' in line


def test_no_lines_when_none_are_wanted(logged: Callable[..., Logged]) -> None:
    server = logged(log_format="none")
    server.client.get("/health")
    assert server.lines == []


def test_other_messages_have_the_same_form() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        record = logging.LogRecord(
            "sdograph_api.app", logging.ERROR, "", 1, "%s\nfailed", ("GET",), sys.exc_info()
        )
    line = json.loads(Formatter("json").format(record))
    assert (line["level"], line["message"], line["event"]) == ("error", "GET\nfailed", "message")
    assert "ValueError: first" in line["exception"]
    assert "\n" not in Formatter("logfmt").format(record)


def test_a_log_that_cannot_be_written_stops_no_request(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(logs.os, "write", full)
    scope = {"method": "GET", "headers": []}
    RequestLog(Settings(data_dir=data_dir))(Record(scope))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES (?a ?b) { (1 2) (3 4) (5 UNDEF) } }",
        "SELECT * { VALUES (?a ?b) { (UNDEF 2) (3 UNDEF) } }",
        "SELECT ?a { VALUES ?a { 'x},{\"a\":{\"type\":' '[{' '{' ',{' '<result>' 'two\\nlines' '{}' } }",
        "SELECT ?a { VALUES ?a { 1 1 1 } }",
        "SELECT ?a { FILTER(false) }",
        "SELECT ?aa ?a { VALUES (?a ?aa) { (1 2) (UNDEF 3) } }",
        "SELECT ?z { VALUES ?a { 1 2 } }",
    ],
)
def test_rows_are_counted_right_or_not_at_all(query: str) -> None:
    formats = {
        "json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML,
        "tsv": ox.QueryResultsFormat.TSV, "csv": ox.QueryResultsFormat.CSV,
    }  # fmt: skip
    rows = len(list(ox.Store().query(query)))  # type: ignore[arg-type]
    counted = {}
    for name, format in formats.items():
        body = ox.Store().query(query).serialize(format=format)  # type: ignore[union-attr]
        assert body is not None
        counted[name] = count_rows(name, body)
    assert counted["xml"] == counted["tsv"] == rows
    assert counted["csv"] is None
    assert counted["json"] == rows or (
        counted["json"] is None and "{}" in query + ("{}" if "?z" in query else "")
    )


# --- metrics


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
    monkeypatch.setattr("sdograph_api.process.sys.executable", shutil.which("false"))
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
    assert problem(answer, 503, "timeout")["limit_seconds"] == 2
    assert server.process.wait(timeout=30) == 0
    assert workers
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_a_query_that_outlasts_the_end_is_told_so(command: Command) -> None:
    server = command("--shutdown-timeout", "1")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow, server, timeout="30")
        wait_until(lambda: server.client.get("/health").json()["workers"]["long"] == 1)
        workers = server.workers()
        server.process.terminate()
        problem(running.result(), 503, "shutting-down")
    assert server.process.wait(timeout=30) == 0
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


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
