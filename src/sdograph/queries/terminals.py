"""The terminals of SPARQL 1.1 (section 19.8) as regular expressions, and its words.

``match_token`` and ``match_after_operand`` match one token with the space and comments before it; the name of
the group says what it is.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["select", "ask", "construct", "describe", "update", "unknown"]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS = "\u00b7\u0300-\u036f\u203f-\u2040"
_VARNAME = f"[_0-9{_BASE}][_0-9{_BASE}{_MARKS}]*+"
_CHARS = f"[-_0-9{_BASE}{_MARKS}]"
_PREFIX = f"(?:[{_BASE}]{_CHARS}*+(?:\\.++{_CHARS}++)*+)?+:"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL_CHAR = f"(?:[-_0-9:{_BASE}{_MARKS}]|{_ESCAPED})"
_LOCAL = f"(?:(?:[_0-9:{_BASE}]|{_ESCAPED}){_LOCAL_CHAR}*+(?P<dots>(?:\\.++{_LOCAL_CHAR}++)++)?+)?+"
_STRING = (
    r"'''(?:'{0,2}+(?:[^'\\]|\\[tbnrf\"'\\]))*+'''"
    r'|"""(?:"{0,2}+(?:[^"\\]|\\[tbnrf"\'\\]))*+"""'
    r"|'(?:[^'\\\n\r]|\\[tbnrf\"'\\])*+'"
    r'|"(?:[^"\\\n\r]|\\[tbnrf"\'\\])*+"'
)
_NUMBER = r"[0-9]++\.[0-9]*+[eE][+-]?+[0-9]++|(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+"
_SPACE = r"(?:[ \t\r\n]|\#[^\r\n]*+)*+"
_TOKEN = (
    f"(?P<var>[?$]{_VARNAME})"
    r'|(?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)'
    f"|(?P<name>{_PREFIX}){_LOCAL}"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*+)"
    f"|(?P<data>{_STRING}|{_NUMBER}"
    f"|_:[_0-9{_BASE}]{_CHARS}*+(?:\\.++{_CHARS}++)*+"
    r"|@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+)"
    r"|(?P<open>[({\[]|<<)|(?P<close>[)}\]]|>>)"
    r"|(?P<not>!(?!=))"
    r"|(?P<mark>\^\^|\|\||&&|!=|<=|>=|[.;,*/|^+\-=<>?~])"
    r"|(?P<end>\Z)"
)

match_space = re.compile(_SPACE).match
match_token = re.compile(f"{_SPACE}(?:{_TOKEN})").match
#: After an operand of an expression: there ``<`` compares, and ``>>`` closes nothing.
match_after_operand = re.compile(f"{_SPACE}(?:(?P<compare>[<>]=?+)|{_TOKEN})").match


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORMS: dict[str, Form] = {
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
}
UPDATES = _words("INSERT DELETE LOAD CLEAR DROP CREATE ADD MOVE COPY WITH")
#: Words after which the parentheses up to the next ``{`` hold expressions, and those that end that.
CLAUSES = _words("SELECT GROUP HAVING ORDER")
PATTERNS = _words("WHERE FROM LIMIT OFFSET")
#: Words after which a parenthesis holds data, not an expression.
DATA = _words("a VALUES UNDEF TRUE FALSE")
VOLATILE = _words("NOW RAND UUID STRUUID")
#: SPARQL 1.1, and what the engine knows of SPARQL 1.2.
WORDS = DATA.union(
    FORMS,
    UPDATES,
    CLAUSES,
    PATTERNS,
    _words(
        "BASE PREFIX VERSION DISTINCT REDUCED AS NAMED BY ASC DESC OPTIONAL GRAPH UNION MINUS FILTER BIND"
    ),
    _words("SERVICE SILENT LATERAL IN NOT EXISTS DATA INTO TO USING DEFAULT ALL"),
    _words("COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR"),
    _words("STR LANG LANGMATCHES LANGDIR HASLANG HASLANGDIR DATATYPE BOUND IRI URI BNODE STRLANG STRLANGDIR"),
    _words("STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC COALESCE IF RAND ABS CEIL FLOOR ROUND"),
    _words("CONCAT SUBSTR STRLEN REPLACE UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE"),
    _words(
        "STRAFTER REGEX YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW ADJUST UUID STRUUID MD5 SHA1"
    ),
    _words("SHA256 SHA384 SHA512 ISTRIPLE TRIPLE SUBJECT PREDICATE OBJECT"),
)
