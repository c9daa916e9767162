"""RDF of a whole snapshot: loaded back, it is the same."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest

from sdograph.export import DUMPS
from sdograph.store import Snapshot
from sdograph.store.snapshot import EmbeddedSnapshot

FORMATS = {
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
}


def loaded(snapshot: Snapshot, format: str) -> set[ox.Quad]:
    document = io.BytesIO(b"".join(DUMPS[format].write(snapshot)))
    return set(ox.parse(document, format=FORMATS[format]))


@pytest.mark.parametrize("format", ["nq", "trig"])
def test_document_graphs_come_back_and_merge_to_the_default_graph(
    format: str, bundled_snapshot: Snapshot
) -> None:
    found = loaded(bundled_snapshot, format)
    everything = set(bundled_snapshot.quads())
    assert found == {q for q in everything if q.graph_name != ox.DefaultGraph()}
    merged = {q.triple for q in found}
    assert merged == {q.triple for q in everything if q.graph_name == ox.DefaultGraph()}


@pytest.mark.parametrize("format", ["ttl", "nt"])
def test_the_merge_comes_back(format: str, bundled_snapshot: Snapshot) -> None:
    found = loaded(bundled_snapshot, format)
    assert found == set(bundled_snapshot.quads(graph=ox.DefaultGraph()))


@pytest.mark.parametrize("format", ["ttl", "trig"])
def test_prefixes_are_stated_once(format: str, bundled_snapshot: Snapshot) -> None:
    pieces = list(DUMPS[format].write(bundled_snapshot))
    assert len(pieces) > 1
    assert pieces[0].startswith(b"@prefix ")
    lines = b"".join(pieces).split(b"\n")
    prefixes = [line for line in lines if line.startswith(b"@prefix ")]
    assert len(prefixes) == len(set(prefixes))


@pytest.mark.parametrize("format", DUMPS)
def test_nothing_is_a_document_too(format: str) -> None:
    assert loaded(EmbeddedSnapshot(ox.Store(), 1), format) == set()
