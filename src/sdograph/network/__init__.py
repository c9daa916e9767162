"""The graph as networks: who writes to whom, who stands in which relationship, what is part of what.

Every view is a ``networkx.MultiDiGraph`` whose nodes are bodies and groups under their ids (``3GPP-SA3``);
parallel edges are told apart by ``kind``. Nodes carry ``label``, ``kind`` (body or group), ``body`` (the id
of the body, several joined by ``; ``), ``iri`` and, where known, ``begin`` and ``end`` (stated, or the day
another group took over). Only nodes with an edge are in a view. What is not known is absent, never None.

A missing edge says that no document read so far states it, not that there was no contact.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from sdograph.errors import UsageError
from sdograph.network.views import Network, liaisons, organisation, relationships
from sdograph.store import Snapshot

__all__ = ["VIEWS", "Network", "build", "filters", "liaisons", "organisation", "relationships"]

#: Name of a view -> the function that builds it; its keyword arguments are the filters of the view.
VIEWS: dict[str, Callable[..., Network]] = {
    "liaisons": liaisons,
    "relationships": relationships,
    "organisation": organisation,
}


def filters(view: str) -> tuple[str, ...]:
    """The names of the filters of a view; raises UsageError when there is no such view."""
    if view not in VIEWS:
        raise UsageError(f"there is no view {view!r}", hint=f"views: {', '.join(VIEWS)}")
    return tuple(inspect.signature(VIEWS[view]).parameters)[1:]


def build(snapshot: Snapshot, view: str, given: Mapping[str, str]) -> Network:
    """A view by its name, with filters as they come from a command line or an address."""
    known = filters(view)
    for name in given:
        if name not in known:
            raise UsageError(f"view {view} has no filter {name!r}", hint=f"filters: {', '.join(known)}")
    return VIEWS[view](snapshot, **given)
