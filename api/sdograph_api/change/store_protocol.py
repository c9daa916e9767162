"""``/store``: the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named by ``?graph=IRI``, by ``?default``, or by an address below ``/store/``: its IRI in that case.
"""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from fastapi import Request
from pyoxigraph import NamedNode
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from sdograph.store import Snapshot
from sdograph_api.addresses import base_url
from sdograph_api.change.changes import UPDATES
from sdograph_api.change.conditions import hold_to_conditions, tag_of, write_graph
from sdograph_api.change.endpoint import MAY_FAIL, METHODS, absolute, changed, decoded
from sdograph_api.change.writing import Writing, body_of, hold_to_token, hold_to_writing, media_type_of
from sdograph_api.context import Context
from sdograph_api.negotiation import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Form, negotiate
from sdograph_api.problems import Limit, Problem, no_graph
from sdograph_api.query import worker
from sdograph_api.rest import models
from sdograph_api.rest.answers import matches
from sdograph_api.routing import Router

#: Forms that hold the triples of one graph.
FORMS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
ALLOW = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_BY_TYPE = {t: form for form in FORMS for t in (form.media_type, *form.aliases)}
_PATHS = ("/store", "/store/{path:path}")


def router(context: Context, writing: Writing) -> Router:
    """``/store`` and what is below it."""
    routes = Router(tags=["SPARQL"])

    def fetch(request: Request) -> Response:
        hold_to_writing(context.settings)
        graph = _graph(request, context)
        form, content_type = negotiate(request.headers.get("accept", ""), FORMS)
        document = _written(context.snapshot(), graph, form, context.settings.max_result_bytes)
        tag = tag_of(document, form.name)
        hold_to_conditions(request.headers.get("if-match"), None, exists=True, tag=lambda _: tag)
        headers = {"ETag": f'"{tag}"', "Cache-Control": "public, no-cache", "Vary": "Accept"}
        if matches(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(document, headers={**headers, "Content-Type": content_type})

    async def write(request: Request) -> Response:
        hold_to_token(request, context.settings)
        method = request.method.lower()
        graph = _graph(request, context, may_be_new=method == "post")
        # IRIs in the document are relative to the graph.
        address = base_url(request.scope, context.settings.public_url) + "/store"
        parts: list[tuple[str, int]] = []
        body = b""
        if method != "delete":
            parts, body = await _documents(request, context.settings.max_graph_bytes)
        asked = {
            "do": method,
            "graph": graph,
            "base": graph or address,
            "parts": parts,
            "if_match": request.headers.get("if-match"),
            "if_none_match": request.headers.get("if-none-match"),
        }
        answer = await changed(writing, request, asked, body)
        if answer.status_code != 200:
            return answer
        return _outcome(method, graph, answer)

    def refused(request: Request) -> Response:
        hold_to_writing(context.settings)
        raise Problem(
            405, "method-not-allowed", f"{request.method} is not for this address", where="method",
            hint="use PUT or POST; changes within a graph go to /update", headers={"Allow": ALLOW},
        )  # fmt: skip

    for path in _PATHS:
        shown = path == "/store"
        for methods, endpoint, summary in (
            (["GET"], fetch, "Get a graph"),
            (["PUT"], write, "Replace a graph"),
            (["POST"], write, "Add to a graph, or make a new one"),
            (["DELETE"], write, "Remove a graph"),
        ):
            routes.add_api_route(
                path, endpoint, methods=methods, include_in_schema=shown, response_class=Response,
                responses={**models.PROBLEMS, **MAY_FAIL, **_CONDITIONS}, summary=summary,
                description="The SPARQL 1.1 Graph Store HTTP Protocol.",
                operation_id=f"graph_store_{methods[0].lower()}" if shown else None,
                openapi_extra={"parameters": _PARAMETERS},
            )  # fmt: skip
        routes.add_api_route(
            path, refused, methods=[m for m in METHODS if m == "PATCH"], include_in_schema=False
        )
    return routes


_PARAMETERS = [
    {"name": "graph", "in": "query", "description": "IRI of the graph", "schema": {"type": "string"}},
    {"name": "default", "in": "query", "description": "without a value: the graph of what is written to the "
     "default graph", "schema": {"type": "string"}, "allowEmptyValue": True},
    {"name": "If-Match", "in": "header", "description": "entity tags: only if the graph is still as one of "
     "them has it (a tag is that of the graph in one form; an answer to GET has it as ETag), or `*`: only if "
     "it is there. Otherwise 412, and nothing is written", "schema": {"type": "string"}},
    {"name": "If-None-Match", "in": "header", "description": "entity tags: GET answers 304 if the graph is "
     "as one of them has it; with `*` PUT and POST make a new graph, and answer 412 if it is there",
     "schema": {"type": "string"}},
]  # fmt: skip
_CONDITIONS: dict[int | str, dict[str, Any]] = {
    412: {"description": "The graph is not as If-Match or If-None-Match asks for."}
}


def _graph(request: Request, context: Context, *, may_be_new: bool = False) -> str | None:
    """The IRI of the graph a request names, a new one where it may; None for the default graph."""
    given = decoded(request.scope["query_string"])
    graphs = [value for name, value in given if name == "graph"]
    default = any(name == "default" for name, _ in given)
    path = request.path_params.get("path", "")
    if len(graphs) + default + bool(path) > 1:
        raise Problem(
            400, "several-graphs", "the request names more than one graph", where="address",
            hint="name it by the parameter graph, by default, or by the address, once",
        )  # fmt: skip
    if default:
        return None
    if graphs:
        return absolute(graphs)[0]
    address = base_url(request.scope, context.settings.public_url) + "/store/"
    if path:
        # As it stands in the address: its escapes are part of the IRI.
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        return absolute([address + raw.decode("latin-1").partition("/store/")[2]])[0]
    if may_be_new:
        return address + uuid.uuid4().hex
    raise Problem(
        400, "no-graph", "the request names no graph", where="address",
        hint="add ?graph= and its IRI, or ?default",
    )  # fmt: skip


def _outcome(method: str, graph: str | None, told: Response) -> Response:
    state = orjson.loads(told.body)
    headers = {"Cache-Control": "no-store", "X-Sdograph-Generation": str(state["generation"])}
    if graph is None:
        return Response(status_code=204, headers=headers)
    if method == "delete" and not state["existed"]:
        raise no_graph(graph, "graph", 404)
    if state["exists"] and not state["existed"]:
        return Response(status_code=201, headers={**headers, "Location": graph})
    return Response(status_code=204, headers=headers)


def _written(snapshot: Snapshot, graph: str | None, form: Form, limit: int) -> bytes:
    name = UPDATES if graph is None else NamedNode(graph)
    if graph is not None and not _holds_anything(snapshot, name):
        raise no_graph(graph, "graph", 404)
    document = _serialized(snapshot, name, form, limit)
    if document is None:
        raise Problem(
            413, "result-too-large", f"the graph is larger than the limit of {limit} bytes",
            hint="ask for a part of it at /sparql", limit=Limit("max_result_bytes", limit, "bytes"),
        )  # fmt: skip
    return document


# Iterators of the store must end in the thread they began in: no exception that leaves may hold one.


def _holds_anything(snapshot: Snapshot, graph: NamedNode) -> bool:
    return next(snapshot.quads(graph=graph), None) is not None


def _serialized(snapshot: Snapshot, graph: NamedNode, form: Form, limit: int) -> bytes | None:
    """The graph in a form; None when that has more bytes than the limit."""
    output = worker.Output(limit)
    try:
        write_graph(snapshot, graph, form.name, output)
    except worker.TooLarge:
        return None
    return bytes(output.frame[5:])


async def _documents(request: Request, limit: int) -> tuple[list[tuple[str, int]], bytes]:
    """Format and length of each document in the body, and the documents."""
    media_type = media_type_of(request)
    body = await body_of(request)
    if media_type != "multipart/form-data":
        return [(_format(media_type), len(body))], body
    parts: list[tuple[str, int]] = []
    documents: list[bytes] = []
    # The body has been read within its limit; the form is made from that.
    again = Request(request.scope, _once(body))
    try:
        async with again.form(max_files=100, max_fields=100, max_part_size=limit) as form:
            for _, part in form.multi_items():
                if not isinstance(part, UploadFile):
                    raise Problem(
                        400, "no-file", "a part of the form is no file", where="body",
                        hint="give each part a file name and a Content-Type",
                    )  # fmt: skip
                content = await part.read()
                part_type = (part.content_type or "").partition(";")[0].strip().lower()
                parts.append((_format(part_type), len(content)))
                documents.append(content)
    except (HTTPException, MultiPartException, KeyError) as error:
        raise _malformed() from error
    if not parts:
        raise _malformed()
    return parts, b"".join(documents)


def _malformed() -> Problem:
    return Problem(400, "malformed-form", "the form cannot be read", where="body", hint="correct it")


def _once(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _format(media_type: str) -> str:
    form = _BY_TYPE.get(media_type)
    if form is None or media_type == "text/plain":
        raise Problem(
            415, "unsupported-media-type",
            f"a graph cannot be sent as {media_type}" if media_type else "Content-Type is missing",
            where="header Content-Type", hint="send " + ", ".join(f.media_type for f in FORMS),
            headers={"Accept-Post": ", ".join(f.media_type for f in FORMS)},
        )  # fmt: skip
    return form.name
