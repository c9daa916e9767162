"""Bodies, groups, meetings and standing relationships, as rows have them -> records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from pyoxigraph import Literal, NamedNode

from sdograph import bundled
from sdograph.identifiers import SCHEME_BASE
from sdograph.model import Body, Evidence, Group, LiaisonRelationship, Meeting, Record
from sdograph.namespaces import SKOS
from sdograph.sources.fact_tables.known import Known, Organization, newcomers
from sdograph.sources.fact_tables.rows import Row
from sdograph.sources.fact_tables.values import dated
from sdograph.sources.rdf import read_turtle
from sdograph.sources.registry import BODY_KINDS, GROUP_KINDS

_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9+])?")
_ID_HINT = "letters and digits, between them also '.', '_', '+' and '-': ITU-T-SG17"
_HOMEPAGE = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_REPLACED = re.compile(r"\(replaced (\d{4})\)")
#: Remarks on where the title of a scope was read.
_SCOPE_REMARK = re.compile(r"\s*\((?:name in|formerly) [^()]*\)")


def bodies(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """What the registry knows keeps its id, names and kind; other names become alternative ones."""
    given = [(_id(row, "body_id"), _new_body(row)) for row in rows]
    known = known.beside([body for body_id, body in given if known.record(body_id) is None])
    for row in _once(rows, "body_id", known):
        record = known.organization(_id(row, "body_id"))
        homepage = row.optional("homepage")
        if homepage and not _HOMEPAGE.fullmatch(homepage):
            row.fault("homepage", f"{homepage!r} is no address", "begin with http:// or https://")
        parents = tuple(known.needed(row, "parent", p) for p in row.several("parent"))
        if row.optional("successor"):
            row.fault(
                "successor", "bodies have no successors here", "write a row for it in a table of groups"
            )
        evidence = _whole(row, _period(row))
        begin, end = (date for date, _ in _period(row).values())
        if isinstance(record, Group):
            yield replace(record, alt_names=_names(row, record), evidence=evidence)
        else:
            yield replace(
                record,
                alt_names=_names(row, record),
                homepage=record.homepage or homepage,
                parents=_union(record.parents, parents),
                begin=record.begin or begin,
                end=record.end or end,
                evidence=evidence,
            )


def groups(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """As :func:`bodies`; who took over whose work may be said in the row of either."""
    given = [(_id(row, "group_id"), _new_group(row, known)) for row in rows]
    known = known.beside([group for group_id, group in given if known.record(group_id) is None])
    followed: dict[str, list[str]] = {}
    elsewhere: dict[str, Row] = {}
    own = {known.organization(_id(row, "group_id")).id for row in rows}
    formerly: dict[str, list[str]] = {}
    for row in rows:
        about = known.organization(_id(row, "group_id")).id
        for text in row.several("successor"):
            followed.setdefault(about, []).append(_group(row, "successor", text, known))
        for text in row.several("predecessor"):
            before = known.record(text)
            if before is None:
                formerly.setdefault(about, []).append(text)
                continue
            followed.setdefault(before.id, []).append(about)
            if before.id not in own:
                elsewhere[before.id] = row
    for row in _once(rows, "group_id", known):
        record = known.organization(_id(row, "group_id"))
        parents = tuple(known.needed(row, "parent_group", p) for p in row.several("parent_group"))
        period = _period(row)
        evidence = _whole(row, period)
        if isinstance(record, Body):
            yield replace(record, alt_names=_names(row, record), evidence=evidence)
            continue
        (begin, begin_note), (end, end_note) = period.values()
        yield replace(
            record,
            alt_names=_names(row, record),
            parents=record.parents or parents,
            scope=record.scope or _scope(row),
            begin=record.begin or begin,
            begin_note=record.begin_note or begin_note,
            end=record.end or end,
            end_note=record.end_note or end_note,
            successors=_union(record.successors, followed.get(record.id, ())),
            formerly=record.formerly or tuple(formerly.get(record.id, ())),
            evidence=evidence,
        )
    for group_id, row in elsewhere.items():
        before = known.organization(group_id)
        if isinstance(before, Group):
            yield replace(
                before,
                successors=_union(before.successors, followed[group_id]),
                evidence=row.whole(row.text("name")),
            )


def _id(row: Row, column: str) -> str:
    found = row.text(column)
    if not _ID.fullmatch(found):
        row.fault(column, f"{found!r} has not the form of an id", _ID_HINT)
    return found


def _once(rows: Sequence[Row], column: str, known: Known) -> Iterator[Row]:
    seen: dict[str, str] = {}
    for row in rows:
        about = known.organization(_id(row, column)).id
        if about in seen:
            row.fault(column, f"{about} is there twice", f"see {seen[about]}")
        seen[about] = row.locator
        yield row


def _new_body(row: Row) -> Body:
    return Body(
        id=_id(row, "body_id"),
        name=row.text("name"),
        short_name=row.text("short_name"),
        kind=row.one_of("kind", BODY_KINDS),
    )


def _new_group(row: Row, known: Known) -> Group:
    row.text("body_id")
    return Group(
        id=_id(row, "group_id"),
        bodies=tuple(known.needed(row, "body_id", b) for b in row.several("body_id")),
        name=row.text("name"),
        short_name=row.text("short_name"),
        kind=row.one_of("kind", GROUP_KINDS),
    )


def _group(row: Row, column: str, text: str, known: Known) -> str:
    found = known.needed(row, column, text)
    if isinstance(known.organization(found), Body):
        row.fault(column, f"{text!r} is a body", "name a group")
    return found


def _names(row: Row, record: Organization) -> tuple[str, ...]:
    given = [row.text("name"), row.text("short_name")]
    return _union(record.alt_names, [n for n in given if n not in (record.name, record.short_name)])


def _union(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _scope(row: Row) -> str | None:
    return _SCOPE_REMARK.sub("", row.optional("scope_title") or "").strip() or None


def _period(row: Row) -> dict[str, tuple[str | None, str | None]]:
    found = {column: dated(row, column) for column in ("start_date", "end_date")}
    _in_order(row, "end_date", found["start_date"][0], found["end_date"][0])
    return found


def _in_order(row: Row, column: str, begin: str | None, end: str | None) -> None:
    if begin and end and end[: len(begin)] < begin[: len(end)]:
        row.fault(column, f"{end} is before the begin, {begin}", "one of the two is wrong")


def _whole(row: Row, period: dict[str, tuple[str | None, str | None]]) -> tuple[Evidence, ...]:
    columns = {"start_date": "begin", "end_date": "end"}
    said = [row.evidence(columns[c], row.text(c)) for c in period if row.optional(c)]
    return (*row.whole(row.text("name")), *said)


# --- meetings


def meetings(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    for row in rows:
        begin, end = dated(row, "start")[0], dated(row, "end")[0]
        _in_order(row, "end", begin, end)
        name = row.text("meeting_id")
        yield Meeting(
            group=known.needed(row, "group_id", row.text("group_id")),
            name=name,
            begin=begin,
            end=end,
            place=row.optional("place"),
            evidence=row.whole(name),
        )


# --- standing relationships


@cache
def spellings(scheme: str) -> dict[str, str]:
    """Every spelling that a scheme of ours knows, without case -> the notation of its concept."""
    stated = read_turtle(bundled.ontology() / "schemes" / f"{scheme}.ttl")
    return {
        t.object.value.casefold(): t.subject.value.removeprefix(f"{SCHEME_BASE}{scheme}/")
        for t in stated
        if isinstance(t.subject, NamedNode)
        and isinstance(t.object, Literal)
        and t.predicate in (SKOS.notation, SKOS.prefLabel, SKOS.altLabel)
        and t.subject.value != SCHEME_BASE + scheme
    }


def concept(row: Row, column: str, scheme: str) -> str:
    """The notation of the concept that a cell names by any of its spellings."""
    known = spellings(scheme)
    found = known.get(row.text(column).casefold())
    if found is None:
        notations = sorted(set(known.values()))
        row.fault(column, f"{row.text(column)!r} is not known here", f"one of: {', '.join(notations)}")
    return found


def relationships(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """Rows of one pair and kind make one relationship, which began with the first of them.

    A party that nobody knows becomes a body of its own, or a committee of ISO; see :func:`newcomers`.
    """
    new: dict[str, Organization] = {}
    made: dict[tuple[str, str, str], LiaisonRelationship] = {}
    for row in rows:
        kind = concept(row, "kind", "relationship-kind")
        evidence = row.whole(f"{row.text('from')}, {row.text('to')}: {row.text('kind')}")
        left, right = (_party(row, column, known, new) for column in ("from", "to"))
        if left == right:
            row.fault("to", f"{left} is on both sides", "a relationship has two parties")
        begin = dated(row, "since")[0]
        ended = _REPLACED.search(row.text("kind"))
        end = ended[1] if ended else None
        before = made.get((left, right, kind))
        if before is not None:
            begin = min(filter(None, (before.begin, begin)), default=None)
            end = before.end and end  # one of them goes on
            evidence = (*before.evidence, *evidence)
        made[left, right, kind] = LiaisonRelationship(
            left=left, right=right, kind=kind, begin=begin, end=end, evidence=evidence
        )
    yield from new.values()
    yield from made.values()


def _party(row: Row, column: str, known: Known, new: dict[str, Organization]) -> str:
    name = row.text(column)
    if (found := known.find(name)) is not None:
        return found
    *above, party = newcomers(name, row.whole(name))
    for organization in (*above, party):
        if known.record(organization.id) is None:
            new.setdefault(organization.id, organization)
    return party.id
