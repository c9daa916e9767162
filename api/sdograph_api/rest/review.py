"""``/api/v1/review``: what people should look at; and their decisions, for whoever has the token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from pyoxigraph import NamedNode
from starlette.responses import Response

from sdograph import review
from sdograph.namespaces import SDO
from sdograph.review.decision import short
from sdograph.review.listing import Item
from sdograph_api.change.writing import hold_to_token
from sdograph_api.context import Context
from sdograph_api.rest import models
from sdograph_api.rest.answers import as_csv, document, next_link, respond
from sdograph_api.rest.paging import page
from sdograph_api.rest.parameters import Id, Paging
from sdograph_api.rest.selection import organisation
from sdograph_api.routing import Router
from sdograph_api.view import View, text

#: Items of the list as CSV, unless fewer are asked for.
MAX_CSV = 10_000
#: Places of an item that are shown; ``settles`` counts all of them.
MAX_EVIDENCE = 20

Kind = Literal["unresolved", "uncertain", "contradiction"]


class ReviewFilters(Paging):
    kind: Annotated[Kind | None, Field(description="what is to be looked at")] = None
    group: Annotated[
        Id | None, Field(description="id of a group or body that it concerns; a body takes in all below it")
    ] = None
    document: Annotated[Id | None, Field(description="key of a source document, or a part of its name")] = (
        None
    )
    q: Annotated[str | None, Field(max_length=200, description="words that must occur in what is shown")] = (
        None
    )


class Value(BaseModel):
    """A value, and the documents that state it."""

    model_config = ConfigDict(extra="forbid")

    value: str
    documents: list[models.Reference]


class ReviewItem(BaseModel):
    """What one decision settles."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[
        str, Field(description="stays the same while it is about the same", examples=["n-9f7900759f"])
    ]
    kind: Kind
    label: Annotated[str, Field(description="the words as written, or the name of the thing")]
    fields: list[str]
    settles: Annotated[int, Field(description="places in documents that one decision settles")]
    thing: Annotated[models.Reference | None, Field(description="of what a field is in doubt")]
    values: list[Value]
    candidates: Annotated[list[models.Reference], Field(description="what words may mean")]
    documents: list[models.Reference]
    evidence: list[models.Evidence]


