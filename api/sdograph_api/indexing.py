"""Has made what is kept beside a generation before anybody waits: at the start, and after each publishing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from time import monotonic

from sdograph.errors import Unavailable
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.process import Process

log = logging.getLogger(__name__)

#: Seconds between looks at the generation. Only one that has stayed for so long is worth an index.
PAUSE = 5.0
#: Seconds after which something is made for a generation that has not stayed: others follow each other.
PATIENCE = 60.0
#: Seconds that making one may take. Texts that nobody compared before are read by a model for minutes.
_LIMITS = {"search": 600.0, "overlaps": 3600.0}


class Indexing:
    """Watches the generations of an application, and runs one process at a time, at the lowest priority.

    Of several servers on one directory one makes it, and the others let it. To be used in one event
    loop; :meth:`close` has to be awaited in it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        settings = context.settings
        self._process = Process(
            "sdograph_api.indexer",
            {"data_dir": str(settings.data_dir)},
            memory=settings.worker_memory,
            what="indexing",
            less="whoever needs it makes it",
            time_setting="indexing",
        )
        prepared = {"search": settings.prepare_search, "overlaps": settings.prepare_overlaps}
        self._wanted = [what for what, wanted in prepared.items() if wanted]
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to watch, unless the graph lies elsewhere: reading all of it from there costs others too."""
        if self._wanted and self._context.remote is None:
            self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._process.end()

    async def _watch(self) -> None:
        seen = made = None
        last = 0.0
        while True:
            with contextlib.suppress(Unavailable):  # there is no dataset yet
                seen, before = (await self._context.current()).version, seen
                if seen != made and (seen == before or (made and monotonic() > last + PATIENCE)):
                    made = seen
                    await self._make()
                    last = monotonic()
            await asyncio.sleep(PAUSE)

    async def _make(self) -> None:
        for what in self._wanted:
            try:
                await self._process.ask({"make": what}, b"", _LIMITS[what])
            except Problem as problem:
                # Whoever asks for it is told what is wrong.
                log.warning("nothing was made beforehand for %s: %s", what, problem.detail)
        await self._process.end()
