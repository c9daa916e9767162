"""Third split: ETSI statements of a committee, of a specification group, and between chairs."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import TEXT, WORD
from ..drawing import Drawer
from ..names import JTC1, LAWFUL, OTHERS, STUDY_GROUPS, THREEGPP, Name, named
from ..sheets import Draft, Grid, Heading, Line, Paragraph, Sheet, values
from ..truth import Meeting, Party, Truth, purposes
from .third_words import asking, cited, numbers, parties, row, told, topic

OFFICE = (*WORD, *TEXT, "pdf", "zip")


def technical_committee(d: Drawer) -> Draft:
    """A technical committee: lettered sections, and its next meetings in a table with a heading row."""
    sender = named(d.one(("ETSI-TC-CYBER", "ETSI-TC-LI", "ETSI-TC-SET", "ETSI-TC-MTS")))
    body = sender.inner[0].removeprefix("TC ")
    others = d.some([*THREEGPP[:6], *JTC1[:4], *STUDY_GROUPS, *OTHERS[:4]], 2, 4)
    to, info = parties(d, others[:2], d.number(0, 3)), parties(d, others[2:], 0)
    first, last = d.week("2019-02-04", "2025-10-13")
    meeting = d.number(17, 44)
    number = f"{body}({last.year % 100:02d}){meeting:03d}{d.number(1, 60):03d}r{d.number(1, 3)}"
    about = topic(d)
    title = d.one((f"LS from ETSI TC {body} on {about}", f"LS on {about}"))
    specs = cited(d, ("ETSI", "ISO-IEC-JTC1", "ITU-T", "3GPP"), 0, 2)
    due = last + datetime.timedelta(days=d.number(40, 90)) if d.chance(0.5) else None
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"ETSI TC {body} #{meeting}\t{number}"),
        Line(f"{dates.written_range(first, last, '26 – 30 November 2018')}, Sophia Antipolis"),
        Line("Liaison Statement"),
    )
    files = (f"{number.split('r')[0]}a1_Draft_text.docx",) if d.chance(0.5) else ()
    sheet.head(
        [
            values("Subject:", title),
            values("From:", f"ETSI TC {body}"),
            values("To:", *row(d, to, (", ", "\n", "; "))),
            values("Copied for information to:", *(row(d, info) if info else ["-"])),
            values("In response to:", "n/a"),
            values("Contact(s):", f"Jane Example (TC {body} Chair), jane@example.org"),
            *([values("Attached documents:", *files)] if files else []),
        ]
    )
    who = f"TC {body}"
    text, action = asking(d, who, to, due)
    sheet.add(Heading("A.", "Background"), *(Paragraph(p) for p in told(d, who, about, specs)))
    sheet.add(Heading("B.", "Request to the addressees"), Paragraph(text))
    begin = last + datetime.timedelta(days=d.number(60, 80))
    end = begin + datetime.timedelta(days=2)
    when = dates.written_range(begin, end, "26 – 30 November 2018")
    sheet.add(
        Heading("C.", f"Upcoming meetings of TC {body}"),
        Grid((("Meeting", "Date", "Location"), (f"{body}#{meeting + 1}", when, "Vienna, AT"))),
    )
    return Draft(
        sheet=sheet,
        carriers=OFFICE,
        stem="liaison-out",
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(Party(sender.id, f"ETSI TC {body}"),),
            to=to,
            cc=info,
            number=(number,),
            purpose=purposes(to, info),
            mentions=numbers(specs),
            actions=(action,),
            attachments=files,
            meetings=(
                Meeting(
                    name=f"{body}#{meeting + 1}",
                    start=begin.isoformat(),
                    end=end.isoformat(),
                    place="Vienna, AT",
                ),
            ),
        ),
    )


def specification_group(d: Drawer) -> Draft:
    """An industry specification group: a work item of its own, a release of its own, a day for replies."""
    sender = named(d.one(("ETSI-ISG-NFV", "ETSI-ISG-ZSM", "ETSI-ISG-ENI", "ETSI-ISG-PDL", "ETSI-ISG-QKD")))
    code = sender.inner[0].removeprefix("ISG ")
    names = d.some([*THREEGPP[:6], *STUDY_GROUPS, *OTHERS[:10], *JTC1[:3]], 1, 4)
    to = parties(d, names, 0)
    day = d.day("2018-03-01", "2025-10-31")
    number = f"{code}({day.year % 100:02d})000{d.number(100, 399)}"
    about = topic(d)
    title = f"Liaison to {names[0].alone[0]} on {about}" if d.chance(0.4) else f"Information about {about}"
    due = day + datetime.timedelta(days=d.number(40, 100))
    specs = cited(d, ("ETSI", "IETF"), 0, 2)
    item = f"DGS/{code}-{d.number(10, 60):03d}{d.one(('', 'ed211', 'v311'))}"
    written = d.one(("18 September 2023", "2023-09-18", "18-Sep-2023"))
    sheet = Sheet(subject=title, header=[f"{number}", f"ETSI ISG {code} - Liaison Statement"])
    sheet.head(
        [
            values("Date of issue:", dates.written(day, written)),
            values("From (group):", f"ETSI ISG {code}"),
            values("LS to:", *row(d, to, (", ", "\n", ";\n"))),
            values("LS title:", title),
            values("ETSI work item:", item),
            values("Reply expected by:", dates.written(due, written)),
            values("Contact point:", "Jane Example, ETSI Technical Officer, jane@example.org"),
        ]
    )
    text, action = asking(d, f"ISG {code}", to, due, said=d.chance(0.5))
    sheet.add(Heading("", "Description"), *(Paragraph(p) for p in told(d, f"ISG {code}", about, specs)))
    sheet.add(Heading("", "Action requested"), Paragraph(text))
    return Draft(
        sheet=sheet,
        carriers=(*OFFICE, "html-table", "eml-attached"),
        stem="isg",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, f"ETSI ISG {code}"),),
            to=to,
            number=(number,),
            work_items=(item,),
            purpose=purposes(to),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


def chair_to_chair(d: Drawer) -> Draft:
    """A letter between chairs, with references of both sides."""
    sender: Name = named(d.one(("ETSI-TC-LI", "ETSI-TC-CYBER", "ETSI-TC-INT")))
    receiver = d.one([LAWFUL, *THREEGPP[:5], *STUDY_GROUPS[:6]])
    day = d.day("2016-01-15", "2025-10-31")
    code = sender.inner[0]
    ours = f"{code.removeprefix('TC ')}({day.year % 100:02d})P{d.number(40, 70)}{d.number(1, 50):03d}"
    theirs = (
        d.tdoc(receiver, day.year) if receiver.house == "3GPP" else f"{receiver.inner[0]}-LS{d.number(9, 99)}"
    )
    about = topic(d)
    to = Party(receiver.id, receiver.alone[0])
    specs = cited(d, ("ETSI", "3GPP"), 1, 2)
    title = f"Liaison on {about}"
    text, action = asking(d, f"ETSI {code}", [to])
    sheet = Sheet(subject=title)
    sheet.add(Line(f"ETSI {code}"), Line("650 Route des Lucioles, 06921 Sophia Antipolis Cedex, France"))
    sheet.head(
        [
            values("Our ref:", ours),
            values("Your ref:", theirs),
            values("Date:", dates.written(day, d.one(("18 September 2023", "18th of September, 2023")))),
            values("From:", f"Chair of ETSI {code}"),
            values("To:", f"Chair of {to.text}"),
            values("Re:", title),
        ]
    )
    sheet.add(
        Line("Dear Chair,"),
        *(Paragraph(p) for p in told(d, code, about, specs)),
        Paragraph(text),
        Line("Best regards,"),
        Line("Jane Example"),
        Line(f"ETSI {code} Chair"),
    )
    return Draft(
        sheet=sheet,
        carriers=(*WORD, "pdf", "txt-columns", "txt-tabs", "eml-text"),
        stem="letter",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, f"ETSI {code}"),),
            to=(to,),
            number=(ours,),
            in_reply_to=((theirs,),),
            purpose=purposes((to,)),
            mentions=numbers(specs),
            actions=(action,),
        ),
    )


ETSI_FORMS = (technical_committee, specification_group, chair_to_chair)
