"""sdograph: the knowledge graph of who standardises what, and who writes to whom about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Graph", "__version__"]

if TYPE_CHECKING:
    from sdograph.facade import Graph


def __getattr__(name: str) -> object:
    # The whole program hangs on Graph; whoever wants a part of it should not have to load the rest.
    if name == "Graph":
        from sdograph.facade import Graph

        return Graph
    raise AttributeError(f"module 'sdograph' has no attribute {name!r}")
