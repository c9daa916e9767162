"""A process that evaluates queries and may be killed at any moment (docs/decisions/0005).

Started by :mod:`sdograph_api.query.pool` as ``python -P -m sdograph_api.query.worker FD``, FD being its end
of a socket pair. It imports nothing of this project and little else: a new worker is ready in some 50 ms.

Frames, both ways: length (u32, of what follows it), kind (one byte), payload.

=====  ==============================================================================================
in
=====  ==============================================================================================
``S``  JSON: base, prefixes, memory, max_result_bytes, max_rows, max_merged_quads, network (whether it may
       open connections), parent (its process id). Comes first.
``O``  path of the generation to answer from, UTF-8
``Q``  format (u8, index into FORMATS), length of the query (u32), the query, and JSON or nothing:
       ``{"default": [IRI], "named": [IRI], "must_exist": bool}``, the dataset to use instead of the whole
=====  ==============================================================================================

Out: ``R`` ready (answers S and O), or the answer to Q: ``+`` and the body, or a kind of failure (see below)
and a message, UTF-8.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import platform
import resource
import signal
import socket
import struct
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

import pyoxigraph as ox

#: What a query can be answered in; frames carry the index.
FORMATS = ("json", "xml", "csv", "tsv", "ttl", "nt", "rdf", "jsonld", "trig", "nq")
RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
_PREFIXED = ("ttl", "trig")

READY = b"R"
ANSWER = b"+"
SYNTAX = b"s"  # the query cannot be parsed
REFUSED = b"r"  # it asks for what the engine does not do (an unknown function)
NO_GRAPH = b"g"  # the dataset names a graph that is not there; the message is its IRI
RESULT_TOO_LARGE = b"l"
TOO_MANY_ROWS = b"c"
MERGE_TOO_LARGE = b"m"
OUT_OF_MEMORY = b"o"
NO_STORE = b"n"  # the generation cannot be opened, or not be read
FAILED = b"f"  # an endpoint of SERVICE did

#: How messages of the store begin that are about its files.
_OF_THE_DISK = ("Corruption", "IO error")

#: Deep enough for a nesting of 100 with every kind of bracket, and for chains of 10,000 operators.
_STACK = 100 << 20


class TooLarge(Exception):
    """The result went over its limit."""


class TooManyRows(Exception):
    """The result has more rows, or triples, than its limit."""


class GraphMissing(Exception):
    """The dataset names a graph that the store does not have."""


class MergeTooLarge(Exception):
    """The graphs of FROM hold more quads than are merged in memory."""


class NothingOpen(Exception):
    """There is no generation to answer from."""


class Output:
    """An answer in the making: room for the head of its frame, then what is written, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.frame = bytearray(5)
        self._limit = limit + 5

    def write(self, data: bytes) -> int:
        if len(self.frame) + len(data) > self._limit:
            raise TooLarge
        self.frame += data
        return len(data)

    def flush(self) -> None:
        """Part of the file interface."""

    def finished(self, kind: bytes) -> bytearray:
        struct.pack_into("<Ic", self.frame, 0, len(self.frame) - 4, kind)
        return self.frame


#: What stands once in each row and never inside a value, and how many rows more there are than of these.
#: A row of JSON that binds nothing has no such mark, and is not counted.
_ROWS = {"json": (b',{"', 1), "xml": (b"<result>", 0), "csv": (b"\n", -1), "tsv": (b"\n", -1)}


