"""No request is too large, too slow, too deep or too crooked: bodies, heads and connections."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import time
import zlib
from collections.abc import Iterator
from functools import partial

import httpx
import pytest
from conftest import TOKEN, Target
from http_support import problem, wait_until

BEARER = {"Authorization": f"Bearer {TOKEN}"}
#: Where a body is read: with what media type, and the setting that bounds it.
READ = [
    ("/sparql", "application/sparql-query", "max_query_bytes"),
    ("/sparql", "application/x-www-form-urlencoded", "max_query_bytes"),
    ("/update", "application/sparql-update", "max_query_bytes"),
    ("/store?graph=urn:g", "text/turtle", "max_graph_bytes"),
    ("/api/v1/review/decisions", "application/json", "max_query_bytes"),
]

CHUNK = b"10000\r\n" + b"#" * 65536 + b"\r\n"


def parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the only answer there is."""
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(status.split()[1]), headers, body


def received(connection: socket.socket, answer: bytes = b"") -> bytes:
    """An answer as long as it says it is, of which a part may be here already."""
    connection.settimeout(20)
    while True:
        head, end, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if end and length and len(body) >= int(length[1]):
            return answer
        answer += (piece := connection.recv(65536))
        assert piece, answer


def first(target: Target, request: bytes) -> bytes:
    """The answer to what may be the beginning of a request."""
    with socket.create_connection(("127.0.0.1", target.port), timeout=20) as connection:
        connection.sendall(request)
        return received(connection)


def limit(answer: bytes, status: int) -> str:
    """The name of the limit that an answer says was gone over."""
    found, headers, body = parsed(answer)
    assert (found, headers["content-type"]) == (status, "application/problem+json"), answer
    return str(json.loads(body)["limit"]["name"])


def head(path: str, media_type: str, *further: str, method: str = "POST") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {TOKEN}",
        f"Content-Type: {media_type}",
        *further,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize(("path", "media_type", "setting"), READ)
def test_a_body_that_says_it_is_too_long_is_not_awaited(
    target: Target, path: str, media_type: str, setting: str
) -> None:
    answer = first(target, head(path, media_type, "Content-Length: 1000000000000") + b"x" * 1000)
    assert limit(answer, 413) == setting


def hung_up(connection: socket.socket) -> bool:
    try:
        connection.sendall(CHUNK)
    except ConnectionError:
        return True
    return False


def test_a_body_without_end_is_cut_off(target: Target) -> None:
    endless = [socket.create_connection(("127.0.0.1", target.port), timeout=20) for _ in READ]
    for connection, (path, media_type, setting) in zip(endless, READ, strict=True):
        connection.sendall(head(path, media_type, "Transfer-Encoding: chunked"))
        connection.setblocking(False)
        # The answer comes while the client still sends.
        rest, answer = CHUNK, b""
        while not answer:
            with contextlib.suppress(BlockingIOError):
                rest = rest[connection.send(rest) :] or CHUNK
            with contextlib.suppress(BlockingIOError):
                answer = connection.recv(65536)
        assert limit(received(connection, answer), 413) == setting
    # In the end the server hangs up.
    for connection in endless:
        wait_until(partial(hung_up, connection))
        connection.close()


def test_a_body_that_trickles_in_is_given_up(target: Target) -> None:
    open_ones = []
    for path, media_type, _ in READ:
        connection = socket.create_connection(("127.0.0.1", target.port), timeout=20)
        connection.sendall(head(path, media_type, "Content-Length: 1000"))
        open_ones.append(connection)
    for _ in range(10):
        time.sleep(0.3)
        for connection in open_ones:
            with contextlib.suppress(ConnectionError):
                connection.sendall(b"x")
    for connection in open_ones:
        assert limit(received(connection), 408) == "receive_timeout"
        connection.close()


@pytest.mark.parametrize(("path", "media_type", "setting"), READ)
def test_compressed_bodies_are_not_unpacked(target: Target, path: str, media_type: str, setting: str) -> None:
    bomb = gzip.compress(b"#" * 50_000_000)
    for coding, body in (("gzip", bomb), ("deflate", zlib.compress(b"#" * 50_000_000)), ("br", b"x")):
        headers = {**BEARER, "Content-Type": media_type, "Content-Encoding": coding}
        answer = target.client.post(path, content=body, headers=headers)
        problem(answer, 415, "unsupported-encoding")
        assert answer.headers["accept-encoding"] == "identity"


def deep() -> Iterator[tuple[str, bytes]]:
    yield "application/ld+json", b"[" * 90_000 + b"]" * 90_000
    yield "application/ld+json", b'{"@id":"urn:x","urn:p":' * 15_000 + b'"y"' + b"}" * 15_000
    yield "application/ld+json", b'{"@context":' * 15_000 + b"{}" + b"}" * 15_000
    yield "text/turtle", b"<urn:s> <urn:p> " + b"[ <urn:p> " * 20_000 + b"1" + b"]" * 20_000
    yield "text/turtle", b"<urn:s> <urn:p> " + b"(" * 20_000 + b")" * 20_000
    yield (
        "text/turtle",
        b"<urn:s> <urn:p> " + b"<<( <urn:s> <urn:p> " * 20_000 + b"1" + b" )>>" * 20_000 + b" .",
    )
    yield (
        "application/rdf+xml",
        (
            b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">'
            + b"<r:Description><e:p>" * 12_000
        ),
    )


