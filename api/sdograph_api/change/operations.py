"""The operations of a SPARQL 1.1 update, read from its tokens.

The engine executes an update, but does not say what it changes, and here each change has to reach the merged
default graph and be validated first. So an update is taken apart: its patterns are asked as queries, its
templates are filled in with the solutions. Templates are parsed as TriG, which differs from them in
variables and in where a full stop may stand. Only text that the engine has parsed comes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from sdograph.identifiers import BASE
from sdograph.namespaces import PREFIXES
from sdograph.queries.lexer import Token, tokens

#: Variables of templates are IRIs with this beginning.
VARIABLE = "urn:x-sdograph:variable:"

Place: TypeAlias = NamedNode | Literal["DEFAULT", "NAMED", "ALL"]

_PREFIXES = "".join(f"PREFIX {prefix}: <{base}>\n" for prefix, base in PREFIXES.items())

#: Words of the prologue, and how many tokens follow them.
_DECLARATIONS = {"BASE": 1, "PREFIX": 2, "VERSION": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Modify:
    """DELETE and INSERT, with a pattern (``select``) or, as INSERT DATA and DELETE DATA have it, without."""

    delete: tuple[Quad, ...] = ()
    insert: tuple[Quad, ...] = ()
    select: str | None = None
    """A SELECT of the variables of the templates; None when there is no pattern."""
    into: NamedNode | None = None
    """The graph of WITH."""
    using: tuple[NamedNode, ...] = ()
    using_named: tuple[NamedNode, ...] = ()
    graphs_must_exist: bool = True
    """Whether a graph in ``using`` that is not there is an error, or empty."""

    @property
    def names_dataset(self) -> bool:
        return bool(self.into or self.using or self.using_named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manage:
    """CREATE, CLEAR, DROP (of ``source``); ADD, COPY, MOVE (to ``target``)."""

    verb: str
    source: Place
    target: Place | None = None
    silent: bool = False


Operation: TypeAlias = Modify | Manage


def read(text: str) -> Iterator[Operation]:
    """The operations in their order. ``text`` is inspected, and the engine can parse it."""
    return _Reader(text).operations()


def prologue_end(text: str) -> int:
    """Where the first operation begins."""
    found = tokens(text)
    operands = 0
    for token in found:
        word = text[token.start : token.end].upper()
        if operands:
            operands -= 1
        elif token.kind == "word" and word in _DECLARATIONS:
            operands = _DECLARATIONS[word]
        else:
            return token.start
    return len(text)


def apart(text: str) -> list[str] | None:
    """Each operation as an update of its own, with all that is declared before it.

    None unless something is declared after the first operation: SPARQL has it so, the engine does not.
    """
    cuts, depth = [0], 0
    for token in tokens(text):
        word = text[token.start : token.end]
        depth += (word == "{") - (word == "}")
        if word == ";" and not depth:
            cuts.append(token.end)
    declared, found, later = "", [], False
    for first, last in pairwise([*cuts, len(text) + 1]):
        piece = text[first : last - 1]
        begin = prologue_end(piece)
        later = later or (first > 0 and piece[:begin].strip() != "")
        declared += piece[:begin] + "\n"
        found.append(declared + piece[begin:])
    return found if later else None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0
        self._prologue = f"BASE <{BASE}>\n{_PREFIXES}"

    def operations(self) -> Iterator[Operation]:
        while self._at < len(self._tokens):
            word = self._word()
            if word in _DECLARATIONS:
                self._declare(_DECLARATIONS[word])
            elif word in ("INSERT", "DELETE", "WITH"):
                yield self._modify()
            elif word in ("CREATE", "CLEAR", "DROP", "ADD", "COPY", "MOVE"):
                yield self._manage(word)
            elif word == ";":
                self._at += 1
            else:
                raise ValueError(f"{word} begins no operation")

    def _word(self) -> str:
        """The current token in capitals, or nothing past the end."""
        return self._slice(self._at).upper() if self._at < len(self._tokens) else ""

    def _slice(self, index: int) -> str:
        token = self._tokens[index]
        return self._text[token.start : token.end]

    def _take(self, word: str) -> bool:
        if self._word() != word:
            return False
        self._at += 1
        return True

    def _declare(self, operands: int) -> None:
        last = self._at + operands
        if self._word() != "VERSION":
            self._prologue += self._text[self._tokens[self._at].start : self._tokens[last].end] + "\n"
        self._at = last + 1

    def _iri(self) -> NamedNode:
        name = self._slice(self._at)
        self._at += 1
        (quad,) = ox.parse(f"{self._prologue}{name} {name} {name} .", ox.RdfFormat.TRIG)
        graph: NamedNode = quad.predicate
        return graph

    def _place(self) -> Place:
        words: tuple[Literal["DEFAULT", "NAMED", "ALL"], ...] = ("DEFAULT", "NAMED", "ALL")
        for word in words:
            if self._take(word):
                return word
        self._take("GRAPH")
        return self._iri()

    def _manage(self, verb: str) -> Manage:
        self._at += 1
        silent = self._take("SILENT")
        source = self._place()
        target = self._place() if self._take("TO") else None
        return Manage(verb=verb, source=source, target=target, silent=silent)

    def _modify(self) -> Modify:
        into = self._iri() if self._take("WITH") else None
        delete = insert = range(0)
        if self._take("DELETE"):
            if self._take("DATA"):
                return Modify(delete=self._template(self._block()))
            if self._take("WHERE"):
                delete = self._block()
                return Modify(delete=self._template(delete), select=self._select(delete, delete))
            delete = self._block()
        if self._take("INSERT"):
            if self._take("DATA"):
                return Modify(insert=self._template(self._block()))
            insert = self._block()
        using: dict[bool, list[NamedNode]] = {False: [], True: []}
        while self._take("USING"):
            using[self._take("NAMED")].append(self._iri())
        self._take("WHERE")
        where = self._block()
        return Modify(
            delete=self._template(delete),
            insert=self._template(insert),
            select=self._select(where, [*delete, *insert]),
            into=into,
            using=tuple(using[False]),
            using_named=tuple(using[True]),
        )

    def _block(self) -> range:
        """The indexes of the tokens of ``{ … }``, the braces too."""
        first = self._at
        depth = 0
        while True:
            bracket = self._word()
            depth += (bracket == "{") - (bracket == "}")
            self._at += 1
            if not depth:
                return range(first, self._at)

    def _select(self, where: range, templates: range | list[int]) -> str:
        variables = {self._slice(i)[1:] for i in templates if self._tokens[i].kind == "var"}
        wanted = " ".join(f"?{name}" for name in sorted(variables)) or "*"
        pattern = self._text[self._tokens[where[0]].start : self._tokens[where[-1]].end]
        return f"{self._prologue}SELECT {wanted} WHERE {pattern}"

    def _template(self, block: range) -> tuple[Quad, ...]:
        if not block:
            return ()
        parts: list[str] = []
        last = self._tokens[block[0]].end
        before = "{"
        for i in block[1:-1]:
            token, word = self._tokens[i], self._slice(i)
            new = _in_trig(token, word, before)
            if new is not None:
                parts += [self._text[last : token.start], new]
                last = token.end
            before = word
        parts.append(self._text[last : self._tokens[block[-1]].start])
        parts.append("" if before in ("{", "}", ".") else " .\n")
        return tuple(ox.parse(self._prologue + "".join(parts), ox.RdfFormat.TRIG))


def _in_trig(token: Token, word: str, before: str) -> str | None:
    """How TriG writes a token of a template, where it writes it differently."""
    if token.kind == "var":
        return f"<{VARIABLE}{word[1:]}>"
    if token.kind == "word" and word.upper() == "GRAPH":
        return "GRAPH" if before in ("{", "}", ".") else ". GRAPH"
    if token.kind == "word" and word.upper() in ("TRUE", "FALSE"):
        return word.lower()
    return "" if word == "." and before == "}" else None
