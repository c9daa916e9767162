"""Search over everything that has a name: as a list for programs, and as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel
from pyoxigraph import NamedNode
from starlette.responses import Response

from sdograph.errors import UsageError
from sdograph.search import PARTLY, Found, Hit, Searcher
from sdograph_api.addresses import root_path
from sdograph_api.context import Context
from sdograph_api.html import SECURITY
from sdograph_api.pages import search_page
from sdograph_api.rest import models
from sdograph_api.rest import parameters as given
from sdograph_api.rest.answers import as_csv, document, earlier, next_link, respond
from sdograph_api.rest.paging import page
from sdograph_api.routing import Router
from sdograph_api.view import View, short_id

#: Entries as CSV, unless fewer are asked for.
MAX_CSV = 1_000


class _Words(BaseModel):
    """What the page takes. People type and share its address: what it does not know it passes over."""

    q: str = ""
    kind: str | None = None
    cursor: str | None = None


def router(context: Context) -> Router:
    """``/api/v1/search`` and ``/search``."""
    searcher = Searcher(context.settings.data_dir)
    routes = Router(responses=models.PROBLEMS)
    routes.add_api_route(
        "/api/v1/search",
        _search(context, searcher, as_table=False),
        responses={200: {"model": models.Hits}},
        response_class=Response,
        summary="Find anything by number, name or words",
        operation_id="search",
        tags=["search"],
    )
    routes.add_api_route(
        "/api/v1/search.csv",
        _search(context, searcher, as_table=True),
        responses={200: {"content": {"text/csv": {}}}},
        response_class=Response,
        summary="Find anything by number, name or words, as CSV",
        operation_id="search_csv",
        tags=["search"],
    )
    routes.add_api_route("/search", _page(context, searcher), include_in_schema=False)
    return routes


def _shown(
    context: Context, searcher: Searcher, view: View, asked: given.SearchText | _Words, limit: int
) -> tuple[list[Hit], Found, str | None, str]:
    """The hits of a page, all that was found, the cursor of the next page, and the version they are of."""
    if context.settings.prepare_search and context.remote is None:
        index, made_of = searcher.at_hand(view.snapshot)
    else:
        index, made_of = searcher.index(view.snapshot), view.snapshot.version
    found = index.find(asked.q, asked.kind)
    entries = [(f"{place:07}", id) for place, id in enumerate(found.ids)]
    ids, cursor = page(entries, limit, asked.cursor)
    return index.hits(found, ids), found, cursor, made_of


def _search(context: Context, searcher: Searcher, *, as_table: bool) -> Callable[..., Response]:
    def make(request: Request, filters: given.SearchText, view: View) -> tuple[bytes, Mapping[str, str]]:
        limit = MAX_CSV if as_table and "limit" not in request.query_params else filters.limit
        try:
            hits, found, cursor, made_of = _shown(context, searcher, view, filters, limit)
        except UsageError as error:
            error.where = error.where or "parameter q"
            raise
        data = [_hit(view, hit) for hit in hits]
        headers, warnings = earlier(view, made_of)
        headers |= next_link(request, context, cursor)
        if as_table:
            return as_csv({**row, "matched": [m["text"] for m in row["matched"]]} for row in data), headers
        body = document(
            view, context, data, next=cursor, total=len(found.ids), kinds=found.kinds,
            warnings=[*warnings, *([PARTLY] if found.partly else [])],
        )  # fmt: skip
        return body, headers

    def endpoint(request: Request, filters: Annotated[given.SearchText, Query()]) -> Response:
        media_type = "text/csv; charset=utf-8" if as_table else "application/json"
        return respond(request, context, media_type, lambda view: make(request, filters, view))

    return endpoint


def _hit(view: View, hit: Hit) -> dict[str, Any]:
    node = NamedNode(hit.iri)
    return {
        "id": hit.iri,
        "key": short_id(node),
        "label": hit.label,
        "identifier": hit.identifier,
        "kind": hit.kind,
        "title": hit.title,
        "date": hit.date,
        "exact": hit.exact,
        "matched": [{"field": m.field, "text": m.text, "spans": m.spans} for m in hit.matched],
        "evidence": view.record_evidence(node),
    }


def _page(context: Context, searcher: Searcher) -> Callable[..., Response]:
    def endpoint(request: Request, asked: Annotated[_Words, Query()]) -> Response:
        root = root_path(request.scope)

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            if not asked.q.strip():
                return search_page(root, "", None), SECURITY
            try:
                hits, found, cursor, made_of = _shown(context, searcher, view, asked, limit=50)
            except UsageError as error:
                return search_page(root, asked.q, None, remark=f"{error.message}: {error.hint}"), SECURITY
            shown = search_page(
                root, asked.q, hits, kinds=found.kinds, kind=asked.kind, cursor=cursor,
                total=len(found.ids), remark=PARTLY if found.partly else None,
            )  # fmt: skip
            return shown, dict(SECURITY) | earlier(view, made_of)[0]

        return respond(request, context, "text/html; charset=utf-8", make)

    return endpoint
