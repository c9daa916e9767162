"""Who may have documents read, how many at once, and the processes that read them."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request

from sdograph_api.bounds import Clients, client_at
from sdograph_api.change.writing import hold_to_token
from sdograph_api.ingest.receiving import Sent, receive
from sdograph_api.problems import Problem, too_busy
from sdograph_api.process import Process
from sdograph_api.settings import Settings

#: Requests that may be sent or waiting while others are read.
MAX_WAITING = 8
#: Seconds a process has to put its things away when it is to end.
_GRACE = 3.0


class Reading:
    """Reads documents from outside, each request in a process of its own.

    To be used in one event loop; :meth:`close` has to be awaited in it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Semaphore(settings.ingest_readers)
        self._clients = Clients(settings.max_client_ingests, "max_client_ingests")
        self._all = 0
        self._running: set[Process] = set()

    async def answer(self, request: Request, *, page: bool) -> tuple[Sent, bytes]:
        """What the request asked for, and the answer of :mod:`sdograph_api.ingest.reader`.

        Raises a problem: 400 and 415 for a request that is no form with files, 401 and 403 for one that may
        not, 413 for one that is too large, 429 and 503 when there is too much to do, that of the documents
        when none can be taken in. Nothing is left on disk.
        """
        if not self._settings.dry_runs:
            hold_to_token(request, self._settings)
        async with self._place(request), _folder() as folder:
            sent = await receive(request, folder, self._settings)
            if page and sent.commit:
                raise Problem(
                    400, "invalid-parameter", "the page takes nothing in", where="parameter commit",
                    hint="post to /api/v1/ingest",
                )  # fmt: skip
            asked = {
                "files": [str(path) for path in sent.files], "folder": folder, "format": sent.format,
                "commit": sent.commit, "contacts": sent.contacts, "page": page,
                "max_answer": self._settings.max_result_bytes,
            }  # fmt: skip
            work = self._read(asked)
            # A change that nobody waits for any more is made all the same, as at /update.
            return sent, await (work if sent.commit else _unless_gone(request, work))

    async def close(self) -> None:
        """Ends what is being read."""
        await asyncio.gather(*(process.end() for process in self._running))

    async def _read(self, asked: dict[str, Any]) -> bytes:
        settings = self._settings
        async with self._turn:
            process = Process(
                "sdograph_api.ingest.reader",
                {"store": settings.location, "seconds": int(settings.ingest_timeout) + 5},
                memory=settings.worker_memory,
                what="reading the documents",
                less="send fewer or smaller documents at a time",
                time_setting="ingest_timeout",
                grace=_GRACE,
            )
            self._running.add(process)
            try:
                _, answer = await process.ask(asked, b"", settings.ingest_timeout)
            finally:
                self._running.discard(process)
                await process.end()
            return answer

    @asynccontextmanager
    async def _place(self, request: Request) -> AsyncIterator[None]:
        most = self._settings.ingest_readers + MAX_WAITING
        if self._all >= most:
            raise too_busy(f"{most} requests with documents are waiting already")
        client = client_at(request.client.host if request.client else "")
        self._clients.enter(client)
        self._all += 1
        try:
            yield
        finally:
            self._clients.leave(client)
            self._all -= 1


@asynccontextmanager
async def _folder() -> AsyncIterator[str]:
    """A folder for one request."""
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="sdograph-sent-")
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _unless_gone(request: Request, work: Any) -> bytes:
    """The outcome of the work, which ends when the client has gone."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Problem(400, "client-gone", "nobody waits for the answer")
        answer: bytes = task.result()
        return answer
    finally:
        for one in (task, gone):
            one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
