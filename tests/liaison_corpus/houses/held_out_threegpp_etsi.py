"""Held-out forms of 3GPP and ETSI."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import TEXT, WORD
from ..drawing import Drawer
from ..names import THREEGPP
from ..sheets import Bullets, Draft, Grid, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Meeting, Party, Truth, purposes
from .etsi import SENDERS, short

OFFICE = (*WORD, *TEXT, "pdf", "html-table")


def draft_of_a_company(d: Drawer) -> Draft:
    """A draft that a company brings to the meeting, in the name of the group that is to send it."""
    sender = d.one(THREEGPP)
    to = d.addressees("3GPP", 1, 2, without=[sender])
    first, last = d.week("2020-04-06")
    number, other = d.tdoc(sender, last.year), d.tdoc(d.one(THREEGPP), last.year)
    subject = d.subject()
    title = d.one(
        (f"[DRAFT] Reply LS on {subject}", f"[Draft] LS on {subject}", f"DRAFT LS reply on {subject}")
    )
    is_reply = "eply" in title
    name = sender.inner[0]
    listed = d.listed(to, "3GPP", d.one(("comma", "lines")))
    items = d.some(
        ("FS_AIML_CN", "FS_Ambient_IoT_solutions", "NR_XR_Ph3-Core", "XRM_Ph2", "FS_NR_pos_enh2"), 1, 2
    )
    specs = d.specifications(1, 2, ("3GPP",))
    sheet = Sheet(subject=title)
    days = d.one(
        (
            dates.written_range(first, last, "November 26-30, 2018"),
            dates.written_range(first, last, "26th - 30th November 2018"),
        )
    )
    sheet.add(
        Line(f"3GPP TSG-{name} Meeting #{d.number(98, 160)}{d.one(('-e', 'AdHoc-e', '-bis-e'))}\t{number}"),
        Line(
            f"{d.one(('e-meeting', 'Electronic Meeting, Online', 'Elbonia'))}, {days}\t"
            f"{d.one(('merger of ', 'was ', 'rev of '))}{d.tdoc(sender, last.year)}"
        ),
    )
    sheet.head(
        [
            values("Title:", title),
            values("Response to:", f"LS on {subject} ({other})" if is_reply else "N/A"),
            values("Release:", "Release-18"),
            values("Work Item(s):", "; ".join(items)),
            values(
                "Source:", d.one((f"Example Corp. [to be {name}]", f"Example Corp. (to be {name})", name))
            ),
            values("To:", *listed.lines),
            values("Cc:", "-"),
            values("Contact person:", "Jane Example, jane (dot) example (at) example (dot) org"),
            values("Attachments:", "-"),
        ]
    )
    sheet.add(
        Heading("1.", "Overall Description:"), *(Paragraph(p) for p in d.description(name, subject, specs))
    )
    sheet.add(
        Heading("2.", "Actions:"),
        Line(f"To {', '.join(d.called(n) for n in to)} group{'s' if len(to) > 1 else ''}"),
    )
    whom = " and ".join(d.called(n) for n in to)
    sentence = f"{name} respectfully asks {whom} to take the above conclusions into account."
    sheet.add(Paragraph(f"ACTION: \t{sentence}"))
    start = last + datetime.timedelta(days=60)
    meeting = Meeting(
        name=f"{name}#{d.number(161, 170)}",
        start=start.isoformat(),
        place="Orlando, US",
    )
    sheet.add(Heading("3.", f"Date of Next TSG {name[:-1]} WG{name[-1]} Meetings:"))
    sheet.add(
        Line(f"{meeting.name}          {dates.written(start, '18 September 2023')}          Orlando, US")
    )
    return Draft(
        sheet=sheet,
        carriers=(*WORD, "txt-tabs", "txt-export", "zip", "pdf"),
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, name),),
            to=listed.parties,
            number=(number,),
            in_reply_to=((other,),) if is_reply else (),
            releases=("Rel-18",),
            work_items=tuple(items),
            purpose=purposes(listed.parties),
            mentions=tuple(n for _, n in specs),
            actions=(Action(to=tuple(Party(n.id, d.called(n)) for n in to), text=sentence),),
            meetings=(meeting,),
        ),
    )


def radio_group(d: Drawer) -> Draft:
    """As the RAN groups write: meetings by their long names, an action under each addressee."""
    sender = d.one([n for n in THREEGPP if "RAN" in (n.id or "")])
    to = d.some([n for n in THREEGPP if n is not sender], 1, 2)
    cc = d.some([n for n in THREEGPP if n not in (sender, *to)], 0, 3)
    first, last = d.week("2022-01-10")
    wg = sender.inner[0][-1]
    number, theirs = d.tdoc(sender, last.year), d.tdoc(to[0], last.year)
    subject = d.subject()
    title = f"Reply LS on {subject}"
    specs = d.specifications(1, 3, ("3GPP",))
    listed, copies = d.listed(to, "3GPP", "comma"), d.listed(cc, "3GPP", "comma")
    sheet = Sheet(subject=title, footer=["3GPP"])
    sheet.add(
        Line(f"3GPP TSG RAN WG{wg} #{d.number(107, 124)}{d.one(('', 'bis', '-e'))}\t\t\t{number}"), Line("")
    )
    sheet.add(
        Line(
            d.one(("Hefei, China, ", "Toulouse, France, ", "Incheon, Korea, "))
            + dates.written_range(first, last, "November 26-30, 2018")
        )
    )
    sheet.head(
        [
            values("Title:", title),
            values(
                "Response to:",
                d.one((f"LS ({theirs}) on {subject} from {d.called(to[0])}", f"{theirs}: LS on {subject}")),
            ),
            values("Release:", "Rel-19"),
            values("Work Item:", "NR_AIML_Air-Core"),
            values("Source:", f"RAN WG{wg}"),
            values("To:", *listed.lines),
            values("Cc:", *copies.lines),
            values("Contact Person:", "Jane Example"),
            values("E-mail Address:", "jane@example.org"),
            values("Send any reply LS to:", "3GPP Liaisons Coordinator, mailto:liaisons@example.org"),
        ]
    )
    sheet.add(
        Heading("1", "Overall description"),
        *(Paragraph(p) for p in d.description(f"RAN{wg}", subject, specs)),
    )
    sheet.add(Heading("2", "Actions"))
    actions = []
    for name in to:
        ask = d.one(("take the above into account in its work", "feed back on the feasibility of Option 2"))
        sentence = f"RAN{wg} respectfully asks {d.called(name)} to {ask}."
        sheet.add(Line(f"To {d.called(name)}"), Paragraph(f"ACTION: {sentence}"))
        actions.append(Action(to=(Party(name.id, d.called(name)),), text=sentence))
    sheet.add(Heading("3", f"Dates of next TSG RAN WG{wg} meetings"))
    rows, meetings = [], []
    for n in range(2):
        start = last + datetime.timedelta(days=45 + 60 * n)
        end = start + datetime.timedelta(days=4)
        label, place = (
            f"TSG-RAN WG{wg} Meeting #{125 + n}",
            d.one(("Athens, GR", "St Julians, MT", "Dallas, US")),
        )
        rows.append((label, dates.written_range(start, end, "26th - 30th November 2018"), place))
        meetings.append(Meeting(name=label, start=start.isoformat(), end=end.isoformat(), place=place))
    sheet.add(*(Line("\t".join(row)) for row in rows)) if d.chance(0.6) else sheet.add(Grid(tuple(rows)))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, f"RAN WG{wg}"),),
            to=listed.parties,
            cc=copies.parties,
            number=(number,),
            in_reply_to=((theirs,),),
            releases=("Rel-19",),
            work_items=("NR_AIML_Air-Core",),
            purpose=purposes(listed.parties, copies.parties),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            meetings=tuple(meetings),
        ),
    )


def by_purpose(d: Drawer) -> Draft:
    """An ETSI committee's own form: originator, addressees by purpose, what is requested by when."""
    sender = d.one(SENDERS)
    asked = d.addressees("ETSI", 1, 2, without=[sender])
    told = d.addressees("ETSI", 0, 3, without=[sender, *asked])
    day = d.day("2019-01-10")
    due = day + datetime.timedelta(days=d.number(30, 100))
    number = f"{short(sender)}({day.year % 100}){d.number(1, 70):03d}{d.number(1, 99):03d}"
    subject = d.subject()
    first, second = d.listed(asked, "ETSI", "lines"), d.listed(told, "ETSI", "lines")
    specs = d.specifications(1, 2, ("ETSI",))
    sheet = Sheet(
        subject=subject,
        header=[f"ETSI {sender.inner[0]}\t{number}"],
        footer=["ETSI, F-06921 Sophia Antipolis Cedex"],
    )
    sheet.add(Line("Liaison Statement"))
    sheet.head(
        [
            values("Subject", f"LS on {subject}"),
            values("Originator", sender.alone[0]),
            values("Date of approval", dates.written(day, d.one(dates.CLEAR))),
            values("Addressed to for action", *first.lines),
            values("Addressed to for information", *(second.lines or ("—",))),
            values("In reply to", "—"),
            values("Response requested by", dates.written(due, d.one(dates.CLEAR))),
            values("Contact", "Jane Example, jane@example.org"),
            values("Enclosures", f"{number.replace('(', '_').replace(')', '_')}_annex.docx"),
        ]
    )
    sheet.add(
        Heading("", "Description"), *(Paragraph(p) for p in d.description(sender.inner[0], subject, specs))
    )
    sheet.add(Bullets(("scope and terminology", "threat model", "test cases")))
    sheet.add(Heading("", "Requested actions"))
    sentence, action = d.request(sender.inner[0], asked)
    sheet.add(Paragraph(sentence))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="LS",
        truth=Truth(
            title=f"LS on {subject}",
            date=day.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=(*first.parties, *second.parties),
            either=second.parties,
            number=(number,),
            purpose=purposes(first.parties, second.parties),
            mentions=tuple(n for _, n in specs),
            attachments=(f"{number.replace('(', '_').replace(')', '_')}_annex.docx",),
            actions=(Action(to=action.to, text=action.text, deadline=due.isoformat()),),
        ),
    )


