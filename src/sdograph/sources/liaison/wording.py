"""What a statement says by wording and place rather than by label: in title, address and signature.

Each function adds the fields that a sheet lacks, with the rule by which they were found and how sure that is.
"""

from __future__ import annotations

import re

from sdograph.sources.dates import dates_in
from sdograph.sources.liaison.labelling import SALUTATION, first_piece, labelled_in
from sdograph.sources.liaison.numbers import numbers_in
from sdograph.sources.liaison.opening import NAMES_FORM
from sdograph.sources.liaison.parties import is_party, organisation_in, written_out
from sdograph.sources.liaison.sheet import Field, Line, Sheet

#: How sure each reading is.
ANSWERED = "answered in the text"
_BY_TITLE, _BY_ADDRESS, _BY_SALUTATION, _BY_SIGNATURE, _BY_LETTERHEAD = 0.8, 0.7, 0.7, 0.7, 0.6

_TO_WHOM = re.compile(
    r"\b(?:liaison(?:\s+(?:statement|note|letter|response|reply|report|communication))?|LS(?:/[oir])?|reply|response"
    r"|d[eé]claration\s+de\s+liaison|note\s+de\s+liaison|declaraci[oó]n\s+de\s+(?:coordinaci[oó]n|enlace)|letter)\s+"
    r"(?:(?:from|by|of|de|du)\s+(?P<from>.{2,120}?)\s+)?(?:to|[aà]|aux?|al|a\s+los?)\s+(?:the\s+|la\s+|le\s+|les?\s+)?"
    r"(?P<who>.{2,300}?)(?=\s*[(\[–—:]|\s-\s|,?\s+(?:on|regarding|concerning|about|for|in\s+response|in\s+reply|relating|related"
    r"|with\s+respect|sur|concernant|sobre|relativ[oa]|pour|para|cop(?:y|ied)|with\s+cop)\b|\s*$)",
    re.IGNORECASE,
)
_COPIED = re.compile(
    r"\b(?:cop(?:y|ies|ied)(?:\s+for\s+information)?|cc|copie|copia|for\s+information)\s+(?:to|[aà]|aux?|al|:)\s*(?:the\s+)?"
    r"(?P<who>.{2,200}?)(?=\s+for\s+(?:information|action)|\s*[)\]]|\s*$)",
    re.IGNORECASE,
)
_REPLY_TO = re.compile(r"\b(?:reply|response|answer)\s*$", re.IGNORECASE)


def add_addressees(sheet: Sheet, title: list[Line]) -> None:
    """To and Cc from "Liaison statement to Working Parties 5A and 5B (copy to Working Party 5C)"."""
    for name, pattern in (("to", _TO_WHOM), ("cc", _COPIED)):
        if sheet.values(name):
            continue
        lines = []
        for line in title:
            for match in pattern.finditer(line.text):
                who = match["who"].strip(" ,")
                # "Reply to LS on …", "response to S3-241234": what is answered, not who.
                if not re.match(r"(?:your|the|LS|liaison|incoming)\b|[\w-]*\d{4}", who, re.IGNORECASE):
                    lines.append(Line(written_out(who), line.locator))
        if lines:
            sheet.fields[name] = [Field("", lines=lines, rule="named in the title", confidence=_BY_TITLE)]


_REST_OF_DATE_LINE = 40
_RECEIVED = re.compile(r"\W*(?:received|re[c\u00e7]u|recibido)\b", re.IGNORECASE)


def add_date_line(sheet: Sheet) -> None:
    """Date from a line of the head that says little else: "Geneva, 25 June 2023"."""
    if sheet.values("date"):
        return
    for line in sheet.top[: salutation(sheet) or 40]:
        for date in dates_in(line.text):
            if _RECEIVED.match(line.text):
                continue
            if date.has_day and len(line.words) - (date.stop - date.start) <= _REST_OF_DATE_LINE:
                sheet.fields["date"] = [Field("", lines=[line], rule="date line", confidence=0.9)]
                return


