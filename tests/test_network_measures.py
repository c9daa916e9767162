"""The measures: as networkx counts them, as they are counted by hand, and small cases by brute force."""

from __future__ import annotations

import csv
import io
import random
from itertools import chain, combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdograph.export.values import Network
from sdograph.network import measures
from sdograph.network.measures import core_and_periphery, measure, nodes_csv


def made_up(nodes: int = 60, edges: int = 200, seed: int = 7) -> Network:
    rng = random.Random(seed)
    graph: Network = nx.MultiDiGraph(generated_at="2024-05-01T00:00:00Z")
    graph.add_nodes_from(f"n{n}" for n in range(nodes))
    for _ in range(edges):
        source, target = (f"n{min(rng.randrange(nodes), rng.randrange(nodes))}" for _ in range(2))
        graph.add_edge(source, target, key=rng.choice(["to", "cc"]), weight=rng.randint(1, 9))
    return graph


def simple(graph: Network) -> nx.DiGraph[str]:
    """Parallel edges as one, none from a node to itself."""
    one: nx.DiGraph[str] = nx.DiGraph()
    one.add_nodes_from(graph)
    for source, target, data in graph.edges(data=True):
        if source != target:
            before = one.get_edge_data(source, target, {"weight": 0})["weight"]
            one.add_edge(source, target, weight=before + data["weight"])
    return one


class TestAgainstNetworkx:
    graph = made_up()
    found = measure(graph)
    one = simple(graph)
    by_id = {node.id: node for node in found.by_node}  # noqa: RUF012 - nobody changes it

    def test_the_whole(self) -> None:
        assert (self.found.nodes, self.found.edges) == (60, self.graph.number_of_edges())
        assert self.found.pairs == self.one.number_of_edges()
        assert self.found.density == pytest.approx(nx.density(self.one), abs=1e-6)
        assert self.found.reciprocity == pytest.approx(nx.overall_reciprocity(self.one), abs=1e-6)
        parts = list(nx.weakly_connected_components(self.one))
        assert self.found.components == len(parts)
        assert self.found.largest_component == max(map(len, parts))

    def test_degree_and_strength(self) -> None:
        for node, here in self.by_id.items():
            assert (here.degree_in, here.degree_out) == (self.one.in_degree(node), self.one.out_degree(node))
            assert here.strength_in == self.one.in_degree(node, weight="weight")
            assert here.strength_out == self.one.out_degree(node, weight="weight")

    def test_reciprocity_of_a_node(self) -> None:
        for node, here in self.by_id.items():
            both = set(self.one.predecessors(node)) & set(self.one.successors(node))
            either = set(self.one.predecessors(node)) | set(self.one.successors(node))
            assert here.reciprocity == (pytest.approx(len(both) / len(either), abs=1e-6) if either else None)

    def test_betweenness(self) -> None:
        for node, value in nx.betweenness_centrality(self.one).items():
            assert self.by_id[node].betweenness == pytest.approx(value, abs=1e-8)

    def test_pagerank(self) -> None:
        # By its definition: who has no edges out passes its rank on to all.
        rank = dict.fromkeys(self.one, 1 / len(self.one))
        out = dict(self.one.out_degree(weight="weight"))
        for _ in range(200):
            lost = sum(rank[n] for n in self.one if not out[n])
            rank = {
                node: (1 - 0.85 + 0.85 * lost) / len(self.one)
                + 0.85 * sum(rank[s] * w / out[s] for s, _, w in self.one.in_edges(node, data="weight"))
                for node in self.one
            }
        for node, value in rank.items():
            assert self.by_id[node].pagerank == pytest.approx(value, abs=1e-7)

    def test_coreness(self) -> None:
        for node, value in nx.core_number(self.one.to_undirected()).items():
            assert self.by_id[node].coreness == value

    def test_communities(self) -> None:
        both: nx.Graph[str] = nx.Graph()
        both.add_nodes_from(self.one)
        for source, target, weight in self.one.edges(data="weight"):
            before = both.get_edge_data(source, target, {"weight": 0})["weight"]
            both.add_edge(source, target, weight=before + weight)
        numbers = {node.community for node in self.found.by_node}
        parts = [{n.id for n in self.found.by_node if n.community == number} for number in sorted(numbers)]
        assert numbers == set(range(1, self.found.communities + 1))
        assert [len(part) for part in parts] == sorted(map(len, parts), reverse=True)
        assert self.found.modularity == pytest.approx(nx.community.modularity(both, parts), abs=1e-6)
        peer = nx.community.louvain_communities(both, seed=1)
        assert self.found.modularity >= nx.community.modularity(both, peer) - 0.03


