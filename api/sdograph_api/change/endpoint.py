"""``/update``: SPARQL 1.1 Update, by the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from starlette.responses import Response

from sdograph_api.change.writing import Writing, body_of, hold_to_token, hold_to_writing, media_type_of
from sdograph_api.context import Context
from sdograph_api.negotiation import TURTLE, Form, negotiate
from sdograph_api.problems import Problem
from sdograph_api.rest import models
from sdograph_api.routing import Router

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-update"
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]
MAY_FAIL: dict[int | str, dict[str, Any]] = {
    401: {"description": "The token is missing or another."},
    403: {"description": "This server does not take changes."},
    409: {"description": "Another writer is at work."},
    413: {"description": "The request is larger than the limit."},
    415: {"description": "The body is of another media type."},
    422: {"description": "The graph would violate its shapes; the findings say where."},
}

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")
_PROBLEM = Form("problem", "application/problem+json", ("application/json",))


def router(context: Context, writing: Writing) -> Router:
    """``/update``, with and without a slash at its end."""
    routes = Router(tags=["SPARQL"])

    async def update(request: Request) -> Response:
        hold_to_token(request, context.settings)
        text, parameters = await _posted(request)
        asked = {
            "do": "update",
            "using": absolute(parameters.get("using-graph-uri", ())),
            "using_named": absolute(parameters.get("using-named-graph-uri", ())),
        }
        return await changed(writing, request, asked, text, _seconds(parameters))

    async def refused(request: Request) -> Response:
        hold_to_writing(context.settings)
        raise Problem(
            405, "method-not-allowed", f"{request.method} is not for this address", where="method",
            hint="use POST", headers={"Allow": "POST, OPTIONS"},
        )  # fmt: skip

    documented: dict[str, Any] = {
        "response_class": Response,
        "responses": {**models.PROBLEMS, **MAY_FAIL},
        "summary": "SPARQL 1.1 update",
        "description": f"Posted as {DIRECT}, or as {FORM} with a field update; with the token.",
        "operation_id": "sparql_update",
    }
    routes.add_api_route("/update", update, methods=["POST"], **documented)
    routes.add_api_route("/update/", update, methods=["POST"], include_in_schema=False)
    for path in ("/update", "/update/"):
        routes.add_api_route(
            path, refused, methods=[m for m in METHODS if m != "POST"], include_in_schema=False
        )
    return routes


async def changed(
    writing: Writing, request: Request, asked: dict[str, Any], body: bytes, timeout: float | None = None
) -> Response:
    """Has a change made and tells what came of it: as JSON, or the findings against it as asked for."""
    try:
        told = await writing.change({**asked, "report": _wants_turtle(request)}, body, timeout)
    except Problem as problem:
        report = problem.extra.get("report")
        if report is None:
            raise
        return Response(
            report, problem.status, {"Cache-Control": "no-store", "Vary": "Accept"},
            media_type=TURTLE.content_type(),
        )  # fmt: skip
    return Response(orjson.dumps(told), 200, {"Cache-Control": "no-store"}, media_type="application/json")


def absolute(iris: Iterable[str]) -> list[str]:
    """The IRIs; raises a problem unless all of them are absolute."""
    found = list(iris)
    for iri in found:
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise Problem(
                400, "invalid-iri", f"{iri!r} is not an absolute IRI", where="parameters",
                hint="write it in full",
            )  # fmt: skip
    return found


def decoded(encoded: bytes) -> list[tuple[str, str]]:
    """URL-encoded names and values; raises a problem unless they are UTF-8."""
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise Problem(
            400, "malformed-parameters", "the parameters are not URL-encoded UTF-8", hint="encode them"
        ) from error


def _wants_turtle(request: Request) -> bool:
    try:
        return negotiate(request.headers.get("accept", ""), (_PROBLEM, TURTLE))[0] is TURTLE
    except Problem:
        return False


async def _posted(request: Request) -> tuple[bytes, dict[str, list[str]]]:
    """The text of the update, UTF-8, and the parameters."""
    media_type = media_type_of(request)
    if media_type not in (FORM, DIRECT):
        raise Problem(
            415, "unsupported-media-type",
            f"an update cannot be posted as {media_type}" if media_type else "Content-Type is missing",
            where="header Content-Type", hint=f"post {DIRECT}, or {FORM} with a field update",
            headers={"Accept-Post": f"{DIRECT}, {FORM}"},
        )  # fmt: skip
    body = await body_of(request)
    pairs = decoded(request.scope["query_string"])
    if media_type == FORM:
        pairs += decoded(body)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "query" in given:
        raise Problem(
            400, "query-as-update", "this address takes updates", where="parameter query",
            hint="queries go to /sparql",
        )  # fmt: skip
    texts = given.get("update", [])
    if media_type == DIRECT:
        if texts:
            raise _number("update is given in the address and in the body")
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise Problem(400, "not-utf-8", "the update is not UTF-8", hint="encode it as UTF-8") from error
        return body, given
    if len(texts) != 1:
        raise _number("update is given more than once" if texts else "there is no update")
    return texts[0].encode(), given


def _number(detail: str) -> Problem:
    return Problem(400, "missing-or-repeated", detail, where="parameter update", hint="give it once")


def _seconds(parameters: dict[str, list[str]]) -> float | None:
    given = parameters.get("timeout")
    if given is None:
        return None
    try:
        (text,) = given
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < 1e9:
        raise Problem(
            400, "invalid-parameter", "that is no number of seconds", where="parameter timeout",
            hint="write a number above 0, once",
        )  # fmt: skip
    return seconds
