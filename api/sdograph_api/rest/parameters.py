"""The parameters of lists, checked, and documented for OpenAPI."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _a_date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError("not a date: write YYYY-MM-DD, YYYY-MM or YYYY")
    date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    return text


Kind = Literal[
    "body", "group", "specification", "work-item", "liaison-statement", "release", "study-period", "meeting",
    "topic",
]  # fmt: skip
Date = Annotated[str, AfterValidator(_a_date), Field(examples=["2023-12-04"])]
Id = Annotated[str, Field(min_length=1, max_length=300)]


class Paging(BaseModel):
    """What every list takes. Parameters that are not known are refused."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=500, description="entries on a page")] = 50
    cursor: Annotated[str | None, Field(max_length=2000, description="where to go on: next of a page")] = None


class Searched(Paging):
    q: Annotated[
        str | None,
        Field(max_length=200, description="words that must occur in its names, title or identifiers"),
    ] = None


_Body = Annotated[
    Id | None, Field(description="id of a body, such as ETSI; takes in the bodies and groups below it")
]
_AsOf = Annotated[Date | None, Field(description="the day to answer for; by default all days")]

_Topic = Annotated[
    Id | None, Field(description="notation of a topic, such as data-poisoning; takes in those below it")
]


class BodyFilters(Searched):
    body: _Body = None
    kind: Annotated[str | None, Field(description="sdo, partnership, consortium, regulator …")] = None
    as_of: _AsOf = None


class GroupFilters(Searched):
    body: _Body = None
    group: Annotated[Id | None, Field(description="id of a group: the groups below it, at any depth")] = None
    kind: Annotated[str | None, Field(description="TSG, WG, SG, TC, ISG …")] = None
    as_of: _AsOf = None


class WorkItemFilters(Searched):
    body: _Body = None
    group: Annotated[Id | None, Field(description="id of the responsible group")] = None
    kind: Annotated[Literal["work-item", "study-item"] | None, Field(description="what it is")] = None
    release: Annotated[Id | None, Field(description="Rel-18, or with its body 3GPP/Rel-18")] = None
    status: Annotated[str | None, Field(description="proposed, ongoing, completed …")] = None
    topic: _Topic = None
    as_of: _AsOf = None


class SpecificationFilters(Searched):
    body: _Body = None
    group: Annotated[Id | None, Field(description="id of the responsible group")] = None
    status: Annotated[str | None, Field(description="published, withdrawn …")] = None
    topic: _Topic = None


class ReleaseFilters(Searched):
    body: _Body = None
    kind: Annotated[Literal["release", "study-period"] | None, Field(description="what it is")] = None
    as_of: _AsOf = None


class MeetingFilters(Searched):
    body: _Body = None
    group: Annotated[Id | None, Field(description="id of the group that meets")] = None
    since: Annotated[Date | None, Field(description="not over before this day")] = None
    until: Annotated[Date | None, Field(description="begun by this day")] = None


_Party = "id of a group; or of a body, which takes in all below it"


class LiaisonStatementFilters(Searched):
    body: Annotated[
        Id | None, Field(description="sent or received by this body, or by one or a group below it")
    ] = None
    group: Annotated[Id | None, Field(description="sent or received by this very group or body")] = None
    from_: Annotated[Id | None, Field(alias="from", description=f"the sender: {_Party}")] = None
    to: Annotated[Id | None, Field(description=f"an addressee, to or in copy: {_Party}")] = None
    purpose: Annotated[
        Literal["action", "comment", "information", "response"] | None,
        Field(description="what it is sent for; with to: what that addressee gets it for"),
    ] = None
    release: Annotated[Id | None, Field(description="Rel-18, or with its body 3GPP/Rel-18")] = None
    work_item: Annotated[Id | None, Field(description="id of a work item that it concerns or mentions")] = (
        None
    )
    topic: _Topic = None
    since: Annotated[Date | None, Field(description="sent on this day or later")] = None
    until: Annotated[Date | None, Field(description="sent by this day")] = None
    as_of: Annotated[Date | None, Field(description="the same as until: what had been sent by that day")] = (
        None
    )


class TopicFilters(Searched):
    topic: Annotated[
        Id | None, Field(description="notation of a topic: it and the topics below it, at any depth")
    ] = None


class SearchText(Paging):
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="a number, a name, or words, all of which must occur; the last may be a beginning; "
            'words in "double quotes" stand together',
            examples=["TS 33.501"],
        ),
    ]
    kind: Annotated[Kind | None, Field(description="only what is of this kind")] = None


class LiaisonFilters(Paging):
    body: Annotated[Id | None, Field(description="one end is in this body, or in one below it")] = None
    group: Annotated[Id | None, Field(description="one end is this very group or body")] = None
    purpose: Annotated[
        Literal["action", "comment", "information", "response"] | None,
        Field(description="statements that the addressee gets for this"),
    ] = None
    since: Annotated[Date | None, Field(description="sent on this day or later")] = None
    until: Annotated[Date | None, Field(description="sent by this day")] = None
    as_of: Annotated[
        Date | None, Field(description="sent by this day, between groups that were in force on it")
    ] = None