def test_two_groups_that_hardly_meet_are_two_communities() -> None:
    graph: Network = nx.MultiDiGraph()
    for group in ("abcd", "wxyz"):
        for source, target in combinations(group, 2):
            graph.add_edge(source, target, key="to", weight=3)
    graph.add_edge("a", "z", key="to", weight=1)
    found = measure(graph)
    assert found.communities == 2
    assert {node.community for node in found.by_node if node.id in "abcd"} != {
        node.community for node in found.by_node if node.id in "wxyz"
    }


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.sampled_from(list(combinations(range(max(n, 2)), 2)))))
    )
)
def test_the_core_has_the_fewest_faults_of_all(given_: tuple[int, set[tuple[int, int]]]) -> None:
    n, links = given_
    n = max(n, 2)

    def faults(core: set[int]) -> int:
        inside = len(core) * (len(core) - 1) // 2 - sum(a in core and b in core for a, b in links)
        return inside + sum(a not in core and b not in core for a, b in links)

    core, fit = core_and_periphery(n, links)
    every = chain.from_iterable(combinations(range(n), size) for size in range(n + 1))
    assert faults(core) == min(faults(set(some)) for some in every)
    assert fit is None or -1 <= fit <= 1


def test_a_perfect_core_and_periphery() -> None:
    links = [*combinations(range(4), 2), (0, 4), (1, 5), (2, 6), (3, 7)]
    assert core_and_periphery(8, links) == ({0, 1, 2, 3}, 1.0)


def test_year_by_year() -> None:
    graph: Network = nx.MultiDiGraph(generated_at="2021-05-01T00:00:00Z")
    dates = ["2018", "2018-11-30", "2020-01"]
    graph.add_edge("a", "b", key="to", weight=4, dates=dates, statements=["s1", "s2", "s3", "s4"])
    graph.add_edge("b", "a", key="to", weight=1, dates=["2018-02-01"], statements=["s5"])
    graph.add_edge("a", "c", key="cc", weight=1, dates=["2018-11-30"], statements=["s2"])
    graph.add_edge("c", "d", key="to", weight=1, statements=["s6"])
    found = measure(graph)
    assert [(y.year, y.nodes, y.pairs, y.new_pairs, y.weight, y.statements) for y in found.by_year] == [
        (2018, 3, 3, 3, 4, 3),
        (2020, 2, 1, 0, 1, 1),
    ]
    assert [y.reciprocity for y in found.by_year] == [pytest.approx(2 / 3, abs=1e-6), 0]
    assert found.undated_edges == 1
    assert found.statements == 6


def test_what_is_in_force_counts_in_each_of_its_years() -> None:
    graph: Network = nx.MultiDiGraph(directed=False, generated_at="2021-05-01T00:00:00Z")
    graph.add_edge("a", "b", key="mou", weight=1, begin="2018-06")
    graph.add_edge("b", "c", key="mou", weight=1, begin="2019", end="2020-01-31")
    graph.add_edge("a", "c", key="mou", weight=1)
    found = measure(graph)
    assert [(y.year, y.pairs) for y in found.by_year] == [(2018, 1), (2019, 2), (2020, 2), (2021, 1)]
    assert found.undated_edges == 1


def test_edges_without_direction() -> None:
    graph: Network = nx.MultiDiGraph(directed=False)
    nx.add_path(graph, "abcde", weight=1)
    found = measure(graph)
    assert found.density == pytest.approx(4 / 10)
    assert found.reciprocity is None
    peer = nx.betweenness_centrality(nx.path_graph(5))
    assert {n.id: n.betweenness for n in found.by_node} == {
        node: pytest.approx(peer[n], abs=1e-8) for n, node in enumerate("abcde")
    }
    assert {(n.degree_in, n.degree_out) for n in found.by_node if n.id in "bcd"} == {(2, 2)}


def test_many_nodes_are_judged_by_some(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = measure(made_up())
    monkeypatch.setattr(measures, "EXACT_UP_TO", 50)
    monkeypatch.setattr(measures, "SOURCES", 40)
    guessed = measure(made_up())
    assert (exact.betweenness_from, guessed.betweenness_from) == (60, 40)
    near = {node.id: node.betweenness for node in guessed.by_node}
    assert sum(near.values()) == pytest.approx(sum(n.betweenness for n in exact.by_node), rel=0.25)


@pytest.mark.parametrize("nodes", [0, 1, 2])
def test_networks_that_are_hardly_any(nodes: int) -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_nodes_from("ab"[:nodes])
    found = measure(graph)
    assert (found.nodes, found.pairs, found.modularity, found.by_year) == (nodes, 0, None, ())
    assert found.density == (0 if nodes == 2 else None)


def test_the_same_network_always_gives_the_same() -> None:
    assert measure(made_up()) == measure(made_up())


def test_csv() -> None:
    found = measure(made_up())
    rows = list(csv.DictReader(io.StringIO(nodes_csv(found).decode(), newline="")))
    assert [row["id"] for row in rows] == [node.id for node in found.by_node]
    assert float(rows[0]["pagerank"]) == found.by_node[0].pagerank
