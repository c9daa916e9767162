"""A letter without a form: letterhead, date line, address, "Dear …", text, signature.

Its fields are read from place and wording, less surely than from labels, and each says so; what a letter does
not say stays empty.
"""

from __future__ import annotations

from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.liaison.wording import (
    add_address,
    add_addressees,
    add_date_line,
    add_letterhead,
    add_signature,
    add_subject,
    salutation,
)


def _signs(sheet: Sheet) -> int:
    if salutation(sheet) is None:
        return 0
    return 2 + 2 * ("sender" not in sheet.fields) + 2 * ("to" not in sheet.fields)


def _complete(sheet: Sheet) -> None:
    add_subject(sheet)
    add_date_line(sheet)
    add_address(sheet)
    add_addressees(sheet, sheet.values("title"))
    add_signature(sheet)
    add_letterhead(sheet)


LAYOUT = Layout(name="letter", signs=_signs, complete=_complete, needs=frozenset(("title", "sender")))
