"""``/export/…``: networks and the whole graph as files.

Filters stand in the path and the file's name comes last, because Gephi Lite tells the format by the last
segment of an address: ``/export/liaisons/since=2020/body=ETSI/graph.gexf``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from sdograph import export, network
from sdograph.errors import StoreDamaged, UsageError
from sdograph.store import Snapshot
from sdograph_api.context import Context
from sdograph_api.making import Making
from sdograph_api.problems import Problem
from sdograph_api.rest.answers import matches
from sdograph_api.rest.networks import hold_to_view, links, made
from sdograph_api.routing import Router

FILE = "graph"
log = logging.getLogger(__name__)


def router(context: Context, making: Making) -> Router:
    routes = Router(tags=["export"])
    media_types = {media_type.partition(";")[0] for media_type in export.NETWORK_FORMATS.values()}

    @routes.get(
        "/export/{view}/{path:path}",
        response_class=Response,
        responses={200: {"content": {media_type: {} for media_type in sorted(media_types)}}},
        summary="A network, or the whole graph, as a file",
        description=(
            f"Views: {', '.join(network.VIEWS)}. The path is filters, each name=value, and then graph. and "
            f"the format: {', '.join(export.NETWORK_FORMATS)}. The view dataset is the whole graph, as "
            f"{', '.join(export.DUMPS)}, without filters."
        ),
    )
    async def exported(request: Request, view: str, path: str) -> Response:
        *filters, file = path.split("/")
        stem, _, format = file.partition(".")
        if stem != FILE or not format:
            raise Problem(
                404, "not-found", f"there is no export {path!r}", where="path",
                hint=f"end the path with {FILE}. and a format, such as {FILE}.gexf",
            )  # fmt: skip
        if view == "dataset":
            return await run_in_threadpool(_whole, request, context, format, filters)
        return await _network(request, context, making, view, format, _filters(filters))

    return routes


def _filters(segments: list[str]) -> dict[str, str]:
    """Names and values. Ids have slashes: what has no name of its own goes on with the value before it."""
    found: dict[str, str] = {}
    name = ""
    for segment in segments:
        before, equals, value = segment.partition("=")
        if equals:
            name = before
            found[name] = value
        elif name:
            found[name] += f"/{segment}"
        else:
            raise UsageError(f"{segment!r} is no filter", where="path", hint="write filters as name=value")
    return found


async def _network(
    request: Request, context: Context, making: Making, name: str, format: str, filters: Mapping[str, str]
) -> Response:
    hold_to_view(name, "dataset")
    if format not in export.NETWORK_FORMATS:
        raise _no_format(format, export.NETWORK_FORMATS)
    # Made whole before the first byte leaves, on disk: an answer is never cut short by an error, and the
    # length tells a client, also over HTTP/1.0, whether it has all of it.
    headers, found = await made(request, context, making, {"view": name, "filters": filters, "as": format})
    opened = links(request, context, name, filters)["gephi_lite"]
    headers["Link"] = f'<{opened}>; rel="alternate"; title="Gephi Lite"'
    if found is None:
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(found.length)
    return StreamingResponse(found.pieces(), media_type=export.NETWORK_FORMATS[format], headers=headers)


def _whole(request: Request, context: Context, format: str, filters: list[str]) -> Response:
    if filters:
        raise UsageError("the whole graph takes no filters", where="path", hint="leave them out")
    writer = export.DUMPS.get(format)
    if writer is None:
        raise _no_format(format, export.DUMPS)
    snapshot = context.snapshot()
    etag = f'"{snapshot.version}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    # It is written once to be measured: what is sent then is known to be readable to its end, and a client
    # can tell, also over HTTP/1.0, whether it has all of it.
    length = context.once(snapshot, ("length", format), lambda: _length(writer, snapshot))
    headers["Content-Length"] = str(length)
    return StreamingResponse(writer.write(snapshot), media_type=writer.media_type, headers=headers)


def _length(writer: export.Writer[Snapshot], snapshot: Snapshot) -> int:
    """Bytes of an export; raises StoreDamaged when the snapshot cannot be read to its end."""
    try:
        return sum(map(len, writer.write(snapshot)))
    except (OSError, RuntimeError) as error:
        log.error("the dataset cannot be read: %s", error)
    # Out here, as iterators of the store have to end in this thread: an exception that leaves would hold one.
    raise StoreDamaged("the dataset cannot be read to its end", hint="its operator has a backup, or the log")


def _no_format(format: str, known: Mapping[str, object]) -> Problem:
    return Problem(
        404, "unknown-format", f"there is no format {format!r}", where="path",
        hint=f"formats: {', '.join(known)}",
    )  # fmt: skip
