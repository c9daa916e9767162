"""The spellings of labels and section headings that liaison statements share.

Written in lower case; white space, case, a colon and a remark in parentheses after the label ("(source)",
"(if applicable)", "(s)") do not matter when they are looked up. A layout may add spellings of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Spellings: TypeAlias = Mapping[str, tuple[str, ...]]

LABELS: Spellings = {
    "title": ("title", "subject", "ls title", "title of the ls"),
    "date": ("date", "date sent", "date of issue", "issue date"),
    "sender": ("from", "source", "sender", "originator", "originating group"),
    "contacts": (
        "contact", "contacts", "contact person", "contact persons", "name", "tel. number", "tel", "telephone",
        "phone", "fax", "e-mail address", "email address", "e-mail", "email",
    ),
    "to": ("to", "sent to", "addressee", "addressees", "recipient", "recipients", "to group", "to groups"),
    "cc": ("cc", "copy", "copies", "copy to", "copies to", "copied to", "cc group", "cc groups"),
    "in_reply_to": ("response to", "in response to", "reply to", "in reply to", "answer to"),
    "release": ("release", "releases"),
    "work_item": ("work item", "work items", "work item code", "wi", "study item", "study items"),
    "attachment": ("attachment", "attachments", "attached", "attached documents", "enclosure", "enclosures"),
    "number": ("document number", "document no", "doc number", "tdoc", "tdoc number", "ls number", "our ref"),
    "received_number": ("your ref", "received as"),
    "purpose": ("purpose", "for", "document for"),
    "deadline": ("deadline", "deadline for response", "reply by", "response by", "response requested by"),
    "reply_address": ("send any reply ls to", "send any reply to", "send reply to"),
}  # fmt: skip

#: Regular expressions of headings; a number before and a colon after a heading do not matter.
SECTIONS: Spellings = {
    "description": (
        r"(?:overall|general)\s+description",
        r"description|introduction|background|overview|discussion",
    ),
    "actions": (
        r"actions?(?:\s+(?:required|requested|items?))?",
        r"(?:requested|required)\s+actions?",
    ),
    "meetings": (
        r"dates?(?:\(s\))?\s+(?:of|for)\s+(?:the\s+)?(?:next|future|upcoming)\b[^\t.;:]{0,80}\bmeetings?\b[^\t.;:]{0,60}",
        r"(?:next|future|upcoming)\b[^\t.;:]{0,60}\bmeetings?\b[^\t.;:]{0,60}",
    ),
    "annex": (r"(?:annex|appendix)\b[^\t.;:]{0,80}",),
}

#: How a person calls the fields without which there is no liaison statement.
ESSENTIAL = {"title": "title", "sender": "sender", "to": "addressee", "date": "date"}


def wording(spellings: tuple[str, ...]) -> str:
    """Label spellings as shown to a person: ``"To", "Sent to"``."""
    return ", ".join(f'"{s.capitalize()}"' for s in spellings)
