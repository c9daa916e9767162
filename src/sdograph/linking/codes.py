"""Codes of work items, numbers of specifications and of liaison statements: what a code can mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
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
#: What tells one version of a document from another, behind its number: "v18.1.0", "V1.1.1 (2025-04)" and
#: "ed.1 (1990-08)" (ETSI), "(V2) (06/2019)" (ITU-T), ":2022(E)" (ISO), ":REL-18/18.2.0" (records of 3GPP).
_VERSION = re.compile(
    r"(?:[\s:(,]*\bv(?:ersion)?\s?\d+(?:\.\d+)+\)?|\s(?:ed\.|v\.)\d+|\s\(V\d+\))?"
    r"(?:\s*\((?:(?:19|20)\d\d-\d\d|\d\d/(?:19|20)\d\d)\))?"
    r"(?:(?::[A-Z][\w -]*)?/\d+\.\d+\.\d+|:(?:19|20)\d\d)?(?:\s?\([EFR]\))?$",
    re.IGNORECASE,
)
#: The same where only the body before the number tells that it is one: "IEEE 3482-2026", "ITU-R M.2160-0",
#: "draft-ietf-aipref-vocab-03".
_VERSION_OF_BODY = re.compile(
    r"(IEEE [\w.]+)-(?:19|20)\d\d|(ITU-R (?:.* )?[A-Z]{1,3}\.\d+)-\d{1,3}(?:-\d+)?|(draft-.+)-\d\d"
)
_PUBLISHER = re.compile(r"((?:ISO|IEC|IEEE)(?:/(?:ISO|IEC|IEEE))*)[ /]")
#: ISO's and IEC's words for the stage of a draft, before the number or in the type: "DIS 27090", "DTR 21221".
_STAGE = re.compile(r"(?<=[ /])(?:PWI|NP|AWI|WD|F?CD|F?DIS|PRF) |(?<=[ /])F?D(?=(?:TR|TS|PAS) )")
#: "DTS 12791.2" is the second draft.
_AGAIN = re.compile(r"(?<=\d)\.\d$")
_DRAFT_CHANGE = re.compile(r"/[FPD]*(?:DAM|DCOR)(?= )")
#: CEN's and CENELEC's marks of a draft: "prEN 18282", "FprEN ISO/IEC 12792", "EN ISO/IEC 22989:2023/prA1".
_DRAFT_OF_CEN = re.compile(r"^(?:F?pr)(?=EN\b|CEN\b)|(?<=/)F?pr(?=A\d)")
#: Without any of these a code is nothing but the code; most are.
_HAS_MORE = re.compile(r"[ :(/]|^(?:draft-|prEN|FprEN)")
_LOOSE_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=\d)")
#: Parts that say what sort of entry a code is, not which: 3GPP's mark of a study (FS), the type letters of
#: ETSI's work programme (D or R, then the type of deliverable), the types of reports and specifications.
_MARKS = frozenset(
    (
        "fs", "gr", "gs", "tr", "ts",
        *(f"{d}{t}" for d in "dr" for t in ("gr", "gs", "ts", "tr", "es", "eg", "en", "sr")),
    )
)  # fmt: skip


def exact_form(code: str) -> str:
    """The form in which two spellings of one code are equal: "3GPP TS 33.501 v18.1.0" -> "TS33.501".

    Only white space, kinds of dash, the name of the body before it, and what tells the version or the stage
    of a draft are disregarded: "ISO/IEC DIS 27090" and "ISO/IEC 27090:2025" are one document.
    """
    return _LOOSE_HYPHEN.sub("", _bare(code).replace(" ", ""))


@lru_cache(maxsize=256)
def _bare(code: str) -> str:
    """A code without what stands around it: the body's name, the version, the stage, punctuation."""
    text = " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", code[:_LONGEST])).split())
    text = text.strip(" \"'“”[].,;:")
    return _without_version(text.strip("() ") if text[:1] == "(" else text).strip(" \"'“”()[].,;:")


def _without_version(text: str) -> str:
    if not _HAS_MORE.search(text):
        return text
    if found := _VERSION_OF_BODY.fullmatch(text):
        text = next(part for part in found.groups() if part)
    text = _BODY_WORDS.sub("", text)
    text = _DRAFT_OF_CEN.sub("", _VERSION.sub("", text))
    if (found := _PUBLISHER.search(text)) is not None:
        rest, staged = _STAGE.subn("", text[found.end() - 1 :])
        rest = _DRAFT_CHANGE.sub(lambda m: "/Cor" if "COR" in m[0] else "/Amd", rest)
        # "ISO/FDIS 18374" is ISO 18374, and "IEC/TS 80004-9" is IEC TS 80004-9.
        text = f"{text[: found.end(1)]} {(_AGAIN.sub('', rest) if staged else rest)[1:]}"
    return text


def near_form(code: str) -> frozenset[str]:
    """The parts of a code without order, case and marks: "eNA_Ph3_SEC" and "FS_eNA_SEC_Ph3" are near."""
    parts = re.split(r"[\W_]+", _bare(code).casefold())
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
        return [(c, item) for c in (record.code, *record.alt_codes, record.number) if c]
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
