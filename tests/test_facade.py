"""What Python users import, pinned: a name that goes or changes breaks their programs."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import sdograph
from sdograph import Graph
from sdograph.errors import InvalidQuery, StoreMissing, UsageError
from sdograph.overlap.decision import Decision, decide
from sdograph.store import EmbeddedStore


@pytest.fixture
def graph(own_store: EmbeddedStore) -> Graph:
    return Graph.open(own_store.data_dir)


def test_the_public_names() -> None:
    assert sdograph.__all__ == ["Graph", "__version__"]
    public = {name for name, _ in inspect.getmembers(Graph) if not name.startswith("_")}
    assert public == {"ask", "inbox", "ingest", "network", "open", "overlaps", "query", "thread", "version"}
    with pytest.raises(AttributeError, match="nothing"):
        sdograph.nothing  # noqa: B018


def test_every_public_name_is_documented() -> None:
    for name, member in inspect.getmembers(Graph):
        if not name.startswith("_"):
            assert inspect.getdoc(member), name


def test_a_query_gives_rows_of_python_values(graph: Graph) -> None:
    answer = graph.query(
        "SELECT ?id ?order ?date ?none WHERE { ?r a sdo:Release ; dcterms:identifier ?id ; sdo:order ?order "
        "OPTIONAL { ?r sdo:begin ?date } FILTER(?id = 'Rel-18') }"
    )
    assert answer.columns == ["id", "order", "date", "none"]
    (row,) = answer
    assert row["id"] == "Rel-18"
    assert isinstance(row["order"], int)
    assert row["none"] is None
    frame = answer.to_pandas()
    assert list(frame.columns) == answer.columns
    assert len(frame) == len(answer) == 1


def test_ask_and_construct(graph: Graph) -> None:
    assert graph.query("ASK { ?s a sdo:LiaisonStatement }")
    assert not graph.query("ASK { ?s a sdo:Nothing }")
    assert "SAI-014" in graph.query("CONSTRUCT WHERE { ?s a sdo:WorkItem ; dcterms:identifier ?i }").turtle()


def test_named_queries(graph: Graph) -> None:
    assert {row["to"] for row in graph.ask("who-liaises-with-whom", group="ETSI-ISG-SAI")} >= {"3GPP-SA3"}
    with pytest.raises(UsageError, match="who-liaises-with-whom"):
        graph.ask("nothing")


def test_a_query_cannot_reach_out_of_the_graph(graph: Graph) -> None:
    with pytest.raises(InvalidQuery, match="SERVICE"):
        graph.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_ingest_and_the_version(graph: Graph, founding: Path, tmp_path: Path) -> None:
    before = graph.version
    path = tmp_path / "ls.txt"
    path.write_text(founding.read_text("utf-8").replace("potential collaboration", "collaboration"), "utf-8")
    (report,) = graph.ingest(path)
    assert report.state == "new"
    assert len(report.records) == 1
    assert graph.version != before


def test_overlaps_of_an_item_and_a_pair_that_was_rejected(graph: Graph, own_store: EmbeddedStore) -> None:
    first = graph.overlaps("SAI-014", limit=3)
    assert "FS_AIML" in [overlap.other.code for overlap in first]
    wrong = first[0].other.id
    taken = Decision(
        left=first[0].item.id, right=wrong, verdict="rejected", by="chair", at="2026-11-25T10:00:00Z"
    )
    decide(own_store, [taken])
    assert wrong not in [overlap.other.id for overlap in graph.overlaps("SAI-014", limit=3)]


def test_the_network_is_a_networkx_graph(graph: Graph) -> None:
    network = graph.network("liaisons")
    assert network.is_directed()
    assert network.is_multigraph()
    assert {v for _, v in network.out_edges("ETSI-ISG-SAI")} == {
        "3GPP-SA", "3GPP-SA3", "3GPP-SA5", "ITU-T-SG13", "ITU-T-SG17", "ITU-R",
    }  # fmt: skip


def test_opening_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        Graph.open(tmp_path, build=False)


@pytest.mark.parametrize(
    "trick", ["service:x {}", "?s ?p ?o . FILTER(1<2)#>\nSERVICE <http://127.0.0.1:9/> {}"]
)
def test_oxigraph_is_given_no_text_that_it_reads_as_a_service(graph: Graph, trick: str) -> None:
    with pytest.raises(InvalidQuery):
        graph.query(f"SELECT * {{ {trick} }}")
