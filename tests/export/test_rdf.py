"""RDF of a whole snapshot: loaded back, it is the same."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest

from sdograph import network
from sdograph.errors import UsageError
from sdograph.export import DUMPS, write
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


class TestWhatIsBehindANetwork:
    def behind(self, snapshot: Snapshot, view: str, format: str = "nt") -> set[ox.Triple]:
        graph = network.build(snapshot, view, {})
        document = io.BytesIO(b"".join(write(snapshot, graph, format)))
        return {quad.triple for quad in ox.parse(document, format=FORMATS[format])}

    def test_all_that_is_said_of_nodes_and_statements(self, bundled_snapshot: Snapshot) -> None:
        found = self.behind(bundled_snapshot, "liaisons")
        assert found == self.behind(bundled_snapshot, "liaisons", "ttl")
        subjects = {triple.subject for triple in found}
        names = {s.value.rpartition("/id/")[2] for s in subjects if isinstance(s, ox.NamedNode)}
        parties = {"ETSI-ISG-SAI", "3GPP-SA", "3GPP-SA3", "3GPP-SA5", "ITU-T-SG13", "ITU-T-SG17"}
        statement = "liaison-statement/ETSI/ETSI-ISG-SAI-2023-09-18-50d0db1459"
        assert names == {*(f"group/{party}" for party in parties), "body/ITU-R", statement}
        for subject in subjects:
            assert {t for t in found if t.subject == subject} == set(bundled_snapshot.triples(subject))

    def test_relationships_are_behind_theirs(self, bundled_snapshot: Snapshot) -> None:
        graph = network.relationships(bundled_snapshot)
        stated = {id for *_, data in graph.edges(data=True) for id in data["relationships"]}
        subjects = {str(triple.subject) for triple in self.behind(bundled_snapshot, "relationships")}
        assert {f"<https://w3id.org/sdograph/id/liaison-relationship/{id}>" for id in stated} <= subjects

    def test_a_form_that_a_network_has_not(self, bundled_snapshot: Snapshot) -> None:
        with pytest.raises(UsageError, match="no form 'trig'"):
            write(bundled_snapshot, network.liaisons(bundled_snapshot), "trig")
