"""The routes of ``/api/v1``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from sdograph.identifiers import ID_BASE, SCHEME_BASE
from sdograph.namespaces import RDF
from sdograph_api.addresses import root_path
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest import items, liaisons, models
from sdograph_api.rest import parameters as given
from sdograph_api.rest.answers import as_csv, document, next_link, respond
from sdograph_api.rest.networks import links
from sdograph_api.rest.paging import page
from sdograph_api.rest.selection import SELECTIONS, select
from sdograph_api.routing import Router
from sdograph_api.view import View, resource

#: Entries of a list as CSV, unless fewer are asked for.
MAX_CSV = 10_000

#: Name of a list -> classes of the keys of its resources, parameters, and models of entry and item.
_KINDS: dict[str, tuple[tuple[str, ...], type[given.Paging], type[BaseModel], type[BaseModel]]] = {
    "bodies": (("body",), given.BodyFilters, models.Body, models.BodyInFull),
    "groups": (("group",), given.GroupFilters, models.Group, models.GroupInFull),
    "work-items": (("work-item",), given.WorkItemFilters, models.WorkItem, models.WorkItemInFull),
    "specifications": (
        ("specification",),
        given.SpecificationFilters,
        models.Specification,
        models.SpecificationInFull,
    ),
    "releases": (("release", "study-period"), given.ReleaseFilters, models.Release, models.Release),
    "meetings": (("meeting",), given.MeetingFilters, models.Meeting, models.MeetingInFull),
    "liaison-statements": (
        ("liaison-statement",),
        given.LiaisonStatementFilters,
        models.LiaisonStatement,
        models.LiaisonStatementInFull,
    ),
    "topics": (("topic",), given.TopicFilters, models.Topic, models.TopicInFull),
}


def router(context: Context) -> Router:
    """All routes below ``/api/v1``."""
    routes = Router(prefix="/api/v1", responses=models.PROBLEMS)
    for name, (classes, filters, entry, full) in _KINDS.items():
        words = name.replace("-", " ")
        routes.add_api_route(
            f"/{name}",
            _list(context, name, filters, as_table=False),
            responses={200: {"model": models.Page[entry]}},  # type: ignore[valid-type]
            response_class=Response,
            summary=f"List {words}",
            operation_id=f"list_{name.replace('-', '_')}",
            tags=[words],
        )
        routes.add_api_route(
            f"/{name}.csv",
            _list(context, name, filters, as_table=True),
            response_class=Response,
            responses={200: {"content": {"text/csv": {}}}},
            summary=f"List {words} as CSV",
            operation_id=f"list_{name.replace('-', '_')}_csv",
            tags=[words],
        )
        routes.add_api_route(
            f"/{name}/{{id:path}}",
            _item(context, name, classes),
            responses={200: {"model": models.One[full]}},  # type: ignore[valid-type]
            response_class=Response,
            summary=f"One of the {words}, with its evidence",
            operation_id=f"get_{name.replace('-', '_')}",
            tags=[words],
        )
    routes.add_api_route(
        "/liaisons",
        _liaisons(context),
        responses={200: {"model": models.Pairs}},
        response_class=Response,
        summary="Who liaises with whom",
        operation_id="list_liaisons",
        tags=["liaisons"],
    )
    return routes


def _asked(filters: given.Paging) -> dict[str, str]:
    """The filters that are set, by the names of their parameters."""
    return {
        name: value
        for name, value in filters.model_dump(by_alias=True, exclude_none=True).items()
        if name not in ("limit", "cursor")
    }


def _list(
    context: Context, name: str, model: type[given.Paging], *, as_table: bool
) -> Callable[..., Response]:
    def make(request: Request, filters: given.Paging, view: View) -> tuple[bytes, Mapping[str, str]]:
        asked = _asked(filters)
        entries, warnings = context.once(
            view.snapshot, (name, *sorted(asked.items())), lambda: select(view, SELECTIONS[name], asked)
        )
        limit = MAX_CSV if as_table and "limit" not in request.query_params else filters.limit
        shown, cursor = page(entries, limit, filters.cursor)
        data = [items.summary(view, name, node) for node in shown]
        headers = next_link(request, context, cursor)
        if as_table:
            return as_csv(data), headers
        return document(view, context, data, next=cursor, total=len(entries), warnings=warnings), headers

    def endpoint(request: Request, filters: given.Paging) -> Response:
        media_type = "text/csv; charset=utf-8" if as_table else "application/json"
        return respond(request, context, media_type, lambda view: make(request, filters, view))

    endpoint.__annotations__["filters"] = Annotated[model, Query()]
    return endpoint


def _item(context: Context, name: str, classes: tuple[str, ...]) -> Callable[..., Response]:
    def find(view: View, id: str) -> tuple[Any, str | None]:
        """The resource, and its id if that is another than was asked for."""
        base = SCHEME_BASE if name == "topics" else ID_BASE
        key = id.removeprefix(base)
        keys = (
            [key]
            if key.startswith(tuple(f"{kind}/" for kind in classes))
            else [f"{kind}/{key}" for kind in classes]
        )
        for asked in filter(None, (resource(key, base) for key in keys)):
            node = view.snapshot.leads_to(asked)
            if next(view.snapshot.triples(node, RDF.type), None):
                moved = node != asked
                return node, node.value.removeprefix(ID_BASE) if moved else None
        raise Problem(
            404, "not-found", f"there is no {classes[0].replace('-', ' ')} {id!r}", where="path",
            hint=f"/api/v1/{name}?q= finds them",
        )  # fmt: skip

    def endpoint(request: Request, id: str) -> Response:
        view = View(context.snapshot())
        node, moved = find(view, id)
        if moved is not None:
            kind, _, local = moved.partition("/")
            target = next((n for n, (kinds, *_) in _KINDS.items() if kind in kinds), name)
            return RedirectResponse(f"{root_path(request.scope)}/api/v1/{target}/{local}", status_code=301)
        return respond(
            request,
            context,
            "application/json",
            lambda view: (document(view, context, items.item(view, name, node)), {}),
        )

    return endpoint


def _liaisons(context: Context) -> Callable[..., Response]:
    def make(request: Request, filters: given.LiaisonFilters, view: View) -> tuple[bytes, Mapping[str, str]]:
        asked = _asked(filters)
        entries, warnings = context.once(
            view.snapshot, ("liaisons", *sorted(asked.items())), lambda: liaisons.pairs(view, asked)
        )
        shown, cursor = page(entries, filters.limit, filters.cursor)
        data = [liaisons.pair(context, view, found) for found in shown]
        opened = links(request, context, "liaisons", asked)
        body = document(view, context, data, next=cursor, total=len(entries), links=opened, warnings=warnings)
        return body, next_link(request, context, cursor)

    def endpoint(request: Request, filters: Annotated[given.LiaisonFilters, Query()]) -> Response:
        return respond(request, context, "application/json", lambda view: make(request, filters, view))

    return endpoint
