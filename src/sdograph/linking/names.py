"""How names are compared, and how a list of parties is taken apart."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_GAP_IN_DIGITS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_GAP = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """The form in which spellings of one name are equal: "TSG-SA WG 3" and "TSG SA WG3" -> "tsgsawg3".

    Case, white space and punctuation are disregarded, except between digits: Q1/17 is not Q11/7.
    """
    text = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    return _GAP.sub("", _GAP_IN_DIGITS.sub("-", text))


def glue(*parts: str) -> str:
    """Folded parts as :func:`fold` would have them, had they been written one after the other."""
    made = ""
    for part in parts:
        made += f"-{part}" if made[-1:].isdigit() and part[:1].isdigit() else part
    return made


def outside_parentheses(text: str) -> tuple[str, tuple[str, ...]]:
    """A name without its remarks in parentheses, and the remarks.

    "SA WG3 (security)" -> "SA WG3", ("security",). A text that is nothing but a remark is the name itself.
    """
    if "(" not in text and "[" not in text:
        return " ".join(text.split()), ()
    kept: list[str] = []
    remarks: list[str] = []
    depth = start = 0
    for i, char in enumerate(text):
        if char in "([":
            if depth == 0:
                kept.append(text[start:i])
                start = i + 1
            depth += 1
        elif char in ")]" and depth:
            depth -= 1
            if depth == 0:
                remarks.append(text[start:i].strip())
                start = i + 1
    # A parenthesis that is never closed: what follows is a remark as well.
    (remarks if depth else kept).append(text[start:].strip())
    name = " ".join(" ".join(kept).split())
    if not name and remarks:
        return remarks[0], tuple(remarks[1:])
    return name, tuple(remarks)


#: Names of ITU's and IEC's in their other languages: the kinds of groups, and what parts them from the body.
_IN_ENGLISH = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        (r"\bUIT(?=-[TRD]\b|$)", "ITU"),
        (r"\bISO/CEI\b", "ISO/IEC"),
        (r"\b(?:commission d.[e\u00e9]tudes?|comisi[o\u00f3]n de estudio) (?=\d)", "Study Group "),
        (r"\b(?:groupe de travail|grupo de trabajo) (?=\d(?:[A-F]|/\d{1,2})\b)", "Working Party "),
        (r"(?<=[\dA-F]) (?:de l.|de la |del |du )(?=ITU|ISO)", " of "),
    )
)


def in_english(name: str) -> str:
    """A name in French or Spanish as the registry has it: "Commission d'études 13 de l'UIT-T"."""
    for pattern, english in _IN_ENGLISH:
        name = pattern.sub(english, name)
    return name


# --- lists of parties

_NOTHING = frozenset(("", "na", "none", "nil", "nobody", "notapplicable", "ifapplicable"))
_BULLET = re.compile(r"^\s*(?:[-–—•·*▪●]|\d{1,2}[.)])\s+")
_STRONG = re.compile(r"[\n\r;•·|\t]")
_WEAK = re.compile(r",|\s(?:and|as well as|&|\+)\s", re.IGNORECASE)
_SLASH = re.compile(r"/")

#: "SA3", "RAN", "ITU-T", "oneM2M", "5GAA": two capitals together or apart, or letters with a digit.
_ACRONYM = re.compile(r"\b(?=\w*[A-Z])(?:\w*\d\w*|\w*[A-Z]\w*[A-Z]\w*|[A-Z]-[A-Z]+|[A-Z]+-[A-Z])")
_KIND_OF_PARTY = re.compile(
    r"\b(?:Group|Committee|Party|Question|Forum|Alliance|Association|Union|Institute|Force|Board|Consortium|"
    r"Organi[sz]ation|Council|Initiative|Coalition|Project|Society|Agency|Commission|Sector)\b"
)
#: Codes that stand on either side of a slash when it parts two groups: "SG13/SG17", "SA3/RAN2", "SA/RAN".
_FAMILIES = (
    re.compile(r"(?:TSG[ -]?)?(?:SA|RAN|CT)(?: ?WG)?[ -]?\d?(?:-LI)?"),
    re.compile(r"(?:TC|ISG) [A-Z]\w+"),
    *(re.compile(rf"{kind}[ -]?\d{{1,2}}") for kind in ("SG", "SC", "WG", "TC", "[SRC]")),
)


_LONGEST_CODE = 40


def split_parties(text: str) -> list[str]:
    """The parties of a list as a document writes it, each as written, in order.

    New lines and semicolons always part. A comma, "and" or "&" parts only what looks like two parties, so
    that "Telecommunications Standards Development Society, India" stays one; a slash only two codes of one
    sort ("SG13/SG17", not "ISO/IEC" or "Q15/17"). Nothing parts what stands in parentheses. Words that say
    that there is nobody ("none", "n/a") are no party.
    """
    parties: list[str] = []
    for line in _cut(text, _STRONG):
        pieces = _cut(_BULLET.sub("", line[0]), _WEAK)
        if len(pieces) > 1 and all(re.fullmatch(r"[a-z0-9]{2,10}", piece.strip()) for piece, _ in pieces):
            parties += [piece for piece, _ in pieces]  # acronyms of IETF working groups
            continue
        merged: list[list[str]] = []
        is_party = False
        for piece, separator in pieces:
            follows = _is_party(piece)
            if merged and not (is_party and follows):
                merged[-1] += (separator, piece)
                is_party = is_party or follows
            else:
                merged.append([piece])
                is_party = follows
        parties += [party for parts in merged for party in _cut_at_slashes("".join(parts))]
    cleaned = (party.strip(" \t,.:") for party in parties)
    return [party for party in cleaned if re.sub(r"[\W_]+", "", party).casefold() not in _NOTHING]


def _is_party(text: str) -> bool:
    name, _ = outside_parentheses(text)
    return bool(_ACRONYM.search(name) or _KIND_OF_PARTY.search(name))


def _cut(text: str, separator: re.Pattern[str]) -> list[tuple[str, str]]:
    """The pieces between separators outside parentheses, each with the separator before it."""
    pieces: list[tuple[str, str]] = []
    start, before = 0, ""
    closed = _depths(text)
    for found in separator.finditer(text):
        if closed[found.start()] == 0:
            pieces.append((text[start : found.start()], before))
            start, before = found.end(), found[0]
    pieces.append((text[start:], before))
    return pieces


def _depths(text: str) -> list[int]:
    """How many parentheses are open at each character. One that is never closed opens nothing."""
    opened: list[int] = []
    closes: dict[int, int] = {}
    for i, char in enumerate(text):
        if char in "([":
            opened.append(i)
        elif char in ")]" and opened:
            closes[opened.pop()] = i
    ends = set(closes.values())
    depths: list[int] = []
    depth = 0
    for i in range(len(text)):
        depth += (i in closes) - (i in ends)
        depths.append(depth)
    return depths


def _cut_at_slashes(text: str) -> list[str]:
    (first, _), *others = _cut(text, _SLASH)
    parted = [[first]]
    before = first
    for piece, separator in others:
        left, right = before[-_LONGEST_CODE:].split(), piece[:_LONGEST_CODE].split()
        ends = [" ".join(left[-n:]) for n in range(1, min(3, len(left)) + 1)]
        starts = [" ".join(right[:n]) for n in range(1, min(3, len(right)) + 1)]
        if any(any(map(f.fullmatch, ends)) and any(map(f.fullmatch, starts)) for f in _FAMILIES):
            parted.append([piece])
        else:
            parted[-1] += (separator, piece)
        before = piece
    return ["".join(parts) for parts in parted]
