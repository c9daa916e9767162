"""The graph as networks: who writes to whom, what stands in which relationship, whose work overlaps.

Every view is a ``networkx.MultiDiGraph`` (:class:`sdograph.network.multigraph.Network`); parallel edges are
told apart by ``kind``. Bodies and groups stand under their ids (``3GPP-SA3``), everything else under its key
(``work-item/3GPP/FS_AIML``). Nodes carry ``label``, ``kind``, ``body`` (the id of the body, several joined
by ``; ``), ``iri`` and, where known, ``begin`` and ``end`` (stated, or the day another group took over). Only
nodes with an edge are in a view. What is not known is absent, never None.

A missing edge says that no document read so far states it, not that there was no contact. Edges of the view
``overlaps`` are computed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from sdograph.errors import UsageError
from sdograph.network.ego import ego
from sdograph.network.items import work
from sdograph.network.liaisons import liaisons
from sdograph.network.overlaps import Pairs, overlaps
from sdograph.network.standing import organisation, relationships
from sdograph.network.threads import threads
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

__all__ = [
    "COMPUTED",
    "NOTE",
    "VIEWS",
    "Compared",
    "Pairs",
    "build",
    "ego",
    "filters",
    "liaisons",
    "note",
    "organisation",
    "overlaps",
    "relationships",
    "threads",
    "work",
]

#: What has to be said with every network, and with one that nobody stated.
NOTE = "A missing edge says that no document read so far states it, not that there was no contact."
COMPUTED = (
    "An edge says how likely two items overlap, by their texts and the graph, not that anybody said so."
)

Compared: TypeAlias = Callable[[], tuple[Pairs, str]]
"""Gives the overlapping pairs, and the version of the dataset that they are of."""

#: Name of a view -> the function that builds it; its keyword arguments are the filters of the view. Whatever
#: is entered here has its files, its picture, its measures, a command and an address.
VIEWS: dict[str, Callable[..., Network]] = {
    "liaisons": liaisons,
    "relationships": relationships,
    "organisation": organisation,
    "overlaps": overlaps,
    "work": work,
    "threads": threads,
    "ego": ego,
}


def filters(view: str) -> dict[str, bool]:
    """The names of the filters of a view, and whether it must be given; raises UsageError for no view."""
    if view not in VIEWS:
        raise UsageError(f"there is no view {view!r}", hint=f"views: {', '.join(VIEWS)}")
    parameters = inspect.signature(VIEWS[view]).parameters.values()
    return {p.name: p.default is p.empty for p in parameters if p.kind is p.KEYWORD_ONLY}


def note(view: str) -> str:
    """What has to be said with a network of that view."""
    return COMPUTED if view == "overlaps" else NOTE


def build(
    snapshot: Snapshot, view: str, given: Mapping[str, str], compared: Compared | None = None
) -> Network:
    """A view by its name, with filters as they come from a command line or an address.

    The view ``overlaps`` rests on what has been compared; nothing else asks for it.
    """
    known = filters(view)
    for name in given:
        if name not in known:
            raise UsageError(f"view {view} has no filter {name!r}", hint=f"filters: {', '.join(known)}")
    missing = [name for name, needed in known.items() if needed and name not in given]
    if missing:
        raise UsageError(f"view {view} needs the filter {missing[0]}", hint=f"write {missing[0]}=3GPP-SA3")
    beside: tuple[object, ...] = ()
    if VIEWS[view] is overlaps:
        if compared is None:
            raise UsageError("what overlaps has not been compared here", where=f"view {view}")
        beside = compared()
    return VIEWS[view](snapshot, *beside, **given)
