"""One tree of errors. Each says what went wrong, where, and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class SdographError(Exception):
    """Base of all errors this program raises on purpose.

    ``message`` says what is wrong, ``where`` names the file, line, sheet or cell, ``hint`` says what to do.
    ``code`` is a stable word for programs; ``exit_code`` is what the command line ends with
    (1: the data is at fault, 2: the call is wrong, 3: a needed thing is unavailable).
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text


class DataError(SdographError):
    """The data handed in is at fault."""

    code = "data"


class UnreadableDocument(DataError):
    """A file is not what it claims to be: truncated, garbage, or of another format."""

    code = "unreadable"


class UnknownFormat(DataError):
    """No reader recognises the document."""

    code = "unknown-format"


class LimitExceeded(DataError):
    """Reading would take more than the stated limit (unpacked size, members, characters)."""

    code = "limit-exceeded"


class IncompleteDocument(DataError):
    """A document was recognised but lacks what its kind cannot do without (a date, an addressee)."""

    code = "incomplete"


class InvalidQuery(SdographError):
    """A SPARQL text cannot be parsed, or uses what is refused (SERVICE, LOAD, a graph that is not here)."""

    code = "invalid-query"
    exit_code = 2


class UsageError(SdographError):
    """The call is wrong: an unknown name, a parameter that does not fit."""

    code = "usage"
    exit_code = 2


class Unavailable(SdographError):
    """Something needed is not there: no store, another writer at work, no network."""

    code = "unavailable"
    exit_code = 3


class WriterBusy(Unavailable):
    """Another process holds the writer lock of the store."""

    code = "writer-busy"


class StoreMissing(Unavailable):
    """The store holds no published generation."""

    code = "store-missing"


class StoreDamaged(Unavailable):
    """The data directory holds a generation that cannot be opened."""

    code = "store-damaged"


class StoreUnreachable(Unavailable):
    """The server of a remote store does not answer."""

    code = "store-unreachable"


class Superseded(Unavailable):
    """A snapshot of a remote store was asked after the graph had moved on: its picture is gone."""

    code = "superseded"
