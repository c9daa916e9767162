"""Full-text look-up: over the registry as it is bundled, and over a small graph for what that has not."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from sdograph.cli import main
from sdograph.errors import Unavailable, UsageError
from sdograph.identifiers import GRAPH_BASE, ID_BASE, SCHEME_BASE
from sdograph.namespaces import RDF, RDFS, SDO
from sdograph.search import Hit, Searcher, SearchIndex, content, make_index, open_index
from sdograph.store import Change, EmbeddedStore, Snapshot

# Titles and numbers of specifications as their publishers list them; S2-1812758 as 3GPP has it. The number
# 33501 of FS_AIML, S2-1812001, S2-1900001 and STUDIES are made up.
SMALL = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://w3id.org/sdograph/id/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/sdograph/graph/small> {
  <specification/3GPP/TS-33.501> a sdo:Specification ; rdfs:label "3GPP TS 33.501" ;
    dcterms:identifier "TS 33.501" ; dcterms:title "Security architecture and procedures for 5G System" .
  <specification/3GPP/TS-33.401> a sdo:Specification ; rdfs:label "3GPP TS 33.401" ;
    dcterms:identifier "TS 33.401" ;
    dcterms:title "3GPP System Architecture Evolution (SAE); Security architecture" .
  <specification/JTC1/27090> a sdo:Specification ; rdfs:label "JTC 1 ISO/IEC 27090" ;
    dcterms:identifier "ISO/IEC 27090" .
  <work-item/3GPP/FS_AIML> a sdo:WorkItem, sdo:StudyItem ; rdfs:label "FS_AIML" ;
    dcterms:identifier "FS_AIML" ; sdo:number "33501" ;
    dcterms:title "Study on Security and Privacy of AI/ML-based Services and Applications in 5G" .
  <work-item/3GPP/STUDIES> a sdo:WorkItem ; rdfs:label "STUDIES" ;
    dcterms:identifier "STUDIES" ; dcterms:title "Attacks on Résumé handling, air interface" .
  <liaison-statement/3GPP/S2-1812758> a sdo:LiaisonStatement ;
    rdfs:label "S2-1812758" ; dcterms:identifier "S2-1812758" ; sdo:number "S2-1812758" ;
    sdo:receivedNumber "S5-186491" ; sdo:earlierNumber "S2-1812001" ;
    dcterms:title "LS on slice related Data Analytics" ; schema:dateSent "2018-11"^^xsd:gYearMonth .
  <liaison-statement/3GPP/S2-1900001> a sdo:LiaisonStatement ;
    rdfs:label "S2-1900001" ; dcterms:identifier "S2-1900001" ; sdo:number "S2-1900001" ;
    dcterms:title "LS on slice related Data Analytics" ; schema:dateSent "2019-02-01"^^xsd:date .
  <document/x/evidence/1> a sdo:Evidence ; rdfs:label "TS 33.501 is read here" .
}
"""


