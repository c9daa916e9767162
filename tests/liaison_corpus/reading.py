"""What the program reads from a document of the corpus: the record that ``ingest --dry-run --json`` shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sdograph import catalogue, sources
from sdograph.errors import SdographError
from sdograph.linking import Linker
from sdograph.model import LiaisonStatement
from sdograph.reports import record_dict
from sdograph.store import Snapshot


class Reading:
    """Reads and links one document after the other; nothing is written."""

    def __init__(self, known: Snapshot) -> None:
        self._linker: Linker = catalogue.linker(known)

    def record(self, path: Path) -> dict[str, Any] | str:
        """The record of the statement in the file, or why there is none.

        A file with several gives the first: the others are then missing or too much.
        """
        try:
            for record in sources.read(path, sources.open_source(path)):
                if isinstance(record, LiaisonStatement):
                    return record_dict(self._linker.link(record))
        except SdographError as error:
            return f"{type(error).__name__}: {error.message}"
        return "no liaison statement in it"
