"""Numbers of documents: the statement's own, those its receivers gave it, and those of what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sdograph import identifiers as ids
from sdograph.model import Reference
from sdograph.sources.liaison.sheet import Line, Sheet, is_placeholder

_DASH = r"\s?[-\u2010-\u2015]\s?"
_JTC1 = r"(?:ISO/IEC[ /])?JTC ?1(?:[/ ]{1,3}SC ?\d{1,2})?(?:[/ ]{1,3}(?:J?WG|AG|SG|AHG) ?\d{1,2})?"

#: Numbers of other bodies than 3GPP, the body's own practice beside each.
_OTHER_NUMBER = re.compile(
    "|".join(
        (
            r"\b[A-Z][A-Za-z0-9-]{1,20}\(\d\d\)\d{3,6}(?:[rR]\d{1,2})?\b",  # ETSI: ZSM(25)000129r1
            rf"\b(?:SG ?\d{{1,2}}|COM ?\d{{1,2}}"
            rf"|[A-Z][A-Z0-9]{{1,9}}(?:-[A-Z0-9]{{1,12}})?){_DASH}[oir]?LS[-/ ]?\d{{1,5}}"
            rf"(?:{_DASH}[EFS]\b|/[A-Z0-9]{{1,5}}\b)?",  # ITU-T: SG17-LS159, COM 15 - LS 245 - E, TSAG-LS5
            r"\bFG-?[A-Z0-9]{1,10}(?:-[A-Z]{1,3}){1,2}-\d{2,4}(?:-?R\d{1,2})?\b",  # FGAI4H-K-004
            r"\bLS ?/ ?[oir] ?[-/ ]? ?\d{1,5}\b",  # ITU-T: LS/o-123
            rf"\b(?:(?:SG ?\d{{1,2}}|TSAG){_DASH})?TD ?\d{{1,5}}(?:[- ]?R(?:ev\.?)? ?\d{{1,2}})?"
            r"(?: ?/ ?(?:GEN|PLEN|WP ?\d|\d{1,2})\b| ?\((?:GEN|PLEN"
            r"|WP ?\d)[^()]{0,12}\))?",  # ITU-T: TD 123/GEN
            r"\b(?:SG ?\d{1,2}|TSAG)-C\d{1,5}\b",
            r"\b(?:Document "
            r"|Doc\. ?)?[1-7][A-E]/(?:TEMP/)?\d{1,4}(?: ?\(?Rev\.? ?\d\)?)?(?:-[EFS]\b)?",  # ITU-R: 5D/1234-E
            r"\b(?:RAG|TDAG|CPM)\d{0,2}(?:-\d)?/\d{1,4}(?:-[EFS]\b)?",
            rf"\b(?:{_JTC1}|SC ?\d{{1,2}}(?:/WG ?\d{{1,2}})?|(?:ISO"
            rf"|IEC)/TC ?\d{{1,3}}(?:/SC ?\d{{1,2}})?(?:/WG ?\d{{1,2}})?"
            r"|CEN[-/]CLC/JTC ?\d{1,2}(?:/WG ?\d{1,2})?)[ ,_]{0,2}N ?\d{2,6}\b",  # ISO/IEC
            r"\bLIAISE-\d{1,4}(?:-[A-Za-z0-9][\w.]{0,30}){0,12}",  # Broadband Forum
            r"\boneM2M-LS-\d{1,5}(?:[Rr]\d{1,2})?\b|\b(?:TP|SDS|RDM|SEC|ARC|PRO"
            r"|TDE)-20\d\d-\d{4}(?:R\d\d)?\b",  # oneM2M
            r"\b[A-Z0-9]{2,8}#?\d{0,3}[ _]?Doc[ _]?\d{1,3}[_-]\d{1,4}(?:[rR]\d{1,2})?\b",  # GSMA
            r"\b[A-Z0-9]{2,8}#\d{1,3}_(?:Doc_?)?\d{2,4}(?:[rR]\d{1,2})?\b",  # GSMA: 5GJA#20_103
            r"\bliaison-(?:[a-z0-9]{1,20}-){1,10}(?:v\d{1,2}|\d{4})\b",  # IEEE 802.1
            r"\b(?:(?:IEEE )?802\.\d{1,2}|\d\d|ec)-\d\d[/-]\d{4}(?:r\d{1,2}"
            r"|-\d\d-[\w-]{4,40})\b",  # IEEE 802: 11-23/1234r0
            r"\bL\d{5}(?:[_.]\d{3}){0,2}\b",  # MEF
            r"\bO-RAN[.-](?:WG|TSC|TIFG|SFG|NGRG)\d{0,2}[.-](?:[\w]{1,20}[.-]){0,4}LS[\w.-]{0,20}\d\b",
            r"\b(?:NGMN|TMF|GSMA|WBA|5GAA|OIF)[_-]?(?:LS|liaison)[_-]?\d[\w.-]{0,12}\b",
        )
    )
)
#: An entry of the IETF Datatracker by its address.
_DATATRACKER = re.compile(
    r"\bdatatracker\.ietf\.org/(?:public/)?liaison(?:_detail\.cgi\?detail_id=|s?/)(\d{1,5})\b"
)
#: "N 1234" alone is a number within the committee that the page names.
_N_NUMBER = re.compile(r"\bN ?\d{2,6}\b")
#: "(revision of S2-1811878)", "was S2-1811878": numbers of drafts, no numbers of this document.
_EARLIER = re.compile(
    r"\(?\s?\b(?:was|merger of|update of|rev(?:ised|ision)?\.? (?:of|from))\b:?"
    r"(?:[\s,;/&]{0,3}(?:and\s)?\b[A-Z][A-Z0-9]-\s?\d{5,7}(?:r\d{1,2})?\b)+\s?\)?",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(SA|RAN|CT)(?:[\s-]*WG)?[\s-]*(\d)?\b")
_PARTS = re.compile(r"([;\n]|,(?![^()]{0,300}\))|\s(?:and|&)\s(?![^()]{0,300}\)))")
_NAMES_A_SUBJECT = re.compile(r"\b(?:on|regarding|concerning|about|sur|sobre)\b", re.IGNORECASE)
_LONGEST_NUMBER = 60

#: What in a number says which group gave it, and the words for it in a group's name.
_STEM = re.compile(
    r"(?P<sg>(?:SG|COM) ?(?P<n>\d{1,2})|TSAG)|(?P<wp>[1-7][A-E])/|(?P<sc>SC ?\d{1,2}(?:/J?WG ?\d{1,2})?)"
    r"|(?P<etsi>[A-Z][A-Za-z0-9-]{1,20})\(\d\d\)|(?P<bbf>LIAISE)-|(?P<onem2m>oneM2M)|(?P<any>[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,12})?)-[oi]?LS"
)
_WORDS = (("study group", "sg"), ("working party", "wp"), ("subcommittee", "sc"), ("working group", "wg"),
          ("broadband forum", "liaise"), ("bbf", "liaise"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A document number in its normal form, the words it was read from and their place."""

    value: str
    words: str
    locator: str
    labelled: bool = False


