"""ETSI: the form of its technical bodies."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import ALL
from ..drawing import Drawer
from ..names import ETSI, Name
from ..sheets import Bullets, Draft, Grid, Heading, Line, Paragraph, Sheet, values
from ..truth import Truth, purposes

HOUSE = "ETSI"
SENDERS = tuple(n for n in ETSI if n.id)


def short(name: Name) -> str:
    return name.inner[0].split()[-1]


def document_number(d: Drawer, name: Name, year: int) -> str:
    return f"{short(name)}({year % 100:02d}){d.number(1, 400):06d}{d.one(('', 'r1', 'r2'))}"


def form(d: Drawer) -> Draft:
    """The form "LIAISON STATEMENT" as ETSI's secretariat hands it out."""
    sender = d.one(SENDERS)
    to = d.addressees(HOUSE, 1, 3, without=[sender])
    cc = d.addressees(HOUSE, 1, 3, without=[sender, *to]) if d.chance(0.6) else []
    day = d.day("2021-01-08")
    subject = d.subject()
    title = d.one(
        ("LS to {0} on {1}", "LS on {1}", "Liaison statement to {0} on {1}", "Reply LS on {1}")
    ).format(d.called(to[0]), subject)
    written = d.one((*dates.FORMS, *dates.NUMBERS))
    swapped = dates.swapped(day) if written == dates.NUMBERS[0] else None
    source = d.sender(sender, HOUSE)
    listed = d.listed(to, HOUSE)
    copies = d.listed(cc, HOUSE)
    replies: tuple[tuple[str, ...], ...] = ()
    response = d.one(("n/a", "", "-", "N/A"))
    theirs = next((n for n in to if n.house == "3GPP"), None)
    if title.startswith("Reply") and theirs:
        other = d.tdoc(theirs, day.year)
        response, replies = (
            d.one((f"{other}", f"LS {other} on {subject}", f"{other} from {d.called(theirs)}")),
            ((other,),),
        )
    hint = d.chance(0.5)
    files = d.some(
        (f"{short(sender)}({day.year % 100})012045_Draft.docx", "Annex_A.pdf", "Gap_analysis.xlsx"), 0, 2
    )
    number = document_number(d, sender, day.year) if d.chance(0.4) else None
    sheet = Sheet(subject=title)
    if number:
        sheet.header = [number] if d.chance(0.5) else []
        if not sheet.header:
            sheet.add(Line(d.one((f"ETSI\t{number}", f"{number}", f"Document: {number}"))))
    sheet.add(Line("LIAISON STATEMENT"))
    sheet.head(
        [
            values("Title:", title),
            values("Date:", dates.written(day, written)),
            values(d.one(("From (source):", "From:", "Source:", "From (source):")), source.text),
            values("Contact(s):", "Jane Example (jane@example.org), Chair", "support@example.org"),
            values(d.one(("To:", "To:", "TO:")), *listed.lines),
            values(
                d.one(("Copy to:", "Cc:", "Copy:")),
                *(copies.lines if cc else (d.one(("-", "", "none")),)),
            ),
            values("Response to:", *(["(if applicable)"] if hint and d.chance(0.3) else []), response),
            values(
                "Attachments:",
                *(files or (("Attached document reference(s) - if applicable",) if hint else ("None",))),
            ),
        ]
    )
    specs = d.specifications(0, 3, ("ETSI", "3GPP", "ETSI"))
    sheet.add(Heading("1.", "Overall description:"))
    sheet.add(*(Paragraph(p) for p in d.description(d.called(sender), subject, specs)))
    if d.chance(0.4):
        sheet.add(
            Bullets(
                (
                    "protection against attack",
                    "use of the technology to detect attacks",
                    "testing and metrics",
                )
            )
        )
    sheet.add(Heading("2.", "Actions:"))
    actions = []
    deadline = day + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.3) else None
    for some in [to] if len(to) > 1 and d.chance(0.4) else [[n] for n in to]:
        sentence, action = d.request(f"ETSI {short(sender)}", some, deadline)
        sheet.add(Paragraph(f"To {' and '.join(d.called(n) for n in some)}: {sentence}"))
        actions.append(action)
    sheet.add(Heading("3.", "Date of next meetings of the originator:"))
    meetings = d.meetings(short(sender), day, d.number(1, 2))
    single = d.chance(0.3)
    lines = []
    found = []
    for meeting, first, last in meetings:
        when = dates.written_range(first, last, d.one(dates.RANGES))
        if single:
            when = first.isoformat()
            meeting = type(meeting)(name=meeting.name, start=meeting.start, end=None, place=meeting.place)
        found.append(meeting)
        lines.append((meeting.name, when, meeting.place or ""))
    sheet.add(*([Grid(tuple(lines))] if d.chance(0.4) else [Line("\t".join(line)) for line in lines]))
    return Draft(
        sheet=sheet,
        carriers=tuple(c for c in ALL if c not in ("eml-html",)),
        stem=f"LS_ETSI_{short(sender)}",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            day_or_month=swapped,
            sender=(source,),
            to=listed.parties,
            cc=copies.parties,
            number=(number,) if number else (),
            in_reply_to=replies,
            purpose=purposes(listed.parties, copies.parties),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            attachments=tuple(files),
            meetings=tuple(found),
        ),
    )


DEVELOPMENT = (form,)
