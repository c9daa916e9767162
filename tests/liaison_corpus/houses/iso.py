"""ISO/IEC JTC 1: the cover of an N-document, and the statement as a letter of a working group."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import HTML, TEXT, WORD
from ..drawing import Drawer
from ..names import JTC1, Name
from ..sheets import Draft, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth, purposes

HOUSE = "ISO-IEC-JTC1"
CARRIERS = (*WORD, *TEXT, HTML[0], "pdf", "pdf", "eml-attached", "zip")
FIELDS = {
    "SC27": "Information security, cybersecurity and privacy protection",
    "SC42": "Artificial intelligence",
    "SC38": "Cloud computing and distributed platforms",
    "SC41": "Internet of things and digital twin",
    "SC6": "Telecommunications and information exchange between systems",
    "SC17": "Cards and security devices",
}


def committee(name: Name) -> str:
    return name.alone[0]


def n_number(d: Drawer, name: Name) -> tuple[str, tuple[str, ...]]:
    """An N-number as the document writes it, and the ways in which it may be read."""
    n = d.number(150, 3400)
    return d.one((f"N {n}", f"N{n}")), (f"N {n}", f"{committee(name)} N {n}")


def cover(d: Drawer) -> Draft:
    """The cover page that a committee's secretariat puts before what it circulates."""
    sender = d.one(JTC1[:6])
    to = d.addressees(HOUSE, 1, 3, without=[sender])
    cc = d.addressees(HOUSE, 1, 2, without=[sender, *to]) if d.chance(0.3) else []
    day = d.day("2018-03-01")
    subject = d.subject()
    title = d.one(
        (
            "Liaison statement to {0} on {1}",
            "Liaison statement to {0} regarding {1}",
            "Liaison Statement from {2} to {0} on {1}",
        )
    ).format(d.called(to[0]), subject, committee(sender))
    written, numbers = n_number(d, sender)
    listed, copies = d.listed(to, HOUSE), d.listed(cc, HOUSE)
    source = d.one(
        (
            committee(sender),
            f"{committee(sender)} Secretariat",
            f"Secretariat of {committee(sender)}",
            sender.alone[1],
        )
    )
    expected, purpose = d.one(
        (
            ("ACT", "action"),
            ("COMM", "comment"),
            ("INFO", "information"),
            ("Action", "action"),
            ("For information", "information"),
        )
    )
    due = (
        day + datetime.timedelta(days=d.number(30, 120))
        if purpose != "information" and d.chance(0.7)
        else None
    )
    sheet = Sheet(subject=title)
    field = FIELDS.get((sender.id or "").removeprefix("ISO-IEC-JTC1-"), "Information technology")
    sheet.add(
        Line(f"{committee(sender)} {written}"),
        Line(f"{committee(sender)} {field}"),
        Line(
            d.one(
                ("Secretariat: DIN", "Email of secretary: secretary@example.org", "Secretariat: ANSI (USA)")
            )
        ),
    )
    sheet.head(
        [
            values(
                d.one(("Document type:", "Document Type", "DOCUMENT TYPE:")),
                d.one(
                    (
                        "Liaison statement",
                        "Outgoing liaison",
                        "Liaison Organization Contribution",
                        "Outgoing Liaison Statement",
                    )
                ),
            ),
            values(d.one(("Title:", "Title", "Document title:")), title),
            values(d.one(("Source:", "Source")), source),
            values(d.one(("To:", "To", "Addressee:", "Addressees:")), *listed.lines),
            *([values("Cc:", *copies.lines)] if cc else []),
            values(
                d.one(("Date of document:", "Date:", "Document date:")),
                dates.written(day, d.one(("2023-09-18", "2023-09-18", "18 September 2023"))),
            ),
            values(d.one(("Expected action:", "Action ID:", "Requested action:")), expected),
            *(
                [values(d.one(("Action due date:", "Due date:")), due.isoformat())]
                if due
                else [values("Due date:", "")]
            ),
            values("No. of pages:", str(d.number(1, 9))),
            values("Status:", f"This document is circulated to the members of {committee(sender)}."),
        ]
    )
    specs = d.specifications(0, 3, ("ISO-IEC-JTC1", "ISO-IEC-JTC1", "ITU-T", "ETSI"))
    sheet.add(Line(f"Liaison statement from {committee(sender)}"))
    sheet.add(*(Paragraph(p) for p in d.description(committee(sender), subject, specs)))
    actions: list[Action] = []
    if purpose != "information" and (due or d.chance(0.6)):
        sentence, action = d.request(committee(sender), to)
        sheet.add(Paragraph(sentence))
        actions.append(Action(to=action.to, text=action.text, deadline=due.isoformat() if due else None))
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem="SC_liaison",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, source),),
            to=listed.parties,
            cc=copies.parties,
            number=numbers,
            purpose=purposes(listed.parties, copies.parties, purpose),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
        ),
    )


def letter(d: Drawer) -> Draft:
    """The statement as a letter of a working group: from, to, subject, salutation."""
    sender = d.one(JTC1[6:])
    to = d.addressees(HOUSE, 1, 2, without=[sender])
    day = d.day("2018-03-01")
    subject = d.subject()
    written, numbers = n_number(d, sender)
    listed = d.listed(to, HOUSE)
    title = f"Liaison statement to {d.called(to[0])} on {subject}"
    source = committee(sender)
    sheet = Sheet(subject=title)
    sheet.add(Line(f"{committee(sender)} {written}"), Line("REPLACES: none") if d.chance(0.3) else Line(""))
    sheet.head(
        [
            values(d.one(("FROM:", "From:", "SOURCE:")), source),
            values(d.one(("TO:", "To:")), *listed.lines),
            values(d.one(("SUBJECT:", "TITLE:", "Subject:")), title),
            values(d.one(("DATE:", "Date:")), dates.written(day, d.one(dates.CLEAR))),
        ]
    )
    sheet.add(Line(d.one(("Dear colleagues,", "Dear Colleagues", "Dear Sir or Madam,"))))
    specs = d.specifications(1, 3, ("ISO-IEC-JTC1",))
    sheet.add(*(Paragraph(p) for p in d.description(committee(sender), subject, specs)))
    sentence, action = d.request(
        committee(sender), to, day + datetime.timedelta(days=60) if d.chance(0.4) else None
    )
    sheet.add(
        Paragraph(sentence), Line("Kind regards,"), Line(f"Jane Example, Convenor of {committee(sender)}")
    )
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem="WG_liaison",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, source),),
            to=listed.parties,
            number=numbers,
            purpose=purposes(listed.parties),
            mentions=tuple(n for _, n in specs),
            actions=(action,),
        ),
    )


DEVELOPMENT = (cover, cover, letter)
