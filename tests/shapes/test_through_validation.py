"""The examples through the validation of a change: the same violations, and no others, by either engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from overlay import Overlay
from pyoxigraph import NamedNode, Triple

from sdograph.identifiers import ID_BASE
from sdograph.namespaces import RDF
from sdograph.triples import Subject, Term, Triples
from sdograph.validation import ENGINES, validate_change

EXAMPLES = [
    f
    for f in sorted(Path(__file__).parent.glob("*/*.ttl"))
    if f.stem != "fail-blank-node"  # graphs of ours hold none
]


class Neighbours(Triples):
    """What the store knows of the nodes of which an example gives nothing but the type."""

    def __init__(self, triples: list[Triple]) -> None:
        self._triples = triples

    def triples(
        self, s: Subject | None = None, p: NamedNode | None = None, o: Term | None = None
    ) -> Iterator[Triple]:
        return (
            t for t in self._triples
            if s in (None, t.subject) and p in (None, t.predicate) and o in (None, t.object)
        )  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_a_change_is_reported_for_what_the_example_says(file: Path, engine: str) -> None:
    told = re.findall(r"^# reports: <(.+)> \| .+ \| shapes:(.+)$", file.read_text("utf-8"), re.MULTILINE)
    triples = [q.triple for q in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]
    described = {t.subject for t in triples if t.predicate != RDF.type}
    added = [t for t in triples if t.subject in described]
    known = Neighbours([t for t in triples if t.subject not in described])
    focus = {t.value for t in described if isinstance(t, NamedNode)}
    found = {
        (f.focus.removeprefix(ID_BASE), f.shape.partition("#")[2])
        for f in validate_change(Overlay(known, added, []), added, [], engine)
        if f.severity == "violation" and f.focus in focus
    }
    assert found == set(told)
