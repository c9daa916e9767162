"""Commands that follow up liaison statements: inbox, thread, reply."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, table_console, write_whole
from sdograph.errors import UsageError
from sdograph.followup import NOTE, Box, Entry, Mark, Node, Party, State, Thread, box, thread
from sdograph.followup.days import day
from sdograph.followup.forms import entry_form, reference, thread_form
from sdograph.store import Snapshot, Store

_STYLE = {State.overdue: "red", State.open: "yellow", State.answered: "green"}
#: Columns that are not broken into lines.
_SHORT = frozenset(("state", "deadline", "days", "number", "date"))
_MARKS = {
    Mark.missing: "not in the graph",
    Mark.shown: "also answers this; shown above",
    Mark.cycle: "answers what answers it; shown above",
}


class InboxFormat(StrEnum):
    table = "table"
    json = "json"
    ics = "ics"


class ThreadFormat(StrEnum):
    tree = "tree"
    table = "table"
    json = "json"


class PurposeOption(StrEnum):
    action = "action"
    comment = "comment"
    information = "information"
    response = "response"


@on_store
def inbox(
    store: Store,
    group: Annotated[str, typer.Argument(help="Id of a group; or of a body, with all its groups.")],
    outbox: Annotated[bool, typer.Option("--outbox", help="What it sent, instead of what it got.")] = False,
    as_of: Annotated[
        str | None, typer.Option(help="The day of the question, as 2023-12-04; today by default.")
    ] = None,
    purpose: Annotated[PurposeOption | None, typer.Option(help="Only what is for this.")] = None,
    pending: Annotated[bool, typer.Option("--open", help="Only what is open or overdue.")] = False,
    lineage: Annotated[
        bool, typer.Option("--lineage", help="Also of the groups that came before and after it.")
    ] = False,
    format: Annotated[
        InboxFormat, typer.Option(help="ics: deadlines and meetings for a calendar.")
    ] = InboxFormat.table,
) -> None:
    """Show what a group was asked: by whom, by when, and whether it answered."""
    snapshot = _snapshot(store)
    found = box(
        snapshot, group, outgoing=outbox, as_of=as_of, purpose=purpose.value if purpose else None,
        pending=pending, lineage=lineage,
    )  # fmt: skip
    if format is InboxFormat.ics:
        from sdograph.followup.calendar import calendar

        sys.stdout.buffer.write(calendar(snapshot, found))
    elif format is InboxFormat.json:
        form = {
            "organisation": reference(found.organisation),
            "direction": "out" if found.outgoing else "in",
            "as_of": found.as_of.isoformat(),
            "counts": found.counts,
            "entries": [entry_form(entry) for entry in found.entries],
            "note": NOTE,
            "warnings": list(found.warnings),
        }
        typer.echo(orjson.dumps(form).decode())
    else:
        _print_box(found)


@on_store
def show_thread(
    store: Store,
    statement: Annotated[str, typer.Argument(metavar="LS", help="Its number, a receiver's, or its id.")],
    format: Annotated[ThreadFormat, typer.Option(help="table: in time.")] = ThreadFormat.tree,
) -> None:
    """Show what a liaison statement answers, and what answers it, as a tree."""
    found = thread(_snapshot(store), statement)
    if format is ThreadFormat.json:
        typer.echo(orjson.dumps(thread_form(found)).decode())
    elif format is ThreadFormat.table:
        _print_timeline(found)
    else:
        _print_tree(found)


@on_store
def reply(
    store: Store,
    statement: Annotated[str, typer.Argument(metavar="LS", help="What is answered: its number or id.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The Word document to write.")],
    group: Annotated[
        str | None, typer.Option("--as", help="Who replies; asked for where several were addressed.")
    ] = None,
    on: Annotated[str | None, typer.Option("--date", help="The day of the reply; today by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write a draft of a reply, in the layout of who replies, its head filled in."""
    from sdograph.followup.houses import write
    from sdograph.followup.reply import addressees, compose

    when = day(on, "--date")
    if output.exists() and not force:
        raise UsageError("the file is there already", where=str(output), hint="--force replaces it")
    snapshot = _snapshot(store)
    draft = compose(snapshot, statement, group or _choose(addressees(snapshot, statement)), when)
    write_whole(output, [write(draft)])
    messages.print(f"wrote {output}: {draft.group.label} to {', '.join(draft.to)}", markup=False)
    for remark in draft.remarks:
        messages.print(remark, markup=False)


