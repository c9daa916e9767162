"""From the rows of a meeting's list of documents to liaison statements: what all such lists share.

A row is a document of the meeting (in 3GPP: a TDoc). An incoming statement is one row. An outgoing one is
drafted, revised, merged with competing drafts and at last approved or not, a row each time: it becomes one
record with the numbers of all its drafts. A text that the meeting did not approve was not sent, and is no
statement. Why, and what of a row is believed: docs/decisions/0009-statements-in-tables.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

from sdograph import identifiers as ids
from sdograph.errors import LimitExceeded
from sdograph.linking.names import split_parties
from sdograph.model import Evidence, LiaisonStatement, Meeting, Purpose, Reference
from sdograph.sources.liaison.numbers import group_of
from sdograph.sources.tdoc_remarks import Said
from sdograph.sources.tdoc_rows import Host, Tdoc, cell
from sdograph.sources.tdoc_titles import addressees_in, answered_in, subject

NO_TITLE = "(title not stated)"
#: Real ones have had a dozen.
MAX_DRAFTS = 200
#: Rules of evidence.
STATED = "stated"
LAST_REVISION = "last revision, approved by the meeting"
HOST = "group of the meeting"
RECEIVED = "received by the meeting"
ANSWERED = "sender of the statement it answers"
IN_TITLE = "named in the title"
DRAFTS = "drafts of an answer"
NUMBER_IN_TITLE = "number in the title"
#: How the addressees are known where no column names them -> how sure that is.
ADDRESSED: Mapping[str, float] = {RECEIVED: 0.9, IN_TITLE: 1.0, ANSWERED: 0.8}
#: How sure it is that a statement answers the one whose number its title names: titles quote titles.
SURE_BY_TITLE = 0.8

_PURPOSES: Mapping[str, Purpose] = {
    "action": "action",
    "comment": "comment",
    "comments": "comment",
    "information": "information",
    "response": "response",
}


def records(tdocs: Iterable[Tdoc], host: Host, layout: str) -> Iterator[Meeting | LiaisonStatement]:
    """The meeting, then each liaison statement of its list, in the order of their (last) rows.

    References are as written and not yet linked; ``layout`` names the kind of list.
    """
    whole = Evidence(field="record", text=host.words, locator=host.locator)
    yield Meeting(group=host.group, name=host.meeting, evidence=(whole,))
    book = _Book(tdocs, host, layout)
    for tdoc in book.rows.values():
        if tdoc.is_statement:
            yield book.incoming(tdoc) if tdoc.direction == "in" else book.outgoing(tdoc)


class _Book:
    """The rows of a list by number, and how they hang together."""

    def __init__(self, tdocs: Iterable[Tdoc], host: Host, layout: str) -> None:
        self._host, self._layout = host, layout
        self.rows: dict[str, Tdoc] = {}
        for tdoc in tdocs:
            self.rows.setdefault(tdoc.number, tdoc)
        #: Number -> numbers of the texts it was made from, as its row or theirs say: revised, and merged.
        self._revised: dict[str, dict[str, None]] = {}
        self._merged: dict[str, dict[str, None]] = {}
        for number, tdoc in self.rows.items():
            said = tdoc.remarks
            later = numbers_of(said.revised_to)
            for old in numbers_of(said.revision_of):
                self._revised.setdefault(number, {})[old] = None
            for new in later:
                self._revised.setdefault(new, {})[number] = None
            for old in numbers_of(said.merges):
                # "Revised, merging A, to B": it is B that is made from both.
                for new in later or [number]:
                    self._merged.setdefault(new, {})[old] = None
            for new in numbers_of(said.merged_into):
                self._merged.setdefault(new, {})[number] = None
        #: Number of a draft or of a sent text -> numbers of the sent texts made from it.
        self._sent: dict[str, dict[str, None]] = {}
        #: Number of a sent text -> the incoming rows that call it their answer.
        self._answered: dict[str, list[Tdoc]] = {}
        for number, tdoc in self.rows.items():
            if tdoc.direction == "out" and tdoc.is_statement:
                for old in (number, *self._history(number, merged=True)):
                    self._sent.setdefault(old, {})[number] = None
            for answer in numbers_of(tdoc.remarks.answered_in):
                self._answered.setdefault(answer, []).append(tdoc)

    def _history(self, number: str, *, merged: bool) -> list[str]:
        """The numbers of the texts that a text was made from, with or without those merged into it.

        Raises LimitExceeded when there are more than any statement has.
        """
        found: dict[str, None] = {}
        waiting = [number]
        while waiting:
            new = waiting.pop()
            for old in (*self._revised.get(new, ()), *(self._merged.get(new, ()) if merged else ())):
                if old not in found and old != number:
                    found[old] = None
                    waiting.append(old)
            if len(found) > MAX_DRAFTS:
                raise LimitExceeded(
                    f"it has more than {MAX_DRAFTS} drafts",
                    where=number,
                    hint="correct the remarks of its rows",
                )
        return sorted(found, key=lambda n: (len(n), n))

    def _line(self, tdoc: Tdoc) -> list[Tdoc]:
        """The rows of a text and of all it is a revision of."""
        history = self._history(tdoc.number, merged=False)
        return [*(self.rows[n] for n in history if n in self.rows), tdoc]

    # --- records

    def incoming(self, tdoc: Tdoc) -> LiaisonStatement:
        said, sent = tdoc.remarks, tdoc.sent_as
        replies = list(self._replies([tdoc]))
        to, cc, purposes, addressed = self._received(tdoc)
        evidence = [
            *_common(tdoc),
            *_seen("received_number", tdoc, tdoc.number, rule="number at the meeting"),
            *_seen("received_number", tdoc, *said.formerly, rule="number at an earlier meeting"),
            *addressed,
            *_seen("answered_by", tdoc, *said.answered_in),
            *_seen("answered_by", tdoc, *said.drafted_in, rule=DRAFTS),
            *(e for _, _, e in replies),
        ]
        if tdoc.number_as_written:
            rule = "sender's number" if sent.number else "name of the document, no number"
            evidence += _seen("number", tdoc, tdoc.number_as_written, rule=rule)
        return LiaisonStatement(
            layout=self._layout,
            title=subject(tdoc.title) or NO_TITLE,
            sender=_parties("sender", [tdoc.sender], tdoc),
            to=to,
            cc=cc,
            number=sent.number,
            received_numbers=tuple(dict.fromkeys((tdoc.number, *numbers_of(said.formerly), *sent.received))),
            earlier_numbers=sent.earlier,
            purposes=purposes,
            in_reply_to=tuple(reference for reference, _, _ in replies),
            answered_by=tuple(_document("answered_by", n, tdoc) for n in self._answers(tdoc)),
            releases=_releases(tdoc),
            work_items=_work_items(tdoc),
            outcome=tdoc.outcome or None,
            evidence=tuple(evidence),
        )

    def outgoing(self, tdoc: Tdoc) -> LiaisonStatement:
        line = self._line(tdoc)
        replies = list(self._replies(line))
        answered = [row for _, row, _ in replies if row]
        answered += self._answered.get(tdoc.number, ())
        to, cc, addressed = self._addressees(tdoc, answered)
        return LiaisonStatement(
            layout=self._layout,
            title=subject(tdoc.title) or NO_TITLE,
            sender=(self._of_host("sender", tdoc),),
            to=to,
            cc=cc,
            number=tdoc.number,
            in_reply_to=tuple(reference for reference, _, _ in replies),
            releases=_releases(tdoc),
            work_items=_work_items(tdoc),
            earlier_numbers=tuple(self._history(tdoc.number, merged=True)),
            outcome=tdoc.outcome or None,
            evidence=(
                *_common(tdoc),
                *_seen("number", tdoc, tdoc.number, rule=LAST_REVISION),
                *_seen("sender", tdoc, self._host.words, rule=HOST),
                *addressed,
                *(e for _, _, e in replies),
                *(
                    e
                    for row in line
                    for e in _seen("earlier_number", row, *row.remarks.revision_of, *row.remarks.merges)
                ),
            ),
        )

    def _received(
        self, tdoc: Tdoc
    ) -> tuple[tuple[Reference, ...], tuple[Reference, ...], tuple[tuple[str, Purpose], ...], list[Evidence]]:
        """To and Cc as stated, else the group that received it; and what that group got it for."""
        to = _parties("to", split_parties(tdoc.to), tdoc)
        cc = _parties("cc", split_parties(tdoc.cc), tdoc)
        evidence = [
            *_seen("to", tdoc, *filter(None, [tdoc.to])),
            *_seen("cc", tdoc, *filter(None, [tdoc.cc])),
        ]
        host = next((r for r in (*to, *cc) if group_of(r.text) == self._host.group), None)
        if host is None:
            host = self._of_host("to", tdoc)
            to = (*to, host)
            evidence += _seen("to", tdoc, self._host.words, rule=RECEIVED)
        purpose = _PURPOSES.get(tdoc.purpose.casefold())
        if purpose is None:
            return to, cc, (), evidence
        return to, cc, ((host.text, purpose),), [*evidence, *_seen("purpose", tdoc, tdoc.purpose)]

    # --- what other rows tell

    def _answers(self, tdoc: Tdoc) -> list[str]:
        """The numbers of the answers that were sent: those called final, else what became of the drafts."""
        drafts = numbers_of(tdoc.remarks.drafted_in)
        return numbers_of(tdoc.remarks.answered_in) or list(
            dict.fromkeys(number for draft in drafts for number in self._sent.get(draft, ()))
        )

    def _replies(self, line: Iterable[Tdoc]) -> Iterator[tuple[Reference, Tdoc | None, Evidence]]:
        """What a statement answers, by its sender's number where the list tells it, with the answered row.

        Where the remarks do not say it, the title may.
        """
        rows = list(line)
        said = [
            (row, number, said) for row in rows for said in row.remarks.replies_to for number in said.numbers
        ]
        rule = STATED
        if not said:
            row, rule = rows[-1], NUMBER_IN_TITLE
            sender = self._host.group if row.direction == "out" else group_of(row.sender)
            own = {row.number, row.sent_as.number, *numbers_of(row.remarks.formerly)}
            said = [(row, n, Said((n,), row.title)) for n in answered_in(row.title, sender) if n not in own]
        seen = set()
        for row, number, words in said:
            if number in seen:
                continue
            seen.add(number)
            answered = self.rows.get(number)
            reference = _document("in_reply_to", number, row)
            if answered is not None and answered.direction == "in" and answered.sent_as.number:
                reference = replace(reference, text=answered.sent_as.number, context=answered.sender)
            (evidence,) = _seen("in_reply_to", row, words, rule=rule)
            yield reference, answered, evidence

    def _addressees(
        self, tdoc: Tdoc, answered: Iterable[Tdoc]
    ) -> tuple[tuple[Reference, ...], tuple[Reference, ...], list[Evidence]]:
        """To and Cc as stated, else as the title names them, else who sent what the statement answers."""
        to, cc, rule = split_parties(tdoc.to), split_parties(tdoc.cc), STATED
        words = (tdoc.to, tdoc.cc)
        if not to and not cc:
            to, cc = addressees_in(tdoc.title, self._host.group)
            words, rule = (tdoc.title, tdoc.title), IN_TITLE
        evidence = [
            e for f, names, w in zip(("to", "cc"), (to, cc), words, strict=True) if names
            for e in _seen(f, tdoc, w, rule=rule)
        ]  # fmt: skip
        if to or cc:
            return _parties("to", to, tdoc), _parties("cc", cc, tdoc), evidence
        senders: dict[str, Tdoc] = {}
        for row in answered:
            if row.direction == "in" and group_of(row.sender) != self._host.group:
                senders.setdefault(row.sender, row)
        for row in senders.values():
            evidence += _seen("to", row, row.source, rule=ANSWERED)
        return tuple(r for name, row in senders.items() for r in _parties("to", [name], row)), (), evidence

    def _of_host(self, field: Literal["sender", "to"], tdoc: Tdoc) -> Reference:
        where = f"{tdoc.locator}; {self._host.locator}"
        return Reference(text=self._host.name, field=field, kind="organization", locator=where)


def numbers_of(said: Iterable[Said]) -> list[str]:
    """The numbers that phrases name, each once."""
    return list(dict.fromkeys(number for one in said for number in one.numbers))


def _parties(field: Literal["sender", "to", "cc"], names: Iterable[str], tdoc: Tdoc) -> tuple[Reference, ...]:
    # A list of 3GPP names its own groups without its name: "RAN WG2", "CT3".
    return tuple(
        Reference(text=name, field=field, kind="organization", locator=tdoc.locator, context="3GPP")
        for name in dict.fromkeys(names)
    )


def _document(field: Literal["in_reply_to", "answered_by"], number: str, tdoc: Tdoc) -> Reference:
    return Reference(text=number, field=field, kind="document", locator=tdoc.locator)


def _releases(tdoc: Tdoc) -> tuple[Reference, ...]:
    return tuple(
        Reference(text=name, field="release", kind="release", locator=tdoc.locator, context="3GPP")
        for name in ids.release_names(tdoc.release)
    )


def _work_items(tdoc: Tdoc) -> tuple[Reference, ...]:
    codes = (cell(code) for code in re.split(r"[,;/]", tdoc.work_items))
    return tuple(
        Reference(text=code, field="work_item", kind="item", locator=tdoc.locator, context="3GPP")
        for code in dict.fromkeys(codes)
        if code
    )


def _common(tdoc: Tdoc) -> Iterator[Evidence]:
    if tdoc.title:
        yield from _seen("title", tdoc, tdoc.title)
    if tdoc.outcome:
        yield from _seen("outcome", tdoc, tdoc.outcome)


def _seen(field: str, tdoc: Tdoc, *words: str | Said, rule: str = STATED) -> list[Evidence]:
    texts = (w if isinstance(w, str) else w.words for w in words)
    sure = SURE_BY_TITLE if rule == NUMBER_IN_TITLE else ADDRESSED.get(rule, 1.0)
    return [
        Evidence(field=field, text=text, locator=tdoc.locator, rule=rule, confidence=sure) for text in texts
    ]
