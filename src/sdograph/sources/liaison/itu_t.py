"""ITU-T's layout: Question(s), place and dates, Source, Title, "LIAISON STATEMENT", then For action to, For
comment to, For information to, Approval, Deadline, Contact, Abstract (ITU-T A.1 and its templates).

It has no date field: the day of approval dates the statement, else the last day of the meeting in its head.
"""

from __future__ import annotations

import re

from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.purposes import purpose_of_label
from sdograph.sources.liaison.sheet import Sheet

_SECTOR = re.compile(
    r"\bITU-T\b|\bUIT-T\b|telecommunication standardi[sz]ation sector"
    r"|normalisation des t[eé]l[eé]communications"
    r"|normalizaci[oó]n de las telecomunicaciones|^TSAG\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:SG ?\d{1,2}|COM ?\d{1,2}|TSAG|FG\S*|JCA\S*)\s?[-–]\s?\w?LS|\bLS ?/ ?[oir]\b|\bTD ?\d",
    re.IGNORECASE,
)


def _signs(sheet: Sheet) -> int:
    purposes = [f for f in sheet.fields.get("to", ()) if purpose_of_label(f)]
    head = [*sheet.opening, *sheet.values("title"), *sheet.values("number")]
    return sum(
        (
            "question" in sheet.fields,
            "approval" in sheet.fields,
            "deadline" in sheet.fields,
            "abstract" in sheet.fields,
            bool(purposes),
            any(_SECTOR.search(line.text) for line in (*sheet.opening, *sheet.values("sender"))),
            any(_NUMBER.search(line.text) for line in head),
            sheet.names(
                "sender", r"\b(?:ITU-T|UIT-T|TSAG|Study Group|Commission d|Comisi[oó]n de Estudio|SG ?\d)"
            ),
        )
    )


LAYOUT = Layout(name="itu-t", signs=_signs, needs=frozenset(("title", "sender", "to")), body="ITU-T")
