"""From a folded name to the bodies and groups that bear it: dictionaries, made once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sdograph.linking.grammar import NESTED, PATTERN, GroupForms, Spelling, of_body
from sdograph.linking.names import fold, glue
from sdograph.linking.registry import Registry
from sdograph.model import Body, Group

#: Words beside a group's name that name no other group.
_ALWAYS_GLOSS = frozenset(("plenary",))


@dataclass(frozen=True, slots=True)
class Hit:
    """A body or group that bears a name, and by which rule."""

    key: str
    spelling: Spelling

    def less_certain(self) -> Hit:
        """The same, at most as sure as a name made by pattern."""
        if self.spelling.confidence <= Spelling(PATTERN).confidence:
            return self
        return Hit(self.key, Spelling(PATTERN, self.spelling.alone))


@dataclass(frozen=True, slots=True)
class _Prefix:
    """A body whose name a text may begin with. ``own`` is False for the name of what it belongs to."""

    body: str
    certain: bool
    own: bool = True


#: Organisations known only as a liaison partner, and how long a name of theirs must be to stand alone.
_STRAY = "liaison-organization"
_TELLING = 8


class NameIndex:
    """Who bears a name: in full, within a body or group, or within whatever body."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._bodies: dict[str, dict[str, Hit]] = {}
        self._prefixes: dict[str, list[_Prefix]] = {}
        self._within: dict[str, dict[str, dict[str, Hit]]] = {}
        self._anywhere: dict[str, dict[str, Hit]] = {}
        own = {o.id: of_body(o) for o in registry if isinstance(o, Body)}
        for body_id, forms in own.items():
            self._within[body_id] = {}
            stray = registry.organization(body_id).kind == _STRAY
            for form, spelling in forms.items():
                # Hundreds of liaison organisations of ISO are called PATH, ICT or WIN.
                if stray and len(form) < _TELLING:
                    continue
                _keep(self._bodies, form, Hit(registry.key(body_id), spelling))
                self._prefixes.setdefault(form, []).append(_Prefix(body_id, spelling.confidence == 1))
            for form in _wider(registry, body_id):
                self._prefixes.setdefault(form, []).append(_Prefix(body_id, certain=False, own=False))
        self._lengths = sorted({len(form) for form in self._prefixes})
        groups = GroupForms(registry)
        for organization in registry:
            if isinstance(organization, Group):
                self._take(organization, groups, own)

    def full(self, form: str) -> list[Hit]:
        """Who bears a name that is a body's, or begins with its body's."""
        hits = dict(self._bodies.get(form, {}))
        for length in self._lengths:
            if length >= len(form):
                break
            for prefix in self._prefixes.get(form[:length], ()):
                for hit in self.within(prefix.body, form[length:].lstrip("-")):
                    if prefix.own or hit.spelling.alone:
                        _keep_best(hits, hit if prefix.certain else hit.less_certain())
        return list(hits.values())

    def within(self, context: str, form: str) -> list[Hit]:
        """Who bears the name within the body or group of that registry id."""
        return list(self._within.get(context, {}).get(form, {}).values())

    def anywhere(self, form: str) -> list[Hit]:
        """Which groups bear the name within whatever body."""
        return list(self._anywhere.get(form, {}).values())

    def explains(self, key: str, words: frozenset[str]) -> bool:
        """Whether words beside a group's name only say what it does: "SA3 Security", "TSG CT plenary"."""
        group = self._registry.at(key)
        if isinstance(group, Body) or not any(len(word) > 3 for word in words):
            return False
        known = re.findall(r"[^\W\d_]{2,}", f"{group.name} {group.scope or ''}".casefold())
        return words <= _ALWAYS_GLOSS.union(known)

    def _take(self, group: Group, groups: GroupForms, bodies: dict[str, dict[str, Spelling]]) -> None:
        key = self._registry.key(group.id)
        for body_id in group.bodies:
            prefixes = tuple(bodies.get(body_id, ()))
            within = self._within.setdefault(body_id, {})
            for form, spelling in groups.of(group).items():
                hit = Hit(key, spelling)
                if form.startswith(prefixes):
                    # "ITU-T Study Group 17": within the body, the rest of it.
                    prefix = max((p for p in prefixes if form.startswith(p)), key=len)
                    form = form.removeprefix(prefix).lstrip("-") or form
                    hit = Hit(key, Spelling(spelling.rule))
                _keep(within, form, hit)
                _keep(self._anywhere, form, hit)
        for above in group.parents:
            within = self._within.setdefault(above, {})
            for form in groups.numbered(group):
                _keep(within, form, Hit(key, Spelling(NESTED)))
                _keep(self._anywhere, form, Hit(key, Spelling(NESTED)))


def _wider(registry: Registry, body_id: str) -> set[str]:
    """Names of what a body belongs to: ITU of ITU-T, ISO/IEC of JTC 1."""
    above = [p for p in registry.organization(body_id).parents if p in registry]
    names = [fold(registry.organization(p).short_name) for p in above]
    return {*names, *([glue(*names)] if len(names) > 1 else [])}


def _keep(index: dict[str, dict[str, Hit]], form: str, hit: Hit) -> None:
    _keep_best(index.setdefault(form, {}), hit)


def _keep_best(hits: dict[str, Hit], hit: Hit) -> None:
    """Keeps the surest hit of a key; where any of them can stand alone, the one kept can."""
    old = hits.get(hit.key)
    if old is None:
        hits[hit.key] = hit
        return
    best = hit.spelling if hit.spelling.confidence > old.spelling.confidence else old.spelling
    hits[hit.key] = Hit(hit.key, Spelling(best.rule, old.spelling.alone or hit.spelling.alone))
