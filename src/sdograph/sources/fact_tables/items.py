"""Rows about work and what comes of it -> work items and specifications.

Which of the two a row is about, its kind and its code tell (:mod:`.documents`): "work item" and "draft
Recommendation" are work; a kind of document is that document where the code is the document's own number
("ETSI GR SAI 002", "ISO/IEC CD 27090"), and the work on it where it is a number of the work programme
("DGR/SAI-003"). Rows of one document are its versions; rows of one work item are one item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sdograph.model import (
    Evidence,
    Record,
    Relation,
    Specification,
    Version,
    WorkItem,
)
from sdograph.sources import threegpp
from sdograph.sources.document_numbers import DocumentNumber
from sdograph.sources.fact_tables.documents import ISO_BODIES, KINDS, UNNUMBERED, Kind, own_number
from sdograph.sources.fact_tables.known import Known
from sdograph.sources.fact_tables.rows import Row
from sdograph.sources.fact_tables.values import (
    DESCRIBED,
    completion,
    dated,
    official_title,
    release,
    state,
)

#: Of the states of a document's versions the first that one of them has is that of the document.
_STATES = ("published", "completed", "ongoing", "proposed", "withdrawn", "stopped", "deleted")


@dataclass(slots=True)
class _Gathered:
    """What the rows of one document say together."""

    specification: Specification
    titles: list[tuple[bool, str, str]] = field(default_factory=list)
    """Whether it is the title of what is published, the date, the title."""
    states: list[str] = field(default_factory=list)

    def record(self) -> Specification:
        _, _, title = max(self.titles, default=(False, "", None), key=lambda t: t[:2])
        status = next((s for s in _STATES if s in self.states), None)
        return replace(self.specification, title=title, status=status)


def work_items(rows: Sequence[Row], known: Known) -> Iterator[Record]:
    """The items and documents, each where the first of its rows stands."""
    lines = [_Line.of(row, known) for row in rows]
    numbers: dict[tuple[str, str], set[str]] = {}
    for line in lines:
        if line.own is None and line.serial:
            numbers.setdefault((line.body, line.code), set()).add(line.serial)
    items: dict[tuple[str, str], WorkItem] = {}
    documents: dict[tuple[str, str], _Gathered] = {}
    order: dict[tuple[str, str, str], None] = {}
    for line in lines:
        if line.own is None:
            item = line.item(shared=len(numbers.get((line.body, line.code), ())) > 1)
            before = items.get((item.body, item.code))
            items[item.body, item.code] = _merged(before, item) if before else item
            order["item", item.body, item.code] = None
        for made in line.documents():
            specification = made.specification
            key = (specification.body, specification.number)
            gathered = documents.setdefault(key, made)
            if gathered is not made:
                gathered.titles += made.titles
                gathered.states += made.states
                gathered.specification = _together(gathered.specification, specification)
            order["document", *key] = None
    for what, *key_parts in order:
        body, name = key_parts
        yield items[body, name] if what == "item" else documents[body, name].record()


def _merged(one: WorkItem, other: WorkItem) -> WorkItem:
    """Two rows of one item: what the first leaves open is taken from the second."""
    return replace(
        one,
        title=one.title or other.title,
        number=one.number or other.number,
        status=one.status or other.status,
        begin=one.begin or other.begin,
        end=one.end or other.end,
        target=one.target or other.target,
        groups=tuple(dict.fromkeys((*one.groups, *other.groups))),
        group_names=tuple(dict.fromkeys((*one.group_names, *other.group_names))),
        releases=tuple(dict.fromkeys((*one.releases, *other.releases))),
        alt_codes=tuple(dict.fromkeys((*one.alt_codes, *other.alt_codes))),
        specifications=tuple(dict.fromkeys((*one.specifications, *other.specifications))),
        evidence=(*one.evidence, *other.evidence),
    )


def _together(one: Specification, other: Specification) -> Specification:
    versions: dict[str, Version] = {}
    for version in (*one.versions, *other.versions):
        before = versions.get(version.number)
        # Of two rows about one version the one with the later stage is the newer.
        if before is None or (before.stage or "") <= (version.stage or ""):
            versions[version.number] = version
    return replace(
        one,
        kind=one.kind or other.kind,
        groups=tuple(dict.fromkeys((*one.groups, *other.groups))),
        group_names=tuple(dict.fromkeys((*one.group_names, *other.group_names))),
        versions=tuple(versions.values()),
        relations=tuple(dict.fromkeys((*one.relations, *other.relations))),
        evidence=(*one.evidence, *other.evidence),
    )


# --- one row

_EX = re.compile(r"\(?\bex (?P<code>[\w./-]+)\)?")
_RENAMED = re.compile(r"\brenamed (?P<code>[\w./-]+)")
_APPROVED_IN = re.compile(r"\bWID(?:/SID)? (?P<number>[A-Z]P-\d{5,7})\b")
_SERIAL = re.compile(r"\bUnique_ID (?P<number>\d+)|\bWI=(?P<other>\w+)")
_DRAFT_NAME = re.compile(r"(?P<name>draft-.+?)-\d\d")
_VERSION = re.compile(r"[Vv]?(?P<version>\d+(?:\.\d+)+)\b|ed\.(?P<edition>\d+)")
_STAGE = re.compile(r"\d\d\.\d\d")
#: All that there is in most cells, and is in the record too.
_VERSION_OR_STAGE = re.compile(r"^(?:[Vv]?\d+(?:\.\d+)+|WID/SID \S+; Unique_ID \d+)$")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row, with what its cells mean."""

    row: Row
    body: str
    kind: Kind
    code: str
    """The code of the item, or the full number of the document."""
    alt_codes: tuple[str, ...]
    own: DocumentNumber | None
    """The document, where the code is its own number."""
    groups: tuple[str, ...]
    group_names: tuple[str, ...]
    status: str | None

    @classmethod
    def of(cls, row: Row, known: Known) -> _Line:
        body = known.body(row, "body_id")
        kind = KINDS.get(row.text("kind").casefold())
        if kind is None:
            row.fault("kind", f"{row.text('kind')!r} is not known here", f"one of: {', '.join(KINDS)}")
        code, alt_codes = _codes(row)
        groups, names = _groups(row, body, known)
        status = state(row)
        own = own_number(row, body, kind, status)
        return cls(row, body, kind, code, alt_codes, own, groups, names, status)

    @property
    def stage(self) -> str:
        return self.row.optional("stage") or ""

    @property
    def release(self) -> str | None:
        return release(self.body, self.row.optional("release_or_period"))

    @property
    def serial(self) -> str | None:
        """A second official number of the item."""
        found = _SERIAL.search(self.stage)
        return (found["number"] or found["other"]) if found else None

    def item(self, *, shared: bool) -> WorkItem:
        """The work item. ``shared``: several items of the table bear its code, so that it identifies none."""
        row, serial = self.row, self.serial
        begin, finish = dated(row, "start")[0], dated(row, "target_finish")[0] if self.kind.planned else None
        done = self.status in ("completed", "published", "withdrawn")
        made, changed = self._specifications()
        code = serial if shared and serial else self.code
        return WorkItem(
            body=self.body,
            code=code,
            title=official_title(row.optional("title")),
            kind=self.kind.work or "work-item",
            number=serial,
            groups=self.groups,
            group_names=self.group_names,
            releases=(self.release,) if self.release else (),
            status=self.status,
            begin=begin,
            end=finish if done else None,
            target=None if done else finish,
            completion=completion(row),
            alt_codes=(*self.alt_codes, *([self.code] if code != self.code else [])),
            specifications=made,
            impacts=changed,
            documents=tuple(_APPROVED_IN.findall(self.stage)),
            evidence=(*self._evidence(), *self._said("number", row.optional("number"))),
        )

    def documents(self) -> Iterator[_Gathered]:
        """The document that the row is about, or those that its item makes: it says only that they are there.

        A published one has the title, the version and the date of the row.
        """
        row = self.row
        if self.own is not None:
            yield self._document(self.own, self.status)
            return
        made, _ = self._specifications()
        for number in made:
            if self.status in ("published", "withdrawn"):
                yield self._document(DocumentNumber(body=self.body, number=number), self.status)
            else:
                specification = Specification(
                    body=self.body,
                    number=number,
                    kind=self.kind.document,
                    groups=self.groups,
                    group_names=self.group_names,
                    evidence=(row.evidence("record", number),),
                )
                yield _Gathered(specification)

    def _specifications(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The documents that the item makes, and those that it changes.

        Of 3GPP's items the cell is the work plan's "Impacted TSs and TRs": what is not said to be new is
        changed; a study makes the reports that it names.
        """
        number = self.row.optional("number")
        if number is None or number == self.row.text("code"):
            return (), ()
        if self.body != threegpp.BODY:
            return (number,), ()
        impacted = threegpp.impacted(number)
        if self.kind.work == "study-item":
            return (*impacted.new, *impacted.changed), ()
        return impacted.new, impacted.changed

    def _document(self, own: DocumentNumber, status: str | None) -> _Gathered:
        row = self.row
        day = dated(row, "target_finish")[0]
        published = status in ("published", "withdrawn")
        title = official_title(row.optional("title"))
        relations = (Relation(kind=own.how, body=self.body, number=own.changes),) if own.changes else ()
        specification = Specification(
            body=self.body,
            number=own.number,
            alt_numbers=own.also,
            kind=own.kind or self.kind.document,
            groups=self.groups,
            group_names=self.group_names,
            work_item=self.serial,
            versions=self._versions(own, status, day),
            relations=relations,
            evidence=self._evidence(),
        )
        made = _Gathered(specification)
        if title:
            made.titles.append((published, day or "", title))
        if status:
            made.states.append(status)
        return made

    def _versions(self, own: DocumentNumber, status: str | None, day: str | None) -> tuple[Version, ...]:
        """The version that the row is about, by its number, else by the date that tells editions apart."""
        stage = self.stage if _STAGE.fullmatch(self.stage) else None
        stated = None if stage else _VERSION.match(self.stage)
        number = own.version or (stated and (stated["version"] or stated["edition"]))
        if own.changes and day and len(day) == len("2013"):
            day = own.date or day  # indexes give what changes a standard the year of the standard
        issued = (day or own.date) if status in ("published", "withdrawn") or self.body == "3GPP" else None
        if number is None and issued:
            number = issued[:4] if self.body in ISO_BODIES else issued
        if number is None and self.body in ISO_BODIES:
            number = stage  # nothing else tells one undated reference from another
        if number is None:
            return ()
        return (Version(number=number, date=issued, status=status, stage=stage, release=self.release),)

    def _evidence(self) -> tuple[Evidence, ...]:
        row = self.row
        title = row.optional("title")
        described = bool(title) and official_title(title) is None
        return (
            *row.whole(row.text("code")),
            *([row.evidence("title", title or "", confidence=DESCRIBED)] if described else []),
            *self._said("status", row.optional("status"), self.status),
            *self._said("stage", self.stage or None, *_VERSION_OR_STAGE.findall(self.stage)),
            *self._said("release", row.optional("release_or_period"), self.release),
            *([] if self.kind.planned else self._said("date", row.optional("target_finish"))),
        )

    def _said(self, name: str, words: str | None, *read: str | None) -> list[Evidence]:
        """Evidence of words that say more than, or something else than, what is read from them."""
        return [self.row.evidence(name, words)] if words and words not in read else []


def _codes(row: Row) -> tuple[str, tuple[str, ...]]:
    """The code, and other ones of the item: "X.1901 (ex X.aas)", "ex TR.AISec", "renamed XSTR.AISec"."""
    written, stage = row.text("code"), row.optional("stage") or ""
    if UNNUMBERED.search(written) and (serial := _SERIAL.search(stage)):
        return serial["other"] or serial["number"], (written,)
    if former := _EX.search(written):
        return former["code"], (written[: former.start()].strip(" ("),)
    if renamed := _RENAMED.search(stage):
        return renamed["code"], (written,)
    if draft := _DRAFT_NAME.fullmatch(written):
        return draft["name"], (written,)
    former = _EX.match(stage)
    return written, (former["code"],) if former else ()


def _groups(row: Row, body: str, known: Known) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the responsible groups that the registry knows by that id, and the names of others."""
    cell = row.optional("group_id") or ""
    if body == threegpp.BODY and known.record(cell) is None:
        return threegpp.groups(cell)
    groups, names = [], []
    for part in row.several("group_id"):
        record = known.record(part)
        if record is not None:
            groups.append(record.id)
        else:
            names.append(part.removeprefix(f"{body}:"))
    return tuple(groups), tuple(names)
