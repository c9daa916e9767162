"""Third split: ISO/IEC JTC 1 and the IETF."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import TEXT, WORD
from ..drawing import Drawer
from ..names import ETSI, IETF, JTC1, OTHERS, QUESTIONS, STUDY_GROUPS, THREEGPP
from ..sheets import Bullets, Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Party, Truth, purposes
from .third_words import asking, cited, numbers, parties, row, told, topic

OFFICE = (*WORD, *TEXT, "pdf", "html-paragraphs")
RECEIVERS = (*STUDY_GROUPS, *QUESTIONS, *ETSI[:5], *THREEGPP[:6], *OTHERS[:4])


def secretariat_cover(d: Drawer) -> Draft:
    """A secretariat's cover page: capitals without colons, the requested action in brackets."""
    sender = d.one(JTC1[:6])
    committee = sender.alone[0]
    receiver = d.one(RECEIVERS)
    to = Party(receiver.id, receiver.alone[0])
    day = d.day("2005-01-10", "2019-12-10")
    n = d.number(900, 15000)
    about = topic(d)
    title = f"Liaison Statement from {sender.inner[2]} to {to.text} on {about}"
    due = day + datetime.timedelta(days=80) if d.chance(0.5) else None
    asked = f"For review and comment by {due.isoformat()}" if due else "For information"
    status = f"Output of the {d.number(24, 30)}th plenary meeting [Requested action: {asked}]"
    specs = cited(d, ("ISO-IEC-JTC1",), 1, 2)
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"{committee} N {n}"),
        Line(f"DATE: {day.isoformat()}"),
        Line(committee),
        Line("Secretariat: Japan (JISC)"),
    )
    sheet.head(
        [
            values("DOC. TYPE", "Liaison Statement (outgoing)"),
            values("TITLE", title),
            values("SOURCE", f"{committee} Secretariat"),
            values("STATUS", status),
            values("DISTRIBUTION", f"P, O and L Members of {committee}; ISO/IEC ITTF"),
            values("ISSUE NO.", str(d.number(100, 1300))),
        ]
    )
    sheet.add(Line(f"Secretariat {committee}, IPSJ/ITSCJ, Tokyo; Telephone: +81-3-0000-0000"))
    sheet.add(*(Paragraph(p) for p in told(d, sender.inner[2], about, specs)))
    actions = []
    if due:
        text, action = asking(d, sender.inner[2], [to], due, said=False)
        sheet.add(Paragraph(text))
        actions.append(action)
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="n-document",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, committee),),
            to=(to,),
            number=(f"N {n}", f"{committee} N {n}"),
            purpose=purposes((to,), purpose=None),
            mentions=numbers(specs),
            actions=tuple(actions),
        ),
    )


def working_group_letter(d: Drawer) -> Draft:
    """A statement of SC 27 or its groups to several organizations, ordered by a resolution."""
    sender = d.one((*JTC1[2:3], *JTC1[5:9]))
    committee = sender.alone[1]
    to = parties(d, d.some(RECEIVERS, 1, 3), 0)
    day = d.day("2017-04-10", "2025-10-10")
    n = d.number(100, 3400)
    about = topic(d)
    title = f"Liaison statement on {about}"
    specs = cited(d, ("ISO-IEC-JTC1", "ITU-T"), 0, 2)
    text, action = asking(d, committee, to)
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"{committee} N{n}"),
        Line("Replaces: ISO/IEC JTC1 N100") if d.chance(0.3) else Line("REPLACES: -"),
        Line("Artificial intelligence" if "SC42" in committee else "Information security"),
    )
    sheet.head(
        [
            values("DOCUMENT TYPE:", "Outgoing liaison statement"),
            values("ADDRESSEE(S):", *row(d, to, ("\n", "; ", ", "))),
            values("SUBJECT:", title),
            values("ORIGIN:", f"{committee} (Convenor: Jane Example)"),
            values("DATE OF ISSUE:", dates.written(day, d.one(("2023-09-18", "18 September 2023")))),
            values("STATUS:", "In accordance with resolution 14 of the last meeting this is sent out."),
            values("PAGES:", "1 + 3"),
        ]
    )
    sheet.add(
        Line("Dear liaison partners,"),
        *(Paragraph(p) for p in told(d, committee, about, specs)),
        Paragraph("The following projects are affected:"),
        Bullets(("terminology", "guidance for auditors", "a possible new part 3")),
        Paragraph(text),
        Line("Kind regards"),
        Line(f"Jane Example, Convenor of {committee}"),
    )
    return Draft(
        sheet=sheet,
        carriers=(*OFFICE, "eml-attached"),
        stem="ls",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, committee),),
            to=to,
            number=(f"N{n}", f"{committee} N{n}"),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


# --- IETF


