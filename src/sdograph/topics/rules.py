"""The rules of ``rules.toml``, compiled: phrases with their marks, and which marks together make a topic."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sdograph.errors import DataError
from sdograph.topics.scheme import broader
from sdograph.topics.words import Phrases, Text

AI = "ai"
BARE_AI = "ai.bare"
NOT_AI = "ai.not"
#: Before a mark that counts only where the text speaks of AI by other words.
AMBIGUOUS = "?"
_HIDES = "hides "
_NAME = "name of "
_BESIDE = "word beside AI for "
_OWN = "word for "


@dataclass(frozen=True, slots=True)
class Rule:
    """Where all required marks are met and none of the forbidden ones, the text is about the topic."""

    topic: str
    name: str
    required: tuple[str, ...]
    forbidden: frozenset[str]
    confidence: float


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, by one of the marks that each requires."""

    phrases: Phrases
    by_mark: Mapping[str, tuple[Rule, ...]]
    fallbacks: tuple[Rule, ...]
    """For a title that speaks of AI and to which no other rule applies, in this order."""
    elsewhere: float
    """What the confidence of a topic is multiplied with where its words are not in the title."""

    @classmethod
    def bundled(cls) -> Rules:
        return cls.of(resources.files("sdograph.topics").joinpath("rules.toml").read_text("utf-8"))

    @classmethod
    def of(cls, text: str) -> Rules:
        """Raises DataError when a rule speaks of a topic or a group of words that does not exist."""
        return _Compiler(tomllib.loads(text)).rules()


def hidden_by(mark: str) -> str | None:
    """The mark that is not met within words that bear this one, if it is of that kind."""
    return mark.removeprefix(_HIDES) if mark.startswith(_HIDES) else None


class _Compiler:
    def __init__(self, table: dict[str, Any]) -> None:
        self._topics: dict[str, dict[str, Any]] = table["topics"]
        self._table = table
        self._confidence: dict[str, float] = table["confidence"]
        self._phrases = Phrases()
        if unknown := self._topics.keys() - broader().keys():
            raise DataError(f"no topic is called {', '.join(sorted(unknown))}", where="rules.toml")

    def rules(self) -> Rules:
        self._add_phrases()
        self._add_abbreviations("abbreviations", "")
        self._add_abbreviations("ambiguous-abbreviations", AMBIGUOUS)
        by_mark: dict[str, list[Rule]] = {}
        for topic, told in self._topics.items():
            for rule in self._rules_of(topic, told):
                distinctive = next((m for m in rule.required if m != AI), AI)
                by_mark.setdefault(distinctive, []).append(rule)
        fallbacks = tuple(
            self._combined(told["topic"], told["when"], "fallback", told["name"])
            for told in self._table["fallback"]
        )
        return Rules(
            self._phrases,
            {mark: tuple(rules) for mark, rules in by_mark.items()},
            fallbacks,
            self._confidence["elsewhere"],
        )

    def _add_phrases(self) -> None:
        ai = self._table[AI]
        self._add(ai["sure"], AI)
        self._add(ai["bare"], BARE_AI)
        self._add(ai["not-ai"], NOT_AI)
        for group, phrases in self._table["words"].items():
            self._add(phrases, group)
        for topic, told in self._topics.items():
            self._add(told.get("names", ()), _NAME + topic, _OWN + topic)
            self._add(told.get("beside-ai", ()), _BESIDE + topic, _OWN + topic)
        for phrase, groups in self._table["hidden"].items():
            marks = [m for group in groups for m in self._marks(group)]
            self._add([phrase], *(_HIDES + mark for mark in marks))

    def _add(self, phrases: Iterable[str], *marks: str) -> None:
        for phrase in phrases:
            speaks_of_ai = (BARE_AI,) if "AI" in phrase.split() else ()
            self._phrases.add(phrase, (*marks, *speaks_of_ai))

    def _add_abbreviations(self, table: str, prefix: str) -> None:
        for short, long in self._table[table].items():
            marks = {prefix + mark for match in self._phrases.find(Text.of(long)) for mark in match.marks}
            exact = "=" if len(short) <= 3 or not short.isupper() else ""
            for form in (short, short + "s"):
                self._phrases.add(exact + form, marks)

    def _rules_of(self, topic: str, told: dict[str, Any]) -> Iterable[Rule]:
        if "names" in told:
            yield Rule(topic, "name", (_NAME + topic,), frozenset(), self._confidence["name"])
        if "beside-ai" in told:
            yield Rule(
                topic, "word beside AI", (_BESIDE + topic, AI), frozenset(), self._confidence["beside-ai"]
            )
        for groups in told.get("when", ()):
            met = ", ".join(g for g in groups if not g.startswith("!"))
            yield self._combined(topic, groups, "when", f"words for {met}")

    def _combined(self, topic: str, groups: list[str], kind: str, name: str) -> Rule:
        required = tuple(self._mark(g) for g in groups if not g.startswith("!"))
        forbidden = frozenset(self._mark(g[1:]) for g in groups if g.startswith("!"))
        return Rule(topic, name, required, forbidden, self._confidence[kind])

    def _marks(self, group: str) -> tuple[str, ...]:
        """All marks of the words of a group or topic."""
        if group in self._topics:
            return (_NAME + group, _BESIDE + group, _OWN + group)
        return (self._mark(group),)

    def _mark(self, group: str) -> str:
        if group == AI or group in self._table["words"]:
            return group
        if group in self._topics:
            return _OWN + group
        raise DataError(f"no group of words is called {group}", where="rules.toml")
