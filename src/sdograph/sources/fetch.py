"""A document at an address, brought into a folder: whole, bounded in size and time, or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from sdograph import __version__
from sdograph.errors import LimitExceeded, Unavailable

MAX_BYTES = 50_000_000
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
#: Says who asks and where to read about it; servers turn away those who do not.
USER_AGENT = f"sdograph/{__version__} (+https://w3id.org/sdograph)"

_LONGEST_NAME = 200


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def file_name(address: str) -> str:
    """The name of the document at an address, safe as the name of a file in a folder of ours."""
    name = unquote(urlsplit(address).path).rpartition("/")[2].replace("\0", "")
    return name[-_LONGEST_NAME:] if name.strip(".") else "document"


def fetch(address: str, folder: Path, *, limit: int = MAX_BYTES) -> Path:
    """The file at an http(s) address, saved in ``folder`` under its own name.

    Raises Unavailable when it cannot be had or does not come whole, LimitExceeded when it is longer than
    ``limit`` bytes; then nothing is left in the folder.
    """
    path = folder / file_name(address)
    headers = {"User-Agent": USER_AGENT}
    # Moved into place at the end, so that half a document never has its name.
    with tempfile.TemporaryDirectory(dir=folder) as waiting:
        part = Path(waiting) / "part"
        try:
            with (
                httpx.Client(follow_redirects=True, timeout=TIMEOUT, headers=headers) as client,
                client.stream("GET", address) as response,
                part.open("wb") as file,
            ):
                response.raise_for_status()
                if response.url.scheme == "http" and address.startswith("https:"):
                    raise Unavailable(
                        f"it is moved to {response.url}, which is not encrypted",
                        where=address,
                        hint="name that address yourself if you trust it",
                    )
                receive(response, file, limit=limit, where=address)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(
                str(error) or type(error).__name__, where=address, hint="check the address and the connection"
            ) from error
        part.replace(path)
    return path


class Sink(Protocol):
    """What bytes can be appended to."""

    def write(self, data: bytes, /) -> int: ...

    def tell(self) -> int: ...


def receive(response: httpx.Response, file: Sink, *, limit: int, where: str) -> int:
    """Writes the body of an answer, opened as a stream, to the end of a file; returns its bytes.

    What came before a fault stays in the file. Raises LimitExceeded once the file is longer than ``limit``,
    httpx.TransportError when the connection is cut or the answer does not say where it ends: then nobody
    could tell a whole body from half of one.
    """
    length = _length(response)
    if length is not None and file.tell() + length > limit:
        raise LimitExceeded(f"it is {length:,} bytes long, over {limit:,}", where=where, hint=_TOO_LONG)
    if length is None and response.http_version.startswith("HTTP/1") and not _is_chunked(response):
        raise httpx.RemoteProtocolError("the answer does not say where it ends", request=response.request)
    count = 0
    for chunk in response.iter_bytes():
        file.write(chunk)
        count += len(chunk)
        if file.tell() > limit:
            raise LimitExceeded(f"it is over {limit:,} bytes", where=where, hint=_TOO_LONG)
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    came = response.num_bytes_downloaded if encoded else count
    if length is not None and came != length:
        raise httpx.RemoteProtocolError(
            f"{came:,} bytes came instead of {length:,}", request=response.request
        )
    return count


_TOO_LONG = "download it and look what it is"


def _length(response: httpx.Response) -> int | None:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _is_chunked(response: httpx.Response) -> bool:
    return "chunked" in response.headers.get("transfer-encoding", "").lower()
