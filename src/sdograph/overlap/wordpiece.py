"""Texts cut into the pieces that the sentence model knows, as BERT's uncased vocabulary does it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources

#: Pieces of a text that the model looks at, the two marks around them counted.
LONGEST = 256
_LONGEST_WORD = 100
_CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0xF900, 0xFAFF))
_FIRST, _LAST, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"


@cache
def _pieces() -> dict[str, int]:
    lines = (resources.files(__package__) / "wordpieces.txt").read_text("utf-8").splitlines()
    return {piece: n for n, piece in enumerate(lines)}


def numbers(text: str) -> list[int]:
    """The numbers of the pieces of a text, with the marks of beginning and end."""
    known = _pieces()
    found = [known[_FIRST]]
    for word in _words(text):
        if len(found) >= LONGEST:
            break
        found.extend(_of_word(word))
    return [*found[: LONGEST - 1], known[_LAST]]


@lru_cache(maxsize=1 << 15)
def _of_word(word: str) -> tuple[int, ...]:
    """The longest piece that the word begins with, then the longest that goes on, to its end."""
    known = _pieces()
    unknown = (known[_UNKNOWN],)
    if len(word) > _LONGEST_WORD:
        return unknown
    found: list[int] = []
    at = 0
    while at < len(word):
        mark = "##" if at else ""
        for end in range(len(word), at, -1):
            if (number := known.get(mark + word[at:end])) is not None:
                found.append(number)
                at = end
                break
        else:
            return unknown
    return tuple(found)


def _words(text: str) -> Iterator[str]:
    word = ""
    for c in unicodedata.normalize("NFD", _clean(text).lower()):
        kind = unicodedata.category(c)
        if kind == "Mn":
            continue
        if c.isspace() or _stands_alone(c, kind):
            if word:
                yield word
            word = ""
            if not c.isspace():
                yield c
        else:
            word += c
    if word:
        yield word


def _clean(text: str) -> str:
    """Without control characters, all white space as blanks."""
    return "".join(
        " " if c.isspace() else c
        for c in text
        if c in "\t\n\r" or (c != "\ufffd" and unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    )


def _stands_alone(c: str, kind: str) -> bool:
    """Punctuation, and what ASCII has besides letters and digits; characters of Chinese writing."""
    if c.isascii():
        return not c.isalnum()
    return kind.startswith("P") or any(first <= ord(c) <= last for first, last in _CJK)
