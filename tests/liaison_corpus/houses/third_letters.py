"""Third split: letterheads and forms of other organizations."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import TEXT, WORD
from ..drawing import Drawer
from ..names import ETSI, IETF, JTC1, LAWFUL, OTHERS, STUDY_GROUPS, THREEGPP, TSGS, Name
from ..sheets import Bullets, Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth, purposes
from .third_words import asking, cited, numbers, parties, row, told, topic

LETTER = (*WORD, "pdf", "txt-columns", "txt-tabs", "eml-attached")
FORM = (*WORD, *TEXT, "pdf", "zip")
RECEIVERS = (*THREEGPP, *TSGS, LAWFUL, *ETSI[:9], *STUDY_GROUPS, *JTC1[:7])


def broadband_forum(d: Drawer) -> Draft:
    """An addressee block with chairs, the copies at the end, a reference of the forum's own."""
    receivers: list[Name] = d.some((*IETF, *STUDY_GROUPS, *THREEGPP[:6]), 1, 2)
    to = parties(d, receivers, 0)
    copy = Party("TMF", "TM Forum") if d.chance(0.4) else None
    cc = (copy,) if copy else ()
    day = d.day("2019-03-01", "2025-10-31")
    number = f"LIAISE-{d.number(300, 790)}"
    about = topic(d)
    title = f"Broadband Forum interest in {about}"
    specs = cited(d, ("IETF", "ITU-T"), 0, 2)
    text, action = asking(d, "The Broadband Forum", to)
    sheet = Sheet(subject=title, footer=["5177 Brandin Court, Fremont, CA 94538 USA, www.example.org"])
    sheet.add(
        Line("Broadband Forum"), Line(dates.written(day, d.one(("September 18, 2023", "Sept. 18th, 2023"))))
    )
    for n, one in enumerate(to):
        sheet.add(Line(f"{'To: ' if n == 0 else '    '}Jane Example, {one.text} Chair, jane{n}@example.org"))
    if copy:
        sheet.add(Line(f"Cc: Joe Example, {copy.text}, joe@example.org"))
    sheet.add(
        Line(f"Subject: {title}"),
        Line("Dear Jane,"),
        *(Paragraph(p) for p in told(d, "The Broadband Forum", about, specs)),
        Paragraph(text),
        Paragraph("Your consideration is greatly appreciated."),
        Line("Sincerely,"),
        Line("Ann Example, Broadband Forum Technical Committee Chair"),
        Line("Liaisons at Broadband Forum, liaisons@example.org"),
        Line(f"Broadband Forum Reference: {number}"),
        Line("Date of Upcoming Broadband Forum Meetings"),
        Paragraph("A list of upcoming meetings can be found on the web pages of the forum."),
    )
    return Draft(
        sheet=sheet,
        carriers=LETTER,
        stem="forum",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party("BBF", "Broadband Forum"),),
            to=to,
            cc=cc,
            number=(number,),
            purpose=purposes(to, cc),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def o_ran(d: Drawer) -> Draft:
    """A form close to that of 3GPP, but with the alliance's own labels and numbers."""
    group = d.one(("WG11", "WG2", "WG4", "WG6"))
    receivers = d.some((*THREEGPP[2:11], *ETSI[:5], OTHERS[1]), 1, 3)
    to = parties(d, receivers, d.number(0, 1))
    day = d.day("2020-03-01", "2025-10-31")
    number = f"O-RAN.{group}.LS-{day.year}.{d.number(1, 40):03d}"
    about = topic(d)
    title = f"LS on {about}"
    specs = cited(d, ("3GPP", "ETSI"), 0, 2)
    due = day + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.4) else None
    text, action = asking(d, f"O-RAN {group}", to, due)
    sheet = Sheet(subject=title, header=["O-RAN ALLIANCE e.V., Buschkauler Weg 27, 53347 Alfter, Germany"])
    sheet.add(Line("O-RAN ALLIANCE Liaison Statement"))
    sheet.head(
        [
            values("LS reference", number),
            values("Title", title),
            values("Source", f"O-RAN ALLIANCE {group}"),
            values("To", *row(d, to, (", ", "\n", "; "))),
            values("CC", d.one(("-", "N/A", "None"))),
            values("Date", dates.written(day, d.one(dates.CLEAR))),
            values("Contact person", "Jane Example, liaison-officer@example.org"),
            values("Response to", "N/A"),
        ]
    )
    sheet.add(
        Heading("1", "Introduction"),
        *(Paragraph(p) for p in told(d, f"O-RAN {group}", about, specs)),
        Heading("2", "Requested actions"),
        Paragraph(text),
        Heading("3", "Confidentiality"),
        Paragraph("This statement may be published by its recipients."),
    )
    return Draft(
        sheet=sheet,
        carriers=FORM,
        stem="oran",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(f"O-RAN-{group}", f"O-RAN ALLIANCE {group}"),),
            to=to,
            number=(number,),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def one_m2m(d: Drawer) -> Draft:
    """A table with asterisks behind the labels and boxes for the purpose."""
    to = parties(d, d.some((*STUDY_GROUPS, *ETSI[:6], *TSGS, *OTHERS[5:7]), 1, 2), 0)
    day = d.day("2014-03-01", "2024-10-31")
    number = f"TP-{day.year}-{d.number(1, 280):04d}R{d.number(1, 4):02d}"
    about = topic(d)
    title = f"oneM2M Liaison on {about}"
    action_wanted = d.chance(0.6)
    boxes = "☒ Action ☐ Information" if action_wanted else "☐ Action ☒ Information"
    specs = cited(d, ("ETSI", "ITU-T"), 0, 2)
    sheet = Sheet(subject=title)
    sheet.add(Line("OUTGOING LIAISON STATEMENT"))
    sheet.head(
        [
            values("Document number:*", number),
            values("Title:*", title),
            values("Source:*", "oneM2M"),
            values("To:*", *row(d, to, (", ", "\n", " and "))),
            values("Uploaded Date:*", dates.written(day, "2023-09-18")),
            values("Contact:*", "Jane Example, TP Chair, jane@example.org"),
            values("Intended purpose of document:*", boxes),
        ]
    )
    sheet.add(Line("Text:"), *(Paragraph(p) for p in told(d, "oneM2M", about, specs)))
    actions: tuple[Action, ...] = ()
    if action_wanted:
        text, action = asking(d, "oneM2M", to)
        sheet.add(Paragraph(text))
        actions = (action,)
    return Draft(
        sheet=sheet,
        carriers=FORM,
        stem=number,
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party("oneM2M", "oneM2M"),),
            to=to,
            number=(number,),
            purpose=purposes(to, purpose="action" if action_wanted else "information"),
            mentions=numbers(specs),
            actions=actions,
        ),
    )


