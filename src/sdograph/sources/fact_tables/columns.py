"""What the tables are: their columns, what stands in them, and the empty table to begin with."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from sdograph.errors import UsageError
from sdograph.sources.fact_tables.rows import FactTableFault
from sdograph.sources.registry import BODY_KINDS, GROUP_KINDS, STATUSES
from sdograph.sources.tdocs import ADDRESSED


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what stands in it, in words for the person who fills it in."""

    name: str
    meaning: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table; ``name`` is how the command line and its documentation call it."""

    name: str
    holds: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _need(name: str, meaning: str) -> Column:
    return Column(name, meaning, needed=True)


_PROVENANCE = (
    _need(
        "source_url_or_repo",
        "address of what states the row; a remark may follow in parentheses, another address after ' ; '",
    ),
    Column("source_date", "when the source was written or read, as 2023-12-04, 2023-12 or 2023"),
    _need("confidence", "high (the organisation's own words), medium (a third party's) or low (a guess)"),
    Column("source_locator", "where in the source, as row 412"),
)
_DATE_WITH_WORDS = "as 2023-12-04, 2023-12 or 2023; words after it or in its place become a note"
_ORGANIZATION = "as documents write it: 3GPP SA3, ITU-T SG17, Q16/17, ETSI ISG SAI"
_LIST = "separated by ';'"

_BODIES = Table(
    "bodies",
    "standards bodies - partnerships - consortia - regulators",
    (
        _need("body_id", "the id that its address ends in, as ETSI or ITU-T: letters, digits and . _ + -"),
        _need("name", "its official name"),
        _need("short_name", "how it is called"),
        _need("kind", f"one of {', '.join(BODY_KINDS)}"),
        Column("homepage", "its address"),
        Column("parent", f"ids of the bodies directly above it, {_LIST}"),
        Column("start_date", _DATE_WITH_WORDS),
        Column("end_date", _DATE_WITH_WORDS),
        Column("successor", "leave it empty: only groups have successors"),
        *_PROVENANCE,
    ),
)
_GROUPS = Table(
    "groups",
    "groups of bodies with what came before and after them",
    (
        _need("group_id", "the id that its address ends in, as 3GPP-SA3 or ITU-T-SG17"),
        _need("body_id", f"ids of the bodies it is a group of, {_LIST}"),
        _need("name", "its official name"),
        _need("short_name", "how it is called within its body, as SA3"),
        _need("kind", f"one of {', '.join(GROUP_KINDS)}"),
        Column("parent_group", f"ids of the groups or bodies directly above it, {_LIST}"),
        Column("scope_title", "the title of its field of work"),
        Column("start_date", _DATE_WITH_WORDS),
        Column("end_date", _DATE_WITH_WORDS),
        Column("successor", f"ids of the groups that took over its work, {_LIST}"),
        Column("predecessor", f"ids or names of the groups whose work it took over, {_LIST}"),
        *_PROVENANCE,
    ),
)
_WORK_ITEMS = Table(
    "work_items",
    "work items and study items - drafts and published documents",
    (
        _need("body_id", "id of the body, as 3GPP, ETSI or ITU-T"),
        Column("group_id", f"ids or names of the responsible groups, {_LIST}"),
        _need(
            "code", "acronym or number of the item, as FS_AIML or DGR/SAI-003; of a document its full number"
        ),
        Column("number", "number of the document, without its version, as GR SAI 003 or 33.898"),
        Column(
            "title", "official title; '(official title not read)' and your own words where it is not known"
        ),
        _need(
            "kind", "work item, study item, draft Recommendation, technical report, International Standard …"
        ),
        Column("release_or_period", "as Rel-18 or 2025-2028"),
        Column("status", f"{', '.join(STATUSES)}; or in words, as 'under study' or 'DIS ballot'"),
        Column("start", _DATE_WITH_WORDS),
        Column("target_finish", "when it is to be, or was, finished; of a document when it was published"),
        Column("stage", "version (V1.1.1), stage (60.60), procedure (TAP), further numbers of the item"),
        *_PROVENANCE,
    ),
)
_LIAISON_STATEMENTS = Table(
    "liaison_statements",
    "liaison statements",
    (
        _need("ls_ref", "its number; the receiver's number follows in brackets, as C4-244497 [S3-251218]"),
        Column("title", "its title; '(title not given)' and your own words where it is not known"),
        _need("from_group", _ORGANIZATION),
        Column("to_groups", f"{_ORGANIZATION}; {_LIST}"),
        Column("cc_groups", f"{_ORGANIZATION}; {_LIST}"),
        Column("addressees_from", f"how they are known if it does not say so: {', '.join(ADDRESSED)}"),
        Column("date", "when it was sent, as 2023-12-04, 2023-12 or 2023"),
        Column("purpose", "action, info, comment or response"),
        Column("deadline", "by when an answer is asked for"),
        Column("in_reply_to", f"the number that it answers; of two the sender's in parentheses; {_LIST}"),
        Column("answered_by", f"numbers of the statements that answer it, {_LIST}"),
        Column("answer_drafts", f"numbers of drafts of an answer, whatever became of them, {_LIST}"),
        Column("earlier_numbers", f"numbers of its drafts and earlier revisions, {_LIST}"),
        Column("releases", f"the releases it is about, as Rel-18, {_LIST}"),
        Column("work_items", f"codes of the work items it is about, {_LIST}"),
        Column("mentions", f"codes and numbers of work items and specifications that it names, {_LIST}"),
        Column(
            "meeting_group", "id of the group whose meeting received or sent it; names are then those it uses"
        ),
        Column("meeting_id", "how that group calls the meeting, as SA3#122"),
        Column("outcome", "what the meeting did with it in its own word, as Noted or Approved"),
        *_PROVENANCE,
    ),
)
_MEETINGS = Table(
    "meetings",
    "meetings of groups",
    (
        _need("group_id", "id of the group or body that meets"),
        _need("meeting_id", "how the group calls it, as SA3#122"),
        Column("start", "first day, or month"),
        Column("end", "last day"),
        Column("place", "where"),
        *_PROVENANCE,
    ),
)
_FORMAL_RELATIONS = Table(
    "formal_relations",
    "standing relationships of bodies and groups",
    (
        _need("from", "id or name of a party"),
        _need("to", "id or name of the other party"),
        _need("kind", "organizational partner, MoU, cooperation agreement, liaison, Category A …"),
        Column("since", "as 2023-12-04, 2023-12 or 2023"),
        *_PROVENANCE,
    ),
)
_WORK_ITEM_LIAISONS = Table(
    "work_item_liaisons",
    "the partners that the record of a work item names",
    (
        _need("body_id", "id of the body whose work item it is"),
        _need("code", "acronym or number of the work item"),
        _need("liaison_group", _ORGANIZATION),
        *_PROVENANCE,
    ),
)
_STATED_RELATIONS = Table(
    "stated_relations",
    "what a source says of two items or documents",
    (
        _need("left_body", "id or name of the body of the first"),
        _need("left_id", "its code or number"),
        _need("right_body", "id or name of the body of the second"),
        _need("right_id", "its code or number"),
        _need("relation", "same text, equivalent, overlaps, related, references or liaison co-mention"),
        Column("paraphrase", "what the source says, in a few words of your own"),
        *_PROVENANCE,
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *(_BODIES, _GROUPS, _WORK_ITEMS, _LIAISON_STATEMENTS, _MEETINGS),
        *(_FORMAL_RELATIONS, _WORK_ITEM_LIAISONS, _STATED_RELATIONS),
    )
}


def template(table: str) -> str:
    """An empty table: what it holds and what its columns mean as comments, then the header.

    Raises UsageError when there is no such table.
    """
    if table not in TABLES:
        raise UsageError(f"there is no table {table!r}", hint=f"tables are {', '.join(TABLES)}")
    found = TABLES[table]
    # The first line tells what separates cells: it must not hold what may do so.
    lines = [f"# {found.name}: {found.holds}"]
    lines += [f"# {c.name}{' (needed)' if c.needed else ''}: {c.meaning}" for c in found.columns]
    return "".join(f"{line}\r\n" for line in (*lines, ",".join(found.names)))


#: Columns by which these tables differ from those of the registry, which have much in common with them.
_OWN = frozenset(("source_url_or_repo", "source_date"))


def table_of(header: Sequence[str]) -> Table | None:
    """The table whose header this is, be a column or two amiss; None for the header of something else."""
    names = {name.strip() for name in header}
    if names.isdisjoint(_OWN):
        return None
    found = max(TABLES.values(), key=lambda t: (_needed(names, t), len(names.intersection(t.names))))
    return found if _needed(names, found) >= 0.6 else None


def _needed(names: set[str], table: Table) -> float:
    """The share of the columns that only the table itself needs which a header has."""
    needed = {c.name for c in table.columns if c.needed and c not in _PROVENANCE}
    return len(names & needed) / len(needed)


def check_header(name: str, number: int, header: Sequence[str], table: Table) -> None:
    """Raises FactTableFault for a column that is unknown, missing though it is needed, or there twice."""
    for column in header:
        where = f"{name} row {number}, column {column or '(no name)'}"
        if column not in table.names:
            near = difflib.get_close_matches(column, table.names, n=1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise FactTableFault(
                "this column is not known",
                where=where,
                hint=f"{meant}the columns of {table.name} are {', '.join(table.names)}",
            )
        if header.count(column) > 1:
            raise FactTableFault("this column is there twice", where=where, hint="take one out")
    for wanted in table.columns:
        if wanted.needed and wanted.name not in header:
            raise FactTableFault(
                "this column is missing",
                where=f"{name} row {number}, column {wanted.name}",
                hint=f"add it: {wanted.meaning}",
            )
