"""CPU and memory of ``sdograph build``, beside a bulk load of the very quads it makes.

The baseline reads them from an N-Quads file into a new store and puts the store in order, which is all that a
program could do that neither reads, links nor checks anything.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

from benchmarks.measure import run as measured
from sdograph.store import EmbeddedStore

_LOAD = """
import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)
store.optimize()
"""
ROUNDS = 3


def run(folder: Path, triples: int) -> None:  # noqa: ARG001 (the bundled dataset has the size it has)
    builds, loads = [], []
    for n in range(ROUNDS):
        home, lines = folder / f"built-{n}", folder / "quads.nq"
        builds.append(measured([sys.executable, "-m", "sdograph", "build", "--data-dir", str(home)], {}))
        current = home / "generations" / str(EmbeddedStore(home).current_number())
        ox.Store.read_only(str(current)).dump(lines, format=ox.RdfFormat.N_QUADS)
        loads.append(measured([sys.executable, "-c", _LOAD, str(lines), str(folder / f"loaded-{n}")], {}))
    build, load = (min(runs, key=lambda r: r.cpu) for runs in (builds, loads))
    print(
        f"build {build.cpu:.1f} s CPU, {build.peak / 1e6:,.0f} MB; "
        f"bulk load of its quads {load.cpu:.1f} s, {load.peak / 1e6:,.0f} MB"
    )
    print(f"ratio {build.cpu / load.cpu:.2f} (aim: at most 5)")