def ieee_802(d: Drawer) -> Draft:
    """A working group of IEEE 802: receivers with their functions, "RE:", signed by its chair."""
    wg = d.one(("IEEE 802.1", "IEEE 802.11"))
    receivers = d.some((*STUDY_GROUPS[3:9], *TSGS, *JTC1[:1], *IETF[:3]), 1, 2)
    to = parties(d, receivers, 0)
    day = d.day("2012-03-01", "2025-10-31")
    about = topic(d)
    title = f"Liaison response to {to[0].text} on {about}"
    specs = cited(d, ("IETF", "3GPP"), 0, 2)
    due = day + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.5) else None
    text, action = asking(d, wg, to, due)
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"{wg} Working Group"),
        Line("IEEE 802 LAN/MAN Standards Committee"),
        Line(f"Date: {dates.written(day, d.one(('18 September 2023', 'September 18, 2023')))}"),
        Line("To:"),
        *(Line(f"Jane Example, Chair, {one.text}") for one in to),
        Line("CC: Ann Example, Secretary, IEEE-SA Standards Board; Joe Example, Chair, IEEE 802 LMSC"),
        Line(f"From: Joe Example, Chair, {wg} Working Group"),
        Line(f"RE: {title}"),
        Line("Dear colleagues,"),
        *(Paragraph(p) for p in told(d, wg, about, specs)),
        Paragraph(text),
        Line("Regards,"),
        Line("Joe Example"),
        Line(f"Chair, {wg} Working Group"),
    )
    cc = (Party(None, "IEEE-SA Standards Board"), Party(None, "IEEE 802 LMSC"))
    return Draft(
        sheet=sheet,
        carriers=(*LETTER, "html-paragraphs"),
        stem="802",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party("IEEE-802.11" if wg == "IEEE 802.11" else None, wg),),
            to=to,
            cc=cc,
            purpose=purposes(to, cc),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def tm_forum(d: Drawer) -> Draft:
    """From, to and purpose in one heading; nothing but prose below it."""
    receiver = d.one((*ETSI[:6], *THREEGPP[4:5], *STUDY_GROUPS[2:5], OTHERS[5]))
    to = (Party(receiver.id, receiver.alone[0]),)
    day = d.day("2018-03-01", "2025-10-31")
    about = topic(d)
    title = f"Liaison from TM Forum to {to[0].text}"
    specs = cited(d, ("ETSI", "3GPP"), 0, 2)
    text, action = asking(d, "TM Forum", to)
    sheet = Sheet(subject=f"{title}: {about}")
    sheet.add(
        Line(title),
        Line(dates.written(day, d.one(("18 September 2023", "18th September 2023", "September 18, 2023")))),
        Heading("", "Topic"),
        Line(about[0].upper() + about[1:]),
        Heading("", "Context"),
        *(Paragraph(p) for p in told(d, "TM Forum", about, specs)),
        Heading("", "Request"),
        Paragraph(text),
        Heading("", "Contacts"),
        Bullets(("Jane Example, collaboration manager", "Joe Example, project lead")),
    )
    return Draft(
        sheet=sheet,
        carriers=(*WORD, "pdf", "txt-columns", "html-paragraphs"),
        stem="tmf",
        truth=Truth(
            title=title,
            titles=(about, f"{title} {about}"),
            date=day.isoformat(),
            sender=(Party("TMF", "TM Forum"),),
            to=to,
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def cen_cenelec(d: Drawer) -> Draft:
    """A joint technical committee's letter with its document number and its secretariat."""
    committee, key = d.one((("CEN-CLC/JTC 21", "CEN-CLC-JTC21"), ("CEN-CLC/JTC 13", "CEN-CLC-JTC13")))
    to = parties(d, d.some((*JTC1[2:3], *JTC1[5:9], *ETSI[:2], *STUDY_GROUPS[6:8]), 1, 2), 0)
    day = d.day("2021-06-01", "2025-10-31")
    n = d.number(20, 999)
    about = topic(d)
    title = f"Liaison statement on {about}"
    specs = cited(d, ("ISO-IEC-JTC1", "ETSI"), 1, 2)
    due = day + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.5) else None
    text, action = asking(d, committee, to, due)
    written = dates.written(day, d.one(("2023-09-18", "18.09.2023", "18 September 2023")))
    doubtful = dates.swapped(day) if "." in written else None
    sheet = Sheet(subject=title)
    sheet.add(Line(f"{committee} N {n}"), Line("Secretariat: DS (Denmark)"), Line(f"Copenhagen, {written}"))
    sheet.head(
        [
            values("Liaison statement to:", *row(d, to, ("\n", "; ", " and "))),
            values("Liaison statement from:", committee),
            values("Regarding:", title),
        ]
    )
    sheet.add(
        Line("Dear liaison partner,"),
        *(Paragraph(p) for p in told(d, committee, about, specs)),
        Paragraph(text),
        Line("Yours sincerely,"),
        Line(f"Jane Example, Chair of {committee}"),
    )
    return Draft(
        sheet=sheet,
        carriers=LETTER,
        stem="jtc",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            day_or_month=doubtful,
            sender=(Party(key, committee),),
            to=to,
            number=(f"N {n}", f"{committee} N {n}"),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def nist(d: Drawer) -> Draft:
    """A letter of an authority: letterhead, address block, "Subject", comments by a day."""
    receiver = d.one((*JTC1[2:3], *JTC1[5:9], *ETSI[:2], *THREEGPP[2:3], *STUDY_GROUPS[7:8]))
    to = (Party(receiver.id, receiver.alone[0]),)
    day = d.day("2018-06-01", "2025-10-31")
    about = topic(d)
    title = about[0].upper() + about[1:]
    specs = cited(d, ("IETF", "ISO-IEC-JTC1"), 0, 2)
    due = day + datetime.timedelta(days=d.number(30, 90))
    text, action = asking(d, "NIST", to, due)
    sheet = Sheet(subject=title)
    sheet.add(
        Line("UNITED STATES DEPARTMENT OF COMMERCE"),
        Line("National Institute of Standards and Technology"),
        Line("Gaithersburg, Maryland 20899"),
        Line(dates.written(day, "September 18, 2023")),
        Line("Jane Example"),
        Line(f"Chair, {to[0].text}"),
        Line(f"Subject: {title}"),
        Line("Dear Ms. Example:"),
        Paragraph(f"This letter is sent as part of the liaison between NIST and {to[0].text}."),
        *(Paragraph(p) for p in told(d, "NIST", about, specs)),
        Paragraph(text),
        Line("Sincerely,"),
        Line("Joe Example, Chief of the Computer Security Division"),
    )
    return Draft(
        sheet=sheet,
        carriers=LETTER,
        stem="nist",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party("NIST", "National Institute of Standards and Technology"),),
            to=to,
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def gsma_group(d: Drawer) -> Draft:
    """A working group of GSMA: document number at the top, classification, numbered questions."""
    sender = d.one(OTHERS[1:5])
    code = sender.alone[0].removeprefix("GSMA ")
    receivers = d.some((*THREEGPP, *TSGS, *ETSI[:1], *ETSI[5:6]), 1, 3)
    to = parties(d, receivers, d.number(0, 3))
    day = d.day("2017-06-01", "2025-10-31")
    number = f"{code}#{d.number(10, 60)} Doc {d.number(1, 90):03d}"
    about = topic(d)
    title = f"Liaison Statement: {about}"
    specs = cited(d, ("3GPP",), 0, 2)
    due = day + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.5) else None
    text, action = asking(d, f"GSMA {code}", to, due)
    sheet = Sheet(subject=title, header=["GSM Association\tNon-confidential"], footer=["Page 1 of 1"])
    sheet.head(
        [
            values("Meeting Document", number),
            values("Document Title", title),
            values("Document Creation Date", dates.written(day, d.one(("18 September 2023", "18-Sep-2023")))),
            values("Liaison From", sender.alone[0]),
            values("Liaison To", *row(d, to, (", ", "; ", "\n"))),
            values("Liaison Cc", "None"),
            values("Security Classification", "Non-confidential"),
        ]
    )
    sheet.add(
        Heading("1", "Introduction"),
        *(Paragraph(p) for p in told(d, f"GSMA {code}", about, specs)),
        Heading("2", "Actions for the recipients"),
        Paragraph(text),
    )
    return Draft(
        sheet=sheet,
        carriers=FORM,
        stem="gsma",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=to,
            number=(number, number.split("Doc ")[1]),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


LETTER_FORMS = (broadband_forum, o_ran, one_m2m, ieee_802, tm_forum, cen_cenelec, nist, gsma_group)
