"""A letter without a form: letterhead, date line, address, "Subject:" or "Dear …", text, signature; or a
heading "Liaison from X to Y".

Its fields are read from place and wording, less surely than from labels, and each says so; what a letter does
not say stays empty.
"""

from __future__ import annotations

from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.opening import add_route, route_in
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.liaison.wording import (
    add_address,
    add_addressees,
    add_date_line,
    add_letterhead,
    add_signature,
    add_subject,
    has_closing,
    salutation,
    start,
)


def _signs(sheet: Sheet) -> int:
    if salutation(sheet) is None:
        if route_in(sheet.lines) is not None:
            return 2 + 2 * (not {"sender", "to"} & sheet.fields.keys())
        at = start(sheet)
        return (
            0 if at is None or sheet.values("sender") else 1 + has_closing(sheet) + ("to" not in sheet.fields)
        )
    return 2 + 2 * ("sender" not in sheet.fields) + 2 * ("to" not in sheet.fields)


def _complete(sheet: Sheet) -> None:
    add_route(sheet)
    add_subject(sheet)
    add_date_line(sheet)
    add_address(sheet)
    add_addressees(sheet, sheet.values("title"))
    add_signature(sheet)
    add_letterhead(sheet)


LAYOUT = Layout(name="letter", signs=_signs, complete=_complete, needs=frozenset(("title", "sender")))
