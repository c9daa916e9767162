"""What the remarks beside a meeting document say: what it answers, revises, merges, and what became of it.

The secretary writes them in set phrases ("Response to S2-1810010. Revised in parallel session, merging
S2-1810698, to S2-1810836."), between free notes that also name people. Only the phrases are read, and only
their words are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from sdograph import identifiers as ids

#: No cell of a list is longer; what is, is cut before it is searched.
_LONGEST = 4_000

_NUMBER = r"\b(?:SP|RP|CP|[SR][1-6]|C[1346])-\s?\d{5,7}(?:[rR]\d{1,2})?\b"
#: "S2-1810010 (5GAA_A-180265) and S2-1810037 (S1-182764)"
_ONE = rf"{_NUMBER}(?:\s?\([^()]{{1,60}}\))?"
_LIST = rf"(?:TD\s)?{_ONE}(?:(?:\s?,\s?(?:and\s)?|\sand\s)(?:TD\s)?{_ONE}){{0,20}}"
_MERGING = rf"(?:[.,]{{0,2}}\s?merging\s(?:TD\s)?{_LIST},?)?"
_SESSION = r"(?:\sin\s(?:parallel|drafting)\ssession|\soff-?line)?"
#: "revised to remove 'draft' in"
_TO_REMOVE = r"(?:\sto\sremove\s[^.;]{1,60}?)?"
#: "e-mail revision 11 (VF) of"
_NTH = r"(?:\s\d{1,2}(?:\s\([^()]{1,20}\))?)?"


@dataclass(frozen=True, slots=True)
class Said:
    """Numbers that a phrase names, and its words."""

    numbers: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """The phrases found, by what they say of the document."""

    replies_to: tuple[Said, ...] = ()
    answered_in: tuple[Said, ...] = ()
    """Answers that were sent."""
    drafted_in: tuple[Said, ...] = ()
    """Drafts of answers."""
    revision_of: tuple[Said, ...] = ()
    revised_to: tuple[Said, ...] = ()
    merges: tuple[Said, ...] = ()
    merged_into: tuple[Said, ...] = ()
    formerly: tuple[Said, ...] = ()
    """Numbers of the same document at meetings that postponed it."""

    def with_columns(self, **columns: str) -> Remarks:
        """These and what columns of their own name ("Reply to", "Is revision of")."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        for name, text in columns.items():
            if numbers := tuple(ids.tdoc_numbers(text)):
                known[name] = (*known[name], Said(numbers, " ".join(text.split())))
        return Remarks(**known)


#: Field -> phrase. Its first group holds the numbers.
_PHRASES = {
    "replies_to": rf"\b(?:response|reply){_MERGING}\sto\s(?:already\sreplied\sto\s)?(?:LS\s)?({_LIST})",
    "answered_in": rf"\b(?:final\s(?:response|reply)\sin|replied\sto\s(?:at\s\S{{1,20}}\s)?in)\s({_LIST})",
    "drafted_in": rf"\b(?:responses?|repl(?:y|ies))\s(?:was\s|were\s)?drafted\sin\s({_LIST})",
    "revision_of": rf"\brevision{_NTH}\sof\s(?:noted\s|unhandled\s)?({_LIST})",
    "revised_to": rf"\brevised{_SESSION}{_MERGING}{_TO_REMOVE}\s(?:to|in|into)\s({_LIST})",
    "merges": rf"\bmerging\s({_LIST})",
    "merged_into": rf"\bmerged\s(?:in|into|with)\s({_LIST})",
    "formerly": rf"\bpostponed\s({_LIST})\sfrom\b",
}
_PATTERNS = {name: re.compile(phrase, re.IGNORECASE) for name, phrase in _PHRASES.items()}


def read_remarks(text: str) -> Remarks:
    """The phrases in the remarks of one document."""
    words = " ".join(text[:_LONGEST].split())
    return Remarks(
        **{
            name: tuple(Said(_numbers(m[1]), m[0].strip()) for m in pattern.finditer(words))
            for name, pattern in _PATTERNS.items()
        }
    )


def _numbers(listed: str) -> tuple[str, ...]:
    """The meeting's own numbers in a list; those in parentheses are the senders'."""
    return tuple(ids.tdoc_numbers(re.sub(r"\([^()]*\)", " ", listed)))
