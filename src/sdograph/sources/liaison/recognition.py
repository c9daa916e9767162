"""Whether a document is a liaison statement: it says so, and has who sends what to whom.

Reports, agendas, mails and descriptions of work speak of liaison statements as well; what is taken for one by
mistake does more harm than one that a person has to point at.
"""

from __future__ import annotations

import re
from itertools import islice

from sdograph.sources.liaison import ietf, itu_r, letter, memo
from sdograph.sources.liaison.labels import ESSENTIAL
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.numbers import numbers_in
from sdograph.sources.liaison.opening import NAMES_FORM, route_in, title_above
from sdograph.sources.liaison.parties import is_party, is_person, organisation_in
from sdograph.sources.liaison.sheet import Line, Sheet
from sdograph.sources.liaison.wording import has_closing, salutation

_CALLED = re.compile(
    r"(?i:\bliaison(?:\b|_)"
    r"(?!\s+(?:officer|person|manager|representative|rapporteur|report|activit|coordinat|relation|status|agreement)))"
    r"|\bLSs?\b|\bLS[-/ ]?[oir]?\d|\bLIAISE-\d"
    r"|(?i:\bd[e\u00e9]claration\s+de\s+liaison\b|\bdeclaraci[o\u00f3]n\s+de\s+(?:coordinaci|enlace))"
)
#: In a letter from one group to another its signature may say so ("Liaison Officer").
_SPOKEN = re.compile(r"(?i:\bliaison\b)|\bLSs?\b|\bLIAISE-\d")
#: Titles of documents of other kinds.
_OTHER_KIND = re.compile(
    r"\W*(?:(?:draft|final|revised|proposed|updated|provisional|meeting|liaison|summary|chair\S*|activity|progress"
    r"|status|the|detailed|short|annotated)\s+){0,4}"
    r"(?:reports?|minutes|agenda|notes\s+of|meeting\s+notice|notice\s+of|invitation|calling\s+notice|action\s+points"
    r"|new\s+(?:WID|SID|work\s+item|study)|WID|SID|work\s+item\s+description|CR|pCR|change\s+request|list\s+of"
    r"|overview\s+of|procedures?|handling|guide(?:lines?)?|template|how\s+to|press\s+release|call\s+for"
    r"|terms\s+of\s+reference|work\s+programme|discussion\s+(?:on|paper)|release\s+notes|newsletter|summary\s+of)\b",
    re.IGNORECASE,
)
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
_MAILBOX = re.compile(r"<[^<>\s@]{1,64}@[^<>\s@]{1,255}>")
#: Layouts that say the title without a label.
_WITHOUT_TITLE = (ietf.LAYOUT, itu_r.LAYOUT)
#: What must be there of what the IETF's tool writes.
_NOTICE = 4


def is_statement(layout: Layout, sheet: Sheet) -> bool:
    """Whether the head has labels of a liaison statement, and something says that it is one.

    A letter or mail has From, To and Subject as well: it takes the word, or the sections of the form. A mail
    about a statement comes from a person's mailbox, a statement from a group.
    """
    labels = {name for name in ESSENTIAL if name in sheet.fields and sheet.values(name)}
    if layout is ietf.LAYOUT and layout.signs(sheet) >= _NOTICE and {"sender", "to"} <= labels:
        return True
    if any(_is_from_a_mailbox(line) for line in sheet.values("sender")):
        return False
    has_form_name = any(NAMES_FORM.fullmatch(line.text) for line in (*sheet.opening, *sheet.top[:15]))
    if has_form_name and len(labels) > 1:
        return True
    first = islice((line for line in sheet.opening if line.words), 3)
    if not has_form_name and any(
        _OTHER_KIND.match(line.words) for line in (*sheet.values("title")[:1], *first)
    ):
        return False
    if layout is letter.LAYOUT:
        return _is_letter(sheet)
    if layout is itu_r.LAYOUT and layout.signs(sheet) > 3:
        return _is_called([*sheet.top[:50], *sheet.opening[:50], *sheet.values("title")])
    is_paper = "title" in labels and "to" in layout.needs and layout is not memo.LAYOUT
    if "title" not in labels and layout not in _WITHOUT_TITLE and title_above(sheet) is not None:
        labels.add("title")
    has_title = "title" in labels or layout in _WITHOUT_TITLE
    headings = [x for x in sheet.opening[:50] if len(x.text) < 200 and not x.words.endswith((".", ";", "?"))]
    if _is_called([*sheet.values("title"), *headings]):
        # Papers about a statement bear its title and a source, and are sent to nobody.
        needed = {"sender", "to"} if is_paper else set()
        addressed = needed <= labels and bool({"sender", "to"} & labels)
        return has_title and len(labels) > 1 and addressed and not _is_from_a_person(sheet)
    sections = {"actions", "meetings"} & sheet.sections.keys()
    spoken = any(_SPOKEN.search(line.text) for line in sheet.top[:50]) or len(sections) > 1
    between_groups = any(is_party(line.words) for line in sheet.values("sender")) and "to" in labels
    return spoken and has_title and between_groups and not _is_from_a_person(sheet)


def _is_called(lines: list[Line]) -> bool:
    return any(_CALLED.search(line.text) for line in lines)


def _is_letter(sheet: Sheet) -> bool:
    """Whether a letter is a statement: one that greets says so near its top, another in its heading."""
    if not sheet.values("title") and route_in(sheet.lines) is None and salutation(sheet) is None:
        return False
    if salutation(sheet) is not None:
        return _is_called([*sheet.top[:50], *sheet.values("title")])
    letter.LAYOUT.complete(sheet)
    complete = all(sheet.values(name) for name in ("title", "sender", "to"))
    has_date = bool(sheet.values("date")) or has_closing(sheet)
    named = route_in(sheet.lines) is not None or _is_called(sheet.values("title"))
    return complete and has_date and named


def _is_from_a_person(sheet: Sheet) -> bool:
    """Whether a person writes, and no number says that it is a document of a group."""
    senders = sheet.values("sender")
    if not senders or any(numbers_in(line.text) for line in (*sheet.opening, *sheet.values("number"))):
        return False
    return all(is_person(line.words) and not is_party(line.words) for line in senders)


def _is_from_a_mailbox(line: Line) -> bool:
    words = _IN_PARENTHESES.sub("", line.text)
    return bool(_MAILBOX.search(words)) and organisation_in(_MAILBOX.sub("", words)) is None
