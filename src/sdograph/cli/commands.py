"""Commands that read the graph and keep it safe: query, info, backup, restore, rollback."""

from __future__ import annotations

import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, serialize
from rich.table import Table

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, pairs, table_console
from sdograph.errors import UsageError
from sdograph.namespaces import PREFIXES
from sdograph.queries import NAMED
from sdograph.queries.lexer import inspect
from sdograph.store import Snapshot, Store
from sdograph.store.base import QueryResult


class ResultFormat(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    tsv = "tsv"
    xml = "xml"
    ttl = "ttl"
    nt = "nt"


_RESULTS = {
    ResultFormat.json: QueryResultsFormat.JSON,
    ResultFormat.csv: QueryResultsFormat.CSV,
    ResultFormat.tsv: QueryResultsFormat.TSV,
    ResultFormat.xml: QueryResultsFormat.XML,
}
_GRAPHS = {ResultFormat.ttl: RdfFormat.TURTLE, ResultFormat.nt: RdfFormat.N_TRIPLES}


@on_store
def query(
    store: Store,
    sparql: Annotated[str | None, typer.Argument(metavar="[SPARQL]", help="The query itself.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A file that holds the query.")] = None,
    name: Annotated[str | None, typer.Option(help=f"A named query: {', '.join(NAMED)}.")] = None,
    param: Annotated[
        list[str] | None, typer.Option(metavar="K=V", help="A parameter of the named query.")
    ] = None,
    format: Annotated[ResultFormat | None, typer.Option(help="Default: table, or ttl for a graph.")] = None,
) -> None:
    """Ask the graph in SPARQL, or by the name of a prepared query."""
    ensure_built(store)
    text = _query_text(sparql, file, name, pairs(param or []))
    # An aggregate cannot be interrupted from Python; let Ctrl-C end the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _print_result(store.current().query(text), format)


@on_store
def info(store: Store) -> None:
    """What the store holds."""
    snapshot = store.current()
    kept = ", ".join(f"{g.number}{' (current)' if g.current else ''}" for g in store.generations())
    table = Table(box=None, pad_edge=False, show_header=False)
    for key, value in (
        ("store", store.location),
        ("generation", snapshot.generation),
        ("version", snapshot.version),
        ("generated", snapshot.generated_at),
        ("generations kept", kept),
        ("triples", f"{_triples(snapshot):,}"),
    ):
        table.add_row(key, str(value))
    for row in snapshot.rows(
        "SELECT ?class (COUNT(*) AS ?n) WHERE { ?s a ?class "
        f'FILTER(STRSTARTS(STR(?class), "{PREFIXES["sdo"]}")) }} GROUP BY ?class ORDER BY ?class'
    ):
        table.add_row(_short(str(getattr(row["class"], "value", ""))), str(getattr(row["n"], "value", "")))
    table_console().print(table)


@on_store
def backup(
    store: Store,
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet.")],
) -> None:
    """Copy the current generation to a folder. On the same file system the copy shares its files."""
    messages.print(f"saved to {store.backup(target)}", markup=False)


@on_store
def restore(
    store: Store,
    source: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that backup wrote.")],
) -> None:
    """Make the content of a backup the next generation."""
    messages.print(f"restored as generation {store.restore(source).generation}")


@on_store
def rollback(
    store: Store,
    to: Annotated[
        int | None, typer.Option(help="The generation to go back to; the one before, by default.")
    ] = None,
) -> None:
    """Make the content of an earlier generation the next one."""
    messages.print(f"rolled back; now generation {store.rollback(to).generation}")


def _triples(snapshot: Snapshot) -> int:
    (row,) = snapshot.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return int(getattr(row["n"], "value", 0))


def _query_text(sparql: str | None, file: Path | None, name: str | None, params: dict[str, str]) -> str:
    if sum(given is not None for given in (sparql, file, name)) != 1:
        raise UsageError(
            "give a query, or a file with --file, or the --name of one", hint="sdograph query --help"
        )
    if params and name is None:
        raise UsageError("--param goes with --name", hint="sdograph query --help")
    if name is not None:
        if name not in NAMED:
            raise UsageError(f"no query is called {name!r}", hint=f"there are: {', '.join(NAMED)}")
        return NAMED[name].bind(params)
    if file is not None:
        try:
            sparql = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(str(error), where=str(file), hint="name a UTF-8 text file") from error
    # Refuses what would reach out of the store; its text is what Oxigraph cannot read in another way.
    return inspect(sparql or "").text


def _print_result(result: QueryResult, format: ResultFormat | None) -> None:
    if isinstance(result, QueryTriples):
        rdf = _GRAPHS.get(format or ResultFormat.ttl)
        if rdf is None:
            raise UsageError(f"a graph has no form {format}", hint="use --format ttl or nt")
        serialize(result, sys.stdout.buffer, format=rdf, prefixes=PREFIXES)
        return
    if format in _GRAPHS:
        raise UsageError("rows have no RDF form", hint="use --format table, json, csv, tsv or xml")
    if format is not None and format in _RESULTS:
        result.serialize(sys.stdout.buffer, format=_RESULTS[format])
    elif isinstance(result, QueryBoolean):
        typer.echo("true" if result else "false")
    else:
        _print_table(result)


def _print_table(solutions: QuerySolutions) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for variable in solutions.variables:
        table.add_column(variable.value, overflow="fold")
    for solution in solutions:
        table.add_row(
            *(_short(str(getattr(term, "value", term))) if term is not None else "" for term in solution)
        )
    table_console().print(table)
    messages.print(f"{table.row_count} rows")


def _short(text: str) -> str:
    """An IRI with its prefix, where it has one of ours."""
    for prefix, base in PREFIXES.items():
        if text.startswith(base) and len(text) > len(base):
            return f"{prefix}:{text[len(base) :]}"
    return text


COMMANDS = (query, info, backup, restore, rollback)