def as_meeting_document(d: Drawer) -> Draft:
    """An ETSI statement as a document of the meeting that approved it: no date but the meeting's days."""
    sender = d.one(SENDERS)
    to = d.addressees("ETSI", 1, 2, without=[sender])
    cc = d.addressees("ETSI", 0, 2, without=[sender, *to])
    first, last = d.week("2018-02-05")
    number = f"{short(sender)}({last.year % 100}){d.number(50, 80):03d}{d.number(1, 60):03d}r1"
    subject = d.subject()
    title = f"Reply to LS on {subject}"
    other = next((n for n in to if n in THREEGPP), d.one(THREEGPP))
    theirs = d.tdoc(other, last.year)
    listed, copies = d.listed(to, "ETSI", "semicolon"), d.listed(cc, "ETSI", "comma")
    specs = d.specifications(1, 2, ("ETSI", "3GPP"))
    meeting = f"{short(sender)}#{d.number(40, 90)}"
    days = dates.written_range(first, last, "26-30 Nov 2018")
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"ETSI {sender.inner[0]} {meeting}\t{number}"),
        Line(f"{d.one(('Rome, IT', 'Sophia Antipolis', 'Delft, NL'))}, {days}"),
    )
    sheet.head(
        [
            values("Source:", sender.alone[0]),
            values("Title:", title),
            values("Document for:", "Action"),
            values("To:", *listed.lines),
            *([values("Cc:", *copies.lines)] if cc else []),
            values("Reply to:", f"{theirs}"),
            values("Contact:", "Jane Example"),
        ]
    )
    name = f"ETSI {sender.inner[0]}"
    sheet.add(Heading("1", "Introduction"), *(Paragraph(p) for p in d.description(name, subject, specs)))
    sentence, action = d.request(name, to)
    sheet.add(Heading("2", "Action"), Paragraph(sentence))
    sheet.add(Heading("3", f"Next {sender.inner[0]} meetings"))
    meetings = d.meetings(short(sender), last, 2)
    for one, begin, end in meetings:
        sheet.add(Line(f"{one.name}, {dates.written_range(begin, end, '26-30 Nov 2018')}, {one.place}"))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number.replace("(", "_").replace(")", "_"),
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=listed.parties,
            cc=copies.parties,
            number=(number,),
            in_reply_to=((theirs,),),
            purpose=purposes(listed.parties, copies.parties),
            mentions=tuple(n for _, n in specs),
            actions=(action,),
            meetings=tuple(m for m, _, _ in meetings),
        ),
    )
