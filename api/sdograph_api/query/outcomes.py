"""What to tell a client whose query did not end in a result."""

from __future__ import annotations

import signal

from sdograph_api.problems import Limit, Problem, no_graph, too_busy
from sdograph_api.query import worker
from sdograph_api.query.process import Allowance

#: Characters of what another endpoint said that are passed on.
MAX_TOLD = 500


def late_problem(timeout: float, *, begun: bool) -> Problem:
    waited = "" if begun else ", all of it waiting for other queries"
    return too_busy(
        f"the query was ended at its time limit of {timeout:g} s{waited}",
        code="timeout",
        hint="ask for less (LIMIT, fewer patterns), or raise the parameter timeout if it was set lower",
        limit=Limit("query_timeout", timeout, "seconds"),
    )


def long_problem(limit: int) -> Problem:
    return too_busy(
        f"more than {limit} queries take long, and this is one of them: it was the turn of others",
        code="too-many-long-queries",
        limit=Limit("max_long_queries", limit, "queries"),
    )


def waiting_problem(limit: int) -> Problem:
    return too_busy(
        f"{limit} queries are waiting already", limit=Limit("max_waiting_queries", limit, "queries")
    )


def crash_problem(code: int | None, allowance: Allowance) -> Problem:
    """What to say when the process of a query died: SIGABRT is what running out of memory looks like."""
    if code in (-signal.SIGABRT, -signal.SIGKILL):
        return memory_problem(allowance)
    if code == -signal.SIGSEGV:
        return Problem(
            400, "too-complex", "the query is too complex to evaluate", hint="split it into smaller queries"
        )
    return too_busy("the process evaluating the query ended", code="worker-lost")


def memory_problem(allowance: Allowance) -> Problem:
    return too_busy(
        f"the query needed more than its limit of {allowance.memory >> 20} MiB of memory",
        code="out-of-memory",
        hint="ask for less: fewer patterns without a shared variable, smaller groups",
        limit=Limit("worker_memory", allowance.memory, "bytes"),
    )


def together_problem(limit: int) -> Problem:
    return too_busy(
        f"all queries together needed more than {limit >> 20} MiB of memory, and this one the most",
        code="out-of-memory",
        hint="ask again when there is less to do, or ask for less",
        limit=Limit("queries_memory", limit, "bytes"),
    )


def answer_problem(kind: bytes, message: str, allowance: Allowance) -> Problem:
    """What to say when a worker answered with a failure that is not one of syntax."""
    if kind == worker.NO_GRAPH:
        return no_graph(message, "FROM")
    if kind == worker.RESULT_TOO_LARGE:
        return Problem(
            413, "result-too-large",
            f"the result is larger than the limit of {allowance.max_result_bytes} bytes",
            hint="ask for less, or page with ORDER BY, LIMIT and OFFSET",
            limit=Limit("max_result_bytes", allowance.max_result_bytes, "bytes"),
        )  # fmt: skip
    if kind == worker.TOO_MANY_ROWS:
        return Problem(
            413, "too-many-rows", f"the result has more than {allowance.max_rows} rows or triples",
            hint="ask for less, or page with ORDER BY, LIMIT and OFFSET",
            limit=Limit("max_rows", allowance.max_rows, "rows"),
        )  # fmt: skip
    if kind == worker.MERGE_TOO_LARGE:
        return Problem(
            413, "dataset-too-large",
            f"the graphs of FROM hold more than {allowance.max_merged_quads} triples in all", where="FROM",
            hint="name fewer graphs, or query the default graph, which is the merge of all",
            limit=Limit("max_merged_quads", allowance.max_merged_quads, "quads"),
        )  # fmt: skip
    if kind == worker.OUT_OF_MEMORY:
        return memory_problem(allowance)
    if kind == worker.NO_STORE:
        return too_busy("the dataset is being replaced, or damaged", code="store-damaged")
    if kind == worker.FAILED:
        return Problem(
            502, "service-failed", message[:MAX_TOLD], where="SERVICE",
            hint="SERVICE SILENT goes on without it",
        )  # fmt: skip
    return Problem(400, "invalid-query", message, hint="see what SPARQL 1.1 provides")
