"""What is read from the texts of one item, whatever others there are: words, topics, numbers of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sdograph.overlap.items import Item
from sdograph.overlap.topical import topics_of, weighed
from sdograph.overlap.twins import marks
from sdograph.overlap.words import plain, subject, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """An item as it is compared, before it is known how rare its words and topics are."""

    title: tuple[str, ...]
    """The words of the title."""
    text: tuple[str, ...]
    """The words of title and scope."""
    topics: Mapping[str, float]
    marks: tuple[str, ...]
    """Those of :func:`.twins.marks`."""

    @classmethod
    def of(cls, item: Item) -> Features:
        title = subject(item.title)
        words = tuple(terms(title))
        return cls(
            title=words,
            text=tuple(terms(f"{title} {item.scope}")) if item.scope else words,
            topics=weighed(topics_of(item)),
            marks=tuple(marks(item, words)),
        )


#: How features are got: read anew, or from where they were kept.
Reader: TypeAlias = Callable[[Item], Features]


def meant(item: Item, *, scope: bool) -> str:
    """What the sentence model reads of an item."""
    title = plain(item.title)
    return f"{title}. {item.scope}" if scope and item.scope and title else title or item.scope
