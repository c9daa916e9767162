"""Turns at what only so many can do at once: whoever has used least of it lately comes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from sdograph_api.problems import Limit, too_busy
from sdograph_api.query.fairness import Usage


class _Waiting:
    __slots__ = ("asked", "client", "turn")

    def __init__(self, client: str) -> None:
        self.client = client
        self.asked = monotonic()
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Turns:
    """At most ``at_once`` have a turn; others wait, ``max_waiting`` of them, for ``timeout`` seconds.

    ``what`` they are, in the plural, is for messages, ``waiting_limit`` and ``time_limit`` name the
    limits. For one event loop.
    """

    def __init__(
        self,
        at_once: int,
        *,
        max_waiting: int,
        timeout: float,
        what: str,
        waiting_limit: str,
        time_limit: str,
    ) -> None:
        self._at_once = at_once
        self._max_waiting = max_waiting
        self._timeout = timeout
        self._what = what
        self._waiting_limit, self._time_limit = waiting_limit, time_limit
        self._running = 0
        self._waiting: list[_Waiting] = []
        self._usage = Usage(monotonic)

    def hold_to_room(self) -> None:
        """Raises a problem, 503, when too many wait already."""
        if len(self._waiting) >= self._max_waiting:
            raise too_busy(
                f"{self._max_waiting} {self._what} are waiting already",
                limit=Limit(self._waiting_limit, self._max_waiting, self._what),
            )

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """Has a turn. Raises a problem, 503, when there is none in time, or too many wait for one already."""
        await self._begin(client)
        begun = monotonic()
        try:
            yield
        finally:
            self._usage.charge(client, monotonic() - begun)
            self._pass_on()

    async def _begin(self, client: str) -> None:
        if self._running < self._at_once:
            self._running += 1
            self._usage.turn(client)
            return
        self.hold_to_room()
        waiting = _Waiting(client)
        self._waiting.append(waiting)
        try:
            async with asyncio.timeout(self._timeout):
                await waiting.turn
        except BaseException as error:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif not waiting.turn.cancelled():  # it has just been given one
                self._pass_on()
            if isinstance(error, TimeoutError):
                raise too_busy(
                    f"there was no turn within {self._timeout:g} s among other {self._what}",
                    code="timeout", limit=Limit(self._time_limit, self._timeout, "seconds"),
                ) from None  # fmt: skip
            raise

    def _pass_on(self) -> None:
        waiting = [each for each in self._waiting if not each.turn.done()]
        if not waiting:
            self._running -= 1
            return
        first = self._usage.first(waiting)
        self._waiting.remove(first)
        self._usage.turn(first.client)
        first.turn.set_result(None)
