"""Words as they are compared, and phrases among them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.topics.words import Phrases, Text, fold


@pytest.mark.parametrize(
    "word, other",
    [
        ("Organisations", "organization"),
        ("technologies", "Technology"),
        ("behaviour", "behavior"),
        ("centres", "center"),
        ("Defence", "defense"),
        ("labelling", "labeling"),
        ("processes", "process"),
        ("ArtificiaI", "artificial"),
        ("LLMs", "LLM"),
    ],
)
def test_spellings_of_one_word_are_one(word: str, other: str) -> None:
    assert fold(word) == fold(other)


@pytest.mark.parametrize(
    "word, other", [("bias", "bia"), ("analysis", "analysi"), ("MDAS", "MDA"), ("hours", "hors")]
)
def test_other_words_stay_apart(word: str, other: str) -> None:
    assert fold(word) != fold(other)


def found(phrase: str, text: str) -> list[str]:
    phrases, words = Phrases(), Text.of(text)
    phrases.add(phrase, ["x"])
    return [words.between(m.first, m.last) for m in phrases.find(words)]


@pytest.mark.parametrize(
    "phrase, text, written",
    [
        ("closed loop", "Intent-driven Closed Loops", ["Closed Loops"]),
        ("AI ML", "AI/ ML management", ["AI/ ML"]),
        ("FS eNA", "FS_eNA_Ph2", ["FS_eNA"]),
        ("explainab*", "On explainability", ["explainability"]),
        ("secur* of AI", "Securing of AI, security of ai", ["Securing of AI", "security of ai"]),
        ("=NR", "NR and nr", ["NR"]),
        ("digital twin", "digital  twins", ["digital twins"]),
        ("membership inference", "ＭＥＭＢＥＲＳＨＩＰ inference", ["MEMBERSHIP inference"]),
        ("risk", "ALL RISKS", ["RISKS"]),
    ],
)
def test_a_phrase_is_found_as_written(phrase: str, text: str, written: list[str]) -> None:
    assert found(phrase, text) == written


def test_a_phrase_is_not_found_in_part() -> None:
    assert found("model inversion", "model; version") == []
    assert found("AI", "MAIN") == []


def test_phrases_within_phrases_are_all_found() -> None:
    phrases = Phrases()
    phrases.add("large language model*", ["large"])
    phrases.add("language model*", ["any"])
    matches = phrases.find(Text.of("Large language models"))
    assert [(m.first, m.last, m.marks) for m in matches] == [(0, 3, ("large",)), (1, 3, ("any",))]


@given(st.text())
def test_words_are_the_text_between_its_punctuation(text: str) -> None:
    words = Text.of(text)
    assert len(words.spans) == len(words.written) == len(words.folded)
    assert [words.between(n, n + 1) for n in range(len(words.written))] == list(words.written)
