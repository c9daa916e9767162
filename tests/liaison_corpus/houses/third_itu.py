"""Third split: statements of ITU-T and ITU-R."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import TEXT, WORD
from ..drawing import Drawer
from ..names import ETSI, ITU_R, ITU_T_OTHERS, JTC1, OTHERS, QUESTIONS, STUDY_GROUPS, THREEGPP, TSGS, named
from ..sheets import Bullets, Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Meeting, Party, Truth, purposes
from .third_words import asking, cited, numbers, parties, row, told, topic

OFFICE = (*WORD, *TEXT, "pdf", "eml-attached")
OUTSIDE = (*THREEGPP, *TSGS, *ETSI[:6], *JTC1[:7], *OTHERS[:8])


def recent_study_group(d: Drawer) -> Draft:
    """A study group in the period 2025-2028: its answer, the deadline in the form and not in the request."""
    group = d.one(("11", "13", "17", "20", "21"))
    sender = named(f"ITU-T-SG{group}")
    pool = [n for n in (*STUDY_GROUPS, *OUTSIDE) if n != sender]
    picked = d.some(pool, 2, 5)
    split = d.number(1, len(picked) - 1)
    to, info = parties(d, picked[:split], d.number(0, 2)), parties(d, picked[split:], d.number(0, 2))
    first, last = d.week("2025-01-20", "2025-11-17")
    number = f"SG{group}-LS{d.number(2, 90)}"
    theirs = f"{picked[0].inner[0].replace(' ', '')}-LS{d.number(3, 70)}"
    about = topic(d)
    answer = picked[0] in STUDY_GROUPS and d.chance(0.7)
    title = f"LS/r on {about} (reply to {theirs})" if answer else f"LS on {about} [to {to[0].text}]"
    questions = ", ".join(f"{n}/{group}" for n in sorted(d.some(range(1, 16), 1, 3)))
    due = last + datetime.timedelta(days=d.number(60, 150)) if d.chance(0.6) else None
    specs = cited(d, ("ITU-T", "ISO-IEC-JTC1", "3GPP"), 0, 3)
    place = d.one(("Geneva", "Virtual", "Geneva [hybrid]", "Astana"))
    approval = f"ITU-T Study Group {group} plenary (Geneva, {dates.written(last, '18 September 2023')})"
    text, action = asking(d, f"Study Group {group}", to, due, said=False)
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"INTERNATIONAL TELECOMMUNICATION UNION\t{number}"),
        Line("TELECOMMUNICATION STANDARDIZATION SECTOR"),
        Line(f"STUDY PERIOD 2025-2028\tSTUDY GROUP {group}"),
        Line("Original: English"),
    )
    sheet.head(
        [
            values(
                "Questions:",
                questions,
                aside=f"{place}, {dates.written_range(first, last, '26 – 30 November 2018')}",
            ),
            values("", "LIAISON STATEMENT"),
            values("Source:", f"ITU-T Study Group {group}"),
            values("Title:", title),
            values("For action to:", *row(d, to, ("; ", ", ", "\n", " / "))),
            values("For information to:", *row(d, info, ("; ", ", ", "\n", " / "))),
            values("Approval:", approval),
            values("Deadline:", dates.written(due, d.one(dates.CLEAR)) if due else "Not applicable"),
            values("Contact:", "Jane Example", "Example Org.", "Utopia", aside="E-mail: jane@example.org"),
            values("Abstract:", f"This LS informs about {about}."),
        ]
    )
    sheet.add(*(Paragraph(p) for p in told(d, f"SG{group}", about, specs)), Paragraph(text))
    sheet.add(Line("_" * 22))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, f"ITU-T Study Group {group}"),),
            to=(*to, *info),
            either=info,
            number=(number,),
            in_reply_to=((theirs,),) if answer else (),
            purpose=purposes(to, info),
            mentions=numbers(specs),
            actions=(action,),
            approval=approval,
        ),
    )


def advisory_group_invites(d: Drawer) -> Draft:
    """The advisory group invites all study groups: one addressee for many, several things in a list."""
    everyone = Party(None, "All ITU-T Study Groups")
    more = parties(d, d.some([*ITU_T_OTHERS[1:4], *ITU_R[:1]], 0, 2), 0)
    first, last = d.week("2022-03-07", "2025-11-17")
    number = f"TSAG-LS{d.number(1, 60)}"
    about = d.one(("ITU-T work on metaverse", "streamlining of Resolutions", "use of AI in study groups"))
    title = f"LS on {about} [to all ITU-T study groups]"
    due = last + datetime.timedelta(days=d.number(60, 150))
    by = dates.written(due, "18 September 2023")
    invites = f"TSAG invites all ITU-T study groups to report on their activities on {about} by {by}."
    sheet = Sheet(subject=title)
    sheet.add(
        Line("International Telecommunication Union"),
        Line(f"Telecommunication Standardization Advisory Group\t{number}"),
    )
    sheet.head(
        [
            values(
                "Question(s):",
                "N/A",
                aside=f"Geneva, {dates.written_range(first, last, '26-30 Nov 2018')}",
            ),
            values("Source:", "TSAG"),
            values("Title:", title),
            values("For action:", everyone.text),
            values("For information:", *(row(d, more, ("; ", "\n")) if more else ["-"])),
            values("Approval:", f"TSAG meeting (Geneva, {dates.written(last, '18 September 2023')})"),
            values("Deadline:", by),
            values("Contact:", "Jane Example", "TSAG Chair"),
        ]
    )
    sheet.add(
        Paragraph("TSAG met in plenary and considered the reports of its rapporteur groups."),
        Paragraph(invites),
        Paragraph("Topics of particular interest are:"),
        Bullets(("work items created since the last meeting;", "joint activities;", "gaps seen by members.")),
        Paragraph("TSAG looks forward to continuing the good cooperation."),
    )
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party("TSAG", "TSAG"),),
            to=(everyone, *more),
            either=more,
            number=(number,),
            purpose=purposes((everyone,), more),
            actions=(Action(to=(everyone,), text=invites, deadline=due.isoformat()),),
            approval=f"TSAG meeting (Geneva, {dates.written(last, '18 September 2023')})",
        ),
    )


def by_resolution_1(d: Drawer) -> Draft:
    """The list of Resolution 1 in capitals: the addressees in one line, what for in another."""
    group = d.one(("5", "12", "13", "16", "17"))
    sender = named(f"ITU-T-SG{group}")
    pool = [n for n in (*STUDY_GROUPS, *TSGS, *ITU_R[:2], *JTC1[:4]) if n != sender]
    to = parties(d, d.some(pool, 2, 3), 0)
    day = d.day("2001-02-05", "2012-11-30")
    due = day + datetime.timedelta(days=d.number(60, 120))
    about = topic(d)
    title = f"Request for comments on {about}"
    specs = cited(d, ("ITU-T",), 0, 2)
    text, action = asking(d, f"Study Group {group}", to[:1], due, said=False)
    approval = f"Agreed to at the meeting of Study Group {group}"
    sheet = Sheet(subject=title)
    sheet.add(Line("LIAISON STATEMENT"))
    sheet.head(
        [
            values("QUESTIONS :", f"{d.number(1, 9)}/{group} and {d.number(10, 16)}/{group}"),
            values("SOURCE :", f"ITU-T Study Group {group}"),
            values("MEETING :", f"Geneva, {dates.written(day, '18 September 2023')}"),
            values("SUBJECT :", title),
            values("TO :", ", ".join(p.text for p in to)),
            values("APPROVAL :", approval),
            values("FOR :", f"{to[0].text} for action; others for information"),
            values(
                "DEADLINE :", f"Reply by {dates.written(due, d.one(('18 September 2023', '18 Sep 2023')))}"
            ),
            values("CONTACT :", "Jane Example, Tel. +41 22 000 00 00, E-mail: jane@example.org"),
        ]
    )
    sheet.add(*(Paragraph(p) for p in told(d, f"Study Group {group}", about, specs)), Paragraph(text))
    return Draft(
        sheet=sheet,
        carriers=(*WORD, *TEXT, "pdf", "html-paragraphs"),
        stem="liaison",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, f"ITU-T Study Group {group}"),),
            to=to,
            either=to[1:],
            purpose={p.key: "action" if p is to[0] else "information" for p in to},
            mentions=numbers(specs),
            actions=(action,),
            approval=approval,
        ),
    )


def focus_group(d: Drawer) -> Draft:
    """An output document of a focus group, with a purpose and key words."""
    sender = d.one(ITU_T_OTHERS[1:3])
    code = sender.alone[0].removeprefix("ITU-T FG").strip("- ")
    to = parties(d, d.some([*QUESTIONS, *STUDY_GROUPS[4:8], *TSGS, *OTHERS[5:8]], 1, 3), 0)
    first, last = d.week("2018-02-05", "2022-11-28")
    number = f"FG{code}-O-{d.number(1, 60):03d}"
    about = topic(d)
    title = f"Liaison statement on the outcome of FG {code}: {about}"
    specs = cited(d, ("ITU-T", "ETSI"), 0, 2)
    text, action = asking(d, f"FG-{code}", to)
    sheet = Sheet(subject=title, footer=[f"Contact: Jane Example, FG-{code}"])
    sheet.add(
        Line(f"ITU-T Focus Group {code}\t{number}"),
        Line("TELECOMMUNICATION STANDARDIZATION SECTOR\tOriginal: English"),
        Line(f"Virtual, {dates.written_range(first, last, '26-30 Nov 2018')}"),
        Line("OUTPUT DOCUMENT"),
    )
    sheet.head(
        [
            values("Source:", f"ITU-T FG-{code}"),
            values("Title:", title),
            values("Purpose:", "Liaison"),
            values("Addressed to:", *row(d, to, (", ", "; ", "\n"))),
            values("Contact:", "Jane Example", "E-mail: jane@example.org"),
            values("Keywords:", "Focus group; outcome; use cases"),
            values("Abstract:", "This document contains a liaison statement."),
        ]
    )
    sheet.add(
        Heading("1", "Progress"),
        *(Paragraph(p) for p in told(d, f"FG-{code}", about, specs)),
        Heading("2", "Way forward"),
        Paragraph(text),
    )
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, f"ITU-T FG-{code}"),),
            to=to,
            number=(number,),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


# --- ITU-R


def working_party_out(d: Drawer) -> Draft:
    """A working party writes to a study group of the other sector, the copies in brackets in the heading."""
    sender = d.one(ITU_R[:2])
    wp = sender.alone[0].removeprefix("ITU-R WP ")
    receiver = d.one((*STUDY_GROUPS, *TSGS, *ETSI[:3]))
    copies = parties(d, d.some([n for n in STUDY_GROUPS if n != receiver], 0, 2), 1)
    to = Party(receiver.id, receiver.alone[1 % len(receiver.alone)])
    day = d.day("2010-02-15", "2025-10-20")
    document = f"{wp}/{d.number(20, 1600)}-E"
    temp = f"{wp}/TEMP/{d.number(10, 700)}"
    about = topic(d)
    copied = f" (copy to {' and '.join(p.text for p in copies)} for information)" if copies else ""
    heading = f"LIAISON STATEMENT TO {to.text.upper()}{copied}"
    subject = about[0].upper() + about[1:]
    specs = cited(d, ("ITU-R", "3GPP"), 0, 3)
    due = day + datetime.timedelta(days=d.number(50, 120)) if d.chance(0.5) else None
    text, action = asking(d, f"Working Party {wp}", [to], due)
    sheet = Sheet(subject=f"Liaison: {about}", header=["- 2 -", document])
    sheet.add(
        Line(f"Radiocommunication Study Groups\tDocument {document}"),
        Line(
            f"{d.number(20, 50)}th meeting of Working Party {wp}\t{dates.written(day, '18 September 2023')}"
        ),
        Line("\tEnglish only"),
        Line(f"Source: Document {temp}(Rev.1)"),
        Line(f"Working Party {wp}"),
        Line(heading),
        Line(subject),
    )
    sheet.add(*(Paragraph(p) for p in told(d, f"WP {wp}", about, specs)), Paragraph(text))
    if due:
        sheet.add(Paragraph(f"The next meeting of Working Party {wp} starts shortly after that day."))
    sheet.head([values("Contact:", "Jane Example", aside="E-mail: jane@example.org")])
    return Draft(
        sheet=sheet,
        carriers=(*WORD, "pdf", "txt-tabs", "txt-columns", "html-paragraphs"),
        stem="R-LS",
        truth=Truth(
            title=f"{heading} – {subject}",
            titles=(heading, subject),
            date=day.isoformat(),
            sender=(Party(sender.id, f"Working Party {wp}"),),
            to=(to,),
            cc=copies,
            number=(document, document.removesuffix("-E"), f"Document {document}"),
            purpose=purposes((to,), copies),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def working_party_form(d: Drawer) -> Draft:
    """The same with the facts in a table; the text names the received statement by the number it got here."""
    sender = d.one(ITU_R[:2])
    wp = sender.alone[0].removeprefix("ITU-R WP ")
    receivers = d.some((*TSGS, *STUDY_GROUPS[:5], *OTHERS[5:12]), 1, 2)
    to = parties(d, receivers, 0)
    day = d.day("2019-02-15", "2025-10-20")
    document = f"{wp}/{d.number(20, 1600)}-E"
    received = f"{wp}/{d.number(20, 1600)}"
    about = topic(d)
    subject = f"Reply liaison statement on {about}"
    specs = cited(d, ("ITU-R",), 1, 2)
    text, action = asking(d, f"Working Party {wp}", to)
    begin = day + datetime.timedelta(days=d.number(90, 120))
    end = begin + datetime.timedelta(days=8)
    meeting = f"WP {wp} #{d.number(51, 60)}"
    sheet = Sheet(subject=subject)
    sheet.add(
        Line("Radiocommunication Study Groups"), Line(f"INTERNATIONAL TELECOMMUNICATION UNION\t{document}")
    )
    sheet.head(
        [
            values("Document", document),
            values("Date", dates.written(day, "18 September 2023")),
            values("Original", "English"),
            values("From", f"Working Party {wp}"),
            values("Addressee(s)", *row(d, to, ("; ", "\n", ", "))),
            values("Subject", subject),
            values("Contact", "Jane Example, Counsellor"),
        ]
    )
    sheet.add(
        Paragraph(
            f"WP {wp} thanks {to[0].text} for its liaison statement (Document {received}) on this topic."
        ),
        *(Paragraph(p) for p in told(d, f"WP {wp}", about, specs)),
        Paragraph(text),
        Heading("", "Next meeting"),
        Line(f"{meeting}: {dates.written_range(begin, end, '26 – 30 November 2018')}, Geneva"),
    )
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="R-reply",
        truth=Truth(
            title=subject,
            date=day.isoformat(),
            sender=(Party(sender.id, f"Working Party {wp}"),),
            to=to,
            number=(document, document.removesuffix("-E"), f"Document {document}"),
            in_reply_to=((received, f"Document {received}"),),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
            meetings=(Meeting(name=meeting, start=begin.isoformat(), end=end.isoformat(), place="Geneva"),),
        ),
    )


ITU_T_FORMS = (recent_study_group, advisory_group_invites, by_resolution_1, focus_group)
ITU_R_FORMS = (working_party_out, working_party_form)
