"""Dates in the cells of tables and records: ISO 8601, of whatever precision the source has."""

from __future__ import annotations

import pytest

from sdograph.sources.dates import is_date


@pytest.mark.parametrize("text", ["2023-12-04", "2023-12", "2023", "2024-02-29"])
def test_days_months_and_years_are_dates(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-29",
        "2023-13",
        "2023-00",
        "0000",
        "23-12-04",
        "20231204",
        "2023-Q4",
        "2023-12-04 ",
        "２０２３",
    ],
)
def test_what_does_not_exist_or_is_written_otherwise_is_none(text: str) -> None:
    assert not is_date(text)
