"""Letters of GSMA, Broadband Forum, O-RAN ALLIANCE and IEEE: little form, and only what the letter says."""

from __future__ import annotations

import datetime

from .. import dates
from ..carriers import HTML, TEXT, WORD
from ..drawing import Drawer
from ..names import Name, named
from ..sheets import Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Party, Truth, purposes

CARRIERS = (*WORD, *TEXT, *HTML, "pdf", "eml-text", "eml-html", "eml-attached")


def gsma(d: Drawer) -> Draft:
    """GSMA's statement: a small table, then sections without numbers."""
    sender = d.one((named("GSMA-FSAG"), named("GSMA-NRG"), named("GSMA-OPG"), named("GSMA-5GJA")))
    to = d.addressees("", 1, 2, without=[sender, named("GSMA")])
    cc = d.addressees("", 1, 2, without=[sender, named("GSMA"), *to]) if d.chance(0.4) else []
    day = d.day()
    subject = d.subject()
    title = f"LS on {subject}"
    listed, copies = d.listed(to, ""), d.listed(cc, "")
    short = sender.alone[0].split()[-1]
    number = f"{short} Doc {d.number(20, 140)}_{d.number(1, 60):03d}"
    sheet = Sheet(subject=title, footer=["GSM Association Non-confidential", "Official Document"])
    sheet.add(Line(f"GSMA\t{number}"), Line("Liaison Statement"))
    sheet.head(
        [
            values(d.one(("Title", "LS title", "Subject")), title),
            values("From", sender.alone[0]),
            values("To", *listed.lines),
            *([values(d.one(("CC", "Copy")), *copies.lines)] if cc else []),
            values("Date", dates.written(day, d.one(dates.FORMS))),
            values("Contact", "Jane Example, jane@example.org"),
        ]
    )
    specs = d.specifications(0, 2, ("3GPP",))
    sheet.add(
        Heading("", "Background"), *(Paragraph(p) for p in d.description(sender.alone[0], subject, specs))
    )
    sheet.add(Heading("", d.one(("Actions", "Requested action", "Action requested"))))
    actions = []
    for name in to:
        sentence, action = d.request(sender.alone[0], [name])
        sheet.add(Paragraph(d.one((f"To {d.called(name)}: {sentence}", sentence))))
        actions.append(action)
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem="GSMA_LS",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, sender.alone[0]),),
            to=listed.parties,
            cc=copies.parties,
            number=(number, number.split("Doc ")[1]),
            purpose=purposes(listed.parties, copies.parties),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
        ),
    )


def letter(d: Drawer) -> Draft:
    """A letter under a letterhead: date, addressee, subject, salutation, closing."""
    sender: Name = d.one(
        (named("BBF"), named("O-RAN"), named("O-RAN-WG11"), named("TMF"), named("oneM2M"), named("CableLabs"))
    )
    to = d.addressees("", 1, 2, without=[sender, named("O-RAN"), named("O-RAN-WG11")])
    day = d.day()
    subject = d.subject()
    house = sender.alone[0]
    number = f"LIAISE-{d.number(200, 700)}" if sender.id == "BBF" and d.chance(0.7) else None
    listed = d.listed(to, "", d.one(("lines", "comma", "and")))
    sheet = Sheet(subject=f"Liaison from {house}: {subject}", footer=["www.example.org"])
    sheet.add(Line(house), Line(dates.written(day, d.one(dates.CLEAR))))
    if number:
        sheet.add(Line(d.one((f"Our reference: {number}", f"Liaison reference: {number}", f"Ref: {number}"))))
    title = d.one((subject[0].upper() + subject[1:], f"Liaison on {subject}", f"Liaison letter: {subject}"))
    sheet.head(
        [
            values("To:", *listed.lines),
            values("From:", house) if d.chance(0.6) else values("Source:", house),
            values(d.one(("Subject:", "Re:", "RE:")), title),
        ]
    )
    sheet.add(Line(d.one(("Dear colleagues,", "Dear Chair,", "Dear Ms Example,"))))
    specs = d.specifications(0, 2, ("3GPP", "IETF", "ETSI"))
    deadline = day + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.3) else None
    sheet.add(*(Paragraph(p) for p in d.description(house, subject, specs)))
    actions = []
    if d.chance(0.6):
        sentence, action = d.request(house, to, deadline)
        sheet.add(Paragraph(sentence))
        actions.append(action)
    sheet.add(Line("Sincerely,"), Line("Jane Example"), Line(f"{house} Liaison Officer"))
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem="letter",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, house),),
            to=listed.parties,
            number=(number,) if number else (),
            purpose=purposes(listed.parties, purpose="action" if actions else None),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
        ),
    )


DEVELOPMENT = (gsma, letter)
