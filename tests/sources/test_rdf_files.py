"""RDF of any syntax: the same triples from each, ours and nobody else's, within bounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from sdograph.errors import DataError, LimitExceeded, UnknownFormat, UnreadableDocument
from sdograph.identifiers import ID_BASE
from sdograph.namespaces import RDF, RDFS, SDO
from sdograph.sources import rdf
from sdograph.sources.rdf import read_triples, vocabulary
from sdograph.store import Snapshot

Write = Callable[[str, str | bytes], Path]

PREFIXES = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix id: <https://w3id.org/sdograph/id/> .
"""
XYZ = NamedNode(ID_BASE + "body/XYZ")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(name: str, text: str | bytes) -> Path:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / name

    return made


BODY = {Triple(XYZ, RDF.type, SDO.Body), Triple(XYZ, SDO.shortName, Literal("XYZ"))}
SAME = {
    "a.ttl": PREFIXES + '<body/XYZ> a sdo:Body ; sdo:shortName "XYZ" .',
    "a.trig": PREFIXES + 'id:g { <body/XYZ> a sdo:Body } { <body/XYZ> sdo:shortName "XYZ" }',
    "a.nt": f'{XYZ} {RDF.type} {SDO.Body} .\n{XYZ} {SDO.shortName} "XYZ" .\n',
    "a.nq": f'{XYZ} {RDF.type} {SDO.Body} <http://x.org/g> .\n{XYZ} {SDO.shortName} "XYZ" .\n',
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:sdo="https://w3id.org/sdograph/ontology#">'
    '<sdo:Body rdf:about="https://w3id.org/sdograph/id/body/XYZ"><sdo:shortName>XYZ</sdo:shortName></sdo:Body>'
    "</rdf:RDF>",
    "a.jsonld": '{"@context": {"@vocab": "https://w3id.org/sdograph/ontology#"}, "@id": "body/XYZ",'
    ' "@type": "Body", "shortName": "XYZ"}',
}


@pytest.mark.parametrize("name", SAME)
def test_each_syntax_gives_the_same_triples(write: Write, name: str) -> None:
    path = write(name, SAME[name])
    assert vocabulary(path) == "sdograph"
    assert read_triples(path) == BODY


@pytest.mark.parametrize("format", [RdfFormat.N_TRIPLES, RdfFormat.TURTLE, RdfFormat.RDF_XML])
def test_what_the_program_exports_it_reads(
    bundled_snapshot: Snapshot, tmp_path: Path, format: RdfFormat
) -> None:
    stated = {quad.triple for quad in bundled_snapshot.quads()}
    path = tmp_path / f"export.{format.file_extension}"
    ox.serialize(stated, str(path), format=format)
    ours = {t for t in stated if str(t.subject).startswith(f"<{ID_BASE}")}
    assert read_triples(path) == ours
    assert ours < stated, "an export also holds terms, schemes and graphs"


def test_whose_vocabulary_a_file_speaks(root: Path, write: Write) -> None:
    assert vocabulary(root / "tests/shapes/work-item/pass-study-item.ttl") == "sdograph"
    assert vocabulary(root / "ontology/sdograph.ttl") is None
    assert vocabulary(
        write("a.ttl", "@prefix s: <https://w3id.org/spectra#> . <http://x.org/1> a s:LS .")
    ) == ("spectra")
    assert vocabulary(write("a.csv", "a,b\n")) is None
    with pytest.raises(UnreadableDocument, match="line 1"):
        vocabulary(write("broken.ttl", "<a> <b>"))


# --- blank nodes


def test_blank_nodes_get_names_that_follow_from_what_is_said_of_them(write: Write) -> None:
    one = write(
        "a.ttl", PREFIXES + '<body/X> rdfs:label "X" ; sdo:about [ sdo:field "a" ], [ sdo:field "b" ] .'
    )
    made = read_triples(one)
    other = write(
        "a.ttl",
        PREFIXES + '<body/X> sdo:about _:z . _:z sdo:field "b" . <body/X> sdo:about [ sdo:field "a" ] ;'
        ' rdfs:label "X" .',
    )
    assert read_triples(other) == made
    named = {t.object for t in made if t.predicate == SDO.about}
    assert len(named) == 2
    assert all(str(n).startswith("<https://w3id.org/sdograph/graph/a/node/") for n in named)


def test_a_chain_of_blank_nodes_is_told_apart_by_its_ends(write: Write) -> None:
    path = write("a.ttl", PREFIXES + '<body/X> sdo:about [ sdo:about [ sdo:about [ rdfs:label "end" ] ] ] .')
    made = read_triples(path)
    assert len({t.subject for t in made}) == 4


def test_blank_nodes_that_cannot_be_told_apart_are_refused(write: Write) -> None:
    ring = "".join(f"_:a{n} sdo:about _:a{(n + 1) % 6} . " for n in range(6))
    with pytest.raises(UnreadableDocument, match="6 blank nodes cannot be told apart"):
        read_triples(write("a.ttl", PREFIXES + '<body/X> rdfs:label "X" . ' + ring))


# --- what is not ours


