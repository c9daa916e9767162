"""Plain text, and what every kind of document becomes: lines with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

import charset_normalizer

from sdograph.errors import LimitExceeded, UnreadableDocument
from sdograph.sources.package import Budget

MEDIA_TYPE = "text/plain"

Cell: TypeAlias = tuple[int, ...]
"""Table, row and cell number, counted from 1; those of a nested table follow after. () outside of tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of a document, and where a person finds it ("line 7", "table 1 row 3 cell 2").

    Tabs are kept, as they often part label and value. A paragraph with line breaks is several blocks.
    """

    text: str
    locator: str
    cell: Cell = ()
    part: Literal["body", "header", "footer", "footnote", "endnote"] = "body"


_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
# Soft hyphens, zero-width characters, and control characters that no output format can carry.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\ufffe\uffff\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n|\n|\r")
# Word writes a vertical tab for a line break within a paragraph and a form feed for a page break.
_INNER_BREAKS = "\v\f\x85\u2028\u2029"
_INNER_BREAK = re.compile(f"[{_INNER_BREAKS}]")
_BREAKS = f"\n\r{_INNER_BREAKS}"
MAX_LINES = 100_000


#: Hyphens that look like the plain one, as Word and PDF writers put them into document numbers.
_HYPHENS = re.compile(r"[\u2010\u2011]")


def clean(line: str) -> str:
    """A line with plain spaces and hyphens and without what cannot be seen; tabs are kept."""
    if line.isascii() and line.isprintable():
        return line
    return _HYPHENS.sub("-", _INVISIBLE.sub("", _SPACES.sub(" ", line)))


def read_blocks(data: bytes, where: str, _budget: Budget) -> tuple[Block, ...]:
    """The lines of a text file: UTF-8, UTF-16 or windows-1252.

    Lines are numbered as editors number them. Raises UnreadableDocument when the bytes are no text,
    LimitExceeded when they are too many lines.
    """
    text = decode(data, where)
    if sum(map(text.count, _BREAKS)) - text.count("\r\n") > MAX_LINES:
        raise LimitExceeded(
            f"the number of lines is over the limit of {MAX_LINES:,}",
            where=where,
            hint="a liaison statement is far shorter: save it alone",
        )
    lines = _LINE_END.split(text)
    return tuple(
        Block(text=clean(part), locator=f"line {number}")
        for number, line in enumerate(lines, 1)
        for part in _INNER_BREAK.split(line)
    )


def decode(data: bytes, where: str) -> str:
    """The text of the bytes. Raises UnreadableDocument when they are no text in a known encoding."""
    text = _decoded(data)
    if text is None or "\0" in text or len(_CONTROL.findall(text)) > len(text) // 500:
        kind = "an office document or archive" if data.startswith(b"PK") else "no text in a known encoding"
        raise UnreadableDocument(
            f"this is {kind}", where=where, hint="save it as text in UTF-8, or read the .docx itself"
        )
    return text


def _decoded(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in data[:2000]:
        # Text in UTF-16 without its mark: every other byte of western text is zero.
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        guess = charset_normalizer.from_bytes(data, cp_isolation=["cp1252"]).best()
        return str(guess) if guess is not None else None
