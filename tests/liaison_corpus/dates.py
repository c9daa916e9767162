"""Days and ranges of days as people write them."""

from __future__ import annotations

import datetime

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
}

#: Forms that can be read in one way only.
CLEAR = ("18 September 2023", "18th September 2023", "2023-09-18", "September 18, 2023", "18 Sep 2023")
FORMS = (*CLEAR, "Monday, 18 September 2023", "18-Sep-2023", "18th of September, 2023", "Sept. 18th, 2023")
#: Forms in which day and month are numbers.
NUMBERS = ("18/09/2023", "18.09.2023")
RANGES = (
    "26 - 30 November, 2018",
    "26-30 Nov 2018",
    "26 – 30 November 2018",
    "26th - 30th November 2018",
    "November 26-30, 2018",
)


def ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def written(day: datetime.date, form: str, language: str = "en") -> str:
    """A day in the form of which ``form`` is the example."""
    month = MONTHS[language][day.month - 1]
    if language == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    weekday = day.strftime("%A")
    return {
        "18 September 2023": f"{day.day} {month} {day.year}",
        "18th September 2023": f"{ordinal(day.day)} {month} {day.year}",
        "2023-09-18": day.isoformat(),
        "September 18, 2023": f"{month} {day.day}, {day.year}",
        "18 Sep 2023": f"{day.day} {month[:3]} {day.year}",
        "Monday, 18 September 2023": f"{weekday}, {day.day} {month} {day.year}",
        "18-Sep-2023": f"{day.day:02d}-{month[:3]}-{day.year}",
        "18th of September, 2023": f"{ordinal(day.day)} of {month}, {day.year}",
        "Sept. 18th, 2023": f"{_short(month)} {ordinal(day.day)}, {day.year}",
        "18/09/2023": f"{day.day:02d}/{day.month:02d}/{day.year}",
        "18.09.2023": f"{day.day:02d}.{day.month:02d}.{day.year}",
    }[form]


def _short(month: str) -> str:
    """A month cut short, with its full stop."""
    return {"May": "May", "September": "Sept."}.get(month, month[:3] + ".")


def swapped(day: datetime.date) -> str | None:
    """The other day that "04/12/2023" could be, None where there is no other."""
    if day.day > 12 or day.day == day.month:
        return None
    return datetime.date(day.year, day.day, day.month).isoformat()


def written_range(first: datetime.date, last: datetime.date, form: str, language: str = "en") -> str:
    """A range of days in the form of which ``form`` is the example."""
    names = MONTHS[language]
    one, two = names[first.month - 1], names[last.month - 1]
    if language == "fr":
        days = f"{first.day}-{last.day} {two}" if one == two else f"{first.day} {one} – {last.day} {two}"
        return f"{days} {last.year}"
    if language == "es":
        days = (
            f"{first.day}-{last.day} de {two}"
            if one == two
            else f"{first.day} de {one} - {last.day} de {two}"
        )
        return f"{days} de {last.year}"
    if first.year != last.year:
        return f"{first.day} {one} {first.year} - {last.day} {two} {last.year}"
    if form == "November 26-30, 2018":
        return f"{one} {first.day}-{last.day if one == two else f'{two} {last.day}'}, {last.year}"
    short = form == "26-30 Nov 2018"
    one, two = (one[:3], two[:3]) if short else (one, two)
    numbers = [ordinal(d.day) if "th" in form else str(d.day) for d in (first, last)]
    dash = "-" if short and one == two else " – " if "–" in form else " - "
    comma = "," if form.endswith("November, 2018") else ""
    start = numbers[0] if one == two else f"{numbers[0]} {one}"
    return f"{start}{dash}{numbers[1]} {two}{comma} {last.year}"