def numbers_in(text: str) -> list[str]:
    """Every document number in a text, in its normal form, in order, each once."""
    return [*ids.tdoc_numbers(text), *dict.fromkeys(value for value, _ in _others(text))]


def _others(text: str) -> Iterator[tuple[str, str]]:
    """Numbers of other bodies than 3GPP: normal form and words."""
    for match in _DATATRACKER.finditer(text):
        yield ids.datatracker_number(int(match[1])), match[0]
    for match in _OTHER_NUMBER.finditer(text):
        words = match[0].strip()
        yield re.sub(_DASH, "-", re.sub(r"^Doc(?:ument |\. ?)", "", " ".join(words.split()))), words


def group_of(name: str) -> str | None:
    """The 3GPP group that a name stands for by its pattern: "3GPP TSG SA WG3 (security)" -> 3GPP-SA3."""
    found = _GROUP.search(re.sub(r"\([^()]*\)", "", name))
    return f"3GPP-{found[1]}{found[2] or ''}" if found else None


def own_and_received(
    sheet: Sheet, sender: tuple[Reference, ...], *, of_3gpp: bool
) -> tuple[Number | None, list[Number]]:
    """The number the sender gave the statement, and the numbers its receivers gave it.

    A number tells by its letters which group gave it. ``of_3gpp``: the sender is of 3GPP even where its name
    does not say so, as in drafts that a company submits; then the first number is its own.
    """
    found = list(_numbers(sheet))
    names = [reference.text for reference in sender]
    own = next((n for n in found if gave(names, n.value) and "TD" not in n.value), None)
    own = own or next((n for n in _of_abstract(sheet) if gave(names, n.value)), None)
    own = own or next((n for n in found if gave(names, n.value)), None)
    if own is None:
        foreign = [n for n in found if of_3gpp or ids.tdoc_group(n.value) is None]
        unsaid = [n for n in foreign if n.labelled or _stem(n.value) is None]
        own = next(iter(unsaid), None) or next((n for n in foreign if of_3gpp or _LS.search(n.value)), None)
    received = [n for n in found if own is None or n.value != own.value]
    received += [
        Number(value, line.words, line.locator)
        for line in sheet.values("received_number")
        for value in numbers_in(line.text)
    ]
    return own, received


