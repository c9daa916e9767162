"""One liaison statement into an empty store and into a large one: CPU and memory, and their ratio.

The statement is the founding one with another title each time, so that it is always new. Measured twice:
the whole command, and the work within a running process (as the service does it).
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from benchmarks import synthetic
from benchmarks.measure import own_cpu
from benchmarks.measure import run as run_process
from sdograph import bundled, pipeline
from sdograph.store import EmbeddedStore

ROUNDS = 7


def run(folder: Path, triples: int) -> None:
    stores = {"empty": synthetic.store(folder, 0), "large": synthetic.store(folder, triples)}
    print(f"large: {len(stores['large'].current()):,} quads, {triples:,} triples of statements")
    text = next((bundled.data() / "liaison-statements").glob("LS_*.txt")).read_text("utf-8")
    cpu: dict[str, list[float]] = {name: [] for name in stores}
    peak: dict[str, list[float]] = {name: [] for name in stores}
    within: dict[str, list[float]] = {name: [] for name in stores}
    for n in range(ROUNDS):
        for name, store in stores.items():
            one = variant(folder, text, f"{name}-{n}-a")
            command = [sys.executable, "-m", "sdograph", "ingest", str(one)]
            done = run_process(command, {"SDOGRAPH_DATA_DIR": str(store.data_dir)})
            assert ": new" in done.output, done.output
            cpu[name].append(done.cpu)
            peak[name].append(done.peak / 1e6)
            within[name].append(_within(store, variant(folder, text, f"{name}-{n}-b")))
    for title, unit, found in (
        ("whole command, CPU", "s", cpu),
        ("whole command, peak memory", "MB", peak),
        ("within a process, CPU", "s", within),
    ):
        empty, large = (statistics.median(found[name]) for name in ("empty", "large"))
        print(
            f"{title}: empty {empty:.3f} {unit}, large {large:.3f} {unit}, "
            f"ratio {large / empty:.2f} (aim: at most 1.5)"
        )


def _within(store: EmbeddedStore, path: Path) -> float:
    before = own_cpu()
    reports = pipeline.ingest(store, [path])
    assert reports[0].state == "new", reports
    return own_cpu() - before


def variant(folder: Path, text: str, name: str) -> Path:
    path = folder / f"{name}.txt"
    path.write_text(text.replace("LS to SA, SA3 and SA5 on", f"LS {name} to SA, SA3 and SA5 on"), "utf-8")
    return path
