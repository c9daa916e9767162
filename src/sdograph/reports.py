"""What is told of each document that went in: for people as text, for programs as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sdograph import identifiers as ids
from sdograph.errors import SdographError
from sdograph.model import Evidence, LiaisonStatement, Record, Reference
from sdograph.shapes import Severity
from sdograph.validation import Finding

State = Literal["new", "changed", "unchanged", "rejected"]


@dataclass(slots=True)
class DocumentReport:
    """One document: what was found in it and what became of it."""

    path: str
    format: str | None = None
    state: State = "rejected"
    records: tuple[Record, ...] = ()
    """Kept only where they are asked for: those of thousands of documents would fill the memory."""
    layout: str | None = None
    """The layout of the liaison statement the document is, None for any other document."""
    unresolved: list[Reference] = field(default_factory=list)
    """The references that could not be linked, each once."""
    counts: dict[str, int] = field(default_factory=dict)
    """What the document states, by class; for a liaison statement also its addressees and mentions."""
    findings: list[Finding] = field(default_factory=list)
    faults: list[SdographError] = field(default_factory=list)
    """Why parts of the document could not be read, each naming its part; the others went in."""
    error: SdographError | None = None

    def tell(self, records: tuple[Record, ...], *, keep: bool) -> None:
        """Takes up what is to be told of the document's records, and with ``keep`` the records themselves."""
        statements = [r for r in records if isinstance(r, LiaisonStatement)]
        self.layout = self.layout or next((s.layout for s in statements), None)
        open_ = (r for s in statements for r in s.references() if r.target is None)
        self.unresolved = list(dict.fromkeys((*self.unresolved, *open_)))
        if keep:
            self.records += records

    @property
    def violations(self) -> list[Finding]:
        return [f for f in self.findings if f.severity == "violation"]

    def as_dict(self) -> dict[str, Any]:
        """The document's part of ``sdograph ingest --json``."""
        findings: list[dict[str, Any]] = [f.as_dict() for f in self.findings]
        findings += (error_dict(fault, "warning") for fault in self.faults)
        if self.error is not None:
            findings.append(error_dict(self.error))
        return {
            "path": self.path,
            "format": self.format,
            "layout": self.layout,
            "state": self.state,
            "records": [record_dict(r) for r in self.records],
            "unresolved": [
                {"text": r.text, "field": r.field, "locator": r.locator,
                 "candidates": [ids.local_id(c) for c in r.candidates]}
                for r in self.unresolved
            ],
            "findings": findings,
        }  # fmt: skip


def error_dict(error: SdographError, severity: Severity = "violation") -> dict[str, Any]:
    """An error in the shape of a finding."""
    return {
        "severity": severity,
        "code": error.code,
        "message": error.message,
        "where": error.where,
        "hint": error.hint,
    }


def record_dict(record: Record) -> dict[str, Any]:
    """A record as JSON. Of liaison statements the shape is fixed; others give their fields by name."""
    if isinstance(record, LiaisonStatement):
        return _statement_dict(record)
    shown = {
        f.name: getattr(record, f.name)
        for f in dataclasses.fields(record)
        if f.name not in ("evidence", "redirects")
    }
    return {"class": type(record).__name__, **shown, "evidence": _evidence_dict(record.evidence)}


def _statement_dict(statement: LiaisonStatement) -> dict[str, Any]:
    purposes = statement.purpose_by_addressee()
    return {
        "class": "LiaisonStatement",
        "id": ids.local_id(statement.key) if statement.key else None,
        "number": statement.number,
        "received_numbers": list(statement.received_numbers),
        "title": statement.title,
        "date": statement.date,
        "sender": _parties(statement.sender),
        "to": _parties(statement.to),
        "cc": _parties(statement.cc),
        "purpose": {ids.local_id(r.target) if r.target else r.text: purpose for r, purpose in purposes},
        "in_reply_to": [r.text for r in statement.in_reply_to],
        "releases": [r.text for r in statement.releases],
        "work_items": [r.text for r in statement.work_items],
        "mentions": [r.text for r in statement.mentions],
        "actions": [
            {"to": _parties(a.addressees), "text": a.text, "deadline": a.deadline} for a in statement.actions
        ],
        "attachments": list(statement.attachments),
        "meetings": [
            {"name": m.name, "start": m.begin, "end": m.end, "place": m.place} for m in statement.meetings
        ],
        "approval": statement.approval,
        "evidence": {**_evidence_dict(statement.evidence), **_reference_evidence(statement.references())},
    }


def _parties(references: Iterable[Reference]) -> list[str | dict[str, str]]:
    return [ids.local_id(r.target) if r.target else {"text": r.text} for r in references]


def _evidence_dict(evidence: Iterable[Evidence]) -> dict[str, Any]:
    """Field -> where it was read; a list where one field has several places."""
    found: dict[str, list[dict[str, Any]]] = {}
    for e in evidence:
        found.setdefault(e.field, []).append(
            {"text": e.text, "locator": e.locator, "confidence": e.confidence, "rule": e.rule}
        )
    return {name: places[0] if len(places) == 1 else places for name, places in found.items()}


def _reference_evidence(references: Iterable[Reference]) -> dict[str, Any]:
    return _evidence_dict(
        Evidence(field=r.field, text=r.text, locator=r.locator, confidence=r.confidence, rule=r.rule)
        for r in references
    )
