"""Facts of a statement drawn from a seed: parties, numbers, dates, titles, meetings, and sentences."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from . import dates
from .names import (
    ALL,
    ETSI,
    IETF,
    ITU_R,
    ITU_T_OTHERS,
    JTC1,
    LAWFUL,
    OTHERS,
    QUESTIONS,
    STUDY_GROUPS,
    THREEGPP,
    TSGS,
    Name,
)  # fmt: skip
from .truth import Action, Meeting, Party

T = TypeVar("T")

SUBJECTS = (
    "security of AI/ML model transfer",
    "data collection for analytics in the NWDAF",
    "federated learning among operators",
    "robustness testing of machine learning models",
    "UE identity protection in roaming",
    "energy saving for network slices",
    "vehicular data sharing and privacy",
    "quantum-safe migration of authentication protocols",
    "terminology for trustworthy AI",
    "exposure of network analytics to third parties",
    "lawful interception of edge services",
    "digital twin networks",
    "supply chain transparency for AI components",
    "zero-touch management of cross-domain slices",
    "explainability requirements for network automation",
    "the use of “intent” in management interfaces",
    "AI agents in core networks: requirements and gaps",
    "protection of training data against poisoning",
    "certificate enrolment for network functions",
    "time synchronization over 5G",
    "IMT-2030 framework and timelines",
    "Recommendations on machine learning in future networks",
    "API naming, versioning and discovery",
)
PLACES = (
    "Sophia-Antipolis, FR",
    "Athens, Greece",
    "Jeju, South Korea",
    "Maastricht, NL",
    "Geneva",
    "Goteborg, Sweden",
    "Dalian, China",
    "Orlando, US",
    "Hyderabad, India",
    "Kochi, India",
    "Busan, KR",
    "Prague, CZ",
    "Berlin, DE",
    "Fukuoka, JP",
)
ASKS = (
    "review the attached document and provide comments",
    "take the above information into account",
    "confirm whether the assumption in the text above is correct",
    "answer the two questions above",
    "provide feedback on the gaps identified",
    "indicate which of its work items are affected",
    "clarify the expected behaviour of the network function",
    "keep the sender informed about any progress",
)
#: Sentences that state none of the fields, however much they look like it.
ASIDES = (
    "To achieve this, a common terminology is needed.",
    "The discussion of {day} showed broad support for this approach.",
    "Source: the operators' survey presented to the group.",
    "An earlier version was discussed by e-mail until {day}, without objections.",
    "Note: the contact for this topic is the rapporteur.",
    "The following questions were raised: (1) who owns the data? (2) by when is it deleted?",
    "{sender} is grateful for the good cooperation so far and looks forward to continuing it.",
    "Title and scope of the work are unchanged.",
    "Copies of the presentations are available on request.",
)
SPECS = {
    "3GPP": (
        "TS 33.501",
        "TS 23.288",
        "TR 33.898",
        "TS 28.105",
        "TS 23.501",
        "TR 23.700-80",
        "TS 38.300",
        "TR 28.908",
    ),
    "ETSI": ("GR SAI 004", "TS 104 223", "EN 304 223", "GS ZSM 012", "GR SAI 006", "TR 104 030"),
    "ITU-T": ("Y.3172", "Y.3173", "X.1381", "Y.3101", "X.509", "Y.3181"),
    "ITU-R": ("M.2160-0", "M.2083-0", "M.2150-2"),
    "ISO-IEC-JTC1": (
        "ISO/IEC 22989:2022",
        "ISO/IEC 27001:2022",
        "ISO/IEC 23894:2023",
        "ISO/IEC DIS 27090",
        "ISO/IEC TR 24028:2020",
    ),
    "IETF": ("RFC 9543", "RFC 5448", "RFC 9334", "RFC 4303", "RFC 9140"),
}
PREFIXES = {
    "3GPP": ("", "3GPP "),
    "ETSI": ("ETSI ",),
    "ITU-T": ("Recommendation ITU-T ", "ITU-T ", "ITU-T Rec. "),
    "ITU-R": ("Recommendation ITU-R ",),
}
ITEMS_3GPP = (
    "FS_AIML",
    "FS_eNA_SEC_Ph3",
    "eNA_Ph3",
    "FS_NR_AIML_NGRAN_SEC",
    "FS_XRM_Ph2",
    "NR_AIML_NGRAN-Core",
    "5GS_Ph1",
    "AIML_MGT",
    "TEI18",
    "FS_5GSAT_ARCH",
    "NR_newRAT-Core",
)


@dataclass(slots=True)
class Listed:
    """Parties as a list writes them."""

    parties: tuple[Party, ...]
    lines: tuple[str, ...]

    @property
    def line(self) -> str:
        return " ".join(self.lines)


class Drawer:
    """Everything random about one document."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def one(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        return self.random.sample(list(options), min(self.random.randint(least, most), len(options)))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    # --- parties

    def addressees(
        self, house: str, least: int = 1, most: int = 4, without: Sequence[Name] = ()
    ) -> list[Name]:
        """Names of other houses and of the own one, those of one house beside each other."""
        near = {
            "3GPP": (
                *THREEGPP,
                *THREEGPP,
                *TSGS,
                LAWFUL,
                *ETSI[:4],
                *STUDY_GROUPS[:3],
                *OTHERS[:6],
                *IETF[:3],
            ),
            "ETSI": (*ETSI, *ETSI, *THREEGPP, *TSGS, *STUDY_GROUPS, *JTC1[:3], *OTHERS),
            "ITU-T": (*STUDY_GROUPS, *QUESTIONS, *ITU_T_OTHERS, *THREEGPP, *TSGS, *ETSI[:6], *JTC1, *OTHERS),
            "ITU-R": (*ITU_R, *STUDY_GROUPS, *TSGS, *OTHERS),
            "ISO-IEC-JTC1": (*JTC1, *JTC1, *STUDY_GROUPS, *ETSI[:5], *THREEGPP[:6], *OTHERS),
            "IETF": (*IETF, *STUDY_GROUPS, *THREEGPP, *ETSI[:4]),
        }.get(house, ALL)
        wanted = self.number(least, most)
        taken: list[Name] = []
        while len(taken) < wanted:
            name = self.one(near)
            if (
                name not in taken
                and name not in without
                and not any(_within(name, t) for t in (*taken, *without))
            ):
                taken.append(name)
        houses = [name.house for name in taken]
        return sorted(taken, key=lambda name: houses.index(name.house))

    def listed(self, names: Sequence[Name], house: str, style: str | None = None) -> Listed:
        """The names as one document's list: separators, and short names after the first of a house.

        Styles: comma, semicolon, and, lines, bullets, commas-and-lines.
        """
        style = style or self.one(("comma", "comma", "semicolon", "and", "lines", "lines", "bullets"))
        chained = style in ("comma", "and") and self.chance(0.7)
        parties, before = [], None
        short = self.chance(0.6)
        form = self.number(0, 3)
        for name in names:
            if name.house == house and short:
                text = name.inner[form % len(name.inner)]
            elif chained and name.house == before and name.house in ("3GPP", "ITU-T", "ETSI") and name.id:
                text = name.inner[0]
            elif name.long and style in ("lines", "semicolon") and self.chance(0.3):
                text = name.long
            else:
                text = name.alone[form % len(name.alone)]
            before = name.house
            parties.append(Party(name.id, text))
        return Listed(tuple(parties), _joined([p.text for p in parties], style))

    def sender(self, name: Name, house: str) -> Party:
        """The sender, as its own documents name it."""
        forms = [*name.alone, *name.inner, *([name.long] if name.long else [])]
        safe = name.alone if house not in ("3GPP", "ETSI", "ITU-T") else forms
        return Party(name.id, self.one(safe))

    def called(self, name: Name) -> str:
        """A short name for running text."""
        return name.inner[0] if name.house in ("3GPP", "ITU-T", "ETSI", "ISO-IEC-JTC1") else name.alone[0]

    # --- titles, numbers

    def subject(self) -> str:
        return self.one(SUBJECTS)

    def tdoc(self, name: Name, year: int) -> str:
        """A 3GPP number by the group's own practice: four digits, five since 2018 in the busy groups."""
        code = (name.id or "").removeprefix("3GPP-")
        letters = {"SA": "SP", "RAN": "RP", "CT": "CP", "SA3-LI": "S3i"}.get(code, code[0] + code[-1])
        if code == "SA3-LI":
            return f"{letters}{year % 100:02d}{self.number(1, 999):04d}"
        wide = code in ("SA2", "RAN1", "RAN2") and year >= 2018
        return (
            f"{letters}-{year % 100:02d}{self.number(1, 9_900 if not wide else 12_900):0{5 if wide else 4}d}"
        )

    def specifications(
        self, least: int = 0, most: int = 3, houses: Sequence[str] = tuple(SPECS)
    ) -> list[tuple[str, str]]:
        """Specifications as (written with their body, number)."""
        pool = [(house, number) for house in houses for number in SPECS[house]]
        return [(self.one(PREFIXES.get(house, ("",))) + n, n) for house, n in self.some(pool, least, most)]

    # --- dates, meetings

    def day(self, since: str = "2018-01-08", until: str = "2025-11-30") -> datetime.date:
        first, last = (datetime.date.fromisoformat(d).toordinal() for d in (since, until))
        return datetime.date.fromordinal(self.number(first, last))

    def week(
        self, since: str = "2018-01-08", until: str = "2025-11-30"
    ) -> tuple[datetime.date, datetime.date]:
        """A meeting's first and last day, Monday to Friday."""
        monday = self.day(since, until)
        monday -= datetime.timedelta(days=monday.weekday())
        return monday, monday + datetime.timedelta(days=4)

    def meetings(
        self, prefix: str, after: datetime.date, count: int
    ) -> list[tuple[Meeting, datetime.date, datetime.date]]:
        start = self.number(20, 160)
        found = []
        for n in range(count):
            first = after + datetime.timedelta(days=self.number(50, 90) * (n + 1))
            first -= datetime.timedelta(days=first.weekday())
            last = first + datetime.timedelta(days=self.one((2, 4)))
            meeting = Meeting(
                name=f"{prefix}#{start + n}",
                start=first.isoformat(),
                end=last.isoformat(),
                place=self.one(PLACES),
            )
            found.append((meeting, first, last))
        return found

    # --- sentences

    def request(
        self, sender: str, asked: Sequence[Name], deadline: datetime.date | None = None
    ) -> tuple[str, Action]:
        """A sentence that asks, and the action it is."""
        who = _and([self.called(n) for n in asked])
        ask = self.one(ASKS)
        by = ""
        if deadline:
            by = self.one((" by {}", " no later than {}", " before {}")).format(
                dates.written(deadline, self.one(dates.CLEAR))
            )
        text = self.one(
            (
                f"{sender} kindly asks {who} to {ask}{by}.",
                f"{sender} kindly requests {who} to {ask}{by}.",
                f"{sender} would like to ask {who} to {ask}{by}.",
                f"{who} {'are' if len(asked) > 1 else 'is'} kindly asked to {ask}{by}.",
                f"{sender} invites {who} to {ask}{by}.",
            )
        )
        parties = tuple(Party(n.id, self.called(n)) for n in asked)
        return text, Action(to=parties, text=text, deadline=deadline.isoformat() if deadline else None)

    def description(
        self, sender: str, subject: str, specs: Sequence[tuple[str, str]], items: Sequence[str] = ()
    ) -> list[str]:
        """Paragraphs that tell about the work and name the specifications and items given."""
        parts = [
            f"{sender} has been working on {subject} and would like to share its current view.",
            self.one(("The work is at an early stage and contributions are welcome.",
                      "At its last meeting the group reached the conclusions summarised below.",
                      "The questions raised by operators concern deployment as well as operation.")),
        ]  # fmt: skip
        for written, _ in specs:
            parts.append(
                self.one(
                    (
                        f"The requirements are given in {written}.",
                        f"Clause 6.2 of {written} describes the procedure.",
                        f"Further details are found in {written}, which remains unchanged.",
                        f"A revision of {written} is planned.",
                    )
                )
            )
        parts += [f"The study {item} covers the same ground." for item in items]
        for sentence in self.some(ASIDES, 0, 3):
            day = dates.written(self.day(), self.one(dates.CLEAR))
            parts.insert(self.number(1, len(parts)), sentence.format(day=day, sender=sender))
        split = self.number(1, len(parts))
        return [" ".join(p) for p in (parts[:split], parts[split:]) if p]


def _within(name: Name, other: Name) -> bool:
    """Whether one is the other or a part of it: a list that names both says little about either."""
    if name.id is None or other.id is None:
        return name.alone == other.alone
    return name.id == other.id


def _joined(texts: list[str], style: str) -> tuple[str, ...]:
    if style == "lines" or not texts:
        return tuple(texts)
    if style == "bullets":
        return tuple(f"– {t}" for t in texts) if len(texts) > 1 else tuple(texts)
    if style == "and":
        return (_and(texts),)
    return ({"comma": ", ", "semicolon": "; "}[style].join(texts),)


def _and(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
