"""What a liaison statement of the corpus says, as a person who reads it would write it down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Party:
    """A group or body: its id in the registry, None where the registry holds none, and the words for it."""

    id: str | None
    text: str

    @property
    def key(self) -> str:
        return self.id or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that is asked for."""

    to: tuple[Party, ...]
    text: str
    deadline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A next meeting as the document announces it; days in ISO 8601."""

    name: str
    start: str | None = None
    end: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The record that a document should give.

    Numbers are given in all the ways in which they may rightly be read: of "S5-186491/S2-189049", two numbers
    of one statement, either names it. ``purpose`` holds None for an addressee of whom the form leaves open
    what it gets the statement for: any answer is right. ``day_or_month`` is the other reading of a date whose
    day and month cannot be told apart.
    """

    title: str
    titles: tuple[str, ...] = ()
    """Other readings of the title, where the form has no field for it."""
    sender: tuple[Party, ...]
    to: tuple[Party, ...]
    date: str | None = None
    day_or_month: str | None = None
    cc: tuple[Party, ...] = ()
    either: tuple[Party, ...] = ()
    """Those of ``to`` that may as well be copies: the form knows no copies, only "for information"."""
    purpose: Mapping[str, str | None] = field(default_factory=dict)
    number: tuple[str, ...] = ()
    received_numbers: tuple[tuple[str, ...], ...] = ()
    in_reply_to: tuple[tuple[str, ...], ...] = ()
    releases: tuple[str, ...] = ()
    work_items: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    attachments: tuple[str, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    approval: str | None = None


def purposes(
    to: Iterable[Party], cc: Iterable[Party] = (), purpose: str | None = "action"
) -> dict[str, str | None]:
    """What each gets a statement for: the addressees for one purpose, the copies for information."""
    return {**{p.key: purpose for p in to}, **{p.key: "information" for p in cc}}
