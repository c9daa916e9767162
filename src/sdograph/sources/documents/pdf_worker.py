"""The process that reads PDF documents: run as a script, it needs nothing of this package.

PDFium is native code: here it may crash, loop or fill its memory without harm to the process that asks.
Requests and answers are a length (8 bytes, big-endian) and as many bytes: the document, then JSON,
``{"pages": [[[text, height in thousandths of the page, blank before], …], …]}`` or ``{"error": code}``.
"""

from __future__ import annotations

import json
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from ctypes import byref, c_ubyte
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pypdfium2_raw as pdfium

MAX_PAGES = 300
MAX_CHARACTERS = 2_000_000
MAX_MEMORY = 1_000_000_000

#: In heights of a line: a gap that parts words, one that parts columns, and one that is a blank line.
_WORD_GAP = 0.15
_COLUMN_GAP = 1.2
_BLANK_GAP = 0.95
#: In points: how far apart two beginnings of the same column may be.
_SAME_COLUMN = 3.0
#: PDFium's own sign for a hyphen at the end of a line.
_HYPHEN = 0x02


@dataclass(slots=True)
class _Word:
    """A run of characters without a gap; the box is in points, y upwards."""

    left: float
    bottom: float
    right: float
    top: float
    text: list[str]


@dataclass(slots=True)
class _Line:
    bottom: float
    top: float
    words: list[_Word] = field(default_factory=list)

    @property
    def height(self) -> float:
        return self.top - self.bottom


Lines = list[tuple[str, int, bool]]


def read(data: bytes) -> dict[str, Any]:
    """The lines of each page, or why there are none."""
    buffer = (c_ubyte * len(data)).from_buffer_copy(data)
    document = pdfium.FPDF_LoadMemDocument64(buffer, len(data), None)
    if not document:
        password = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        return {"error": "password" if password else "damaged"}
    try:
        count = pdfium.FPDF_GetPageCount(document)
        if count > MAX_PAGES:
            return {"error": "pages"}
        pages: list[Lines] = []
        pictures = False
        left = MAX_CHARACTERS
        for number in range(count):
            page = pdfium.FPDF_LoadPage(document, number)
            if not page:
                pages.append([])
                continue
            try:
                words, used = _words(page)
                left -= used
                if left < 0:
                    return {"error": "characters"}
                foot, height = _extent(page)
                lines = _text(_lines(words))
                pages.append([(t, round((y - foot) / height * 1000), blank) for t, y, blank in lines])
                pictures = pictures or (not words and _has_pictures(page))
            finally:
                pdfium.FPDF_ClosePage(page)
        if not any(pages):
            return {"error": "pictures" if pictures else "empty"}
        return {"pages": pages}
    finally:
        pdfium.FPDF_CloseDocument(document)


def _extent(page: Any) -> tuple[float, float]:
    """Where the page begins and how high it is, as it is shown."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, byref(box)):
        return 0.0, 842.0
    turned = pdfium.FPDFPage_GetRotation(page)
    _, bottom, _, top = _turn(box.left, box.bottom, box.right, box.top, turned)
    return bottom, max(top - bottom, 1.0)


def _has_pictures(page: Any) -> bool:
    objects = (pdfium.FPDFPage_GetObject(page, n) for n in range(pdfium.FPDFPage_CountObjects(page)))
    kinds = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
    return any(pdfium.FPDFPageObj_GetType(found) in kinds for found in objects)


def _words(page: Any) -> tuple[list[_Word], int]:
    """The words of a page as they are drawn, and how many characters it has."""
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return [], 0
    words: list[_Word] = []
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > MAX_CHARACTERS:
            return [], count
        turned = pdfium.FPDFPage_GetRotation(page)
        box = pdfium.FS_RECTF()
        place = byref(box)
        current: _Word | None = None
        for n in range(count):
            code = pdfium.FPDFText_GetUnicode(text, n)
            sign = "-" if code == _HYPHEN else chr(code) if code < 0x110000 else ""
            # Surrogates come in halves, which no output can carry.
            if not sign or sign.isspace() or code == 0 or 0xD800 <= code <= 0xDFFF:
                current = None
                continue
            if not pdfium.FPDFText_GetLooseCharBox(text, n, place):
                continue
            left, bottom, right, top = _turn(box.left, box.bottom, box.right, box.top, turned)
            height = top - bottom
            if not height > 0:
                continue
            if (
                current is not None
                and abs(bottom - current.bottom) < 0.3 * height
                and -0.5 * height < left - current.right < _WORD_GAP * height
            ):
                current.text.append(sign)
                current.right = max(current.right, right)
                current.top = max(current.top, top)
                current.bottom = min(current.bottom, bottom)
            else:
                current = _Word(left, bottom, right, top, [sign])
                words.append(current)
    finally:
        pdfium.FPDFText_ClosePage(text)
    return words, count


def _turn(
    left: float, bottom: float, right: float, top: float, quarters: int
) -> tuple[float, float, float, float]:
    """The box as the page shows it, which may be turned clockwise."""
    if quarters == 1:
        return bottom, -right, top, -left
    if quarters == 2:
        return -right, -top, -left, -bottom
    if quarters == 3:
        return -top, left, -bottom, right
    return left, bottom, right, top


def _lines(words: list[_Word]) -> list[_Line]:
    """Words side by side, from the top of the page down, each line from left to right."""
    lines: list[_Line] = []
    for word in sorted(words, key=lambda w: -(w.top + w.bottom)):
        line = lines[-1] if lines else None
        shared = min(line.top, word.top) - max(line.bottom, word.bottom) if line else 0.0
        if line is None or shared < 0.5 * min(line.height, word.top - word.bottom):
            line = _Line(word.bottom, word.top)
            lines.append(line)
        line.words.append(word)
    for line in lines:
        line.words.sort(key=lambda w: w.left)
    return lines


def _text(lines: list[_Line]) -> Iterator[tuple[str, float, bool]]:
    """Each line with tabs where gaps part columns, also before what goes on in a column of the line above."""
    columns: list[float] = []
    above: _Line | None = None
    for line in lines:
        gap = 0.0 if above is None else above.bottom - line.top
        blank = gap > _BLANK_GAP * line.height
        starts = [line.words[0].left]
        pieces = []
        before: _Word | None = None
        for word in line.words:
            if before is not None:
                space = word.left - before.right
                if space > _COLUMN_GAP * line.height:
                    pieces.append("\t")
                    starts.append(word.left)
                elif space > _WORD_GAP * line.height:
                    pieces.append(" ")
            pieces.append("".join(word.text))
            before = word
        column = next((n for n, x in enumerate(columns) if abs(x - starts[0]) < _SAME_COLUMN), 0)
        if column and not blank:
            pieces.insert(0, "\t" * column)
        else:
            columns = starts if len(starts) > 1 else []
        yield "".join(pieces), line.bottom, blank
        above = line


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(8)
    return stream.read(struct.unpack(">Q", head)[0]) if len(head) == 8 else None


def main(seconds: float) -> None:
    """Answers until there are no more requests; ``seconds`` of processor time for each, then it is killed."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pdfium.FPDF_InitLibrary()
    while (data := _receive(sys.stdin.buffer)) is not None:
        # Its signal ends the process, also from within native code.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            answer = read(data)
        except MemoryError:
            answer = {"error": "memory"}
        signal.setitimer(signal.ITIMER_PROF, 0)
        written = json.dumps(answer).encode()
        sys.stdout.buffer.write(struct.pack(">Q", len(written)) + written)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
