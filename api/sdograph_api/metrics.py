"""``/metrics``: what the server counts, for Prometheus.

Several server processes share their numbers through the files of PROMETHEUS_MULTIPROC_DIR, which ``sdograph
serve`` sets; any of them then answers for all. No label takes a value that a client can choose.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.responses import Response

from sdograph.errors import Unavailable
from sdograph_api.context import Context
from sdograph_api.logs import Record
from sdograph_api.routing import Router

#: Seconds between looks at the numbers that are not counted as requests come in, with several processes.
INTERVAL = 5.0
#: Upper bounds of durations, in seconds: the default deadline is the last but one.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
SPARQL = "/sparql"


class Metrics:
    """The numbers of one application."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        self._timer: asyncio.TimerHandle | None = None
        self._registry = registry = CollectorRegistry()
        if self._folder is None:
            ProcessCollector(registry=registry)
        self._requests = Counter(
            "sdograph_http_requests",
            "Requests that are over.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._durations = Histogram(
            "sdograph_http_request_duration_seconds", "From the head of a request to the end of its answer.",
            ("route",), buckets=BUCKETS, registry=registry,
        )  # fmt: skip
        self._queries = Counter(
            "sdograph_sparql_requests",
            "Requests to /sparql, by how they ended.",
            ("outcome",),
            registry=registry,
        )
        # Looking up a child by its labels takes longer than counting.
        self._counters: dict[tuple[str, str, int | None], Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        self._outcomes: dict[str, Counter] = {}
        self._processes = _gauge(
            registry, "sdograph_query_processes", "Processes for SPARQL queries.", "state"
        )
        self._waiting = _gauge(
            registry, "sdograph_queries_waiting", "SPARQL queries that wait for a process."
        )
        self._held = _gauge(
            registry, "sdograph_queries_memory_bytes", "Memory that running SPARQL queries hold."
        )
        self._generation = _gauge(
            registry, "sdograph_generation", "Number of the current generation.", mode="livemax"
        )
        self._generated = _gauge(
            registry, "sdograph_generation_timestamp_seconds",
            "When the current generation was made; its age is time() less this.", mode="livemax",
        )  # fmt: skip
        self._up = _gauge(registry, "sdograph_store_up", "Whether the store answered last.", mode="livemin")
        self._cached_bytes = _gauge(registry, "sdograph_cache_bytes", "Bytes of answers that are kept.")
        self._cached = _gauge(registry, "sdograph_cache_answers", "Answers that are kept.")
        self._totals = {
            name: Counter(f"sdograph_{name}", about, registry=registry)
            for name, about in (
                ("query_processes_started", "Processes started for SPARQL queries."),
                ("query_processes_killed", "Those the server ended: over a limit, long, or not wanted."),
                ("query_processes_lost", "Those that ended by themselves, as for lack of memory."),
                ("cache_hits", "SPARQL queries answered from the cache."),
                ("cache_misses", "SPARQL queries that the cache could not answer."),
            )
        }  # fmt: skip
        self._seen = dict.fromkeys(self._totals, 0)

    def observe(self, record: Record) -> None:
        """Counts a request that is over."""
        key = (record.route, record.method, record.status)
        counter = self._counters.get(key)
        if counter is None:
            status = "none" if record.status is None else str(record.status)
            counter = self._counters[key] = self._requests.labels(record.route, record.method, status)
        counter.inc()
        histogram = self._histograms.get(record.route)
        if histogram is None:
            histogram = self._histograms[record.route] = self._durations.labels(record.route)
        histogram.observe(record.duration)
        if record.route == SPARQL:
            outcome = record.outcome
            if outcome not in self._outcomes:
                self._outcomes[outcome] = self._queries.labels(outcome)
            self._outcomes[outcome].inc()

    def start(self) -> None:
        """Has the numbers of this process looked at from time to time, when others answer for it."""
        if self._folder is not None:
            self._sample()
            self._timer = asyncio.get_running_loop().call_later(INTERVAL, self.start)

    def stop(self) -> None:
        """Leaves what was counted, and takes back what was true of this process only."""
        if self._timer is not None:
            self._timer.cancel()
        if self._folder is not None:
            self._sample()
            mark_process_dead(os.getpid(), self._folder)  # type: ignore[no-untyped-call]

    def text(self) -> bytes:
        """All numbers, of all server processes."""
        self._sample()
        if self._folder is None:
            return generate_latest(self._registry)
        _forget_dead(self._folder)
        merged = CollectorRegistry()
        MultiProcessCollector(merged, self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(merged)

    def _sample(self) -> None:
        context = self._context
        cache = context.answers
        totals = {"cache_hits": cache.hits, "cache_misses": cache.misses}
        self._cached_bytes.set(cache.bytes)
        self._cached.set(len(cache))
        if (workers := context.running) is not None:
            alive = workers.alive()
            self._waiting.set(alive.pop("waiting_queries"))
            self._held.set(workers.held)
            for state, count in alive.items():
                self._processes.labels(state).set(count)
            totals |= {
                "query_processes_started": workers.started,
                "query_processes_killed": workers.killed,
                "query_processes_lost": workers.lost,
            }
        for name, total in totals.items():
            self._totals[name].inc(total - self._seen[name])
            self._seen[name] = total
        if context.remote is not None:
            self._waiting.set(context.remote.waiting)
            snapshot = context.seen  # to ask its server here would keep everybody waiting
        else:
            with suppress(Unavailable):
                context.snapshot()
            snapshot = context.seen
        self._up.set(snapshot is not None)
        if snapshot is None:
            return
        self._generation.set(snapshot.generation)
        self._generated.set(datetime.fromisoformat(snapshot.generated_at).timestamp())


def router(metrics: Metrics) -> Router:
    routes = Router(tags=["server"])

    @routes.get("/metrics", response_class=Response, summary="What the server counts, for Prometheus")
    async def exposition(request: Request) -> Response:
        request.app.note()
        headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
        return Response(metrics.text(), headers=headers)

    return routes


def _gauge(registry: CollectorRegistry, name: str, about: str, *labels: str, mode: str = "livesum") -> Gauge:
    return Gauge(name, about, labels, registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]


def _forget_dead(folder: str) -> None:
    """A process that was killed could not take back its numbers."""
    pids = {int(file.stem.rpartition("_")[2]) for file in Path(folder).glob("gauge_live*_*.db")}
    for pid in pids:
        if not Path(f"/proc/{pid}").exists():
            mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
