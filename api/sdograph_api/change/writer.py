"""A process that writes, and may be killed at any moment: what is not published then is not there.

Started by :mod:`sdograph_api.change.writing`, see :mod:`sdograph_api.process`. It is told ``{"store":
location}`` at its start, and then asked for changes, or whether one was published::

    {"do": "update", "using": [IRI], "using_named": [IRI], "wait": seconds}     the body is the text
    {"do": "put"|"post"|"delete", "graph": IRI|null, "base": IRI, "wait": seconds,
     "parts": [[format, length]],                                               the body is the parts
     "if_match": header|null, "if_none_match": header|null}
    {"do": "look", "version": version}

``wait`` is how long to wait for another writer; with ``"report": true`` findings come as Turtle too.
"""

from __future__ import annotations

import resource
import traceback
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, Triple

from sdograph.errors import InvalidQuery, SdographError, UnreadableDocument
from sdograph.identifiers import BASE
from sdograph.namespaces import PREFIXES
from sdograph.queries.lexer import Inspection, inspect
from sdograph.shapes import bundled_shapes
from sdograph.sources.rdf import check
from sdograph.store import RemoteStore, Store, open_store
from sdograph.store.dataset import new_version
from sdograph.validation import Finding, findings_to_turtle
from sdograph_api.change.changes import UPDATES, Changes
from sdograph_api.change.conditions import graph_tag, hold_to_conditions
from sdograph_api.change.operations import Modify, apart, prologue_end, read
from sdograph_api.change.templates import Names
from sdograph_api.problems import Problem, too_busy
from sdograph_api.process import Channel, Document, run, told
from sdograph_api.query.syntax import SpreadQuery
from sdograph_api.query.worker import contain
from sdograph_api.rdf import FORMATS

#: Findings that are told; the report in Turtle has all.
MAX_FINDINGS = 1000

#: A process that has held more than this is replaced, so that the memory returns.
MAX_RESIDENT = 512 << 20

#: Fails before anything after it is evaluated, but not before all of it is parsed.
_NOTHING = "DROP GRAPH <urn:x-sdograph:nothing> ;\n"


def perform(
    store: Store, asked: Document, body: bytes, publishing: Callable[[str, Document], None]
) -> dict[str, Any]:
    """Makes a change and publishes it, or nothing. Raises Problem and SdographError.

    ``publishing`` is called before that with the version to be, and what is returned.
    """
    change = _update(asked, body) if asked["do"] == "update" else _graph(asked, body)
    with store.writer(timeout=asked["wait"]) as writer:
        changes = Changes(writer, store.current)
        state = change(changes)
        findings = changes.findings()
        if any(f.severity == "violation" for f in findings):
            raise Problem(
                422, "invalid-data", "the graph would violate its shapes; nothing was written",
                hint="correct what the findings name",
                extra={
                    "findings": _shown(findings),
                    "findings_total": len(findings),
                    **({"report": findings_to_turtle(findings)} if asked["report"] else {}),
                },
            )  # fmt: skip
        added, removed = changes.counts()
        generation = writer.view.generation + bool(changes.written)
        done = {
            **state,
            "generation": generation,
            "added": added,
            "removed": removed,
            "findings": _shown(findings),
            "findings_total": len(findings),
        }
        if changes.written:
            version = new_version(generation)
            publishing(version, done)
            writer.publish(version)
        return done


def _shown(findings: list[Finding]) -> list[dict[str, str]]:
    violations_first = sorted(findings, key=lambda f: f.severity != "violation")
    return [f.as_dict() for f in violations_first[:MAX_FINDINGS]]


def _update(asked: Document, body: bytes) -> Callable[[Changes], dict[str, Any]]:
    inspection = inspect.__wrapped__(body.decode())
    _parse(inspection)
    operations = list(read(inspection.text))
    using = [NamedNode(iri) for iri in asked["using"]]
    named = [NamedNode(iri) for iri in asked["using_named"]]
    if using or named:
        if any(isinstance(o, Modify) and o.names_dataset for o in operations):
            raise Problem(
                400, "dataset-twice", "the update names its graphs itself", where="WITH, USING",
                hint="leave out using-graph-uri and using-named-graph-uri, or WITH and USING",
            )  # fmt: skip
        operations = [_over(o, using, named) if isinstance(o, Modify) and o.select else o for o in operations]

    def change(changes: Changes) -> dict[str, Any]:
        for operation in operations:
            changes.perform(operation)
        return {}

    return change


