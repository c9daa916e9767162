"""Answers: JSON with what they rest on, CSV, and 304 for those who have them already."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sdograph.namespaces import RDF, SDO
from sdograph_api.addresses import base_url
from sdograph_api.context import Context
from sdograph_api.view import View

_NOTE = (
    "Only what the source documents read so far state. That something is missing here is no evidence that it "
    "does not exist."
)


def respond(
    request: Request,
    context: Context,
    media_type: str,
    make: Callable[[View], tuple[bytes, Mapping[str, str]]],
    *,
    variant: str = "",
) -> Response:
    """Makes a body over the current snapshot, or answers 304. ``make`` returns it with further headers.

    ``variant`` names the form, where a resource has several.
    """
    snapshot = context.snapshot()
    etag = f'"{snapshot.version}{"." + variant if variant else ""}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache"}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers={**headers, "Vary": "Accept"} if variant else headers)
    body, further = make(View(snapshot))
    return Response(body, headers={**headers, **further, "Content-Type": media_type})


def earlier(view: View, made_of: str) -> tuple[dict[str, str], list[str]]:
    """The headers and the warning of an answer that rests on something made of an earlier version."""
    now = view.snapshot.version
    if made_of == now:
        return {}, []
    return {"ETag": f'"{now}.{made_of}"'}, [
        f"the answer is of version {made_of}; what it takes for version {now} is being made"
    ]


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether a client has what the tag stands for (weak comparison, RFC 9110, section 8.8.3.2)."""
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def document(view: View, context: Context, data: Any, **members: Any) -> bytes:
    """JSON of data with what it rests on."""
    snapshot = view.snapshot
    return orjson.dumps(
        {
            "data": data,
            **members,
            "dataset": {"version": snapshot.version, "generated_at": snapshot.generated_at},
            "completeness": context.once(snapshot, "completeness", lambda: completeness(view)),
            "warnings": members.get("warnings", []),
        }
    )


def completeness(view: View) -> dict[str, Any]:
    """What every answer says of how far it can be relied on."""

    def count(kind: Any) -> int:
        return sum(1 for _ in view.snapshot.triples(None, RDF.type, kind))

    return {
        "source_documents": count(SDO.SourceDocument),
        "unresolved_references": count(SDO.UnresolvedReference),
        "note": _NOTE,
    }


def next_link(request: Request, context: Context, cursor: str | None) -> dict[str, str]:
    """``Link: rel="next"``."""
    if cursor is None:
        return {}
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    address = base_url(request.scope, context.settings.public_url) + path
    return {"Link": f'<{address}?{urlencode([*given, ("cursor", cursor)])}>; rel="next"'}


def as_csv(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """CSV (RFC 4180), one line an entry: references by their ids, several values joined by "; "."""
    output = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for entry in entries:
        flat = {name: _cell(value) for name, value in entry.items() if name != "evidence"}
        flat["source"] = "; ".join(dict.fromkeys(e["document_label"] or "" for e in entry["evidence"]))
        if writer is None:
            writer = csv.DictWriter(output, list(flat))
            writer.writeheader()
        writer.writerow(flat)
    return output.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        if "id" in value:
            return str(value["key"] or value["id"])
        return "; ".join(f"{name}: {_cell(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return "; ".join(map(_cell, value))
    return str(value)
