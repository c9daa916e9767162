"""What honest clients get while hostile ones do what they can and a document is committed every second.

64 connections ask without pause for 60 s, each from an address of its own: one resource, lists, aggregates,
REST, linked data and exports, in all formats, some again and again. Every body is held against what the
engine answers to the same query alone (or the idle server, where it is no query), so one that is cut, from
before a commit that was done, or of another query counts as an error. Ten queries a second that must be
refused come from further addresses. Client, hostile ones, commits and server share the processors of the
machine: the figures are about errors and whether memory stays flat, and times are those of a server that
never has a moment's rest.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import uvloop

from benchmarks import synthetic
from benchmarks.load.client import Answer, Connection, Request
from benchmarks.load.requests import Honest, Hostile, Mix, Window, hostile
from benchmarks.measure import free_port, own_cpu, proportional_memory, server

CONNECTIONS = 64
HOSTILE_EACH_SECOND = 10
HOSTILE_ADDRESSES = 16
SECONDS = 60
#: An honest request may take this long.
PATIENCE = 60.0
SHOWN = 8


@dataclass(slots=True)
class Seen:
    """What was seen under load."""

    times: dict[str, list[float]] = field(default_factory=lambda: collections.defaultdict(list))
    """Seconds, by kind of honest request."""
    errors: list[str] = field(default_factory=list)
    refused: collections.Counter[tuple[str, str]] = field(default_factory=collections.Counter)
    """How hostile requests ended, by kind."""
    wrong: list[str] = field(default_factory=list)
    """Hostile requests that were not refused as they should be."""
    memory: list[tuple[int, int]] = field(default_factory=list)
    """Bytes of the server processes, and of those that evaluate queries."""


class Commits:
    """The process that commits, and how far it is."""

    def __init__(self, data_dir: Path, folder: Path) -> None:
        self.begun: list[float] = []
        self.ended: list[float] = []
        self.failed: list[str] = []
        self._command = [sys.executable, "-m", "benchmarks.load.committing", str(data_dir), str(folder)]

    async def run(self, stop: asyncio.Event) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        ending = asyncio.create_task(stop.wait())
        ending.add_done_callback(lambda _: process.stdin and process.stdin.close())
        async for line in process.stdout:
            event, _, at, *state = line.decode().split()
            (self.begun if event == "begin" else self.ended).append(float(at))
            if state not in ([], ["new"]):
                self.failed.append(state[0])
        if await process.wait() != 0 and not stop.is_set():
            self.failed.append(f"it ended with {process.returncode}")


def run(
    folder: Path,
    triples: int,
    *,
    seconds: int = SECONDS,
    workers: int = 1,
    data_dir: Path | None = None,
    attacks: float = HOSTILE_EACH_SECOND,
    commit: bool = True,
) -> None:
    store = synthetic.copied(folder, data_dir) if data_dir else synthetic.store(folder, min(triples, 100_000))
    print(
        f"{len(store.current()):,} quads, {workers} server process(es), {os.cpu_count()} processors, "
        f"load before {os.getloadavg()[0]:.1f}"
    )
    port = free_port()
    command = [sys.executable, "-m", "sdograph", "serve", "--data-dir", str(store.data_dir),
               "--port", str(port), "--workers", str(workers)]  # fmt: skip
    up = f"http://127.0.0.1:{port}/health"
    with server(command, up, seconds=300) as process, socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.setblocking(False)

        def ask(request: Request) -> Answer:
            async def once() -> Answer:
                connection = Connection(port, "127.0.0.1")
                try:
                    return await connection.ask(request)
                finally:
                    connection.close()

            return asyncio.run(once())

        generation = store.generation_path(store.current_number())
        mix = Mix(ox.Store.read_only(str(generation)), ask)
        commits, seen = Commits(store.data_dir, folder), Seen()
        cpu, begin = own_cpu(), time.monotonic()
        attackers = hostile(canary.getsockname()[1])
        uvloop.run(_load(port, process.pid, mix, attackers, commits, seen, seconds, attacks, commit))
        share = (own_cpu() - cpu) / (time.monotonic() - begin)
        try:
            canary.accept()
            seen.wrong.append("a query went out to the network")
        except BlockingIOError:
            pass
    _report(seen, commits, seconds, share)


async def _load(
    port: int, pid: int, mix: Mix, attackers: Iterator[Hostile], commits: Commits, seen: Seen,
    seconds: int, attacks: float, commit: bool,
) -> None:  # fmt: skip
    stop = asyncio.Event()
    committing = asyncio.create_task(commits.run(stop) if commit else stop.wait())
    while commit and not commits.ended and not committing.done():  # until it is in its rhythm
        await asyncio.sleep(0.05)
    clients = [
        asyncio.create_task(_honest(port, f"127.0.1.{n + 1}", mix, commits, seen, stop))
        for n in range(CONNECTIONS)
    ]
    others = [
        asyncio.create_task(_attack(port, attackers, attacks, seen, stop)),
        asyncio.create_task(_watch(pid, seen, stop)),
    ]
    await asyncio.sleep(seconds)
    stop.set()
    await asyncio.gather(*clients, *others, committing)


async def _honest(
    port: int, source: str, mix: Mix, commits: Commits, seen: Seen, stop: asyncio.Event
) -> None:
    connection = Connection(port, source)
    while not stop.is_set():
        honest: Honest = mix.next()
        done, begin = len(commits.ended), time.monotonic()
        try:
            answer = await asyncio.wait_for(connection.ask(honest.request), PATIENCE)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            seen.errors.append(f"{honest.kind}: {type(error).__name__} {error}")
            continue
        seen.times[honest.kind].append(time.monotonic() - begin)
        window: Window = (done, len(commits.begun))
        if answer.status != 200:
            seen.errors.append(
                f"{honest.kind}: {answer.status} {answer.body[:200].decode('utf-8', 'replace')}"
            )
        else:
            try:
                wrong = honest.check(answer, window)
            except (ValueError, SyntaxError, KeyError) as error:
                wrong = f"unreadable: {error}"
            if wrong is not None:
                seen.errors.append(f"{honest.kind}: {wrong}: {honest.request.target[:300]}")
    connection.close()


async def _attack(
    port: int, attackers: Iterator[Hostile], each_second: float, seen: Seen, stop: asyncio.Event
) -> None:
    running: set[asyncio.Task[None]] = set()
    begin = time.monotonic()
    for number in itertools.count():
        if stop.is_set() or not each_second:
            break
        task = asyncio.create_task(_one_attack(port, f"127.0.2.{number % HOSTILE_ADDRESSES + 1}",
                                               next(attackers), seen))  # fmt: skip
        running.add(task)
        task.add_done_callback(running.discard)
        due = begin + (number + 1) / each_second
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    await asyncio.gather(*running)


async def _one_attack(port: int, source: str, attack: Hostile, seen: Seen) -> None:
    connection = Connection(port, source)
    try:
        answer = await asyncio.wait_for(connection.ask(attack.request), PATIENCE)
    except (OSError, EOFError, ValueError, TimeoutError) as error:
        seen.wrong.append(f"{attack.kind}: {type(error).__name__} {error}")
        return
    finally:
        connection.close()
    code = answer.body.partition(b'"code":"')[2].partition(b'"')[0].decode()
    seen.refused[attack.kind, f"{answer.status} {code}"] += 1
    if answer.status not in attack.deserved:
        seen.wrong.append(f"{attack.kind}: {answer.status} {answer.body[:200]!r}")


async def _watch(pid: int, seen: Seen, stop: asyncio.Event) -> None:
    while not stop.is_set():
        seen.memory.append(proportional_memory(pid, "sdograph_api.query.worker"))
        await asyncio.sleep(1)


def _report(seen: Seen, commits: Commits, seconds: int, share: float) -> None:
    total = sum(map(len, seen.times.values()))
    print(f"honest requests: {total:,} in {seconds} s, {len(seen.errors)} of them in error (aim: 0)")
    for line, count in collections.Counter(seen.errors).most_common(SHOWN):
        print(f"    {count} × {line}")
    for kind, times in [*sorted(seen.times.items()), ("all", [t for ts in seen.times.values() for t in ts])]:
        cut = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        print(f"  {kind:<14} {len(times):>7,}  p50 {cut[49] * 1e3:7.1f} ms  p99 {cut[98] * 1e3:7.1f} ms")
    took = [end - begin for begin, end in zip(commits.begun, commits.ended, strict=False)]
    if took:
        print(
            f"commits: {len(took)}, {len(commits.failed)} failed {commits.failed[:3] or ''}; "
            f"median {statistics.median(took):.2f} s, at most {max(took):.2f} s"
        )
    print(f"hostile requests: {seen.refused.total()}, {len(seen.wrong)} not refused as they deserve (aim: 0)")
    for line in seen.wrong[:SHOWN]:
        print(f"    {line}")
    for kind in dict.fromkeys(kind for kind, _ in seen.refused):
        ends = ", ".join(f"{count} × {end}" for (k, end), count in seen.refused.most_common() if k == kind)
        print(f"  {kind:<20} {ends}")
    third = max(1, len(seen.memory) // 3)
    for what, column in (("server", 0), ("query processes", 1)):
        first, last = (
            statistics.median(sample[column] for sample in part) / 1e6
            for part in (seen.memory[:third], seen.memory[-third:])
        )
        most = max(sample[column] for sample in seen.memory) / 1e6
        print(
            f"memory (PSS) of {what}: first third {first:.0f} MB, last third {last:.0f} MB "
            f"({last / first:.2f} times), at most {most:.0f} MB"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"the client itself: {share:.2f} of a processor, {peak:.0f} MB; load now {os.getloadavg()[0]:.1f}")
