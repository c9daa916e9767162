"""SERVICE where an operator allows it: those endpoints, and nobody they point at."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import SECRET, HttpCanary
from http_support import InProcess, problem
from pydantic import ValidationError

from sdograph.errors import InvalidQuery
from sdograph.queries.lexer import inspect
from sdograph_api.settings import Settings


@pytest.fixture(scope="module")
def endpoint() -> Iterator[HttpCanary]:
    canary = HttpCanary()
    yield canary
    canary.close()


@pytest.fixture(scope="module")
def federated(data_dir: Path, endpoint: HttpCanary) -> Iterator[InProcess]:
    allowed = f"{endpoint.address}/sparql {endpoint.address}/redirect/* http://127.0.0.1:9/none"
    client = InProcess(
        Settings(data_dir=data_dir, query_workers=1, service_allow=allowed, write_token="sesame")  # type: ignore[arg-type]
    )
    yield client
    client.close()


def test_an_endpoint_of_the_list_is_asked(federated: InProcess, endpoint: HttpCanary) -> None:
    for text in (
        f"SELECT ?x {{ SERVICE <{endpoint.address}/sparql> {{ ?s ?p ?x }} }}",
        f"PREFIX e: <{endpoint.address}/> SELECT ?x {{ SERVICE SILENT e:sparql {{ ?s ?p ?x }} }}",
        f"BASE <{endpoint.address}/a/> SELECT ?x {{ \\u0053ERVICE <../sparql> {{ ?s ?p ?x }} }}",
    ):
        before = len(endpoint.asked)
        answer = federated.get("/sparql", params={"query": text, "format": "csv"})
        assert answer.text == f"x\r\n{SECRET}\r\n"
        # Nobody knows when what it says has changed.
        assert "etag" not in answer.headers
        assert len(endpoint.asked) > before


def test_others_are_not_asked(federated: InProcess, endpoint: HttpCanary) -> None:
    before = endpoint.connections
    for place in (
        f"<{endpoint.address}/other>",
        f"<{endpoint.address}/sparql/>",
        f"<{endpoint.address}/sparql?x>",
        f"<{endpoint.address}/redirect>",
        f"<{endpoint.address.replace('127.0.0.1', '127.1')}/sparql>",
        f"<http://user@{endpoint.address[7:]}/sparql>",
        f"<{endpoint.address}/sparql/../other>",
        "?place",
    ):
        for silent in ("", "SILENT"):
            bound = f"BIND(<{endpoint.address}/sparql> AS ?place)"
            text = f"SELECT * {{ {bound} SERVICE {silent} {place} {{ ?s ?p ?x }} }}"
            document = problem(federated.get("/sparql", params={"query": text}), 400, "invalid-query")
            assert "SERVICE may not ask" in document["detail"]
            assert f"{endpoint.address}/sparql" in document["hint"]
    inner = f"SERVICE <{endpoint.address}/other> {{ ?s ?p ?x }}"
    text = f"SELECT * {{ SERVICE <{endpoint.address}/sparql> {{ {inner} }} }}"
    problem(federated.get("/sparql", params={"query": text}), 400, "invalid-query")
    assert endpoint.connections == before


@pytest.mark.parametrize("redirect", ["302", "307"])
def test_an_endpoint_of_the_list_leads_nowhere_else(
    federated: InProcess, endpoint: HttpCanary, redirect: str
) -> None:
    before = len(endpoint.asked)
    text = f"SELECT * {{ SERVICE <{endpoint.address}/redirect/{redirect}> {{ ?s ?p ?x }} }}"
    document = problem(federated.get("/sparql", params={"query": text}), 502, "service-failed")
    assert SECRET not in document["detail"]
    assert endpoint.asked[before:] == [f"/redirect/{redirect}"]


def test_an_endpoint_that_does_not_answer_is_not_awaited_for_ever(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/sparql"
        client = InProcess(
            Settings(data_dir=data_dir, query_workers=1, service_allow=address)  # type: ignore[arg-type]
        )
        try:
            text = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?x }} }}"
            problem(client.get("/sparql", params={"query": text, "timeout": "0.5"}), 503, "timeout")
            assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True
        finally:
            client.close()


def test_updates_ask_nobody(federated: InProcess, endpoint: HttpCanary) -> None:
    before = endpoint.connections
    text = f"INSERT {{ ?s ?p ?x }} WHERE {{ SERVICE <{endpoint.address}/sparql> {{ ?s ?p ?x }} }}"
    headers = {"Authorization": "Bearer sesame", "Content-Type": "application/sparql-update"}
    problem(federated.post("/update", content=text, headers=headers), 400, "invalid-query")
    assert endpoint.connections == before


def test_other_queries_still_cannot_open_connections(federated: InProcess) -> None:
    # They are evaluated by other processes than those that SERVICE has.
    federated.get("/sparql", params={"query": "ASK {}"})
    pools = federated.app.state.context
    assert pools.workers().allowance.network is False
    assert pools.workers(network=True).allowance.network is True


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("ASK { SERVICE <http://a/x> {} SERVICE <http://a/y> {} }", ("http://a/x", "http://a/y")),
        ("BASE <http://a/b/> ASK { SERVICE <x> {} }", ("http://a/b/x",)),
        ("BASE <http://a/> BASE <b/> PREFIX p: <c/> ASK { SERVICE p:x {} }", ("http://a/b/c/x",)),
        ("PREFIX p: <http://a/> PREFIX p: <http://b/> ASK { SERVICE p:x {} }", ("http://b/x",)),
        ("ASK { SERVICE SILENT # <http://c/>\n <http://a/x> { FILTER(1<2) } }", ("http://a/x",)),
    ],
)
def test_the_endpoint_that_is_looked_at_is_the_one_that_is_asked(
    text: str, services: tuple[str, ...]
) -> None:
    found = inspect(text, services)
    assert found.services == services
    assert found.volatile
    for service in services:
        assert f"<{service}>" in found.text
        with pytest.raises(InvalidQuery, match="SERVICE may not ask"):
            inspect(text, ("http://elsewhere/",))


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        "http://*",
        "http://host*",
        "https://*.example/",
        "http://host",
        "ftp://host/",
        "file:///etc/",
        "http://user@host/",
        "http://a/*/b",
        "host/x",
    ],
)
def test_a_list_that_would_let_anything_through_is_refused(entry: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="write http"):
        Settings(data_dir=tmp_path, service_allow=entry)  # type: ignore[arg-type]
