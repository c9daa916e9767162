"""What is compared: work items and specifications, as the graph holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sdograph.errors import UsageError
from sdograph.identifiers import ID_BASE
from sdograph.linking.codes import exact_form
from sdograph.store import Snapshot
from sdograph.triples import Term

ItemKind: TypeAlias = Literal["work-item", "specification"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A work item or specification. ``id`` is its IRI; ``body`` and ``groups`` are the registry's ids."""

    id: str
    code: str
    """Its acronym, official number or deliverable number."""
    body: str
    title: str = ""
    """Empty where no source gives the official one."""
    scope: str = ""
    kind: ItemKind = "work-item"
    groups: tuple[str, ...] = ()
    begin: str | None = None
    """When work began and ended, as ISO 8601 dates of any precision."""
    end: str | None = None

    @property
    def text(self) -> str:
        """The title and the scope."""
        return f"{self.title}. {self.scope}" if self.title and self.scope else self.title or self.scope


_ITEMS = """
SELECT ?item ?code ?body ?title ?scope ?group ?begin ?end ?target ?specification WHERE {
  { ?item a sdo:WorkItem } UNION { ?item a sdo:Specification BIND(true AS ?specification) }
  ?item dcterms:identifier ?code ; sdo:standardsBody ?body .
  OPTIONAL { ?item dcterms:title ?title }
  OPTIONAL { ?item sdo:scope ?scope }
  OPTIONAL { ?item sdo:responsibleGroup ?group }
  OPTIONAL { ?item sdo:begin ?begin }
  OPTIONAL { ?item sdo:end ?end }
  OPTIONAL { ?item sdo:target ?target }
}
"""
_HOUSES = "SELECT ?body ?parent WHERE { ?body a sdo:Body ; org:subOrganizationOf ?parent }"


def items(snapshot: Snapshot) -> list[Item]:
    """All work items and specifications of a generation, by IRI."""
    rows: dict[str, list[Mapping[str, Term | None]]] = {}
    for row in snapshot.rows(_ITEMS):
        rows.setdefault(_text(row["item"]), []).append(row)
    return [_item(id, rows[id]) for id in sorted(rows)]


def houses(snapshot: Snapshot) -> dict[str, str]:
    """Bodies that are one house: CEN-CLC-JTC21 works for CEN, ISO/IEC JTC 1 for ISO.

    Sectors of the ITU stay apart: each has its own programme, and they write to each other.
    """
    found: dict[str, str] = {}
    for row in snapshot.rows(_HOUSES):
        body, parent = _local(_text(row["body"])), _local(_text(row["parent"]))
        if parent != "ITU":
            found[body] = min(parent, found.get(body, parent))
    return found


def _item(id: str, rows: list[Mapping[str, Term | None]]) -> Item:
    """One item; where sources give several titles, the longest, which is the most complete."""

    def all_of(name: str) -> list[str]:
        found = [_text(row[name]) for row in rows if row[name] is not None]
        return found if len(found) < 2 else sorted(set(found))

    def longest(name: str) -> str:
        return max(all_of(name), key=lambda text: (len(text), text), default="")

    return Item(
        id=id,
        code=longest("code"),
        body=_local(all_of("body")[0]),
        title=longest("title"),
        scope=longest("scope"),
        kind="specification" if rows[0]["specification"] is not None else "work-item",
        groups=tuple(_local(group) for group in all_of("group")),
        begin=min(all_of("begin"), default=None),
        end=max(all_of("end") or all_of("target"), default=None),
    )


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


def _local(iri: str) -> str:
    """The registry's id: what stands behind ``/id/body/`` or ``/id/group/``."""
    return iri.removeprefix(ID_BASE).partition("/")[2]


def find(items: Iterable[Item], text: str) -> Item:
    """The item of an IRI, key, id or code: ``3GPP/FS_AIML``, ``FS_AIML``, ``SAI-014``, ``TS 33.501``.

    Raises UsageError when there is none, or several bear the code.
    """
    wanted = text.strip().removeprefix(ID_BASE)
    form = exact_form(wanted)
    found = []
    for item in items:
        key = item.id.removeprefix(ID_BASE)
        if wanted in (key, key.partition("/")[2]):
            return item
        if exact_form(item.code) == form or key.rpartition("/")[2] == wanted:
            found.append(item)
    if not found:
        raise UsageError(
            f"there is no work item or specification {text!r}", hint="sdograph search finds things by words"
        )
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} items bear the code {text!r}",
            hint="name one: " + ", ".join(item.id.removeprefix(ID_BASE) for item in found[:5]),
        )
    return found[0]
