"""What titles in a list of a meeting say beside the subject: who sends it, to whom, that it is a draft."""

from __future__ import annotations

import re

from sdograph import identifiers as ids
from sdograph.linking.names import split_parties
from sdograph.sources.liaison.numbers import group_of

_LS_FROM = re.compile(r"LS from ([^:]{1,80}):\s*(?=\S)", re.IGNORECASE)
_DRAFT = re.compile(r"[\s\[(]*draft[\])]\s*:?\s*(?=\S)", re.IGNORECASE)


def subject(title: str) -> str:
    """The title that the statement itself bears: without "LS from RAN WG2:" and "[DRAFT]" before it."""
    found = _LS_FROM.match(title) or _DRAFT.match(title)
    return title[found.end() :] if found else title


def sender_in(title: str) -> str | None:
    """Who sent it, where the title begins with "LS from …:"."""
    found = _LS_FROM.match(title)
    return found[1] if found else None


#: "Reply LS to SA WG3 on …", "LS reply to BBF response to …", "LS to RAN WG2 cc RAN WG3 on …"
_ADDRESSED = re.compile(
    r"(?:(?:draft|reply|response|ls|out|liaison|statement)\s+){1,4}to\s+(?P<to>.{2,120}?)(?:\s+cc:?\s+(?P<cc>.{2,120}?))?"
    r"(?:\s+(?:on|about|regarding|concerning|for|ls|reply|response|liaison)\b|\s*[:;]|\s+[–-]\s|\s*$)",
    re.IGNORECASE,
)
#: Words of a name: with a capital or a digit, and one of them an acronym.
_NAME = re.compile(r"(?=.*\b[A-Z\d]*[A-Z][A-Z\d]+\b)(?:[A-Z\d][\w./-]*(?:\s+|$))+")


def addressees_in(title: str, host: str) -> tuple[list[str], list[str]]:
    """To whom a title says that its statement goes, and to whom in copy; not the group that sends it.

    What begins with "Reply to LS …" names the title of the other statement, and nobody.
    """
    found = _ADDRESSED.match(subject(title))
    if found is None:
        return [], []
    to, cc = (split_parties(found[part] or "") for part in ("to", "cc"))
    if any(not _NAME.fullmatch(name) or name == "LS" or ids.tdoc_numbers(name) for name in (*to, *cc)):
        return [], []
    return [name for name in to if group_of(name) != host], [name for name in cc if group_of(name) != host]
