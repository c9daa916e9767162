"""Files of the outside are read within a size."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdograph.errors import LimitExceeded, Unavailable
from sdograph.sources.files import read_bounded


def test_as_long_as_the_limit_and_one_more(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"12345")
    assert read_bounded(path, 5) == b"12345"
    with pytest.raises(LimitExceeded) as raised:
        read_bounded(path, 4, hint="take the other one")
    assert (raised.value.where, raised.value.hint) == ("record.json", "take the other one")


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as raised:
        read_bounded(tmp_path / "absent.json", 5)
    assert str(tmp_path / "absent.json") == raised.value.where
