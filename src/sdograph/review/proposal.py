"""From what a person says about an entry of the list to a decision, checked against the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pyoxigraph import Literal, NamedNode

from sdograph import identifiers as ids
from sdograph.errors import UsageError
from sdograph.graph.page import concept, date_literal
from sdograph.namespaces import RDF, SKOS, XSD
from sdograph.review.decision import FIELDS, Decision, Decisions, canonical, moment, now, short
from sdograph.review.listing import Item, documents, items, values
from sdograph.store import Snapshot

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen: exactly one of these."""

    thing: str | None = None
    """Words mean this thing: its id (``3GPP-SA3``), key (``work-item/3GPP/FS_AIML``) or IRI."""
    none: bool = False
    """Words stay unlinked; no value of a field is right."""
    value: str | None = None
    """This value of a field is right, as documents write it or as the notation of a concept."""
    prefer: str | None = None
    """What this document states is right: its key, or a part of its name."""
    right: bool = False
    """What was read is right."""


def propose(
    view: Snapshot,
    entries: Iterable[str],
    choice: Choice,
    *,
    by: str,
    note: str | None = None,
    document: str | None = None,
) -> list[Decision]:
    """The decisions that somebody takes about entries of the list, given by their ids; settled ones as well.

    ``document`` confines them to one document. Raises UsageError when the choice does not fit an entry, or
    names something that is not there.
    """
    if not by.strip():
        raise UsageError("nobody decides", where="--by", hint="give a role or a name")
    given = (choice.thing, choice.value, choice.prefer, choice.none or None, choice.right or None)
    if sum(part is not None for part in given) != 1:
        raise UsageError(
            "choose one of --is, --none, --value, --prefer and --right", hint="sdograph review decide --help"
        )
    listed = {item.id: item for item in items(view)}
    known = Decisions.of(view)
    decided = []
    for id in dict.fromkeys(entries):
        about = replace(_about(id, listed, known), by=" ".join(by.split()), note=note)
        if about.words is not None:
            made = _on_words(view, about, choice, document)
        elif document is not None:
            raise UsageError(
                "a field has one value, whatever document states it", hint="leave --document out"
            )
        else:
            made = _on_field(view, about, choice)
        decided.append(replace(made, at=_moment(known, made), id=""))
    return decided


def _about(id: str, listed: Mapping[str, Item], known: Decisions) -> Decision:
    """A decision that lacks nothing but what is decided."""
    found = listed.get(id)
    if found is None:
        earlier = [d for d in known.all if d.item == id]
        if not earlier:
            raise UsageError(f"the list has no item {id!r}", hint="sdograph review shows what there is")
        last = earlier[-1]
        return Decision(
            verdict="none", by="", at="", words=last.words, kind=last.kind, thing=last.thing, field=last.field
        )
    if found.reference_kind is not None:
        return Decision(verdict="none", by="", at="", words=found.words, kind=found.reference_kind)
    thing = found.thing.value if found.thing is not None else None
    return Decision(verdict="none", by="", at="", thing=thing, field=found.fields[0])


def _moment(known: Decisions, decision: Decision) -> str:
    """Now, or a second after the last decision about the same: one taken again in the same second, or after
    a clock elsewhere that was ahead of ours, is a decision of its own."""
    earlier = [d.at for d in known.all if d.subject == decision.subject]
    if not earlier or earlier[-1] < now():
        return now()
    return moment(datetime.fromisoformat(earlier[-1]) + timedelta(seconds=1))


def _on_words(view: Snapshot, about: Decision, choice: Choice, document: str | None) -> Decision:
    if choice.thing is None and not choice.none:
        raise UsageError(f"“{about.words}” is a name or code", hint="decide --is THING, or --none")
    return replace(
        about,
        verdict="none" if choice.none else "is",
        value=thing(view, choice.thing) if choice.thing is not None else None,
        document=_document(view, document) if document else None,
    )


