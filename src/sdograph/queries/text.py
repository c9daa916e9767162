"""Texts of queries: where in them something is wrong, their escapes, and other words put into them."""

from __future__ import annotations

import re

from sdograph.errors import InvalidQuery

_CODEPOINT = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\[uU]")


def error_at(message: str, text: str, offset: int, *, hint: str | None = None) -> InvalidQuery:
    """An error that names the line and column of an offset, both from 1."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    where = f"line {line}, column {column}"
    return InvalidQuery(message, where=where, hint=hint or "correct the query at this place")


def decoded(text: str) -> str:
    """Puts characters in the place of codepoint escapes, as section 19.2 has it done before anything else.

    Raises InvalidQuery for an escape that is none.
    """

    def character(found: re.Match[str]) -> str:
        digits = found[1] or found[2]
        if digits is None:
            if found[0] == "\\\\":
                return found[0]
            raise error_at("an incomplete codepoint escape", text, found.start(), hint="write \\uXXXX")
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise error_at(f"{found[0]} is no character", text, found.start())
        # These would end a string or begin an escape in it, which only a reader that decodes first would see.
        if chr(code) in "\"'\\\n\r":
            raise error_at(
                f"{found[0]} cannot be written as a codepoint escape", text, found.start(),
                hint='inside a string write \\" \\\' \\\\ \\n or \\r',
            )  # fmt: skip
        return chr(code)

    return _CODEPOINT.sub(character, text)


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with others in the place of parts of it: begin, end and what stands there, in order."""
    if not edits:
        return text
    parts, last = [], 0
    for start, end, new in edits:
        parts += [text[last:start], new]
        last = end
    return "".join(parts) + text[last:]
