"""How many titles a second get their topics."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.measure import own_cpu
from sdograph.topics import TopicAssigner

TITLES = Path(__file__).parents[1] / "tests" / "topics" / "judged_titles.csv"
COUNT = 50_000


def run(folder: Path, triples: int) -> None:  # noqa: ARG001  (each benchmark is given both)
    with TITLES.open(encoding="utf-8", newline="") as file:
        judged = [row["title"] for row in csv.DictReader(file)]
    # Each title once, with a word of its own, so that no cache of words helps more than it does on real ones.
    titles = [f"{judged[n % len(judged)]} x{n}" for n in range(COUNT)]
    before = own_cpu()
    assigner = TopicAssigner()
    print(f"rules compiled in {own_cpu() - before:.3f} CPU-s")
    before = own_cpu()
    given = sum(len(assigner.assign(title)) for title in titles)
    used = own_cpu() - before
    print(f"{COUNT / used:,.0f} titles a CPU-second, {given} topics given to {COUNT} titles")
