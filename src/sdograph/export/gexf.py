"""GEXF 1.3 (https://gexf.net/1.3), for Gephi and Gephi Lite.

Written as text, node by node: building one XML tree takes twenty times as long and ten times the memory.
Parallel edges are told apart by the attribute ``kind`` of 1.3. Time is given in spells, as dates, from
``begin`` and ``end`` or ``first`` and ``last``; a date of a month or year stands for all of it.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sdograph.export.layout import colour, positions, size
from sdograph.export.values import (
    Network,
    Value,
    chunked,
    clean,
    columns,
    edges,
    escape,
    node_ids,
    plain,
    text,
    values,
    weight,
)

#: Attributes that say when a node or edge begins and ends.
_SPANS = (("begin", "end"), ("first", "last"))
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d)(?:T.*)?)?)?")


def write(graph: Network) -> Iterator[bytes]:
    """The graph as a GEXF document, in chunks."""
    return chunked(_document(graph))


def _document(graph: Network) -> Iterator[str]:
    node_types = columns((data for _, data in graph.nodes(data=True)), reserved={"id"})
    edge_types = columns(
        (data for *_, data in graph.edges(data=True)), reserved={"id", "source", "target", "key"}
    )
    node_types.pop("label", None)
    for name in ("label", "kind", "weight"):
        edge_types.pop(name, None)
    timed = any(map(_spell, _all_data(graph)))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
    yield _meta(graph)
    yield '<graph defaultedgetype="directed" idtype="string" '
    yield 'mode="dynamic" timeformat="date" timerepresentation="interval">\n' if timed else 'mode="static">\n'
    node_names = {name: name for name in node_types}
    edge_names = _edge_names(edge_types)
    yield from _declared("node", node_types, node_names)
    yield from _declared("edge", edge_types, edge_names)
    ids = node_ids(graph)
    places = positions(graph)
    degrees = dict(graph.degree())
    yield f'<nodes count="{graph.number_of_nodes()}">\n'
    for node, data in graph.nodes(data=True):
        x, y = places[node]
        red, green, blue = colour(str(data.get("body", "")))
        label = plain(data.get("label"))
        yield f'<node id="{escape(ids[node])}" label="{escape(ids[node] if label is None else text(label))}">'
        yield _attvalues(data, node_types, node_names)
        yield _spell(data)
        yield f'<viz:color r="{red}" g="{green}" b="{blue}"/><viz:position x="{x}" y="{y}"/>'
        yield f'<viz:size value="{size(degrees[node])}"/></node>\n'
    yield f'</nodes>\n<edges count="{graph.number_of_edges()}">\n'
    for n, (source, target, kind, attributes) in enumerate(edges(graph)):
        yield f'<edge id="e{n}" source="{escape(ids[source])}" target="{escape(ids[target])}"'
        yield f' kind="{escape(kind)}"{_optional("label", attributes)}{_weight(attributes)}>'
        yield _attvalues(attributes, edge_types, edge_names)
        yield _spell(attributes)
        yield "</edge>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _all_data(graph: Network) -> Iterator[Mapping[str, object]]:
    yield from (data for _, data in graph.nodes(data=True))
    yield from (data for *_, data in graph.edges(data=True))


def _meta(graph: Network) -> str:
    about = graph.graph
    day = str(about.get("generated_at", ""))[:10]
    dated = f' lastmodifieddate="{day}"' if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else ""
    words = [str(about.get("view", "network")), f"dataset version {about.get('version', 'unknown')}"]
    words += [f"{name}={value}" for name, value in about.get("filters", {}).items()]
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


def _attvalues(data: Mapping[str, object], types: Mapping[str, str], names: Mapping[str, str]) -> str:
    written = "".join(
        f'<attvalue for="{escape(names[name])}" value="{escape(_att(value))}"/>'
        for name, value in values(data, types)
    )
    return f"<attvalues>{written}</attvalues>" if written else ""


def _att(value: Value) -> str:
    # Lists in brackets, members quoted: the form that Gephi and graphology read.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else text(value)


def _optional(name: str, data: Mapping[str, object]) -> str:
    value = plain(data.get(name))
    return "" if value is None else f' {name}="{escape(text(value))}"'


def _weight(data: Mapping[str, object]) -> str:
    number = weight(data)
    return "" if number is None else f' weight="{number!r}"'


def _spell(data: Mapping[str, object]) -> str:
    """When it is there; nothing when that is not known, or ends before it begins."""
    for first, last in _SPANS:
        start, end = _day(data.get(first), last=False), _day(data.get(last), last=True)
        if (start or end) and not (start and end and end < start):
            bounds = (f' start="{start}"' if start else "") + (f' end="{end}"' if end else "")
            return f"<spells><spell{bounds}/></spells>"
    return ""


def _day(value: object, *, last: bool) -> str | None:
    return None if (kept := plain(value)) is None else _day_of(text(kept), last)


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
