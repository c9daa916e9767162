"""sdograph review: what people should look at, and what they decide about it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.table import Table

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, table_console
from sdograph.errors import UsageError
from sdograph.namespaces import RDFS
from sdograph.store import Snapshot, Store

if TYPE_CHECKING:
    from sdograph.review import Decision, Decisions, Item
    from sdograph.review.settling import Outcome

app = typer.Typer(
    help="List what a person should look at, and keep what is decided about it.",
    invoke_without_command=True,
)


class Form(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


class Kind(StrEnum):
    unresolved = "unresolved"
    uncertain = "uncertain"
    contradiction = "contradiction"


By = Annotated[str, typer.Option("--by", metavar="WHO", help="A role or a name; it is kept and shown.")]
Printed = Annotated[Form, typer.Option("--format", help="How the list is printed.")]


@app.callback()
@on_store
def review(
    store: Store,
    context: typer.Context,
    kind: Annotated[Kind | None, typer.Option(help="Only these.")] = None,
    group: Annotated[
        str | None, typer.Option(help="What concerns a group or body, or is below that body: 3GPP-SA3, ETSI.")
    ] = None,
    document: Annotated[str | None, typer.Option(help="What stands in a document: its name or key.")] = None,
    text: Annotated[str | None, typer.Option(help="What these words occur in.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Entries of the table.")] = 50,
    page: Annotated[int, typer.Option(min=1, help="Which page of so many.")] = 1,
    format: Printed = Form.table,
) -> None:
    """List names that were not linked, fields read with doubt and documents that contradict each other.

    What settles the most comes first. JSON and CSV hold all entries.
    """
    if context.invoked_subcommand is not None:
        return
    from sdograph import organisations, review

    ensure_built(store)
    view = store.current()
    found = review.items(
        view,
        kind=kind,
        organization=organisations.find(view, group) if group else None,
        document=document,
        text=text,
    )
    if format is Form.table:
        start = (page - 1) * limit
        _print_items(view, found[start : start + limit])
        _print_sum(found, start, limit)
    else:
        _print_rows((_row(view, item) for item in found), _ITEM_COLUMNS, format)


@app.command()
@on_store
def decide(
    store: Store,
    items: Annotated[list[str], typer.Argument(metavar="ITEM...", help="Ids of entries of the list.")],
    by: By,
    thing: Annotated[
        str | None, typer.Option("--is", metavar="THING", help="The name means this: 3GPP-SA3.")
    ] = None,
    none: Annotated[
        bool, typer.Option("--none", help="The name stays unlinked, or no value is right; settled.")
    ] = False,
    value: Annotated[str | None, typer.Option(help="This value is right.")] = None,
    prefer: Annotated[
        str | None, typer.Option(metavar="DOCUMENT", help="What this document states is right.")
    ] = None,
    right: Annotated[bool, typer.Option("--right", help="It was read right.")] = False,
    document: Annotated[
        str | None, typer.Option(help="The name means it in this document only; everywhere without.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Why; kept and shown.")] = None,
) -> None:
    """Decide about entries of the list, wherever they stand, in one commit."""
    from sdograph.review.proposal import Choice, propose
    from sdograph.review.settling import settle

    choice = Choice(thing=thing, none=none, value=value, prefer=prefer, right=right)
    decided = propose(store.current(), items, choice, by=by, note=note, document=document)
    _print_outcome(settle(store, decided))


@app.command()
@on_store
def undo(
    store: Store,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="The id of a decision.")],
    by: By,
) -> None:
    """Withdraw a decision; documents say again what was read, or what an earlier decision says."""
    from sdograph.review import settling

    _print_outcome(settling.undo(store, decision, by=by))


@app.command()
@on_store
def decisions(
    store: Store,
    everything: Annotated[bool, typer.Option("--all", help="Those replaced and withdrawn too.")] = False,
    format: Printed = Form.table,
) -> None:
    """List what was decided, by whom and when; the latest first."""
    from sdograph import review

    known = review.Decisions.of(store.current())
    found = [d for d in reversed(known.all) if everything or known.state(d) == "in force"]
    if format is not Form.table:
        _print_rows((_decision_row(d, known) for d in found), _DECISION_COLUMNS, format)
        return
    table = _table("decision", "when", "by", "what", "state" if everything else "", "note")
    for d in found:
        state = known.state(d) if everything else ""
        table.add_row(d.id, d.at[:10], d.by, d.label + _where(d), state, d.note or "")
    table_console().print(table)
    messages.print(_many(len(found), "decision"))


@app.command("export")
@on_store
def export_decisions(
    store: Store,
    output: Annotated[Path, typer.Option("--output", "-o", help="A file .csv or .ttl.")],
) -> None:
    """Write all decisions to a file, to be kept elsewhere and imported there."""
    from sdograph import review
    from sdograph.review import files

    known = review.Decisions.of(store.current())
    content = files.write(known.all, output.suffix.lower())
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError(
            str(error.strerror), where=str(output), hint="name a file that can be written"
        ) from error
    messages.print(f"wrote {_many(len(known.all), 'decision')} to {output}", markup=False)


@app.command("import")
@on_store
def import_decisions(
    store: Store,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that export wrote, .csv or .ttl.")],
) -> None:
    """Take over the decisions of a file, all or none; those that are known already change nothing."""
    from sdograph.review import files
    from sdograph.review.settling import settle

    ensure_built(store)
    _print_outcome(settle(store, files.read(path, store.current())))


# --- printing

#: Characters of a document's words in a table.
_SHOWN = 60

_ITEM_COLUMNS = (
    "id", "kind", "fields", "words", "settles", "thing", "values", "candidates", "documents", "locator",
)  # fmt: skip
_DECISION_COLUMNS = ("id", "state", "by", "at", "item", "label", "document", "note")


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title in ("item", "decision", "when"))
    return table


def _print_items(view: Snapshot, found: Iterable[Item]) -> None:
    table = _table("item", "settles", "what", "where", "may be")
    table.columns[1].justify = "right"
    for item in found:
        table.add_row(item.id, str(item.settles), _what(item), _places(view, item), _may_be(view, item))
    table_console().print(table)


def _what(item: Item) -> str:
    if item.kind == "unresolved":
        return f"“{item.words}” ({', '.join(item.fields)})"
    if item.kind == "contradiction":
        return f"{item.words}: {item.fields[0]} differs"
    written = next((p.words for p in item.places if p.words), "")
    shown = written if len(written) <= _SHOWN else written[:_SHOWN].rsplit(None, 1)[0] + " …"
    return f"{item.words}: {item.fields[0]}" + (f" “{shown}”" if shown else "") + " uncertain"


def _places(view: Snapshot, item: Item) -> str:
    documents = item.documents
    if item.kind == "contradiction" or not documents:
        return _many(len(documents), "document")
    more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
    return _label(view, documents[0]) + more


def _may_be(view: Snapshot, item: Item) -> str:
    from sdograph.review.decision import short

    if item.candidates:
        shown = ", ".join(short(c) for c in item.candidates[:3])
        return shown + (f" and {len(item.candidates) - 3} more" if len(item.candidates) > 3 else "")
    if item.kind != "contradiction":
        return ", ".join(short(v.value) for v in item.values)
    return "\n".join(f"{short(v.value)} ({_label(view, v.documents[0])})" for v in item.values)


def _print_sum(found: list[Item], start: int, limit: int) -> None:
    by_kind: dict[str, list[Item]] = {}
    for item in found:
        by_kind.setdefault(item.kind, []).append(item)
    parts = [f"{len(items)} {kind}" for kind, items in by_kind.items()]
    shown = f"{start + 1} to {min(start + limit, len(found))} of " if len(found) > limit else ""
    places = sum(item.settles for item in found)
    messages.print(f"{shown}{len(found)} items ({', '.join(parts) or 'none'}), {places} places in documents")


def _label(view: Snapshot, node: Any) -> str:
    return view.text(node, RDFS.label) or str(node.value).rpartition("/")[2]


def _row(view: Snapshot, item: Item) -> dict[str, Any]:
    from sdograph.review.decision import short

    return {
        "id": item.id,
        "kind": item.kind,
        "fields": list(item.fields),
        "words": item.words,
        "settles": item.settles,
        "thing": short(item.thing) if item.thing else None,
        "values": [
            f"{short(v.value)} ({', '.join(_label(view, d) for d in v.documents)})" for v in item.values
        ],
        "candidates": [short(c) for c in item.candidates],
        "documents": [_label(view, d) for d in item.documents],
        "locator": item.places[0].locator if item.places else None,
    }


def _decision_row(d: Decision, known: Decisions) -> dict[str, Any]:
    return {
        "id": d.id, "state": known.state(d), "by": d.by, "at": d.at, "item": d.item, "label": d.label,
        "document": d.document, "note": d.note,
    }  # fmt: skip


def _print_rows(rows: Iterable[dict[str, Any]], columns: tuple[str, ...], format: Form) -> None:
    if format is Form.json:
        typer.echo(orjson.dumps(list(rows)).decode())
        return
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: "; ".join(v) if isinstance(v, list) else v for k, v in row.items()})


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _where(d: Decision) -> str:
    return f" in {d.document.removeprefix('document/')}" if d.document else ""


def _print_outcome(outcome: Outcome) -> None:
    for d in (*outcome.new, *outcome.withdrawn):
        words = "withdrawn" if d.withdrawn_by else "decided"
        typer.echo(f"{d.id}  {words}: {d.label}{_where(d)}")
    if outcome.generation is None:
        messages.print("nothing new")
    else:
        places, documents = _many(outcome.places, "place"), _many(len(outcome.documents), "document")
        messages.print(f"{places} in {documents}; generation {outcome.generation}")
