"""A query as it goes out to the server of a remote store.

Our own engine refuses what SPARQL does not define. Servers do not: they declare prefixes of their own, and
know functions that reach the network, the disk or their administration (``bif:`` and ``sql:`` of Virtuoso,
``java:`` of others). So here goes out only what SPARQL 1.1 defines, written anew from its tokens: without
comments, and with every prefix declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sdograph.errors import InvalidQuery
from sdograph.identifiers import BASE
from sdograph.namespaces import PREFIXES, XSD
from sdograph.queries.lexer import Token, tokens
from sdograph.store.remote.state import OWN

#: IRIs that mean a program to some server.
_PROGRAMS = ("bif:", "sql:", "java:", "javascript:")

#: What may stand before a parenthesis: casts are functions of SPARQL, and no server has functions in these.
_NO_PROGRAMS = (XSD.base, *PREFIXES.values())


def outbound(query: str, *, merged: bool) -> str:
    """The query to send, one that :func:`sdograph.queries.lexer.inspect` has let pass.

    FROM is left out: the dataset goes with the request. What the store keeps for itself does not show; with
    ``merged`` not even where GRAPH has a variable, for a request that does not name its graphs. Raises
    InvalidQuery for a function that SPARQL 1.1 does not define and for a prefix that nobody declares.
    """
    words = [_Word(token, query[token.start : token.end]) for token in tokens(query)]
    namespaces: dict[str, str] = {}
    for word, namespace in _declared(words):
        prefix = word.text.removesuffix(":")
        if namespaces.setdefault(prefix, namespace) != namespace:
            raise _error(query, word, f"the prefix {prefix}: is declared twice", "declare it once")
    used = set()
    for before, word, after in zip([None, *words[:-1]], words, [*words[1:], None], strict=True):
        if word.token.kind not in ("iri", "name", "dots"):
            continue
        if before is not None and before.upper == "PREFIX":
            continue
        iri = word.text[1:-1]
        if word.token.kind != "iri":
            prefix, _, local = word.text.partition(":")
            if prefix not in namespaces and prefix not in PREFIXES:
                raise _error(query, word, f"the prefix {prefix}: is not declared",
                             f"begin the query with PREFIX {prefix}: <…>")  # fmt: skip
            if prefix not in namespaces:
                used.add(prefix)
            iri = namespaces.get(prefix, PREFIXES.get(prefix, "")) + local
        if iri.startswith(OWN):
            word.text = f"<{OWN}nothing>"
        called = after is not None and after.text == "(" and not iri.startswith(_NO_PROGRAMS)
        if called or iri.lower().startswith(_PROGRAMS):
            raise _error(query, word, f"{word.text} is no function of SPARQL 1.1", "leave it out")
    base = f"<{BASE}>"
    if len(words) > 1 and words[0].upper == "BASE":  # Virtuoso wants it first
        base, words = words[1].text, words[2:]
    prologue = f"BASE {base} " + "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(used))
    return prologue + "".join(_written(words, OWN if merged else None))


class _Word:
    """A token with its text."""

    __slots__ = ("text", "token", "upper")

    def __init__(self, token: Token, text: str) -> None:
        self.token = token
        self.text = text
        self.upper = text.upper() if token.kind == "word" else ""


def _declared(words: Sequence[_Word]) -> Iterator[tuple[_Word, str]]:
    for declares, name, iri in zip(words, words[1:], words[2:], strict=False):
        if declares.upper == "PREFIX" and iri.token.kind == "iri":
            yield name, iri.text[1:-1]


def _written(words: Sequence[_Word], hidden: str | None) -> Iterator[str]:
    #: For each open brace, what comes after the one that closes it.
    endings: list[str] = []
    end = skipped = 0
    for n, word in enumerate(words):
        if word.token.start > end:
            yield " "
        end = word.token.end
        if skipped:
            skipped -= 1
            continue
        following = words[n + 1 : n + 3]
        if word.upper == "FROM" and following:
            skipped = 2 if following[0].upper == "NAMED" else 1
        elif word.upper == "GRAPH" and hidden and following and following[0].token.kind == "var":
            yield "{ GRAPH"
        elif word.text == "{":
            graph = words[n - 2].upper == "GRAPH" and words[n - 1].token.kind == "var" if n > 1 else False
            variable = words[n - 1].text
            endings.append(f' FILTER(!STRSTARTS(STR({variable}), "{hidden}")) }}' if graph and hidden else "")
            yield word.text
        elif word.text == "}":
            yield word.text + (endings.pop() if endings else "")
        elif word.token.kind == "compare":
            yield f" {word.text} "  # not to be taken for the beginning of an IRI
        else:
            yield word.text


def _error(query: str, word: _Word, message: str, hint: str) -> InvalidQuery:
    offset = word.token.start
    line = query.count("\n", 0, offset) + 1
    column = offset - query.rfind("\n", 0, offset)
    return InvalidQuery(message, where=f"line {line}, column {column}", hint=hint)
