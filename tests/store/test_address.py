"""Addresses of servers, and who we are to them."""

from __future__ import annotations

import pytest

from sdograph.errors import SdographError, UsageError
from sdograph.store import EmbeddedStore, RemoteStore, open_store
from sdograph.store.remote import Address, Credentials


@pytest.mark.parametrize(
    "text, query, update, merged",
    [
        ("sparql+http://127.0.0.1:7878", "http://127.0.0.1:7878/query", "http://127.0.0.1:7878/update", None),
        ("sparql+https://h/ds/query", "https://h/ds/query", "https://h/ds/update", None),
        (
            "sparql+http://localhost:8890/sparql?update=/sparql-auth&merged=https://w3id.org/sdograph/graph/merged",
            "http://localhost:8890/sparql",
            "http://localhost:8890/sparql-auth",
            "https://w3id.org/sdograph/graph/merged",
        ),
        (
            "sparql+https://h/repositories/x?update=statements&merged=urn:x:m",
            "https://h/repositories/x",
            "https://h/repositories/statements",
            "urn:x:m",
        ),
        ("sparql+https://h/q?update=https://w/u&merged=default", "https://h/q", "https://w/u", None),
    ],
)
def test_an_address_says_where_everything_is(text: str, query: str, update: str, merged: str | None) -> None:
    address = Address.parse(text)
    assert (address.query, address.update) == (query, update)
    assert (address.merged.value if address.merged else None) == merged


@pytest.mark.parametrize(
    "text, why",
    [
        ("sparql+ftp://h/query", "no address of a SPARQL server"),
        ("sparql+http:///query", "no address of a SPARQL server"),
        ("sparql+http://h:notaport/query", "Port"),
        ("sparql+http://h/query?udpate=/u", "no parameter is called 'udpate'"),
        ("sparql+http://h/query?update=/u&update=/v", "given twice"),
        ("sparql+http://h/query?update=file:///etc/passwd", "no address over HTTP"),
        ("sparql+http://h/query?merged=here", "IRI of a graph"),
        ("sparql+http://h/query?merged=http://a b", "IRI of a graph"),
        ("sparql+http://h/query?atomic=perhaps", "yes or no"),
        ("sparql+http://h/query?timeout=-3", "whole seconds"),
        ("sparql+http://h/query?foreign=ignore", "shared with others"),
    ],
)
def test_what_is_no_address(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        open_store(text)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        open_store("sparql+https://someone:s3cret@h/query")
    assert "s3cret" not in str(caught.value)
    assert "SDOGRAPH_STORE_PASSWORD" in str(caught.value)


def test_open_store_takes_either() -> None:
    assert isinstance(open_store("/nowhere"), EmbeddedStore)
    assert isinstance(open_store("sparql+http://127.0.0.1:1/query"), RemoteStore)
    assert open_store("sparql+http://127.0.0.1:1/query?timeout=7").location == "http://127.0.0.1:1/query"


SECRET = {"SDOGRAPH_STORE_USER": "someone", "SDOGRAPH_STORE_PASSWORD": "s3cret"}


@pytest.mark.parametrize(
    "address", ["sparql+http://192.0.2.7/query", "sparql+https://h/query?update=http://192.0.2.7/update"]
)
def test_credentials_do_not_go_over_an_open_line(address: str) -> None:
    credentials = Credentials.from_environment(SECRET)
    with pytest.raises(UsageError, match="unencrypted"):
        RemoteStore(address, credentials)
    RemoteStore(address + ("&" if "?" in address else "?") + "plain=allow", credentials)
    RemoteStore(address, Credentials())


@pytest.mark.parametrize(
    "address", ["sparql+https://h/query", "sparql+http://localhost/query", "sparql+http://[::1]:80/query"]
)
def test_credentials_go_where_nobody_listens(address: str) -> None:
    RemoteStore(address, Credentials.from_environment(SECRET))


@pytest.mark.parametrize(
    "environment",
    [
        {"SDOGRAPH_STORE_USER": "someone"},
        {"SDOGRAPH_STORE_PASSWORD": "s3cret"},
        SECRET | {"SDOGRAPH_STORE_TOKEN": "t0ken"},
        {"SDOGRAPH_STORE_TOKEN": "t0ken\n"},
    ],
)
def test_credentials_that_are_none(environment: dict[str, str]) -> None:
    with pytest.raises(SdographError) as caught:
        Credentials.from_environment(environment)
    assert "s3cret" not in str(caught.value)
    assert "t0ken" not in str(caught.value)


def test_credentials_are_not_shown() -> None:
    assert "s3cret" not in repr(Credentials.from_environment(SECRET))
    assert "t0ken" not in repr(Credentials.from_environment({"SDOGRAPH_STORE_TOKEN": "t0ken"}))
    assert not Credentials.from_environment({"SDOGRAPH_STORE_USER": "", "SDOGRAPH_STORE_PASSWORD": ""})
