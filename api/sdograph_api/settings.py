"""Settings of the server, from ``SDOGRAPH_…`` environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from sdograph.paths import DEFAULT_DATA_DIR


class Settings(BaseSettings):
    """Each field is set by the environment variable SDOGRAPH_ and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SDOGRAPH_", extra="ignore")

    data_dir: Annotated[Path, Field(description="the data directory to serve")] = DEFAULT_DATA_DIR
    public_url: Annotated[
        str | None,
        Field(
            description="the address by which clients reach the server, with the path of a proxy if there is "
            "one; by default as each request says"
        ),
    ] = None
    query_workers: Annotated[int, Field(ge=1, description="processes kept ready for SPARQL queries")] = 2
    max_long_queries: Annotated[
        int, Field(ge=1, description="SPARQL queries that may run long at once; one more is answered 503")
    ] = 8
    query_timeout: Annotated[
        float, Field(gt=0, description="seconds a SPARQL query may take; a client may ask for less")
    ] = 30.0
    max_result_bytes: Annotated[
        int, Field(gt=0, description="bytes the answer to a SPARQL query may have")
    ] = 64 << 20
    worker_memory: Annotated[int, Field(gt=0, description="bytes of memory a SPARQL query may use")] = 2 << 30
    max_query_bytes: Annotated[int, Field(gt=0, description="bytes the text of a SPARQL query may have")] = (
        1 << 20
    )
    max_merged_quads: Annotated[
        int, Field(gt=0, description="triples that are merged for a query with several FROM graphs")
    ] = 1_000_000
    cache_bytes: Annotated[
        int, Field(ge=0, description="bytes of answers to SPARQL queries that are kept; 0 keeps none")
    ] = 64 << 20
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
    write_token: Annotated[
        SecretStr | None, Field(description="bearer token for writing; without it writing is off")
    ] = None
    read_only: Annotated[bool, Field(description="refuse every write, token or not")] = False
