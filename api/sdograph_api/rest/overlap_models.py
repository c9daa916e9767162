"""The shapes of answers about overlaps, for OpenAPI."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sdograph_api.rest import models


class Thing(models.Model):
    """A work item or specification."""

    id: Annotated[str, Field(description="IRI")]
    label: str
    body: str
    title: str | None
    kind: Literal["work-item", "specification"]
    groups: list[str]


class Part(models.Model):
    text: str
    weight: Annotated[float, Field(description="its share of the weight of the contribution")]
    id: Annotated[str | None, Field(description="IRI of a statement, topic, reference …")]
    note: str | None


class Contribution(models.Model):
    kind: Annotated[str, Field(examples=["meaning", "topics", "statements"])]
    weight: Annotated[float, Field(description="in log-odds; with base they add up to those of the score")]
    parts: list[Part]


class SameText(models.Model):
    rule: str
    text: str


class Decided(models.Model):
    id: str
    left: str
    right: str
    verdict: Literal["accepted", "rejected"]
    relation: Annotated[str, Field(description="term of SKOS that leads from left to right")]
    by: str
    at: str
    note: str | None
    withdrawn_by: str | None
    withdrawn_at: str | None


class Pair(models.Model):
    """How much two items overlap, and why."""

    item: Thing
    other: Thing
    score: Annotated[float, Field(ge=0, le=1)]
    band: Literal["same text", "strong", "partial", "weak"]
    same_text: SameText | None
    base: float
    evidence: list[Contribution]
    decision: Decided | None
    method: str
    version: str


class Row(models.Model):
    topic: str
    label: str
    cells: Annotated[dict[str, list[str]], Field(description="column -> IRIs of the items behind the cell")]


class Uncovered(models.Model):
    topic: str
    label: str


class Matrix(models.Model):
    across: str
    columns: list[str]
    rows: list[Row]
    uncovered: Annotated[list[Uncovered], Field(description="topics that no item is on")]


class Gap(models.Model):
    left: str
    right: str
    topic: str | None
    label: str
    left_items: list[str]
    right_items: list[str]
    last: Annotated[str | None, Field(description="date of the latest known statement between them")]
    relationship: Annotated[bool, Field(description="whether a standing relationship is known")]
