"""Drafts of replies as Word documents, each in the layout of its house."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from sdograph.export.values import clean
from sdograph.followup.reply import Draft
from sdograph.model import AnnouncedMeeting

#: Characters that a property of the document itself may have.
_MAX_PROPERTY = 255
_TO_FILL_IN = "[to be filled in]"


def write(draft: Draft) -> bytes:
    """The draft as the bytes of a .docx file; signs that XML cannot hold are left out."""
    draft = _cleaned(draft)
    document = Document()
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(10)
    document.core_properties.title = draft.title[:_MAX_PROPERTY]
    document.core_properties.author = draft.group.label[:_MAX_PROPERTY]
    _HOUSES[draft.house](document, draft)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(map(_cleaned, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _cleaned(getattr(value, f.name)) for f in fields(value)})
    return value


# --- the houses


def _3gpp(document: Word, draft: Draft) -> None:
    """Meeting and number, labels with tabs, then description, actions and meetings."""
    meeting = draft.meetings[0] if draft.meetings else None
    _line(
        document, f"{draft.group.label} Meeting {meeting.name if meeting else '[number]'}", draft.number or ""
    )
    if meeting is None:
        _line(document, "[place, days of the meeting]")
        _label(document, "Date", _day(draft.date))
    else:
        _line(document, ", ".join(p for p in (meeting.place, _days(meeting)) if p))
    document.add_paragraph()
    for name, value in (
        ("Title", draft.title),
        ("Response to", draft.answered.words()),
        ("Release", ", ".join(draft.releases)),
        ("Work Item", ", ".join(draft.work_items)),
    ):
        _label(document, name, value)
    document.add_paragraph()
    for name, value in (
        ("Source", draft.group.label), ("To", ", ".join(draft.to)), ("Cc", ", ".join(draft.cc)),
    ):  # fmt: skip
        _label(document, name, value)
    document.add_paragraph()
    _label(document, "Contact person", "")
    _label(document, "Send any reply LS to", "[liaisons coordinator of 3GPP]")
    document.add_paragraph()
    _label(document, "Attachments", "None")
    _text(document, draft)
    _sections(document, draft, f"3 Dates of next {draft.group.label} meetings", draft.meetings)


def _etsi(document: Word, draft: Draft) -> None:
    """A table of labels under LIAISON STATEMENT, then description, actions and meetings."""
    _heading(document, "LIAISON STATEMENT")
    rows = [
        ("Title:", [draft.title]),
        ("Date:", [_day(draft.date)]),
        ("From (source):", [draft.group.label]),
        ("Contact(s):", [""]),
        ("To:", draft.to),
        ("Copy to:", draft.cc or ["n/a"]),
        ("Response to:\n(if applicable)", [draft.answered.words()]),
    ]
    rows += [("Release:", [", ".join(draft.releases)])] if draft.releases else []
    rows += [("Work item(s):", [", ".join(draft.work_items)])] if draft.work_items else []
    _table(document, [*rows, ("Attachments:\n(if applicable)", ["none"])])
    _text(document, draft)
    _sections(document, draft, "3 Date of next meetings of the originator", draft.meetings)


def _itu_t(document: Word, draft: Draft) -> None:
    """The table of the sector: addressees by purpose, approval, deadline, contact, abstract."""
    _heading(document, "INTERNATIONAL TELECOMMUNICATION UNION")
    _line(document, "TELECOMMUNICATION STANDARDIZATION SECTOR")
    _heading(document, "LIAISON STATEMENT")
    rows = [
        ("Question(s):", [""]),
        ("Date:", [_day(draft.date)]),
        ("Source:", [draft.group.label]),
        ("Title:", [draft.title]),
        ("In response to:", [draft.answered.words()]),
        # An answer that asks nothing yet is for information.
        ("For action to:", [""]),
        ("For comment to:", [""]),
        ("For information to:", ["; ".join(draft.to)]),
        ("Copy for information to:", ["; ".join(draft.cc)]),
    ]
    rows += [("Release:", [", ".join(draft.releases)])] if draft.releases else []
    rows += [("Work item(s):", [", ".join(draft.work_items)])] if draft.work_items else []
    _table(
        document,
        [
            *rows,
            ("Approval:", [_TO_FILL_IN]),
            ("Deadline:", ["N/A"]),
            ("Contact:", [""]),
            ("Abstract:", [""]),
        ],
    )
    _text(document, draft)
    _sections(document, draft, "3 Dates of next meetings", draft.meetings)


def _iso_iec(document: Word, draft: Draft) -> None:
    """The cover page of a committee: document type, title, source, date, expected action."""
    _heading(document, f"{draft.group.label} N")
    rows = [
        ("Document type:", ["Liaison statement"]),
        ("Title:", [draft.title]),
        ("Status:", [_TO_FILL_IN]),
        ("Date of document:", [draft.date.isoformat()]),
        ("Source:", [draft.group.label]),
        ("To:", ["; ".join(draft.to)]),
        ("Cc:", ["; ".join(draft.cc)]),
        ("In response to:", [draft.answered.words()]),
    ]
    rows += [("Release:", [", ".join(draft.releases)])] if draft.releases else []
    rows += [("Project:", [", ".join(draft.work_items)])] if draft.work_items else []
    _table(document, [*rows, ("Email of secretary:", [""])])
    _text(document, draft)
    _sections(document, draft, "3 Dates of next meetings", draft.meetings)


def _letter(document: Word, draft: Draft) -> None:
    """A letter with a labelled head, for houses whose form is not known."""
    _heading(document, draft.group.label)
    _heading(document, "LIAISON STATEMENT")
    for name, value in (
        ("Subject", draft.title),
        ("Date", _day(draft.date)),
        ("From", draft.group.label),
        ("To", "; ".join(draft.to)),
        ("Cc", "; ".join(draft.cc)),
        ("In response to", draft.answered.words()),
        ("Release", ", ".join(draft.releases)),
        ("Work item", ", ".join(draft.work_items)),
    ):
        if value:
            _label(document, name, value)
    _text(document, draft)
    _sections(document, draft, "3 Dates of next meetings", draft.meetings)


_HOUSES: dict[str, Callable[[Word, Draft], None]] = {
    "3gpp": _3gpp,
    "etsi": _etsi,
    "itu-t": _itu_t,
    "iso-iec": _iso_iec,
    "letter": _letter,
}


# --- what they have in common


def _text(document: Word, draft: Draft) -> None:
    """The description: thanks, and each thing asked as a heading to answer."""
    document.add_heading("1 Overall description", level=1)
    thanked = ", ".join(party.label for party in draft.answered.senders)
    number = f" {draft.answered.number}" if draft.answered.number else ""
    document.add_paragraph(f"{draft.group.label} thanks {thanked} for the liaison statement{number}.")
    for n, asked in enumerate(draft.asked, 1):
        # In quotation marks, so that whoever reads it does not take it for a request of the reply.
        quoted = asked.replace("“", "‘").replace("”", "’").replace('"', "'")
        document.add_heading(f"Answer {n}: “{quoted}”", level=2)
        document.add_paragraph("[answer]")
    if not draft.asked:
        document.add_paragraph("[answer]")


def _sections(document: Word, draft: Draft, heading: str, meetings: Sequence[AnnouncedMeeting]) -> None:
    document.add_heading("2 Actions", level=1)
    document.add_paragraph(f"To {', '.join(draft.to)}:")
    document.add_paragraph("ACTION:\t")
    document.add_heading(heading, level=1)
    for meeting in meetings:
        document.add_paragraph("\t".join((meeting.name, _days(meeting), meeting.place or "")))
    if not meetings:
        document.add_paragraph("[name, days, place]")


def _heading(document: Word, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True


def _line(document: Word, *parts: str) -> None:
    document.add_paragraph().add_run("\t".join(parts)).bold = True


def _label(document: Word, name: str, value: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(4)
    paragraph.paragraph_format.first_line_indent = Cm(-4)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(4))
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.add_run(f"{name}:").bold = True
    paragraph.add_run(f"\t{value}")


def _table(document: Word, rows: Iterable[tuple[str, Iterable[str]]]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for name, values in rows:
        label, value = table.add_row().cells
        label.paragraphs[0].add_run(name).bold = True
        first, *more = values
        value.paragraphs[0].add_run(first)
        for text in more:
            value.add_paragraph(text)
    for column, width in zip(table.columns, (Cm(4), Cm(12)), strict=True):
        for cell in column.cells:
            cell.width = width


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _days(meeting: AnnouncedMeeting) -> str:
    """ "4 December 2023", "4 - 8 December 2023", "30 November 2023 - 2 December 2023", "December 2023"."""
    begin, end = meeting.begin or "", meeting.end or meeting.begin or ""
    if len(begin) != 10 or len(end) != 10:
        return _written(begin)
    first, last = date.fromisoformat(begin), date.fromisoformat(end)
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} - {_day(last)}"
    return f"{_day(first)} - {_day(last)}"


def _written(text: str) -> str:
    if len(text) == 10:
        return _day(date.fromisoformat(text))
    return f"{date.fromisoformat(f'{text}-01'):%B %Y}" if len(text) == 7 else text
