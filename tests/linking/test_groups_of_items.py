"""Names of responsible groups in records of work items and specifications."""

from __future__ import annotations

import pytest

from sdograph.linking import Linker
from sdograph.model import Specification, Version, WorkItem

ISG, TC = "group/ETSI-ISG-SAI", "group/ETSI-TC-SAI"


def group_of(linker: Linker, record: WorkItem | Specification) -> tuple[str | None, tuple[str, ...]]:
    (reference,) = linker.link_groups(record).group_references
    return reference.target, reference.candidates


@pytest.mark.parametrize(
    ("begin", "end", "target"),
    [
        ("2023-12-04", None, TC),  # RTS/SAI-005, begun the day the committee took over
        ("2025-01-21", "2026-01-15", TC),
        ("2019-11-05", "2022-01", ISG),
        ("2019-10-23", None, None),  # begun by the one, and never said to have ended before the other
        ("2022-03-01", "2024-02-01", None),
        (None, "2022-01", ISG),
        (None, None, None),
    ],
)
def test_the_time_of_an_item_decides_between_a_group_and_its_successor(
    linker: Linker, begin: str | None, end: str | None, target: str | None
) -> None:
    item = WorkItem(
        body="ETSI", code="X", title=None, kind="work-item", group_names=("SAI",), begin=begin, end=end
    )
    assert group_of(linker, item) == (target, () if target else (ISG, TC))


@pytest.mark.parametrize(
    ("name", "dates", "target"),
    [
        ("Securing Artificial Intelligence", ("2022-01",), ISG),
        ("Securing Artificial Intelligence", ("2022-01", "2025-03"), TC),
        ("Securing Artificial Intelligence", ("2023-12",), None),
        ("Securing Artificial Intelligence", (), None),
        ("Securing Artificial Intelligence TC", ("2024-02",), TC),
        ("SAI", ("2023-06",), ISG),
    ],
)
def test_the_newest_version_of_a_specification_decides(
    linker: Linker, name: str, dates: tuple[str, ...], target: str | None
) -> None:
    versions = tuple(Version(number=f"1.{n}.1", date=date) for n, date in enumerate(dates))
    specification = Specification(body="ETSI", number="GR SAI 001", group_names=(name,), versions=versions)
    assert group_of(linker, specification) == (target, () if target else (ISG, TC))


def test_a_name_that_one_group_bears_needs_no_date(linker: Linker) -> None:
    item = WorkItem(body="3GPP", code="FS_X", title=None, kind="study-item", group_names=("S3", "N1", "OMA"))
    references = linker.link_groups(item).group_references
    assert [r.target for r in references] == ["group/3GPP-SA3", None, None]
    assert [r.candidates for r in references] == [(), ("group/3GPP-CT1",), ()]
