"""Liaison statements as documents, in the layouts of several bodies, and as letters.

- :mod:`.recognition`: what a liaison statement is
- :mod:`.container`: which documents of a file are statements, and which are attached
- :mod:`.reading`: a document -> a :mod:`.sheet` of fields and sections, by way of :mod:`.head`, which knows
  :mod:`.labelling` and the spellings in :mod:`.labels`
- :mod:`.layout` and one module a layout: how to tell it, what it needs; :mod:`.wording`: what has no label
- :mod:`.statement`: a sheet -> the record with its evidence, by way of :mod:`.days`, :mod:`.parties`,
  :mod:`.numbers`, :mod:`.actions` and :mod:`.mentions` (:mod:`.forms`)

A new layout is a module with a ``LAYOUT`` and an entry in :data:`LAYOUTS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sdograph.errors import LimitExceeded, UnknownFormat
from sdograph.model import LiaisonStatement
from sdograph.sources.liaison import container, etsi, ietf, iso_iec, itu_r, itu_t, letter, memo, threegpp
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.recognition import is_statement
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.liaison.statement import interpret
from sdograph.sources.text import TextDocument, read_documents

__all__ = ["LAYOUTS", "VERSION", "read"]

#: Raised whenever the same file would give another record.
VERSION = "4"

#: Layout name -> layout; of two that fit equally well the first is taken.
LAYOUTS: dict[str, Layout] = {
    module.LAYOUT.name: module.LAYOUT
    for module in (etsi, threegpp, itu_t, itu_r, iso_iec, ietf, memo, letter)
}

#: What reading one may take; the longest statements known are a tenth of it.
MAX_CHARACTERS = 500_000
MAX_LINE = 20_000


def read(path: Path, *, contacts: bool = False) -> Iterator[LiaisonStatement]:
    """The liaison statements in a file, their references as written and not yet linked.

    Mostly it is one: the documents beside it in an archive or mail are its attachments. Contact persons are
    read only with ``contacts``. Raises UnknownFormat when there is none, IncompleteDocument when one lacks
    what its layout needs, and what :func:`~sdograph.sources.text.read_documents` raises.
    """
    documents = list(read_documents(path))
    found = list(container.statements(documents, _best, is_statement))
    if not found:
        faults = [document.fault for document in documents if document.fault]
        if faults:
            raise faults[0]
        raise UnknownFormat(
            "this is no liaison statement in a known layout",
            where=path.name,
            hint=f"known layouts: {', '.join(LAYOUTS)}; it needs labels such as Title, From, To and Date",
        )
    for candidate in found:
        _check_size(candidate.document)
        yield interpret(candidate.sheet, candidate.layout, contacts=contacts, attached=candidate.attached)


def _check_size(document: TextDocument) -> None:
    lengths = [len(block.text) for block in document.blocks]
    for length, limit, what in (
        (sum(lengths), MAX_CHARACTERS, "text"),
        (max(lengths, default=0), MAX_LINE, "longest line"),
    ):
        if length > limit:
            raise LimitExceeded(
                f"the {what} is over the limit of {limit:,} characters for a liaison statement",
                where=document.name,
                hint="save the statement alone, without what is attached to it",
            )


def _best(sheet: Sheet) -> Layout:
    return max(LAYOUTS.values(), key=lambda layout: layout.signs(sheet))
