"""Titles judged by hand, in two halves, and how well what a program says agrees with the judgement.

The titles were drawn from work items and specifications of all bodies, with distractors that speak of air
interfaces, agents, security, automation and models without AI. All were judged before any rule was written,
by title alone: the narrowest topics that the title states. The prefix "Securing Artificial Intelligence
(SAI);" states ``securing-ai``, where nothing narrower of it is stated. The rules were made with the
development half in view; no title of the test half was looked at for them.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

TABLE = Path(__file__).with_name("judged_titles.csv")
Half = Literal["development", "test"]


@dataclass(frozen=True, slots=True)
class Judged:
    id: str
    title: str
    topics: frozenset[str]

    @property
    def half(self) -> Half:
        """By the words of the title, so that it is fixed, and twins never are in different halves."""
        words = re.sub(r"[\W_]+", " ", self.title.casefold()).strip()
        return "test" if int(hashlib.sha256(words.encode()).hexdigest(), 16) % 2 else "development"


def titles(half: Half | None = None) -> list[Judged]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            Judged(r["id"], r["title"], frozenset(filter(None, r["topics"].split(";"))))
            for r in csv.DictReader(file)
        ]
    return [row for row in rows if half in (None, row.half)]


@dataclass(slots=True)
class Score:
    """Agreement over all pairs of a title and a topic (micro-averaged)."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right.total() / (self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        return self.right.total() / (self.right.total() + self.missed.total())

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def report(self, name: str) -> str:
        """A line for the whole, and one for each topic, with its support."""
        lines = [f"{name}: precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"]
        for topic in sorted(self.right | self.wrong | self.missed):
            right, wrong, missed = self.right[topic], self.wrong[topic], self.missed[topic]
            lines.append(
                f"  {topic:32} support {right + missed:3}  right {right:3}  wrong {wrong}  missed {missed}"
            )
        return "\n".join(lines)


def score(judged: list[Judged], topics_of: Callable[[str], set[str]]) -> Score:
    total = Score()
    for item in judged:
        given = topics_of(item.title)
        total.right.update(given & item.topics)
        total.wrong.update(given - item.topics)
        total.missed.update(item.topics - given)
    return total
