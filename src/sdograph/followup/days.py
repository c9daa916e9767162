"""Days of a calendar: how far away a date is that may name only a month or a year."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime

from sdograph.errors import UsageError


def day(text: str | None, name: str = "as_of") -> date:
    """The day that a text names as YYYY-MM-DD, today in UTC without one; raises UsageError for another."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        if len(text) != 10:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", where=name, hint="write it as 2023-12-04") from None


def last_day(text: str) -> date | None:
    """The last day of a date of day, month or year precision; None for what is no date."""
    try:
        year, *rest = (int(part) for part in text.split("-"))
        if not rest:
            return date(year, 12, 31)
        return date(year, rest[0], rest[1] if len(rest) > 1 else monthrange(year, rest[0])[1])
    except (ValueError, IndexError):
        return None


def by(written: str, when: date) -> bool:
    """Whether a date is on or before a day, as far as the date tells."""
    return written <= when.isoformat()[: len(written)]
