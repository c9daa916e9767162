"""Who we are to the server; taken from the environment, never from an address, never shown."""

from __future__ import annotations

import base64
import os
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

import httpx

from sdograph.errors import UsageError
from sdograph.store.remote.address import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A user and a password, or a bearer token, or nothing."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Credentials:
        """SDOGRAPH_STORE_USER and SDOGRAPH_STORE_PASSWORD, or SDOGRAPH_STORE_TOKEN. Raises UsageError."""
        user, password, token = (
            environment.get(f"SDOGRAPH_STORE_{name}") or None for name in ("USER", "PASSWORD", "TOKEN")
        )
        if token and user:
            raise UsageError(
                "both SDOGRAPH_STORE_USER and SDOGRAPH_STORE_TOKEN are set", hint="set the one that is meant"
            )
        if (user is None) != (password is None):
            raise UsageError("SDOGRAPH_STORE_USER and SDOGRAPH_STORE_PASSWORD belong together")
        if token and not (token.isascii() and token.isprintable()):
            raise UsageError("SDOGRAPH_STORE_TOKEN has characters that no header can carry")
        return cls(user=user, password=password, token=token)

    def __bool__(self) -> bool:
        return bool(self.user or self.token)

    def auth(self, address: Address) -> httpx.Auth | None:
        """Raises UsageError when they would go over an open line to another machine."""
        if not self:
            return None
        if not (address.is_private() or address.plain):
            raise UsageError(
                "the password would go to another machine unencrypted",
                where=address.query,
                hint="use sparql+https://, or say plain=allow in the address if the line is safe",
            )
        if self.token:
            return _Bearer(self.token)
        return _Password(self.user or "", self.password or "")


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._value = f"Bearer {token}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._value
        yield request


class _Password(httpx.Auth):
    """Digest or basic, as the server asks for; nothing is sent to one that does not ask."""

    def __init__(self, user: str, password: str) -> None:
        self._digest = httpx.DigestAuth(user, password)
        self._basic = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        self._wants_basic = False

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._wants_basic:
            request.headers["Authorization"] = self._basic
            yield request
            return
        flow = self._digest.auth_flow(request)
        response = yield next(flow)
        if response.status_code == 401 and "Authorization" not in request.headers:
            asked = [text.strip().lower() for text in response.headers.get_list("www-authenticate")]
            if not any(text.startswith("digest") for text in asked):
                self._wants_basic = any("basic" in text for text in asked)
                if self._wants_basic:
                    request.headers["Authorization"] = self._basic
                    yield request
                return
        try:
            while True:
                response = yield flow.send(response)
        except StopIteration:
            return