def _on_field(view: Snapshot, about: Decision, choice: Choice) -> Decision:
    name = about.field or ""
    if choice.thing is not None:
        raise UsageError(
            f"{name} of {short(NamedNode(about.thing or ''))} is a field",
            hint="decide --value, --prefer, --right or --none",
        )
    if name not in FIELDS:
        if not choice.right:
            raise UsageError(
                f"a thing may have several of {name!r}, so none of them can be set here",
                hint="decide --right, or correct the document and read it again",
            )
        return replace(about, verdict="right")
    if choice.none:
        return replace(about, verdict="none")
    if choice.value is not None:
        return replace(about, verdict="value", value=field_value(view, name, choice.value))
    preferred, value = _stated(view, about, name, choice.prefer)
    return replace(about, verdict="value", value=value, preferred=preferred)


def _stated(
    view: Snapshot, about: Decision, name: str, prefer: str | None
) -> tuple[str | None, NamedNode | Literal]:
    """The one value that a document states, or that all of them do."""
    keys = {n.value for n in documents(view, prefer)} if prefer else None
    node = NamedNode(about.thing or "")
    found: dict[NamedNode | Literal, str | None] = {}
    for stated in values(view, node, FIELDS[name].property):
        if keys is None or any(d.value in keys for d in stated.documents):
            document = next(d.value for d in stated.documents if keys is None or d.value in keys)
            found[stated.value] = ids.key_of(document) if prefer else None
    if len(found) != 1:
        known = ", ".join(short(v) for v in found) or "none"
        raise UsageError(
            f"{name} of {short(node)}: {'it states' if prefer else 'documents state'} {known}",
            hint="give the right one by --value",
        )
    value, preferred = next(iter(found.items()))
    return preferred, value


def thing(view: Snapshot, text: str) -> NamedNode:
    """What an id, key or IRI stands for, by way of redirects; raises UsageError when it is not there."""
    key = text.strip().removeprefix(ids.ID_BASE)
    for candidate in (key, f"group/{key}", f"body/{key}"):
        try:
            node = view.leads_to(NamedNode(ids.iri(candidate)))
        except ValueError:
            continue
        if next(view.triples(node, RDF.type), None):
            return node
    raise UsageError(
        f"nothing here is called {text!r}",
        hint="give an id (3GPP-SA3) or key (work-item/3GPP/FS_AIML); what is new enters by sdograph ingest",
    )


def field_value(view: Snapshot, name: str, text: str) -> NamedNode | Literal:
    """A value of a field as the graph holds it; raises UsageError for one that does not fit."""
    field = FIELDS[name]
    text = text.strip()
    if field.form == "date":
        if not _DATE.fullmatch(text):
            raise UsageError(f"{text!r} is no date", hint="write 2023-09-18, 2023-09 or 2023")
        return date_literal(text)
    if field.form == "concept":
        node = concept(field.scheme, text)
        if not next(view.triples(node, SKOS.inScheme), None):
            scheme = NamedNode(ids.SCHEME_BASE + field.scheme)
            known = (view.text(t.subject, SKOS.notation) for t in view.triples(None, SKOS.inScheme, scheme))
            named = ", ".join(sorted(filter(None, known)))
            raise UsageError(f"there is no {name} {text!r}", hint=f"there are: {named}")
        return node
    if field.form == "number":
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", text):
            raise UsageError(f"{text!r} is no number", hint="write 50 or 62.5")
        return canonical(Literal(text, datatype=XSD.decimal))
    if not text:
        raise UsageError(f"the {name} is blank", hint="write it, or decide --none")
    return Literal(text)


def _document(view: Snapshot, name: str) -> str:
    found = documents(view, name)
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} documents are called {name!r}",
            hint="give the key of one: " + ", ".join(ids.key_of(n.value) or "" for n in found[:5]),
        )
    return ids.key_of(found[0].value) or ""
