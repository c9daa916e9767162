"""Networks over HTTP: which there are, where each can be opened, and its measures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import quote, urlencode

from fastapi import Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from sdograph import export, network
from sdograph_api.addresses import base_url
from sdograph_api.context import Context
from sdograph_api.logs import RECORD
from sdograph_api.making import Made, Making
from sdograph_api.problems import Problem
from sdograph_api.rest import models
from sdograph_api.rest import parameters as given
from sdograph_api.rest.answers import document, matches, respond
from sdograph_api.routing import Router

GEPHI_LITE = "https://gephi.org/gephi-lite/"

#: What the maker gives of a network beside its formats.
_MEDIA_TYPES = {
    "about": "application/json", "metrics": "application/json", "metrics.csv": "text/csv; charset=utf-8",
}  # fmt: skip

Endpoint: TypeAlias = Callable[..., Response | Awaitable[Response]]


class NetworkFilters(BaseModel):
    """The filters of all views. One that a view does not have is refused, with those that it has."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[given.Date | None, Field(description="from this day, month or year on")] = None
    until: Annotated[given.Date | None, Field(description="up to this day, month or year")] = None
    as_of: Annotated[given.Date | None, Field(description="the network of this day")] = None
    body: Annotated[given.Id | None, Field(description="an end is of this body, or of one below it")] = None
    other_body: Annotated[given.Id | None, Field(description="of overlaps: the other end is of this one")] = (
        None
    )
    group: Annotated[given.Id | None, Field(description="this very group or body is at an end")] = None
    topic: Annotated[given.Id | None, Field(description="on this topic, or on one below it")] = None
    release: Annotated[given.Id | None, Field(description="for this release, such as Rel-18")] = None
    purpose: Literal["action", "comment", "information", "response"] | None = None
    role: Annotated[Literal["to", "cc"] | None, Field(description="to the addressee, or in copy")] = None
    level: Annotated[
        Literal["item", "group", "parent", "body"] | None,
        Field(description="what groups are merged into; item: of overlaps, nothing is merged"),
    ] = None
    kind: Annotated[given.Id | None, Field(description="only edges of this kind")] = None
    band: Annotated[
        Literal["strong", "partial", "weak"] | None, Field(description="only overlaps of this band")
    ] = None
    min_score: Annotated[
        float | None, Field(ge=0, le=1, description="only overlaps from this score on; 0.4 by default")
    ] = None
    min_weight: Annotated[float | None, Field(ge=0, description="only edges of this weight or more")] = None
    node: Annotated[given.Id | None, Field(description="of ego: the node in the middle")] = None
    distance: Annotated[int | None, Field(ge=1, le=4, description="of ego: how far, in edges")] = None

    def filters(self) -> dict[str, str]:
        return {
            name: f"{value:g}" if isinstance(value, float) else str(value)
            for name, value in self.model_dump(
                include=set(NetworkFilters.model_fields), exclude_none=True
            ).items()
        }


class MetricsFilters(NetworkFilters):
    limit: Annotated[int, Field(ge=0, le=10_000, description="nodes to list, the strongest first")] = 100


class ViewAbout(models.Model):
    view: str
    description: str
    filters: list[str]
    links: models.NetworkLinks | None


class Size(models.Model):
    view: str
    filters: dict[str, str]
    nodes: int
    edges: int
    kinds: Annotated[dict[str, int], Field(description="number of edges by kind")]
    links: models.NetworkLinks


class Metrics(Size):
    measures: Annotated[dict[str, Any], Field(description="of the whole network")]
    by_year: list[dict[str, Any]]
    by_node: list[dict[str, Any]]


