"""The command that finds anything by number, name or words."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table
from rich.text import Text

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, table_console
from sdograph.search import PARTLY, Hit, Match, Searcher
from sdograph.store import Store


class SearchFormat(StrEnum):
    table = "table"
    json = "json"


@on_store
def search(
    store: Store,
    data_dir: Path,
    words: Annotated[list[str], typer.Argument(help="A number, a name, or words that must all occur.")],
    kind: Annotated[
        str | None, typer.Option(help="Only of this kind: group, work-item, specification, topic …")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Show at most this many.")] = 20,
    format: Annotated[SearchFormat, typer.Option(help="json: one object.")] = SearchFormat.table,
) -> None:
    """Find bodies, groups, work items, specifications, statements, meetings and topics."""
    ensure_built(store)
    index = Searcher(data_dir).index(store.current())
    found = index.find(" ".join(words), kind)
    hits = index.hits(found, found.ids[:limit])
    if format is SearchFormat.json:
        form = {
            "data": [_form(hit) for hit in hits],
            "total": len(found.ids),
            "kinds": dict(found.kinds),
            "warnings": [PARTLY] if found.partly else [],
        }
        typer.echo(orjson.dumps(form).decode())
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("kind", "found", "date", "title", "matched"):
        table.add_column(head, overflow="fold", no_wrap=head in ("kind", "date"))
    for hit in hits:
        table.add_row(hit.kind, hit.label, hit.date or "", hit.title or "", _matched(hit))
    table_console().print(table)
    by_kind = ", ".join(f"{count} {name}" for name, count in found.kinds.items())
    messages.print(f"{len(hits)} of {len(found.ids)} shown{f' ({by_kind})' if by_kind else ''}", markup=False)
    if found.partly:
        messages.print(PARTLY)


def _form(hit: Hit) -> dict[str, Any]:
    """A hit as the HTTP interface names its fields."""
    fields = asdict(hit)
    return {"id": fields.pop("iri"), **fields}


def _matched(hit: Hit) -> Text:
    """The first match that the other columns do not show."""
    shown = (hit.label, hit.title)
    match: Match | None = next((m for m in hit.matched if m.text not in shown), None)
    text = Text()
    if match is not None:
        text.append(f"{match.field.replace('_', ' ')}: {match.text}")
        offset = len(text) - len(match.text)
        for first, last in match.spans:
            text.stylize("bold", offset + first, offset + last)
    return text


COMMANDS = (search,)
