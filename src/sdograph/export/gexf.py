"""GEXF 1.3 (https://gexf.net/1.3), for Gephi and Gephi Lite.

Written as text, node by node: building one XML tree takes twenty times as long and ten times the memory.
Parallel edges are told apart by the attribute ``kind`` of 1.3. Time is given in spells, as dates, from
``begin`` and ``end`` or ``first`` and ``last``; a date of a month or year stands for all of it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from operator import gt
from typing import Any

from sdograph.export.columns import (
    XML_JSON,
    Columns,
    Edges,
    Nodes,
    Part,
    numbers,
    parts_of,
    side_by_side,
    woven,
)
from sdograph.export.layout import colour, degrees, positions, size
from sdograph.export.values import Network, chunked, clean, escape, plain, text
from sdograph.network import note

#: Attributes that say when a node or edge begins and ends.
_SPANS = (("begin", "end"), ("first", "last"))
#: What of an edge stands in its tag.
_OF_THE_TAG = ("kind", "weight", "label")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d)(?:T.*)?)?)?")


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a GEXF document, in chunks."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    nodes = Nodes(graph, XML_JSON)
    edges = Edges(graph, nodes)
    of_nodes, of_edges = Columns(nodes.rows, XML_JSON), Columns(edges.rows, XML_JSON)
    of_edges.check_weights()
    node_names = of_nodes.checked(reserved={"id"})
    edge_names = of_edges.checked(reserved={"id", "source", "target", "key"})
    when_nodes, when_edges = _Times(of_nodes), _Times(of_edges)
    timed = when_nodes.known() or when_edges.known()
    of_nodes.fill("label", lambda: nodes.ids)
    of_edges.fill("kind", lambda: edges.keys)
    directed = "directed" if graph.graph.get("directed", True) else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield _meta(graph)
    yield f'<graph defaultedgetype="{directed}" idtype="string" '
    yield 'mode="dynamic" timeformat="date" timerepresentation="interval">\n' if timed else 'mode="static">\n'
    its_nodes = _Attributes(of_nodes, {name: name for name in node_names if name != "label"})
    its_edges = _Attributes(of_edges, _edge_names([n for n in edge_names if n not in _OF_THE_TAG]))
    yield from its_nodes.declared("node")
    yield from its_edges.declared("edge")
    yield f'<nodes count="{len(nodes.rows)}">\n'
    looks = _Looks(graph, nodes)
    for rows in parts_of(len(nodes.rows)):
        heads: list[Part] = ['<node id="', nodes.written[rows]]
        heads += of_nodes.written("label", rows, '" label="', '">')
        yield woven(rows, [*heads, *its_nodes.written(rows), *when_nodes.written(rows), *looks.written(rows)])
    yield f'</nodes>\n<edges count="{len(edges.rows)}">\n'
    for rows in parts_of(len(edges.rows)):
        sources, targets = edges.sources[rows], edges.targets[rows]
        heads = ['<edge id="e', numbers(rows), '" source="', sources, '" target="', targets, '"']
        for name in _OF_THE_TAG:
            heads += of_edges.written(name, rows, f' {name}="', '"')
        yield woven(rows, [*heads, ">", *its_edges.written(rows), *when_edges.written(rows), "</edge>\n"])
    yield "</edges>\n</graph>\n</gexf>\n"


class _Attributes:
    """What nodes or edges carry beside what stands in their tags; ``names``: what is written for a name."""

    def __init__(self, columns: Columns, names: Mapping[str, str]) -> None:
        self._columns = columns
        self._names = {name: escape(written) for name, written in names.items()}
        self._always = any(map(columns.in_every_row, names))

    def declared(self, owner: str) -> Iterator[str]:
        if not self._names:
            return
        yield f'<attributes class="{owner}" mode="static">\n'
        for name, written in self._names.items():
            kind = self._columns.kinds[name]
            named = "liststring" if kind == "list" else kind
            # Id and title are the same: readers differ in which of them they show.
            yield f'<attribute id="{written}" title="{written}" type="{named}"/>\n'
        yield "</attributes>\n"

    def written(self, rows: slice) -> list[Part]:
        values = [
            part
            for name, written in self._names.items()
            for part in self._columns.written(name, rows, f'<attvalue for="{written}" value="', '"/>')
        ]
        if self._always:
            return ["<attvalues>", *values, "</attvalues>"]
        if not values:
            return []
        return [[f"<attvalues>{words}</attvalues>" if words else "" for words in side_by_side(rows, values)]]


class _Looks:
    """Colour, place and size of nodes, and the end of their elements."""

    def __init__(self, graph: Network, nodes: Nodes) -> None:
        self._xs, self._ys = positions(graph)
        self._degrees = degrees(graph)
        self._sizes = {degree: f"{size(degree)}" for degree in set(self._degrees)}
        self._bodies = [row.get("body", "") for row in nodes.rows]
        self._shades = {body: _shade(str(body)) for body in set(self._bodies)}

    def written(self, rows: slice) -> Iterator[Part]:
        yield [self._shades[body] for body in self._bodies[rows]]
        yield from (
            '<viz:position x="',
            list(map(repr, self._xs[rows])),
            '" y="',
            list(map(repr, self._ys[rows])),
        )
        yield from ('"/><viz:size value="', [self._sizes[degree] for degree in self._degrees[rows]])
        yield '"/></node>\n'


def _shade(body: str) -> str:
    red, green, blue = colour(body)
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _meta(graph: Network) -> str:
    about = graph.graph
    day = str(about.get("generated_at", ""))[:10]
    dated = f' lastmodifieddate="{day}"' if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""
    words = [str(about.get("view", "network")), f"dataset version {about.get('version', 'unknown')}"]
    words += [f"{name}={value}" for name, value in about.get("filters", {}).items()]
    if about.get("compared_version", about.get("version")) != about.get("version"):
        words.append(f"overlaps of version {about['compared_version']}")
    description = escape(clean(f"{', '.join(words)}. {note(words[0])}"))
    return f"<meta{dated}><creator>sdograph</creator><description>{description}</description></meta>\n"


def _edge_names(names: Sequence[str]) -> dict[str, str]:
    """The names to write: one that is ``type`` would be taken for the direction of the edge by graphology."""
    written = {name: name for name in names}
    if "type" in written:
        written["type"] = next(
            n for n in ("type" + "_" * k for k in range(1, len(names) + 1)) if n not in names
        )
    return written


class _Times:
    """When nodes or edges are there; nothing where it is not known, or ends before it begins."""

    def __init__(self, columns: Columns) -> None:
        self._size = columns.size
        nothing: list[object] = [None] * columns.size
        self._spans = [
            (columns.values.get(first, nothing), columns.values.get(last, nothing))
            for first, last in _SPANS
            if not columns.kinds.keys().isdisjoint((first, last))
        ]

    def known(self) -> bool:
        """Whether any of them is there at some time only."""
        return any(any(side_by_side(rows, self.written(rows))) for rows in parts_of(self._size))

    def written(self, rows: slice) -> list[Part]:
        found = [_spells(_dates(first[rows]), _dates(last[rows])) for first, last in self._spans]
        if len(found) < 2:
            return found[0] if found else []
        ones, others = (side_by_side(rows, parts) or [""] * (rows.stop - rows.start) for parts in found)
        return [[one or other for one, other in zip(ones, others, strict=True)]]


def _dates(found: list[object]) -> list[Any]:
    """Texts and None."""
    if set(map(type, found)) <= {str, type(None)}:
        return found
    return [None if (kept := plain(value)) is None else text(kept) for value in found]


def _spells(firsts: list[str | None], lasts: list[str | None]) -> list[Part]:
    starts: list[Any] = list(map(_FIRST_DAYS.__getitem__, firsts))
    ends: list[Any] = list(map(_LAST_DAYS.__getitem__, lasts))
    if not any(starts) and not any(ends):
        return []
    if all(starts) and not any(ends):
        return ['<spells><spell start="', starts, '"/></spells>']
    if all(starts) and all(ends) and not any(map(gt, starts, ends)):
        return ['<spells><spell start="', starts, '" end="', ends, '"/></spells>']
    return [list(map(_spell, starts, ends))]


def _spell(start: str, end: str) -> str:
    if not (start or end) or (start and end and end < start):
        return ""
    bounds = (f' start="{start}"' if start else "") + (f' end="{end}"' if end else "")
    return f"<spells><spell{bounds}/></spells>"


class _Days(dict[str | None, str]):
    """An ISO date of day, month or year precision -> its first or last day; nothing for what is no such date.

    Kept, as the same ones come again and again.
    """

    def __init__(self, *, last: bool) -> None:
        super().__init__()
        self._last = last

    def __missing__(self, written: str | None) -> str:
        if len(self) > 50_000:
            self.clear()
        day = self[written] = self._day(written or "")
        return day

    def _day(self, written: str) -> str:
        found = _DATE.fullmatch(written)
        if found is None or found[1] == "0000":
            return ""
        year, month = int(found[1]), int(found[2] or (12 if self._last else 1))
        days = calendar.monthrange(year, month)[1]
        day = int(found[3]) if found[3] else (days if self._last else 1)
        return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= days else ""


_FIRST_DAYS, _LAST_DAYS = _Days(last=False), _Days(last=True)
