"""What a SPARQL text asks for, told from its tokens: form, nesting, SERVICE, FROM; and parameters put in.

Why tokens and not a search in the text: ``"SERVICE <x>"`` is a string and ``ex:service`` a name, while
``SERVICE`` may stand among comments or be written ``\\u0053ERVICE``. In the grammar of SPARQL 1.1 the bare
word SERVICE always begins a SERVICE clause, so the tokens settle it.

The grammar (section 19.8) cuts a text into the longest possible tokens. The engine's parser does not: it
reads ``service:x {`` as SERVICE and ``:x``, and takes ``<`` for an IRI or for "less than" by what may come
next. Two things keep both of one mind. ``<`` is read here by its place: after an operand, inside the
parentheses of an expression, it is an operator, elsewhere it begins an IRI. And :attr:`Inspection.text` is
the text to hand to the engine: codepoint escapes decoded, names it would cut differently written as IRIs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

from sdograph.errors import InvalidQuery
from sdograph.identifiers import BASE
from sdograph.namespaces import PREFIXES
from sdograph.queries.terminals import (
    CLAUSES,
    DATA,
    FORMS,
    PATTERNS,
    UPDATES,
    VOLATILE,
    WORDS,
    Form,
    match_after_operand,
    match_space,
    match_token,
)
from sdograph.queries.text import decoded, edited, error_at

#: Brackets, parentheses and braces may be nested this deep. About 800 overflow the stack of an engine thread.
MAX_DEPTH = 100

#: Operators and patterns a text may chain (``a || b || c …``, triples); the engine recurses over them too.
MAX_CHAIN = 10_000

#: Longer IRIs are not kept: anybody may send them.
_CACHED = 1_000

_OPERANDS = frozenset({"var", "iri", "name", "dots", "data"})
_CLOSES = {"(": ")", "{": "}", "[": "]", "<<": ">>"}
#: The engine reads words without looking where they end, so it may find one of these at the head of a name.
_FUSED = re.compile(r"[^:]*(?:service|from)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a text asks for."""

    form: Form
    text: str
    """The text to give to the engine; it says the same."""
    depth: int
    """The deepest nesting of brackets, and of ``!`` before an operand."""
    default_graphs: tuple[str, ...] = ()
    """IRIs of FROM, in order; without BASE relative ones are below https://w3id.org/sdograph/."""
    named_graphs: tuple[str, ...] = ()
    """IRIs of FROM NAMED, in order."""
    services: tuple[str, ...] = ()
    """IRIs of the endpoints that SERVICE clauses ask, in order."""
    volatile: bool = False
    """Whether it may answer differently each time over the same graph (NOW, RAND, UUID, SERVICE)."""


class Token(NamedTuple):
    """A token, ``text[start:end]``. Kinds: var iri name dots (a name with dots) word data open close not mark
    compare (``<`` or ``>`` after an operand)."""

    kind: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def inspect(text: str, services: tuple[str, ...] = ()) -> Inspection:
    """Reads the tokens of a query or update.

    ``services`` are the endpoints that SERVICE may ask: IRIs, and beginnings of IRIs that end in ``*``.

    Raises InvalidQuery, with line and column, for what is no token or word of SPARQL, for brackets that do
    not match, for nesting deeper than MAX_DEPTH, and for LOAD and for SERVICE of anything else (a variable,
    too), which would reach out to other servers. What remains wrong in the order of the tokens is for the
    engine to say.
    """
    plain = decoded(text) if "\\" in text else text
    scan = _Scan(plain)
    scan.run()
    for start, endpoint in scan.services:
        if endpoint is None or not _is_among(endpoint, services):
            raise _service_error(plain, start, endpoint, services)
    if scan.load is not None:
        raise error_at(
            "LOAD is not allowed: nothing is fetched from other servers", plain, scan.load,
            hint="fetch the document yourself and send its content",
        )  # fmt: skip
    return Inspection(
        form=scan.form,
        text=edited(plain, scan.edits),
        depth=scan.depth,
        default_graphs=tuple(scan.default_graphs),
        named_graphs=tuple(scan.named_graphs),
        services=tuple(endpoint for _, endpoint in scan.services if endpoint is not None),
        volatile=scan.volatile or bool(scan.services),
    )


def tokens(text: str) -> list[Token]:
    """The tokens of a text, without white space and comments. Raises InvalidQuery as :func:`inspect` does."""
    scan = _Scan(text)
    scan.tokens = []
    scan.run()
    return scan.tokens


