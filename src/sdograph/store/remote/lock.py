"""One writer at a time, over all machines: a triple on the server that says who writes, and until when.

It is the server's clock that counts. Whoever lets the time run out, because the process died or the machine
slept, has lost the writer's place: what is published is conditional on the triple.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from pyoxigraph import Literal

from sdograph.errors import SdographError, Unavailable, WriterBusy
from sdograph.store.dataset import DATASET
from sdograph.store.remote.state import STATE_GRAPH, WRITER, State
from sdograph.store.remote.transport import Server

#: Seconds for which the writer's place is good without being asked for again.
LASTS = 60.0


class Lock:
    """The writer's place. Not reentrant; for one thread."""

    def __init__(self, server: Server, state: Callable[[], State], *, lasts: float = LASTS) -> None:
        self._server = server
        self._state = state
        self._lasts = lasts
        self._token = secrets.token_hex(8)
        self._value: str | None = None
        self._until = 0.0
        self._changing = threading.Lock()
        self._ended = threading.Event()
        self._keeper: threading.Thread | None = None

    def acquire(self, timeout: float) -> State:
        """Waits up to ``timeout`` seconds; returns the state of the store. Raises WriterBusy."""
        end = time.monotonic() + timeout
        pause = 0.05
        while True:
            state = self._try()
            if state is not None:
                break
            if time.monotonic() + pause > end:
                raise WriterBusy(
                    "another program is writing",
                    where=self._server.address.query,
                    hint="try again when it has finished",
                )
            time.sleep(pause * (0.5 + secrets.randbelow(1000) / 1000))
            pause = min(pause * 2, 1.0)
        self._keeper = threading.Thread(target=self._keep, name="writer's place", daemon=True)
        self._keeper.start()
        return state

    def guard(self) -> str:
        """The pattern that is there as long as the place is ours, for at least half of its time to come."""
        with self._changing:
            if self._value is None:
                raise _lost(self._server)
            if self._until - time.monotonic() < self._lasts / 2:
                self._refresh()
            return _triple(self._value)

    def release(self) -> None:
        self._ended.set()
        if self._keeper is not None:
            self._keeper.join()
        with self._changing, suppress(SdographError):  # it runs out by itself
            if self._value is not None:
                self._server.update(f"DELETE DATA {{ {_triple(self._value)} }}")
            self._value = None

    def _try(self) -> State | None:
        state = self._state()
        asked = time.monotonic()
        now = _time(state.now)
        live = [w for w in state.writers if now < _until(w, now)]
        if live:
            return None
        value = f"{self._token} {(now + timedelta(seconds=self._lasts)).isoformat()}"
        if state.writers:
            # Compared and exchanged: of several that find it run out, one gets it.
            old = " ".join(_triple(w) for w in state.writers)
            self._server.update(f"DELETE {{ {old} }} INSERT {{ {_triple(value)} }} WHERE {{ {old} }}")
        else:
            self._server.update(
                f"INSERT {{ {_triple(value)} }} WHERE {{ FILTER NOT EXISTS "
                f"{{ GRAPH {STATE_GRAPH} {{ ?anything {WRITER} ?writer }} }} }}"
            )
        state = self._state()
        if state.writers == (value,):
            self._value, self._until = value, asked + self._lasts
            return state
        if value in state.writers:
            # Two at the same moment, on a server that lets both: both step back. Who finds itself alone
            # had it before the other came.
            self._server.update(f"DELETE DATA {{ {_triple(value)} }}")
        return None

    def _keep(self) -> None:
        while not self._ended.wait(self._lasts / 3):
            with self._changing, suppress(SdographError):  # the next one may succeed
                if self._value is not None:
                    self._refresh()

    def _refresh(self) -> None:
        """Raises WriterBusy when the place was lost."""
        old = self._value or ""
        asked = time.monotonic()
        now = _time(self._state().now)
        value = f"{self._token} {(now + timedelta(seconds=self._lasts)).isoformat()}"
        self._server.update(
            f"DELETE {{ {_triple(old)} }} INSERT {{ {_triple(value)} }} WHERE {{ {_triple(old)} }}"
        )
        if self._state().writers != (value,):
            self._value = None
            raise _lost(self._server)
        self._value, self._until = value, asked + self._lasts


def _triple(value: str) -> str:
    return f"GRAPH {STATE_GRAPH} {{ {DATASET} {WRITER} {Literal(value)} }}"


def _lost(server: Server) -> WriterBusy:
    return WriterBusy(
        "the writer's place was lost to another program",
        where=server.address.query,
        hint="nothing of this was written; begin again",
    )


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Unavailable(
            f"the server tells no time that can be read: {text!r}", hint="look at SELECT (NOW() AS ?now) {}"
        ) from None


def _until(value: str, now: datetime) -> datetime:
    """When the place runs out; a mark that cannot be read has run out."""
    try:
        until = datetime.fromisoformat(value.partition(" ")[2])
        return until if now < until else now
    except (ValueError, TypeError):
        return now
