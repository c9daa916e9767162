"""From a folded name to the bodies and groups that bear it: dictionaries, made once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdograph.linking.grammar import PATTERN, GroupForms, Spelling, of_body
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


class NameIndex:
    """Who bears a name: in full, within a body or group, or within whatever body."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._full: dict[str, dict[str, Hit]] = {}
        self._within: dict[str, dict[str, dict[str, Hit]]] = {}
        self._anywhere: dict[str, dict[str, Hit]] = {}
        self._bodies = {o.id: of_body(o) for o in registry if isinstance(o, Body)}
        for body_id, forms in self._bodies.items():
            for form, spelling in forms.items():
                _keep(self._full, form, Hit(registry.key(body_id), spelling))
        groups = GroupForms(registry)
        for organization in registry:
            if isinstance(organization, Group):
                self._take(organization, groups)

    def full(self, form: str) -> list[Hit]:
        """Who bears a name that includes the body's, or is a body's."""
        return list(self._full.get(form, {}).values())

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

    def _take(self, group: Group, groups: GroupForms) -> None:
        key = self._registry.key(group.id)
        forms = groups.of(group)
        for body_id in group.bodies:
            prefixes = self._bodies.get(body_id, {})
            wider = list(self._wider_prefixes(body_id))
            local = self._within.setdefault(body_id, {})
            for form, spelling in forms.items():
                # A name that begins with its body's ("ITU-T Study Group 17") is the rest of it within the body.
                rest = next(
                    (form.removeprefix(p) for p in prefixes if form.startswith(p) and form != p), form
                )
                _keep(local, rest, Hit(key, spelling))
                _keep(self._anywhere, rest, Hit(key, spelling))
                for prefix, of_prefix in prefixes.items():
                    surest = spelling if of_prefix.confidence == 1 else Spelling(PATTERN)
                    _keep(self._full, glue(prefix, rest), Hit(key, min(spelling, surest, key=_confidence)))
                if rest != form:
                    _keep(self._full, form, Hit(key, spelling))
                if spelling.alone:
                    for prefix in wider:
                        _keep(self._full, glue(prefix, rest), Hit(key, Spelling(PATTERN)))
        for above in group.parents:
            for form in groups.numbered(group):
                _keep(self._within.setdefault(above, {}), form, Hit(key, Spelling(PATTERN)))
                _keep(self._anywhere, form, Hit(key, Spelling(PATTERN)))

    def _wider_prefixes(self, body_id: str) -> Iterator[str]:
        """Names of what the body belongs to: ITU of ITU-T, ISO/IEC of JTC 1."""
        parents = [self._registry.organization(p) for p in self._registry.organization(body_id).parents]
        yield from {fold(parent.short_name) for parent in parents}
        if len(parents) > 1:
            yield glue(*(fold(parent.short_name) for parent in parents))


def _confidence(spelling: Spelling) -> float:
    return spelling.confidence


def _keep(index: dict[str, dict[str, Hit]], form: str, hit: Hit) -> None:
    """Keeps the surest hit of a key for a form; where any of them can stand alone, the one kept can."""
    hits = index.setdefault(form, {})
    old = hits.get(hit.key)
    if old is None:
        hits[hit.key] = hit
        return
    best = max(old.spelling, hit.spelling, key=_confidence)
    hits[hit.key] = Hit(hit.key, Spelling(best.rule, old.spelling.alone or hit.spelling.alone))
