"""How much of what documents say was read: precision, recall and F1 by layout and field.

Every field is a set of values. A value of the truth that was read is a hit, one that was not is missed, and
what was read and is not true is false. Text is compared without regard to case, white space and quotation
marks; numbers without white space; a party that could not be linked by its words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .truth import Action, Party, Truth

#: The fields in the order in which tables show them.
FIELDS = (
    "title", "date", "sender", "to", "cc", "purpose", "number", "received_numbers", "in_reply_to", "releases",
    "work_items", "mentions", "actions", "attachments", "meetings", "approval",
)  # fmt: skip
#: Of two texts of an action so much must be the same words.
SAME_ACTION = 0.6
#: What is unsure goes to review: a date whose day and month may be the other way round has at most this.
UNSURE = 0.5


@dataclass(slots=True)
class Count:
    """Values read rightly, not read, and read though not there."""

    hits: int = 0
    missed: int = 0
    false: int = 0

    def __iadd__(self, other: Count) -> Count:
        self.hits += other.hits
        self.missed += other.missed
        self.false += other.false
        return self

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false) if self.hits + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        total = 2 * self.hits + self.missed + self.false
        return 2 * self.hits / total if total else 1.0


@dataclass(slots=True)
class Score:
    """Counts by field, and what went wrong as (field, "missed" or "false", value)."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def total(self) -> Count:
        total = Count()
        for count in self.counts.values():
            total += count
        return total

    def add(self, name: str, missed: Iterable[object], false: Iterable[object], hits: int) -> None:
        missed, false = list(missed), list(false)
        self.counts[name] += Count(hits, len(missed), len(false))
        self.faults += [(name, "missed", str(value)) for value in missed]
        self.faults += [(name, "false", str(value)) for value in false]

    def merge(self, other: Score) -> None:
        for name, count in other.counts.items():
            self.counts[name] += count
        self.faults += other.faults


def score(truth: Truth, record: Mapping[str, Any] | None) -> Score:
    """Compares a record with the truth; None for a document of which no record could be made."""
    found = Score()
    record = record or {}
    for name in FIELDS:
        if name == "approval" and "approval" not in record:
            continue  # the record has no fixed place for it
        hits, missed, false = _FIELD[name](truth, record)
        found.add(name, missed, false, hits)
    return found


def table(scores: Mapping[str, Score]) -> str:
    """Layouts by fields: F1 in per cent, and below it precision, recall and F1 over all."""
    rows = [["layout", *(f[:9] for f in FIELDS), "P", "R", "F1"]]
    whole = Score()
    for one in scores.values():
        whole.merge(one)
    for name, one in [*scores.items(), ("all", whole)]:
        cells = [
            f"{100 * one.counts[f].f1:.1f}" if f in one.counts and _any(one.counts[f]) else "" for f in FIELDS
        ]
        total = one.total
        rows.append([name, *cells, *(f"{100 * v:.2f}" for v in (total.precision, total.recall, total.f1))])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(w) if n else cell.ljust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _any(count: Count) -> bool:
    return bool(count.hits or count.missed or count.false)


# --- comparing

Result: TypeAlias = tuple[int, list[Any], list[Any]]


def plain(text: str) -> str:
    """The text without what no two copies of it share."""
    text = re.sub(r"[“”„\"'‘’`]", "", text).replace("–", "-").replace("‑", "-").replace("\u00ad", "")
    return " ".join(text.split()).casefold().rstrip(".;,")


def squeezed(text: str) -> str:
    """A number or code without white space and without the body's name before it."""
    text = re.sub(
        r"^(?:draft )?(?:(?:new )?recommendation |rec\. )?(?:3gpp |etsi |itu-[tr] |ietf )?(?:rec\. )?",
        "",
        plain(text),
    )
    return re.sub(r"\s", "", text)


def same_party(true: Party, read: object) -> bool:
    """Whether a party of the record, an id or ``{"text": …}``, is that of the truth."""
    if isinstance(read, str):
        return read == true.id
    if not isinstance(read, Mapping) or true.id is not None:
        return False
    mine, theirs = (set(re.findall(r"\w+", plain(t))) for t in (true.text, str(read.get("text", ""))))
    return bool(mine) and (mine <= theirs or theirs <= mine) and bool(theirs)


def _matched(true: Sequence[Any], read: Sequence[Any], same: Any) -> Result:
    left, hits, missed = list(read), 0, []
    for value in true:
        at = next((n for n, other in enumerate(left) if same(value, other)), None)
        if at is None:
            missed.append(value)
        else:
            hits += 1
            del left[at]
    return hits, missed, left


def _texts(true: Sequence[str], read: Sequence[str]) -> Result:
    return _matched(true, read, lambda a, b: plain(a) == plain(b))


def _codes(true: Sequence[tuple[str, ...]], read: Sequence[str]) -> Result:
    """Each of the truth may be read in several ways, and more than one of them is no fault."""
    hits, missed, left = 0, [], list(read)
    for ways in true:
        known = {squeezed(way) for way in ways}
        rest = [value for value in left if squeezed(value) not in known]
        if len(rest) < len(left):
            hits += 1
        else:
            missed.append(ways[0])
        left = rest
    return hits, missed, list(left)


