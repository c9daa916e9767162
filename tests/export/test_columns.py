"""Rows by the thousand give what rows one by one give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import networkx as nx
import pytest
from graphs import anything
from hypothesis import given, settings
from hypothesis import strategies as st

from sdograph.export.columns import LIST_AS_JSON, LIST_AS_TEXT, Types, edges_of, fragments, nodes_of
from sdograph.export.values import Network, Value, columns, escape, text, values

#: Mostly of one kind, as attributes are; sometimes anything.
COLUMNS = st.one_of(
    st.lists(anything, min_size=1),
    st.lists(st.none() | anything, min_size=1),
    st.lists(st.lists(anything, min_size=1), min_size=1),
    st.lists(st.lists(st.text('ab\x00\x01"\\\n&', max_size=4)), min_size=1),
    st.lists(st.none() | st.integers(-(2**70), 2**70), min_size=1),
    st.lists(st.none() | st.booleans() | st.floats() | st.integers() | st.dates() | anything, min_size=1),
)


def one_by_one(rows: Sequence[dict[str, Any]], kind: str, lists: str) -> list[str]:
    def written(value: Value) -> str:
        as_json = isinstance(value, list) and lists == LIST_AS_JSON
        return escape(json.dumps(value, ensure_ascii=False) if as_json else text(value))

    found = [dict(values(row, {"x": kind})) for row in rows]
    return [f"<{written(row['x'])}>" if row else "" for row in found]


@settings(deadline=None, max_examples=300)
@given(COLUMNS, st.sampled_from([LIST_AS_JSON, LIST_AS_TEXT]))
def test_types_and_texts(column: list[Any], lists: str) -> None:
    rows = [{"x": value} for value in column]
    seen = Types()
    seen.look_at(rows)
    types = seen.checked(reserved=())
    assert types == columns(rows, reserved=())
    for kind in types.values():
        expected = one_by_one(rows, kind, lists)
        assert fragments(rows, "x", kind, "<", ">", lists=lists) == expected
        if seen.is_text("x"):
            template = "<%(x)s>"
            assert [template % row for row in rows] == expected


@pytest.mark.parametrize("name", ["a)b", "100%", "("])
def test_names_that_no_template_takes(name: str) -> None:
    seen = Types()
    seen.look_at([{name: "x"}])
    assert not seen.is_text(name)


def test_what_only_some_have_is_not_filled_in() -> None:
    seen = Types()
    seen.look_at([{"x": "a"}])
    assert seen.is_text("x")
    seen.look_at([{"y": "a"}])
    assert not seen.is_text("x")
    assert not Types().is_text("x")


def test_all_nodes_and_edges_come_in_their_order() -> None:
    graph: Network = nx.MultiDiGraph()
    for n in range(3000):
        graph.add_edge(str(n), str(n * 7 % 1000), key="to", n=n)
        graph.add_edge(str(n), str(n * 7 % 1000), key="cc", n=-n)
    found = [edge for e in edges_of(graph) for edge in zip(e.sources, e.targets, e.keys, e.rows, strict=True)]
    assert found == list(graph.edges(keys=True, data=True))
    starts = [(edges.first, len(edges.rows)) for edges in edges_of(graph)]
    assert len(starts) > 3
    assert [first for first, _ in starts] == [sum(n for _, n in starts[:k]) for k in range(len(starts))]
    assert [pair for names, rows in nodes_of(graph) for pair in zip(names, rows, strict=True)] == list(
        graph.nodes(data=True)
    )
