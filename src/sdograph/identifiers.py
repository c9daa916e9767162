"""The only place that mints IRIs, and the only one that normalises document numbers.

A *key* is the part of an IRI below ``https://w3id.org/sdograph/id/`` (``group/3GPP-SA3``,
``work-item/3GPP/FS_AIML``). Records and indexes carry keys; IRIs appear where RDF begins.
Identity comes from official identifiers, never from titles; the one exception, a liaison statement
without a number, is spelled out in :func:`unnumbered_statement_key`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

BASE = "https://w3id.org/sdograph/"
ID_BASE = BASE + "id/"
GRAPH_BASE = BASE + "graph/"
SCHEME_BASE = BASE + "scheme/"

#: The classes of resource that have IRIs, as the first path segment of a key.
CLASSES = (
    "body",
    "group",
    "work-item",
    "specification",
    "release",
    "study-period",
    "meeting",
    "liaison-statement",
    "liaison-relationship",
    "change-event",
    "item-relation",
    "document",
    "decision",
    "overlap-decision",
)

_UNSAFE = re.compile(r"[^A-Za-z0-9._~+-]+")


def iri(key: str) -> str:
    """The IRI of a key."""
    return ID_BASE + key


def key_of(iri: str) -> str | None:
    """The key of an IRI of ours, None for anybody else's."""
    return iri.removeprefix(ID_BASE) if iri.startswith(ID_BASE) else None


def local_id(key: str) -> str:
    """The key without its class: ``3GPP-SA3``, ``3GPP/FS_AIML``."""
    return key.partition("/")[2]


def slug(text: str) -> str:
    """One path segment of an IRI, made from an identifier as people write it.

    Case is kept. A text with characters that have no ASCII form gets a short hash of the original, so that
    two different identifiers never share a segment.
    """
    normal = unicodedata.normalize("NFKC", text).strip()
    ascii_text = unicodedata.normalize("NFKD", normal).encode("ascii", "ignore").decode()
    segment = _UNSAFE.sub("-", ascii_text).strip("-.")
    lost = any(unicodedata.category(c)[0] == "L" and not _has_ascii_form(c) for c in normal)
    if not segment or lost:
        segment = f"{segment or 'x'}-{short_hash(normal)}"
    return segment


def _has_ascii_form(char: str) -> bool:
    return bool(unicodedata.normalize("NFKD", char).encode("ascii", "ignore"))


def short_hash(*parts: str) -> str:
    """Ten hexadecimal digits of the SHA-256 of the parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]


def body_key(body_id: str) -> str:
    return f"body/{slug(body_id)}"


def group_key(group_id: str) -> str:
    return f"group/{slug(group_id)}"


def work_item_key(body_id: str, code: str) -> str:
    """``work-item/3GPP/FS_AIML``; the code is the acronym or official number within its body."""
    return f"work-item/{slug(body_id)}/{slug(code)}"


def specification_key(body_id: str, number: str) -> str:
    """``specification/3GPP/TS-33.501``; without the version and without the body's name."""
    return f"specification/{slug(body_id)}/{slug(number)}"


def specification_version_key(body_id: str, number: str, version: str) -> str:
    return f"{specification_key(body_id, number)}/{slug(version)}"


def release_key(body_id: str, name: str) -> str:
    return f"release/{slug(body_id)}/{slug(name)}"


def study_period_key(body_id: str, name: str) -> str:
    return f"study-period/{slug(body_id)}/{slug(name)}"


def meeting_key(group_id: str, name: str) -> str:
    return f"meeting/{slug(group_id)}/{slug(name)}"


def relationship_key(left_id: str, right_id: str, kind: str) -> str:
    return f"liaison-relationship/{slug(left_id)}--{slug(right_id)}--{slug(kind)}"


def item_relation_key(left: str, right: str, kind: str) -> str:
    """The key of a stated relation of two items, given by their keys, or by their names as written."""
    return f"item-relation/{short_hash(left, right, kind)}"


def change_event_key(originals: Iterable[str], results: Iterable[str]) -> str:
    return f"change-event/{'+'.join(map(slug, sorted(originals)))}--{'+'.join(map(slug, sorted(results)))}"


def statement_key(body_id: str, number: str) -> str:
    """``liaison-statement/3GPP/S2-1812758``: the number its sender gave it, within the sender's body."""
    return f"liaison-statement/{slug(body_id)}/{slug(number)}"


