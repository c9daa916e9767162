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
    workers: Annotated[int, typer.Option(envvar="SDOGRAPH_SERVERS", min=1, help="Server processes.")] = 1,
    read_only: Annotated[
        bool,
        typer.Option("--read-only", envvar="SDOGRAPH_READ_ONLY", help="Refuse every write, token or not."),
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Serve the graph: SPARQL, REST, linked data, exports. Builds the dataset first where there is none."""
    ensure_built(open_store(data_dir))
    # The server processes read their settings from the environment.
    os.environ["SDOGRAPH_DATA_DIR"] = str(data_dir)
    os.environ["SDOGRAPH_READ_ONLY"] = str(read_only).lower()
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
