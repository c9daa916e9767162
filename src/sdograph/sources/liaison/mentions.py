"""Work items and specifications that a text names: their codes, and what it says beside them.

Codes are found by their form, each form as narrow as its body's practice allows: a word that only looks
like one does more harm in the graph than a code that is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sdograph.model import Reference
from sdograph.sources.liaison.sheet import Line


@dataclass(frozen=True, slots=True)
class Mention:
    """A code in a text: the reference, the words around it, and how sure it is that it is one."""

    reference: Reference
    words: str
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class _Form:
    """What codes of one sort look like."""

    rule: str
    pattern: re.Pattern[str]
    confidence: float


# A code ends at a hyphen only before a plain word ("FS_AIML-related").
_BEGIN, _END = r"(?<![\w@.-])", r"(?![\w@]|-(?![a-z]{4,}\b)\w|\.\w)"
_SPEC = r"\d\d\.\d{3}(?:-\d{1,2})?"
_REC = r"(?:Rec(?:ommendation|\.)? )?"
_ITEM_OF_3GPP, _ITEM_OF_ETSI = "3GPP work item code", "ETSI work item code"
_SPEC_OF_3GPP = "3GPP specification number"


def _form(rule: str, confidence: float, *pattern: str) -> _Form:
    return _Form(rule, re.compile(_BEGIN + "".join(pattern) + _END), confidence)


#: In the order in which they are tried; what one form has taken is not looked at again.
_FORMS = (
    _form(_SPEC_OF_3GPP, 1.0, rf"(?:3GPP )?(?:TS|TR) ?{_SPEC}"),
    _form("ETSI deliverable number", 1.0, r"(?:ETSI )?(?:TS|TR|EN|ES|EG|SR) \d{3} \d{3}(?:-\d{1,2}){0,2}"),
    _form("ETSI deliverable number", 1.0, r"(?:ETSI )?(?:GR|GS) [A-Z][A-Z0-9-]{1,11}[ -]\d{3}(?:-\d{1,2})?"),
    _form(
        "ETSI work item number",
        1.0,
        r"[DR](?:TS|TR|EN|ES|EG|SR|GS|GR)/[A-Z][A-Za-z0-9-]{1,15}\d",
        r"(?:\([A-Za-z0-9]{1,8}\)[A-Za-z0-9]{0,8})?",
    ),
    _form("ITU-T Recommendation number", 1.0, rf"ITU-T {_REC}[A-BD-VXYZ]\.\d{{1,4}}(?:\.\d{{1,3}})?"),
    _form("ITU-T Recommendation number", 0.9, rf"{_REC}[A-BD-VXYZ]\.\d{{3,4}}(?:\.\d{{1,3}})?"),
    _form("ITU-R document number", 1.0, rf"ITU-R (?:Report )?{_REC}[A-Z]{{1,3}}\.\d{{3,4}}(?:-\d{{1,2}})?"),
    _form(
        "ISO or IEC standard number",
        1.0,
        r"(?:ISO(?:/IEC)?(?:/IEEE)?|IEC) (?:(?:FDIS|DIS|CD|WD|AWI|NP|PAS|TR|TS) )?",
        r"\d{4,5}(?:-\d{1,3}){0,2}(?::\d{4})?",
    ),
    _form("RFC number", 1.0, r"RFC ?\d{3,5}"),
    _form("Internet-Draft name", 0.9, r"draft-[a-z0-9]{2,20}(?:-[a-z0-9]{1,20}){1,8}"),
    _form("3GPP study item code", 0.95, r"FS_\w{2,40}(?:-\w{0,20}[A-Z0-9]\w{0,20}){0,4}"),
    # At least one part in capitals or a phase, as in eNA_Ph3_SEC. Names of states and of service operations
    # (RRC_INACTIVE, Npcf_PolicyAuthorization) have an underscore as well.
    _form(
        _ITEM_OF_3GPP,
        0.8,
        r"(?!N[a-z0-9]{2,9}_[A-Z][a-z]|(?:RRC|EMM|ECM|GMM|PMM|AN)_)(?=[A-Za-z0-9-]{1,40}_)",
        r"(?=(?:[A-Za-z0-9]{1,24}[_-]){0,9}(?:(?=\d*[A-Z])[A-Z0-9]{2,}|[Pp]h\d)(?:[_-]|(?!\w)))",
        r"[A-Za-z0-9]{1,24}(?:_[A-Za-z0-9]{1,24}|-[A-Za-z0-9]{0,23}[A-Z0-9][A-Za-z0-9]{0,23}){1,9}",
    ),
    _form(_ITEM_OF_ETSI, 0.9, r"[A-Z][A-Z0-9]{1,9}-0\d{2}"),
)
#: "TS 23.501, 23.502 and 23.503": the numbers that follow the first.
_MORE_NUMBERS = re.compile(rf"\s{{0,3}}(?:,|/|&|and|or|, and)\s{{0,3}}({_SPEC}){_END}")
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
    etsi_groups = _etsi_groups("\n".join(line.text for line in lines))
    etsi_groups |= dict.fromkeys(_etsi_groups(sender), sender)
    seen = {_same(code) for code in known}
    introduced: str | None = None
    for line in lines:
        introduced = _introduced(line, introduced)
        for code, start, stop, form in sorted(_codes(line.text), key=lambda found: found[1]):
            owner = _owner(line.text, start, stop)
            if form.rule == _ITEM_OF_ETSI:
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
                context=owner or introduced,
            )
            yield Mention(reference, around(line.text, start, stop), form.confidence, form.rule)


def _codes(text: str) -> Iterator[tuple[str, int, int, _Form]]:
    text = _WORD.sub(_blanked, text)
    taken = bytearray(len(text))
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            start, stop = match.span()
            if any(taken[start:stop]) or _is_place(text, start):
                continue
            taken[start:stop] = b"x" * (stop - start)
            yield match[0], start, stop, form
            if form.rule != _SPEC_OF_3GPP:
                continue
            kind = "TS" if "TS" in match[0] else "TR"
            more = _MORE_NUMBERS.match(text, stop)
            while more:
                yield f"{kind} {more[1]}", more.start(1), more.end(), form
                more = _MORE_NUMBERS.match(text, more.end())


def _blanked(word: re.Match[str]) -> str:
    return " " * len(word[0]) if _ADDRESS.search(word[0]) else word[0]


def _is_place(text: str, start: int) -> bool:
    """Whether the words before make it a place in a document ("Annex A.101"), no number of one."""
    return _PLACE.search(text[max(start - 12, 0) : start]) is not None


def _same(code: str) -> str:
    """The form in which two spellings of one code are equal within a document."""
    bare = re.sub(r"\b(?:3GPP|ETSI|ITU-T|Rec(?:ommendation|\.)?)\s", "", code)
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
    named = re.match(r"3GPP|ETSI|ITU-[TR]", text[start:stop])
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


def around(text: str, start: int, stop: int) -> str:
    """The words around a place in a line, for a person to judge by."""
    before, after = text[max(start - 80, 0) : start], text[stop : stop + 80]
    if start > 80:
        before = before.partition(" ")[2]
    if stop + 80 < len(text):
        after = after.rpartition(" ")[0]
    return " ".join(f"{before}{text[start:stop]}{after}".split())
