"""The IETF's form: a page of its Datatracker, saved or as text, or the mail that the Datatracker sends.

Labels are Submission (Submitted) Date, From (Group), To (Groups), Purpose, Deadline, Attachments, Body; the
title has no label on a page.
"""

from __future__ import annotations

import re

from sdograph.sources.liaison.labels import folded
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Field, Line, Sheet

_OWN_LABELS = frozenset(
    ("submission date", "submitted date", "from group", "from groups", "to group", "to groups", "from "
        "contact",
     "to contacts", "response contact", "reponse contact", "please reply by",
     "response contacts", "technical contact", "technical contacts",
     "body",
     "url of the ietf web page", "referenced liaison", "state", "liaisons referring to this")
)  # fmt: skip
#: With the day of submission they tell a notice that the tool sends or shows.
_OF_NOTICE = frozenset(
    ("body", "response contact", "reponse contact", "please reply by", "purpose", "deadline")
)
_HEADING = re.compile(r"\s*(?:New\s+)?Liaison\s+statement\b\s*(?:[:–-]\s*(?P<title>\S.*))?", re.IGNORECASE)
_SITE = re.compile(r"\bdatatracker\b|\bIETF\b", re.IGNORECASE)


def _signs(sheet: Sheet) -> int:
    labels = {folded(f.label) for fields in sheet.fields.values() for f in fields}
    notice = bool({"submission date", "submitted date"} & labels and labels & _OF_NOTICE)
    return (
        4 * notice
        + min(len(labels & _OWN_LABELS), 6)
        + any(_SITE.search(line.text) for line in sheet.top[:30])
    )


def _complete(sheet: Sheet) -> None:
    if sheet.values("title"):
        return
    lines = [line for line in sheet.opening if line.words]
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        match = _HEADING.fullmatch(line.text)
        if match is None:
            continue
        title = Line(match["title"], line.locator) if match["title"] else below
        if title is not None and not _HEADING.fullmatch(title.text):
            title = Line(re.sub(r"\s*[|·-]\s*(?:IETF\s+)?Datatracker\s*$", "", title.text), title.locator)
            sheet.fields["title"] = [Field("", lines=[title], rule="heading of the page", confidence=0.95)]
            return


LAYOUT = Layout(
    name="ietf", signs=_signs, complete=_complete, needs=frozenset(("title", "sender")), body="IETF"
)
