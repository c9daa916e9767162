"""Rows about liaison statements -> liaison statements, with their numbers told apart.

The column ``ls_ref`` holds the number its sender gave the statement and, in brackets, those its receivers
gave it: "C4-244497 [S3-251218]"; "[S3-251818]" where only the receiver's is known. What stands before the
brackets may also be a file name or a title ("LS to SA2 5WWC status from CableLabs [S2-2002626]"): then the
statement has no number of its own. "datatracker 2010 / ZSM(25)000129r1" is entry 2010 of the IETF
Datatracker, which gives a number to what has none. "(rev of S2-1811878)" names an earlier revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sdograph import identifiers as ids
from sdograph.model import (
    Evidence,
    LiaisonStatement,
    Purpose,
    Record,
    Reference,
    ReferenceKind,
    RequestedAction,
)
from sdograph.sources.fact_tables.known import Known
from sdograph.sources.fact_tables.rows import Row
from sdograph.sources.fact_tables.values import DESCRIBED, dated, official_title

LAYOUT = "fact-table"

PURPOSES: dict[str, Purpose] = {
    "action": "action",
    "info": "information",
    "information": "information",
    "comment": "comment",
    "response": "response",
}

#: What was only planned when the source was written is less sure than what a row states otherwise.
_PLANNED = 0.3

_RECEIVED = re.compile(r"\[([^\[\]]*)\]")
_REVISION = re.compile(r"\((?:rev|revision) of ([^()]+)\)")
_DATATRACKER = re.compile(r"datatracker (\d+)")
_ATTACHMENTS = re.compile(r"\s*\+ \d+ attachments?$")
_REMARK = re.compile(r"\((.*)\)")
#: "TDAG - LS 3 (RAG19/4)": in parentheses after a number of its own, the receiver's.
_IN_PARENTHESES = re.compile(r"(?P<number>[^()]+?) \((?P<received>[A-Z]+[\d()]*/[\w.-]+)\)")
_BBF = re.compile(r"LIAISE-\d+(?:-\d+)?(?!\w)")
#: "SP-260003_EMTEL(25)000054r1": a file that its receiver named after both numbers.
_BOTH = re.compile(r"(?P<received>[SRC][P1-6]-\d{6,7})_(?P<own>\S+)")
#: Words that are a part of numbers: "5GJA9 Doc 131", "Packet 100_202".
_NUMBER_WORDS = frozenset(("doc", "packet", "rev"))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers in one cell. ``words`` is what stands there in the place of a number."""

    number: str | None = None
    received: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    words: str | None = None


def read_numbers(text: str) -> Numbers:
    """The numbers of a statement from the column ``ls_ref``."""
    inside = "; ".join(_RECEIVED.findall(text))
    received = [ids.document_number(n) for n in re.split(r"[;,]", inside) if n.strip()]
    rest = _RECEIVED.sub("", text).strip()
    earlier = tuple(map(ids.document_number, _REVISION.findall(rest)))
    rest = _once(_ATTACHMENTS.sub("", _REVISION.sub("", rest).strip()))
    number = words = None
    for part in (p.strip() for p in re.split(r"\s+/\s+", rest)):
        if entry := _DATATRACKER.fullmatch(part):
            received.append(ids.datatracker_number(int(entry[1])))
        elif found := _number(part):
            # Several: the first is the sender's, the others those of groups that handled it.
            number, received = number or found[0], [*received, *(found if number else found[1:])]
        elif part:
            words = part
    if number is None and received and received[-1].startswith("datatracker ") and not inside:
        number = received.pop()  # the Datatracker knows it by that, and nobody by anything else
    return Numbers(number, tuple(dict.fromkeys(received)), earlier, words)


def _once(text: str) -> str:
    """Without what a slip of the table repeats: "R6-180164) (R6-180164" -> "R6-180164"."""
    left, found, right = text.partition(") (")
    if found and right.strip("() ") == left.strip("() "):
        return left.strip("() ")
    return right.strip() if found and "(" not in right and not _number(left) else text


def _number(text: str) -> list[str]:
    """The number that a text is, with a receiver's behind it; [] for a title, a file name, a remark."""
    if found := _IN_PARENTHESES.fullmatch(text):
        return [ids.document_number(found["number"]), ids.document_number(found["received"])]
    if found := _BBF.match(text):
        return [found[0]]
    if found := _BOTH.fullmatch(text):
        return [found["own"], found["received"]]
    if _REMARK.fullmatch(text) or _DAY.search(text) or not any(map(str.isdigit, text)):
        return []
    words = [w for w in re.split(r"[\W\d_]+", text) if len(w) > 2 and sum(map(str.isupper, w)) < 2]
    if len(text) > 40 or any(w.casefold() not in _NUMBER_WORDS for w in words):
        return []
    return [ids.document_number(text)]


@dataclass(frozen=True, slots=True)
class Told:
    """What the table tells elsewhere of the statement that a receiver knows by a number."""

    number: str | None
    sender: str


