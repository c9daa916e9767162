"""Numbers of documents as bodies write them: whose they are, of which year and meeting where they show it.

Only forms that a body is known to use, each as narrow as its practice: 3GPP's "S3-234567" (the letters are
those of a group), ETSI's "SAI(26)011020r1" (group, year, meeting 11, document 020), ITU's "SG17-LS159" and
"5D/726", GSMA's "5GJA05_110" (group, meeting, document), the Broadband Forum's "LIAISE-231".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdograph import identifiers as ids


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedNumber:
    """A number in a text. ``number`` is its normal form, ``words`` is how it is written there."""

    number: str
    words: str
    body: str
    """Registry id of the body in whose series it stands."""
    issuer: str
    """The name of the group that gave it, as the number has it; the body's own where it names no group."""
    year: str | None = None
    """Four digits; None where the number does not show it."""
    meeting: str | None = None
    """Number of the issuer's meeting, without leading zeros; None where it shows none."""

    @property
    def told(self) -> str:
        """What the number tells, in words: "number of GSMA, meeting 5"."""
        year = self.year and f"year {self.year}"
        meeting = self.meeting and f"meeting {self.meeting}"
        return ", ".join(filter(None, (f"number of {self.body}", year, meeting)))


@dataclass(frozen=True, slots=True)
class _Form:
    """How a body writes numbers. ``issuer`` is a template for the group that the pattern finds."""

    body: str
    issuer: str
    pattern: re.Pattern[str]


def _form(body: str, issuer: str, pattern: str, *, before: str = r"\w.-") -> _Form:
    return _Form(body, issuer, re.compile(rf"(?<![{before}]){pattern}(?![A-Za-z0-9])"))


_NAME, _LS, _REVISION = r"(?P<group>[A-Z][A-Z0-9]{1,9})", r" ?[-–] ?[oir]?LS[-/ ]?", r"(?:_?[rvR]\d{1,2})?"

#: In the order in which they are tried; what one has taken is not looked at again.
_FORMS = (
    _form("3GPP", "{}", rf"(?P<group>[SRC]P|[SRC][1-6])-\s?(?P<year>\d\d)\d{{3,5}}{_REVISION}"),
    _form("3GPP", "{}", r"(?P<group>[SRC][1-6])-AH[A-Z]?\d{3,4}"),
    _form("3GPP", "SA3-LI", rf"[Ss]3[Ii](?P<year>\d\d)\d{{3,4}}{_REVISION}"),
    # Meetings ad hoc and subgroups have a letter of their own: "S4h190837", "S6a240333".
    _form("3GPP", "{}", rf"(?P<group>[SRC][1-6])[a-z](?P<year>\d\d)\d{{4}}{_REVISION}"),
    # A file may be named after two numbers: "SP-260003_EMTEL(25)000054r1".
    _form(
        "ETSI",
        "{}",
        r"(?P<group>[A-Z][A-Za-z0-9-]{1,11})\((?P<year>\d\d)\)(?P<meeting>\d{3}|[A-Z]\d\d)\d{3}" + _REVISION,
        before=r"A-Za-z0-9.-",
    ),
    # "COM 15 – LS 245" is study group 15's.
    _form("ITU-T", "SG{}", rf"(?:COM|SG) ?(?P<group>\d{{1,2}}){_LS}\d{{1,4}}"),
    _form("ITU-T", "{}", rf"{_NAME}{_LS}\d{{1,4}}"),
    _form("ITU-T", "FG {}", rf"{_NAME}-[IO]-\d{{3}}"),
    _form("ITU-R", "{}", r"(?P<group>RAG)(?P<year>\d\d)/\d{1,4}"),
    _form("ITU-R", "WP {}", r"(?P<group>[1-7][A-D])/\d{1,4}"),
    _form("BBF", "BBF", r"LIAISE-\d{1,4}(?:-\d{1,3})?"),
    _form("5GAA", "5GAA", r"5GAA_[A-Z]-\d{6}"),
    _form("5G-ACIA", "5G-ACIA", r"5G-ACIA-LS-(?P<year>\d{4})-\d{3}"),
    _form(
        "GSMA",
        "{}",
        r"(?P<group>\d{0,2}[A-Z]{2,8}|Packet)[ #_]?(?P<meeting>\d{1,3})(?:_\d{3}|[ _]Doc[ _]?\d{2,4})"
        + _REVISION,
    ),
    _form("IETF", "IETF", r"datatracker \d{1,5}"),
)


def issued_numbers(text: str) -> Iterator[IssuedNumber]:
    """Every number of a document in a text, in order, each once."""
    found: list[tuple[int, int, IssuedNumber]] = []
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            start, stop = match.span()
            if all(stop <= taken or start >= end for taken, end, _ in found):
                found.append((start, stop, _issued(form, match)))
    seen: set[str] = set()
    for _, _, issued in sorted(found, key=lambda entry: entry[0]):
        if issued.number not in seen:
            seen.add(issued.number)
            yield issued


def _issued(form: _Form, match: re.Match[str]) -> IssuedNumber:
    said = match.groupdict()
    year, meeting = said.get("year"), (said.get("meeting") or "").lstrip("0")
    return IssuedNumber(
        number=ids.document_number(match[0]),
        words=match[0],
        body=form.body,
        issuer=form.issuer.format(said.get("group")),
        year=year and (year if len(year) == 4 else f"{19 if year > '79' else 20}{year}"),
        meeting=meeting or None,
    )
