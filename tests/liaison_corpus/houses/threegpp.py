"""3GPP: the form of its working procedures, as in use and as it was in the first years."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from .. import dates
from ..carriers import HTML, TEXT, WORD
from ..drawing import ITEMS_3GPP, Drawer
from ..names import ETSI, STUDY_GROUPS, THREEGPP, TSGS, Name
from ..sheets import Draft, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Meeting, Truth, purposes

HOUSE = "3GPP"
CARRIERS = (*WORD, *TEXT, "html-paragraphs", HTML[0], "pdf", "zip", "zip", "eml-attached")


def code(name: Name) -> str:
    return (name.id or "").removeprefix("3GPP-")


def group_in_headers(d: Drawer, name: Name) -> str:
    """How the first line of a document calls the meeting's group."""
    if name in TSGS:
        return d.one(
            (f"3GPP TSG {code(name)} Meeting", f"3GPP TSG-{code(name)} Meeting", f"TSG {code(name)} Meeting")
        )
    tsg, number = code(name)[:-1], code(name)[-1]
    return d.one(
        (
            f"3GPP TSG-{tsg} WG{number} Meeting",
            f"3GPP TSG {tsg} WG{number} Meeting",
            f"{tsg} WG{number} Meeting",
            f"3GPP TSG-{tsg}{number} Meeting",
            f"3GPP TSG-{tsg} WG{number} meeting",
        )
    )


def answered(
    d: Drawer, sender: Name, other: Name, year: int, subject: str
) -> tuple[str, str, tuple[tuple[str, ...], ...]]:
    """What is answered: the title's prefix, the value of Response to, and its numbers."""
    if d.chance(0.4):
        return d.one(("LS on", "LS on", "LS to inform about")), d.one(("-", "n/a", "", "None", "N/A")), ()
    theirs = d.tdoc(other, year)
    ours = d.tdoc(sender, year)
    short = d.called(other)
    value, numbers = d.one(
        (
            (f"LS {theirs}/{ours} on {subject} from {short}", (theirs, ours)),
            (f"{theirs}/{ours} (LS on {subject})", (theirs, ours)),
            (f"LS ({ours}/{theirs}) on {subject}", (theirs, ours)),
            (f"LS {theirs} on {subject} from {short}", (theirs,)),
            (f"LS on {subject} ({theirs})", (theirs,)),
            (f"{theirs}", (theirs,)),
            (f"Reply LS {theirs} / {ours} on {subject}", (theirs, ours)),
        )
    )
    found = [numbers]
    if d.chance(0.15):
        second = d.one([n for n in THREEGPP if n not in (sender, other)])
        found.append((d.tdoc(second, year),))
        value = f"{value}; LS on {d.subject()} ({found[1][0]})"
    return d.one(("Reply LS on", "Reply LS on", "LS reply on", "Response LS on")), value, tuple(found)


def asked(
    d: Drawer, sender: Name, names: Sequence[Name], last: datetime.date
) -> tuple[list[Line | Paragraph], list[Action]]:
    """The lines of the section Actions: for each addressee, or for all of them together."""
    blocks: list[Line | Paragraph] = []
    actions: list[Action] = []
    together = len(names) > 1 and d.chance(0.4)
    heading = d.one(("To {}:", "To {}", "To {} group.", "To {} group:", "To: {}"))
    label = (
        d.one(("ACTION: \t", "ACTION:\t", "ACTION: ", "Action: ", "ACTION:\t\t", ""))
        if heading != "To: {}"
        else "ACTION: "
    )
    deadline = last + datetime.timedelta(days=d.number(30, 90)) if d.chance(0.25) else None
    for some in [list(names)] if together else [[n] for n in names]:
        sentence, action = d.request(d.called(sender), some, deadline)
        who = d.one((", ", " and ", ", ")).join(d.called(n) for n in some)
        if not label:
            heading = heading.replace(" group.", ":")
        blocks += [Line(heading.format(who)), Paragraph(f"{label}{sentence}")]
        actions.append(action)
    return blocks, actions


