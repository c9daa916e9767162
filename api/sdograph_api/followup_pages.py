"""Pages to follow up liaison statements: the inbox and outbox of a group, the thread of a statement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from sdograph import followup
from sdograph.followup import Answer, Box, Entry, Mark, Node, Party, Statement, Thread
from sdograph.followup.days import day
from sdograph_api.addresses import local, root_path
from sdograph_api.context import Context
from sdograph_api.html import SECURITY, Child, Html, link, page, table, tag
from sdograph_api.rest.answers import respond
from sdograph_api.rest.followup import Asked, box_of, organisation, statement
from sdograph_api.routing import Router
from sdograph_api.view import View

#: Entries of a page; all of them are in the list that programs read.
MAX_SHOWN = 500

_MARKS = {
    Mark.missing: "not in the graph",
    Mark.shown: "also answers this; its answers are shown above",
    Mark.cycle: "answers what answers it; shown above",
}


class _Filters(Asked):
    open: bool = False


def router(context: Context) -> Router:
    """The pages. To be included before the resources, as their addresses begin like those of resources."""
    routes = Router(include_in_schema=False)
    for kind in ("group", "body"):
        for way in ("inbox", "outbox"):
            routes.add_api_route(f"/id/{kind}/{{id}}/{way}", _box(context, kind, outgoing=way == "outbox"))
    routes.add_api_route("/id/liaison-statement/{id:path}/thread", _thread(context))
    return routes


def _box(context: Context, kind: str, *, outgoing: bool) -> Callable[..., Response]:
    def endpoint(request: Request, id: str, filters: Annotated[_Filters, Query()]) -> Response:
        today, root = day(filters.as_of).isoformat(), root_path(request.scope)

        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            box = box_of(
                context, view, organisation(view, kind, id), outgoing=outgoing, as_of=today,
                pending=filters.open, lineage=filters.lineage,
            )  # fmt: skip
            return box_page(box, root, kind=kind, pending=filters.open), SECURITY

        return respond(request, context, "text/html; charset=utf-8", make, variant=f"html.{today}")

    return endpoint


def _thread(context: Context) -> Callable[..., Response]:
    def endpoint(request: Request, id: str) -> Response:
        def make(view: View) -> tuple[bytes, Mapping[str, str]]:
            found = followup.thread(view.snapshot, statement(view, id).value)
            return thread_page(found, root_path(request.scope)), SECURITY

        return respond(request, context, "text/html; charset=utf-8", make, variant="html")

    return endpoint


# --- inbox and outbox


def box_page(box: Box, root: str, *, kind: str, pending: bool) -> bytes:
    """What a group was sent, or sent."""
    whose, way = box.organisation, "outbox" if box.outgoing else "inbox"
    other = "inbox" if box.outgoing else "outbox"
    pages, data = f"{root}/id/{kind}/{whose.id}", f"{root}/api/v1/{_LISTS[kind]}/{whose.id}"
    counts = ", ".join(f"{number} {state}" for state, number in box.counts.items() if number)
    shown = box.entries[:MAX_SHOWN]
    several = len(box.members) > 1
    return page(
        f"{way.capitalize()} of {whose.label}",
        tag("p", "what it sent" if box.outgoing else "what it was sent", class_="kind"),
        tag("h1", f"{way.capitalize()} of ", _party(whose, root)),
        tag("p", f"As of {box.as_of}: {counts or 'nothing'}. {followup.NOTE}", class_="lead"),
        tag(
            "p",
            "See also: ",
            link(other, f"{pages}/{other}"),
            ", ",
            link("all", f"{pages}/{way}") if pending else link("only open", f"{pages}/{way}?open=true"),
            ". As data: ",
            link("JSON", f"{data}/{way}"),
            " ",
            link("CSV", f"{data}/{way}.csv"),
            " ",
            link("calendar", f"{data}/calendar.ics"),
            " ",
            link("feed", f"{data}/feed.atom"),
            class_="soft",
        ),
        table(
            ["State", "Due", "Statement", "To" if box.outgoing else "From", "For", "Rests on"],
            [_entry(entry, root, to=box.outgoing, also_to=several) for entry in shown],
        ),
        tag("p", f"and {len(box.entries) - len(shown)} more", class_="soft")
        if len(shown) < len(box.entries)
        else None,
        [tag("p", warning, class_="soft") for warning in box.warnings],
        root=root,
    )


_LISTS = {"group": "groups", "body": "bodies"}


def _entry(entry: Entry, root: str, *, to: bool, also_to: bool) -> list[Child]:
    statement = entry.statement
    role = " (cc)" if entry.role == "cc" else ""
    addressee = [_party(entry.addressee, root), role] if entry.addressee else "not known"
    senders = _parties(statement.senders, root)
    ways: Child = addressee if to else [senders, [" to ", addressee] if also_to else role]
    # Tables say no more than what it is for.
    asked = [tag("li", a.text) for a in entry.actions if a.text and a.text not in entry.purposes]
    return [
        entry.state.value,
        [entry.deadline, tag("span", f" {_left(entry.days_left)}", class_="soft")]
        if entry.deadline
        else None,
        [
            _statement(statement, root),
            tag("span", f" {statement.date or 'undated'}", class_="soft"),
            tag("div", statement.title) if statement.title and statement.title != statement.name else None,
            tag("ul", asked, class_="plain soft") if asked else None,
        ],
        ways,
        ", ".join(entry.purposes),
        [_answers(entry.answers, root) or entry.rests_on],
    ]


def _left(days: int | None) -> str:
    if days is None:
        return ""
    return f"{days} days left" if days >= 0 else f"{-days} days ago"


def _answers(answers: tuple[Answer, ...], root: str) -> Child:
    if not answers:
        return None
    linked: list[Child] = [
        [link(a.name, local(a.iri, root) or a.iri), tag("span", f" {a.date or 'undated'}", class_="soft")]
        for a in answers
    ]
    return ["answered by ", _joined(linked)]


# --- threads


def thread_page(thread: Thread, root: str) -> bytes:
    """What hangs together with a statement, as a tree and in time."""
    asked_for = thread.asked_for
    address = f"{root}/api/v1/liaison-statements/{asked_for.id}/thread"
    return page(
        f"Thread of {asked_for.name}",
        tag("p", "thread of a liaison statement", class_="kind"),
        tag("h1", _statement(asked_for, root)),
        tag("p", asked_for.title, class_="lead"),
        tag("p", "As data: ", link("JSON", address), class_="soft"),
        tag("h2", "What answers what"),
        tag("ul", [_node(node, root, asked_for) for node in thread.roots]),
        tag("h2", "In time"),
        table(
            ["Date", "Number", "Also known as", "From", "To", "Title"],
            [_line(found, root) for found in thread.timeline],
        ),
        tag("p", "An answer that is not among the documents read so far may still exist.", class_="soft"),
        root=root,
    )


def _line(found: Statement, root: str) -> list[Child]:
    others = ", ".join(found.numbers[1:])
    ends = (_parties(found.senders, root), _parties(found.to, root))
    return [found.date or "undated", _statement(found, root), others, *ends, found.title]


def _node(node: Node, root: str, asked_for: Statement) -> Html:
    below = tag("ul", [_node(reply, root, asked_for) for reply in node.replies]) if node.replies else None
    mark = tag("span", f" {_MARKS[node.mark]}", class_="soft") if node.mark else None
    found = node.statement
    if found is None:
        return tag("li", node.name, mark, below)
    name = _statement(found, root)
    return tag(
        "li",
        tag("strong", name) if found.iri == asked_for.iri else name,
        tag("span", f" {found.date or 'undated'} ", class_="soft"),
        _parties(found.senders, root),
        mark or (f": {found.title}" if found.title and found.title != found.name else None),
        below,
    )


# --- what they share


def _statement(found: Statement, root: str) -> Html:
    return link(found.name, local(found.iri, root) or found.iri)


def _party(party: Party, root: str) -> Child:
    address = local(party.iri, root) if party.iri else None
    return link(party.label, address) if address else party.label


def _parties(parties: tuple[Party, ...], root: str) -> Child:
    return _joined([_party(party, root) for party in parties])


def _joined(parts: list[Child]) -> Child:
    return [[", ", part] if number else part for number, part in enumerate(parts)]
