"""Overlaps and decisions as SSSOM, the Simple Standard for Sharing Ontological Mappings, in its TSV form.

What was computed leaves as mappings with a similarity score, what people decided as curated ones; only the
latter come in. https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sdograph import identifiers as ids
from sdograph.errors import DataError, LimitExceeded, UnreadableDocument, UsageError
from sdograph.namespaces import SKOS
from sdograph.overlap.decision import Decision, relation
from sdograph.overlap.ranking import Overlap

#: Bytes of a file; a hundred thousand mappings have less.
MAX_BYTES = 64 << 20

COLUMNS = (
    "record_id", "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "author_label", "mapping_date", "similarity_score",
    "similarity_measure", "mapping_tool", "mapping_tool_version", "comment", "other",
)  # fmt: skip
#: Mappings have a date; two decisions of one day need the time as well.
_TIME = "decided_at="
_PREFIX = "sdoid"
_CURATED = "semapv:ManualMappingCuration"
_COMPUTED = "semapv:CompositeMatching"
#: Rules of same text by which two numbers are one text; by the others one belongs to the other.
_ONE_TEXT = frozenset({"stated", "same number", "equal title"})


def write(
    overlaps: Iterable[Overlap],
    decisions: Iterable[Decision],
    labels: Mapping[str, str],
    *,
    version: str,
) -> bytes:
    """A mapping set of overlaps and decisions.

    ``labels`` are titles by IRI, ``version`` that of the dataset. A pair that is decided leaves once, as
    decided, with the score that it has.
    """
    scores: dict[frozenset[str], Overlap] = {}
    for overlap in overlaps:
        scores.setdefault(frozenset((overlap.item.id, overlap.other.id)), overlap)
    rows = [_decided(d) | _score(scores.pop(d.pair, None)) for d in decisions]
    rows += [_computed(o) | _score(o) for o in scores.values()]
    output = io.StringIO()
    for line in yaml.safe_dump(_about(version), sort_keys=False, allow_unicode=True).splitlines():
        output.write(f"#{line}\n")
    writer = csv.DictWriter(output, COLUMNS, delimiter="\t", lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        for side in ("subject", "object"):
            row[f"{side}_label"] = labels.get(ids.iri(row[f"{side}_id"].partition(":")[2]), "")
        writer.writerow({name: " ".join(value.split()) for name, value in row.items()})
    return output.getvalue().encode()


def _about(version: str) -> dict[str, Any]:
    """What the head of the file says."""
    return {
        "curie_map": {
            _PREFIX: ids.ID_BASE,
            "semapv": "https://w3id.org/semapv/vocab/",
            "skos": SKOS.base,
        },
        "mapping_set_id": f"{ids.BASE}mappings/{version}",
        "mapping_set_title": "Overlaps of work items and specifications",
        "mapping_set_version": version,
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
    }


def _decided(decision: Decision) -> dict[str, str]:
    return {
        "record_id": _curie(decision.node.value),
        "subject_id": _curie(decision.left),
        "predicate_id": f"skos:{decision.relation}",
        "predicate_modifier": "Not" if decision.verdict == "rejected" else "",
        "object_id": _curie(decision.right),
        "mapping_justification": _CURATED,
        "author_label": decision.by,
        "mapping_date": decision.at[:10],
        "comment": decision.note or "",
        "other": _TIME + decision.at,
    }


def _computed(overlap: Overlap) -> dict[str, str]:
    same = overlap.same_text
    exact = same is not None and same.rule in _ONE_TEXT
    return {
        "subject_id": _curie(overlap.item.id),
        "predicate_id": "skos:exactMatch" if exact else "skos:relatedMatch",
        "object_id": _curie(overlap.other.id),
        "mapping_justification": _COMPUTED,
        "comment": f"{overlap.band}: {same.rule}, {same.text}" if same else overlap.band,
    }


def _score(overlap: Overlap | None) -> dict[str, str]:
    if overlap is None or overlap.same_text is not None:
        return {}
    return {
        "similarity_score": f"{overlap.score:.3f}",
        "similarity_measure": overlap.method,
        "mapping_tool": "sdograph",
        "mapping_tool_version": overlap.version,
    }


def _curie(iri: str) -> str:
    return f"{_PREFIX}:{iri.removeprefix(ids.ID_BASE)}"


def _expanded(curie: str, prefixes: Mapping[str, object]) -> str:
    """The IRI that a CURIE stands for, or that stands there; raises ValueError."""
    prefix, colon, rest = curie.partition(":")
    if prefix in prefixes:
        return f"{prefixes[prefix]}{rest}"
    if colon and rest.startswith("//"):
        return curie
    raise ValueError(f"the prefix of {curie!r} is not declared" if curie else "an item is missing")


def read(path: Path) -> list[Decision]:
    """The decisions of a file: its rows that a person curated; others are passed over.

    Raises UsageError for a file that cannot be read, UnreadableDocument or DataError, with the line, for one
    that is no mapping set, or has a mapping that is not whole or of things that are none of ours.
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
    return parse(content, str(path))


def parse(content: bytes, where: str) -> list[Decision]:
    """The decisions in the bytes of a file; raises as :func:`read` does."""
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
        head = "".join(line[1:] for line in lines if line.startswith("#"))
        about = yaml.safe_load(head) or {}
        prefixes = dict(about.get("curie_map") or {})
        body = (line for line in lines if not line.startswith("#"))
        above = sum(line.startswith("#") for line in lines)
        return list(_rows(csv.DictReader(body, delimiter="\t"), prefixes, where, above))
    except (
        UnicodeDecodeError,
        yaml.YAMLError,
        csv.Error,
        AttributeError,
        TypeError,
        RecursionError,
    ) as error:
        raise UnreadableDocument(
            f"this is no mapping set: {error}", where=where, hint="hand in SSSOM as TSV"
        ) from error


def _rows(
    reader: csv.DictReader[str], prefixes: Mapping[str, object], where: str, above: int
) -> Iterator[Decision]:
    needed = {"subject_id", "predicate_id", "object_id", "mapping_justification"}
    if missing := needed - set(reader.fieldnames or ()):
        raise UnreadableDocument(
            f"columns are missing: {', '.join(sorted(missing))}", where=where, hint="hand in SSSOM as TSV"
        )
    for row in reader:
        given = {name: (row.get(name) or "").strip() for name in (*needed, *COLUMNS)}
        if given["mapping_justification"] != _CURATED:
            continue
        try:
            yield _of_row(given, prefixes)
        except ValueError as error:
            raise DataError(
                f"this is no decision: {error}",
                where=f"{where}, line {reader.line_num + above}",
                hint="correct the row",
            ) from error


def _of_row(given: Mapping[str, str], prefixes: Mapping[str, object]) -> Decision:
    left, property, right = (
        _expanded(given[name], prefixes) for name in ("subject_id", "predicate_id", "object_id")
    )
    for item in (left, right):
        if ids.key_of(item) is None:
            raise ValueError(f"{item} is no item of this graph")
    times = [part.removeprefix(_TIME) for part in given["other"].split("|") if part.startswith(_TIME)]
    record = _expanded(given["record_id"], prefixes) if given["record_id"] else ""
    _, ours, id = record.partition("/overlap-decision/")
    return Decision(
        left=left,
        right=right,
        relation=relation(property.removeprefix(SKOS.base)),
        verdict="rejected" if given["predicate_modifier"] == "Not" else "accepted",
        by=given["author_label"],
        at=times[0] if times else given["mapping_date"],
        note=given["comment"] or None,
        id=id if ours else "",
    )
