"""The rules as data: each can apply, and what does not exist is said."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from sdograph.errors import DataError
from sdograph.topics import Rules, TopicAssigner, assigner
from sdograph.topics.words import Phrases, Text

TEXT = (resources.files("sdograph.topics") / "rules.toml").read_text("utf-8")
TABLE: dict[str, Any] = tomllib.loads(TEXT)


def phrases() -> Iterator[str]:
    ai = TABLE["ai"]
    yield from (*ai["sure"], *ai["bare"], *ai["not-ai"], *TABLE["hidden"])
    for group in TABLE["words"].values():
        yield from group
    for topic in TABLE["topics"].values():
        yield from (*topic.get("names", ()), *topic.get("beside-ai", ()))


def test_a_phrase_finds_itself() -> None:
    """A phrase whose words are folded to something else would never be met."""
    for phrase in phrases():
        tree, plain = Phrases(), Text.of(phrase.replace("*", "").replace("=", ""))
        tree.add(phrase, ["x"])
        assert [(m.first, m.last) for m in tree.find(plain)] == [(0, len(plain.written))], phrase


def test_every_group_of_words_is_used() -> None:
    used = {g.lstrip("!") for t in TABLE["topics"].values() for groups in t.get("when", ()) for g in groups}
    used |= {g for f in TABLE["fallback"] for g in f["when"]}
    used |= {g for groups in TABLE["hidden"].values() for g in groups}
    assert TABLE["words"].keys() - used == set()


@pytest.mark.parametrize("table", ["abbreviations", "ambiguous-abbreviations"])
def test_an_abbreviation_leads_where_its_long_form_leads(table: str) -> None:
    for short, long in TABLE[table].items():
        context = "artificial intelligence and "
        expected = {a.topic for a in assigner().assign(context + long)}
        assert {a.topic for a in assigner().assign(context + short)} == expected, short


def test_ambiguous_abbreviations_say_nothing_by_themselves() -> None:
    for short in TABLE["ambiguous-abbreviations"]:
        assert assigner().assign(f"Requirements for {short}") == [], short


MINIMAL = """
[confidence]
name = 0.9
beside-ai = 0.8
when = 0.7
fallback = 0.5
elsewhere = 0.5
[abbreviations]
[ambiguous-abbreviations]
[ai]
sure = ["artificial intelligence"]
bare = ["=AI"]
not-ai = ["air interface"]
[hidden]
[words]
security = ["security"]
[[fallback]]
topic = "ai-foundations"
when = ["ai"]
name = "only AI"
[topics.securing-ai]
when = [["ai", "security"]]
"""


def test_rules_can_be_others() -> None:
    own = TopicAssigner(Rules.of(MINIMAL))
    (made,) = own.assign("Security of AI")
    assert (made.topic, made.confidence, made.rule) == ("securing-ai", 0.7, "words for ai, security")
    assert made.matched == (("AI", "title"), ("Security", "title"))
    assert [a.topic for a in own.assign("Artificial intelligence")] == ["ai-foundations"]


@pytest.mark.parametrize(
    "change, complaint",
    [
        (("[topics.securing-ai]", "[topics.securing-cats]"), "no topic is called securing-cats"),
        (('["ai", "security"]', '["ai", "safety"]'), "no group of words is called safety"),
    ],
)
def test_what_does_not_exist_is_said(change: tuple[str, str], complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        Rules.of(MINIMAL.replace(*change))
