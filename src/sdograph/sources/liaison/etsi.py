"""ETSI's layout: "LIAISON STATEMENT", then Title, Date, From (source), Contact(s), To, Copy to, Response to.

Used by technical bodies and industry specification groups. The statement is dated by its own Date field.
"""

from __future__ import annotations

from sdograph.model import LiaisonStatement
from sdograph.sources.liaison.labels import LABELS
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.liaison.statement import assemble, labelled_date


def _signs(sheet: Sheet) -> int:
    return sum(
        (
            any("liaison statement" in line.words.lower() for line in sheet.opening),
            "date" in sheet.fields,
            "sender" in sheet.fields and sheet.label("sender").lower() == "from",
            "cc" in sheet.fields and sheet.label("cc").lower().startswith("cop"),
        )
    )


def _interpret(sheet: Sheet, contacts: bool) -> LiaisonStatement:
    return assemble(
        sheet,
        layout=LAYOUT.name,
        labels=LABELS,
        date=labelled_date(sheet),
        of_3gpp=False,
        contacts=contacts,
    )


LAYOUT = Layout(name="etsi", signs=_signs, interpret=_interpret)
