"""How a network looks when it is opened: where nodes stand, how large they are, and in which colour.

Everything follows from the graph alone, so that the same graph always looks the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sdograph.export.arrangement import Box, arrange
from sdograph.export.values import Network

#: Paul Tol's "muted" scheme (https://sronpersonalpages.nl/~pault/), told apart also by colour-blind eyes. A
#: body keeps its colour from one export to the next; those not listed share the grey that is set aside.
BODY_COLOURS: dict[str, tuple[int, int, int]] = {
    "3GPP": (51, 34, 136),
    "ETSI": (17, 119, 51),
    "ITU-T": (136, 204, 238),
    "ITU-R": (68, 170, 153),
    "IETF": (221, 204, 119),
    "ISO-IEC-JTC1": (204, 102, 119),
    "IEEE-SA": (170, 68, 153),
    "CEN-CLC-JTC21": (153, 153, 51),
    "O-RAN": (136, 34, 85),
}
OTHER_COLOUR = (221, 221, 221)

#: Up to so many nodes each is placed with care, which takes a second or two then.
ARRANGED = 200
_SPACING = 60.0


def colour(body: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) for a node of a body; of the first body, where it is of several."""
    return BODY_COLOURS.get(body.partition("; ")[0], OTHER_COLOUR)


def body_of(data: Mapping[str, Any]) -> str:
    """The body of a node; the first, where it is of several, and an empty text where none is known."""
    return str(data.get("body", "")).partition("; ")[0]


def size(degree: int) -> float:
    """The diameter of a node: its area grows with the number of its edges."""
    return round(5 + 3 * math.sqrt(degree), 2)


def positions(graph: Network) -> dict[str, tuple[float, float]]:
    """A place for each node, bodies apart: as in the picture, or on rings, where there are many nodes."""
    if len(graph) > ARRANGED:
        return _on_rings(graph)
    ties: dict[tuple[str, str], float] = {}
    for source, target in graph.edges():
        if source != target:
            ties[source, target] = ties.get((source, target), 0.0) + 1
    degrees = dict(graph.degree())
    boxes = [
        Box(node=node, body=body_of(data), width=wide, height=wide, strength=degrees[node])
        for node, data in graph.nodes(data=True)
        for wide in [size(degrees[node])]
    ]
    placed = {
        box.node: cluster.place(box.node) for cluster in arrange(boxes, ties, {}) for box in cluster.boxes
    }
    # Upwards, as Gephi has it; a picture counts downwards.
    return {node: (round(x, 2), round(-y, 2)) for node, (x, y) in placed.items()}


def _on_rings(graph: Network) -> dict[str, tuple[float, float]]:
    """Each body a circle of its nodes, the circles side by side on a ring."""
    bodies: dict[str, list[str]] = {}
    for node in sorted(graph):
        bodies.setdefault(str(graph.nodes[node].get("body", "")), []).append(node)
    radii = {body: max(_SPACING * len(nodes) / math.tau, _SPACING / 2) for body, nodes in bodies.items()}
    around = sum(2 * radius + _SPACING for radius in radii.values())
    # A quarter of the sum of the diameters keeps even two circles apart; many need less.
    ring = around / 4 if len(bodies) > 1 else 0.0
    places: dict[str, tuple[float, float]] = {}
    passed = 0.0
    for body in sorted(bodies):
        share = 2 * radii[body] + _SPACING
        x, y = _on_circle(ring, (passed + share / 2) / around)
        passed += share
        for n, node in enumerate(bodies[body]):
            dx, dy = _on_circle(radii[body], n / len(bodies[body])) if len(bodies[body]) > 1 else (0.0, 0.0)
            places[node] = (round(x + dx, 2), round(y + dy, 2))
    return places


def _on_circle(radius: float, turn: float) -> tuple[float, float]:
    return radius * math.cos(math.tau * turn), radius * math.sin(math.tau * turn)
