"""``/api/v1/ingest``: documents are read, linked and checked; with the token they are taken in."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from sdograph_api.change.endpoint import MAY_FAIL
from sdograph_api.context import Context
from sdograph_api.ingest.models import Documents
from sdograph_api.ingest.reading import Reading
from sdograph_api.ingest.receiving import MEDIA_TYPE
from sdograph_api.rest import models
from sdograph_api.routing import Router

_FIELDS: dict[str, dict[str, Any]] = {
    "file": {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "description": "the documents; any part with a file name is one, whatever its field",
    },
    "commit": {"type": "boolean", "default": False, "description": "take them in; with the token"},
    "format": {"type": "string", "description": "read them as this format instead of recognising it"},
    "contacts": {
        "type": "boolean", "default": False,
        "description": "with commit: also read contact persons, kept apart and never served",
    },
}  # fmt: skip
_DESCRIPTION = (
    "Posted as multipart/form-data. Without commit nothing is written, and the answer says what would "
    "happen. Each document goes in whole or not at all; the answer is an error only when none can, and then "
    "has the members documents and findings. Records are left out of the answer about what was taken in when "
    "they are more than the server sends. Documents are recognised by their bytes, and a corrected "
    "copy of a liaison statement by its name."
)


def router(context: Context, reading: Reading) -> Router:
    """The route; the page for people is in :mod:`sdograph_api.ingest.page`."""
    routes = Router(prefix="/api/v1", responses={**models.PROBLEMS, **MAY_FAIL}, tags=["ingest"])

    @routes.post(
        "/ingest",
        responses={
            200: {"model": Documents},
            403: {"description": "This server does not take changes, or reads for token holders only."},
            408: {"description": "The documents did not arrive in time."},
            422: {"description": "No document can be taken in; findings and documents say why."},
            429: {"description": "This client has too many requests waiting already."},
        },
        response_class=Response,
        summary="Read documents, and take them in",
        description=_DESCRIPTION,
        operation_id="ingest",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"type": "object", "properties": _FIELDS, "required": ["file"]},
                        "encoding": {"file": {"contentType": "application/octet-stream"}},
                    }
                },
            },
            "parameters": [
                {"name": name, "in": "query", "description": f"as the field {name}",
                 "schema": {k: v for k, v in _FIELDS[name].items() if k != "description"}}
                for name in ("commit", "format", "contacts")
            ],
        },
    )  # fmt: skip
    async def ingest(request: Request) -> Response:
        sent, answer = await reading.answer(request, page=False)
        headers = {"Cache-Control": "no-store"}
        if sent.commit:
            headers["X-Sdograph-Generation"] = str((await context.current()).generation)
        return Response(answer, 200, headers, media_type="application/json")

    return routes
