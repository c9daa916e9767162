"""Networks over HTTP: which there are, where each can be opened, and its measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from sdograph import export, network
from sdograph.network.measures import Measures, measure, nodes_csv
from sdograph_api.addresses import base_url
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest import models
from sdograph_api.rest import parameters as given
from sdograph_api.rest.answers import document, earlier, respond
from sdograph_api.rest.comparisons import Comparisons
from sdograph_api.view import View

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

GEPHI_LITE = "https://gephi.org/gephi-lite/"


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


def router(context: Context, compared: Comparisons) -> APIRouter:
    """The routes below ``/api/v1/networks``."""
    routes = APIRouter(prefix="/api/v1/networks", responses=models.PROBLEMS)

    def add(
        path: str, endpoint: Callable[..., Response], name: str, summary: str, answer: dict[str, Any]
    ) -> None:
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
        _about(context, compared),
        "get_network",
        "How large a network is, and where it can be opened",
        {"model": models.One[Size]},
    )
    add(
        "/{view}/metrics",
        _metrics(context, compared),
        "network_metrics",
        "The measures of a network, of its years and its nodes",
        {"model": models.One[Metrics]},
    )
    add(
        "/{view}/metrics.csv",
        _metrics_csv(context, compared),
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


def _views(context: Context) -> Callable[..., Response]:
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


def rests_on(compared: Comparisons, view: View, name: str) -> tuple[network.Compared | None, str]:
    """What a view of that name is built from beside the graph, and of which version of the dataset.

    Raises a problem, 503, when nothing has been compared yet.
    """
    if name != "overlaps":
        return None, view.snapshot.version
    found = compared.table(view)
    return lambda: found, found[1]


def _built(view: View, name: str, filters: Mapping[str, str], beside: network.Compared | None) -> Network:
    if name not in network.VIEWS:
        raise Problem(
            404, "not-found", f"there is no view {name!r}", where="path",
            hint=f"views: {', '.join(network.VIEWS)}",
        )  # fmt: skip
    return network.build(view.snapshot, name, filters, beside)


def _size(graph: Network) -> tuple[dict[str, Any], list[str]]:
    """How large it is; and what has to be said of it beside that edges may be missing."""
    undated = graph.graph.get("undated_left_out")
    return {
        "view": graph.graph["view"],
        "filters": graph.graph["filters"],
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "kinds": dict(Counter(kind for *_, kind in graph.edges(keys=True)).most_common()),
    }, [f"{undated} without a date are left out"] if undated else []


def _about(context: Context, compared: Comparisons) -> Callable[..., Response]:
    def endpoint(request: Request, view: Name, filters: Annotated[NetworkFilters, Query()]) -> Response:
        asked = filters.filters()

        def make(seen: View) -> tuple[bytes, Mapping[str, str]]:
            beside, made_of = rests_on(compared, seen, view)
            size, warnings = _size(_built(seen, view, asked, beside))
            headers, of_before = earlier(seen, made_of)
            said = {**size, "links": links(request, context, view, asked)}
            return document(seen, context, said, warnings=of_before + warnings), headers

        return respond(request, context, "application/json", make)

    return endpoint


def _metrics(context: Context, compared: Comparisons) -> Callable[..., Response]:
    def endpoint(request: Request, view: Name, filters: Annotated[MetricsFilters, Query()]) -> Response:
        asked = filters.filters()

        def make(seen: View) -> tuple[bytes, Mapping[str, str]]:
            beside, made_of = rests_on(compared, seen, view)
            size, warnings, found = _measured(context, seen, view, asked, beside, made_of)
            headers, of_before = earlier(seen, made_of)
            whole = {f.name: getattr(found, f.name) for f in fields(found) if not f.name.startswith("by_")}
            said = {
                **size,
                "links": links(request, context, view, asked),
                "measures": whole,
                "by_year": found.by_year,
                "by_node": found.by_node[: filters.limit],
            }
            return document(seen, context, said, warnings=of_before + warnings), headers

        return respond(request, context, "application/json", make)

    return endpoint


def _metrics_csv(context: Context, compared: Comparisons) -> Callable[..., Response]:
    def endpoint(request: Request, view: Name, filters: Annotated[NetworkFilters, Query()]) -> Response:
        def make(seen: View) -> tuple[bytes, Mapping[str, str]]:
            beside, made_of = rests_on(compared, seen, view)
            *_, found = _measured(context, seen, view, filters.filters(), beside, made_of)
            return nodes_csv(found), earlier(seen, made_of)[0]

        return respond(request, context, "text/csv; charset=utf-8", make)

    return endpoint


def _measured(
    context: Context, view: View, name: str, filters: Mapping[str, str],
    beside: network.Compared | None, made_of: str,
) -> tuple[dict[str, Any], list[str], Measures]:  # fmt: skip
    def make() -> tuple[dict[str, Any], list[str], Measures]:
        graph = _built(view, name, filters, beside)
        return *_size(graph), measure(graph)

    return context.once(view.snapshot, ("measures", name, made_of, *sorted(filters.items())), make)
