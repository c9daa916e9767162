"""How well liaison statements are read, by layout and field, and what one costs.

Documents and truth are those of tests/liaison_corpus. Printed for each split: F1 in per cent by layout and
field, precision, recall and F1 over all, and why documents gave no record. Every single fault is in
``liaison-faults-*.txt`` in the folder named at the end.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.liaison_corpus import FORMS
from tests.liaison_corpus.reading import Reading, judge

from sdograph import manifest, pipeline
from sdograph.store import EmbeddedStore

COUNT = 40


def run(folder: Path, triples: int) -> None:  # noqa: ARG001  (each benchmark is given both)
    store = EmbeddedStore(folder / "registry")
    core = [e for e in manifest.entries() if e.name.startswith("registry/")]
    pipeline.build(store, core, manifest.schemes())
    reading = Reading(store.current())
    kept = Path(tempfile.mkdtemp(prefix="sdograph-liaison-"))
    for split in FORMS:
        found = judge(reading, split, COUNT, kept)
        (kept / f"liaison-faults-{split}.txt").write_text("\n".join(found.faults), "utf-8")
        print(f"\n{split}: {found.documents} documents\n{found}")
        print("CPU ms a document:", ", ".join(f"{k} {1000 * v / COUNT:.1f}" for k, v in found.cpu.items()))
        for why, times in found.refused.most_common(15):
            print(f"{times:4}  {why}")
    print(f"\ndocuments and faults: {kept}")
