"""3GPP's layout: meeting and document number in the first lines, then Title, Response to, Release, Work Item,
Source, To, Cc.

It has no date field. A group agrees its outgoing statements during a meeting and they leave with its end, so
the last day of the meeting, which the head names, dates the statement (docs/decisions/0004).
"""

from __future__ import annotations

import re

from sdograph import identifiers as ids
from sdograph.model import LiaisonStatement
from sdograph.sources.dates import dates_in
from sdograph.sources.liaison.labels import LABELS
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.liaison.statement import (
    AMBIGUOUS,
    FOR_REVIEW,
    LAST_DAY,
    Dated,
    assemble,
    labelled_date,
)

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
        )
    )


def _meeting_end(sheet: Sheet) -> Dated | None:
    for line in sheet.opening:
        for date in dates_in(line.text):
            if not date.has_day:
                continue
            return Dated(
                date.last,
                " ".join(line.text[date.start : date.stop].split()),
                line.locator,
                FOR_REVIEW if date.ambiguous else 0.7,
                AMBIGUOUS if date.ambiguous else LAST_DAY,
            )
    return None


def _interpret(sheet: Sheet, contacts: bool) -> LiaisonStatement:
    return assemble(
        sheet,
        layout=LAYOUT.name,
        labels=LABELS,
        date=labelled_date(sheet) or _meeting_end(sheet),
        of_3gpp=True,
        contacts=contacts,
    )


LAYOUT = Layout(name="3gpp", signs=_signs, interpret=_interpret)
