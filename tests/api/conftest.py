"""A data directory with a small graph, the application over it in this process, and servers of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from http_support import InProcess, Logged, Server, answers, fill, wait_until

from sdograph_api.settings import Settings

# No process beside those that a test knows of; the tests of it say otherwise.
os.environ["SDOGRAPH_PREPARE_SEARCH"] = os.environ["SDOGRAPH_PREPARE_OVERLAPS"] = "false"

#: Starts a server with settings over those of the fixture.
Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by all tests that only read."""
    folder = tmp_path_factory.mktemp("data")
    fill(folder)
    return folder


@pytest.fixture(scope="session")
def client(data_dir: Path) -> Iterator[InProcess]:
    """The application in this process, its workers running."""
    client = InProcess(Settings(data_dir=data_dir, query_workers=1, max_result_bytes=100_000))
    yield client
    client.close()


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
def serve(data_dir: Path, tmp_path: Path) -> Iterator[Serve]:
    """Starts servers; they end with the test."""
    running: list[Server] = []

    def start(**settings: Any) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        given = {
            "data_dir": data_dir,
            "query_workers": 1,
            "cache_bytes": 0,
            **settings,
        }
        environment = {f"SDOGRAPH_{name.upper()}": str(value) for name, value in given.items()}
        log = tmp_path / f"server-{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "sdograph_api.app:create_app", "--factory",
                 "--port", str(port), "--http", "httptools", "--log-level", "warning",
                 "--timeout-graceful-shutdown", "1"],
                env=os.environ | environment, stdout=output, stderr=output,
            )  # fmt: skip
        server = Server(process, f"http://127.0.0.1:{port}")
        running.append(server)
        wait_until(lambda: answers(server))
        return server

    yield start
    for server in running:
        server.stop()
