"""Nothing that is sent, or stands in a document, becomes a path, a header, a command, or a script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from canaries import SECRET
from conftest import HOSTILE, TOKEN, Target
from http_support import problem

#: Each route that takes a part of its path from outside, by where that stands.
PLACES = [
    "/id/{}",
    "/id/{}.ttl",
    "/id/group/{}",
    "/id/group/{}.html",
    "/scheme/{}",
    "/graph/{}",
    "/graph/{}.nq",
    "/export/{}/graph.gexf",
    "/export/liaisons/{}",
    "/export/liaisons/graph.{}",
    "/export/liaisons/body={}/graph.csv",
    "/export/dataset/graph.{}",
    "/api/v1/{}",
    "/api/v1/groups/{}",
    "/api/v1/groups/{}/inbox",
    "/ontology/{}",
    "/ontology.{}",
    "/shapes/{}",
    "/shapes.{}",
    "/docs/{}",
    "/.well-known/{}",
    "/store/{}",
    "/{}",
]


def escapes(path: str) -> Iterator[str]:
    up = "../" * 12
    yield from (
        path,
        f"{up}{path}",
        quote(f"{up}{path}", safe=""),
        f"{up}{path}".replace("../", "%2e%2e/"),
        f"{up}{path}".replace("../", "..%2f"),
        f"{up}{path}".replace("../", "..%252f"),
        f"{up}{path}".replace("../", "..%5c"),
        f"{up}{path}".replace("../", "..%c0%af"),
        f"/{path}",
        f"file:{path}",
        quote(f"file://{path}", safe=""),
        f"x%00{path}",
        f"{up}{path}%00.ttl",
    )


@pytest.mark.parametrize("place", PLACES)
def test_no_path_leads_to_a_file(target: Target, place: str) -> None:
    for escape in escapes(str(target.file.path)):
        # As it is: a client would take the dots away.
        path = place.format(escape.replace(" ", "%20"))
        answer = target.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        status = int(answer.split(maxsplit=2)[1])
        assert status in (301, 400, 403, 404), (path, answer[:300])
        assert SECRET.encode() not in answer


#: Addresses that repeat what they are asked in a header or a body.
ECHOES = [
    "/id/{}",
    "/id/body/ETSI{}",
    "/api/v1/groups?q={}",
    "/api/v1/groups?cursor={}",
    "/api/v1/groups?limit=1&q=S{}",
    "/api/v1/search?q={}",
    "/search?q={}",
    "/export/liaisons/body={}/graph.gexf",
    "/sparql?query={}",
    "/sparql?query=ASK%20%7B%7D&format={}",
    "/sparql?query=ASK%20%7B%7D&default-graph-uri=urn:{}",
    "/store?graph=urn:{}",
    "/api/v1/review?document={}",
    "/{}",
]


@pytest.mark.parametrize("place", ECHOES)
@pytest.mark.parametrize(
    "injected", ["%0d%0aX-Injected:%20yes", "%0aSet-Cookie:%20a=b", "%E5%98%8D%E5%98%8AX-Injected:%20yes"]
)
def test_no_parameter_becomes_a_header(target: Target, place: str, injected: str) -> None:
    path = place.format(injected)
    answer = target.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    head, _, _ = answer.partition(b"\r\n\r\n")
    status = int(head.split(maxsplit=2)[1])
    assert status < 500, answer
    for name in (b"x-injected", b"set-cookie"):
        assert not re.search(rb"[\r\n]" + name + rb"\s*:", head, re.IGNORECASE), head


def test_no_header_comes_back_as_another(target: Target) -> None:
    for name in (
        "X-Request-ID",
        "Host",
        "Origin",
        "Accept",
        "If-None-Match",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
    ):
        answer = target.raw(
            f"GET /sparql HTTP/1.1\r\n{name}: a\x0bX-Injected:b<script>\r\nConnection: close\r\n\r\n".encode()
        )
        head, _, _ = answer.partition(b"\r\n\r\n")
        assert int(head.split(maxsplit=2)[1]) < 500, answer
        assert b"<script>" not in head
        assert b"elsewhere" not in answer


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", 'x"><script>alert(1)</script>', "x y", "<x>", "a b>{}|\\^`", "", "[::1", "x\x00"],
)
def test_a_false_host_breaks_nothing(target: Target, host: str) -> None:
    for path, accept in (
        ("/sparql", "text/turtle"),
        ("/sparql", "text/html"),
        ("/", "text/html"),
        ("/id/body/ETSI", "text/html"),
        ("/.well-known/void", "text/turtle"),
        ("/api/v1/groups?limit=1", "*/*"),
        ("/docs", "*/*"),
        ("/store/x", "text/turtle"),
        ("/export/liaisons/graph.gexf", "*/*"),
        ("/search?q=x", "text/html"),
    ):
        answer = target.raw(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n".encode()
        )
        head, _, body = answer.partition(b"\r\n\r\n")
        assert int(head.split(maxsplit=2)[1]) < 500, (path, host, answer[:500])
        if b"text/html" in head:
            assert b"<script>alert" not in body


SEARCHES = [
    '"',
    "'",
    "''",
    '"unclosed',
    "a AND",
    "NOT",
    "NEAR(",
    "NEAR(a b, 99999)",
    "a*",
    "*",
    "^a",
    "-a",
    "a:b",
    "title:x",
    "{a b}:c",
    "(((",
    "a OR (b",
    "'; DROP TABLE things; --",
    "1 UNION SELECT sql FROM sqlite_master",
    "%",
    "_",
    "\\",
    "\x00",
    "\ud7ff",
    "a" * 200,
    " ".join("abcdefghij" * 10),
    "x' OR 'x'='x",
    "ATTACH DATABASE '/tmp/x' AS y",
    "load_extension('x')",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "$(id)",
    "`id`",
    "| id",
]


@pytest.mark.parametrize("text", SEARCHES)
def test_what_is_searched_for_is_only_words(target: Target, text: str) -> None:
    before = target.client.get("/api/v1/search", params={"q": "SA3"}).json()["data"]
    assert before
    for path in ("/api/v1/search", "/search", "/api/v1/groups", "/api/v1/review"):
        answer = target.client.get(path, params={"q": text})
        assert answer.status_code in (200, 400), (path, answer.text)
        assert not re.search(r"sqlite3\b|OperationalError|fts5:|no such column", answer.text)
    assert target.client.get("/api/v1/search", params={"q": "SA3"}).json()["data"] == before


class Elements(HTMLParser):
    """Notes the elements and attributes of a page that would do something."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "iframe", "object", "embed", "svg", "base"):
            self.active.append(tag)
        for name, value in attrs:
            if name.startswith("on") or re.match(
                r"\s*(javascript|vbscript|data:text)", value or "", re.IGNORECASE
            ):
                self.active.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "alert" in data:
            self.active.append(data)


