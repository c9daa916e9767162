"""From the start of ``sdograph serve`` on a built data directory to its first answer, by the clock.

The baseline in the same run is a bare interpreter that imports FastAPI and uvicorn.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import synthetic
from benchmarks.measure import free_port, wait_for

ROUNDS = 7


def run(folder: Path, triples: int) -> None:
    store = synthetic.store(folder, triples)
    times, bare = [], []
    for _ in range(ROUNDS):
        begin = time.monotonic()
        subprocess.run([sys.executable, "-c", "import fastapi, uvicorn"], check=True)
        bare.append(time.monotonic() - begin)
        port = free_port()
        begin = time.monotonic()
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sdograph",
                "serve",
                "--port",
                str(port),
                "--data-dir",
                str(store.data_dir),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/v1/bodies?limit=1", process)
            times.append(time.monotonic() - begin)
        finally:
            process.terminate()
            process.wait(20)
    found, base = statistics.median(times), statistics.median(bare)
    print(
        f"first answer after {found:.2f} s (aim: under 2), "
        f"{found / base:.1f} times a bare import of FastAPI ({base:.2f} s)"
    )
