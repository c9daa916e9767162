"""ITU-R's layout: document number and date, the name of the working party, then as title a line such as
"Liaison statement to Working Party 5A (copy to Working Party 5B)" and one for the subject.

Sender, addressees and title have no labels; where "Source" and "Subject" stand they name the document it was
made from and the agenda item. Status, Deadline and Contact stand below the text.
"""

from __future__ import annotations

import re

from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Field, Line, Sheet
from sdograph.sources.liaison.wording import add_addressees, add_date_line

_GROUP = re.compile(
    r"\W*(?:ITU-R\s+|UIT-R\s+|(?:Chair(?:man)?(?:\s+of|,)?|Pr[eé]sident(?:\s+du|,)?|Presidente(?:\s+del|,)?)\s+)*"
    r"(?:(?:Joint\s+)?(?:Working\s+Part(?:y|ies)|Task\s+Group|WP|TG|Rapporteur\s+Group|Study\s+Group"
    r"|Groupe\s+de\s+travail|Grupo\s+de\s+Trabajo)\s+\d[A-F]?(?:[-/]\d{1,2}){0,2}"
    r"|Radiocommunication\s+Advisory\s+Group|Conference\s+Preparatory\s+Meeting)(?:\s+\([^()]{1,40}\))?\W*",
    re.IGNORECASE,
)
_LIAISON = re.compile(
    r"\bliaison\b|\bd[eé]claration\s+de\s+(?:liaison|coordinaci)|\bcoordinaci[oó]n\b|\benlace\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b[1-7][A-E]/(?:TEMP/)?\d{1,4}\b|\b(?:RAG|TDAG)\d{0,2}(?:-\d)?/\d")
_OF_R = re.compile(r"\bRadiocomm?unications?\b|\bITU-R\b|\bUIT-R\b", re.IGNORECASE)
#: The title is at most so many lines, none of which is a sentence.
_TITLE_LINES = 6
_SENTENCE = re.compile(r"[.;:]\s*$|[a-z\d)][.?!]\s+[A-Z]|^\s*\d{1,2}(?:\.\d{1,2})*\.?[\s\t]+[A-Z]")


def _signs(sheet: Sheet) -> int:
    group = _group_line(sheet)
    return sum(
        (
            2 * (group is not None and bool(_title_lines(sheet, group))),
            any(_NUMBER.search(line.text) for line in sheet.top[:40]),
            any(_OF_R.search(line.text) for line in sheet.top[:20]),
            "to" not in sheet.fields,
            "status" in sheet.fields,
            sheet.names("sender", r"Document\s+\S+/"),
        )
    )


def _complete(sheet: Sheet) -> None:
    for line in sheet.values("sender"):
        if _NUMBER.search(line.text) or re.match(r"\W*(?:Annex|Doc)", line.text):
            sheet.fields.pop("sender")
            break
    # "Reference: SG16-LS35 (Document 5D/79)" is what it answers.
    for field in [f for f in sheet.fields.get("number", ()) if f.label.lower().startswith("ref")]:
        sheet.fields["number"].remove(field)
        sheet.fields.setdefault("in_reply_to", []).append(field)
    at = _group_line(sheet)
    if at is not None and (lines := _title_lines(sheet, at)):
        if "sender" not in sheet.fields:
            group = sheet.top[at]
            named = Line(
                re.sub(
                    r"^\W*(?:Chair(?:man)?|Pr[eé]sident|Presidente)(?:\s+(?:of|du|del))?,?\s+", "", group.text
                ),
                group.locator,
            )
            sheet.fields["sender"] = [Field("", lines=[named], rule="line above the title", confidence=0.9)]
        add_addressees(sheet, lines)
        title = " \u2013 ".join(line.text for line in lines if not re.match(r"\W*\(", line.text))
        named = Line(title, lines[0].locator)
        sheet.fields["title"] = [Field("", lines=[named], rule="lines below the group", confidence=0.9)]
        taken = {line.locator for line in (sheet.top[at], *lines)}
        for name in sheet.fields.keys() - {"title", "sender", "to", "cc"}:
            for field in sheet.fields[name]:
                field.lines = [line for line in field.lines if line.locator not in taken or line.cell]
        text = sheet.sections.get("description", [])
        sheet.sections["description"] = [
            *_below(sheet, lines[-1]),
            *(line for line in text if line.locator not in taken),
        ]
    add_addressees(sheet, sheet.values("title"))
    add_date_line(sheet)


def _below(sheet: Sheet, last: Line) -> list[Line]:
    """Takes off the opening what stands below the title: the text, where no label stands above it."""
    places = [line.locator for line in sheet.opening]
    if last.locator not in places:
        return []
    at = places.index(last.locator) + 1
    text = sheet.opening[at:]
    del sheet.opening[at:]
    return text


def _group_line(sheet: Sheet) -> int | None:
    """The line that names the group that sends; below it stands the title."""
    found = [i for i, line in enumerate(sheet.top) if len(line.text) < 120 and _GROUP.fullmatch(line.text)]
    return next((i for i in found if _title_lines(sheet, i)), None)


def _title_lines(sheet: Sheet, at: int) -> list[Line]:
    """The lines below the group's name up to the text, if one of the first says that it is a liaison one."""
    lines: list[Line] = []
    for line in sheet.top[at + 1 :]:
        if not line.words:
            continue
        if len(lines) == _TITLE_LINES or len(line.text) > 300 or _SENTENCE.search(line.text):
            break
        if lines and _LIAISON.search(lines[0].text) and len(lines) > 1 and _ends_title(lines, line):
            break
        lines.append(Line(line.words, line.locator))
    return lines if any(_LIAISON.search(line.text) for line in lines[:2]) else []


def _ends_title(lines: list[Line], line: Line) -> bool:
    """Whether the title has its subject already: a first line with addressees and one with the subject."""
    subjects = [
        x
        for x in lines[1:]
        if not re.match(r"\W*(?:\(|cop(?:y|ies|ied)\b|for information)", x.text, re.IGNORECASE)
    ]
    return bool(subjects) and not re.match(r"\W*\(", line.text) and not line.text[:1].islower()


LAYOUT = Layout(
    name="itu-r", signs=_signs, complete=_complete, needs=frozenset(("title", "sender")), body="ITU-R"
)
