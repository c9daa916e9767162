"""The pages of resources, and the start page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from sdograph.namespaces import RDFS
from sdograph.search import Hit, Match
from sdograph_api.addresses import local
from sdograph_api.html import Child, Html, link, page, search_form, table, tag
from sdograph_api.query.description import examples

_SHOWN_FORMS = (("json", "JSON"), ("jsonld", "JSON-LD"), ("ttl", "Turtle"), ("nt", "N-Triples"))


def resource_page(described: Mapping[str, Any], root: str) -> bytes:
    """A resource as :func:`sdograph_api.resources.describe` gives it."""
    address = local(described["id"], root) or described["id"]
    properties = [
        [_words(found["label"]), _list([_value(value, root) for value in found["values"]])]
        for predicate, found in described["properties"].items()
        if predicate != RDFS.label.value  # it is the heading
    ]
    incoming = [
        [
            ["← ", _words(found["label"]), tag("span", f" ({found['count']})", class_="soft")],
            _list(
                [
                    *(_link(other, root) for other in found["resources"]),
                    *_more(found["count"], len(found["resources"])),
                ]
            ),
        ]
        for found in described["incoming"].values()
    ]
    forms = [[link(name, f"{address}.{form}"), " "] for form, name in _SHOWN_FORMS]
    return page(
        described["label"],
        tag("p", ", ".join(str(kind["label"]) for kind in described["types"]), class_="kind"),
        tag("h1", described["label"]),
        tag("p", tag("code", described["id"]), class_="lead"),
        tag("p", "As data: ", forms, class_="soft"),
        _follow_up(address),
        _rows(properties),
        [tag("h2", "What leads here"), _rows(incoming)] if incoming else None,
        _evidence(described, root),
        root=root,
        head=[
            tag("link", rel="alternate", type=media_type, href=f"{address}.{form}")
            for form, media_type in (("jsonld", "application/ld+json"), ("ttl", "text/turtle"))
        ],
    )


def _follow_up(address: str) -> Child:
    """Where to go on from a group, a body or a liaison statement."""
    ways: tuple[str, ...] = ()
    if re.search("/id/(?:group|body)/[^/]+$", address):
        ways = ("inbox", "outbox")
    elif "/id/liaison-statement/" in address and "/action/" not in address:
        ways = ("thread",)
    if not ways:
        return None
    return tag("p", "Follow up: ", [[link(way, f"{address}/{way}"), " "] for way in ways], class_="soft")


def _evidence(described: Mapping[str, Any], root: str) -> Child:
    if not described["evidence"]:
        return None
    rows: list[Sequence[Child]] = [
        [
            _words(found["field"] or "the whole"),
            found["text"],
            found["locator"],
            _outside(found["document_label"] or "", local(found["document"] or "", root)),
            _outside(found["source"] or "", found["source"]),
            None if found["confidence"] is None else f"{found['confidence']:g}",
            (found["retrieved_at"] or "")[:10],
        ]
        for found in described["evidence"]
    ]
    return [
        tag("h2", "Evidence"),
        table(["Field", "As written", "Place", "Document", "Source", "Confidence", "Read"], rows),
        [tag("p", more, class_="soft") for more in _more(described["evidence_count"], len(rows))],
    ]


def listing_page(name: str, members: Sequence[Mapping[str, str | None]], total: int, root: str) -> bytes:
    """All resources of a class."""
    title = {"body": "Bodies"}.get(name, _words(name).capitalize() + "s")
    return page(
        title,
        tag("h1", title),
        tag("p", f"{total} in all.", class_="lead"),
        _list([[_link(member, root), _key(member)] for member in members]),
        [tag("p", more, class_="soft") for more in _more(total, len(members))],
        root=root,
    )


def start_page(root: str, about: Mapping[str, Any], counts: Sequence[tuple[str, str, int]]) -> bytes:
    """What is here. ``counts`` are name, path and number of each kind of resource."""
    ways: list[Sequence[Child]] = [
        [link("SPARQL", root + "/sparql"), "Ask anything. Also for programs: the SPARQL 1.1 protocol."],
        [
            link("Read a document", root + "/ingest"),
            "What a liaison statement asks, of whom and by when, before it is in the graph.",
        ],
        [
            link("REST API", root + "/docs"),
            "Lists with filters, single resources, who liaises with whom; JSON, CSV.",
        ],
        [
            link("Liaison network for Gephi", root + "/export/liaisons/graph.gexf"),
            "GEXF. Filters go in the path, as in /export/liaisons/since=2020/body=ETSI/graph.gexf; "
            "graph.graphml, graph.json and graph.csv hold the same.",
        ],
        [
            link("The whole graph", root + "/export/dataset/graph.nq"),
            "N-Quads, one named graph a source document.",
        ],
        [link("Topics", root + "/scheme/topic"), "What the items are about, from broad to narrow."],
        [link("Ontology", root + "/ontology"), "The vocabulary, as Turtle or JSON-LD."],
        [link("Shapes", root + "/shapes"), "What data has to satisfy, as SHACL."],
        [link("Dataset description", root + "/.well-known/void"), "VoID and DCAT."],
        [link("Health", root + "/health"), "For monitoring."],
    ]
    return page(
        "sdograph",
        tag("h1", "Who standardises what, and who writes to whom about it"),
        tag(
            "p",
            "Standards bodies, their groups, work items, specifications and releases, and the liaison "
            "statements between them, as one graph. Every fact leads to the document that states it.",
            class_="lead",
        ),
        search_form(root, name="Find"),
        tag(
            "ul",
            [
                tag("li", link([tag("strong", f"{number:,}"), name], root + path))
                for name, path, number in counts
            ],
            class_="cards",
        ),
        tag(
            "p",
            f"Version {about['version']}, of {about['generated_at'][:16].replace('T', ' ')} UTC. ",
            "What is missing here may still exist: the graph holds what the documents read so far state.",
            class_="soft",
        ),
        tag("h2", "Ways in"),
        _rows(ways),
        tag("h2", "Questions to begin with"),
        tag("ul", [tag("li", example) for example in examples(root)], class_="plain"),
        root=root,
    )


#: Headings of the kinds that search tells apart.
_KIND_NAMES = {"body": "Bodies", "study-period": "Study periods", "liaison-statement": "Liaison statements"}


def search_page(
    root: str,
    asked: str,
    hits: Sequence[Hit] | None,
    *,
    kinds: Mapping[str, int] = MappingProxyType({}),
    kind: str | None = None,
    total: int = 0,
    cursor: str | None = None,
    remark: str | None = None,
) -> bytes:
    """What search found; None when nothing could be looked for. ``total`` is of the kind, if there is one."""

    def address(**further: str | None) -> str:
        given = {"q": asked, **further}
        return f"{root}/search?{urlencode({k: v for k, v in given.items() if v is not None})}"

    ways: list[Child] = [
        tag("strong", f"{name} {count}") if at == kind
        else link(f"{name} {count}", address(kind=at))
        for at, name, count in (
            (None, "All", sum(kinds.values())),
            *((k, _KIND_NAMES.get(k, _words(k).capitalize() + "s"), n) for k, n in kinds.items()),
        )
    ]  # fmt: skip
    return page(
        f"{asked} – search" if asked else "Search",
        tag("h1", "Search"),
        search_form(root, asked, name="Find", autofocus=""),
        tag("p", remark, class_="lead") if remark else None,
        tag("p", "Nothing here has these words. ", "It may still exist.", class_="lead")
        if hits is not None and not total
        else None,
        tag("nav", [[way, " "] for way in ways], class_="bar", aria_label="Kinds") if kinds else None,
        tag("ol", [tag("li", _hit(hit, root)) for hit in hits], class_="plain hits") if hits else None,
        tag("p", link("More", address(kind=kind, cursor=cursor), rel="next")) if cursor else None,
        root=root,
    )


def _hit(hit: Hit, root: str) -> Child:
    named = {hit.label, hit.title}
    others = [m for m in hit.matched if m.text not in named and (hit.exact or m.field != "name")][:1]
    title = next((m for m in hit.matched if m.text == hit.title), None)
    about: list[Child] = [_words(hit.kind)]
    about += [hit.date] if hit.date else []
    about += [[_words(m.field), ": ", _marked(m)] for m in others]
    return [
        link(hit.label, local(hit.iri, root) or hit.iri),
        tag("span", [[" · ", part] for part in about], class_="soft"),
        tag("div", _marked(title) if title else hit.title) if hit.title not in (None, hit.label) else None,
    ]


def _marked(match: Match) -> Child:
    parts: list[Child] = []
    end = 0
    for first, last in match.spans:
        parts += [match.text[end:first], tag("mark", match.text[first:last])]
        end = last
    return [*parts, match.text[end:]]


def _rows(rows: Sequence[Sequence[Child]]) -> Html:
    body = tag("tbody", [tag("tr", tag("th", head, scope="row"), tag("td", cell)) for head, cell in rows])
    return tag("div", tag("table", body), class_="scroll")


def _list(entries: Sequence[Child]) -> Child:
    return entries[0] if len(entries) == 1 else tag("ul", [tag("li", e) for e in entries], class_="plain")


def _more(total: int, shown: int) -> list[str]:
    return [f"and {total - shown} more"] if total > shown else []


def _value(value: Mapping[str, Any], root: str) -> Child:
    if "id" in value:
        return _link(value, root)
    text = _outside(value["value"], value["value"])
    return [text, tag("span", f" @{value['language']}", class_="soft")] if value["language"] else text


def _link(reference: Mapping[str, Any], root: str) -> Child:
    address = local(reference["id"], root)
    if address is not None:
        return link(str(reference["label"]), address)
    own_name = (
        reference["label"] if not reference["id"].startswith(("http://", "https://")) else reference["id"]
    )
    return _outside(own_name, reference["id"])


def _outside(text: str, address: str | None) -> Child:
    """A link, if the address is one that is safe to follow."""
    if address is None or not re.match(r"https?://|/", address):
        return text
    return link(text, address, rel=None if address.startswith("/") else "external noreferrer")


def _key(member: Mapping[str, str | None]) -> Child:
    return tag("span", f" {member['key']}", class_="soft") if member["key"] != member["label"] else None


def _words(name: str) -> str:
    """A term's name as words: dateSent is date sent."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").replace("_", " ").lower()
