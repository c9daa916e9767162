"""What the forms of the third split say: topics, background and requests in words that no other form uses."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from .. import dates
from ..drawing import Drawer
from ..names import Name
from ..truth import Action, Party

TOPICS = (
    "post-quantum cryptography in subscriber authentication",
    "large language models for network operation",
    "interworking of digital identity wallets",
    "distributed ledger services for roaming settlement",
    "satellite access and store-and-forward operation",
    "integrated sensing and communication",
    "child online protection in metaverse services",
    "cyber resilience of connected products",
    "bias in AI-enabled hiring tools",
    "terminals with reduced capability",
    "electromagnetic compatibility of radio units",
    "use of OAuth 2.0 tokens between network functions",
    "robocalls and caller ID spoofing",
    "network slice as a service (NSaaS)",
    "deterministic networking over wide area links",
    "energy efficiency metrics for base stations",
    "data spaces and data quality",
    "AI management systems, conformity assessment and certification",
    "confidential computing for edge platforms",
    "ambient power-enabled Internet of Things",
)
#: What may be asked for, after "to" or "could".
WISHES = (
    "examine the enclosed draft and send any remarks it may have",
    "share its plans on this topic, including target dates",
    "consider the above when progressing its own deliverables",
    "advise whether there is any conflict with its existing specifications",
    "inform us of relevant ongoing work so that duplication is avoided",
    "verify the definitions listed above and suggest corrections where needed",
    "nominate an expert for the joint call",
    "give its view on option B described above",
    "check the feasibility of the parameters in table 1 and report the outcome",
)
#: {s}: who asks, {w}: who is asked, {is}: "is" or "are", {a}: what for, {by}: " by 3 May 2024" or nothing.
REQUESTS = (
    "{s} respectfully asks {w} to {a}{by}.",
    "{w} {is} invited to {a}{by}.",
    "{s} would appreciate it if {w} could {a}{by}.",
    "We would be grateful if {w} could {a}{by}.",
    "{w} {is} requested to {a}{by}.",
    "It would be appreciated if {w} could {a}{by}.",
    "{s} encourages {w} to {a}{by}.",
    "We kindly ask {w} to {a}{by}.",
)
TAKEN_NOTE = (
    "{s} has discussed {t} at its latest sessions and reached a stable understanding of the use cases.",
    "The members of {s} have identified a need for guidance on {t}.",
    "{s} is pleased to report progress on {t}.",
    "Following several contributions on {t}, {s} decided to consult other organizations at an early stage.",
)
AROUND = (
    "Two alternatives were compared; neither of them changes the interfaces already deployed.",
    "The ad hoc group chaired by the vice-chair met four times between {day} and the plenary.",
    "No consensus was found on whether the feature is optional for the receiver.",
    "A questionnaire (see the meeting page) collected 14 replies: 9 from operators, 5 from vendors.",
    "Figure 1 shows the reference model, in which the broker acts on behalf of the data owner.",
    "Please note that the text is work in progress and has not been approved as a whole.",
    "To date, all trials used test data only.",
    "From a deployment point of view: the migration of existing devices is the most expensive step.",
)
CITING = (
    "The analysis builds on {}.",
    "See also {}, in particular its annex A.",
    "According to {}, keys are renewed once a day at least.",
    "Alignment with {} is considered essential for interoperability.",
    "{} was taken as the baseline.",
)
#: House -> how a specification is written, and its number.
CITED = {
    "3GPP": (
        ("TS 33.535", "TS 33.535"),
        ("3GPP TS 23.273", "TS 23.273"),
        ("3GPP TS 33.501 V18.4.0", "TS 33.501"),
        ("TR 22.837", "TR 22.837"),
        ("clause 5.4.2 of 3GPP TS 29.510", "TS 29.510"),
        ("TR 33.875 (Release-independent)", "TR 33.875"),
    ),
    "3GPP-2001": (
        ("3G TS 33.102", "TS 33.102"),
        ("TS 33.203", "TS 33.203"),
        ("TS 23.228", "TS 23.228"),
        ("TS 33.200 version 4.1.0", "TS 33.200"),
    ),
    "ETSI": (
        ("ETSI EN 303 645", "EN 303 645"),
        ("ETSI TS 103 701 V1.1.1", "TS 103 701"),
        ("ETSI GS NFV-SEC 012", "GS NFV-SEC 012"),
        ("ETSI TR 103 619", "TR 103 619"),
    ),
    "ITU-T": (
        ("Recommendation ITU-T X.1250", "X.1250"),
        ("ITU-T Y.3800 (2019)", "Y.3800"),
        ("Rec. ITU-T Q.3057", "Q.3057"),
        ("ITU-T X.1036", "X.1036"),
    ),
    "ITU-R": (
        ("Recommendation ITU-R M.1457", "M.1457"),
        ("Report ITU-R M.2516", "M.2516"),
        ("Recommendation ITU-R M.2101", "M.2101"),
        ("Report ITU-R M.2412", "M.2412"),
    ),
    "ISO-IEC-JTC1": (
        ("ISO/IEC 42001:2023", "ISO/IEC 42001:2023"),
        ("ISO/IEC 29100:2024", "ISO/IEC 29100:2024"),
        ("ISO/IEC TS 27560:2023", "ISO/IEC TS 27560:2023"),
        ("ISO/IEC 5338:2023", "ISO/IEC 5338:2023"),
    ),
    "IETF": (("RFC 9325", "RFC 9325"), ("IETF RFC 8995", "RFC 8995"), ("RFC 6749", "RFC 6749")),
}


def topic(d: Drawer) -> str:
    return d.one(TOPICS)


def cited(d: Drawer, houses: Sequence[str], least: int = 0, most: int = 2) -> list[tuple[str, str]]:
    """Specifications as (how they are written, number)."""
    return d.some([pair for house in houses for pair in CITED[house]], least, most)


def numbers(specs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(number for _, number in specs)


def told(d: Drawer, who: str, about: str, specs: Sequence[tuple[str, str]]) -> list[str]:
    """Paragraphs of background that name the specifications and ask for nothing."""
    sentences = [d.one(TAKEN_NOTE).format(s=who, t=about)]
    sentences += [s.format(day=dates.written(d.day(), d.one(dates.CLEAR))) for s in d.some(AROUND, 1, 3)]
    for written, _ in specs:
        sentences.insert(d.number(1, len(sentences)), d.one(CITING).format(written))
    cut = d.number(1, len(sentences))
    return [" ".join(part) for part in (sentences[:cut], sentences[cut:]) if part]


def joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def asking(
    d: Drawer,
    sender: str,
    asked: Sequence[Party],
    deadline: datetime.date | None = None,
    *,
    said: bool = True,
    wordings: Sequence[str] = REQUESTS,
) -> tuple[str, Action]:
    """A sentence that asks, and the action it is. ``said``: the deadline stands in the sentence, too."""
    by = ""
    if deadline and said:
        by = d.one((" by {}", " not later than {}", ", if possible by {}")).format(
            dates.written(deadline, d.one(dates.CLEAR))
        )
    text = d.one(wordings).format_map(
        {
            "s": sender,
            "w": joined([p.text for p in asked]),
            "is": "are" if len(asked) > 1 else "is",
            "a": d.one(WISHES),
            "by": by,
        }
    )
    return text, Action(to=tuple(asked), text=text, deadline=deadline.isoformat() if deadline else None)


def parties(d: Drawer, names: Sequence[Name], form: int = 0) -> tuple[Party, ...]:
    """The names in a form that says whose group each is."""
    return tuple(Party(n.id, n.alone[form % len(n.alone)]) for n in names)


def shorts(names: Sequence[Name]) -> tuple[Party, ...]:
    """The names as used within their house."""
    return tuple(Party(n.id, n.inner[0]) for n in names)


def row(d: Drawer, some: Sequence[Party], separators: Sequence[str] = ("; ", ", ", "\n", ";\n")) -> list[str]:
    """The parties as the value of a field; each item is a line."""
    return d.one(separators).join(p.text for p in some).split("\n")
