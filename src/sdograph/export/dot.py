"""DOT (https://graphviz.org/doc/info/lang.html), for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from sdograph.export.columns import Columns, Edges, Form, Nodes, parts_of, woven
from sdograph.export.layout import colour
from sdograph.export.values import Network, chunked, text, weight


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a digraph: nodes filled by body, edges labelled by kind and as wide as their weight."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    nodes = Nodes(graph, _DOT)
    edges = Edges(graph, nodes)
    of_nodes, of_edges = Columns(nodes.rows, _DOT), Columns(edges.rows, _DOT)
    of_nodes.fill("label", lambda: nodes.ids)
    of_edges.fill("kind", lambda: edges.keys)
    yield 'digraph {\n  node [shape=box, style="rounded,filled", fontname="sans-serif"];\n'
    for rows in parts_of(len(nodes.rows)):
        labels = of_nodes.written("label", rows, '" [label="', '"')
        looks = [_look(row.get("body", "")) for row in nodes.rows[rows]]
        yield woven(rows, ['  "', nodes.written[rows], *labels, looks])
    for rows in parts_of(len(edges.rows)):
        sources, targets = edges.sources[rows], edges.targets[rows]
        kinds = of_edges.written("kind", rows, '" [label="', '"')
        widths = [_width(weight(row)) for row in edges.rows[rows]]
        yield woven(rows, ['  "', sources, '" -> "', targets, *kinds, widths])
    yield "}\n"


def _look(body: object) -> str:
    shade = colour(str(body))
    fill = "#{:02x}{:02x}{:02x}".format(*shade)
    return f', fillcolor="{fill}", fontcolor={"white" if sum(shade) < 330 else "black"}];\n'


def _width(weight: float | None) -> str:
    return "];\n" if weight is None else f", penwidth={1 + max(weight, 0) ** 0.5:.2f}];\n"


def _escaped(words: str) -> str:
    """The inside of a quoted string; in labels a backslash begins an escape (\\N is the name of the node)."""
    words = words.replace("\\", "\\\\").replace('"', '\\"')
    return words.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


_DOT = Form(one=lambda value: _escaped(text(value)), escape=_escaped, special='"\\')
