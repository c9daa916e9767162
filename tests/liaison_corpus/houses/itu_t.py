"""ITU-T: the table of fields of its study groups, with labels in English, French and Spanish."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from .. import dates
from ..carriers import HTML, TEXT, WORD
from ..drawing import Drawer, Listed
from ..names import QUESTIONS, STUDY_GROUPS, Name
from ..sheets import Block, Draft, Field, Heading, Line, Paragraph, Sheet, values
from ..truth import Action, Party, Truth

HOUSE = "ITU-T"
CARRIERS = (*WORD, "docx-controls", "docx-table", *TEXT, HTML[0], "pdf", "eml-attached", "zip")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of the form in one language."""

    language: str
    question: str
    source: str
    title: str
    action: str
    comment: str
    information: str
    approval: str
    deadline: str
    contact: str
    abstract: str
    keywords: str
    heading: str
    union: str
    sector: str
    period: str
    nobody: tuple[str, ...]


ENGLISH = Labels(
    "en",
    "Question(s):",
    "Source:",
    "Title:",
    "For action to:",
    "For comment to:",
    "For information to:",
    "Approval:",
    "Deadline:",
    "Contact:",
    "Abstract:",
    "Keywords:",
    "LIAISON STATEMENT",
    "INTERNATIONAL TELECOMMUNICATION UNION",
    "TELECOMMUNICATION STANDARDIZATION SECTOR",
    "STUDY PERIOD {}",
    ("-", "", "N/A", "n/a", "None"),
)
FRENCH = Labels(
    "fr",
    "Question(s):",
    "Source:",
    "Titre:",
    "Pour action à:",
    "Pour commentaire à:",
    "Pour information à:",
    "Approbation:",
    "Date limite:",
    "Contact:",
    "Résumé:",
    "Mots clés:",
    "NOTE DE LIAISON",
    "UNION INTERNATIONALE DES TÉLÉCOMMUNICATIONS",
    "SECTEUR DE LA NORMALISATION DES TÉLÉCOMMUNICATIONS",
    "PÉRIODE D'ÉTUDES {}",
    ("-", "", "s.o."),
)
SPANISH = Labels(
    "es",
    "Cuestión(es):",
    "Origen:",
    "Título:",
    "Para acción a:",
    "Para comentarios a:",
    "Para información a:",
    "Aprobación:",
    "Plazo:",
    "Contacto:",
    "Resumen:",
    "Palabras clave:",
    "DECLARACIÓN DE COORDINACIÓN",
    "UNIÓN INTERNACIONAL DE TELECOMUNICACIONES",
    "SECTOR DE NORMALIZACIÓN DE LAS TELECOMUNICACIONES",
    "PERÍODO DE ESTUDIOS {}",
    ("-", ""),
)


def period(day: datetime.date) -> str:
    return next(p for p in ("2013-2016", "2017-2020", "2022-2024", "2025-2028") if day.year <= int(p[5:]))


def spread(d: Drawer, sender: Name) -> dict[str, list[Name]]:
    """Addressees by purpose; at least one gets the statement for something."""
    while True:
        found: dict[str, list[Name]] = {}
        for purpose, share in (("action", 0.6), ("comment", 0.3), ("information", 0.6)):
            others = [sender, *(n for names in found.values() for n in names)]
            found[purpose] = d.addressees(HOUSE, 1, 4, without=others) if d.chance(share) else []
        if any(found.values()):
            return found


def own_number(d: Drawer, group: str) -> str:
    n = d.number(5, 320)
    return d.one((f"SG{group}-LS{n}", f"SG{group}-LS{n}", f"SG{group}-LS-{n}"))


