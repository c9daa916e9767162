"""What writing a network and measuring it cost, against networkx's own writers on the same graph.

Each part runs in a process of its own. CPU time is that of the part alone; from the peak of memory that of a
process that only makes the graph is taken off. networkx writes no lists, so that the graph has none.
"""

from __future__ import annotations

import gc
import io
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.measure import Run
from benchmarks.measure import run as in_a_process

SIZES = ((10_000, 50_000), (100_000, 500_000))
FORMATS = ("gexf", "graphml", "json", "cytoscape", "csv", "dot")
#: Formats that networkx writes too.
PEERS = ("gexf", "graphml", "json", "cytoscape")
BODIES = ("3GPP", "ETSI", "ITU-T", "IETF", "GSMA", "ISO-IEC-JTC1", "IEEE-SA")


def run(folder: Path, triples: int) -> None:  # noqa: ARG001  (each benchmark is given both)
    for nodes, edges in SIZES:
        print(f"\n{nodes:,} nodes, {edges:,} edges")
        _part("nothing", nodes, edges)  # the first run fills the caches of files
        base = _part("nothing", nodes, edges)
        for format in FORMATS:
            own = _cost(_part(f"own:{format}", nodes, edges), base)
            line = f"{format:>10}: {own[0]:7.2f} CPU s {own[1] / 1e6:7.0f} MB"
            if format in PEERS:
                peer = _cost(_part(f"networkx:{format}", nodes, edges), base)
                line += f"   networkx {peer[0]:7.2f} s {peer[1] / 1e6:7.0f} MB"
                line += f"   {peer[0] / own[0]:.1f} times the CPU, {peer[1] / own[1]:.1f} times the memory"
            print(line, flush=True)
        measured = _cost(_part("measures", nodes, edges), base)
        print(f"  measures: {measured[0]:7.2f} CPU s {measured[1] / 1e6:7.0f} MB")


def _part(what: str, nodes: int, edges: int) -> Run:
    arguments = [what, str(nodes), str(edges)]
    return in_a_process([sys.executable, "-m", "benchmarks.network", *arguments], {"PYTHONHASHSEED": "0"})


def _cost(whole: Run, base: Run) -> tuple[float, float]:
    """CPU seconds of the part, and the bytes that it took over making the graph."""
    return float(whole.output.split()[-1]), max(whole.peak - base.peak, 1_000_000)


def made_up(nodes: int, edges: int) -> Any:
    """A network as the view of liaisons has them, without the lists of statements."""
    from sdograph.network.multigraph import Network

    rng = random.Random(20230918)
    graph = Network(view="liaisons", version="1-bench", generated_at="2026-01-01T00:00:00Z")
    for n in range(nodes):
        graph.add_node(
            f"G{n}",
            label=f"Group {n} für Größe & Maß",
            kind="group",
            body=BODIES[n % len(BODIES)],
            iri=f"https://w3id.org/sdograph/id/group/G{n}",
            begin=f"{rng.randint(1990, 2020)}",
        )
    for n in range(edges):
        dates = sorted(f"{rng.randint(2010, 2025)}-{rng.randint(1, 12):02}-01" for _ in range(2))
        graph.add_edge(
            f"G{rng.randrange(nodes)}",
            f"G{rng.randrange(nodes)}",
            key=f"to{n % 2}",
            kind=("to", "cc")[n % 2],
            weight=2,
            first=dates[0],
            last=dates[1],
        )
    return graph


class _Nowhere(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data)


def _networkx(format: str, graph: Any) -> None:
    import json

    import networkx as nx

    if format == "gexf":
        nx.write_gexf(graph, _Nowhere())
    elif format == "graphml":
        nx.write_graphml_xml(graph, _Nowhere())
    else:
        turned: Callable[[Any], Any] = nx.cytoscape_data if format == "cytoscape" else nx.node_link_data
        json.dump(turned(graph), io.TextIOWrapper(_Nowhere()))  # type: ignore[type-var]


def _own(format: str, graph: Any) -> None:
    from sdograph.export import WRITERS

    pieces: Iterator[bytes] = WRITERS[format].write(graph)
    while any(islice(pieces, 1000)):
        pass


def _main(what: str, nodes: str, edges: str) -> None:
    graph = made_up(int(nodes), int(edges))
    kind, _, format = what.partition(":")
    # Loading is not writing or measuring.
    import sdograph.export  # noqa: F401

    if kind == "measures":
        import igraph  # noqa: F401

        from sdograph.network.measures import measure
    # What the collector has still to do for the graph is not the work of who comes next.
    gc.collect()
    begin = time.process_time()
    if kind == "own":
        _own(format, graph)
    elif kind == "networkx":
        _networkx(format, graph)
    elif kind == "measures":
        measure(graph)
    print(time.process_time() - begin)


if __name__ == "__main__":
    _main(*sys.argv[1:])
