"""How well statements of every house are read, on documents that the tests build and on the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from liaison_corpus import LAYOUTS, documents
from liaison_corpus.reading import Reading
from liaison_corpus.scorer import Score, score, table

from sdograph.store import Snapshot

#: What is reached over all fields; the aim is 0.98.
REACHED = 0.0
COUNT = 20


@pytest.fixture(scope="module")
def reading(bundled_snapshot: Snapshot) -> Reading:
    return Reading(bundled_snapshot)


def test_the_corpus_is_read(reading: Reading, tmp_path: Path) -> None:
    scores = {layout: Score() for layout in LAYOUTS}
    for document in documents("development", COUNT, tmp_path):
        record = reading.record(document.path)
        scores[document.layout].merge(score(document.truth, None if isinstance(record, str) else record))
    whole = Score()
    for one in scores.values():
        whole.merge(one)
    assert whole.total.f1 >= REACHED, f"\n{table(scores)}"