@pytest.fixture(scope="session")
def registry(bundled_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return open_index(tmp_path_factory.mktemp("search"), bundled_store.current())


def written(folder: Path, text: str = SMALL) -> EmbeddedStore:
    store = EmbeddedStore(folder)
    with store.writer() as writer:
        writer.load(ox.parse(text, format=ox.RdfFormat.TRIG))
        writer.publish()
    return store


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    return written(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small(small_store: EmbeddedStore) -> SearchIndex:
    return Searcher(small_store.data_dir).index(small_store.current())


def hits(index: SearchIndex, text: str, kind: str | None = None) -> list[Hit]:
    found = index.find(text, kind)
    return index.hits(found, found.ids)


def ids(index: SearchIndex, text: str, kind: str | None = None) -> list[str]:
    return [hit.iri.removeprefix(ID_BASE) for hit in hits(index, text, kind)]


@pytest.mark.parametrize(
    "spelling",
    ["TS 33.501", "ts 33.501", "33.501", "TS33.501", "3GPP TS 33.501", "3GPP TS 33.501 v18.1.0",
     "TS\u00a033.501", " TS 33.501 ", '"TS 33.501"', "TS-33.501"],
)  # fmt: skip
def test_a_number_is_found_in_all_its_spellings(small: SearchIndex, spelling: str) -> None:
    first = hits(small, spelling)[0]
    assert first.iri == f"{ID_BASE}specification/3GPP/TS-33.501"
    assert first.exact
    assert first.title == "Security architecture and procedures for 5G System"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27090", "specification/JTC1/27090"),
        ("ISO/IEC DIS 27090", "specification/JTC1/27090"),
        ("AIML", "work-item/3GPP/FS_AIML"),
        ("fs-aiml", "work-item/3GPP/FS_AIML"),
        ("S2-1812758", "liaison-statement/3GPP/S2-1812758"),
        # The number that a receiver gave, and that of a draft.
        ("S5-186491", "liaison-statement/3GPP/S2-1812758"),
        ("S2-1812001", "liaison-statement/3GPP/S2-1812758"),
    ],
)
def test_identifiers_lead_to_what_bears_them(small: SearchIndex, text: str, expected: str) -> None:
    (first, *_) = hits(small, text)
    assert first.iri == ID_BASE + expected
    assert first.exact


def test_an_identifier_as_it_is_written_stands_before_one_that_is_near(small: SearchIndex) -> None:
    # 33501 is how file names write TS 33.501, but here a work item has that very number.
    assert ids(small, "33501")[:2] == ["work-item/3GPP/FS_AIML", "specification/3GPP/TS-33.501"]
    assert ids(small, "33.501")[0] == "specification/3GPP/TS-33.501"


def test_evidence_and_the_like_are_not_found(small: SearchIndex) -> None:
    assert ids(small, "read here") == []


def test_all_words_must_occur_in_whatever_order_and_field(small: SearchIndex) -> None:
    assert set(ids(small, "architecture security")) == {
        "specification/3GPP/TS-33.501",
        "specification/3GPP/TS-33.401",
    }
    assert ids(small, "SECURITY 5g 33.501") == ["specification/3GPP/TS-33.501"]


def test_words_in_quotes_stand_together(small: SearchIndex) -> None:
    assert ids(small, '"privacy and security"') == []
    assert ids(small, '"security and privacy"') == ["work-item/3GPP/FS_AIML"]


def test_the_last_word_may_be_a_beginning_and_others_may_not(small: SearchIndex) -> None:
    assert ids(small, "slice ana") == ids(small, "slice analytics")
    assert ids(small, "S2-18") == ["liaison-statement/3GPP/S2-1812758"]
    found = small.find("ana slice")
    assert found.partly
    # Of two letters nothing begins: whoever asks for AI does not want the air interface.
    assert ids(small, "security ai") == ["work-item/3GPP/FS_AIML"]
    assert ids(small, "ai") == ["work-item/3GPP/FS_AIML"]


def test_plural_and_singular_find_one_another(small: SearchIndex) -> None:
    assert ids(small, "attack on") == ["work-item/3GPP/STUDIES"]
    assert ids(small, "architectures") == ids(small, "architecture")
    # As typed comes first.
    assert ids(small, "studies")[0] == "work-item/3GPP/STUDIES"
    assert ids(small, "study")[0] == "work-item/3GPP/FS_AIML"


def test_marks_on_letters_and_case_do_not_count(small: SearchIndex) -> None:
    assert ids(small, "resume HANDLING") == ["work-item/3GPP/STUDIES"]


def test_of_equally_good_ones_the_latest_comes_first(small: SearchIndex) -> None:
    assert ids(small, "slice related data analytics") == [
        "liaison-statement/3GPP/S2-1900001",
        "liaison-statement/3GPP/S2-1812758",
    ]


def test_what_has_some_of_the_words_is_offered_when_nothing_has_all(small: SearchIndex) -> None:
    found = small.find("unicorn slice")
    assert found.partly
    assert {hit.kind for hit in small.hits(found, found.ids)} == {"liaison-statement"}
    nothing = small.find("unicorn dragon")
    assert (nothing.ids, nothing.partly) == ((), False)


