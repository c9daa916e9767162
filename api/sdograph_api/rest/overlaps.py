"""Overlapping work over HTTP: of one item, of all, by topic, and where nobody writes to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from sdograph.errors import UsageError
from sdograph.overlap import Overlaps
from sdograph.overlap import table as tables
from sdograph.overlap.answer import as_csv, kept, ranked, record
from sdograph.overlap.coverage import Coverage, on_topic
from sdograph.overlap.decision import Decisions
from sdograph.overlap.items import find
from sdograph.overlap.sssom import write
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest import models
from sdograph_api.rest import parameters as given
from sdograph_api.rest.answers import document, next_link, respond
from sdograph_api.rest.paging import page
from sdograph_api.view import View

#: Pairs as CSV or SSSOM, unless fewer are asked for.
MAX_ROWS = 10_000
_NOT_READY = "all items are being compared; this generation has no overlaps yet"

Decision = Annotated[
    Literal["open", "undecided", "accepted", "rejected", "any"],
    Field(description="what people have decided; open: all that nobody rejected"),
]
MinScore = Annotated[float, Field(ge=0, le=1, description="only from this score on")]


class ItemFilters(BaseModel):
    """What the overlaps of one item take."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=50, description="pairs to show, the strongest first")] = 10
    min_score: MinScore = 0.0
    body: Annotated[given.Id | None, Field(description="only with items of this body")] = None
    within: Annotated[bool, Field(description="also items of its own body")] = False
    decision: Decision = "open"


class PairFilters(given.Paging):
    body: Annotated[given.Id | None, Field(description="one item is of this body, and comes first")] = None
    other_body: Annotated[given.Id | None, Field(description="the other item is of this body")] = None
    topic: Annotated[given.Id | None, Field(description="an item is on this topic, or on one below it")] = (
        None
    )
    min_score: MinScore = 0.4
    decision: Decision = "open"


class MatrixFilters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    across: Literal["body", "group", "release", "year"] = "body"
    topic: given.Id | None = None
    body: Annotated[given.Id | None, Field(description="only items of this body")] = None


class GapFilters(given.Paging):
    by: Annotated[
        Literal["topic", "overlap"], Field(description="what both sides share: a topic, or overlapping items")
    ] = "topic"
    level: Literal["body", "group"] = "body"
    topic: given.Id | None = None
    months: Annotated[int, Field(ge=0, le=1200, description="no statement for so many months")] = 24
    as_of: Annotated[given.Date | None, Field(description="the day of the question, YYYY-MM-DD")] = None
    least: Annotated[int, Field(ge=1, description="items on each side, or overlaps of both")] = 1
    min_score: Annotated[float, Field(ge=0, le=1, description="of overlaps that count")] = 0.4


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


def router(context: Context) -> APIRouter:
    """``/api/v1/overlaps…``, and the overlaps of a work item or specification."""
    routes = APIRouter(prefix="/api/v1", responses=models.PROBLEMS)

    def add(
        path: str, endpoint: Callable[..., Response], name: str, summary: str, answer: dict[str, Any]
    ) -> None:
        routes.add_api_route(
            path, endpoint, responses={200: answer}, response_class=Response, summary=summary,
            operation_id=name, tags=["overlaps"],
        )  # fmt: skip

    for kind in ("work-items", "specifications"):
        add(
            f"/{kind}/{{id:path}}/overlaps",
            _of_item(context),
            f"overlaps_of_{kind.replace('-', '_')}",
            "Which work of other bodies overlaps with it, how much, and why",
            {"model": models.One[list[Pair]]},
        )
    add("/overlaps", _pairs(context), "list_overlaps", "All overlapping pairs", {"model": models.Page[Pair]})
    add(
        "/overlaps.csv",
        _pairs_csv(context),
        "list_overlaps_csv",
        "All overlapping pairs, as CSV",
        {"content": {"text/csv": {}}},
    )
    add(
        "/overlaps.sssom.tsv",
        _pairs_sssom(context),
        "list_overlaps_sssom",
        "All overlapping pairs and what was decided of them, as an SSSOM mapping set",
        {"content": {"text/tab-separated-values": {}}},
    )
    add(
        "/overlaps/matrix",
        _matrix(context),
        "overlap_matrix",
        "Who works on which topic",
        {"model": models.One[Matrix]},
    )
    add(
        "/overlaps/gaps",
        _gaps(context),
        "overlap_gaps",
        "Who works on the same and does not write to each other",
        {"model": models.Page[Gap]},
    )
    return routes


def _table(context: Context, view: View) -> tables.Table:
    return context.once(view.snapshot, "overlap table", lambda: _opened(context, view))


def _opened(context: Context, view: View) -> tables.Table:
    found = tables.Table.there(view.snapshot, context.settings.data_dir)
    if found is None:
        raise Problem(
            503, "overlaps-not-ready", _NOT_READY, where="generation",
            hint="try again in a minute; where the server does not do it: sdograph overlaps --all",
            headers={"Retry-After": "60"},
        )  # fmt: skip
    return found


