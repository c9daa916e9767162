"""Following up over HTTP: inboxes and outboxes, threads, and the feeds that calendars and readers take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pyoxigraph import NamedNode
from starlette.responses import Response

from sdograph import followup, organisations
from sdograph.errors import UsageError
from sdograph.followup import Box, Entry, feed
from sdograph.followup.calendar import calendar
from sdograph.followup.days import day
from sdograph.followup.forms import entry_form, thread_form
from sdograph.followup.inbox import NOTE, place
from sdograph.followup.statements import find_statement
from sdograph_api.addresses import base_url
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.rest import followup_models as shapes
from sdograph_api.rest import models
from sdograph_api.rest.answers import as_csv, document, next_link, respond
from sdograph_api.rest.paging import page
from sdograph_api.rest.parameters import Paging
from sdograph_api.routing import Router
from sdograph_api.view import View

#: Entries of a box as CSV, unless fewer are asked for.
MAX_CSV = 10_000
#: What is read of a statement that tells of its addressees, of what is asked, and of what came of it.
_FIELDS = frozenset(
    ("record", "to", "cc", "purpose", "action", "deadline", "answered_by", "in_reply_to", "outcome")
)


def _a_day(text: str) -> str:
    try:
        day(text)
    except UsageError as error:
        raise ValueError("not a day: write YYYY-MM-DD") from error
    return text


Day = Annotated[str, AfterValidator(_a_day), Field(examples=["2023-12-04"])]


class Asked(BaseModel):
    """What is asked of a box, whatever it is sent as."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[Day | None, Field(description="the day to answer for; today by default")] = None
    lineage: Annotated[bool, Field(description="also of the groups that came before and after it")] = False


class BoxFilters(Asked, Paging):
    purpose: Annotated[
        Literal["action", "comment", "information", "response"] | None,
        Field(description="only what is for this"),
    ] = None
    open: Annotated[bool, Field(description="only what is open or overdue")] = False


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


def router(context: Context) -> Router:
    """The routes. To be included before those that take any path below a list's name."""
    routes = Router(prefix="/api/v1", responses=models.PROBLEMS)

    def add(
        path: str, endpoint: Callable[..., Response], name: str, summary: str, answer: dict[str, Any]
    ) -> None:
        routes.add_api_route(
            path,
            endpoint,
            responses={200: answer},
            response_class=Response,
            summary=summary,
            operation_id=name,
            tags=["following up"],
        )

    def feed(kind: str, path: str, what: str) -> None:
        summary = f"The newest liaison statements {what} as Atom"
        add(path, _feed(context, kind), f"{kind}_feed", summary, {"content": {"application/atom+xml": {}}})

    for kind, name in (("group", "groups"), ("body", "bodies")):
        for way, words in (("inbox", "was sent"), ("outbox", "sent")):
            path, outgoing = f"/{name}/{{id}}/{way}", way == "outbox"
            add(
                path,
                _box(context, kind, outgoing=outgoing, as_table=False),
                f"{kind}_{way}",
                f"What a {kind} {words}: asked what, by when, and what came of it",
                {"model": models.Page[shapes.Entry]},
            )
            add(
                f"{path}.csv",
                _box(context, kind, outgoing=outgoing, as_table=True),
                f"{kind}_{way}_csv",
                f"What a {kind} {words}, as CSV",
                {"content": {"text/csv": {}}},
            )
        add(
            f"/{name}/{{id}}/calendar.ics",
            _calendar(context, kind),
            f"{kind}_calendar",
            f"Deadlines and meetings of a {kind} as iCalendar",
            {"content": {"text/calendar": {}}},
        )
        feed(kind, f"/{name}/{{id}}/feed.atom", f"of a {kind}")
    feed("topic", "/topics/{id}/feed.atom", "on a topic")
    add(
        "/liaison-statements/{id:path}/thread",
        _thread(context),
        "thread",
        "What a liaison statement answers, what answers it, and so on",
        {"model": models.One[shapes.Thread]},
    )
    return routes


def organisation(view: View, kind: str, id: str) -> NamedNode:
    """The group or body of an id; raises Problem 404 when there is none of that kind."""
    try:
        return organisations.find(view.snapshot, id if "/" in id else f"{kind}/{id}")
    except UsageError as error:
        name = {"body": "bodies"}.get(kind, f"{kind}s")
        raise Problem(
            404, "not-found", f"there is no {kind} {id!r}", where="path", hint=f"/api/v1/{name}?q= finds them"
        ) from error


