"""A writer whose work is never published leaves nothing behind, also when it is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox

from sdograph.store import EmbeddedStore

#: Opens a trial in a process of its own, and dies in it.
DIES = """
import os, sys
from sdograph.store import EmbeddedStore
with EmbeddedStore(sys.argv[1]).trial():
    os.kill(os.getpid(), 9)
"""


def published(folder: Path) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    with store.writer() as writer:
        writer.load([ox.Quad(*[ox.NamedNode(f"urn:{name}") for name in "spog"])])
        writer.publish()
    return store


def test_a_trial_leaves_nothing(tmp_path: Path) -> None:
    store = published(tmp_path)
    before = sorted(tmp_path.iterdir())
    with store.trial():
        pass
    assert sorted(tmp_path.iterdir()) == before


def test_what_a_killed_trial_left_goes_with_the_next_and_a_running_one_stays(tmp_path: Path) -> None:
    store = published(tmp_path)
    subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], check=False)
    (left,) = (path for path in tmp_path.glob("trial-*") if path.is_dir())
    with store.trial() as first:
        assert not left.exists()
        with store.trial():
            pass
        # Its files are still there to write to.
        assert next(first.view.quads(), None) is not None
        assert [path for path in tmp_path.glob("trial-*") if path.is_dir()]
    assert not list(tmp_path.glob("trial-*"))