_IS_REPLY = re.compile(r"\b(?:reply|response|answer|LS/r|r[e\u00e9]ponse|respuesta)\b", re.IGNORECASE)
_THANKS_FOR = re.compile(
    r"\b(?:thank\w*|received?|receipt|considered|reviewed|referr?\w*|remerci\w*|agradece\w*)\b.{0,200}?"
    r"\b(?:liaison|LS|letter|request|note|statement)s?\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\bin\s+(?:response|reply|answer)\s+to\s+(?:your|the|their)\b.{0,80}?\b(?:liaison|LS|letter)",
    re.IGNORECASE,
)


def add_answered(sheet: Sheet) -> None:
    """In reply to, from the first sentences of an answer: "SG17 thanks SA3 for its liaison S3-231234"."""
    if sheet.values("in_reply_to"):
        return
    is_reply = any(_IS_REPLY.search(line.text) for line in sheet.values("title"))
    text = [line for line in sheet.sections.get("description", []) if line.words][:4]
    for line in text:
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", line.words):
            found = _ANSWERS.search(sentence) or (is_reply and _THANKS_FOR.search(sentence))
            numbers = numbers_in(sentence) if found else []
            if numbers:
                named = [Line(number, line.locator) for number in numbers]
                sheet.fields["in_reply_to"] = [Field("", lines=named, rule=ANSWERED, confidence=0.7)]
                return


# --- letters


def salutation(sheet: Sheet) -> int | None:
    """Where the letter greets its receivers."""
    return next((i for i, line in enumerate(sheet.top) if SALUTATION.match(line.text)), None)


def start(sheet: Sheet) -> int | None:
    """Where a letter begins to speak to its receivers: the salutation, else the line of its subject."""
    at = salutation(sheet)
    if at is None and sheet.values("title"):
        places = {line.locator for line in sheet.values("title")}
        at = next((i for i, line in enumerate(sheet.top) if line.locator in places), None)
    return at


_SUBJECT = re.compile(r"\bliaison\b|\bLSs?\b|\bcollaboration\b|\bcooperation\b", re.IGNORECASE)


def add_subject(sheet: Sheet) -> None:
    """The title of a letter without "Subject:": a short line near the salutation that speaks of liaison."""
    at = salutation(sheet)
    if sheet.values("title") or at is None:
        return
    near = [*sheet.top[at + 1 : at + 4], *reversed(sheet.top[:at])]
    for line in near:
        words = line.words
        if (
            10 < len(words) <= 200
            and _SUBJECT.search(words)
            and not words.endswith((".", ",", ";"))
            and not NAMES_FORM.fullmatch(words)
            and not labelled_in(first_piece(line.text), first=True)
        ):
            sheet.fields["title"] = [
                Field("", lines=[Line(words, line.locator)], rule="line about a liaison", confidence=0.6)
            ]
            text = sheet.sections.get("description", [])
            sheet.sections["description"] = [x for x in text if x.locator != line.locator]
            return


_SUBJECT_LINE = re.compile(r"\W*(?:subject|re|ref|objet|asunto|title)\b\W*", re.IGNORECASE)
_DEAR = re.compile(
    r"\s*(?:dear|ch[eè]re?s?|estimad[oa]s?)\s+(?:(?:colleagues?|members?|delegates?|experts?|friends?|coll[eè]gues|colegas)"
    r"\s+(?:of|from|in|at|du|de|del)\s+(?:the\s+)?)?(?P<who>.{2,120}?)"
    r"(?:\s+(?:colleagues?|members?|delegates?|experts?|team|chair\w*|leadership|participants))?\s*[,:.!]?\s*$",
    re.IGNORECASE,
)


