"""The spellings that documents use for a body or group, by rule.

Each body has its way of naming groups: 3GPP counts working groups within a TSG (SA3, SA WG3, S3), ITU-T
counts study groups and, within them, Questions (Q15/17), ETSI puts the kind before or after an acronym
(ISG SAI, SAI ISG), ISO/IEC JTC 1 nests numbers (SC 27/WG 4). All forms are folded (:func:`.names.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdograph.linking.names import fold, glue
from sdograph.linking.registry import Registry
from sdograph.model import Body, Group

#: How each kind of group is written before (or after) its number or acronym.
_KIND_WORDS = {
    "TSG": ("tsg", "technicalspecificationgroup"),
    "WG": ("wg", "workinggroup", "workgroup"),
    "SG": ("sg", "studygroup"),
    "WP": ("wp", "workingparty"),
    "Question": ("q", "question"),
    "TC": ("tc", "technicalcommittee"),
    "SC": ("sc", "subcommittee"),
    "ISG": ("isg", "industryspecificationgroup"),
    "FG": ("fg", "focusgroup"),
    "CG": ("cg", "correspondencegroup"),
    "JCA": ("jca", "jointcoordinationactivity"),
    "AG": ("advisorygroup",),
}
_JOINT = ("jtc", "jointtechnicalcommittee")
_RESEARCH = ("rg", "researchgroup")

#: Acronyms that are words as well: a party of that name only beside its body.
_WORDS = frozenset(("data", "packet", "cyber", "lamps", "rats", "quic", "drip", "dect"))
_NAMES_A_KIND = re.compile(r"\b(?:Group|Committee|Party|Question|Activity)\b", re.IGNORECASE)

OFFICIAL = "official name"
SHORT = "short name"
ALTERNATIVE = "alternative name"
FORMER = "name of a predecessor"
PATTERN = "name by pattern"
SCOPED = "kind of group and scope"
NESTED = "name within the group above"
_CONFIDENCE = {
    OFFICIAL: 1.0,
    SHORT: 1.0,
    ALTERNATIVE: 0.95,
    FORMER: 0.8,
    PATTERN: 0.95,
    SCOPED: 0.95,
    NESTED: 0.95,
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """One form of a name. ``alone``: it can be understood without the name of the body."""

    rule: str
    alone: bool = False

    @property
    def confidence(self) -> float:
        return _CONFIDENCE[self.rule]


def of_body(body: Body) -> dict[str, Spelling]:
    """The forms of a body's own names."""
    forms: dict[str, Spelling] = {}
    _add(forms, SHORT, True, body.short_name, body.id)
    _add(forms, OFFICIAL, True, body.name)
    _add(forms, ALTERNATIVE, True, *body.alt_names)
    return forms


