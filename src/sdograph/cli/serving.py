"""The command that serves the graph over HTTP."""

from __future__ import annotations

import ipaddress
import os
import resource
import signal
import sys
import tempfile
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer
import uvicorn

from sdograph.cli.documents import ensure_built
from sdograph.cli.opening import DataDir, StoreUrl
from sdograph.cli.output import messages
from sdograph.paths import DEFAULT_DATA_DIR
from sdograph.store import open_store


class LogFormat(StrEnum):
    JSON = "json"
    LOGFMT = "logfmt"
    NONE = "none"


class LogLevel(StrEnum):
    INFO = "info"
    DEBUG = "debug"


def _proxies(addresses: list[str] | None) -> list[str] | None:
    """Raises BadParameter for what is neither an address nor a network."""
    for address in addresses or ():
        try:
            ipaddress.ip_network(address)
        except ValueError as error:
            raise typer.BadParameter(f"{error}: write an address, or a network such as 10.0.0.0/8") from error
    return addresses


def serve(
    host: Annotated[
        str, typer.Option(envvar="SDOGRAPH_HOST", help="The address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="SDOGRAPH_PORT", min=0, max=65535, help="The port.")] = 8000,
    workers: Annotated[int, typer.Option(envvar="SDOGRAPH_WORKERS", min=1, help="Server processes.")] = 1,
    read_only: Annotated[
        bool,
        typer.Option("--read-only", envvar="SDOGRAPH_READ_ONLY", help="Refuse every write, token or not."),
    ] = False,
    public_url: Annotated[
        str | None, typer.Option(envvar="SDOGRAPH_PUBLIC_URL", help="The address by which clients reach it.")
    ] = None,
    trusted_proxies: Annotated[
        list[str] | None,
        typer.Option(
            "--trusted-proxy",
            envvar="SDOGRAPH_TRUSTED_PROXIES",
            metavar="ADDRESS",
            callback=_proxies,
            help="A proxy, or network of some, whose word about the address of a client is taken.",
        ),
    ] = None,
    query_timeout: Annotated[
        float | None, typer.Option(envvar="SDOGRAPH_QUERY_TIMEOUT", help="Seconds a query may take. [30]")
    ] = None,
    max_query_timeout: Annotated[
        float | None,
        typer.Option(
            envvar="SDOGRAPH_MAX_QUERY_TIMEOUT",
            help="Seconds that a client may ask for. [those of --query-timeout]",
        ),
    ] = None,
    query_workers: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_QUERY_WORKERS", help="Processes for queries. [2]")
    ] = None,
    max_long_queries: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_LONG_QUERIES", help="Long queries at once. [8]")
    ] = None,
    max_waiting_queries: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_WAITING_QUERIES", help="Queries that wait. [1000]")
    ] = None,
    max_client_requests: Annotated[
        int | None,
        typer.Option(
            envvar="SDOGRAPH_MAX_CLIENT_REQUESTS", help="Requests a client may have running; 0: any. [100]"
        ),
    ] = None,
    receive_timeout: Annotated[
        float | None,
        typer.Option(envvar="SDOGRAPH_RECEIVE_TIMEOUT", help="Seconds a request may take to arrive. [60]"),
    ] = None,
    max_rows: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_ROWS", help="Rows of an answer. [1,000,000]")
    ] = None,
    max_result_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_RESULT_BYTES", help="Bytes of an answer. [64 MiB]")
    ] = None,
    max_query_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_QUERY_BYTES", help="Bytes of a request. [1 MiB]")
    ] = None,
    max_merged_quads: Annotated[
        int | None,
        typer.Option(envvar="SDOGRAPH_MAX_MERGED_QUADS", help="Triples of several FROM. [1,000,000]"),
    ] = None,
    service_allow: Annotated[
        list[str] | None,
        typer.Option(
            "--service-allow",
            envvar="SDOGRAPH_SERVICE_ALLOW",
            metavar="IRI",
            help="An endpoint that SERVICE may ask; with * at the end, all that begin so. [none]",
        ),
    ] = None,
    update_timeout: Annotated[
        float | None, typer.Option(envvar="SDOGRAPH_UPDATE_TIMEOUT", help="Seconds a change may take. [60]")
    ] = None,
    max_graph_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_GRAPH_BYTES", help="Bytes of a graph sent. [32 MiB]")
    ] = None,
    dry_runs: Annotated[
        bool,
        typer.Option(
            envvar="SDOGRAPH_DRY_RUNS", help="Read documents for whoever sends them, or with the token only."
        ),
    ] = True,
    ingest_readers: Annotated[
        int | None,
        typer.Option(envvar="SDOGRAPH_INGEST_READERS", help="Requests with documents read at once. [2]"),
    ] = None,
    max_client_ingests: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_CLIENT_INGESTS", help="Such of one client. [4]")
    ] = None,
    ingest_timeout: Annotated[
        float | None,
        typer.Option(envvar="SDOGRAPH_INGEST_TIMEOUT", help="Seconds that reading a request takes. [60]"),
    ] = None,
    max_ingest_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_INGEST_BYTES", help="Bytes of documents. [32 MiB]")
    ] = None,
    network_makers: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_NETWORK_MAKERS", help="Networks made at once. [2]")
    ] = None,
    max_client_networks: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_CLIENT_NETWORKS", help="Such of one client. [4]")
    ] = None,
    network_timeout: Annotated[
        float | None,
        typer.Option(envvar="SDOGRAPH_NETWORK_TIMEOUT", help="Seconds that making one takes. [60]"),
    ] = None,
    worker_memory: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_WORKER_MEMORY", help="Bytes of memory a query. [2 GiB]")
    ] = None,
    queries_memory: Annotated[
        int | None,
        typer.Option(
            envvar="SDOGRAPH_QUERIES_MEMORY",
            help="Bytes of memory all queries together. [half of what there is]",
        ),
    ] = None,
    cache_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_CACHE_BYTES", help="Bytes of answers kept. [64 MiB]")
    ] = None,
    prepare_search: Annotated[
        bool,
        typer.Option(envvar="SDOGRAPH_PREPARE_SEARCH", help="Index before the first search."),
    ] = True,
    prepare_overlaps: Annotated[
        bool,
        typer.Option(envvar="SDOGRAPH_PREPARE_OVERLAPS", help="Compare all items before anybody asks."),
    ] = True,
    metrics: Annotated[
        bool, typer.Option(envvar="SDOGRAPH_METRICS", help="Answer /metrics, for Prometheus.")
    ] = True,
    log_format: Annotated[
        LogFormat,
        typer.Option(envvar="SDOGRAPH_LOG_FORMAT", help="json, logfmt, or none: no lines for requests."),
    ] = LogFormat.JSON,
    log_level: Annotated[
        LogLevel, typer.Option(envvar="SDOGRAPH_LOG_LEVEL", help="info, or debug: with the text of queries.")
    ] = LogLevel.INFO,
    log_client_address: Annotated[
        bool,
        typer.Option(
            "--log-client-address", envvar="SDOGRAPH_LOG_CLIENT_ADDRESS", help="Log addresses of clients."
        ),
    ] = False,
    shutdown_timeout: Annotated[
        int,
        typer.Option(
            envvar="SDOGRAPH_SHUTDOWN_TIMEOUT",
            min=1,
            help="Seconds that requests may take to end on SIGTERM.",
        ),
    ] = 10,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    store_url: StoreUrl = None,
) -> None:
    """Serve the graph: SPARQL, REST, linked data, exports. Builds the dataset first where there is none."""
    # The server's own libraries: no other command needs them.
    from sdograph_api.connections import Connection
    from sdograph_api.logs import configuration
    from sdograph_api.machine import machine_memory

    store = open_store(store_url or data_dir)
    ensure_built(store)
    # The server processes, of which there may be several, read their settings from the environment.
    for name, value in (
        ("DATA_DIR", data_dir),
        ("STORE", store_url),
        ("READ_ONLY", str(read_only).lower()),
        ("PUBLIC_URL", public_url),
        ("QUERY_TIMEOUT", query_timeout),
        ("QUERY_WORKERS", query_workers),
        ("MAX_QUERY_TIMEOUT", max_query_timeout),
        ("MAX_LONG_QUERIES", max_long_queries),
        ("MAX_WAITING_QUERIES", max_waiting_queries),
        ("MAX_CLIENT_REQUESTS", max_client_requests),
        ("RECEIVE_TIMEOUT", receive_timeout),
        ("MAX_ROWS", max_rows),
        ("MAX_RESULT_BYTES", max_result_bytes),
        ("MAX_QUERY_BYTES", max_query_bytes),
        ("MAX_MERGED_QUADS", max_merged_quads),
        ("SERVICE_ALLOW", " ".join(service_allow) if service_allow else None),
        ("UPDATE_TIMEOUT", update_timeout),
        ("MAX_GRAPH_BYTES", max_graph_bytes),
        ("DRY_RUNS", str(dry_runs).lower()),
        ("INGEST_READERS", ingest_readers),
        ("MAX_CLIENT_INGESTS", max_client_ingests),
        ("INGEST_TIMEOUT", ingest_timeout),
        ("MAX_INGEST_BYTES", max_ingest_bytes),
        ("NETWORK_MAKERS", network_makers),
        ("MAX_CLIENT_NETWORKS", max_client_networks),
        ("NETWORK_TIMEOUT", network_timeout),
        ("WORKER_MEMORY", worker_memory),
        # Each of the server processes sees to its part.
        (
            "QUERIES_MEMORY",
            (queries_memory or machine_memory() // 2) // workers if workers > 1 else queries_memory,
        ),
        ("CACHE_BYTES", cache_bytes),
        ("PREPARE_SEARCH", str(prepare_search).lower()),
        ("PREPARE_OVERLAPS", str(prepare_overlaps).lower()),
        ("METRICS", str(metrics).lower()),
        ("LOG_FORMAT", log_format),
        ("LOG_LEVEL", log_level),
        ("LOG_CLIENT_ADDRESS", str(log_client_address).lower()),
    ):
        if value is not None:
            os.environ[f"SDOGRAPH_{name}"] = str(value)
    messages.print(f"serving {store.location} at http://{host}:{port}", markup=False)
    # Each connection is a file, and those that wait must not keep others out.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 1 << 20, hard))
    # uvicorn waits for the requests, and then raises the signal again: it must not count as a failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as ending:
        if workers > 1 and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            shared = tempfile.TemporaryDirectory(prefix="sdograph-metrics-")
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = ending.enter_context(shared)
        uvicorn.run(
            "sdograph_api.app:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            http=Connection,
            ws="none",
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=trusted_proxies or [],
            log_config=configuration(log_format),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=shutdown_timeout,
        )


COMMANDS = (serve,)
