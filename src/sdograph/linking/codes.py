"""Codes of work items, numbers of specifications and of liaison statements: what a code can mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sdograph import identifiers as ids
from sdograph.model import LiaisonStatement, Record, Specification, WorkItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a code may stand for.

    ``key`` is that of a work item, specification or liaison statement; ``body`` and ``groups`` are registry
    ids. ``exact`` is False when only the parts agree, whatever their order and case: such a candidate is
    for a person to judge, never an identity.
    """

    key: str
    code: str
    body: str
    groups: tuple[str, ...] = ()
    title: str | None = None
    exact: bool = True


class CodeIndex(Protocol):
    """Where codes are looked up."""

    def candidates(self, code: str) -> Sequence[Candidate]:
        """What bears the code, exact ones first, each once, in a stable order; empty when nothing does."""
        ...


#: Longer than any code; of a longer text only the beginning counts.
_LONGEST = 200
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_BODY_WORDS = re.compile(
    r"^(?:(?:draft|new|the)\s+)?(?:(?:rec(?:ommendation|\.)?|3GPP|ETSI|ITU-[TRD]|IETF|GSMA)[\s:]+)+",
    re.IGNORECASE,
)
_VERSION = re.compile(r"[\s:(,]*\bv(?:ersion)?\s?\d+(?:\.\d+)+\)?$", re.IGNORECASE)
_LOOSE_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=\d)")
#: Parts that say what sort of entry a code is, not which: 3GPP's mark of a study (FS), and the type letters
#: of ETSI's work programme (D or R, then the type of deliverable).
_MARKS = frozenset(
    ("fs", *(f"{d}{t}" for d in "dr" for t in ("gr", "gs", "ts", "tr", "es", "eg", "en", "sr")))
)


def exact_form(code: str) -> str:
    """The form in which two spellings of one code are equal: "3GPP TS 33.501 v18.1.0" -> "TS33.501".

    Only white space, kinds of dash, the name of the body before it and the version after it are disregarded.
    """
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", code[:_LONGEST])).strip(" \t\r\n\"'“”()[].,;:")
    text = _VERSION.sub("", _BODY_WORDS.sub("", text))
    return _LOOSE_HYPHEN.sub("", re.sub(r"\s+", "", text))


def near_form(code: str) -> frozenset[str]:
    """The parts of a code without order, case and marks: "eNA_Ph3_SEC" and "FS_eNA_SEC_Ph3" are near."""
    text = _BODY_WORDS.sub("", unicodedata.normalize("NFKC", code[:_LONGEST]).strip())
    parts = re.split(r"[\W_]+", text.casefold())
    return frozenset(p for p in parts if p and p not in _MARKS)


def near_text(code: str) -> str:
    """The near form as one text, to be looked up in a store; empty when the code has no parts."""
    return " ".join(sorted(near_form(code)))


class MemoryIndex:
    """A :class:`CodeIndex` over records in memory."""

    def __init__(self, entries: Iterable[tuple[str, Candidate]]) -> None:
        self._exact: dict[str, dict[str, Candidate]] = {}
        self._near: dict[frozenset[str], dict[str, Candidate]] = {}
        for code, candidate in entries:
            if form := exact_form(code):
                self._exact.setdefault(form, {})[candidate.key] = candidate
            if parts := near_form(code):
                self._near.setdefault(parts, {})[candidate.key] = replace(candidate, exact=False)

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> MemoryIndex:
        """An index of work items, specifications and linked liaison statements; others are passed over."""
        return cls(entry for record in records for entry in _entries(record))

    def candidates(self, code: str) -> Sequence[Candidate]:
        exact = self._exact.get(exact_form(code), {})
        near = self._near.get(near_form(code), {})
        return [
            *(exact[key] for key in sorted(exact)),
            *(near[key] for key in sorted(near) if key not in exact),
        ]


def _entries(record: Record) -> Iterable[tuple[str, Candidate]]:
    if isinstance(record, WorkItem):
        item = Candidate(
            key=ids.work_item_key(record.body, record.code),
            code=record.code,
            body=record.body,
            groups=record.groups,
            title=record.title,
        )
        return [(code, item) for code in (record.code, *record.alt_codes)]
    if isinstance(record, Specification):
        specification = Candidate(
            key=ids.specification_key(record.body, record.number),
            code=record.number,
            body=record.body,
            groups=record.groups,
            title=record.title,
        )
        return [(record.number, specification)]
    if isinstance(record, LiaisonStatement) and record.key is not None:
        numbers = [n for n in (record.number, *record.received_numbers, *record.earlier_numbers) if n]
        senders = tuple(ids.local_id(r.target) for r in record.sender if r.target)
        body = record.key.split("/")[1]
        return [
            (n, Candidate(key=record.key, code=n, body=body, groups=senders, title=record.title))
            for n in numbers
        ]
    return ()
