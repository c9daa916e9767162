"""ETSI's layout: "LIAISON STATEMENT", then Title, Date, From (source), Contact(s), To, Copy to, Response to.

Used by technical bodies and industry specification groups, and by oneM2M. The statement is dated by its own
Date field.
"""

from __future__ import annotations

from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Sheet


def _signs(sheet: Sheet) -> int:
    return sum(
        (
            any("liaison statement" in line.words.lower() for line in sheet.opening),
            "date" in sheet.fields,
            "sender" in sheet.fields and sheet.label("sender").lower() == "from",
            "cc" in sheet.fields and sheet.label("cc").lower().startswith("cop"),
            "sender" in sheet.fields and sheet.fields["sender"][0].remark.lower() == "(source)",
            sheet.names("sender", r"\b(?:ETSI|ISG)\b"),
        )
    )


LAYOUT = Layout(name="etsi", signs=_signs)
