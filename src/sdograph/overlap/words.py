"""Titles as they are compared: what says nothing of the subject left out, abbreviations spelled out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from sdograph.topics.words import Text, fold

#: Marks of state before a title, and the number of the text that an ETSI deliverable publishes behind it.
_STATE = re.compile(r"^\s*(?:deleted|stopped|withdrawn)\s*-+\s*", re.IGNORECASE)
_TRANSPOSED = re.compile(r"\s*\(3GPP T[SR] [^)]*\)\s*$")
#: What a body, committee or series writes before its titles; it says who, not what.
_HOUSE = re.compile(
    r"^(?:(?:"
    r"securing artificial intelligence(?: tc)?|experiential networked inter?ll?igence|"
    r"zero-touch network and service management|methods for testing (?:and|&) specification|"
    r"environmental engineering|cyber security|cyber|lte|5g|umts|"
    r"technical specification group [^;]+|telecommunication management|technical report"
    r")(?: \([A-Z]+\))?\s*[;:]"
    r"|(?:information technology|artificial intelligence(?: \(AI\))?|security techniques|"
    r"(?:information security, )?cybersecurity(?: and privacy protection)?|"
    r"software engineering|(?:systems and software|software and systems) engineering)\s*[-—–]+"
    r"|(?:feasibility )?study (?:on|of)\b(?: the\b)?)\s*",
    re.IGNORECASE,
)
#: What is left of a title has at least so many characters; "Cyber Security; Part 1" keeps its beginning.
_SUBJECT = 12
_STOP = frozenset(
    [
        "a", "an", "and", "as", "at", "based", "between", "by", "for", "from", "in", "into", "is", "it",
        "its", "of", "on", "or", "that", "the", "their", "this", "to", "under", "use", "using", "via", "with",
        "within",
    ]
)  # fmt: skip


def plain(title: str) -> str:
    """The title without marks of its state and without the number of the text it transposes."""
    return _TRANSPOSED.sub("", _STATE.sub("", title)).strip()


def subject(title: str) -> str:
    """What the title says of its subject: without the house's name before it and without "Study on"."""
    text = plain(title)
    while len(shorter := _HOUSE.sub("", text, count=1)) >= _SUBJECT and shorter != text:
        text = shorter
    return text


@cache
def glossary() -> Mapping[str, tuple[str, ...]]:
    """Abbreviations of the field, folded, with the words they stand for."""
    table = tomllib.loads((resources.files(__package__) / "glossary.toml").read_text("utf-8"))
    return {fold(short): tuple(terms(entry["means"], expand=False)) for short, entry in table.items()}


def terms(text: str, *, expand: bool = True) -> Iterator[str]:
    """The words of a text as they are compared, in order, abbreviations replaced by what they mean."""
    known = glossary() if expand else {}
    for word in Text.of(text).folded:
        if word in known:
            yield from known[word]
        elif word not in _STOP and (len(word) > 1 or word.isdigit()):
            yield word
