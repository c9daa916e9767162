"""The shapes of inboxes, outboxes and threads, for OpenAPI."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sdograph_api.rest.models import Day, Evidence, Model, Reference


class Party(Model):
    """A body or group; of a name that could not be linked, the name as its label alone."""

    id: str | None
    key: str | None
    label: str


class Asked(Model):
    """One thing that is asked."""

    id: str
    text: str | None
    deadline: Day


class Answer(Reference):
    date: Day
    sender: list[Party]


class Entry(Reference):
    """One statement at one addressee: what is asked of it, and what came of it."""

    number: str | None
    received_numbers: list[str]
    title: str | None
    date: Day
    sender: list[Party]
    addressee: Annotated[Party | None, Field(description="null where it is not known to whom it was sent")]
    role: Annotated[str | None, Field(description="to or cc; null for one whom only an action names")]
    purposes: Annotated[list[str], Field(description="action, comment, information, response")]
    asked_by: Annotated[str | None, Field(description="what shows that something is asked")]
    actions: list[Asked]
    deadline: Day
    days_left: Annotated[int | None, Field(description="from as_of to the deadline; below 0 when it is over")]
    state: Annotated[
        str,
        Field(
            description="answered, noted, overdue, open, or unasked: nothing is known to be asked",
            examples=["open"],
        ),
    ]
    rests_on: Annotated[str, Field(description="what the state rests on")]
    answered_by: list[Answer]
    other_answers: Annotated[list[Answer], Field(description="answers of others than the addressee")]
    outcomes: Annotated[list[str], Field(description="what meetings that handled it did, in their words")]
    evidence: list[Evidence]


class Received(Model):
    number: str
    group: Annotated[str | None, Field(description="id of the 3GPP group that gave it the number")]


class Place(Model):
    """A place in a thread: a statement, and what answers it.

    Where there is a mark, all but identity and label is left out. missing: not in the graph; shown: it
    answers several and stands further up with its answers; cycle: it answers what answers it.
    """

    id: str | None
    label: str
    mark: str | None
    replies: list[Place]
    key: str | None = None
    number: str | None = None
    received: list[Received] | None = None
    earlier_numbers: list[str] | None = None
    forwarded_to: Annotated[
        list[Reference] | None, Field(description="groups that registered it without being addressed")
    ] = None
    title: str | None = None
    date: Day = None
    sender: list[Party] | None = None
    to: list[Party] | None = None
    cc: list[Party] | None = None
    outcomes: list[str] | None = None


class Line(Model):
    id: str
    label: str
    date: Day
    title: str | None
    sender: list[Party]
    in_reply_to: list[str]


class Thread(Reference):
    tree: Annotated[
        list[Place], Field(description="what answers nothing that is known, each with its answers")
    ]
    timeline: Annotated[
        list[Line], Field(description="every statement once, oldest first, undated ones last")
    ]
    missing: Annotated[list[str], Field(description="what is answered and is not in the graph")]
    evidence: list[Evidence]
