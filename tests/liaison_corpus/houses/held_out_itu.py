"""Held-out forms of ITU-T, ITU-D and ITU-R."""

from __future__ import annotations

import datetime

from .. import dates
from ..drawing import Drawer
from ..names import ITU_R, QUESTIONS, STUDY_GROUPS, THREEGPP, named
from ..sheets import Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth, purposes
from .held_out_threegpp_etsi import OFFICE
from .itu_r import code as of_working_party


def plain_template(d: Drawer) -> Draft:
    """The template of the working methods: QUESTIONS, SOURCE, TO, APPROVAL, FOR, DEADLINE."""
    sender = d.one(QUESTIONS)
    group = (sender.id or "").split("-")[-1]
    to = d.addressees("ITU-T", 1, 3, without=[sender])
    first, last = d.week("2009-01-12", "2016-12-02")
    subject = d.subject()
    label, purpose = d.one(
        (
            ("Action", "action"),
            ("Comment", "comment"),
            ("Information", "information"),
            ("For action", "action"),
        )
    )
    due = last + datetime.timedelta(days=90) if purpose != "information" else None
    listed = d.listed(to, "ITU-T", d.one(("comma", "semicolon")))
    title = f"LS on {subject}"
    number = f"COM {group} – LS {d.number(10, 300)} – E"
    days = dates.written_range(first, last, "26 - 30 November, 2018")
    source = f"ITU-T {d.one(('Rapporteur Group for Question', 'Q', 'Question '))}".replace(
        "Question", "Question "
    ).replace("  ", " ")
    source = f"{source.rstrip()}{'' if source.endswith('Q') else ' '}{sender.inner[0][1:]}"
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"INTERNATIONAL TELECOMMUNICATION UNION\t{number}"),
        Line(f"{dates.MONTHS['en'][last.month - 1]} {last.year}"),
        Line("English only"),
    )
    approval = f"Agreed to at the Rapporteur meeting (Geneva, {days})"
    sheet.head(
        [
            values("QUESTION(S):", sender.inner[0][1:]),
            values("SOURCE:", source),
            values("TITLE:", title),
        ]
    )
    sheet.add(Line("LIAISON STATEMENT"))
    sheet.head(
        [
            values("TO:", *listed.lines),
            values("APPROVAL:", approval),
            values("FOR:", label),
            values("DEADLINE:", dates.written(due, "18 September 2023") if due else "N/A"),
            values("CONTACT:", "Jane Example", "Tel.: +41 00 000 00 00"),
        ]
    )
    specs = d.specifications(1, 2, ("ITU-T",))
    sheet.add(*(Paragraph(p) for p in d.description(sender.inner[0], subject, specs)))
    actions = []
    if due:
        sentence, action = d.request(sender.inner[0], to)
        sheet.add(Paragraph(sentence))
        actions.append(Action(to=action.to, text=action.text, deadline=due.isoformat()))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="T09-LS",
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, source),),
            to=listed.parties,
            number=(number, number.replace("–", "-"), number.split(" – ")[1]),
            purpose=purposes(listed.parties, purpose=purpose),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            approval=approval,
        ),
    )