def _title(truth: Truth, record: Mapping[str, Any]) -> Result:
    read = [record["title"]] if record.get("title") else []
    for title in (truth.title, *truth.titles):
        # A title over two lines may be joined by a dash, a colon or a blank.
        if read and re.findall(r"\w+", plain(read[0])) == re.findall(r"\w+", plain(title)):
            return 1, [], []
    return _texts([truth.title], read)


def _date(truth: Truth, record: Mapping[str, Any]) -> Result:
    read = record.get("date")
    true = [truth.date] if truth.date else []
    if read and truth.day_or_month and read in (truth.date, truth.day_or_month):
        evidence = record.get("evidence", {}).get("date", {})
        sure = evidence.get("confidence", 1.0) if isinstance(evidence, Mapping) else 1.0
        return (1, [], []) if sure <= UNSURE else (0, [f"doubt about {read}"], [f"{read} as certain"])
    return _matched(true, [read] if read else [], lambda a, b: a == b)


def _sender(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _matched(truth.sender, record.get("sender", []), same_party)


def _to_and_cc(truth: Truth, record: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Addressees and copies; those who may stand in either are put where the truth has them."""
    to, cc = list(record.get("to", [])), list(record.get("cc", []))
    for party in truth.either:
        for read in [r for r in cc if same_party(party, r)]:
            cc.remove(read)
            to.append(read)
    return to, cc


def _to(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _matched(truth.to, _to_and_cc(truth, record)[0], same_party)


def _cc(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _matched(truth.cc, _to_and_cc(truth, record)[1], same_party)


def _purpose(truth: Truth, record: Mapping[str, Any]) -> Result:
    parties = {p.key: p for p in (*truth.to, *truth.cc)}
    left = dict(record.get("purpose", {}))
    hits, missed = 0, []
    for key, purpose in truth.purpose.items():
        party = parties[key]
        read = next((k for k in left if same_party(party, k if party.id else {"text": k})), None)
        given = left.pop(read) if read is not None else None
        if purpose is None:
            continue
        if given == purpose:
            hits += 1
        else:
            missed.append(f"{key}: {purpose}")
            if given is not None:
                left[f"{key} (wrong)"] = given
    return hits, missed, [f"{k}: {v}" for k, v in left.items()]


def _number(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _codes([truth.number] if truth.number else [], [record["number"]] if record.get("number") else [])


def _received(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _codes(truth.received_numbers, record.get("received_numbers", []))


def _replies(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _codes(truth.in_reply_to, record.get("in_reply_to", []))


def _each(name: str) -> Any:
    def compare(truth: Truth, record: Mapping[str, Any]) -> Result:
        return _codes([(value,) for value in getattr(truth, name)], record.get(name, []))

    return compare


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", plain(text)))


def same_action(true: Action, read: Mapping[str, Any]) -> bool:
    mine, theirs = words(true.text), words(str(read.get("text", "")))
    return bool(mine | theirs) and len(mine & theirs) / len(mine | theirs) >= SAME_ACTION


def _actions(truth: Truth, record: Mapping[str, Any]) -> Result:
    """An action counts by its text, by each of its addressees, and by its deadline where it has one."""
    total: Result = (0, [], [])
    left = list(record.get("actions", []))
    for action in truth.actions:
        at = next((n for n, other in enumerate(left) if same_action(action, other)), None)
        read = left.pop(at) if at is not None else None
        total = _sum(total, _matched([action.text], [action.text] if read else [], lambda a, b: a == b))
        total = _sum(total, _matched(action.to, read["to"] if read else [], same_party))
        deadlines = [read["deadline"]] if read and read["deadline"] else []
        total = _sum(
            total, _matched([action.deadline] if action.deadline else [], deadlines, lambda a, b: a == b)
        )
    for read in left:
        total = _sum(total, (0, [], [read["text"], *read["to"]]))
    return total


def _sum(one: Result, other: Result) -> Result:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _attachments(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _texts(truth.attachments, record.get("attachments", []))


def _meetings(truth: Truth, record: Mapping[str, Any]) -> Result:
    """A meeting counts by its name, its days and its place, each with the name."""

    def parts(name: str, start: str | None, end: str | None, place: str | None) -> Iterator[tuple[str, ...]]:
        name = re.sub(r"\s", "", plain(name))
        yield ("name", name)
        if start or end:
            yield ("days", name, start or "", end or start or "")
        if place:
            yield ("place", name, plain(place))

    true = [p for m in truth.meetings for p in parts(m.name, m.start, m.end, m.place)]
    read = [p for m in record.get("meetings", []) for p in parts(m["name"], m["start"], m["end"], m["place"])]
    return _matched(true, read, lambda a, b: a == b)


def _approval(truth: Truth, record: Mapping[str, Any]) -> Result:
    return _texts(
        [truth.approval] if truth.approval else [], [record["approval"]] if record.get("approval") else []
    )


_FIELD: Mapping[str, Any] = {
    "title": _title,
    "date": _date,
    "sender": _sender,
    "to": _to,
    "cc": _cc,
    "purpose": _purpose,
    "number": _number,
    "received_numbers": _received,
    "in_reply_to": _replies,
    "releases": _each("releases"),
    "work_items": _each("work_items"),
    "mentions": _each("mentions"),
    "actions": _actions,
    "attachments": _attachments,
    "meetings": _meetings,
    "approval": _approval,
}
