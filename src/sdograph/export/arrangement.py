"""Where the labelled boxes of a small network stand: bodies apart, each round its strongest node.

No two boxes and no two bodies overlap, by construction: boxes are set one by one on a spiral, bodies one by
one against those already there, where their ties are shortest. Nothing is random.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

Point: TypeAlias = tuple[float, float]
T = TypeVar("T")

#: Between boxes, so that edges can be seen; between bodies; and the room that the name of a body takes.
GAP_X, GAP_Y, GAP_BODIES, CAPTION = 30.0, 26.0, 26.0, 24.0
#: Free places to choose from when a body is placed.
CHOICE = 60
#: A slide is wider than high.
WIDE = 2.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What is to be placed: a node with its label."""

    node: str
    body: str
    width: float
    height: float
    strength: float


@dataclass(slots=True, kw_only=True)
class Cluster:
    """A body: the circle round its boxes. Places of boxes are relative to its middle."""

    body: str
    boxes: list[Box]
    places: dict[str, Point] = field(default_factory=dict)
    radius: float = 0.0
    x: float = 0.0
    y: float = 0.0

    def place(self, node: str) -> Point:
        x, y = self.places[node]
        return self.x + x, self.y + y


def arrange(
    boxes: Collection[Box], ties: Mapping[tuple[str, str], float], caption: Mapping[str, float]
) -> list[Cluster]:
    """The bodies with their boxes placed; ``ties``: weights of pairs of nodes, ``caption``: widths of names.

    A body of one box has no name of its own to show.
    """
    by_body: dict[str, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: (-box.strength, box.node)):
        by_body.setdefault(box.body, []).append(box)
    clusters = [Cluster(body=body, boxes=members) for body, members in by_body.items()]
    for cluster in clusters:
        _fill(cluster, caption.get(cluster.body, 0.0))
    body_of = {box.node: box.body for box in boxes}
    between: dict[tuple[str, str], float] = {}
    for (one, other), weight in ties.items():
        if (a := body_of[one]) != (b := body_of[other]):
            for pair in ((a, b), (b, a)):
                between[pair] = between.get(pair, 0.0) + math.log1p(weight)
    _pack(clusters, between)
    _turn(clusters, ties)
    return clusters


