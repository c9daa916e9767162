"""The log: a line for each request, and what never gets into it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from pathlib import Path
from select import PIPE_BUF
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from http_support import RUNAWAY, InProcess, Logged, Server, problem, wait_until

from sdograph_api import logs
from sdograph_api.logs import Formatter, Record, RequestLog, count_rows
from sdograph_api.settings import Settings

Serve = Callable[..., Server]

GROUPS = "SELECT ?s { ?s a sdo:Group }"


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
    RequestLog(Settings(data_dir=data_dir))([Record(scope)])


def test_lines_leave_together_but_whole(data_dir: Path) -> None:
    written: list[bytes] = []
    records = [Record({"method": "GET", "headers": [(b"x-request-id", b"%d" % n)]}) for n in range(100)]
    RequestLog(Settings(data_dir=data_dir), written.append)(records)
    # What is longer, a pipe may take apart, and lines of several processes would mix.
    assert all(len(lines) <= PIPE_BUF and lines.endswith(b"}\n") for lines in written)
    assert len(written) < 10
    lines = b"".join(written).splitlines()
    assert [json.loads(line)["request_id"] for line in lines] == [str(n) for n in range(100)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES (?a ?b) { (1 2) (3 4) (5 UNDEF) } }",
        "SELECT * { VALUES (?a ?b) { (UNDEF 2) (3 UNDEF) } }",
        "SELECT ?a { VALUES ?a { 'x},{\"a\":{\"type\":' '[{' '{' ',{' '<result>' 'two\\nlines' '{}' } }",
        "SELECT ?a { VALUES ?a { '\"}},{\"' 'a}},{b' '}},{' '\"}},{' '}},{\"' '\\\\\"}},{\"' } }",
        "SELECT ?a ?b { VALUES ?b { 1 2 } BIND(TRIPLE(<x:a>, <x:b>, ?b) AS ?a) }",
        "SELECT ?a { VALUES ?b { 1 2 } BIND(TRIPLE(<x:a>, <x:b>, ?b) AS ?a) }",
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
        counted["json"] is None and any(what in query for what in ("{}", "?z", "TRIPLE"))
    )
