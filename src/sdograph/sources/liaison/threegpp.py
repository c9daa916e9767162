"""3GPP's layout: meeting and document number in the first lines, then Title, Response to, Release, Work Item,
Source, To, Cc.

It has no date field. A group agrees its outgoing statements during a meeting and they leave with its end, so
the last day of the meeting, which the head names, dates the statement (docs/decisions/0004).
"""

from __future__ import annotations

import re

from sdograph import identifiers as ids
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.numbers import group_of
from sdograph.sources.liaison.sheet import Sheet

_MEETING = re.compile(r"\bmeeting\b|#", re.IGNORECASE)


def _signs(sheet: Sheet) -> int:
    return sum(
        (
            any(ids.tdoc_numbers(line.text) for line in sheet.opening),
            any(_MEETING.search(line.text) for line in sheet.opening),
            "release" in sheet.fields,
            "work_item" in sheet.fields,
            "reply_address" in sheet.fields,
            "sender" in sheet.fields and sheet.label("sender").lower() == "source",
            "cc" in sheet.fields and sheet.label("cc").lower() == "cc",
            any(group_of(line.text) for line in sheet.values("sender")),
        )
    )


LAYOUT = Layout(name="3gpp", signs=_signs, needs=frozenset(("title", "sender", "to")), body="3GPP")
