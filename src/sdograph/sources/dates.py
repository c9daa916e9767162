"""Dates as people write them in documents, single and as ranges.

Only what is written is read: a day, month and year, the month in English, French or Spanish. Two-digit years,
relative dates ("next week") and days that do not exist are no dates. Where the order of day and month cannot
be told ("05/09/2023") the date is read day first, as is the custom in Europe, and marked ambiguous.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    """A date or a range of days found in a text.

    ``begin`` and ``end`` are ISO 8601 dates; ``begin`` has month precision ("2023-11") where no day is
    written. ``end`` is None unless a range is written. ``start`` and ``stop`` say where in the text it is.
    """

    begin: str
    end: str | None
    start: int
    stop: int
    ambiguous: bool = False

    @property
    def last(self) -> str:
        """The last day of a range, or the date itself."""
        return self.end or self.begin

    @property
    def has_day(self) -> bool:
        return len(self.begin) == len("2023-11-13")


_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


def is_date(text: str) -> bool:
    """Whether a text is an ISO 8601 date of day, month or year precision that exists."""
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


# Replacements of equal length: the places found in the plain text are places in the original.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " "),
    }
)
#: The first letters of the months in English, French and Spanish, without accents.
_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "mar": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5,
    "jun": 6, "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aou": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10,
    "nov": 11, "dec": 12, "dic": 12,
}  # fmt: skip

_WEEKDAY = (
    r"(?:(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|mi[e\u00e9]rcoles|jueves|viernes|s[a\u00e1]bado|domingo)\.?,?\ {1,3})?"
)
_DAY = r"\d{1,2}(?!\d)(?:\ ?(?:(?:st|nd|rd|th|er)\b|[\u00ba\u00b0]))?(?:\ (?:of|de)\b)?"
_MONTH = (
    r"(?:jan(?:uary|vier|v)?|ene(?:ro)?|feb(?:ruary|rero)?|f[e\u00e9]v(?:rier|r)?|mar(?:ch|s|zo)?"
    r"|apr(?:il)?|avr(?:il)?|abr(?:il)?|mayo?|mai|june?|junio|juin|july?|julio|juil(?:let)?"
    r"|aug(?:ust)?|ao[u\u00fb]t|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:iembre)?|oct(?:ober|obre|ubre)?"
    r"|nov(?:ember|embre|iembre)?|d[e\u00e9]c(?:ember|embre)?|dic(?:iembre)?)(?![^\W\d_])\.?"
)
_YEAR = r"(?:19|20)\d\d(?!\d)"
_GAP = r"[\ ,-]{0,3}(?:del?\ )?"
_TO = r"\ {0,3}(?:-|to|through|until|till|au|al|\u00e0)\ {0,3}"
_ISO = r"(?:19|20)\d\d([-/.])\d\d?\{}\d\d?(?!\d)"

_DATES = re.compile(
    rf"""(?<![\w/.])(?:
      (?P<iso1>{_ISO.format(2)})(?:{_TO}|/)(?P<iso2>{_ISO.format(4)})
    | (?P<iso>{_ISO.format(6)})
    | (?P<d1>{_DAY})(?:{_GAP}(?P<m1>{_MONTH})(?:{_GAP}(?P<y1>{_YEAR}))?)?
      {_TO}{_WEEKDAY}(?P<d2>{_DAY}){_GAP}(?P<m2>{_MONTH}){_GAP}(?P<y2>{_YEAR})
    | (?P<n1>{_MONTH})\ {{0,2}}(?P<e1>{_DAY})(?:{_GAP}(?P<z1>{_YEAR}))?
      {_TO}{_WEEKDAY}(?:(?P<n2>{_MONTH})\ {{0,2}})?(?P<e2>{_DAY}){_GAP}(?P<z2>{_YEAR})
    | (?P<d>{_DAY}){_GAP}(?P<m>{_MONTH}){_GAP}(?P<y>{_YEAR})
    | (?P<n>{_MONTH})\ {{0,2}}(?P<e>{_DAY}){_GAP}(?P<z>{_YEAR})
    | (?P<a>\d\d?)(?P<s>[-/.])(?P<b>\d\d?)(?P=s)(?P<c>{_YEAR})
    | (?P<om>{_MONTH}){_GAP}(?P<oy>{_YEAR})
    )""",
    re.IGNORECASE | re.VERBOSE,
)


def dates_in(text: str) -> list[WrittenDate]:
    """Every date and range of days in a text, in order."""
    found = []
    for match in _DATES.finditer(text.translate(_PLAIN)):
        days = _days(match)
        if days is not None:
            begin, end, ambiguous = days
            found.append(
                WrittenDate(begin=begin, end=end, start=match.start(), stop=match.end(), ambiguous=ambiguous)
            )
    return found


def _days(match: re.Match[str]) -> tuple[str, str | None, bool] | None:
    """First day, last day and whether it is ambiguous; None when the words name no day there is."""
    part = match.groupdict()
    begin: str | None
    end: str | None
    if part["iso1"]:
        begin, end = _iso_day(part["iso1"]), _iso_day(part["iso2"])
        return _range(begin, end)
    if part["iso"]:
        return _single(_iso_day(part["iso"]))
    if part["d2"]:
        return _written_range(part["y1"], part["m1"], part["d1"], part["y2"], part["m2"], part["d2"])
    if part["e2"]:
        last_month = part["n2"] or part["n1"]
        return _written_range(part["z1"], part["n1"], part["e1"], part["z2"], last_month, part["e2"])
    if part["d"]:
        return _single(_day(part["y"], _month(part["m"]), part["d"]))
    if part["e"]:
        return _single(_day(part["z"], _month(part["n"]), part["e"]))
    if part["a"]:
        return _numeric(int(part["a"]), int(part["b"]), part["c"])
    return f"{part['oy']}-{_month(part['om']):02}", None, False


def _single(day: str | None) -> tuple[str, None, bool] | None:
    return (day, None, False) if day else None


def _range(begin: str | None, end: str | None) -> tuple[str, str | None, bool] | None:
    if begin is None or end is None or begin > end:
        return None
    return begin, end if end != begin else None, False


def _written_range(
    year1: str | None, month1: str | None, day1: str, year2: str, month2: str, day2: str
) -> tuple[str, str | None, bool] | None:
    last_month = _month(month2)
    first_month = _month(month1) if month1 else last_month
    # "28 December - 3 January 2020" begins in the year before the one that is written.
    first_year = year1 or str(int(year2) - (first_month > last_month))
    return _range(_day(first_year, first_month, day1), _day(year2, last_month, day2))


def _numeric(first: int, second: int, year: str) -> tuple[str, None, bool] | None:
    if first > 12 or first == second:
        return _single(_day(year, second, str(first)))
    if second > 12:
        return _single(_day(year, first, str(second)))
    day = _day(year, second, str(first))
    return (day, None, True) if day else None


def _month(name: str) -> int:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if c.isascii())
    return _MONTHS.get(plain[:4]) or _MONTHS[plain[:3]]


def _iso_day(text: str) -> str | None:
    year, month, day = re.split(r"[-/.]", text)
    return _day(year, int(month), day)


def _day(year: str, month: int, day: str) -> str | None:
    number = int(re.match(r"\d+", day)[0])  # type: ignore[index]  # _DAY begins with a digit
    try:
        return datetime.date(int(year), month, number).isoformat()
    except ValueError:
        return None
