"""Who sends, gets and is asked: names of organisations as written, and what each gets the statement for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdograph.linking.names import split_parties
from sdograph.model import Purpose, Reference
from sdograph.sources.liaison.purposes import PURPOSE_REMARK, purpose_of, purpose_of_label
from sdograph.sources.liaison.sheet import Line, Sheet, is_placeholder

#: An address, with the parentheses it stands in and what else is in them: the name of a person.
_ADDRESS = re.compile(
    r"[(\[][^()\[\]@]{0,120}@[^()\[\]]{1,255}[)\]]|(?:mailto:)?[<\[]?[^\s@()<>\[\],;:]{1,64}@[^\s@()<>\[\],;]{1,255}[>\]]?"
)
_WAS_ADDRESS = "\ue000"

#: "SG13, 17 and 20", "Working Parties 5A, 5B and 5C", "WG3/WG5": a kind of group said once for several.
_KINDS = {
    "working parties": "Working Party", "working party": "Working Party", "wps": "WP", "wp": "WP",
    "study groups": "Study Group", "study group": "Study Group", "sgs": "SG", "sg": "SG",
    "working groups": "Working Group", "working group": "Working Group", "wgs": "WG", "wg": "WG",
    "questions": "Question", "question": "Question", "qs": "Q", "q": "Q",
    "sc": "SC", "scs": "SC", "sub-committees": "SC", "subcommittees": "SC", "sa": "SA", "ran": "RAN",
    "ct": "CT",
    "tcs": "TC", "technical committees": "TC", "groupes de travail": "Groupe de travail",
    "commissions d'études": "Commission d'études", "comisiones de estudio": "Comisión de Estudio",
    "grupos de trabajo": "Grupo de Trabajo",
}  # fmt: skip
_KIND = "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
_CODE = r"\d{1,2}[A-M]?(?:/\d{1,2})?(?![\w.])"
_SERIES = re.compile(
    rf"(?P<lead>(?:,|\b(?:and|et|y)\b|&)\s+)?\b(?P<body>(?:ITU-[TRD]|UIT-[TRD]|3GPP(?:\s+TSG)?|ETSI"
    rf"|ISO/IEC JTC ?1/?)\s*)?"
    rf"\b(?P<kind>{_KIND})(?P<gap>[ -]?)(?P<codes>{_CODE}(?:\s?(?:,|;|/|&|,?\s?\b(?:and|et|y"
    rf"|or)\b)\s?{_CODE}){{1,30}})",
    re.IGNORECASE,
)
_BETWEEN_CODES = re.compile(r"\s?(?:,?\s?\b(?:and|et|y|or)\b|[,;/&])\s?", re.IGNORECASE)


def parties(
    sheet: Sheet, field: str, context: str | None = None
) -> Iterator[tuple[Reference, Purpose | None]]:
    """Each organisation of a field, once, with the purpose stated beside it or beside the label.

    ``context`` is the body whose groups bear the names, where they do not say another.
    """
    seen = set()
    names_group = any(is_party(without_people(line.words)) for line in sheet.values(field))
    for labelled in sheet.fields.get(field, ()):
        for line in labelled.lines:
            if is_placeholder(line.words):
                continue
            # Below the name of a group stands the person who writes for it.
            if names_group and _ROLE.search(line.text) and is_person(without_people(line.words)):
                continue
            for reference, purpose in _parties_of(line, field, context):
                if reference.text not in seen:
                    seen.add(reference.text)
                    yield reference, purpose or purpose_of_label(labelled)


def named_parties(words: str, field: str, locator: str) -> tuple[Reference, ...]:
    """The organisations that a list names, as written."""
    return tuple(
        Reference(text=text, field=field, kind="organization", locator=locator)
        for text in dict.fromkeys(split_parties(written_out(words)))
    )


def written_out(words: str) -> str:
    """A list with the kind of group repeated: "ITU-T SG13, 17" -> "ITU-T SG13; ITU-T SG17".

    "Working Parties 5A and 5B" -> "Working Party 5A; Working Party 5B". A number after a slash is a number of
    its own only where it cannot be part of the one before it (Q4/17 is one).
    """

    def each(match: re.Match[str]) -> str:
        kind = match["kind"]
        singular = _KINDS[kind.lower()]
        if singular.lower() == kind.lower():
            singular = kind
        gap = match["gap"] or (" " if singular.lower() != kind.lower() and " " in singular else "")
        codes = [code for code in _BETWEEN_CODES.split(match["codes"]) if code]
        if "/" in match["codes"] and singular.lower() in ("q", "question", "wp", "working party"):
            codes = re.findall(r"\d{1,2}[A-M]?(?:/\d{1,2})?", match["codes"])
            whole = re.search(r"/\d{1,2}$", match["codes"])
            codes = [code if "/" in code or not whole else code + whole[0] for code in codes]
        names = "; ".join(f"{match['body'] or ''}{singular}{gap}{code}" for code in codes)
        return f"; {names}" if match["lead"] else names

    return _SERIES.sub(each, words)


_ACRONYM = re.compile(
    r"\b(?=\w*[A-Z])(?:[A-Za-z]{1,12}\d\w{0,8}|\w*[A-Z]\w*[A-Z]\w*|[A-Z]-[A-Z]+|[A-Z]+-[A-Z])"
)
_KIND_OF_PARTY = re.compile(
    r"\b(?:Groups?|Committee|Part(?:y|ies)|Question|Forum|Alliance|Association|Union|Institute|Force|Board|Consortium"
    r"|Organi[sz]ations?|Council|Initiative|Coalition|Project|Society|Agency|Commission|Sector|Comisi[oó]n|Groupe|Grupo)\b",
    re.IGNORECASE,
)
_TITLE_OF_PERSON = re.compile(r"\s*(?:Mr|Mrs|Ms|Mx|Dr|Prof|M|Mme|Sr|Sra|Messrs)\b\.?\s", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:(?:acting|vice|co|former|interim|wg|sg|tc|task\s+group|working\s+group|technical\s+committee(?=\s+chair))[-\s]+)*"
    r"(?:chair(?:s|man|men|woman|person|persons)?|conven[oe]rs?|secretar(?:y|ies|iat)|rapporteurs?(?:\s+groups?)?|director(?:-general)?|president"
    r"|pr[eé]sidente?|vice-pr[eé]sidente?|secr[eé]taire|secretario|relator(?:a)?|delegate|counsell?or|general\s+manager"
    r"|liaison\s+(?:officer|manager|representative|coordinator|rapporteur|chair)s?|technical\s+officer|head|lead(?:er)?|editor)\b",
    re.IGNORECASE,
)
_BODY_ALONE = re.compile(r"ITU-[TRD]|UIT-[TRD]|3GPP|ETSI|ISO/IEC|IETF|IEEE")
#: "Acme Corp. (to be SA3)": a draft names who will send it.
_TO_BE = re.compile(
    r".*[(\[]\s*(?:to\s+be|will\s+be|intended\s+as)\s+(?:sent\s+(?:by|from)\s+)?(?P<who>[^()\[\]]{2,80})[)\]]\s*"
)
#: "Jane Example, for Broadband Forum"
_SIGNED_FOR = re.compile(r"^\s*(?:for|on behalf of|pour|por)\s+(?:the\s+)?(?=[A-Z0-9])", re.IGNORECASE)
_LINK = re.compile(r"^[\s,:;–-]*(?:(?:of|for|to|in|at|du|de\s+la|de|del|and)\s+)*(?:the\s+)?", re.IGNORECASE)


def is_party(text: str) -> bool:
    """Whether words look like the name of an organisation: an acronym, or a word for a kind of one."""
    name = re.sub(r"\([^()]*\)", "", text) or text
    return bool(_ACRONYM.search(name) or _KIND_OF_PARTY.search(name))


def organisation_in(words: str) -> str | None:
    """The organisation that a line names beside a person or an office, None when it names none.

    "Ms Jane Example, Chair, ITU-T Study Group 17" -> "ITU-T Study Group 17".
    """
    text = without_people(words)
    return text if is_party(text) else None


def without_people(words: str) -> str:
    """The name of a party without the people and offices beside it; empty when nothing else is there."""
    role = _ROLE.search(words)
    if role:
        after, before = _LINK.sub("", words[role.end() :]), words[: role.start()]
        while again := _ROLE.match(after):
            after = _LINK.sub("", after[again.end() :])
        if is_party(after):
            # "ITU-T Rapporteur Group for Question 15/17" is Question 15/17 of ITU-T.
            body = before.strip() if _BODY_ALONE.fullmatch(before.strip()) else ""
            return _without_names(f"{body} {after}".strip())
        return _without_names(before.rstrip(" ,-–(:"))
    return _without_names(words)


def _without_names(words: str) -> str:
    parts = re.split(r",\s+(?![^()]*\))", words)
    some_party = len(parts) > 1 and any(is_party(part) for part in parts)
    kept = [
        part
        for part in parts
        if not (
            _TITLE_OF_PERSON.match(part) or (some_party and is_person(re.sub(r"\s*\([^()]*\)", "", part)))
        )
    ]
    return _SIGNED_FOR.sub("", ", ".join(kept)).strip(" ,;:")


def is_person(words: str) -> bool:
    """Whether words look like the name of a person: two to four words, no organisation."""
    return bool(re.fullmatch(r"(?:[^\W\d_][\w'.-]*\s+){1,3}[^\W\d_][\w'-]*", words)) and not is_party(words)


_FOOTNOTE = re.compile(r"\[\d{1,2}\]$")
_SLASH = re.compile(r"(?<=\S)\s+/\s+(?=\S)")
#: "ISO / IEC" is one name.
_JOINT = re.compile(r"(?:ISO|CEN|ITU|IEC)", re.IGNORECASE)


def _at_slashes(words: str) -> str:
    """A list with " / " between two parties as a semicolon."""
    parts = _SLASH.split(words)
    if len(parts) < 2 or any(not is_party(part) or _JOINT.fullmatch(part.strip()) for part in parts):
        return words
    if any(part.count("(") != part.count(")") for part in parts):
        return words
    return "; ".join(parts)


_AREA = re.compile(r"\b(?:area|directorate|team|tsvwg|wg)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"(?P<name>[^()\[\]]{2,80}?)\s*[(\[](?P<who>[^()\[\]]{2,120})[)\]]")


def _beside_person(text: str) -> str:
    """The party of "Jane Example (ITU-T SG15)" and of "IEEE 802.1 (Jane Example)"."""
    found = _BRACKETED.fullmatch(text)
    if found and is_person(found["name"]) and is_party(found["who"]):
        return found["who"].strip()
    if found and is_party(found["name"]) and is_person(found["who"]):
        return found["name"].strip()
    return text


def _parties_of(line: Line, field: str, context: str | None) -> Iterator[tuple[Reference, Purpose | None]]:
    # Addresses of people are no part of an organisation's name, nor are the people.
    words = _ADDRESS.sub(_WAS_ADDRESS, line.text)
    if context == "IETF":
        words = re.sub(r",(?![^()]{0,200}\))", ";", words)  # acronyms and mailboxes, no names with commas
    for part in split_parties(_at_slashes(written_out(words))):
        text = _FOOTNOTE.sub("", " ".join(PURPOSE_REMARK.sub("", part).split()))
        if _WAS_ADDRESS in text:
            text = _beside_person(" ".join(text.replace(_WAS_ADDRESS, " ").split()))
            # A mailbox in copy is that of a person, whatever the office.
            if (not is_party(text) and len(text.split()) > 1) or (field == "cc" and context == "IETF"):
                continue
        elif context == "IETF":
            text = _beside_person(text)
            if field == "cc" and is_person(text) and not _AREA.search(text):
                continue
        if _ROLE.search(text) or _TITLE_OF_PERSON.match(text) or ", " in text:
            if not is_party(text) and _ROLE.search(text) and is_person(text.partition(",")[0]):
                continue  # "Jane Example, Routing Area Director"
            text = without_people(text) or text
        text = text.strip(" ,;:-–")
        if field == "sender" and (draft := _TO_BE.fullmatch(text)):
            text = draft["who"].strip()
        if field != "sender" and not context and is_person(text):
            continue
        if text and not is_placeholder(text):
            reference = Reference(
                text=text, field=field, kind="organization", locator=line.locator, context=context
            )
            said = PURPOSE_REMARK.search(part)
            yield reference, purpose_of(said[0]) if said else None
