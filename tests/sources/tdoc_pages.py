"""TdocsByAgenda pages made by hand, for the tests of what real ones have not shown yet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

HEADINGS = ("AI", "TD#", "Type", "Doc For", "Title", "Source", "Rel", "Work Item", "Comments", "Result")


def row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td><p class=x><span>{escape(c)}</span></p></td>" for c in cells) + "</tr>\n"


def page(
    *rows: Sequence[str],
    headings: Sequence[str] = HEADINGS,
    meeting: str = "List for Meeting: S2-140E All Sessions",
    total: int | None = None,
    charset: str = "windows-1252",
    end: str = "END OF LIST",
) -> str:
    """A page of these rows; its total is right unless another is given."""
    count = sum(any(cell.startswith("S2-") and cell[3:].isdigit() for cell in cells) for cells in rows)
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html;charset={charset}">'
        "<title>Document List for meeting - Ordered by Agenda Item</title></head><body>"
        f"<table><tr><td>a notice</td></tr></table><p>{meeting}</p><table>{row(headings)}"
        f"{''.join(map(row, rows))}</table><p>{end}</p>"
        f"<p>Total documents: {count if total is None else total}</p></body></html>"
    )


def document(
    number: str,
    kind: str = "LS In",
    purpose: str = "Action",
    title: str = "LS from RAN WG2: LS on slicing",
    source: str = "RAN WG2 (R2-2000001)",
    comments: str = "",
    result: str = "",
    release: str = "Rel-17",
    work_item: str = "FS_eNS",
) -> tuple[str, ...]:
    """The cells of a row below the usual headings."""
    return ("4.1", number, kind, purpose, title, source, release, work_item, comments, result)
