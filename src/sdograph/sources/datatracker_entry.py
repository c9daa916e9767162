"""An entry of the IETF Datatracker as a liaison statement, whether from its API or from an index of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from sdograph import identifiers as ids
from sdograph.model import Evidence, LiaisonStatement, Purpose, Reference, RequestedAction
from sdograph.sources.tdoc_remarks import read_remarks
from sdograph.sources.tdocs import NO_TITLE, numbers_of

LAYOUT = "datatracker"

#: Slug of the API, and words of the site -> purpose.
_PURPOSES: dict[str, Purpose] = {
    "action": "action", "for action": "action",
    "comment": "comment", "for comment": "comment",
    "info": "information", "for information": "information",
    "response": "response", "in response": "response",
}  # fmt: skip
_WORDS = {purpose: words for words, purpose in _PURPOSES.items() if " " in words}
TAKEN = "Action Taken"
NEEDED = "Action Needed"

_REPLY = re.compile(r"\W*(?:re\b|(?:ls\s+)?(?:reply|response|answer)\b)", re.IGNORECASE)
#: "(title not in the stored text) YANG for OAM": words of who made the index.
_NO_TITLE = re.compile(r"\([^()]*\bnot\b[^()]*\)")
#: "SG13-LS-165", "LIAISE-439", "ZSM(25)000129r1": a word of letters and digits with a hyphen or a year.
_NUMBER = re.compile(r"(?=\S*[A-Za-z])(?=\S*[-(])[\w.()-]{3,40}(?<=\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Entry:
    """An entry of the Datatracker, as far as it is read."""

    id: int
    title: str
    senders: list[str]
    receivers: list[str]
    locator: str
    purpose: str = ""
    """Words of the site, or the slug of the API."""
    deadline: str | None = None
    tag: str = ""
    date: str | None = None
    number_words: str = ""
    """Where the sender's number stands, among other words perhaps."""
    refers_to: list[Reference] = field(default_factory=list)
    referred_by: list[Reference] = field(default_factory=list)

    @property
    def number(self) -> str:
        return ids.datatracker_number(self.id)

    @property
    def sender_number(self) -> str | None:
        words = re.split(r"[\s;,]+", self.number_words.strip())
        return ids.document_number(words[0]) if _NUMBER.fullmatch(words[0]) else None

    def statement(self) -> LiaisonStatement:
        purpose = _PURPOSES.get(self.purpose.casefold())
        own = self.sender_number
        to = _parties("to", self.receivers, self.locator)
        replies = purpose == "response" or is_reply(self.title)
        has_title = bool(self.title) and not _NO_TITLE.match(self.title)
        earlier = numbers_of(read_remarks(self.number_words).revision_of)
        evidence = [
            Evidence(field=name, text=text, locator=self.locator, rule=rule)
            for name, text, rule in (
                ("title", self.title if has_title else "", "stated"),
                ("number", self.number, "entry of the Datatracker"),
                ("number", self.number_words if own else "", "sender's number"),
                ("date", self.date or "", "submitted"),
                ("purpose", self.purpose, "stated"),
                ("deadline", self.deadline or "", "stated"),
                ("outcome", self.tag, "stated"),
            )
            if text
        ]
        evidence += [
            Evidence(field="in_reply_to" if replies else "related", text=r.text, locator=self.locator,
                     rule="refers to it", confidence=0.9 if replies else 0.5)
            for r in self.refers_to
        ]  # fmt: skip
        return LiaisonStatement(
            layout=LAYOUT,
            title=self.title if has_title else NO_TITLE,
            sender=_parties("sender", self.senders, self.locator),
            to=to,
            date=self.date,
            number=own or self.number,
            received_numbers=(self.number,) if own else (),
            purposes=tuple((r.text, purpose) for r in to) if purpose else (),
            in_reply_to=tuple(self.refers_to) if replies else (),
            answered_by=tuple(self.referred_by),
            actions=tuple(self._actions(purpose)),
            earlier_numbers=tuple(earlier),
            outcome=self.tag if self.tag == TAKEN else None,
            evidence=tuple(evidence),
        )

    def _actions(self, purpose: Purpose | None) -> Iterator[RequestedAction]:
        """What is asked by a day, action or comment, of whom it is sent to."""
        if self.deadline is None or purpose is None:
            return
        asked = _parties("action", self.receivers, self.locator) if purpose in ("action", "comment") else ()
        text = _WORDS[purpose].capitalize()
        yield RequestedAction(addressees=asked, text=text, locator=self.locator, deadline=self.deadline)


def day(text: object) -> str | None:
    """The day that a date or time begins with, None for anything else."""
    found = _DAY.match(text) if isinstance(text, str) else None
    return found[0] if found else None


def is_reply(title: str) -> bool:
    """Whether a title says that its statement is an answer ("Re: …", "Reply LS on …")."""
    return bool(_REPLY.match(title))


def _parties(
    field: Literal["sender", "to", "action"], names: Iterable[str], locator: str
) -> tuple[Reference, ...]:
    # Acronyms of the Datatracker are those of the IETF's own groups, or begin with another body's name.
    return tuple(
        Reference(text=name, field=field, kind="organization", locator=locator, context="IETF")
        for name in dict.fromkeys(names)
    )
