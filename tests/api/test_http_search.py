"""Search and topics over HTTP, over the core of the bundled dataset."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from http_support import InProcess, problem
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import SKOS

from sdograph import bundled
from sdograph.search import KINDS
from sdograph.store import EmbeddedStore
from sdograph_api.rest import models
from sdograph_api.rest.parameters import SearchText
from sdograph_api.settings import Settings

TOPIC = Namespace("https://w3id.org/sdograph/scheme/topic/")


@pytest.fixture(scope="module")
def core(bundled_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    data_dir = bundled_store.backup(tmp_path_factory.mktemp("core") / "data")
    client = InProcess(Settings(data_dir=data_dir, query_workers=1))
    yield client
    client.close()


@pytest.fixture(scope="module")
def scheme() -> Graph:
    """The scheme of topics, as it is written."""
    return Graph().parse(bundled.ontology() / "schemes" / "topic.ttl")


def found(client: InProcess, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/search", params=parameters)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    models.Hits.model_validate(body, strict=True)
    return body


# --- search


def test_an_identifier_finds_what_bears_it(core: InProcess) -> None:
    hit = found(core, q="FS_AIML")["data"][0]
    assert (hit["key"], hit["kind"], hit["exact"]) == ("3GPP/FS_AIML", "work-item", True)
    assert hit["title"] == "Study on Security and Privacy of AI/ML-based Services and Applications in 5G"
    assert hit["date"] == "2022-06-21"
    assert hit["matched"][0] == {"field": "identifier", "text": "FS_AIML", "spans": [[0, 7]]}
    assert {e["document_label"] for e in hit["evidence"]} == {"work-items.csv"}


def test_kinds_are_counted_and_narrow_down(core: InProcess) -> None:
    everything = found(core, q="security", limit=500)
    assert everything["total"] == sum(everything["kinds"].values()) == len(everything["data"])
    for kind, count in everything["kinds"].items():
        narrowed = found(core, q="security", kind=kind, limit=500)
        assert narrowed["total"] == count
        assert {hit["kind"] for hit in narrowed["data"]} == {kind}
        assert narrowed["kinds"] == everything["kinds"]


def test_the_kinds_offered_are_those_there_are() -> None:
    assert set(SearchText.model_json_schema()["properties"]["kind"]["anyOf"][0]["enum"]) == set(KINDS)


def test_pages_hold_every_hit_once_best_first(core: InProcess) -> None:
    whole = [hit["id"] for hit in found(core, q="security", limit=500)["data"]]
    seen, cursor = [], None
    while True:
        answer = core.get(
            "/api/v1/search", params={"q": "security", "limit": 7, **({"cursor": cursor} if cursor else {})}
        )
        page = answer.json()
        seen += [hit["id"] for hit in page["data"]]
        cursor = page["next"]
        if cursor is None:
            break
        assert answer.links["next"]["url"].startswith(
            "http://testserver/api/v1/search?q=security&limit=7&cursor="
        )
    assert seen == whole


def test_what_only_partly_fits_comes_with_a_warning(core: InProcess) -> None:
    answer = found(core, q="unicorn poisoning")
    assert "data-poisoning" in {hit["key"] for hit in answer["data"]}
    (warning,) = answer["warnings"]
    assert "some of them" in warning
    nothing = found(core, q="unicorn")
    assert (nothing["total"], nothing["kinds"], nothing["warnings"]) == (0, {}, [])


def test_search_as_csv(core: InProcess) -> None:
    answer = core.get("/api/v1/search.csv", params={"q": "SA3"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert (rows[0]["key"], rows[0]["kind"], rows[0]["matched"].split("; ")[0]) == (
        "3GPP-SA3",
        "group",
        "SA3",
    )
    assert len(rows) == found(core, q="SA3")["total"]


def test_who_has_the_answer_gets_304(core: InProcess) -> None:
    first = core.get("/api/v1/search?q=SA3")
    assert first.headers["cache-control"] == "public, no-cache"
    again = core.get("/api/v1/search?q=SA3", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("parameters", "code", "where"),
    [
        ({}, "invalid-parameter", "parameter q"),
        ({"q": ""}, "invalid-parameter", "parameter q"),
        ({"q": "x" * 201}, "invalid-parameter", "parameter q"),
        ({"q": '"-"'}, "usage", "parameter q"),
        ({"q": "x", "kind": "epic"}, "invalid-parameter", "parameter kind"),
        ({"q": "x", "cursor": "***"}, "usage", "parameter cursor"),
        ({"q": "x", "colour": "red"}, "unknown-parameter", "parameter colour"),
    ],
)
def test_what_does_not_fit_is_refused(
    core: InProcess, parameters: dict[str, str], code: str, where: str
) -> None:
    document = problem(core.get("/api/v1/search", params=parameters), 400, code)
    assert document["where"] == where
    assert document["hint"]


@pytest.mark.parametrize("q", ["x AND", "NEAR(", 'a "b', "title:x", "x*", "x') --", "a\x00b", "%00", "(((("])
def test_no_text_is_an_error_of_the_server(core: InProcess, q: str) -> None:
    for path in ("/api/v1/search", "/search"):
        assert core.get(path, params={"q": q}).status_code in (200, 400)


# --- the page


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.partition("<main>")[2])).split())


def test_a_person_finds_from_the_box_on_any_page(core: InProcess) -> None:
    for path in ("/", "/id/group/3GPP-SA3.html"):
        page = core.get(path).text
        assert re.search('<form[^>]* action="/search"[^>]*>.*?name="q"', page)
    answer = core.get("/search", params={"q": "trojan attack"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "backdoor in a model · topic · name: trojan attack" in text_of(answer.text)
    assert 'href="/scheme/topic/backdoor-attack"' in answer.text
    assert "<mark>trojan attack</mark>" in answer.text


def test_the_page_keeps_below_where_it_is_mounted(core: InProcess) -> None:
    page = core.get("/std/search", params={"q": "SA3"}, root_path="/std").text
    assert 'action="/std/search"' in page
    assert 'href="/std/id/group/3GPP-SA3"' in page


def test_what_is_typed_is_text(core: InProcess) -> None:
    page = core.get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_narrows_down_and_goes_on(core: InProcess) -> None:
    page = core.get("/search", params={"q": "3GPP"})
    kinds = found(core, q="3GPP")["kinds"]
    assert f'href="/search?q=3GPP&amp;kind=group">Groups {kinds["group"]}</a>' in page.text
    more = re.search('href="([^"]+)" rel="next"', page.text)
    assert more
    following = core.get(unescape(more[1]))
    assert following.status_code == 200
    assert text_of(following.text) != text_of(page.text)


@pytest.mark.parametrize(
    ("q", "words"),
    [("", "Search"), ("unicorn", "It may still exist"), ("--", "no word to look for")],
)
def test_the_page_says_when_there_is_nothing(core: InProcess, q: str, words: str) -> None:
    answer = core.get("/search", params={"q": q})
    assert answer.status_code == 200
    assert words in text_of(answer.text)
    assert "<ol" not in answer.text


# --- topics


def topics(client: InProcess, **parameters: Any) -> list[str]:
    answer = client.get("/api/v1/topics", params={"limit": 500, **parameters})
    assert answer.status_code == 200, answer.text
    models.Page[models.Topic].model_validate(answer.json(), strict=True)
    return [topic["key"] for topic in answer.json()["data"]]


def below(scheme: Graph, topic: URIRef) -> set[str]:
    return {str(t).removeprefix(str(TOPIC)) for t in scheme.transitive_subjects(SKOS.broader, topic)}


def test_every_topic_of_the_scheme_is_listed_by_its_label(core: InProcess, scheme: Graph) -> None:
    listed = topics(core)
    assert set(listed) == {
        str(scheme.value(t, SKOS.notation)) for t in scheme.subjects(RDF.type, SKOS.Concept)
    }
    labels = [str(scheme.value(TOPIC[key], SKOS.prefLabel)).casefold() for key in listed]
    assert labels == sorted(labels)


def test_every_topic_is_as_the_scheme_has_it(core: InProcess, scheme: Graph) -> None:
    related = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
    for shown in core.get("/api/v1/topics", params={"limit": 500}).json()["data"]:
        topic = URIRef(shown["id"])
        assert shown["label"] == str(scheme.value(topic, SKOS.prefLabel))
        assert shown["definition"] == str(scheme.value(topic, SKOS.definition))
        assert set(shown["alt_labels"]) == set(map(str, scheme.objects(topic, SKOS.altLabel)))
        assert {t["id"] for t in shown["broader"]} == set(map(str, scheme.objects(topic, SKOS.broader)))
        assert {t["id"] for t in shown["narrower"]} == set(map(str, scheme.objects(topic, SKOS.narrower)))
        assert shown["mappings"] == {
            name: sorted(map(str, scheme.objects(topic, SKOS[name])))
            for name in related
            if (topic, SKOS[name], None) in scheme
        }


def test_topics_are_found_by_words_and_below_a_topic(core: InProcess, scheme: Graph) -> None:
    wanted = {
        str(t).removeprefix(str(TOPIC))
        for t, p, o in scheme
        if p in (SKOS.prefLabel, SKOS.altLabel, SKOS.notation) and isinstance(o, Literal) and "poisoning" in o
    }
    assert set(topics(core, q="poisoning")) == wanted >= {"data-poisoning", "model-poisoning"}
    assert set(topics(core, topic="threats-to-ai")) == below(scheme, TOPIC["threats-to-ai"])


def test_a_topic_links_to_its_items_and_to_those_of_narrower_ones(core: InProcess, scheme: Graph) -> None:
    seen = 0
    for key in topics(core):
        answer = core.get(f"/api/v1/topics/{key}").json()
        models.One[models.TopicInFull].model_validate(answer, strict=True)
        topic = answer["data"]
        for name in ("work_items", "specifications", "liaison_statements"):
            listed = core.get(f"/api/v1/{name.replace('_', '-')}", params={"topic": key, "limit": 500}).json()
            assert {i["id"] for i in topic[name]} == {i["id"] for i in listed["data"]}
            assert topic["counts"][name] == listed["total"]
            seen += listed["total"]
        bodies = Counter(i["key"].partition("/")[0] for i in topic["work_items"] + topic["specifications"])
        assert topic["items_by_body"] == bodies
    assert seen
    # "Study on Security and Privacy of AI/ML-based Services and Applications in 5G" is, as all of them are,
    # about what stands below one of the top concepts.
    tops = [t.removeprefix(str(TOPIC)) for t in map(str, scheme.subjects(SKOS.topConceptOf))]
    assert any(
        "3GPP/FS_AIML" in {i["key"] for i in core.get(f"/api/v1/topics/{top}").json()["data"]["work_items"]}
        for top in tops
    )


@pytest.mark.parametrize("name", ["work-items", "specifications", "liaison-statements", "topics"])
def test_a_topic_that_is_none_is_refused(core: InProcess, name: str) -> None:
    for value in ("unheard-of", "a b<>", "../purpose/action"):
        document = problem(core.get(f"/api/v1/{name}", params={"topic": value}), 400, "usage")
        assert document["where"] == "parameter topic"
        assert document["hint"]


def test_a_topic_is_found_by_notation_and_by_iri(core: InProcess) -> None:
    for id in ("data-poisoning", str(TOPIC["data-poisoning"])):
        assert core.get(f"/api/v1/topics/{id}").json()["data"]["key"] == "data-poisoning"
    problem(core.get("/api/v1/topics/unheard-of"), 404, "not-found")


def test_topics_as_csv(core: InProcess) -> None:
    rows = list(csv.DictReader(io.StringIO(core.get("/api/v1/topics.csv?q=data-poisoning").text)))
    assert [(row["key"], row["broader"]) for row in rows] == [("data-poisoning", "training-time-attack")]
    assert rows[0]["mappings"].startswith("exactMatch: https://w3id.org/dpv/ai#DataPoisoning")


def test_the_index_is_beside_the_data(core: InProcess) -> None:
    found(core, q="SA3")
    data_dir: Path = core.app.state.context.store.data_dir
    version = core.get("/health").json()["version"]
    assert [p.name for p in (data_dir / "search").glob("*.sqlite")] == [f"{version}.sqlite"]
