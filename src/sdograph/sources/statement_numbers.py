"""The numbers of a liaison statement as lists and tables write them: its sender's and its receivers'.

"C4-244497 [S3-251218]": in brackets the numbers that receivers gave it. "TDAG - LS 3 (RAG19/4)",
"SP-260003_EMTEL(25)000054r1": both numbers without brackets. "datatracker 2010 / ZSM(25)000129r1": entry 2010
of the IETF Datatracker, which gives a number to what has none. "(rev of S2-1811878)": an earlier revision. A
file name or a title in the place of a number is none ("LS to SA2 on the RAT type", "2019-08-02-LS").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sdograph import identifiers as ids

_RECEIVED = re.compile(r"\[([^\[\]]*)\]")
_REVISION = re.compile(r"\((?:rev|revision) of ([^()]+)\)")
_DATATRACKER = re.compile(r"datatracker (\d+)")
_ATTACHMENTS = re.compile(r"\s*\+ \d+ attachments?$")
_REMARK = re.compile(r"\((.*)\)")
#: "TDAG - LS 3 (RAG19/4)": in parentheses after a number of its own, the receiver's.
_IN_PARENTHESES = re.compile(r"(?P<number>[^()]+?) \((?P<received>[A-Z]+[\d()]*/[\w.-]+)\)")
_BBF = re.compile(r"LIAISE-\d+(?:-\d+)?(?!\w)")
#: "SP-260003_EMTEL(25)000054r1": a file that its receiver named after both numbers.
_BOTH = re.compile(r"(?P<received>[SRC][P1-6]-\d{6,7})_(?P<own>\S+)")
#: Words that are a part of numbers: "5GJA9 Doc 131", "Packet 100_202".
_NUMBER_WORDS = frozenset(("doc", "packet", "rev"))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a statement. ``words`` is what stands in the place of its sender's number."""

    number: str | None = None
    received: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    words: str | None = None


def read_numbers(text: str) -> Numbers:
    """The numbers of a statement in one cell."""
    inside = "; ".join(_RECEIVED.findall(text))
    received = [ids.document_number(n) for n in re.split(r"[;,]", inside) if n.strip()]
    rest = _RECEIVED.sub("", text).strip()
    earlier = tuple(map(ids.document_number, _REVISION.findall(rest)))
    rest = _once(_ATTACHMENTS.sub("", _REVISION.sub("", rest).strip()))
    number = words = None
    for part in (p.strip() for p in re.split(r"\s+/\s+", rest)):
        if entry := _DATATRACKER.fullmatch(part):
            received.append(ids.datatracker_number(int(entry[1])))
        elif found := _number(part):
            # Several: the first is the sender's, the others those of groups that handled it.
            number, received = number or found[0], [*received, *(found if number else found[1:])]
        elif part:
            words = part
    if number is None and received and received[-1].startswith("datatracker ") and not inside:
        number = received.pop()  # the Datatracker knows it by that, and nobody by anything else
    return Numbers(number, tuple(dict.fromkeys(received)), earlier, words)


def _once(text: str) -> str:
    """Without what a slip of the table repeats: "R6-180164) (R6-180164" -> "R6-180164"."""
    left, found, right = text.partition(") (")
    if found and right.strip("() ") == left.strip("() "):
        return left.strip("() ")
    return right.strip() if found and "(" not in right and not _number(left) else text


def _number(text: str) -> list[str]:
    """The number that a text is, with a receiver's behind it; [] for a title, a file name, a remark."""
    if found := _IN_PARENTHESES.fullmatch(text):
        return [ids.document_number(found["number"]), ids.document_number(found["received"])]
    if found := _BBF.match(text):
        return [found[0]]
    if found := _BOTH.fullmatch(text):
        return [found["own"], found["received"]]
    if _REMARK.fullmatch(text) or _DAY.search(text) or not any(map(str.isdigit, text)):
        return []
    words = [w for w in re.split(r"[\W\d_]+", text) if len(w) > 2 and sum(map(str.isupper, w)) < 2]
    if len(text) > 40 or any(w.casefold() not in _NUMBER_WORDS for w in words):
        return []
    return [ids.document_number(text)]
