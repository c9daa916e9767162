"""The column ``source_url_or_repo``: what a person writes about a source -> its addresses.

``https://… (planned)`` is an address with a remark; ``github:owner/name@commit path (remark)`` is a file of a
repository at a commit; what is neither stays in its words. Several are separated by `` ; ``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

_PARTS = re.compile(r"\s+;\s+|;\s+(?=https?://|github:)")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_REPOSITORY = re.compile(
    r"github:(?P<name>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{7,40})"
    r"(?:\s+(?P<path>[^()]*?\.(?:html?|yaml|jsonl?|csv|xls[xm]|docx?|txt|xml|md|py|ttl))(?=\s|$))?"
)
#: Brackets that are part of no address: "%" encodes them.
_TO_ENCODE = str.maketrans({"[": "%5B", "]": "%5D"})


@dataclass(frozen=True, slots=True)
class WrittenSource:
    """A cell, read: ``addresses`` (the words where there is none) separated by "; "."""

    addresses: str
    remark: bool
    """Whether the cell says more than the addresses."""


def read_source(cell: str) -> WrittenSource:
    parts = [_source(part) for part in _PARTS.split(cell) if part.strip()]
    return WrittenSource(
        "; ".join(dict.fromkeys(address for address, _ in parts)), any(more for _, more in parts)
    )


def _source(part: str) -> tuple[str, bool]:
    part = part.strip()
    if repository := _REPOSITORY.search(part):
        kind = "blob" if repository["path"] else "tree"
        where = f"https://github.com/{repository['name']}/{kind}/{repository['commit']}"
        path = f"/{quote(repository['path'])}" if repository["path"] else ""
        return where + path, repository[0] != part
    if found := _ADDRESS.search(part):
        address = found[0].rstrip(".,")
        if address.count(")") > address.count("("):
            address = address.rstrip(")")
        return address.translate(_TO_ENCODE), address != part
    return part.replace("; ", ", "), False
