"""Networks are made in processes of their own: once for all who ask, in turn, within limits."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from http_support import InProcess, Server, problem, wait_until

from sdograph_api import making
from sdograph_api.context import Context
from sdograph_api.making import Made, Making
from sdograph_api.problems import Problem
from sdograph_api.settings import Settings

Serve = Callable[..., Server]


class Processes:
    """In the place of processes: each makes what it is asked for when it is told to go on."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.running = 0
        self.most = 0
        self.ended = 0
        self.go = asyncio.Event()
        self.version = "1-a"

    def __call__(self, *_given: object, **_named: object) -> Processes:
        return self

    async def ask(self, what: dict[str, Any], _body: bytes, _limit: float) -> tuple[dict[str, str], bytes]:
        self.begun.append(what["view"])
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.go.wait()
        finally:
            self.running -= 1
        if what["view"] == "wrong":
            raise Problem(400, "usage", "no such filter")
        Path(what["to"]).write_bytes(what["view"].encode())
        return {"version": self.version, "made_of": self.version}, b""

    async def end(self) -> None:
        self.ended += 1


def run(
    test: Callable[[Making, Processes], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    **settings: Any,
) -> None:
    async def go() -> None:
        processes = Processes()
        monkeypatch.setattr(making, "Process", lambda *_a, **_n: _own(processes))
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

        async def current() -> SimpleNamespace:
            return SimpleNamespace(version=processes.version)

        context = SimpleNamespace(settings=Settings(data_dir=tmp_path, **settings), current=current)
        made = Making(cast(Context, context))
        try:
            await test(made, processes)
        finally:
            await made.close()
        assert not list(tmp_path.iterdir()), "files are left"

    asyncio.run(go())


def _own(processes: Processes) -> SimpleNamespace:
    """Processes are told apart by what they are."""
    return cast(SimpleNamespace, _One(processes))


class _One:
    def __init__(self, all: Processes) -> None:
        self.ask = all.ask
        self.end = all.end


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def asked(made: Making, view: str, client: str = "a") -> asyncio.Task[Made]:
    return asyncio.ensure_future(made.made({"view": view, "as": "gexf"}, client))


def test_what_several_ask_for_is_made_once_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def test(made: Making, processes: Processes) -> None:
        both = [asked(made, "x", client) for client in ("a", "b")]
        await settled()
        both[0].cancel()  # who does not wait any more takes nothing from others
        processes.go.set()
        found = await both[1]
        assert (found.whole(), found.length, found.etag) == (b"x", 1, '"1-a"')
        with pytest.raises(Problem, match="shutting down"):
            await both[0]
        assert await asked(made, "x") is found
        processes.version = "2-b"
        newer = await asked(made, "x")
        assert newer.etag == '"2-b"'
        assert processes.begun == ["x", "x"]
        assert found.whole() == b"x", "who reads the older one still can"

    run(test, monkeypatch, tmp_path)


def test_what_is_begun_serves_nobody_who_asks_after_a_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def test(made: Making, processes: Processes) -> None:
        first = asked(made, "x")
        waits = [asked(made, "y"), asked(made, "z")]
        await settled()
        assert processes.begun == ["x", "y"]
        processes.version = "2-b"
        second, joined = asked(made, "x"), asked(made, "z")
        await settled()
        processes.go.set()
        await asyncio.gather(first, second, joined, *waits)
        # The one that had only waited is made of what is current when it begins: of it, once is enough.
        assert sorted(processes.begun) == ["x", "x", "y", "z"]
        assert joined.result() is waits[1].result()

    run(test, monkeypatch, tmp_path)


def test_only_so_many_are_made_at_once_and_whoever_had_less_comes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def test(made: Making, processes: Processes) -> None:
        processes.go.set()
        await asked(made, "before", "much")
        made._turns._usage.charge("much", 5.0)
        processes.go.clear()
        tasks = [asked(made, f"much {n}", "much") for n in range(4)]
        await settled()
        tasks.append(asked(made, "little", "little"))
        await settled()
        assert processes.begun == ["before", "much 0", "much 1"]
        processes.go.set()
        await asyncio.gather(*tasks)
        assert processes.most == 2
        assert processes.begun.index("little") < processes.begun.index("much 3")

    run(test, monkeypatch, tmp_path)


def test_a_client_waits_for_only_so_many(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def test(made: Making, processes: Processes) -> None:
        tasks = [asked(made, f"{n}") for n in range(3)]
        await settled()
        with pytest.raises(Problem, match="3 requests of this client") as refused:
            await asked(made, "one more")
        assert refused.value.status == 429
        assert refused.value.extra["limit"] == {
            "name": "max_client_networks", "value": 3, "unit": "requests"
        }  # fmt: skip
        # To wait for what is being made is free.
        again = asked(made, "0")
        processes.go.set()
        await asyncio.gather(again, *tasks)
        await asked(made, "one more")

    run(test, monkeypatch, tmp_path, max_client_networks=3)


def test_only_so_many_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def test(made: Making, processes: Processes) -> None:
        tasks = [asked(made, f"{n}", f"{n}") for n in range(2 + making.MAX_WAITING)]
        await settled()
        with pytest.raises(Problem, match="64 networks are waiting") as refused:
            await asked(made, "one more", "another")
        assert (refused.value.status, refused.value.headers["Retry-After"]) == (503, "5")
        processes.go.set()
        await asyncio.gather(*tasks)

    run(test, monkeypatch, tmp_path)


def test_who_waits_too_long_is_told_and_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def test(made: Making, processes: Processes) -> None:
        first, late = asked(made, "x"), asked(made, "y")
        with pytest.raises(Problem, match="no turn within") as refused:
            await late
        assert refused.value.code == "timeout"
        processes.go.set()
        await first
        assert (await asked(made, "y")).whole() == b"y"

    run(test, monkeypatch, tmp_path, network_timeout=0.2, network_makers=1)


def test_what_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def test(made: Making, processes: Processes) -> None:
        processes.go.set()
        for _ in range(2):
            with pytest.raises(Problem, match="no such filter"):
                await asked(made, "wrong")
        assert processes.begun == ["wrong", "wrong"]

    run(test, monkeypatch, tmp_path)


def test_a_process_with_nothing_to_do_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(making, "IDLE", 0.05)

    async def test(made: Making, processes: Processes) -> None:
        processes.go.set()
        await asked(made, "x")
        assert processes.ended == 0
        await asyncio.sleep(0.2)
        assert processes.ended == 1
        assert (await asked(made, "y")).whole() == b"y"

    run(test, monkeypatch, tmp_path)


# --- with processes


def makers(server: Server) -> list[int]:
    found = []
    for task in Path(f"/proc/{server.process.pid}/task").glob("*/children"):
        for pid in task.read_text().split():
            if b"sdograph_api.maker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(int(pid))
    return found


def alive(pid: int) -> bool:
    """Whether anything of it is left; its first thread may be gone before the others."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z" or len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    except OSError:
        return False


def test_a_network_past_its_time_is_ended_with_its_process(serve: Serve) -> None:
    server = serve(network_timeout=0.01)
    document = problem(server.client.get("/api/v1/networks/liaisons"), 503, "timeout")
    assert document["limit"] == {"name": "network_timeout", "value": 0.01, "unit": "seconds"}
    assert "written" not in document["detail"]
    wait_until(lambda: not makers(server))
    assert server.query("ASK {}").json()["boolean"] is True


def test_a_process_that_is_killed_is_replaced(serve: Serve) -> None:
    server = serve()
    assert server.client.get("/export/liaisons/graph.gexf").status_code == 200
    [pid] = makers(server)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not alive(pid))
    answer = server.client.get("/export/liaisons/graph.json")
    assert answer.status_code == 200, answer.text


def test_a_server_that_is_told_to_end_does_not_wait_for_networks(serve: Serve) -> None:
    server = serve()
    assert server.client.get("/export/liaisons/graph.gexf").status_code == 200
    [pid] = makers(server)
    os.kill(pid, signal.SIGSTOP)  # it takes for ever
    with httpx.Client(base_url=server.address, timeout=30) as client, asyncio.Runner() as runner:

        async def ask() -> None:
            with contextlib.suppress(httpx.HTTPError):  # an answer of 503, or none
                answer = await asyncio.to_thread(client.get, "/export/liaisons/graph.svg")
                assert answer.status_code == 503

        async def both() -> None:
            waits = asyncio.create_task(ask())
            await asyncio.sleep(0.5)
            begun = time.monotonic()
            await asyncio.to_thread(server.stop)
            assert time.monotonic() - begun < 15
            await waits

        runner.run(both())
    assert not alive(pid)


def test_a_network_that_is_not_there_is_the_clients_mistake(client: InProcess) -> None:
    problem(client.get("/api/v1/networks/nothing"), 404, "not-found")
    problem(client.get("/api/v1/networks/liaisons?body=NOBODY"), 400, "usage")
