"""The networks drawn from the graph, on the small graph of the competency tests."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from sdograph import network
from sdograph.errors import UsageError
from sdograph.network.organisations import not_after
from sdograph.store import Snapshot
from sdograph.store.snapshot import EmbeddedSnapshot

FOUNDING = "ETSI/ETSI-ISG-SAI-2023-09-18-50d0db1459"


class Counting(EmbeddedSnapshot):
    """Counts the queries asked of it."""

    asked = 0

    def query(self, sparql: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        self.asked += 1
        return super().query(sparql)


@pytest.fixture
def snapshot(root: Path) -> Counting:
    store = ox.Store()
    store.load(path=root / "tests/competency/graph.ttl", format=ox.RdfFormat.TURTLE)
    return Counting(store, 1)


def edges(graph: network.Network) -> set[tuple[str, str, str]]:
    return set(graph.edges(keys=True))


SA2 = {
    ("3GPP-SA2", "3GPP-SA5", "to"),
    ("3GPP-SA2", "3GPP-SA", "cc"),
    ("3GPP-SA2", "3GPP-RAN", "cc"),
    ("3GPP-SA2", "3GPP-RAN2", "cc"),
    ("3GPP-SA2", "3GPP-RAN3", "cc"),
}
UNDATED = {("3GPP-SA5", "3GPP-SA2", "to")}
ISG = {
    ("ETSI-ISG-SAI", "3GPP-SA", "to"),
    ("ETSI-ISG-SAI", "3GPP-SA3", "to"),
    ("ETSI-ISG-SAI", "3GPP-SA5", "to"),
    ("ETSI-ISG-SAI", "ITU-T-SG13", "cc"),
    ("ETSI-ISG-SAI", "ITU-T-SG17", "cc"),
    ("ETSI-ISG-SAI", "ITU-R", "cc"),
}
SA3 = {("3GPP-SA3", "ETSI-ISG-SAI", "to"), ("3GPP-SA3", "3GPP-SA", "cc")}
SG17 = {
    ("ITU-T-SG17", "ETSI-TC-SAI", "to"),
    ("ITU-T-SG17", "3GPP-SA3", "to"),
    ("ITU-T-SG13", "3GPP-SA3", "to"),
}
#: Of SG17, the edge that its statement of 2022 makes.
SECOND = ("ITU-T-SG17", "3GPP-SA3", "to")


class TestLiaisons:
    def test_an_edge_for_each_sender_addressee_and_role(self, snapshot: Counting) -> None:
        graph = network.liaisons(snapshot)
        assert edges(graph) == SA2 | UNDATED | ISG | SA3 | SG17
        assert snapshot.asked == 1
        assert all(key == data["kind"] for _, _, key, data in graph.edges(keys=True, data=True))

    def test_what_an_edge_carries(self, snapshot: Snapshot) -> None:
        graph = network.liaisons(snapshot)
        assert graph.edges["ITU-T-SG17", "3GPP-SA3", "to"] == {
            "kind": "to",
            "weight": 2,
            "first": "2022-05-17",
            "last": "2024-03-01",
            "dates": ["2022-05-17", "2024-03-01"],
            "statements": ["ITU-T/SG17-LS3", "ITU-T/SG17-LS12"],
            "purposes": ["comment", "information"],
        }
        assert graph.edges["3GPP-SA5", "3GPP-SA2", "to"] == {
            "kind": "to",
            "weight": 1,
            "statements": ["3GPP/S5-186491"],
            "purposes": ["action"],
        }

    def test_what_a_node_carries(self, snapshot: Snapshot) -> None:
        graph = network.liaisons(snapshot)
        assert graph.nodes["ETSI-TC-SAI"] == {
            "label": "ETSI TC SAI",
            "kind": "group",
            "body": "ETSI",
            "iri": "https://w3id.org/sdograph/id/group/ETSI-TC-SAI",
            "begin": "2023-12-04",
        }
        assert graph.nodes["ITU-R"]["kind"] == "body"
        assert graph.nodes["ITU-R"]["body"] == "ITU-R"
        assert graph.nodes["ETSI-ISG-SAI"]["end"] == "2023-12"

    def test_who_has_no_liaison_is_not_in_it(self, snapshot: Snapshot) -> None:
        graph = network.liaisons(snapshot)
        assert "ITU-T-SG16" not in graph
        assert all(degree > 0 for _, degree in graph.degree())

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"since": "2023-09-18"}, ISG | SA3 | SG17 - {("ITU-T-SG13", "3GPP-SA3", "to")}),
            ({"since": "2023-09-19"}, SA3 | SG17 - {("ITU-T-SG13", "3GPP-SA3", "to")}),
            ({"until": "2018-11-30"}, SA2),
            ({"until": "2018-11-29"}, set()),
            ({"since": "2023", "until": "2023-09"}, ISG),
            (
                {"body": "ETSI"},
                ISG | {("3GPP-SA3", "ETSI-ISG-SAI", "to"), ("ITU-T-SG17", "ETSI-TC-SAI", "to")},
            ),
            ({"body": "ITU"}, {e for e in ISG if e[1].startswith("ITU")} | SG17),
            ({"group": "3GPP-SA5"}, {e for e in SA2 | UNDATED | ISG if "3GPP-SA5" in e}),
            ({"group": "3GPP-TSG-SA"}, {e for e in SA2 | ISG | SA3 if e[1] == "3GPP-SA"}),
            ({"group": "ITU-R"}, {("ETSI-ISG-SAI", "ITU-R", "cc")}),
            ({"purpose": "information"}, {e for e in SA3 | SG17 if e[2] == "to" and e[1] != "ETSI-TC-SAI"}),
            ({"purpose": "response"}, set()),
            ({"body": "ETSI", "group": "3GPP-SA3", "since": "2023-10"}, {("3GPP-SA3", "ETSI-ISG-SAI", "to")}),
            ({"role": "cc"}, {e for e in SA2 | ISG | SA3 if e[2] == "cc"}),
            ({"min_weight": "2"}, {SECOND}),
            ({"as_of": "2023-10-01"}, SA2 | ISG | {e for e in SG17 if e[0] == "ITU-T-SG13"} | {SECOND}),
            ({"as_of": "2024-06-01"}, {e for e in SA2 | SA3 | SG17 if "ETSI-ISG-SAI" not in e}),
        ],
    )
    def test_filters(
        self, snapshot: Snapshot, filters: dict[str, str], expected: set[tuple[str, str, str]]
    ) -> None:
        assert edges(network.build(snapshot, "liaisons", filters)) == expected

    def test_filters_count_only_what_they_let_through(self, snapshot: Snapshot) -> None:
        graph = network.liaisons(snapshot, since="2024")
        edge = graph.edges["ITU-T-SG17", "3GPP-SA3", "to"]
        assert (edge["weight"], edge["statements"]) == (1, ["ITU-T/SG17-LS12"])
        assert (edge["first"], edge["purposes"]) == ("2024-03-01", ["information"])

    def test_it_says_how_many_statements_have_no_date(self, snapshot: Snapshot) -> None:
        assert network.liaisons(snapshot).graph["undated_left_out"] == 0
        assert network.liaisons(snapshot, since="2000").graph["undated_left_out"] == 1
        assert network.liaisons(snapshot, since="2000").graph["filters"] == {
            "since": "2000",
            "level": "group",
        }

    def test_bodies_instead_of_groups(self, snapshot: Snapshot) -> None:
        graph = network.liaisons(snapshot, level="body")
        assert edges(graph) == {
            ("3GPP", "3GPP", "to"),
            ("3GPP", "3GPP", "cc"),
            ("3GPP", "ETSI", "to"),
            ("ETSI", "3GPP", "to"),
            ("ETSI", "ITU-T", "cc"),
            ("ETSI", "ITU-R", "cc"),
            ("ITU-T", "ETSI", "to"),
            ("ITU-T", "3GPP", "to"),
        }
        # One statement to three groups of 3GPP, and one of two study groups of ITU-T, count once.
        assert graph.edges["ETSI", "3GPP", "to"]["weight"] == 1
        assert graph.edges["ITU-T", "3GPP", "to"]["statements"] == ["ITU-T/SG17-LS3", "ITU-T/SG17-LS12"]
        assert graph.nodes["3GPP"]["kind"] == "body"

    @pytest.mark.parametrize(
        ("filters", "message"),
        [
            ({"since": "18.09.2023"}, "not a date"),
            ({"until": "2023-13"}, "not a date"),
            ({"as_of": "today"}, "not a date"),
            ({"purpose": "praise"}, "not a purpose"),
            ({"level": "person"}, "not a level"),
            ({"role": "bcc"}, "not a role"),
            ({"min_weight": "many"}, "not a number"),
            ({"min_weight": "-1"}, "not a number"),
            ({"topic": "weather"}, "no topic 'weather'"),
            ({"topic": "> . ?x ?y ?z"}, "no topic"),
            ({"release": 'Rel-99" .'}, "no release"),
            ({"body": "3GPP-SA3"}, "no body '3GPP-SA3'"),
            ({"group": "SA3"}, "no body or group 'SA3'"),
            ({"colour": "red"}, "no filter 'colour'"),
        ],
    )
    def test_filters_that_do_not_fit(self, snapshot: Snapshot, filters: dict[str, str], message: str) -> None:
        with pytest.raises(UsageError, match=message):
            network.build(snapshot, "liaisons", filters)


class TestOtherViews:
    def test_standing_relationships(self, snapshot: Counting) -> None:
        graph = network.relationships(snapshot)
        assert edges(graph) == {("3GPP", "ETSI", "organizational-partner")}
        assert graph.edges["3GPP", "ETSI", "organizational-partner"] == {
            "kind": "organizational-partner",
            "weight": 1,
            "begin": "1999",
            "relationships": ["3GPP--ETSI--organizational-partner"],
        }
        assert snapshot.asked == 1
        assert len(network.relationships(snapshot, as_of="1998-12-31")) == 0
        assert len(network.relationships(snapshot, as_of="1999-01-01", body="ETSI")) == 2
        assert len(network.relationships(snapshot, body="ITU")) == 0
        assert len(network.relationships(snapshot, until="1998")) == 0
        assert len(network.relationships(snapshot, since="2020", kind="organizational-partner")) == 2

    def test_what_is_part_of_what_and_what_came_after(self, snapshot: Counting) -> None:
        graph = network.organisation(snapshot, body="ITU-T")
        found = edges(graph)
        assert ("ITU-T-SG17", "ITU-T", "part-of") in found
        assert ("ITU-T-CG-AISEC", "ITU-T-SG17", "part-of") in found
        assert ("ITU-T-CG-AISEC", "ITU-T", "part-of") not in found, "it hangs below SG17"
        assert ("ITU-T", "ITU", "part-of") in found
        assert graph.edges["ITU-T-SG16", "ITU-T-SG21", "succeeded-by"]["begin"] == "2025"
        assert "begin" not in graph.edges["ITU-T-SG30", "ITU-T-SG31", "succeeded-by"]
        assert graph.nodes["ITU-T-SG21"]["end"] == "2029-01-01", "when SG30 takes over"
        assert snapshot.asked == 1

    def test_the_organisation_of_a_day(self, snapshot: Snapshot) -> None:
        before = edges(network.organisation(snapshot, body="ETSI", as_of="2023-11-30"))
        after = edges(network.organisation(snapshot, body="ETSI", as_of="2023-12-04"))
        assert before == {("ETSI-ISG-SAI", "ETSI", "part-of")}
        assert after == {
            ("ETSI-TC-SAI", "ETSI", "part-of"),
            ("ETSI-ISG-SAI", "ETSI-TC-SAI", "succeeded-by"),
        }

    def test_a_view_that_is_not_there(self, snapshot: Snapshot) -> None:
        with pytest.raises(UsageError, match="no view 'likes'") as caught:
            network.build(snapshot, "likes", {})
        assert caught.value.hint == f"views: {', '.join(network.VIEWS)}"
        assert "overlaps" in network.VIEWS


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ("2023-09-18", "2023-09-18", True),
        ("2023-09-19", "2023-09-18", False),
        ("2023-09", "2023-09-01", True),
        ("2023-09-30", "2023-09", True),
        ("2023", "2022-12-31", False),
        ("2022-12-31", "2023", True),
    ],
)
def test_dates_are_compared_as_far_as_they_go(earlier: str, later: str, expected: bool) -> None:
    assert not_after(earlier, later) is expected


def test_the_bundled_network(bundled_snapshot: Snapshot) -> None:
    graph = network.liaisons(bundled_snapshot)
    assert edges(graph) == ISG
    assert all(data["statements"] == [FOUNDING] for _, _, data in graph.edges(data=True))
