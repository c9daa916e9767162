"""``/export/…``: networks and the whole graph as files.

Filters stand in the path and the file's name comes last, because Gephi Lite tells the format by the last
segment of an address: ``/export/liaisons/since=2020/body=ETSI/graph.gexf``.
"""

from __future__ import annotations

import logging
import os
import weakref
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryFile

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from sdograph import export, network
from sdograph.errors import StoreDamaged, UsageError
from sdograph.store import Snapshot
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest.answers import earlier, matches
from sdograph_api.rest.comparisons import Comparisons
from sdograph_api.rest.networks import links, rests_on
from sdograph_api.view import View

FILE = "graph"
log = logging.getLogger(__name__)

#: Bytes of an export that are read at once.
PIECE = 256 * 1024


def router(context: Context, compared: Comparisons) -> APIRouter:
    routes = APIRouter(tags=["export"])
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
    def exported(request: Request, view: str, path: str) -> Response:
        *filters, file = path.split("/")
        stem, _, format = file.partition(".")
        if stem != FILE or not format:
            raise Problem(
                404, "not-found", f"there is no export {path!r}", where="path",
                hint=f"end the path with {FILE}. and a format, such as {FILE}.gexf",
            )  # fmt: skip
        if view == "dataset":
            return _whole(request, context, format, filters)
        return _network(request, context, compared, view, format, _filters(filters))

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


def _network(
    request: Request,
    context: Context,
    compared: Comparisons,
    name: str,
    format: str,
    filters: Mapping[str, str],
) -> Response:
    if name not in network.VIEWS:
        raise Problem(
            404, "not-found", f"there is no view {name!r}", where="path",
            hint=f"views: {', '.join([*network.VIEWS, 'dataset'])}",
        )  # fmt: skip
    if format not in export.NETWORK_FORMATS:
        raise _no_format(format, export.NETWORK_FORMATS)
    snapshot = context.snapshot()
    beside, made_of = rests_on(compared, View(snapshot), name)
    etag = earlier(View(snapshot), made_of)[0].get("ETag", f'"{snapshot.version}"')
    opened = links(request, context, name, filters)["gephi_lite"]
    headers = {
        "ETag": etag,
        "Cache-Control": "public, no-cache",
        "Link": f'<{opened}>; rel="alternate"; title="Gephi Lite"',
    }
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    # Made whole before the first byte leaves, on disk: an answer is never cut short by an error, and the
    # length tells a client, also over HTTP/1.0, whether it has all of it.
    made = context.once(
        snapshot,
        ("export", name, format, made_of, *sorted(filters.items())),
        lambda: Made(export.write(snapshot, network.build(snapshot, name, filters, beside), format)),
    )
    headers["Content-Length"] = str(made.length)
    return StreamingResponse(made.pieces(), media_type=export.NETWORK_FORMATS[format], headers=headers)


class Made:
    """A file without a name that holds an export; it goes when nobody reads from it any more."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self._file.close)
        for chunk in chunks:
            self._file.write(chunk)
        self.length = self._file.tell()
        self._file.flush()

    def pieces(self) -> Iterator[bytes]:
        """The file from its beginning; several may read it at once."""
        for start in range(0, self.length, PIECE):
            yield os.pread(self._file.fileno(), PIECE, start)


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
