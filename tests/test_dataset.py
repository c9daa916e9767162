"""The bundled dataset as a whole: valid, complete, small, without personal data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal

from sdograph import manifest
from sdograph.store import EmbeddedStore, Snapshot
from sdograph.validation import validate_all


@pytest.fixture(scope="module")
def snapshot(dataset: EmbeddedStore) -> Snapshot:
    return dataset.current()


def test_nothing_in_it_is_violated(snapshot: Snapshot) -> None:
    assert not [f for f in validate_all(snapshot) if f.severity == "violation"]


def test_it_holds_the_whole_work_plan_of_january_2023(snapshot: Snapshot) -> None:
    """8,269 rows below the header, of which 126 are headings with Unique_ID 0."""
    (found,) = snapshot.rows(
        "SELECT (COUNT(DISTINCT ?unique_id) AS ?items) WHERE { "
        "?item a sdo:WorkItem ; sdo:number ?unique_id ; prov:hadPrimarySource/sdo:reader 'work-plan' }"
    )
    assert found["items"] == Literal(8269 - 126)


def test_no_mail_address_and_no_contact_is_in_it(snapshot: Snapshot) -> None:
    address = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
    found = [
        q
        for q in snapshot.quads(graph=DefaultGraph())
        if isinstance(q.object, Literal) and address.search(q.object.value)
    ]
    assert not found


def test_the_manifest_names_every_file_and_the_data_stays_small(root: Path) -> None:
    declared = {e.path.resolve() for e in manifest.entries()}
    lying = {p.resolve() for p in (root / "data").rglob("*") if p.suffix in (".csv", ".jsonl", ".txt")}
    assert declared == lying
    assert sum(p.stat().st_size for p in declared) < 15_000_000
