"""CPU per request of ``/sparql`` beside the oxigraph server, over the very same generation on disk."""

from __future__ import annotations

import http.client
import shutil
import statistics
import sys
import urllib.parse
from pathlib import Path

from benchmarks import synthetic
from benchmarks.measure import free_port, server, tree_cpu, tree_memory

ONE_RESOURCE = (
    "SELECT ?p ?o WHERE {{ <https://w3id.org/sdograph/id/liaison-statement/BENCH/X9-{n:07d}> ?p ?o }}"
)
WHO_LIAISES = """PREFIX schema: <https://schema.org/>
SELECT ?from ?to (COUNT(DISTINCT ?ls) AS ?n) (MIN(?date) AS ?first) (MAX(?date) AS ?last) WHERE {{
  ?ls schema:sender ?from ; schema:toRecipient ?to ; schema:dateSent ?date
}} GROUP BY ?from ?to ORDER BY DESC(?n) ?from ?to LIMIT {limit}"""
ROUNDS = 5


def run(folder: Path, triples: int) -> None:
    triples = min(triples, 100_000)  # the size at which the peers were measured
    store = synthetic.store(folder, triples)
    generation = store.generation_path(store.current_number())
    oxigraph = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if oxigraph is None:
        sys.exit("the oxigraph server is not installed: pip install oxigraph")
    ours, peers = free_port(), free_port()
    statements = triples // synthetic.TRIPLES_EACH
    with (
        server(
            [sys.executable, "-m", "sdograph", "serve", "--port", str(ours)],
            f"http://127.0.0.1:{ours}/health",
            {"SDOGRAPH_DATA_DIR": str(store.data_dir)},
        ) as us,
        server(
            [oxigraph, "serve-read-only", "--location", str(generation), "--bind", f"127.0.0.1:{peers}"],
            f"http://127.0.0.1:{peers}/",
        ) as them,
    ):
        mine, peer = (tree_memory(server.pid) / 1e6 for server in (us, them))
        print(f"memory of its own: sdograph {mine:.0f} MB, oxigraph {peer:.0f} MB")
        # Every query differs from the one before, so that no cache can answer; but for those repeated.
        for title, aim, count, text in (
            ("one resource", 3.0, 1500, lambda i: ONE_RESOURCE.format(n=i % statements)),
            ("who liaises with whom", 1.2, 30, lambda i: WHO_LIAISES.format(limit=100 + i)),
            ("repeats of one resource", 1.0, 1500, lambda _: ONE_RESOURCE.format(n=0)),
        ):
            cost: dict[str, list[float]] = {"sdograph": [], "oxigraph": []}
            for n in range(ROUNDS):
                for name, path, port, pid in (
                    ("sdograph", "/sparql", ours, us.pid),
                    ("oxigraph", "/query", peers, them.pid),
                ):
                    cost[name].append(_cost(port, path, pid, [text(n * count + i) for i in range(count)]))
            mine, peer = (statistics.median(cost[name]) * 1e6 for name in ("sdograph", "oxigraph"))
            ratio = statistics.median(a / b for a, b in zip(cost["sdograph"], cost["oxigraph"], strict=True))
            print(
                f"{title}: sdograph {mine:.0f} µs, oxigraph {peer:.0f} µs, "
                f"ratio {ratio:.2f} (aim: at most {aim})"
            )


def _cost(port: int, path: str, pid: int, queries: list[str]) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    before = tree_cpu(pid)
    for query in queries:
        connection.request(
            "GET", f"{path}?{urllib.parse.urlencode({'query': query})}",
            headers={"Accept": "application/sparql-results+json"},
        )  # fmt: skip
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{answer.status}: {body[:300]!r}")
    used = tree_cpu(pid) - before
    connection.close()
    return used / len(queries)
