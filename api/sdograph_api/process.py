"""Processes of this program that do what may take too much, and may be ended at any moment.

One runs a module as ``python -P -m MODULE FD``, FD being its end of a socket pair. Frames, both ways: length
of a JSON document, length of a body (u32 each), the document, the body. The first in is ``{"parent": process
id, "memory": bytes}`` and what the module wants to know at its start, every other asks for something. Out
come ``{"publishing": version or true, "done": …}`` before a change becomes visible, which waits for an empty
document in return, then ``{"done": …}``, ``{"problem": …}`` or ``{"out_of_memory": {}}``, with ``"retire":
true`` when the process should be replaced. A module that names the version it is about to publish is asked
``{"do": "look", "version": version}`` if it fails at that, and answers ``{"done": {"published": bool}}``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, Literal, TypeAlias, cast

from sdograph.errors import SdographError
from sdograph_api.problems import RETRY_AFTER, Limit, Problem, from_error, internal, too_busy

Document: TypeAlias = Mapping[str, Any]

#: Seconds to find out whether something was published.
_LOOK = 10.0


class Process:
    """A process, started when it is first asked, and again after it ended; asked one thing at a time.

    ``what`` it does, how to ask for ``less``, the setting that limits its time and whether it ``writes`` to
    the store are for messages. With ``grace`` it has so many seconds to put its own things away after
    SIGTERM. To be used in one event loop; :meth:`end` has to be awaited in it.
    """

    def __init__(
        self,
        module: str,
        start: Document,
        *,
        memory: int,
        what: str,
        less: str,
        time_setting: str,
        grace: float = 0.0,
        writes: bool = True,
    ) -> None:
        self._module = module
        self._first = {"memory": memory, **start}
        self._memory = memory
        self._what = what
        self._less = less
        self._time_setting = time_setting
        self._grace = grace
        self._nothing = "; nothing was written" if writes else ""
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, asked: Document, body: bytes, limit: float) -> tuple[dict[str, Any], bytes]:
        """What is told of it within ``limit`` seconds, and the body that comes with it.

        Raises a problem when nothing was written: that of the process, or 503 for its time or memory. Only
        ``outcome-unknown`` leaves it open: nobody can tell any more whether something was published.
        """
        try:
            reply, answer = await self._asked(asked, body, limit)
            if reply.pop("retire", False):
                await self.end()
        except BaseException:
            await self.end()
            raise
        if "done" in reply:
            done: dict[str, Any] = reply["done"]
            return done, answer
        if "problem" not in reply:
            raise self._memory_problem()
        told = reply["problem"]
        headers = {"Retry-After": str(RETRY_AFTER)} if told["status"] == 409 else {}
        raise Problem(
            told["status"], told["code"], told["detail"], where=told["where"], hint=told["hint"],
            headers={**told["headers"], **headers}, extra=told["extra"],
        )  # fmt: skip

    async def end(self) -> None:
        """Ends the process, if there is one."""
        process, writer = self._process, self._writer
        self._process = self._reader = self._writer = None
        if writer is not None:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        if process is not None:
            await asyncio.to_thread(_ended, process, self._grace)

    async def _asked(self, asked: Document, body: bytes, limit: float) -> tuple[dict[str, Any], bytes]:
        try:
            async with asyncio.timeout(limit):
                await self._start()
                await self._send(asked, body)
                reply, answer = await self._reply()
        except TimeoutError:
            raise too_busy(
                f"{self._what} was ended at its time limit of {limit:g} s{self._nothing}",
                code="timeout", hint=self._less, limit=Limit(self._time_setting, limit, "seconds"),
            ) from None  # fmt: skip
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._lost() from None
        return await self._published(reply) if "publishing" in reply else (reply, answer)

    async def _published(self, promised: Document) -> tuple[dict[str, Any], bytes]:
        """Lets the process publish; when it fails at that, what it had promised if the store holds it."""
        # From here on it is not ended any more.
        reply: dict[str, Any] = {}
        answer = b""
        lost: Problem | None = None
        try:
            await self._send({}, b"")
            reply, answer = await self._reply()
        except (asyncio.IncompleteReadError, ConnectionError):
            lost = await self._lost()
        if "done" in reply:
            return reply, answer
        await self.end()
        if await self._holds(promised["publishing"]):
            return {"done": promised["done"]}, b""
        if lost is not None:
            raise lost
        return reply, answer

    async def _holds(self, version: str | Literal[True]) -> bool:
        reply: dict[str, Any] = {}
        if version is not True:
            with contextlib.suppress(TimeoutError, asyncio.IncompleteReadError, ConnectionError):
                async with asyncio.timeout(_LOOK):
                    await self._start()
                    await self._send({"do": "look", "version": version}, b"")
                    reply, _ = await self._reply()
        if "done" not in reply:
            raise too_busy(
                "the writing process ended while the change was published", code="outcome-unknown",
                hint="look whether the change is there before sending it again",
            )  # fmt: skip
        return bool(reply["done"]["published"])

    async def _start(self) -> None:
        if self._process is not None:
            # Its end of the connection is closed before it is gone.
            lost = self._reader is None or self._reader.at_eof()
            if self._process.poll() is None and not lost:
                return
            await self.end()
        ours, theirs = socket.socketpair()
        with theirs:
            # -P: nothing is imported from the current folder.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0"},
            )
        self._reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        await self._send({"parent": os.getpid(), **self._first}, b"")

    async def _send(self, document: Document, body: bytes) -> None:
        assert self._writer is not None  # noqa: S101 (started)
        self._writer.write(_frame(document, body))
        await self._writer.drain()

    async def _reply(self) -> tuple[dict[str, Any], bytes]:
        assert self._reader is not None  # noqa: S101 (started)
        document, body = struct.unpack("<II", await self._reader.readexactly(8))
        reply: dict[str, Any] = json.loads(await self._reader.readexactly(document))
        return reply, await self._reader.readexactly(body)

    async def _lost(self) -> Problem:
        """What to say when the process ended: SIGABRT is what running out of memory looks like."""
        if self._process is None:  # by end()
            return too_busy(f"the server is ending{self._nothing}", code="shutting-down")
        code = await asyncio.to_thread(self._process.wait)
        if code == -signal.SIGABRT:
            return self._memory_problem()
        if code == -signal.SIGSEGV:
            return Problem(400, "too-complex", f"{self._what} is too complex", hint=self._less)
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else "ended by an error of its own"
        return too_busy(
            f"the process of {self._what} {how}{self._nothing}", code="process-lost",
            hint=f"ask again; if it ends the same way, {self._less}",
        )  # fmt: skip

    def _memory_problem(self) -> Problem:
        return too_busy(
            f"{self._what} needed more than its limit of {self._memory >> 20} MiB of memory"
            f"{self._nothing}",
            code="out-of-memory", hint=self._less, limit=Limit("worker_memory", self._memory, "bytes"),
        )  # fmt: skip


def _ended(process: subprocess.Popen[bytes], grace: float) -> None:
    if grace:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    process.kill()
    process.wait()


def _frame(document: Document, body: bytes) -> bytes:
    text = json.dumps(document).encode()
    return struct.pack("<II", len(text), len(body)) + text + body


# --- in the process


class Channel:
    """The connection to who asks, as the process has it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def asked(self) -> tuple[dict[str, Any], bytes] | None:
        """The next document and body; None when the other end has closed."""
        head = self._file.read(8)
        if len(head) < 8:
            return None
        document, body = struct.unpack("<II", head)
        return json.loads(self._file.read(document)), self._file.read(body)

    def tell(self, document: Document, body: bytes = b"") -> None:
        self._file.write(_frame(document, body))
        self._file.flush()

    def may_publish(self, version: str | Literal[True] = True, done: Document | None = None) -> None:
        """Asks whether to publish, and ends the process if the other end has given up.

        ``version`` is what the generation will have, and ``done`` what will be told of it.
        """
        self.tell({"publishing": version, "done": done})
        if self.asked() is None:
            sys.exit(1)


def told(error: Problem | SdographError) -> dict[str, Any]:
    """An error as a frame."""
    problem = error if isinstance(error, Problem) else from_error(error)
    return {
        "problem": {
            "status": problem.status, "code": problem.code, "detail": problem.detail, "where": problem.where,
            "hint": problem.hint, "headers": problem.headers, "extra": problem.extra,
        }
    }  # fmt: skip


def failure(error: Exception) -> dict[str, Any]:
    """Whatever went wrong, as a frame; what nobody expected is printed for the log."""
    if isinstance(error, Problem | SdographError):
        return told(error)
    if isinstance(error, MemoryError):
        return {"out_of_memory": {}}
    traceback.print_exception(error)
    return told(internal())


def run(serve: Callable[[Channel], None]) -> None:
    """Runs ``serve`` over the socket that the command line names."""
    # A terminal's interrupt goes to the whole group; the server decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (
        socket.socket(fileno=int(sys.argv[1])) as end,
        contextlib.suppress(BrokenPipeError, ConnectionError),
        end.makefile("rwb") as file,
    ):
        serve(Channel(cast(BinaryIO, file)))