def incoming(d: Drawer) -> Draft:
    """A statement that arrived, issued by the receiving study group as a temporary document."""
    sender = d.one(THREEGPP)
    group = d.one(("13", "17", "11"))
    receiver = next(n for n in STUDY_GROUPS if n.id == f"ITU-T-SG{group}")
    first, last = d.week("2022-03-07")
    subject = d.subject()
    theirs = d.tdoc(sender, last.year)
    ours = d.number(20, 2400)
    title = f"LS/i on {subject} [from {sender.alone[0]}]"
    days = dates.written_range(first, last, "26-30 Nov 2018")
    specs = d.specifications(1, 2, ("3GPP",))
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"INTERNATIONAL TELECOMMUNICATION UNION\tSG{group}-TD{ours}/GEN"),
        Line("TELECOMMUNICATION STANDARDIZATION SECTOR"),
        Line("STUDY PERIOD 2022-2024\tOriginal: English"),
    )
    sheet.head([values("Question(s):", f"All/{group}", aside=f"Geneva, {days}")])
    sheet.add(Line("TD"))
    sheet.head(
        [
            values("Source:", sender.alone[2]),
            values("Title:", title),
            values("For action to:", receiver.alone[0]),
            values("For information to:", "-"),
            values("Contact:", "Jane Example", aside="E-mail: jane@example.org"),
            values("Abstract:", f"This TD contains the incoming liaison statement {theirs}."),
        ]
    )
    sheet.add(*(Paragraph(p) for p in d.description(sender.inner[0], subject, specs)))
    sentence, action = d.request(sender.inner[0], [receiver])
    sheet.add(Paragraph(sentence))
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=f"T22-SG{group}-TD-{ours}",
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, sender.alone[2]),),
            to=(Party(receiver.id, receiver.alone[0]),),
            number=(theirs,),
            received_numbers=(
                (f"SG{group}-TD{ours}/GEN", f"SG{group}-TD{ours}", f"TD{ours}/GEN", f"TD{ours}"),
            ),
            purpose={receiver.id or "": "action"},
            mentions=tuple(n for _, n in specs),
            actions=(action,),
        ),
    )


def advisory_group(d: Drawer) -> Draft:
    """TDAG to the other sectors: comment and information fields, summary instead of abstract."""
    day = d.day("2016-02-01")
    number = f"TDAG – LS {d.number(5, 60)}"
    title = f"Coordination with the other Sectors: {d.subject()}"
    due = day + datetime.timedelta(days=80) if d.chance(0.5) else None
    rag, tsag = Party("ITU-R-RAG", d.one(("RAG", "ITU-R RAG"))), Party("TSAG", "TSAG")
    sheet = Sheet(subject=title)
    sheet.add(
        Line("Telecommunication Development Advisory Group (TDAG)"),
        Line(f"Geneva\t{number}"),
        Line(f"\t{dates.written(day, '18 September 2023')}"),
        Line("\tEnglish only"),
    )
    sheet.head(
        [
            values("Source:", "Chairman, Telecommunication Development Advisory Group (TDAG)"),
            values("Title:", title),
            values("For comment to:", rag.text),
            values("For information to:", tsag.text),
            values("Deadline:", dates.written(due, "18 September 2023") if due else "n/a"),
            values("Contact:", "Name/Organization/Entity:\tJane Example", "Phone number:\t+41 00 000 00 00"),
            values(
                "Summary:",
                "This liaison statement provides information about the discussions that took place.",
            ),
        ]
    )
    sentence = "TDAG invites RAG to provide its views on the draft terms of reference."
    sheet.add(
        Paragraph(
            "TDAG is pleased to inform RAG about the conclusions on coordination with the other Sectors."
        ),
        Paragraph(sentence),
    )
    action = Action(to=(Party("ITU-R-RAG", "RAG"),), text=sentence, deadline=due.isoformat() if due else None)
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="TDAG-LS",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party("ITU-D-TDAG", "Telecommunication Development Advisory Group (TDAG)"),),
            to=(rag, tsag),
            either=(tsag,),
            number=(number, number.replace("–", "-"), number.split(" – ")[1]),
            purpose={"ITU-R-RAG": "comment", "TSAG": "information"},
            actions=(action,),
        ),
    )


