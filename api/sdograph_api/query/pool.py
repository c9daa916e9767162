"""The pool of processes that evaluate queries from outside.

Processes that are idle or at a quick query are *fast*; there are ``workers`` of them and a spare one. A query
that has used LONG seconds of the processor is set aside: its process gets a lower priority and no longer
counts as fast, so another is started in its place. Hence whoever asks something quick finds a process,
whatever else is running. At most ``max_long`` queries are set aside; one more is *parked*: its process ends,
and it begins anew when there is a place. Past its deadline every query is ended.

When the queries together hold more than ``max_memory`` bytes, the one that holds most is ended.

When there is not enough for all, clients that have used little come before those that have used much. A long
query is ended for one that is parked when its client has more long ones, or has used TURN seconds more: so
nobody keeps the others from asking what takes long.

All of it runs in one event loop.
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import logging
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from sdograph_api.problems import Problem, too_busy
from sdograph_api.query import worker
from sdograph_api.query.fairness import Usage
from sdograph_api.query.outcomes import (
    crash_problem,
    late_problem,
    long_problem,
    together_problem,
    waiting_problem,
)  # fmt: skip
from sdograph_api.query.process import Allowance, Query, WorkerProcess

log = logging.getLogger(__name__)

#: Seconds of the processor after which a query is set aside. By the clock it may be more: on a machine with
#: much to do, what is quick takes a while.
LONG = 0.3
#: The same while others wait and there is room among the long ones.
LONG_WHEN_OTHERS_WAIT = 0.1
#: Seconds by the clock after which it is in any case: it may wait for the disk.
LONG_BY_CLOCK = 1.0
#: Seconds of the processor that the client of a long query may be ahead of those who wait for its place.
TURN = 1.0
#: Steps by which the priority of a long query is lower: the first, and one more for each of these numbers of
#: seconds that it has used, and when its client has used so many. Who asks something of a second in good
#: faith is to have an answer also while all processors are busy.
NICE, STEPS, HEAVY = (5, 10, 15, 19), (1.0, 4.0), 4.0
#: Seconds between looks at the clock while anything is running.
TICK = 0.05
#: A process that holds more after a query is replaced, so that the memory returns.
MAX_RESIDENT = 256 << 20
#: Starts that fail in a row before those who wait are told.
MAX_FAILURES = 3


class Job:
    """A query of a client on its way. ``answer`` becomes kind and payload of what a worker said."""

    __slots__ = (
        "answer", "asked", "client", "deadline", "on_slow", "process", "query", "started", "timeout", "used",
        "used_before",
    )  # fmt: skip

    def __init__(self, query: Query, timeout: float, client: str, loop: asyncio.AbstractEventLoop) -> None:
        self.query = query
        self.client = client
        self.timeout = timeout
        self.asked = loop.time()
        self.deadline = self.asked + timeout
        self.started = 0.0
        #: Seconds of the processor, and how many its process had used before.
        self.used = self.used_before = 0.0
        self.process: WorkerProcess | None = None
        self.answer: asyncio.Future[tuple[bytes, bytes]] = loop.create_future()
        #: Called once if the answer takes longer than a tick.
        self.on_slow: Callable[[], None] | None = None

    def fail(self, problem: Problem) -> None:
        if not self.answer.done():
            self.answer.set_exception(problem)


class Workers:
    """See the module. ``workers`` fast processes and a spare, ``max_long`` queries set aside, ``max_waiting``
    that wait for a process. ``beside`` says how many bytes the queries of other pools hold that share in
    ``max_memory``.

    To be made and used in one running event loop; :meth:`close` has to be awaited in it.
    """

    def __init__(
        self,
        allowance: Allowance,
        generation: Path,
        *,
        workers: int,
        max_long: int,
        max_waiting: int,
        max_memory: int,
        beside: Callable[[], int] = int,
    ) -> None:
        self.allowance = allowance
        self._fast = workers + 1
        self._max_long = max_long
        self._max_waiting = max_waiting
        self._max_memory = max_memory
        self._beside = beside
        self.held = 0
        """Bytes that the processes of running queries held at the last look."""
        self._loop = asyncio.get_running_loop()
        self._generation = generation
        self._starting: dict[WorkerProcess, asyncio.Task[None]] = {}
        self._idle: list[WorkerProcess] = []
        self._busy: dict[WorkerProcess, Job] = {}
        self._long: dict[WorkerProcess, Job] = {}
        self._waiting: collections.deque[Job] = collections.deque()
        self._parked: list[Job] = []
        self._usage = Usage(self._loop.time)
        self._dying: list[subprocess.Popen[bytes]] = []
        self._tick: asyncio.TimerHandle | None = None
        self._failures = 0
        self._retry: asyncio.TimerHandle | None = None
        self._closed = False
        #: Processes started, ended by the server, and ended by themselves, ever.
        self.started = self.killed = self.lost = 0
        self._fill()

    def submit(self, query: Query, generation: Path, timeout: float, client: str = "") -> Job:
        """Hands a query to a process, or has it wait for one; raises Problem when too many wait already."""
        if self._closed:
            raise too_busy("the server is shutting down", code="shutting-down")
        if generation != self._generation:
            self._generation = generation
            for process in self._idle:
                process.move_to(generation)
        job = Job(query, timeout, client, self._loop)
        if self._idle:
            self._assign(self._idle.pop(), job)
        elif len(self._waiting) + len(self._parked) < self._max_waiting:
            self._waiting.append(job)
        else:
            raise waiting_problem(self._max_waiting)
        if self._tick is None:
            self._tick = self._loop.call_later(TICK, self._look)
        return job

    def abandon(self, job: Job) -> None:
        """Nobody wants the answer any more: the query ends, or never begins."""
        # Who is cancelled while waiting for the answer has cancelled that, too.
        job.answer.cancel()
        if not job.answer.cancelled():
            return
        if job.process is not None:
            if (self._busy.get(job.process) or self._long.get(job.process)) is job:
                self._retire(job.process)
        elif job in self._waiting:
            self._waiting.remove(job)
        elif job in self._parked:
            self._parked.remove(job)

    def alive(self) -> dict[str, int]:
        """How many processes there are, by what they are at."""
        return {
            "starting": len(self._starting),
            "idle": len(self._idle),
            "busy": len(self._busy),
            "long": len(self._long),
            "waiting_queries": len(self._waiting) + len(self._parked),
        }

    @property
    def failing(self) -> bool:
        """Whether processes do not come up any more."""
        return self._failures >= MAX_FAILURES

    async def close(self) -> None:
        """Ends every process and query."""
        self._closed = True
        for handle in (self._tick, self._retry):
            if handle is not None:
                handle.cancel()
        for job in (*self._waiting, *self._parked, *self._busy.values(), *self._long.values()):
            job.fail(too_busy("the server is shutting down", code="shutting-down"))
        self._waiting.clear()
        self._parked.clear()
        tasks = list(self._starting.values())
        for process in self._all():
            process.end()
            self._dying.append(process.process)
        for group in (self._starting, self._idle, self._busy, self._long):
            group.clear()
        await asyncio.gather(*tasks, return_exceptions=True)
        while self._dying:
            self._reap()
            await asyncio.sleep(0.005)

    # --- processes

    def _all(self) -> Iterator[WorkerProcess]:
        yield from [*self._starting, *self._idle, *self._busy, *self._long]

    def _fill(self) -> None:
        self._retry = None
        while len(self._starting) + len(self._idle) + len(self._busy) < self._fast:
            process = WorkerProcess(
                self._generation,
                self.allowance,
                on_ready=self._ready,
                on_answer=self._answered,
                on_lost=self._lost,
            )
            self._starting[process] = self._loop.create_task(process.connect())
            self.started += 1

    def _ready(self, process: WorkerProcess) -> None:
        del self._starting[process]
        self._failures = 0
        self._next(process)

    def _next(self, process: WorkerProcess) -> None:
        """Gives a process that is free the next query that waits."""
        if self._parked and len(self._long) < self._max_long:
            job = min(self._parked, key=self._standing)
            self._parked.remove(job)
            self._assign(process, job)
            self._set_aside(process, job)
        elif self._waiting:
            job = self._usage.first(self._waiting)
            self._waiting.remove(job)
            self._assign(process, job)
        else:
            self._idle.append(process)

    def _assign(self, process: WorkerProcess, job: Job) -> None:
        self._usage.turn(job.client)
        job.process = process
        job.started = self._loop.time()
        job.used, job.used_before = 0.0, process.cpu_seconds()
        self._busy[process] = job
        process.ask(job.query, self._generation)

    def _answered(self, process: WorkerProcess, kind: bytes, payload: bytes) -> None:
        job = self._busy.pop(process, None) or self._long[process]
        self._reckon(process, job)
        if process in self._long:
            self._retire(process)
        elif kind == worker.NO_STORE:
            # It may have been a passing lack of memory or files; the next process tries again.
            self._retire(process)
        elif (
            self._loop.time() - job.started > LONG_WHEN_OTHERS_WAIT
            and process.resident_bytes() > MAX_RESIDENT
        ):
            self._retire(process)
        else:
            self._next(process)
        if not job.answer.done():
            job.answer.set_result((kind, payload))

    def _lost(self, process: WorkerProcess) -> None:
        """A process died by itself."""
        job = self._busy.get(process) or self._long.get(process)
        if process in self._starting:
            self._failures += 1
            if self._failures >= MAX_FAILURES:
                log.error("%d query processes in a row failed to start", self._failures)
                for waiting in (*self._waiting, *self._parked):
                    waiting.fail(too_busy("no process can be started to evaluate queries"))
                self._waiting.clear()
                self._parked.clear()
        self.lost += 1
        self.killed -= 1  # it is counted as killed below
        self._retire(process)
        if job is not None:
            # How it ended is known a moment after its connection is gone.
            self._loop.call_later(0.02, self._tell_why, process, job)

    def _tell_why(self, process: WorkerProcess, job: Job) -> None:
        code = process.process.poll()
        log.warning("a query process ended with code %s", code)
        job.fail(crash_problem(code, self.allowance))

    def _retire(self, process: WorkerProcess) -> None:
        """Ends a process, and starts another if that leaves too few."""
        self._starting.pop(process, None)
        self._busy.pop(process, None)
        was_long = self._long.pop(process, None)
        with contextlib.suppress(ValueError):
            self._idle.remove(process)
        process.end()
        self.killed += 1
        self._dying.append(process.process)
        if self._closed:
            return
        if self._tick is None:
            self._tick = self._loop.call_later(TICK, self._look)
        if not self._failures:
            self._fill()
        elif self._retry is None:
            self._retry = self._loop.call_later(min(0.1 * 2**self._failures, 10.0), self._fill)
        if was_long and self._parked and self._idle:
            self._next(self._idle.pop())

    def _reap(self) -> None:
        self._dying = [process for process in self._dying if process.poll() is None]

    # --- the clock

    def _look(self) -> None:
        self._tick = None
        now = self._loop.time()
        for process, job in [*self._long.items(), *self._busy.items()]:
            if now >= job.deadline:
                job.fail(late_problem(job.timeout, begun=job.process is not None))
                self._retire(process)
        for job in (*self._busy.values(), *self._waiting):
            if job.on_slow is not None:
                job.on_slow()
                job.on_slow = None
        for process, job in [*self._long.items(), *self._busy.items()]:
            self._reckon(process, job)
        for process, job in self._long.items():
            self._lower(process, job)
        for process, job in list(self._busy.items()):
            others_wait = self._waiting and len(self._long) < self._max_long
            long = LONG_WHEN_OTHERS_WAIT if others_wait else LONG
            if job.used >= long or now - job.started >= LONG_BY_CLOCK:
                self._set_aside(process, job)
        self._take_turns()
        self._bound_memory()
        for job in [job for job in self._parked if now >= job.deadline]:
            self._parked.remove(job)
            job.fail(long_problem(self._max_long))
        for job in [job for job in self._waiting if now >= job.deadline]:
            self._waiting.remove(job)
            job.fail(late_problem(job.timeout, begun=job.process is not None))
        self._reap()
        if self._tick is None and (self._busy or self._long or self._waiting or self._parked or self._dying):
            self._tick = self._loop.call_later(TICK, self._look)

    def _reckon(self, process: WorkerProcess, job: Job) -> None:
        """Charges a client with what its query has used since the last look."""
        more = max(0.0, process.cpu_seconds() - job.used_before - job.used)
        job.used += more
        self._usage.charge(job.client, more)

    def _set_aside(self, process: WorkerProcess, job: Job) -> None:
        if len(self._long) < self._max_long:
            del self._busy[process]
            self._long[process] = job
            self._lower(process, job)
            self._fill()
        else:
            job.process = None
            self._parked.append(job)
            self._retire(process)

    def _lower(self, process: WorkerProcess, job: Job) -> None:
        steps = sum(job.used >= seconds for seconds in STEPS) + (self._usage.of(job.client) >= HEAVY)
        process.set_priority(NICE[steps])

    def _bound_memory(self) -> None:
        """Ends the query that holds most while all of them hold too much."""
        begun = self._loop.time() - TICK  # what has only begun holds little
        running = self._long | {process: job for process, job in self._busy.items() if job.started < begun}
        held = {process: process.resident_bytes() for process in running}
        while held and sum(held.values()) + self._beside() > self._max_memory:
            most = max(held, key=held.__getitem__)
            running[most].fail(together_problem(self._max_memory))
            self._retire(most)
            del held[most]
        self.held = sum(held.values())

    def _standing(self, job: Job) -> tuple[int, float]:
        """How many other long queries the client has, and what it has used: less of both comes first."""
        others = sum(other.client == job.client for other in self._long.values() if other is not job)
        return others, self._usage.of(job.client)

    def _take_turns(self) -> None:
        """Ends a long query, the last of a client that has more than one that waits."""
        if not self._parked or len(self._long) < self._max_long:
            return
        others, used = min(map(self._standing, self._parked))
        process, most = max(reversed(self._long.items()), key=lambda entry: self._standing(entry[1]))
        if self._standing(most) > (others, used + TURN):
            most.fail(long_problem(self._max_long))
            self._retire(process)
