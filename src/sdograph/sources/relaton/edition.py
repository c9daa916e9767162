"""One record is one edition; editions of one number are one specification."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sdograph.model import Evidence, Relation, Specification, Version
from sdograph.sources.document_numbers import DocumentNumber, committee_body, transposed, whole_of
from sdograph.sources.registry import CONFIDENCE
from sdograph.sources.relaton import terms

#: Bodies whose version numbers tell the order better than dates do: old releases are still corrected.
_BY_VERSION = ("ETSI", "3GPP")

_Rank: TypeAlias = tuple[bool, tuple[int, ...], str, bool, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one record says."""

    number: DocumentNumber
    identifier: str
    """As published."""
    locator: str
    title: str | None = None
    kind: str | None = None
    group: str = ""
    """Code or name of the responsible group."""
    date: str | None = None
    stage: str | None = None
    address: str | None = None
    keywords: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    stale: bool = False
    """Whether a newer record of the same edition may be there."""

    @property
    def version(self) -> Version | None:
        """None where neither identifier, stage nor date tells editions apart."""
        number, of_iso = self.number, self.number.body in terms.ISO_BODIES
        version = number.version or (self.stage if of_iso else self.date)
        if version is None:
            return None
        return Version(
            number=version,
            date=self.date,
            status=terms.status(number, self.stage),
            stage=self.stage if of_iso else None,
            release=number.release,
            work_item=terms.work_item(self.address),
        )

    @property
    def rank(self) -> _Rank:
        """The greater, the newer; a draft is older than anything that is published."""
        number = self.number
        published = terms.is_published(number, self.stage)
        order: tuple[int, ...] = ()
        if number.body in _BY_VERSION:
            order = tuple(map(int, re.findall(r"\d{1,9}", number.version or "")))
        elif not published:
            # "CD.2" comes after "CD", whatever became of either.
            phase, again = (self.stage or "")[:2], (number.version or "")[-1:]
            order = tuple(int(n) for n in (phase, again) if n.isdecimal())
        return (
            published,
            order,
            self.date or number.date or "",
            not self.stale,
            self.stage or "",
        )


@dataclass(slots=True)
class Editions:
    """The editions of one number, as they come in. Of each only its Version is kept, and the newest whole."""

    newest: Edition
    title: str | None = None
    versions: dict[str, tuple[_Rank, Version]] = field(default_factory=dict)
    relations: dict[Relation, None] = field(default_factory=dict)

    @classmethod
    def of(cls, edition: Edition) -> Editions:
        """A single edition."""
        made = cls(edition)
        made.add(edition)
        return made

    @property
    def body(self) -> str:
        """Whose specification it is, by the committee that the newest record names."""
        return committee_body(self.newest.number, self.newest.group or None)

    def add(self, edition: Edition) -> None:
        """Takes in one more edition."""
        rank = edition.rank
        if rank >= self.newest.rank:
            self.newest = edition
            self.title = edition.title or self.title
        self.title = self.title or edition.title
        if (version := edition.version) is not None:
            before = self.versions.get(version.number)
            if before is None:
                self.versions[version.number] = (rank, version)
            elif before[0] > rank:
                self.versions[version.number] = (before[0], _merged(version, before[1]))
            else:
                self.versions[version.number] = (rank, _merged(before[1], version))
        self.relations.update(dict.fromkeys(_relations(edition)))

    def specification(self, bodies: Mapping[str, str]) -> Specification:
        """The specification. ``bodies``: number of ISO or IEC -> whose it is, as far as that is known."""
        newest, body = self.newest, self.body
        groups, names = terms.responsible(body, newest.group)
        return Specification(
            body=body,
            number=newest.number.number,
            title=self.title,
            kind=newest.kind,
            groups=groups,
            group_names=names,
            status=_status(newest),
            work_item=terms.work_item(newest.address),
            address=newest.address,
            alt_numbers=newest.number.also,
            versions=tuple(v for _, v in sorted(self.versions.values(), key=lambda entry: entry[0])),
            relations=tuple(self._placed(relation, bodies) for relation in self.relations),
            keywords=newest.keywords,
            evidence=(
                Evidence(
                    field="record",
                    text=newest.identifier,
                    locator=newest.locator,
                    confidence=CONFIDENCE["high"],
                    source=newest.address,
                ),
            ),
        )

    def _placed(self, relation: Relation, bodies: Mapping[str, str]) -> Relation:
        """The relation with the body that has the other document.

        Which of ISO's and IEC's documents are JTC 1's only a record of each tells. Where there is none, what
        has the same publishers is taken for a work of the same committee: an amendment and its standard, say.
        """
        if relation.body not in terms.ISO_BODIES:
            return relation
        likely = self.body if relation.body == self.newest.number.body else relation.body
        return replace(relation, body=bodies.get(relation.number, likely))


def _status(newest: Edition) -> str | None:
    found = terms.status(newest.number, newest.stage)
    # A draft that is done has led to the next one, not to the end of the work.
    return "ongoing" if found == "completed" else found


def _merged(old: Version, new: Version) -> Version:
    """Two records of one version: what the newer leaves open is taken from the older.

    Of two releases the more special one counts: GSM's "Ph1-DCS" is also listed under "Ph1".
    """
    return replace(
        new,
        date=new.date or old.date,
        status=new.status or old.status,
        stage=new.stage or old.stage,
        release=max(new.release or "", old.release or "", key=len) or None,
        work_item=new.work_item or old.work_item,
    )


def _relations(edition: Edition) -> list[Relation]:
    number = edition.number
    made = list(edition.relations)
    if number.changes:
        made.append(Relation(kind=number.how, body=number.body, number=number.changes))
    if whole := whole_of(number, edition.title):
        made.append(Relation(kind="part-of", body=number.body, number=whole))
    if twin := transposed(number, edition.title):
        made.append(Relation(kind="same-text", body=twin[0], number=twin[1]))
    return made
