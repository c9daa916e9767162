"""Commands about overlapping work: of one item, of all, by topic, and what people decide about it."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.table import Table

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, progress, table_console, write_whole
from sdograph.errors import UsageError
from sdograph.store import Snapshot, Store

if TYPE_CHECKING:
    from sdograph.overlap import Item, Overlap
    from sdograph.overlap.coverage import Gap
    from sdograph.overlap.decision import Decision, Outcome

# What compares items takes a tenth of a second to load: it is imported where it is used.


class OverlapFormat(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"
    sssom = "sssom"


class Form(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


@on_store
def overlaps(
    store: Store,
    data_dir: Path,
    work_item: Annotated[
        str | None, typer.Argument(metavar="WORK_ITEM", help="Its code or id: SAI-014, 3GPP/FS_AIML.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Of all items, the strongest first.")] = False,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="Only from this score on.")] = 0.25,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Show at most this many.")] = 10,
    topic: Annotated[str | None, typer.Option(help="Only items on this topic: data-poisoning.")] = None,
    body: Annotated[
        str | None, typer.Option(help="Only with items of this body; with --all, on one side.")
    ] = None,
    other_body: Annotated[str | None, typer.Option(help="With --all: the body on the other side.")] = None,
    within: Annotated[bool, typer.Option("--within", help="Also items of its own body.")] = False,
    decision: Annotated[
        str, typer.Option(help="open (not rejected), undecided, accepted, rejected, any.")
    ] = "open",
    format: Annotated[OverlapFormat, typer.Option(help="sssom: a mapping set as TSV.")] = OverlapFormat.table,
) -> None:
    """Show which work of other bodies overlaps with an item, how much, and why."""
    from sdograph.overlap import Overlaps
    from sdograph.overlap.answer import as_csv, kept, ranked, record
    from sdograph.overlap.coverage import on_topic
    from sdograph.overlap.decision import Decisions
    from sdograph.overlap.items import find
    from sdograph.overlap.table import Table as AllPairs

    if (work_item is None) != everything:
        raise UsageError("name one work item, or --all", where="WORK_ITEM", hint="sdograph overlaps SAI-014")
    ensure_built(store)
    snapshot = store.current()
    decisions = Decisions.of(snapshot)
    among = on_topic(snapshot, topic) if topic is not None else None
    with comparing() as told:
        if work_item is not None:
            compared = Overlaps.of(snapshot, data_dir, progress=told)
            item = find(compared.items, work_item)
            for warning in compared.warnings:
                messages.print(warning, markup=False)
            shown = ranked(
                compared, decisions, item.id, limit=limit, wanted=decision, among=among, min_score=min_score,
                within=within, bodies=None if body is None else [body],
            )  # fmt: skip
        else:
            found = AllPairs.of(snapshot, data_dir, progress=told).overlaps(
                min_score=min_score, body=body, other_body=other_body, among=among
            )
            shown = list(islice(kept(found, decisions, decision), limit))
    if format is OverlapFormat.json:
        _say_json({"data": [record(*pair) for pair in shown], "dataset": snapshot.version})
    elif format is OverlapFormat.csv:
        sys.stdout.buffer.write(as_csv(shown))
    elif format is OverlapFormat.sssom:
        sys.stdout.buffer.write(_mapping_set(snapshot, shown))
    else:
        _print_overlaps(shown, one=work_item is not None)


def _mapping_set(snapshot: Snapshot, shown: Sequence[tuple[Overlap, Decision | None]]) -> bytes:
    from sdograph.overlap import sssom

    labels = {item.id: item.title or item.code for o, _ in shown for item in (o.item, o.other)}
    return sssom.write(
        (o for o, _ in shown), [d for _, d in shown if d is not None], labels, version=snapshot.version
    )


def _print_overlaps(shown: Sequence[tuple[Overlap, Decision | None]], *, one: bool) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    heads = ("score", "band", "item", "with", "title", "because", "decided")
    for head in heads[:2] + heads[3 if one else 2 :]:
        table.add_column(head, overflow="fold", no_wrap=head in ("score", "band"))
    for overlap, decision in shown:
        other, decided = overlap.other, decision.label if decision else ""
        cells = [f"{overlap.score:.2f}", overlap.band, _code(overlap.item), _code(other), other.title]
        table.add_row(*cells[: 2 if one else 3], *cells[3:], _because(overlap), decided)
    table_console().print(table)
    messages.print(f"{len(shown)} shown", markup=False)


def _code(item: Item) -> str:
    return f"{item.body} {item.code}"


def _because(overlap: Overlap) -> str:
    """The evidence in a line: each kind with its weight in log-odds, and its strongest parts."""
    if overlap.same_text is not None:
        return f"{overlap.same_text.rule}: {overlap.same_text.text}"
    said = []
    for contribution in sorted(overlap.contributions, key=lambda c: -c.weight):
        parts = sorted((p for p in contribution.parts if p.weight > 0), key=lambda p: -p.weight)[:3]
        names = ", ".join(part.text for part in parts)
        said.append(f"{contribution.kind} +{contribution.weight:.1f}{f' ({names})' if names else ''}")
    return "; ".join(said)


# --- by topic


@on_store
def coverage(
    store: Store,
    data_dir: Path,
    across: Annotated[str, typer.Option(help="body, group, release or year.")] = "body",
    topic: Annotated[str | None, typer.Option(help="Only this topic: data-poisoning.")] = None,
    body: Annotated[str | None, typer.Option(help="Only items of this body.")] = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Who works on one topic and has not written to each other.")
    ] = False,
    overlapping: Annotated[
        bool, typer.Option("--overlapping", help="Who has overlapping items and has not written.")
    ] = False,
    level: Annotated[str, typer.Option(help="Of gaps: between bodies, or groups.")] = "body",
    months: Annotated[int, typer.Option(min=0, max=1200, help="Not for so many months.")] = 24,
    as_of: Annotated[str | None, typer.Option(help="The day of the question, as 2024-06-30.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Show at most this many.")] = 30,
    format: Annotated[Form, typer.Option(help="csv: one row a topic, or a gap.")] = Form.table,
) -> None:
    """Show how many items of whom are on which topic, or where nobody writes to whom."""
    from sdograph.overlap.coverage import Coverage
    from sdograph.overlap.table import Table as AllPairs

    ensure_built(store)
    snapshot = store.current()
    covered = Coverage(snapshot)
    if gaps or overlapping:
        asked: dict[str, Any] = {"level": level, "months": months, "as_of": as_of}
        if overlapping:
            with comparing() as told:
                pairs = AllPairs.of(snapshot, data_dir, progress=told).overlaps(min_score=0.4)
                found = covered.overlap_gaps(pairs, **asked)
        else:
            found = covered.gaps(topic=topic, **asked)
        _print_gaps(found[:limit], len(found), format)
        return
    matrix = covered.matrix(across=across, topic=topic, body=body)
    columns = matrix.columns[:limit]
    heads = ["topic", "label", *columns]
    rows = (
        [row.topic, row.label, *(str(len(row.cells[c])) if c in row.cells else "" for c in columns)]
        for row in matrix.rows
    )
    if format is Form.json:
        _say_json({
            "across": matrix.across, "columns": columns, "dataset": snapshot.version,
            "rows": [{"topic": r.topic, "label": r.label, "cells": dict(r.cells)} for r in matrix.rows],
            "uncovered": [{"topic": topic, "label": label} for topic, label in matrix.uncovered],
        })  # fmt: skip
    elif format is Form.csv:
        _say_csv(heads, (dict(zip(heads, row, strict=True)) for row in rows))
    else:
        table = Table(*heads, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            table.add_row(*row)
        table_console().print(table)
        messages.print(f"{len(matrix.uncovered)} topics without any item", markup=False)


def _print_gaps(found: Sequence[Gap], total: int, format: Form) -> None:
    from sdograph import network

    heads = ("left", "right", "topic", "label", "left_items", "right_items", "last", "relationship")
    if format is Form.json:
        _say_json({
            "data": [{head: getattr(gap, head) for head in heads} for gap in found],
            "total": total, "completeness": network.NOTE,
        })  # fmt: skip
        return
    rows = (
        (gap.left, gap.right, gap.topic or "", gap.label, str(len(gap.left_items)), str(len(gap.right_items)),
         gap.last or "never seen", "yes" if gap.relationship else "no")
        for gap in found
    )  # fmt: skip
    if format is Form.csv:
        _say_csv(heads, (dict(zip(heads, row, strict=True)) for row in rows))
        return
    table = Table(*(head.replace("_", " ") for head in heads), box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    table_console().print(table)
    messages.print(f"{len(found)} of {total} shown. {network.NOTE}", markup=False)


# --- decisions

decisions_app = typer.Typer(
    help="What people decide about overlapping items.", no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
By = Annotated[str, typer.Option("--by", help="Who decides: a role or a name.")]
Note = Annotated[str | None, typer.Option(help="Why; kept and shown.")]
Left = Annotated[str, typer.Argument(metavar="ITEM", help="Its code or id.")]
Right = Annotated[str, typer.Argument(metavar="OTHER", help="Its code or id.")]


@decisions_app.command()
@on_store
def accept(
    store: Store,
    left: Left,
    right: Right,
    by: By,
    relation: Annotated[
        str, typer.Option(help="exactMatch, closeMatch, relatedMatch; broadMatch: OTHER is the broader.")
    ] = "relatedMatch",
    note: Note = None,
) -> None:
    """Two items overlap: say how they belong together."""
    _decide(store, left, right, by=by, relation=relation, note=note, verdict="accepted")


@decisions_app.command()
@on_store
def reject(store: Store, left: Left, right: Right, by: By, note: Note = None) -> None:
    """Two items do not overlap: they are not shown together any more."""
    _decide(store, left, right, by=by, relation="relatedMatch", note=note, verdict="rejected")


@decisions_app.command()
@on_store
def undo(
    store: Store, decision: Annotated[str, typer.Argument(metavar="DECISION", help="Its id.")], by: By
) -> None:
    """Withdraw a decision; the one before is in force again."""
    from sdograph.overlap import decision as decisions

    _print_outcome(decisions.undo(store, decision, by=by))


@decisions_app.command("list")
@on_store
def list_decisions(
    store: Store,
    everything: Annotated[bool, typer.Option("--all", help="Those replaced and withdrawn too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """List what was decided, by whom and when; the latest first."""
    from sdograph.overlap.answer import decided
    from sdograph.overlap.decision import Decisions

    known = Decisions.of(store.current())
    found = [d for d in reversed(known.all) if everything or known.in_force.get(d.pair) == d]
    if json:
        _say_json({"data": [decided(d) for d in found]})
        return
    table = Table("decision", "when", "by", "what", "note", "withdrawn by", box=None, header_style="bold")
    for d in found:
        table.add_row(d.id, d.at[:10], d.by, d.label, d.note or "", d.withdrawn_by or "")
    table_console().print(table)


@decisions_app.command("export")
@on_store
def export_decisions(
    store: Store,
    output: Annotated[Path, typer.Option("--output", "-o", help="A file, SSSOM as TSV.")],
) -> None:
    """Write the decisions in force to a file, to be kept elsewhere and imported there."""
    from sdograph.overlap import sssom
    from sdograph.overlap.decision import Decisions
    from sdograph.overlap.items import items

    snapshot = store.current()
    found = list(Decisions.of(snapshot).in_force.values())
    labels = {item.id: item.title or item.code for item in items(snapshot)} if found else {}
    write_whole(output, [sssom.write((), found, labels, version=snapshot.version)])
    messages.print(f"wrote {len(found)} decisions to {output}", markup=False)


@decisions_app.command("import")
@on_store
def import_decisions(
    store: Store, path: Annotated[Path, typer.Argument(metavar="FILE", help="SSSOM as TSV.")]
) -> None:
    """Take over the curated mappings of a file, all or none; those that are known already change nothing."""
    from sdograph.overlap import sssom
    from sdograph.overlap.decision import decide

    ensure_built(store)
    _print_outcome(decide(store, sssom.read(path)))


def _decide(
    store: Store, left: str, right: str, *, by: str, relation: str, note: str | None, verdict: str
) -> None:
    from sdograph.overlap import decision as decisions
    from sdograph.overlap.items import find, items

    known = items(store.current())
    try:
        taken = decisions.Decision(
            left=find(known, left).id, right=find(known, right).id, verdict=decisions.verdict(verdict),
            relation=decisions.relation(relation), by=by, at=decisions.now(), note=note,
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(str(error), hint="sdograph overlap-decisions accept --help") from error
    _print_outcome(decisions.decide(store, [taken]))


def _print_outcome(outcome: Outcome) -> None:
    for what, taken in (("decided", outcome.new), ("withdrawn", outcome.withdrawn)):
        for d in taken:
            typer.echo(f"{what} {d.id}: {d.label}")
    state = "nothing changed" if outcome.generation is None else f"now generation {outcome.generation}"
    messages.print(state, markup=False)


# --- saying


@contextmanager
def comparing() -> Iterator[Any]:
    """A line that tells how many texts are understood; the first time of all, that takes minutes."""
    with progress("comparing") as tell:
        done = 0

        def told(more: int) -> None:
            nonlocal done
            done += more
            tell(f"{done} texts")

        yield told


def _say_json(answer: object) -> None:
    typer.echo(orjson.dumps(answer).decode())


def _say_csv(heads: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    writer = csv.DictWriter(sys.stdout, heads)
    writer.writeheader()
    writer.writerows(rows)


COMMANDS = (overlaps, coverage)