def early_notice(d: Drawer) -> Draft:
    """The notice that the tool sent in its first years: the group in brackets after the contact's name."""
    sender = d.one((*STUDY_GROUPS, *THREEGPP[:5]))
    source = sender.alone[2 % len(sender.alone)]
    receivers = d.some(IETF, 1, 2)
    to = tuple(Party(n.id, n.alone[2]) for n in receivers)
    day = d.day("2006-03-01", "2014-10-30")
    due = day + datetime.timedelta(days=d.number(30, 60)) if d.chance(0.6) else None
    about = topic(d)
    title = f"Liaison on {about}"
    specs = cited(d, ("IETF", "ITU-T"), 0, 2)
    posted = d.number(300, 1300)
    text, action = asking(d, sender.inner[0], to, due)
    sheet = Sheet(subject=f'New Liaison Statement, "{title}"')
    sheet.head(
        [
            values("Title:", title),
            values("Submission Date:", day.isoformat()),
            values(
                "URL of the IETF Web page:",
                f"https://datatracker.ietf.org/public/liaison_detail.cgi?detail_id={posted}",
            ),
            *([values("Please reply by", due.isoformat())] if due else []),
            values("From:", f"Jane Example({source}) <jane@example.org>"),
            values("To:", ", ".join(f"{p.text}({p.text.split()[1].lower()}@example.org)" for p in to)),
            values("CC:", "joe@example.org,ann@example.org"),
            values("Reponse Contact:", "jane@example.org"),
            values("Technical Contact:", ""),
            values("Purpose:", "For action" if due else "For comment"),
        ]
    )
    sheet.add(Line("Body:"), *(Paragraph(p) for p in told(d, sender.inner[0], about, specs)), Paragraph(text))
    file = f"Liaison text (https://datatracker.ietf.org/documents/LIAISON/file{posted}.pdf)"
    sheet.add(Line("Attachment(s):"), Line(f"     {file}"))
    return Draft(
        sheet=sheet,
        carriers=("eml-text", "txt-columns", "txt-tabs"),
        stem="notice",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, source),),
            to=to,
            number=(f"datatracker {posted}",),
            purpose=purposes(to, purpose="action" if due else "comment"),
            mentions=numbers(specs),
            actions=(action,),
            attachments=("Liaison text",),
        ),
    )


def board_letter(d: Drawer) -> Draft:
    """A letter of the Internet Architecture Board as published on its pages."""
    receiver = d.one((*STUDY_GROUPS, *THREEGPP[:6], *ETSI[:4]))
    to = Party(receiver.id, receiver.alone[0])
    copies = parties(d, d.some(IETF, 0, 2), 2)
    day = d.day("2006-02-01", "2025-10-30")
    about = topic(d)
    title = f"IAB response to {to.text} on {about}"
    specs = cited(d, ("IETF",), 1, 3)
    text, action = asking(d, "The IAB", [to])
    sheet = Sheet(subject=title, footer=["Internet Architecture Board", "Correspondence and Reports"])
    sheet.add(Line(title))
    sheet.head(
        [
            values(
                "Date:", dates.written(day, d.one(("September 18, 2023", "18 September 2023", "2023-09-18")))
            ),
            values("From:", "Internet Architecture Board"),
            values("To:", f"{to.text} (Jane Example, Chair)"),
            *([values("CC:", ", ".join(p.text for p in copies))] if copies else []),
        ]
    )
    sheet.add(
        Line("Dear Jane,"),
        Paragraph(f"Thank you for the liaison statement on {about}."),
        *(Paragraph(p) for p in told(d, "The IAB", about, specs)),
        Paragraph(text),
        Heading("", "On behalf of the Internet Architecture Board"),
        Line("Joe Example, IAB Chair"),
    )
    return Draft(
        sheet=sheet,
        carriers=("html-list", "html-paragraphs", "eml-text", "txt-columns", "pdf"),
        stem="iab",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party("IAB", "Internet Architecture Board"),),
            to=(to,),
            cc=copies,
            purpose=purposes((to,), copies),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def draft_on_the_list(d: Drawer) -> Draft:
    """A working group's statement as it is drafted on its list, with the fields of the tool's form."""
    sender = d.one(IETF)
    code = sender.alone[0].removeprefix("IETF ")
    receivers = d.some((*STUDY_GROUPS, *THREEGPP[:6], *OTHERS[5:9]), 1, 2)
    to = parties(d, receivers, 0)
    day = d.day("2015-02-01", "2025-10-30")
    due = day + datetime.timedelta(days=d.number(30, 60)) if d.chance(0.6) else None
    about = topic(d)
    title = f"Response to the question about {about}"
    specs = cited(d, ("IETF",), 1, 2)
    text, action = asking(d, f"The {code} WG", to, due, said=False)
    sheet = Sheet(subject=f"[{code.lower()}] Draft liaison: {title}")
    sheet.add(Line("Liaison statement (draft for review on the list)"))
    sheet.head(
        [
            values("Title:", title),
            values("From Groups:", f"IETF {code} Working Group"),
            values("From Contact:", "Jane Example"),
            values("To Groups:", *row(d, to, (", ", "; "))),
            values("To Contacts:", "joe@example.org"),
            values("Cc Contacts:", "ann@example.org"),
            values("Response Contacts:", f"{code.lower()}-chairs@example.org"),
            values("Technical Contacts:", "jane@example.org"),
            values("Submission Date:", day.isoformat()),
            values("Purpose:", "For action"),
            *([values("Deadline:", due.isoformat())] if due else []),
            values("Attachments:", "None"),
        ]
    )
    sheet.add(*(Paragraph(p) for p in told(d, f"the {code} WG", about, specs)), Paragraph(text))
    sheet.add(Line(f"Jane Example and Joe Example, {code} co-chairs"))
    return Draft(
        sheet=sheet,
        carriers=("eml-text", "txt-columns", "txt-tabs", "html-table", "eml-html"),
        stem="draft",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, f"IETF {code} Working Group"),),
            to=to,
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


ISO_FORMS = (secretariat_cover, working_group_letter)
IETF_FORMS = (early_notice, board_letter, draft_on_the_list)
