"""What stands in the cells: dates with words, titles with remarks, states and releases in words."""

from __future__ import annotations

import re

from sdograph import identifiers as ids
from sdograph.sources.dates import is_date
from sdograph.sources.fact_tables.rows import Row
from sdograph.sources.registry import STATUSES

# --- dates

_DATE_FIRST = re.compile(r"(?P<date>\d{4}(?:-\d{2}){0,2})(?![\d-])(?P<rest>.*)", re.DOTALL)
#: One pair of parentheses around everything.
_BRACKETED = re.compile(r"\(([^()]*)\)")


def dated(row: Row, column: str) -> tuple[str | None, str | None]:
    """The date at the beginning of a cell, and the words after it, or in its place.

    "2017-11 (established)" is November 2017 with a note; "2025-2028 study period" and "2023-Q4" are words.
    """
    found = row.optional(column)
    if found is None:
        return None, None
    first = _DATE_FIRST.fullmatch(found)
    if first is None or not is_date(first["date"]):
        if found[:4].isdigit() and not any(c.isalpha() for c in found) and "-" in found and len(found) <= 10:
            row.fault(column, f"{found!r} is no date", "write 2023-12-04, 2023-12 or 2023")
        return None, found
    note = first["rest"].strip(" ,;")
    if alone := _BRACKETED.fullmatch(note):
        note = alone[1].strip()
    return first["date"], note or None


# --- titles

#: How sure words are that stand where a title should: somebody's description, or a part of the title.
DESCRIBED = 0.3
#: Remarks of who gathered the row: the words beside them are a description, or a part of the title.
_NO_TITLE = re.compile(
    r"\(\s*(?:(?:the )?official )?title (?:not (?:read|given|known)|cut|shortened)\b[^()]*\)"
    r"|\(short description\)",
    re.IGNORECASE,
)
#: Remarks that leave the title a title.
_TITLE_OF = re.compile(r"\s*\(title of [^()]*\)", re.IGNORECASE)


def official_title(text: str | None) -> str | None:
    """The title in a cell, None where a remark says that it is none, and where there is only a remark."""
    if text is None or _NO_TITLE.search(text) or _BRACKETED.fullmatch(text):
        return None
    return _TITLE_OF.sub("", text).strip() or None


# --- states

#: How a state in words begins -> notation of the scheme work-item-status; the first that fits counts.
STATES: tuple[tuple[str, str], ...] = (
    ("published", "published"),
    # 3GPP: approved and in force, changed by change requests only (TR 21.900, clause 4)
    ("under change control", "published"),
    ("withdrawn", "withdrawn"),
    ("superseded", "withdrawn"),
    ("stopped", "stopped"),
    ("deleted", "deleted"),
    ("completed", "completed"),
    ("complete", "completed"),
    ("approval completed", "completed"),
    ("approved work item", "ongoing"),
    ("approved", "completed"),
    # ITU-T: a text that is not a Recommendation is agreed, not approved (Rec. ITU-T A.13)
    ("agreed", "completed"),
    ("pending publication", "completed"),
    ("in the process of publication", "completed"),
    # ISO/IEC Directives, Part 1: stage 10 is the proposal, later ones are work
    ("stage 00", "proposed"),
    ("stage 10", "proposed"),
    ("stage ", "ongoing"),
    ("proposed", "proposed"),
    ("proposal", "proposed"),
    ("upcoming", "proposed"),
    # Internet-Drafts that no group of the IETF has taken on
    ("individual draft", "proposed"),
    ("independent submission", "proposed"),
    ("ongoing", "ongoing"),
    ("in progress", "ongoing"),
    ("in development", "ongoing"),
    ("under ", "ongoing"),
    ("new work item", "ongoing"),
    ("work item", "ongoing"),
    ("working draft", "ongoing"),
    ("working group draft", "ongoing"),
    ("iab stream draft", "ongoing"),
    ("draft", "ongoing"),
    ("early draft", "ongoing"),
    ("preliminary draft", "ongoing"),
    ("initial public draft", "ongoing"),
    ("revised draft", "ongoing"),
    ("revision ", "ongoing"),
    ("final draft", "ongoing"),
    ("preparatory", "ongoing"),
    ("committee", "ongoing"),
    ("enquiry", "ongoing"),
    ("public enquiry", "ongoing"),
    ("approval", "ongoing"),
    ("registered for formal approval", "ongoing"),
    ("dis ballot", "ongoing"),
    ("fdis ballot", "ongoing"),
    ("active par", "ongoing"),
    ("consented", "ongoing"),
    ("determined", "ongoing"),
    ("tap approval at", "ongoing"),
    ("progressed", "ongoing"),
    ("planned for", "ongoing"),
    ("to be published", "ongoing"),
    ("carried to next study period", "ongoing"),
    # ITU-T: the number of a temporary document that holds the text; it is being worked on
    ("td", "ongoing"),
)
_PER_CENT = re.compile(r"in progress\b.*\((?P<share>0(?:\.\d+)?|1(?:\.0+)?)\)")


def state(row: Row) -> str | None:
    """The notation of the state that the row gives in words, None where it gives none."""
    words = row.optional("status")
    if words is None:
        return None
    folded = words.casefold()
    found = next((notation for beginning, notation in STATES if folded.startswith(beginning)), None)
    if found is None:
        hint = f"begin with one of {', '.join(STATUSES)}; words may follow"
        row.fault("status", f"the state {words!r} is not known", hint)
    return found


def completion(row: Row) -> float | None:
    """Per cent done, from "in progress at 2023-01-10 (0.5)"."""
    found = _PER_CENT.match(row.optional("status") or "")
    return round(float(found["share"]) * 100, 1) if found else None


# --- releases

_PERIOD = re.compile(r"(?:19|20)\d{2}-(?:19|20)\d{2}")


def release(body: str, text: str | None) -> str | None:
    """The release of 3GPP or study period of ITU-T that a cell names; None for what other bodies call so.

    "Release 2" of an ETSI group is its own, and not one of ETSI's.
    """
    if text is None:
        return None
    if body == "3GPP":
        return ids.release_name(text) or text
    return text if body.startswith("ITU-") and _PERIOD.fullmatch(text) else None
