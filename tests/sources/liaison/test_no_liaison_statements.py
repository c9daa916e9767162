"""Documents that speak of liaison statements and are none: reports, agendas, papers, mails, indexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdograph.errors import UnknownFormat
from sdograph.sources import liaison

OTHERS = sorted((Path(__file__).parent / "others").iterdir())


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_what_is_no_liaison_statement(path: Path) -> None:
    with pytest.raises(UnknownFormat):
        list(liaison.read(path))


def test_there_are_such_documents() -> None:
    assert len(OTHERS) > 25
