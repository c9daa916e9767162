"""The graph as networks: who writes to whom, what stands in which relationship, what is part of what.

Every view is a ``networkx.MultiDiGraph`` (:class:`sdograph.network.multigraph.Network`); parallel edges are
told apart by ``kind``. Bodies and groups stand under their ids (``3GPP-SA3``), everything else under its key
(``work-item/3GPP/FS_AIML``). Nodes carry ``label``, ``kind``, ``body`` (the id of the body, several joined
by ``; ``), ``iri`` and, where known, ``begin`` and ``end`` (stated, or the day another group took over). Only
nodes with an edge are in a view. What is not known is absent, never None.

A missing edge says that no document read so far states it, not that there was no contact.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sdograph.errors import UsageError
from sdograph.network.ego import ego
from sdograph.network.items import work
from sdograph.network.liaisons import liaisons
from sdograph.network.standing import organisation, relationships
from sdograph.network.threads import threads
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

__all__ = [
    "NOTE",
    "VIEWS",
    "build",
    "ego",
    "filters",
    "liaisons",
    "organisation",
    "relationships",
    "threads",
    "work",
]

#: What has to be said with every network.
NOTE = "A missing edge says that no document read so far states it, not that there was no contact."

#: Name of a view -> the function that builds it; its keyword arguments are the filters of the view. Whatever
#: is entered here has its files, its picture, its measures, a command and an address.
VIEWS: dict[str, Callable[..., Network]] = {
    "liaisons": liaisons,
    "relationships": relationships,
    "organisation": organisation,
    "work": work,
    "threads": threads,
    "ego": ego,
}


def filters(view: str) -> dict[str, bool]:
    """The names of the filters of a view, and whether it must be given; raises UsageError for no view."""
    if view not in VIEWS:
        raise UsageError(f"there is no view {view!r}", hint=f"views: {', '.join(VIEWS)}")
    parameters = list(inspect.signature(VIEWS[view]).parameters.values())[1:]
    return {p.name: p.default is p.empty for p in parameters}


def build(snapshot: Snapshot, view: str, given: Mapping[str, str]) -> Network:
    """A view by its name, with filters as they come from a command line or an address."""
    known = filters(view)
    for name in given:
        if name not in known:
            raise UsageError(f"view {view} has no filter {name!r}", hint=f"filters: {', '.join(known)}")
    missing = [name for name, needed in known.items() if needed and name not in given]
    if missing:
        raise UsageError(f"view {view} needs the filter {missing[0]}", hint=f"write {missing[0]}=3GPP-SA3")
    return VIEWS[view](snapshot, **given)
