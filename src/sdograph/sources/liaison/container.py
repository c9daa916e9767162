"""Which documents of a file are liaison statements, and which are attached to one.

An archive as 3GPP distributes it holds a statement and its attachments; a mail that has a statement attached
is the cover of it and says nothing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from sdograph.sources.documents.mail import MEDIA_TYPE as MAIL
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.numbers import numbers_in
from sdograph.sources.liaison.reading import read_sheet
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.text import TextDocument

#: What parts the name of a container from that of what is in it.
_WITHIN = " \u00bb "


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document of a file, taken apart, with the layout that fits best; what is attached to it by name."""

    document: TextDocument
    layout: Layout
    sheet: Sheet
    attached: tuple[str, ...] = ()


def statements(
    documents: list[TextDocument],
    best: Callable[[Sheet], Layout],
    is_statement: Callable[[Layout, Sheet], bool],
) -> Iterator[Candidate]:
    """The liaison statements of a file, each with the documents attached to it.

    The first is the one whose name is that of the file; another is one of its own only where the first does
    not name it as attached or answered.
    """
    found: list[Candidate] = []
    for document in documents:
        if document.fault is None:
            sheet = read_sheet(document)
            layout = best(sheet)
            if is_statement(layout, sheet):
                found.append(Candidate(document, layout, sheet))
    if any(c.document.media_type != MAIL for c in found):
        found = [c for c in found if c.document.media_type != MAIL]
    if not found:
        return
    main = max(
        found,
        key=lambda c: (_stem(c.document.name) in c.document.name.partition(_WITHIN)[0], -found.index(c)),
    )
    named = " ".join(
        line.words for field in ("attachment", "in_reply_to") for line in main.sheet.values(field)
    )
    others = [c for c in found if c is not main and not _is_named(c, named)]
    own = {id(c.document) for c in (main, *others)}
    attached = tuple(
        PurePath(d.name.rpartition(_WITHIN)[2]).name
        for d in documents
        if _WITHIN in d.name and id(d) not in own and d.media_type != MAIL
    )
    yield Candidate(main.document, main.layout, main.sheet, attached)
    yield from others


def _stem(name: str) -> str:
    return PurePath(name.rpartition(_WITHIN)[2]).stem


def _is_named(candidate: Candidate, words: str) -> bool:
    """Whether a statement's fields name another document of the file, by its file name or its number."""
    stem = _stem(candidate.document.name)
    numbers = [n for line in candidate.sheet.opening for n in numbers_in(line.text)]
    return any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", words) for n in (stem, *numbers))