def test_a_title_is_text_on_every_page(target: Target) -> None:
    asked = target.server.query("SELECT ?s ?t { ?s sdo:number 'S3-219999' ; dcterms:title ?t }").json()
    (row,) = asked["results"]["bindings"]
    assert row["t"]["value"] == HOSTILE  # it was read as it stood
    path = row["s"]["value"].removeprefix("https://w3id.org/sdograph")
    thread = "/thread/" + path.removeprefix("/id/liaison-statement/")
    pages = [
        path,
        f"{path}.html",
        "/id/liaison-statement",
        "/search?q=S3-219999",
        f"/search?q={quote(HOSTILE)}",
        thread,
        "/id/group/3GPP-SA3",
        "/id/group/ETSI-ISG-SAI",
        "/",
        f"/sparql?query={quote(HOSTILE)}",
        f"/{quote(HOSTILE)}",
        f"/id/{quote(HOSTILE)}",
    ]
    shown = 0
    for page in pages:
        answer = target.client.get(page, headers={"Accept": "text/html"}, follow_redirects=True)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page_read = Elements()
        page_read.feed(answer.text)
        assert page_read.active == [], page
        shown += html.escape(HOSTILE) in answer.text
        (policy,) = answer.headers.get_list("content-security-policy")
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert shown >= 3


