"""Dates as people write them. Expected values follow from the calendar and ISO 8601."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.sources.dates import dates_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18th September 2023", "2023-09-18"),
        ("18 September 2023", "2023-09-18"),
        ("September 18, 2023", "2023-09-18"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("2023-09-18", "2023-09-18"),
        ("2023/9/8", "2023-09-08"),
        ("18-Sep-2023", "2023-09-18"),
        ("18.09.2023", "2023-09-18"),
        ("1st of May 2024", "2024-05-01"),
        ("Monday, 18\u00a0September\u00a02023", "2023-09-18"),
        ("29 February 2024", "2024-02-29"),
        ("MARCH 3rd 2025", "2025-03-03"),
    ],
)
def test_single_days(text: str, expected: str) -> None:
    (date,) = dates_in(text)
    assert (date.begin, date.end, date.ambiguous) == (expected, None, False)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("26 - 30 November, 2018", "2018-11-26", "2018-11-30"),
        ("13-17 Nov 2023", "2023-11-13", "2023-11-17"),
        ("13\u201317 Nov 2023", "2023-11-13", "2023-11-17"),
        ("30 November - 4 December 2020", "2020-11-30", "2020-12-04"),
        ("30 December 2020 \u2013 4 January 2021", "2020-12-30", "2021-01-04"),
        ("28 December - 3 January 2020", "2019-12-28", "2020-01-03"),
        ("October 09 \u2013 13, 2023", "2023-10-09", "2023-10-13"),
        ("Nov 30 - Dec 4, 2020", "2020-11-30", "2020-12-04"),
        ("17th \u2013 28th August 2020", "2020-08-17", "2020-08-28"),
        ("6th to 10th November 2023", "2023-11-06", "2023-11-10"),
        ("Monday 6 - Friday 10 November 2023", "2023-11-06", "2023-11-10"),
        ("26th February \u2013 1st March 2024", "2024-02-26", "2024-03-01"),
        ("2023-11-13 - 2023-11-17", "2023-11-13", "2023-11-17"),
        ("2023-11-13 to 2023-11-17", "2023-11-13", "2023-11-17"),
    ],
)
def test_ranges_of_days(text: str, begin: str, end: str) -> None:
    (date,) = dates_in(text)
    assert (date.begin, date.end, date.last) == (begin, end, end)


@pytest.mark.parametrize(
    ("text", "expected", "ambiguous"),
    [
        ("18/09/2023", "2023-09-18", False),
        ("09/18/2023", "2023-09-18", False),
        ("05/05/2023", "2023-05-05", False),
        ("05/09/2023", "2023-09-05", True),
        ("5.9.2023", "2023-09-05", True),
    ],
)
def test_numeric_dates_are_ambiguous_where_both_could_be_months(
    text: str, expected: str, ambiguous: bool
) -> None:
    (date,) = dates_in(text)
    assert (date.begin, date.ambiguous) == (expected, ambiguous)


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2023",
        "29 February 2023",
        "30 - 4 December 2020",
        "18 September",
        "18/09/23",
        "next Friday",
        "S2-1812758",
        "TS 33.501 V18.1.0",
        "32/13/2023",
        "2023-13-01",
        "",
    ],
)
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert dates_in(text) == []


def test_a_month_without_a_day_has_month_precision() -> None:
    (date,) = dates_in("planned for November 2023")
    assert (date.begin, date.has_day) == ("2023-11", False)


def test_several_dates_with_their_places() -> None:
    text = "from 3 March 2025 in Rome, then 7\u201311 April 2025"
    first, second = dates_in(text)
    assert text[first.start : first.stop] == "3 March 2025"
    assert text[second.start : second.stop] == "7\u201311 April 2025"


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d-%b-%Y"]),
)
def test_every_day_written_out_is_read_back(day: datetime.date, form: str) -> None:
    (date,) = dates_in(f"on {day.strftime(form)}.")
    assert date.begin == day.isoformat()


@given(st.text(st.sampled_from("0123456789-/. thstNovmberJanyMc,\u2013"), max_size=60))
def test_any_text_gives_days_of_the_calendar_in_order(text: str) -> None:
    for date in dates_in(text):
        begin = datetime.date.fromisoformat(date.begin if date.has_day else f"{date.begin}-01")
        assert date.end is None or begin <= datetime.date.fromisoformat(date.end)
        assert 0 <= date.start < date.stop <= len(text)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("18 septembre 2023", "2023-09-18", None),
        ("1er mars 2024", "2024-03-01", None),
        ("5 ao\u00fbt 2024", "2024-08-05", None),
        ("23 juil. 2022", "2022-07-23", None),
        ("du 3 au 14 mars 2025", "2025-03-03", "2025-03-14"),
        ("30 avril - 3 mai 2024", "2024-04-30", "2024-05-03"),
        ("18 de septiembre de 2023", "2023-09-18", None),
        ("del 3 al 14 de marzo de 2025", "2025-03-03", "2025-03-14"),
        ("31 de diciembre 2024", "2024-12-31", None),
        ("6-16 November2017", "2017-11-06", "2017-11-16"),
        ("2024-03-04/2024-03-08", "2024-03-04", "2024-03-08"),
        ("Feb 26 - March 1, 2024", "2024-02-26", "2024-03-01"),
    ],
)
def test_months_in_french_and_spanish_and_ranges_run_together(text: str, begin: str, end: str | None) -> None:
    (date,) = dates_in(text)
    assert (date.begin, date.end) == (begin, end)
