"""GEXF: valid by the grammar of version 1.3, and every value survives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from graphs import awkward, expected, kept, networks, xml_text
from hypothesis import HealthCheck, given, settings
from lxml import etree

from sdograph import network
from sdograph.export import WRITERS
from sdograph.export.values import Network
from sdograph.store import Snapshot

G = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"


def written(graph: Network) -> bytes:
    return b"".join(WRITERS["gexf"].write(graph))


def parsed(graph: Network) -> Any:
    return etree.fromstring(written(graph), etree.XMLParser(resolve_entities=False))


def attributes(root: Any, owner: str) -> list[dict[str, Any]]:
    """The declared attributes of each node or edge, as their declared types."""
    path = f"{G}graph/{G}attributes[@class='{owner}']/{G}attribute"
    types = {a.get("id"): a.get("type") for a in root.iterfind(path)}
    convert: dict[str, Callable[[str], Any]] = {
        "string": str,
        "boolean": {"true": True, "false": False}.__getitem__,
        "integer": int,
        "long": int,
        "double": float,
        "liststring": json.loads,
    }
    return [
        {
            v.get("for"): convert[types[v.get("for")]](v.get("value"))
            for v in e.iterfind(f"{G}attvalues/{G}attvalue")
        }
        for e in root.iter(G + owner)
    ]


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """The data as it is expected back as attributes, where ``type`` is written as ``type_``."""
    return {{"type": "type_"}.get(n, n): v for n, v in kept(data).items() if n not in names}


@settings(deadline=None)
@given(networks())
def test_every_value_survives(graph: Network) -> None:
    root = parsed(graph)
    nodes, edges = list(root.iter(G + "node")), list(root.iter(G + "edge"))
    assert len(nodes) == graph.number_of_nodes()
    assert len(edges) == graph.number_of_edges()

    ids = dict(zip(graph, (n.get("id") for n in nodes), strict=True))
    assert len(set(ids.values())) == len(ids)
    assert all(ids[n] == n for n in graph if n and xml_text(n) == n), "an id that can be kept is kept"
    for node, element in zip(graph, nodes, strict=True):
        label = graph.nodes[node]["label"]
        assert element.get("label") == (ids[node] if label is None else expected(label))
    # In nodes only edges' ``type`` is in the way of a reader.
    assert attributes(root, "node") == [
        {n: v for n, v in kept(d).items() if n != "label"} for _, d in graph.nodes(data=True)
    ]

    triples = [(ids[s], ids[t], k) for s, t, k in graph.edges(keys=True)]
    assert [(e.get("source"), e.get("target"), e.get("kind")) for e in edges] == triples
    for element, (_, _, data) in zip(edges, graph.edges(data=True), strict=True):
        assert element.get("weight") == (None if data["weight"] is None else str(data["weight"]))
    assert attributes(root, "edge") == [without(d, "kind", "weight") for *_, d in graph.edges(data=True)]


class TestTime:
    @pytest.mark.parametrize(
        ("span", "expected_spell"),
        [
            ({"begin": "2023-09-18", "end": "2024-03-01"}, {"start": "2023-09-18", "end": "2024-03-01"}),
            ({"first": "2023-09", "last": "2024-02"}, {"start": "2023-09-01", "end": "2024-02-29"}),
            ({"begin": "2023", "end": "2023"}, {"start": "2023-01-01", "end": "2023-12-31"}),
            ({"begin": date(2023, 9, 18)}, {"start": "2023-09-18"}),
            ({"end": "2023"}, {"end": "2023-12-31"}),
            ({"begin": "soon", "end": "2023"}, {"end": "2023-12-31"}),
            ({"begin": "2024", "end": "2023"}, None),
            ({"begin": "2023-02-30"}, None),
            ({"begin": "2023-13"}, None),
            ({"begin": "0000"}, None),
            ({"begin": ""}, None),
            ({}, None),
        ],
    )
    def test_spells(self, span: dict[str, Any], expected_spell: dict[str, str] | None) -> None:
        graph: Network = nx.MultiDiGraph()
        graph.add_edge("a", "b", key="to", kind="to", **span)
        root = parsed(graph)
        spells = [dict(s.attrib) for s in root.iterfind(f".//{G}edge/{G}spells/{G}spell")]
        assert spells == ([] if expected_spell is None else [expected_spell])
        graph_element = root.find(f"{G}graph")
        assert graph_element.get("mode") == ("static" if expected_spell is None else "dynamic")
        assert graph_element.get("timeformat") == (None if expected_spell is None else "date")


class TestTypes:
    @pytest.mark.parametrize(
        ("values", "declared", "texts"),
        [
            ([1, 2], "integer", ["1", "2"]),
            ([1, 2**31], "long", ["1", "2147483648"]),
            ([1, 2**64], "string", ["1", "18446744073709551616"]),
            ([1, 0.5], "double", ["1.0", "0.5"]),
            ([True, False], "boolean", ["true", "false"]),
            ([True, 1], "string", ["true", "1"]),
            (["a", ["b", "c"]], "string", ["a", "b; c"]),
            ([["b"], ["c", 1]], "liststring", ['["b"]', '["c", "1"]']),
            ([{"z", "y"}, ()], "liststring", ['["y", "z"]']),
            ([None, "x"], "string", ["x"]),
            ([float("inf"), 1e300], "double", ["1e+300"]),
        ],
    )
    def test_the_narrowest_type_that_fits_all(
        self, values: list[Any], declared: str, texts: list[str]
    ) -> None:
        graph: Network = nx.MultiDiGraph()
        for n, value in enumerate(values):
            graph.add_node(str(n), x=value)
        root = parsed(graph)
        assert [a.get("type") for a in root.iter(G + "attribute")] == [declared]
        assert [v.get("value") for v in root.iter(G + "attvalue")] == texts

    @pytest.mark.parametrize(
        ("where", "name"), [("node", "id"), ("edge", "source"), ("edge", ""), ("node", "\x00")]
    )
    def test_names_that_are_taken_or_cannot_be_written(self, where: str, name: str) -> None:
        graph: Network = nx.MultiDiGraph()
        graph.add_edge("a", "b", key="to")
        (graph.nodes["a"] if where == "node" else graph.edges["a", "b", "to"])[name] = 1
        with pytest.raises(ValueError, match="cannot be called"):
            written(graph)

    def test_what_has_no_form_is_an_error(self) -> None:
        graph: Network = nx.MultiDiGraph()
        graph.add_node("a", x=object())
        with pytest.raises(TypeError, match="cannot be a object"):
            written(graph)
        graph = nx.MultiDiGraph()
        graph.add_edge("a", "b", key="to", weight="heavy")
        with pytest.raises(ValueError, match="a weight must be a number"):
            written(graph)

    def test_an_edge_attribute_is_never_called_type(self) -> None:
        graph: Network = nx.MultiDiGraph()
        graph.add_edge("a", "b", key="to", type="x", type_="y")
        assert attributes(parsed(graph), "edge") == [{"type__": "x", "type_": "y"}]


def test_how_it_looks() -> None:
    root = parsed(awkward())
    colours = [dict(c.attrib) for c in root.iter(VIZ + "color")]
    assert colours[0] == colours[1] != colours[2]
    assert all(set(c) == {"r", "g", "b"} for c in colours), "an alpha hides the colour in Gephi Lite"
    sizes = [float(s.get("value")) for s in root.iter(VIZ + "size")]
    assert sizes[0] == max(sizes), "four ends of edges meet there"
    places = [(float(p.get("x")), float(p.get("y"))) for p in root.iter(VIZ + "position")]
    assert len(set(places)) == 4


def test_what_it_says_of_itself() -> None:
    meta = parsed(awkward()).find(f"{G}meta")
    assert meta.get("lastmodifieddate") == "2024-02-29"
    description = meta.findtext(f"{G}description")
    assert description.startswith('liaisons, dataset version 1-abc, since=2018, group=a"<&>b.')
    assert "not that there was no contact" in description
    overlaps: Network = nx.MultiDiGraph(view="overlaps", version="2-b", compared_version="1-a")
    description = parsed(overlaps).find(f"{G}meta").findtext(f"{G}description")
    assert description.startswith("overlaps, dataset version 2-b, overlaps of version 1-a. An edge says how")


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert written(awkward()) == written(awkward())


def test_it_comes_in_pieces() -> None:
    graph: Network = nx.path_graph([str(n) for n in range(3000)], create_using=nx.MultiDiGraph)
    pieces = list(WRITERS["gexf"].write(graph))
    assert len(pieces) > 5
    assert max(map(len, pieces)) < 100_000


class TestOtherJudges:
    def test_the_grammar_takes_random_graphs(self, shared: Callable[[str], Path], tmp_path: Path) -> None:
        if shutil.which("jing") is None:
            pytest.skip("needs jing, which is not installed")
        grammar = shared("conformance/suites/gexf/specs/1.3/gexf.rnc")
        files: list[Path] = []

        @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(networks())
        def write(graph: Network) -> None:
            files.append(tmp_path / f"{len(files)}.gexf")
            files[-1].write_bytes(written(graph))

        write()
        judged = subprocess.run(["jing", "-c", grammar, *files], capture_output=True, text=True, check=False)
        assert (judged.returncode, judged.stdout, judged.stderr) == (0, "", "")

    def test_the_validator_takes_it(
        self, shared: Callable[[str], Path], tmp_path: Path, bundled_snapshot: Snapshot
    ) -> None:
        if shutil.which("jing") is None or shutil.which("xmllint") is None:
            pytest.skip("needs jing and xmllint, which are not installed")
        graphs = [
            awkward(),
            nx.MultiDiGraph(),
            *(
                view(bundled_snapshot)
                for name, view in network.VIEWS.items()
                if name not in ("ego", "overlaps")
            ),
        ]
        files = [tmp_path / f"{n}.gexf" for n in range(len(graphs))]
        for file, graph in zip(files, graphs, strict=True):
            file.write_bytes(written(graph))
        validator = shared("conformance/validate_gexf.py")
        judged = subprocess.run(
            [sys.executable, validator, *files], capture_output=True, text=True, check=False
        )
        assert judged.returncode == 0, judged.stdout

    def test_graphology_reads_it(self, tmp_path: Path) -> None:
        clients = os.environ.get("SDOGRAPH_NODE_CLIENTS")
        if clients is None or shutil.which("node") is None:
            pytest.skip(
                "needs node, and SDOGRAPH_NODE_CLIENTS: a folder with gexf_count.mjs and its node_modules"
            )
        file = tmp_path / "awkward.gexf"
        file.write_bytes(written(awkward()))
        found = subprocess.run(
            ["node", "gexf_count.mjs", file], cwd=clients, capture_output=True, text=True, check=True
        )
        seen = json.loads(found.stdout)
        assert (seen["nodes"], seen["edges"], seen["multi"], seen["type"]) == (4, 4, True, "directed")
        assert (seen["labelled"], seen["positioned"]) == (4, 4)
        assert seen["nodeAttributes"]["color"] == 4
        assert seen["edgeAttributes"]["kind"] == 4
        assert seen["types"]["node.number"] == "number"
        assert seen["types"]["node.tags"] == "object"
