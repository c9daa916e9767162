"""``/ingest``: a page to which people drop a document, to see what it says and asks. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from sdograph.identifiers import ID_BASE
from sdograph.namespaces import DCT
from sdograph.sources.text import SUFFIXES
from sdograph_api.addresses import local, root_path
from sdograph_api.context import Context
from sdograph_api.html import SECURITY, Child, Html, link, page, table, tag
from sdograph_api.ingest.reading import Reading
from sdograph_api.problems import Problem
from sdograph_api.routing import Router
from sdograph_api.settings import Settings
from sdograph_api.view import View, resource, short_id

#: Of a long list of the same sort.
MAX_SHOWN = 50


def router(context: Context, reading: Reading) -> Router:
    routes = Router(include_in_schema=False)

    @routes.get("/ingest")
    async def form(request: Request) -> Response:
        return _answer(_page(root_path(request.scope), context.settings))

    @routes.post("/ingest")
    async def read(request: Request) -> Response:
        root = root_path(request.scope)
        try:
            _, answer = await reading.answer(request, page=True)
        except Problem as problem:
            told = [tag("h2", "This was not read"), _problem(problem)]
            return _answer(_page(root, context.settings, *told), problem.status, problem.headers)
        view = View(await context.current())
        content = await run_in_threadpool(
            lambda: [_document(found, view, root) for found in orjson.loads(answer)]
        )
        return _answer(_page(root, context.settings, *content))

    return routes


def _answer(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        body, status, {**SECURITY, "Cache-Control": "no-store", **(headers or {})}, media_type="text/html"
    )


def _page(root: str, settings: Settings, *content: Child) -> bytes:
    return page(
        "Read a document",
        tag("h1", "Read a document"),
        tag(
            "p",
            "What does a liaison statement ask, of whom, by when, and which work does it touch? It is read "
            "on this server, compared with the graph and thrown away: nothing is written.",
            class_="lead",
        ),
        _form(root, settings)
        if settings.dry_runs
        else tag(
            "p", "On this server, reading needs the token: see POST ", link("/api/v1/ingest", root + "/docs")
        ),
        list(content),
        root=root,
    )


def _form(root: str, settings: Settings) -> Child:
    return [
        tag(
            "form",
            tag(
                "input", type="file", name="file", multiple="", required="", aria_label="Documents",
                accept=",".join((*SUFFIXES, ".csv", ".json", ".xlsx")),
            ),
            tag("button", "Read"),
            method="post", action=root + "/ingest", enctype="multipart/form-data", class_="bar drop",
        ),
        tag(
            "p",
            "Choose documents, or drop them on the box: Word, PDF, OpenDocument, Rich Text, HTML, text, "
            f"mails, archives of them, lists of documents; {settings.max_ingest_bytes >> 20} MiB in all.",
            class_="soft",
        ),
    ]  # fmt: skip


def _problem(problem: Problem) -> Child:
    return [
        tag("p", problem.detail[:1].upper() + problem.detail[1:] + "."),
        tag("p", problem.hint, class_="soft"),
    ]


# --- a document


def _document(found: Mapping[str, Any], view: View, root: str) -> Html:
    kind = ", ".join(
        part for part in (found["format"], found["layout"] and f"{found['layout']} layout") if part
    )
    counts = ", ".join(f"{number:,} {name}" for name, number in found["counts"].items())
    statement = found["statement"]
    return tag(
        "section",
        tag("h2", found["path"]),
        tag("p", _state(found, view, root), f" Read as {kind}." if kind else "", class_="lead"),
        _statement(statement, found["rows"], view, root) if statement else None,
        _findings(found["findings"]),
        tag("p", f"It states {counts}.") if counts and not statement else None,
        _unresolved(found["unresolved"], view, root),
    )


_STATES = {
    "new": "The graph does not have this document.",
    "changed": "The graph has another version of this document, which this one would replace.",
    "unchanged": "The graph has this document, as it is.",
    "rejected": "This document cannot be taken in.",
}


def _state(found: Mapping[str, Any], view: View, root: str) -> Child:
    state = _STATES[found["state"]]
    address = _address(found["key"], view, root) if found["key"] else None
    if address is None:
        return state
    return [
        state, " It knows the statement: ", link("what it says of it", address), ", ",
        link("what answers it", f"{address}/thread"), ".",
    ]  # fmt: skip


def _statement(statement: Mapping[str, Any], rows: list[dict[str, Any]], view: View, root: str) -> Child:
    of: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        of.setdefault(row["field"], []).append(row)
    # Actions have a row each, or one for all of them.
    places = of.get("action", [])
    asked = [
        [_keys(row["keys"], view, root) or "whoever it is addressed to", action["text"],
         action["deadline"] or "no day is named", _words(row)]
        for action, row in zip(statement["actions"], places, strict=False)
    ]  # fmt: skip
    addressed = [
        [_several([row], view, root), role, purpose, _words(row)]
        for role in ("to", "cc")
        for row in of.get(role, ())
        for purpose in [_purpose(row, statement["purpose"])]
    ]
    items = [
        [_read(row, view, root), _title(row, view), _words(row)]
        for row in (*of.get("work_item", ()), *of.get("mention", ()))
    ]
    return [
        tag("p", tag("strong", statement["title"] or statement["number"] or "Without a title")),
        tag(
            "p", "From ", _several(of.get("sender", []), view, root) or "a sender it does not name", ", ",
            statement["date"] or "undated", ".",
        ),
        tag("h3", "What is asked"),
        table(["Of whom", "What", "By when", "The document says"], asked)
        if asked
        else tag("p", "No action was recognised.", class_="soft"),
        [tag("h3", "Addressed to"), table(["Whom", "As", "For", "The document says"], addressed)]
        if addressed
        else None,
        [tag("h3", "Work it touches"), table(["Item", "Title", "The document says"], items)]
        if items
        else None,
        tag("h3", "All that was read"),
        table(
            ["Field", "Read as", "The document says", "Sure", "Because"],
            [
                [row["field"].replace("_", " "), _read(row, view, root), _words(row),
                 f"{row['confidence']:.2f}", row["rule"]]
                for row in rows
            ],
        ),
    ]  # fmt: skip


def _purpose(row: Mapping[str, Any], purposes: Mapping[str, str]) -> str | None:
    names = [key.partition("/")[2] for key in row["keys"]] or [row["words"]]
    return next((purposes[name] for name in names if name in purposes), None)


def _words(row: Mapping[str, Any]) -> Child:
    return [row["words"], tag("span", f" {row['locator']}", class_="soft")]


def _read(row: Mapping[str, Any], view: View, root: str) -> Child:
    """What was read; a link where it is a resource that there is."""
    address = _address(row["keys"][0], view, root) if len(row["keys"]) == 1 else None
    return link(row["read"], address) if address else row["read"]


def _several(rows: Iterable[Mapping[str, Any]], view: View, root: str) -> Child:
    """Organisations by their names in the graph, or as they are written."""
    found: list[Child] = [_keys(row["keys"], view, root) or row["read"] for row in rows]
    return [[", " if n else None, one] for n, one in enumerate(found)]


def _title(row: Mapping[str, Any], view: View) -> Child:
    node = resource(row["keys"][0]) if row["keys"] else None
    return view.snapshot.text(node, DCT.title) if node else tag("span", "not in the graph", class_="soft")


def _keys(keys: Iterable[str], view: View, root: str) -> Child:
    linked: list[Child] = []
    for key in keys:
        node, address = resource(key), _address(key, view, root)
        name = (short_id(node) if node else None) or key
        linked += [", " if linked else None, link(name, address) if address else name]
    return linked


def _address(key: str, view: View, root: str) -> str | None:
    """Where this server answers for a key of the graph; None when the graph says nothing of it."""
    node = resource(key)
    if node is None or next(view.snapshot.triples(node), None) is None:
        return None
    return local(node.value, root)


def _findings(findings: list[dict[str, Any]]) -> Child:
    """One line a rule, with how often and where first."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for finding in findings:
        groups.setdefault((finding["severity"], finding["message"]), []).append(finding)
    if not groups:
        return None
    shown = list(groups.items())[:MAX_SHOWN]
    return [
        tag("h3", "What stands against it" if any(s == "violation" for s, _ in groups) else "Worth knowing"),
        table(
            ["", "What", "Where", "Times"],
            [
                [severity, [message, tag("div", found[0].get("hint"), class_="soft")], _place(found[0]),
                 str(len(found))]
                for (severity, message), found in shown
            ],
        ),
        _more(len(groups)),
    ]  # fmt: skip


def _place(finding: Mapping[str, Any]) -> Child:
    """Where it is: a place in the file, or a resource, of which the graph need not say anything yet."""
    focus = finding.get("focus")
    return finding.get("where") or (focus and focus.removeprefix(ID_BASE))


def _unresolved(references: list[dict[str, Any]], view: View, root: str) -> Child:
    if not references:
        return None
    return [
        tag("h3", "Could not be linked"),
        table(
            ["As written", "Field", "Where", "May mean"],
            [
                [r["text"], r["field"].replace("_", " "), r["locator"], _keys(r["candidates"], view, root)]
                for r in references[:MAX_SHOWN]
            ],
        ),
        _more(len(references)),
    ]


def _more(number: int) -> Child:
    return tag("p", f"and {number - MAX_SHOWN:,} more", class_="soft") if number > MAX_SHOWN else None