def add_address(sheet: Sheet) -> None:
    """To of a letter: the organisations of the lines above the salutation, else those it greets."""
    at = start(sheet)
    if sheet.values("to") or at is None:
        return
    titles = {line.words for line in sheet.values("title")}
    block: list[Line] = []
    for line in reversed(sheet.top[:at]):
        if not line.words and block:
            break
        if line.words:
            if line.words in titles:
                continue
            is_label = labelled_in(first_piece(line.text), first=True) is not None
            if dates_in(line.text) or is_label or _SUBJECT_LINE.match(line.text):
                if block:
                    break
                continue
            block.insert(0, line)
    # A block at the very top is the letterhead of who writes.
    is_address = block and any(
        line.words and line not in block for line in sheet.top[: sheet.top.index(block[0])]
    )
    found = [
        Line(name, line.locator)
        for line in (block if is_address else [])
        if line.words not in titles and (name := organisation_in(line.words))
    ]
    if found:
        sheet.fields["to"] = [
            Field("", lines=found, rule="address above the salutation", confidence=_BY_ADDRESS)
        ]
        return
    add_addressees(sheet, sheet.values("title"))
    if sheet.values("to"):
        return
    greeted = _DEAR.match(sheet.top[at].text)
    if greeted and (name := organisation_in(greeted["who"])):
        line = Line(name, sheet.top[at].locator)
        sheet.fields["to"] = [Field("", lines=[line], rule="greeted", confidence=_BY_SALUTATION)]


_CLOSING = re.compile(
    r"\s*(?:(?:yours|very|respectfully|with|best|kind|warm|sincerely)\b.{0,40}\b(?:sincerely|faithfully|truly|regards|wishes|yours|submitted)"
    r"|sincerely|regards|best|cordialement|salutations|atentamente|saludos|bien cordialement"
    r"|veuillez agr[eé]er.{0,80}"
    r"|on\s+behalf\s+of\b.{0,100})\W*",
    re.IGNORECASE,
)
_BEHALF = re.compile(r"\bon\s+behalf\s+of\s+(?:the\s+)?(?P<who>.{2,120}?)\s*[,.]?\s*$", re.IGNORECASE)


def has_closing(sheet: Sheet) -> bool:
    """Whether a letter ends as one: "Yours sincerely"."""
    return any(_CLOSING.fullmatch(line.text) for line in sheet.lines if line.words and len(line.text) < 200)


def add_signature(sheet: Sheet) -> None:
    """Sender from the lines below "Yours sincerely": the organisation that the person signs for."""
    if sheet.values("sender"):
        return
    lines = [line for line in sheet.lines if line.words]
    start = next((i for i in range(len(lines) - 1, -1, -1) if _CLOSING.fullmatch(lines[i].text)), None)
    if start is None:
        return
    for line in lines[start : start + 8]:
        behalf = _BEHALF.search(line.words)
        if name := organisation_in(behalf["who"] if behalf else line.words):
            sheet.fields["sender"] = [
                Field("", lines=[Line(name, line.locator)], rule="signed for", confidence=_BY_SIGNATURE)
            ]
            return


#: Heads of letters of an authority begin with what it is part of.
_STATE = re.compile(
    r"\W*(?:the\s+)?(?:(?:united|u\.?\s?s\.?a?\.?|federal)\s+(?:states|kingdom|republic|government)?.{0,40}?)?"
    r"(?:department|ministry|minist[e\u00e8]re|ministerio|government|gouvernement|republic|r[e\u00e9]publique|kingdom|states)\b",
    re.IGNORECASE,
)


def add_letterhead(sheet: Sheet) -> None:
    """Sender from the first lines of a letter, where nothing better says it."""
    if sheet.values("sender"):
        return
    addressed = {line.locator for line in sheet.values("to")}
    for line in [line for line in sheet.top[:12] if line.words]:
        if SALUTATION.match(line.text):
            return
        if _STATE.match(line.words):
            continue
        name = organisation_in(line.words)
        if (
            name
            and len(line.words) < 120
            and line.locator not in addressed
            and is_party(name)
            and not dates_in(name)
        ):
            sheet.fields["sender"] = [
                Field("", lines=[Line(name, line.locator)], rule="letterhead", confidence=_BY_LETTERHEAD)
            ]
            return