def substitute(text: str, terms: Mapping[str, str]) -> str:
    """Puts terms, written as SPARQL, in the place of the variables ``$name``. ``?name`` stays, and so does a
    ``$name`` without a term."""
    edits = []
    for kind, start, end in tokens(text):
        if kind == "var" and text[start] == "$" and text[start + 1 : end] in terms:
            edits.append((start, end, terms[text[start + 1 : end]]))
    return edited(text, edits)


class _Scan:
    """One pass over a text."""

    __slots__ = (
        "_base", "_expect", "_namespaces", "_prefix", "default_graphs", "depth", "edits", "form", "load",
        "named_graphs", "services", "text", "tokens", "volatile",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] | None = None
        self.form: Form = "unknown"
        self.depth = 0
        #: Where SERVICE stands, and the endpoint if it is an IRI.
        self.services: list[tuple[int, str | None]] = []
        self.load: int | None = None
        self.volatile = False
        self.default_graphs: list[str] = []
        self.named_graphs: list[str] = []
        self.edits: list[tuple[int, int, str]] = []
        self._base = BASE
        self._namespaces: dict[str, str] = {}
        self._expect = ""
        self._prefix = ""

    def run(self) -> None:
        text = self.text
        tokens = self.tokens
        lowered = text.lower()
        fusable = "service" in lowered or "from" in lowered
        counted = len(text) > 2 * MAX_CHAIN
        chain = negations = pos = word_end = exists_end = 0
        # Whether parentheses on this level hold expressions without more ado (SELECT (…), ORDER BY (…)).
        clause = pending_filter = False
        # Whether we stand inside the parentheses of an expression.
        expression = False
        stack: list[tuple[str, bool, bool]] = []
        match = match_token
        while True:
            found = match(text, pos)
            if found is None:
                raise self._no_token(pos)
            kind = found.lastgroup or ""
            before, pos = pos, found.end()
            if tokens is not None and kind != "end":
                tokens.append(Token(kind, found.start("name" if kind == "dots" else kind), pos))
            if kind in _OPERANDS:
                match = match_after_operand if expression else match_token
                if self._expect:
                    self._expected(found, kind)
                elif kind == "dots" or (
                    fusable and kind == "name" and _FUSED.match(text, found.start("name"))
                ):
                    self._write_out(found)
            elif kind == "word":
                start = found.start("word")
                word = text[start:pos]
                upper = word.upper() if word != "a" else word
                if upper not in WORDS:
                    raise error_at(f"{word} is no word of SPARQL", text, start)
                match = match_token
                if upper in DATA:
                    if expression and upper != "a":
                        match = match_after_operand
                    elif upper == "VALUES":
                        clause = False
                    continue
                word_end = pos
                if upper in CLAUSES:
                    clause = True
                elif upper in PATTERNS:
                    clause = False
                elif upper == "FILTER":
                    pending_filter = True
                elif upper == "EXISTS":
                    exists_end = pos
                self._word(upper, start)
                chain += 1
            elif kind == "open":
                start = found.start("open")
                bracket = text[start:pos]
                stack.append((bracket, expression, clause if before == exists_end else False))
                match = match_token
                if bracket == "(":
                    around = stack[-2][0] if len(stack) > 1 else "{"
                    if around == "{":
                        expression = clause or pending_filter or before == word_end
                        pending_filter = False
                    # Elsewhere as around it; inside [ and << it is already False.
                else:
                    expression = False
                    if bracket == "{":
                        clause = pending_filter = False
                if len(stack) + negations > self.depth:
                    self.depth = len(stack) + negations
                    if self.depth > MAX_DEPTH:
                        raise _too_deep(text, start)
            elif kind == "close":
                start = found.start("close")
                bracket, expression, kept = stack.pop() if stack else ("", False, False)
                if text[start:pos] != _CLOSES.get(bracket):
                    raise error_at(f"{text[start:pos]} closes nothing that was opened", text, start)
                if bracket == "{":
                    clause = kept
                match = match_after_operand if expression else match_token
                negations = 0
            elif kind == "not":
                match = match_token
                negations += 1
                if len(stack) + negations > MAX_DEPTH:
                    raise _too_deep(text, found.start("not"))
                continue
            elif kind == "end":
                break
            else:
                if counted:
                    mark = text[found.start(kind) : pos]
                    if mark in ("+", "-"):  # not the sign of a number
                        chain += match is match_after_operand
                    elif mark in (".", ";", ","):  # one more triple, outside of expressions
                        chain += not expression and self.form != "update"
                    else:
                        chain += mark != "^^"
                match = match_token
            negations = 0
        if stack:
            raise error_at(f"{stack[-1][0]} is never closed", text, pos)
        if counted and chain > MAX_CHAIN:
            raise InvalidQuery(
                f"more than {MAX_CHAIN} operators and patterns",
                where="the query as a whole",
                hint="use VALUES or IN for long lists",
            )

    def _word(self, word: str, start: int) -> None:
        if word == "PREFIX":
            self._expect = "prefix"
        elif word in ("BASE", "FROM"):
            self._expect = word.lower()
        elif word == "NAMED":
            if self._expect == "from":
                self._expect = "named"
        elif word == "SERVICE":
            # What else than an IRI or a variable may follow, the engine refuses with the whole text.
            self.services.append((start, None))
            self._expect = "service"
        elif word in VOLATILE:
            self.volatile = True
        elif word == "LOAD":
            self.load = start
            self.form = "update"
        elif self.form == "unknown":
            self.form = "update" if word in UPDATES else FORMS.get(word, "unknown")

    def _expected(self, found: re.Match[str], kind: str) -> None:
        """Takes in what follows PREFIX, BASE, FROM or SERVICE."""
        expect, self._expect = self._expect, ""
        start, end = found.start(kind if kind != "dots" else "name"), found.end()
        token = self.text[start:end]
        if expect == "prefix":
            self._prefix = token.removesuffix(":")
            self._expect = "namespace"
        elif expect == "namespace" and kind == "iri":
            self._namespaces[self._prefix] = self._resolved(token, start)
        elif expect == "base" and kind == "iri":
            self._base = self._resolved(token, start)
        elif expect in ("from", "named") and kind in ("iri", "name", "dots"):
            graphs = self.default_graphs if expect == "from" else self.named_graphs
            graphs.append(self._resolved(token, start) if kind == "iri" else self._expanded(token, start))
            if kind != "iri":
                self.edits.append((start, end, f"<{graphs[-1]}>"))
        elif expect == "service" and kind in ("iri", "name", "dots"):
            iri = self._resolved(token, start) if kind == "iri" else self._expanded(token, start)
            self.services[-1] = (self.services[-1][0], iri)
            # The engine asks what was looked at, whatever it takes for the base or for a prefix.
            self.edits.append((start, end, f"<{iri}>"))

    def _write_out(self, found: re.Match[str]) -> None:
        start, end = found.start("name"), found.end()
        self.edits.append((start, end, f"<{self._expanded(self.text[start:end], start)}>"))

    def _expanded(self, name: str, start: int) -> str:
        prefix, _, local = name.partition(":")
        namespace = self._namespaces.get(prefix, PREFIXES.get(prefix))
        if namespace is None:
            raise error_at(
                f"the prefix {prefix}: is not declared", self.text, start,
                hint=f"begin the query with PREFIX {prefix}: <…>",
            )  # fmt: skip
        return namespace + local.replace("\\", "")

    def _resolved(self, iri: str, start: int) -> str:
        resolve = _resolve if len(iri) + len(self._base) <= _CACHED else _resolve.__wrapped__
        try:
            return resolve(iri, self._base)
        except (SyntaxError, ValueError) as error:
            raise error_at(f"{iri} is no IRI", self.text, start) from error

    def _no_token(self, pos: int) -> InvalidQuery:
        space = match_space(self.text, pos)
        start = space.end() if space else pos
        char = self.text[start]
        if char in "\"'":
            return error_at(
                "a string is never closed, or holds an escape that SPARQL does not have", self.text, start
            )
        return error_at(f"unexpected character {char!r}", self.text, start)


