"""What a liaison statement asks, of whom and by when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sdograph.linking.names import outside_parentheses
from sdograph.model import Reference, RequestedAction
from sdograph.sources.dates import dates_in
from sdograph.sources.liaison.labelling import ENUMERATED, SALUTATION
from sdograph.sources.liaison.parties import is_party, named_parties
from sdograph.sources.liaison.sheet import Line, is_placeholder

#: "To SA3 and SA5: …", "To SA2 group.", "To: SA2", "For SA3:"
_TO = re.compile(
    r"\s*(?:To|For|Pour|Para|\u00c0|A)\b\s*(?:(?P<who>[^\s:][^:]{0,200}?)|:\s*(?P<names>[^:]{1,200}?))"
    r"\s*(?P<end>:|\.?$)(?P<rest>.*)"
)
#: "3GPP SA3: to provide feedback"; no question or answer ("Q1: …").
_NAMED = re.compile(
    r"\s*(?:[-*\u2022]\s*)?(?!(?:[QA]\d|ACTIONS?|NOTE)\b)(?P<who>[A-Z0-9][^:]{1,80}?)\s*:\s+(?P<rest>\S.*)"
)
_ACTION = re.compile(
    r"\s*(?:[-*\u2022]\s*)?(?:ACTIONS?|ACCI[O\u00d3]N(?:ES)?|MESURES?)(?:\s+(?:REQUIRED|REQUESTED))?\s*#?\d{0,2}"
    r"\s*(?:[:.\t]|\s[\u2013-]\s)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_VERBS = r"asks?|requests?|invites?|encourages?|urges?|prie|demande|invite|solicita|pide|invita|ruega"
_ASKS = re.compile(
    rf"\b(?:{_VERBS}|(?:is|are) (?:\w{{1,12}} )?(?:asked|requested|invited|encouraged)|would like"
    rf"|suggests?|expects?|seeks?|appreciates?|please|souhaite|agradecer[i\u00ed]a)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"\b(?:{_VERBS})\s+(?P<who>\S.{{0,150}}?)\s+(?:to|for|whether|if|de|\u00e0|a|que)\b", re.IGNORECASE
)
_IS_ASKED = re.compile(
    r"(?:^|[,;]\s)(?P<who>[A-Z0-9][^.;:]{0,150}?)\s(?:is|are)\s(?:\w{1,12}\s)?(?:asked|requested|invited|encouraged)\b"
)
#: Sentences that ask for something, where a text has no section for that.
_REQUEST = re.compile(
    r"\b(?:(?:kindly|respectfully|therefore|hereby|also)\s+)?(?:asks?|requests?|invites?|encourages?|urges?|seeks?)\b"
    r"(?!\s+(?:for\s+)?(?:comments|proposals)\s+\(RFC\))"
    r"|\bwould\s+(?:\w{1,12}\s+){0,2}(?:appreciate|welcome|like\s+to\s+(?:ask|request|invite|receive|know|encourage|seek))\b"
    r"|\bwould\s+be\s+(?:\w{1,12}\s+)?(?:appreciated|grateful|welcome|pleased\s+to\s+receive)\b"
    r"|\b(?:is|are|will\s+be)\s+(?:\w{1,12}\s+)?(?:appreciated|requested|invited|asked|encouraged|solicited|urged)\b"
    r"|^\W*(?:could|can)\s+you\b"
    r"|\bplease\s+(?!(?:do\s+not|don.t|feel\s+free|find|note|be\s+(?:aware|advised|informed)|accept|contact|see|refer)\b)\w"
    r"|\b(?:prie|demande|invite|solicita|pide|ruega|invita)\b|\bsouhaiterait\b|\bsaurait?\s+gr\u00e9\b"
    r"|\bagradecer[i\u00ed]a\b|\bse\s+(?:ruega|invita|solicita)\b",
    re.IGNORECASE,
)
#: Thanks in advance that ask for nothing of their own: "Your consideration is greatly appreciated."
_COURTESY = re.compile(
    r"\b(?:consideration|attention|(?:co-?operation|collaboration)|support|understanding|assistance|help|efforts?|interest|patience)\b"
    r"[^.;]{0,40}?\b(?:is|are|will\s+be|would\s+be)\s+(?:\w{1,12}\s+){0,2}appreciated\b",
    re.IGNORECASE,
)
#: What somebody else asked or said earlier is no request of this statement.
_REPORTED = re.compile(
    r"\b(?:on|upon|by|at)\s+(?:\w{1,12}\s+)?request\b|\bcontributions?\s+(?:are|is|would\s+be)\b|\b(?:stated|asked|indicated|mentioned|noted|said)\s+that\b"
    r"|\bthank(?:s|ed|ing)?\b[^.]{0,120}\b(?:request|asking|inviting|invitation)"
    r"|\b(?:request|invitation)s?\s+(?:from|of|by|in|for|received)\b|\byour\s+request\b|\b(?:the|this|their|its|a)\s+request\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[\w)\]\u201d\"%-]{2}[.?!])\s+(?=[A-Z\u00c0-\u00dc0-9(\u201c\"])")
_EVERYBODY = re.compile(
    r"(?:all|everybody)(?:\s+(?:groups|addressees|recipients|of the above))?", re.IGNORECASE
)
_GROUPS = re.compile(
    r"(?<!Study)(?<!Working)(?<!Focus)(?<!Task)(?<!Advisory)\s+(?:groups?|WGs?)\s*$", re.IGNORECASE
)
#: Words of a party's name: with a capital or a digit, except these.
_PARTY = re.compile(r"\W*(?:[A-Z0-9].*|oneM2M|and|of|on|for|the)")

#: "by the end of 15 January": what may stand between the word and the day. "provided by SA3 on …" is none.
_DEADLINE = re.compile(
    r"\b(?:by|before|until|till|(?:no|not) later than|due|avant|d'ici|au plus tard|antes del?|hasta"
    r"|a m[a\u00e1]s tardar)\b"
    r"(?:\s+(?:by|on|the|end|of|latest|le|la|el|fin|\w{3,6}day,?)){0,6}\s*\(?$"
    r"|\b(?:deadline|date limite|fecha l[i\u00ed]mite|plazo)\b[^.;]{0,40}$",
    re.IGNORECASE,
)

STATED, ASKED_IN_TEXT, ASKED_OF_ALL = "stated", "asked in the text", "asked of all addressees"
A_SENTENCE, BY_LABEL = "a sentence of the text that asks", "asked by label and deadline"
_CONFIDENCE = {STATED: 1.0, ASKED_IN_TEXT: 0.8, ASKED_OF_ALL: 0.7, A_SENTENCE: 0.6, BY_LABEL: 0.8}


@dataclass(frozen=True, slots=True)
class FoundAction:
    """An action, the words that say who is asked, and how sure that is."""

    action: RequestedAction
    words: str
    rule: str

    @property
    def confidence(self) -> float:
        return _CONFIDENCE[self.rule]


@dataclass(slots=True)
class _Draft:
    heading: str
    locator: str
    addressees: tuple[Reference, ...] | None
    lines: list[str] = field(default_factory=list)


def requested_actions(
    lines: list[Line], to: tuple[Reference, ...], deadline: str | None = None
) -> Iterator[FoundAction]:
    """The actions of the section, in order.

    An action is asked of whom its heading ("To SA3 and SA5:") names, else of whom its words name, else of all
    in ``to``. ``deadline`` is one stated for the whole statement.
    """
    for draft in _drafts(lines):
        text = " ".join(" ".join(draft.lines).split())
        if not text or is_placeholder(text):
            continue
        addressees, rule = draft.addressees, STATED
        if addressees is None:
            addressees, rule = _asked(text, draft.locator), ASKED_IN_TEXT
        if not addressees:
            addressees = _all(to)
            rule = STATED if draft.addressees == () or len(to) == 1 else ASKED_OF_ALL
        action = RequestedAction(
            addressees=addressees,
            text=text,
            locator=draft.locator,
            deadline=stated_deadline(text) or deadline,
        )
        yield FoundAction(action, f"{draft.heading} {text}".strip(), rule)


def requests(
    lines: Iterable[Line], to: tuple[Reference, ...], deadline: str | None = None
) -> Iterator[FoundAction]:
    """The sentences of a text that ask for something, each as an action: for texts without such a section."""
    seen = set()
    for line in lines:
        if SALUTATION.match(line.text) or _is_heading(line.words):
            continue
        for sentence in _SENTENCE.split(line.words):
            if sentence in seen or not _is_request(sentence):
                continue
            seen.add(sentence)
            addressees = _asked(sentence, line.locator) or _all(to)
            action = RequestedAction(
                addressees=addressees,
                text=sentence,
                locator=line.locator,
                deadline=stated_deadline(sentence) or deadline,
            )
            yield FoundAction(action, sentence, A_SENTENCE)


def _is_heading(words: str) -> bool:
    """Whether a line is a heading of its own: "B. What the group asks"."""
    return (
        ENUMERATED.match(words) is not None and len(words.split()) < 9 and words[-1:] not in (".", "?", "!")
    )


def _is_request(sentence: str) -> bool:
    sentence = _COURTESY.sub("", sentence)
    found = _REQUEST.search(sentence) if len(sentence.split()) > 3 else None
    if found is None:
        return False
    before = sentence[: found.start()]
    in_quotes = before.count("\u201c") > before.count("\u201d") or before.count('"') % 2 == 1
    return not in_quotes and not _REPORTED.search(sentence[: found.end() + 12])


def _asked(text: str, locator: str) -> tuple[Reference, ...]:
    """The parties that a text says are asked."""
    for pattern in (_ASKED, _IS_ASKED):
        found = pattern.search(text.strip())
        if found and _are_parties(found["who"]):
            return named_parties(found["who"], "action", locator)
    return ()


def _all(to: tuple[Reference, ...]) -> tuple[Reference, ...]:
    return tuple(
        Reference(text=r.text, field="action", kind="organization", locator=r.locator, context=r.context)
        for r in to
    )


def _drafts(lines: list[Line]) -> Iterator[_Draft]:
    """Parts the section at "To …" and "ACTION:". Words before the first are an action only if they ask."""
    draft: _Draft | None = None
    for line in lines:
        if not line.words:
            continue
        heading = _heading(line)
        if heading is not None:
            if draft:
                yield draft
            draft, rest = heading
        else:
            rest = line.text
        marked = _ACTION.fullmatch(rest)
        if marked:
            rest = marked["rest"]
            if draft and any(draft.lines):
                yield draft
                draft = _Draft(draft.heading, line.locator, draft.addressees)
        elif heading is None and draft and _asks_others(rest, draft):
            yield draft
            draft = _Draft("", line.locator, None)
        if draft is None:
            if not marked and not _ASKS.search(rest):
                continue
            draft = _Draft("", line.locator, None)
        draft.lines.append(rest)
    if draft:
        yield draft


def _asks_others(text: str, draft: _Draft) -> bool:
    """Whether a line below one that asks asks again, and says whom."""
    before = " ".join(draft.lines)
    return bool(before.strip() and _asked(before, "") and _asked(text, ""))


def _heading(line: Line) -> tuple[_Draft, str] | None:
    match = _TO.fullmatch(line.text)
    if match is None:
        named = _NAMED.fullmatch(line.text)
        if named is None or not is_party(named["who"]) or not _are_parties(named["who"]):
            return None
        asked = named_parties(named["who"], "action", line.locator)
        return _Draft(f"{named['who']}:", line.locator, asked), named["rest"]
    who = _GROUPS.sub("", (match["who"] or match["names"]).strip(" .\t"))
    heading = " ".join(line.text[: match.end("end")].split())
    if _EVERYBODY.fullmatch(who):
        return _Draft(heading, line.locator, ()), match["rest"]
    if not _are_parties(who):  # "To that end, SA2 asks: …" is a sentence
        return None
    return _Draft(heading, line.locator, named_parties(who, "action", line.locator)), match["rest"]


def _are_parties(words: str) -> bool:
    parties = named_parties(words, "action", "")
    return bool(parties) and all(
        _PARTY.match(word) for party in parties for word in outside_parentheses(party.text)[0].split()
    )


def stated_deadline(text: str) -> str | None:
    """The day by which something is asked ("by 15 January 2024"); None where no day is stated."""
    for date in dates_in(text):
        if _DEADLINE.search(text[max(date.start - 80, 0) : date.start]):
            return date.last
    return None