_LS = re.compile(r"LS|LIAISE")


def _of_abstract(sheet: Sheet) -> Iterator[Number]:
    """Numbers in the abstract: the cover that a receiver puts on a statement says there which one it is."""
    for line in sheet.values("abstract"):
        for value in numbers_in(line.text):
            yield Number(value, _as_written(line.text, value), line.locator)


def gave(names: Iterable[str], number: str) -> bool:
    """Whether a group of one of these names gave a document this number, by the letters in the number."""
    names = list(names)
    group = ids.tdoc_group(number)
    if group is not None:
        return group in {group_of(name) for name in names}
    stem = _stem(number)
    return stem is not None and any(stem in short or _is_within(stem, short) for short in map(_short, names))


def _is_within(stem: str, short: str) -> bool:
    """Whether a short name is of a part of a study group: "wp2/17", "q4/17" in "sg17"."""
    return stem.startswith("sg") and re.search(rf"\d/{stem[2:]}(?!\d)", short) is not None


def _short(name: str) -> str:
    text = " ".join(name.lower().split())
    for words, letters in _WORDS:
        text = text.replace(words, letters)
    return re.sub(r"[^a-z0-9/]", "", text)


def _stem(number: str) -> str | None:
    found = _STEM.search(number)
    if found is None:
        return None
    if found["sg"]:
        return f"sg{found['n']}" if found["n"] else "tsag"
    words = found["wp"] or found["sc"] or found["etsi"] or found["bbf"] or found["onem2m"] or found["any"]
    return _short(words)


def _numbers(sheet: Sheet) -> Iterator[Number]:
    seen = set()
    committee = None
    for labelled, line in (
        *((False, line) for line in (*sheet.opening, *sheet.values("meeting"), *_others_of(sheet))),
        *((True, line) for line in sheet.values("number")),
    ):
        text = _EARLIER.sub(" ", line.text)
        found = [(value, _as_written(text, value)) for value in ids.tdoc_numbers(text)]
        found += _others(text)
        committee = committee or _committee(text)
        alone = _N_NUMBER.search(text)
        if not found and alone and committee:
            found = [(f"{committee} {' '.join(alone[0].split())}", alone[0])]
        elif labelled and (_goes_on(line.words, found) if found else _is_number(line.words)):
            found = [(line.words, line.words)]
        for value, words in found:
            if value not in seen:
                seen.add(value)
                yield Number(value, words, line.locator, labelled)


#: Labels of the numbers of other documents: the draft that this one replaces.
_REPLACED = re.compile(r"(?:replac|supersed|backward|histor|revis|previous|earlier)", re.IGNORECASE)


def _others_of(sheet: Sheet) -> Iterator[Line]:
    for field in sheet.fields.get("other", ()):
        if not _REPLACED.match(field.label):
            yield from field.lines


