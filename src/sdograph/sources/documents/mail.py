"""Mails (.eml) as lines of text, and what is attached to them (RFC 5322, RFC 2045)."""

from __future__ import annotations

import codecs
import mimetypes
import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import PurePosixPath

from sdograph.errors import LimitExceeded, UnreadableDocument
from sdograph.sources import plain
from sdograph.sources.documents import webpage
from sdograph.sources.documents.members import Member
from sdograph.sources.package import Budget
from sdograph.sources.plain import Block, clean

MEDIA_TYPE = "message/rfc822"
MAX_LINES = 300_000
MAX_PARTS = 3_000
MAX_HEADERS = 5_000
MAX_NESTED = 100
#: The parser of structured headers takes time by the square of their length.
MAX_HEADER = 4_000

#: What texts are in. Others are codecs of Python alone: punycode takes time by the square of the length.
_CHARSETS = ("ascii", "utf-", *webpage.OF_THE_WEB)
_SHOWN = ("From", "To", "Cc", "Subject", "Date")
_STRUCTURE = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)

_NESTING = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)


def read_blocks(data: bytes, where: str, budget: Budget) -> tuple[Block, ...]:
    """The lines of a mail: its headers From, To, Cc, Subject and Date, then its text.

    Of a text in several forms the plain one is read. Raises UnreadableDocument when the bytes are no mail,
    LimitExceeded when reading it would take too much.
    """
    message = _parsed(data, where)
    headers = [_header(message, name) for name in _SHOWN]
    blocks = [
        Block(text=f"{name}: {text}", locator=f"header {name}", part="header")
        for name, text in zip(_SHOWN, headers, strict=True)
        if text
    ]
    body = _body(message)
    content = b"" if body is None else _payload(body, where)
    if body is not None and content.strip():
        if body.get_content_type() == "text/html":
            blocks += webpage.read_blocks(_in_unicode(body, content), where, budget)
        else:
            blocks += plain.read_blocks(_in_unicode(body, content), where, budget)
    return tuple(blocks)


def members(data: bytes, where: str, _budget: Budget) -> Iterator[Member]:
    """What is attached to a mail, forwarded mails too. Raises as :func:`read_blocks`."""
    message = _parsed(data, where)
    body = _body(message)
    for number, part in enumerate(_parts(message), 1):
        forwarded = part.get_content_type() == "message/rfc822"
        name = _file_name(part)
        if part is body or not (forwarded or name or part.get_content_disposition() == "attachment"):
            continue
        base = name or ("forwarded" if forwarded else "attachment") + f" {number}"
        if forwarded and not base.lower().endswith(".eml"):
            base += ".eml"
        elif not PurePosixPath(base).suffix:
            base += mimetypes.guess_extension(part.get_content_type()) or ""
        yield Member(base, partial(_payload, part, f"{where} » {base}"))


def _parsed(data: bytes, where: str) -> EmailMessage:
    structure = [len(found[0]) for found in _STRUCTURE.finditer(data)]
    for found, limit, what in (
        (data.count(b"\n") + data.count(b"\r"), MAX_LINES, "number of lines"),
        (data.count(b"\n--"), MAX_PARTS, "number of parts"),
        (data.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0].count(b"\n"), MAX_HEADERS, "number of headers"),
        (len(_NESTING.findall(data)), MAX_NESTED, "number of parts that hold others"),
        (max(structure, default=0), MAX_HEADER, "longest header"),
    ):
        if found > limit:
            raise LimitExceeded(
                f"the {what} is over the limit of {limit:,}", where=where, hint="save the text alone"
            )
    try:
        message = message_from_bytes(data, policy=default)
    except RecursionError as error:
        raise LimitExceeded(
            "too many parts are packed into each other", where=where, hint="save the text alone"
        ) from error
    except Exception as error:
        # The standard library's parser promises to take anything, and does not quite.
        raise _damaged(where, error) from error
    if not any(_raw(message, name) for name in _SHOWN):
        raise UnreadableDocument(
            "this is no mail: it has no From, To, Subject or Date",
            where=where,
            hint="save the mail as .eml in the program that shows it",
        )
    return message


def _raw(message: EmailMessage, name: str) -> str:
    return next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")


def _header(message: EmailMessage, name: str) -> str:
    """A header as a person reads it, its encoded words decoded; "" when it is not there."""
    text = _raw(message, name)
    if len(text) <= MAX_HEADER:
        # Garbage makes the parser of headers raise anything: then they stay as written.
        with suppress(Exception):
            text = str(message.get(name, ""))
    return " ".join(clean(text.encode("utf-8", "replace").decode()).split())


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something, in their order; what is within a forwarded mail is that mail's own."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, EmailMessage):
                yield from _parts(part)
    else:
        yield message


def _body(message: EmailMessage) -> EmailMessage | None:
    try:
        found = message.get_body(("plain", "html"))
    except Exception:  # a structure that makes no sense has no body
        return None
    return found if isinstance(found, EmailMessage) else None


def _file_name(part: EmailMessage) -> str:
    try:
        name = part.get_filename("") or ""
    except Exception:  # as in _header
        return ""
    return clean(str(name)).replace("\\", "/").rpartition("/")[2].strip()


def _payload(part: EmailMessage, where: str) -> bytes:
    try:
        if part.get_content_type() == "message/rfc822":
            inner = next(part.iter_parts(), None)
            return b"" if inner is None else inner.as_bytes()
        found = part.get_payload(decode=True)
    except Exception as error:
        raise _damaged(where, error) from error
    return found if isinstance(found, bytes) else b""


def _in_unicode(part: EmailMessage, content: bytes) -> bytes:
    """The text in UTF-8 where its header says rightly what it is in; else as it is, to be found out."""
    try:
        name = codecs.lookup(part.get_content_charset("us-ascii")).name
        if not name.startswith(_CHARSETS):
            return content
        return b"\xef\xbb\xbf" + content.decode(name).encode()
    except Exception:  # an unknown or wrong charset, or a header that makes no sense
        return content


def _damaged(where: str, error: Exception) -> UnreadableDocument:
    return UnreadableDocument(
        f"the mail is damaged: {type(error).__name__}", where=where, hint="save the mail anew as .eml"
    )
