"""Third split: 3GPP statements of three periods."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import TEXT, WORD
from ..drawing import Drawer
from ..names import ETSI, LAWFUL, OTHERS, THREEGPP
from ..sheets import Draft, Field, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Meeting, Party, Truth, purposes
from .third_words import asking, cited, numbers, parties, row, shorts, told, topic

OFFICE = (*WORD, *TEXT, "pdf", "zip")
#: Groups of 2001 and what they are today.
FIRST_GROUPS = (
    Party("3GPP-SA1", "SA1"),
    Party("3GPP-SA2", "SA2"),
    Party("3GPP-SA3", "SA3"),
    Party("3GPP-SA5", "SA5"),
    Party("3GPP-CT1", "CN1"),
    Party("3GPP-CT4", "CN4"),
    Party("3GPP-RAN2", "RAN2"),
    Party("3GPP-RAN3", "RAN3"),
)
FIELDS = {"SA1": "Services", "SA2": "Architecture", "SA3": "Security", "SA5": "Telecom Management"}
PLACES_2001 = ("Phoenix, USA", "Newbury, UK", "Sydney, Australia", "Gothenburg, Sweden")
ITEMS_2010 = ("IMSProtoc4", "SAES2", "SIMTC", "LIPA_SIPTO", "eMPS")
ITEMS_2024 = ("5G_ProSe_Ph2", "UUI5", "eNPN_Ph2", "FS_6G-SEC", "AMDP_Sec")


def first_years(d: Drawer) -> Draft:
    """Of 2001: the day before the place, no release, the answered statement named in the text alone."""
    source = d.one(FIRST_GROUPS[:4])
    others = d.some([p for p in FIRST_GROUPS if p != source], 2, 4)
    to, cc = tuple(others[:1] if d.chance(0.6) else others[:2]), tuple(others[2:])
    first, last = d.week("2000-06-05", "2002-11-25")
    letter = f"S{source.text[2]}"
    number = f"{letter}-{last.year % 100:02d}{d.number(1, 700):04d}"
    about = topic(d)
    title = d.one(
        (f"Liaison Statement on {about}", f"LS to {to[0].text} on {about}", f"Response LS on {about}")
    )
    answered = None
    if title.startswith("Response"):
        group = to[0].text.replace("CN", "N").replace("SA", "S").replace("RAN", "R")
        answered = f"{group}-{last.year % 100:02d}{d.number(1, 999):04d}"
    meeting = d.number(12, 26)
    wg = f"SA WG{source.text[2]}"
    specs = cited(d, ("3GPP-2001",), 0, 2)
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"3GPP TSG {wg} {FIELDS[source.text]} — {letter}#{meeting}\t{number}"),
        Line(dates.written_range(first, last, "26 - 30 November, 2018")),
        Line(d.one(PLACES_2001)),
    )
    attached = (f"{letter}-{last.year % 100:02d}{d.number(701, 990):04d}",) if d.chance(0.5) else ()
    sheet.head(
        [
            values("Source:", wg),
            values("Title:", title),
            values("To:", ", ".join(p.text for p in to)),
            *([values("Copy:", ", ".join(p.text for p in cc))] if cc else []),
            values("Contact Person:", ""),
            values("Name:", "Jane Example"),
            values("Tel. Number:", "+44 1632 960000"),
            values("E-mail Address:", "jane@example.org"),
            values("Attachments:", *(attached or ("None",))),
        ]
    )
    sheet.add(Heading("1.", "Overall Description:"))
    if answered:
        sheet.add(Paragraph(f"{source.text} thanks {to[0].text} for the liaison statement {answered}."))
    sheet.add(*(Paragraph(p) for p in told(d, source.text, about, specs)))
    sheet.add(Heading("2.", "Actions:"))
    actions: list[Action] = []
    for one in to:
        text, action = asking(d, source.text, [one])
        sheet.add(Line(f"To {one.text} group."), Paragraph(f"ACTION:\t{text}"))
        actions.append(action)
    sheet.add(Heading("3.", f"Date of Next {source.text} Meetings:"))
    meetings: list[Meeting] = []
    for n in range(1, 3):
        begin = first + datetime.timedelta(weeks=8 * n)
        end = begin + datetime.timedelta(days=3)
        place = d.one(PLACES_2001)
        name = f"{source.text}#{meeting + n}"
        sheet.add(Line(f"{name}\t{dates.written_range(begin, end, '26 – 30 November 2018')}\t{place}"))
        meetings.append(Meeting(name=name, start=begin.isoformat(), end=end.isoformat(), place=place))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(source,),
            to=to,
            cc=cc,
            number=(number,),
            in_reply_to=((answered,),) if answered else (),
            purpose=purposes(to, cc),
            mentions=numbers(specs),
            actions=tuple(actions),
            attachments=attached,
            meetings=tuple(meetings),
        ),
    )


def around_2010(d: Drawer) -> Draft:
    """A CT group: full names of groups in the fields, one request of two halves, meetings in prose order."""
    sender = d.one([n for n in THREEGPP if "CT" in (n.id or "")])
    code = (sender.id or "").removeprefix("3GPP-")
    pool = [n for n in THREEGPP if n != sender]
    picked = d.some(pool, 2, 4)
    to, cc = parties(d, picked[:1], 3), parties(d, picked[1:], 3)
    first, last = d.week("2008-03-03", "2012-11-26")
    number = f"C{code[2]}-{last.year % 100:02d}{d.number(1, 4999):04d}"
    theirs = d.tdoc(picked[0], last.year)
    received = f"C{code[2]}-{last.year % 100:02d}{d.number(1, 4999):04d}"
    about, release = topic(d), d.number(8, 11)
    title = f"LS reply on {about}"
    items = d.some(ITEMS_2010, 1, 2)
    specs = cited(d, ("3GPP",), 0, 2)
    sheet = Sheet(subject=title)
    day_range = dates.written_range(first, last, "26th - 30th November 2018")
    sheet.add(
        Line(f"3GPP TSG CT WG{code[2]} Meeting #{d.number(50, 80)}bis\t{number}"),
        Line(f"Dresden (Germany), {day_range}\t(was {received[:-1]}9)"),
    )
    sheet.head(
        [
            values("Title:", title),
            values("Response to:", f"LS ({theirs} = {received}) from {picked[0].inner[0]}"),
            values("Release:", f"Rel-{release}"),
            values("Work Item:", " / ".join(items)),
            values("Source:", f"TSG CT WG{code[2]}"),
            values("To:", *row(d, to, (", ", "; "))),
            values("Cc:", *row(d, cc, (", ", "; "))),
            values(
                "Contact Person:",
                "Name:\tJane Example",
                "Tel. Number:\t+33 1 99 00 00 00",
                "E-mail Address:\tjane@example.org",
            ),
            values("Attachments:", "-"),
        ]
    )
    sheet.add(Heading("1.", "Overall Description"), *(Paragraph(p) for p in told(d, code, about, specs)))
    who = shorts(picked[:1])
    text, action = asking(d, code, who, wordings=("{s} kindly asks {w} to {a} and to keep {s} informed.",))
    sheet.add(Heading("2.", "Actions"), Line(f"To {to[0].text}:"), Line("ACTION:"), Paragraph(text))
    sheet.add(Heading("3.", f"Date of Next TSG CT WG{code[2]} Meetings"))
    meetings: list[Meeting] = []
    for n in range(2):
        begin = first + datetime.timedelta(weeks=7 * (n + 1))
        end = begin + datetime.timedelta(days=4)
        name, place = f"{code}#{81 + n}", d.one(("Xi'an, China", "Jacksonville, US", "Taipei, Taiwan"))
        sheet.add(Line(f"{name}, {place}, {dates.written_range(begin, end, '26 – 30 November 2018')}"))
        meetings.append(Meeting(name=name, start=begin.isoformat(), end=end.isoformat(), place=place))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, f"TSG CT WG{code[2]}"),),
            to=to,
            cc=cc,
            number=(number,),
            in_reply_to=((theirs, received),),
            releases=(f"Rel-{release}",),
            work_items=tuple(items),
            purpose=purposes(to, cc),
            mentions=numbers(specs),
            actions=(action,),
            meetings=tuple(meetings),
        ),
    )


def of_2024(d: Drawer) -> Draft:
    """Of 2024: an electronic ad hoc meeting, questions in the text, several addressees under one heading."""
    sender = d.one([n for n in THREEGPP if (n.id or "")[5:7] == "SA"])
    code = (sender.id or "").removeprefix("3GPP-")
    picked = d.some([n for n in THREEGPP if n != sender], 1, 3)
    outside = d.some([*OTHERS[:5], *ETSI[:2], LAWFUL], 0, 2)
    to, cc = shorts(picked), tuple(Party(n.id, n.alone[0]) for n in outside)
    first, last = d.week("2023-01-16", "2025-11-17")
    number = d.tdoc(sender, last.year)
    about, release = topic(d), d.number(18, 20)
    title = d.one((f"Reply LS on {about}", f"LS on {about}", f"LS to {picked[0].inner[0]} on {about}"))
    theirs, ours = d.tdoc(picked[0], last.year), d.tdoc(sender, last.year)
    reply = title.startswith("Reply")
    items = d.some(ITEMS_2024, 0, 2)
    specs = cited(d, ("3GPP", "IETF", "ETSI"), 0, 3)
    attached = d.tdoc(sender, last.year)
    sheet = Sheet(subject=title)
    sheet.header = [
        f"3GPP TSG-{code[:-1]} WG{code[-1]} Meeting #{d.number(110, 125)}Adhoc-e\t{number}",
        f"Electronic meeting, Online, {dates.written_range(first, last, '26 - 30 November, 2018')}",
    ]
    contact: Field = values("Contact person:", "Jane Example", "jane AT example DOT org")
    sheet.head(
        [
            values("Title:", title),
            values("Response to:", f"{theirs} (received as {ours})" if reply else ""),
            values("Release:", f"Release {release}"),
            values("Work Item:", ", ".join(items)),
            values("Source:", f"3GPP {code}"),
            values("To:", *row(d, to, (", ", " , "))),
            values("Cc:", *row(d, cc, (", ", " , "))),
            contact,
            values("Send any reply LS to:", "3GPP Liaisons Coordinator, mailto:liaisons@example.org"),
            values("Attachments:", attached),
        ]
    )
    sheet.add(Heading("1", "Overall description"), *(Paragraph(p) for p in told(d, code, about, specs)))
    sheet.add(Paragraph("Question 1: Is the identifier visible to the application?"))
    sheet.add(Paragraph(f"{code} answer: No, it is not (from Rel-{release} onwards)."))
    sheet.add(Heading("2", "Actions"), Line(f"To {' and '.join(p.text for p in to)}"))
    actions: list[Action] = []
    for n in range(d.number(1, 2)):
        text, action = asking(d, code, to, wordings=("{s} kindly asks {w} to {a}.", "{s} asks {w} to {a}."))
        if any(action.text == other.text for other in actions):
            continue
        sheet.add(Paragraph(f"ACTION {n + 1}: {text}"))
        actions.append(action)
    sheet.add(Heading("3", f"Dates of next TSG {code[:-1]} WG{code[-1]} meetings"))
    begin = first + datetime.timedelta(weeks=6)
    end = begin + datetime.timedelta(days=4)
    meeting = Meeting(name=f"{code}#126", start=begin.isoformat(), end=end.isoformat(), place="Jeju (Korea)")
    when = dates.written_range(begin, end, d.one(("26 – 30 November 2018", "26-30 Nov 2018")))
    sheet.add(Line(f"{meeting.name}\t{when}\t\tJeju (Korea)"))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, f"3GPP {code}"),),
            to=to,
            cc=cc,
            number=(number,),
            in_reply_to=((theirs, ours),) if reply else (),
            releases=(f"Rel-{release}",),
            work_items=tuple(items),
            purpose=purposes(to, cc),
            mentions=numbers(specs),
            actions=tuple(actions),
            attachments=(attached,),
            meetings=(meeting,),
        ),
    )


THREEGPP_FORMS = (first_years, around_2010, of_2024)
