"""Settings of the server, from ``SDOGRAPH_…`` environment variables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from sdograph.paths import DEFAULT_DATA_DIR
from sdograph_api.machine import machine_memory

#: An endpoint, or the beginning of some: the host has to be written out.
_ENDPOINT = re.compile(r"https?://[^/?#@*\s<>]+/[^#*\s<>]*\*?")


class Settings(BaseSettings):
    """Each field is set by the environment variable SDOGRAPH_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SDOGRAPH_", extra="ignore")

    data_dir: Annotated[Path, Field(description="the data directory to serve")] = DEFAULT_DATA_DIR
    store: Annotated[
        str | None,
        Field(description="address of a SPARQL server that keeps the graph instead, as sparql+http://…"),
    ] = None
    public_url: Annotated[
        str | None,
        Field(
            description="the address by which clients reach the server, with the path of a proxy if there is "
            "one; by default as each request says"
        ),
    ] = None
    query_workers: Annotated[int, Field(ge=1, description="processes kept ready for SPARQL queries")] = 2
    max_long_queries: Annotated[
        int, Field(ge=1, description="SPARQL queries that may run long at once; one more waits")
    ] = 8
    max_waiting_queries: Annotated[
        int, Field(ge=0, description="SPARQL queries that may wait for a process; one more is answered 503")
    ] = 1000
    max_client_requests: Annotated[
        int, Field(ge=0, description="requests a client may have running; one more is answered 429; 0: any")
    ] = 100
    query_timeout: Annotated[
        float, Field(gt=0, description="seconds a SPARQL query may take unless its client says otherwise")
    ] = 30.0
    max_query_timeout: Annotated[
        float | None, Field(gt=0, description="seconds that a client may ask for; by default query_timeout")
    ] = None
    receive_timeout: Annotated[float, Field(gt=0, description="seconds a request may take to arrive")] = 60.0
    max_result_bytes: Annotated[
        int, Field(gt=0, description="bytes the answer to a SPARQL query may have")
    ] = 64 << 20
    max_rows: Annotated[
        int, Field(gt=0, description="rows, or triples, the answer to a SPARQL query may have")
    ] = 1_000_000
    worker_memory: Annotated[int, Field(gt=0, description="bytes of memory a SPARQL query may use")] = 2 << 30
    queries_memory: Annotated[
        int,
        Field(ge=128 << 20, description="bytes of memory all SPARQL queries may use; by default half of it"),
    ] = Field(default_factory=lambda: max(machine_memory() // 2, 128 << 20))
    max_query_bytes: Annotated[int, Field(gt=0, description="bytes a request may have")] = 1 << 20
    max_merged_quads: Annotated[
        int, Field(gt=0, description="triples that are merged for a query with several FROM graphs")
    ] = 1_000_000
    service_allow: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(description="endpoints that SERVICE may ask: IRIs, and beginnings of IRIs that end in *"),
    ] = ()
    cache_bytes: Annotated[
        int, Field(ge=0, description="bytes of answers to SPARQL queries that are kept; 0 keeps none")
    ] = 64 << 20
    prepare_search: Annotated[
        bool, Field(description="make the index for searching before the first search")
    ] = True
    prepare_overlaps: Annotated[
        bool, Field(description="compare all work items and specifications before anybody asks")
    ] = True
    metrics: Annotated[bool, Field(description="answer /metrics")] = True
    log_format: Annotated[
        Literal["json", "logfmt", "none"], Field(description="form of the log; none: no lines for requests")
    ] = "json"
    log_level: Annotated[
        Literal["info", "debug"], Field(description="at debug the text of queries is logged too")
    ] = "info"
    log_client_address: Annotated[bool, Field(description="log the addresses of clients")] = False
    update_timeout: Annotated[
        float, Field(gt=0, description="seconds a change may take; a client may ask for less")
    ] = 60.0
    max_graph_bytes: Annotated[int, Field(gt=0, description="bytes a graph sent to /store may have")] = (
        32 << 20
    )
    dry_runs: Annotated[
        bool, Field(description="read documents for whoever sends them; otherwise only with the token")
    ] = True
    ingest_readers: Annotated[
        int, Field(ge=1, description="requests with documents that are read at once; others wait")
    ] = 2
    max_client_ingests: Annotated[
        int, Field(ge=0, description="such requests a client may have; one more is answered 429; 0: any")
    ] = 4
    ingest_timeout: Annotated[
        float, Field(gt=0, description="seconds that reading the documents of a request may take")
    ] = 60.0
    max_ingest_bytes: Annotated[int, Field(gt=0, description="bytes a request with documents may have")] = (
        32 << 20
    )
    network_makers: Annotated[int, Field(ge=1, description="networks that are made at once; others wait")] = 2
    network_timeout: Annotated[
        float,
        Field(gt=0, description="seconds that making a network may take, and that it may wait for that"),
    ] = 60.0
    max_client_networks: Annotated[
        int, Field(ge=0, description="networks made for a client at once; one more is answered 429; 0: any")
    ] = 4
    write_token: Annotated[
        SecretStr | None, Field(description="bearer token for writing; without it writing is off")
    ] = None
    read_only: Annotated[bool, Field(description="refuse every write, token or not")] = False

    @property
    def location(self) -> str:
        """Where the graph is: the address of a server, or the data directory."""
        return self.store or str(self.data_dir)

    @field_validator("service_allow", mode="before")
    @classmethod
    def _endpoints(cls, value: object) -> object:
        given = value.split() if isinstance(value, str) else value
        for endpoint in given if isinstance(given, list | tuple) else ():
            if not _ENDPOINT.fullmatch(str(endpoint)):
                raise ValueError(f"{endpoint}: write http(s)://host/path, or http(s)://host/beginning*")
        return given

    @model_validator(mode="after")
    def _cap(self) -> Self:
        if self.max_query_timeout is not None and self.max_query_timeout < self.query_timeout:
            raise ValueError("max_query_timeout is below query_timeout")
        return self
