"""Opening zip archives, and the packages of office documents, without trusting them.

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


@dataclass(slots=True)
class Budget:
    """What may still be spent on a file, by all the documents in it together.

    Bytes to unpack, elements to parse, characters of text, documents, and seconds of waiting for programs.
    """

    unpacked: int = 200_000_000
    elements: int = 2_000_000
    characters: int = 5_000_000
    documents: int = 200
    seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class Kind:
    """What an archive should be, for messages: its name, those of older forms, how to make it smaller."""

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
ARCHIVE = Kind("zip archive", ".zip", "an old or encrypted office document", "save the statement alone")

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


class Archive:
    """The members of a zip archive.

    ``where`` names the file in errors, ``kind`` says what it should be, ``budget`` what the file that it came
    in may still take. Raises UnreadableDocument when the bytes are no such archive and LimitExceeded when
    reading it would take too much.
    """

    def __init__(self, data: bytes, where: str, kind: Kind = ARCHIVE, budget: Budget | None = None) -> None:
        self._where = where
        self._kind = kind
        self._file = budget or Budget()
        self._unpacked = MAX_UNPACKED
        self._check_end_record(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise self._unreadable(f"the zip archive is damaged or cut off: {error}") from error
        self.members = self._zip.infolist()
        self._check_sizes()

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """The bytes of a member. Raises as the class says."""
        name = info.filename
        if info.flag_bits & 0x1:
            raise self._unreadable("it is encrypted", hint="save it without a password")
        pieces = []
        try:
            with self._zip.open(info) as member:
                # In small pieces: reading all at once would inflate it whole before any check.
                while piece := member.read(_CHUNK):
                    self._unpacked -= len(piece)
                    self._file.unpacked -= len(piece)
                    if self._unpacked < 0 or self._file.unpacked < 0:
                        raise self._too_big("unpacked size", f"{MAX_UNPACKED:,} bytes")
                    pieces.append(piece)
        except _DAMAGE as error:
            # zipfile: a wrong checksum or size, a foreign compression method.
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

    def _check_sizes(self) -> None:
        if len(self.members) > MAX_MEMBERS:
            raise self._too_big("number of parts", f"{MAX_MEMBERS:,}")
        for info in self.members:
            if info.file_size > max(RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size):
                raise self._too_big(f"packing ratio of {info.filename!r}", f"{MAX_RATIO} to 1")
        if sum(info.file_size for info in self.members) > MAX_UNPACKED:
            raise self._too_big("unpacked size", f"{MAX_UNPACKED:,} bytes")

    def _unreadable(self, message: str, hint: str = _AGAIN) -> UnreadableDocument:
        return UnreadableDocument(message, where=self._where, hint=hint)

    def _too_big(self, what: str, limit: str) -> LimitExceeded:
        return LimitExceeded(
            f"the {what} is over the limit of {limit}", where=self._where, hint=self._kind.too_big
        )


class Package(Archive):
    """The members of an office document, by name. Raises as :class:`Archive`."""

    def __init__(self, data: bytes, where: str, kind: Kind = WORD, budget: Budget | None = None) -> None:
        super().__init__(data, where, kind, budget)
        self._elements = MAX_ELEMENTS
        self._check_names()
        self._members = {info.filename: info for info in self.members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def unpack(self, name: str) -> bytes:
        """The bytes of a member. Raises as the class says."""
        info = self._members.get(name)
        if info is None:
            raise self._unreadable(f"the part {name} is missing")
        return self.read(info)

    def xml(self, name: str, namespaces: dict[str, str], leave_out: frozenset[str] = frozenset()) -> Element:
        """The parsed XML of a member; ``namespaces`` gives the prefix for each namespace that matters.

        Tags and attributes of those namespaces are written ``w-p``; all others keep their local name after
        a hyphen (``-p``), so that they cannot be taken for one of ours. Elements to leave out are not in the
        tree, with all that is in them. Raises as the class says.
        """
        limit = min(self._elements, self._file.elements)
        maker = _TreeMaker(namespaces, leave_out, limit, f"{self._where}: {name}")
        try:
            return maker.parse(self.unpack(name))
        finally:
            self._elements -= maker.elements
            self._file.elements -= maker.elements

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

    def _check_names(self) -> None:
        seen = set()
        for info in self.members:
            name = info.filename
            if name in seen:
                raise self._unreadable(f"the part {name!r} is there twice")
            seen.add(name)
            if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
                raise self._unreadable(f"the part name {name!r} leads out of the document")
            if info.flag_bits & 0x1:
                raise self._unreadable("the document is encrypted", hint="save it without a password")


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

    def __init__(self, namespaces: dict[str, str], leave_out: frozenset[str], limit: int, where: str) -> None:
        self._namespaces = namespaces
        self._leave_out = leave_out
        self._left_out = 0
        self._limit = limit
        self._where = where
        self._builder = ElementTree.TreeBuilder()
        self._depth = 0
        self._names: dict[str, str] = {}
        self.elements = 0

    def parse(self, data: bytes) -> Element:
        """The tree of the bytes. Raises UnreadableDocument and LimitExceeded."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            # ValueError and LookupError: an encoding that the declaration names and nobody has.
            raise UnreadableDocument(f"the XML is broken: {error}", where=self._where, hint=_AGAIN) from error
        return self._builder.close()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.elements += 1
        if self._depth > MAX_DEPTH:
            raise LimitExceeded(
                f"the nesting of elements is over the limit of {MAX_DEPTH}", where=self._where, hint=_SPLIT
            )
        if self.elements > self._limit:
            raise LimitExceeded(
                f"the number of elements is over the limit of {MAX_ELEMENTS:,}",
                where=self._where,
                hint=_SPLIT,
            )
        short = self._names.get(name) or self._short(name)
        if self._left_out or (short in self._leave_out and self._depth > 1):
            self._left_out += 1
            return
        self._builder.start(short, {self._short(k) if "}" in k else k: v for k, v in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._left_out:
            self._left_out -= 1
        else:
            self._builder.end(self._names[name])

    def _doctype(self, name: str, *_ids: object) -> None:
        raise UnreadableDocument(
            f"the XML declares a document type ({name}), which no office document does",
            where=self._where,
            hint=_AGAIN,
        )

    def _short(self, name: str) -> str:
        short = self._names.get(name)
        if short is None:
            namespace, _, local = name.rpartition("}")
            short = self._names[name] = f"{self._namespaces.get(namespace, '')}-{local}"
        return short
