"""Who may write: whoever has the token, where one is configured."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from sdograph_api.problems import Problem
from sdograph_api.settings import Settings


def hold_to_token(request: Request, settings: Settings) -> None:
    """Raises a problem unless the request may write: 403 where writing is off, 401 without the token."""
    if settings.write_token is None or settings.read_only:
        raise Problem(
            403, "writing-off", "this server does not take changes", where="server",
            hint="its operator can set SDOGRAPH_WRITE_TOKEN",
        )  # fmt: skip
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = settings.write_token.get_secret_value()
    if scheme.casefold() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected.encode()):
        raise Problem(
            401, "unauthorized", "changes need the token of this server", where="header Authorization",
            hint="send Authorization: Bearer and the token", headers={"WWW-Authenticate": "Bearer"},
        )  # fmt: skip