def _committee(text: str) -> str | None:
    found = re.search(rf"\b{_JTC1}\b|\bISO/TC ?\d{{1,3}}(?:/SC ?\d{{1,2}})?(?:/WG ?\d{{1,2}})?", text)
    return " ".join(found[0].split()) if found else None


def _goes_on(words: str, found: list[tuple[str, str]]) -> bool:
    """Whether a labelled value is one word that begins with the one number found in it, and is longer."""
    number = found[0][0]
    rest = words[len(number) :] if words.startswith(number) and len(found) == 1 else ""
    return re.fullmatch(r"[-_.\w]{1,20}", rest) is not None


def _is_number(words: str) -> bool:
    """Whether a labelled value is a number: short, with a digit, and no sentence."""
    return (
        len(words) <= _LONGEST_NUMBER
        and any(char.isdigit() for char in words)
        and len(words.split()) <= 5
        and not re.match(r"https?:", words)
        and not is_placeholder(words)
    )


def _as_written(text: str, value: str) -> str:
    """The words that make a number, with the spaces that people put into it."""
    pattern = r"\s?".join(re.escape(char) for char in value)
    found = re.search(pattern, text)
    return found[0] if found else value


#: "(reply to 3GPP TSG SA WG3 - S3-173527)" at the end of a title of ITU-T.
_IN_TITLE = re.compile(
    r"[(\[]\s*(?:in\s+)?(?:reply|response|answer|r[e\u00e9]ponse|respuesta)\s+(?:to|[a\u00e0])\s+(?P<what>[^()\[\]]{3,200}(?:\([^()]{0,60}\)[^()\[\]]{0,80})?)[)\]]",
    re.IGNORECASE,
)


def replies(sheet: Sheet, sender: tuple[Reference, ...]) -> Iterator[Reference]:
    """Each document that the statement answers, by the number its own sender gave it.

    Several numbers in one entry ("S5-186491/S2-189049") are numbers of one document: that of its sender, and
    that under which the answering group received it.
    """
    names = [reference.text for reference in sender]
    seen = set()
    lines = sheet.values("in_reply_to")
    by_text = any(f.confidence < 1 for f in sheet.fields.get("in_reply_to", ()))
    of_title = list(_of_title(sheet)) if by_text or not lines else []
    for line in of_title or lines:
        for entry in _entries(line):
            numbers = numbers_in(entry)
            theirs = [n for n in numbers if not gave(names, n)] or numbers
            text = theirs[0] if theirs else " ".join(entry.split())
            if text not in seen:
                seen.add(text)
                yield Reference(
                    text=text,
                    field="in_reply_to",
                    kind="document",
                    locator=line.locator,
                    title=_title(entry, numbers) if numbers else None,
                )


def _of_title(sheet: Sheet) -> Iterator[Line]:
    lines = sheet.values("title")
    for match in _IN_TITLE.finditer(" ".join(line.words for line in lines)):
        what = re.sub(
            r"(?<=-) (?=\d)", "", match["what"]
        )  # a number that was broken at the width of the page
        if numbers_in(what):
            yield Line(what, lines[0].locator)


def _title(entry: str, numbers: list[str]) -> str | None:
    """What is said beside the numbers of a document, if it is a title."""
    for number in numbers:
        entry = entry.replace(_as_written(entry, number), "")
    left = re.sub(r"\(\s*[/,;]?\s*\)|(?<!\S)/+(?!\S)", " ", entry)
    words = " ".join(left.split()).strip(' /,:()[]"“”')
    return words if _NAMES_A_SUBJECT.search(words) else None


def _entries(line: Line) -> list[str]:
    """The line's entries; a part without a number goes on with the entry before it, as titles have commas."""
    entries: list[str] = []
    parts = _PARTS.split(line.text)
    for part, separator in zip(parts[::2], ["", *parts[1::2]], strict=True):
        if entries and not numbers_in(part):
            entries[-1] += separator + part
        elif part.strip():
            entries.append(part)
    return entries
