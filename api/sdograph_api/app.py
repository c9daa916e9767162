"""The application: everything the server answers, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from sdograph.errors import Unavailable
from sdograph_api.context import Context
from sdograph_api.settings import Settings
from sdograph_api.sparql import Receive, Scope, Send, SparqlEndpoint


class Application(FastAPI):
    """FastAPI, with the SPARQL endpoint in front: that path pays for no middleware and no routing."""

    sparql: SparqlEndpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            if path in ("/sparql", "/sparql/"):
                await self.sparql(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


def create_app(settings: Settings | None = None) -> Application:
    """The application over the data directory of the settings (by default those of the environment)."""
    context = Context(settings or Settings())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Without a dataset /health says so; the processes start when there is one.
        with suppress(Unavailable):
            context.workers()
        yield
        await context.close()

    app = Application(title="sdograph", lifespan=lifespan)
    app.sparql = SparqlEndpoint(context)
    return app
