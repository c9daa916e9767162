"""A row of a list of documents that is about a liaison statement, and the meeting whose list it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from sdograph.linking.names import outside_parentheses
from sdograph.sources.plain import clean
from sdograph.sources.statement_numbers import Numbers, read_numbers
from sdograph.sources.tdoc_remarks import Remarks
from sdograph.sources.tdoc_titles import sender_in

Direction: TypeAlias = Literal["in", "out"]

_NOTHING = frozenset(("", "-", "–", "—", "n/a"))
_DIRECTION = re.compile(r"\bls\W*(in|out)|\b(in|out)(?:coming|going)\s+(?:ls|liaison)\b", re.IGNORECASE)
_SENT = re.compile(r"(?<!not )\b(?:approved?|agreed|endorsed)\b", re.IGNORECASE)
_WITHDRAWN = re.compile(r"\bwithdrawn\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tdoc:
    """One row about a liaison statement; texts are as written, empty where nothing is."""

    number: str
    """The number that the meeting's group gave the document."""
    row: int
    direction: Direction
    title: str
    source: str
    """Who sent an incoming statement, with its number in parentheses perhaps; who drafted an outgoing one."""
    purpose: str = ""
    release: str = ""
    work_items: str = ""
    outcome: str = ""
    to: str = ""
    cc: str = ""
    original: str = ""
    """The sender's number, where the list has a column for it."""
    remarks: Remarks = field(default_factory=Remarks)

    @property
    def locator(self) -> str:
        return f"row {self.row}, {self.number}"

    @property
    def is_statement(self) -> bool:
        """Whether the row is a statement that was received, or the last text of one that was sent.

        An incoming row that was withdrawn was reserved in vain, or its statement was for others.
        """
        if self.direction == "in":
            return not _WITHDRAWN.search(self.outcome)
        return bool(_SENT.search(self.outcome))

    @property
    def number_as_written(self) -> str:
        """What stands for the sender's number, number or not."""
        return self.original or next(reversed(outside_parentheses(self.source)[1]), "")

    @property
    def sender(self) -> str:
        return outside_parentheses(self.source)[0] or sender_in(self.title) or "-"

    @property
    def sent_as(self) -> Numbers:
        """The number that its sender gave an incoming statement, and what else stands beside it.

        Many senders give none, and the list has the name of the file instead.
        """
        return read_numbers(self.number_as_written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The meeting whose list it is, and the words that say so."""

    group: str
    """Registry id of the group that meets."""
    meeting: str
    words: str
    locator: str

    @property
    def name(self) -> str:
        """The group, as linking is sure to understand it: "3GPP SA2"."""
        return self.group.replace("-", " ", 1)


def direction_of(kind: str) -> Direction | None:
    """Whether documents of a kind ("LS In", "LS OUT", "Incoming LS") come in or go out; None for others."""
    found = _DIRECTION.search(kind)
    if found is None:
        return None
    return "in" if (found[1] or found[2]).lower() == "in" else "out"


def cell(text: str) -> str:
    """The words of a cell, without characters that cannot be seen; nothing where they say that."""
    words = " ".join(clean(text).split())
    return "" if words.casefold() in _NOTHING else words


def meeting_name(group: str, number: str) -> str:
    """The name of a 3GPP meeting: "SA2#128bis" of 3GPP-SA2 and "128BIS", "SA2#137-e" of "137E"."""
    number = number.strip()
    found = re.fullmatch(r"(\d+)[\s-]?(bis|ter)?[\s-]?(ah|ad[\s-]?hoc)?[\s-]?(e)?", number, re.IGNORECASE)
    if found:
        adhoc = {"": "", "ah": "AH"}.get((found[3] or "").lower(), "-AdHoc")
        number = f"{found[1]}{(found[2] or '').lower()}{adhoc}{'-e' if found[4] else ''}"
    return f"{group.removeprefix('3GPP-').replace('-', '')}#{number}"
