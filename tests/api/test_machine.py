"""How much memory there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdograph_api.machine import machine_memory


def of_the_machine() -> int:
    [line] = [line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:")]
    return int(line.split()[1]) << 10


def test_a_machine_without_limits_has_its_own(tmp_path: Path) -> None:
    assert machine_memory((tmp_path / "none",)) == of_the_machine()


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("268435456\n", 256 << 20),
        ("max\n", None),
        ("", None),
        ("9223372036854771712\n", None),  # what version 1 says where there is no limit
    ],
)
def test_a_container_has_what_it_is_allowed(tmp_path: Path, limit: str, expected: int | None) -> None:
    file = tmp_path / "memory.max"
    file.write_text(limit)
    assert machine_memory((file,)) == (expected or of_the_machine())
