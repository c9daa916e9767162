"""What is asked, as expressions of FTS5, and the forms by which identifiers and names are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdograph.linking.codes import exact_form

#: Characters of a text that are looked at, and words of it.
MAX_TEXT, MAX_WORDS = 200, 12
#: A last word of fewer letters is not taken for the beginning of a longer one: "AI" is not "air".
_PREFIX_FROM = 3
#: What says of which sort a document or a group is, or who publishes it; people leave it out.
_SORT = re.compile(r"^(?:(?:ISO/IEC|ISO|IEC|TS|TR|GS|GR|ES|EG|EN|SR|FS)[ _-]+|(?:TSG|TC|ISG) (?=[A-Z]))+")
#: 3GPP writes "TSG SA WG3" for what the registry has as "SA WG3".
_OF_TSG = re.compile(r"\bTSG[ -](?=(?:SA|RAN|CT)[ -]?WG\d)", re.IGNORECASE)
#: All but letters and digits.
_NO_LETTER = re.compile(r"[\W_]+")
_TERM = re.compile(r'"([^"]+)"|([^\s"]+)')


def _clean(text: str) -> str:
    """The text as SQLite takes it: valid Unicode, no control characters."""
    valid = text[:MAX_TEXT].encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in valid)


def terms(text: str) -> list[tuple[str, str]]:
    """Each word as FTS5 expressions: as typed, and with its other forms. What could be syntax is quoted."""
    found = [
        (phrase or word, bool(phrase))
        for phrase, word in _TERM.findall(_clean(text))
        if any(c.isalnum() for c in phrase or word)
    ][:MAX_WORDS]
    return [
        (f'"{word}"', f'"{word}"' if whole else _wide(word, last=n == len(found)))
        for n, (word, whole) in enumerate(found, 1)
    ]


def _wide(word: str, *, last: bool) -> str:
    alternatives = [f'"{form}"' for form in (word, *_other_number(word))]
    if last and len(word) >= _PREFIX_FROM:
        alternatives.append(f'"{word}" *')
    return f"({' OR '.join(alternatives)})"


def _other_number(word: str) -> list[str]:
    """The singular of an English plural, and the plural of what may be a singular."""
    if not word.isalpha() or len(word) < _PREFIX_FROM:
        return []
    lower = word.casefold()
    if lower.endswith("ies"):
        return [lower[:-3] + "y"]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return [lower[:-1]]
    return [lower[:-1] + "ies", lower + "s"] if lower.endswith("y") else [lower + "s"]


def asked_forms(text: str) -> list[str]:
    """The forms of a text by which what bears it as an identifier or name is looked up."""
    asked = _OF_TSG.sub("", _clean(text).strip(' "'))
    return [asked.casefold(), _squeezed(asked), _squeezed(exact_form(asked))]


def forms(text: str) -> Iterator[tuple[str, int]]:
    """The forms by which an identifier or name is looked up, the nearest to how it is written first."""
    short = _SORT.sub("", text)
    yield text.casefold(), 0
    yield short.casefold(), 1
    yield _squeezed(text), 2
    yield _squeezed(exact_form(text)), 2
    yield _squeezed(short), 3


def _squeezed(text: str) -> str:
    """Letters and digits only, marked, so that "33.501" is not what somebody else calls "33501"."""
    return "~" + _NO_LETTER.sub("", text.casefold())
