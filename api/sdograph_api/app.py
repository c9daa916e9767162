"""The application: everything the server answers, put together."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sdograph.errors import SdographError, Superseded, Unavailable
from sdograph_api import exports, followup_pages, meta, metrics, resources, vocabulary
from sdograph_api.bounds import BODILESS, Body, Clients
from sdograph_api.change import endpoint as update
from sdograph_api.change import store_protocol
from sdograph_api.change.writing import Writing
from sdograph_api.context import Context
from sdograph_api.documentation import SPARQL_PATHS
from sdograph_api.html import NOTHING
from sdograph_api.indexing import Indexing
from sdograph_api.ingest import endpoint as ingest
from sdograph_api.ingest import page as ingest_page
from sdograph_api.ingest.reading import Reading
from sdograph_api.logs import RECORD, Record, RequestLog
from sdograph_api.making import Making
from sdograph_api.memory import Trimming
from sdograph_api.metrics import SPARQL, Metrics
from sdograph_api.problems import MEDIA_TYPE, Problem, from_error, internal
from sdograph_api.query.endpoint import Message, Receive, Scope, Send, SparqlEndpoint
from sdograph_api.rest import followup, networks, overlaps, review, search
from sdograph_api.rest import routes as rest
from sdograph_api.rest.comparisons import Comparisons
from sdograph_api.rest.models import ProblemDocument
from sdograph_api.routing import Computing
from sdograph_api.settings import Settings

log = logging.getLogger(__name__)

#: Seconds after which a thread lets others have the interpreter. With the usual 5 ms, queries that only pass
#: through took five times as long beside a dozen lists in the making, and half as many of both got done.
SWITCH_INTERVAL = 0.0005

#: Seconds that requests which are over wait to be counted and logged.
NOTED_AFTER = 0.05

#: In the scope of a request whose answer is of a version of the dataset that is gone.
SUPERSEDED = "sdograph.superseded"


class Application(FastAPI):
    """FastAPI, with the SPARQL endpoint in front: that path pays for no middleware and no routing."""

    sparql: SparqlEndpoint
    settings: Settings
    clients: Clients
    computing: Computing
    metrics: Metrics
    request_log: RequestLog

    #: The path of the public address: behind a proxy that takes it off, requests get it back.
    below: str

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._over: list[Record] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        if self.below and not scope.get("root_path"):
            scope["root_path"] = self.below
            if not scope["path"].startswith(self.below + "/"):
                scope["path"] = self.below + scope["path"]
        record = scope[RECORD] = Record(scope)
        send = record.watching(send)
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        # Whoever watches over the server has to hear from it whatever else it does for that address.
        counted = not path.startswith("/health")
        try:
            if counted:
                self.clients.enter(record.client)
        except Problem as problem:
            record.code = problem.code
            await _refuse(problem, send)
            self._observe(record)
            return
        try:
            if record.method not in BODILESS:
                receive = Body(scope, receive, self.settings, path)
            if path in ("/sparql", "/sparql/"):
                record.route = SPARQL
                await self.sparql(scope, receive, send)
            else:
                await _open_to_all(super().__call__, scope, receive, send)
        except Problem as problem:
            record.code = problem.code
            await _refuse(problem, send)
        except Exception:
            record.status = 500
            raise
        finally:
            if counted:
                self.clients.leave(record.client)
            self._observe(record)

    def _observe(self, record: Record) -> None:
        record.over()
        self._over.append(record)
        if len(self._over) == 1:
            asyncio.get_running_loop().call_later(NOTED_AFTER, self.note)

    def note(self) -> None:
        """Counts and logs the requests that are over. Some at once, as each alone takes twice as long."""
        over, self._over = self._over, []
        for record in over:
            self.metrics.observe(record)
        self.request_log(over)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            description = super().openapi()
            description["paths"] = {**SPARQL_PATHS, **description["paths"]}
            schemas = description.setdefault("components", {}).setdefault("schemas", {})
            schemas["ProblemDocument"] = ProblemDocument.model_json_schema()
            # What the framework would answer 422 is 400 here.
            for operation in (o for path in description["paths"].values() for o in path.values()):
                if operation["responses"].get("422", {}).get("description") == "Validation Error":
                    del operation["responses"]["422"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        return super().openapi()


def create_app(settings: Settings | None = None) -> Application:
    """The application over the data directory of the settings (by default those of the environment)."""
    context = Context(settings or Settings())
    numbers = Metrics(context)
    writing = Writing(context.settings)
    reading = Reading(context.settings)
    making = Making(context)
    indexing = Indexing(context)
    trimming = Trimming(context)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # What threads are at in Python (lists, exports) must not keep the event loop waiting each time.
        sys.setswitchinterval(SWITCH_INTERVAL)
        # Without a dataset /health says so; the processes start when there is one.
        with suppress(Unavailable):
            if context.remote is None:
                context.workers()
        numbers.start()
        indexing.start()
        trimming.start()
        yield
        app.note()
        numbers.stop()
        await trimming.close()
        await indexing.close()
        await making.close()
        await reading.close()
        await writing.close()
        await context.close()

    app = Application(
        title="sdograph",
        summary="Who standardises what, and who writes to whom about it.",
        version=version("sdograph"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context = context
    app.sparql = SparqlEndpoint(context)
    app.settings = context.settings
    app.clients = Clients(context.settings.max_client_requests)
    app.computing = Computing(context.settings)
    app.metrics = numbers
    app.request_log = RequestLog(context.settings)
    app.below = urlsplit(context.settings.public_url or "").path.rstrip("/")
    compared = Comparisons(context)
    for router in (
        meta.router(context, app),
        update.router(context, writing),
        store_protocol.router(context, writing),
        ingest.router(context, reading),
        ingest_page.router(context, reading),
        # Before those that take any path below the name of a list, or below /id/.
        followup.router(context),
        followup_pages.router(context),
        search.router(context),
        networks.router(context, making),
        overlaps.router(context, compared),
        rest.router(context),
        review.router(context),
        resources.router(context),
        exports.router(context, making),
        vocabulary.router(),
        *([metrics.router(numbers)] if context.settings.metrics else []),
    ):
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(SdographError, _own_error)
    app.add_exception_handler(HTTPException, _framework_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)
    return app


#: Nothing is ever sent with credentials, so no answer has to be kept from another origin.
_OPEN = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, Content-Location, X-Request-ID"),
)
#: What pages say for themselves, and everything else has from here.
_SECURITY = (
    (b"content-security-policy", NOTHING.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


async def _open_to_all(app: Any, scope: Scope, receive: Receive, send: Send) -> None:
    """Lets pages of any origin read answers (nothing here depends on who asks), and answers HEAD as GET."""
    method = scope["method"]
    if method == "OPTIONS":
        await _preflight(send, scope["path"].removeprefix(scope.get("root_path", "")))
        return

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            added = (header for header in _SECURITY if header[0] not in given)
            message["headers"] = [*message["headers"], *added, *_OPEN]
        elif method == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    asked = {**scope, "method": "GET"} if method == "HEAD" else scope

    async def unless_superseded(message: Message) -> None:
        if asked.get(SUPERSEDED) is None:
            await sending(message)

    try:
        if method in ("GET", "HEAD"):
            await app(asked, receive, unless_superseded)
        if method not in ("GET", "HEAD") or asked.pop(SUPERSEDED, None):
            scope[RECORD].code = None
            await app(asked, receive, sending)
    finally:
        if (route := asked.get("route")) is not None:
            scope[RECORD].route = route.path


async def _refuse(problem: Problem, send: Send) -> None:
    body = problem.body()
    headers = [
        *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
        (b"cache-control", b"no-store"),
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        *_SECURITY,
        *_OPEN,
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _preflight(send: Send, path: str) -> None:
    allowed, named = b"GET, HEAD, OPTIONS", b"Accept, If-None-Match, X-Request-ID"
    if path in ("/update", "/update/"):
        allowed, named = b"POST, OPTIONS", named + b", Authorization, Content-Type"
    elif path == "/store" or path.startswith("/store/"):
        allowed, named = store_protocol.ALLOW.encode(), named + b", Authorization, Content-Type, If-Match"
    elif path == "/api/v1/ingest":
        allowed, named = b"POST, OPTIONS", named + b", Authorization"
    headers = [
        (b"allow", allowed),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", allowed),
        (b"access-control-allow-headers", named),
        (b"access-control-max-age", b"86400"),
        *_SECURITY,
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


# --- errors


def _response(request: Request, problem: Problem) -> Response:
    request.scope[RECORD].code = problem.code
    return Response(
        problem.body(),
        problem.status,
        {**problem.headers, "Cache-Control": "no-store"},
        media_type=MEDIA_TYPE,
    )


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 (registered for it)
    return _response(request, error)


async def _own_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, SdographError)  # noqa: S101 (registered for it)
    if isinstance(error, Superseded):
        request.scope[SUPERSEDED] = True
    return _response(request, from_error(error))


async def _framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 (registered for it)
    path = request.url.path
    if isinstance(error.__cause__, Problem):  # a body over its bounds, which the framework was reading
        return _response(request, error.__cause__)
    if error.status_code == 404:
        problem = Problem(
            404, "not-found", f"there is nothing at {path}", where="path", hint="/docs lists what there is"
        )
    elif error.status_code == 405:
        problem = Problem(
            405, "method-not-allowed", f"{request.method} is not for {path}", where="method",
            hint=f"use {(error.headers or {}).get('Allow', 'GET')}", headers=error.headers,
        )  # fmt: skip
    else:
        problem = Problem(error.status_code, "http", str(error.detail), headers=error.headers)
    return _response(request, problem)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (registered for it)
    first = error.errors()[0]
    name = str(first["loc"][-1])
    route = request.scope.get("route")
    operations = request.app.openapi()["paths"].get(getattr(route, "path", ""), {})
    allowed = [p["name"] for p in operations.get("get", {}).get("parameters", ()) if p["in"] == "query"]
    if first["type"] == "extra_forbidden":
        problem = Problem(
            400, "unknown-parameter", f"there is no parameter {name!r}", where=f"parameter {name}",
            hint=f"parameters: {', '.join(allowed)}", extra={"allowed": allowed},
        )  # fmt: skip
    else:
        problem = Problem(
            400, "invalid-parameter", f"{first['input']!r} does not fit: {first['msg']}",
            where=f"parameter {name}", hint="/docs says what it takes",
        )  # fmt: skip
    return _response(request, problem)


async def _unexpected(request: Request, error: Exception) -> Response:
    asked = request.scope[RECORD].id.decode()
    log.error("request %s failed: %s %s", asked, request.method, request.url.path, exc_info=error)
    return _response(request, internal())
