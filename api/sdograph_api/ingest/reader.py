"""A process that reads documents from outside, and may be ended at any moment (docs/decisions/0019).

Started by :mod:`sdograph_api.ingest.reading`, see :mod:`sdograph_api.process`, for one request. At its start
it is told ``{"store": location, "seconds": of processor time}``, and asked::

    {"files": [path], "folder": path, "format": name|null, "commit": bool, "contacts": bool, "page": bool,
     "max_answer": bytes}

The name of each file is what its sender calls it. The answer is a body, JSON: what ``sdograph ingest --json``
prints, or with ``page`` what the page shows, see :func:`_shown`. With ``page`` documents that are rejected
are shown as such; otherwise it is a problem when all of them are. An answer over its limit is a problem, or
comes without records when the documents are in already.
"""

from __future__ import annotations

import ctypes
import dataclasses
import hashlib
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from sdograph import pipeline
from sdograph.fields import rows
from sdograph.intake import Input
from sdograph.model import LiaisonStatement
from sdograph.reports import DocumentReport, record_dict
from sdograph.store import RemoteStore, Store, open_store
from sdograph_api.problems import Limit, Problem, from_error
from sdograph_api.process import Channel, Document, failure, run
from sdograph_api.query.worker import contain

#: Bytes of a file that this process or one that it starts writes.
_MAX_FILE = 1 << 30
#: How much lower than that of the server the priority of a dry run is.
_NICE = 10
_PR_SET_PDEATHSIG = 1


def perform(store: Store, asked: Document, publishing: Callable[[], None]) -> bytes:
    """Takes documents in, or says what would happen. Raises Problem and SdographError."""
    options = pipeline.Options(
        format=asked["format"], contacts=asked["contacts"], dry_run=not asked["commit"], whole=True
    )
    given = [_input(Path(path), asked["format"]) for path in asked["files"]]
    reports = pipeline.take_in(store, given, options, publishing=publishing)
    if asked["page"]:
        return orjson.dumps([_shown(report) for report in reports])
    documents = [report.as_dict() for report in reports]
    if all(report.state == "rejected" for report in reports):
        raise _refused(reports, documents)
    answer = orjson.dumps({"documents": documents})
    if len(answer) <= asked["max_answer"]:
        return answer
    if not asked["commit"]:
        raise Problem(
            413, "result-too-large", f"the answer is larger than the limit of {asked['max_answer']} bytes",
            hint="send fewer documents at a time, or read them by sdograph ingest --dry-run",
            limit=Limit("max_result_bytes", asked["max_answer"], "bytes"),
        )  # fmt: skip
    return orjson.dumps({"documents": [{**document, "records": []} for document in documents]})


def _input(path: Path, format: str | None) -> Input:
    """A file that was sent: which document of the graph it is, its bytes say, since it was read nowhere."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Input(path, path.name, format, location=f"sent:{digest}")


def _refused(reports: list[DocumentReport], documents: list[dict[str, Any]]) -> Problem:
    """Why no document can go in: of its own kind where it is the same for all, else 422."""
    problems = [_problem(report) for report in reports]
    first = problems[0]
    same = len({problem.status for problem in problems}) == 1
    detail, code = first.detail, first.code
    if len(problems) > 1:
        detail = f"none of the {len(problems)} documents can be taken in; {reports[0].path}: {detail}"
        code = code if same else "invalid-data"
    return Problem(
        first.status if same else 422, code, detail, where=first.where, hint=first.hint,
        headers=first.headers if same else None,
        extra={"findings": [f for d in documents for f in d["findings"]], "documents": documents},
    )  # fmt: skip


def _problem(report: DocumentReport) -> Problem:
    if report.error is not None:
        return from_error(report.error)
    return Problem(
        422, "invalid-data", f"{report.path} would violate the shapes of the graph", where=report.path,
        hint="correct what the findings name",
    )  # fmt: skip


def _shown(report: DocumentReport) -> dict[str, Any]:
    """What a page shows of a document: of one that is a statement also the statement, field by field."""
    statements = [r for r in report.records if isinstance(r, LiaisonStatement)]
    statement = statements[0] if len(statements) == 1 else None
    return {
        **dataclasses.replace(report, records=()).as_dict(),
        "counts": report.counts,
        "unresolved": [
            {"text": r.text, "field": r.field, "locator": r.locator, "candidates": r.candidates}
            for r in report.unresolved
        ],
        "key": statement.key if statement else None,
        "statement": record_dict(statement) if statement else None,
        "rows": [dataclasses.asdict(row) for row in rows(statement)] if statement else [],
    }


def serve(channel: Channel) -> None:
    """Answers one request, and ends."""
    start, request = channel.asked(), channel.asked()
    if start is None or request is None:
        return
    asked, _ = request
    # What is put away at the end is also put away when this process is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    store = open_store(start[0]["store"])
    _contain(start[0], polite=not asked["commit"], network=isinstance(store, RemoteStore))
    tempfile.tempdir = asked["folder"]
    try:
        channel.tell({"done": {}}, perform(store, asked, channel.may_publish))
    except Exception as error:
        channel.tell(failure(error))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        shutil.rmtree(asked["folder"], ignore_errors=True)


def _contain(start: Document, *, polite: bool, network: bool) -> None:
    contain(start["parent"], start["memory"], network=network, local_sockets=True)
    # Whoever reads on by itself after the server is gone ends by these.
    resource.setrlimit(resource.RLIMIT_CPU, (start["seconds"], start["seconds"] + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_FILE, _MAX_FILE))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if polite:
        os.nice(_NICE)


if __name__ == "__main__":
    run(serve)
