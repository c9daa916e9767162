"""What is computed in threads of the server takes turns, so that who asks for much keeps nobody waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from http_support import InProcess, problem

from sdograph_api.problems import Problem
from sdograph_api.routing import AT_ONCE, Computing
from sdograph_api.settings import Settings
from sdograph_api.turns import Turns


def turns(at_once: int = 2, *, max_waiting: int = 10, timeout: float = 10.0) -> Turns:
    return Turns(
        at_once,
        max_waiting=max_waiting,
        timeout=timeout,
        what="lists",
        waiting_limit="most",
        time_limit="time",
    )


class Work:
    """What is begun, and how much of it runs at once; each ends when it is told to."""

    def __init__(self, given: Turns) -> None:
        self.given = given
        self.begun: list[str] = []
        self.running = self.most = 0
        self.go = asyncio.Event()

    async def do(self, client: str) -> None:
        async with self.given.turn(client):
            self.begun.append(client)
            self.running += 1
            self.most = max(self.most, self.running)
            await self.go.wait()
            self.running -= 1


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(bounded())


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_only_so_many_run_and_who_has_had_less_comes_first() -> None:
    async def test() -> None:
        work = Work(turns(2))
        work.given._usage.charge("much", 3.0)
        tasks = [asyncio.create_task(work.do("much")) for _ in range(5)]
        await settled()
        tasks.append(asyncio.create_task(work.do("little")))
        await settled()
        assert work.begun == ["much", "much"]
        work.go.set()
        await asyncio.gather(*tasks)
        assert work.most == 2
        assert work.begun[2] == "little"
        assert len(work.begun) == 6

    run(test)


def test_who_waits_too_long_or_comes_too_late_is_told_the_limit() -> None:
    async def test() -> None:
        work = Work(turns(1, max_waiting=1, timeout=0.1))
        first = asyncio.create_task(work.do("a"))
        late = asyncio.create_task(work.do("b"))
        await settled()
        with pytest.raises(Problem, match="1 lists are waiting") as full:
            await work.do("c")
        assert full.value.extra["limit"] == {"name": "most", "value": 1, "unit": "lists"}
        with pytest.raises(Problem, match="no turn within") as waited:
            await late
        assert (waited.value.status, waited.value.code) == (503, "timeout")
        assert waited.value.extra["limit"] == {"name": "time", "value": 0.1, "unit": "seconds"}
        work.go.set()
        await first
        await work.do("d")  # its turn was not lost

    run(test)


def test_a_turn_given_to_somebody_who_has_just_gone_is_not_lost() -> None:
    async def test() -> None:
        work = Work(turns(1))
        work.go.set()
        async with work.given.turn("a"):
            gone = asyncio.create_task(work.do("b"))
            await settled()
            stays = asyncio.create_task(work.do("c"))
            await settled()
        gone.cancel()  # b has been given the turn, and does not know it yet
        await asyncio.gather(gone, stays, return_exceptions=True)
        assert work.begun == ["c"]
        await work.do("d")

    run(test)


def test_what_fails_gives_its_turn_back() -> None:
    async def test() -> None:
        given = turns(1)
        for _ in range(3):
            with pytest.raises(ValueError, match="broken"):
                async with given.turn("a"):
                    raise ValueError("broken")

    run(test)


# --- of the server


async def enter(given: Turns, *, times: int) -> list[Any]:
    """Takes turns, which last as long as what is returned."""
    taken = [given.turn("another") for _ in range(times)]
    for turn in taken:
        await turn.__aenter__()
    return taken


def test_long_lists_wait_for_each_other_and_nothing_else_does(data_dir: Path) -> None:
    client = InProcess(Settings(data_dir=data_dir, query_workers=1, query_timeout=0.3))
    try:
        taken = client._run(enter(client.app.computing.at("/api/v1/work-items.csv"), times=1))
        assert taken
        for path in ("/api/v1/bodies.csv", "/.well-known/void", "/api/v1/overlaps/gaps", "/api/v1/review"):
            waited = problem(client.get(path), 503, "timeout")
            assert waited["limit"] == {"name": "query_timeout", "value": 0.3, "unit": "seconds"}
        for path in (
            "/api/v1/bodies",
            "/api/v1/networks/liaisons",
            "/export/liaisons/graph.gexf",
            "/id/body/ETSI.ttl",
            "/health",
            "/sparql?query=ASK%20%7B%7D",
        ):
            assert client.get(path).status_code == 200, path
    finally:
        client.close()


def test_short_answers_wait_for_eight_others(data_dir: Path) -> None:
    client = InProcess(Settings(data_dir=data_dir, query_workers=1, query_timeout=0.3))
    try:
        short = client.app.computing.at("/api/v1/bodies")
        most = client._run(enter(short, times=AT_ONCE - 1))
        assert client.get("/api/v1/bodies").status_code == 200
        last = client._run(enter(short, times=1))
        assert most
        assert last
        problem(client.get("/api/v1/bodies"), 503, "timeout")
        assert client.get("/health").status_code == 200
        assert client.get("/sparql?query=ASK%20%7B%7D").status_code == 200
    finally:
        client.close()


def test_every_whole_file_is_a_long_one(client: InProcess, data_dir: Path) -> None:
    computing = Computing(Settings(data_dir=data_dir))
    long = computing.at("/x.csv")
    paths = client.app.openapi()["paths"]
    files = [path for path in paths if path.endswith((".csv", ".tsv"))]
    assert len(files) >= 8
    assert all(computing.at(path) is long for path in files)
    assert computing.at("/api/v1/liaisons/{id}") is not long
    assert not any(isinstance(route, APIRoute) and type(route) is APIRoute for route in client.app.routes)