def external_organizations(d: Drawer) -> Draft:
    """A working party to all whom it concerns: several numbers, addressees in capitals in the title."""
    sender = d.one(ITU_R[:2])
    wp = of_working_party(sender)
    day = d.day("2006-06-01", "2024-11-30")
    other = "5A" if wp == "5D" else "5D"
    number = f"{wp}/{d.number(10, 900)}-E"
    subject = d.subject()
    copy = named(f"ITU-R-WP{other}")
    specs = d.specifications(1, 2, ("ITU-R",))
    whom = (
        "LIAISON STATEMENT TO EXTERNAL ORGANIZATIONS AND ITU-T STUDY GROUPS 13 AND 20 "
        f"(COPY TO WORKING PARTY {other} FOR INFORMATION)"
    )
    sheet = Sheet(subject=whom)
    sheet.add(
        Line(f"Radiocommunication Study Groups\tDocument {number}"),
        Line(f"\t{dates.written(day, '18 September 2023')}"),
        Line("\tEnglish only"),
        Line(f"Source:\tDocument {wp}/TEMP/{d.number(10, 400)}(Rev.1)"),
        Line(f"Working Party {wp}"),
        Line(whom),
        Line(subject.upper()),
    )
    sheet.add(*(Paragraph(p) for p in d.description(f"Working Party {wp}", subject, specs)))
    due = day + datetime.timedelta(days=90)
    by = dates.written(due, "18 September 2023")
    sentence = (
        f"Working Party {wp} invites External Organizations and Study Groups 13 and 20 to provide "
        f"information by {by}."
    )
    sheet.add(Paragraph(sentence), Heading("", "Contact:"), Line("Jane Example\tE-mail: jane@example.org"))
    to = (
        Party(None, "EXTERNAL ORGANIZATIONS"),
        Party("ITU-T-SG13", "ITU-T STUDY GROUPS 13"),
        Party("ITU-T-SG20", "20"),
    )
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=f"R12-WP{wp}",
        truth=Truth(
            title=f"{whom} {subject}",
            titles=(whom, subject),
            date=day.isoformat(),
            sender=(Party(sender.id, f"Working Party {wp}"),),
            to=to,
            cc=(Party(copy.id, f"WORKING PARTY {other}"),),
            number=(number, number.removesuffix("-E"), f"Document {number}"),
            purpose=purposes(to, (Party(copy.id, ""),)),
            mentions=tuple(n for _, n in specs),
            actions=(Action(to=to, text=sentence, deadline=due.isoformat()),),
        ),
    )


def answer_of_a_working_party(d: Drawer) -> Draft:
    """A working party's answer to a study group: reference, then the copies below the title."""
    sender = d.one(ITU_R[:2])
    wp = of_working_party(sender)
    receiver = d.one(STUDY_GROUPS)
    group = receiver.inner[0]
    day = d.day("2016-02-01", "2025-10-31")
    number, theirs = f"{wp}/{d.number(10, 1500)}-E", f"{group}-LS{d.number(2, 300)}"
    received = f"{wp}/{d.number(10, 400)}"
    subject = d.subject()
    whom = f"Reply liaison statement to ITU-T Study Group {group[2:]}"
    copy = named(d.one(("3GPP-RAN", "ITU-T-SG20", "TSAG"))) if d.chance(0.5) else None
    copies = (Party(copy.id, copy.alone[0]),) if copy and copy is not receiver else ()
    specs = d.specifications(0, 2, ("ITU-R", "3GPP"))
    sheet = Sheet(subject=whom, footer=["M:\\BRSGD\\TEXT\\SG05\\WP\\LIAISON.DOCX"])
    sheet.add(
        Line(f"Radiocommunication Study Groups\tDocument {number}"),
        Line(f"\t{dates.written(day, '18 September 2023')}"),
        Line("\tEnglish only"),
    )
    sheet.head(
        [
            values("Source:", f"Document {wp}/TEMP/{d.number(10, 400)}"),
            values("Reference:", f"{theirs} (Document {received})"),
        ]
    )
    sheet.add(Line(f"Working Party {wp}"), Line(whom), Line(subject[0].upper() + subject[1:]))
    if copies:
        sheet.add(Line(f"(Copy to {copies[0].text} for information)"))
    sheet.add(*(Paragraph(p) for p in d.description(f"WP {wp}", subject, specs)))
    sheet.head([values("Status:", "For information"), values("Contact:", "Jane Example")])
    party = Party(receiver.id, f"ITU-T Study Group {group[2:]}")
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem=f"R19-WP{wp}",
        truth=Truth(
            title=f"{whom} {subject}",
            titles=(whom, subject),
            date=day.isoformat(),
            sender=(Party(sender.id, f"Working Party {wp}"),),
            to=(party,),
            cc=copies,
            number=(number, number.removesuffix("-E"), f"Document {number}"),
            in_reply_to=((theirs, received, f"Document {received}"),),
            purpose=purposes((party,), copies, "information"),
            mentions=tuple(n for _, n in specs),
        ),
    )