def _over(operation: Modify, using: list[NamedNode], named: list[NamedNode]) -> Modify:
    return Modify(
        delete=operation.delete, insert=operation.insert, select=operation.select,
        using=tuple(dict.fromkeys(using)), using_named=tuple(dict.fromkeys(named)),
        # One in the parameters of the protocol is empty, as the protocol's tests have it.
        graphs_must_exist=False,
    )  # fmt: skip


def _parse(inspection: Inspection) -> None:
    """Raises InvalidQuery or Problem unless the engine can parse the update."""
    if inspection.form not in ("update", "unknown"):
        raise Problem(
            400, "query-as-update", "this is a query, not an update", hint="queries go to /sparql"
        )  # fmt: skip
    if inspection.form == "unknown":
        raise InvalidQuery("there is no update", where="line 1, column 1", hint="write INSERT, DELETE, …")
    text = inspection.text
    if _parses(text):
        return
    pieces = apart(text)
    if pieces is not None and all(map(_parses, pieces)):
        return
    spread = SpreadQuery(text)
    try:
        ox.Store().update(spread.text, base_iri=BASE, prefixes=PREFIXES)
    except SyntaxError as error:
        raise spread.problem(str(error)) from error
    raise Problem(400, "syntax", "the update cannot be parsed", hint="correct the update")


def _parses(text: str) -> bool:
    begin = prologue_end(text)
    try:
        ox.Store().update(text[:begin] + _NOTHING + text[begin:], base_iri=BASE, prefixes=PREFIXES)
    except SyntaxError:
        return False
    except RuntimeError:
        pass  # there is no such graph, as expected
    return True


def _graph(asked: Document, body: bytes) -> Callable[[Changes], dict[str, Any]]:
    at = 0
    triples: list[Triple] = []
    for format, length in asked["parts"]:
        # Blank nodes of different parts are different nodes.
        triples += Names().triples(_parsed(body[at : at + length], format, asked["base"]))
        at += length
    graph = UPDATES if asked["graph"] is None else NamedNode(asked["graph"])

    def change(changes: Changes) -> dict[str, Any]:
        existed = changes.exists(graph)
        # To delete what is not there is 404, whatever the conditions (RFC 9110, 13.2.1).
        exists = existed or asked["graph"] is None
        if exists or asked["do"] != "delete":
            tag = graph_tag(changes.view, graph)
            hold_to_conditions(asked["if_match"], asked["if_none_match"], exists, tag)
        if asked["do"] == "post":
            changes.write(graph, (), triples)
        elif asked["do"] == "delete":
            changes.clear([graph])
        else:
            changes.replace(graph, triples)
        return {"existed": existed, "exists": changes.exists(graph)}

    return change


def _parsed(content: bytes, format: str, base: str) -> list[Quad]:
    try:
        check(content, FORMATS[format], "body")
        return list(ox.parse(content, FORMATS[format], base_iri=base))
    except UnreadableDocument as error:
        raise Problem(400, "syntax", error.message, where="body", hint=error.hint) from error
    except (SyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        raise Problem(
            400, "syntax", getattr(error, "msg", None) or str(error),
            where=f"line {line}, column {column}" if line else "body",
            hint="correct the document at this place",
        ) from error  # fmt: skip


def serve(channel: Channel) -> None:
    """Answers until the other end closes."""
    start, _ = channel.asked() or ({}, b"")
    if not start:
        return
    store = open_store(start["store"])
    contain(start["parent"], start["memory"], network=isinstance(store, RemoteStore))
    bundled_shapes()  # read before the first change waits for them
    while (frame := channel.asked()) is not None:
        reply = _answer(store, channel, *frame)
        resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        channel.tell({**reply, "retire": resident > MAX_RESIDENT})


def _answer(store: Store, channel: Channel, asked: Document, body: bytes) -> dict[str, Any]:
    try:
        if asked["do"] == "look":
            return {"done": {"published": store.published(asked["version"])}}
        return {"done": perform(store, asked, body, channel.may_publish)}
    except (Problem, SdographError) as error:
        return told(error)
    except MemoryError:
        return {"out_of_memory": {}}
    except OSError as error:
        traceback.print_exc()
        return told(too_busy(f"the store cannot be written: {error}", code="store-failed"))
    except (RuntimeError, ValueError) as error:
        # What the engine does not evaluate.
        return told(Problem(400, "invalid-update", str(error), hint="correct the update"))


if __name__ == "__main__":
    run(serve)
