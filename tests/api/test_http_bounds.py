"""Who is counted as a client, what bounds the answers of workers, and the settings of both."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from http_support import RUNAWAY, Server, answers, problem, wait_until
from pydantic import ValidationError
from typer.testing import CliRunner

from sdograph.cli import app
from sdograph_api import bounds
from sdograph_api.bounds import Clients, Unread, client_at
from sdograph_api.problems import Problem
from sdograph_api.query.worker import Rows, TooLarge, TooManyRows
from sdograph_api.settings import Settings

Serve = Callable[..., Server]


# --- clients


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_a_client_is_an_address_or_what_a_host_has_of_them(address: str, client: str) -> None:
    assert client_at(address) == client


def test_each_client_has_its_own_number_of_requests() -> None:
    clients = Clients(2)
    clients.enter("a")
    clients.enter("a")
    clients.enter("b")
    with pytest.raises(Problem) as refused:
        clients.enter("a")
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "5")
    clients.leave("a")
    clients.enter("a")
    clients.leave("b")
    clients.enter("b")


def test_nought_is_no_limit() -> None:
    clients = Clients(0)
    for _ in range(1000):
        clients.enter("a")


def test_large_answers_wait_for_whoever_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "PIECE", 10)
    monkeypatch.setattr(bounds, "GRACE", 0.2)

    async def scenario() -> None:
        unread, taken = Unread(60), asyncio.Event()
        sent: dict[str, list[Any]] = {"slow": [], "other": [], "again": [], "never": []}

        def to(name: str, read: asyncio.Event | None) -> Callable[[Any], Any]:
            async def send(message: Any) -> None:
                if read is not None and sent[name]:
                    await read.wait()
                sent[name].append(message)

            return send

        start, body = {"type": "http.response.start"}, bytes(range(45))
        slow = asyncio.create_task(unread.send("a", start, body, to("slow", taken)))
        await asyncio.sleep(0)
        # More of its own has to wait until that is taken; others do not.
        with pytest.raises(Problem) as refused:
            await unread.send("a", start, body, to("again", None))
        assert (refused.value.status, refused.value.code, sent["again"]) == (429, "too-much-unread", [])
        await unread.send("b", start, body, to("other", None))
        taken.set()
        await slow
        for name in ("slow", "other"):
            pieces = sent[name][1:]
            assert b"".join(piece["body"] for piece in pieces) == body
            assert [piece["more_body"] for piece in pieces] == [True] * 4 + [False]
        # One that is larger than the limit by itself goes out, when it is alone.
        await unread.send("a", start, body * 2, to("again", None))
        # Who never reads is given up, and counts no longer.
        with pytest.raises(TimeoutError):
            await unread.send("a", start, body, to("never", asyncio.Event()))
        await unread.send("a", start, body, to("again", None))

    asyncio.run(scenario())


@pytest.fixture
def behind_proxy(data_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    running: list[Server] = []

    def start(*flags: str) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (tmp_path / "log").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "sdograph", "serve", "--data-dir", str(data_dir), "--port", str(port),
                 "--query-workers", "1", "--max-client-requests", "1", "--log-client-address", *flags],
                env=os.environ, stdout=output, stderr=output,
            )  # fmt: skip
        server = Server(process, f"http://127.0.0.1:{port}")
        running.append(server)
        wait_until(lambda: answers(server))
        return server

    yield start
    for server in running:
        server.stop()


def asked_beside(server: Server, first: str, second: str) -> httpx.Response:
    """The answer to one client while a query of another runs, both by their X-Forwarded-For."""
    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=server.address, timeout=60) as other:
        runaway = {"query": RUNAWAY, "timeout": "3"}
        running = pool.submit(other.get, "/sparql", params=runaway, headers={"X-Forwarded-For": first})
        wait_until(lambda: sum(server.client.get("/health").json()["workers"][s] for s in ("busy", "long")))
        answer = server.client.get("/sparql", params={"query": "ASK {}"}, headers={"X-Forwarded-For": second})
        problem(running.result(), 503, "timeout")
    return answer


def test_the_word_of_a_proxy_counts_where_it_is_trusted(
    behind_proxy: Callable[..., Server], tmp_path: Path
) -> None:
    server = behind_proxy("--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8")
    assert asked_beside(server, "192.0.2.1", "192.0.2.2").status_code == 200
    # Only what the proxies themselves have put there: the rest anybody may have sent.
    forged = asked_beside(server, "192.0.2.9, 192.0.2.1, 10.1.2.3", "192.0.2.8, 192.0.2.1, 10.1.2.3")
    problem(forged, 429, "too-many-requests")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()[1:]]
    assert {line["client"] for line in lines if line.get("code") == "too-many-requests"} == {"192.0.2.1"}


def test_nobody_else_speaks_for_others(behind_proxy: Callable[..., Server]) -> None:
    problem(asked_beside(behind_proxy(), "192.0.2.1", "192.0.2.2"), 429, "too-many-requests")


@pytest.mark.parametrize("address", ["*", "proxy.example", "10.0.0.1/8", "127.0.0.1,10.0.0.1"])
def test_a_proxy_is_named_by_its_address(address: str) -> None:
    run = CliRunner().invoke(app, ["serve", "--trusted-proxy", address])
    assert run.exit_code == 2
    assert "trusted-proxy" in run.stderr


# --- the queue, and the deadline


def test_more_than_may_wait_are_told_so(serve: Serve) -> None:
    server = serve(max_waiting_queries=0, max_long_queries=1)
    with ThreadPoolExecutor(8) as pool:
        parameters = {"query": RUNAWAY, "timeout": "1"}
        asked = [pool.submit(httpx.get, f"{server.address}/sparql", params=parameters) for _ in range(8)]
        answered = [answer.result() for answer in asked]
    refused = [answer for answer in answered if answer.json()["code"] == "too-busy"]
    assert refused
    for answer in refused:
        limit = {"name": "max_waiting_queries", "value": 0, "unit": "queries"}
        assert problem(answer, 503, "too-busy")["limit"] == limit
        assert int(answer.headers["retry-after"]) > 0


def test_a_client_may_ask_for_more_time_up_to_the_cap(serve: Serve) -> None:
    server = serve(query_timeout=0.3, max_query_timeout=0.6)
    for asked, given in (
        ({}, 0.3),
        ({"timeout": "0.2"}, 0.2),
        ({"timeout": "0.5"}, 0.5),
        ({"timeout": "9"}, 0.6),
    ):
        limit = {"name": "query_timeout", "value": given, "unit": "seconds"}
        assert problem(server.query(RUNAWAY, **asked), 503, "timeout")["limit"] == limit


def test_the_cap_is_not_below_the_default(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="below"):
        Settings(data_dir=tmp_path, query_timeout=30, max_query_timeout=10)


# --- rows


#: Two rows in each form, with all that looks like the end of one inside a value.
TABLES = {
    "json": b'{"head":{"vars":["x","y"]},"results":{"bindings":[{"x":{"type":"literal","value":",{\\"}}"}},'
    b'{"y":{"type":"literal","value":"a"}}]}}',
    "xml": b'<?xml version="1.0"?><sparql><head></head><results><result><binding name="x">'
    b"<literal>&lt;result></literal></binding></result><result></result></results></sparql>",
    "csv": b'x,y\r\n"a\r\n""\r\nb",c\r\n,"\r\n"\r\n',
    "tsv": b'?x\t?y\n"a\\nb"\t\n\t"c"\n',
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("format", TABLES)
def test_rows_are_counted_however_they_arrive(format: str, size: int) -> None:
    def write(limit: int) -> Rows:
        rows = Rows(10_000, format, limit)
        for start in range(0, len(TABLES[format]), size):
            rows.write(TABLES[format][start : start + size])
        return rows

    assert bytes(write(2).frame[5:]) == TABLES[format]
    with pytest.raises(TooManyRows):
        write(1)


def test_a_table_has_a_limit_of_bytes_too() -> None:
    rows = Rows(10, "csv", 100)
    with pytest.raises(TooLarge):
        rows.write(b"x\r\n1\r\n2\r\n3\r\n")