def table(d: Drawer, labels: Labels = ENGLISH) -> Draft:
    """The form in use since 2013, as a temporary document or as the numbered statement."""
    group = d.one(("17", "13", "11", "2", "20", "16", "15"))
    sender = next(n for n in STUDY_GROUPS if n.id == f"ITU-T-SG{group}")
    asked = d.one([q for q in QUESTIONS if q.inner[0].endswith(f"/{group}")] or [None])
    first, last = d.week("2017-03-06")
    place = d.one(("Geneva", "Geneva", "Virtual", "E-meeting", "New Delhi"))
    if labels.language == "fr":
        place = "Genève"
    elif labels.language == "es":
        place = "Ginebra"
    found = spread(d, sender)
    lists: dict[str, Listed] = {
        k: d.listed(v, HOUSE, d.one(("comma", "semicolon", "comma", "lines"))) for k, v in found.items() if v
    }
    subject = d.subject()
    reply = d.chance(0.35)
    replies: tuple[tuple[str, ...], ...] = ()
    if reply:
        other = d.one([n for n in STUDY_GROUPS if n is not sender])
        number = own_number(d, other.inner[0][2:])
        replies = ((number,),)
        title = f"LS/r on {subject} ({d.one(('reply to', 'reply to', 'in reply to'))} {number})"
    else:
        whom = ", ".join(n.inner[0] for names in found.values() for n in names)
        title = d.one((f"LS/o on {subject}", f"LS/o on {subject} [to {whom}]", f"LS on {subject}"))
    number = own_number(d, group)
    source = (
        d.one((f"ITU-T Study Group {group}", f"ITU-T SG{group}", f"Study Group {group}"))
        if labels.language == "en"
        else f"ITU-T SG{group}"
    )
    party = Party(sender.id, source)
    days = dates.written_range(first, last, d.one(dates.RANGES), labels.language)
    deadline = (
        last + datetime.timedelta(days=d.number(40, 120))
        if (found["action"] or found["comment"]) and d.chance(0.7)
        else None
    )
    sheet = Sheet(subject=title)
    sheet.add(
        Line(f"{labels.union}\t{number}"),
        Line(labels.sector),
        Line(labels.period.format(period(last))),
        Line(
            {"en": "Original: English", "fr": "Original: anglais", "es": "Original: inglés"}[labels.language]
        ),
    )
    approved = {
        "en": f"ITU-T SG{group} meeting ({place}, {days})",
        "fr": f"Réunion de la CE {group} ({place}, {days})",
        "es": f"Reunión de la CE {group} ({place}, {days})",
    }[labels.language]
    rows: list[Field] = [
        values(
            labels.question,
            ", ".join([asked.inner[0][1:]] if asked else [f"All/{group}"]),
            aside=f"{place}, {days}",
        )
    ]
    sheet.head(rows)
    sheet.add(Line(labels.heading))
    nobody = d.one(labels.nobody)
    fields = [
        values(labels.source, source),
        values(labels.title, title),
        *(
            values(label, *(lists[purpose].lines if purpose in lists else (nobody,)))
            for label, purpose in (
                (labels.action, "action"),
                (labels.comment, "comment"),
                (labels.information, "information"),
            )
            if purpose in lists or d.chance(0.8)
        ),
        values(labels.approval, approved),
        values(
            labels.deadline,
            dates.written(deadline, d.one(dates.CLEAR), labels.language) if deadline else nobody,
        ),
        values(
            labels.contact,
            "Jane Example",
            "Example Corp.",
            "Utopia",
            aside="Tel: +41 00 000 00 00\nE-mail: jane@example.org",
        ),
    ]
    if d.chance(0.7):
        fields.append(values(labels.abstract, f"This liaison statement informs about {subject}."))
    if d.chance(0.3):
        fields.insert(2, values(labels.keywords, "security; machine learning"))
    sheet.head(fields)
    specs = d.specifications(0, 3, ("ITU-T", "ITU-T", "3GPP", "ISO-IEC-JTC1"))
    name = f"SG{group}"
    sheet.add(*(Paragraph(p) for p in d.description(name, subject, specs)))
    actions: list[Action] = []
    for purpose in ("action", "comment"):
        if found[purpose] and (deadline or purpose == "action"):
            sentence, action = d.request(f"ITU-T SG{group}", found[purpose])
            sheet.add(Paragraph(sentence))
            actions.append(
                Action(to=action.to, text=action.text, deadline=deadline.isoformat() if deadline else None)
            )
    files: list[str] = []
    if d.chance(0.4):
        files = d.some(
            (
                f"SG{group}-TD{d.number(100, 900)}",
                "Draft new Recommendation (baseline text)",
                f"SG{group}-R{d.number(1, 40)}-Annex.docx",
            ),
            1,
            2,
        )
        sheet.add(*_attached(d, files))
    sheet.add(Line("_______________________"))
    parties = tuple(p for listed in lists.values() for p in listed.parties)
    informed = lists["information"].parties if "information" in lists else ()
    return Draft(
        sheet=sheet,
        carriers=CARRIERS,
        stem=f"T22-{number}",
        truth=Truth(
            title=title,
            date=last.isoformat(),
            sender=(party,),
            to=parties,
            either=informed,
            number=(number,),
            in_reply_to=replies,
            purpose={p.key: purpose for purpose, listed in lists.items() for p in listed.parties},
            mentions=tuple(n for _, n in specs),
            actions=tuple(actions),
            attachments=tuple(files),
            approval=approved,
        ),
    )


def _attached(d: Drawer, files: list[str]) -> list[Block]:
    if d.chance(0.5):
        return [
            Heading("", d.one(("Attachments:", "Attachment:", "Attachments"))),
            *(Line(f"- {f}") for f in files),
        ]
    return [Heading("", "Attachments:"), *(Line(f) for f in files)]


def french(d: Drawer) -> Draft:
    return table(d, FRENCH)


def spanish(d: Drawer) -> Draft:
    return table(d, SPANISH)


DEVELOPMENT = (table, table, table, table, french, spanish)
