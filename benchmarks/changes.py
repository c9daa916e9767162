"""Large changes over HTTP beside the oxigraph server, and beside loading the same quads in bulk.

CPU seconds of a server with all its processes. What ours does besides: it keeps the default graph the merge
of all graphs, checks what is touched by SHACL, counts what changed, and publishes a generation.
"""

from __future__ import annotations

import http.client
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from benchmarks import synthetic
from benchmarks.measure import free_port, own_cpu, server, tree_cpu
from sdograph.store import EmbeddedStore

GRAPH = "urn:x-bench:graph"
UPDATE = "application/sparql-update"


def run(folder: Path, triples: int) -> None:
    oxigraph = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if oxigraph is None:
        sys.exit("the oxigraph server is not installed: pip install oxigraph")
    store = synthetic.store(folder, triples)
    store.backup(folder / "ours")
    copy = EmbeddedStore(folder / "ours")
    generation = copy.generation_path(copy.current_number())
    ox.Store.read_only(str(generation)).backup(str(folder / "peer"))
    quads = len(copy.current())
    sent, size = document(copy)
    operations: list[tuple[str, str, str, bytes, str]] = [
        (f"PUT of {size:,} triples", "PUT", f"/store?graph={GRAPH}", sent, "application/n-triples"),
        ("DELETE WHERE of them", "POST", "/update", _delete_where(), UPDATE),
        ("PUT again", "PUT", f"/store?graph={GRAPH}", sent, "application/n-triples"),
        ("DROP GRAPH", "POST", "/update", f"DROP GRAPH <{GRAPH}>".encode(), UPDATE),
        (f"CLEAR ALL of {quads:,} quads", "POST", "/update", b"CLEAR ALL", UPDATE),
    ]
    ours, peers = free_port(), free_port()
    with (
        server(
            [sys.executable, "-m", "sdograph", "serve", "--port", str(ours), "--update-timeout", "600"],
            f"http://127.0.0.1:{ours}/health",
            {"SDOGRAPH_DATA_DIR": str(copy.data_dir), "SDOGRAPH_WRITE_TOKEN": "bench"},
        ) as us,
        server(
            [oxigraph, "serve", "--location", str(folder / "peer"), "--bind", f"127.0.0.1:{peers}"],
            f"http://127.0.0.1:{peers}/",
        ) as them,
    ):
        for title, *request in operations:
            mine = _cost(us.pid, lambda r=request: _ask(ours, *r))
            peer = _cost(them.pid, lambda r=request: _ask(peers, *r))
            ratio = mine / max(peer, 0.01)
            cost = f"sdograph {mine:.2f} s, oxigraph {peer:.2f} s of CPU"
            print(f"{title}: {cost}, ratio {ratio:.1f}", flush=True)
    # Bulk loading writes the default graph too, as PUT does.
    print(
        f"loaded in bulk, for comparison: those {size:,} triples {_loaded(folder, size):.2f} s, "
        f"all {quads:,} quads {_loaded(folder, quads // 2):.2f} s"
    )


def document(store: EmbeddedStore) -> tuple[bytes, int]:
    """N-Triples of the largest graph of the store, told of nodes that nobody knows yet; their number."""
    snapshot = store.current()
    found = snapshot.rows(
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY DESC(?n) LIMIT 1"
    )
    graph = cast(ox.NamedNode, found[0]["g"])
    triples = [
        ox.Triple(ox.NamedNode(f"{cast(ox.NamedNode, q.subject).value}-again"), q.predicate, q.object)
        for q in snapshot.quads(graph=graph)
    ]
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", len(triples)


def _delete_where() -> bytes:
    return f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}".encode()


def _ask(port: int, method: str, path: str, body: bytes, media_type: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=900)
    connection.request(method, path, body, {"Content-Type": media_type, "Authorization": "Bearer bench"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status not in (200, 201, 204):
        sys.exit(f"{method} {path}: {answer.status} {content[:300]!r}")


def _cost(pid: int, act: Callable[[], None]) -> float:
    before = tree_cpu(pid)
    act()
    return tree_cpu(pid) - before


def _loaded(folder: Path, triples: int) -> float:
    """CPU seconds to load so many triples into an empty store."""
    at = folder / f"loaded-{triples}"
    before = own_cpu()
    with EmbeddedStore(at).writer() as writer:
        writer.load(synthetic.statements(triples // synthetic.TRIPLES_EACH))
    return own_cpu() - before
