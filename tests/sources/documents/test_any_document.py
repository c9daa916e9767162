"""Whatever comes: lines that can be printed and found again, or an error that says where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_documents import SEEDS, case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines_of_documents import read_lines

from sdograph.errors import SdographError
from sdograph.sources.text import SUFFIXES, read_documents

_QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def holds(path: Path) -> None:
    try:
        documents = list(read_documents(path))
    except SdographError as fault:
        assert fault.hint  # noqa: PT017
        assert fault.where  # noqa: PT017
        return
    assert any(document.fault is None for document in documents)
    for document in documents:
        assert document.name.startswith(path.name)
        assert bool(document.fault) <= (not document.blocks)
        for block in document.blocks:
            assert block.locator
            assert block.text.replace("\t", "").isprintable() or not block.text.isascii()
            assert not set(block.text) & set("\r\n\0\x1b\ufffe")


@pytest.mark.parametrize("suffix", list(SEEDS))
def test_the_documents_that_are_damaged_are_read_when_they_are_whole(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"whole{suffix}"
    path.write_bytes(SEEDS[suffix]())
    assert all(document.fault is None for document in read_documents(path))
    assert any("LS on machine learning" in block.text for block in read_lines(path).blocks)


@_QUICK
@given(suffix=st.sampled_from(list(SEEDS)), seed=st.integers(0, 2**32))
def test_damaged_documents(suffix: str, seed: int, tmp_path: Path) -> None:
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(case(suffix, seed))
    holds(path)


@_QUICK
@given(content=st.binary(max_size=1_000), suffix=st.sampled_from(sorted(SUFFIXES)))
def test_random_bytes(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"random{suffix}"
    path.write_bytes(content)
    holds(path)


@_QUICK
@given(words=st.text(max_size=400))
def test_any_text_as_text_and_as_a_page(words: str, tmp_path: Path) -> None:
    for name, content in (
        ("a.txt", words),
        ("a.html", f"<p>{words}</p>"),
        ("a.eml", f"Subject: {words}\n\n{words}"),
    ):
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
        holds(path)
