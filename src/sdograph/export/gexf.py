"""GEXF 1.3 (https://gexf.net/1.3), for Gephi and Gephi Lite.

Written as text, node by node: building one XML tree takes twenty times as long and ten times the memory.
Parallel edges are told apart by the attribute ``kind`` of 1.3. Time is given in spells, as dates, from
``begin`` and ``end`` or ``first`` and ``last``; a date of a month or year stands for all of it.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count

from sdograph.export.columns import (
    LIST_AS_JSON,
    Edges,
    Row,
    Spells,
    Types,
    column,
    edges_of,
    fragments,
    nodes_of,
    side_by_side,
    with_kinds,
)
from sdograph.export.layout import body_of, colour, positions, size
from sdograph.export.values import Network, chunked, clean, escape, node_ids, plain, text, weight

#: Attributes that say when a node or edge begins and ends.
_SPANS = (("begin", "end"), ("first", "last"))
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d)(?:T.*)?)?)?")


#: Filled in where each edge has both as XML.
_KIND_AND_WEIGHT = ' kind="%(kind)s" weight="%(weight)s"'


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a GEXF document, in chunks."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    of_nodes, of_edges, degrees = Types(), Types(), Counter[str]()
    for _, rows in nodes_of(graph):
        of_nodes.look_at(rows)
    for edges in edges_of(graph):
        of_edges.look_at(edges.rows)
        degrees.update(edges.sources)
        degrees.update(edges.targets)
    node_types = of_nodes.checked(reserved={"id"})
    edge_types = of_edges.checked(reserved={"id", "source", "target", "key"})
    node_spans, edge_spans = (
        [span for span in _SPANS if not types.keys().isdisjoint(span)] for types in (node_types, edge_types)
    )
    timed = any(map(any, _all_spells(graph, node_spans, edge_spans)))
    node_types.pop("label", None)
    kinds = {name: edge_types.pop(name, "string") for name in ("label", "kind", "weight")}
    directed = "directed" if graph.graph.get("directed", True) else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield _meta(graph)
    yield f'<graph defaultedgetype="{directed}" idtype="string" '
    yield 'mode="dynamic" timeformat="date" timerepresentation="interval">\n' if timed else 'mode="static">\n'
    node_names = {name: name for name in node_types}
    edge_names = _edge_names(edge_types)
    yield from _declared("node", node_types, node_names)
    yield from _declared("edge", edge_types, edge_names)
    ids = {node: escape(written) for node, written in node_ids(graph).items()}
    yield f'<nodes count="{graph.number_of_nodes()}">\n'
    looks = _looks(graph, degrees)
    written = _Attributes(of_nodes, node_types, node_names)
    for nodes, rows in nodes_of(graph):
        labels = _labels([ids[node] for node in nodes], rows)
        yield "".join(
            side_by_side(
                [f'<node id="{ids[node]}{label}' for node, label in zip(nodes, labels, strict=True)],
                *written.columns(rows),
                *_spells(rows, node_spans),
                [looks[node] for node in nodes],
            )
        )
    yield f'</nodes>\n<edges count="{graph.number_of_edges()}">\n'
    written = _Attributes(of_edges, edge_types, edge_names)
    for edges in edges_of(graph):
        yield "".join(
            side_by_side(
                [
                    f'<edge id="e{n}" source="{ids[source]}" target="{ids[target]}"'
                    for n, source, target in zip(
                        count(edges.first), edges.sources, edges.targets, strict=False
                    )
                ],
                *_of_the_tag(edges, of_edges, kinds),
                *written.columns(edges.rows),
                *_spells(edges.rows, edge_spans),
                ["</edge>\n"] * len(edges.rows),
            )
        )
    yield "</edges>\n</graph>\n</gexf>\n"


class _Attributes:
    """Attribute values: those that every row has as XML filled into one text, the others a column each."""

    def __init__(self, types: Types, kinds: Mapping[str, str], names: Mapping[str, str]) -> None:
        filled = ""
        self._others: list[tuple[str, str, str]] = []
        for name, kind in kinds.items():
            before = f'<attvalue for="{escape(names[name])}" value="'
            if types.is_text(name):
                filled += before.replace("%", "%%") + f'%({name})s"/>'
            else:
                self._others.append((name, kind, before))
        self._filled = f"<attvalues>{filled}" if filled else ""

    def columns(self, rows: Sequence[Row]) -> list[list[str]]:
        others = [
            fragments(rows, name, kind, before, '"/>', lists=LIST_AS_JSON)
            for name, kind, before in self._others
        ]
        if self._filled:
            filled = self._filled if others else f"{self._filled}</attvalues>"
            written = [filled % row for row in rows]
            return [written, *others, ["</attvalues>"] * len(rows)] if others else [written]
        if not others:
            return []
        return [[f"<attvalues>{words}</attvalues>" if words else "" for words in side_by_side(*others)]]


def _labels(ids: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """The labels, and the end of the tag. The id stands for one that is not given."""
    labels = fragments(rows, "label", "string", '" label="', '">')
    return [label or f'" label="{id}">' for label, id in zip(labels, ids, strict=True)]


def _of_the_tag(edges: Edges, types: Types, kinds: Mapping[str, str]) -> Iterator[list[str]]:
    """Kind, label and weight, and the end of the tag."""
    if types.is_text("kind") and kinds["weight"] in ("integer", "long") and types.is_text("weight"):
        yield [_KIND_AND_WEIGHT % row for row in edges.rows]
    else:
        yield fragments(with_kinds(edges), "kind", "string", ' kind="', '"')
        yield _weights(edges.rows, kinds["weight"])
    yield fragments(edges.rows, "label", kinds["label"], ' label="', '"')
    yield [">"] * len(edges.rows)


def _looks(graph: Network, degrees: Mapping[str, int]) -> dict[str, str]:
    shades: dict[str, str] = {}
    bodies = {node: body_of(data) for node, data in graph.nodes(data=True)}
    for body in set(bodies.values()):
        red, green, blue = colour(body)
        shades[body] = f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position '
    sizes = {degree: size(degree) for degree in {0, *degrees.values()}}
    return {
        node: f'{shades[bodies[node]]}x="{x}" y="{y}"/><viz:size value="{sizes[degrees[node]]}"/></node>\n'
        for node, (x, y) in positions(graph).items()
    }


def _meta(graph: Network) -> str:
    about = graph.graph
    day = str(about.get("generated_at", ""))[:10]
    dated = f' lastmodifieddate="{day}"' if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""
    words = [str(about.get("view", "network")), f"dataset version {about.get('version', 'unknown')}"]
    words += [f"{name}={value}" for name, value in about.get("filters", {}).items()]
    if about.get("compared_version", about.get("version")) != about.get("version"):
        words.append(f"overlaps of version {about['compared_version']}")
    description = escape(clean(", ".join(words) + ". A missing edge is no evidence of no contact."))
    return f"<meta{dated}><creator>sdograph</creator><description>{description}</description></meta>\n"


def _edge_names(types: Mapping[str, str]) -> dict[str, str]:
    """The names to write: one that is ``type`` would be taken for the direction of the edge by graphology."""
    names = {name: name for name in types}
    if "type" in names:
        names["type"] = next(
            n for n in ("type" + "_" * k for k in range(1, len(types) + 1)) if n not in types
        )
    return names


def _declared(owner: str, types: Mapping[str, str], names: Mapping[str, str]) -> Iterator[str]:
    if not types:
        return
    yield f'<attributes class="{owner}" mode="static">\n'
    for name, kind in types.items():
        # Id and title are the same: readers differ in which of them they show.
        written = escape(names[name])
        named = "liststring" if kind == "list" else kind
        yield f'<attribute id="{written}" title="{written}" type="{named}"/>\n'
    yield "</attributes>\n"


def _weights(rows: Sequence[Row], kind: str) -> list[str]:
    if kind in ("integer", "long", "double"):
        return fragments(rows, "weight", kind, ' weight="', '"')
    return ["" if (number := weight(row)) is None else f' weight="{number!r}"' for row in rows]


def _all_spells(
    graph: Network, of_nodes: Sequence[tuple[str, str]], of_edges: Sequence[tuple[str, str]]
) -> Iterator[list[str]]:
    for _, rows in nodes_of(graph) if of_nodes else ():
        yield from _spells(rows, of_nodes)
    for edges in edges_of(graph) if of_edges else ():
        yield from _spells(edges.rows, of_edges)


def _spells(rows: Sequence[Row], spans: Sequence[tuple[str, str]]) -> list[list[str]]:
    """When each is there, as a column or none; nothing where it is not known, or ends before it begins."""
    if not spans:
        return []
    found = [_column_of_spells(rows, *span) for span in spans]
    return [found[0]] if len(found) == 1 else [[one or other for one, other in zip(*found, strict=True)]]


def _column_of_spells(rows: Sequence[Row], first: str, last: str) -> list[str]:
    spans = [_days(column(rows, name)) for name in (first, last)]
    return list(map(_SPELLS.__getitem__, zip(*spans, strict=True)))


def _days(found: list[object]) -> list[object]:
    if set(map(type, found)) <= {str, type(None)}:
        return found
    return [None if (kept := plain(value)) is None else text(kept) for value in found]


def _spell(first: object, last: object) -> str:
    start, end = _day(first, last=False), _day(last, last=True)
    if (start or end) and not (start and end and end < start):
        bounds = (f' start="{start}"' if start else "") + (f' end="{end}"' if end else "")
        return f"<spells><spell{bounds}/></spells>"
    return ""


_SPELLS = Spells(_spell)


def _day(value: object, *, last: bool) -> str | None:
    return None if value is None else _day_of(text(plain(value) or ""), last)


@lru_cache(maxsize=10_000)
def _day_of(words: str, last: bool) -> str | None:
    """The first or last day of an ISO date of day, month or year precision; None when it is no such date."""
    found = _DATE.fullmatch(words)
    if found is None or found[1] == "0000":
        return None
    year, month = int(found[1]), int(found[2] or (12 if last else 1))
    days = calendar.monthrange(year, month)[1]
    day = int(found[3]) if found[3] else (days if last else 1)
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= days else None
