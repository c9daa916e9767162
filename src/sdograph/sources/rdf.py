"""RDF of any syntax as triples without blank nodes: files of our own making, and those of others.

Files of others are read within bounds: their size, the number of triples and blank nodes, the nesting that
makes a parser overflow (JSON-LD) or slow (RDF/XML), and what entities of RDF/XML grow to. Contexts of JSON-LD
that would have to be fetched are refused. Relative IRIs are those of our things: ``<group/3GPP-SA3>``.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Literal as OneOf
from typing import cast
from xml.parsers import expat

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from sdograph.errors import LimitExceeded, UnknownFormat, UnreadableDocument
from sdograph.identifiers import BASE, GRAPH_BASE, ID_BASE, short_hash
from sdograph.namespaces import RDF, SDO
from sdograph.sources.files import read_bounded

MAX_BYTES = 50_000_000
MAX_TRIPLES = 1_000_000
MAX_BLANK_NODES = 2_000
#: Triples looked at to give blank nodes names that follow from the content: each time for each step between
#: the nodes that hang together, so that a long chain costs the square of its length.
MAX_NAMING = 1_000_000
MAX_DEPTH = 100

#: File name extension -> syntax.
SYNTAXES: dict[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}

SPECTRA = "https://w3id.org/spectra#"
#: How many triples tell which vocabulary a file speaks.
_ENOUGH = 10_000
#: Addresses of ours that name no thing in the world: graphs, schemes and terms, which an export holds too.
_BOOKKEEPING = BASE


def read_turtle(path: Path) -> set[Triple]:
    """The triples of a Turtle file. Blank nodes get IRIs that follow from the content of the file alone."""
    try:
        dataset = ox.Dataset(
            Quad(q.subject, q.predicate, q.object)
            for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        )
    except (SyntaxError, OSError) as error:
        raise UnreadableDocument(str(error), where=path.name, hint="correct the Turtle") from error
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    base = f"{GRAPH_BASE}{path.stem}/node/"

    def named(term: object) -> object:
        return NamedNode(base + term.value) if isinstance(term, BlankNode) else term

    return {Triple(named(q.subject), q.predicate, named(q.object)) for q in dataset}  # type: ignore[arg-type]


def vocabulary(path: Path) -> OneOf["sdograph", "spectra"] | None:
    """Whose vocabulary a file speaks: ours, SPECTRA's or neither; neither for another kind of file.

    Raises UnreadableDocument and LimitExceeded for an RDF file that cannot be read: nobody else reads those.
    """
    if path.suffix.lower() not in SYNTAXES:
        return None
    for triple in islice(parse(path), _ENOUGH):
        if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(ID_BASE):
            return "sdograph"
        kind = triple.object if triple.predicate == RDF.type else None
        if isinstance(kind, NamedNode) and kind.value.startswith(SPECTRA):
            return "spectra"
    return None


def read_triples(path: Path) -> set[Triple]:
    """What a file in our own vocabulary states of things whose IRIs are ours, of any graph it may be in.

    Blank nodes that those lead to get IRIs that follow from what the file says of them. What an export says
    of graphs, schemes and the dataset is passed over. Raises UnreadableDocument for a syntax error, a term
    that the vocabulary does not have, a subject that is not ours, or blank nodes that cannot be told apart;
    LimitExceeded; UnknownFormat for another kind of file.
    """
    stated = _named(list(parse(path)), path)
    known = {term.value for term in SDO}
    kept = set()
    for triple in stated:
        subject = cast(NamedNode, triple.subject)
        used = [triple.predicate, *([triple.object] if triple.predicate == RDF.type else [])]
        for term in used:
            if isinstance(term, NamedNode) and term.value.startswith(SDO.base) and term.value not in known:
                near = difflib.get_close_matches(term.value, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "the ontology lists its terms"
                raise UnreadableDocument(f"there is no term {term.value}", where=path.name, hint=hint)
        if subject.value.startswith((ID_BASE, _skolem_base(path))):
            kept.add(triple)
        elif not subject.value.startswith(_BOOKKEEPING):
            raise UnreadableDocument(
                f"it says something of <{subject.value}>, which is not ours to describe",
                where=path.name,
                hint=f"give what you describe an IRI below {ID_BASE}",
            )
    if not kept:
        raise UnreadableDocument(
            "it describes nothing", where=path.name, hint=f"things have IRIs below {ID_BASE}"
        )
    return kept


# --- parsing within bounds


def parse(path: Path) -> Iterator[Triple]:
    """The triples of a file, of whatever graph, with its blank nodes. Raises as :func:`read_triples`."""
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise UnknownFormat(
            f"files of kind {path.suffix or 'no extension'} are not read as RDF",
            where=path.name,
            hint=f"save it as one of {', '.join(SYNTAXES)}",
        )
    data = read_bounded(path, MAX_BYTES, hint="split the file")
    check(data, syntax, path.name)
    try:
        for n, quad in enumerate(ox.parse(input=data, format=syntax, base_iri=ID_BASE)):
            if n >= MAX_TRIPLES:
                raise LimitExceeded(
                    f"it holds more than {MAX_TRIPLES:,} triples", where=path.name, hint="split the file"
                )
            if isinstance(quad.object, Triple):
                raise UnreadableDocument(
                    "it holds a triple about a triple", where=path.name, hint="write plain RDF 1.1"
                )
            yield quad.triple
    except (SyntaxError, ValueError) as error:
        remote = "remote context" in str(error)
        hint = "put the context into the file" if remote else "correct the syntax"
        raise UnreadableDocument(str(error), where=path.name, hint=hint) from error


def check(data: bytes, syntax: ox.RdfFormat, where: str) -> None:
    """Looks for what the parser of the engine does not withstand or notice: nesting, entities, XML cut short.

    Raises LimitExceeded and UnreadableDocument.
    """
    if syntax == ox.RdfFormat.JSON_LD:
        _check_json(data, where)
    elif syntax == ox.RdfFormat.RDF_XML:
        _check_xml(data, where)


_JSON_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[{]|[\]}]', re.DOTALL)


def _check_json(data: bytes, where: str) -> None:
    """The parser recurses, and a depth of some 10,000 ends the process."""
    depth = 0
    for token in _JSON_TOKEN.finditer(data):
        sign = data[token.start()]
        if sign in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _too_deep(where)
        elif sign in b"]}":
            depth -= 1


def _check_xml(data: bytes, where: str) -> None:
    """Nesting costs the parser the square of its depth, and entities may grow without bound."""
    depth = unpacked = 0
    parser = expat.ParserCreate()

    def start(_name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep(where)
        grow(*attributes.values())

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def grow(*texts: str) -> None:
        nonlocal unpacked
        unpacked += sum(map(len, texts))
        if unpacked > MAX_BYTES:
            raise LimitExceeded(
                f"its entities grow beyond {MAX_BYTES:,} characters", where=where, hint="write them out"
            )

    def declare(name: str, _parameter: bool, value: str | None, *_more: object) -> None:
        if value is None or "&" in value:
            what = "is kept elsewhere" if value is None else "is made of others"
            raise UnreadableDocument(f"the entity {name} {what}", where=where, hint="write it out")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = grow
    parser.EntityDeclHandler = declare
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableDocument(f"no XML: {error}", where=where, hint="correct the syntax") from error


def _too_deep(where: str) -> LimitExceeded:
    return LimitExceeded(
        f"it is nested more than {MAX_DEPTH} levels deep",
        where=where,
        hint="describe each thing at the top level, and refer to it by its IRI",
    )


# --- names for blank nodes


def _skolem_base(path: Path) -> str:
    return f"{GRAPH_BASE}{path.stem}/node/"


def _named(triples: list[Triple], path: Path) -> set[Triple]:
    """The triples with IRIs for blank nodes, each made of all that is said of the node and by it.

    Canonical labels (RDFC-1.0) would do for any graph, and cost without bound on a hostile one.
    """
    colours = {t: "" for triple in triples for t in triple if isinstance(t, BlankNode)}
    if len(colours) > MAX_BLANK_NODES:
        raise LimitExceeded(
            f"it holds more than {MAX_BLANK_NODES:,} blank nodes",
            where=path.name,
            hint="give things IRIs of their own",
        )
    about = [t for t in triples if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)]
    classes = steps = 0
    while classes < len(colours):
        steps += len(about)
        if steps > MAX_NAMING:
            raise LimitExceeded(
                "its blank nodes hang together in chains that are too long",
                where=path.name,
                hint="give things IRIs of their own",
            )
        described: dict[BlankNode, list[str]] = {node: [colours[node]] for node in colours}
        for s, p, o in about:
            subject, obj = (colours.get(t, str(t)) if isinstance(t, BlankNode) else str(t) for t in (s, o))
            if isinstance(s, BlankNode):
                described[s].append(f"> {p} {obj}")
            if isinstance(o, BlankNode):
                described[o].append(f"< {p} {subject}")
        finer = {node: short_hash(*sorted(said)) for node, said in described.items()}
        if len(set(finer.values())) == classes:
            break  # no node was told from another that was not before
        colours, classes = finer, len(set(finer.values()))
    alike = sum(n for n in Counter(colours.values()).values() if n > 1)
    if alike:
        raise UnreadableDocument(
            f"{alike} blank nodes cannot be told apart by what is said of them",
            where=path.name,
            hint="give them IRIs, or take out the repetitions",
        )
    names = {node: NamedNode(_skolem_base(path) + colour) for node, colour in colours.items()}
    return {
        Triple(_name(t.subject, names), t.predicate, _name(t.object, names))  # type: ignore[arg-type]
        for t in triples
    }


def _name(
    term: NamedNode | BlankNode | Literal | Triple, names: dict[BlankNode, NamedNode]
) -> NamedNode | BlankNode | Literal | Triple:
    return names[term] if isinstance(term, BlankNode) else term
