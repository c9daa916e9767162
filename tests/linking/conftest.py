"""The bundled registry as the linking tests see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import Record
from sdograph.sources.registry import read


@pytest.fixture(scope="session")
def records(root: Path) -> list[Record]:
    """Every record of the bundled registry."""
    return [record for table in sorted((root / "data/registry").glob("*.csv")) for record in read(table)]


@pytest.fixture(scope="session")
def registry(records: list[Record]) -> Registry:
    return Registry.from_records(records)


@pytest.fixture(scope="session")
def linker(registry: Registry, records: list[Record]) -> Linker:
    return Linker(registry, MemoryIndex.from_records(records))
