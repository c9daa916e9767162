"""What stands above the fields of a statement, or in place of them: a title, "Liaison from X to Y"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sdograph.sources.dates import dates_in
from sdograph.sources.liaison.labelling import SALUTATION
from sdograph.sources.liaison.numbers import numbers_in
from sdograph.sources.liaison.parties import is_party, written_out
from sdograph.sources.liaison.sheet import Field, Line, Sheet

#: A line that says what the document is and no more.
NAMES_FORM = re.compile(
    r"\W*(?:(?:reply|response|incoming|outgoing|draft|joint)\s+)?(?:liaison(?:\s+(?:statements?|letter|communication|note))?"
    r"|d[e\u00e9]claration\s+de\s+liaison|note\s+de\s+liaison|declaraci[o\u00f3]n\s+de\s+(?:coordinaci[o\u00f3]n|enlace)"
    r"|nota\s+de\s+enlace)\W*",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"\W{0,5}(?:(?:draft|reply|response|outgoing|incoming|joint|formal)\s+){0,2}"
    r"(?:(?:liaison(?:\s+(?:statement|letter|note|response|reply|communication))?|LS)\s+)?"
    r"(?:from|by|of|de|du)\s+(?:the\s+|la\s+|le\s+)?(?P<from>[^:;]{2,120}?)\s+(?:to|[a\u00e0]|aux?|al)\s+"
    r"(?:the\s+|la\s+|le\s+)?(?P<to>[^:;]{2,200}?)"
    r"(?P<on>[\s,:\u2013\u2014-]{1,4}(?:on|regarding|concerning|about|sur|sobre)\s+.{3,200})?\W{0,3}",
    re.IGNORECASE,
)
_SAYS_LIAISON = re.compile(r"\W{0,5}(?:\w+\s+){0,2}(?:liaison|LS)\b", re.IGNORECASE)
#: The heading is one of the first lines.
_FIRST, _LONGEST = 8, 250


@dataclass(frozen=True, slots=True)
class Route:
    """A heading that says who sends to whom: its place among the lines, and the names in it."""

    index: int
    sender: str
    to: str
    has_subject: bool


def route_in(lines: list[Line]) -> Route | None:
    """The heading "Liaison from X to Y"; None where there is none, and where there are several: a list."""
    found: list[Route] = []
    before, count = "", 0
    for index, line in enumerate(lines[:40]):
        if not line.words:
            continue
        count += 1
        match = _match(line.text)
        if match is None and index + 1 < len(lines) and _SAYS_LIAISON.match(line.text):
            match = _match(f"{line.text.rstrip()} {lines[index + 1].words}")
        named = _SAYS_LIAISON.match(line.text) or NAMES_FORM.fullmatch(before)
        if match and named and _is_name(match["from"]) and _is_name(match["to"]):
            if count > _FIRST and not found:
                return None
            found.append(Route(index, match["from"], match["to"], match["on"] is not None))
        before = line.text
    return found[0] if len(found) == 1 else None


_WORD_OF_NAME = re.compile(
    r"\W*(?:[A-Z0-9\u00c0-\u00dc].*|oneM2M|and|of|on|for|the|in|et|de|des|du|del|la|y)?"
)


def _is_name(words: str) -> bool:
    return is_party(words) and all(_WORD_OF_NAME.fullmatch(word) for word in words.split())


def _match(text: str) -> re.Match[str] | None:
    return _ROUTE.fullmatch(text) if len(text) <= _LONGEST and "\t" not in text else None


def add_route(sheet: Sheet) -> None:
    """Sender, To and title from a heading "Liaison from X to Y", the title from the line below it."""
    route = route_in(sheet.lines)
    if route is None:
        return
    heading = sheet.lines[route.index]
    for name, words in (("sender", route.sender), ("to", route.to)):
        if not sheet.values(name):
            line = Line(written_out(words), heading.locator)
            sheet.fields[name] = [Field("", lines=[line], rule="heading from whom to whom", confidence=0.9)]
    if sheet.values("title"):
        return
    below = next((line for line in sheet.lines[route.index + 1 :] if line.words), None)
    of_opening = {line.locator for line in sheet.opening}
    title = heading
    if not route.has_subject and below and below.locator in of_opening and _is_title(below):
        title = below
    sheet.fields["title"] = [
        Field("", lines=[Line(title.words, title.locator)], rule="heading of the document", confidence=0.8)
    ]


_LIAISON = re.compile(r"\bliaison\b|\bLSs?\b|\b(?:reply|response|answer)\s+to\b", re.IGNORECASE)
#: A subject rather than a name.
_ABOUT = re.compile(
    r"\b(?:on|for|regarding|concerning|about|in|between|with|to|sur|sobre|concernant)\b", re.IGNORECASE
)
_PAGE = re.compile(r"\W*(?:page\s+\d+|\d+\s*/\s*\d+|\d+)\W*|.*(?:@|://|www\.)", re.IGNORECASE)


def _is_title(line: Line) -> bool:
    words = line.words
    return (
        8 <= len(words) <= _LONGEST
        and len(words.split()) > 2
        and not words.endswith((".", ",", ";", ":"))
        and not NAMES_FORM.fullmatch(words)
        and not SALUTATION.match(words)
        and not _PAGE.fullmatch(words)
        and not dates_in(words)
        and "\t" not in line.text
    )


def add_title_above(sheet: Sheet) -> bool:
    """The title of a statement whose form has no field for it: the line above or below the fields.

    Returns whether one was found and added.
    """
    title = None if sheet.values("title") else title_above(sheet)
    if title is None:
        return False
    for lines in (*(f.lines for fields in sheet.fields.values() for f in fields), *sheet.sections.values()):
        lines[:] = [line for line in lines if line is not title]
    sheet.fields["title"] = [Field("", lines=[title], rule="line beside the fields", confidence=0.8)]
    return True


def title_above(sheet: Sheet) -> Line | None:
    """The line above sender or addressees that is the title: one that speaks of a liaison, else the last one
    that is no name of an organisation, no day and no number.
    """
    if not {"sender", "to"} & sheet.fields.keys():
        return None
    lines = [line for line in sheet.opening if line.words and line.locator not in _below_fields(sheet)]
    fit = [line for line in lines if _is_title(line) and not _is_only_a_number(line.words)]
    spoken = [line for line in fit if _LIAISON.search(line.words)]
    others = [line for line in fit if _ABOUT.search(line.words) or not is_party(line.words)]
    both = {"sender", "to"} <= sheet.fields.keys()
    title = spoken[0] if spoken else others[-1] if others and both else None
    if title is None:
        return _title_below(sheet) if both else None
    parts = [title]
    for line in sheet.opening[sheet.opening.index(title) + 1 :][:2]:
        goes_on = line.words[:1].islower() or parts[-1].words.endswith(
            (" on", " of", " for", " and", " the", " to")
        )
        if not (line.words and goes_on):
            break
        parts.append(line)
    return Line(" ".join(line.words for line in parts), title.locator)


_BEGINS_TITLE = re.compile(
    r"\s*(?:(?:draft|reply|response|joint)\s+){0,2}(?:LS|liaison(?:\s+(?:statement|letter|note|response|reply))?)\s+"
    r"(?:on|to|from|for|regarding|concerning|about|in|response|reply)\b",
    re.IGNORECASE,
)


def _title_below(sheet: Sheet) -> Line | None:
    """A line below the fields that begins like the title of a statement: "LS on …"."""
    for name in ("date", "cc", "to", "sender", "number"):
        for labelled in sheet.fields.get(name, ()):
            for line in labelled.lines[1:]:
                if _BEGINS_TITLE.match(line.text) and _is_title(line):
                    return line
    text = [line for line in sheet.sections.get("description", ()) if line.words][:1]
    return next((line for line in text if _BEGINS_TITLE.match(line.text) and _is_title(line)), None)


def _below_fields(sheet: Sheet) -> set[str]:
    """Places of what stands below the first field: footers, and lines between the parts of a head."""
    places = [line.locator for line in sheet.lines]
    of_fields = {
        line.locator for fields in sheet.fields.values() for f in fields for line in f.lines if not f.rule
    }
    first = next((i for i, place in enumerate(places) if place in of_fields), len(places))
    above = set(places[:first])
    return {line.locator for line in sheet.opening if line.locator not in above}


def _is_only_a_number(words: str) -> bool:
    left = words
    for number in numbers_in(words):
        left = left.replace(number, "")
    return len(left.split()) < 3
