"""``data/sources.yaml``: what the bundled dataset is made of, with origin, licence, date and counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sdograph import bundled
from sdograph.errors import DataError
from sdograph.model import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of the dataset, as the manifest declares it."""

    name: str
    """Its path below ``data/``."""
    path: Path
    format: str
    origin: str
    licence: str
    issued: str
    sha256: str
    counts: Mapping[str, int]
    """Exact number of records by class. A document with other counts is never published."""

    def described(self, source: Source) -> Source:
        """The source with what is declared of it; raises DataError when its bytes are others."""
        if source.sha256 != self.sha256:
            raise DataError(
                f"its bytes are not those that the manifest declares (sha256 {source.sha256})",
                where=self.name,
                hint="restore the file, or renew data/sources.yaml after reading the change",
            )
        return dataclasses.replace(source, issued=self.issued, licence=self.licence, origin=self.origin)

    def check(self, counts: Mapping[str, int]) -> None:
        """Raises DataError when the counts are not those declared: a short import must not pass."""
        for name, declared in self.counts.items():
            if (found := counts.get(name, 0)) != declared:
                raise DataError(
                    f"{found} records of class {name} instead of {declared}",
                    where=self.name,
                    hint="correct the file, or its counts in data/sources.yaml",
                )


def entries(path: Path | None = None) -> list[Entry]:
    """The documents of the bundled dataset, in the order in which they are read."""
    path = path or bundled.data() / "sources.yaml"
    declared: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["documents"]
    return [
        Entry(
            name=d["path"],
            path=path.parent / d["path"],
            format=d["format"],
            origin=d["origin"],
            licence=d["licence"],
            issued=str(d["issued"]),
            sha256=d["sha256"],
            counts=d["counts"],
        )
        for d in declared
    ]


def schemes() -> list[Path]:
    """The ontology and the concept schemes: part of the graph, so that queries can use their labels."""
    return [bundled.ontology() / "sdograph.ttl", *sorted((bundled.ontology() / "schemes").glob("*.ttl"))]
