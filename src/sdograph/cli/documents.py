"""Commands that take documents in and check them: build, ingest, validate.

The pipeline with its readers and SHACL takes most of a second to load; commands that do not need it, the
server first of all, must not wait for it, so it is imported where it is used.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer
from rich.table import Table

from sdograph import manifest
from sdograph.cli import reading
from sdograph.cli.opening import on_store
from sdograph.cli.output import messages, progress, table_console
from sdograph.model import LiaisonStatement
from sdograph.store import Store

if TYPE_CHECKING:
    from sdograph.reports import DocumentReport
    from sdograph.validation import Finding


#: More documents than this are summed up by format; only those that need attention are shown one by one.
_MANY = 20


class FindingsFormat(StrEnum):
    text = "text"
    json = "json"
    ttl = "ttl"


class Engine(StrEnum):
    shifty = "shifty"
    pyshacl = "pyshacl"


@on_store
def build(store: Store) -> None:
    """Put the bundled dataset into the store; quick when it is there and unchanged."""
    reports = build_into(store)
    changed = sum(r.state != "unchanged" for r in reports)
    snapshot = store.current()
    messages.print(
        f"{len(reports)} documents, {changed or 'none'} new or changed; "
        f"generation {snapshot.generation} in {store.location}"
    )


@on_store
def ingest(
    store: Store,
    paths: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files or addresses to read.")],
    format: Annotated[
        str | None, typer.Option(help="Read them as this format instead of recognising it.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; write nothing.")
    ] = False,
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Also read contact persons, kept apart.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read, link and check documents, and commit all of each or nothing.

    Of a folder that is every file below it; of more than twenty documents, those that need attention are
    shown, and all with sdograph -v. Of a liaison statement --dry-run and -v show how each field was read.
    """
    from sdograph import pipeline
    from sdograph.sources.fetch import fetch, is_address

    ensure_built(store)
    with tempfile.TemporaryDirectory() as folder:
        files = [
            (file, p if is_address(p) else str(file))
            for p in paths
            for file in ([fetch(p, Path(folder))] if is_address(p) else _expanded(Path(p)))
        ]
        in_full = as_json or (len(files) <= _MANY and (dry_run or messages.verbose))
        options = pipeline.Options(format=format, dry_run=dry_run, contacts=contacts, whole=in_full)
        with progress("reading", len(files)) as tell:
            reports = pipeline.ingest(store, [file for file, _ in files], options, tell)
    for report, (_, shown) in zip(reports, files, strict=True):
        report.path = shown
    print_reports(reports, as_json=as_json, dry_run=dry_run)


@on_store
def validate(
    store: Store,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="Files; the whole store without.")
    ] = None,
    format: Annotated[FindingsFormat, typer.Option(help="How findings are printed.")] = FindingsFormat.text,
    engine: Annotated[
        Engine, typer.Option(help="Whole store only: pyshacl is the reference, and slow.")
    ] = Engine.shifty,
) -> None:
    """Check files, or everything in the store, against the shapes; exit code 1 when something is violated."""
    from sdograph import pipeline
    from sdograph.reports import error_dict
    from sdograph.validation import findings_to_turtle

    ensure_built(store)
    reports: list[DocumentReport] = []
    with progress("checking") as tell:
        if paths:
            reports = pipeline.ingest(store, paths, pipeline.Options(dry_run=True), tell)
            findings = [f for r in reports for f in r.findings]
        else:
            findings = pipeline.validate_store(store, engine)
    failed = [r for r in reports if r.error is not None]
    faults = [(r.path, fault) for r in reports for fault in r.faults]
    if format is FindingsFormat.json:
        errors = [{"path": r.path, **error_dict(r.error)} for r in failed if r.error]
        shown: list[dict[str, Any]] = [f.as_dict() for f in findings]
        shown += ({"path": path, **error_dict(fault, "warning")} for path, fault in faults)
        typer.echo(orjson.dumps({"findings": shown, "errors": errors}).decode())
    elif format is FindingsFormat.ttl:
        typer.echo(findings_to_turtle(findings))
    else:
        _print_findings(findings)
        violations = sum(f.severity == "violation" for f in findings)
        messages.print(f"{violations} violations, {len(findings) - violations} warnings")
    if format is not FindingsFormat.json:
        for path, fault in faults:
            messages.print(f"{path}: {fault}", style="yellow", markup=False)
        for report in failed:
            messages.print(f"{report.path}: {report.error}", style="red", markup=False)
    if failed or any(f.severity == "violation" for f in findings):
        raise typer.Exit(1)


def _expanded(path: Path) -> list[Path]:
    """The path itself; of a folder, the files below it that are for a reader."""
    from sdograph import sources

    if not path.is_dir():
        return [path]
    known, unknown = sources.files_in(path)
    if unknown:
        shown = unknown if messages.verbose else unknown[:_MANY]
        names = ", ".join(str(p.relative_to(path)) for p in shown)
        more = f" and {len(unknown) - len(shown)} more" if len(unknown) > len(shown) else ""
        what = f"{len(unknown)} passed over, no reader takes their kind"
        messages.print(f"{path}: {what}: {names}{more}", markup=False)
    return known


