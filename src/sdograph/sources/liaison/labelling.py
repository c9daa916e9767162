"""Labels in a line: which field it begins, whatever parts label and value, and what is no label but text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdograph.sources.liaison.labels import FIELD_OF, SECTIONS, field_by_grammar, folded
from sdograph.sources.liaison.sheet import Field, Line

#: A line longer than this is running text, no field of the head.
LONGEST_FIELD = 300
#: A line of this length that ends like a sentence is running text.
PROSE = 90
#: Words too common to be a label without a colon, unless something stands beside them.
_NEED_COLON = frozenset(
    [
        "for",
        "name",
        "attached",
        "wi",
        "tel",
        "a",
        "de",
        "re",
        "but",
        "q",
        "doc",
        "text",
        "body",
        "number",
        "ref",
        "type",
        "note",
        "notes",
        "received",
        "pages",
        "issued",
        "sent",
        "posted",
        "state",
        "stage",
        "due",
        "approved",
        "network",
        "organization",
        "organisation",
        "company",
        "country",
        "chair",
        "editor",
        "nature",
        "regarding",
        "history",
        "language",
        "status",
        "document",
        "reference",
        "purpose",
        "response",
        "reply",
    ]
)
_BULLET = re.compile(r"^\s*(?:[*\u2022\u00b7\u25aa\u25cf\uf0b7>-]\s*|(?:\d{1,2}|[a-z])[.)]\s+)")
#: "1.", "2.1", "A.", "(b)", "IV)": what a heading or an entry of a list begins with.
ENUMERATED = re.compile(
    r"^\s*(?:\d{1,2}(?:\.\d{1,2}){0,3}[.):]?\s|\(?(?:[A-Za-z]|[IVXivx]{1,4}|\d{1,2})[.)]\s)\s*"
)
_LABEL = re.compile(
    r"\s*(?P<label>[^:\uff1a\t()\[\]]{1,50})(?P<remark>(?:\s?[(\[][^()\[\]]{0,60}[)\]]\s?){0,3})\s*$"
)
#: What parts labels and values on one line; a bar only where the line is a row of a table drawn with bars.
_GAPS = re.compile(r"(\t+|\ {2,})")
_BARS = re.compile(r"\s*\|\s*")
#: "Action: For information", "Requested action: ACT": what the receivers get it for, no heading of a section.
PURPOSE_CODE = re.compile(
    r"\W*(?:none[,;]?\s)?(?:(?:for|pour|para)\s)?(?:your\s)?(?:action|act|comments?|comm?|information|info?|fyi|response|reply|review"
    r"|consideration|none|yes|no|vote|discussion)(?:\s(?:and|or)\s\w+)?"
    r"(?:,?\s(?:by|before|until|no\slater\sthan)\s[^.;]{4,40})?\W*",
    re.IGNORECASE,
)
SALUTATION = re.compile(
    r"\s*(?:dear\b|to\s+whom\s+it\s+may|ch[e\u00e8]re?s?\s+(?:coll|m|p)|madame|mesdames|messieurs|monsieur"
    r"|estimad[oa]s?\b|muy\s+se[n\u00f1]or|greetings\b|distinguid[oa]s?\b)",
    re.IGNORECASE,
)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a line that may each be label or value, each with the gap after it."""
    if text.lstrip().startswith("|"):
        text = _BARS.sub("\t", text.strip(" |"))
    parts = _GAPS.split(text)
    yield from zip(parts[::2], [*parts[1::2], ""], strict=True)


_WORD = re.compile(r"\S+")
#: "Liaison statement to SA3", "Reply to …": beginnings of titles rather than labels.
_PHRASE = re.compile(r"(?:liaison|ls|reply|response|answer|statement|letter|document|draft)\b")


#: Labels that need no colon among those of fields that no record has.
_PLAIN = frozenset(
    (
        "document type",
        "doc type",
        "type of document",
        "state",
        "distribution",
        "no of pages",
        "keywords",
        "medium",
    )
)


