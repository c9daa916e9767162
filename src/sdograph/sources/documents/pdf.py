"""PDF documents as lines of text: PDFium says where each character stands, here they become lines again.

PDFium works in a process of its own (:mod:`.pdf_worker`), which is started with the first document, kept for
the next ones, and ended when a document takes too long.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any, BinaryIO, Literal, cast

from sdograph.errors import LimitExceeded, SdographError, Unavailable, UnreadableDocument
from sdograph.sources.package import Budget
from sdograph.sources.plain import Block, clean

MEDIA_TYPE = "application/pdf"
#: Of processor time for one document.
MAX_SECONDS = 4.0
#: Of waiting, on a machine that has other things to do.
_PATIENCE = 60.0

_SMALLER = "a liaison statement is far smaller: save it alone"
_AGAIN = "get the document again, or as .docx"
_ERRORS: dict[str, tuple[type[SdographError], str, str]] = {
    "password": (UnreadableDocument, "the PDF is encrypted", "save it without a password"),
    "damaged": (UnreadableDocument, "the PDF is damaged or cut off", _AGAIN),
    "pictures": (
        UnreadableDocument,
        "the PDF holds pictures of pages and no text",
        "have its text recognised (OCR), or get the document as .docx",
    ),
    "empty": (UnreadableDocument, "the PDF holds no text", _AGAIN),
    "pages": (LimitExceeded, "the number of pages is over the limit of 300", _SMALLER),
    "characters": (LimitExceeded, "the text is over the limit of 2,000,000 characters", _SMALLER),
    "memory": (LimitExceeded, "reading the PDF takes more than 1 GB of memory", _SMALLER),
    "time": (LimitExceeded, f"reading the PDF takes longer than {MAX_SECONDS:.0f} seconds", _SMALLER),
    "crash": (UnreadableDocument, "the PDF is damaged, or reading it takes more than 1 GB of memory", _AGAIN),
}
#: Lines at the edge of a page that can belong to its header or footer.
_EDGE = 4
#: Of the height of a page, in thousandths, where they stand.
_MARGIN = 120
_DIGITS = re.compile(r"\d+")


def read_blocks(data: bytes, where: str, budget: Budget) -> tuple[Block, ...]:
    """The lines of a PDF: headers of the pages, the pages' text, their footers.

    Columns are parted by tabs, also before a line that goes on in a column of the line above; a page in two
    columns of running text is read across. Raises UnreadableDocument for one that is damaged, encrypted or
    has no text, LimitExceeded when it is too long or takes too much.
    """
    if b"%PDF-" not in data[:1024]:
        raise UnreadableDocument(
            "this is no PDF but another kind of file, renamed",
            where=where,
            hint="give it the extension of what it is",
        )
    begun = time.monotonic()
    if budget.seconds <= 0:
        answer: dict[str, Any] = {"error": "time"}
    else:
        answer = _WORKER.ask(data, where)
    budget.seconds -= time.monotonic() - begun
    if "error" in answer:
        kind, message, hint = _ERRORS[answer["error"]]
        raise kind(message, where=where, hint=hint)
    return tuple(_blocks(answer["pages"]))


#: The text of a line, its height on the page in thousandths, whether a blank line is before it.
_Page = list[tuple[str, int, bool]]


def _blocks(pages: list[_Page]) -> Iterator[Block]:
    headers, footers = _edges(pages)
    yield from _once(pages, headers, "header")
    for number, page in enumerate(pages, 1):
        for line, (text, _, blank) in enumerate(page, 1):
            if (number, line) in headers or (number, line) in footers:
                continue
            place = f"page {number} line {line}"
            if blank:
                yield Block(text="", locator=place)
            yield Block(text=clean(text), locator=place)
    yield from _once(pages, footers, "footer")


def _once(
    pages: list[_Page], places: set[tuple[int, int]], part: Literal["header", "footer"]
) -> Iterator[Block]:
    seen = set()
    for number, line in sorted(places):
        text = clean(pages[number - 1][line - 1][0])
        if text not in seen:
            seen.add(text)
            yield Block(text=text, locator=part, part=part)


def _edges(pages: list[_Page]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Page and line of what several pages say at the same height of their edge, but for the numbers in it."""

    def key(entry: tuple[str, int, bool]) -> tuple[str, int]:
        return _DIGITS.sub("0", entry[0]), entry[1]

    tops: Counter[tuple[str, int]] = Counter()
    bottoms: Counter[tuple[str, int]] = Counter()
    for page in pages:
        tops.update({key(entry) for entry in page[:_EDGE]})
        bottoms.update({key(entry) for entry in page[-_EDGE:]})
    headers, footers = set(), set()
    for number, page in enumerate(pages, 1):
        for line, entry in enumerate(page[:_EDGE], 1):
            if tops[key(entry)] < 2 or entry[1] < 1000 - _MARGIN:
                break
            headers.add((number, line))
        for line, entry in reversed(list(enumerate(page, 1))[-_EDGE:]):
            if bottoms[key(entry)] < 2 or entry[1] > _MARGIN:
                break
            footers.add((number, line))
    return headers, footers


class _Worker:
    """The process that reads, one document at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def ask(self, data: bytes, where: str) -> dict[str, Any]:
        """The answer of :mod:`.pdf_worker`, or an error for what it died of."""
        with self._lock:
            process = self._running(where)
            questions, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
            alarm = Timer(_PATIENCE, process.kill)
            alarm.start()
            try:
                questions.write(struct.pack(">Q", len(data)))
                questions.write(data)
                questions.flush()
                head = answers.read(8)
                size = struct.unpack(">Q", head)[0] if len(head) == 8 else 0
                answer = answers.read(size)
                if size and len(answer) == size:
                    found: dict[str, Any] = json.loads(answer)
                    return found
            except BrokenPipeError:
                pass
            except BaseException:
                # Half an exchange would be taken for the answer to the next document.
                process.kill()
                raise
            finally:
                alarm.cancel()
            return {"error": "time" if self._end() in (-signal.SIGPROF, -signal.SIGKILL) else "crash"}

    def _running(self, where: str) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(Path(__file__).with_name("pdf_worker.py")), str(MAX_SECONDS)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise Unavailable(
                    f"the reader of PDF cannot be started: {error.strerror}", where=where, hint="try again"
                ) from error
        return self._process

    def _end(self) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()
        return process.wait()

    def close(self) -> None:
        """Ends the process; the next document starts another."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
            self._end()

    def forget(self) -> None:
        """Leaves it to the process that this one was forked from: two cannot talk to it."""
        self._process, self._lock = None, Lock()


_WORKER = _Worker()
atexit.register(_WORKER.close)
os.register_at_fork(after_in_child=_WORKER.forget)
