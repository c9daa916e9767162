"""When a statement was sent and by when it asks for an answer."""

from __future__ import annotations

from dataclasses import dataclass

from sdograph.sources.dates import WrittenDate, dates_in
from sdograph.sources.liaison.actions import stated_deadline
from sdograph.sources.liaison.sheet import Line, Sheet

AMBIGUOUS = "day before month, though it may be the other way round"
LAST_DAY = "last day of the meeting"
IN_HEAD = "day in the head"
APPROVAL = "day of approval"
#: Something a person should look at before relying on it.
FOR_REVIEW = 0.5


@dataclass(frozen=True, slots=True)
class Dated:
    """The date of a statement, and how it was read."""

    day: str
    words: str
    locator: str
    confidence: float
    rule: str


def date_of(sheet: Sheet) -> Dated | None:
    """The date of a statement: the one under a label for it, else the day of its approval, else the last day
    of the meeting that its head names. None where none of them can be read.
    """
    for line in sheet.values("date"):
        for date in dates_in(line.text):
            confidence, rule = sheet.stated("date").confidence, sheet.rule("date")
            if date.end:
                confidence, rule = 0.7, LAST_DAY
            return _dated(date, line, line.words, confidence, rule)
    for line in sheet.values("approval"):
        for date in dates_in(line.text):
            if date.has_day:
                return _dated(date, line, line.words, 0.9, APPROVAL)
    for line in (*sheet.values("meeting"), *sheet.opening, *sheet.values("question")):
        for date in dates_in(line.text):
            if date.has_day:
                words = " ".join(line.text[date.start : date.stop].split())
                return _dated(date, line, words, 0.7, LAST_DAY if date.end else IN_HEAD)
    return None


def _dated(date: WrittenDate, line: Line, words: str, confidence: float, rule: str) -> Dated:
    if date.ambiguous:
        confidence, rule = FOR_REVIEW, AMBIGUOUS
    elif not date.has_day:
        confidence, rule = 0.7, "month without a day"
    return Dated(date.last, words, line.locator, confidence, rule)


def deadline_of(sheet: Sheet) -> Dated | None:
    """The day by which the statement as a whole asks for an answer."""
    for line in sheet.values("deadline"):
        dates = dates_in(line.text)
        # "end of November 2022 (30 November 2022)"
        for date in sorted(dates, key=lambda found: not found.has_day):
            return _dated(date, line, line.words, 1.0, sheet.rule("deadline"))
    for field in ("purpose", "status"):
        for line in sheet.values(field):
            day = stated_deadline(line.text)
            for date in dates_in(line.text) if day else ():
                if date.last == day:
                    return _dated(date, line, line.words, 0.9, sheet.rule(field))
    return None
