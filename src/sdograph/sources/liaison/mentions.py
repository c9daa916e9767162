"""Work items and specifications that a text names: their codes, and what it says beside them.

Codes are found by their form (:mod:`.forms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sdograph.model import Reference
from sdograph.sources.liaison.forms import FORMS, ITEM_OF_ETSI, Form
from sdograph.sources.liaison.sheet import Line


@dataclass(frozen=True, slots=True)
class Mention:
    """A code in a text: the reference, the words around it, and how sure it is that it is one."""

    reference: Reference
    words: str
    confidence: float
    rule: str


#: A line that is longer is running text: neither the introduction of a list nor code and title.
_LONG = 500

#: Addresses and file names have parts that look like codes. Looked for within a word at a time, as anything
#: that takes in the words before "@" or "://" would be quadratic on a long line.
_WORD = re.compile(r"\S+")
_ADDRESS = re.compile(
    r"://|@|^\W*(?:www|ftp)\.|\b(?:ftp|tsg_\w+)[/\\]|\.(?:docx?|xlsx?|pptx?|pdf|zip|txt)\b", re.IGNORECASE
)

_PLACE = re.compile(r"\b(?:annex|clause|section|table|figure|appendix)e?s?\s$", re.IGNORECASE)

_QUOTED = r"[“\"‘«]\s*([^“”\"«»]{8,250}?)\s*[”\"’»]"
#: "SAI-014 Study Item, “…”": what may stand between a code and the title in quotation marks.
_TITLE_AFTER = re.compile(
    r"[\s,(:–-]{1,4}"
    r"(?:(?:(?:study|work) items?|study|project|report|entitled|titled|called|on|is)[\s,(:–-]{1,4}){0,4}"
    + _QUOTED,
    re.IGNORECASE,
)
#: "SAI-014 Study Item", "Study Item SAI-014": what calls an item so stands right beside its code.
_STUDY_AFTER = re.compile(r"[\s,(–-]{1,3}(study item)\b", re.IGNORECASE)
_STUDY_BEFORE = re.compile(r"\b(study item)[\s:]{1,2}$", re.IGNORECASE)
_TITLE_BEFORE = re.compile(_QUOTED + r"\s*(?:,\s*)?[(\[]?\s*$")
_BULLET = re.compile(r"^\s*(?:[-–—•·*▪●\uf0b7]|\d{1,2}[.)]|[a-z]\))\s*")
_SEPARATED_BEFORE = re.compile(r"^(.*\S)\s*(?:\t|\s[–:-]\s|\s[(\[])\s*$", re.DOTALL)
_SEPARATED_AFTER = re.compile(r"^\s*[)\]]?\s*(?:\t|\s[–-]\s|:\s)\s*(.*\S)\s*$", re.DOTALL)

#: A group of 3GPP as texts name it, at most with the name of its body.
_GROUP = r"(?:3GPP )?(?:TSG[ -])?(?:SA|RAN|CT)(?: ?WG ?\d|\d)?"
_ETSI_GROUP = re.compile(
    r"\b(?:ETSI )?(?:ISG|TC|ETSI) (?!ISG|TC)([A-Z][A-Z0-9]{1,9})\b"
    r"|\b(?:ETSI )?([A-Z][A-Z0-9]{1,9}) (?:ISG|TC)\b"
)
_INTRODUCES = re.compile(rf"\b(?:in|of|by|from|at|within) ({_GROUP})\b.*:\s*$")
_ITEM_WORDS = (
    r"(?:[Ss]tudy [Ii]tems?|[Ww]ork [Ii]tems?|[Ss]tudies|[Ss]tudy|[Ss]pecifications?|WIs?|SIs?|TRs?|TSs?)"
)
_OWNER_BEFORE = re.compile(
    rf"\b({_GROUP})(?:['’]s?)? (?:{_ITEM_WORDS} )(?:on [^.;:]{{0,80}} )?[(\"“]?$", re.IGNORECASE
)
_OWNER_AFTER = re.compile(rf"^\)? (?:{_ITEM_WORDS} )?(?:in|of|by) ({_GROUP})\b")


def mentions(lines: Iterable[Line], *, sender: str, known: Iterable[str] = ()) -> Iterator[Mention]:
    """Every code in a text, once, where it is first named.

    ``sender`` is the sending group as written, ``known`` are codes that the statement's head names already.
    """
    lines = list(lines)
    whole = "\n".join((sender, *(line.text for line in lines)))
    forms = [form for form in FORMS if form.near is None or form.near.search(whole)]
    etsi_groups = _etsi_groups(whole)
    etsi_groups |= dict.fromkeys(_etsi_groups(sender), sender)
    seen = {_same(code) for code in known}
    introduced: str | None = None
    for line in lines:
        introduced = _introduced(line, introduced)
        for code, start, stop, form in sorted(_codes(line.text, forms), key=lambda found: found[1]):
            owner = _owner(line.text, start, stop)
            if form.rule == ITEM_OF_ETSI:
                owner = etsi_groups.get(code.rpartition("-")[0])
                # Without such a group it is some other code (AES-128, TR-069).
                if owner is None:
                    continue
            if _same(code) in seen:
                continue
            seen.add(_same(code))
            reference = Reference(
                text=code,
                field="mention",
                kind="item",
                locator=line.locator,
                title=_title(line.text, start, stop),
                called=_called(line.text, start, stop),
                context=owner or introduced,
            )
            yield Mention(reference, around(line.text, start, stop), form.confidence, form.rule)


def _codes(text: str, forms: Iterable[Form]) -> Iterator[tuple[str, int, int, Form]]:
    text = _WORD.sub(_blanked, text)
    taken = bytearray(len(text))
    for form in forms:
        for match in form.pattern.finditer(text):
            start, stop = match.span()
            if any(taken[start:stop]) or _is_place(text, start):
                continue
            others = list(form.others(text, match[0], stop))
            for code, begin, end in ((_singular(match[0]), start, stop), *others):
                taken[begin:end] = b"x" * (end - begin)
                yield code, begin, end, form


def _singular(code: str) -> str:
    """ "TSs 23.501" and "RFCs 8446", the first of a list, without the plural."""
    return re.sub(r"\b(TS|TR|RFC)s(?= ?\d)", r"\1", code)


def _blanked(word: re.Match[str]) -> str:
    return " " * len(word[0]) if _ADDRESS.search(word[0]) else word[0]


def _is_place(text: str, start: int) -> bool:
    """Whether the words before make it a place in a document ("Annex A.101"), no number of one."""
    return _PLACE.search(text[max(start - 12, 0) : start]) is not None


def _same(code: str) -> str:
    """The form in which two spellings of one code are equal within a document."""
    bare = re.sub(
        r"\b(?:3GPP|ETSI|ITU-[TR]|IEEE|GSMA|PRD|BBF|Std|Report|Rec(?:ommendation|\.)?|draft)\s", "", code
    )
    return re.sub(r"\s", "", bare).casefold()


def _introduced(line: Line, before: str | None) -> str | None:
    """The group that an introduction ("The following Study Items in 3GPP SA3 …:") attributes a list to.

    It holds for the list that follows, up to a line that is no entry of it.
    """
    found = _INTRODUCES.search(line.words) if len(line.text) < _LONG else None
    if found:
        return found[1]
    return before if _BULLET.match(line.text) or "\t" in line.text.strip() else None


def _owner(text: str, start: int, stop: int) -> str | None:
    """The body or group that the words beside a code attribute it to."""
    named = re.match(r"3GPP|ETSI|ITU-[TR]|IEEE|GSMA|BBF|oneM2M|O-RAN", text[start:stop])
    if named:
        return named[0]
    found = _OWNER_BEFORE.search(text[max(start - 160, 0) : start])
    found = found or _OWNER_AFTER.match(text[stop : stop + 80])
    return found[1] if found else None


def _etsi_groups(text: str) -> dict[str, str]:
    """Acronyms of ETSI groups that a text names, with the words that name them."""
    return {m[1] or m[2]: m[0] for m in _ETSI_GROUP.finditer(text)}


def _title(text: str, start: int, stop: int) -> str | None:
    """The title beside a code: in quotation marks, or the rest of its line where the line is both."""
    quoted = _TITLE_AFTER.match(text[stop : stop + 320]) or _TITLE_BEFORE.search(
        text[max(start - 320, 0) : start]
    )
    if quoted:
        return " ".join(quoted[1].split())
    if len(text) > _LONG:
        return None
    before, after = _BULLET.sub("", text[:start]), text[stop:]
    beside = None
    if not after.strip(" \t.;,)]"):
        beside = _SEPARATED_BEFORE.match(before)
    elif not before.strip(" \t([") and (found := _SEPARATED_AFTER.match(after)):
        beside = found
    words = " ".join(beside[1].split()).strip(" ,;") if beside else ""
    # A sentence that happens to end in a code is no title.
    is_title = len(words.split()) > 2 and words[0].isupper() and not re.search(r"[.!?]\s|:$", words)
    return words if is_title else None


def _called(text: str, start: int, stop: int) -> str | None:
    """The words beside a code that call it a study item."""
    found = _STUDY_AFTER.match(text[stop : stop + 20]) or _STUDY_BEFORE.search(
        text[max(start - 20, 0) : start]
    )
    return found[1] if found else None


def around(text: str, start: int, stop: int) -> str:
    """The words around a place in a line, for a person to judge by."""
    before, after = text[max(start - 80, 0) : start], text[stop : stop + 80]
    if start > 80:
        before = before.partition(" ")[2]
    if stop + 80 < len(text):
        after = after.rpartition(" ")[0]
    return " ".join(f"{before}{text[start:stop]}{after}".split())
