"""Words of a text as they are compared, and phrases found among them in one walk, however many there are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
#: A capital I set for a small l, as in the published title "Securing ArtificiaI Intelligence (SAI)".
_CAPITAL_I = re.compile(r"(?<=[a-z]{2})I")
_BRITISH = re.compile(
    r"(?<=[a-z]{3})(is(?=ation|ing|e[ds]?$)|our(?=s?$|al))|(?<=cent)re(?=s?$)|(?<=def|off|lic)ence(?=s?$)|(?<=abel)l(?=ing|ed)"
)
_AMERICAN = {"is": "iz", "our": "or", "re": "er", "ence": "ense", "l": ""}
_SINGULAR = re.compile(r"(?<=[a-z]{2})(?:(ies)|(?<=ss|sh|ch)es|(?<![suiya])s)$")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word as it is compared: without case, number and national spelling ("organization")."""
    if word.isupper() and len(word) < 6:
        return word.casefold()  # an abbreviation: MDAS is not several MDA
    word = _CAPITAL_I.sub("l", word).casefold()
    word = _SINGULAR.sub(lambda m: "y" if m[1] else "", word)
    return _BRITISH.sub(lambda m: _AMERICAN[m[0]], word)


@dataclass(frozen=True, slots=True)
class Text:
    """A text cut into words."""

    text: str
    spans: tuple[tuple[int, int], ...]
    written: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Text:
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text)
        found = list(_WORD.finditer(text))
        written = tuple(m[0] for m in found)
        # In a text all in capitals no word is an abbreviation for being in capitals.
        compared = map(str.lower, written) if text.isupper() else written
        return cls(text, tuple(m.span() for m in found), written, tuple(map(fold, compared)))

    def between(self, first: int, last: int) -> str:
        """The words from first to last (not included), as the text writes them."""
        return " ".join(self.text[self.spans[first][0] : self.spans[last - 1][1]].split())


@dataclass(slots=True)
class _Node:
    folded: dict[str, _Node] = field(default_factory=dict)
    written: dict[str, _Node] = field(default_factory=dict)
    #: Beginnings of words, by their first two letters.
    begun: dict[str, list[tuple[str, _Node]]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Words first to last (not included) of a text are a phrase that bears these marks."""

    first: int
    last: int
    marks: tuple[str, ...]


class Phrases:
    """A tree of phrases, each with the marks it was added with.

    In a phrase, ``word*`` is any word that begins so, and ``=WORD`` a word in this case only.
    """

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, phrase: str, marks: Iterable[str]) -> None:
        node = self._root
        for part in re.findall(r"=?[^\W_]+\*?", phrase):
            node = _next(node, part)
        node.marks = tuple(sorted({*node.marks, *marks}))

    def find(self, text: Text) -> Iterator[Match]:
        """Every phrase of the text, also one within another, in the order of their first words."""
        for first in range(len(text.folded)):
            ahead = [(self._root, first)]
            while ahead:
                node, at = ahead.pop()
                if node.marks:
                    yield Match(first, at, node.marks)
                if at < len(text.folded):
                    ahead.extend((n, at + 1) for n in _after(node, text.written[at], text.folded[at]))


def _next(node: _Node, part: str) -> _Node:
    if part.startswith("="):
        return node.written.setdefault(part[1:], _Node())
    if not part.endswith("*"):
        return node.folded.setdefault(fold(part), _Node())
    begin = part[:-1].casefold()
    others = node.begun.setdefault(begin[:2], [])
    for known, below in others:
        if known == begin:
            return below
    others.append((begin, _Node()))
    return others[-1][1]


def _after(node: _Node, written: str, folded: str) -> Iterator[_Node]:
    if (below := node.folded.get(folded)) is not None:
        yield below
    if (below := node.written.get(written)) is not None:
        yield below
    for begin, below in node.begun.get(folded[:2], ()):
        if folded.startswith(begin):
            yield below
