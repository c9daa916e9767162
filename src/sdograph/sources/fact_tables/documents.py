"""What kinds of rows there are in a table of work items, and which documents their codes name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sdograph.model import WorkItemKind
from sdograph.sources.document_numbers import DocumentNumber, UnknownIdentifier, parse
from sdograph.sources.fact_tables.rows import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """What a row of a kind is about."""

    work: WorkItemKind | None = None
    """The kind of work item; None for documents."""
    document: str | None = None
    """What its body calls the document."""
    planned: bool = True
    """Whether the date of the row is that of the end of the work, and not of its present text or state."""


#: The column ``kind``, without case.
KINDS: dict[str, Kind] = {
    "work item": Kind(work="work-item"),
    "study item": Kind(work="study-item"),
    "feature": Kind(work="feature"),
    "building block": Kind(work="building-block"),
    "work task": Kind(work="work-task"),
    # A text with a code of the work programme; its number comes with the approval.
    "draft recommendation": Kind(work="work-item", document="Recommendation"),
    # A working document that has no standing as it is (RFC 2026, clause 2.2).
    "internet-draft": Kind(work="work-item", planned=False),
    # A project (PAR) bears a number that begins with P until the standard is approved.
    "par/standard": Kind(document="Standard", planned=False),
    "technical specification": Kind(document="Technical Specification"),
    "technical report": Kind(document="Technical Report"),
    "group specification": Kind(document="Group Specification"),
    "group report": Kind(document="Group Report"),
    "european standard": Kind(document="European Standard"),
    "en": Kind(document="European Standard"),
    "etsi standard": Kind(document="ETSI Standard"),
    "etsi guide": Kind(document="ETSI Guide"),
    "international standard": Kind(document="International Standard"),
    "standard": Kind(document="Standard"),
    "recommendation": Kind(document="Recommendation"),
    "recommendation-amendment": Kind(document="Amendment"),
    "recommendation-corrigendum": Kind(document="Corrigendum"),
    "supplement": Kind(document="Supplement"),
    "nist publication": Kind(document="NIST publication"),
    "report": Kind(document="Report"),
    "deliverable": Kind(document="Deliverable"),
}

#: Bodies whose deliverables are told apart by harmonised stages.
ISO_BODIES = ("ISO", "IEC", "ISO-IEC-JTC1")

#: What stands before the number of a draft of CEN and CENELEC, and is gone from the published one.
_CEN_DRAFT = re.compile(r"(?P<draft>Fpr|pr)(?=EN|CEN)")
_CEN_CHANGE = re.compile(r"(?P<base>.+:\d{4})/(?P<draft>Fpr|pr)?(?P<change>A\d+)")
_YEAR = re.compile(r"(?P<number>.+?)[:-](?P<year>(?:19|20)\d{2})")
_PUBLIC_DRAFT = re.compile(r"(?P<number>.+) (?P<draft>(?:i|\d)?pd)")
#: "prCEN/CLC/TR XXX": a document that has no number yet.
UNNUMBERED = re.compile(r"\bXX+\b")
_PROJECT = re.compile(r"IEEE P\d")
#: Bodies whose identifiers :mod:`sdograph.sources.document_numbers` knows.
_PARSED = ("ETSI", "3GPP", "ITU-T", "ITU-R", *ISO_BODIES)


def own_number(row: Row, body: str, kind: Kind, status: str | None) -> DocumentNumber | None:
    """The document whose own number the code is; None where the code is that of the work on it."""
    code, number = row.text("code"), row.optional("number")
    if kind.work is not None or _PROJECT.match(code) or UNNUMBERED.search(code):
        return None
    if number is None:
        # Some bodies number nothing: then the name of what is published is all that tells it.
        if status != "published":
            return None
        return DocumentNumber(body=body, number=code.removeprefix(f"{body} "))
    if body not in _PARSED:
        return _other(body, code, number)
    try:
        found = parse(code, "Report" if kind.document == "Technical Report" else None)
    except UnknownIdentifier:
        return _other(body, code, number)
    if found.body in ISO_BODIES:
        return found  # ISO and IEC know no other codes than the number with the stage
    written = found.number.removeprefix("Report ")
    if number in (written, f"{written}-{found.version}") or re.split(r"[ /]", written)[-1] == number:
        return found
    return found if found.changes else None


def _other(body: str, code: str, number: str) -> DocumentNumber | None:
    """The same, of bodies whose identifiers have no reader of their own."""
    if code != number:
        version = code.removeprefix(number)
        if version != code and (found := re.fullmatch(r"\.v(\d+(?:\.\d+)*)", version)):
            return DocumentNumber(body=body, number=number, version=found[1])
        return None
    if change := _CEN_CHANGE.fullmatch(code):
        return DocumentNumber(
            body=body,
            number=f"{change['base']}/{change['change']}",
            version=change["draft"] and f"{change['draft']}{change['change']}",
            changes=_YEAR.sub(r"\g<number>", change["base"]),
        )
    if draft := _CEN_DRAFT.match(code):
        number = code[draft.end() :]
        published = "EN" if number.startswith("EN") else ""
        return DocumentNumber(body=body, number=number, version=draft["draft"] + published)
    if public := _PUBLIC_DRAFT.fullmatch(code):
        return DocumentNumber(body=body, number=public["number"], version=public["draft"])
    if dated_ := _YEAR.fullmatch(code):
        return DocumentNumber(body=body, number=dated_["number"], version=dated_["year"])
    return DocumentNumber(body=body, number=code)
