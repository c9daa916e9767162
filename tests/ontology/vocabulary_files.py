"""The files of the vocabulary, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rdflib import Graph

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
SHAPES = ROOT / "shapes"


@cache
def read(path: Path) -> Graph:
    return Graph().parse(path, format="turtle")


def schemes() -> dict[str, Graph]:
    return {f.stem: read(f) for f in sorted((ONTOLOGY / "schemes").glob("*.ttl"))}


def turtle_files() -> list[Path]:
    """All of the vocabulary: ontology, schemes, alignments, shapes and the shapes about the ontology."""
    return sorted([*ONTOLOGY.rglob("*.ttl"), *SHAPES.rglob("*.ttl")])
