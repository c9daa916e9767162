"""Where the ontology, the shapes and the dataset lie: inside an installed wheel, or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """The folder that holds ``ontology/``, ``shapes/`` and ``data/``."""
    installed = _PACKAGE / "_bundled"
    return installed if installed.is_dir() else _PACKAGE.parents[1]


def ontology() -> Path:
    return root() / "ontology"


def shapes() -> Path:
    return root() / "shapes"


def data() -> Path:
    return root() / "data"
