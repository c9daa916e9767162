"""``/sparql``: the SPARQL 1.1 protocol for queries, as a plain ASGI application.

No framework on this path: the engine answers a query of one resource in some 20 µs, so what is around
it counts.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sdograph.errors import SdographError, Superseded
from sdograph.queries.lexer import Inspection, inspect
from sdograph.store.snapshot import EmbeddedSnapshot
from sdograph_api.bounds import PIECE, Unread
from sdograph_api.context import Context
from sdograph_api.html import NOTHING
from sdograph_api.logs import RECORD, Record
from sdograph_api.negotiation import GRAPHS, HTML, RESULTS, by_name, negotiate
from sdograph_api.problems import MEDIA_TYPE, Problem, from_error, internal, too_busy
from sdograph_api.query import direct, worker
from sdograph_api.query.description import query_page, service_description
from sdograph_api.query.outcomes import answer_problem, late_problem
from sdograph_api.query.parameters import LARGE, Parameters, more_than_one, read
from sdograph_api.query.pool import Job, Workers
from sdograph_api.query.process import Query
from sdograph_api.query.syntax import SpreadQuery

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

T = TypeVar("T")

log = logging.getLogger(__name__)

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
_ALLOW = "GET, HEAD, POST, OPTIONS"
_COMMON = (
    (b"content-security-policy", NOTHING.encode()),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, X-Request-ID"),
    (b"vary", b"Accept"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_PREFLIGHT = (
    (b"allow", _ALLOW.encode()),
    (b"access-control-allow-methods", _ALLOW.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match, X-Request-ID"),
    (b"access-control-max-age", b"86400"),
)


class Reply(NamedTuple):
    status: int
    content_type: str | None
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class ClientGone(Exception):
    """Nobody waits for the answer."""


class SparqlEndpoint:
    """The application at ``/sparql``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._unread = Unread(2 * context.settings.max_result_bytes)
        # One of them, so that large texts take turns among themselves, not with everybody.
        self._reading = ThreadPoolExecutor(1, "reading")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record: Record = scope[RECORD]
        try:
            reply = await self._reply(scope, receive)
        except ClientGone:
            return
        except Problem as problem:
            record.code = problem.code
            reply = _refusal(problem)
            # The answer that was waited for holds the problem, and that, by its traceback, the answer and the
            # generation with all its files. Such a ring stays for minutes.
            problem.__traceback__ = None
        except SdographError as error:
            record.code = error.code
            reply = _refusal(from_error(error))
        except Exception as error:
            log.error("request %s failed: /sparql", record.id.decode(), exc_info=error)
            record.code = "internal"
            reply = _refusal(internal())
        given = {name for name, _ in reply.headers}
        headers = [*(header for header in _COMMON if header[0] not in given), *reply.headers]
        if reply.content_type is not None:
            headers.append((b"content-type", reply.content_type.encode()))
        if reply.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(reply.body)))
        start = {"type": "http.response.start", "status": reply.status, "headers": headers}
        body = reply.body if scope["method"] != "HEAD" else b""
        if len(body) > PIECE:
            try:
                await self._unread.send(record.client, start, body, send)
            except TimeoutError:  # the connection ends with that, and the client sees that bytes are missing
                record.status = None
        else:
            await send(start)
            await send({"type": "http.response.body", "body": body})

    async def _reply(self, scope: Scope, receive: Receive) -> Reply:
        method = scope["method"]
        headers = dict(scope["headers"])
        if method == "POST":
            parameters = await self._posted(scope, headers, receive)
        elif method in ("GET", "HEAD"):
            parameters = read(scope["query_string"])
        elif method == "OPTIONS":
            return Reply(204, None, b"", _PREFLIGHT)
        else:
            raise Problem(
                405, "method-not-allowed", f"{method} is not for this address", hint="use GET or POST",
                headers={"Allow": _ALLOW},
            )  # fmt: skip
        accept = headers.get(b"accept", b"").decode("latin-1")
        if parameters.query is None:
            return self._without_query(scope, headers, accept, parameters)
        record: Record = scope[RECORD]
        record.query = parameters.query
        given = (parameters, parameters.query, record, headers, accept, receive)
        try:
            return await self._evaluate(*given)
        except Superseded:  # a remote store has changed meanwhile
            return await self._evaluate(*given)

    async def _evaluate(
        self,
        parameters: Parameters,
        text: str,
        record: Record,
        headers: dict[bytes, bytes],
        accept: str,
        receive: Receive,
    ) -> Reply:
        context = self._context
        timeout = context.settings.query_timeout
        if parameters.timeout is not None:
            timeout = min(parameters.timeout, context.settings.max_query_timeout or timeout)
        # A server of SPARQL follows redirects, and reaches what this one may not.
        services = context.settings.service_allow if context.remote is None else ()
        if (easy := direct.inspection(text) if context.remote is None else None) is not None:
            inspection = easy
        elif len(text) > LARGE:
            inspection = await self._aside(timeout, inspect.__wrapped__, text, services)
        else:
            inspection = inspect(text, services)
        forms = RESULTS if inspection.form in ("select", "ask") else GRAPHS
        if inspection.form in ("update", "unknown"):
            raise _not_a_query(inspection)
        if parameters.format is not None:
            form, content_type = by_name(parameters.format, forms)
        else:
            form, content_type = negotiate(accept, forms)
        snapshot = await context.current()
        version = snapshot.version
        caching: tuple[tuple[bytes, bytes], ...] = ()
        if record.method != "POST" and not inspection.volatile:
            # Weak: the engine gives rows without ORDER BY in any order.
            etag = f'W/"{version}.{form.name}"'.encode()
            caching = ((b"etag", etag), (b"cache-control", b"public, no-cache"))
            if _matches(headers.get(b"if-none-match"), etag):
                return Reply(304, None, b"", caching)
        if parameters.default_graphs or parameters.named_graphs:
            # A graph that is not here is empty then, as the protocol's own tests have it.
            query = Query(inspection.text, form.name, parameters.default_graphs, parameters.named_graphs)
        else:
            query = Query(
                inspection.text,
                form.name,
                inspection.default_graphs,
                inspection.named_graphs,
                graphs_must_exist=True,
            )
        if not inspection.volatile and (kept := context.answers.get(version, query)) is not None:
            record.answer = form.name, kept
            return Reply(200, content_type, kept, caching)
        if context.remote is not None:
            work = context.remote.answer(query, inspection.form, snapshot, timeout)
            payload = await _unless_gone(work, receive)
            return self._answered(query, payload, version, inspection, record, content_type, caching)
        if (
            easy is not None
            and isinstance(snapshot, EmbeddedSnapshot)
            and (read := direct.answer(query, snapshot, context.settings)) is not None
        ):
            return self._answered(query, read, version, inspection, record, content_type, caching)
        workers = context.workers(network=bool(inspection.services))
        generation = context.generation_path(snapshot.generation)
        del snapshot  # whoever waits must not hold the generation open
        job = workers.submit(query, generation, timeout, record.client)
        kind, payload = await _answer(workers, job, receive)
        if kind == worker.ANSWER:
            return self._answered(query, payload, version, inspection, record, content_type, caching)
        if kind == worker.NO_STORE:
            log.error("a query process cannot read the dataset: %s", payload.decode())
        if kind == worker.SYNTAX:
            spread = await self._aside(timeout, SpreadQuery, query.text)
            query = dataclasses.replace(query, text=spread.text)
            job = workers.submit(query, generation, timeout, record.client)
            kind, payload = await _answer(workers, job, receive)
            if kind == worker.SYNTAX:
                raise await self._aside(timeout, spread.problem, payload.decode())
        raise answer_problem(kind, payload.decode(), workers.allowance)

    def _answered(
        self,
        query: Query,
        payload: bytes,
        version: str,
        inspection: Inspection,
        record: Record,
        content_type: str,
        caching: tuple[tuple[bytes, bytes], ...],
    ) -> Reply:
        record.answer = query.format, payload
        if not inspection.volatile:
            self._context.answers.put(version, query, payload)
        return Reply(200, content_type, payload, caching)

    async def _aside(self, timeout: float, work: Callable[..., T], *given: Any) -> T:
        """What ``work`` returns, when that may take long: others are answered meanwhile."""
        try:
            async with asyncio.timeout(timeout):
                return await asyncio.get_running_loop().run_in_executor(self._reading, work, *given)
        except TimeoutError:
            raise late_problem(timeout, begun=False) from None

    async def _posted(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Parameters:
        content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        if content_type not in (FORM, DIRECT):
            raise Problem(
                415,
                "unsupported-media-type",
                f"a query cannot be posted as {content_type}" if content_type else "Content-Type is missing",
                where="header Content-Type",
                hint=f"post {DIRECT}, or {FORM} with a field query",
                headers={"Accept-Post": f"{DIRECT}, {FORM}"},
            )
        body = await _body(receive)
        if content_type == FORM:
            joined = b"&".join(part for part in (scope["query_string"], body) if part)
            return read(joined)
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise Problem(400, "not-utf-8", "the query is not UTF-8", hint="encode it as UTF-8") from error
        parameters = read(scope["query_string"])
        if parameters.query is not None:
            raise more_than_one("query")
        return parameters._replace(query=text)

    def _without_query(
        self, scope: Scope, headers: dict[bytes, bytes], accept: str, parameters: Parameters
    ) -> Reply:
        if scope["method"] == "POST":
            raise Problem(400, "missing-query", "there is no query", where="parameter query", hint="add it")
        if parameters.format is not None:
            form, content_type = by_name(parameters.format, (*GRAPHS, HTML))
        else:
            form, content_type = negotiate(accept, (*GRAPHS, HTML))
        security: tuple[tuple[bytes, bytes], ...] = ()
        if form is HTML:
            body, security = query_page(scope)
        else:
            body = service_description(self._context, scope, form)
        # Of the bytes: what is described hangs on the settings and the address, not on the graph.
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'.encode()
        caching = ((b"etag", etag), (b"cache-control", b"public, no-cache"))
        if _matches(headers.get(b"if-none-match"), etag):
            return Reply(304, None, b"", caching)
        return Reply(200, content_type, body, (*caching, *security))


async def _unless_gone(work: Coroutine[Any, Any, T], receive: Receive) -> T:
    """The outcome of work that ends when nobody waits for it any more."""
    tasks = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not tasks[0].done():
            raise ClientGone
        return tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(workers: Workers, job: Job, receive: Receive) -> tuple[bytes, bytes]:
    """What a worker says; the job ends when nobody waits for it any more."""
    watch: list[asyncio.Task[None]] = []
    gone = False

    async def end_when_gone() -> None:
        nonlocal gone
        await _gone(receive)
        gone = True
        workers.abandon(job)

    # Only a query that takes a while is worth watching the connection for.
    job.on_slow = lambda: watch.append(asyncio.create_task(end_when_gone()))
    try:
        return await job.answer
    except asyncio.CancelledError:
        if gone:
            raise ClientGone from None
        # The server is ending, and has waited for as long as it does.
        workers.abandon(job)
        raise too_busy("the server is shutting down", code="shutting-down") from None
    finally:
        job.on_slow = None
        for task in watch:
            task.cancel()


def _refusal(problem: Problem) -> Reply:
    headers = ((name.lower().encode(), value.encode()) for name, value in problem.headers.items())
    return Reply(problem.status, MEDIA_TYPE, problem.body(), (*headers, (b"cache-control", b"no-store")))


def _not_a_query(inspection: Inspection) -> Problem:
    if inspection.form == "update":
        return Problem(
            400, "update-as-query", "this is an update, not a query", hint="updates go to /update"
        )  # fmt: skip
    return Problem(
        400, "syntax", "there is no query", where="line 1, column 1",
        hint="write SELECT, ASK, CONSTRUCT or DESCRIBE", extra={"line": 1, "column": 1},
    )  # fmt: skip


def _matches(if_none_match: bytes | None, etag: bytes) -> bool:
    """Weak comparison (RFC 9110, section 8.8.3.2)."""
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
    return b"*" in tags or etag.removeprefix(b"W/") in tags


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)
