"""Gives the memory of generations that are gone back to the system."""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import Callable

from sdograph_api.context import Context

#: Seconds between looks at the generation.
PAUSE = 5.0
#: Of glibc; musl has none.
_TRIM: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)


class Trimming:
    """Watches the generations of an application, in one event loop.

    What a generation took lies in pieces between what is still in use, and the C library keeps such pieces:
    under load, that came to 30 MB for each. To be closed in the same event loop.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        if _TRIM is not None:
            self._watching = asyncio.create_task(self._watch(_TRIM))

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self, trim: Callable[[int], int]) -> None:
        trimmed = 0
        while True:
            await asyncio.sleep(PAUSE)
            seen = self._generation()
            if seen != trimmed:
                trimmed = seen
                await asyncio.to_thread(trim, 0)

    def _generation(self) -> int:
        snapshot = self._context.seen
        return 0 if snapshot is None else snapshot.generation