def _of_item(context: Context) -> Callable[..., Response]:
    def make(id: str, filters: ItemFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        snapshot = view.snapshot
        # Whoever made the table has read the texts: what follows takes no minutes.
        _table(context, view)
        compared = context.once(
            snapshot, "overlaps", lambda: Overlaps.of(snapshot, context.settings.data_dir)
        )
        decisions = context.once(snapshot, "overlap decisions", lambda: Decisions.of(snapshot))
        try:
            item = find(compared.items, id)
        except UsageError as error:
            raise Problem(404, "not-found", error.message, where="path", hint=error.hint) from error
        found = ranked(
            compared,
            decisions,
            item.id,
            limit=filters.limit,
            wanted=filters.decision,
            min_score=filters.min_score,
            within=filters.within,
            bodies=None if filters.body is None else [filters.body],
        )
        data = [record(*pair) for pair in found]
        return document(view, context, data, warnings=compared.warnings), {}

    def endpoint(request: Request, id: str, filters: Annotated[ItemFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(id, filters, view))

    return endpoint


def _found(context: Context, view: View, filters: PairFilters) -> list[tuple[str, Any]]:
    """The pairs that fit, with their decisions, under keys that sort as they are shown."""
    snapshot = view.snapshot
    asked = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)

    def select() -> list[tuple[str, Any]]:
        overlaps = _table(context, view).overlaps(
            min_score=filters.min_score,
            body=filters.body,
            other_body=filters.other_body,
            among=None if filters.topic is None else on_topic(snapshot, filters.topic),
        )
        decisions = context.once(snapshot, "overlap decisions", lambda: Decisions.of(snapshot))
        return [(f"{n:08}", pair) for n, pair in enumerate(kept(overlaps, decisions, filters.decision))]

    return context.once(snapshot, ("overlaps", *sorted(asked.items())), select)


def _pairs(context: Context) -> Callable[..., Response]:
    def make(request: Request, filters: PairFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        found = _found(context, view, filters)
        shown, cursor = page(found, filters.limit, filters.cursor)
        body = document(view, context, [record(*pair) for pair in shown], next=cursor, total=len(found))
        return body, next_link(request, context, cursor)

    def endpoint(request: Request, filters: Annotated[PairFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(request, filters, view))

    return endpoint


def _pairs_csv(context: Context) -> Callable[..., Response]:
    def endpoint(request: Request, filters: Annotated[PairFilters, Query()]) -> Response:
        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            shown, cursor = _many(request, context, view, filters)
            return as_csv(shown), next_link(request, context, cursor)

        return respond(request, context, "text/csv; charset=utf-8", make)

    return endpoint


def _pairs_sssom(context: Context) -> Callable[..., Response]:
    def endpoint(request: Request, filters: Annotated[PairFilters, Query()]) -> Response:
        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            shown, cursor = _many(request, context, view, filters)
            labels = {item.id: item.title or item.code for o, _ in shown for item in (o.item, o.other)}
            body = write(
                (o for o, _ in shown),
                [d for _, d in shown if d is not None],
                labels,
                version=view.snapshot.version,
            )
            return body, next_link(request, context, cursor)

        return respond(request, context, "text/tab-separated-values; charset=utf-8", make)

    return endpoint


def _many(
    request: Request, context: Context, view: View, filters: PairFilters
) -> tuple[list[Any], str | None]:
    limit = filters.limit if "limit" in request.query_params else MAX_ROWS
    return page(_found(context, view, filters), limit, filters.cursor)


def _coverage(context: Context, view: View) -> Coverage:
    return context.once(view.snapshot, "coverage", lambda: Coverage(view.snapshot))


def _matrix(context: Context) -> Callable[..., Response]:
    def make(filters: MatrixFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        found = _coverage(context, view).matrix(across=filters.across, topic=filters.topic, body=filters.body)
        data = {
            "across": found.across,
            "columns": found.columns,
            "rows": [{"topic": r.topic, "label": r.label, "cells": dict(r.cells)} for r in found.rows],
            "uncovered": [{"topic": topic, "label": label} for topic, label in found.uncovered],
        }
        return document(view, context, data), {}

    def endpoint(request: Request, filters: Annotated[MatrixFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(filters, view))

    return endpoint


def _gaps(context: Context) -> Callable[..., Response]:
    def make(request: Request, filters: GapFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        asked = filters.model_dump(include={"level", "months", "as_of", "least"})

        def select() -> list[tuple[str, Any]]:
            covered = _coverage(context, view)
            if filters.by == "topic":
                found = covered.gaps(topic=filters.topic, **asked)
            else:
                among = None if filters.topic is None else on_topic(view.snapshot, filters.topic)
                pairs = _table(context, view).overlaps(min_score=filters.min_score, among=among)
                found = covered.overlap_gaps(pairs, **asked)
            return [(f"{n:08}", gap) for n, gap in enumerate(found)]

        key = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
        found = context.once(view.snapshot, ("gaps", *sorted(key.items())), select)
        shown, cursor = page(found, filters.limit, filters.cursor)
        data = [{name: getattr(gap, name) for name in Gap.model_fields} for gap in shown]
        body = document(view, context, data, next=cursor, total=len(found))
        return body, next_link(request, context, cursor)

    def endpoint(request: Request, filters: Annotated[GapFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(request, filters, view))

    return endpoint
