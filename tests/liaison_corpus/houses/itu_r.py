"""ITU-R: documents of working parties, where the title says to whom the statement goes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from .. import dates
from ..carriers import HTML, TEXT, WORD
from ..drawing import Drawer, Listed
from ..names import ITU_R, STUDY_GROUPS, TSGS, Name, named
from ..sheets import Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth, purposes

HOUSE = "ITU-R"
CARRIERS = (*WORD, *TEXT, HTML[0], "pdf")


def code(name: Name) -> str:
    return name.inner[0].split()[-1]


def inner(d: Drawer, names: Sequence[Name]) -> Listed:
    """The addressees as a title names them, in capitals or not."""
    texts = []
    for name in names:
        if name in STUDY_GROUPS:
            texts.append(d.one((name.alone[1], name.alone[0])))
        elif name in ITU_R:
            texts.append(
                name.alone[1] if not name.id else d.one((name.inner[0], name.inner[1], name.alone[0]))
            )
        else:
            texts.append(name.alone[0])
    joined = "" if not texts else texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]
    return Listed(tuple(Party(n.id, t) for n, t in zip(names, texts, strict=True)), (joined,))


def working_party(d: Drawer) -> Draft:
    """A liaison statement as a document of a working party."""
    sender = d.one(ITU_R[:2])
    pool = [
        n
        for n in (*ITU_R[:2], *STUDY_GROUPS[3:8], *TSGS[:2], named("O-RAN"), named("NGMN"))
        if n is not sender
    ]
    to = d.some(pool, 1, 2)
    cc = [n for n in d.some(pool, 0, 2) if n not in to]
    day = d.day("2019-02-01")
    listed, copies = inner(d, to), inner(d, cc)
    subject = d.subject()
    number = f"{code(sender)}/{d.number(20, 1500)}-E"
    temp = f"Document {code(sender)}/TEMP/{d.number(10, 600)}{d.one(('', '(Rev.1)', 'R1'))}"
    kind = d.one(
        (
            "Liaison statement to",
            "LIAISON STATEMENT TO",
            "Reply liaison statement to",
            "Draft liaison statement to",
        )
    )
    copy = f" (copy for information to {copies.line})" if cc else ""
    whom = f"{kind} {listed.line}{copy}"
    source = d.one((f"Working Party {code(sender)}", f"ITU-R Working Party {code(sender)}"))
    deadline = day + datetime.timedelta(days=d.number(40, 120)) if d.chance(0.5) else None
    action = d.chance(0.7) or deadline is not None
    sheet = Sheet(subject=f"{whom}: {subject}")
    received = d.chance(0.4)
    sheet.add(
        Line(f"Radiocommunication Study Groups\tDocument {number}"),
        Line(f"\t{dates.written(day, '18 September 2023')}"),
        Line("\tEnglish only"),
    )
    sheet.head(
        [
            *([values("Received:", dates.written(day, "18 September 2023"))] if received else []),
            values("Source:", temp),
            values("Subject:", subject if d.chance(0.6) else f"Question ITU-R {d.number(200, 260)}-1/5"),
        ]
    )
    sheet.add(Line(source), Line(whom), Line(subject[0].upper() + subject[1:]))
    specs = d.specifications(0, 2, ("ITU-R", "ITU-T"))
    sheet.add(*(Paragraph(p) for p in d.description(source, subject, specs)))
    actions: list[Action] = []
    if action:
        sentence, found = d.request(source, to, deadline)
        sheet.add(Paragraph(sentence))
        actions.append(found)
    files = [
        f"Annex {n} to Document {code(sender)}/{d.number(10, 900)}" for n in range(1, d.number(0, 2) + 1)
    ]
    next_ones = d.meetings(f"WP {code(sender)}", day, 1) if d.chance(0.3) else []
    for meeting, first, last in next_ones:
        days = dates.written_range(first, last, "26 – 30 November 2018")
        sheet.add(Heading("", "Next meeting:"), Line(f"{meeting.name}\t{days}\t{meeting.place}"))
    sheet.head(
        [
            values("Status:", "For action" if action else "For information"),
            *([values("Deadline:", dates.written(deadline, "18 September 2023"))] if deadline else []),
            values("Contact:", "Jane Example", aside="E-mail: jane@example.org"),
            *([values(d.one(("Attachment:", "Attachments:", "Attachment(s):")), *files)] if files else []),
        ]
    )
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem=f"R23-WP{code(sender)}-C",
        truth=Truth(
            title=f"{whom} – {subject}",
            titles=(whom, subject),
            date=day.isoformat(),
            sender=(Party(sender.id, source),),
            to=listed.parties,
            cc=copies.parties,
            number=(number, number.removesuffix("-E"), f"Document {number}"),
            purpose=purposes(listed.parties, copies.parties, "action" if action else "information"),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            attachments=tuple(files),
            meetings=tuple(m for m, _, _ in next_ones),
        ),
    )


DEVELOPMENT = (working_party,)
