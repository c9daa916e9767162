"""Opening the zip packages of office documents without trusting them.

Everything is bounded before it is done: the number of members and their sizes by the archive's directory,
then again by what is really unpacked, since a directory can lie; the elements and the nesting of XML while
it is parsed. Document type declarations, and with them all entities, are refused.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from sdograph.errors import LimitExceeded, UnreadableDocument

MAX_MEMBERS = 1_000
MAX_DIRECTORY = 1_000_000
MAX_UNPACKED = 50_000_000
MAX_RATIO = 200
#: A small member may be packed as well as it likes; the ratio tells a bomb only where it costs something.
RATIO_COUNTS_FROM = 1_000_000
MAX_ELEMENTS = 500_000
MAX_DEPTH = 200

_CHUNK = 65_536
_AGAIN = "get the document again, or save it anew in the program that made it"
_SPLIT = "a liaison statement is far smaller: remove embedded material or save the text alone"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a package should be, for messages: its name, those of older forms, and how to make it smaller."""

    name: str
    suffix: str
    older: str
    too_big: str


WORD = Kind("Word document", ".docx", "an old .doc or an encrypted document", _SPLIT)
WORKBOOK = Kind(
    "workbook",
    ".xlsx",
    "an old .xls or an encrypted workbook",
    "a table of work items or documents is far smaller: save its sheet alone",
)

#: What zipfile raises for wrong checksums and sizes, streams cut off, foreign compression methods, and
#: places of members outside of the file.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)

Element = ElementTree.Element


@dataclass(slots=True)
class _Budget:
    """What may still be spent on a document."""

    unpacked: int = MAX_UNPACKED
    elements: int = MAX_ELEMENTS


