"""The views of the work, of threads and of a neighbourhood, and what networks turn into."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from sdograph import network
from sdograph.errors import UsageError
from sdograph.store import Snapshot
from sdograph.store.snapshot import EmbeddedSnapshot

FOUNDING = "liaison-statement/ETSI/ETSI-ISG-SAI-2023-09-18-50d0db1459"

#: A topic, one below it, and what they are about: the small graph has none.
MORE = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix id: <https://w3id.org/sdograph/id/> .
@prefix t: <https://w3id.org/sdograph/scheme/topic/> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
t:ai-security a skos:Concept ; skos:prefLabel "AI security" .
t:securing-network-ai a skos:Concept ; skos:prefLabel "securing AI in networks" ; skos:broader t:ai-security .
id:work-item\\/ETSI\\/SAI-014 sdo:topic t:securing-network-ai ; sdo:begin "2022"^^xsd:gYear ;
  sdo:end "2024-03"^^xsd:gYearMonth ; sdo:produces id:specification\\/3GPP\\/TR-23.791 .
id:liaison-statement\\/3GPP\\/S3-234001 sdo:topic t:ai-security .
id:liaison-statement\\/3GPP\\/S5-186491 cito:repliesTo id:liaison-statement\\/3GPP\\/S2-180001 .
id:item-relation\\/1 a sdo:ItemRelation ; rdfs:label "SAI-014 – FS_AIML: overlapping" ;
  sdo:relationKind <https://w3id.org/sdograph/scheme/item-relation/overlapping> ;
  sdo:item id:work-item\\/ETSI\\/SAI-014, id:work-item\\/3GPP\\/FS_AIML .
"""


@pytest.fixture(scope="module")
def snapshot(root: Path) -> Snapshot:
    store = ox.Store()
    store.load(path=root / "tests/competency/graph.ttl", format=ox.RdfFormat.TURTLE)
    store.load(MORE, format=ox.RdfFormat.TURTLE)
    return EmbeddedSnapshot(store, 1)


def edges(graph: network.Network) -> set[tuple[str, str, str]]:
    return set(graph.edges(keys=True))


SAI, FS_AIML, TR = "work-item/ETSI/SAI-014", "work-item/3GPP/FS_AIML", "specification/3GPP/TR-23.791"
FS_ENA = "work-item/3GPP/FS_eNA"
OF_SAI = {
    (SAI, "ETSI-ISG-SAI", "responsible-group"),
    (SAI, TR, "produces"),
    (FS_AIML, SAI, "overlapping"),
}
OF_AIML = {
    (FS_AIML, "3GPP-SA3", "responsible-group"),
    (FS_AIML, "3GPP-SA2", "responsible-group"),
    (FS_AIML, "release/3GPP/Rel-18", "planned-for"),
    (FS_AIML, "release/3GPP/Rel-19", "planned-for"),
    (FS_AIML, SAI, "overlapping"),
}
OF_ENA = {
    (FS_ENA, "3GPP-SA2", "responsible-group"),
    (FS_ENA, "release/3GPP/Rel-16", "planned-for"),
}


class TestWork:
    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({}, OF_SAI | OF_AIML | OF_ENA),
            ({"body": "ETSI"}, OF_SAI),
            ({"body": "3GPP"}, OF_AIML | OF_ENA | {(SAI, TR, "produces")}),
            ({"group": "3GPP-SA3"}, OF_AIML),
            ({"release": "Rel-16"}, OF_ENA),
            ({"topic": "ai-security"}, OF_SAI),
            ({"kind": "produces"}, {(SAI, TR, "produces")}),
            ({"as_of": "2023-05-01"}, OF_SAI),
            ({"as_of": "2024-04-01"}, set()),
            ({"since": "2024-03-31", "until": "2025"}, OF_SAI),
            ({"until": "2021-12-31"}, set()),
        ],
    )
    def test_filters(
        self, snapshot: Snapshot, filters: dict[str, str], expected: set[tuple[str, str, str]]
    ) -> None:
        assert edges(network.build(snapshot, "work", filters)) == expected

    def test_what_a_node_carries(self, snapshot: Snapshot) -> None:
        graph = network.work(snapshot)
        assert graph.nodes[SAI] == {
            "label": "SAI-014",
            "kind": "study-item",
            "body": "ETSI",
            "iri": "https://w3id.org/sdograph/id/work-item/ETSI/SAI-014",
            "title": "Security aspects of using AI/ML techniques in telecom sector",
            "begin": "2022",
            "end": "2024-03",
            "topic": ["securing-network-ai"],
        }
        assert graph.nodes[FS_ENA]["status"] == ["completed"]
        assert graph.nodes["release/3GPP/Rel-16"]["kind"] == "release"
        assert graph.nodes["3GPP-SA2"]["kind"] == "group"

    def test_it_says_how_many_it_could_not_judge(self, snapshot: Snapshot) -> None:
        assert network.work(snapshot, as_of="2023").graph["undated_left_out"] == 4, "3 items, 1 specification"

    def test_a_kind_that_no_edge_has(self, snapshot: Snapshot) -> None:
        with pytest.raises(UsageError, match="not a kind") as caught:
            network.work(snapshot, kind="likes")
        assert "responsible-group" in (caught.value.hint or "")


