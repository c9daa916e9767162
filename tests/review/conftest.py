"""Two made-up tables that leave names open, are in doubt of a title, and contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sdograph import pipeline
from sdograph.store import EmbeddedStore

STATEMENTS = """\
ls_ref,title,from_group,to_groups,cc_groups,date,purpose,source_url_or_repo,confidence
EX-LS-1,LS on examples,ETSI ISG SAI,Forum of Examples,3GPP SA3,2024-02-01,action,https://example.org/1,high
EX-LS-2,LS on more examples,ETSI ISG SAI,forum-of Examples; 3GPP SA3,,2024-02-02,,https://example.org/2,high
EX-LS-3,(title not given) on the last examples,Forum of Examples,3GPP SA3,,2024-02-03,,https://example.org/3,low
"""
ITEMS = """\
body_id,group_id,code,title,kind,status,start,source_url_or_repo,confidence
3GPP,3GPP-SA3,FS_Example,Study on examples,study item,ongoing,2023-01,https://example.org/a,high
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    for path, text in _tables(folder).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def _tables(folder: Path) -> dict[Path, str]:
    newer = ITEMS.replace("ongoing,2023-01", "completed,2023-02").replace("org/a", "org/b")
    return {
        folder / "liaison-statements.csv": STATEMENTS,
        folder / "older" / "work-items.csv": ITEMS,
        folder / "newer" / "work-items-2024.csv": newer,
    }


@pytest.fixture(scope="session")
def prepared(
    bundled_store: EmbeddedStore, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> EmbeddedStore:
    """The bundled core with the tables taken in; each test has a copy of it."""
    path = tmp_path_factory.mktemp("prepared") / "data"
    bundled_store.backup(path)
    store = EmbeddedStore(path)
    reports = pipeline.ingest(store, list(_tables(folder)))
    assert [r.state for r in reports] == ["new"] * 3, [r.error or r.findings for r in reports]
    return store


@pytest.fixture
def store(prepared: EmbeddedStore, tmp_path: Path) -> EmbeddedStore:
    prepared.backup(tmp_path / "data")
    return EmbeddedStore(tmp_path / "data")


@pytest.fixture
def statements(folder: Path) -> Iterator[Path]:
    """The table of statements, for the test to change."""
    path, *_ = _tables(folder)
    yield path
    path.write_text(STATEMENTS, "utf-8")


@pytest.fixture
def items(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Two documents that state one item, its status and begin differently; for the test to change."""
    tables = _tables(folder)
    _, older, newer = tables
    yield older, newer
    for path in (older, newer):
        path.write_text(tables[path], "utf-8")
