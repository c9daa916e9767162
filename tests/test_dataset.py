"""The bundled dataset as a whole: valid, complete, small, without personal data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal

from sdograph import manifest, network
from sdograph.network.measures import measure
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


def test_the_networks_show_what_the_guide_says(snapshot: Snapshot) -> None:
    """docs/guides/networks.md; the counts are of the rows of the tables, by hand."""
    graph = network.liaisons(snapshot)
    found = measure(graph)
    assert (found.nodes, found.edges, found.statements, found.communities) == (88, 155, 769, 6)
    assert (found.density, found.reciprocity) == (
        pytest.approx(0.019, abs=5e-4),
        pytest.approx(0.34, abs=5e-3),
    )
    to_sa2 = {s for _, to, d in graph.edges(data=True) if to == "3GPP-SA2" for s in d["statements"]}
    assert len(to_sa2) == 600

    forum = graph.edges["BBF", "3GPP-SA2", "to"]
    assert (forum["weight"], forum["first"], forum["last"]) == (14, "2018", "2024-08")
    back = graph.edges["3GPP-SA2", "BBF", "to"]["statements"]
    assert back == [f"3GPP/{n}" for n in ("S2-189038", "S2-1811575", "S2-2003434", "S2-2002331")]
    others = [
        data["weight"]
        for source, target, data in graph.edges(data=True)
        if "3GPP" not in (graph.nodes[source]["body"], source) and graph.nodes[target]["body"] == "3GPP"
    ]
    assert sorted(others)[-2:] == [6, 14]

    bodies = network.liaisons(snapshot, level="body")
    assert bodies.edges["ITU-T", "IETF", "to"]["weight"] == 11
    assert bodies.edges["IETF", "ITU-T", "to"]["dates"] == ["2008-09-06", "2009-09-16", "2020-11-24"]

    of_sai = [edge for edge in graph.edges(keys=True) if "ETSI-ISG-SAI" in edge[:2]]
    assert len(of_sai) == 6
    assert all(source == "ETSI-ISG-SAI" for source, *_ in of_sai)
    behind = {s for edge in of_sai for s in graph.edges[edge]["statements"]}
    assert len(behind) == 1
    assert f"liaison-statement/{behind.pop()}" not in network.threads(snapshot)