REPLY, ANSWERED, LOST = (f"liaison-statement/3GPP/{n}" for n in ("S2-1812758", "S5-186491", "S2-180001"))
CHAIN = {(REPLY, ANSWERED, "replies-to"), (ANSWERED, LOST, "replies-to")}
ANSWER = {("liaison-statement/3GPP/S3-234001", FOUNDING, "replies-to")}


class TestThreads:
    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({}, CHAIN | ANSWER),
            ({"body": "ETSI"}, ANSWER),
            ({"group": "3GPP-SA5"}, CHAIN | ANSWER),
            ({"group": "3GPP-RAN3"}, CHAIN),
            ({"since": "2018-11-30", "until": "2018-11-30"}, CHAIN),
            ({"until": "2018-11-29"}, set()),
            ({"topic": "ai-security"}, ANSWER),
            ({"release": "Rel-16"}, CHAIN),
            ({"release": "Rel-16", "topic": "ai-security"}, set()),
        ],
    )
    def test_a_thread_is_kept_whole(
        self, snapshot: Snapshot, filters: dict[str, str], expected: set[tuple[str, str, str]]
    ) -> None:
        assert edges(network.build(snapshot, "threads", filters)) == expected

    def test_what_nodes_and_edges_carry(self, snapshot: Snapshot) -> None:
        graph = network.threads(snapshot)
        assert graph.nodes[REPLY] == {
            "label": "S2-1812758",
            "kind": "liaison-statement",
            "title": "LS on slice related Data Analytics",
            "begin": "2018-11-30",
            "sender": ["3GPP-SA2"],
            "body": "3GPP",
            "iri": "https://w3id.org/sdograph/id/liaison-statement/3GPP/S2-1812758",
            "read": True,
        }
        assert graph.nodes[LOST]["read"] is False
        assert graph.edges[REPLY, ANSWERED, "replies-to"] == {
            "kind": "replies-to",
            "weight": 1,
            "first": "2018-11-30",
            "last": "2018-11-30",
        }


class TestEgo:
    def test_what_is_around_an_item(self, snapshot: Snapshot) -> None:
        graph = network.ego(snapshot, node=SAI)
        here = edges(graph)
        mentioning = {s for s, t, kind in here if (t, kind) == (SAI, "mentions")}
        assert mentioning == {
            FOUNDING,
            "liaison-statement/ITU-T/SG17-LS12",
            "liaison-statement/ITU-T/SG17-LS3",
        }
        assert OF_SAI | {(SAI, "topic/securing-network-ai", "topic")} <= here
        # What joins two of them belongs to the neighbourhood as well.
        assert (FOUNDING, "ETSI-ISG-SAI", "sender") in here
        assert (FOUNDING, FS_AIML, "mentions") in here
        assert {data["distance"] for _, data in graph.nodes(data=True)} == {0, 1}
        assert graph.nodes[SAI]["distance"] == 0

    def test_further_away(self, snapshot: Snapshot) -> None:
        graph = network.ego(snapshot, node="3GPP", distance="2", kind="organizational-partner,unit-of")
        assert graph.nodes["ETSI"] | {"distance": 1, "kind": "body", "body": "ETSI"} == graph.nodes["ETSI"]
        assert graph.nodes["ETSI-TC-SAI"]["distance"] == 2
        assert {kind for *_, kind in edges(graph)} == {"organizational-partner", "unit-of"}

    @pytest.mark.parametrize(
        "node", ["https://w3id.org/sdograph/id/group/3GPP-SA", "group/3GPP-SA", "3GPP-TSG-SA", "3GPP-SA"]
    )
    def test_a_node_by_any_of_its_names(self, snapshot: Snapshot, node: str) -> None:
        assert ("3GPP-SA2", "3GPP-SA", "part-of") in edges(network.ego(snapshot, node=node))

    def test_who_succeeded(self, snapshot: Snapshot) -> None:
        graph = network.ego(snapshot, node="ETSI-TC-SAI", kind="succeeded-by")
        assert edges(graph) == {("ETSI-ISG-SAI", "ETSI-TC-SAI", "succeeded-by")}

    @pytest.mark.parametrize(
        ("filters", "message"),
        [
            ({}, "needs the filter node"),
            ({"node": "nothing"}, "nothing called 'nothing'"),
            ({"node": "group/x> ?p ?o } #"}, "nothing called"),
            ({"node": "3GPP", "distance": "9"}, "not a number that fits"),
            ({"node": "3GPP", "distance": "nan"}, "not a number that fits"),
        ],
    )
    def test_what_it_does_not_take(self, snapshot: Snapshot, filters: dict[str, str], message: str) -> None:
        with pytest.raises(UsageError, match=message):
            network.build(snapshot, "ego", filters)


