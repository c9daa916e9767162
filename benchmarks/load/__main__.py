"""``python -m benchmarks.load``: the load alone, with what can be varied about it."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks import load


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=load.__doc__)
    parser.add_argument("--seconds", type=int, default=load.SECONDS)
    parser.add_argument("--workers", type=int, default=1, help="server processes")
    parser.add_argument("--triples", type=int, default=100_000, help="of made-up statements")
    parser.add_argument("--data-dir", type=Path, help="take this dataset instead; it is not written to")
    parser.add_argument(
        "--hostile", type=float, default=load.HOSTILE_EACH_SECOND, help="hostile queries each second"
    )
    parser.add_argument("--no-commits", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sdograph-bench-") as folder:
        load.run(Path(folder), asked.triples, seconds=asked.seconds, workers=asked.workers,
                 data_dir=asked.data_dir, attacks=asked.hostile, commit=not asked.no_commits)  # fmt: skip


if __name__ == "__main__":
    main()
