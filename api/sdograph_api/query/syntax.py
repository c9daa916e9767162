"""Where and why the engine cannot parse a query, said so that a person can use it.

The engine names the furthest place it looked at. As it compares keywords by taking as many characters as they
have, that place may lie past what is wrong. So the query is asked once more with its tokens spread out: then
the place falls on the token, or on the space that follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from sdograph.errors import InvalidQuery
from sdograph.namespaces import PREFIXES
from sdograph.queries.lexer import Token, tokens
from sdograph_api.problems import Problem

#: More than the longest keyword (ENCODE_FOR_URI).
_GAP = " " * 20
_REPORT = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
#: What the engine says in words among the tokens it expected.
_SENTENCE = re.compile(r"The [A-Z][^\[\],]+|BIND is [^\[\],]+|Already used[^\[\],]+|IRI parsing failed")


class SpreadQuery:
    """A query with its tokens spread out, for the engine to say which of them is wrong."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens: list[Token] = []
        self._starts: list[int] = []
        try:
            self._tokens = tokens(query)
        except InvalidQuery:
            self.text = query
            return
        parts: list[str] = []
        length = 0
        for token, after in zip(self._tokens, [*self._tokens[1:], None], strict=True):
            self._starts.append(length)
            text = query[token.start : token.end]
            parts.append(text if _must_stay_together(query, token, after) else text + _GAP)
            length += len(parts[-1])
        self.text = "".join(parts)

    def problem(self, report: str) -> Problem:
        """400, made of what the engine reported about :attr:`text`."""
        found = _REPORT.match(report)
        if found is None:
            return Problem(400, "syntax", report, hint="correct the query")
        place = _offset(self.text, int(found[1]), int(found[2]))
        index = max(bisect_right(self._starts, place) - 1, 0)
        said = _SENTENCE.search(found[3])
        if not self._tokens or place >= len(self.text):
            offset, word = len(self._query), ""
        else:
            offset = self._tokens[index].start
            word = self._query[offset : self._tokens[index].end]
        prefix = self._undeclared(index) if word else None
        if prefix is not None:
            detail = f"the prefix {prefix} is not declared"
            hint = f"begin the query with PREFIX {prefix} <…>"
        else:
            detail = said[0] if said is not None else f"the query cannot be parsed at {word or 'its end'}"
            hint = "correct the query here, or just before"
        line = self._query.count("\n", 0, offset) + 1
        column = offset - self._query.rfind("\n", 0, offset)
        return Problem(
            400, "syntax", detail, where=f"line {line}, column {column}", hint=hint,
            extra={"line": line, "column": column},
        )  # fmt: skip

    def _undeclared(self, index: int) -> str | None:
        """The prefix, with its colon, of the name at an index, if nobody declares it."""
        token = self._tokens[index]
        if token.kind not in ("name", "dots"):
            return None
        prefix = self._query[token.start : token.end].partition(":")[0] + ":"
        words = [self._query[t.start : t.end] for t in self._tokens]
        declared = {name for word, name in pairwise(words) if word.upper() == "PREFIX"}
        return None if prefix in declared or prefix[:-1] in PREFIXES else prefix


def _must_stay_together(query: str, token: Token, after: Token | None) -> bool:
    """Of SHA256(, {| and |} the engine takes no parts."""
    if after is None or token.end != after.start:
        return False
    pair = query[token.start : token.end][-1] + query[after.start]
    return pair in ("{|", "|}", "<(") or (token.kind == "word" and pair[1] == "(")


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1
