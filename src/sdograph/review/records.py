"""Records as decisions leave them, for reports on documents that come in."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pyoxigraph import NamedNode

from sdograph import identifiers as ids
from sdograph.model import (
    ItemRelation,
    LiaisonStatement,
    Record,
    Reference,
    RequestedAction,
    Specification,
    WorkItem,
)
from sdograph.review.decision import REFERENCES, Decisions

_HOLDING = (LiaisonStatement, WorkItem, Specification, ItemRelation, RequestedAction)


def settled(records: tuple[Record, ...], decisions: Decisions, document: str) -> tuple[Record, ...]:
    """The records of a document, given by its key, with names linked to what people decided they mean."""
    if not decisions:
        return records
    made: tuple[Record, ...] = _settled(records, decisions, document)
    return made


def _settled(value: Any, decisions: Decisions, document: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_settled(part, decisions, document) for part in value)
    if isinstance(value, Reference):
        return _linked(value, decisions, document)
    if isinstance(value, _HOLDING):
        parts = {f.name: getattr(value, f.name) for f in fields(value)}
        return replace(value, **{name: _settled(part, decisions, document) for name, part in parts.items()})
    return value


def _linked(reference: Reference, decisions: Decisions, document: str) -> Reference:
    if reference.target is not None or reference.field not in REFERENCES:
        return reference
    decision = decisions.on_words(reference.text, REFERENCES[reference.field][1], document)
    if decision is None or not isinstance(decision.value, NamedNode):
        return reference
    key = ids.key_of(decision.value.value)
    return replace(reference, target=key, confidence=1.0, rule=decision.rule)
