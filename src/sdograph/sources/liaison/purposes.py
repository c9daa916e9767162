"""What each addressee gets a statement for: words for it, beside a name, a label or in a field of its own."""

from __future__ import annotations

import re
from itertools import pairwise

from sdograph.model import Purpose
from sdograph.sources.liaison.sheet import Field

#: Words of English, French and Spanish, and the action codes of ISO's committees.
_PURPOSES: dict[str, Purpose] = {
    **dict.fromkeys(
        ("action", "act", "suite à donner", "suite a donner", "mesures", "medidas", "acción", "accion",
         "adopción de medidas", "adopcion de medidas", "attention and action"),
        "action",
    ),
    **dict.fromkeys(
        ("comment", "comments", "comm", "com", "commentaire", "commentaires", "observation", "observations",
         "observaciones", "comentario", "comentarios", "review", "consideration", "review and comment"),
        "comment",
    ),
    **dict.fromkeys(("information", "info", "fyi", "información", "informacion", "noting"), "information"),
    **dict.fromkeys(("response", "reply", "réponse", "reponse", "respuesta", "in response"), "response"),
}  # fmt: skip
_WORDS = "|".join(sorted(map(re.escape, _PURPOSES), key=len, reverse=True))
_PURPOSE = re.compile(
    rf"\b(?:for|pour|para)\s+(?:your\s+|la\s+)?({_WORDS})\b|\b({_WORDS})\s+(?:to|[aà])$|^to\s+({_WORDS})$",
    re.IGNORECASE,
)
PURPOSE_REMARK = re.compile(
    rf"[\s,(\[–-]{{0,4}}\b(?:for|pour|para)\s+(?:your\s+)?(?:{_WORDS})\b\s*(?:only\s*)?[)\]]?"
    rf"|\s*[(\[]\s*(?:{_WORDS})\s*[)\]]",
    re.IGNORECASE,
)
_REMARK_ONLY = re.compile(rf"[(\[]\s*({_WORDS})\s*[)\]]", re.IGNORECASE)


def purpose_of(words: str) -> Purpose | None:
    """The purpose that "(for action)" or a value such as "Information" names, None when it names none."""
    found = _PURPOSE.search(words) or _REMARK_ONLY.search(words)
    if found:
        return _PURPOSES[next(part for part in found.groups() if part).lower()]
    word = words.strip(" .()[]").lower()
    return _PURPOSES.get(word) or _PURPOSES.get(
        re.split(r"\s(?:and|or|et|y|by|before|until)\s|\s?[,/(]\s?", word)[0]
    )


def purpose_of_label(field: Field) -> Purpose | None:
    """The purpose that a label names beside or within it: "To (for comment)", "For action to"."""
    found = _PURPOSE.search(f"{field.label} {field.remark}".strip()) or _PURPOSE.search(field.label)
    return purpose_of(found[0]) if found else None


#: Boxes of a form, ticked and empty.
_TICKED = (
    r"(?:[\u2612\u2611\u2713\u2714\u2717\u2718\u2715\u2716\u25a0\u25fc\u25cf\uf0fe\uf0fd\uf078]"
    r"|\[\s?[xX]\s?\]|\(\s?[xX]\s?\))"
)
_EMPTY = r"(?:[\u2610\u25a1\u25fb\u25cb\u2751\uf06f\uf0a8]|\[\s{0,3}\]|\(\s{0,3}\)|\[_\])"
_BOX = re.compile(rf"(?P<ticked>{_TICKED})|{_EMPTY}")
_OTHERS = re.compile(
    r"(?:all\s+|the\s+|any\s+)*(?:others?|rest|remaining|everybody else)"
    r"(?:\s+(?:groups?|addressees|recipients|bodies|parties))?",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"(?P<who>[^;:]{{2,120}}?)\s*[:(\u2013-]?\s*\bfor\s+(?:your\s+)?(?P<purpose>{_WORDS})\b[^;,]{{0,40}}",
    re.IGNORECASE,
)


def ticked(words: str) -> str:
    """Of "☒ Action ☐ Comment" what is ticked; words without boxes as they are."""
    boxes = list(_BOX.finditer(words))
    if not any(box["ticked"] for box in boxes):
        return "" if boxes else words
    before = not words[: boxes[0].start()].strip(" \t,;:|")
    edges = [0, *(box.end() for box in boxes)] if not before else [*(b.start() for b in boxes), len(words)]
    parts = zip(boxes, pairwise(edges), strict=False)
    said = (_BOX.sub("", words[start:stop]).strip(" \t,;:|") for box, (start, stop) in parts if box["ticked"])
    return "; ".join(part for part in said if part)


def purposes_by_party(words: str) -> list[tuple[str | None, Purpose]]:
    """Of "SA2 for action; others for information" each name with its purpose, None for the others.

    Empty where the words name no party before the purpose.
    """
    found: list[tuple[str | None, Purpose]] = []
    for part in re.split(r"[;\n]|,\s(?=[^,;]{2,60}\bfor\s)", words):
        match = _EACH.fullmatch(part.strip(" .,"))
        purpose = purpose_of(f"for {match['purpose']}") if match else None
        if match is None or purpose is None:
            return []
        who = match["who"].strip(" ,(")
        found.append((None if _OTHERS.fullmatch(who) else who, purpose))
    return found
