"""Networks are made in processes of their own: by whom they are asked for, how many at once, and the results.

A network of everything, its measures or its picture take seconds, without a moment's rest for anybody else in
the same process, and nothing could end them.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from sdograph_api.bounds import Clients
from sdograph_api.context import Context
from sdograph_api.problems import too_busy
from sdograph_api.process import Process
from sdograph_api.turns import Turns

#: Things made that are kept.
KEPT = 16
#: Networks that may wait to be made; one more is answered 503.
MAX_WAITING = 64
#: Seconds after which a process that has nothing to do is ended.
IDLE = 60.0
#: Bytes of a result that are read at once.
PIECE = 256 * 1024


class Made:
    """A file without a name that holds what was made; it goes when nobody reads from it any more.

    ``version`` is the version of the dataset that it was made of, ``made_of`` that of the table of overlaps
    that it rests on, or the same again, and ``etag`` its entity tag.
    """

    def __init__(self, file: int, version: str, made_of: str) -> None:
        weakref.finalize(self, os.close, file)
        self._file = file
        self.length = os.fstat(file).st_size
        self.version, self.made_of = version, made_of
        self.etag = f'"{version}"' if made_of == version else f'"{version}.{made_of}"'

    def pieces(self) -> Iterator[bytes]:
        """The file from its beginning; several may read it at once."""
        for start in range(0, self.length, PIECE):
            yield os.pread(self._file, PIECE, start)

    def whole(self) -> bytes:
        return b"".join(self.pieces())


class _Job:
    """Something to make. ``version`` is that of the dataset when it was begun, empty before."""

    __slots__ = ("client", "task", "version", "what")

    def __init__(self, what: Mapping[str, Any], client: str) -> None:
        self.what = what
        self.client = client
        self.version = ""
        self.task: asyncio.Task[Made] | None = None


class Making:
    """Has networks made, each once for all who ask for it meanwhile.

    To be used in one event loop; :meth:`close` has to be
    awaited in it.
    """

    def __init__(self, context: Context) -> None:
        settings = context.settings
        self._context = context
        self._timeout = settings.network_timeout
        self._clients = Clients(settings.max_client_networks, "max_client_networks")
        self._turns = Turns(
            settings.network_makers,
            max_waiting=MAX_WAITING,
            timeout=self._timeout,
            what="networks",
            waiting_limit="waiting_networks",
            time_limit="network_timeout",
        )
        self._free: dict[Process, asyncio.TimerHandle] = {}
        self._busy: set[Process] = set()
        self._jobs: dict[bytes, _Job] = {}
        self._kept: OrderedDict[bytes, Made] = OrderedDict()
        self._ending: set[asyncio.Task[None]] = set()

    async def made(self, what: Mapping[str, Any], client: str) -> Made:
        """What :mod:`sdograph_api.maker` makes of it, of the current version or a later one.

        Raises the problem of the process: 400 for filters that do not fit, 503 for its time and memory; 429
        when the client waits for too many already, 503 when all do.
        """
        version = (await self._context.current()).version
        key = orjson.dumps(what, option=orjson.OPT_SORT_KEYS)
        kept = self._kept.get(key)
        if kept is not None and kept.version == version:
            self._kept.move_to_end(key)
            return kept
        job = self._jobs.get(key)
        if job is None or job.version not in ("", version):
            job = self._jobs[key] = self._submit(key, what, client)
        assert job.task is not None  # noqa: S101 (submitted)
        try:
            # It goes on when this one does not wait any more: others may.
            return await asyncio.shield(job.task)
        except asyncio.CancelledError:  # the server has waited for as long as it does
            raise too_busy("the server is shutting down", code="shutting-down") from None

    async def close(self) -> None:
        """Ends what is being made, and the processes."""
        tasks = [job.task for job in self._jobs.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        for handle in self._free.values():
            handle.cancel()
        await asyncio.gather(*(process.end() for process in (*self._busy, *self._free)))
        await asyncio.gather(*tasks, *self._ending, return_exceptions=True)

    def _submit(self, key: bytes, what: Mapping[str, Any], client: str) -> _Job:
        self._turns.hold_to_room()
        self._clients.enter(client)
        job = _Job(what, client)
        job.task = asyncio.create_task(self._run(key, job))
        # Nobody may be left to hear how it ended.
        job.task.add_done_callback(lambda task: task.cancelled() or task.exception())
        return job

    async def _run(self, key: bytes, job: _Job) -> Made:
        try:
            async with self._turns.turn(job.client):
                process = self._taken()
                try:
                    job.version = (await self._context.current()).version
                    made = await self._ask(process, job.what)
                finally:
                    self._release(process)
            self._keep(key, made)
            return made
        finally:
            self._clients.leave(job.client)
            if self._jobs.get(key) is job:
                del self._jobs[key]

    def _keep(self, key: bytes, made: Made) -> None:
        self._kept.pop(key, None)
        if made.made_of == made.version:  # otherwise that which it rests on is on its way
            self._kept[key] = made
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _ask(self, process: Process, what: Mapping[str, Any]) -> Made:
        file, path = tempfile.mkstemp(prefix="sdograph-network-")
        try:
            done, _ = await process.ask({**what, "to": path}, b"", self._timeout)
        except BaseException:
            os.close(file)
            raise
        finally:
            Path(path).unlink()
        return Made(file, done["version"], done["made_of"])

    # --- processes

    def _taken(self) -> Process:
        if self._free:
            process, handle = self._free.popitem()
            handle.cancel()
        else:
            process = self._new()
        self._busy.add(process)
        return process

    def _release(self, process: Process) -> None:
        self._busy.discard(process)
        self._free[process] = asyncio.get_running_loop().call_later(IDLE, self._rest, process)

    def _rest(self, process: Process) -> None:
        """Ends a process that has nothing to do."""
        del self._free[process]
        task = asyncio.create_task(process.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _new(self) -> Process:
        settings = self._context.settings
        return Process(
            "sdograph_api.maker",
            {"store": settings.store, "data_dir": str(settings.data_dir)},
            memory=settings.worker_memory,
            what="making the network",
            less="ask for a smaller one, by filters",
            time_setting="network_timeout",
            writes=False,
        )