@lru_cache(maxsize=256)  # queries declare the same few prefixes
def _resolve(iri: str, base: str) -> str:
    """An IRI in angle brackets, made whole. Raises SyntaxError or ValueError."""
    triple = next(iter(ox.parse(f"{iri} a {iri} .", ox.RdfFormat.TURTLE, base_iri=base)))
    return str(triple.subject.value)


def _is_among(endpoint: str, services: tuple[str, ...]) -> bool:
    return any(endpoint.startswith(s[:-1]) if s.endswith("*") else endpoint == s for s in services)


def _service_error(text: str, start: int, endpoint: str | None, services: tuple[str, ...]) -> InvalidQuery:
    if not services:
        return error_at(
            "SERVICE is not allowed: queries are answered from this graph alone", text, start,
            hint="ask the other endpoint yourself and put its answer in with VALUES",
        )  # fmt: skip
    asked = f"<{endpoint}>" if endpoint is not None else "an endpoint that is not named by its IRI"
    return error_at(f"SERVICE may not ask {asked}", text, start, hint=f"it may ask {', '.join(services)}")


def _too_deep(text: str, offset: int) -> InvalidQuery:
    return error_at(
        f"nested deeper than {MAX_DEPTH} levels",
        text,
        offset,
        hint="split the query, or flatten it with VALUES",
    )