def router(context: Context, making: Making) -> Router:
    """The routes below ``/api/v1/networks``."""
    routes = Router(prefix="/api/v1/networks", responses=models.PROBLEMS)

    def add(path: str, endpoint: Endpoint, name: str, summary: str, answer: dict[str, Any]) -> None:
        routes.add_api_route(
            path, endpoint, responses={200: answer}, response_class=Response, summary=summary,
            operation_id=name, tags=["networks"],
        )  # fmt: skip

    add(
        "",
        _views(context),
        "list_networks",
        "The views of the graph as networks",
        {"model": models.One[list[ViewAbout]]},
    )
    add(
        "/{view}",
        _about(context, making),
        "get_network",
        "How large a network is, and where it can be opened",
        {"model": models.One[Size]},
    )
    add(
        "/{view}/metrics",
        _metrics(context, making),
        "network_metrics",
        "The measures of a network, of its years and its nodes",
        {"model": models.One[Metrics]},
    )
    add(
        "/{view}/metrics.csv",
        _metrics_csv(context, making),
        "network_metrics_csv",
        "The measures of the nodes of a network, as CSV",
        {"content": {"text/csv": {}}},
    )
    return routes


def links(request: Request, context: Context, view: str, filters: Mapping[str, str]) -> dict[str, Any]:
    """Where a network can be had, and opened. Every answer about a network carries these."""
    path = "/".join(quote(f"{name}={value}", safe="=:") for name, value in filters.items())
    root = base_url(request.scope, context.settings.public_url)
    base = f"{root}/export/{view}/{path + '/' if path else ''}graph."
    return {
        "gephi_lite": f"{GEPHI_LITE}?{urlencode({'file': base + 'gexf'})}",
        "formats": {name: base + name for name in export.NETWORK_FORMATS},
    }


def _views(context: Context) -> Endpoint:
    def endpoint(request: Request) -> Response:
        about = [
            {
                "view": view,
                "description": (build.__doc__ or "").partition("\n")[0],
                "filters": list(known := network.filters(view)),
                "links": None if any(known.values()) else links(request, context, view, {}),
            }
            for view, build in network.VIEWS.items()
        ]
        return respond(
            request, context, "application/json", lambda view: (document(view, context, about), {})
        )

    return endpoint


Name = Annotated[str, Path(description=f"one of {', '.join(network.VIEWS)}")]


def hold_to_view(name: str, *others: str) -> None:
    """Raises a problem, 404, unless there is a view of that name."""
    if name not in network.VIEWS:
        raise Problem(
            404, "not-found", f"there is no view {name!r}", where="path",
            hint=f"views: {', '.join([*network.VIEWS, *others])}",
        )  # fmt: skip


async def made(
    request: Request, context: Context, making: Making, what: Mapping[str, Any]
) -> tuple[dict[str, str], Made | None]:
    """What is made of a network, with the headers that go with it; None for who has it already."""
    asked = request.headers.get("if-none-match")
    etag = f'"{(await context.current()).version}"'
    # Of overlaps, it also says of which version those are, and only who makes it knows that.
    found = None if matches(asked, etag) else await making.made(what, request.scope[RECORD].client)
    if found is not None:
        etag = found.etag
        if matches(asked, etag):
            found = None
    return {"ETag": etag, "Cache-Control": "public, no-cache"}, found


async def _answer(
    request: Request,
    context: Context,
    making: Making,
    view: str,
    filters: NetworkFilters,
    form: str,
) -> Response:
    hold_to_view(view)
    asked = filters.filters()
    addresses = links(request, context, view, asked)
    limit = filters.limit if isinstance(filters, MetricsFilters) else 0
    what = {"view": view, "filters": asked, "as": form, "links": addresses, "limit": limit}
    headers, found = await made(request, context, making, what)
    if found is None:
        return Response(status_code=304, headers=headers)
    return Response(found.whole(), headers=headers | {"Content-Type": _MEDIA_TYPES[form]})


def _about(context: Context, making: Making) -> Endpoint:
    async def endpoint(request: Request, view: Name, filters: Annotated[NetworkFilters, Query()]) -> Response:
        return await _answer(request, context, making, view, filters, "about")

    return endpoint


def _metrics(context: Context, making: Making) -> Endpoint:
    async def endpoint(request: Request, view: Name, filters: Annotated[MetricsFilters, Query()]) -> Response:
        return await _answer(request, context, making, view, filters, "metrics")

    return endpoint


def _metrics_csv(context: Context, making: Making) -> Endpoint:
    async def endpoint(request: Request, view: Name, filters: Annotated[NetworkFilters, Query()]) -> Response:
        return await _answer(request, context, making, view, filters, "metrics.csv")

    return endpoint