#: An answer of each kind: method, path, what is accepted.
KINDS = [
    ("GET", "/", "*/*"),
    ("GET", "/id/body/ETSI.json", "*/*"),
    ("GET", "/id/body/ETSI.ttl", "*/*"),
    ("GET", "/id/nobody", "*/*"),
    ("GET", "/nothing", "*/*"),
    ("GET", "/api/v1/groups", "*/*"),
    ("GET", "/api/v1/groups.csv", "*/*"),
    ("GET", "/api/v1/groups?nonsense=1", "*/*"),
    ("GET", "/export/liaisons/graph.gexf", "*/*"),
    ("GET", "/export/dataset/graph.nq", "*/*"),
    ("GET", "/sparql?query=ASK%20%7B%7D", "*/*"),
    ("GET", "/sparql?query=ASK%20%7B%7D&format=xml", "*/*"),
    ("GET", "/sparql?query=nonsense", "*/*"),
    ("GET", "/sparql", "text/html"),
    ("GET", "/sparql", "text/turtle"),
    ("HEAD", "/sparql?query=ASK%20%7B%7D", "*/*"),
    ("OPTIONS", "/sparql", "*/*"),
    ("OPTIONS", "/api/v1/groups", "*/*"),
    ("PUT", "/sparql", "*/*"),
    ("DELETE", "/id/body/ETSI", "*/*"),
    ("POST", "/update", "*/*"),
    ("GET", "/store?default", "*/*"),
    ("GET", "/health", "*/*"),
    ("GET", "/metrics", "*/*"),
]


@pytest.mark.parametrize(("method", "path", "accept"), KINDS)
def test_every_answer_says_what_may_be_done_with_it(
    target: Target, method: str, path: str, accept: str
) -> None:
    headers = {"Accept": accept, "Origin": "https://elsewhere.example", "Cookie": "a=b"}
    answer = target.client.request(method, path, headers=headers)
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["no-referrer"]
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_is_what_it_says(target: Target, header: str) -> None:
    assert target.client.get("/id/body/ETSI.json", headers={header: "DELETE"}).status_code == 200
    answer = target.client.post("/id/body/ETSI", headers={header: "GET"}, data={"_method": "DELETE"})
    problem(answer, 405, "method-not-allowed")
    for method in ("TRACE", "PATCH", "PROPFIND", "DELETE"):
        answer = target.client.request(method, "/id/body/ETSI", headers={"X-Echo": SECRET})
        assert answer.status_code in (400, 405)
        assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?query=ASK%7B%7D&query=SELECT%20*%7B%7D", 400),
        ("/sparql?query=ASK%7B%7D&timeout=1&timeout=2", 400),
        ("/sparql?query=ASK%7B%7D&timeout=nan", 400),
        ("/sparql?query=ASK%7B%7D&timeout=inf", 400),
        ("/sparql?query=ASK%7B%7D&timeout=1e999", 400),
        ("/sparql?query=ASK%7B%7D&timeout=-1", 400),
        ("/store?graph=urn:a&graph=urn:b", 400),
        ("/store?graph=urn:a&default", 400),
        ("/store?graph=", 400),
        ("/api/v1/groups?limit=1&limit=500000", 400),
        ("/api/v1/groups?limit=-1", 400),
        ("/api/v1/groups?limit=99999999999999999999", 400),
        ("/api/v1/groups?cursor=x&cursor=y", 400),
        ("/api/v1/groups?__proto__=x", 400),
        ("/api/v1/groups?q[]=x", 400),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(target: Target, path: str, status: int) -> None:
    assert target.client.get(path).status_code == status


def test_the_token_is_told_to_nobody(target: Target) -> None:
    guesses = [TOKEN, TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "null", "\xff"]
    answers = []
    for guess in guesses:
        for scheme in ("Bearer", "bearer", "Basic", "Token"):
            headers = {
                "Authorization": f"{scheme} {guess}".encode("latin-1"),
                "Content-Type": "application/sparql-update",
            }
            answer = target.client.post("/update", content="nonsense", headers=headers)
            right = guess == TOKEN and scheme.lower() == "bearer"
            problem(answer, 400 if right else 401, answer.json()["code"])
            answers.append(answer)
    for path in (
        f"/sparql?query=ASK%7B%7D&token={TOKEN}",
        f"/api/v1/groups?token={TOKEN}",
        f"/nothing/{TOKEN}",
    ):
        # What is put into an address by mistake is not passed on either.
        headers = {"Authorization": f"Bearer {TOKEN}", "X-Request-ID": "here"}
        target.client.get(path, headers=headers)
    for path in ("/health", "/metrics", "/docs", "/openapi.json", "/sparql", "/", "/.well-known/void"):
        answers.append(target.client.get(path, headers={"Authorization": f"Bearer {TOKEN}"}))
    for answer in answers:
        assert TOKEN not in answer.text
        assert TOKEN not in str(answer.headers)
    assert TOKEN not in target.log.read_text(errors="replace")
