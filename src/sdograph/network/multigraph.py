"""The type of every network: a ``networkx.MultiDiGraph`` that igraph and pandas take over.

A module of its own, because networkx takes half a second to load and most of the program gets by without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx

from sdograph.errors import UsageError

if TYPE_CHECKING:
    import igraph
    import pandas as pd

    _Base = nx.MultiDiGraph[str]
else:
    _Base = nx.MultiDiGraph


class Network(_Base):
    """A view of the graph; what its nodes and edges carry: :mod:`sdograph.network`.

    ``graph`` holds what it rests on: ``view``, ``version`` and ``generated_at`` of the dataset, ``filters``,
    and what the filters could not judge.
    """

    def to_igraph(self) -> igraph.Graph:
        """The same network as a directed ``igraph.Graph``: vertices by ``name``, edges in the same order.

        Attributes that some have and some have not are None where they are absent, as igraph has it.
        """
        import igraph

        index = {node: n for n, node in enumerate(self)}
        made = igraph.Graph(
            n=len(index), edges=[(index[s], index[t]) for s, t in self.edges()], directed=True
        )
        made.vs["name"] = list(index)
        for name, column in _columns([data for _, data in self.nodes(data=True)]):
            made.vs[name] = column
        for name, column in _columns([data for *_, data in self.edges(data=True)]):
            made.es[name] = column
        for name, value in self.graph.items():
            made[name] = value
        return made

    def to_pandas_edgelist(self) -> pd.DataFrame:
        """The edges as a DataFrame, a row each: ``source``, ``target``, ``kind`` and what else they carry.

        Needs pandas: ``pip install sdograph[pandas]``; raises UsageError without it.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise UsageError("pandas is not installed", hint="pip install 'sdograph[pandas]'") from error
        rows = [
            {"source": s, "target": t, "kind": k, **data}
            for s, t, k, data in self.edges(keys=True, data=True)
        ]
        return pd.DataFrame(rows, columns=None if rows else ["source", "target", "kind"])


def _columns(rows: list[Mapping[str, Any]]) -> Iterable[tuple[str, list[Any]]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return ((name, [row.get(name) for row in rows]) for name in names)
