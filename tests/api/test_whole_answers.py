"""No answer looks complete that is not: what goes wrong half-way is an error, or is seen by its length."""

from __future__ import annotations

import dataclasses
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import uvicorn
from http_support import InProcess, Server, problem, wait_until

from sdograph import export
from sdograph.store import EmbeddedStore
from sdograph_api.app import create_app
from sdograph_api.settings import Settings

GRAPH = ox.NamedNode("https://w3id.org/sdograph/graph/x")


def damage(data_dir: Path) -> None:
    """Publishes a graph, and makes the middle of its files unreadable."""
    store = EmbeddedStore(data_dir)
    with store.writer() as writer:
        writer.load(
            ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal(f"{n * 7919}" * 20), GRAPH)
            for n in range(20_000)
        )
        writer.publish()
    for file in (data_dir / "generations").rglob("*.sst"):
        content = bytearray(file.read_bytes())
        middle = slice(len(content) // 2, len(content) // 2 + len(content) // 100)
        if len(content) > 100_000:
            content[middle] = bytes(byte ^ 0x5A for byte in content[middle])
            file.write_bytes(content)


def test_what_comes_upon_damage_is_an_error(serve: Callable[..., Server], tmp_path: Path) -> None:
    damage(tmp_path / "data")
    server = serve(data_dir=tmp_path / "data")
    for text, formats in (
        ("SELECT * { ?s ?p ?o }", ("json", "csv", "xml", "tsv")),
        ("CONSTRUCT WHERE { ?s ?p ?o }", ("nt", "ttl", "rdf")),
    ):
        for format in formats:
            answer = server.query(text, format=format)
            problem(answer, 503, "store-damaged")
            assert "generations" not in answer.text  # where the files are is nobody's business
    for path in ("/export/dataset/graph.nq", "/export/dataset/graph.ttl"):
        problem(server.client.get(path), 503, "store-damaged")
    assert server.query("ASK {}").json()["boolean"] is True
    assert server.client.get("/graph/x.nt").status_code in (500, 503)


@pytest.mark.parametrize("format", ["nq", "nt", "ttl", "trig"])
def test_an_export_says_how_long_it_is(client: InProcess, format: str) -> None:
    answer = client.get(f"/export/dataset/graph.{format}")
    assert int(answer.headers["content-length"]) == len(answer.content) > 1000
    again = client.get(f"/export/dataset/graph.{format}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_export_that_ends_too_early_is_seen_to(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    usual = export.DUMPS["nq"]
    times = 0

    def fails_the_second_time(snapshot: object) -> Iterator[bytes]:
        nonlocal times
        times += 1
        whole = b"".join(usual.write(snapshot))  # type: ignore[arg-type]
        yield whole[:1000]
        if times > 1:
            raise OSError("the disk is gone")
        yield whole[1000:]

    monkeypatch.setitem(export.DUMPS, "nq", dataclasses.replace(usual, write=fails_the_second_time))
    app = create_app(Settings(data_dir=data_dir, query_workers=1, log_format="none", prepare_search=False))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", http="httptools", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        with socket.create_connection(listener.getsockname(), timeout=20) as connection:
            connection.sendall(f"GET /export/dataset/graph.nq HTTP/{version}\r\nHost: x\r\n\r\n".encode())
            received = b""
            while piece := connection.recv(65536):
                received += piece
    finally:
        server.should_exit = True
        thread.join()
    head, _, body = received.partition(b"\r\n\r\n")
    (length,) = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    assert len(body) == 1000 < int(length.partition(b":")[2])
    assert b"transfer-encoding" not in head.lower()
