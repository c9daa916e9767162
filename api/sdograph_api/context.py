"""What the parts of the server share: settings, the store, the pool of workers."""

from __future__ import annotations

from pathlib import Path

from sdograph.store import EmbeddedStore, Snapshot
from sdograph_api.process import Allowance
from sdograph_api.settings import Settings
from sdograph_api.workers import Workers


class Context:
    """One of these belongs to an application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = EmbeddedStore(settings.data_dir)
        self._workers: Workers | None = None
        self._path: tuple[int, Path] = (0, self.store.generation_path(0))

    def snapshot(self) -> Snapshot:
        """The current generation; raises StoreMissing or StoreDamaged."""
        return self.store.current()

    def generation_path(self, number: int) -> Path:
        if self._path[0] != number:
            self._path = (number, self.store.generation_path(number))
        return self._path[1]

    def workers(self) -> Workers:
        """The pool, started on first use, in the running event loop."""
        if self._workers is None:
            settings = self.settings
            self._workers = Workers(
                Allowance(settings.worker_memory, settings.max_result_bytes, settings.max_merged_quads),
                self.generation_path(self.snapshot().generation),
                workers=settings.workers,
                max_long=settings.max_long_queries,
            )
        return self._workers

    @property
    def running(self) -> Workers | None:
        """The pool if it has been started."""
        return self._workers

    async def close(self) -> None:
        if self._workers is not None:
            await self._workers.close()
            self._workers = None
