"""What a document is taken apart into: labelled fields, sections, and what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sdograph.sources.text import Cell

_TOP = 80


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its place."""

    text: str
    locator: str
    cell: Cell = ()

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())


@dataclass(slots=True)
class Field:
    """A label as written, the remark in parentheses after it, and the lines of its value, blank ones too.

    A field that was found without a label, by where and how it is written, says so by its ``rule``.
    """

    label: str
    remark: str = ""
    lines: list[Line] = field(default_factory=list)
    rule: str = ""
    confidence: float = 1.0


@dataclass(slots=True)
class Sheet:
    """A liaison statement taken apart: what stands before the first label, fields and sections by name."""

    name: str
    opening: list[Line] = field(default_factory=list)
    fields: dict[str, list[Field]] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    """Page headers and body, untouched."""

    @property
    def top(self) -> list[Line]:
        """The first lines, for what has no label but a place."""
        return self.lines[:_TOP]

    def names(self, name: str, pattern: str) -> bool:
        """Whether the value of a field has words of a pattern."""
        return any(re.search(pattern, line.text) for line in self.values(name))

    def values(self, name: str) -> list[Line]:
        """The lines of a field that say something."""
        return [line for f in self.fields.get(name, ()) for line in f.lines if not is_placeholder(line.words)]

    def label(self, name: str) -> str:
        """The label under which a field stands, as written; the one whose value says something."""
        return self.stated(name).label

    def rule(self, name: str) -> str:
        """The rule by which a field was found: its label, or what stands for one."""
        return self.stated(name).rule or f"label {self.label(name)}"

    def stated(self, name: str) -> Field:
        """The first field of a name that says something, else the first."""
        fields = self.fields[name]
        return next((f for f in fields if any(not is_placeholder(x.words) for x in f.lines)), fields[0])

    def body(self) -> Iterator[Line]:
        """The running text: abstract, description, actions and annexes."""
        yield from self.values("abstract")
        for name in ("description", "actions", "annex"):
            yield from self.sections.get(name, ())


_PLACEHOLDER = re.compile(
    r"[\W_]*|\W*(?:n/?a|none|nil|no|not applicable|tbd|tbc|aucune?|n[e\u00e9]ant|ninguno"
    r"|no document has been attached"
    r"|sans objet|s\.?[/ ]?o|no procede|no aplica)\W*|(?=\D*$).{0,80}\bif applicable\W*",
    re.IGNORECASE,
)


def is_placeholder(words: str) -> bool:
    """Whether a value says nothing: "n/a", "none", "-", or the form's own "Attached … - if applicable"."""
    return _PLACEHOLDER.fullmatch(words) is not None
