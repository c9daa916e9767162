"""The measures of network analysis, of a whole network, of its nodes, and year by year.

Parallel edges are one tie here, as heavy as all of them together; edges of a node to itself are left out,
except in the counts of edges. What needs an algorithm is igraph's, which still answers at a hundred thousand
nodes; the seed is fixed, so that the same network always gives the same numbers.
"""

from __future__ import annotations

import csv
import io
import math
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import igraph
    import networkx as nx

SEED = 20230918
#: Above so many nodes betweenness is estimated from so many: exact, it takes nodes times edges steps.
EXACT_UP_TO = 5_000
SOURCES = 200
DAMPING = 0.85

_one_at_a_time = threading.Lock()  # igraph has one random number generator for all threads


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeMeasures:
    """One node. Who has both an edge from and to it counts once in each direction."""

    id: str
    label: str
    body: str
    degree_in: int
    degree_out: int
    """Numbers of others with an edge to it, and from it."""
    strength_in: float
    strength_out: float
    """Weights of those edges together."""
    reciprocity: float | None
    """The share of its neighbours with edges in both directions (0 to 1); None where edges have none."""
    betweenness: float
    """The share of the shortest paths between others, by number of edges, that pass it (0 to 1)."""
    pagerank: float
    """By weight, damping 0.85; sums to 1 over all."""
    community: int
    """Number of its Leiden community, 1 the largest (modularity, weights of both directions together)."""
    coreness: int
    """The greatest k so that it is in a group of which each has k neighbours in it."""
    core: bool
    """Whether it is of the core, of core and periphery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearMeasures:
    """The network of one year: what is dated in it, or in force for some of it."""

    year: int
    nodes: int
    pairs: int
    new_pairs: int
    """Pairs that no year before has."""
    weight: float
    statements: int | None
    density: float | None
    reciprocity: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """A whole network. A number that has no meaning for it (the density of one node) is None."""

    nodes: int
    edges: int
    """Parallel ones and those of a node to itself counted each."""
    pairs: int
    """Pairs of different nodes with an edge from the one to the other; in any order where edges have none."""
    weight: float
    statements: int | None
    """Different liaison statements behind the edges, where that is what they are made of."""
    density: float | None
    """Pairs of those there could be (0 to 1)."""
    reciprocity: float | None
    """The share of pairs that are there in the other direction too (0 to 1)."""
    components: int
    largest_component: int
    """Parts that hang together when direction is not asked for, and the nodes of the largest."""
    communities: int
    modularity: float | None
    core: int
    core_fit: float | None
    """The correlation with a perfect core and periphery (-1 to 1); Borgatti and Everett 1999."""
    betweenness_from: int
    """Of how many nodes the shortest paths were counted; fewer than all: betweenness is an estimate."""
    undated_edges: int
    """Edges that ``by_year`` leaves out, because nothing says when."""
    by_year: tuple[YearMeasures, ...]
    by_node: tuple[NodeMeasures, ...]
    """The strongest first."""


@dataclass(frozen=True, slots=True)
class _Groups:
    communities: list[int]
    core: set[int]
    betweenness: list[float]


@dataclass(slots=True)
class _Year:
    nodes: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    weight: float = 0
    statements: set[str] = field(default_factory=set)


def measure(graph: nx.MultiDiGraph[str]) -> Measures:
    """All measures of a network, as :func:`sdograph.network.build` makes it. An edge without weight weighs 1.

    Where ``graph.graph["directed"]`` is False, the direction of edges means nothing.
    """
    directed = bool(graph.graph.get("directed", True))
    index = {node: n for n, node in enumerate(graph)}
    ties = _ties(((index[s], index[t], data) for s, t, data in graph.edges(data=True)), directed)
    made = _igraph(len(index), ties, directed)
    flat = made.as_undirected(combine_edges="sum") if directed else made
    core, fit = core_and_periphery(len(index), flat.get_edgelist())
    betweenness, sources = _betweenness(made)
    groups = _Groups(_communities(flat), core, betweenness)
    parts = made.connected_components(mode="weak").sizes()
    weights = flat.es["weight"]
    return Measures(
        nodes=len(index),
        edges=graph.number_of_edges(),
        pairs=len(ties),
        weight=_number(sum(data.get("weight", 1) for *_, data in graph.edges(data=True))),
        statements=_statements(graph),
        density=_density(len(index), len(ties), directed),
        reciprocity=_share(sum((t, s) in ties for s, t in ties), len(ties)) if directed else None,
        components=len(parts),
        largest_component=max(parts, default=0),
        communities=max(groups.communities, default=0),
        modularity=round(flat.modularity(groups.communities, weights=weights), 6) if ties else None,
        core=len(core),
        core_fit=fit,
        betweenness_from=sources,
        undated_edges=sum(next(_when(data, 0), None) is None for *_, data in graph.edges(data=True)),
        by_year=tuple(_by_year(graph, directed)),
        by_node=_by_node(graph, made, flat, groups),
    )


def nodes_csv(measures: Measures) -> bytes:
    """The measures of the nodes as CSV (RFC 4180), a line each."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = [column.name for column in fields(NodeMeasures)]
    writer.writerow(columns)
    writer.writerows([getattr(node, column) for column in columns] for node in measures.by_node)
    return out.getvalue().encode()


