"""What 3GPP's own tables have in common: codes of groups, names of releases, numbers of specifications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdograph.identifiers import TDOC_GROUPS

BODY = "3GPP"
#: The body's own publication, read by a documented rule; the registry's tables call that "high".
CONFIDENCE = 0.9

#: Code of a group as 3GPP's databases write it -> registry id. Codes of groups that were closed (N1, T2,
#: G3new, SMG2) are not here: what took over their work is another group.
GROUPS = {**TDOC_GROUPS, "S3LI": "3GPP-SA3-LI"}

_EMPTY = frozenset(("", "-", "–", "n/a", "na", "none"))


def is_empty(text: str) -> bool:
    """Whether a cell holds nothing, or what is written in place of nothing."""
    return text.strip().casefold() in _EMPTY


def groups(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Registry ids, and the names that are no code of a group in force, of a cell such as "S3, C1,OMA"."""
    codes = dict.fromkeys(code.strip() for code in re.split(r"[,;.]", text))
    known = tuple(GROUPS[code] for code in codes if code in GROUPS)
    return known, tuple(code for code in codes if code not in GROUPS and not is_empty(code))


_RELEASE = re.compile(r"rel(?:ease)?[\s_.-]*(\d{1,2})", re.IGNORECASE)
_YEAR = re.compile(r"(?:R(?:19)?|rel(?:ease)?[\s_.-]*(?:19)?)(9[6-9])", re.IGNORECASE)
_OTHER_RELEASES = {
    name.casefold(): release
    for release, names in {
        "Ph1": ("Ph1",),
        "Ph1-DCS": ("Ph1-DCS",),
        "Ph1-EXT": ("Ph1-EXT",),
        "Ph2": ("Ph2",),
        "UMTS": ("UMTS",),
        "R2000": ("R00", "R2000", "Release_2000", "Release 2000"),
    }.items()
    for name in names
}


def release(text: str) -> str | None:
    """The registry's name of a release: "Rel-18" for "Rel-18", "Rel-99" for "R99"; None for anything else."""
    text = text.strip()
    if found := _YEAR.fullmatch(text) or _RELEASE.fullmatch(text):
        return f"Rel-{int(found[1])}"
    return _OTHER_RELEASES.get(text.casefold())


# --- numbers of specifications

_NUMBER = re.compile(r"(\d\d)\.(\d)\d\d(?:-\d{1,2})*")

#: Numbers that are another type than the rule says, by the specification list of 2023-05-19.
_EXCEPTIONS = {
    **dict.fromkeys(("21.906", "23.920", "33.742", "33.922", "50.056", "50.089"), "TS"),
    **dict.fromkeys(("22.121", "23.039", "26.078", "36.276", "41.031", "41.033", "43.026", "43.030"), "TR"),
    **dict.fromkeys(("43.058", "45.050", "46.055", "46.076", "46.085", "49.001"), "TR"),
}


def with_type(number: str) -> str | None:
    """The number with its type: "TS 33.501", "TR 23.791"; None where the type cannot be told.

    3GPP TR 21.900, clause 4.0: the series is followed by 8bb or 9bb for reports and by 7bb where those were
    used up; series 30 and 50 (planning) are reports. 28.7bb and 32.7bb were in use for specifications
    before that. Numbers of series 00 to 13 (GSM) follow no such rule.
    """
    found = _NUMBER.fullmatch(number)
    if found is None or found[1] < "21":
        return None
    series, digit = found[1], found[2]
    report = digit in "89" or (digit == "7" and series not in ("28", "32")) or series in ("30", "50")
    return f"{_EXCEPTIONS.get(number, 'TR' if report else 'TS')} {number}"


@dataclass(frozen=True, slots=True)
class Impacted:
    """The specifications that a cell of the work plan names."""

    new: tuple[str, ...]
    """Those that the item makes, with their type: "TR 23.700-91"."""
    changed: tuple[str, ...]


#: A number, possibly with its type before it; not one with letters in place of digits ("36.8xx",
#: "29.199-xy"), and not a provisional one ("29.520a"). Then the ends of further ones: "28.621/2/3",
#: "34.123-1/2/3".
_WRITTEN = re.compile(
    r"(?<![\w.-])(?:(?P<type>TS|TR) ?)?(?P<number>\d\d\.\d{3}(?:-\d{1,2})*)(?![\w?])(?!-\w)"
    r"(?P<more>(?: ?/ ?\d{1,3}(?![\w.]))*)"
)
#: What is said of a number that is then neither new nor changed.
_DROPPED = re.compile(
    r"\[instead of [^\]]*\]|\b(?:withdrawn|abandoned)\s+(?:new\s+)?\d\d\.\d{3}(?:-\d\d?)*"
    r"|\d\d\.\d{3}(?:-\d\d?)*\s*(?:=>|changed to|converted to)",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\bnew\b\s*(?:generic\s+)?(?:TS|TR)?s?\s*(?:(?P<list>;[\s;]*(?=\d\d\.\d))|(?P<open>[(\[])|(?=[T\d]))",
    re.IGNORECASE,
)
_NEW_AFTER = re.compile(r"\s*\(new\)", re.IGNORECASE)
#: A spreadsheet takes a lone number for a decimal fraction and drops its last zeros: 23.06 is 23.060.
_DECIMAL = re.compile(r"([2-5]\d)\.(\d{1,2})")


def impacted(text: str) -> Impacted:
    """The specifications of a cell "Impacted TSs and TRs", those said to be new apart.

    New is the number after the word ("New 22.289; 22.280" names one), all of a list in brackets after it
    ("New TSs (24.333, 24.334)"), one with the word in brackets behind it, and all that follow a "New" that
    stands alone ("New ; 23.774; 33.524": the cell once said just "New", and got the numbers later).
    """
    text = text.strip()
    if found := _DECIMAL.fullmatch(text):
        text = f"{found[1]}.{found[2]:0<3}"
    text = _DROPPED.sub(" ", text)
    new_places = list(_new_places(text))
    made: dict[str, None] = {}
    changed: dict[str, None] = {}
    for match in _WRITTEN.finditer(text):
        is_new = any(start <= match.start() < stop for start, stop in new_places)
        is_new = is_new or _NEW_AFTER.match(text, match.end()) is not None
        for number in _all_numbers(match["number"], match["more"]):
            typed = f"{match['type']} {number}" if match["type"] else with_type(number)
            if typed is not None:
                (made if is_new else changed)[typed] = None
    return Impacted(tuple(made), tuple(n for n in changed if n not in made))


def _new_places(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text in which numbers begin that are new."""
    for match in _NEW.finditer(text):
        if match["list"]:
            yield match.end(), len(text)
        elif match["open"]:
            close = text.find(")" if match["open"] == "(" else "]", match.end())
            yield match.end(), close if close >= 0 else len(text)
        else:
            yield match.end(), match.end() + 1


def _all_numbers(number: str, more: str) -> Iterator[str]:
    yield number
    for end in re.findall(r"\d+", more):
        # "32.101/103/150" gives whole ends, "28.621/2/3" the digits in which they differ.
        further = number[: -len(end)] + end
        if _NUMBER.fullmatch(further):
            yield further
