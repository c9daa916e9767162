"""A process that commits a document every second until it is told to stop.

``python -m benchmarks.load.committing DATA_DIR FOLDER``: for each commit a line ``begin N TIME`` before it
and ``end N TIME STATE`` after it (monotonic clock), until its standard input ends.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from benchmarks.ingest import variant
from sdograph import bundled, pipeline
from sdograph.store import EmbeddedStore

INTERVAL = 1.0


def main() -> None:
    store, folder = EmbeddedStore(Path(sys.argv[1])), Path(sys.argv[2])
    text = next((bundled.data() / "liaison-statements").glob("LS_*.txt")).read_text("utf-8")
    stop = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
    number, due = 0, time.monotonic()
    while not stop.wait(max(0.0, due - time.monotonic())):
        number, due = number + 1, max(due + INTERVAL, time.monotonic())
        print("begin", number, time.monotonic(), flush=True)
        [report] = pipeline.ingest(store, [variant(folder, text, f"load-{number}")])
        print("end", number, time.monotonic(), report.state, flush=True)


if __name__ == "__main__":
    main()