class Package:
    """The members of an office document.

    ``where`` names the file in errors, ``kind`` says what it should be. Raises UnreadableDocument when the
    bytes are no such package and LimitExceeded when reading it would take too much.
    """

    def __init__(self, data: bytes, where: str, kind: Kind = WORD) -> None:
        self._where = where
        self._kind = kind
        self._budget = _Budget()
        self._check_end_record(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise self._unreadable(f"the zip archive is damaged or cut off: {error}") from error
        members = self._zip.infolist()
        self._check_members(members)
        self._members = {info.filename: info for info in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def xml(self, name: str, namespaces: dict[str, str]) -> Element:
        """The parsed XML of a member; ``namespaces`` gives the prefix for each namespace that matters.

        Tags and attributes of those namespaces are written ``w-p``; all others keep their local name after
        a hyphen (``-p``), so that they cannot be taken for one of ours. Raises as the class says.
        """
        return _parse(self.unpack(name), namespaces, self._budget, f"{self._where}: {name}")

    def relationships(self, part: str) -> list[tuple[str, str]]:
        """Type and target member of each inner relationship of a part ("" for the package), in order."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return []
        found = []
        for element in self.xml(rels, {}):
            kind, target = element.get("Type"), element.get("Target")
            if kind and target and element.get("TargetMode") != "External":
                # A target with a leading slash counts from the root, any other from the part's folder.
                found.append((kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")))
        return found

    def unpack(self, name: str) -> bytes:
        """The bytes of a member. Raises as the class says."""
        info = self._members.get(name)
        if info is None:
            raise self._unreadable(f"the part {name} is missing")
        pieces = []
        try:
            with self._zip.open(info) as member:
                # In small pieces: reading all at once would inflate it whole before any check.
                while piece := member.read(_CHUNK):
                    self._budget.unpacked -= len(piece)
                    if self._budget.unpacked < 0:
                        raise self._too_big("unpacked size", f"{MAX_UNPACKED:,} bytes")
                    pieces.append(piece)
        except _DAMAGE as error:
            # zipfile: a wrong checksum or size, a foreign compression method, encryption.
            raise self._unreadable(f"the part {name} is damaged: {error}") from error
        return b"".join(pieces)

    def _check_end_record(self, data: bytes) -> None:
        """Counts by the end record, before zipfile reads what may be hundreds of thousands of entries."""
        if not data.startswith(b"PK"):
            kind = self._kind
            raise self._unreadable(f"this is no {kind.name} ({kind.suffix}) but {_kind_of(data, kind)}")
        at = data.rfind(b"PK\x05\x06", -65_557)
        record = data[at : at + 22] if at >= 0 else b""
        if len(record) < 22:
            raise self._unreadable("the document is cut off: its end is missing")
        entries, directory_size = struct.unpack("<10xHI6x", record)
        if data[max(at - 20, 0) : at].startswith(b"PK\x06\x07") or entries > MAX_MEMBERS:
            raise self._too_big("number of parts", f"{MAX_MEMBERS:,}")
        if directory_size > MAX_DIRECTORY:
            raise self._too_big("directory", f"{MAX_DIRECTORY:,} bytes")

    def _check_members(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS:
            raise self._too_big("number of parts", f"{MAX_MEMBERS:,}")
        seen = set()
        for info in members:
            name = info.filename
            if name in seen:
                raise self._unreadable(f"the part {name!r} is there twice")
            seen.add(name)
            if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
                raise self._unreadable(f"the part name {name!r} leads out of the document")
            if info.flag_bits & 0x1:
                raise self._unreadable("the document is encrypted", hint="save it without a password")
            if info.file_size > max(RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size):
                raise self._too_big(f"packing ratio of {name!r}", f"{MAX_RATIO} to 1")
        if sum(info.file_size for info in members) > MAX_UNPACKED:
            raise self._too_big("unpacked size", f"{MAX_UNPACKED:,} bytes")

    def _unreadable(self, message: str, hint: str = _AGAIN) -> UnreadableDocument:
        return UnreadableDocument(message, where=self._where, hint=hint)

    def _too_big(self, what: str, limit: str) -> LimitExceeded:
        return LimitExceeded(
            f"the {what} is over the limit of {limit}", where=self._where, hint=self._kind.too_big
        )


def _kind_of(data: bytes, wanted: Kind) -> str:
    """What a file is by its first bytes, for a message."""
    for start, kind in (
        (b"\xd0\xcf\x11\xe0", f"{wanted.older}: save it as {wanted.suffix} without a password"),
        (b"%PDF", "a PDF"),
        (b"{\\rtf", f"an RTF document: save it as {wanted.suffix}"),
        (b"<", "an XML or HTML file"),
    ):
        if data.startswith(start):
            return kind
    return "another kind of file, renamed"


class _TreeMaker:
    """Builds a tree from parser events while counting; raises before a limit is passed."""

    def __init__(self, namespaces: dict[str, str], budget: _Budget, where: str) -> None:
        self._namespaces = namespaces
        self._budget = budget
        self._where = where
        self._builder = ElementTree.TreeBuilder()
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._budget.elements -= 1
        if self._depth > MAX_DEPTH:
            raise LimitExceeded(
                f"the nesting of elements is over the limit of {MAX_DEPTH}", where=self._where, hint=_SPLIT
            )
        if self._budget.elements < 0:
            raise LimitExceeded(
                f"the number of elements is over the limit of {MAX_ELEMENTS:,}",
                where=self._where,
                hint=_SPLIT,
            )
        self._builder.start(self._short(name), {self._short_attribute(k): v for k, v in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self._builder.end(self._short(name))

    def data(self, text: str) -> None:
        self._builder.data(text)

    def doctype(self, name: str, *_ids: object) -> None:
        raise UnreadableDocument(
            f"the XML declares a document type ({name}), which no office document does",
            where=self._where,
            hint=_AGAIN,
        )

    def close(self) -> Element:
        return self._builder.close()

    def _short(self, name: str) -> str:
        namespace, _, local = name.rpartition("}")
        return f"{self._namespaces.get(namespace, '')}-{local}"

    def _short_attribute(self, name: str) -> str:
        return self._short(name) if "}" in name else name


def _parse(data: bytes, namespaces: dict[str, str], budget: _Budget, where: str) -> Element:
    maker = _TreeMaker(namespaces, budget, where)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = maker.start
    parser.EndElementHandler = maker.end
    parser.CharacterDataHandler = maker.data
    parser.StartDoctypeDeclHandler = maker.doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # ValueError and LookupError: an encoding that the declaration names and nobody has.
        raise UnreadableDocument(f"the XML is broken: {error}", where=where, hint=_AGAIN) from error
    return maker.close()
