"""Overlapping work over HTTP: of one item, of all, by topic, and where nobody writes to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from sdograph.errors import UsageError
from sdograph.overlap import Overlap
from sdograph.overlap import decision as overlap_decisions
from sdograph.overlap.answer import as_csv, kept, ranked, record
from sdograph.overlap.coverage import Coverage, on_topic
from sdograph.overlap.items import find
from sdograph.overlap.sssom import write
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest import models
from sdograph_api.rest import parameters as given
from sdograph_api.rest.answers import document, earlier, next_link, respond
from sdograph_api.rest.comparisons import Comparisons
from sdograph_api.rest.overlap_models import Gap, Matrix, Pair
from sdograph_api.rest.paging import page
from sdograph_api.routing import Router
from sdograph_api.view import View

#: Pairs as CSV or SSSOM, unless fewer are asked for.
MAX_ROWS = 10_000

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


def router(context: Context, compared: Comparisons) -> Router:
    """``/api/v1/overlaps…``, and the overlaps of a work item or specification."""
    routes = Router(prefix="/api/v1", responses=models.PROBLEMS)

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
            _of_item(context, compared),
            f"overlaps_of_{kind.replace('-', '_')}",
            "Which work of other bodies overlaps with it, how much, and why",
            {"model": models.One[list[Pair]]},
        )
    add(
        "/overlaps",
        _pairs(context, compared),
        "list_overlaps",
        "All overlapping pairs",
        {"model": models.Page[Pair]},
    )
    add(
        "/overlaps.csv",
        _file(context, compared, "text/csv", lambda found, _: as_csv(found.pairs)),
        "list_overlaps_csv",
        "All overlapping pairs, as CSV",
        {"content": {"text/csv": {}}},
    )
    add(
        "/overlaps.sssom.tsv",
        _file(context, compared, "text/tab-separated-values", _as_sssom),
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
        _gaps(context, compared),
        "overlap_gaps",
        "Who works on the same and does not write to each other",
        {"model": models.Page[Gap]},
    )
    return routes


def _of_item(context: Context, compared: Comparisons) -> Callable[..., Response]:
    def make(id: str, filters: ItemFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        overlaps, made_of = compared.overlaps(view)
        try:
            item = find(overlaps.items, id)
        except UsageError as error:
            raise Problem(404, "not-found", error.message, where="path", hint=error.hint) from error
        found = ranked(
            overlaps,
            compared.decisions(view),
            item.id,
            limit=filters.limit,
            wanted=filters.decision,
            min_score=filters.min_score,
            within=filters.within,
            bodies=None if filters.body is None else [filters.body],
        )
        headers, warnings = earlier(view, made_of)
        data = [record(*pair) for pair in found]
        return document(view, context, data, warnings=[*warnings, *overlaps.warnings]), headers

    def endpoint(request: Request, id: str, filters: Annotated[ItemFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(id, filters, view))

    return endpoint


class _Found(NamedTuple):
    """The pairs on a page, with their decisions."""

    pairs: list[tuple[Overlap, overlap_decisions.Decision | None]]
    cursor: str | None
    total: int
    headers: dict[str, str]
    warnings: list[str]


def _found(
    request: Request, context: Context, compared: Comparisons, view: View, filters: PairFilters, limit: int
) -> _Found:
    snapshot = view.snapshot
    asked = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
    table, made_of = compared.table(view)

    def select() -> list[tuple[str, Any]]:
        overlaps = table.overlaps(
            min_score=filters.min_score,
            body=filters.body,
            other_body=filters.other_body,
            among=None if filters.topic is None else on_topic(snapshot, filters.topic),
        )
        return [
            (f"{n:08}", pair)
            for n, pair in enumerate(kept(overlaps, compared.decisions(view), filters.decision))
        ]

    found = context.once(snapshot, ("overlaps", made_of, *sorted(asked.items())), select)
    shown, cursor = page(found, limit, filters.cursor)
    headers, warnings = earlier(view, made_of)
    return _Found(shown, cursor, len(found), headers | next_link(request, context, cursor), warnings)


def _pairs(context: Context, compared: Comparisons) -> Callable[..., Response]:
    def make(request: Request, filters: PairFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        found = _found(request, context, compared, view, filters, filters.limit)
        data = [record(*pair) for pair in found.pairs]
        body = document(view, context, data, next=found.cursor, total=found.total, warnings=found.warnings)
        return body, found.headers

    def endpoint(request: Request, filters: Annotated[PairFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(request, filters, view))

    return endpoint


def _file(
    context: Context, compared: Comparisons, media_type: str, write: Callable[[_Found, View], bytes]
) -> Callable[..., Response]:
    def endpoint(request: Request, filters: Annotated[PairFilters, Query()]) -> Response:
        limit = filters.limit if "limit" in request.query_params else MAX_ROWS

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            found = _found(request, context, compared, view, filters, limit)
            return write(found, view), found.headers

        return respond(request, context, f"{media_type}; charset=utf-8", make)

    return endpoint


def _as_sssom(found: _Found, view: View) -> bytes:
    labels = {item.id: item.title or item.code for o, _ in found.pairs for item in (o.item, o.other)}
    decided = [d for _, d in found.pairs if d is not None]
    return write((o for o, _ in found.pairs), decided, labels, version=view.snapshot.version)


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


def _gaps(context: Context, compared: Comparisons) -> Callable[..., Response]:
    def make(request: Request, filters: GapFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        asked = filters.model_dump(include={"level", "months", "as_of", "least"})
        covered = _coverage(context, view)
        made_of = view.snapshot.version
        if filters.by == "overlap":
            table, made_of = compared.table(view)

        def select() -> list[tuple[str, Any]]:
            if filters.by == "topic":
                found = covered.gaps(topic=filters.topic, **asked)
            else:
                among = None if filters.topic is None else on_topic(view.snapshot, filters.topic)
                pairs = table.overlaps(min_score=filters.min_score, among=among)
                found = covered.overlap_gaps(pairs, **asked)
            return [(f"{n:08}", gap) for n, gap in enumerate(found)]

        key = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
        found = context.once(view.snapshot, ("gaps", made_of, *sorted(key.items())), select)
        shown, cursor = page(found, filters.limit, filters.cursor)
        headers, warnings = earlier(view, made_of)
        data = [{name: getattr(gap, name) for name in Gap.model_fields} for gap in shown]
        body = document(view, context, data, next=cursor, total=len(found), warnings=warnings)
        return body, headers | next_link(request, context, cursor)

    def endpoint(request: Request, filters: Annotated[GapFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(request, filters, view))

    return endpoint
