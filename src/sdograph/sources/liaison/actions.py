"""What a liaison statement asks, of whom and by when; and the meetings its originator announces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdograph.linking.names import outside_parentheses
from sdograph.model import AnnouncedMeeting, Reference, RequestedAction
from sdograph.sources.dates import dates_in
from sdograph.sources.liaison.parties import named_parties
from sdograph.sources.liaison.sheet import Line, is_placeholder

#: "To SA3 and SA5: …", "To SA2 group.", "To: SA2"
_TO = re.compile(
    r"\s*To\b\s*(?:(?P<who>[^\s:][^:]{0,200}?)|:\s*(?P<names>[^:]{1,200}?))\s*(?P<end>:|\.?$)(?P<rest>.*)"
)
_ACTION = re.compile(r"\s*ACTIONS?\s*\d{0,2}\s*[:.\t]\s*(?P<rest>.*)", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:asks?|requests?|invites?|would like|encourages?|suggests?|expects?|urges?|seeks?|appreciates?)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:asks?|requests?|invites?|encourages?|urges?)\s+(?P<who>\S.{0,150}?)\s+to\b", re.IGNORECASE
)
_EVERYBODY = re.compile(
    r"(?:all|everybody)(?:\s+(?:groups|addressees|recipients|of the above))?", re.IGNORECASE
)
_GROUPS = re.compile(r"\s+(?:groups?|WGs?)\s*$", re.IGNORECASE)
#: Words of a party's name: with a capital or a digit, except these.
_PARTY = re.compile(r"\W*(?:[A-Z0-9].*|oneM2M|and|of|on|for|the)")

#: "by the end of 15 January": what may stand between the word and the day. "provided by SA3 on …" is none.
_DEADLINE = re.compile(
    r"\b(?:by|before|until|till|(?:no|not) later than|due)\b"
    r"(?:\s+(?:by|on|the|end|of|latest|\w{3,6}day,?)){0,6}\s*$"
    r"|\bdeadline\b[^.;]{0,40}$",
    re.IGNORECASE,
)

STATED, ASKED_IN_TEXT, ASKED_OF_ALL = "stated", "asked in the text", "asked of all addressees"
_CONFIDENCE = {STATED: 1.0, ASKED_IN_TEXT: 0.8, ASKED_OF_ALL: 0.7}


@dataclass(frozen=True, slots=True)
class FoundAction:
    """An action, the words that say who is asked, and how sure that is."""

    action: RequestedAction
    words: str
    rule: str

    @property
    def confidence(self) -> float:
        return _CONFIDENCE[self.rule]


@dataclass(slots=True)
class _Draft:
    heading: str
    locator: str
    addressees: tuple[Reference, ...] | None
    lines: list[str] = field(default_factory=list)


def requested_actions(
    lines: list[Line], to: tuple[Reference, ...], deadline: str | None = None
) -> Iterator[FoundAction]:
    """The actions of the section, in order.

    An action is asked of whom its heading ("To SA3 and SA5:") names, else of whom its words name, else of all
    in ``to``. ``deadline`` is one stated for the whole statement.
    """
    for draft in _drafts(lines):
        text = " ".join(" ".join(draft.lines).split())
        if not text or is_placeholder(text):
            continue
        addressees, rule = draft.addressees, STATED
        if addressees is None and (asked := _ASKED.search(text)) and _are_parties(asked["who"]):
            addressees, rule = named_parties(asked["who"], "action", draft.locator), ASKED_IN_TEXT
        if not addressees:
            names = ((r.text, r.locator) for r in to)
            addressees = tuple(
                Reference(text=name, field="action", kind="organization", locator=locator)
                for name, locator in names
            )
            rule = STATED if draft.addressees == () or len(to) == 1 else ASKED_OF_ALL
        action = RequestedAction(
            addressees=addressees,
            text=text,
            locator=draft.locator,
            deadline=stated_deadline(text) or deadline,
        )
        yield FoundAction(action, f"{draft.heading} {text}".strip(), rule)


def _drafts(lines: list[Line]) -> Iterator[_Draft]:
    """Parts the section at "To …" and "ACTION:". Words before the first are an action only if they ask."""
    draft: _Draft | None = None
    for line in lines:
        if not line.words:
            continue
        heading = _heading(line)
        if heading is not None:
            if draft:
                yield draft
            draft, rest = heading
        else:
            rest = line.text
        marked = _ACTION.fullmatch(rest)
        if marked:
            rest = marked["rest"]
            if draft and any(draft.lines):
                yield draft
                draft = _Draft(draft.heading, line.locator, draft.addressees)
        if draft is None:
            if not marked and not _ASKS.search(rest):
                continue
            draft = _Draft("", line.locator, None)
        draft.lines.append(rest)
    if draft:
        yield draft


def _heading(line: Line) -> tuple[_Draft, str] | None:
    match = _TO.fullmatch(line.text)
    if match is None:
        return None
    who = _GROUPS.sub("", (match["who"] or match["names"]).strip(" .\t"))
    heading = " ".join(line.text[: match.end("end")].split())
    if _EVERYBODY.fullmatch(who):
        return _Draft(heading, line.locator, ()), match["rest"]
    if not _are_parties(who):  # "To that end, SA2 asks: …" is a sentence
        return None
    return _Draft(heading, line.locator, named_parties(who, "action", line.locator)), match["rest"]


def _are_parties(words: str) -> bool:
    parties = named_parties(words, "action", "")
    return bool(parties) and all(
        _PARTY.match(word) for party in parties for word in outside_parentheses(party.text)[0].split()
    )


def stated_deadline(text: str) -> str | None:
    """The day by which something is asked ("by 15 January 2024"); None where no day is stated."""
    for date in dates_in(text):
        if _DEADLINE.search(text[max(date.start - 80, 0) : date.start]):
            return date.last
    return None


# --- meetings

_MEETING_NAME = re.compile(r"^(.*?#\s?[\w.-]+(?:[ -](?:bis|ter|e|ad[ -]?hoc)(?:-e)?\b)?)", re.IGNORECASE)
_EDGES = " \t,;:–—-|()"
_UNKNOWN_PLACE = re.compile(r"(?:TB[DCA]|to be (?:defined|decided|confirmed|announced))\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundMeeting:
    """A meeting, the words of its line, and whether its day and month could be the other way round."""

    meeting: AnnouncedMeeting
    words: str
    ambiguous: bool


def announced_meetings(lines: list[Line]) -> Iterator[FoundMeeting]:
    """Each meeting of the section, in order.

    A line is a meeting when it has a name and a date, or a name with the "#" of a meeting's number.
    """
    for line in lines:
        date = next(iter(dates_in(line.text)), None)
        before = line.text[: date.start] if date else line.text
        after = line.text[date.stop :].strip(_EDGES) if date else ""
        numbered = _MEETING_NAME.match(before)
        name = (
            numbered[1] if numbered else before.split("\t")[0] if "\t" in before.strip() else before
        ).strip(_EDGES)
        if not name or not (date or numbered):
            continue
        between = before[numbered.end() if numbered else before.find(name) + len(name) :].strip(_EDGES)
        place = " ".join((after or between).split())
        meeting = AnnouncedMeeting(
            name=" ".join(name.split()),
            locator=line.locator,
            begin=date.begin if date else None,
            end=date.end if date else None,
            place=place if place and not _UNKNOWN_PLACE.fullmatch(place) else None,
        )
        yield FoundMeeting(meeting, line.words, bool(date and date.ambiguous))
