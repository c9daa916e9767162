"""What titles say beside the subject: who sends it, to whom, that it is a draft, what it answers."""

from __future__ import annotations

import re

from sdograph import identifiers as ids
from sdograph.linking.names import split_parties
from sdograph.linking.numbers import issued_numbers
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


#: How the title of an answer begins: "Reply LS …", "LS response …", "BBF answer …".
_ANSWER = re.compile(
    r"(?:(?!(?:on|of|for|to)\b)[\w-]+\s+){0,3}(?:reply|response|answer)(?!\w)", re.IGNORECASE
)
_ANOTHER = re.compile(r"\b(?:reply|response|answer)\b", re.IGNORECASE)
#: Words behind which the subject begins, or the title of another statement.
_SUBJECT = re.compile(
    r"\b(?:on|about|regarding|concerning|for|of|reply|response|answer)\b|['\"“‘(]", re.IGNORECASE
)
_AND = re.compile(r"(?:\s|,|&|/|and\b)+")
#: "… (reply to SG17-LS159)", as ITU-T's titles end; "Reply LS to LS on … (C4-193790)".
_AT_THE_END = re.compile(r"\((?P<said>(?:reply|response) to )?(?P<number>[^()]+)\)\s*$", re.IGNORECASE)


def answered_in(title: str, sender: str | None) -> tuple[str, ...]:
    """The numbers of the statements that a title says its statement answers; () where it names none.

    "Response to LIAISE-231 on …", "Reply LS to S2-1811543 and S2-1811568 on …". A number in the title of
    another statement ("Reply to LS on Response to S2-1812643") is not what is answered. ``sender`` is the
    registry id of the group that sends it, whose own number can stand in parentheses at the end.
    """
    words = subject(title)
    begin, end = _ANSWER.match(words), _AT_THE_END.search(words)
    if end is not None:
        number = next((n.number for n in issued_numbers(end["number"]) if n.words == end["number"]), None)
        if number and end["said"]:
            return (number,)
        group = ids.tdoc_group(number) if number else None
        if number and begin and group not in (None, sender):
            return () if _ANOTHER.search(words[begin.end() : end.start()]) else (number,)
    if begin is None:
        return ()
    found: list[str] = []
    rest = words[begin.end() :]
    for issued in issued_numbers(rest):
        between, _, rest = rest.partition(issued.words)
        if not (_AND.fullmatch(between) if found else not _SUBJECT.search(between)):
            break
        found.append(issued.number)
    return tuple(found)
