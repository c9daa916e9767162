"""A document at an address, brought into a folder: whole, bounded in size and time, or not at all."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from sdograph import __version__
from sdograph.errors import LimitExceeded, Unavailable

MAX_BYTES = 50_000_000
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def fetch(address: str, folder: Path) -> Path:
    """The file at an http(s) address, saved in ``folder`` under its own name.

    Raises Unavailable when it cannot be had, LimitExceeded when it is over 50 MB.
    """
    path = folder / (Path(unquote(urlsplit(address).path)).name or "document")
    try:
        with (
            httpx.Client(
                follow_redirects=True, timeout=_TIMEOUT, headers={"User-Agent": f"sdograph/{__version__}"}
            ) as client,
            client.stream("GET", address) as response,
            path.open("wb") as file,
        ):
            response.raise_for_status()
            for chunk in response.iter_bytes():
                file.write(chunk)
                if file.tell() > MAX_BYTES:
                    raise LimitExceeded(
                        f"over {MAX_BYTES:,} bytes", where=address, hint="download it and look what it is"
                    )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(
            str(error) or type(error).__name__, where=address, hint="check the address and the connection"
        ) from error
    return path
