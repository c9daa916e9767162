"""The cover page of committees of ISO and IEC: N-number, Document type, Title, Source, Status, Date, Expected
action, Due date, Distribution (ISO/IEC Directives, JTC 1 Supplement). Addressees may stand in the title
alone.
"""

from __future__ import annotations

import re

from sdograph.sources.liaison.labels import folded
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Field, Line, Sheet
from sdograph.sources.liaison.wording import add_addressees

_COMMITTEE = re.compile(
    r"\b(?:ISO/IEC[ /]{1,2}JTC ?\d{1,2}|(?:ISO|IEC)/(?:TC|PC) ?\d{1,3}"
    r"|CEN[-/]CLC/JTC ?\d{1,2})(?:[ /]{1,3}SC ?\d{1,2})?(?:[ /]{1,3}(?:J?WG|AG|AHG) ?\d{1,2})?"
)
_NUMBER = re.compile(r"\bN ?\d{2,6}\b")
_OWN_LABELS = frozenset(
    ("expected action", "action id", "action due date", "due date", "document type", "doc type",
     "distribution", "medium", "no of pages", "committee url", "secretariat", "convenorship",
     "date of document",
     "project number", "status")
)  # fmt: skip


def _signs(sheet: Sheet) -> int:
    labels = {folded(f.label) for fields in sheet.fields.values() for f in fields}
    top = [*sheet.opening, *sheet.values("number"), *sheet.top[:12]]
    numbered = any(_NUMBER.search(line.text) and _COMMITTEE.search(line.text) for line in top)
    return sum(
        (
            2 * numbered,
            any(_COMMITTEE.search(line.text) for line in sheet.opening),
            min(len(labels & _OWN_LABELS), 4),
            sheet.names("sender", r"\b(?:ISO|IEC|JTC ?1|SC ?\d)"),
        )
    )


def _complete(sheet: Sheet) -> None:
    if not sheet.values("sender"):
        for line in (*sheet.opening, *sheet.values("number")):
            found = _COMMITTEE.search(line.text)
            if found:
                named = Line(found[0], line.locator)
                sheet.fields["sender"] = [
                    Field("", lines=[named], rule="committee of the page", confidence=0.7)
                ]
                break
    add_addressees(sheet, sheet.values("title"))


LAYOUT = Layout(
    name="iso-iec",
    signs=_signs,
    complete=_complete,
    needs=frozenset(("title", "sender")),
    body="ISO/IEC JTC 1",
)
