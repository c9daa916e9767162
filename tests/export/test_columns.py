"""Rows by the hundred give what rows one by one give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import networkx as nx
import pytest
from graphs import anything
from hypothesis import given, settings
from hypothesis import strategies as st

from sdograph.export.columns import (
    JSON,
    ROWS,
    TEXT,
    XML,
    XML_JSON,
    Columns,
    Edges,
    Form,
    Nodes,
    numbers,
    parts_of,
    side_by_side,
    woven,
)
from sdograph.export.values import Network, Value, common, escape, plain, text, type_of, values

#: Mostly of one kind, as attributes are; sometimes anything.
COLUMNS = st.one_of(
    st.lists(anything, min_size=1),
    st.lists(st.none() | anything, min_size=1),
    st.lists(st.lists(anything, min_size=1), min_size=1),
    st.lists(st.lists(st.text('ab\x00\x01"\\\n&', max_size=4)), min_size=1),
    st.lists(st.none() | st.integers(-(2**70), 2**70), min_size=1),
    st.lists(st.floats(), min_size=1),
    st.lists(st.none() | st.booleans() | st.floats() | st.integers() | st.dates() | anything, min_size=1),
)


def one_by_one(column: Sequence[Any]) -> tuple[str | None, list[Value | None]]:
    """The narrowest type of all, and each value as that."""
    kind = None
    for value in map(plain, column):
        if value is not None:
            kind = type_of(value) if kind is None else common(kind, type_of(value))
    found = [dict(values({"x": value}, {"x": kind} if kind else {})) for value in column]
    return kind, [row.get("x") for row in found]


def as_xml(value: Value) -> str:
    return escape(text(value))


def as_xml_with_json(value: Value) -> str:
    return escape(json.dumps(value, ensure_ascii=False) if isinstance(value, list) else text(value))


@settings(deadline=None, max_examples=400)
@given(COLUMNS, st.sampled_from([(XML, as_xml), (XML_JSON, as_xml_with_json), (TEXT, text)]))
def test_types_and_texts(column: list[Any], written_as: tuple[Form, Any]) -> None:
    form, write = written_as
    columns = Columns([{"x": value} for value in column], form)
    kind, expected = one_by_one(column)
    assert columns.kinds.get("x") == kind
    for rows in parts_of(len(column)):
        found = side_by_side(rows, columns.written("x", rows, "<", ">") or [""])
        assert found == ["" if value is None else f"<{write(value)}>" for value in expected[rows]]


@settings(deadline=None, max_examples=200)
@given(COLUMNS)
def test_json(column: list[Any]) -> None:
    columns = Columns([{"x": value} for value in column], JSON)
    _, expected = one_by_one(column)
    for rows in parts_of(len(column)):
        found = side_by_side(rows, columns.written("x", rows) or [""])
        assert [json.loads(words) if words else None for words in found] == expected[rows]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.none() | anything), min_size=1))
def test_rows_that_differ_in_what_they_have(rows: list[dict[str, Any]]) -> None:
    # As many as make several batches: a name may first appear late, and not again.
    rows = [*rows, *([{"a": "x"}] * ROWS), *rows]
    columns = Columns(rows, XML)
    for name, found in columns.values.items():
        assert found == [row.get(name) for row in rows]
    assert set(columns.kinds) == {n for row in rows for n, value in row.items() if value is not None}
    for name in ("a", "b", "c"):
        texts = [
            words
            for part in parts_of(len(rows))
            for words in side_by_side(part, columns.written(name, part, "<", ">") or [""])
        ]
        assert "".join(texts) == "".join(
            f"<{as_xml(plain(row[name]) or '')}>" for row in rows if row.get(name) is not None
        )


@pytest.mark.parametrize("late", [False, True])
def test_a_name_that_some_hundred_rows_do_not_have(late: bool) -> None:
    halves = [[{"x": "a", "y": "<b>"}] * ROWS, [{"x": "a"}] * ROWS]
    columns = Columns([row for half in (reversed(halves) if late else halves) for row in half], XML)
    assert (columns.in_every_row("x"), columns.in_every_row("y")) == (True, False)
    without, having = (list(parts_of(2 * ROWS))[n] for n in ((0, 1) if late else (1, 0)))
    assert side_by_side(without, columns.written("y", without, "-")) == [""] * ROWS
    assert side_by_side(having, columns.written("y", having, "-")) == ["-&lt;b&gt;"] * ROWS


def test_what_stands_instead() -> None:
    columns = Columns([{"x": "a"}, {"x": None}, {}, {"x": 5}], XML)
    columns.fill("x", lambda: ["-", "b", "c", "-"])
    assert (columns.values["x"], columns.kinds["x"]) == (["a", "b", "c", "5"], "string")
    columns = Columns([{"x": "a"}], XML)
    columns.fill("x", lambda: pytest.fail("nothing is missing"))
    columns.put("x", [7])
    assert columns.written("x", slice(0, 1)) == [["7"]]


def test_what_is_in_every_row() -> None:
    columns = Columns(
        [
            {"text": "a", "some": "b", "number": 1, "share": 0.5, "list": []},
            {"text": "<", "number": 2, "share": float("nan"), "list": ["x"]},
        ],
        XML,
    )
    assert [name for name in columns.values if columns.in_every_row(name)] == ["text", "number"]


def test_rows_are_woven() -> None:
    rows = slice(3, 6)
    parts = ["<", ["a", "b", "c"], "", "-", numbers(rows), ">"]
    assert woven(rows, parts) == "<a-3><b-4><c-5>"
    assert side_by_side(rows, parts) == ["<a-3>", "<b-4>", "<c-5>"]


def test_all_nodes_and_edges_come_in_their_order() -> None:
    graph: Network = nx.MultiDiGraph()
    for n in range(3000):
        graph.add_edge(str(n), str(n * 7 % 1000), key="to", n=n)
        if n % 3:
            graph.add_edge(str(n), str(n * 7 % 1000), key="cc", n=-n)
    graph.add_node("<&>", alone=True)
    graph.add_edge("<&>", "<&>", key="to")
    nodes = Nodes(graph, XML)
    edges = Edges(graph, nodes)
    found = zip(edges.sources, edges.targets, edges.keys, edges.rows, strict=True)
    assert list(found) == [
        (escape(source), escape(target), key, data)
        for source, target, key, data in graph.edges(keys=True, data=True)
    ]
    assert dict(zip(nodes.names, nodes.rows, strict=True)) == {node: graph.nodes[node] for node in graph}
    assert (nodes.ids[-1], nodes.written[-1]) == ("<&>", "&lt;&amp;&gt;")
    assert [n for part in parts_of(3001) for n in range(part.start, part.stop)] == list(range(3001))
