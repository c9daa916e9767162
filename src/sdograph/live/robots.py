"""robots.txt: what a site asks of programs that fetch from it (RFC 9309).

``urllib.robotparser`` knows no wildcards and takes the first rule that fits instead of the longest one, so it
would walk past rules such as ``Disallow: /*/archive/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

#: RFC 9309, 2.5: at least 500 kibibytes have to be read.
MAX_BYTES = 512_000
_UNRESERVED = re.compile(r"%[0-9A-Fa-f]{2}")
_ASCII = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one program: allowed or not by path, and the seconds it should leave between requests."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None

    def allow(self, path: str) -> bool:
        """Whether a path, with its query, may be fetched: the longest rule that fits decides (2.2.2)."""
        if path == "/robots.txt":
            return True
        normal = _normal(path)
        fitting = [(len(pattern), allowed) for allowed, pattern in self.rules if _fits(pattern, normal)]
        return max(fitting)[1] if fitting else True


def parse(text: str, agent: str) -> Rules:
    """The rules that a robots.txt has for ``agent``: those of its own groups, else those for everybody."""
    own: list[tuple[str, str]] = []
    general: list[tuple[str, str]] = []
    has_own = False
    named: set[str] = set()
    open_group = False
    for key, value in _lines(text):
        if key == "user-agent":
            if not open_group:
                named = set()
            open_group = True
            token = re.match(r"[A-Za-z_-]+|\*", value)
            named.add(token[0].lower() if token else "")
            has_own |= agent.lower() in named
        elif key in ("allow", "disallow", "crawl-delay"):
            open_group = False
            if agent.lower() in named:
                own.append((key, value))
            if "*" in named:
                general.append((key, value))
    chosen = own if has_own else general
    rules = tuple((key == "allow", _normal(value)) for key, value in chosen if key != "crawl-delay" and value)
    delays = [float(v) for k, v in chosen if k == "crawl-delay" and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", v)]
    return Rules(rules, max(delays, default=None))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.lstrip("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _normal(path: str) -> str:
    """Percent-encoded in one way: what need not be is not, hexadecimal digits are capitals (2.2.2)."""

    def plain(found: re.Match[str]) -> str:
        char = chr(int(found[0][1:], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else found[0].upper()

    return _UNRESERVED.sub(plain, quote(path, safe=_ASCII))


def _fits(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says; ``*`` is any run of characters, ``$`` the end (2.2.3).

    Piece by piece instead of by a regular expression, which a hostile pattern could make take for ever.
    """
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not anchored or at == len(path)
    *middle, last = others
    for piece in middle:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if anchored:
        return len(path) - len(last) >= at and path.endswith(last)
    return path.find(last, at) >= 0