def put(target: Target, media_type: str, body: bytes) -> httpx.Response:
    return target.client.put(
        "/store?graph=urn:deep", content=body, headers={**BEARER, "Content-Type": media_type}
    )


def written(target: Target) -> bool:
    """Whether an honest change is made."""
    answer = put(target, "text/turtle", b"<urn:a> <urn:b> 1 .")
    assert answer.status_code in (201, 204), answer.text
    return True


def test_deep_documents_bring_nothing_down(target: Target) -> None:
    for media_type, body in deep():
        answer = put(target, media_type, body)
        assert answer.status_code in (400, 413, 422, 503), (body[:40], answer.text)
        if answer.status_code == 503:
            assert answer.json()["code"] in ("timeout", "out-of-memory", "writer-lost")
    assert written(target)


def entities() -> Iterator[str]:
    description = (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#">'
        '<r:Description r:about="urn:x"><e:p>%s</e:p></r:Description></r:RDF>'
    )
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield f'<!DOCTYPE r [<!ENTITY l0 "ha">{laughs}]>{description % "&l11;"}'
    yield f'<!DOCTYPE r [<!ENTITY q "{"a" * 50_000}">]>{description % ("&q;" * 50_000)}'
    yield f'<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>{description % "&a;"}'


def test_bombs_of_entities_do_not_go_off(target: Target) -> None:
    for document in entities():
        answer = put(target, "application/rdf+xml", document.encode())
        assert answer.status_code in (400, 413, 503), answer.text
        assert written(target)


def test_forms_have_few_parts(target: Target) -> None:
    part = (
        '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n'
        "Content-Type: text/turtle\r\n\r\n\r\n"
    )
    body = (part * 2000 + "--x--\r\n").encode()
    headers = {**BEARER, "Content-Type": "multipart/form-data; boundary=x"}
    answer = target.client.post("/store?graph=urn:g", content=body, headers=headers)
    problem(answer, 400, "malformed-form")


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 100_000 + b"\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /sparql?query=" + b"a" * 140_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a" * 1_000_000,
    ],
    ids=["one header", "many headers", "path", "query", "name of a header"],
)
def test_heads_have_an_end(target: Target, request_head: bytes) -> None:
    assert limit(target.raw(request_head), 431) == "head_bytes"


def test_half_a_request_keeps_nobody_out(target: Target) -> None:
    waiting = []
    for number in range(300):
        connection = socket.create_connection(("127.0.0.1", target.port), timeout=20)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-%d: a" % number)
        waiting.append(connection)
    for _ in range(5):
        assert target.server.query("ASK {}").json()["boolean"] is True
    for connection in waiting:
        connection.close()


def test_a_head_that_does_not_come_is_given_up(target: Target) -> None:
    # It was begun with the server, so that this test need not wait for all of it.
    assert limit(received(target.idler), 408) == "head_seconds"


SECOND = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "lines",
    [
        [b"Transfer-Encoding: chunked", b"Content-Length: 4"],
        [b"Content-Length: 4", b"Transfer-Encoding: chunked"],
        [b"Content-Length: 4", b"Content-Length: 50"],
        [b"Content-Length: 4, 50"],
        [b"Content-Length: +4"],
        [b"Content-Length: 0x4"],
        [b"Content-Length : 4"],
        [b"Transfer-Encoding: xchunked"],
        [b"Transfer-Encoding: chunked, identity"],
        [b"Transfer-Encoding: identity, chunked", b"Content-Length: 4"],
        [b"Transfer-Encoding:\x0bchunked"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: x"],
        [b"X: y\nTransfer-Encoding: chunked"],
        [b" Transfer-Encoding: chunked"],
    ],
)
def test_a_request_does_not_hide_another(target: Target, lines: list[bytes]) -> None:
    request = b"\r\n".join([b"POST /sparql HTTP/1.1", b"Host: localhost", *lines, b"", b""])
    answer = target.raw(request + b"0\r\n\r\n" + SECOND)
    assert len(re.findall(rb"HTTP/1\.1 \d{3}", answer)) <= 1, answer
    assert b"/smuggled" not in answer
    if answer:
        assert parsed(answer)[0] == 400


@pytest.mark.parametrize(
    "line",
    [
        b"GET http://elsewhere.example/ HTTP/1.1",
        b"GET / HTTP/9.9",
        b"GET /\x00 HTTP/1.1",
        b"\x16\x03\x01\x02\x00",
        b"GET  /  HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"CONNECT elsewhere.example:80 HTTP/1.1",
        b"GET * HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"BREW / HTTP/1.1",
        b"GET //elsewhere.example/%2e%2e HTTP/1.1",
    ],
)
def test_crooked_request_lines_are_answered_or_refused(target: Target, line: bytes) -> None:
    answer = target.raw(line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    if answer:
        assert parsed(answer)[0] in (200, 204, 400, 404, 405, 501), answer
        assert "location" not in parsed(answer)[1]


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_nothing_is_upgraded(target: Target, upgrade: str) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": upgrade,
        "Sec-WebSocket-Key": "eHh4eHh4eHh4eHh4eHh4eA==",
        "Sec-WebSocket-Version": "13",
    }
    answer = target.client.get("/", headers=headers)
    assert answer.status_code == 200