class Rows(Output):
    """A table in the making, with a limit to its rows, too."""

    def __init__(self, limit: int, format: str, max_rows: int) -> None:
        super().__init__(limit)
        self._mark, more = _ROWS[format]
        self._left = max_rows - more
        self._csv = format == "csv"
        self._quoted = False
        self._counted = 5
        # Before the answer has this many bytes it cannot have too many rows, so it need not be counted.
        self._next = self._counted + max_rows

    def write(self, data: bytes) -> int:
        written = super().write(data)
        if len(self.frame) > self._next:
            self._left -= self._lines() if self._csv else self._marks()
            if self._left < 0:
                raise TooManyRows
            self._counted = len(self.frame)
            self._next = self._counted + self._left
        return written

    def _marks(self) -> int:
        # A mark may have begun in what is counted already.
        return self.frame.count(self._mark, max(self._counted - len(self._mark) + 1, 5))

    def _lines(self) -> int:
        """The ends of lines that are not inside quotation marks."""
        parts = self.frame[self._counted :].split(b'"')
        ends = sum(part.count(self._mark) for part in parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        return ends


class Evaluator:
    """Answers queries over one store."""

    def __init__(
        self,
        base: str,
        prefixes: dict[str, str],
        *,
        max_result_bytes: int,
        max_rows: int,
        max_merged_quads: int,
    ) -> None:
        self.store: ox.Store | None = None
        self._base = base
        self._prefixes = prefixes
        self._max_result_bytes = max_result_bytes
        self._max_rows = max_rows
        self._max_merged_quads = max_merged_quads

    def answer(self, query: str, format: str, dataset: dict[str, Any] | None) -> bytearray:
        """The frame with the serialised answer."""
        if self.store is None:
            raise NothingOpen
        store, graphs = self._dataset(self.store, dataset) if dataset else (self.store, {})
        try:
            result = store.query(query, base_iri=self._base, **graphs)
        except SyntaxError:
            # Most queries declare the prefixes they use; handing over ours costs some 7 µs a query.
            result = store.query(query, base_iri=self._base, prefixes=self._prefixes, **graphs)
        if isinstance(result, ox.QueryTriples):
            output = Output(self._max_result_bytes)
            prefixes = self._prefixes if format in _PREFIXED else None
            file = cast(IO[bytes], output)
            ox.serialize(self._bounded(result), file, _GRAPHS[format], prefixes=prefixes)
        else:
            output = Rows(self._max_result_bytes, format, self._max_rows)
            result.serialize(cast(IO[bytes], output), RESULTS[format])
        return output.finished(ANSWER)

    def _bounded(self, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        for count, triple in enumerate(triples):
            if count == self._max_rows:
                raise TooManyRows
            yield triple

    def _dataset(self, store: ox.Store, dataset: dict[str, Any]) -> tuple[ox.Store, dict[str, Any]]:
        default = [ox.NamedNode(iri) for iri in dict.fromkeys(dataset["default"])]
        named = [ox.NamedNode(iri) for iri in dict.fromkeys(dataset["named"])]
        for graph in (*default, *named):
            if dataset["must_exist"] and not store.contains_named_graph(graph):
                raise GraphMissing(graph.value)
        if len(default) < 2:
            return store, {"default_graph": list(default), "named_graphs": list(named)}
        # Over several default graphs the engine would count a triple once for each that states it.
        merged = ox.Store()
        self._left = self._max_merged_quads
        for graph in default:
            merged.extend(self._quads(store, graph, ox.DefaultGraph()))
        for graph in named:
            merged.add_graph(graph)
            merged.extend(self._quads(store, graph, graph))
        return merged, {"default_graph": [ox.DefaultGraph()], "named_graphs": list(named)}

    def _quads(
        self, store: ox.Store, graph: ox.NamedNode, into: ox.NamedNode | ox.DefaultGraph
    ) -> Iterable[ox.Quad]:
        for quad in store.quads_for_pattern(None, None, None, graph):
            self._left -= 1
            if self._left < 0:
                raise MergeTooLarge
            yield ox.Quad(quad.subject, quad.predicate, quad.object, into)


def _reply(kind: bytes, message: str = "") -> bytearray:
    output = Output(1 << 20)
    output.write(message.encode("utf-8", "replace")[: 1 << 20])
    return output.finished(kind)


def _answer(evaluator: Evaluator, payload: memoryview) -> bytearray:
    format, length = struct.unpack_from("<BI", payload)
    query = str(payload[5 : 5 + length], "utf-8")
    dataset = json.loads(bytes(payload[5 + length :])) if len(payload) > 5 + length else None
    try:
        return evaluator.answer(query, FORMATS[format], dataset)
    except SyntaxError as error:
        return _reply(SYNTAX, str(error))
    except NothingOpen:
        return _reply(NO_STORE)
    except TooLarge:
        return _reply(RESULT_TOO_LARGE)
    except TooManyRows:
        return _reply(TOO_MANY_ROWS)
    except MergeTooLarge:
        return _reply(MERGE_TOO_LARGE)
    except GraphMissing as error:
        return _reply(NO_GRAPH, str(error))
    except MemoryError:
        return _reply(OUT_OF_MEMORY)
    except (OSError, RuntimeError, ValueError) as error:
        message = str(error)
        if message.startswith(_OF_THE_DISK):
            return _reply(NO_STORE, message)
        return _reply(FAILED if isinstance(error, OSError) else REFUSED, message)


def _open(evaluator: Evaluator, path: str) -> bytearray:
    evaluator.store = None
    try:
        evaluator.store = ox.Store.read_only(path)
    except OSError as error:
        return _reply(NO_STORE, str(error))
    return _reply(READY)


def serve(channel: socket.socket) -> None:
    """Answers frames until the other end closes."""
    evaluator: Evaluator | None = None
    for kind, payload in _frames(channel):
        if evaluator is None:
            start = json.loads(bytes(payload))
            contain(start["parent"], start["memory"], network=start["network"])
            evaluator = Evaluator(
                start["base"],
                start["prefixes"],
                max_result_bytes=start["max_result_bytes"],
                max_rows=start["max_rows"],
                max_merged_quads=start["max_merged_quads"],
            )
            reply = _reply(READY)
        elif kind == b"O":
            reply = _open(evaluator, str(payload, "utf-8"))
        else:
            reply = _answer(evaluator, payload)
        channel.sendall(reply)


def _frames(channel: socket.socket) -> Iterator[tuple[bytes, memoryview]]:
    # One buffer for all: to take a new one each time costs more than to read from the socket.
    buffer = bytearray(65536)
    filled = start = 0
    while True:
        needed = 4
        while filled - start >= needed:
            needed = 4 + int.from_bytes(buffer[start : start + 4], "little")
            if filled - start < needed:
                break
            with memoryview(buffer) as view, view[start + 5 : start + needed] as payload:
                yield bytes(view[start + 4 : start + 5]), payload
            start += needed
            needed = 4
        if start == filled:
            filled = start = 0
        elif start + needed > len(buffer):
            buffer = buffer[start:filled].ljust(max(needed, len(buffer)), b"\0")
            filled, start = filled - start, 0
        with memoryview(buffer) as view, view[filled:] as free:
            received = channel.recv_into(free)
        if not received:
            return
        filled += received


def contain(parent: int, memory: int, *, network: bool = False, local_sockets: bool = False) -> None:
    """Takes from this process, and those that it starts, what evaluating queries does not need.

    That is connections, too, unless ``network``; ``local_sockets`` leaves those within this machine.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for limit, value in ((resource.RLIMIT_STACK, _STACK), (resource.RLIMIT_DATA, memory)):
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if not network:
            _cut_off(libc, local_sockets)
    if os.getppid() != parent:  # it died before it could be watched
        sys.exit(1)


_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _FAIL_WITH_EACCES = 0x7FFF0000, 0x00050000 | errno.EACCES
#: Machine -> (its number in the audit interface, the numbers of socket, connect and io_uring_setup).
_CALLS = {"x86_64": (0xC000003E, (41, 42, 425)), "aarch64": (0xC00000B7, (198, 203, 425))}
#: Where the filter finds, of a call: its number, the architecture, the lower half of its first argument.
_NUMBER, _ARCHITECTURE, _FIRST = 0, 4, 16 if sys.byteorder == "little" else 20


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _cut_off(libc: ctypes.CDLL, local_sockets: bool) -> None:
    """Makes opening a network connection fail, by a seccomp filter.

    SERVICE and LOAD are refused before a query gets here. This holds also if one slipped through.
    """
    if platform.machine() not in _CALLS:
        return
    architecture, (open_socket, *others) = _CALLS[platform.machine()]
    # What may connect is decided where it is opened: there are no other sockets to connect then.
    refused = others[-1:] if local_sockets else others
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_IF_EQUAL, 0, len(refused) + 4, architecture),
        (_LOAD, 0, 0, _NUMBER),
        *((_JUMP_IF_EQUAL, len(refused) - i + 2, 0, call) for i, call in enumerate(refused)),
        (_JUMP_IF_EQUAL, 0, 3, open_socket),
        (_LOAD, 0, 0, _FIRST),
        (_JUMP_IF_EQUAL, 1 if local_sockets else 0, 0, socket.AF_UNIX),
        (_RETURN, 0, 0, _FAIL_WITH_EACCES),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    filter = _Program(len(program), code)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0)


if __name__ == "__main__":
    # A terminal's interrupt goes to the whole group; the server decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (
        socket.socket(fileno=int(sys.argv[1])) as _channel,
        contextlib.suppress(BrokenPipeError, ConnectionError),
    ):
        serve(_channel)