class GroupForms:
    """The forms of the groups of a registry, without the body's name before them."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._made: dict[str, dict[str, Spelling]] = {}

    def of(self, group: Group) -> dict[str, Spelling]:
        """The forms that stand for a group where its body is known."""
        if group.id not in self._made:
            self._made[group.id] = {}  # a registry whose parents run in a circle must not hang this
            forms = self._own(group)
            for above in self._above(group):
                for form, spelling in self._within(group, above, forms).items():
                    _put(forms, spelling.rule, spelling.alone, form)
            self._made[group.id] = forms
        return self._made[group.id]

    def numbered(self, group: Group) -> set[str]:
        """The forms by which a group is known within the one above it: "WG3" in TSG SA, "Q15" in SG17."""
        words, code = _designation(group)
        number = _number_within(group, code)
        return {glue(word, number) for word in words} if number else set()

    def _own(self, group: Group) -> dict[str, Spelling]:
        forms: dict[str, Spelling] = {}
        words, code = _designation(group)
        if code[:1].isdigit() and code != fold(group.short_name):
            _put(forms, PATTERN, _number_tells(group, code), *(glue(word, code) for word in words))
        else:
            tells = _acronym_tells(code)
            _put(forms, PATTERN, tells, code)
            # "NG WG" is as vague as "NG"; in "ISG SAI", "TC CYBER", "TSG SA" the kind says enough.
            tells = tells or group.kind != "WG"
            _put(forms, PATTERN, tells, *(form for w in words for form in (glue(w, code), glue(code, w))))
        if group.scope:
            scopes = [glue(link, fold(group.scope)) for link in ("", "on", "for")]
            tells = group.kind in ("TSG", "ISG", "FG")  # "Working Group on Security" can be anybody's
            _put(forms, SCOPED, tells, *(glue(word, scope) for word in words for scope in scopes))
            _put(forms, SCOPED, tells, *(glue(scopes[0], word) for word in words))
            # "Security and Privacy" is anybody's, "Securing Artificial Intelligence" is not.
            if sum(len(word) > 3 for word in group.scope.split()) > 2:
                _put(forms, SCOPED, False, scopes[0])
        if group.bodies == ("3GPP",):
            _put(forms, PATTERN, False, _letters_of_documents(group.id.removeprefix("3GPP-")))
            _put(
                forms, FORMER, False, *(_letters_of_documents(n.removeprefix("TSG ")) for n in group.formerly)
            )
        _add(forms, FORMER, False, *group.formerly)
        for name in group.alt_names:
            _add(forms, ALTERNATIVE, _name_tells(name, 4), name)
        _add(forms, SHORT, False, group.short_name)
        _add(forms, OFFICIAL, _name_tells(group.name, 3), group.name)
        return forms

    def _above(self, group: Group) -> Iterator[Group]:
        """The groups above a group, nearest first; of a Question the study group, whatever stands between."""
        seen = {group.id}
        line = list(group.parents)
        while line:
            parent = line.pop(0)
            above = self._registry.organization(parent) if parent in self._registry else None
            if isinstance(above, Group) and above.id not in seen:
                seen.add(above.id)
                yield above
                if group.kind == "Question":
                    line += above.parents

    def _within(self, group: Group, above: Group, own: dict[str, Spelling]) -> dict[str, Spelling]:
        """Forms made of those of the group above and of its own: "SA WG3", "SC 27/WG 4", "SG17 Q15"."""
        code, code_above = _designation(group)[1], _designation(above)[1]
        lower = self.numbered(group) | {f for f, s in own.items() if s.rule in (SHORT, PATTERN)}
        if code.startswith(code_above) and code != code_above:
            lower.add(code.removeprefix(code_above))  # the LI of SA3-LI
        made: dict[str, Spelling] = {}
        by_number = code_above[:1].isdigit()
        for upper, spelling in self.of(above).items():
            # Numbers are not nested twice: "SG17 Q16" and "WP4/17 Q16", but not "SG17 WP4 Q16".
            if spelling.rule not in (FORMER, SCOPED) and not (by_number and spelling.rule == NESTED):
                # An acronym before a number says enough ("SA WG3"), a number only as much as it does alone.
                _put(made, NESTED, spelling.alone or not by_number, *(glue(upper, form) for form in lower))
        return made


def _designation(group: Group) -> tuple[tuple[str, ...], str]:
    """The words for a group's kind, and its number or acronym: "TC-CYBER" -> "cyber", "SC 42" -> "42"."""
    words = _RESEARCH if group.bodies == ("IRTF",) else _KIND_WORDS.get(group.kind, ())
    if group.short_name.casefold().startswith("jtc"):
        words = _JOINT
    # A working group of an ETSI committee bears the prefix of its committee (TC-MTS-AI).
    prefixes = "|".join((*words[:1], "tc"))
    found = re.fullmatch(rf"(?:{prefixes})(?:[ -]|(?=\d))(.+)", group.short_name, re.IGNORECASE)
    return words, fold(found[1] if found else group.short_name)


#: TSGs of 3GPP, with those that CT took over, and how their document numbers begin.
_LETTERS = {"SA": "s", "RAN": "r", "CT": "c", "CN": "n", "T": "t"}


def _letters_of_documents(name: str) -> str:
    """The letters of its document numbers, by which 3GPP calls a group: S3 for SA3, SP for TSG SA."""
    found = re.fullmatch(r"(SA|RAN|CT|CN|T)(\d?)", name)
    return f"{_LETTERS[found[1]]}{found[2] or 'p'}" if found else ""


def _number_within(group: Group, code: str) -> str:
    """The number of a group within the one above: 3 of SA3, 15 of Q15/17; empty when it has none."""
    if group.kind in ("Question", "WP") and "-" in code:
        return code.split("-")[0]
    if group.bodies == ("3GPP",):
        found = re.fullmatch(r"(?:sa|ran|ct)(\d)", code)
        return found[1] if found else ""
    return code if code.isdigit() else ""


def _number_tells(group: Group, code: str) -> bool:
    """Whether a kind and a number stand for one group in the world, or at least in this field."""
    if group.kind in ("SG", "Question", "WP") and "ITU-T" in group.bodies:
        # ITU-R and ITU-D count their study groups from 1 as well; ITU-R reaches 7.
        return bool(re.search(r"(?:^|-)(?:[89]|[1-9]\d)$", code))
    if group.kind == "WP":
        return not code.isdigit()
    return group.kind == "SC" or (code.isdigit() and _designation(group)[0] == _JOINT)


def _acronym_tells(code: str) -> bool:
    return code not in _WORDS and (len(code) > 3 or any(c.isdigit() for c in code))


def _name_tells(name: str, words: int) -> bool:
    """Whether a long name stands for one group: it names a kind of group and is of so many words."""
    return len(name.split()) >= words and bool(_NAMES_A_KIND.search(name))


def _add(forms: dict[str, Spelling], rule: str, alone: bool, *names: str) -> None:
    _put(forms, rule, alone, *map(fold, names))


def _put(forms: dict[str, Spelling], rule: str, alone: bool, *folded: str) -> None:
    """Adds forms. Where one is there already the surer rule stays, and what can stand alone still can."""
    for form in folded:
        old = forms.get(form)
        if old is not None:
            best = rule if _CONFIDENCE[rule] > old.confidence else old.rule
            forms[form] = Spelling(best, old.alone or alone)
        elif form:
            forms[form] = Spelling(rule, alone)
