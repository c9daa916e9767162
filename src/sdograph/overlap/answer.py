"""Overlaps as programs get them: one object a pair, one row a pair."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any, Literal, TypeAlias, get_args

from sdograph.errors import UsageError
from sdograph.identifiers import ID_BASE
from sdograph.overlap.decision import Decision, Decisions
from sdograph.overlap.items import Item
from sdograph.overlap.ranking import Overlap, Overlaps

DecisionFilter: TypeAlias = Literal["open", "undecided", "accepted", "rejected", "any"]
"""``open``: those not rejected, which is what people want to see."""

COLUMNS = (
    "item", "item_code", "item_body", "item_title", "other", "other_code", "other_body", "other_title",
    "score", "band", "same_text", "decision", "relation", "method", "version",
)  # fmt: skip


def kept(
    overlaps: Iterable[Overlap], decisions: Decisions, wanted: str = "open"
) -> Iterator[tuple[Overlap, Decision | None]]:
    """The overlaps that fit a filter, with the decision in force on each; raises UsageError for no filter."""
    if wanted not in get_args(DecisionFilter):
        raise UsageError(
            f"{wanted!r} is no state of a decision", hint=f"there are: {', '.join(get_args(DecisionFilter))}"
        )
    for overlap in overlaps:
        decision = decisions.on(overlap.item.id, overlap.other.id)
        state = decision.verdict if decision else "undecided"
        if wanted in (state, "any") or (wanted == "open" and state != "rejected"):
            yield overlap, decision


def ranked(
    compared: Overlaps,
    decisions: Decisions,
    item: str,
    *,
    limit: int,
    wanted: str = "open",
    among: Collection[str] | None = None,
    **filters: Any,
) -> list[tuple[Overlap, Decision | None]]:
    """The overlaps of an item, given by its IRI, that fit a filter by decision, with the decision on each.

    ``among`` keeps those with items of these IRIs; other filters, and errors, are those of
    :meth:`.ranking.Overlaps.rank`.
    """
    most = len(compared.items) if among is not None else limit + sum(item in p for p in decisions.in_force)
    found = compared.rank(item, limit=most, explain=among is None, **filters)
    if among is not None:
        found = [compared.compare(item, o.other.id) for o in found if o.other.id in among][:most]
    return list(islice(kept(found, decisions, wanted), limit))


def record(overlap: Overlap, decision: Decision | None) -> dict[str, Any]:
    """A pair as an object of JSON; ``evidence`` and ``base`` add up to the log-odds of the score."""
    return {
        "item": thing(overlap.item),
        "other": thing(overlap.other),
        "score": round(overlap.score, 4),
        "band": overlap.band,
        "same_text": asdict(overlap.same_text) if overlap.same_text else None,
        "base": round(overlap.base, 4),
        "evidence": [
            {
                "kind": contribution.kind,
                "weight": round(contribution.weight, 4),
                "parts": [
                    {"text": part.text, "weight": round(part.weight, 4), "id": part.iri, "note": part.note}
                    for part in contribution.parts
                ],
            }
            for contribution in overlap.contributions
        ],
        "decision": decided(decision),
        "method": overlap.method,
        "version": overlap.version,
    }


def decided(decision: Decision | None) -> dict[str, Any] | None:
    """A decision as an object of JSON; its relation leads from ``left`` to ``right``."""
    if decision is None:
        return None
    names = ("id", "left", "right", "verdict", "relation", "by", "at", "note", "withdrawn_by", "withdrawn_at")
    return {name: getattr(decision, name) for name in names}


def as_csv(pairs: Iterable[tuple[Overlap, Decision | None]]) -> bytes:
    """Pairs as CSV (RFC 4180): COLUMNS, a line each."""
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, COLUMNS)
    writer.writeheader()
    writer.writerows(_row(*pair) for pair in pairs)
    return output.getvalue().encode()


def _row(overlap: Overlap, decision: Decision | None) -> dict[str, str]:
    same = overlap.same_text
    return {
        "item": _key(overlap.item),
        "item_code": overlap.item.code,
        "item_body": overlap.item.body,
        "item_title": overlap.item.title,
        "other": _key(overlap.other),
        "other_code": overlap.other.code,
        "other_body": overlap.other.body,
        "other_title": overlap.other.title,
        "score": f"{overlap.score:.3f}",
        "band": overlap.band,
        "same_text": same.rule if same else "",
        "decision": decision.verdict if decision else "",
        "relation": decision.relation if decision and decision.verdict == "accepted" else "",
        "method": overlap.method,
        "version": overlap.version,
    }


def thing(item: Item) -> dict[str, Any]:
    """An item as it stands in answers about pairs."""
    return {
        "id": item.id, "label": item.code, "body": item.body, "title": item.title or None, "kind": item.kind,
        "groups": list(item.groups),
    }  # fmt: skip


def _key(item: Item) -> str:
    return item.id.removeprefix(ID_BASE)
