"""What is made of a snapshot once, for all who ask."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sdograph.store import Snapshot
from sdograph_api.context import KEPT, Context
from sdograph_api.settings import Settings


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(Settings(data_dir=tmp_path))


def of(generation: int) -> Snapshot:
    return cast(Snapshot, SimpleNamespace(generation=generation, version=f"{generation}-a"))


def test_whoever_asks_meanwhile_waits_and_gets_the_same(context: Context) -> None:
    begun, go = threading.Event(), threading.Event()
    made = []

    def make() -> object:
        begun.set()
        assert go.wait(10)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(context.once, of(1), "list", make) for _ in range(4)]
        assert begun.wait(10)
        # What is made of something else does not wait for it.
        assert context.once(of(1), "other", lambda: 2) == 2
        go.set()
        results = {id(each.result(10)) for each in asked}
    assert len(made) == 1
    assert results == {id(made[0])}


def test_what_failed_is_tried_again_and_takes_no_place(context: Context) -> None:
    kept = [context.once(of(1), n, object) for n in range(KEPT)]

    def fail() -> Any:
        raise ValueError("no such filter")

    for n in range(3 * KEPT):
        with pytest.raises(ValueError, match="no such filter"):
            context.once(of(1), f"wrong {n}", fail)
    # One place was taken while each was tried: that of what was asked for longest ago.
    assert [context.once(of(1), n, object) for n in range(1, KEPT)] == kept[1:]
    assert context.once(of(1), "wrong 0", lambda: "right") == "right"


def test_nothing_of_the_generation_before_is_held(context: Context) -> None:
    before = context.once(of(1), "list", object)
    context.once(of(2), "list", object)
    assert context.once(of(1), "list", object) is not before