def next_meetings(d: Drawer, sender: Name, last: datetime.date) -> tuple[list[Line], tuple[Meeting, ...]]:
    found = d.meetings(
        d.one((code(sender), code(sender), f"TSG-{code(sender)}" if sender in TSGS else code(sender))),
        last,
        d.number(1, 3),
    )
    form = d.one(dates.RANGES)
    lines = []
    for meeting, first, end in found:
        when = dates.written_range(first, end, form)
        lines.append(Line(f"{meeting.name}\t{when}\t{d.one(('', '', chr(9)))}{meeting.place}"))
    return lines, tuple(m for m, _, _ in found)


def current(d: Drawer) -> Draft:
    """The form in use since about 2008."""
    sender = d.one((*THREEGPP, *THREEGPP, *TSGS))
    to = d.addressees(HOUSE, 1, 3, without=[sender])
    cc = d.addressees(HOUSE, 1, 4, without=[sender, *to]) if d.chance(0.6) else []
    first, last = d.week()
    number = d.tdoc(sender, last.year)
    subject = d.subject()
    prefix, response, replies = answered(
        d, sender, next((n for n in to if n in THREEGPP), d.one(THREEGPP)), last.year, subject
    )
    title = f"{prefix} {subject}"
    release = d.number(15, 20)
    items = d.some(ITEMS_3GPP, 0, 2)
    specs = d.specifications(0, 3, ("3GPP", "3GPP", "ETSI", "IETF"))
    listed, copies = d.listed(to, HOUSE), d.listed(cc, HOUSE)
    source = d.sender(sender, HOUSE)
    second = [n for n in THREEGPP if n not in (sender, *to, *cc)]
    joint = d.listed([sender, d.one(second)], HOUSE, "comma") if d.chance(0.08) else None
    senders = joint.parties if joint else (source,)
    attached = tuple(d.tdoc(sender, last.year) for _ in range(d.number(0, 2)))
    place = d.one(
        (
            "West Palm Beach, FL, USA",
            "Athens, Greece",
            "Electronic meeting",
            "Goteborg, Sweden",
            "Changsha, China",
        )
    )
    days = dates.written_range(first, last, d.one(dates.RANGES))
    was = d.tdoc(sender, last.year)
    revision = d.one((f"(revision of {was})", f"(was {was})", f"revision of {was}", "", ""))
    top = [
        f"{group_in_headers(d, sender)} #{d.number(80, 170)}{d.one(('', '', '-e', 'bis'))}\t{number}",
        d.one((f"{days}, {place}", f"{place}, {days}", f"{place}; {days}")) + f"\t{revision}".rstrip("\t"),
    ]
    sheet = Sheet(subject=f"[3GPP] {title}")
    if d.chance(0.25):
        sheet.header = top
    else:
        sheet.add(*(Line(line) for line in top))
    caps = d.chance(0.2)
    rows = [
        values("Title:", title),
        values("Response to:", response),
        values("Release:", d.one((f"Release {release}", f"Rel-{release}", f"Rel {release}"))),
        values(
            d.one(("Work Item:", "Work Items:", "Work item:")), ", ".join(items) or d.one(("-", "", "n/a"))
        ),
        values("Source:", joint.line if joint else source.text),
        values("TO:" if caps else "To:", *listed.lines),
        values("CC:" if caps else d.one(("Cc:", "CC:")), *(copies.lines or (d.one(("", "-", "None")),))),
        values(d.one(("Contact Person:", "Contact person:")), ""),
        values("Name:", "Jane Example"),
        values("E-mail Address:", "jane@example.org"),
        values("Send any reply LS to:", "3GPP Liaisons Coordinator, mailto:liaisons@example.org"),
        values("Attachments:", ", ".join(attached) or d.one(("None", "-", "none", ""))),
    ]
    sheet.head(rows)
    dot = d.one((".", "", "."))
    colon = d.one((":", ""))
    sheet.add(
        Heading(
            f"1{dot}",
            f"{d.one(('Overall Description', 'Overall description', 'Overall Description'))}{colon}",
        )
    )
    sheet.add(*(Paragraph(p) for p in d.description(d.called(sender), subject, specs)))
    sheet.add(Heading(f"2{dot}", f"Actions{colon}"))
    blocks, actions = asked(d, sender, to, last)
    sheet.add(*blocks)
    whose = f"TSG-{code(sender)}" if sender in TSGS else f"TSG-{code(sender)[:-1]} WG{code(sender)[-1]}"
    sheet.add(
        Heading(
            f"3{dot}",
            d.one(
                ("Date of Next {} Meetings", "Dates of next {} meetings", "Date of next {} meetings")
            ).format(whose)
            + colon,
        )
    )
    lines, meetings = next_meetings(d, sender, last)
    sheet.add(*lines)
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=senders,
            to=listed.parties,
            cc=copies.parties,
            number=(number,),
            in_reply_to=replies,
            purpose=purposes(listed.parties, copies.parties),
            releases=(f"Rel-{release}",),
            work_items=tuple(items),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            attachments=attached,
            meetings=meetings,
        ),
    )


