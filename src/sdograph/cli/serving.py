"""The command that serves the graph over HTTP."""

from __future__ import annotations

import os
from typing import Annotated

import typer
import uvicorn

from sdograph.cli.documents import ensure_built
from sdograph.cli.output import DataDir, messages
from sdograph.paths import DEFAULT_DATA_DIR
from sdograph.store import open_store


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
    query_timeout: Annotated[
        float | None, typer.Option(envvar="SDOGRAPH_QUERY_TIMEOUT", help="Seconds a query may take. [30]")
    ] = None,
    query_workers: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_QUERY_WORKERS", help="Processes for queries. [2]")
    ] = None,
    max_long_queries: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_LONG_QUERIES", help="Long queries at once. [8]")
    ] = None,
    max_result_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_RESULT_BYTES", help="Bytes of an answer. [64 MiB]")
    ] = None,
    max_query_bytes: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_MAX_QUERY_BYTES", help="Bytes of a query. [1 MiB]")
    ] = None,
    max_merged_quads: Annotated[
        int | None,
        typer.Option(envvar="SDOGRAPH_MAX_MERGED_QUADS", help="Triples of several FROM. [1,000,000]"),
    ] = None,
    worker_memory: Annotated[
        int | None, typer.Option(envvar="SDOGRAPH_WORKER_MEMORY", help="Bytes of memory a query. [2 GiB]")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Serve the graph: SPARQL, REST, linked data, exports. Builds the dataset first where there is none."""
    ensure_built(open_store(data_dir))
    # The server processes, of which there may be several, read their settings from the environment.
    for name, value in (
        ("DATA_DIR", data_dir),
        ("READ_ONLY", str(read_only).lower()),
        ("PUBLIC_URL", public_url),
        ("QUERY_TIMEOUT", query_timeout),
        ("QUERY_WORKERS", query_workers),
        ("MAX_LONG_QUERIES", max_long_queries),
        ("MAX_RESULT_BYTES", max_result_bytes),
        ("MAX_QUERY_BYTES", max_query_bytes),
        ("MAX_MERGED_QUADS", max_merged_quads),
        ("WORKER_MEMORY", worker_memory),
    ):
        if value is not None:
            os.environ[f"SDOGRAPH_{name}"] = str(value)
    messages.print(f"serving {data_dir} at http://{host}:{port}", markup=False)
    uvicorn.run(
        "sdograph_api.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


COMMANDS = (serve,)