class Proposed(BaseModel):
    """A decision about items of the list: one of is, none, value, prefer and right."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    by: Annotated[str, Field(min_length=1, max_length=200, description="who decides: a role or a name")]
    is_: Annotated[Id | None, Field(alias="is", description="the words mean this: id, key or IRI")] = None
    none: Annotated[bool, Field(description="the words stay unlinked; no value is right")] = False
    value: Annotated[str | None, Field(max_length=2000, description="this value is right")] = None
    prefer: Annotated[Id | None, Field(description="what this document states is right")] = None
    right: Annotated[bool, Field(description="it was read right")] = False
    document: Annotated[Id | None, Field(description="words: in this document only")] = None
    note: Annotated[str | None, Field(max_length=2000)] = None


class Decided(BaseModel):
    """What has been decided, or withdrawn."""

    decisions: Annotated[list[str], Field(description="ids")]
    places: Annotated[int, Field(description="places in documents that changed")]
    documents: list[str]
    generation: int | None


def router(context: Context) -> Router:
    """The routes below ``/api/v1/review``."""
    routes = Router(prefix="/api/v1/review", responses=models.PROBLEMS, tags=["review"])
    routes.add_api_route(
        "",
        _list(context, as_table=False),
        responses={200: {"model": models.Page[ReviewItem]}},
        response_class=Response,
        summary="List what people should look at",
        operation_id="list_review",
    )
    routes.add_api_route(
        ".csv",
        _list(context, as_table=True),
        responses={200: {"content": {"text/csv": {}}}},
        response_class=Response,
        summary="List what people should look at, as CSV",
        operation_id="list_review_csv",
    )

    def may_write(request: Request) -> None:
        hold_to_token(request, context.settings)

    may_fail: dict[int | str, dict[str, Any]] = {
        401: {"description": "The token is missing or another."},
        403: {"description": "This server does not take changes."},
        409: {"description": "Another writer is at work."},
    }

    @routes.post(
        "/decisions",
        status_code=201,
        dependencies=[Depends(may_write)],
        responses={201: {"model": Decided}, **may_fail},
        response_class=Response,
        summary="Decide about items of the list",
        operation_id="decide",
    )
    def decide(proposed: Proposed) -> Response:
        from sdograph.review.proposal import Choice, propose
        from sdograph.review.settling import settle

        choice = Choice(
            thing=proposed.is_,
            none=proposed.none,
            value=proposed.value,
            prefer=proposed.prefer,
            right=proposed.right,
        )
        decided = propose(
            context.snapshot(),
            proposed.items,
            choice,
            by=proposed.by,
            note=proposed.note,
            document=proposed.document,
        )
        return _told(settle(context.store, decided), 201)

    @routes.delete(
        "/decisions/{id}",
        dependencies=[Depends(may_write)],
        responses={200: {"model": Decided}, **may_fail},
        response_class=Response,
        summary="Withdraw a decision",
        operation_id="withdraw_decision",
    )
    def withdraw(
        id: str, by: Annotated[str, Query(min_length=1, max_length=200, description="who withdraws it")]
    ) -> Response:
        from sdograph.review.settling import undo

        return _told(undo(context.store, id, by=by), 200)

    return routes


def _told(outcome: Any, status: int) -> Response:
    body = {
        "decisions": [d.id for d in (*outcome.new, *outcome.withdrawn)],
        "places": outcome.places,
        "documents": list(outcome.documents),
        "generation": outcome.generation,
    }
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def _list(context: Context, *, as_table: bool) -> Callable[..., Response]:
    def make(request: Request, filters: ReviewFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        asked = (filters.kind, filters.group, filters.document, filters.q)
        found = context.once(view.snapshot, ("review", *asked), lambda: _selected(view, filters))
        limit = MAX_CSV if as_table and "limit" not in request.query_params else filters.limit
        shown, cursor = page(found, limit, filters.cursor)
        data = [_entry(view, item) for item in shown]
        links = next_link(request, context, cursor)
        if as_table:
            return as_csv(data), links
        return document(view, context, data, next=cursor, total=len(found)), links

    def endpoint(request: Request, filters: Annotated[ReviewFilters, Query()]) -> Response:
        media_type = "text/csv; charset=utf-8" if as_table else "application/json"
        return respond(request, context, media_type, lambda view: make(request, filters, view))

    return endpoint


def _selected(view: View, filters: ReviewFilters) -> list[tuple[str, Item]]:
    found = review.items(
        view.snapshot,
        kind=filters.kind,
        organization=organisation(view, "group", filters.group) if filters.group else None,
        document=filters.document,
        text=filters.q,
    )
    return [(item.order, item) for item in found]


def _entry(view: View, item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "label": item.words,
        "fields": list(item.fields),
        "settles": item.settles,
        "thing": view.reference(item.thing) if item.thing else None,
        "values": [{"value": short(v.value), "documents": view.references(v.documents)} for v in item.values],
        "candidates": view.references(item.candidates),
        "documents": view.references(item.documents),
        "evidence": _evidence(view, item),
    }


def _evidence(view: View, item: Item) -> list[dict[str, Any]]:
    if not item.places and item.thing is not None:
        stating = {d.value for d in item.documents}
        fields = (*item.fields, "record")
        found = [e for e in view.evidence(item.thing) if e["document"] in stating and e["field"] in fields]
        return found[:MAX_EVIDENCE]
    return [
        {
            **view.document(place.document),
            "locator": place.locator,
            "field": place.field,
            "text": place.words,
            "confidence": float(_said(view, place.evidence, SDO.confidence) or 0),
            "rule": _said(view, place.evidence, SDO.matchedBy),
        }
        for place in item.places[:MAX_EVIDENCE]
    ]


def _said(view: View, node: NamedNode, p: NamedNode) -> str | None:
    return text(view.properties(node), p)