def early(d: Drawer) -> Draft:
    """The form of about 2000 to 2008: fewer fields, "Tdoc" before the number, capitals."""
    sender = d.one(THREEGPP)
    to = d.addressees(HOUSE, 1, 2, without=[sender])
    cc = [n for n in (d.one(THREEGPP), d.one(ETSI[:3]), d.one(STUDY_GROUPS)) if n not in (sender, *to)][
        : d.number(0, 2)
    ]
    first, last = d.week("2003-01-06", "2009-11-30")
    number = d.tdoc(sender, last.year)
    subject = d.subject()
    title = (
        d.one(("LS on", "Liaison Statement on", "Proposed LS on", f"LS to {d.called(to[0])} on"))
        + f" {subject}"
    )
    source = d.sender(sender, HOUSE)
    listed, copies = d.listed(to, HOUSE), d.listed(cc, HOUSE)
    specs = d.specifications(0, 2, ("3GPP",))
    sheet = Sheet(subject=title)
    place = d.one(("Sophia Antipolis, France", "San Diego, USA", "Lisbon, Portugal"))
    sheet.add(
        Line(f"{group_in_headers(d, sender)} #{d.number(20, 60)}\t{d.one(('Tdoc ', '', 'TD '))}{number}"),
        Line(f"{place}, {dates.written_range(first, last, d.one(dates.RANGES))}"),
    )
    rows = [
        values("Title:", title),
        values("Release:", f"Release {d.number(5, 8)}") if d.chance(0.5) else None,
        values("Source:", source.text),
        values("To:", *listed.lines),
        values("Cc:", *copies.lines) if cc else None,
        values("Contact Person:", "Jane Example, jane@example.org"),
        values("Attachments:", "none"),
    ]
    sheet.head([row for row in rows if row])
    release = tuple(f"Rel-{row.values[0].split()[-1]}" for row in rows if row and row.label == "Release:")
    sheet.add(Heading("1.", "Overall Description:"))
    sheet.add(*(Paragraph(p) for p in d.description(d.called(sender), subject, specs)))
    sheet.add(Heading("2.", "Actions:"))
    actions = []
    for name in to:
        sentence, action = d.request(d.called(sender), [name])
        sheet.add(Line(f"To {d.called(name)} group."), Line("ACTION:"), Paragraph(sentence))
        actions.append(action)
    sheet.add(Heading("3.", f"Date of Next {d.called(sender)} Meetings:"))
    lines, meetings = next_meetings(d, sender, last)
    sheet.add(*lines)
    return Draft(
        sheet=sheet,
        carriers=(*WORD, *TEXT, "zip", "pdf"),
        stem=number,
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(source,),
            to=listed.parties,
            cc=copies.parties,
            number=(number,),
            releases=release,
            purpose=purposes(listed.parties, copies.parties),
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            meetings=meetings,
        ),
    )


DEVELOPMENT = (current, current, current, early)
