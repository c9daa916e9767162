"""What the program reads from documents of the corpus, and how much of it is right."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdograph import catalogue, sources
from sdograph.errors import SdographError
from sdograph.linking import Linker
from sdograph.model import LiaisonStatement
from sdograph.reports import record_dict
from sdograph.store import Snapshot

from . import LAYOUTS, Split, documents
from .scorer import Score, score, table


class Reading:
    """Reads and links one document after the other; nothing is written."""

    def __init__(self, known: Snapshot) -> None:
        self._linker: Linker = catalogue.linker(known)

    def records(self, path: Path) -> list[dict[str, Any]]:
        """The records of all statements in a file, as ``ingest --dry-run --json`` shows them.

        Raises what the reader of the file raises.
        """
        found = sources.read(path, sources.open_source(path))
        return [record_dict(self._linker.link(r)) for r in found if isinstance(r, LiaisonStatement)]


@dataclass(slots=True)
class Judgement:
    """Scores by layout, every fault with its document, why documents gave no record, and the time taken."""

    scores: dict[str, Score] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """CPU seconds by layout, for reading and linking."""
    documents: int = 0

    @property
    def whole(self) -> Score:
        whole = Score()
        for one in self.scores.values():
            whole.merge(one)
        return whole

    def __str__(self) -> str:
        return table(self.scores)


def judge(
    reading: Reading, split: Split, count: int, folder: Path, layouts: Sequence[str] = LAYOUTS
) -> Judgement:
    """Reads ``count`` documents of each layout and compares. A file that gives several statements or none
    counts as not read."""
    found = Judgement(scores={layout: Score() for layout in layouts})
    for document in documents(split, count, folder, layouts):
        before = time.process_time()
        try:
            records = reading.records(document.path)
            why = "" if len(records) == 1 else f"{len(records)} statements in one document"
        except SdographError as error:
            records, why = [], f"{type(error).__name__}: {error.message}"
        found.cpu[document.layout] += time.process_time() - before
        found.documents += 1
        one = score(document.truth, None if why else records[0])
        found.scores[document.layout].merge(one)
        where = f"{document.layout} {document.form} {document.carrier} {document.path}"
        if why:
            found.refused[f"{document.layout} {document.carrier.partition('-')[0]}: {why}"] += 1
            found.faults.append(f"{where} refused: {why}")
        else:
            found.faults += [f"{where} {name} {kind}: {value}" for name, kind, value in one.faults]
    return found
