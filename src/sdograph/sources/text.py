"""Any document that holds running text, as lines, and the documents within it: one table of file kinds.

A file is one document (.docx, .pdf …) or holds several: an archive its members, a mail its text and what is
attached. What is wrong with one of several does not lose the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from sdograph.errors import (
    LimitExceeded,
    SdographError,
    UnknownFormat,
    UnreadableDocument,
    UsageError,
)
from sdograph.sources import plain
from sdograph.sources.documents import archive, libreoffice, mail, pdf, webpage, wordprocessing
from sdograph.sources.documents.members import Member
from sdograph.sources.files import read_bounded
from sdograph.sources.package import Budget
from sdograph.sources.plain import Block, Cell, clean

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "SUFFIXES",
    "Block",
    "Cell",
    "Kind",
    "TextDocument",
    "clean",
    "read_documents",
]

_ALONE = "a liaison statement is far smaller: remove embedded material"
MAX_BYTES = 20_000_000
MAX_CHARACTERS = 2_000_000
#: Containers in each other: a mail with a forwarded one with an archive; an archive once in another.
MAX_CONTAINERS = 3
MAX_ARCHIVES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDocument:
    """A document as lines in reading order.

    ``name`` is what to call it in errors, for one within another "outer.zip » inner.docx"; locators count
    within the document itself. One that could not be read has no lines and a ``fault`` that says why.
    """

    name: str
    media_type: str
    blocks: tuple[Block, ...]
    fault: SdographError | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """How files of one kind are read.

    ``lines(bytes, name, budget)`` gives the document's own lines, ``members`` the documents in it.
    """

    media_type: str
    lines: Callable[[bytes, str, Budget], tuple[Block, ...]] | None = None
    members: Callable[[bytes, str, Budget], Iterator[Member]] | None = None


def _converted(suffix: str) -> Callable[[bytes, str, Budget], tuple[Block, ...]]:
    """Reads what LibreOffice makes a .docx of."""

    def read(data: bytes, where: str, budget: Budget) -> tuple[Block, ...]:
        made = libreoffice.to_docx(data, suffix, where, budget)
        return wordprocessing.read_blocks(made, where, budget)

    return read


#: File name extension -> how it is read.
SUFFIXES: dict[str, Kind] = {
    ".txt": Kind(plain.MEDIA_TYPE, plain.read_blocks),
    ".docx": Kind(wordprocessing.MEDIA_TYPE, wordprocessing.read_blocks),
    ".doc": Kind("application/msword", _converted(".doc")),
    ".rtf": Kind("application/rtf", _converted(".rtf")),
    ".odt": Kind("application/vnd.oasis.opendocument.text", _converted(".odt")),
    ".pdf": Kind(pdf.MEDIA_TYPE, pdf.read_blocks),
    ".html": Kind(webpage.MEDIA_TYPE, webpage.read_blocks),
    ".htm": Kind(webpage.MEDIA_TYPE, webpage.read_blocks),
    ".eml": Kind(mail.MEDIA_TYPE, mail.read_blocks, mail.members),
    ".zip": Kind(archive.MEDIA_TYPE, members=archive.members),
}


def read_documents(path: Path) -> Iterator[TextDocument]:
    """The documents of a file, in its order: the file itself, or what it holds where it is a container.

    A member that cannot be read comes with its ``fault``, as long as another one can. Raises its fault when
    there is no other, UnknownFormat for other kinds of file and for a container without a document,
    UnreadableDocument for a file that is not what it claims to be, LimitExceeded when it is too big or takes
    too much, UsageError when there is no such file, Unavailable when it may not be opened or needs a program
    that is not there.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnknownFormat(
            f"documents of kind {path.suffix or 'no extension'} cannot be read",
            where=path.name,
            hint=f"save it as one of {', '.join(SUFFIXES)}",
        )
    return iter(_documents_of(_bytes_of(path), path.name, suffix))


