"""What the tests of the server share: the application in this process, servers, the shape of errors."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox

from sdograph.store import EmbeddedStore
from sdograph_api.app import Application, create_app
from sdograph_api.logs import RequestLog
from sdograph_api.settings import Settings

GRAPH = Path(__file__).with_name("graph.trig")
ID = "https://w3id.org/sdograph/id/"
#: Joins everything with everything: no answer within a lifetime.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


def fill(data_dir: Path) -> EmbeddedStore:
    """Publishes the small graph as the first generation of a data directory."""
    store = EmbeddedStore(data_dir)
    with store.writer() as writer:
        writer.load(ox.parse(path=GRAPH, format=ox.RdfFormat.TRIG))
        writer.publish()
    return store


class InProcess:
    """The application in an event loop of its own, asked as over HTTP. Redirects are not followed."""

    def __init__(self, settings: Settings) -> None:
        self.app: Application = create_app(settings)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._lifespan = self.app.router.lifespan_context(self.app)
        self._run(self._lifespan.__aenter__())

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)

    def request(self, method: str, path: str, *, root_path: str = "", **arguments: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            # As a server does it: the framework answers, and then raises what it did not expect.
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, root_path=root_path)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                answer = await client.request(method, path, **arguments)
            self.app.note()  # what is logged is of this test
            return answer

        response: httpx.Response = self._run(ask())
        return response

    def get(self, path: str, **arguments: Any) -> httpx.Response:
        return self.request("GET", path, **arguments)

    def post(self, path: str, **arguments: Any) -> httpx.Response:
        return self.request("POST", path, **arguments)

    def close(self) -> None:
        self._run(self._lifespan.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Logged:
    """The application in this process, and what it logs."""

    def __init__(self, data_dir: Path, **settings: Any) -> None:
        given = Settings(data_dir=data_dir, query_workers=1, **settings)
        self.client = InProcess(given)
        self._written: list[bytes] = []
        self.client.app.request_log = RequestLog(given, self._written.append)

    @property
    def lines(self) -> list[bytes]:
        self.client.app.note()
        return b"".join(self._written).splitlines(keepends=True)

    def last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.lines[-1])
        return line


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Asserts the shape that every error has (RFC 9457), and returns it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "code", "where", "hint"} <= document.keys()
    assert document["status"] == status
    assert document["code"] == code
    assert document["detail"]
    return document


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process = process
        self.address = address
        self.client = httpx.Client(base_url=address, timeout=60)

    def query(self, text: str, **parameters: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": text, **parameters})

    def workers(self) -> list[int]:
        """Process ids of its workers."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for file in children for pid in file.read_text().split()]

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=30)


def answers(server: Server) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return server.client.get("/health").status_code < 600
    return False


def wait_until(condition: Callable[[], Any], *, seconds: float = 30) -> None:
    """Waits for something that has to come about; how long it takes is not judged."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come about")
        time.sleep(0.02)
