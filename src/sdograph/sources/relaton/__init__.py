"""Relaton: bibliographic records of standards, as published by the relaton-data repositories.

Two formats. A *record* is a YAML file about one document, in one of three generations of the schema, which
name their fields differently (``docid`` or ``docidentifier``, ``link`` or ``source``, ``editorialgroup`` at
the top, in ``ext`` or as a contributor). An *index* is a CSV table of all records of a body, one row a
record, plain or packed with gzip.

One record is one edition; editions of one number become one Specification with versions. What numbers,
versions, states and relations are stands in docs/decisions/0010-specifications-and-versions.md. Abstracts are
not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sdograph.model import Specification
from sdograph.sources.relaton.index import COUNTS, Counts, Index, is_index
from sdograph.sources.relaton.record import is_record, read_record

__all__ = ["COUNTS", "Counts", "Index", "is_index", "is_record", "read_index", "read_record"]


def read_index(path: Path) -> Iterator[Specification]:
    """The specifications of an index; see :class:`Index` for how many rows became how many of them."""
    return iter(Index(path))
