"""CPU per request of ``/sparql`` beside the oxigraph server and rdflib-endpoint, over the same graph.

The oxigraph server reads the very same generation on disk; rdflib-endpoint holds its default graph in memory.
Asked by one client that waits for each answer, where every request finds the caches of the processor as its
client left them, and by eight at once.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import urllib.parse
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import uvloop

from benchmarks import synthetic
from benchmarks.load.client import Connection, Request
from benchmarks.measure import free_port, server, tree_cpu, tree_memory
from sdograph.namespaces import PREFIXES

ONE_RESOURCE = "SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}"
WHO_LIAISES = """PREFIX schema: <https://schema.org/>
SELECT ?from ?to (COUNT(DISTINCT ?ls) AS ?n) (MIN(?date) AS ?first) (MAX(?date) AS ?last) WHERE {{
  ?ls schema:sender ?from ; schema:toRecipient ?to ; schema:dateSent ?date
}} GROUP BY ?from ?to ORDER BY DESC(?n) ?from ?to LIMIT {limit}"""
ROUNDS = 5
CLIENTS = (1, 8)
#: What is prepared once for a dataset, beside all else, is no cost of a request.
_ALONE = {"SDOGRAPH_PREPARE_SEARCH": "false", "SDOGRAPH_PREPARE_OVERLAPS": "false"}
#: rdflib is slower by orders of magnitude: of so many requests it is asked one.
FEWER = 15


@dataclass(frozen=True, slots=True)
class Served:
    """A server, and how far it is asked less than the others."""

    name: str
    address: str
    """Port and path."""
    pid: int
    fewer: int = 1


def run(folder: Path, triples: int, *, data_dir: Path | None = None) -> None:
    triples = min(triples, 100_000)  # the size at which the peers were measured
    store = synthetic.copied(folder, data_dir) if data_dir else synthetic.store(folder, triples)
    generation = store.generation_path(store.current_number())
    held = ox.Store.read_only(str(generation))
    found = held.query("SELECT ?ls { ?ls a sdo:LiaisonStatement } ORDER BY ?ls", prefixes=PREFIXES)
    statements = [row[0].value for row in found]
    dump = folder / "default.nt"
    held.dump(dump, format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    del held
    print(f"{len(store.current()):,} quads, {len(statements):,} liaison statements")
    with ExitStack() as running:
        served = [
            _start(running, "sdograph", "/sparql", 1, lambda port: [
                sys.executable, "-m", "sdograph", "serve", "--port", port, "--data-dir", str(store.data_dir),
            ]),
            _start(running, "oxigraph", "/query", 1, lambda port: [
                _tool("oxigraph"), "serve-read-only", "--location", str(generation),
                "--bind", f"127.0.0.1:{port}",
            ]),
            _start(running, "rdflib-endpoint", "/", FEWER, lambda port: [
                _tool("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", port, str(dump),
            ]),
        ]  # fmt: skip
        used = (f"{each.name} {tree_memory(each.pid) / 1e6:.0f} MB" for each in served)
        print(f"memory of its own: {', '.join(used)}")
        # Every query differs from the one before, so that no cache can answer; but for those repeated.
        for title, aim, count, text in (
            (
                "one resource",
                2.5,
                1500,
                lambda i: ONE_RESOURCE.format(iri=statements[i % len(statements)]) + f" #{i}",
            ),
            ("who liaises with whom", 1.1, 120, lambda i: WHO_LIAISES.format(limit=100 + i)),
            ("repeats of one resource", 1.0, 1500, lambda _: ONE_RESOURCE.format(iri=statements[0])),
        ):
            for clients in CLIENTS:
                _compare(f"{title}, {clients} at once", aim, count, text, served, clients)


def _compare(
    title: str,
    aim: float,
    count: int,
    text: Callable[[int], str],
    served: Sequence[Served],
    clients: int,
) -> None:
    cost: dict[str, list[float]] = {each.name: [] for each in served}
    for n in range(ROUNDS):
        for each in served:
            asked = max(1, count // each.fewer)
            if each.fewer > 1 and n:
                continue
            cost[each.name].append(
                _cost(each, [text((clients * ROUNDS + n) * count + i) for i in range(asked)], clients)
            )
    shown = ", ".join(f"{name} {statistics.median(values) * 1e6:.0f} µs" for name, values in cost.items())
    ratio = statistics.median(a / b for a, b in zip(cost["sdograph"], cost["oxigraph"], strict=True))
    print(f"{title}: {shown}; sdograph to oxigraph {ratio:.2f} (aim: at most {aim})", flush=True)


def _start(
    running: ExitStack, name: str, path: str, fewer: int, command: Callable[[str], Sequence[str]]
) -> Served:
    port = free_port()
    process = running.enter_context(
        server(command(str(port)), f"http://127.0.0.1:{port}/", _ALONE, seconds=600)
    )
    return Served(name, f"{port}{path}", process.pid, fewer)


def _tool(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed: pip install --group bench")
    return found


def _cost(served: Served, queries: list[str], clients: int) -> float:
    """Seconds of the processor a request."""
    port, _, path = served.address.partition("/")
    before = tree_cpu(served.pid)
    uvloop.run(_asked(served.name, int(port), f"/{path}", queries, clients))
    return (tree_cpu(served.pid) - before) / len(queries)


async def _asked(name: str, port: int, path: str, queries: list[str], clients: int) -> None:
    left = iter(queries)

    async def one() -> None:
        connection = Connection(port, "127.0.0.1")
        for query in left:
            target = f"{path}?{urllib.parse.urlencode({'query': query})}"
            answer = await connection.ask(Request(target=target, accept="application/sparql-results+json"))
            if answer.status != 200:
                sys.exit(f"{name}: {answer.status}: {answer.body[:300]!r}")
        connection.close()

    await asyncio.gather(*(one() for _ in range(clients)))
