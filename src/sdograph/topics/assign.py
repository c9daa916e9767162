"""Topics of a text, with the words that lead to each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from sdograph.topics.rules import AI, AMBIGUOUS, BARE_AI, NOT_AI, Rule, Rules, hidden_by
from sdograph.topics.scheme import broader
from sdograph.topics.words import Text

TITLE, SCOPE, KEYWORDS = "title", "scope", "keywords"
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Assignment:
    """A topic of an item, by its notation in the scheme, and why it was given."""

    topic: str
    confidence: float
    matched: tuple[tuple[str, str], ...]
    """The words as written, each with the field they stand in: title, scope or keywords."""
    rule: str


#: What a text speaks of: each mark with the first words that bear it, and their field.
_Marks: TypeAlias = dict[str, tuple[str, str]]

_NOWHERE: frozenset[int] = frozenset()


class TopicAssigner:
    """Gives topics by rules. The same texts get the same topics, whatever was asked before."""

    def __init__(self, rules: Rules | None = None) -> None:
        self._rules = rules or Rules.bundled()

    def assign(self, title: str, *, scope: str = "", keywords: Iterable[str] = ()) -> list[Assignment]:
        """The topics of an item, the surest first.

        Words that make a topic only together stand all in the title, or in the title and one sentence of
        the scope or one keyword. ``keywords`` may come in any order.
        """
        in_title = self._marks(title, TITLE)
        of_title = _best(self._found(_spoken_of(in_title)))
        found = list(of_title.values())
        for text, field in [
            *((sentence, SCOPE) for sentence in _SENTENCE.split(scope)),
            *((keyword, KEYWORDS) for keyword in sorted(keywords)),
        ]:
            if here := self._marks(text, field):
                found.extend(self._found(_spoken_of(in_title | here), self._rules.elsewhere))
        best = _best(found) or _best(self._fallback(_spoken_of(in_title)))
        above, above_title = _all_above(best), _all_above(of_title)
        kept = [a for t, a in best.items() if t not in (above_title if t in of_title else above)]
        return sorted(kept, key=lambda a: (-a.confidence, a.topic))

    def _marks(self, text: str, field: str) -> _Marks:
        words = Text.of(text)
        found = list(self._rules.phrases.find(words))
        hidden: dict[str, set[int]] = {}
        for match in found:
            for mark in match.marks:
                if group := hidden_by(mark):
                    hidden.setdefault(group, set()).update(range(match.first, match.last))
        marks: _Marks = {}
        for match in found:
            for mark in match.marks:
                if mark not in marks and not hidden.get(mark, _NOWHERE) >= {match.first, match.last - 1}:
                    marks[mark] = (words.between(match.first, match.last), field)
        return marks

    def _found(self, marks: _Marks, factor: float = 1.0) -> Iterator[Assignment]:
        by_mark = self._rules.by_mark
        for mark in marks:
            for rule in by_mark.get(mark, ()):
                if _applies(rule, marks):
                    yield _assignment(rule, marks, factor)

    def _fallback(self, marks: _Marks) -> Iterator[Assignment]:
        rule = next((r for r in self._rules.fallbacks if _applies(r, marks)), None)
        if rule is not None:
            yield _assignment(rule, marks, 1.0)


@cache
def assigner() -> TopicAssigner:
    """The assigner with the rules that come with the program."""
    return TopicAssigner()


def _spoken_of(marks: _Marks) -> _Marks:
    """The marks with those that depend on whether the text speaks of AI."""
    marks = dict(marks)
    if BARE_AI in marks and NOT_AI not in marks:
        marks.setdefault(AI, marks[BARE_AI])
    if AI in marks:
        for mark, words in list(marks.items()):
            if mark.startswith(AMBIGUOUS):
                marks.setdefault(mark.removeprefix(AMBIGUOUS), words)
    return marks


def _applies(rule: Rule, marks: _Marks) -> bool:
    return all(m in marks for m in rule.required) and rule.forbidden.isdisjoint(marks)


def _assignment(rule: Rule, marks: _Marks, factor: float) -> Assignment:
    matched = tuple(dict.fromkeys(marks[mark] for mark in rule.required))
    return Assignment(rule.topic, round(rule.confidence * factor, 2), matched, rule.name)


def _best(found: Iterable[Assignment]) -> dict[str, Assignment]:
    """The surest by topic; of equally sure ones that whose rule, then whose words come first by alphabet."""
    best: dict[str, Assignment] = {}
    for one in found:
        old = best.get(one.topic)
        if old is None or _rank(one) < _rank(old):
            best[one.topic] = one
    return best


def _rank(one: Assignment) -> tuple[float, str, tuple[tuple[str, str], ...]]:
    return (-one.confidence, one.rule, one.matched)


def _all_above(topics: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(broader()[topic] for topic in topics))
