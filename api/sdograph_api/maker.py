"""A process that makes networks and what is written of them, and may be ended at any moment.

Started by :mod:`sdograph_api.making`, see :mod:`sdograph_api.process`. At its start it is told ``{"store":
location, "data_dir": path}``, and asked::

    {"view": name, "filters": {name: value}, "as": form, "links": addresses, "limit": nodes, "to": path}

``as`` is a format of :data:`sdograph.export.NETWORK_FORMATS`, or one of :data:`ANSWERS`. It is made of the
current generation and written to the file at ``to``; told is of which version that was, and of which version
the table of overlaps was that it rests on.
"""

from __future__ import annotations

import os
import resource
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdograph import export, network
from sdograph.network.measures import Measures, measure, nodes_csv
from sdograph.store import RemoteStore
from sdograph_api.context import Context
from sdograph_api.process import Channel, Document, failure, run
from sdograph_api.query.worker import contain
from sdograph_api.rest.answers import document, earlier
from sdograph_api.rest.comparisons import Comparisons
from sdograph_api.settings import Settings
from sdograph_api.view import View

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

#: How much lower than that of the server its priority is.
_NICE = 2
#: Bytes after which it is replaced, so that the memory returns.
_MAX_RESIDENT = 512 << 20


class Maker:
    """Makes what is asked for, over one store."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._compared = Comparisons(context)

    def make(self, asked: Document) -> tuple[Iterable[bytes], dict[str, str]]:
        """What is asked for, and of which versions it is made. Raises Problem and SdographError."""
        view = View(self._context.snapshot())
        name: str = asked["view"]
        beside, made_of = None, view.snapshot.version
        if name == "overlaps":
            table = self._compared.table(view)
            beside, made_of = lambda: table, table[1]
        of = {"version": view.snapshot.version, "made_of": made_of}

        def build() -> Network:
            return network.build(view.snapshot, name, asked["filters"], beside)

        if (answer := ANSWERS.get(asked["as"])) is None:
            return export.write(view.snapshot, build(), asked["as"]), of
        return [answer(self, view, asked, build, made_of)], of

    def about(self, view: View, asked: Document, build: Callable[[], Network], made_of: str) -> bytes:
        size, warnings = _size(build())
        return self._document(view, made_of, size | {"links": asked["links"]}, warnings)

    def metrics(self, view: View, asked: Document, build: Callable[[], Network], made_of: str) -> bytes:
        size, warnings, found = self._measured(view, asked, build, made_of)
        said = {
            **size,
            "links": asked["links"],
            "measures": {
                f.name: getattr(found, f.name) for f in fields(found) if not f.name.startswith("by_")
            },
            "by_year": found.by_year,
            "by_node": found.by_node[: asked["limit"]],
        }
        return self._document(view, made_of, said, warnings)

    def metrics_csv(self, view: View, asked: Document, build: Callable[[], Network], made_of: str) -> bytes:
        return nodes_csv(self._measured(view, asked, build, made_of)[2])

    def _measured(
        self, view: View, asked: Document, build: Callable[[], Network], made_of: str
    ) -> tuple[dict[str, Any], list[str], Measures]:
        def make() -> tuple[dict[str, Any], list[str], Measures]:
            graph = build()
            return *_size(graph), measure(graph)

        key = ("measures", asked["view"], made_of, *sorted(asked["filters"].items()))
        return self._context.once(view.snapshot, key, make)

    def _document(self, view: View, made_of: str, said: dict[str, Any], warnings: list[str]) -> bytes:
        return document(view, self._context, said, warnings=earlier(view, made_of)[1] + warnings)


#: Answers about a network that are none of its formats.
ANSWERS: Mapping[str, Callable[[Maker, View, Document, Callable[[], Network], str], bytes]] = {
    "about": Maker.about,
    "metrics": Maker.metrics,
    "metrics.csv": Maker.metrics_csv,
}


def _size(graph: Network) -> tuple[dict[str, Any], list[str]]:
    """How large it is; and what has to be said of it beside that edges may be missing."""
    undated = graph.graph.get("undated_left_out")
    return {
        "view": graph.graph["view"],
        "filters": graph.graph["filters"],
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "kinds": dict(Counter(kind for *_, kind in graph.edges(keys=True)).most_common()),
    }, [f"{undated} without a date are left out"] if undated else []


def serve(channel: Channel) -> None:
    """Makes what is asked for until the other end closes."""
    if (start := channel.asked()) is None:
        return
    given, _ = start
    context = Context(Settings(data_dir=Path(given["data_dir"]), store=given["store"]))
    contain(given["parent"], given["memory"], network=isinstance(context.store, RemoteStore))
    os.nice(_NICE)
    maker = Maker(context)
    while (request := channel.asked()) is not None:
        asked, _ = request
        try:
            chunks, of = maker.make(asked)
            with Path(asked["to"]).open("wb") as file:
                file.writelines(chunks)
        except Exception as error:
            channel.tell(failure(error))
        else:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
            channel.tell({"done": of, "retire": peak > _MAX_RESIDENT})


if __name__ == "__main__":
    run(serve)
