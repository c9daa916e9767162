"""Commands around the sources of facts: sources, sync, template, link."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.table import Table

from sdograph.cli.documents import ensure_built, print_reports
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, pairs, progress, table_console
from sdograph.store import Store


def sources() -> None:
    """List the live sources that sync can fetch, and the formats that ingest can read."""
    from sdograph import live
    from sdograph.sources import READERS

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("name", "what it fetches", "parameters", "licence"):
        table.add_column(title, overflow="fold")
    for source in live.LIVE.values():
        named = ", ".join(f"{p.name}={p.example}" for p in source.parameters)
        table.add_row(source.name, source.fetches, named, source.licence)
    table_console().print(table)
    messages.print(f"formats that ingest reads: {', '.join(READERS)}")


@on_store
def sync(
    store: Store,
    data_dir: Path,
    name: Annotated[str, typer.Argument(metavar="SOURCE", help="One that sdograph sources lists.")],
    params: Annotated[list[str] | None, typer.Argument(metavar="[K=V...]", help="Its parameters.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fetch a live source, politely and only what is new, and ingest it."""
    from sdograph import live, pipeline
    from sdograph.intake import Input, Options

    with progress(f"fetching {name}") as tell:
        synced = live.sync(name, pairs(params or []), data_dir / "live", progress=tell)
    for remark in synced.remarks:
        messages.print(remark, markup=False)
    if synced.left:
        messages.print(f"{synced.left} more to fetch: run it again for the rest")
    ensure_built(store)
    given = [Input(path, path.name, origin=synced.origins.get(path)) for path in synced.files]
    with progress("reading", len(given)) as tell:
        reports = pipeline.take_in(store, given, Options(whole=as_json), tell)
    messages.print(f"{synced.requests} requests, {synced.bytes:,} bytes")
    print_reports(reports, as_json=as_json)


def template(
    table: Annotated[str, typer.Argument(help="bodies, groups, work_items, liaison_statements …")],
) -> None:
    """Print an empty table of facts, its columns explained, for a person to fill in and ingest."""
    from sdograph.sources.fact_tables import template as empty

    typer.echo(empty(table), nl=False)


@on_store
def link(
    store: Store,
    text: Annotated[str, typer.Argument(help="Words as they stand in a document.")],
    on: Annotated[str | None, typer.Option(help="The document's date, as 2023-09-18.")] = None,
    context: Annotated[str | None, typer.Option(help="Id of the body or group it speaks of.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what names of groups, codes and numbers in a text would be linked to, and why."""
    from sdograph import catalogue
    from sdograph.linking import split_parties
    from sdograph.model import Reference
    from sdograph.sources.liaison.mentions import mentions
    from sdograph.sources.liaison.sheet import Line

    ensure_built(store)
    linker = catalogue.linker(store.current())
    if context is not None:
        context = linker.registry.organization(context).id
    numbers = list(linker.numbers(text, on))
    issued = {number.words for number, _ in numbers}
    named = [
        m.reference
        for m in mentions([Line(text=text, locator="")], sender="")
        if m.reference.text not in issued
    ]
    parties = linker.parties(
        [Reference(text=p, field="to", kind="organization", context=context) for p in split_parties(text)], on
    )
    # Words around a code or a number are no party, unless they are known as one.
    codes = issued.union(r.text for r in named)
    found = [r for r in parties if r.target or r.candidates or not any(code in r.text for code in codes)]
    found += [linker.item(reference, on).of(reference) for reference in named]
    for number, who in numbers:
        reference = Reference(text=number.number, field="number", kind="document")
        found.append(replace(who.of(reference), rule=f"{number.told}: {who.rule}"))
    rows = [
        {"text": r.text, "kind": r.kind, "target": r.target, "candidates": list(r.candidates),
         "confidence": r.confidence, "rule": r.rule}
        for r in found
    ]  # fmt: skip
    if as_json:
        typer.echo(orjson.dumps(rows).decode())
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("text", "kind", "target", "candidates", "confidence", "rule"):
        table.add_column(title, overflow="fold")
    for r in found:
        near = ", ".join(r.candidates)
        table.add_row(r.text, r.kind, r.target or "-", near, f"{r.confidence:.2f}", r.rule)
    table_console().print(table)


COMMANDS = (sources, sync, template, link)
