"""A process that makes what is kept beside a generation, before the first request waits for it.

Started by :mod:`sdograph_api.indexing`, see :mod:`sdograph_api.process`. It is told ``{"data_dir": path}`` at
its start, and makes something for the current generation each time it is asked: ``{"make": "search"}``, the
index for searching, or ``{"make": "overlaps"}``, the table of overlaps.
"""

from __future__ import annotations

import os
from pathlib import Path

from sdograph.errors import SdographError
from sdograph.search import make_index
from sdograph.store import open_store
from sdograph_api.process import Channel, run, told
from sdograph_api.query.worker import contain

#: How much lower than that of the server its priority is: whoever waits for an answer comes first.
_NICE = 19


def serve(channel: Channel) -> None:
    """Makes what is asked for until the other end closes."""
    if (start := channel.asked()) is None:
        return
    given, _ = start
    contain(given["parent"], given["memory"])
    os.nice(_NICE)
    data_dir = Path(given["data_dir"])
    while (asked := channel.asked()) is not None:
        try:
            _make(asked[0]["make"], data_dir)
        except SdographError as error:
            channel.tell(told(error))
        except MemoryError:
            channel.tell({"out_of_memory": {}})
        else:
            channel.tell({"done": {}})


def _make(what: str, data_dir: Path) -> None:
    snapshot = open_store(data_dir).current()
    if what == "search":
        make_index(data_dir, snapshot)
    else:
        from sdograph.overlap.table import Table  # the model and what runs it are for this alone

        Table.of(snapshot, data_dir)


if __name__ == "__main__":
    run(serve)
