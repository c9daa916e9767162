"""Routes whose answers are computed in threads of the server wait for their turn."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from sdograph.store.remote import is_remote
from sdograph_api.logs import RECORD
from sdograph_api.settings import Settings
from sdograph_api.turns import Turns

#: Answers that are computed at the same time, and of those that go over everything. Threads take turns with
#: each other and with who answers queries: two that read the store take three times as long as one. But many
#: of those eight wait for the same list, which is made once.
AT_ONCE, LONG_AT_ONCE = 8, 1
#: The same over a remote store, where threads wait for its server most of the time.
_REMOTE = 16, 4
_LONG = re.compile(r".*\.(?:csv|tsv)|.*/(?:gaps|review)|/\.well-known/void")


class Computing:
    """The turns of an application."""

    def __init__(self, settings: Settings) -> None:
        self._short, self._long = (
            Turns(
                at_once,
                max_waiting=settings.max_waiting_queries,
                timeout=settings.query_timeout,
                what="requests",
                waiting_limit="max_waiting_queries",
                time_limit="query_timeout",
            )
            for at_once in (_REMOTE if is_remote(settings.location) else (AT_ONCE, LONG_AT_ONCE))
        )

    def at(self, path: str) -> Turns:
        """Those of a route."""
        return self._long if _LONG.fullmatch(path) else self._short


class Route(APIRoute):
    """A route of an application that has ``computing``.

    Endpoints that are coroutines only wait for other processes, and for those nobody has to wait.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if asyncio.iscoroutinefunction(self.endpoint):
            return handle

        async def in_turn(request: Request) -> Response:
            turns: Turns = request.app.computing.at(self.path)
            async with turns.turn(request.scope[RECORD].client):
                return await handle(request)

        return in_turn


class Router(APIRouter):
    """A router of such routes."""

    def __init__(self, **given: Any) -> None:
        super().__init__(route_class=Route, **given)
