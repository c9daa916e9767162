"""Readers: one module a format, one table of them.

A reader takes a path and yields records; it knows nothing of RDF, of the store or of names in other
documents. What is not the file's own fault is not its business.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sdograph.errors import SdographError, UnknownFormat, UnreadableDocument, UsageError
from sdograph.model import Record, Source
from sdograph.sources import (
    datatracker,
    fact_tables,
    iso_open_data,
    liaison,
    meeting_report,
    rdf,
    registry,
    relaton,
    releases,
    specification_list,
    spectra,
    tdoc_list,
    tdocs_by_agenda,
    text,
    work_item_pages,
    work_plan,
)


def _whole(_path: Path) -> Iterator[SdographError]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Reader:
    """How one format is read. A new ``version`` makes documents that were read before be read again."""

    read: Callable[[Path, bool], Iterator[Record]]
    """``read(path, contacts)``; contact persons are read only where ``contacts`` is true."""
    recognise: Callable[[Path], bool]
    version: str
    organizations: bool = False
    """Whether its records can be bodies and groups, which other records of the same file name by id."""
    gives_codes: bool = False
    """Whether it is here that items get their codes, by which they also name one another."""
    faults: Callable[[Path], Iterator[SdographError]] = _whole
    """``faults(path)``: why parts of a file cannot be read, beside those that can."""


def _plain(read: Callable[[Path], Iterator[Record]]) -> Callable[[Path, bool], Iterator[Record]]:
    """A reader of a format that names no contact persons."""
    return lambda path, _contacts: read(path)


#: RDF in our own vocabulary: taken as it is, triple by triple, and not as records.
RDF = "rdf"


def _nothing(_path: Path, _contacts: bool) -> Iterator[Record]:
    return iter(())


#: Format name -> reader, in the order in which they are asked whether a file is theirs.
READERS: dict[str, Reader] = {
    "registry": Reader(
        _plain(registry.read),
        recognise=lambda path: registry.is_registry_table(_first_line(path)),
        version="1",
        organizations=True,
    ),
    "fact-table": Reader(_plain(fact_tables.read), fact_tables.recognise, "1", organizations=True),
    "iso-committees": Reader(
        _plain(iso_open_data.read_committees), iso_open_data.is_committees, "1", organizations=True
    ),
    "iso-deliverables": Reader(_plain(iso_open_data.read_deliverables), iso_open_data.is_deliverables, "1"),
    "work-plan": Reader(_plain(work_plan.read), work_plan.recognise, "1", gives_codes=True),
    "specification-list": Reader(_plain(specification_list.read), specification_list.recognise, "1"),
    "releases": Reader(_plain(releases.read), releases.recognise, "1"),
    "relaton-index": Reader(_plain(relaton.read_index), relaton.is_index, "1"),
    "relaton-record": Reader(_plain(relaton.read_record), relaton.is_record, "1"),
    "work-item-pages": Reader(_plain(work_item_pages.read), work_item_pages.recognise, "1"),
    "tdocs-by-agenda": Reader(_plain(tdocs_by_agenda.read), tdocs_by_agenda.recognise, "1"),
    "tdoc-list": Reader(_plain(tdoc_list.read), tdoc_list.recognise, "1"),
    "datatracker": Reader(_plain(datatracker.read), datatracker.recognise, "1"),
    "meeting-report": Reader(_plain(meeting_report.read), meeting_report.recognise, "1"),
    "spectra": Reader(_plain(spectra.read), spectra.recognise, "1"),
    RDF: Reader(_nothing, lambda path: rdf.vocabulary(path) == "sdograph", "1"),
    "liaison-statement": Reader(
        read=lambda path, contacts: liaison.read(path, contacts=contacts),
        # Whether it is one takes reading it: of such files that nobody else takes, its reader says so.
        recognise=lambda path: path.suffix.lower() in text.SUFFIXES,
        version=liaison.VERSION,
        faults=lambda path: (d.fault for d in text.read_documents(path) if d.fault),
    ),
}

# Debian's and Python's tables differ in what they know.
for _suffix, _kind in text.SUFFIXES.items():
    mimetypes.add_type(_kind.media_type, _suffix)
mimetypes.add_type("text/csv", ".csv")


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(10_000).decode("utf-8-sig", "replace")


def recognised(path: Path) -> str | None:
    """The name of the format whose reader knows the file for its own, None when none does."""
    return next((name for name, reader in READERS.items() if reader.recognise(path)), None)


def _unknown(_sha256: str) -> None:
    return None


def files_in(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files below a folder that are for a reader, and those that are for none; hidden ones are left out.

    A document in which people write to one another is for a reader whatever it says: that it is no liaison
    statement is worth knowing. Sorted so that what others are linked to comes first: organisations, then the
    rest by path.
    """
    known: list[tuple[bool, Path]] = []
    unknown: list[Path] = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or any(p.startswith(".") for p in path.relative_to(folder).parts):
            continue
        if path.exists() and not path.is_file():  # a pipe would be waited for
            unknown.append(path)
            continue
        try:
            name = recognised(path)
        except (SdographError, OSError):
            name = "broken"  # its reader says what is wrong with it
        if name is None:
            unknown.append(path)
        else:
            known.append((name not in READERS or not READERS[name].organizations, path))
    return [path for _, path in sorted(known)], unknown


def detect(path: Path) -> str:
    """The name of the format whose reader takes the file; raises UnknownFormat when none does."""
    name = recognised(path)
    if name is not None:
        return name
    raise UnknownFormat(
        "no reader recognises this file", where=path.name, hint=f"known formats: {', '.join(READERS)}"
    )


def open_source(
    path: Path,
    format: str | None = None,
    *,
    location: str | None = None,
    known: Callable[[str], str | None] = _unknown,
) -> Source:
    """Says what file it is, without reading its records.

    ``location`` stands for where the file was read from, its absolute path by default. ``known`` gives the
    format of bytes that were read before, by their SHA-256, which saves asking every reader. Raises
    UnreadableDocument when there is no such file or it is empty, UnknownFormat, UsageError for a format
    nobody reads.
    """
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "no such file"
        raise UnreadableDocument(what, where=str(path), hint="name a file")
    if format is not None and format not in READERS:
        raise UsageError(f"no format is called {format!r}", hint=f"known formats: {', '.join(READERS)}")
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableDocument(
            str(error.strerror or error), where=str(path), hint="check its rights"
        ) from error
    size = path.stat().st_size
    if size == 0:
        raise UnreadableDocument("the file is empty", where=path.name, hint="get the document again")
    before = known(digest)
    name = format or (before if before in READERS else None) or detect(path)
    return Source(
        name=path.name,
        location=location or str(path.resolve()),
        sha256=digest,
        size=size,
        format=name,
        reader_version=READERS[name].version,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
    )


def read(path: Path, source: Source, *, contacts: bool = False) -> Iterator[Record]:
    """The records of a file, in its order, as they are read. Raises what its reader raises (DataError)."""
    return READERS[source.format].read(path, contacts)


def faults(path: Path, source: Source) -> list[SdographError]:
    """Why parts of a file that was read could not be: members of an archive, what is attached to a mail."""
    return list(READERS[source.format].faults(path))
