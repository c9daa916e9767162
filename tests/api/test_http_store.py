"""The Graph Store Protocol over HTTP: graphs named by parameter or by address, fetched, replaced, removed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from http_support import InProcess, fill, problem

from sdograph_api.settings import Settings

TOKEN = {"Authorization": "Bearer sesame"}
TURTLE = {**TOKEN, "Content-Type": "text/turtle"}
LIMIT, RESULT_LIMIT = 100_000, 20_000


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    folder: Path = tmp_path_factory.mktemp("stored")
    fill(folder)
    client = InProcess(
        Settings(
            data_dir=folder,
            query_workers=1,
            write_token="sesame",  # type: ignore[arg-type]
            max_graph_bytes=LIMIT,
            max_result_bytes=RESULT_LIMIT,
        )
    )
    yield client
    client.close()


def triples(answer: httpx.Response) -> ox.Dataset:
    """What was sent, blank nodes in canonical form."""
    found = ox.Dataset(ox.parse(answer.content, ox.RdfFormat.TURTLE))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def written(text: str, base: str = "urn:base") -> ox.Dataset:
    found = ox.Dataset(ox.parse(text, ox.RdfFormat.TURTLE, base_iri=base))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found


def generation(client: InProcess) -> int:
    number: int = client.get("/health").json()["generation"]
    return number


def get(client: InProcess, address: str) -> httpx.Response:
    return client.get(address, headers={"Accept": "text/turtle"})


@pytest.mark.parametrize(
    "address", ["/store?graph=urn%3Aone", "/store/?graph=urn:two", "/store/some/graph.ttl"]
)
def test_a_graph_from_put_to_delete(writable: InProcess, address: str) -> None:
    problem(get(writable, address), 404, "no-such-graph")
    problem(writable.request("DELETE", address, headers=TOKEN), 404, "no-such-graph")
    first = "<urn:s> <urn:p> 1, [ <urn:q> [ <urn:r> 'deep' ] ] ."
    created = writable.request("PUT", address, content=first, headers=TURTLE)
    assert (created.status_code, created.content) == (201, b"")
    assert triples(get(writable, address)) == written(first)

    second = "<urn:s> <urn:p> 2 ."
    assert writable.request("PUT", address, content=second, headers=TURTLE).status_code == 204
    assert triples(get(writable, address)) == written(second)

    more = "<urn:t> <urn:p> 3 ."
    assert writable.post(address, content=more, headers=TURTLE).status_code == 204
    whole = get(writable, address)
    assert triples(whole) == written(second + more)
    head = writable.request("HEAD", address, headers={"Accept": "text/turtle"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))

    assert writable.request("DELETE", address, headers=TOKEN).status_code == 204
    assert writable.request("HEAD", address).status_code == 404


def test_relative_iris_are_relative_to_the_graph(writable: InProcess) -> None:
    writable.request("PUT", "/store/people/", content="<1> <#knows> <../2> .", headers=TURTLE)
    want = "<http://testserver/store/people/1> <http://testserver/store/people/#knows> "
    want += "<http://testserver/store/2> ."
    assert triples(get(writable, "/store/people/")) == written(want)
    address = "/store?graph=http://testserver/store/people/"
    assert triples(get(writable, address)) == written(want)


def test_percent_signs_are_decoded_once(writable: InProcess) -> None:
    writable.request("PUT", "/store?graph=http://e.example/%2531", content="<urn:a> a 1 .", headers=TURTLE)
    answer = writable.get("/sparql", params={"query": "ASK { GRAPH <http://e.example/%31> { ?s ?p ?o } }"})
    assert answer.json()["boolean"] is True


def test_the_default_graph_is_that_of_updates_and_shows_in_the_merge(writable: InProcess) -> None:
    assert get(writable, "/store?default").status_code == 200
    assert (
        writable.request("PUT", "/store?default", content="<urn:d> a 1 .", headers=TURTLE).status_code == 204
    )
    assert triples(get(writable, "/store?default")) == written("<urn:d> a 1 .")
    named = get(writable, "/store?graph=https://w3id.org/sdograph/graph/updates")
    assert triples(named) == written("<urn:d> a 1 .")
    ask = {"query": "ASK { <urn:d> a 1 . ?s a sdo:Group }"}
    assert writable.get("/sparql", params=ask).json()["boolean"] is True
    assert writable.request("DELETE", "/store?default", headers=TOKEN).status_code == 204
    assert triples(get(writable, "/store?default")) == written("")
    assert writable.get("/sparql", params=ask).json()["boolean"] is False


def test_post_to_the_store_makes_a_graph(writable: InProcess) -> None:
    made = [writable.post("/store", content="<> a <urn:New> .", headers=TURTLE) for _ in range(2)]
    assert [m.status_code for m in made] == [201, 201]
    first, second = (m.headers["location"] for m in made)
    assert first != second
    assert triples(get(writable, first)) == written(f"<{first}> a <urn:New> .")
    assert triples(get(writable, "/store?graph=" + second)) == written(f"<{second}> a <urn:New> .")


def test_files_of_a_form_are_added_together(writable: InProcess) -> None:
    files = [
        ("a", ("a.ttl", b"_:x <urn:name> 'first' .", "text/turtle; charset=utf-8")),
        ("b", ("b.nt", b'_:x <urn:name> "second" .\n', "application/n-triples")),
    ]
    answer = writable.post("/store?graph=urn:form", files=files, headers=TOKEN)
    assert answer.status_code == 201
    want = "[] <urn:name> 'first' . [] <urn:name> 'second' ."
    assert triples(get(writable, "/store?graph=urn:form")) == written(want)


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/turtle", "<urn:s> <urn:p> 'x' ."),
        ("text/turtle; charset=utf-8", "<urn:s> <urn:p> 'x' ."),
        ("application/n-triples", '<urn:s> <urn:p> "x" .'),
        ("application/ld+json", '{"@id": "urn:s", "urn:p": "x"}'),
        ("application/rdf+xml",
         '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
         '<rdf:Description rdf:about="urn:s"><u:p>x</u:p></rdf:Description></rdf:RDF>'),
    ],
)  # fmt: skip
def test_forms_that_come_in_go_out_again(writable: InProcess, media_type: str, content: str) -> None:
    headers = {**TOKEN, "Content-Type": media_type}
    writable.request("PUT", "/store?graph=urn:forms", content=content, headers=headers)
    want = written("<urn:s> <urn:p> 'x' .")
    assert triples(get(writable, "/store?graph=urn:forms")) == want
    wanted = media_type.partition(";")[0]
    answer = writable.get("/store?graph=urn:forms", headers={"Accept": wanted})
    assert answer.headers["content-type"].partition(";")[0] == wanted
    format = ox.RdfFormat.from_media_type(wanted)
    assert format is not None
    assert ox.Dataset(ox.parse(answer.content, format)) == want


@pytest.mark.parametrize(
    ("method", "address", "sent", "status", "code"),
    [
        ("PUT", "/store?graph=urn:g", {"content": "<urn:a> <urn:b>", "headers": TURTLE}, 400, "syntax"),
        ("PUT", "/store?graph=urn:g", {"content": "<urn:a> <urn:b> 1 .", "headers": TOKEN}, 415,
         "unsupported-media-type"),
        ("PUT", "/store?graph=urn:g", {"content": "a,b", "headers": {**TOKEN, "Content-Type": "text/csv"}},
         415, "unsupported-media-type"),
        ("PUT", "/store?graph=urn:g",
         {"content": "<urn:g> { <urn:a> a 1 }", "headers": {**TOKEN, "Content-Type": "application/trig"}},
         415, "unsupported-media-type"),
        ("PUT", "/store?graph=urn:g",
         {"content": "<urn:a> a 1 .".encode("utf-16"),
          "headers": {**TOKEN, "Content-Type": "text/turtle; charset=utf-16"}}, 415, "unsupported-charset"),
        ("POST", "/store?graph=urn:g",
         {"content": "no form", "headers": {**TOKEN, "Content-Type": "multipart/form-data; boundary=x"}},
         400, "malformed-form"),
        ("PUT", "/store?graph=urn:g", {"content": "#" * (LIMIT + 1), "headers": TURTLE}, 413,
         "body-too-large"),
        ("PUT", "/store", {"content": "", "headers": TURTLE}, 400, "no-graph"),
        ("DELETE", "/store", {"headers": TOKEN}, 400, "no-graph"),
        ("GET", "/store", {}, 400, "no-graph"),
        ("GET", "/store?graph=relative", {}, 400, "invalid-iri"),
        ("GET", "/store?graph=urn:a&graph=urn:b", {}, 400, "several-graphs"),
        ("GET", "/store?graph=urn:a&default", {}, 400, "several-graphs"),
        ("GET", "/store/path?graph=urn:a", {}, 400, "several-graphs"),
        ("GET", "/store?default", {"headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ("PATCH", "/store?graph=urn:g", {"headers": TOKEN}, 405, "method-not-allowed"),
        ("PUT", "/store?graph=urn:g", {"content": "", "headers": {"Content-Type": "text/turtle"}}, 401,
         "unauthorized"),
        ("DELETE", "/store?graph=urn:g", {"headers": {"Authorization": "Bearer no"}}, 401, "unauthorized"),
        ("PUT", "/store?graph=https://w3id.org/sdograph/graph/dataset",
         {"content": "<urn:a> a 1 .", "headers": TURTLE}, 400, "usage"),
        ("PUT", "/store?graph=urn:g",
         {"content": "<urn:a> a <https://w3id.org/sdograph/ontology#Body> .", "headers": TURTLE}, 422,
         "invalid-data"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(
    writable: InProcess, method: str, address: str, sent: dict[str, Any], status: int, code: str
) -> None:
    before = generation(writable)
    problem(writable.request(method, address, **sent), status, code)
    assert generation(writable) == before


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("application/rdf+xml",
         '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
         + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
         + ']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
         '<rdf:Description rdf:about="urn:s"><u:p>&i;</u:p></rdf:Description></rdf:RDF>'),
        ("application/rdf+xml",
         '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
         '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
         '<rdf:Description rdf:about="urn:s"><u:p>&x;</u:p></rdf:Description></rdf:RDF>'),
    ],
    ids=["entity bomb", "file entity"],
)  # fmt: skip
def test_hostile_documents_are_refused_and_the_next_is_taken(
    writable: InProcess, media_type: str, content: str
) -> None:
    headers = {**TOKEN, "Content-Type": media_type}
    answer = writable.request("PUT", "/store?graph=urn:hostile", content=content, headers=headers)
    assert answer.status_code in (400, 503), answer.text
    assert writable.request("HEAD", "/store?graph=urn:hostile").status_code == 404
    after = writable.request("PUT", "/store?graph=urn:after", content="<urn:s> a 1 .", headers=TURTLE)
    assert after.status_code in (201, 204)


@pytest.mark.parametrize(
    "end", ["</e:p></rdf:Description>", "</e:p>", "</e:p></rdf:Description></rdf:RDF><x/>", ""]
)
def test_a_document_that_is_cut_short_is_refused(writable: InProcess, end: str) -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/cut"><e:p>1'
    )
    sent = {"content": text + end, "headers": {**TOKEN, "Content-Type": "application/rdf+xml"}}
    assert writable.request("PUT", "/store?graph=urn:cut", **sent).status_code == 400
    assert writable.get("/store?graph=urn:cut").status_code == 404
    whole = {**sent, "content": text + "</e:p></rdf:Description></rdf:RDF>"}
    assert writable.request("PUT", "/store?graph=urn:cut", **whole).status_code == 201
    assert writable.request("DELETE", "/store?graph=urn:cut", headers=TOKEN).status_code == 204


@pytest.mark.parametrize("opened", ["[", '{"urn:a":', '{"@list":['])
def test_deep_documents_end_no_server(writable: InProcess, opened: str) -> None:
    closed = opened[::-1].translate(str.maketrans("[{", "]}", ':"@abcdefghijklmnopqrstuvwxyz'))
    depth = (LIMIT - 2) // len(opened + closed)
    headers = {**TOKEN, "Content-Type": "application/ld+json"}
    content = opened * depth + "[]" + closed * depth
    answer = writable.request("PUT", "/store?graph=urn:deep", content=content, headers=headers)
    problem(answer, 413, "limit-exceeded")
    after = writable.request("PUT", "/store?graph=urn:after", content="<urn:s> a 1 .", headers=TURTLE)
    assert after.status_code in (201, 204)


def test_a_graph_over_the_limit_is_not_sent_in_part(writable: InProcess) -> None:
    # Turtle takes less room than N-Triples.
    content = (
        "@prefix u: <urn:a-long-namespace:> . u:s u:p " + ", ".join(f"u:o{n}" for n in range(1000)) + " ."
    )
    writable.request("PUT", "/store?graph=urn:large", content=content, headers=TURTLE)
    answer = writable.get("/store?graph=urn:large", headers={"Accept": "application/n-triples"})
    assert problem(answer, 413, "result-too-large")["limit"]["value"] == RESULT_LIMIT


def test_who_has_the_graph_is_told_so(writable: InProcess) -> None:
    writable.request("PUT", "/store?graph=urn:kept", content="<urn:s> a 1 .", headers=TURTLE)
    tag = get(writable, "/store?graph=urn:kept").headers["etag"]
    again = {"Accept": "text/turtle", "If-None-Match": tag}
    assert writable.get("/store?graph=urn:kept", headers=again).status_code == 304
    assert writable.get("/store?default", headers=again).status_code == 200
    writable.request("PUT", "/store?graph=urn:kept", content="<urn:s> a 2 .", headers=TURTLE)
    assert writable.get("/store?graph=urn:kept", headers=again).status_code == 200


def test_a_graph_put_again_is_no_new_generation(writable: InProcess) -> None:
    for _ in range(2):
        answer = writable.request("PUT", "/store?graph=urn:same", content="<urn:s> a 1.50 .", headers=TURTLE)
        seen = generation(writable)
        assert answer.headers["x-sdograph-generation"] == str(seen)
    assert answer.status_code == 204
    before = seen
    writable.post("/store?graph=urn:same", content="<urn:s> a 1.5 .", headers=TURTLE)
    assert generation(writable) == before


# --- conditions (RFC 9110, section 13)


def put(client: InProcess, address: str, content: str, **conditions: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in conditions.items()}
    return client.request("PUT", address, content=content, headers={**TURTLE, **names})


def tag(client: InProcess, address: str, accept: str = "text/turtle") -> str:
    etag: str = client.get(address, headers={"Accept": accept}).headers["etag"]
    assert etag.startswith('"')
    return etag


def test_a_tag_is_that_of_the_graph_and_stays_when_others_change(writable: InProcess) -> None:
    address = "/store?graph=urn:tagged"
    put(writable, address, "<urn:s> a 1 .")
    first = tag(writable, address)
    put(writable, "/store?graph=urn:other", f"<urn:s> a '{first}' .")
    assert tag(writable, address) == first
    assert tag(writable, address, "application/ld+json") != first, "forms differ, byte by byte"
    put(writable, address, "<urn:s> a 2 .")
    second = tag(writable, address)
    assert second != first
    put(writable, address, "<urn:s> a 1 .")
    assert tag(writable, address) == first
    assert writable.get(address, headers={"Accept": "text/turtle", "If-Match": first}).status_code == 200
    stale = {"Accept": "text/turtle", "If-Match": second}
    problem(writable.get(address, headers=stale), 412, "precondition-failed")


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/ld+json"])
@pytest.mark.parametrize("address", ["/store?graph=urn:matched", "/store?default"])
def test_a_graph_is_replaced_only_as_the_client_knows_it(
    writable: InProcess, address: str, accept: str
) -> None:
    put(writable, address, "<urn:s> a 1 , [ a 2 ] .")
    known = tag(writable, address, accept)
    assert put(writable, address, "<urn:s> a 2 .", If_Match=f'"elsewhere", {known}').status_code == 204
    answer = put(writable, address, "<urn:s> a 3 .", If_Match=known)
    assert problem(answer, 412, "precondition-failed")["where"] == "header If-Match"
    for method in ("POST", "DELETE"):
        headers = {**TURTLE, "If-Match": known}
        refused = writable.request(method, address, content="<urn:s> a 4 .", headers=headers)
        problem(refused, 412, "precondition-failed")
    assert triples(get(writable, address)) == written("<urn:s> a 2 .")
    now = tag(writable, address, accept)
    # A weak tag says nothing of what may be replaced (RFC 9110, 8.8.3.2).
    problem(put(writable, address, "<urn:s> a 3 .", If_Match=f"W/{now}"), 412, "precondition-failed")
    problem(put(writable, address, "<urn:s> a 3 .", If_None_Match=f"W/{now}"), 412, "precondition-failed")
    assert put(writable, address, "<urn:s> a 3 .", If_None_Match=known).status_code == 204
    headers = {**TOKEN, "If-Match": "*"}
    assert writable.request("DELETE", address, headers=headers).status_code == 204


def test_a_graph_is_made_only_where_there_is_none(writable: InProcess) -> None:
    address = "/store?graph=urn:made"
    problem(put(writable, address, "<urn:s> a 1 .", If_Match="*"), 412, "precondition-failed")
    problem(put(writable, address, "<urn:s> a 1 .", If_Match='"x.ttl"'), 412, "precondition-failed")
    missing = writable.request("DELETE", address, headers={**TOKEN, "If-Match": '"x.ttl"'})
    problem(missing, 404, "no-such-graph")
    assert put(writable, address, "<urn:s> a 1 .", If_None_Match="*").status_code == 201
    answer = put(writable, address, "<urn:s> a 2 .", If_None_Match="*")
    assert problem(answer, 412, "precondition-failed")["where"] == "header If-None-Match"
    assert triples(get(writable, address)) == written("<urn:s> a 1 .")


def test_no_increment_is_lost_among_those_who_name_what_they_saw(writable: InProcess) -> None:
    address = "/store?graph=urn:count"
    put(writable, address, "<urn:c> <urn:is> 0 .")

    def increment(_: int) -> int:
        seen = get(writable, address)
        (count,) = (int(q.object.value) for q in triples(seen) if isinstance(q.object, ox.Literal))
        answer = put(writable, address, f"<urn:c> <urn:is> {count + 1} .", If_Match=seen.headers["etag"])
        assert answer.status_code in (204, 412)
        return answer.status_code == 204

    with ThreadPoolExecutor(3) as pool:
        done = sum(pool.map(increment, range(9)))
    assert done > 0
    assert triples(get(writable, address)) == written(f"<urn:c> <urn:is> {done} .")


def test_answers_to_put_have_no_tag(writable: InProcess) -> None:
    """Literals are made canonical: what is stored is not what was sent (RFC 9110, 9.3.4)."""
    assert "etag" not in put(writable, "/store?graph=urn:put", "<urn:s> a 1.50 .").headers