def core_and_periphery(n: int, links: Collection[tuple[int, int]]) -> tuple[set[int], float | None]:
    """The nodes (of 0 to n-1) that are the core, and how well the parting fits: None where it has no meaning.

    ``links`` are the pairs joined, each once. The core is what Borgatti and Everett ask for: as few pairs as
    possible that are apart inside the core or joined inside the periphery. By Lip (2011, arXiv:1102.5511) the
    nodes of the core are then those of the highest degrees, so that only their number has to be found. The
    fit is the correlation over all pairs inside either; those between core and periphery do not count.
    """
    degrees = Counter(end for link in links for end in link)
    ranked = sorted(range(n), key=lambda node: (-degrees[node], node))
    faults = best = len(links)
    size = 0
    for k, node in enumerate(ranked):
        # One more in the core: its pairs with those before it should be joined, its links are no fault now.
        faults += k - degrees[node]
        if faults < best:
            best, size = faults, k + 1
    core = set(ranked[:size])
    inside, outside = size * (size - 1) / 2, (n - size) * (n - size - 1) / 2
    joined_inside = sum(one in core and other in core for one, other in links)
    joined_outside = sum(one not in core and other not in core for one, other in links)
    pairs, joined = inside + outside, joined_inside + joined_outside
    if not inside or not outside or not 0 < joined < pairs:
        return core, None
    share, mean = inside / pairs, joined / pairs
    spread = math.sqrt(share * (1 - share) * mean * (1 - mean))
    return core, round((joined_inside / pairs - share * mean) / spread, 6)


def _ties(
    edges: Iterable[tuple[int, int, Mapping[str, Any]]], directed: bool
) -> dict[tuple[int, int], float]:
    ties: dict[tuple[int, int], float] = {}
    for source, target, data in edges:
        if source != target:
            pair = (source, target) if directed or source < target else (target, source)
            ties[pair] = ties.get(pair, 0) + data.get("weight", 1)
    return ties


def _igraph(n: int, ties: Mapping[tuple[int, int], float], directed: bool) -> igraph.Graph:
    import igraph

    made = igraph.Graph(n=n, edges=list(ties), directed=directed)
    made.es["weight"] = list(ties.values())
    return made


def _communities(flat: igraph.Graph) -> list[int]:
    """The number of each node's community, 1 the largest."""
    import igraph

    if not flat.ecount():
        return list(range(1, flat.vcount() + 1))
    with _one_at_a_time:
        igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311 - no secret
        try:
            found = flat.community_leiden("modularity", weights="weight", n_iterations=10)
        finally:
            igraph.set_random_number_generator(random)
    members = sorted(found, key=lambda nodes: (-len(nodes), nodes[0]))
    return [number for _, number in sorted((node, n) for n, nodes in enumerate(members, 1) for node in nodes)]