def test_kinds_are_counted_whatever_kind_is_asked_for(small: SearchIndex) -> None:
    everything, items = small.find("security"), small.find("security", "work-item")
    assert dict(everything.kinds) == dict(items.kinds) == {"specification": 2, "work-item": 1}
    assert len(everything.ids) == 3
    assert [hit.iri for hit in small.hits(items, items.ids)] == [f"{ID_BASE}work-item/3GPP/FS_AIML"]


def test_a_hit_says_where_the_words_stand(small: SearchIndex) -> None:
    (hit,) = hits(small, "privacy services")
    (title,) = hit.matched
    assert title.field == "title"
    assert [title.text[first:last] for first, last in title.spans] == ["Privacy", "Services"]
    assert not hit.exact


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("3GPP-SA3", "group/3GPP-SA3"),
        ("SA3", "group/3GPP-SA3"),
        ("SA WG3", "group/3GPP-SA3"),
        ("3GPP TSG SA WG3", "group/3GPP-SA3"),
        ("3GPP TSG SA", "group/3GPP-SA"),
        # Formerly CN4; and an id that was given up.
        ("CN4", "group/3GPP-CT4"),
        ("3GPP-TSG-CT", "group/3GPP-CT"),
        ("TC SAI", "group/ETSI-TC-SAI"),
        ("ISG SAI", "group/ETSI-ISG-SAI"),
        ("Technical Committee Securing Artificial Intelligence", "group/ETSI-TC-SAI"),
        ("ETSI", "body/ETSI"),
        ("3GPP", "body/3GPP"),
        ("Rel-18", "release/3GPP/Rel-18"),
        ("Release 18", "release/3GPP/Rel-18"),
    ],
)
def test_organisations_and_releases_of_the_registry(registry: SearchIndex, text: str, first: str) -> None:
    (hit, *_) = hits(registry, text)
    assert hit.iri == ID_BASE + first
    assert hit.exact


def test_sai_is_the_topic_and_both_groups(registry: SearchIndex) -> None:
    exact = {hit.iri for hit in hits(registry, "SAI") if hit.exact}
    assert exact >= {f"{ID_BASE}group/ETSI-TC-SAI", f"{ID_BASE}group/ETSI-ISG-SAI"}


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("data-poisoning", "data-poisoning"),
        ("Data Poisoning", "data-poisoning"),
        ("dataset poisoning", "data-poisoning"),
        ("AML", "threats-to-ai"),
        ("trojan attack", "backdoor-attack"),
    ],
)
def test_topics_are_found_by_all_their_names(registry: SearchIndex, text: str, notation: str) -> None:
    (hit, *_) = hits(registry, text, "topic")
    assert (hit.iri, hit.identifier) == (f"{SCHEME_BASE}topic/{notation}", notation)
    assert hit.exact


def test_topics_are_found_by_their_definitions(registry: SearchIndex) -> None:
    # "Hidden behaviour put into a model that shows only when the input carries a trigger …"
    (hit,) = hits(registry, "hidden behaviour trigger", "topic")
    assert hit.identifier == "backdoor-attack"
    assert {m.field for m in hit.matched} == {"text"}


@given(st.text(max_size=300))
def test_no_text_is_a_syntax_error(small: SearchIndex, text: str) -> None:
    with suppress(UsageError):
        found = small.find(text)
        _check(small.hits(found, found.ids))


def _check(hits: list[Hit]) -> None:
    for hit in hits:
        for match in hit.matched:
            assert all(0 <= first < last <= len(match.text) for first, last in match.spans)


@pytest.mark.parametrize(
    "text",
    ['"', '""', "*", "^", "NEAR(", "a AND", "title:", "title:x", "-", "- -", "(", "{title} : x", "x NOT",
     "\0", "'", "'; DROP TABLE thing; --", "\ud800", "x\0y"],
)  # fmt: skip
def test_what_would_be_syntax_is_words(small: SearchIndex, text: str) -> None:
    if any(c.isalnum() for c in text):
        assert len(small.find(text).ids) <= 7
    else:
        with pytest.raises(UsageError, match="no word to look for"):
            small.find(text)


