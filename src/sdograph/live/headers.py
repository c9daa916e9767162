"""What addresses and the headers of answers say (RFC 9110)."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import httpx

from sdograph.errors import UsageError


def url_of(address: str) -> httpx.URL:
    """The address, parsed. Raises UsageError when it is none of http or https."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise UsageError(f"{address!r} is no address: {error}", hint="begin with https://") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise UsageError(f"{address!r} is no address to fetch from", hint="begin with https://")
    return url


def host_of(url: httpx.URL) -> str:
    """Host and, where it is not the usual one, port: another port is another server."""
    return url.netloc.decode("ascii").rpartition("@")[2].lower()


def downgrades(url: httpx.URL, target: httpx.URL) -> bool:
    return target.scheme not in ("http", "https") or (url.scheme == "https" and target.scheme == "http")


def text_of(response: httpx.Response, header: str) -> str | None:
    value = response.headers.get(header)
    return value if isinstance(value, str) else None


def validator_of(response: httpx.Response) -> str | None:
    """What If-Range may name: a weak ETag does not say that the bytes are the same (RFC 9110, 13.1.5)."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return None
    etag = response.headers.get("etag", "")
    return etag if etag.startswith('"') else text_of(response, "last-modified")


def continues(response: httpx.Response, offset: int, validator: str | None) -> bool:
    """Whether a 206 goes on at ``offset`` of the very thing that was begun, up to its end."""
    unit, _, where = response.headers.get("content-range", "").partition(" ")
    span, _, total = where.partition("/")
    first, _, last = span.partition("-")
    if unit != "bytes" or not (first.isdigit() and last.isdigit()) or int(first) != offset:
        return False
    if total.isdigit() and int(last) != int(total) - 1:
        return False
    return validator_of(response) in (validator, None)


def retry_after(response: httpx.Response, now: float) -> float | None:
    """Seconds to wait by the header Retry-After, a number or a date; None without a usable one."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except ValueError:
        return None