def build_into(store: Store) -> list[DocumentReport]:
    from sdograph import pipeline

    with progress("building the dataset") as tell:
        return pipeline.build(store, manifest.entries(), manifest.schemes(), tell)


def ensure_built(store: Store) -> None:
    """Names are linked to the registry of the dataset, so it has to be there first."""
    if not store.current_number():
        messages.print(f"no dataset in {store.location} yet: building it", markup=False)
        build_into(store)


def print_reports(reports: Sequence[DocumentReport], *, as_json: bool, dry_run: bool = False) -> None:
    """Says what became of each document; ends the program when one was rejected."""
    if as_json:
        _print_json(reports)
    elif len(reports) > _MANY and not messages.verbose:
        _print_summary(reports)
        _print_attention(reports)
    else:
        for report in reports:
            _print_report(report, dry_run=dry_run)
        if len(reports) > _MANY:
            _print_summary(reports)
    if any(r.state == "rejected" for r in reports):
        raise typer.Exit(max(r.error.exit_code if r.error else 1 for r in reports if r.state == "rejected"))


def _print_json(reports: Iterable[DocumentReport]) -> None:
    """One object, written a document at a time: together they would fill the memory once more."""
    typer.echo('{"documents":[', nl=False)
    for n, report in enumerate(reports):
        typer.echo(("," if n else "") + orjson.dumps(report.as_dict()).decode(), nl=False)
    typer.echo("]}")


def _print_report(report: DocumentReport, *, dry_run: bool) -> None:
    console = table_console()
    would = "would be " if dry_run and report.state != "unchanged" else ""
    layout = f", {report.layout} layout" if report.layout else ""
    what = f" ({report.format}{layout})" if report.format else ""
    console.print(f"{report.path}{what}: {would}{report.state}")
    if report.error is not None:
        console.print(f"  {report.error.where or report.path}: {report.error.message}")
        if report.error.hint:
            console.print(f"  {report.error.hint}")
    for fault in report.faults:
        console.print(f"  warning, a part that was not read: {fault}")
    if report.counts:
        console.print("  " + ", ".join(f"{n} {name}" for name, n in report.counts.items()))
    statements = [record for record in report.records if isinstance(record, LiaisonStatement)]
    if len(statements) == 1:  # the document is a statement, and no list of them
        console.print(reading.table(statements[0]))
    for reference in report.unresolved:
        near = f"; near: {', '.join(reference.candidates)}" if reference.candidates else ""
        console.print(f"  unresolved {reference.field}: “{reference.text}” ({reference.locator}){near}")
    _print_findings(report.findings)


def _print_attention(reports: Sequence[DocumentReport]) -> None:
    """A line for each reason why a document is not in, or not all of it."""
    console = table_console()
    for report in reports:
        reasons = [str(fault) for fault in report.faults]
        if report.state == "rejected":
            reasons += [f"{f.message} ({f.focus})" for f in report.violations]
            reasons += [str(report.error)] if report.error else []
        for reason in reasons:
            state = "rejected" if report.state == "rejected" else f"{report.state}, a part was not read"
            console.print(f"{report.path}: {state}: {reason}", soft_wrap=True)


def _print_findings(findings: Iterable[Finding]) -> None:
    """One line a rule, with how often and where first: real data lacks the same thing a thousand times."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.shape, finding.message), []).append(finding)
    table = Table(box=None, pad_edge=False, show_header=True, header_style="bold")
    for title in ("severity", "times", "node", "property", "message"):
        table.add_column(title, overflow="fold", justify="right" if title == "times" else "left")
    for (severity, _, message), found in groups.items():
        table.add_row(severity, str(len(found)), found[0].focus, found[0].path or "-", message)
    if table.row_count:
        table_console().print(table)


def _print_summary(reports: Sequence[DocumentReport]) -> None:
    """By format: how many documents became what, and what they state."""
    by_format: dict[str, list[DocumentReport]] = {}
    for report in reports:
        by_format.setdefault(report.format or "?", []).append(report)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("format", "documents", "new", "changed", "unchanged", "rejected", "what they state"):
        table.add_column(title, overflow="fold")
    for name, found in sorted(by_format.items()):
        states = Counter(r.state for r in found)
        stated: Counter[str] = Counter()
        for report in found:
            if report.state != "rejected":
                stated.update(report.counts)
        words = ", ".join(f"{n:,} {what}" for what, n in stated.items())
        numbers = (states[s] for s in ("new", "changed", "unchanged", "rejected"))
        table.add_row(name, str(len(found)), *map(str, numbers), words)
    table_console().print(table)
    _print_findings(f for report in reports for f in report.findings if report.state != "rejected")


COMMANDS = (build, ingest, validate)
