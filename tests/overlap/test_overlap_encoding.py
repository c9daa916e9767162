"""Pieces of words, vectors of texts, and that each is computed once."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from sdograph.overlap import VectorStore, encoder, wordpiece
from sdograph.overlap.words import glossary, plain, subject, terms


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        # As the published tokenizer of bert-base-uncased cuts them.
        ("Hello world", [101, 7592, 2088, 102]),
        ("Héllo, WORLD!", [101, 7592, 1010, 2088, 999, 102]),
        ("unaffable", [101, 14477, 20961, 3468, 102]),
        ("AI/ML", [101, 9932, 1013, 19875, 102]),
        ("", [101, 102]),
        ("\x00\u200b \t", [101, 102]),
        ("🛰" * 3, [101, 100, 102]),
    ],
)
def test_pieces_are_those_of_the_published_vocabulary(text: str, numbers: list[int]) -> None:
    assert wordpiece.numbers(text) == numbers


def test_a_long_text_is_cut_and_still_ends_with_the_end_mark() -> None:
    found = wordpiece.numbers("word " * 1000 + "x" * 10_000)
    assert len(found) == wordpiece.LONGEST
    assert found[-1] == 102


def test_texts_of_like_meaning_have_like_vectors() -> None:
    one, like, other = encoder.encode(
        ["Security testing of AI", "Evaluating how secure machine learning is", "Charging of voice calls"]
    )
    assert float(one @ like) > float(one @ other) + 0.2
    assert np.linalg.norm(one) == pytest.approx(1, abs=1e-4)


def test_a_vector_does_not_depend_on_what_is_encoded_with_it() -> None:
    texts = ["AI", "A much longer title about security of networks and what else there is to say", "5G"]
    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert np.einsum("ij,ij->i", together, alone).min() > 0.9999


def kept(folder: Path) -> int:
    (file,) = (folder / "overlap").glob("*.sqlite")
    connection = sqlite3.connect(file)
    (count,) = connection.execute("SELECT count(*) FROM vector").fetchone()
    connection.close()
    return int(count)


def test_each_text_is_encoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = VectorStore.of(tmp_path).vectors(["one", "two", "one"])
    assert kept(tmp_path) == 2
    done: list[int] = []
    monkeypatch.setattr(encoder, "encode", None)  # whoever calls it now fails
    again = VectorStore.of(tmp_path).vectors(["one", "two", "one"], done.append)
    assert np.array_equal(first, again)
    assert done == [3]


def test_a_damaged_file_costs_time_and_no_answer(tmp_path: Path) -> None:
    store = VectorStore.of(tmp_path)
    first = store.vectors(["one", "two"])
    (file,) = (tmp_path / "overlap").glob("*.sqlite")
    file.write_bytes(b"\x00" * 5000)
    assert np.array_equal(VectorStore.of(tmp_path).vectors(["one", "two"]), first)


def test_a_vector_cut_short_is_made_again(tmp_path: Path) -> None:
    first = VectorStore.of(tmp_path).vectors(["one", "two"])
    (file,) = (tmp_path / "overlap").glob("*.sqlite")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE vector SET vector = substr(vector, 1, 100)")
    connection.commit()
    connection.close()
    assert np.array_equal(VectorStore.of(tmp_path).vectors(["one", "two"]), first)


def test_several_may_add_at_a_time(tmp_path: Path) -> None:
    texts = [f"title {n}" for n in range(20)]
    threads = [
        threading.Thread(target=VectorStore.of(tmp_path).vectors, args=(texts[first:],))
        for first in (0, 0, 5, 10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(tmp_path) == len(texts)


def test_what_says_nothing_of_the_subject_is_left_out() -> None:
    assert plain("Deleted - Study on X (3GPP TS 28.105 version 17.10.0 Release 17)") == "Study on X"
    assert (
        subject("Securing Artificial Intelligence (SAI); Security Testing of AI") == "Security Testing of AI"
    )
    assert (
        subject("Information technology - Artificial intelligence - Management system") == "Management system"
    )
    # So little is left that it could be anything: the house's name stays.
    assert subject("Cyber Security; Part 1") == "Cyber Security; Part 1"


def test_abbreviations_stand_for_their_words() -> None:
    assert list(terms("NWDAF in the eNA")) == [
        "network", "data", "analytic", "function", "enabler", "network", "automation", "data", "analytic",
    ]  # fmt: skip
    assert all(glossary().values())
