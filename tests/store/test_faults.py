"""Servers that answer something else than the whole answer: an error each time, never fewer rows."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from faulty_server import JSON, VERSION, Handler, faulty, rows
from pyoxigraph import Literal, NamedNode

from sdograph.errors import InvalidQuery, LimitExceeded, Superseded, Unavailable, UsageError
from sdograph.store import RemoteStore
from sdograph.store.remote import Credentials, transport

S = NamedNode("http://example.org/s")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_PAUSE", 0.001)


def read(address: str) -> list[str]:
    snapshot = RemoteStore(address, Credentials()).current()
    return [str(t.object.value) for t in snapshot.triples(S)]


def everything(address: str) -> list[str]:
    return [str(t.object.value) for t in RemoteStore(address, Credentials()).current().triples()]


def query(address: str) -> list[object]:
    return [row["o"] for row in RemoteStore(address, Credentials()).current().query("SELECT ?o { ?s ?p ?o }")]  # type: ignore[union-attr]


ROADS = (read, everything, query)


@pytest.mark.parametrize("road", ROADS)
def test_a_whole_answer_is_taken(road: Callable[[str], list[str]]) -> None:
    with faulty(lambda h: h.reply(rows("a", "b"))) as (address, _):
        found = road(address)
    assert {getattr(o, "value", o) for o in found if o is not None} == {"a", "b"}


def broken_json(h: Handler) -> None:
    h.reply(rows("a", "b")[:-40])


def endless(h: Handler) -> None:
    """Neither a length nor parts: the connection just ends, as it would if it were cut."""
    h.send_response(200)
    h.send_header("Content-Type", JSON)
    h.end_headers()
    h.wfile.write(rows("a"))
    h.close_connection = True


def cut_part(h: Handler) -> None:
    h.send_response(200)
    h.send_header("Content-Type", JSON)
    h.send_header("Transfer-Encoding", "chunked")
    h.end_headers()
    body = rows("a")
    h.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
    h.close_connection = True


PARTIAL = {"X_SQL_State": "S1TAT", "X_SQL_Message": "RC...: Returning incomplete results"}

FAULTS: dict[str, tuple[Callable[[Handler], None], str]] = {
    "server error": (lambda h: h.reply(b"out of memory", 500, "text/plain"), "500.*out of memory"),
    "page for people": (lambda h: h.reply(b"<html>secret</html>", 500, "text/html"), r"500 [\w ]+\("),
    "page that looks well": (lambda h: h.reply(b"<html>welcome", 200, "text/html"), "text/html instead of"),
    "another kind of answer": (lambda h: h.reply(b"a\r\n1", 200, "text/csv"), "text/csv instead of"),
    "no type": (lambda h: h.reply(rows("a"), 200, ""), "without a type"),
    "cut body": (lambda h: h.reply(rows("a", "b"), cut=30), "peer closed|incomplete|closed connection"),
    "cut in parts": (cut_part, "peer closed|incomplete|closed connection"),
    "broken body": (broken_json, "breaks off"),
    "broken within": (lambda h: h.reply(rows("a").replace(b":", b";", 9)), "broken"),
    "words in the end": (lambda h: h.reply(rows("a")[:-3] + b"cancelled"), "breaks off|broken"),
    "empty body": (lambda h: h.reply(b""), "breaks off|broken"),
    "no end": (endless, "does not say where it ends"),
    "part by time": (lambda h: h.reply(rows("a"), 206), "part of the answer"),
    "part by time, said aside": (lambda h: h.reply(rows("a"), **PARTIAL), "Returning incomplete results"),
    "elsewhere": (lambda h: h.reply(b"", 302, Location="http://192.0.2.1/q"), "leads to http://192.0.2.1/q"),
    "not let in": (lambda h: h.reply(b"", 401), "SDOGRAPH_STORE_USER"),
    "not found": (lambda h: h.reply(b"", 404), "404"),
    "truth": (lambda h: h.reply(b'{"head":{},"boolean":true}'), "truth value"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("road", ROADS)
def test_a_fault_is_an_error(fault: str, road: Callable[[str], list[str]]) -> None:
    answer, why = FAULTS[fault]
    if road is query and fault == "truth":
        pytest.skip("a query may be answered so")
    with faulty(answer) as (address, _), pytest.raises(Unavailable, match=why) as caught:
        road(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("road", ROADS)
def test_an_answer_at_another_version_is_an_error(road: Callable[[str], list[str]]) -> None:
    other = rows("a", version="8-beef")
    with faulty(lambda h: h.reply(other)) as (address, _), pytest.raises(Superseded, match="ask again"):
        road(address)


def test_a_limit_of_rows_is_an_error_where_it_cannot_be_got_round() -> None:
    def limited(h: Handler) -> None:
        h.reply(rows("a"), X_SPARQL_MaxRows="1")

    for road in ROADS:
        with faulty(limited) as (address, _), pytest.raises(Unavailable, match="first 1 rows only"):
            road(address)


def test_what_may_pass_is_tried_again() -> None:
    faults = [503, 429, 502]

    def recovering(h: Handler) -> None:
        h.reply(b"", faults.pop(), Retry_After="0") if faults else h.reply(rows("a"))

    with faulty(recovering) as (address, seen):
        assert read(address) == ["a"]
    assert len(seen) == 5, "the state, three faults, the answer"


def test_what_does_not_pass_is_given_up() -> None:
    with faulty(lambda h: h.reply(b"", 503)) as (address, seen), pytest.raises(Unavailable, match="4 tries"):
        read(address)
    assert len(seen) == 5


def test_an_error_of_the_query_is_not_tried_again() -> None:
    said = b"line 1: no\n\nSELECT"
    with faulty(lambda h: h.reply(said, 400, "text/plain")) as (address, seen):
        expected = pytest.raises(InvalidQuery, match="line 1: no \\(")
        with expected:
            query(address)
    assert len(seen) == 2


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(Unavailable, match="is the server running"):
        RemoteStore("sparql+http://127.0.0.1:1/query", Credentials()).current()


def slow(h: Handler) -> None:
    h.send_response(200)
    h.send_header("Content-Type", JSON)
    h.send_header("Content-Length", "1000")
    h.end_headers()
    try:
        for _ in range(60):
            h.wfile.write(b" ")
            h.wfile.flush()
            time.sleep(0.05)
    except OSError:  # nobody waits any more
        h.close_connection = True


@pytest.mark.parametrize("road", ROADS)
def test_an_answer_that_drips_is_given_up(road: Callable[[str], list[str]]) -> None:
    with faulty(slow) as (address, _), pytest.raises(Unavailable, match="within 1 second"):
        road(address + "?timeout=1")


def test_an_answer_that_is_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with faulty(lambda h: h.reply(rows(*("long" * 100,) * 100))) as (address, _):
        server = RemoteStore(address, Credentials()).server
        with pytest.raises(LimitExceeded, match="1,000 bytes"):
            server.ask("SELECT * {}", JSON, limit=1_000)


# --- who we are


def refusing(challenge: str) -> Callable[[Handler], None]:
    def answer(h: Handler) -> None:
        if h.headers.get("Authorization"):
            h.reply(rows("a"))
        else:
            h.reply(b"", 401, WWW_Authenticate=challenge)

    return answer


@pytest.mark.parametrize(
    "challenge, begin",
    [('Basic realm="x"', "Basic "), ('Digest realm="x", nonce="n", qop="auth", algorithm=MD5', "Digest ")],
)
def test_a_password_is_sent_as_the_server_asks(challenge: str, begin: str) -> None:
    with faulty(refusing(challenge)) as (address, seen):
        store = RemoteStore(address, Credentials(user="someone", password="s3cret"))
        snapshot = store.current()
        assert not seen[0]["authorization"], "nothing is sent to who does not ask"
        assert [t.object for t in snapshot.triples(S)] == [Literal("a")]
        assert seen[-1]["authorization"][0].startswith(begin)
        before = len(seen)
        list(snapshot.triples(NamedNode("http://example.org/t")))
        assert len(seen) == before + 1, "it is known by now how to ask"


def test_a_token_is_sent_with_every_request() -> None:
    with faulty(lambda h: h.reply(rows("a"))) as (address, seen):
        store = RemoteStore(address, Credentials(token="t0ken"))
        list(store.current().triples(S))
    assert {tuple(form["authorization"]) for form in seen} == {("Bearer t0ken",)}


# --- what is kept


def test_all_of_a_subject_comes_at_once_and_is_kept() -> None:
    with faulty(lambda h: h.reply(rows("a", "b"))) as (address, seen):
        snapshot = RemoteStore(address, Credentials()).current()
        before = len(seen)
        assert snapshot.value(S, S) is not None
        assert {t.object for t in snapshot.triples(S, S)} == {Literal("a"), Literal("b")}
        assert list(snapshot.triples(S, NamedNode("http://example.org/q"))) == []
        assert len(seen) == before + 1


def test_a_version_is_not_asked_for_within_its_age() -> None:
    with faulty(lambda h: h.reply(rows("a"))) as (address, seen):
        store = RemoteStore(address, Credentials(), max_age=60)
        assert store.current() is store.current()
        assert store.current().version == VERSION
        assert len(seen) == 1


def test_contacts_are_not_sent() -> None:
    def refused(address: str) -> None:
        with RemoteStore(address, Credentials()).trial() as writer:
            writer.keep_contacts("document/x", [])

    with faulty(lambda h: h.reply(rows())) as (address, seen), pytest.raises(UsageError, match="contact"):
        refused(address)
    assert not any("update" in form for form in seen)
