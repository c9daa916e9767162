"""The other formats: what other programs read back is what was written."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import sys
import tempfile
import warnings
from itertools import combinations
from typing import Any

import igraph
import networkx as nx
import orjson
import pandas as pd
import pytest
from graphs import awkward, expected, kept, networks, xml_text
from hypothesis import assume, given, settings
from lxml import etree

from sdograph.export import DUMPS, WRITERS
from sdograph.export.layout import OTHER_COLOUR, colour, positions
from sdograph.export.values import Network, node_ids, text


def written(format: str, graph: Network) -> bytes:
    return b"".join(WRITERS[format].write(graph))


def as_text(value: Any) -> Any:
    """What comes back where a format knows no lists."""
    return "; ".join(value) if isinstance(value, list) else value


@settings(deadline=None)
@given(networks())
def test_graphml_as_networkx_reads_it(graph: Network) -> None:
    found = nx.read_graphml(io.BytesIO(written("graphml", graph)), force_multigraph=True)
    ids = node_ids(graph)

    def flat(data: dict[str, Any]) -> dict[str, Any]:
        return {name: as_text(v) for name, v in kept(data).items()}

    assert dict(found.nodes(data=True)) == {ids[n]: flat(d) for n, d in graph.nodes(data=True)}
    edges = [(s, t, {k: v for k, v in d.items() if k != "id"}) for s, t, d in found.edges(data=True)]
    wanted = [(ids[s], ids[t], flat(d)) for s, t, d in graph.edges(data=True)]
    assert sorted(edges, key=repr) == sorted(wanted, key=repr)


def is_subnormal(value: object) -> bool:
    return isinstance(value, float) and 0 < abs(value) < sys.float_info.min


@settings(deadline=None, max_examples=40)
@given(networks())
def test_graphml_as_igraph_reads_it(graph: Network) -> None:
    # It takes a number that is below those with all their digits for one that is too large.
    assume(not any(is_subnormal(v) for *_, data in graph.edges(data=True) for v in data.values()))
    assume(not any(is_subnormal(v) for _, data in graph.nodes(data=True) for v in data.values()))
    with tempfile.NamedTemporaryFile(suffix=".graphml") as file:
        file.write(written("graphml", graph))
        file.flush()
        with warnings.catch_warnings():
            # Of attributes called id, and of numbers it does not keep exactly; neither is compared.
            warnings.simplefilter("ignore")
            found = igraph.Graph.Read_GraphML(file.name)
    ids = list(node_ids(graph).values())
    # Of an id with an ampersand it keeps the reference, as &#38;.
    assert [html.unescape(id) for id in found.vs["id"]] == ids if ids else not found.vcount()
    assert found.is_directed()
    assert [(ids[e.source], ids[e.target], e["kind"]) for e in found.es] == [
        (node_ids(graph)[s], node_ids(graph)[t], k) for s, t, k in graph.edges(keys=True)
    ]
    for vertex, (_, data) in zip(found.vs, graph.nodes(data=True), strict=True):
        label = expected(data["label"])
        assert label is None or vertex["label"] == label


def test_csv_as_gephi_loads_it() -> None:
    """Its importer wants these columns, by these names, and a number in Weight."""
    edges = pd.read_csv(io.BytesIO(written("csv", awkward())), keep_default_na=False)
    nodes = pd.read_csv(io.BytesIO(written("csv-nodes", awkward())), keep_default_na=False)
    assert list(edges.columns[:5]) == ["Source", "Target", "Type", "Kind", "Weight"]
    assert list(nodes.columns[:2]) == ["Id", "Label"]
    assert {*edges["Source"], *edges["Target"]} <= {*nodes["Id"]}
    assert set(edges["Type"]) == {"Directed"}
    assert [float(w) for w in edges["Weight"] if w != ""] == [2, 1, 0.5]
    undirected: Network = nx.MultiDiGraph(directed=False)
    undirected.add_edge("a", "b", key="mou")
    assert b"a,b,Undirected,mou," in written("csv", undirected)


@settings(deadline=None)
@given(networks())
def test_json_as_networkx_reads_it(graph: Network) -> None:
    data = orjson.loads(written("json", graph))
    found = nx.node_link_graph(data, edges="edges")
    ids = node_ids(graph)
    assert dict(found.nodes(data=True)) == {ids[n]: kept(d) for n, d in graph.nodes(data=True)}
    assert {(s, t, k): d for s, t, k, d in found.edges(keys=True, data=True)} == {
        (ids[s], ids[t], k): kept(d) for s, t, k, d in graph.edges(keys=True, data=True)
    }
    assert found.is_directed()
    assert found.is_multigraph()


def test_keys_stay_what_they_are_in_json() -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_edges_from([("a", "b"), ("a", "b")], weight=1)
    edges = orjson.loads(written("json", graph))["edges"]
    assert [(edge["key"], edge["kind"]) for edge in edges] == [(0, "0"), (1, "1")]


@settings(deadline=None)
@given(networks())
def test_cytoscape(graph: Network) -> None:
    elements = json.loads(written("cytoscape", graph))["elements"]
    ids = node_ids(graph)
    assert [n["data"] for n in elements["nodes"]] == [
        {"id": ids[n], "name": ids[n]} | kept(d) for n, d in graph.nodes(data=True)
    ]
    assert all(set(n["position"]) == {"x", "y"} for n in elements["nodes"])
    assert [e["data"] for e in elements["edges"]] == [
        {"id": f"e{n}", "source": ids[s], "target": ids[t], "interaction": k} | kept(d)
        for n, (s, t, k, d) in enumerate(graph.edges(keys=True, data=True))
    ]


@settings(deadline=None)
@given(networks())
def test_csv_of_edges_and_nodes(graph: Network) -> None:
    ids = node_ids(graph)

    def cell(value: Any) -> str:
        return "" if expected(value) is None else text(expected(value))

    edges = list(csv.DictReader(io.StringIO(written("csv", graph).decode(), newline="")))
    assert [(e["Source"], e["Target"], e["Kind"], e["Type"]) for e in edges] == [
        (ids[s], ids[t], k, "Directed") for s, t, k in graph.edges(keys=True)
    ]
    for row, (_, _, data) in zip(edges, graph.edges(data=True), strict=True):
        assert row["Weight"] == cell(data["weight"])
        assert all(row.get(n, "") == cell(v) for n, v in data.items() if n not in ("kind", "weight"))

    nodes = list(csv.DictReader(io.StringIO(written("csv-nodes", graph).decode(), newline="")))
    assert [n["Id"] for n in nodes] == [ids[n] for n in graph]
    for row, (_, data) in zip(nodes, graph.nodes(data=True), strict=True):
        assert all(row.get(n, "") == cell(v) for n, v in data.items() if n != "label")


QUOTED = r'"((?:[^"\\\n]|\\.)*)"'
NODE = re.compile(rf'  {QUOTED} \[label={QUOTED}, fillcolor="#[0-9a-f]{{6}}", fontcolor=(?:black|white)\];')
EDGE = re.compile(rf"  {QUOTED} -> {QUOTED} \[label={QUOTED}(?:, penwidth=\d+\.\d\d)?\];")


@settings(deadline=None)
@given(networks())
def test_dot_has_a_line_for_each_node_and_edge(graph: Network) -> None:
    lines = written("dot", graph).decode().split("\n")
    assert (lines[0], lines[-2], lines[-1]) == ("digraph {", "}", "")
    found = [NODE.fullmatch(line) or EDGE.fullmatch(line) for line in lines[2:-2]]
    assert all(found)
    assert len(found) == graph.number_of_nodes() + graph.number_of_edges()

    def unescaped(words: str) -> str:
        return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), words)

    ids = [re.sub("\r\n?", "\n", written_id) for written_id in node_ids(graph).values()]
    assert [unescaped(m[1]) for m in found[: len(ids)] if m] == ids


@pytest.mark.parametrize("format", [name for name in WRITERS if name != "png"])
def test_awkward_graphs_are_written_as_utf_8(format: str) -> None:
    for graph in (awkward(), nx.MultiDiGraph()):
        assert written(format, graph).decode("utf-8")
    assert ("标准" in written(format, awkward()).decode()) == (format != "csv"), "it is the label of a node"


def test_graphml_keeps_line_ends() -> None:
    root = etree.fromstring(written("graphml", awkward()))
    found = {e.text for e in root.iter("{http://graphml.graphdrawing.org/xmlns}data")}
    assert "line one\nline two\ttab\rreturn" in found


class TestIds:
    @settings(deadline=None)
    @given(networks())
    def test_they_are_one_of_a_kind_and_can_be_written(self, graph: Network) -> None:
        ids = list(node_ids(graph).values())
        assert len(set(ids)) == len(ids)
        assert all(i and xml_text(i) == i for i in ids)

    def test_what_is_cut_gets_a_number(self) -> None:
        graph: Network = nx.MultiDiGraph()
        graph.add_nodes_from(["a\x00", "a", "a_2", "a\x01", ""])
        assert node_ids(graph) == {"a\x00": "a_3", "a": "a", "a_2": "a_2", "a\x01": "a_4", "": "_2"}


def by_name(graph: Network) -> dict[str, tuple[float, float]]:
    """The place of each node."""
    return dict(zip(graph, zip(*positions(graph), strict=True), strict=True))


class TestLayout:
    @pytest.mark.parametrize("times", [1, 20], ids=["arranged", "on rings"])
    def test_bodies_stand_apart(self, times: int) -> None:
        graph: Network = nx.MultiDiGraph()
        for body, count in (("3GPP", 20 * times), ("ETSI", 2), ("ITU-T", 7), ("IETF", 1)):
            graph.add_nodes_from((f"{body}-{n}" for n in range(count)), body=body)
        places = by_name(graph)

        def middle(body: str) -> tuple[float, float]:
            own = [places[n] for n in graph if graph.nodes[n]["body"] == body]
            return sum(x for x, _ in own) / len(own), sum(y for _, y in own) / len(own)

        def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
            return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)

        assert len(set(places.values())) == len(graph)
        middles = {body: middle(body) for body in ("3GPP", "ETSI", "ITU-T", "IETF")}
        reach = dict.fromkeys(middles, 0.0)
        for node, data in graph.nodes(data=True):
            reach[data["body"]] = max(reach[data["body"]], distance(middles[data["body"]], places[node]))
        for one, other in combinations(middles, 2):
            assert distance(middles[one], middles[other]) > reach[one] + reach[other]

    @pytest.mark.parametrize("count", [3, 300])
    def test_it_does_not_hang_on_the_order_of_nodes(self, count: int) -> None:
        one: Network = nx.MultiDiGraph()
        one.add_nodes_from(map(str, range(count)), body="ETSI")
        other: Network = nx.MultiDiGraph()
        other.add_nodes_from(map(str, reversed(range(count))), body="ETSI")
        assert by_name(one) == by_name(other)

    def test_colours(self) -> None:
        assert colour("CEN-CLC-JTC21; CEN") == colour("CEN-CLC-JTC21") != OTHER_COLOUR
        assert colour("a body nobody listed") == OTHER_COLOUR


def test_each_format_says_what_it_is() -> None:
    for writer in (*WRITERS.values(), *DUMPS.values()):
        assert re.fullmatch(r"[a-z]+/[a-z.+-]+(; [a-z]+=[a-z0-9-]+)*", writer.media_type)
        assert writer.extension.isalnum()