def _fill(cluster: Cluster, caption: float) -> None:
    placed: list[tuple[float, float, Box]] = []
    start = 0.0
    for box in cluster.boxes:
        near = list(placed)
        for radius, (x, y) in _spiral(start):
            if not _taken(near, lambda other, x=x, y=y, box=box: _overlap(x, y, box, *other)):  # type: ignore[misc]
                placed.append((x, y, box))
                # The next is no larger: nearer to the middle there is little room left.
                start = max(0.0, radius - 60)
                break
    corners = [
        (x + sx * box.width / 2, y + sy * box.height / 2)
        for x, y, box in placed
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    mx, my = _middle(corners)
    cluster.places = {box.node: (x - mx, y - my) for x, y, box in placed}
    cluster.radius = max(math.hypot(x - mx, y - my) for x, y in corners)
    if len(placed) > 1:
        cluster.radius += 6
        while not _has_room(cluster, caption):
            cluster.radius += 3


def _overlap(x: float, y: float, box: Box, ox: float, oy: float, other: Box) -> bool:
    return (
        abs(x - ox) < (box.width + other.width) / 2 + GAP_X
        and abs(y - oy) < (box.height + other.height) / 2 + GAP_Y
    )


def _taken(others: list[T], hit: Callable[[T], bool]) -> bool:
    """Whether any is hit; who is hit moves to the front, for the next place to try is mostly beside it."""
    for n, other in enumerate(others):
        if hit(other):
            others.insert(0, others.pop(n))
            return True
    return False


def _middle(points: Sequence[Point]) -> Point:
    """About the middle of the smallest circle round the points (Bădoiu and Clarkson 2003)."""
    x, y = points[0]
    for n in range(1, 200):
        fx, fy = max(points, key=lambda p: math.hypot(p[0] - x, p[1] - y))
        x, y = x + (fx - x) / (n + 1), y + (fy - y) / (n + 1)
    return x, y


def _has_room(cluster: Cluster, caption: float) -> bool:
    """Whether the name fits into the top of the circle, above all boxes; also once it is mirrored."""
    low, high = -cluster.radius + CAPTION + 4, -cluster.radius + CAPTION - 12
    return math.hypot(caption / 2, high) <= cluster.radius and not any(
        abs(x) < (caption + box.width) / 2 + 6 and -abs(y) - box.height / 2 < low
        for box in cluster.boxes
        for x, y in [cluster.places[box.node]]
    )


def _spiral(start: float) -> Iterator[tuple[float, Point]]:
    """Places ever further from the middle, some 7 apart; a little higher than wide, as labels are not."""
    turn, growth = 0.0, 14.0
    radius = start
    while True:
        yield radius, (radius * math.cos(turn) * 0.9, radius * math.sin(turn) * 1.05)
        turn += 7 / max(radius, 7)
        radius = start + growth * turn / math.tau


def _pack(clusters: list[Cluster], between: Mapping[tuple[str, str], float]) -> None:
    waiting = {c.body: c for c in clusters}
    drawn = dict.fromkeys(waiting, 0.0)
    placed: list[Cluster] = []
    while waiting:
        # The largest stands in the middle; then whoever is tied most to those that stand.
        following = min(waiting.values(), key=lambda c: (-drawn[c.body], -c.radius, c.body))
        del waiting[following.body]
        ties = [(w, p) for p in placed if (w := between.get((following.body, p.body), 0.0))]
        if placed:
            following.x, following.y = min(
                _beside(following, placed, ties), key=lambda at: _cost(at, placed, ties)
            )
        placed.append(following)
        for body in waiting:
            drawn[body] += between.get((following.body, body), 0.0)
    clusters.sort(key=lambda c: c.body)


def _beside(
    cluster: Cluster, placed: Sequence[Cluster], ties: Sequence[tuple[float, Cluster]]
) -> Iterator[Point]:
    """Places that touch one of those that stand, and overlap none; those near to its ties first."""
    heavy = sum(weight for weight, _ in ties) or 1.0
    x0, y0 = (sum(w * p.x for w, p in ties) / heavy, sum(w * p.y for w, p in ties) / heavy)
    found = 0
    near = list(placed)
    for other in sorted(placed, key=lambda p: (math.hypot(p.x - x0, p.y - y0) - p.radius, p.body)):
        away = cluster.radius + other.radius + GAP_BODIES
        for step in range(72):
            turn = math.tau * step / 72
            x, y = other.x + away * math.cos(turn), other.y + away * math.sin(turn)
            if not _taken(near, lambda p, x=x, y=y: _touch(x, y, cluster.radius, p)):  # type: ignore[misc]
                found += 1
                yield x, y
        if found > CHOICE:
            return


def _touch(x: float, y: float, radius: float, other: Cluster) -> bool:
    return math.hypot(x - other.x, y - other.y) < radius + other.radius + GAP_BODIES - 1e-6


def _cost(at: Point, placed: Sequence[Cluster], ties: Sequence[tuple[float, Cluster]]) -> tuple[float, Point]:
    heavy = sum(weight for weight, _ in ties) or 1.0
    pull = sum(weight * math.hypot(at[0] - p.x, at[1] - p.y) for weight, p in ties) / heavy
    # A tie that runs behind a third body looks like a tie to that body.
    hidden = sum(
        weight * sum(third is not p and _behind(at, (p.x, p.y), third) for third in placed)
        for weight, p in (ties if len(placed) <= CHOICE else ())
    )
    # Near the middle of the slide, and rather beside than above.
    cost = 0.35 * pull + 150 * hidden / heavy + math.hypot(at[0] / WIDE, at[1])
    return cost, (round(at[0], 6), round(at[1], 6))


def _behind(one: Point, other: Point, third: Cluster) -> bool:
    """Whether the line between two points runs through a circle, or close by."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    along = ((third.x - one[0]) * dx + (third.y - one[1]) * dy) / ((dx * dx + dy * dy) or 1.0)
    if not 0 < along < 1:
        return False
    return math.hypot(one[0] + along * dx - third.x, one[1] + along * dy - third.y) < 1.1 * third.radius


def _turn(clusters: Sequence[Cluster], ties: Mapping[tuple[str, str], float]) -> None:
    """Mirrors bodies where that shortens their ties to others: it moves no box onto another."""
    of_node = {box.node: cluster for cluster in clusters for box in cluster.boxes}
    outside: dict[str, list[tuple[str, str, float]]] = {}
    for (one, other), weight in ties.items():
        for own, far in ((one, other), (other, one)):
            if of_node[own] is not of_node[far]:
                outside.setdefault(of_node[own].body, []).append((own, far, math.log1p(weight)))
    for cluster in clusters:
        links = outside.get(cluster.body, [])

        def length(
            flip: Point, cluster: Cluster = cluster, links: list[tuple[str, str, float]] = links
        ) -> float:
            total = 0.0
            for own, far, weight in links:
                x, y = cluster.places[own]
                there = of_node[far].place(far)
                total += weight * math.hypot(
                    cluster.x + flip[0] * x - there[0], cluster.y + flip[1] * y - there[1]
                )
            return round(total, 6)

        fx, fy = min(((1, 1), (-1, 1), (1, -1), (-1, -1)), key=length)
        cluster.places = {node: (fx * x, fy * y) for node, (x, y) in cluster.places.items()}