def test_what_is_said_of_somebody_elses_thing_is_refused(write: Write) -> None:
    with pytest.raises(UnreadableDocument, match=r"<http://x.org/X>, which is not ours"):
        read_triples(write("a.ttl", PREFIXES + '<http://x.org/X> rdfs:label "X" .'))


def test_a_term_that_is_not_in_the_vocabulary_is_refused_with_the_one_that_is_near(write: Write) -> None:
    with pytest.raises(UnreadableDocument) as fault:
        read_triples(write("a.ttl", PREFIXES + '<body/X> sdo:shortNam "X" .'))
    assert fault.value.hint == "did you mean https://w3id.org/sdograph/ontology#shortName?"
    with pytest.raises(UnreadableDocument, match="no term"):
        read_triples(write("a.ttl", PREFIXES + "<body/X> a sdo:Bodi ."))


def test_a_file_that_describes_nothing_of_ours_is_refused(write: Write) -> None:
    for text in ("", PREFIXES + '<https://w3id.org/sdograph/graph/x> rdfs:label "X" .'):
        with pytest.raises(UnreadableDocument, match="describes nothing"):
            read_triples(write("a.ttl", text))


def test_another_kind_of_file_is_unknown(write: Write) -> None:
    with pytest.raises(UnknownFormat, match=r"\.jsonld"):
        read_triples(write("a.txt", SAME["a.ttl"]))


# --- bounds

_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="https://x.org/">'
_ENTITIES = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
)


@pytest.mark.parametrize(
    "name, text, message",
    [
        ("a.jsonld", '{"@id":"a:b","a:p":' * 20_000 + "1" + "}" * 20_000, "nested more than 100 levels"),
        ("a.jsonld", "[" * 100_000, "nested more than 100 levels"),
        ("a.rdf", _RDF + "<a:A><a:p>" * 50_000, "nested more than 100 levels"),
        ("a.nt", "".join(f"_:a{n} <a:p> _:a{n + 1} .\n" for n in range(2_500)), "2,000 blank nodes"),
        ("a.nt", "".join(f"_:a{n} <a:p> _:a{n + 1} .\n" for n in range(1_900)), "chains that are too long"),
        ("a.ttl", "<a> <a:p> " + ",".join(map(str, range(1_000_001))) + " .", "1,000,000 triples"),
    ],
)
def test_what_would_take_more_than_it_should_is_refused(
    write: Write, name: str, text: str, message: str
) -> None:
    with pytest.raises(LimitExceeded, match=message):
        read_triples(write(name, text))


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    with path.open("wb") as file:
        file.truncate(rdf.MAX_BYTES + 1)
    with pytest.raises(LimitExceeded, match="50,000,000 bytes"):
        read_triples(path)


@pytest.mark.parametrize(
    "declarations, used, message",
    [
        (_ENTITIES, "&a9;", "is made of others"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;", "is kept elsewhere"),
        (f'<!ENTITY a "{"a" * 10_000}">', "&a;" * 10_000, "amplification|grow beyond"),
    ],
)
def test_entities_that_grow_or_reach_out_are_refused(
    write: Write, declarations: str, used: str, message: str
) -> None:
    text = f"<!DOCTYPE r [{declarations}]>{_RDF}<a:A><a:p>{used}</a:p></a:A></rdf:RDF>"
    with pytest.raises(DataError, match=message):
        read_triples(write("a.rdf", text))


def test_entities_for_namespaces_are_read(write: Write) -> None:
    text = SAME["a.rdf"].replace('"https://w3id.org/sdograph/ontology#"', '"&sdo;"')
    declared = f'<!DOCTYPE r [<!ENTITY sdo "{SDO.base}">]>{text}'
    assert read_triples(write("a.rdf", declared)) == BODY


def test_a_context_that_would_have_to_be_fetched_is_refused(write: Write) -> None:
    with pytest.raises(UnreadableDocument, match="put the context into the file"):
        read_triples(write("a.jsonld", '{"@context": "https://x.org/c.jsonld", "@id": "body/XYZ"}'))


def test_a_triple_about_a_triple_is_refused(write: Write) -> None:
    with pytest.raises(UnreadableDocument, match=r"RDF 1\.1"):
        read_triples(write("a.ttl", PREFIXES + "<body/X> rdfs:label <<( <a:a> <a:b> <a:c> )>> ."))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    suffix=st.sampled_from(sorted(rdf.SYNTAXES)),
    data=st.one_of(st.binary(max_size=300), st.sampled_from([t.encode() for t in SAME.values()])),
    cut=st.integers(0, 300),
)
def test_garbage_is_an_error_and_never_a_crash(write: Write, suffix: str, data: bytes, cut: int) -> None:
    path = write(f"a{suffix}", data[:cut])
    try:
        found = read_triples(path)
    except DataError:
        return
    assert all(isinstance(t.subject, NamedNode) for t in found)


def test_labels_of_every_language_stay(write: Write) -> None:
    path = write("a.ttl", PREFIXES + '<body/X> rdfs:label "X"@en, "Ж"@ru, "X" .')
    assert {t.object for t in read_triples(path)} == {
        Literal("X", language="en"),
        Literal("Ж", language="ru"),
        Literal("X"),
    }
    assert {t.predicate for t in read_triples(path)} == {RDFS.label}
