"""Identifiers of published documents, taken apart: whose document, its number, its version, its stage.

The one place that knows how ETSI, 3GPP, ITU, ISO and IEC write them. The *number* is what stays the same from
version to version ("GR SAI 004", "TS 33.501", "Y.3172", "ISO/IEC 22989"); an amendment, corrigendum or
supplement has a number of its own, which names what it changes as its body writes it
("ISO/IEC 22989:2022/Amd 1"). The reasons stand in docs/decisions/0010-specifications-and-versions.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sdograph.errors import DataError
from sdograph.model import RelationKind

#: What ITU-R calls a document. Its identifier alone does not tell: Recommendations and Reports are numbered
#: independently of one another, and both "ITU-R M.2083-0" exist.
ItuKind: TypeAlias = Literal["Recommendation", "Report", "Question", "Resolution", "Handbook"]

#: Longer than any identifier.
_LONGEST = 200


class UnknownIdentifier(DataError):
    """A text is no identifier of a body whose way of writing them is known."""

    code = "document-number"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNumber:
    """An identifier, taken apart."""

    body: str
    """Registry id of the body; for ISO and IEC what the publishers tell, see :func:`committee_body`."""
    number: str
    kind: str | None = None
    """What ISO, IEC or ITU-R call the document, where the identifier or the ``kind`` given tells."""
    version: str | None = None
    """Version, edition, or the date that tells editions apart; for a draft of ISO its stage ("CD.2")."""
    date: str | None = None
    """The date that the identifier itself gives."""
    release: str | None = None
    """3GPP: the release, as the registry names it."""
    draft: bool = False
    """ISO, IEC: whether the identifier is that of a draft."""
    changes: str | None = None
    """The number of the document that this one amends, corrects or supplements, in the same body."""
    how: RelationKind = "amends"
    """What it does to the document that it ``changes``."""
    also: tuple[str, ...] = ()
    """Each number of a document that has several ("G.7041/Y.1303": "G.7041", "Y.1303")."""


def parse(identifier: str, kind: ItuKind | None = None) -> DocumentNumber:
    """Takes an identifier apart. ``kind`` is what ITU-R calls the document, where the source says it.

    Raises UnknownIdentifier when it does not begin as those of ETSI, 3GPP, ITU-T, ITU-R, ISO or IEC do, or
    has no number. What begins so and follows no known pattern is a number without a version.
    """
    text = " ".join(identifier[: _LONGEST + 1].split())
    found = _parsed(text, kind) if len(text) <= _LONGEST else None
    if found is None or not found.number:
        raise UnknownIdentifier(
            f"{identifier[:60]!r} is no identifier of ETSI, 3GPP, ITU, ISO or IEC",
            hint="identifiers look like 'ETSI TS 104 223 V1.1.1 (2025-04)' or 'ISO/IEC 22989:2022'",
        )
    return found


def _parsed(text: str, kind: ItuKind | None) -> DocumentNumber | None:
    body, _, rest = text.partition(" ")
    if body == "ETSI":
        return _etsi(rest)
    if body == "3GPP":
        return _3gpp(rest)
    if itu := _ITU.match(text):
        rest = text[itu.end() :]
        if itu["sector"] == "T":
            return _itu_t(rest)
        return _itu_r(rest, _ITU_WORDS.get(itu["kind"] or "") or kind or "Recommendation") if rest else None
    return _iso(text) if _ISO.match(text) else None


# --- ETSI

_ETSI_VERSION = re.compile(
    r"(?: (?:V(?P<version>\d+(?:\.\d+)+)|ed\.(?P<edition>\d+)))?(?: \((?P<date>\d{4}-\d{2})\))?$"
)
_ETSI_CHANGE = re.compile(r"(?P<base>.+)/(?P<sort>[AC])\d+")


def _etsi(text: str) -> DocumentNumber:
    version = edition = date = None
    if found := _ETSI_VERSION.search(text):
        text = text[: found.start()]
        version, edition, date = found.group("version", "edition", "date")
    change = _ETSI_CHANGE.fullmatch(text)
    return DocumentNumber(
        body="ETSI",
        number=text,
        version=version or edition,
        date=date,
        changes=change["base"] if change else None,
        how="corrects" if change and change["sort"] == "C" else "amends",
    )


# --- 3GPP

_3GPP = re.compile(r"(?P<number>T[SR] [^:/]+)(?::(?P<release>[^/]+))?(?:/(?P<version>\d+\.\d+\.\d+))?")
_3GPP_RELEASE = re.compile(r"(?:REL-|Rel-|R)(?P<number>\d{1,2})")
#: Names that differ from those of the registry.
_3GPP_RELEASES = {"Release 2000": "R2000", "R00": "R2000"}


def _3gpp(text: str) -> DocumentNumber:
    found = _3GPP.fullmatch(text)
    if found is None:
        return DocumentNumber(body="3GPP", number=text)
    release = found["release"]
    if release is not None and release not in _3GPP_RELEASES:
        numbered = _3GPP_RELEASE.fullmatch(release)
        release = f"Rel-{int(numbered['number'])}" if numbered else release
    return DocumentNumber(
        body="3GPP",
        number=found["number"],
        version=found["version"],
        release=_3GPP_RELEASES.get(release or "", release),
    )


# --- ITU

_ITU = re.compile(
    r"(?:(?P<kind>Recommendation|Rec\.|Report|Question|Resolution|Handbook) )?ITU-(?P<sector>[TR])(?: |$)"
)
_ITU_WORDS: dict[str, ItuKind] = {
    "Recommendation": "Recommendation",
    "Rec.": "Recommendation",
    "Report": "Report",
    "Question": "Question",
    "Resolution": "Resolution",
    "Handbook": "Handbook",
}
_ITU_T_DATE = re.compile(r" ?\((?P<month>0[1-9]|1[0-2])/(?P<year>\d{4})\)$")
# An edition that its date tells as well: "F.742 (V2) (03/2025)", "Q.3403 v.1 (02/2016)".
_ITU_T_EDITION = re.compile(r" (?:\(V\d+\)|v\.\d+)$")
_ITU_T_BASE_YEAR = re.compile(r" \(\d{4}\)$")
_ITU_T_CHANGE = re.compile(
    r"(?P<base>.+)(?<![ /]Technical)[ /]"
    r"(?P<sort>(?:Technical )?Cor\.|Amd\.|Err\.|Add\.|Suppl\.|Annex|App\.|attachment)(?: ?[\w+ ]+)?"
)
_ITU_T_HOW: dict[str, RelationKind] = {
    "Amd.": "amends",
    "Cor.": "corrects",
    "Technical Cor.": "corrects",
    "Err.": "corrects",
    "Add.": "supplements",
    "Suppl.": "supplements",
    "Annex": "part-of",
    "App.": "part-of",
    "attachment": "part-of",
}
# "Y Suppl. 55", "E-100 series Suppl. 1", "E100-300 Suppl. 3": of a series, not of a Recommendation.
_ITU_T_SERIES = re.compile(r"[A-Z]\d*(?:-\d+)?|.* series")
_ITU_T_NUMBER = re.compile(r"[A-Z]\.\d[\w.]*(?: (?:bis|ter|quater|[A-Z]))?")


def _itu_t(text: str) -> DocumentNumber:
    dated = _ITU_T_DATE.search(text)
    date = f"{dated['year']}-{dated['month']}" if dated else None
    number = _ITU_T_EDITION.sub("", _ITU_T_DATE.sub("", text))
    change = _ITU_T_CHANGE.fullmatch(number)
    base = change and _ITU_T_EDITION.sub("", _ITU_T_BASE_YEAR.sub("", change["base"]))
    if base and _ITU_T_SERIES.fullmatch(base):
        base = None
    parts = number.split("/")
    return DocumentNumber(
        body="ITU-T",
        number=number,
        version=date,
        date=date,
        changes=base,
        how=_ITU_T_HOW[change["sort"]] if change else "amends",
        also=tuple(parts) if len(parts) > 1 and all(map(_ITU_T_NUMBER.fullmatch, parts)) else (),
    )


_ITU_R_HANDBOOK = re.compile(r"(?P<number>\d+)(?:\.HDB)?(?:-(?P<version>\d+))?")
_ITU_R_QUESTION = re.compile(r"(?P<number>\d+)(?:-(?P<version>\d+))?(?P<group>/\d+)?")
_ITU_R_GROUP_QUESTION = re.compile(r"SG0?(?P<group>\d+)\.(?P<number>\d+)(?:-(?P<version>\d+))?")
_ITU_R_RESOLUTION = re.compile(r"R\.(?P<number>\d+)(?:-(?P<version>\d+))?")
_ITU_R_NUMBER = re.compile(r"(?P<number>[A-Z]{1,3}\.\d+)(?:-(?P<version>\d+(?:-\d+)*))?")


def _itu_r(text: str, kind: ItuKind) -> DocumentNumber:
    text = text.removesuffix(":")
    version = None
    found: re.Match[str] | None
    if kind == "Question" and (found := _ITU_R_GROUP_QUESTION.fullmatch(text)):
        text, version = f"{found['number']}/{found['group']}", found["version"]
    elif kind == "Question" and (found := _ITU_R_QUESTION.fullmatch(text)):
        text, version = found["number"] + (found["group"] or ""), found["version"]
    else:
        pattern = {"Handbook": _ITU_R_HANDBOOK, "Resolution": _ITU_R_RESOLUTION}.get(kind, _ITU_R_NUMBER)
        if found := pattern.fullmatch(text):
            text, version = found["number"], found["version"]
    number = text if kind == "Recommendation" else f"{kind} {text}"
    return DocumentNumber(body="ITU-R", number=number, kind=kind, version=version)


# --- ISO and IEC

_ISO = re.compile(r"(?:[A-Z]{2,4} )?(?:ISO|IEC|IWA)[ /]")
_ISO_TYPES = {
    "TS": "Technical Specification",
    "TR": "Technical Report",
    "PAS": "Publicly Available Specification",
    "R": "Recommendation",
    "Guide": "Guide",
    "ISP": "International Standardized Profile",
    "TTA": "Technology Trends Assessment",
    "DATA": None,
}
#: Words of a draft -> the type of deliverable that it is a draft of, "" for an International Standard.
_ISO_DRAFTS = {
    **dict.fromkeys(("PWI", "NP", "AWI", "WD", "CD", "FCD", "DIS", "FDIS", "PRF"), ""),
    **{f"{d}{t}": t for d in ("D", "FD") for t in ("TS", "TR", "PAS", "ISP", "Guide")},
}
_ISO_HEAD = re.compile(
    r"(?P<words>(?:[A-Za-z][A-Za-z0-9]*[ /])+)(?P<number>[A-Z]?\d[\w-]*)"
    r"(?:\.(?P<again>\d))?(?::(?P<year>\d{4}))?"
)
_ISO_CHANGE = re.compile(
    r"/(?:(?P<draft>PWI|NP|AWI|WD|CD|FCD|PRF) )?(?P<sort>[A-Za-z]+)(?: (?P<number>\d+))?"
    r"(?:\.(?P<again>\d))?(?::(?P<year>\d{4}))?"
)
#: Words of a change -> how ISO writes it once it is published, what it is, and what it does.
_ISO_CHANGES: dict[str, tuple[str, str, RelationKind]] = {
    **dict.fromkeys(("Amd", "DAM", "FDAM", "PDAM", "DAmd", "FDAmd"), ("Amd", "Amendment", "amends")),
    **dict.fromkeys(("Cor", "DCOR", "FDCOR", "DCor"), ("Cor", "Technical Corrigendum", "corrects")),
    "Add": ("Add", "Addendum", "supplements"),
    "Suppl": ("Suppl", "Supplement", "supplements"),
    "Ext": ("Ext", "Extension", "supplements"),
}
_ISO_YEAR = re.compile(r":(\d{4})$")


def _iso(text: str) -> DocumentNumber:
    head = _ISO_HEAD.match(text)
    changes = list(_ISO_CHANGE.finditer(text, head.end())) if head else []
    end = changes[-1].end() if changes else head.end() if head else 0
    if head is None or end != len(text) or any(c["sort"] not in _ISO_CHANGES for c in changes):
        return _iso_otherwise(text)
    words = re.split("[ /]", head["words"].strip())
    publishers = [w for w in words if w not in _ISO_TYPES and w not in _ISO_DRAFTS]
    drafts = [w for w in words if w in _ISO_DRAFTS]
    type_ = next((w for w in words if w in _ISO_TYPES), _ISO_DRAFTS[drafts[0]] if drafts else "")
    number = f"{_iso_publisher('/'.join(publishers), type_)} {head['number']}"
    version, draft = _iso_version(drafts[0] if drafts else None, head["again"], head["year"])
    kind, base, year = _ISO_TYPES.get(type_), None, head["year"]
    how: RelationKind = "amends"
    for change in changes:
        written, kind, how = _ISO_CHANGES[change["sort"]]
        base = number
        number += f":{year}/{written}" if year else f"/{written}"
        if change["number"]:
            number += f" {change['number']}"
        word = change["draft"] or (change["sort"] if change["sort"] != written else None)
        version, draft = _iso_version(word, change["again"], change["year"])
        year = change["year"]
    return DocumentNumber(
        body=_iso_body(publishers),
        number=number,
        kind=kind,
        version=version,
        date=None if draft else version,
        draft=draft,
        changes=base,
        how=how,
    )


def _iso_version(draft: str | None, again: str | None, year: str | None) -> tuple[str | None, bool]:
    if draft is None:
        return year, False
    return (f"{draft}.{again}" if again else draft), True


def _iso_publisher(publishers: str, type_: str) -> str:
    """ "ISO/TR", "ISO/IEC TR", "ISO Guide": a slash only between ISO alone and a type of deliverable."""
    if not type_:
        return publishers
    return f"{publishers}{'/' if publishers == 'ISO' and type_ != 'Guide' else ' '}{type_}"


def _iso_otherwise(text: str) -> DocumentNumber:
    """What has another form ("ISO/IEC DIR 1 ISO SUP:2003"): all but a year at its end is the number."""
    dated = _ISO_YEAR.search(text)
    year = dated[1] if dated else None
    publishers = re.split("[ /]", text)
    return DocumentNumber(
        body=_iso_body(publishers), number=_ISO_YEAR.sub("", text).strip(), version=year, date=year
    )


def _iso_body(publishers: list[str]) -> str:
    if "ISO" in publishers:
        return "ISO-IEC-JTC1" if "IEC" in publishers else "ISO"
    return "IEC" if "IEC" in publishers else "ISO"


def committee_body(number: DocumentNumber, committee: str | None) -> str:
    """Whose document it is when the committee is known: ISO/IEC JTC 1's, or that of the publisher.

    Without a committee, what ISO and IEC publish together counts as JTC 1's. Others have no such choice.
    """
    if committee is None or number.body not in ("ISO", "IEC", "ISO-IEC-JTC1"):
        return number.body
    if re.match(r"ISO/IEC JTC 1(?:/|$)", committee):
        return "ISO-IEC-JTC1"
    return "IEC" if number.body == "IEC" else "ISO"


# --- parts and twins

_PART = re.compile(r"(?P<whole>.*?\d)-\w+(?:-\w+)*")
_TITLE_OF_PART = re.compile(r"\bpart ?\d", re.IGNORECASE)
# Parts of one standard share its number whatever each of them is: ISO/TS 10303-1171 is part of ISO 10303.
_ISO_TYPE_OF_PART = re.compile(r"[ /](?:TS|TR|PAS)(?= )")


def whole_of(number: DocumentNumber, title: str | None) -> str | None:
    """The number of the document that this one is a part of; None when it is none, or changes another one.

    ISO and IEC number only parts with a hyphen. ETSI and 3GPP number other things so too (3GPP TR 23.700-41):
    there the title has to say that it is a part.
    """
    found = None if number.changes else _PART.fullmatch(number.number)
    if found is None or number.body.startswith("ITU"):
        return None
    if number.body in ("ETSI", "3GPP"):
        return found["whole"] if _TITLE_OF_PART.search(title or "") else None
    return _ISO_TYPE_OF_PART.sub("", found["whole"], count=1)


_TRANSPOSED = re.compile(
    r"\b(?P<body>3GPP|3G|oneM2M) (?P<type>T[SR])[ -](?P<number>\d\d[. ]\d{2,3}(?:-\d+)*|\d{4}) version "
)
_TRANSPOSITION = re.compile(
    r"(?P<type>T[SR]) 1(?P<series>2[1-9]|[3-5]\d) (?P<number>\d{3})(?P<part>(?:-\d+)*)"
)
# 3GPP writes two digits for the parts of Open Service Access where ETSI writes one.
_OPEN_SERVICE_ACCESS = re.compile(r"(29\.(?:19[89]|998))-(\d)(?!\d)")


def transposed(number: DocumentNumber, title: str | None) -> tuple[str, str] | None:
    """Body and number of the specification of a partnership that ETSI published as this document.

    ETSI's title says so: "(3GPP TS 33.501 version 18.5.0 Release 18)". The number of a document that is
    numbered by ETSI's rule (TS 133 501 for TS 33.501) has to agree, and tells type and part, in which titles
    have slips; the numbering alone is no proof.
    """
    if number.body != "ETSI" or title is None or (found := _TRANSPOSED.search(title)) is None:
        return None
    written = found["number"].replace(" ", ".")
    if found["body"] == "oneM2M":
        return "oneM2M", f"{found['type']}-{written}"
    own = _TRANSPOSITION.fullmatch(number.number)
    if own is None:
        return "3GPP", f"{found['type']} {written}"
    plain = f"{own['series']}.{own['number']}"
    if not written.startswith(plain):
        return None
    return "3GPP", f"{own['type']} " + _OPEN_SERVICE_ACCESS.sub(r"\1-0\2", plain + own["part"])
