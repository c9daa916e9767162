"""ISO Open Data: the committees of ISO with their liaisons, and metadata of deliverables.

Both are files of JSON objects, one a line, as https://www.iso.org/open-data.html publishes them (ODC-By 1.0).
Members of committees, scopes in full and abstracts are not read. What becomes a body, a group or a
relationship stands in docs/decisions/0010-specifications-and-versions.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument
from sdograph.model import Body, Evidence, Group, LiaisonRelationship, Record, Relation, Specification
from sdograph.sources.document_numbers import UnknownIdentifier, parse
from sdograph.sources.iso_entries import Entry, entries_of, first_keys
from sdograph.sources.registry import CONFIDENCE
from sdograph.sources.relaton import terms
from sdograph.sources.relaton.edition import Edition, Editions

#: Acronym by which ISO calls an organisation in liaison -> its id in the registry. Only these exactly.
ORGANIZATIONS = {
    "3GPP": "3GPP",
    "5GAA": "5GAA",
    "Cloud security alliance": "CSA",
    "ENISA": "ENISA",
    "ETSI": "ETSI",
    "Ecma International": "ECMA",
    "IEEE": "IEEE-SA",
    "IETF": "IETF",
    "ITU": "ITU",
    "OASIS": "OASIS",
    "OGC": "OGC",
}
#: Acronyms that are those of other organisations in the registry: ISO's "ECMA" works on gas cylinders.
HOMONYMS = frozenset({"ECMA"})

#: Name of a file, without its extension -> the least number of each that it must have; nine tenths of 2026.
COUNTS: Mapping[str, Mapping[str, int]] = {
    "iso_technical_committees": {
        "committees": 706,
        "committee liaisons": 4_044,
        "organisation liaisons": 2_715,
    },
    "iso_deliverables_metadata": {"deliverables": 70_000},
}

_JTC1 = "ISO-IEC-JTC1"
_REFERENCE = re.compile(
    r"(?P<bodies>(?:ISO|IEC)(?:/(?:ISO|IEC))*)[ /](?P<sort>[A-Za-z]+)(?: (?P<which>\w+))?"
    r"(?:/SC (?P<sub>\d+))?"
)
#: Project committees, joint committees and joint systems committees are technical committees of a special
#: origin; what ISO names by a word alone (ISO/CASCO) makes policy.
_GROUP_KINDS = {"TC": "TC", "PC": "TC", "JTC": "TC", "JSyC": "TC", "WS": "WG"}
_POLICY = "AG"

_DELIVERABLES = {"IS": "International Standard", "IWA": "International Workshop Agreement"}


def is_committees(path: Path) -> bool:
    """Whether the first line of a file is a committee."""
    return {"reference", "committeeLiaisons", "organizationLiaisons"} <= first_keys(path)


def is_deliverables(path: Path) -> bool:
    """Whether the first line of a file is a deliverable."""
    return {"reference", "deliverableType", "ownerCommittee"} <= first_keys(path)


def read_committees(path: Path) -> Iterator[Record]:
    """Committees as groups, their liaisons as relationships, organisations in liaison as bodies.

    ISO/IEC JTC 1 is a body. Of a relationship the committee that has it is ``left``, its partner ``right``. A
    committee in liaison whose reference is null has no name to go by: the entry is evidence of the committee.
    Raises OpenDataFault for a line that is no committee, UnreadableDocument, LimitExceeded, and
    IncompleteDocument when the file has fewer of something than :data:`COUNTS` asks for.
    """
    references = {line.whole("id"): line.text("reference") for line in entries_of(path)}
    known: set[str] = set()
    counts: Counter[str] = Counter()
    for line in entries_of(path):
        reference = line.text("reference")
        own = _committee_id(line, reference)
        counts["committees"] += 1
        unnamed: list[Evidence] = []
        made: list[Record] = []
        for n, partner in enumerate(line.entries("committeeLiaisons"), 1):
            counts["committee liaisons"] += 1
            locator = f"{line.locator}, committeeLiaisons {n}"
            name = partner.optional("reference") or references.get(partner.whole("id"))
            if name is None:
                unnamed.append(
                    _evidence(
                        f"committee {partner.whole('id')}",
                        locator,
                        field="committee-liaison",
                        rule="reference is null",
                    )
                )
                continue
            made.append(
                LiaisonRelationship(
                    left=own,
                    right=_committee_id(partner, name),
                    kind="committee-liaison",
                    evidence=(_evidence(f"{reference}: {name}", locator),),
                )
            )
        for n, partner in enumerate(line.entries("organizationLiaisons"), 1):
            counts["organisation liaisons"] += 1
            locator = f"{line.locator}, organizationLiaisons {n}"
            body = _organization(partner, locator)
            if body.id not in known and partner.text("acronym") not in ORGANIZATIONS:
                made.append(body)
            known.add(body.id)
            made.append(
                LiaisonRelationship(
                    left=own,
                    right=body.id,
                    kind="liaison-organization",
                    evidence=(_evidence(f"{reference}: {body.name}", locator),),
                )
            )
        yield _committee(line, own, reference, references, unnamed)
        yield from made
    _check_counts(path, counts)


def read_deliverables(path: Path) -> Iterator[Specification]:
    """Specifications, one a number, with their editions.

    What a deliverable replaces is told by ISO's project numbers, of which only those are known that the file
    itself has. Raises as :func:`read_committees`.
    """
    references = {line.whole("id"): line.text("reference") for line in entries_of(path)}
    found: dict[str, Editions] = {}
    counts: Counter[str] = Counter()
    for line in entries_of(path):
        edition = _edition(line, references)
        counts["deliverables"] += 1
        if (editions := found.get(edition.number.number)) is None:
            found[edition.number.number] = Editions.of(edition)
        else:
            editions.add(edition)
    _check_counts(path, counts)
    bodies = {number: editions.body for number, editions in found.items()}
    for editions in found.values():
        yield editions.specification(bodies)


# --- committees and organisations


def _committee(
    line: Entry, own: str, reference: str, references: Mapping[int, str], unnamed: list[Evidence]
) -> Body | Group:
    title, begin = line.inner("title").text("en"), line.date("creationDate")
    evidence = [_evidence(reference, line.locator), *unnamed]
    if (state := line.text("status")) != "Active":
        evidence.append(_evidence(state, line.locator, field="status"))
    parts = _parts(line, reference)
    if own == _JTC1:
        return Body(
            id=own,
            name=f"{reference} {title}",
            short_name="JTC 1",
            kind="joint-committee",
            parents=("ISO", "IEC"),
            begin=begin,
            evidence=tuple(evidence),
        )
    above = line.whole("parentId") if line.has("parentId") else None
    if above is not None and above not in references:
        line.fault("parentId", f"there is no committee {above}", "get the whole file again")
    short, kind = f"{parts['sort']} {parts['which'] or ''}".strip(), _GROUP_KINDS.get(parts["sort"], _POLICY)
    if parts["sub"]:
        short, kind = f"SC {parts['sub']}", "SC"
    return Group(
        id=own,
        bodies=(_JTC1,) if own.startswith(f"{_JTC1}-") else tuple(parts["bodies"].split("/")),
        name=reference,
        short_name=short,
        kind=kind,
        parents=(_committee_id(line, references[above]),) if above is not None else (),
        scope=title,
        begin=begin,
        evidence=tuple(evidence),
    )


def _parts(entry: Entry, reference: str) -> re.Match[str]:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        entry.fault("reference", f"{reference!r} names no committee", "references look like ISO/TC 22/SC 32")
    return found


def _committee_id(entry: Entry, reference: str) -> str:
    """ "ISO/TC 22/SC 32" -> "ISO-TC22-SC32", as the registry does it."""
    parts = _parts(entry, reference)
    which = parts["which"] or ""
    own = parts["sort"] + (which if which.isdigit() else f"-{which}" if which else "")
    sub = f"-SC{parts['sub']}" if parts["sub"] else ""
    return f"{parts['bodies'].replace('/', '-')}-{own}{sub}"


def _organization(entry: Entry, locator: str) -> Body:
    """The body of an organisation in liaison, under its id in the registry or one made of its acronym.

    Acronyms are unique in ISO's list, where namesakes have a word more ("IPC", "IPC - Jakarta").
    """
    acronym, number = entry.text("acronym"), entry.whole("id")
    own = f"ISO-LO-{number}" if acronym in HOMONYMS else ids.slug(acronym)
    return Body(
        id=ORGANIZATIONS.get(acronym, own),
        name=acronym,
        short_name=acronym,
        kind="liaison-organization",
        evidence=(
            _evidence(acronym, locator),
            _evidence(str(number), locator, field="identifier"),
        ),
    )


# --- deliverables


def _edition(line: Entry, references: Mapping[int, str]) -> Edition:
    reference = line.text("reference")
    try:
        number = parse(reference)
        others = {
            kind: [parse(references[i]) for i in line.wholes(field) if i in references]
            for kind, field in (("replaces", "replaces"), ("replaced-by", "replacedBy"))
        }
    except UnknownIdentifier as error:
        line.fault("reference", error.message, error.hint or "")
    stage = f"{line.whole('currentStage'):04}"
    stage = f"{stage[:2]}.{stage[2:]}"
    relations = tuple(
        Relation(
            kind="replaces" if kind == "replaces" else "replaced-by", body=other.body, number=other.number
        )
        for kind, numbers in others.items()
        for other in numbers
        if other.number != number.number
    )
    kind = line.text("deliverableType")
    published = line.date("publicationDate")
    return Edition(
        number=number,
        identifier=reference,
        locator=line.locator,
        title=line.inner("title").optional("en"),
        kind=number.kind or _DELIVERABLES.get(kind, kind),
        group=line.optional("ownerCommittee") or "",
        date=published if terms.is_published(number, stage) else None,
        stage=stage,
        address=f"https://www.iso.org/standard/{line.whole('id')}.html",
        relations=relations,
    )


# --- lines of JSON


def _evidence(text: str, locator: str, *, field: str = "record", rule: str = "stated") -> Evidence:
    return Evidence(field=field, text=text, locator=locator, confidence=CONFIDENCE["high"], rule=rule)


def _check_counts(path: Path, counts: Counter[str]) -> None:
    for what, least in COUNTS.get(path.name.partition(".")[0], {}).items():
        if counts[what] < least:
            raise IncompleteDocument(
                f"only {counts[what]:,} {what}; there should be {least:,} at least",
                where=path.name,
                hint="the download may have been cut off: get the file again",
            )
