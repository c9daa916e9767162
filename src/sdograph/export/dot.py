"""DOT (https://graphviz.org/doc/info/lang.html), for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from sdograph.export.layout import colour
from sdograph.export.values import Network, chunked, edges, node_ids, plain, text, weight


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a digraph: nodes filled by body, edges labelled by kind and as wide as their weight."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    ids = node_ids(graph)
    yield 'digraph {\n  node [shape=box, style="rounded,filled", fontname="sans-serif"];\n'
    for node, data in graph.nodes(data=True):
        label = plain(data.get("label"))
        shade = colour(str(data.get("body", "")))
        fill = "#{:02x}{:02x}{:02x}".format(*shade)
        ink = "white" if sum(shade) < 330 else "black"
        words = _quoted(ids[node] if label is None else text(label))
        yield f'  {_quoted(ids[node])} [label={words}, fillcolor="{fill}", fontcolor={ink}];\n'
    for source, target, kind, attributes in edges(graph):
        heavy = weight(attributes)
        width = "" if heavy is None else f", penwidth={1 + max(heavy, 0) ** 0.5:.2f}"
        yield f"  {_quoted(ids[source])} -> {_quoted(ids[target])} [label={_quoted(kind)}{width}];\n"
    yield "}\n"


def _quoted(words: str) -> str:
    """A quoted string; in labels a backslash would begin an escape (\\N is the name of the node)."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n") + '"'
