"""Held-out forms of ISO/IEC JTC 1, of the IETF, and letters."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import HTML, TEXT, WORD
from ..drawing import Drawer
from ..names import IETF, JTC1, STUDY_GROUPS, THREEGPP, named
from ..sheets import Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth, purposes
from .ietf import OUTSIDE, slug

OFFICE = (*WORD, *TEXT, "pdf", "html-paragraphs", "eml-attached")


def working_group_output(d: Drawer) -> Draft:
    """An output document of a working group: the addressee stands in the title alone."""
    sender = d.one(JTC1[6:])
    receiver = d.one((*THREEGPP, *STUDY_GROUPS))
    day = d.day("2020-10-01")
    n = d.number(2, 1200)
    subject = d.subject()
    title = f"Liaison statement to {receiver.alone[0]} on {subject}"
    committee = sender.alone[2]
    specs = d.specifications(1, 2, ("ISO-IEC-JTC1",))
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"{committee} N{n:05d}"),
        Line(f"{committee}"),
        Line("Convenorship: JISC (Japan)"),
    )
    sheet.head(
        [
            values("Document type:", "Output Document"),
            values("Title:", title),
            values("Status:", "Approved"),
            values("Date of document:", day.isoformat()),
            values("Source:", committee),
            values("Expected action:", "None"),
            values("Action due date:", "None"),
            values("No. of pages:", "3 (without cover page)"),
            values("Email of Convenor:", "convenor@example.org"),
            values("Committee URL:", "https://www.example.org/jtc1/wg"),
        ]
    )
    sheet.add(Heading("1", "Introduction"), *(Paragraph(p) for p in d.description(committee, subject, specs)))
    party = Party(receiver.id, receiver.alone[0])
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="output",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, committee),),
            to=(party,),
            number=(f"N{n:05d}", f"N{n}", f"{committee} N{n:05d}"),
            purpose=purposes((party,), purpose=None),
            mentions=tuple(m for _, m in specs),
        ),
    )


def early_cover(d: Drawer) -> Draft:
    """The cover of about 1997 to 2010: capitals, an action identifier, a distribution."""
    sender = d.one(JTC1[:6])
    to = d.some((*STUDY_GROUPS, *JTC1[:6]), 1, 2)
    to = [n for n in to if n is not sender] or [STUDY_GROUPS[7]]
    day = d.day("1999-03-01", "2012-11-30")
    subject = d.subject()
    code, purpose = d.one((("ACT", "action"), ("COMM", "comment"), ("FYI", "information")))
    due = day + datetime.timedelta(days=75) if purpose != "information" else None
    n = d.number(1000, 9000)
    listed = d.listed(to, "ISO-IEC-JTC1", "comma")
    title = f"Liaison Statement on {subject}"
    specs = d.specifications(1, 2, ("ISO-IEC-JTC1",))
    sheet = Sheet(subject=title)
    sheet.add(Line(f"{sender.alone[0]} N {n}"), Line(f"DATE: {day.isoformat()}"))
    sheet.head(
        [
            values("DOC. TYPE", "Liaison Statement"),
            values("TITLE", title),
            values("SOURCE", f"Secretariat, {sender.alone[0]}"),
            values("TO", *listed.lines),
            values("PROJECT", "-"),
            values(
                "STATUS",
                "As per the resolution of the plenary this is sent to the organizations named above.",
            ),
            values("ACTION ID", code),
            values("DUE DATE", due.isoformat() if due else ""),
            values("DISTRIBUTION", f"P, O and L Members of {sender.alone[0]}"),
            values("NO. OF PAGES", "2"),
        ]
    )
    sheet.add(*(Paragraph(p) for p in d.description(sender.alone[0], subject, specs)))
    actions = []
    if due:
        sentence, action = d.request(sender.alone[0], to)
        sheet.add(Paragraph(sentence))
        actions.append(Action(to=action.to, text=action.text, deadline=due.isoformat()))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="n-document",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=listed.parties,
            number=(f"N {n}", f"{sender.alone[0]} N {n}"),
            purpose=purposes(listed.parties, purpose=purpose),
            mentions=tuple(m for _, m in specs),
            actions=tuple(actions),
        ),
    )


def copied_page(d: Drawer) -> Draft:
    """A page of the Datatracker as it is copied from the browser: a blank between label and value."""
    sender, to = d.one(OUTSIDE), d.some(IETF, 1, 3)
    day = d.day("2019-01-10", "2026-02-28")
    label, purpose = d.one(
        (("For information", "information"), ("For action", "action"), ("In response", "response"))
    )
    due = day + datetime.timedelta(days=60) if purpose == "action" else None
    title = f"LS on {d.subject()}"
    texts = [slug(d, n) for n in to]
    specs = d.specifications(1, 2, ("IETF",))
    sheet = Sheet(subject=title)
    sheet.add(Line("Skip to main content"), Line(""), Line("Liaison statement"), Line(title), Line(""))
    sheet.add(
        Line(
            "Additional information about IETF liaison relationships is available on the IETF webpage "
            "and the Internet Architecture Board liaison webpage."
        )
    )
    lines = [
        "State Posted",
        f"Submitted Date {day.isoformat()}",
        f"From Group {slug(d, sender)}",
        "From Contact Jane Example",
        f"To Group{'s' if len(to) > 1 else ''} {', '.join(texts)}",
        "To Contacts Jane Example <jane@example.org>",
        "John Example <john@example.org>",
        "Cc Example Discussion List <list@example.org>",
        "Jane Example <jane@example.org>",
        "Response Contact liaison@example.org",
        f"Purpose {label}",
        *([f"Deadline {due.isoformat()} Action Needed"] if due else []),
        "Attachments (None)",
        "Body",
    ]
    sheet.add(*(Line(line) for line in lines))
    sheet.add(*(Paragraph(p) for p in d.description(d.called(sender), title.removeprefix("LS on "), specs)))
    actions = []
    if due:
        sentence, action = d.request(d.called(sender), to)
        sheet.add(Paragraph(sentence))
        actions.append(Action(to=action.to, text=action.text, deadline=due.isoformat()))
    parties = tuple(Party(n.id, t) for n, t in zip(to, texts, strict=True))
    return Draft(
        sheet=sheet,
        carriers=("txt-tabs", "txt-columns", "pdf", "docx-tabs"),
        stem="liaison",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, slug(d, sender)),),
            to=parties,
            purpose=purposes(parties, purpose=purpose),
            mentions=tuple(m for _, m in specs),
            actions=tuple(actions),
        ),
    )


def statement_of_a_working_group(d: Drawer) -> Draft:
    """A statement as working groups draft it: the fields of the procedure, then the content."""
    sender, to = d.one(IETF), d.some((*STUDY_GROUPS, *THREEGPP), 1, 2)
    day = d.day("2006-01-10")
    label, purpose = d.one(
        (
            ("For Information", "information"),
            ("For Action", "action"),
            ("For Comment", "comment"),
            ("In Response", "response"),
        )
    )
    due = day + datetime.timedelta(days=60) if purpose == "action" else None
    title = f"Liaison statement on {d.subject()}"
    listed = d.listed(to, "", "comma")
    specs = d.specifications(1, 2, ("IETF",))
    sheet = Sheet(subject=title)
    sheet.head(
        [
            values("To:", *listed.lines),
            values("From:", f"IETF {sender.inner[0].upper()} Working Group"),
            values("Title:", title),
            values("Response Contact:", "chairs@example.org"),
            values("Technical Contact:", "chairs@example.org"),
            values("Purpose:", label),
            *([values("Deadline:", dates.written(due, "18 September 2023"))] if due else []),
            values("Date:", dates.written(day, d.one(dates.CLEAR))),
        ]
    )
    name = sender.inner[0].upper()
    sheet.add(
        Line("Liaison content:"),
        *(Paragraph(p) for p in d.description(name, title.removeprefix("Liaison statement on "), specs)),
    )
    actions = []
    if due:
        sentence, action = d.request(name, to)
        sheet.add(Paragraph(sentence))
        actions.append(Action(to=action.to, text=action.text, deadline=due.isoformat()))
    return Draft(
        sheet=sheet,
        carriers=("txt-tabs", "txt-columns", "eml-text", "docx-paragraphs", "html-table", "pdf"),
        stem="draft",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, name),),
            to=listed.parties,
            purpose=purposes(listed.parties, purpose=purpose),
            mentions=tuple(m for _, m in specs),
            actions=tuple(actions),
        ),
    )


def from_a_chair(d: Drawer) -> Draft:
    """IEEE 802 and others: persons with their offices before the names of the groups."""
    sender = d.one(
        (
            Party(None, "IEEE 802.1 Working Group"),
            Party("IEEE-802.11", "IEEE 802.11 Working Group"),
            Party("TMF", "TM Forum"),
            Party("MEF", "MEF"),
        )
    )
    to = d.some((*STUDY_GROUPS, *THREEGPP, named("BBF"), named("ETSI-ISG-ZSM")), 1, 2)
    day = d.day("2015-01-05")
    subject = f"Liaison response on {d.subject()}"
    names = tuple(Party(n.id, n.alone[0]) for n in to)
    specs = d.specifications(0, 2, ("3GPP", "IETF"))
    sheet = Sheet(subject=subject, header=[sender.text])
    sheet.add(Line(sender.text), Line(dates.written(day, d.one(dates.CLEAR))))
    sheet.head(
        [
            values("To:", *(f"Jane Example, Chair, {p.text}" for p in names)),
            values("CC:", "John Example, Secretary"),
            values("From:", f"Jane Example, Chair, {sender.text}"),
            values("Subject:", subject),
        ]
    )
    sheet.add(
        Line("Dear Ms Example,"),
        *(
            Paragraph(p)
            for p in d.description(sender.text, subject.removeprefix("Liaison response on "), specs)
        ),
    )
    sheet.add(Line("Respectfully submitted,"), Line("Jane Example"))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="liaison-letter",
        truth=Truth(
            title=subject,
            date=day.isoformat(),
            sender=(sender,),
            to=names,
            purpose=purposes(names, purpose=None),
            mentions=tuple(m for _, m in specs),
        ),
    )


def industry_form(d: Drawer) -> Draft:
    """A form of an industry forum: liaison to, liaison from, reference, response needed by."""
    sender = named(d.one(("oneM2M", "NGMN", "5GAA", "O-RAN", "GSMA-OPG")))
    to = d.addressees("", 1, 3, without=[sender, named("O-RAN-WG11"), named("GSMA")])
    day = d.day("2017-01-05")
    due = day + datetime.timedelta(days=60) if d.chance(0.6) else None
    subject = d.subject()
    number = f"{d.one(('TP', 'LS', 'SDS'))}-{day.year}-{d.number(1, 400):04d}"
    listed = d.listed(to, "", d.one(("lines", "semicolon")))
    specs = d.specifications(0, 2, ("3GPP", "ETSI"))
    sheet = Sheet(subject=subject, footer=["Confidentiality: none", "Page 1 of 1"])
    sheet.add(Line("LIAISON STATEMENT"))
    sheet.head(
        [
            values("Subject:*", f"LS on {subject}"),
            values("Liaison from:", sender.alone[0]),
            values("Liaison to:", *listed.lines),
            values("Document number:", number),
            values("Date:*", dates.written(day, "18-Sep-2023")),
            values(
                "Response required by:", dates.written(due, "2023-09-18") if due else "No response required"
            ),
            values("Contact:", "Jane Example (jane@example.org)"),
        ]
    )
    sheet.add(
        Heading("1", "Background"), *(Paragraph(p) for p in d.description(sender.alone[0], subject, specs))
    )
    actions = []
    if due:
        sentence, action = d.request(sender.alone[0], to)
        sheet.add(Heading("2", "Requested action"), Paragraph(sentence))
        actions.append(Action(to=action.to, text=action.text, deadline=due.isoformat()))
    return Draft(
        sheet=sheet,
        carriers=(*OFFICE, HTML[1]),
        stem="forum",
        truth=Truth(
            title=f"LS on {subject}",
            date=day.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=listed.parties,
            number=(number,),
            purpose=purposes(listed.parties, purpose="action" if actions else None),
            mentions=tuple(m for _, m in specs),
            actions=tuple(actions),
        ),
    )


def prose(d: Drawer) -> Draft:
    """A letter without a form: letterhead, date, salutation; it says who writes to whom, and little more."""
    sender = named(d.one(("NGMN", "5GAA", "CableLabs", "TMF", "BBF")))
    receiver = d.one((*THREEGPP, *STUDY_GROUPS))
    day = d.day("2016-01-05")
    title = f"Liaison statement on {d.subject()}"
    party = Party(receiver.id, receiver.alone[0])
    sheet = Sheet(subject=title)
    sheet.add(
        Line(sender.alone[0]),
        Line(dates.written(day, d.one(dates.CLEAR))),
        Line(party.text),
        Line(title),
        Line(f"Dear members of {party.text},"),
    )
    sheet.add(
        Paragraph(
            f"{sender.alone[0]} is pleased to inform {party.text} about its work on "
            f"{title.removeprefix('Liaison statement on ')}."
        )
    )
    sheet.add(Line("Kind regards,"), Line(f"Jane Example, for {sender.alone[0]}"))
    return Draft(
        sheet=sheet,
        carriers=(*WORD[3:6], "txt-tabs", "pdf"),
        stem="letter",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=(party,),
            purpose=purposes((party,), purpose=None),
        ),
    )
