"""Decisions as files, to be kept in a repository and taken over elsewhere: CSV, or Turtle."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse, serialize

from sdograph import identifiers as ids
from sdograph.errors import DataError, LimitExceeded, UnreadableDocument, UsageError
from sdograph.namespaces import PREFIXES, RDF
from sdograph.review.decision import FIELDS, REFERENCE_KINDS, Decision, from_quads, moment, verdict
from sdograph.review.proposal import field_value
from sdograph.store import Snapshot

#: Bytes of a file of decisions; a hundred thousand decisions have less.
MAX_BYTES = 64 << 20

COLUMNS = (
    "verdict", "words", "kind", "document", "thing", "field", "value", "preferred", "by", "at", "note",
    "withdrawn_by", "withdrawn_at", "id",
)  # fmt: skip


def write(decisions: Iterable[Decision], suffix: str) -> bytes:
    """Decisions as a file of that suffix, ``.csv`` or ``.ttl``; raises UsageError for another."""
    if suffix == ".ttl":
        triples = (t for d in decisions for t in d.triples())
        return serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    if suffix != ".csv":
        raise UsageError(f"decisions have no form {suffix!r}", hint="name a file .csv or .ttl")
    output = io.StringIO()
    writer = csv.DictWriter(output, COLUMNS)
    writer.writeheader()
    writer.writerows(_row(d) for d in decisions)
    return output.getvalue().encode()


def read(path: Path, view: Snapshot) -> list[Decision]:
    """The decisions of a file.

    Raises UsageError for a file that is not there or has another suffix, DataError with the line where one is
    not whole, and when a decision names a thing that is not in the graph.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise UsageError(str(error.strerror), where=str(path), hint="name a file that can be read") from error
    if size > MAX_BYTES:
        raise LimitExceeded(
            f"{size} bytes, over the limit of {MAX_BYTES}", where=str(path), hint="split the file"
        )
    try:
        if path.suffix.lower() == ".ttl":
            found = [_in_utc(d) for d in from_quads(parse(content, format=RdfFormat.TURTLE))]
        elif path.suffix.lower() == ".csv":
            found = list(_rows(content.decode("utf-8-sig"), view, path))
        else:
            raise UsageError(
                f"{path.suffix!r} is no form of decisions", where=str(path), hint="name a file .csv or .ttl"
            )
    except (ValueError, KeyError, SyntaxError, csv.Error) as error:
        raise UnreadableDocument(
            f"these are no decisions: {error}", where=str(path), hint="sdograph review export writes them"
        ) from error
    _hold_to_graph(found, view, path)
    return found


def _in_utc(d: Decision) -> Decision:
    """The decision with its times as all have them: the latest is found by comparing texts."""
    at, withdrawn_at = (_utc(text) if text else text for text in (d.at, d.withdrawn_at))
    return replace(d, at=at or "", withdrawn_at=withdrawn_at)


def _utc(text: str) -> str:
    when = datetime.fromisoformat(text)
    return moment(when if when.tzinfo else when.replace(tzinfo=UTC))


def _row(d: Decision) -> dict[str, str | None]:
    is_words = d.words is not None
    return {
        "verdict": d.verdict,
        "words": d.words,
        "kind": d.kind if is_words else None,
        "document": d.document,
        "thing": _key(d.thing),
        "field": d.field,
        "value": _key(d.value.value).removeprefix(_scheme(d.field)) if d.value else None,
        "preferred": d.preferred,
        "by": d.by,
        "at": d.at,
        "note": d.note,
        "withdrawn_by": d.withdrawn_by,
        "withdrawn_at": d.withdrawn_at,
        "id": d.id,
    }


def _key(iri: str | None) -> str:
    """An IRI of ours without what all of them begin with."""
    return (iri or "").removeprefix(ids.ID_BASE)


def _scheme(field: str | None) -> str:
    scheme = FIELDS[field].scheme if field in FIELDS else ""
    return f"{ids.SCHEME_BASE}{scheme}/" if scheme else ""


def _rows(text: str, view: Snapshot, path: Path) -> Iterator[Decision]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = {"verdict", "by", "at"} - set(reader.fieldnames or ())
    if missing:
        raise UnreadableDocument(
            f"columns are missing: {', '.join(sorted(missing))}", where=str(path),
            hint="sdograph review export writes them all",
        )  # fmt: skip
    for row in reader:
        given = {name: (row.get(name) or "").strip() or None for name in COLUMNS}
        try:
            yield _in_utc(_of_row(given, view))
        except (ValueError, UsageError) as error:
            raise DataError(
                f"this is no decision: {error}",
                where=f"{path}, line {reader.line_num}",
                hint="correct the row",
            ) from error


def _of_row(given: dict[str, str | None], view: Snapshot) -> Decision:
    by, at, words, field = given["by"], given["at"], given["words"], given["field"]
    if by is None or at is None:
        raise ValueError("it needs by whom and at what time")
    value: NamedNode | Literal | None = None
    if (text := given["value"]) is not None:
        is_thing = words is not None
        value = NamedNode(ids.iri(_key(text))) if is_thing else field_value(view, _single(field), text)
    kind = REFERENCE_KINDS.get(given["kind"] or "")
    if words is not None and kind is None:
        raise ValueError(f"its kind is none of {', '.join(REFERENCE_KINDS)}")
    thing = given["thing"]
    return Decision(
        verdict=verdict(given["verdict"]),
        by=by,
        at=at,
        words=words,
        kind=kind or "organization",
        document=given["document"],
        thing=NamedNode(ids.iri(_key(thing))).value if thing else None,
        field=field,
        value=value,
        preferred=given["preferred"],
        note=given["note"],
        withdrawn_by=given["withdrawn_by"],
        withdrawn_at=given["withdrawn_at"],
        id=given["id"] or "",
    )


def _single(field: str | None) -> str:
    if field not in FIELDS:
        raise ValueError(f"no value can be set for the field {field!r}")
    return field


def _hold_to_graph(decisions: Iterable[Decision], view: Snapshot, path: Path) -> None:
    """A decision that links to nothing would be a guess at what will be there."""
    targets = {d.value for d in decisions if d.verdict == "is" and d.withdrawn_by is None}
    named = (t for t in targets if isinstance(t, NamedNode))
    unknown = [t.value for t in named if not next(view.triples(view.leads_to(t), RDF.type), None)]
    if unknown:
        raise DataError(
            f"{len(unknown)} things are not in this graph: {', '.join(map(_key, sorted(unknown)[:5]))}",
            where=str(path), hint="ingest the documents that bring them first",
        )  # fmt: skip
