"""The page that the Datatracker shows of a statement."""

from __future__ import annotations

import html

from .sheets import Fields, Line, Paragraph, Sheet


def tracker(sheet: Sheet) -> str:
    """A page of the Datatracker around the fields: navigation, tables of rows, preformatted text, footer."""
    title = next(b.text for b in sheet.blocks[1:] if isinstance(b, Line))
    rows = "".join(
        f'<tr><th scope="row"></th><th scope="row">{html.escape(row.label)}</th><td></td><td>'
        + "<br>\n".join(html.escape(value) for value in row.values)
        + "</td></tr>\n"
        for block in sheet.blocks
        if isinstance(block, Fields)
        for row in block.rows
    )
    body = "\n\n".join(html.escape(b.text) for b in sheet.blocks if isinstance(b, Paragraph))
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title></head><body>"
        '<a class="visually-hidden" href="#content">Skip to main content</a>'
        "<nav><ul><li>Groups</li><li>Documents</li>"
        "<li>Meetings</li><li>Other</li><li>To top</li></ul></nav>"
        '<main id="content"><h1>Liaison statement<br>'
        f'<small class="text-body-secondary">{html.escape(title)}</small></h1>'
        "<p>Additional information about IETF liaison relationships is available on the "
        "<a href='/'>IETF webpage</a> and the Internet Architecture Board liaison webpage.</p>"
        f'<table class="table table-sm table-striped"><tbody class="meta align-top">{rows}'
        f'<tr><th></th><th scope="row">Body</th><td></td><td><pre class="pasted">{body}</pre></td></tr>'
        "</tbody></table></main>"
        "<footer><p>About | IETF Datatracker | Version 12.3.0 | Report a bug</p></footer></body></html>\n"
    )
