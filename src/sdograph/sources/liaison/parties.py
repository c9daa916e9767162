"""Who sends, gets and is asked: names of organisations as written, and what each gets the statement for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdograph.linking.names import split_parties
from sdograph.model import Purpose, Reference
from sdograph.sources.liaison.sheet import Line, Sheet, is_placeholder

_PURPOSES: dict[str, Purpose] = {
    "action": "action",
    "comment": "comment",
    "comments": "comment",
    "information": "information",
    "info": "information",
    "response": "response",
    "reply": "response",
}
_PURPOSE = re.compile(rf"\bfor\s+(?:your\s+)?({'|'.join(_PURPOSES)})\b", re.IGNORECASE)
_PURPOSE_REMARK = re.compile(rf"[\s,(\[–-]{{0,4}}{_PURPOSE.pattern}\s*[)\]]?", re.IGNORECASE)
_ADDRESS = re.compile(r"[(<\[]?\s*(?:mailto:)?[^\s@()<>\[\],;:]{1,64}@[^\s@()<>\[\],;]{1,255}\s*[)>\]]?")


def purpose_of(words: str) -> Purpose | None:
    """The purpose that "(for action)" or a value such as "Information" names, None when it names none."""
    found = _PURPOSE.search(words)
    word = found[1] if found else words.strip(" .()")
    return _PURPOSES.get(word.lower())


def parties(sheet: Sheet, field: str) -> Iterator[tuple[Reference, Purpose | None]]:
    """Each organisation of a field, once, with the purpose stated beside it or beside the label."""
    seen = set()
    for labelled in sheet.fields.get(field, ()):
        for line in labelled.lines:
            if is_placeholder(line.words):
                continue
            for reference, purpose in _parties_of(line, field):
                if reference.text not in seen:
                    seen.add(reference.text)
                    yield reference, purpose or purpose_of(labelled.remark)


def named_parties(words: str, field: str, locator: str) -> tuple[Reference, ...]:
    """The organisations that a list names, as written."""
    return tuple(
        Reference(text=text, field=field, kind="organization", locator=locator)
        for text in dict.fromkeys(split_parties(words))
    )


def _parties_of(line: Line, field: str) -> Iterator[tuple[Reference, Purpose | None]]:
    # Addresses of people are no part of an organisation's name.
    for part in split_parties(_ADDRESS.sub("", line.text)):
        text = " ".join(_PURPOSE_REMARK.sub("", part).split()).strip(" ,;:")
        if text:
            reference = Reference(text=text, field=field, kind="organization", locator=line.locator)
            yield reference, purpose_of(part) if _PURPOSE.search(part) else None
