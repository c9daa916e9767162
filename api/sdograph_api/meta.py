"""The server about itself: start page, health, dataset description, documentation, what is switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response

from sdograph.errors import StoreDamaged, Unavailable
from sdograph.namespaces import PREFIXES, SDO
from sdograph.store import Snapshot
from sdograph_api import dataset
from sdograph_api.addresses import base_url, root_path
from sdograph_api.context import Context
from sdograph_api.documentation import documentation_page
from sdograph_api.html import SECURITY
from sdograph_api.negotiation import GRAPHS, negotiate
from sdograph_api.pages import start_page
from sdograph_api.query.remote import RemoteQueries
from sdograph_api.rdf import serialize
from sdograph_api.rest.answers import respond
from sdograph_api.routing import Router
from sdograph_api.view import View

#: Shown on the start page: name, class, path of the list.
_SHOWN = (
    ("Bodies", SDO.Body, "/id/body"),
    ("Groups", SDO.Group, "/id/group"),
    ("Work items", SDO.WorkItem, "/id/work-item"),
    ("Specifications", SDO.Specification, "/id/specification"),
    ("Releases", SDO.Release, "/id/release"),
    ("Meetings", SDO.Meeting, "/id/meeting"),
    ("Liaison statements", SDO.LiaisonStatement, "/id/liaison-statement"),
    ("Source documents", SDO.SourceDocument, "/id/document"),
)


def router(context: Context, app: FastAPI) -> Router:
    routes = Router(tags=["server"])

    @routes.get("/", response_class=Response, include_in_schema=False)
    def start(request: Request) -> Response:
        root = root_path(request.scope)

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            counts = dataset.class_counts(context, view.snapshot)
            about = {"version": view.snapshot.version, "generated_at": view.snapshot.generated_at}
            shown = [(name, path, counts.get(kind.value, 0)) for name, kind, path in _SHOWN]
            return start_page(root, about, shown), SECURITY

        return respond(request, context, "text/html; charset=utf-8", make)

    @routes.get("/health", response_class=Response, summary="Whether the server can answer, and what it has")
    @routes.get("/health/ready", response_class=Response, summary="The same, for those who send requests on")
    async def health() -> Response:
        if context.remote is not None:
            return _state(*await asyncio.to_thread(_health_of_remote, context, context.remote))
        return _state(*_health(context))

    @routes.get("/health/live", response_class=Response, summary="Whether the process lives")
    async def live() -> Response:
        # Another process would find the same data directory: no reason to end this one.
        return _state({"status": "ok"}, 200)

    @routes.get("/.well-known/void", response_class=Response, summary="The dataset, as VoID and DCAT")
    def void(request: Request) -> Response:
        form, content_type = negotiate(request.headers.get("accept", ""), GRAPHS)
        base = base_url(request.scope, context.settings.public_url)

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            triples = dataset.description(view.snapshot, base, dataset.counted(context, view.snapshot))
            return serialize(triples, form.name, PREFIXES), {"Vary": "Accept"}

        return respond(request, context, content_type, make, variant=dataset.variant(form.name, base))

    @routes.get("/docs", response_class=Response, include_in_schema=False)
    def docs(request: Request) -> Response:
        page = documentation_page(app.openapi(), root_path(request.scope))
        return Response(page, media_type="text/html", headers=SECURITY)

    return routes


def _state(state: Mapping[str, Any], status: int) -> Response:
    return Response(orjson.dumps(state), status, {"Cache-Control": "no-store"}, media_type="application/json")


def _health(context: Context) -> tuple[dict[str, Any], int]:
    try:
        snapshot = context.snapshot()
        # What is open can be read after its files are gone; processes that are started then cannot.
        if not context.generation_path(snapshot.generation).is_dir():
            raise StoreDamaged(
                f"generation {snapshot.generation} is gone", hint="restore a backup, or build anew"
            )
        any(snapshot.triples())
        workers = context.workers()
    except Unavailable as error:
        return _unavailable(error)
    alive = workers.alive()
    state = {**_current(snapshot), "workers": alive}
    if workers.failing or not alive["idle"] + alive["busy"] + alive["starting"]:
        detail = "no process can be started to evaluate queries"
        return {**state, "status": "unavailable", "reason": "no-workers", "detail": detail}, 503
    return state, 200


def _health_of_remote(context: Context, remote: RemoteQueries) -> tuple[dict[str, Any], int]:
    try:
        snapshot = context.snapshot()
    except Unavailable as error:
        return _unavailable(error)
    return {**_current(snapshot), "queries": {"running": remote.running, "waiting": remote.waiting}}, 200


def _current(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "status": "ok",
        "generation": snapshot.generation,
        "version": snapshot.version,
        "generated_at": snapshot.generated_at,
    }


def _unavailable(error: Unavailable) -> tuple[dict[str, Any], int]:
    return {
        "status": "unavailable", "reason": error.code, "detail": error.message, "hint": error.hint
    }, 503  # fmt: skip
