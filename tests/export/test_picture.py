"""The picture: nothing overlaps, nothing runs out of it, and the same network always looks the same."""

from __future__ import annotations

import struct
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from graphs import awkward, networks
from hypothesis import given, settings
from lxml import etree

from sdograph import network
from sdograph.errors import UsageError
from sdograph.export import WRITERS
from sdograph.export.picture import MOST, width
from sdograph.export.values import Network
from sdograph.store import Snapshot

S = "{http://www.w3.org/2000/svg}"
Rectangle = tuple[float, float, float, float]


def svg(graph: Network) -> Any:
    return etree.fromstring(b"".join(WRITERS["svg"].write(graph)))


def rectangles(root: Any) -> list[Rectangle]:
    """Left, top, right and bottom of the boxes."""
    found = [[float(r.get(n)) for n in ("x", "y", "width", "height")] for r in root.iter(S + "rect")]
    return [(x, y, x + w, y + h) for x, y, w, h in found[1:]]


def apart(one: Rectangle, other: Rectangle) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def crowd(bodies: int, each: int) -> Network:
    graph: Network = nx.MultiDiGraph(view="liaisons")
    for body in range(bodies):
        for n in range(each):
            graph.add_node(
                f"{body}-{n}", label=f"Body {body} group {'long ' * (n % 4)}{n}", body=f"Body {body}"
            )
    nodes = list(graph)
    for n, node in enumerate(nodes):
        graph.add_edge(node, nodes[(n * 7 + 3) % len(nodes)], key="to", weight=n % 5 + 1)
    return graph


@pytest.mark.parametrize("graph", [crowd(1, 40), crowd(40, 1), crowd(6, 9), awkward()])
def test_boxes_stand_apart_and_on_the_page(graph: Network) -> None:
    root = svg(graph)
    boxes = rectangles(root)
    assert len(boxes) == len(graph)
    assert all(apart(one, other) for one, other in combinations(boxes, 2))
    left, top, wide, high = map(float, root.get("viewBox").split())
    assert wide / high == pytest.approx(16 / 9, rel=0.01)
    assert all(
        left <= x0 and top + high * 0.1 <= y0 and x1 <= left + wide and y1 <= top + high * 0.93
        for x0, y0, x1, y1 in boxes
    ), "between the heading and the legend"


def test_a_label_fits_into_its_box() -> None:
    root = svg(crowd(3, 8))
    for box in list(root.iter(S + "rect"))[1:]:
        label = box.getnext()
        assert width(label.text, float(label.get("font-size"))) < float(box.get("width"))


def test_names_of_bodies_are_over_no_box() -> None:
    root = svg(crowd(6, 9))
    names = [
        t for t in root.iter(S + "text") if (t.text or "").startswith("Body ") and t.get("font-size") == "13"
    ]
    assert len(names) == 6
    for name in names:
        x, y, half = float(name.get("x")), float(name.get("y")), width(name.text, 13) / 2
        there = (x - half, y - 10, x + half, y)
        assert all(apart(there, box) for box in rectangles(root))


def test_every_edge_is_drawn_in_the_colour_of_its_sender() -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_node("a", body="ETSI")
    graph.add_node("b", body="3GPP")
    graph.add_edge("a", "b", key="to", weight=9)
    graph.add_edge("b", "a", key="cc", weight=1)
    graph.add_edge("a", "a", key="to", weight=1)
    root = svg(graph)
    lines = [p for p in root.iter(S + "path") if p.get("stroke")]
    assert [p.get("stroke-dasharray") for p in lines] == ["5 4", None], "the weakest first; in copy dashed"
    assert lines[0].get("stroke") != lines[1].get("stroke")
    assert float(lines[1].get("stroke-width")) > 2 * float(lines[0].get("stroke-width"))
    assert len(list(root.iter(S + "circle"))) == 1, "an edge of a node to itself"


def overlapping(level: str, weights: dict[str, float]) -> Network:
    graph: Network = nx.MultiDiGraph(view="overlaps", directed=False, filters={"level": level})
    graph.add_node("a", body="ETSI")
    for node, weight in weights.items():
        graph.add_node(node, body="3GPP")
        graph.add_edge("a", node, key="overlap", weight=weight, pairs=[f"{node} – a", f"{node} – b"])
    graph.add_edge(next(iter(weights)), "a", key="same-text", weight=1, pairs=["x – y"])
    return graph


def test_edges_without_a_direction_have_no_arrows_and_one_colour() -> None:
    root = svg(overlapping("group", {"b": 40, "c": 10, "d": 1}))
    lines = list(root.iter(S + "path"))
    assert len(lines) == 4, "arrows would be paths of their own"
    assert len({p.get("stroke") for p in lines}) == 1
    assert [p.get("stroke-dasharray") for p in lines] == [None, "5 4", None, None]
    for name in ("stroke-width", "stroke-opacity"):
        assert float(lines[0].get(name)) < float(lines[2].get(name)) < float(lines[3].get(name))
    told = " ".join(t.text for t in root.iter(S + "text"))
    assert "4 nodes · 4 edges · 7 pairs of overlapping items" in told
    assert (
        "Edges have no direction; the wider, the more pairs of overlapping items (up to 40); dashed: one"
        in told
    )
    assert "not that anybody said so. A body among its groups" in told


def test_scores_are_told_apart() -> None:
    root = svg(overlapping("item", {"b": 0.9, "c": 0.65, "d": 0.4}))
    widths = [float(p.get("stroke-width")) for p in root.iter(S + "path")]
    assert widths == sorted(widths)
    assert widths[0] < 0.6 * widths[1] < 0.6 * widths[3]
    told = " ".join(t.text for t in root.iter(S + "text"))
    assert "the wider, the higher the score (up to 1.00)" in told
    assert "pairs of" not in told


def test_names_of_bodies_stand_over_the_edges() -> None:
    order = [e.tag for e in svg(crowd(6, 9)).iter() if e.tag == S + "path" or e.get("paint-order")]
    assert order.index(S + "text") == order.count(S + "path")


@settings(deadline=None, max_examples=30)
@given(networks())
def test_any_network_is_a_picture(graph: Network) -> None:
    root = svg(graph)
    assert len(rectangles(root)) == len(graph)


def test_nothing_in_it_can_run_or_load() -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_node("a", label='<script>alert("x")</script>', body='"><image href="http://example.org/x"/>')
    root = svg(graph)
    assert {etree.QName(e).localname for e in root.iter()} <= {"svg", "rect", "text", "path", "circle"}
    assert not [e for e in root.iter() if e.get("style") or e.get("href")]


def test_it_says_what_it_shows(bundled_snapshot: Snapshot) -> None:
    root = svg(network.liaisons(bundled_snapshot, since="2023"))
    told = " ".join(t.text for t in root.iter(S + "text"))
    assert "8 nodes" not in told
    assert "7 nodes · 6 edges · 1 statements · 2023–2023 · since 2023" in told
    assert "not that there was no contact" in told


def test_too_many_nodes_to_read() -> None:
    graph: Network = nx.path_graph([str(n) for n in range(MOST + 1)], create_using=nx.MultiDiGraph)
    with pytest.raises(UsageError, match="cannot be read") as caught:
        svg(graph)
    assert "level=body" in (caught.value.hint or "")


def test_the_same_network_looks_the_same() -> None:
    turned: Network = nx.MultiDiGraph()
    graph = crowd(4, 5)
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    turned.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    one, other = (sorted(rectangles(svg(g))) for g in (graph, turned))
    assert one == other


def test_png() -> None:
    made = b"".join(WRITERS["png"].write(awkward()))
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", made[16:24]) == (2400, 1350)
