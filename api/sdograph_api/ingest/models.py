"""The shape of what is told of documents, for OpenAPI; tests hold the answers to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sdograph_api.rest.models import Day, Model

Party = Annotated[
    str | dict[str, str],
    Field(
        description="id of a body or group; the text as written of one that could not be linked",
        examples=["3GPP-SA3", {"text": "3GPP SA WG9"}],
    ),
]
Purpose = Literal["action", "comment", "information", "response"]


class Words(Model):
    """Where a field was read."""

    text: str
    locator: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    rule: str


class Asked(Model):
    to: list[Party]
    text: str
    deadline: Day


class MeetingRead(Model):
    name: str
    start: Day
    end: Day
    place: str | None


class StatementRead(Model):
    """A liaison statement as it was read."""

    class_: Annotated[Literal["LiaisonStatement"], Field(alias="class")]
    id: str | None
    number: str | None
    received_numbers: list[str]
    title: str | None
    date: Day
    sender: list[Party]
    to: list[Party]
    cc: list[Party]
    purpose: Annotated[dict[str, Purpose], Field(description="what each addressee gets it for")]
    in_reply_to: list[str]
    releases: list[str]
    work_items: list[str]
    mentions: list[str]
    actions: list[Asked]
    attachments: list[str]
    meetings: list[MeetingRead]
    approval: str | None
    evidence: Annotated[
        dict[str, Words | list[Words]], Field(description="by field: where it was read; a list of several")
    ]


class Unlinked(Model):
    """A name or code that could not be linked."""

    text: str
    field: str
    locator: str
    candidates: Annotated[list[str], Field(description="ids of what it may mean")]


class FindingTold(Model):
    """What SHACL says of the document, or what is wrong with the file itself."""

    severity: Literal["violation", "warning", "info"]
    message: str
    code: Annotated[str | None, Field(description="of what is wrong with the file")] = None
    where: str | None = None
    hint: str | None = None
    focus: Annotated[str | None, Field(description="of a finding by SHACL: what it is about")] = None
    path: str | None = None
    shape: str | None = None
    value: str | None = None


class DocumentRead(Model):
    """What became of a document, or would."""

    path: Annotated[str, Field(description="the name by which it was sent")]
    format: str | None
    layout: Annotated[str | None, Field(description="of a liaison statement: whose form it has")]
    state: Literal["new", "changed", "unchanged", "rejected"]
    records: list[
        StatementRead
        | Annotated[dict[str, Any], Field(description="a record of another class, by its fields")]
    ]
    unresolved: list[Unlinked]
    findings: list[FindingTold]


class Documents(Model):
    """What became of the documents, in the order in which they were sent."""

    documents: list[DocumentRead]