def _betweenness(made: igraph.Graph) -> tuple[list[float], int]:
    """The betweenness of each node, and of how many nodes the paths were counted."""
    n = made.vcount()
    if n < 3:
        return [0.0] * n, n
    every = n <= EXACT_UP_TO
    sources = range(n) if every else sorted(random.Random(SEED).sample(range(n), SOURCES))  # noqa: S311
    counted = made.betweenness(sources=None if every else sources)
    # igraph counts the paths of an undirected graph once, not once each way.
    whole = (n - 1) * (n - 2) / (1 if made.is_directed() else 2)
    return [share * n / len(sources) / whole for share in counted], len(sources)


def _by_node(
    graph: nx.MultiDiGraph[str], made: igraph.Graph, flat: igraph.Graph, groups: _Groups
) -> tuple[NodeMeasures, ...]:
    directed = made.is_directed()
    degrees = made.degree(mode="in"), made.degree(mode="out")
    strengths = made.strength(mode="in", weights="weight"), made.strength(mode="out", weights="weight")
    ranks = made.pagerank(damping=DAMPING, weights="weight")
    coreness = flat.coreness()
    neighbours = flat.degree()
    found = [
        NodeMeasures(
            id=node,
            label=str(graph.nodes[node].get("label", node)),
            body=str(graph.nodes[node].get("body", "")),
            degree_in=degrees[0][n],
            degree_out=degrees[1][n],
            strength_in=_number(strengths[0][n]),
            strength_out=_number(strengths[1][n]),
            # Who is a neighbour in both directions is counted twice in the degrees.
            reciprocity=_share(degrees[0][n] + degrees[1][n] - neighbours[n], neighbours[n])
            if directed
            else None,
            betweenness=round(groups.betweenness[n], 9),
            pagerank=round(ranks[n], 9),
            community=groups.communities[n],
            coreness=coreness[n],
            core=n in groups.core,
        )
        for n, node in enumerate(graph)
    ]
    return tuple(sorted(found, key=lambda node: (-(node.strength_in + node.strength_out), node.id)))


def _by_year(graph: nx.MultiDiGraph[str], directed: bool) -> Iterator[YearMeasures]:
    this_year = int(str(graph.graph.get("generated_at", ""))[:4] or 0)
    years: defaultdict[int, _Year] = defaultdict(_Year)
    for source, target, data in graph.edges(data=True):
        pair = (source, target) if directed or source < target else (target, source)
        for year, weight, statement in _when(data, this_year):
            found = years[year]
            found.nodes.update(pair)
            found.weight += weight
            if source != target:
                found.pairs.add(pair)
            if statement is not None:
                found.statements.add(statement)
    before: set[tuple[str, str]] = set()
    for year, found in sorted(years.items()):
        mutual = sum((target, source) in found.pairs for source, target in found.pairs)
        yield YearMeasures(
            year=year,
            nodes=len(found.nodes),
            pairs=len(found.pairs),
            new_pairs=len(found.pairs - before),
            weight=_number(found.weight),
            statements=len(found.statements) or None,
            density=_density(len(found.nodes), len(found.pairs), directed),
            reciprocity=_share(mutual, len(found.pairs)) if directed else None,
        )
        before |= found.pairs


def _when(data: Mapping[str, Any], this_year: int) -> Iterator[tuple[int, float, str | None]]:
    """The years of an edge, with what it weighs in each, and the statement it is for."""
    if "dates" in data:
        # Statements without a date come last.
        for date, statement in zip(data["dates"], data["statements"], strict=False):
            yield int(date[:4]), 1, statement
        return
    first = data.get("begin") or data.get("first")
    if first is None:
        return
    last = data.get("end") or data.get("last")
    for year in range(int(first[:4]), (int(last[:4]) if last else max(this_year, int(first[:4]))) + 1):
        yield year, data.get("weight", 1), None


def _statements(graph: nx.MultiDiGraph[str]) -> int | None:
    behind = {statement for *_, data in graph.edges(data=True) for statement in data.get("statements", ())}
    return len(behind) or None


def _density(nodes: int, pairs: int, directed: bool) -> float | None:
    return _share(pairs * (1 if directed else 2), nodes * (nodes - 1))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 6) if whole else None


def _number(value: float) -> float:
    """Whole numbers as such: 3, not 3.0."""
    return int(value) if float(value).is_integer() else round(value, 6)
