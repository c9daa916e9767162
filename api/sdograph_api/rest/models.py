"""The shapes of the answers, for OpenAPI. Answers are made of dictionaries; tests hold them to these."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reference(Model):
    """Another resource."""

    id: Annotated[str, Field(description="IRI")]
    key: Annotated[str | None, Field(description="the id by which people know it", examples=["3GPP-SA3"])]
    label: str


class Evidence(Model):
    """Where something was read."""

    document: Annotated[str | None, Field(description="IRI of the source document")]
    document_label: str | None
    source: Annotated[str | None, Field(description="public address of the original, where there is one")]
    retrieved_at: Annotated[str | None, Field(description="when the document was read; date and time, UTC")]
    locator: Annotated[str | None, Field(description="the place in the document", examples=["line 7"])]
    field: Annotated[str | None, Field(description="what was read there; record: the whole resource")]
    text: Annotated[str | None, Field(description="as it is written there")]
    confidence: Annotated[float | None, Field(ge=0, le=1)]
    rule: Annotated[str | None, Field(description="how it was recognised")]


class Resource(Reference):
    identifier: Annotated[str | None, Field(description="the official identifier")]
    evidence: list[Evidence]


Day = Annotated[str | None, Field(description="YYYY-MM-DD, YYYY-MM or YYYY", examples=["2023-12-04"])]


class Relationship(Reference):
    """A standing relationship: a liaison category, a partnership, an agreement."""

    parties: list[Reference]
    kind: str | None
    begin: Day
    end: Day


class Change(Reference):
    """A predecessor or successor."""

    date: Day


class Body(Resource):
    name: str | None
    short_name: str | None
    alt_names: list[str]
    kind: str | None
    parents: list[Reference]
    homepage: str | None
    begin: Day
    end: Day


class BodyInFull(Body):
    groups: list[Reference]
    members: list[Reference]
    relationships: list[Relationship]


class Group(Resource):
    name: str | None
    short_name: str | None
    alt_names: list[str]
    former_names: list[str]
    kind: str | None
    bodies: list[Reference]
    parents: list[Reference]
    scope: str | None
    begin: Day
    end: Day
    begin_note: Annotated[
        str | None, Field(description="what is said of its begin where no date can be told")
    ]
    end_note: str | None


class GroupInFull(Group):
    subgroups: list[Reference]
    predecessors: list[Change]
    successors: list[Change]
    relationships: list[Relationship]


class WorkItem(Resource):
    title: str | None
    kind: Annotated[str, Field(description="work-item or study-item")]
    codes: list[str]
    body: Reference | None
    groups: list[Reference]
    releases: list[Reference]
    status: str | None
    specifications: list[Reference]
    begin: Day
    end: Day


class WorkItemInFull(WorkItem):
    liaison_statements: list[Reference]


class Specification(Resource):
    title: str | None
    body: Reference | None
    groups: list[Reference]
    status: str | None


class SpecificationInFull(Specification):
    versions: list[Reference]
    work_items: list[Reference]
    liaison_statements: list[Reference]


class Release(Resource):
    name: str | None
    kind: Annotated[str, Field(description="release or study-period")]
    body: Reference | None
    order: int | None
    begin: Day
    end: Day


class MeetingFields(Reference):
    groups: list[Reference]
    begin: Day
    end: Day
    place: str | None


class Meeting(MeetingFields):
    identifier: str | None
    evidence: list[Evidence]


class MeetingInFull(Meeting):
    announced_by: list[Reference]


class Action(Model):
    """One thing that a statement asks for."""

    id: str
    text: str | None
    addressees: list[Reference]
    deadline: Day


class Written(Model):
    as_written: str | None
    title: Annotated[str | None, Field(description="the title that the document gives beside a code")]
    locator: str | None


class Mention(Written):
    resolved: Annotated[Reference | None, Field(description="what it was linked to")]


class Unresolved(Written):
    """A name or code that could not be linked."""

    field: str | None
    candidates: list[Reference]


class LiaisonStatement(Resource):
    number: str | None
    received_numbers: list[str]
    title: str | None
    date: Day
    sender: list[Reference]
    to: list[Reference]
    cc: list[Reference]
    purposes: Annotated[
        dict[str, list[str]],
        Field(
            description="what each addressee, by its key, gets it for", examples=[{"3GPP-SA3": ["action"]}]
        ),
    ]
    releases: list[Reference]
    work_items: list[Reference]
    in_reply_to: list[Reference]
    attachments: list[str]
    layout: str | None


class LiaisonStatementInFull(LiaisonStatement):
    actions: list[Action]
    mentions: list[Mention]
    unresolved: list[Unresolved]
    meetings: list[MeetingFields]
    replies: list[Reference]


class Topic(Resource):
    """A concept of the scheme of topics."""

    definition: str | None
    alt_labels: list[str]
    broader: list[Reference]
    narrower: list[Reference]
    mappings: Annotated[
        dict[str, list[str]],
        Field(
            description="terms of others, by how they are related (SKOS)",
            examples=[{"exactMatch": ["https://w3id.org/dpv/ai#DataPoisoning"]}],
        ),
    ]
    counts: Annotated[
        dict[str, int],
        Field(
            description="how many are about it or about a narrower topic; parameter topic of their lists",
            examples=[{"work_items": 3, "specifications": 5, "liaison_statements": 1}],
        ),
    ]
    items_by_body: Annotated[dict[str, int], Field(description="work items and specifications, by body")]


class TopicInFull(Topic):
    work_items: list[Reference]
    specifications: list[Reference]
    liaison_statements: list[Reference]


class Match(Model):
    """Where the words stand."""

    field: Annotated[str, Field(description="identifier, name, former_name, title or text")]
    text: str
    spans: Annotated[
        list[list[int]], Field(description="first character of each match, and the one behind its last")
    ]


class Hit(Resource):
    """Something that search found."""

    kind: Annotated[str, Field(description="what it is", examples=["specification"])]
    title: str | None
    date: Day
    exact: Annotated[bool, Field(description="whether the text is one of its identifiers or names")]
    matched: list[Match]


class Pair(Model):
    """What one party has sent to another."""

    from_: Annotated[Reference, Field(alias="from")]
    to: Reference
    statements: Annotated[int, Field(description="how many statements")]
    roles: Annotated[dict[str, int], Field(description="of these as addressee (to), in copy (cc)")]
    purposes: Annotated[
        dict[str, int], Field(description="of these for action, comment, information, response")
    ]
    years: Annotated[
        dict[str, int], Field(description="of these by year; those without a date are not in it")
    ]
    first: Day
    last: Day
    liaison_statements: Annotated[list[Reference], Field(description="oldest first")]
    relationships: Annotated[
        list[Relationship], Field(description="standing relationships of the two, or of their bodies")
    ]


class Dataset(Model):
    version: Annotated[str, Field(description="changes whenever the graph does")]
    generated_at: str


class Completeness(Model):
    """How far the answer can be relied on: a missing entry is no evidence that there is nothing."""

    source_documents: int
    unresolved_references: Annotated[int, Field(description="names and codes that could not be linked")]
    note: str


T = TypeVar("T")


class Page(Model, Generic[T]):
    data: list[T]
    next: Annotated[str | None, Field(description="cursor of the next page; null at the end")]
    total: Annotated[int, Field(description="entries on all pages")]
    dataset: Dataset
    completeness: Completeness
    warnings: list[str]


class NetworkLinks(Model):
    """Where a network can be had as a file; a file of the same filters always has the same address."""

    gephi_lite: Annotated[str, Field(description="opens the network in Gephi Lite, in the browser")]
    formats: Annotated[dict[str, str], Field(description="name of a format -> address")]


class Pairs(Page[Pair]):
    """Who liaises with whom, and where that can be had as a network."""

    links: NetworkLinks


class Hits(Page[Hit]):
    """What search found."""

    kinds: Annotated[dict[str, int], Field(description="how many of each kind, whatever kind was asked for")]


class One(Model, Generic[T]):
    data: T
    dataset: Dataset
    completeness: Completeness
    warnings: list[str]


class ProblemDocument(BaseModel):
    """RFC 9457, with a stable ``code``."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    where: str | None
    hint: str | None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    }
    for status, description in (
        (400, "A parameter is unknown or does not fit."),
        (404, "There is no such resource."),
        (503, "There is no dataset, or too much to do."),
    )
}
