"""A process that makes the index for searching in a generation, before the first search waits for it.

Started by :mod:`sdograph_api.indexing`, see :mod:`sdograph_api.process`. It is told ``{"data_dir": path}`` at
its start, makes the index of the current generation when it is asked, and ends.
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
    """Makes the index of one generation."""
    start, asked = channel.asked(), channel.asked()
    if start is None or asked is None:
        return
    given, _ = start
    contain(given["parent"], given["memory"])
    os.nice(_NICE)
    try:
        make_index(Path(given["data_dir"]), open_store(given["data_dir"]).current())
    except SdographError as error:
        channel.tell(told(error))
    except MemoryError:
        channel.tell({"out_of_memory": {}})
    else:
        channel.tell({"done": {}})


if __name__ == "__main__":
    run(serve)
