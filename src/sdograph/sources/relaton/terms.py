"""What the words of relaton mean here: kinds of documents, states, groups, relations, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sdograph.identifiers import TDOC_GROUPS
from sdograph.model import RelationKind
from sdograph.sources.document_numbers import DocumentNumber, ItuKind

#: Bodies whose drafts and editions carry harmonised stage codes.
ISO_BODIES = ("ISO", "IEC", "ISO-IEC-JTC1")

#: Relaton's kind of document -> what ITU-R calls it, which its identifier does not tell.
ITU_KINDS: dict[str, ItuKind] = {
    "recommendation": "Recommendation",
    "technical-report": "Report",
    "question": "Question",
    "resolution": "Resolution",
    "handbook": "Handbook",
}

_KINDS = {
    "TS": "Technical Specification",
    "TR": "Technical Report",
    "recommendation-amendment": "Amendment",
    "recommendation-corrigendum": "Corrigendum",
    "recommendation-supplement": "Supplement",
    "recommendation-annex": "Annex",
}

#: Relations that have a counterpart here, seen from the document whose record it is. All others are dropped:
#: ``hasEdition`` leads to the same number, ``complementOf`` to every supplement of an ITU-T series.
RELATIONS: dict[str, RelationKind] = {
    "obsoletes": "replaces",
    "obsoletedBy": "replaced-by",
    "partOf": "part-of",
    "related": "related",
}
#: In records of ISO "updates" leads from an edition to the one that comes after it.
ISO_RELATIONS: dict[str, RelationKind] = {**RELATIONS, "updates": "replaced-by"}

_ITU_STATES = {"published": "published", "in force": "published", "withdrawal": "withdrawn"}
_3GPP_STATES = {"published": "published", "withdrawn": "withdrawn"}

_WORK_ITEM = re.compile(r"[?&]WKI_ID=(\d+)")
# RFC 3986, without user information.
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#](?:[\w.~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*)?", re.ASCII
)
_STAGE = re.compile(r"\d\d\.\d\d")
_CUT_YEAR = re.compile(r"(?:19|20)\d")
_FRENCH = " | Directives ISO/"


def kind_name(doctype: str) -> str | None:
    """ "international-standard" -> "International Standard"; what is written with blanks stays."""
    if not doctype:
        return None
    words = _KINDS.get(doctype) or doctype
    return words if " " in words or words[:1].isupper() else words.replace("-", " ").title()


def english(title: str) -> str | None:
    """The English title. The Directives' rows have the French one after it, parted by " | ".

    A " | " alone parts nothing: ITU-T and ISO write twin texts so ("Rec. ITU-T H.222.0 | ISO/IEC 13818-1").
    """
    return " ".join(title.partition(_FRENCH)[0].split()) or None


def status(number: DocumentNumber, stage: str | None) -> str | None:
    """The state of one edition, in our words; None where its record does not tell."""
    if number.body == "ETSI":
        return "published"  # the records are those of ETSI's published deliverables
    if number.body in ISO_BODIES:
        return _iso_status(stage) if stage else None
    states = _3GPP_STATES if number.body == "3GPP" else _ITU_STATES
    return states.get((stage or "").casefold())


def _iso_status(stage: str) -> str | None:
    """By the international harmonised stage codes (ISO/IEC Directives): "40.20" is a DIS under ballot."""
    if not _STAGE.fullmatch(stage):
        return None
    phase, step = stage.split(".")
    if phase >= "60":
        if stage == "95.99":
            return "withdrawn"
        return "ongoing" if stage < "60.60" else "published"
    if step == "98":
        return "deleted"
    if step == "99":
        return "completed"  # of this draft; the project goes on with the next
    return "proposed" if phase < "20" else "ongoing"


def is_published(number: DocumentNumber, stage: str | None) -> bool:
    """Whether an edition is out, and no draft or still under publication."""
    return not number.draft and (number.body not in ISO_BODIES or stage is None or stage >= "60.60")


def issued(number: DocumentNumber, dates: Mapping[str, str], stage: str | None) -> str | None:
    """When an edition was published.

    Records of ISO give amendments the year of the standard as "published" and their own date as "updated",
    and drafts the year of what they amend.
    """
    published = dates.get("published")
    if number.body not in ISO_BODIES:
        return published or number.date
    if not is_published(number, stage):
        return None
    if number.changes and published is not None and len(published) == len("2022"):
        published = dates.get("updated")
    return published


def responsible(body: str, group: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Registry ids and names of the responsible group: an id only for 3GPP's codes, which are official."""
    if not group or group == "-":
        return (), ()
    if body == "3GPP" and group in TDOC_GROUPS:
        return (TDOC_GROUPS[group],), ()
    return (), (group,)


def work_item(address: str | None) -> str | None:
    """ETSI's number of the work item behind an edition, from the address of its page."""
    found = _WORK_ITEM.search(address or "")
    return found[1] if found else None


def page_address(address: str) -> str | None:
    """An address that can be an IRI, None for anything else."""
    return address if _ADDRESS.fullmatch(address) else None


def whole_year(number: DocumentNumber, address: str | None) -> str | None:
    """The version of a number; where ITU-R's identifier has lost the last digit of a year, all of it.

    Identifiers of Reports, Questions and Handbooks that have a year for their edition are cut after three
    digits ("ITU-R M.2083-200"); the address still ends in all four ("R-REP-M.2083-2006").
    """
    year = (address or "")[-5:]
    if (
        number.body == "ITU-R"
        and _CUT_YEAR.fullmatch(number.version or "")
        and re.fullmatch(rf"-{number.version}\d", year)
    ):
        return year[1:]
    return number.version
