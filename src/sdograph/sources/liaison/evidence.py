"""Where the fields of a statement stand: the evidence of what was read from labels, days and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sdograph.model import Evidence
from sdograph.sources.liaison.days import Dated
from sdograph.sources.liaison.numbers import Number
from sdograph.sources.liaison.sheet import Sheet, is_placeholder


def beside(label: str, words: str) -> str:
    return f"{label} {words}" if label.startswith("(") else f"{label}: {words}" if label else words


def whole(sheet: Sheet, name: str) -> str:
    # What stands in for a label is in parentheses: the words after it are the document's, it is not.
    stated = [(f.label or f"({f.rule})", line.words) for f in sheet.fields[name] for line in f.lines]
    by_label = groupby(((label, w) for label, w in stated if not is_placeholder(w)), key=lambda pair: pair[0])
    return "; ".join(beside(label, "; ".join(words for _, words in pairs)) for label, pairs in by_label)


def of_fields(sheet: Sheet, *names: str) -> Iterator[Evidence]:
    for name in names:
        lines = sheet.values(name)
        if lines:
            text = whole(sheet, name) if name != "title" else " ".join(line.words for line in lines)
            confidence = sheet.stated(name).confidence
            yield Evidence(
                field=name, text=text, locator=lines[0].locator, rule=sheet.rule(name), confidence=confidence
            )


def of_days(**days: Dated | None) -> Iterator[Evidence]:
    for field, found in days.items():
        if found:
            yield Evidence(
                field=field,
                text=found.words,
                locator=found.locator,
                confidence=found.confidence,
                rule=found.rule,
            )


def of_numbers(own: Number | None, received: list[Number]) -> Iterator[Evidence]:
    if own:
        yield Evidence(field="number", text=own.words, locator=own.locator, rule="document number")
    for number in received:
        yield Evidence(
            field="received_number",
            text=number.words,
            locator=number.locator,
            confidence=0.9,
            rule="document number of another group",
        )
