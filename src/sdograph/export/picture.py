"""A network as a picture for a slide: SVG, and PNG made from it.

Nodes are boxes with their labels in them, the stronger the larger, in circles by body. An edge has the colour
of the body it comes from and bends to its right, so that both directions are seen; in copy it is dashed. Only
presentation attributes are used, no style sheet: a strict content security policy hides nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sdograph.errors import Unavailable, UsageError
from sdograph.export.arrangement import CAPTION, Box, Cluster, arrange
from sdograph.export.layout import OTHER_COLOUR, body_of, colour
from sdograph.export.values import Network, chunked, clean, edges, escape, plain, text
from sdograph.network import note

#: More boxes than these nobody can read on one page.
MOST = 200
#: Of more edges than these the light ones step back.
_CROWDED = 200
_FONT = "DejaVu Sans, Verdana, Helvetica, Arial, sans-serif"
_INK, _PALE, _PAPER = "#1f2430", "#5c6370", "#ffffff"
#: Of edges that have no direction, or come from a body without a colour of its own.
_NEUTRAL = (96, 104, 120)
#: Kind of edge -> what its dashes say.
_DASHED = {"cc": "in copy", "same-text": "one text under two numbers"}
_PNG_WIDTH = 2400


def write_svg(graph: Network) -> Iterator[bytes]:
    """The picture as SVG; raises UsageError for a network of more than 200 nodes."""
    return chunked(_document(graph))


def write_png(graph: Network) -> Iterator[bytes]:
    """The picture as PNG, 2400 pixels wide; raises Unavailable where no font is installed."""
    import resvg_py

    if not _draws_text():
        raise Unavailable("no font is installed", hint="install one, such as DejaVu Sans, or export svg")
    drawn = "".join(_document(graph))
    yield bytes(resvg_py.svg_to_bytes(svg_string=drawn, width=_PNG_WIDTH, background=_PAPER))


@cache
def _draws_text() -> bool:
    import resvg_py

    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{}</svg>'
    blank, letter = (
        resvg_py.svg_to_bytes(svg_string=frame.format(content))
        for content in ("", f'<text x="2" y="15" font-size="14" font-family="{_FONT}">M</text>')
    )
    return bytes(blank) != bytes(letter)


#: View -> what its picture is called, and what the width of its edges counts.
_TITLES = {
    "liaisons": ("Who writes liaison statements to whom", "statements"),
    "relationships": ("Standing relationships", "relationships"),
    "organisation": ("How organisations hang together", ""),
    "work": ("Work items, what they make, and who answers for them", ""),
    "threads": ("What answers what", ""),
    "ego": ("The neighbourhood of {node}", ""),
    "overlaps": ("Whose work overlaps", "pairs of overlapping items"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A box where it stands."""

    box: Box
    label: str
    size: float
    x: float
    y: float
    fill: tuple[int, int, int]

    def holds(self, x: float, y: float, margin: float = 2.0) -> bool:
        return (
            abs(x - self.x) <= self.box.width / 2 + margin and abs(y - self.y) <= self.box.height / 2 + margin
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The sheet: 16 to 9, as wide as what stands on it asks for. ``unit`` is a pixel of a slide of 1600."""

    left: float
    top: float
    width: float

    @property
    def height(self) -> float:
        return self.width * 9 / 16

    @property
    def unit(self) -> float:
        return self.width / 1600


def _document(graph: Network) -> Iterator[str]:
    if graph.number_of_nodes() > MOST:
        raise UsageError(
            f"a picture of {graph.number_of_nodes():,} nodes cannot be read",
            hint=f"filter them down to {MOST}, merge them with level=body, or open gexf in Gephi",
        )
    labels, boxes, sizes = _boxes(graph)
    ties: dict[tuple[str, str], float] = {}
    for source, target, _, data in edges(graph):
        if source != target:
            pair = (min(source, target), max(source, target))
            ties[pair] = ties.get(pair, 0.0) + _weight(data)
    bodies = {box.body for box in boxes}
    clusters = arrange(boxes, ties, {body: width(body, 13) for body in bodies})
    drawn = {
        box.node: _Drawn(
            box=box, label=labels[box.node], size=sizes[box.node], fill=colour(box.body),
            x=cluster.place(box.node)[0], y=cluster.place(box.node)[1],
        )
        for cluster in clusters
        for box in cluster.boxes
    }  # fmt: skip
    page = _page(clusters)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{page.left:.0f} {page.top:.0f} {page.width:.0f} '
        f'{page.height:.0f}" width="1600" height="900" font-family="{_FONT}">\n'
        f'<rect x="{page.left:.0f}" y="{page.top:.0f}" width="{page.width:.0f}" '
        f'height="{page.height:.0f}" fill="{_PAPER}"/>\n'
    )
    yield from _heading(graph, page)
    for cluster in clusters:
        yield from _circle(cluster)
    weights = [_weight(data) for *_, data in edges(graph)] or [1.0]
    lightest, heaviest = min(weights), max(weights)
    directed = bool(graph.graph.get("directed", True))
    opacity = 0.5 if graph.number_of_edges() <= _CROWDED else 0.35
    seen: dict[tuple[str, str], int] = {}
    for source, target, kind, data in sorted(edges(graph), key=lambda e: (_weight(e[3]), *e[:3])):
        bend = seen[source, target] = seen.get((source, target), -1) + 1
        share = _share(_weight(data), lightest, heaviest)
        yield _edge(drawn[source], drawn[target], kind, share, bend, opacity, directed=directed)
    for cluster in clusters:
        yield from _caption(cluster)
    for node in drawn.values():
        yield _node(node)
    yield from _legend(graph, page, lightest, heaviest)
    yield "</svg>\n"


def _boxes(graph: Network) -> tuple[dict[str, str], list[Box], dict[str, float]]:
    strength = dict.fromkeys(graph, 0.0)
    for source, target, data in graph.edges(data=True):
        strength[source] += _weight(data)
        strength[target] += _weight(data)
    strongest = max(strength.values(), default=1.0) or 1.0
    labels, boxes, sizes = {}, [], {}
    alone: dict[str, int] = {}
    for _, data in graph.nodes(data=True):
        body = body_of(data)
        alone[body] = alone.get(body, 0) + 1
    for node, data in graph.nodes(data=True):
        body = body_of(data)
        labels[node] = _label(node, data, body, alone=alone[body] == 1)
        size = sizes[node] = round(11 + 13 * math.sqrt(strength[node] / strongest), 1)
        boxes.append(
            Box(
                node=node,
                body=body,
                width=width(labels[node], size) + size * 1.1,
                height=size * 1.7,
                strength=strength[node],
            )
        )
    return labels, boxes, sizes


def _label(node: str, data: Mapping[str, Any], body: str, *, alone: bool) -> str:
    """The label without the name of the body, which stands above its circle."""
    value = plain(data.get("label"))
    words = " ".join((clean(node) if value is None else text(value)).split()) or clean(node)
    if not alone and words.startswith(body + " "):
        words = words.removeprefix(body + " ")
    return words if len(words) <= 30 else words[:29] + "…"


def width(words: str, size: float) -> float:
    """How wide a text is at most in the fonts of the picture: the widest of them is DejaVu Sans."""
    return size * sum(_wide(c) for c in words)


def _wide(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WF":
        return 1.0
    if c in "ijl.,:;'|! ":
        return 0.33
    return 0.95 if c in "mwMW@%" else 0.72 if c.isupper() else 0.63


def _weight(data: Mapping[str, Any]) -> float:
    value = data.get("weight", 1)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and value > 0 else 1.0


def _page(clusters: list[Cluster]) -> _Page:
    left = min((c.x - c.radius for c in clusters), default=0.0)
    right = max((c.x + c.radius for c in clusters), default=100.0)
    top = min((c.y - c.radius for c in clusters), default=0.0)
    bottom = max((c.y + c.radius for c in clusters), default=50.0)
    # Of 1600 by 900: 40 at the sides, 100 for the heading, 70 for the legend.
    wide = max((right - left) / (1 - 80 / 1600), (bottom - top) / (9 / 16 - 170 / 1600), 800.0)
    unit = wide / 1600
    return _Page(
        left=(left + right) / 2 - wide / 2,
        top=(top + bottom) / 2 - (wide * 9 / 16 - 170 * unit) / 2 - 100 * unit,
        width=wide,
    )


def _heading(graph: Network, page: _Page) -> Iterator[str]:
    about = graph.graph
    asked = {name: str(value) for name, value in about.get("filters", {}).items()}
    title = _TITLES.get(str(about.get("view")), ("A network", ""))[0].format(**{"node": "", **asked})
    told = [f"{graph.number_of_nodes()} nodes", f"{graph.number_of_edges()} edges"]
    for name, called in (("statements", "statements"), ("pairs", "pairs of overlapping items")):
        behind = {one for *_, data in graph.edges(data=True) for one in data.get(name, ())}
        # Of single items an edge is a pair.
        told += [f"{len(behind):,} {called}"] if behind and asked.get("level") != "item" else []
    dates = [
        str(d) for *_, data in graph.edges(data=True) for d in (data.get("first"), data.get("last")) if d
    ]
    told += [f"{min(dates)[:4]}–{max(dates)[:4]}"] if dates else []
    told += [
        f"{name.replace('_', ' ')} {value}"
        for name, value in asked.items()
        if (name, value) not in (("level", "group"), ("level", "item"))
    ]
    told += [f"dataset {about['version']}"] if "version" in about else []
    yield _words(title, page, 40, 46, size=26, weight="bold")
    yield _words(" · ".join(told), page, 40, 76, size=15, fill=_PALE)


def _words(
    words: str, page: _Page, x: float, y: float, *, size: float, fill: str = _INK, weight: str = "normal"
) -> str:
    """A line of text at a place of the slide of 1600 by 900."""
    u = page.unit
    return (
        f'<text x="{page.left + x * u:.1f}" y="{page.top + y * u:.1f}" font-size="{size * u:.1f}" '
        f'font-weight="{weight}" fill="{fill}">{escape(clean(words))}</text>\n'
    )


def _circle(cluster: Cluster) -> Iterator[str]:
    if len(cluster.boxes) == 1 or not cluster.body:
        return
    red, green, blue = colour(cluster.body)
    yield (
        f'<circle cx="{cluster.x:.1f}" cy="{cluster.y:.1f}" r="{cluster.radius:.1f}" '
        f'fill="rgb({red},{green},{blue})" fill-opacity="0.09" stroke="rgb({red},{green},{blue})" '
        f'stroke-opacity="0.5"/>\n'
    )


def _caption(cluster: Cluster) -> Iterator[str]:
    """The name of a body, over the edges and with a rim that keeps them off."""
    if len(cluster.boxes) > 1 and cluster.body:
        yield (
            f'<text x="{cluster.x:.1f}" y="{cluster.y - cluster.radius + CAPTION:.1f}" font-size="13" '
            f'font-weight="bold" text-anchor="middle" fill="{_INK}" stroke="{_PAPER}" stroke-width="4" '
            f'stroke-linejoin="round" paint-order="stroke">{escape(clean(cluster.body))}</text>\n'
        )


def _node(node: _Drawn) -> str:
    red, green, blue = node.fill
    ink = _PAPER if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else _INK
    box = node.box
    return (
        f'<rect x="{node.x - box.width / 2:.1f}" y="{node.y - box.height / 2:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="{box.height / 2.6:.1f}" '
        f'fill="rgb({red},{green},{blue})" stroke="{_PAPER}" stroke-width="1.5"/>'
        f'<text x="{node.x:.1f}" y="{node.y + node.size * 0.36:.1f}" font-size="{node.size}" '
        f'text-anchor="middle" fill="{ink}">{escape(node.label)}</text>\n'
    )


def _share(weight: float, lightest: float, heaviest: float) -> float:
    """How heavy an edge is beside the heaviest, 0 to 1. Scores, none of them above 1, are less apart."""
    if heaviest > 1:
        return weight / heaviest
    return 0.25 * (weight - lightest) / (heaviest - lightest) if lightest < heaviest else 0.03


def _edge(
    source: _Drawn, target: _Drawn, kind: str, share: float, bend: int, opacity: float, *, directed: bool
) -> str:
    """An edge; how heavy it is beside the heaviest, its share, shows in its width and how pale it is."""
    thick = 0.9 + 7 * math.sqrt(share)
    red, green, blue = (round(channel * 0.82) for channel in source.fill)
    if not directed or source.fill == OTHER_COLOUR:
        red, green, blue = _NEUTRAL
    shown = opacity + 0.25 * math.sqrt(share)
    look = f'stroke="rgb({red},{green},{blue})" stroke-opacity="{shown:.2f}" stroke-width="{thick:.1f}"'
    look += ' fill="none"'
    if kind in _DASHED:
        look += ' stroke-dasharray="5 4"'
    if source is target:
        x, y, r = (
            source.x + source.box.width / 2,
            source.y - source.box.height / 2,
            source.box.height * 0.7 + 6 * bend,
        )
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {look}/>\n'
    dx, dy = target.x - source.x, target.y - source.y
    lean = 0.1 + 0.07 * bend
    cx, cy = (source.x + target.x) / 2 - dy * lean, (source.y + target.y) / 2 + dx * lean

    def at(t: float) -> tuple[float, float]:
        s = 1 - t
        return (
            s * s * source.x + 2 * s * t * cx + t * t * target.x,
            s * s * source.y + 2 * s * t * cy + t * t * target.y,
        )

    steps = [n / 256 for n in range(257)]
    outside = [t for t in steps if not source.holds(*at(t)) and not target.holds(*at(t))]
    if not outside:
        return ""
    (x0, y0), (x2, y2), (x1, y1) = at(outside[0]), at(outside[-1]), at((outside[0] + outside[-1]) / 2)
    # The control point of a curve through the middle one.
    qx, qy = 2 * x1 - (x0 + x2) / 2, 2 * y1 - (y0 + y2) / 2
    if not directed:
        return f'<path d="M{x0:.1f} {y0:.1f}Q{qx:.1f} {qy:.1f} {x2:.1f} {y2:.1f}" {look}/>\n'
    length = math.hypot(x2 - qx, y2 - qy) or 1.0
    ux, uy = (x2 - qx) / length, (y2 - qy) / length
    head = 5 + thick
    bx, by = x2 - ux * head, y2 - uy * head
    half = head * 0.5
    return (
        f'<path d="M{x0:.1f} {y0:.1f}Q{qx:.1f} {qy:.1f} {bx:.1f} {by:.1f}" {look}/>'
        f'<path d="M{x2:.1f} {y2:.1f}L{bx - uy * half:.1f} {by + ux * half:.1f}'
        f'L{bx + uy * half:.1f} {by - ux * half:.1f}Z" fill="rgb({red},{green},{blue})" '
        'fill-opacity="0.75"/>\n'
    )


def _legend(graph: Network, page: _Page, lightest: float, heaviest: float) -> Iterator[str]:
    view = str(graph.graph.get("view"))
    counted = _TITLES.get(view, ("", "weight"))[1]
    directed = graph.graph.get("directed", True)
    told = "An edge has the colour of where it comes from" if directed else "Edges have no direction"
    if heaviest > 1 and counted:
        told += f"; the wider, the more {counted} (up to {heaviest:,g})"
    elif view == "overlaps" and lightest < heaviest:
        told += f"; the wider, the higher the score (up to {heaviest:.2f})"
    kinds = {kind for _, _, kind, _ in edges(graph)}
    told += "".join(f"; dashed: {said}" for kind, said in _DASHED.items() if kind in kinds)
    said = note(view)
    if graph.graph.get("filters", {}).get("level") in ("group", "parent") and view == "overlaps":
        said += " A body among its groups: no group is known of the items."
    yield _words(told + ".", page, 40, 850, size=14, fill=_PALE)
    yield _words(said, page, 40, 874, size=14, fill=_PALE)