@dataclass(slots=True)
class _Gathered:
    """What the rows of one statement say together."""

    numbers: Numbers
    title: str
    sender: Reference
    to: dict[str, Reference] = field(default_factory=dict)
    cc: dict[str, Reference] = field(default_factory=dict)
    dates: list[str] = field(default_factory=list)
    purposes: dict[str, Purpose] = field(default_factory=dict)
    in_reply_to: dict[str, Reference] = field(default_factory=dict)
    mentions: dict[str, Reference] = field(default_factory=dict)
    actions: list[RequestedAction] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    def statement(self) -> LiaisonStatement:
        """Without number and title it is called by what stands in the place of its number."""
        numbers = self.numbers
        named = numbers.number or self.title or numbers.words
        return LiaisonStatement(
            layout=LAYOUT,
            title=self.title or (numbers.words or "" if numbers.number is None else ""),
            sender=(self.sender,),
            to=tuple(self.to.values()),
            cc=tuple(self.cc.values()),
            # Nothing but sender and date would make one of many: a receiver's number tells more.
            date=min(self.dates, default=None) if named else None,
            number=numbers.number,
            received_numbers=numbers.received,
            earlier_numbers=numbers.earlier,
            purposes=tuple(self.purposes.items()),
            in_reply_to=tuple(self.in_reply_to.values()),
            mentions=tuple(self.mentions.values()),
            actions=tuple(self.actions),
            evidence=tuple(self.evidence),
        )


def statements(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """Rows with one number of one sender are one statement, received more than once.

    So are rows of one sender with the same words in the place of a number. It then has all the addressees and
    receivers' numbers, and the earliest date. Of the others with a receiver's number only, nothing tells that
    two are the same. A title that is none of the statement's own is left away.
    """
    told = {n: Told(_read(row).number, row.text("from_group")) for row in rows for n in _read(row).received}
    gathered: dict[tuple[str, ...], _Gathered] = {}
    for row in rows:
        numbers, sender = _read(row), row.text("from_group")
        title = official_title(row.optional("title")) or ""
        identity = (sender, numbers.number or numbers.words or row.locator)
        found = gathered.get(identity)
        if found is None:
            reference = _reference(row, "sender", "organization", sender)
            found = gathered[identity] = _Gathered(numbers, title, reference)
        else:
            found.numbers = replace(
                found.numbers,
                received=tuple(dict.fromkeys((*found.numbers.received, *numbers.received))),
                earlier=tuple(dict.fromkeys((*found.numbers.earlier, *numbers.earlier))),
            )
        found.title = found.title or title
        _add(found, row, known, told)
    for statement in gathered.values():
        yield statement.statement()


def _read(row: Row) -> Numbers:
    return read_numbers(row.text("ls_ref"))


def _add(found: _Gathered, row: Row, known: Known, told: Mapping[str, Told]) -> None:
    found.evidence += row.whole(row.text("ls_ref"))
    title = row.optional("title")
    if title and title != found.title:
        own = official_title(title) is not None
        found.evidence.append(row.evidence("title", title, confidence=None if own else DESCRIBED))
    to = [_reference(row, "to", "organization", n) for n in row.several("to_groups")]
    found.to |= {r.text: r for r in to if r.text not in found.to}
    cc = [_reference(row, "cc", "organization", n) for n in row.several("cc_groups")]
    found.cc |= {r.text: r for r in cc if r.text not in found.cc}
    date, note = dated(row, "date")
    if date is not None:
        found.dates.append(date)
        found.evidence.append(
            row.evidence("date", row.text("date"), confidence=_PLANNED if note == "planned" else None)
        )
    _purpose(found, row, to)
    for reference in _answered(row, known, told):
        found.in_reply_to.setdefault(reference.text, reference)
        if reference.text != row.text("in_reply_to"):
            found.evidence.append(row.evidence("in_reply_to", row.text("in_reply_to")))
    for code in row.several("mentions"):
        found.mentions.setdefault(code, _reference(row, "mention", "item", code))


def _reference(row: Row, where: str, kind: ReferenceKind, text: str, context: str | None = None) -> Reference:
    return Reference(text=text, field=where, kind=kind, locator=row.locator, context=context)


def _purpose(found: _Gathered, row: Row, to: Sequence[Reference]) -> None:
    """What the addressees get it for; a deadline is that of an action, which the row does not describe."""
    if (words := row.optional("purpose")) is not None:
        purpose = PURPOSES[row.one_of("purpose", PURPOSES)]
        found.purposes |= {r.text: purpose for r in to if r.text not in found.purposes}
        found.evidence.append(row.evidence("purpose", words))
    if (deadline := row.date("deadline")) is not None:
        asked = tuple(replace(r, field="action") for r in to) if words == "action" else ()
        found.actions.append(
            RequestedAction(
                addressees=asked, text=words or "deadline", locator=row.locator, deadline=deadline
            )
        )


_RECEIVED_AND_SENT = re.compile(r"(?P<received>\S+) \((?P<sent>[^()]+)\)(?: \((?P=sent)\))?")
_EITHER = re.compile(r"(?P<one>[\w-]+)/(?P<other>[\w-]+)")


def _answered(row: Row, known: Known, told: Mapping[str, Told]) -> Iterator[Reference]:
    """What the statement answers, by the number its sender gave it as far as the row or the table tells that.

    "S3-251218 (C4-244497)": the number of whoever answers, then that of whoever is answered.
    "S5-186491/S2-189049": the one that is not of the answering group's own series. What is no number is the
    title of a statement.
    """
    own = known.find(row.text("from_group"))
    for part in row.several("in_reply_to"):
        received, sent = None, part
        if found := _RECEIVED_AND_SENT.fullmatch(part):
            received, sent = ids.document_number(found["received"]), found["sent"]
        elif (found := _EITHER.fullmatch(part)) and (group := ids.tdoc_group(found["one"])):
            sent = found["other"] if group == own else found["one"]
        else:
            received = ids.document_number(part)
        answered = told.get(received) if received else None
        if answered is not None and sent == part:
            sent = answered.number or part
        context = answered.sender if answered else None
        yield _reference(row, "in_reply_to", "document", ids.document_number(sent), context)
