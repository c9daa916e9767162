"""The lines of a document, for tests that look at nothing else."""

from __future__ import annotations

from pathlib import Path

from sdograph.sources.text import TextDocument, read_documents


def read_lines(path: Path) -> TextDocument:
    """The first document of a file that can be read: the file itself, of a mail its own text."""
    return next(document for document in read_documents(path) if document.fault is None)
