"""One server, as an operator starts it, for all attacks; and what has to hold after each of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import SECRET, FileCanary, HttpCanary, canaries
from http_support import Server, answers, wait_until

from sdograph import pipeline
from sdograph.store import EmbeddedStore

TOKEN = "open-sesame-7f3a"
#: What the document with the hostile title is called, and what it says.
HOSTILE = "LS \"><img src=x onerror=alert(1)><script>alert('statement')</script> ${7*7} {{7*7}}"
_STATEMENT = f"""Title: {HOSTILE}
From: 3GPP SA3
To: ETSI ISG SAI
Date: 12 March 2021
Document number: S3-219999

1. Overall description
<script>alert("body")</script>
"""
_SETTINGS = {
    "query-workers": 1,
    "query-timeout": 4,
    "max-long-queries": 3,
    "max-waiting-queries": 100,
    "max-client-requests": 20,
    "max-result-bytes": 2 << 20,
    "max-rows": 5_000,
    "max-query-bytes": 400_000,
    "max-graph-bytes": 1 << 20,
    "worker-memory": 400 << 20,
    "update-timeout": 20,
    "receive-timeout": 2,
    "log-level": "info",
}


class Target:
    """The server under attack."""

    def __init__(self, server: Server, log: Path, http: HttpCanary, file: FileCanary) -> None:
        self.server = server
        self.client = server.client
        self.log = log
        self.http = http
        self.file = file
        self.port = int(server.address.rpartition(":")[2])
        #: From the first moment on, half a request line: see the test of slow heads.
        self.idler = socket.create_connection(("127.0.0.1", self.port))
        self.idler.sendall(b"GET /sparql?query=ASK")

    def raw(self, request: bytes, *, timeout: float = 20) -> bytes:
        """All that the server says to some bytes, until it closes the connection or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            answer = b""
            try:
                connection.sendall(request)
                while piece := connection.recv(65536):
                    answer += piece
            except (ConnectionError, TimeoutError):
                pass
            return answer

    def workers(self) -> dict[str, int]:
        workers: dict[str, int] = self.client.get("/health").json()["workers"]
        return workers


@pytest.fixture(scope="session")
def target(bundled_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("attacked")
    bundled_store.backup(folder / "data")
    store = EmbeddedStore(folder / "data")
    (folder / "hostile.txt").write_text(_STATEMENT)
    (report,) = pipeline.ingest(store, [folder / "hostile.txt"], pipeline.Options())
    assert report.state == "new", report
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "log"
    flags = [part for name, value in _SETTINGS.items() for part in (f"--{name}", str(value))]
    with canaries(folder) as (http, file), log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "sdograph", "serve", "--data-dir", str(folder / "data"),
             "--port", str(port), *flags],
            env=os.environ | {"SDOGRAPH_WRITE_TOKEN": TOKEN}, stdout=output, stderr=output,
        )  # fmt: skip
        server = Server(process, f"http://127.0.0.1:{port}")
        try:
            wait_until(lambda: answers(server), seconds=120)
            target = Target(server, log, http, file)
            yield target
            target.idler.close()
        finally:
            server.stop()


@pytest.fixture(autouse=True)
def _unharmed(target: Target) -> Iterator[None]:
    """After each attack: nothing went out, nothing was read, and the next question is answered right."""
    target.file.opened()
    connections = target.http.connections
    yield
    assert target.http.connections == connections, target.http.asked
    assert not target.file.opened()
    assert target.server.process.poll() is None
    answer = target.server.query(
        "SELECT ?l { <https://w3id.org/sdograph/id/body/ETSI> rdfs:label ?l }", format="csv"
    )
    assert (answer.status_code, answer.text) == (200, "l\r\nETSI\r\n")
    leaked = target.server.query(f"ASK {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), '{SECRET}')) }}")
    assert leaked.json()["boolean"] is False
