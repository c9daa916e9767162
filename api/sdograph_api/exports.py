"""``/export/…``: networks and the whole graph as files.

Filters stand in the path and the file's name comes last, because Gephi Lite tells the format by the last
segment of an address: ``/export/liaisons/since=2020/body=ETSI/graph.gexf``.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from sdograph import export, network
from sdograph.errors import UsageError
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest.answers import respond
from sdograph_api.view import View

FILE = "graph"


def router(context: Context) -> APIRouter:
    routes = APIRouter(tags=["export"])
    media_types = {writer.media_type.partition(";")[0] for writer in export.WRITERS.values()}

    @routes.get(
        "/export/{view}/{path:path}",
        response_class=Response,
        responses={200: {"content": {media_type: {} for media_type in sorted(media_types)}}},
        summary="A network, or the whole graph, as a file",
        description=(
            f"Views: {', '.join(network.VIEWS)}. The path is filters, each name=value, and then graph. and "
            f"the format: {', '.join(export.WRITERS)}. The view dataset is the whole graph, as "
            f"{', '.join(export.DUMPS)}, without filters."
        ),
    )
    def exported(request: Request, view: str, path: str) -> Response:
        *filters, file = path.split("/")
        stem, _, format = file.partition(".")
        if stem != FILE or not format:
            raise Problem(
                404, "not-found", f"there is no export {path!r}", where="path",
                hint=f"end the path with {FILE}. and a format, such as {FILE}.gexf",
            )  # fmt: skip
        if view == "dataset":
            return _whole(context, format, filters)
        return _network(request, context, view, format, dict(map(_filter, filters)))

    return routes


def _filter(segment: str) -> tuple[str, str]:
    name, equals, value = segment.partition("=")
    if not equals:
        raise UsageError(f"{segment!r} is no filter", where="path", hint="write filters as name=value")
    return name, value


def _network(
    request: Request, context: Context, name: str, format: str, filters: Mapping[str, str]
) -> Response:
    if name not in network.VIEWS:
        raise Problem(
            404, "not-found", f"there is no view {name!r}", where="path",
            hint=f"views: {', '.join([*network.VIEWS, 'dataset'])}",
        )  # fmt: skip
    writer = export.WRITERS.get(format)
    if writer is None:
        raise _no_format(format, export.WRITERS)

    def make(view: View) -> tuple[bytes, Mapping[str, str]]:
        graph = network.build(view.snapshot, name, filters)
        # Whole before it leaves: a view is small beside the graph, and an error must not cut an answer short.
        return b"".join(writer.write(graph)), {}

    return respond(request, context, writer.media_type, make)


def _whole(context: Context, format: str, filters: list[str]) -> Response:
    if filters:
        raise UsageError("the whole graph takes no filters", where="path", hint="leave them out")
    writer = export.DUMPS.get(format)
    if writer is None:
        raise _no_format(format, export.DUMPS)
    snapshot = context.snapshot()
    # It is written once to be measured: what is sent then is known to be readable to its end, and a client
    # can tell, also over HTTP/1.0, whether it has all of it.
    length = context.once(snapshot, ("length", format), lambda: sum(map(len, writer.write(snapshot))))
    headers = {
        "ETag": f'"{snapshot.version}"',
        "Cache-Control": "public, no-cache",
        "Content-Length": str(length),
    }
    return StreamingResponse(writer.write(snapshot), media_type=writer.media_type, headers=headers)


def _no_format(format: str, known: Mapping[str, object]) -> Problem:
    return Problem(
        404, "unknown-format", f"there is no format {format!r}", where="path",
        hint=f"formats: {', '.join(known)}",
    )  # fmt: skip
