"""Networks to write: random ones, and one with everything that has broken a writer."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import networkx as nx
from hypothesis import strategies as st

from sdograph.export.values import Network

#: Any text, control characters and halves of surrogate pairs too.
anything = st.text(max_size=12)

#: An attribute has values of one kind here; what becomes of mixtures has tests of its own.
ATTRIBUTES: dict[str, st.SearchStrategy[Any]] = {
    "title": anything,
    "größe <&>\"'": anything,
    "type": anything,
    "flag": st.booleans(),
    "number": st.integers(-(2**63), 2**63 - 1),
    "share": st.floats(allow_nan=True, allow_infinity=True),
    "day": st.dates(),
    "tags": st.lists(anything, max_size=3),
}


def xml_text(text: str) -> str:
    """What is left of a text in XML 1.0: the production Char, section 2.2."""

    def allowed(code: int) -> bool:
        return (
            code in (0x9, 0xA, 0xD)
            or 0x20 <= code <= 0xD7FF
            or 0xE000 <= code <= 0xFFFD
            or 0x10000 <= code <= 0x10FFFF
        )

    return "".join(c for c in text if allowed(ord(c)))


def expected(value: Any) -> Any:
    """What must come back of a value; None: nothing."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [xml_text(member) for member in value] or None
    return value


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a node or edge that must come back."""
    return {name: expected(v) for name, v in data.items() if expected(v) is not None}


@st.composite
def networks(draw: st.DrawFn) -> Network:
    graph: Network = nx.MultiDiGraph()
    some = st.fixed_dictionaries({}, optional={n: st.none() | s for n, s in ATTRIBUTES.items()})
    dated = st.fixed_dictionaries(
        {},
        optional={
            "begin": st.sampled_from(["2023-09-18", "2023-09", "2023", "2024-02"]),
            "end": st.sampled_from(["2024-02-29", "2024-02", "2024", "soon", "2020"]),
        },
    )
    for node in draw(st.lists(anything, unique=True, max_size=6)):
        label = draw(st.none() | anything)
        body = draw(st.sampled_from(["ETSI", "3GPP", "CEN; CENELEC", "nobody"]))
        graph.add_node(node, label=label, body=body, **draw(some), **draw(dated))
    nodes = list(graph)
    if nodes:
        ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes), st.sampled_from(["to", "cc"]))
        for source, target, kind in draw(st.lists(ends, unique=True, max_size=8)):
            weight = draw(st.none() | st.integers(0, 2**40))
            graph.add_edge(source, target, key=kind, kind=kind, weight=weight, **draw(some), **draw(dated))
    return graph


def awkward() -> Network:
    """Parallel edges and a loop, ids that differ in a control character only, markup, quotes, line ends."""
    graph: Network = nx.MultiDiGraph(view="liaisons", version="1-abc", generated_at="2024-02-29T12:00:00Z")
    graph.graph["filters"] = {"since": "2018", "group": 'a"<&>b'}
    graph.add_node("a", label='Größe "标准" <&> 🛰', body="ETSI", begin="2019-10", end="2023-12-04", flag=True)
    graph.add_node("a\x00", label="line one\nline two\ttab\rreturn", body="ETSI", flag=False, number=2**31)
    graph.add_node("", label=None, body="3GPP", share=0.1, tags=['x "y"', "back\\slash", "comma, line\nend"])
    graph.add_node('b"\\', label="]]>&amp;", body="CEN; CENELEC", day=date(2023, 9, 18), share=math.nan)
    graph.add_edge(
        "a", "a\x00", key="to", kind="to", weight=2, first="2023-09-18", last="2024-03-01", type="x"
    )
    graph.add_edge("a", "a\x00", key="cc", kind="cc", weight=1, purposes=["action", "information"])
    graph.add_edge("a", "a", key="to", kind="to", weight=0.5, first="2024", last="2023", note=None)
    graph.add_edge("", 'b"\\', key="to")
    return graph
