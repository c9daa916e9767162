"""What readers yield: plain frozen dataclasses, no RDF in them.

A reader fills fields with what the document says. Names of organisations, items and documents are
:class:`Reference` objects, first only as written; ``linking`` gives them a target or candidates. Identifiers
of bodies and groups (``ETSI``, ``3GPP-SA3``) are the registry's. Dates are ISO 8601 strings, of day,
month or year precision ("2023-12-04", "2023-12", "2023").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ReferenceKind: TypeAlias = Literal["organization", "item", "release", "document"]
Purpose: TypeAlias = Literal["action", "comment", "information", "response"]

RelationKind: TypeAlias = Literal[
    "replaces",
    "replaced-by",
    "same-text",
    "amends",
    "corrects",
    "part-of",
    "supplements",
    "references",
    "related",
]
WorkItemKind: TypeAlias = Literal["work-item", "study-item", "feature", "building-block", "work-task"]

#: The rule of a reference to an item that its own group states: the statement is the source of the item.
OWN_ITEM = "stated by its own group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where a field was read: the words of the document, their place, how sure, by which rule."""

    field: str
    text: str
    locator: str
    confidence: float = 1.0
    rule: str = "stated"
    source: str | None = None
    """Address of the source behind the row, where the document is itself a table of gathered facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A name or code as it stands in a document, and what it was linked to.

    ``target`` is a key of the graph (``group/3GPP-SA3``), or None: then it is unresolved, kept as written,
    with ``candidates`` for a person to choose from.
    """

    text: str
    field: str
    kind: ReferenceKind
    locator: str = ""
    target: str | None = None
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    rule: str = "unlinked"
    title: str | None = None
    """The title the document gives beside a code, if it does."""
    context: str | None = None
    """Id of the group or body that the words around it attribute it to (as ``3GPP-SA3``), if they do."""
    called: str | None = None
    """The words beside a code that call its item a study item, if they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A standards body or partnership."""

    id: str
    name: str
    short_name: str
    kind: str
    alt_names: tuple[str, ...] = ()
    homepage: str | None = None
    parents: tuple[str, ...] = ()
    begin: str | None = None
    end: str | None = None
    redirects: tuple[str, ...] = ()
    """Other keys under which this body is known; each leads here."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of a body: TSG, WG, SG, WP, Question, TC, SC, ISG, focus group …"""

    id: str
    bodies: tuple[str, ...]
    name: str
    short_name: str
    kind: str
    alt_names: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    scope: str | None = None
    begin: str | None = None
    begin_note: str | None = None
    end: str | None = None
    end_note: str | None = None
    successors: tuple[str, ...] = ()
    """Groups of the registry that took over its work."""
    change_date: str | None = None
    """When the successors took over, where it is stated."""
    formerly: tuple[str, ...] = ()
    """Names of predecessors that the registry does not hold."""
    redirects: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release (3GPP, oneM2M) or study period (ITU) of a body."""

    body: str
    name: str
    kind: Literal["release", "study-period"]
    order: int
    begin: str | None = None
    end: str | None = None
    title: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version or edition of a specification; ``number`` as its body writes it ("18.1.0", "2023-12")."""

    number: str
    date: str | None = None
    status: str | None = None
    """A notation of the scheme work-item-status, where the source states one."""
    stage: str | None = None
    """The body's own stage code (ISO: harmonised stage "60.60")."""
    release: str | None = None
    work_item: str | None = None
    """Number of the work item it came from (ETSI: WKI_ID)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What a specification's record says of another one, given by its body and number."""

    kind: RelationKind
    body: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A specification, report, Recommendation or standard; ``number`` without the version."""

    body: str
    number: str
    alt_numbers: tuple[str, ...] = ()
    """Each of its numbers, where it has several ("G.7041" and "Y.1303" of "G.7041/Y.1303")."""
    title: str | None = None
    kind: str | None = None
    """What its body calls it: "Technical Specification", "Recommendation", "Group Report"."""
    groups: tuple[str, ...] = ()
    """Registry ids of the groups responsible for it."""
    group_names: tuple[str, ...] = ()
    """Names of such groups as the source gives them; linking turns them into references."""
    group_references: tuple[Reference, ...] = ()
    status: str | None = None
    release: str | None = None
    """The release for which it was first planned."""
    work_item: str | None = None
    """Number of the work item it came from (ETSI: WKI_ID)."""
    address: str | None = None
    versions: tuple[Version, ...] = ()
    relations: tuple[Relation, ...] = ()
    keywords: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A work item or study item; ``code``, its acronym or official number, identifies it in its body."""

    body: str
    code: str
    title: str | None
    """None where no source gives the official one; a description of the work is no title."""
    kind: WorkItemKind
    number: str | None = None
    """A second official identifier (3GPP: Unique_ID; ETSI: WKI_ID)."""
    groups: tuple[str, ...] = ()
    group_names: tuple[str, ...] = ()
    group_references: tuple[Reference, ...] = ()
    releases: tuple[str, ...] = ()
    status: str | None = None
    begin: str | None = None
    end: str | None = None
    target: str | None = None
    """When it is planned to be finished."""
    completion: float | None = None
    """Per cent done, 0 to 100."""
    parent: str | None = None
    """Code of the item that it is part of, in the same body."""
    alt_codes: tuple[str, ...] = ()
    specifications: tuple[str, ...] = ()
    """Numbers of the specifications it produces ("TR 33.898")."""
    impacts: tuple[str, ...] = ()
    """Numbers of the specifications it changes."""
    documents: tuple[str, ...] = ()
    """Numbers of the documents that approved it ("SP-220687")."""
    partners: tuple[Reference, ...] = ()
    """Who its record names as partners; linked by the reader where its source is sure."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRelation:
    """What a source says of two items or specifications, mostly of different bodies."""

    left: Reference
    right: Reference
    kind: str
    """A notation of the scheme item-relation: same-text, equivalent, overlapping, related, references …"""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting of a group."""

    group: str
    name: str
    begin: str | None = None
    end: str | None = None
    place: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonRelationship:
    """A standing relationship of two bodies or groups: a liaison category, a partnership, an agreement."""

    left: str
    right: str
    kind: str
    begin: str | None = None
    end: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedAction:
    """One thing a liaison statement asks: of whom, what, by when."""

    addressees: tuple[Reference, ...]
    text: str
    locator: str
    deadline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedMeeting:
    """A next meeting that the originator announces."""

    name: str
    locator: str
    begin: str | None = None
    end: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A contact person; read only on request, and kept apart from everything else."""

    text: str
    locator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiaisonStatement:
    """A liaison statement with all that it says of itself.

    ``purposes`` says for each addressee (by the text of its reference) what it gets the statement for.
    ``number`` is the number its sender gave it, ``received_numbers`` are those its receivers gave it.
    """

    layout: str
    title: str
    """Empty where a table gives none."""
    sender: tuple[Reference, ...]
    to: tuple[Reference, ...]
    cc: tuple[Reference, ...] = ()
    date: str | None = None
    number: str | None = None
    received_numbers: tuple[str, ...] = ()
    purposes: tuple[tuple[str, Purpose], ...] = ()
    in_reply_to: tuple[Reference, ...] = ()
    releases: tuple[Reference, ...] = ()
    work_items: tuple[Reference, ...] = ()
    mentions: tuple[Reference, ...] = ()
    actions: tuple[RequestedAction, ...] = ()
    attachments: tuple[str, ...] = ()
    meetings: tuple[AnnouncedMeeting, ...] = ()
    earlier_numbers: tuple[str, ...] = ()
    """Numbers of its drafts and earlier revisions: one statement with a history."""
    answered_by: tuple[Reference, ...] = ()
    """Statements that a record of this one names as answers to it."""
    outcome: str | None = None
    """What the receiving or sending meeting did with it, in its words ("Noted", "Approved")."""
    approval: str | None = None
    """Who or which meeting approved it, in its words."""
    contacts: tuple[Contact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    key: str | None = None
    """Given by linking, once the sender is known."""

    def references(self) -> tuple[Reference, ...]:
        """Every reference of the statement, in reading order of the fields."""
        asked = tuple(r for action in self.actions for r in action.addressees)
        return (
            *self.sender, *self.to, *self.cc, *self.in_reply_to, *self.answered_by,
            *self.releases, *self.work_items, *self.mentions, *asked,
        )  # fmt: skip

    def purpose_by_addressee(self) -> list[tuple[Reference, Purpose]]:
        """Each addressee, in order, with what it gets the statement for, as far as the statement says.

        Who is asked for an action gets it for action, unless it is addressed for another purpose; a copy is
        for information unless something is asked of who gets it.
        """
        asked = {_who(r) for action in self.actions for r in action.addressees}
        stated = dict(self.purposes)
        found: list[tuple[Reference, Purpose]] = []
        for reference in (*self.to, *self.cc):
            is_asked = _who(reference) in asked
            purpose = stated.get(reference.text)
            if is_asked and (purpose is None or reference.field == "cc"):
                purpose = "action"
            if purpose is not None:
                found.append((reference, purpose))
        return found


def _who(reference: Reference) -> str:
    """What a party is told by: what it was linked to, else its words without remarks and white space."""
    return reference.target or "".join(reference.text.partition(" (")[0].split()).casefold()


Record: TypeAlias = (
    Body
    | Group
    | Release
    | Specification
    | WorkItem
    | Meeting
    | LiaisonRelationship
    | LiaisonStatement
    | ItemRelation
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source document as it was read: what file, what bytes, by which reader."""

    name: str
    """File name or address, as shown to people."""
    location: str
    """Where it was read from: an absolute path, a URL, or ``bundled:`` and a path; never published."""
    sha256: str
    size: int
    format: str
    reader_version: str
    media_type: str = "application/octet-stream"
    issued: str | None = None
    licence: str | None = None
    origin: str | None = None
    """Public address of the original, where there is one."""