def spaced_label(text: str) -> int:
    """Where a label ends that one space parts from its value; 0 where no line of a head is to be seen.

    After a label of one word the value begins with a capital or a digit, as a sentence mostly does not.
    """
    if field_by_grammar(folded(text), colon=False):
        return 0  # the whole line is a label
    words = list(_WORD.finditer(text))[:6]
    for count in range(min(5, len(words) - 1), 0, -1):
        label = text[words[0].start() : words[count - 1].end()]
        if not label[0].isupper() or not label[-1].isalpha():
            continue
        spelling = folded(label)
        field = FIELD_OF.get(spelling, "")
        if _PHRASE.match(spelling) and field not in ("title", "deadline", "date", "other", "status"):
            continue
        known = (field not in ("", "number", "meeting") and (field != "other" or spelling in _PLAIN)) or (
            count > 1 and field_by_grammar(spelling, colon=False) is not None
        )
        after = text[words[count].start()]
        if (
            known
            and (count > 1 or (after.isupper() or not after.isalpha()))
            and label.split()[-1] not in ("to", "of")
        ):
            return words[count - 1].end()
        if known and label.lower().endswith((" to", "action", "information", "comment")):
            return words[count - 1].end()
    return 0


def first_piece(text: str) -> str:
    return next((piece for piece, _ in pieces(text) if piece.strip()), "")


def labelled_in(piece: str, *, first: bool, sure: bool = False) -> tuple[str, Field, str] | None:
    """The field that a piece begins, with the rest of the piece.

    Without a colon only the first piece of a line can be a label, as a whole; a common word only where
    something else stands beside it (``sure``).
    """
    before, colon, rest = _at_colon(piece)
    if not colon and not first:
        return None
    match = _LABEL.fullmatch(_BULLET.sub("", before).strip("*_ "))
    if match is None:
        return None
    spelling = folded(match["label"])
    name = FIELD_OF.get(spelling) or _in_two_languages(match["label"])
    if name is None and (colon or sure):
        name = field_by_grammar(spelling, colon=bool(colon))
    if name is None or (
        not colon and not sure and (spelling in _NEED_COLON or PURPOSE_CODE.fullmatch(spelling))
    ):
        return None
    label = " ".join(match["label"].split())
    return name, Field(label, " ".join(match["remark"].split())), rest.strip("*_ \t")


def _at_colon(piece: str) -> tuple[str, str, str]:
    match = re.match(r"([^:\uff1a]{1,120}?)\s*\*{0,2}([:\uff1a])\*{0,2}\s*(.*)", piece, re.DOTALL)
    return (match[1], match[2], match[3]) if match else (piece, "", "")


def _in_two_languages(label: str) -> str | None:
    """The field of "Title / Titre", "Cc/Copy", of which every part is a label."""
    parts = [FIELD_OF.get(folded(part)) for part in re.split(r"[/,]|\sor\s", label)]
    return parts[0] if len(parts) > 1 and all(parts) else None


def is_sentence(text: str) -> bool:
    """Whether a line is long and ends like a sentence, or has an end of one in it."""
    return len(text) > PROSE and re.search(r"[.:;?]\s*$|[.?!]\s+[A-Z\u00c0-\u00dc]", text) is not None


def is_prose(text: str) -> bool:
    """Whether a line is running text, though it may go on in the next: mostly words without capitals."""
    words = re.findall(r"[^\W\d_]\w*", text)
    return len(words) > 9 and sum(word[0].islower() for word in words) > 0.6 * len(words)


def next_words(lines: list[Line], index: int) -> str:
    """What stands to the right of a line or below it."""
    return next((line.words for line in lines[index + 1 : index + 4] if line.words), "")


_HEADINGS = [
    (
        name,
        re.compile(
            rf"\s*(?P<number>(?:\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}\s?[.):]?|\(?(?:[A-Z]|[IVX]{{1,4}})[.)])\s*)?"
            rf"(?:{'|'.join(patterns)})"
            r"\s*(?:[:\uff1a.]?\s*$|[:\uff1a.]?\s*\t(?P<cell>.*)|[:\uff1a]\s*(?P<rest>.+))",
            re.IGNORECASE,
        ),
    )
    for name, patterns in SECTIONS.items()
]


def heading_of(text: str, current: str, beside: str) -> tuple[str, str] | None:
    if len(text) > LONGEST_FIELD and "\t" not in text:
        return None
    for name, pattern in _HEADINGS:
        match = pattern.match(text)
        if match is None:
            continue
        rest = match["cell"] or match["rest"] or ""
        if name == "actions" and PURPOSE_CODE.fullmatch(rest or beside):
            return None
        # "ACTION:" within the actions begins one action, not the section again.
        if match["number"] or name != current or name == "description":
            return name, rest
    return None
