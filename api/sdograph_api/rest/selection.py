"""Which resources a list holds: filters as SPARQL, and the order of the entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from sdograph import organisations
from sdograph.errors import UsageError
from sdograph.identifiers import ID_BASE, SCHEME_BASE
from sdograph.namespaces import RDF, SKOS
from sdograph.network.organisations import not_after
from sdograph_api.view import View, natural, resource

#: Sorted (key, IRI) pairs, and what a reader has to know about them.
Selected: TypeAlias = tuple[list[tuple[str, NamedNode]], list[str]]

_NAMES = (
    "(rdfs:label|skos:prefLabel|skos:altLabel|sdo:shortName|sdo:formerName|dcterms:title|dcterms:identifier"
    "|skos:notation|sdo:number|sdo:receivedNumber)"
)
#: Words of a search beyond these are ignored.
_MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """How the resources of a list are found.

    ``pattern`` binds ?s and ?label, and ?begin and ?end where ``dated``; ``filters`` maps a parameter to what
    makes a pattern of its value; ``newest_first`` sorts by ?begin, latest first, instead of by label.
    """

    pattern: str
    filters: Mapping[str, Callable[[View, str, Mapping[str, str]], str]]
    newest_first: bool = False


def select(view: View, selection: Selection, given: Mapping[str, str]) -> Selected:
    """The resources that fit the parameters. Raises UsageError for a value that stands for nothing."""
    patterns = [selection.pattern]
    for name, value in given.items():
        if name == "q":
            patterns += [_word(i, word) for i, word in enumerate(value.casefold().split()[:_MAX_WORDS])]
        elif name in selection.filters:
            patterns.append(selection.filters[name](view, value, given))
    rows = view.snapshot.rows(f"SELECT DISTINCT ?s ?label ?begin ?end {{ {' '.join(patterns)} }}")
    entries: dict[str, NamedNode] = {}
    undated = set()
    for row in rows:
        node, label = row["s"], row["label"]
        begin, end = _date(row["begin"]), _date(row["end"])
        if not isinstance(node, NamedNode) or not isinstance(label, Literal):
            continue
        if selection.newest_first and begin is None and given.keys() & {"since", "until", "as_of"}:
            undated.add(node)
            continue
        if not _fits(begin, end, given, instant=selection.newest_first):
            continue
        place = natural(label.value)
        if selection.newest_first:
            place = f"{_reversed(begin)} {place}"
        entries[f"{place} {node.value}"] = node
    warnings = [f"{len(undated)} without a date are left out"] if undated else []
    return sorted(entries.items()), warnings


def _fits(begin: str | None, end: str | None, given: Mapping[str, str], *, instant: bool) -> bool:
    """Whether something that is from begin to end (or, if instant, at begin) fits the dates asked for."""
    since, until, as_of = (given.get(name) for name in ("since", "until", "as_of"))
    last = begin if instant else end
    if since is not None and last is not None and not not_after(since, last):
        return False
    if as_of is not None and not instant and end is not None and not not_after(as_of, end):
        return False
    return all(day is None or begin is None or not_after(begin, day) for day in (until, as_of))


def _date(term: object) -> str | None:
    return term.value if isinstance(term, Literal) else None


def _reversed(date: str | None) -> str:
    """A key by which the latest date sorts first and none last."""
    return "~" if date is None else date.translate(str.maketrans("0123456789", "9876543210")).ljust(10, "9")


def _word(number: int, word: str) -> str:
    return (
        f"FILTER EXISTS {{ ?s {_NAMES} ?name{number} "
        f"FILTER(CONTAINS(LCASE(STR(?name{number})), {Literal(word)})) }}"
    )


# --- what parameters stand for


def organisation(view: View, name: str, value: str) -> NamedNode:
    """The body or group of an id, key or IRI, by way of redirects; raises UsageError when there is none."""
    try:
        return organisations.find(view.snapshot, value)
    except UsageError as error:
        raise UsageError(
            error.message, where=f"parameter {name}",
            hint="ids look like ETSI or 3GPP-SA3; /api/v1/groups?q= finds them",
        ) from error  # fmt: skip


def _within(view: View, name: str, value: str) -> list[NamedNode]:
    """An organisation and, if it is a body, all below it."""
    found = organisations.within(view.snapshot, organisation(view, name, value))
    return sorted(found, key=lambda node: node.value)


def _values(variable: str, nodes: list[NamedNode]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(map(str, nodes))} }}"


def under(path: str) -> Callable[[View, str, Mapping[str, str]], str]:
    """Resources whose ``path`` leads to the body, or to one within it."""

    def pattern(view: View, value: str, _: Mapping[str, str]) -> str:
        return f"{_values('body', _within(view, 'body', value))} ?s {path} ?body ."

    return pattern


def below(view: View, value: str, _: Mapping[str, str]) -> str:
    """Groups below a group."""
    return f"?s org:subOrganizationOf+ {organisation(view, 'group', value)} ."


def at(path: str) -> Callable[[View, str, Mapping[str, str]], str]:
    """Resources whose ``path`` leads to the group itself."""

    def pattern(view: View, value: str, _: Mapping[str, str]) -> str:
        return f"?s {path} {organisation(view, 'group', value)} ."

    return pattern


def concept(path: str, scheme: str, name: str) -> Callable[[View, str, Mapping[str, str]], str]:
    """Resources with a concept of a scheme, given by its notation; raises UsageError for an unknown one."""

    def pattern(view: View, value: str, _: Mapping[str, str]) -> str:
        in_scheme = view.snapshot.triples(None, SKOS.inScheme, NamedNode(SCHEME_BASE + scheme))
        known = {view.snapshot.text(t.subject, SKOS.notation): t.subject for t in in_scheme}
        found = next((n for code, n in known.items() if code and code.casefold() == value.casefold()), None)
        if found is None:
            raise UsageError(
                f"there is no {scheme} {value!r}", where=f"parameter {name}",
                hint="there are: " + ", ".join(sorted(filter(None, known))),
            )  # fmt: skip
        return f"?s {path} {found} ."

    return pattern


def on_topic(path: str) -> Callable[[View, str, Mapping[str, str]], str]:
    """Resources whose ``path`` leads to the topic of a notation or IRI, or to one below it."""

    def pattern(view: View, value: str, _: Mapping[str, str]) -> str:
        topic = resource(f"topic/{value.removeprefix(SCHEME_BASE + 'topic/')}", SCHEME_BASE)
        if topic is None or not next(view.snapshot.triples(topic, RDF.type), None):
            raise UsageError(f"there is no topic {value!r}", where="parameter topic",
                             hint="they look like data-poisoning; /api/v1/topics?q= finds them")  # fmt: skip
        rows = view.snapshot.rows(f"SELECT ?t {{ ?t skos:broader* {topic} }}")
        within = [row["t"] for row in rows if isinstance(row["t"], NamedNode)]
        return f"{_values('topic', within)} ?s {path} ?topic ." if path else _values("s", within)

    return pattern


def planned_for(_view: View, value: str, _: Mapping[str, str]) -> str:
    """Resources that name a release, given as ``Rel-18`` or ``3GPP/Rel-18``."""
    body, slash, name = value.rpartition("/")
    named = f"?s sdo:plannedFor ?release . ?release skos:notation {Literal(name)} ."
    return named + (f" ?release sdo:standardsBody/dcterms:identifier {Literal(body)} ." if slash else "")


def work_item_kind(_view: View, value: str, _: Mapping[str, str]) -> str:
    return "?s a sdo:StudyItem ." if value == "study-item" else "FILTER NOT EXISTS { ?s a sdo:StudyItem }"


def release_kind(_view: View, value: str, _: Mapping[str, str]) -> str:
    return f"?s a sdo:{'StudyPeriod' if value == 'study-period' else 'Release'} ."


def party_within(view: View, value: str, _: Mapping[str, str]) -> str:
    return f"{_values('party', _within(view, 'body', value))} {_ANY_PARTY}"


def party(view: View, value: str, _: Mapping[str, str]) -> str:
    return f"{_values('end', [organisation(view, 'group', value)])} {_ANY_PARTY.replace('?party', '?end')}"


_ANY_PARTY = "?s (schema:sender|schema:toRecipient|schema:ccRecipient) ?party ."


def sent_by(view: View, value: str, _: Mapping[str, str]) -> str:
    return f"{_values('from', _within(view, 'from', value))} ?s schema:sender ?from ."


def sent_to(view: View, value: str, given: Mapping[str, str]) -> str:
    purpose = given.get("purpose")
    got = f"?s sdo:for{purpose.capitalize()} ?to ." if purpose is not None else ""
    return (
        f"{_values('to', _within(view, 'to', value))} ?s (schema:toRecipient|schema:ccRecipient) ?to . {got}"
    )


def for_purpose(_view: View, value: str, _: Mapping[str, str]) -> str:
    return f"?s sdo:purpose <{SCHEME_BASE}purpose/{value}> ."


def about_item(view: View, value: str, _: Mapping[str, str]) -> str:
    key = value.removeprefix(ID_BASE)
    node = resource(key if key.startswith("work-item/") else f"work-item/{key}")
    if node is None or not view.properties(node := view.snapshot.leads_to(node)):
        raise UsageError(f"there is no work item {value!r}", where="parameter work_item",
                         hint="ids look like 3GPP/FS_AIML; /api/v1/work-items?q= finds them")  # fmt: skip
    return f"?s (sdo:concerns|sdo:mentions) {node} ."


def _listed(classes: str, begin: str, end: str = "") -> str:
    """Resources of classes with label and dates."""
    dates = "".join(f" OPTIONAL {{ ?s {p} ?{v} }}" for p, v in ((begin, "begin"), (end, "end")) if p)
    return f"VALUES ?class {{ {classes} }} ?s a ?class ; rdfs:label ?label .{dates}"


SELECTIONS: dict[str, Selection] = {
    "bodies": Selection(
        _listed("sdo:Body", "sdo:begin", "sdo:end"),
        {"body": under("org:subOrganizationOf"), "kind": concept("sdo:bodyKind", "body-kind", "kind")},
    ),
    "groups": Selection(
        # A group that others succeeded ended then, if no other date is told.
        "?s a sdo:Group ; rdfs:label ?label . OPTIONAL { ?s sdo:begin ?begin } "
        "OPTIONAL { { ?s sdo:end ?end } UNION "
        "{ ?change org:originalOrganization ?s ; dcterms:date ?end "
        "FILTER NOT EXISTS { ?s sdo:end ?known } } }",
        {
            "body": under("org:unitOf"),
            "group": below,
            "kind": concept("sdo:groupKind", "group-kind", "kind"),
        },
    ),
    "work-items": Selection(
        _listed("sdo:WorkItem", "sdo:begin", "sdo:end"),
        {
            "body": under("sdo:standardsBody"),
            "group": at("sdo:responsibleGroup"),
            "kind": work_item_kind,
            "release": planned_for,
            "status": concept("adms:status", "work-item-status", "status"),
            "topic": on_topic("sdo:topic"),
        },
    ),
    "specifications": Selection(
        _listed("sdo:Specification", ""),
        {
            "body": under("sdo:standardsBody"),
            "group": at("sdo:responsibleGroup"),
            "status": concept("adms:status", "work-item-status", "status"),
            "topic": on_topic("sdo:topic"),
        },
    ),
    "releases": Selection(
        _listed("sdo:Release sdo:StudyPeriod", "sdo:begin", "sdo:end"),
        {"body": under("sdo:standardsBody"), "kind": release_kind},
    ),
    "meetings": Selection(
        _listed("sdo:Meeting", "schema:startDate", "schema:endDate"),
        {
            "body": under("schema:organizer"),
            "group": at("schema:organizer"),
        },
    ),
    "liaison-statements": Selection(
        _listed("sdo:LiaisonStatement", "schema:dateSent"),
        {
            "body": party_within,
            "group": party,
            "from": sent_by,
            "to": sent_to,
            "purpose": for_purpose,
            "release": planned_for,
            "work_item": about_item,
            "topic": on_topic("sdo:topic"),
        },
        newest_first=True,
    ),
    "topics": Selection(
        f"?s skos:inScheme <{SCHEME_BASE}topic> ; skos:prefLabel ?label .", {"topic": on_topic("")}
    ),
}
