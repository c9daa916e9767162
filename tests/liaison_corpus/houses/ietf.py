"""IETF: a page of the Datatracker as HTML and as copied text, and the mail that announces a statement."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..drawing import Drawer, Listed
from ..names import ETSI, IETF, STUDY_GROUPS, THREEGPP, TSGS, Name, named
from ..sheets import Draft, Field, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth, purposes

HOUSE = "IETF"
PURPOSES = (
    ("For action", "action"),
    ("For information", "information"),
    ("In response", "response"),
    ("For comment", "comment"),
)
OUTSIDE = (*THREEGPP, *TSGS, *STUDY_GROUPS, named("BBF"), *ETSI[:4], named("GSMA"), named("MEF"))


def slug(d: Drawer, name: Name) -> str:
    """A group as the Datatracker calls it."""
    if name in IETF:
        return name.inner[0]
    if name in STUDY_GROUPS:
        return f"ITU-T-SG-{(name.id or '').removeprefix('ITU-T-SG')}"
    if name in TSGS:
        return f"3GPP-TSG-{(name.id or '').removeprefix('3GPP-')}"
    if name in THREEGPP:
        code = (name.id or "").removeprefix("3GPP-")
        return f"3GPP-TSG-{code[:-1]}-WG{code[-1]}"
    return {"BBF": "BROADBAND-FORUM"}.get(
        name.id or "", name.alone[0].replace(" ", "-") if name in ETSI else name.alone[0]
    )


def slugs(d: Drawer, names: Sequence[Name]) -> Listed:
    texts = [slug(d, n) for n in names]
    return Listed(tuple(Party(n.id, t) for n, t in zip(names, texts, strict=True)), (", ".join(texts),))


def sides(d: Drawer) -> tuple[Name, list[Name]]:
    """Sender and addressees: one side is the IETF."""
    inside = d.some((*IETF, *IETF, named("IETF"), named("IAB")), 1, 3)
    if named("IETF") in inside:
        inside = [named("IETF")]
    outside = d.some(OUTSIDE, 1, 2)
    return (inside[0], outside) if d.chance(0.4) else (outside[0], list(dict.fromkeys(inside)))


def content(
    d: Drawer, sender: Name, to: Sequence[Name], subject: str, purpose: str, deadline: datetime.date | None
) -> tuple[list[str], tuple[str, ...], list[Action]]:
    specs = d.specifications(0, 2, ("IETF", "IETF", "3GPP"))
    paragraphs = d.description(d.called(sender), subject, specs)
    actions = []
    if purpose == "action" and (deadline or d.chance(0.7)):
        sentence, action = d.request(d.called(sender), to)
        paragraphs.append(sentence)
        actions.append(
            Action(to=action.to, text=action.text, deadline=deadline.isoformat() if deadline else None)
        )
    return paragraphs, tuple(n for _, n in specs), actions


def page(d: Drawer) -> Draft:
    """The page of a statement, fields as its table has them."""
    sender, to = sides(d)
    day = d.day("2012-01-10", "2025-12-01")
    label, purpose = d.one(PURPOSES)
    deadline = (
        day + datetime.timedelta(days=d.number(30, 150))
        if purpose in ("action", "comment") and d.chance(0.7)
        else None
    )
    subject = d.subject()
    title = d.one(("LS on {}", "Liaison response on {}", "{}", "LS/o on {}")).format(subject)
    title = title[0].upper() + title[1:]
    listed, source = slugs(d, to), slugs(d, [sender])
    paragraphs, mentions, actions = content(
        d, sender, to, subject, purpose, deadline if purpose == "action" else None
    )
    files = d.some(
        ("LS on the subject", "Draft Recommendation (baseline)", "S3-233355.docx", "Annex A"), 0, 2
    )
    sheet = Sheet(subject="Liaison statement")
    sheet.add(Line("Liaison statement"), Line(title))
    old = d.chance(0.3)
    rows: list[Field] = [
        values("State", "Posted"),
        values("Posted Date" if old else "Submitted Date", day.isoformat()),
        values("From Group" if not old else d.one(("From Group", "From")), source.line),
        values("From Contact", "Jane Example"),
        values("To Group" if len(to) == 1 else "To Groups", listed.line),
        values("To Contacts", "Jane Example <jane@example.org>", "The Chairs <chairs@example.org>"),
        values("Cc", "Jane Example <jane@example.org>", "Discussion List <list@example.org>"),
        values("Response Contact", "Jane Example <jane@example.org>"),
        values("Purpose", label),
        *(
            [values("Deadline", f"{deadline.isoformat()} {d.one(('Action Needed', 'Action Taken'))}".strip())]
            if deadline
            else []
        ),
        values("Attachments", *(files or ("(None)",))),
    ]
    sheet.head(rows)
    sheet.add(Line("Body"), *(Paragraph(p) for p in paragraphs))
    return Draft(
        sheet=sheet,
        carriers=("html-tracker", "html-tracker", "txt-tabs", "txt-columns", "txt-export", "pdf"),
        stem=f"liaison-{d.number(1000, 2200)}",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=source.parties,
            to=listed.parties,
            purpose=purposes(listed.parties, purpose=purpose),
            mentions=mentions,
            actions=tuple(actions),
            attachments=tuple(files),
        ),
    )


def mail(d: Drawer) -> Draft:
    """The mail of the liaison tool; addresses stand behind the names of the groups."""
    sender, to = sides(d)
    day = d.day("2010-01-10")
    label, purpose = d.one(PURPOSES)
    deadline = (
        day + datetime.timedelta(days=d.number(30, 150)) if purpose == "action" and d.chance(0.8) else None
    )
    subject = d.subject()
    title = f"LS on {subject}"
    texts = [(n.alone[0] if n not in IETF else d.one((n.alone[0], f"{n.inner[0]}"))) for n in to]
    parties = tuple(Party(n.id, t) for n, t in zip(to, texts, strict=True))
    posted = d.number(1000, 2200)
    source = sender.alone[0] if sender not in IETF else sender.inner[0]
    paragraphs, mentions, actions = content(d, sender, to, subject, purpose, deadline)
    files = d.some(("SG13-LS-165.docx", "LS_body.pdf"), 0, 2)
    sheet = Sheet(subject=f'New Liaison Statement, "{title}"')
    addresses = d.chance(0.5)
    sheet.head(
        [
            values("Title:", title),
            values("Submission Date:", day.isoformat()),
            values("URL of the IETF Web page:", f"https://datatracker.ietf.org/liaison/{posted}/"),
            *([values("Please reply by", deadline.isoformat())] if deadline else []),
            values("From:", f"{source} (Jane Example <jane@example.org>)" if addresses else source),
            values("To:", ", ".join(texts) + (" (list@example.org)" if addresses and len(to) == 1 else "")),
            values("Cc:", "Jane Example <jane@example.org>,list@example.org"),
            values("Response Contacts:", "Jane Example <jane@example.org>"),
            values("Technical Contacts:", ""),
            values("Purpose:", label),
        ]
    )
    sheet.add(Line("Body:"), *(Paragraph(p) for p in paragraphs), Line("Attachments:"))
    sheet.add(*([Line(f"    {f}") for f in files] or [Line("    No document has been attached")]))
    return Draft(
        sheet=sheet,
        carriers=("eml-text", "eml-text", "txt-columns", "txt-tabs"),
        stem="statement",
        truth=Truth(
            title=title,
            date=day.isoformat(),
            sender=(Party(sender.id, source),),
            number=(f"datatracker {posted}",),
            to=parties,
            purpose=purposes(parties, purpose=purpose),
            mentions=mentions,
            actions=tuple(actions),
            attachments=tuple(files),
        ),
    )


DEVELOPMENT = (page, page, mail)
