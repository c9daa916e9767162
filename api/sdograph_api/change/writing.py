"""Writing over HTTP: who may, and the process that does it."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request

from sdograph.errors import WriterBusy
from sdograph_api.problems import RETRY_AFTER, Limit, Problem, from_error, too_busy
from sdograph_api.settings import Settings

#: Seconds to wait for another writer.
WAIT = 10.0


def writing_is_on(settings: Settings) -> bool:
    return settings.write_token is not None and not settings.read_only


def hold_to_writing(settings: Settings) -> None:
    """Raises a problem, 403, where writing is off."""
    if not writing_is_on(settings):
        raise Problem(
            403, "writing-off", "this server does not take changes", where="server",
            hint="its operator can set SDOGRAPH_WRITE_TOKEN",
        )  # fmt: skip


def hold_to_token(request: Request, settings: Settings) -> None:
    """Raises a problem unless the request may write: 403 where writing is off, 401 without the token."""
    hold_to_writing(settings)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = settings.write_token.get_secret_value() if settings.write_token else ""
    if scheme.casefold() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected.encode()):
        raise Problem(
            401, "unauthorized", "changes need the token of this server", where="header Authorization",
            hint="send Authorization: Bearer and the token", headers={"WWW-Authenticate": "Bearer"},
        )  # fmt: skip


async def body_of(request: Request) -> bytes:
    """The body of a request; raises a problem when the client goes before it is whole."""
    try:
        return await request.body()
    except ClientDisconnect as error:
        raise Problem(400, "body-incomplete", "the request ended before its body", hint="send it") from error


def media_type_of(request: Request) -> str:
    """The media type of the body, without parameters; raises a problem, 415, when its text is not UTF-8."""
    media_type, *parameters = (p.strip() for p in request.headers.get("content-type", "").split(";"))
    for name, _, value in (p.partition("=") for p in parameters):
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in ("utf-8", "utf8"):
            raise Problem(
                415, "unsupported-charset", f"the body is in {value}", where="header Content-Type",
                hint="encode it as UTF-8",
            )  # fmt: skip
    return media_type.lower()


class Writing:
    """The writing process of an application, started with the first change; one change at a time.

    To be used in one event loop; :meth:`close` has to be awaited in it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def change(
        self, asked: Mapping[str, Any], body: bytes, timeout: float | None = None
    ) -> dict[str, Any]:
        """Has a change made (see :mod:`sdograph_api.change.writer`), and returns what is told of it.

        Raises a problem when nothing was written: 400, 409 (another writer), 412 (conditions), 422 (shapes),
        503 (limits). Only ``outcome-unknown`` leaves it open: that the store cannot be read any more.
        """
        limit = min(timeout or self._settings.update_timeout, self._settings.update_timeout)
        until = time.monotonic() + WAIT
        try:
            await asyncio.wait_for(self._lock.acquire(), WAIT)
        except TimeoutError:
            raise from_error(WriterBusy("another change is being written", hint="try again")) from None
        try:
            reply = await self._asked({**asked, "wait": max(until - time.monotonic(), 0.0)}, body, limit)
        except BaseException:
            await self._end()
            raise
        finally:
            self._lock.release()
        if "done" in reply:
            done: dict[str, Any] = reply["done"]
            return done
        if "problem" not in reply:
            raise self._memory_problem()
        told = reply["problem"]
        headers = {"Retry-After": str(RETRY_AFTER)} if told["status"] == 409 else {}
        raise Problem(
            told["status"], told["code"], told["detail"], where=told["where"], hint=told["hint"],
            headers={**told["headers"], **headers}, extra=told["extra"],
        )  # fmt: skip

    async def close(self) -> None:
        await self._end()

    async def _asked(self, asked: Mapping[str, Any], body: bytes, limit: float) -> dict[str, Any]:
        try:
            async with asyncio.timeout(limit):
                await self._start()
                await self._send(asked, body)
                reply = await self._reply()
        except TimeoutError:
            raise too_busy(
                f"the change was ended at its time limit of {limit:g} s; nothing was written",
                code="timeout",
                hint="change less at a time",
                limit=Limit("update_timeout", limit, "seconds"),
            ) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._lost() from None
        if "publishing" in reply:
            reply = await self._published(reply)
        if reply.pop("retire", False):
            await self._end()
        return reply

    async def _published(self, promised: dict[str, Any]) -> dict[str, Any]:
        """Lets the process publish, and returns its reply, or what the store says when it fails at that."""
        # From here on it is not ended any more.
        reply: dict[str, Any] = {}
        lost: Problem | None = None
        try:
            await self._send({}, b"")
            reply = await self._reply()
        except (asyncio.IncompleteReadError, ConnectionError):
            lost = await self._lost()
        if "done" in reply:
            return reply
        await self._end()
        if await self._holds(promised["publishing"]):
            return {"done": promised["done"]}
        if lost is not None:
            raise lost
        return reply

    async def _holds(self, version: str) -> bool:
        """Whether a change was published, of which the process that did it said nothing more."""
        reply: dict[str, Any] = {}
        with contextlib.suppress(TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            async with asyncio.timeout(WAIT):
                await self._start()
                await self._send({"do": "look", "version": version}, b"")
                reply = await self._reply()
        if "done" not in reply:
            raise too_busy(
                f"the writing process ended while it published generation {version.partition('-')[0]}",
                code="outcome-unknown", hint="look whether the change is there before sending it again",
            )  # fmt: skip
        return bool(reply["done"]["published"])

    async def _start(self) -> None:
        if self._process is not None:
            if self._process.poll() is None:
                return
            await self._end()
        ours, theirs = socket.socketpair()
        with theirs:
            # -P: nothing is imported from the current folder.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sdograph_api.change.writer", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0"},
            )
        self._reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        await self._send(
            {
                "parent": os.getpid(),
                "memory": self._settings.worker_memory,
                "store": self._settings.location,
            },
            b"",
        )

    async def _send(self, document: Mapping[str, Any], body: bytes) -> None:
        assert self._writer is not None  # noqa: S101 (started)
        text = json.dumps(document).encode()
        self._writer.write(struct.pack("<II", len(text), len(body)) + text + body)
        await self._writer.drain()

    async def _reply(self) -> dict[str, Any]:
        assert self._reader is not None  # noqa: S101 (started)
        (length,) = struct.unpack("<I", await self._reader.readexactly(4))
        reply: dict[str, Any] = json.loads(await self._reader.readexactly(length))
        return reply

    async def _lost(self) -> Problem:
        """What to say when the process ended: SIGABRT is what running out of memory looks like."""
        if self._process is None:  # by close()
            return too_busy("the server is ending; nothing was written", code="shutting-down")
        code = await asyncio.to_thread(self._process.wait)
        if code == -signal.SIGABRT:
            return self._memory_problem()
        if code == -signal.SIGSEGV:
            return Problem(400, "too-complex", "the change is too complex", hint="split it")
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else "ended by an error of its own"
        return too_busy(
            f"the process writing the change {how}; nothing was written", code="writer-lost",
            hint="send the change again; if that ends the same way, change less at a time",
        )  # fmt: skip

    def _memory_problem(self) -> Problem:
        limit = self._settings.worker_memory
        return too_busy(
            f"the change needed more than its limit of {limit >> 20} MiB of memory; nothing was written",
            code="out-of-memory",
            hint="change less at a time",
            limit=Limit("worker_memory", limit, "bytes"),
        )

    async def _end(self) -> None:
        process, writer = self._process, self._writer
        self._process = self._reader = self._writer = None
        if process is not None:
            process.kill()
        if writer is not None:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        if process is not None:
            await asyncio.to_thread(process.wait)
