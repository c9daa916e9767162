"""What tables say of items together: the partners of one, and how two relate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sdograph.model import ItemRelation, Record, Reference, WorkItem
from sdograph.sources.fact_tables.known import Known
from sdograph.sources.fact_tables.organisations import concept
from sdograph.sources.fact_tables.rows import Row


def partners(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """One record an item, with the partners that its own record names; linking tells who is meant."""
    items: dict[tuple[str, str], WorkItem] = {}
    for row in rows:
        body, code, name = known.body(row, "body_id"), row.text("code"), row.text("liaison_group")
        partner = Reference(text=name, field="partner", kind="organization", locator=row.locator)
        if known.record(name) is not None:
            key = known.registry.key(name)
            partner = replace(partner, target=key, confidence=row.confidence, rule="id of the registry")
        before = items.get((body, code)) or WorkItem(body=body, code=code, title=None, kind="work-item")
        items[body, code] = replace(
            before,
            partners=(*before.partners, partner),
            evidence=(*before.evidence, *row.whole(code)),
        )
    yield from items.values()


def relations(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """What a source says of two items or documents; which ones they are is for linking to tell."""
    for row in rows:
        ends = [
            Reference(
                text=row.text(f"{side}_id"),
                field="item",
                kind="item",
                locator=row.locator,
                context=known.find(row.text(f"{side}_body")) or row.text(f"{side}_body"),
            )
            for side in ("left", "right")
        ]
        if (ends[0].text, ends[0].context) == (ends[1].text, ends[1].context):
            row.fault("right_id", f"{ends[0].text} is on both sides", "a relation holds between two items")
        said = row.text("relation")
        note = row.optional("paraphrase")
        yield ItemRelation(
            left=ends[0],
            right=ends[1],
            kind=concept(row, "relation", "item-relation"),
            evidence=(
                *row.whole(f"{ends[0].text}, {ends[1].text}: {said}"),
                *([row.evidence("note", note)] if note else []),
            ),
        )