def test_an_unknown_kind_is_refused_with_those_there_are(small: SearchIndex) -> None:
    with pytest.raises(UsageError) as refused:
        small.find("x", "epic")
    assert "work-item" in str(refused.value)


# --- the file


def names(data_dir: Path) -> list[str]:
    return sorted(p.name for p in (data_dir / "search").glob("*.sqlite*"))


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions that indexes are made of from now on."""
    made: list[str] = []
    fill = content.fill

    def counted(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
        made.append(snapshot.version)
        fill(connection, snapshot)

    monkeypatch.setattr(content, "fill", counted)
    return made


def test_an_index_is_made_once_for_all_processes(
    small_store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = counting(monkeypatch)
    snapshot = small_store.current()
    found: list[list[str]] = []
    # Each stands for a process: nothing but the folder is shared.
    askers = [
        threading.Thread(target=lambda: found.append(ids(Searcher(tmp_path).index(snapshot), "AIML")))
        for _ in range(4)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert found == [["work-item/3GPP/FS_AIML"]] * 4
    assert made == [snapshot.version]
    assert names(tmp_path) == [f"{snapshot.version}.sqlite"]


def test_who_waits_for_an_index_does_not_take_all_threads(
    small_store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, fill = threading.Event(), content.fill

    def slow(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
        may_end.wait(30)
        fill(connection, snapshot)

    monkeypatch.setattr(content, "fill", slow)
    searcher, snapshot = Searcher(tmp_path), small_store.current()
    outcomes: list[str] = []

    def search() -> None:
        try:
            outcomes.append(ids(searcher.index(snapshot), "AIML")[0])
        except Unavailable as error:
            outcomes.append(error.hint or "")

    threads = [threading.Thread(target=search) for _ in range(12)]
    for thread in threads:
        thread.start()
    while len(outcomes) < 4:
        threads[0].join(0.01)
    may_end.set()
    for thread in threads:
        thread.join()
    assert outcomes == ["search again in some seconds"] * 4 + ["work-item/3GPP/FS_AIML"] * 8


def test_an_index_made_beforehand_is_the_one_that_is_opened(
    small_store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = counting(monkeypatch)
    snapshot = small_store.current()
    (tmp_path / "search").mkdir()
    with FileLock(tmp_path / "search" / "making.lock"):
        make_index(tmp_path, snapshot)  # another process is at it: nobody waits for that
    assert made == []
    make_index(tmp_path, snapshot)
    make_index(tmp_path, snapshot)
    assert ids(Searcher(tmp_path).index(snapshot), "AIML") == ["work-item/3GPP/FS_AIML"]
    assert made == [snapshot.version]


def test_a_new_generation_has_an_index_of_its_own_and_old_ones_go(tmp_path: Path) -> None:
    store = written(tmp_path)
    searcher = Searcher(tmp_path)
    first = store.current()
    before = searcher.index(first)
    for number in range(3):
        item = ox.NamedNode(f"{ID_BASE}work-item/3GPP/NEW{number}")
        new = frozenset(
            (ox.Triple(item, RDF.type, SDO.WorkItem), ox.Triple(item, RDFS.label, ox.Literal(f"NEW{number}")))
        )
        with store.writer() as writer:
            writer.apply(Change(ox.NamedNode(f"{GRAPH_BASE}{number}"), added=new, removed=frozenset()))
            writer.publish()
        assert ids(searcher.index(store.current()), f"NEW{number}") == [f"work-item/3GPP/NEW{number}"]
    # What was open stays what it was, as the snapshot does.
    assert ids(before, "NEW0") == []
    assert len(names(tmp_path)) == 2
    assert f"{store.current().version}.sqlite" in names(tmp_path)


@pytest.mark.parametrize("damage", ["garbage", "", "other format"])
def test_a_damaged_index_is_made_anew(small_store: EmbeddedStore, tmp_path: Path, damage: str) -> None:
    snapshot = small_store.current()
    Searcher(tmp_path).index(snapshot)
    file = tmp_path / "search" / f"{snapshot.version}.sqlite"
    if damage == "other format":
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA user_version = 999")
        connection.close()
    else:
        file.write_text(damage * 1000)
    assert ids(Searcher(tmp_path).index(snapshot), "AIML") == ["work-item/3GPP/FS_AIML"]


def test_searching_leaves_the_writer_and_the_generations_alone(tmp_path: Path) -> None:
    store = written(tmp_path)

    def all_but_search() -> set[tuple[str, int]]:
        return {
            (str(p), p.stat().st_mtime_ns)
            for p in tmp_path.rglob("*")
            if p.is_file() and "search" not in p.parts
        }

    before = all_but_search()
    Searcher(tmp_path).index(store.current())
    assert all_but_search() == before
    with store.writer(timeout=0.1):
        assert ids(Searcher(tmp_path).index(store.current()), "AIML")


@pytest.mark.parametrize("obstacle", ["file", "read-only"])
def test_where_nothing_can_be_written_the_index_is_in_memory(
    small_store: EmbeddedStore, tmp_path: Path, obstacle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if obstacle == "file":
        (tmp_path / "search").write_text("in the way")
    else:
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)

        def refused(*_: object, **__: object) -> None:
            raise PermissionError("read-only")

        # Permissions do not hold the superuser.
        monkeypatch.setattr(Path, "mkdir", refused)
    made = counting(monkeypatch)
    searcher = Searcher(tmp_path)
    for _ in range(2):
        assert ids(searcher.index(small_store.current()), "AIML") == ["work-item/3GPP/FS_AIML"]
    assert len(made) == 1
    tmp_path.chmod(stat.S_IRWXU)
    assert not names(tmp_path)


def test_a_killed_maker_leaves_nothing_for_long(small_store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "1-dead.4242.making").write_text("half")
    Searcher(tmp_path).index(small_store.current())
    assert [p.name for p in (tmp_path / "search").glob("*.making")] == []


def test_a_sqlite_without_full_text_search_is_told(
    small_store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Without(sqlite3.Connection):
        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
            return super().execute(sql.replace("'fts5'", "'fts5 that is not there'"), *parameters)  # type: ignore[arg-type]

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **given: connect(*args, **given, factory=Without))
    with pytest.raises(Unavailable, match="FTS5") as told:
        Searcher(tmp_path).index(small_store.current())
    assert told.value.hint
    assert names(tmp_path) == []


# --- the command


def run(store: EmbeddedStore, capfd: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["search", *args, "--data-dir", str(store.data_dir)])
    out, err = capfd.readouterr()
    return int(left.value.code or 0), out, err


def test_the_command_shows_what_was_found(
    small_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(small_store, capfd, "TS", "33.501")
    assert code == 0
    assert "3GPP TS 33.501" in out
    assert "Security architecture and procedures for 5G System" in out
    assert "1 of 1 shown (1 specification)" in err
    code, out, err = run(small_store, capfd, "security", "--limit", "2", "--kind", "specification")
    assert (code, out.count("TS 33.")) == (0, 2)
    assert "FS_AIML" not in out


def test_the_command_prints_one_object(small_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(small_store, capfd, "aiml", "unicorn", "--format", "json")
    shown = json.loads(out)
    assert (code, shown["total"], shown["kinds"]) == (0, 1, {"work-item": 1})
    assert shown["data"][0]["id"] == f"{ID_BASE}work-item/3GPP/FS_AIML"
    assert shown["warnings"]


@pytest.mark.parametrize("args", [("&",), ("-", "--kind", "group"), ("x", "--kind", "epic")])
def test_the_command_refuses_what_cannot_be_looked_for(
    small_store: EmbeddedStore, capfd: pytest.CaptureFixture[str], args: tuple[str, ...]
) -> None:
    code, out, err = run(small_store, capfd, *args)
    assert (code, out) == (2, "")
    assert err