def unnumbered_statement_key(body_id: str, sender: str, date: str | None, title: str) -> str:
    """The key of a liaison statement that carries no number.

    Made of its sender, date and title, normalised (case, white space, punctuation), so that the same
    statement read from another file, or another file format, is the same node.
    """
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", title).casefold()).strip()
    who = slug(sender)
    digest = short_hash(who.casefold(), date or "", words)
    return f"liaison-statement/{slug(body_id)}/{who}-{date or 'undated'}-{digest}"


_UNNUMBERED = re.compile(r"-(?:undated|\d{4}(?:-\d\d){0,2})-[0-9a-f]{10}")


def number_in(key: str) -> str | None:
    """The number that the key of a liaison statement is made of, as a path segment; None of what has none."""
    last = key.rpartition("/")[2]
    return None if _UNNUMBERED.search(last) else last


def document_key(name: str, location: str) -> str:
    """The key of a source document: its file name, made unique by where it was first read."""
    return f"document/{slug(name)}-{short_hash(location)}"


def document_graph(document: str, part: int = 0) -> str:
    """The IRI of a named graph that holds what a document (given by its key) states.

    A long document has several, numbered from 0: each is small enough to be compared in memory.
    """
    graph = GRAPH_BASE + document.removeprefix("document/")
    return f"{graph}/part/{part}" if part else graph


# --- numbers as documents write them -------------------------------------------------------------------

_RELEASE = re.compile(r"\b(?:release|rel)[\s.\u2010-\u2015-]*(\d{1,2}|9[6-9])\b", re.IGNORECASE)


def release_name(text: str) -> str | None:
    """``Rel-16`` from "Release 16", "Rel 16", "REL-16"; None when the text names no 3GPP release."""
    found = _RELEASE.search(text)
    return f"Rel-{int(found[1])}" if found else None


def release_names(text: str) -> list[str]:
    """Every release named in a text, in order, each once."""
    return list(dict.fromkeys(f"Rel-{int(m[1])}" for m in _RELEASE.finditer(text)))


#: First letters of a 3GPP document number -> the group that gave it (3GPP TR 21.900 and the TDoc practice).
TDOC_GROUPS = {
    "SP": "3GPP-SA",
    "RP": "3GPP-RAN",
    "CP": "3GPP-CT",
    **{f"S{n}": f"3GPP-SA{n}" for n in range(1, 7)},
    **{f"R{n}": f"3GPP-RAN{n}" for n in range(1, 7)},
    **{f"C{n}": f"3GPP-CT{n}" for n in (1, 3, 4, 6)},
}

_TDOC = re.compile(r"\b(SP|RP|CP|S[1-6]|R[1-6]|C[1346])-\s?(\d{5,7})(?:[rR]\d{1,2})?\b")


def tdoc_numbers(text: str) -> list[str]:
    """Every 3GPP document number in a text ("S2- 1812758" -> "S2-1812758"), in order, each once."""
    return list(dict.fromkeys(f"{m[1]}-{m[2]}" for m in _TDOC.finditer(text)))


def tdoc_group(number: str) -> str | None:
    """The id of the 3GPP group that gave a document number, None for another body's number."""
    found = _TDOC.match(number)
    return TDOC_GROUPS[found[1]] if found else None


_LI_NUMBER = re.compile(r"[Ss]3[Ii](\d{5,6})(?:[rR]\d{1,2})?")
_DATATRACKER = re.compile(r"datatracker \d+")


def document_number(text: str) -> str:
    """The normal form of one document number: "S2- 1812758" -> "S2-1812758", "s3i200069" -> "S3i200069".

    A number of another body than 3GPP stays as written, but for its white space.
    """
    words = " ".join(text.split())
    if found := _TDOC.fullmatch(words):
        return f"{found[1]}-{found[2]}"
    if found := _LI_NUMBER.fullmatch(words):
        return f"S3i{found[1]}"
    return words


def datatracker_number(number: int) -> str:
    """How a liaison statement is known by its entry in the IETF Datatracker: "datatracker 2106"."""
    return f"datatracker {number}"


def number_body(number: str) -> str | None:
    """Id of the body in whose series a number in its normal form stands, None where its form does not say."""
    if _TDOC.fullmatch(number) or _LI_NUMBER.fullmatch(number):
        return "3GPP"
    return "IETF" if _DATATRACKER.fullmatch(number) else None
