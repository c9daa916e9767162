"""``python -m benchmarks [NAME ...]``: runs the named benchmarks, or all."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from pathlib import Path

NAMES = (
    "build", "changes", "documents", "ingest", "liaison", "load", "network", "overlap", "remote", "service",
    "startup", "topics",
)  # fmt: skip
WITH_DATASET = ("load", "overlap", "service")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the large store")
    parser.add_argument("--data-dir", type=Path, help="take this dataset (load, overlap, service)")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    with tempfile.TemporaryDirectory(prefix="sdograph-bench-") as folder:
        for name in asked.names or NAMES:
            print(f"\n== {name}", flush=True)
            given = {"data_dir": asked.data_dir} if asked.data_dir and name in WITH_DATASET else {}
            importlib.import_module(f"benchmarks.{name}").run(Path(folder), asked.triples, **given)


if __name__ == "__main__":
    main()
