"""What the parts of the server share: settings, the store, the pool of workers."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast

from sdograph.store import EmbeddedStore, RemoteStore, Snapshot, Store, open_store
from sdograph_api.query.cache import AnswerCache
from sdograph_api.query.pool import Workers
from sdograph_api.query.process import Allowance
from sdograph_api.query.remote import RemoteQueries
from sdograph_api.settings import Settings

T = TypeVar("T")

#: Things made from a snapshot that are kept.
KEPT = 16


class _Made:
    """Something that is made once; the lock is held meanwhile."""

    __slots__ = ("done", "lock", "value")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.done = False
        self.value: Any = None


class Context:
    """One of these belongs to an application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store: Store = open_store(settings.location)
        self.remote = RemoteQueries(self.store, settings) if isinstance(self.store, RemoteStore) else None
        """What evaluates queries from outside instead of processes of ours, over a remote store."""
        self.answers = AnswerCache(settings.cache_bytes)
        self._pools: dict[bool, Workers] = {}
        self._lock = threading.Lock()
        self._once: OrderedDict[tuple[str, Hashable], _Made] = OrderedDict()
        self._newest = 0
        self._path: tuple[int, Path] = (0, Path())
        self.seen: Snapshot | None = None
        """The snapshot that was asked for last; None when the store did not give one."""

    def snapshot(self) -> Snapshot:
        """The current generation; raises Unavailable, such as StoreMissing. A remote store takes a while."""
        self.seen = None
        self.seen = snapshot = self.store.current()
        return snapshot

    async def current(self) -> Snapshot:
        """As :meth:`snapshot`, in the event loop."""
        return self.snapshot() if self.remote is None else await asyncio.to_thread(self.snapshot)

    def once(self, snapshot: Snapshot, name: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, kept for as long as the graph is the same and few others are asked for.

        Whoever asks while it is being made waits for it: after each commit, all ask for the same.
        """
        key = (snapshot.version, name)
        with self._lock:
            if snapshot.generation > self._newest:
                # What was made of the graph before can hold that open, with all its files and memory.
                self._newest = snapshot.generation
                self._once.clear()
            entry = self._once.setdefault(key, _Made())
            self._once.move_to_end(key)
            while len(self._once) > KEPT:
                self._once.popitem(last=False)
        with entry.lock:
            if not entry.done:
                try:
                    entry.value = make()
                except BaseException:
                    with self._lock:  # it must not take the place of others
                        if self._once.get(key) is entry:
                            del self._once[key]
                    raise
                entry.done = True
        return cast(T, entry.value)

    def generation_path(self, number: int) -> Path:
        if self._path[0] != number:
            assert isinstance(self.store, EmbeddedStore)  # noqa: S101 (a remote store has no paths)
            self._path = (number, self.store.generation_path(number))
        return self._path[1]

    def workers(self, *, network: bool = False) -> Workers:
        """The pool, started on first use, in the running event loop; that for SERVICE if ``network``."""
        pool = self._pools.get(network)
        if pool is None:
            settings = self.settings
            pool = self._pools[network] = Workers(
                Allowance(
                    settings.worker_memory,
                    settings.max_result_bytes,
                    settings.max_rows,
                    settings.max_merged_quads,
                    network,
                ),
                self.generation_path(self.snapshot().generation),
                workers=settings.query_workers,
                max_long=settings.max_long_queries,
                max_waiting=settings.max_waiting_queries,
                max_memory=settings.queries_memory,
                beside=lambda: sum(other.held for n, other in self._pools.items() if n != network),
            )
        return pool

    @property
    def running(self) -> Workers | None:
        """The pool if it has been started."""
        return self._pools.get(False)

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.close()
        self._pools.clear()
        if self.remote is not None:
            await self.remote.close()
