"""Queries that the server answers itself: those that read the triples of one subject, and nothing else.

They are what is asked most, and to hand them to another process costs more than to answer them. Such a query
cannot run away: it is a single pattern with a given subject, it is streamed, and ends at LIMIT bytes.
"""

from __future__ import annotations

import re
from typing import IO, cast

from pyoxigraph import QuerySolutions

from sdograph.errors import InvalidQuery
from sdograph.queries.lexer import Inspection
from sdograph.store.snapshot import EmbeddedSnapshot
from sdograph_api.query.process import Query
from sdograph_api.query.worker import RESULTS, Output, TooLarge
from sdograph_api.settings import Settings

#: Bytes of an answer; what is larger goes to a process.
LIMIT = 1 << 16

_IRI = r"<[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*>"
_ONE_SUBJECT = re.compile(
    rf"""\s* (?: PREFIX \s+ [\w-]* : \s* {_IRI} \s* )*
    SELECT \s+ (?: \* | (?: [?$]\w+ \s* )+ ) \s* (?: WHERE \s* )?
    \{{ \s* {_IRI} \s+ (?: [?$]\w+ | {_IRI} | a | [\w-]+:[\w-]+ ) \s+ [?$]\w+ \s* \.? \s* \}}
    \s* (?: LIMIT \s+ [0-9]{{1,9}} \s* )? (?: \#[^\r\n\\]* )? \s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def inspection(text: str) -> Inspection | None:
    """What a reader of tokens would say of a query that can be answered here, at a tenth of the time."""
    if len(text) > LIMIT // 16 or not _ONE_SUBJECT.fullmatch(text):
        return None
    return Inspection(form="select", text=text, depth=1)


def answer(query: Query, snapshot: EmbeddedSnapshot, settings: Settings) -> bytes | None:
    """The answer to a query of :func:`inspection`; None when a process has to say what it deserves."""
    if query.default_graphs or query.named_graphs:
        return None
    # An answer of so many bytes is over none of the limits, so those are for the processes to see to.
    if min(settings.max_result_bytes, settings.max_rows) < LIMIT:
        return None
    output = Output(LIMIT)
    try:
        try:
            result = snapshot.query(query.text, prefixes=None)
        except InvalidQuery:
            result = snapshot.query(query.text)
        cast(QuerySolutions, result).serialize(cast(IO[bytes], output), RESULTS[query.format])
    except (InvalidQuery, TooLarge, OSError, RuntimeError, ValueError):
        return None
    return bytes(memoryview(output.frame)[5:])
