from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from live_web import TestClock, Web, running

from sdograph.live import Limits, Synced, sync

Sync = Callable[..., Synced]


@pytest.fixture
def web() -> Iterator[Web]:
    with running(Web()) as web:
        yield web


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    # A proxy of the machine has no business with addresses of the loopback.
    with httpx.Client(trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def run(cache: Path, client: httpx.Client, clock: TestClock) -> Sync:
    """``run(name, limits=…, **parameters)``"""

    def once(name: str, *, limits: Limits | None = None, **parameters: str) -> Synced:
        return sync(name, parameters, cache, client=client, limits=limits, clock=clock)

    return once
