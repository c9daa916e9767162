"""Commands about networks: their measures, and files of them or of the whole graph for other programs.

Networks and their writers are imported where they are used: the other commands need not wait for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, pairs, table_console, write_whole
from sdograph.cli.overlaps import comparing
from sdograph.errors import UsageError
from sdograph.store import Snapshot, Store

if TYPE_CHECKING:
    from sdograph.network import Compared, Pairs
    from sdograph.network.measures import Measures
    from sdograph.network.multigraph import Network

Filters = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="K=V",
        help="since, until, as_of, body, group, topic, release, purpose, role, level, band, min_weight …",
    ),
]
#: Nodes and edges in a table on a terminal; the other forms hold all.
SHOWN = 20


class NetworkFormat(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


@on_store
def network(
    store: Store,
    data_dir: Path,
    view: Annotated[
        str, typer.Option(help="liaisons, relationships, organisation, overlaps, work, threads, ego.")
    ] = "liaisons",
    metrics: Annotated[bool, typer.Option("--metrics", help="Its measures, instead of its edges.")] = False,
    filter: Filters = None,
    format: Annotated[
        NetworkFormat, typer.Option(help="csv: the edges, or the measures of the nodes.")
    ] = NetworkFormat.table,
) -> None:
    """Show who is tied to whom, the heaviest edges first, or the measures of that network."""
    from sdograph import network as networks
    from sdograph.export import WRITERS

    ensure_built(store)
    snapshot = store.current()
    graph = networks.build(snapshot, view, pairs(filter or []), _compared(snapshot, data_dir))
    if metrics:
        _print_measures(graph, format)
    elif format is NetworkFormat.table:
        _print_edges(graph)
    else:
        for chunk in WRITERS[format.value].write(graph):
            sys.stdout.buffer.write(chunk)
    if undated := graph.graph.get("undated_left_out"):
        messages.print(f"{undated} without a date are left out")
    messages.print(networks.note(view))


@on_store
def export(
    store: Store,
    data_dir: Path,
    view: Annotated[
        str,
        typer.Argument(
            help="liaisons, relationships, organisation, overlaps, work, threads, ego; or dataset for all."
        ),
    ],
    format: Annotated[
        str,
        typer.Option(
            help="gexf, graphml, json, cytoscape, csv, csv-nodes, dot, svg, png, ttl, nt; "
            "dataset: nq, trig, ttl, nt."
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write; - for standard output.")],
    filter: Filters = None,
) -> None:
    """Write a view of the graph as a file for other programs."""
    ensure_built(store)
    chunks = _exported(store.current(), data_dir, view, format, pairs(filter or []))
    if str(output) == "-":
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        return
    write_whole(output, chunks)
    messages.print(f"wrote {output}", markup=False)


def _exported(
    snapshot: Snapshot, data_dir: Path, view: str, format: str, filters: dict[str, str]
) -> Iterable[bytes]:
    from sdograph import export as exports
    from sdograph import network as networks

    if view == "dataset":
        if format not in exports.DUMPS:
            raise UsageError(f"the dataset has no form {format!r}", hint=f"use {', '.join(exports.DUMPS)}")
        if filters:
            raise UsageError("the dataset is exported whole", hint="leave the filters out")
        return exports.DUMPS[format].write(snapshot)
    if view not in networks.VIEWS:
        raise UsageError(
            f"no view is called {view!r}", hint=f"there are: dataset, {', '.join(networks.VIEWS)}"
        )
    if format not in exports.NETWORK_FORMATS:
        known = ", ".join(exports.NETWORK_FORMATS)
        raise UsageError(f"a network has no form {format!r}", hint=f"use {known}")
    graph = networks.build(snapshot, view, filters, _compared(snapshot, data_dir))
    return exports.write(snapshot, graph, format)


def _compared(snapshot: Snapshot, data_dir: Path) -> Compared:
    def pairs_of_all() -> tuple[Pairs, str]:
        from sdograph.overlap.table import Table as AllPairs

        with comparing() as told:
            return AllPairs.of(snapshot, data_dir, progress=told), snapshot.version

    return pairs_of_all


def _print_edges(graph: Network) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("from", "to", "kind", "weight", "first", "last"):
        table.add_column(name, overflow="fold")
    heaviest = sorted(graph.edges(keys=True, data=True), key=lambda e: (-e[3].get("weight", 1), *e[:3]))
    for source, target, kind, data in heaviest[:SHOWN]:
        first, last = (data.get(a) or data.get(b, "") for a, b in (("first", "begin"), ("last", "end")))
        table.add_row(source, target, kind, f"{data.get('weight', 1):g}", first, last)
    table_console().print(table)
    messages.print(f"{graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges")


def _print_measures(graph: Network, format: NetworkFormat) -> None:
    from sdograph.network.measures import NodeMeasures, YearMeasures, measure, nodes_csv

    found = measure(graph)
    if format is NetworkFormat.csv:
        sys.stdout.buffer.write(nodes_csv(found))
        return
    if format is NetworkFormat.json:
        about = {name: graph.graph[name] for name in ("view", "version", "generated_at", "filters")}
        sys.stdout.buffer.write(orjson.dumps({**about, **asdict(found)}) + b"\n")
        return
    console = table_console()
    whole = Table(box=None, pad_edge=False, show_header=False)
    for name, value in _of_the_whole(found).items():
        whole.add_row(name.replace("_", " "), value)
    console.print(whole)
    for kind, rows in ((YearMeasures, found.by_year), (NodeMeasures, found.by_node[:SHOWN])):
        if rows:
            table = Table(box=None, header_style="bold", pad_edge=False)
            columns = [f.name for f in fields(kind) if f.name != "label"]
            for column in columns:
                table.add_column(column.replace("_", " "), overflow="fold")
            for row in rows:
                table.add_row(*(_shown(getattr(row, column)) for column in columns))
            console.print()
            console.print(table)


def _of_the_whole(found: Measures) -> dict[str, str]:
    return {f.name: _shown(getattr(found, f.name)) for f in fields(found) if not f.name.startswith("by_")}


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


COMMANDS = (network, export)