def statement(view: View, id: str) -> NamedNode:
    """The liaison statement of an id or number; raises Problem 404 when there is none, or several."""
    try:
        return find_statement(view.snapshot, id)
    except UsageError as error:
        raise Problem(404, "not-found", error.message, where="path", hint=error.hint) from error


def box_of(context: Context, view: View, node: NamedNode, *, outgoing: bool, as_of: str, **asked: Any) -> Box:
    """The box of an organisation, kept while the graph is the same."""
    name = ("box", node.value, outgoing, as_of, *sorted(asked.items()))
    return context.once(
        view.snapshot,
        name,
        lambda: followup.box(view.snapshot, node.value, outgoing=outgoing, as_of=as_of, **asked),
    )


def _box(context: Context, kind: str, *, outgoing: bool, as_table: bool) -> Callable[..., Response]:
    def make(
        request: Request, id: str, filters: BoxFilters, today: str, view: View
    ) -> tuple[bytes, Mapping[str, str]]:
        node = organisation(view, kind, id)
        box = box_of(
            context, view, node, outgoing=outgoing, as_of=today, purpose=filters.purpose,
            pending=filters.open, lineage=filters.lineage,
        )  # fmt: skip
        limit = MAX_CSV if as_table and "limit" not in request.query_params else filters.limit
        shown, cursor = page([(place(entry), entry) for entry in box.entries], limit, filters.cursor)
        links = next_link(request, context, cursor)
        data = [_entry(view, entry) for entry in shown]
        if as_table:
            return as_csv({**row, "actions": [a["text"] for a in row["actions"]]} for row in data), links
        warnings = [NOTE, *box.warnings]
        body = document(view, context, data, next=cursor, total=len(box.entries), warnings=warnings)
        return body, links

    def endpoint(request: Request, id: str, filters: Annotated[BoxFilters, Query()]) -> Response:
        media_type = "text/csv; charset=utf-8" if as_table else "application/json"
        # Tomorrow the same graph gives another answer.
        today = day(filters.as_of).isoformat()
        return respond(
            request, context, media_type, lambda view: make(request, id, filters, today, view), variant=today
        )

    return endpoint


def _entry(view: View, entry: Entry) -> dict[str, Any]:
    node = NamedNode(entry.statement.iri)
    found = [e for e in view.evidence(node) if e["field"] in _FIELDS]
    return {**entry_form(entry), "evidence": found or view.record_evidence(node)}


def _calendar(context: Context, kind: str) -> Callable[..., Response]:
    def endpoint(request: Request, id: str, filters: Annotated[Asked, Query()]) -> Response:
        today = day(filters.as_of).isoformat()

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            node = organisation(view, kind, id)
            box = box_of(context, view, node, outgoing=False, as_of=today, lineage=filters.lineage)
            return calendar(view.snapshot, box), {}

        return respond(request, context, "text/calendar; charset=utf-8", make, variant=today)

    return endpoint


def _feed(context: Context, kind: str) -> Callable[..., Response]:
    def endpoint(request: Request, id: str, _: Annotated[_Nothing, Query()]) -> Response:
        base = base_url(request.scope, context.settings.public_url)
        where = {
            "address": base + request.scope["path"].removeprefix(request.scope.get("root_path", "")),
            "page": f"{base}/id/liaison-statement/",
        }

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            if kind == "topic":
                try:
                    return feed.of_topic(view.snapshot, id, **where), {}
                except UsageError as error:
                    raise Problem(404, "not-found", error.message, where="path", hint=error.hint) from error
            node = organisation(view, kind, id)
            return feed.of_organisation(view.snapshot, node.value, **where), {}

        return respond(request, context, "application/atom+xml; charset=utf-8", make)

    return endpoint


def _thread(context: Context) -> Callable[..., Response]:
    def endpoint(request: Request, id: str, _: Annotated[_Nothing, Query()]) -> Response:
        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            node = statement(view, id)
            found = followup.thread(view.snapshot, node.value)
            data = {**thread_form(found), "evidence": view.record_evidence(node)}
            return document(view, context, data), {}

        return respond(request, context, "application/json", make)

    return endpoint
