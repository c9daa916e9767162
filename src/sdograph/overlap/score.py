"""From likeness and evidence to a score: a sum of contributions, turned into a number from 0 to 1.

``score = 1 / (1 + exp(-(base + sum of the contributions)))``. The weights of meaning, words and topics were
fitted to graded pairs (docs/decisions/0020-overlap-method.md): a score is the grade of relevance to expect,
as a share of the highest. What the graph says in addition could not be fitted, as no graded pair has it;
its weights are set, small beside the fitted ones, and never against an overlap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

METHOD = "meaning and topics"
METHOD_WITHOUT_MODEL = "words and topics"
VERSION = "1"

Band: TypeAlias = Literal["same text", "strong", "partial", "weak"]
ContributionKind: TypeAlias = Literal[
    "meaning", "words", "topics", "statements", "references", "relations", "relationships", "time"
]

#: Where the bands begin. Of graded pairs that the weights were not fitted to, nine in ten of the strong ones
#: share a central subject by the assessors' grades, half of the partial ones, one in twenty of the weak ones.
STRONG, PARTIAL = 0.6, 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of evidence: a term, topic, statement, reference … with its part of a contribution."""

    text: str
    weight: float
    iri: str | None = None
    note: str | None = None
    """What there is to say of it: the date of a statement, the words that led to a topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one kind of evidence adds, in log-odds; the weights of its parts add up to it."""

    kind: ContributionKind
    weight: float
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """``text`` is the cosine of meaning or of words, ``topics`` that of topics; both 0 to 1."""

    base: float
    text: float
    topics: float


#: Fitted by ``python -m benchmarks.overlap_methods``. Where neither item has a topic, topics say nothing, and
#: the text alone has to.
WITH_MODEL = Weights(base=-4.23, text=5.62, topics=2.46)
WITH_MODEL_NO_TOPICS = Weights(base=-4.61, text=7.27, topics=0.0)
WITHOUT_MODEL = Weights(base=-2.17, text=2.71, topics=3.66)
WITHOUT_MODEL_NO_TOPICS = Weights(base=-1.79, text=4.63, topics=0.0)


def weights(*, model: bool, topics: bool) -> Weights:
    """The weights for items compared with or without the sentence model, and with or without topics."""
    if model:
        return WITH_MODEL if topics else WITH_MODEL_NO_TOPICS
    return WITHOUT_MODEL if topics else WITHOUT_MODEL_NO_TOPICS


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def log_odds(score: float) -> float:
    """What :func:`logistic` makes a score of."""
    return math.log(score / (1 - score)) if 0 < score < 1 else math.inf * (score - 0.5)


def band(score: float) -> Band:
    """The band of a score of two items that are not the same text."""
    return "strong" if score >= STRONG else "partial" if score >= PARTIAL else "weak"
