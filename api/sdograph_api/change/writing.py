"""Writing over HTTP: who may, and the process that does it."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request

from sdograph.errors import WriterBusy
from sdograph_api.problems import Problem, from_error
from sdograph_api.process import Process
from sdograph_api.settings import Settings

#: Seconds to wait for another writer.
WAIT = 10.0


def writing_is_on(settings: Settings) -> bool:
    return settings.write_token is not None and not settings.read_only


def hold_to_writing(settings: Settings) -> None:
    """Raises a problem, 403, where writing is off."""
    if not writing_is_on(settings):
        raise Problem(
            403, "writing-off", "this server does not take changes", where="server",
            hint="its operator can set SDOGRAPH_WRITE_TOKEN",
        )  # fmt: skip


def hold_to_token(request: Request, settings: Settings) -> None:
    """Raises a problem unless the request may write: 403 where writing is off, 401 without the token."""
    hold_to_writing(settings)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = settings.write_token.get_secret_value() if settings.write_token else ""
    if scheme.casefold() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected.encode()):
        raise Problem(
            401, "unauthorized", "changes need the token of this server", where="header Authorization",
            hint="send Authorization: Bearer and the token", headers={"WWW-Authenticate": "Bearer"},
        )  # fmt: skip


async def body_of(request: Request) -> bytes:
    """The body of a request; raises a problem when the client goes before it is whole."""
    try:
        return await request.body()
    except ClientDisconnect as error:
        raise Problem(400, "body-incomplete", "the request ended before its body", hint="send it") from error


def media_type_of(request: Request) -> str:
    """The media type of the body, without parameters; raises a problem, 415, when its text is not UTF-8."""
    media_type, *parameters = (p.strip() for p in request.headers.get("content-type", "").split(";"))
    for name, _, value in (p.partition("=") for p in parameters):
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in ("utf-8", "utf8"):
            raise Problem(
                415, "unsupported-charset", f"the body is in {value}", where="header Content-Type",
                hint="encode it as UTF-8",
            )  # fmt: skip
    return media_type.lower()


class Writing:
    """The writing process of an application, started with the first change; one change at a time.

    To be used in one event loop; :meth:`close` has to be awaited in it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._process = Process(
            "sdograph_api.change.writer",
            {"store": settings.location},
            memory=settings.worker_memory,
            what="the change",
            less="change less at a time",
            time_setting="update_timeout",
        )

    async def change(
        self, asked: Mapping[str, Any], body: bytes, timeout: float | None = None
    ) -> dict[str, Any]:
        """Has a change made (see :mod:`sdograph_api.change.writer`), and returns what is told of it.

        Raises a problem when nothing was written: 400, 409 (another writer), 412 (conditions), 422 (shapes),
        503 (limits); see also :meth:`Process.ask`.
        """
        limit = min(timeout or self._settings.update_timeout, self._settings.update_timeout)
        until = time.monotonic() + WAIT
        try:
            await asyncio.wait_for(self._lock.acquire(), WAIT)
        except TimeoutError:
            raise from_error(WriterBusy("another change is being written", hint="try again")) from None
        try:
            wait = max(until - time.monotonic(), 0.0)
            done, _ = await self._process.ask({**asked, "wait": wait}, body, limit)
        finally:
            self._lock.release()
        return done

    async def close(self) -> None:
        await self._process.end()
