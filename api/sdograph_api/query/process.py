"""One worker process, seen from the server: starting it, talking to it, ending it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from sdograph.identifiers import BASE
from sdograph.namespaces import PREFIXES
from sdograph_api.query import worker

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Query:
    """A query to evaluate: its inspected text, one of worker.FORMATS, and the dataset, if it names one."""

    text: str
    format: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    graphs_must_exist: bool = False

    def frame(self) -> bytes:
        text = self.text.encode()
        dataset = b""
        if self.default_graphs or self.named_graphs:
            graphs = {"default": self.default_graphs, "named": self.named_graphs}
            dataset = json.dumps({**graphs, "must_exist": self.graphs_must_exist}).encode()
        format = worker.FORMATS.index(self.format)
        return struct.pack("<IcBI", 6 + len(text) + len(dataset), b"Q", format, len(text)) + text + dataset


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one query may use. Bytes, rows and quads; ``network``: whether it may open connections."""

    memory: int
    max_result_bytes: int
    max_rows: int
    max_merged_quads: int
    network: bool = False


class WorkerProcess(asyncio.Protocol):
    """A process and the connection to it.

    ``on_ready`` is called once, when it has opened its first generation; ``on_answer`` with kind and payload
    of each answer; ``on_lost`` when the connection ends before :meth:`end`.
    """

    def __init__(
        self,
        generation: Path,
        allowance: Allowance,
        *,
        on_ready: Callable[[WorkerProcess], None],
        on_answer: Callable[[WorkerProcess, bytes, bytes], None],
        on_lost: Callable[[WorkerProcess], None],
    ) -> None:
        self.generation = generation
        self._allowance = allowance
        self._on_ready, self._on_answer, self._on_lost = on_ready, on_answer, on_lost
        self._transport: asyncio.WriteTransport | None = None
        # Replies to control frames that come before the next answer.
        self._control_replies = 0
        self._ready = self._ended = False
        self._below = 0
        self._parts: list[bytes] = []
        self._received, self._needed = 0, 5
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        with theirs:
            # -P: nothing is imported from the current folder.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "sdograph_api.query.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"RUST_BACKTRACE": "0"},
            )

    async def connect(self) -> None:
        """Begins to talk to the process. Must be called once; :meth:`end` may have been called before."""
        if not self._ended:
            await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=self._socket)

    def ask(self, query: Query, generation: Path) -> None:
        """Sends a query, to be answered from a generation."""
        if self._transport is not None:
            frame = query.frame()
            if generation != self.generation:
                frame = self._open(generation) + frame
            self._transport.write(frame)

    def move_to(self, generation: Path) -> None:
        """Has a process that is idle open another generation, so that it holds no file of an old one."""
        if self._transport is not None and generation != self.generation:
            self._transport.write(self._open(generation))

    def set_priority(self, below: int) -> None:
        """Lets it run at a priority of so many steps below that of the server, or lower if it does already.

        Raising it again takes rights that a server need not have.
        """
        if below <= self._below:
            return
        self._below = below
        with contextlib.suppress(ProcessLookupError):
            value = min(19, os.getpriority(os.PRIO_PROCESS, 0) + below)
            os.setpriority(os.PRIO_PROCESS, self.process.pid, value)

    def cpu_seconds(self) -> float:
        """Seconds of the processor that the process has used, 0 when it is gone; elsewhere than on Linux of
        the clock."""
        if sys.platform != "linux":
            return time.monotonic()
        try:
            # The clock of another process has this number (clock_getcpuclockid(3)).
            return time.clock_gettime((~self.process.pid << 3) | 2)
        except OSError:
            return 0.0

    def resident_bytes(self) -> int:
        """Memory that the process holds for itself; 0 when it is gone or the system does not say."""
        try:
            _, resident, shared, *_ = Path(f"/proc/{self.process.pid}/statm").read_bytes().split()
        except (OSError, ValueError):
            return 0
        return (int(resident) - int(shared)) * _PAGE

    def end(self) -> None:
        """Kills the process. ``process.poll()`` has to be called until it returns something."""
        self._ended = True
        self.process.kill()
        if self._transport is not None:
            self._transport.abort()
        else:
            self._socket.close()

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        if self._ended:
            self._transport.abort()
            return
        start = {
            "parent": os.getpid(),
            **asdict(self._allowance),
            "base": BASE,
            "prefixes": PREFIXES,
        }
        self._transport.write(self._control(b"S", json.dumps(start).encode()) + self._open(self.generation))

    def data_received(self, data: bytes) -> None:
        self._parts.append(data)
        self._received += len(data)
        if self._received < self._needed:
            return
        if len(self._parts) > 1:
            data = b"".join(self._parts)
        while len(data) >= 5 and len(data) >= (end := 4 + int.from_bytes(data[:4], "little")):
            self._frame(data[4:5], data[5:end])
            data = data[end:]
        self._parts = [data] if data else []
        self._received = len(data)
        self._needed = 4 + int.from_bytes(data[:4], "little") if len(data) >= 4 else 5

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (the interface)
        if not self._ended:
            self._on_lost(self)

    # --- frames

    def _frame(self, kind: bytes, payload: bytes) -> None:
        if not self._control_replies:
            self._on_answer(self, kind, payload)
            return
        # A generation that could not be opened shows in the answer to the next query.
        self._control_replies -= 1
        if not self._control_replies and not self._ready:
            self._ready = True
            self._on_ready(self)

    def _open(self, generation: Path) -> bytes:
        self.generation = generation
        return self._control(b"O", os.fsencode(generation))

    def _control(self, kind: bytes, payload: bytes) -> bytes:
        self._control_replies += 1
        return struct.pack("<I", 1 + len(payload)) + kind + payload