# A document is asked whose it is before it is read: the second time it is at hand.
@lru_cache(maxsize=1)
def _documents_of(data: bytes, name: str, suffix: str) -> tuple[TextDocument, ...]:
    found = tuple(_documents(data, name, suffix, Budget(), ()))
    faults = [document.fault for document in found if document.fault]
    if faults and len(faults) == len(found):
        raise faults[0]
    if not found:
        raise UnknownFormat(
            "there is no document in it", where=name, hint=f"it may hold {', '.join(SUFFIXES)}"
        )
    return found


def _documents(
    data: bytes, name: str, suffix: str, budget: Budget, outer: tuple[str, ...]
) -> Iterator[TextDocument]:
    if not data.strip():
        raise UnreadableDocument("the file is empty", where=name, hint="get the document again")
    if suffix == ".doc":
        suffix = _under_the_name_doc(data)
    kind = SUFFIXES[suffix]
    if kind.lines:
        try:
            blocks = _within_limits(kind.lines(data, name, budget), name, budget)
            yield TextDocument(name=name, media_type=kind.media_type, blocks=blocks)
        except SdographError as error:
            if not kind.members:
                raise
            yield TextDocument(name=name, media_type=kind.media_type, blocks=(), fault=error)
    if kind.members:
        outer = (*outer, suffix)
        if len(outer) > MAX_CONTAINERS or outer.count(".zip") > MAX_ARCHIVES:
            raise LimitExceeded(
                "too many containers are packed into each other",
                where=name,
                hint="unpack it and read what is in it",
            )
        for member in kind.members(data, name, budget):
            yield from _member(member, f"{name} » {clean(member.name)}", budget, outer)


def _member(member: Member, name: str, budget: Budget, outer: tuple[str, ...]) -> Iterator[TextDocument]:
    suffix = PurePosixPath(member.name).suffix.lower()
    if suffix not in SUFFIXES:
        return  # a picture, a signature: nothing that could hold a statement
    try:
        budget.documents -= 1
        if min(budget.documents, budget.characters, budget.unpacked, budget.elements) < 0:
            raise LimitExceeded(
                "what was read before it took all that one file may take",
                where=name,
                hint="unpack it and read what is in it",
            )
        data = member.open()
        if len(data) > MAX_BYTES:
            raise LimitExceeded(f"the file is over the limit of {MAX_BYTES:,} bytes", where=name, hint=_ALONE)
        yield from _documents(data, name, suffix, budget, outer)
    except SdographError as error:
        yield TextDocument(name=name, media_type=SUFFIXES[suffix].media_type, blocks=(), fault=error)


#: What files named .doc begin with when Word made them of another kind, and programs gave them that name.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", ".rtf"),
    (b"%pdf-", ".pdf"),
    (b"mime-version:", ".eml"),
    (b"<html", ".html"),
    (b"<!doctype html", ".html"),
)


def _under_the_name_doc(data: bytes) -> str:
    """The kind that a file named .doc has by its first bytes."""
    if data.startswith(b"PK\x03\x04"):
        return ".odt" if b"application/vnd.oasis.opendocument.text" in data[:200] else ".docx"
    begin = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = next((suffix for start, suffix in _BEGINNINGS if begin.startswith(start)), None)
    if found is None and begin.startswith(b"<?xml") and b"<html" in begin:
        return ".html"
    return found or ".doc"


def _within_limits(blocks: tuple[Block, ...], name: str, budget: Budget) -> tuple[Block, ...]:
    characters = sum(len(block.text) for block in blocks)
    budget.characters -= characters
    if characters > MAX_CHARACTERS or budget.characters < 0:
        raise LimitExceeded(
            f"the text is over the limit of {MAX_CHARACTERS:,} characters",
            where=name,
            hint="a liaison statement is far smaller: save it alone",
        )
    return blocks


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError("there is no such file", where=str(path), hint="name a file")
    return read_bounded(path, MAX_BYTES, hint=_ALONE)