def _choose(addressed: Sequence[Party]) -> str:
    """The one who was addressed; of several the one that a person at a terminal chooses."""
    ids = [party.id for party in addressed if party.id]
    if len(ids) == 1:
        return ids[0]
    if not ids:
        raise UsageError("nobody known was addressed", hint="say who replies with --as, as in --as 3GPP-SA3")
    if not sys.stdin.isatty():
        raise UsageError("several were addressed", hint=f"say who replies with --as: {', '.join(ids)}")
    return Prompt.ask("Who replies?", choices=ids, console=messages)


def _snapshot(store: Store) -> Snapshot:
    ensure_built(store)
    return store.current()


def _print_box(found: Box) -> None:
    other = "to" if found.outgoing else "from"
    several = len(found.members) > 1
    heads = ["state", "deadline", "days", "number", "date", other, "for", "title", "rests on"]
    if several and not found.outgoing:
        heads.insert(5, "to")
    table = Table(box=None, pad_edge=False, header_style="bold", caption=NOTE, caption_justify="left")
    for head in heads:
        justify: Literal["left", "right"] = "right" if head == "days" else "left"
        table.add_column(head, overflow="fold", justify=justify, no_wrap=head in _SHORT)
    for entry in found.entries:
        row = _row(entry, outgoing=found.outgoing)
        state = Text(entry.state.value, style=_STYLE.get(entry.state, ""))
        table.add_row(state, *(row[head] for head in heads[1:]))
    table_console().print(table)
    counts = ", ".join(f"{n} {state}" for state, n in found.counts.items() if n) or "nothing"
    messages.print(f"{found.organisation.label}, {found.as_of}: {counts}", markup=False)
    for warning in found.warnings:
        messages.print(warning, markup=False)


def _row(entry: Entry, *, outgoing: bool) -> dict[str, str]:
    statement = entry.statement
    addressee = entry.addressee.label if entry.addressee else "-"
    return {
        "deadline": entry.deadline or "",
        "days": "" if entry.days_left is None else str(entry.days_left),
        "number": statement.number or next(iter(statement.received_numbers), "-"),
        "date": statement.date or "",
        "from": ", ".join(p.label for p in statement.senders),
        "to": addressee + (" (cc)" if entry.role == "cc" and outgoing else ""),
        "for": ", ".join(entry.purposes),
        "title": statement.title or "",
        "rests on": entry.rests_on,
    }


def _print_tree(found: Thread) -> None:
    def words(node: Node) -> str:
        if node.statement is None:
            return f"{node.name}: {_MARKS[Mark.missing]}"
        line = _line(node)
        return f"{line}: {_MARKS[node.mark]}" if node.mark else line

    def grow(branch: Tree, node: Node) -> None:
        for reply in node.replies:
            grow(branch.add(words(reply)), reply)

    for root in found.roots:
        tree = Tree(words(root), highlight=False)
        grow(tree, root)
        table_console().print(tree)
    messages.print(f"{len(found.timeline)} statements; what is not in the graph may still exist")


def _line(node: Node) -> str:
    statement = node.statement
    assert statement is not None  # noqa: S101 - told by the mark
    senders = ", ".join(p.label for p in statement.senders)
    others = [n for n in statement.received_numbers if n != node.name]
    known = f" (also {', '.join(others)})" if others else ""
    drafts = f" (drafts {', '.join(statement.earlier_numbers)})" if statement.earlier_numbers else ""
    title = f": {statement.title}" if statement.title and statement.title != node.name else ""
    return f"{statement.date or 'undated'}  {node.name}{known}{drafts}  {senders}{title}"


def _print_timeline(found: Thread) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("date", "number", "from", "to", "also known as", "title"):
        table.add_column(head, overflow="fold")
    for statement in found.timeline:
        table.add_row(
            statement.date or "", statement.name, ", ".join(p.label for p in statement.senders),
            ", ".join(p.label for p in statement.to), ", ".join(statement.numbers[1:]), statement.title or "",
        )  # fmt: skip
    table_console().print(table)


show_thread.__name__ = "thread"
COMMANDS = (inbox, show_thread, reply)
