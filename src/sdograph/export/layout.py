"""How a network looks when it is opened: where nodes stand, how large they are, and in which colour.

Everything follows from the graph alone, so that the same graph always looks the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

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


def degrees(graph: Network) -> list[int]:
    """How many others each node, in their order, has edges to, and how many have edges to it, together."""
    # Its own counting asks each edge, and its views each node the long way round.
    ways = zip(graph._succ.values(), graph._pred.values(), strict=True)  # type: ignore[attr-defined]
    return [len(after) + len(before) for after, before in ways]


def size(degree: int) -> float:
    """The diameter of a node: its area grows with the number of those it is tied to."""
    return round(5 + 3 * math.sqrt(degree), 2)


def positions(graph: Network) -> tuple[list[float], list[float]]:
    """A place for each node, as x and y in their order, bodies apart: as in the picture, or on rings, where
    there are many nodes."""
    if len(graph) > ARRANGED:
        return _on_rings(graph)
    ties: dict[tuple[str, str], float] = {}
    for source, target in graph.edges():
        if source != target:
            ties[source, target] = ties.get((source, target), 0.0) + 1
    boxes = [
        Box(
            node=node,
            body=body_of(graph.nodes[node]),
            width=size(degree),
            height=size(degree),
            strength=degree,
        )
        for node, degree in zip(graph, degrees(graph), strict=True)
    ]
    placed = {
        box.node: cluster.place(box.node) for cluster in arrange(boxes, ties, {}) for box in cluster.boxes
    }
    # Upwards, as Gephi has it; a picture counts downwards.
    return [round(placed[node][0], 2) for node in graph], [round(-placed[node][1], 2) for node in graph]


def _on_rings(graph: Network) -> tuple[list[float], list[float]]:
    """Each body a circle of its nodes, the circles side by side on a ring; in whole numbers."""
    names = list(graph)
    body_of_each = [str(data.get("body", "")) for _, data in graph.nodes(data=True)]
    bodies: dict[str, list[int]] = {}
    for n in sorted(range(len(names)), key=names.__getitem__):
        bodies.setdefault(body_of_each[n], []).append(n)
    radii = {body: max(_SPACING * len(nodes) / math.tau, _SPACING / 2) for body, nodes in bodies.items()}
    around = sum(2 * radius + _SPACING for radius in radii.values())
    # A quarter of the sum of the diameters keeps even two circles apart; many need less.
    ring = around / 4 if len(bodies) > 1 else 0.0
    xs, ys = np.zeros(len(names)), np.zeros(len(names))
    passed = 0.0
    for body in sorted(bodies):
        share = 2 * radii[body] + _SPACING
        turn = math.tau * (passed + share / 2) / around
        passed += share
        nodes = bodies[body]
        turns = np.arange(len(nodes)) * (math.tau / len(nodes))
        radius = radii[body] if len(nodes) > 1 else 0.0
        xs[nodes] = ring * math.cos(turn) + radius * np.cos(turns)
        ys[nodes] = ring * math.sin(turn) + radius * np.sin(turns)
    return np.rint(xs).astype(int).tolist(), np.rint(ys).astype(int).tolist()