def test_groups_merged_into_the_highest_above_them(snapshot: Snapshot) -> None:
    graph = network.liaisons(snapshot, level="parent")
    assert edges(graph) == {
        ("3GPP-SA", "3GPP-SA", "to"),
        ("3GPP-SA", "3GPP-SA", "cc"),
        ("3GPP-SA", "3GPP-RAN", "cc"),
        ("ETSI-ISG-SAI", "3GPP-SA", "to"),
        ("ETSI-ISG-SAI", "ITU-T-SG13", "cc"),
        ("ETSI-ISG-SAI", "ITU-T-SG17", "cc"),
        ("ETSI-ISG-SAI", "ITU-R", "cc"),
        ("3GPP-SA", "ETSI-ISG-SAI", "to"),
        ("ITU-T-SG17", "ETSI-TC-SAI", "to"),
        ("ITU-T-SG17", "3GPP-SA", "to"),
        ("ITU-T-SG13", "3GPP-SA", "to"),
    }


@pytest.mark.parametrize(
    ("filters", "statements"),
    [
        # By its own title, and those that mention an item on the topic.
        ({"topic": "ai-security"}, {"S3-234001", "SG17-LS3", "SG17-LS12", FOUNDING}),
        ({"topic": "securing-network-ai"}, {"SG17-LS3", "SG17-LS12", FOUNDING}),
        ({"release": "Rel-16"}, {"S2-1812758"}),
        ({"release": "Rel-19"}, {FOUNDING}),
    ],
)
def test_liaisons_on_a_topic_or_about_a_release(
    snapshot: Snapshot, filters: dict[str, str], statements: set[str]
) -> None:
    graph = network.build(snapshot, "liaisons", filters)
    behind = {s for *_, data in graph.edges(data=True) for s in data["statements"]}
    assert {s.rpartition("/")[2] for s in behind} == {s.rpartition("/")[2] for s in statements}


class TestOtherForms:
    def test_igraph(self, snapshot: Snapshot) -> None:
        graph = network.liaisons(snapshot)
        made = graph.to_igraph()
        assert made.is_directed()
        assert made.vs["name"] == list(graph)
        edge = made.es[made.get_eid("ITU-T-SG17", "3GPP-SA3")]
        assert (edge["weight"], edge["kind"], edge["first"]) == (2, "to", "2022-05-17")
        assert made["view"] == "liaisons"
        undated = made.es[made.get_eid("3GPP-SA5", "3GPP-SA2")]
        assert undated["first"] is None

    def test_pandas(self, snapshot: Snapshot) -> None:
        table = network.liaisons(snapshot).to_pandas_edgelist()
        assert list(table.columns[:4]) == ["source", "target", "kind", "weight"]
        row = table[(table.source == "ITU-T-SG17") & (table.target == "3GPP-SA3")].iloc[0]
        assert (row.kind, row.weight) == ("to", 2)
        empty = network.liaisons(snapshot, until="1990").to_pandas_edgelist()
        assert list(empty.columns) == ["source", "target", "kind"]
