"""Pages of the work programmes of ETSI and ITU-T, as lists of JSON objects, one a page.

The fields are those of ``Report_WorkItem.asp`` (ETSI) and ``wp_item.aspx`` (ITU-T), under names of whoever
took them down. Supporting members are not read. An object that is about no work item, such as the page of a
Question in the same list, is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import orjson

from sdograph import identifiers as ids
from sdograph.errors import DataError, UnreadableDocument
from sdograph.model import Evidence, Record, Reference, Relation, Specification, Version, WorkItem
from sdograph.sources.dates import is_date
from sdograph.sources.document_numbers import UnknownIdentifier, parse, whole_of
from sdograph.sources.files import read_bounded
from sdograph.sources.plain import clean
from sdograph.sources.registry import CONFIDENCE
from sdograph.sources.relaton import terms

MAX_BYTES = 20_000_000
_HEAD = 100_000

#: States of both work programmes, in lower case and without dates -> notation of the scheme work-item-status.
#: Others stay as written, in the evidence.
STATES = {
    "publication": "published",
    "deliverable published": "published",
    "under study": "ongoing",
    "under approval": "ongoing",
    "consented": "ongoing",
    "determined": "ongoing",
    "approved": "completed",
    "agreed": "completed",
    "stopped": "stopped",
    "deleted": "deleted",
    "discontinued": "stopped",
}

#: Short name that is unmistakable on a page of ITU-T -> key of whom it means: study groups of ITU-T and
#: groups of 3GPP that the registry holds; of other bodies only the exact acronym.
_STUDY_GROUPS = ("2", "3", "5", "9", "11", "12", "13", "15", "16", "17", "20", "21")
PARTNERS = {
    **{f"{itu}SG{n}": ids.group_key(f"ITU-T-SG{n}") for n in _STUDY_GROUPS for itu in ("", "ITU-T ")},
    **{f"3GPP SA{n}": ids.group_key(f"3GPP-SA{n}") for n in range(1, 7)},
    **{f"3GPP RAN{n}": ids.group_key(f"3GPP-RAN{n}") for n in range(1, 6)},
    **{f"3GPP CT{n}": ids.group_key(f"3GPP-CT{n}") for n in (1, 3, 4, 6)},
    **{acronym: ids.body_key(acronym) for acronym in ("3GPP", "ATIS", "ETSI", "GSMA", "IETF", "oneM2M")},
}

_WORK_ITEM = re.compile(r"[?&](?:WKI_ID|isn)=(\d+)")
_DATED = re.compile(r"(?P<state>[^()]+?) ?\((?P<date>[\d-]+)\)")
_TIMING = re.compile(r"(?P<date>\d{4}(?:-\d{2}){0,2})(?: \([^()]*\))?")
_MOMENT = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2})(?: \d{2}:\d{2}(?::\d{2})?)?")


class PageFault(DataError):
    """An entry is not what a page of a work programme has."""

    code = "work-item-page"


def recognise(path: Path) -> bool:
    """Whether a file is a list of pages of ETSI's or ITU-T's work programme."""
    if path.suffix.lower() != ".json":
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and bool(
        re.search(rb'"(?:wi_ref|work_item)"\s*:', head) and re.search(rb"work(?:program|prog)/", head)
    )


def read(path: Path) -> Iterator[Record]:
    """Work items, and the specifications that they led to.

    Raises UnreadableDocument for what is no list of JSON objects, LimitExceeded for a file over 20 MB, and
    PageFault for an entry at fault, with its number and field.
    """
    for number, fields in enumerate(_pages(path), 1):
        page = _Page(path.name, f"entry {number}", fields)
        if page.has("wi_ref"):
            yield from _etsi(page)
        elif page.has("work_item"):
            yield _itu(page)


def _etsi(page: _Page) -> Iterator[Record]:
    number = page.text("doc")
    try:
        parsed = parse(f"ETSI {number}")
    except UnknownIdentifier as error:
        page.fault("doc", error.message, error.hint or "")
    specification = parsed.number
    title, item = page.text("title"), page.number()
    whole = whole_of(parsed, title)
    status, date = page.status()
    group = page.optional("tb")
    yield WorkItem(
        body="ETSI",
        code=page.text("wi_ref"),
        title=title,
        kind="work-item",
        number=item,
        group_names=(group,) if group else (),
        status=status,
        begin=page.date("created"),
        end=date if status == "published" else None,
        specifications=(specification,),
        evidence=(page.evidence(title), page.evidence(page.text("status"), "status")),
    )
    version = page.optional("version")
    published = status == "published"
    yield Specification(
        body="ETSI",
        number=specification,
        title=title,
        group_names=(group,) if group else (),
        status=status,
        work_item=item,
        address=page.address(),
        versions=(Version(number=version, date=page.date("cover_date"), status=status, work_item=item),)
        if version and published
        else (),
        relations=(Relation(kind="part-of", body="ETSI", number=whole),) if whole else (),
        keywords=tuple(page.several("keywords")),
        evidence=(page.evidence(number),),
    )


def _partner(name: str, page: _Page) -> Reference:
    named = Reference(text=name, field="partner", kind="organization", locator=page.locator)
    if name not in PARTNERS:
        return named
    return replace(named, target=PARTNERS[name], confidence=1.0, rule="short name on a page of ITU-T")


def _itu(page: _Page) -> WorkItem:
    title = page.text("title")
    status, _ = page.status()
    group = page.optional("question") or page.optional("sg")
    period = page.optional("study_period")
    return WorkItem(
        body="ITU-T",
        code=page.text("work_item"),
        title=title,
        kind="work-item",
        number=page.number(),
        group_names=(group,) if group else (),
        releases=(period,) if period else (),
        status=status,
        begin=page.date("first_registration", _MOMENT),
        target=page.date("timing", _TIMING),
        partners=tuple(_partner(name, page) for name in page.several("liaison")),
        evidence=(page.evidence(title), page.evidence(page.text("status"), "status")),
    )


class _Page:
    """One page, read field by field; each fault names entry and field."""

    def __init__(self, table: str, locator: str, fields: Mapping[str, object]) -> None:
        self._table = table
        self.locator = locator
        self._fields = fields

    def fault(self, field: str, message: str, hint: str) -> NoReturn:
        raise PageFault(message, where=f"{self._table}, {self.locator}, {field}", hint=hint)

    def has(self, field: str) -> bool:
        return self._fields.get(field) is not None

    def optional(self, field: str) -> str | None:
        found = self._fields.get(field)
        if found is None:
            return None
        return self._line(field, found) or None

    def text(self, field: str) -> str:
        found = self.optional(field)
        if found is None:
            self.fault(field, "this is missing", "the page of every work item has it")
        return found

    def several(self, field: str) -> Iterator[str]:
        found = self._fields.get(field)
        if found is not None and not isinstance(found, list):
            self.fault(field, "this is no list", "write a list of texts")
        for part in found or []:
            if line := self._line(field, part):
                yield line

    def _line(self, field: str, found: object) -> str:
        if not isinstance(found, str):
            self.fault(field, "this is no text", "write it as text")
        return " ".join(clean(found).split())

    def date(self, field: str, pattern: re.Pattern[str] = _TIMING) -> str | None:
        """The date that a field begins with, in the form of the pattern."""
        written = self.optional(field)
        if written is None:
            return None
        found = pattern.fullmatch(written)
        if found is None or not is_date(found["date"]):
            self.fault(field, f"{written!r} is no date", "dates are written 2026-03-18, or month or year")
        return found["date"]

    def status(self) -> tuple[str | None, str | None]:
        """The state in our words, None for one that is not known here, and the date it has had since."""
        written = self.text("status")
        found = _DATED.fullmatch(written)
        if found is None:
            return STATES.get(written.casefold()), None
        if not is_date(found["date"]):
            self.fault("status", f"{found['date']!r} is no date", "dates are written 2026-03-18")
        return STATES.get(found["state"].casefold()), found["date"]

    def number(self) -> str | None:
        """The number of the work item in the database of its body, from the address of its page."""
        found = _WORK_ITEM.search(self.text("url"))
        return found[1] if found else None

    def address(self) -> str | None:
        return terms.page_address(self.text("url"))

    def evidence(self, text: str, field: str = "record") -> Evidence:
        return Evidence(
            field=field,
            text=text,
            locator=self.locator,
            confidence=CONFIDENCE["high"],
            source=self.address(),
        )


def _pages(path: Path) -> list[Mapping[str, object]]:
    again = "get the file again"
    data = read_bounded(path, MAX_BYTES, hint="split it")
    try:
        found = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise UnreadableDocument(f"no JSON: {error}", where=path.name, hint=again) from error
    if not isinstance(found, list) or not all(isinstance(page, dict) for page in found):
        raise UnreadableDocument("this is no list of JSON objects", where=path.name, hint=again)
    return found
