"""How well names, numbers and codes are linked: real strings with labels made by hand, kind by kind.

What the labels are, how they were sampled and what is measured stands in docs/guides/linking.md. This test
prints the figures: ``pytest tests/linking/test_labelled.py``.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sdograph import sources
from sdograph.linking import Linker, MemoryIndex, Registry, split_parties
from sdograph.model import Body, Group, LiaisonStatement, Record, Reference, ReferenceKind
from sdograph.sources.liaison.mentions import mentions
from sdograph.sources.liaison.sheet import Line

LABELLED = Path(__file__).with_name("labelled.csv")
#: The tables of the dataset that hold the codes of work items and the numbers of specifications.
CODES = ("3gpp/work-plan-2023-01-10.csv", "3gpp/specifications-2023-05-19.csv", "facts/work-items.csv")
FEWEST = {"name": 400, "list": 60, "number": 100, "code": 100, "text": 60, "trap": 25}


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled string. ``targets`` of a number are "number|who gave it|meeting"."""

    text: str
    context: str | None
    date: str | None
    targets: tuple[str, ...]
    candidates: frozenset[str]
    kind: str
    seen_in: str


@dataclass(slots=True)
class Found:
    """What the program finds in a string."""

    targets: list[str] = field(default_factory=list)
    candidates: set[str] = field(default_factory=set)
    codes: int = 0
    """How many codes it takes for such, linked or not."""


@dataclass(slots=True)
class Tally:
    """What was right, wrong and missed of one kind."""

    rows: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    other_candidates: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong)) if self.right else float(not self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed)) if self.right else float(not self.missed)

    @property
    def candidates(self) -> float:
        return 1 - len(self.other_candidates) / self.rows


def labelled() -> list[Row]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                text=row["text"],
                context=row["context"] or None,
                date=row["date"] or None,
                targets=_several(row["targets"]),
                candidates=frozenset(_several(row["candidates"])),
                kind=row["kind"],
                seen_in=row["seen_in"],
            )
            for row in csv.DictReader(file)
        ]


def _several(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("; ")) if cell else ()


def read(path: Path) -> Iterable[Record]:
    return sources.read(path, sources.open_source(path))


@pytest.fixture(scope="module")
def index(root: Path, records: list[Record]) -> MemoryIndex:
    """The codes of the bundled dataset."""
    return MemoryIndex.from_records([*records, *(r for table in CODES for r in read(root / "data" / table))])


def reference(text: str, where: str, kind: ReferenceKind, context: str | None) -> Reference:
    return Reference(text=text, field=where, kind=kind, context=context)


def found(row: Row, linker: Linker) -> Found:
    """What the program makes of a string, by the part of it that is for such strings."""
    made = Found()
    if row.kind == "number":
        for issued, who in linker.numbers(row.text, on=row.date):
            made.targets.append(f"{issued.number}|{who.target or ''}|{issued.meeting or ''}")
        return made
    if row.kind == "name":
        links = [linker.organization(row.text, on=row.date, context=row.context)]
    elif row.kind == "list":
        parties = tuple(
            reference(name, "to", "organization", row.context) for name in split_parties(row.text)
        )
        statement = LiaisonStatement(layout="3gpp", title="LS", sender=(), to=parties, date=row.date)
        made.targets = [r.target for r in linker.link(statement).to if r.target]
        made.candidates = {key for r in linker.link(statement).to for key in r.candidates}
        return made
    elif row.kind == "code":
        links = [linker.item(reference(row.text, "mention", "item", row.context), row.date)]
    else:
        named = list(mentions([Line(text=row.text, locator="line 1")], sender=row.context or ""))
        made.codes = len(named)
        links = [linker.item(mention.reference, row.date) for mention in named]
    made.targets = [link.target for link in links if link.target]
    made.candidates = {key for link in links if not link.target for key in link.candidates}
    return made


def measure(rows: Iterable[Row], linker: Linker) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for row in rows:
        tally, made = tallies.setdefault(row.kind, Tally()), found(row, linker)
        expected, got = Counter(row.targets), Counter(made.targets)
        tally.rows += 1
        tally.right += (expected & got).total()
        tally.wrong += [f"{row.text!r}: {key}" for key in (got - expected).elements()]
        tally.missed += [f"{row.text!r}: {key}" for key in (expected - got).elements()]
        if made.candidates != row.candidates:
            tally.other_candidates.append(f"{row.text!r}: {sorted(made.candidates)}")
        if row.kind == "trap" and made.codes:
            tally.wrong.append(f"{row.text!r}: taken for a code")
    return tallies


def test_links_are_right_and_few_are_missed(
    registry: Registry, index: MemoryIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    tallies = measure(labelled(), Linker(registry, index))
    with capsys.disabled():
        print()  # noqa: T201
        for kind, t in tallies.items():
            figures = f"precision {t.precision:.3f}, recall {t.recall:.3f}, candidates {t.candidates:.3f}"
            if kind == "trap":
                figures = f"nothing is found in {t.rows - len(t.wrong)}"
            print(f"{kind:7}{t.rows:4} strings: {figures}")  # noqa: T201
    traps = tallies.pop("trap")
    assert len(traps.wrong) <= 0.05 * traps.rows, traps.wrong
    for kind, tally in tallies.items():
        assert tally.rows >= FEWEST[kind]
        assert tally.precision >= 0.99, tally.wrong
        assert tally.recall >= 0.95, tally.missed
        assert tally.candidates >= 0.95, tally.other_candidates


def test_no_number_is_seen_where_none_is(registry: Registry, index: MemoryIndex) -> None:
    linker = Linker(registry, index)
    seen = [row.text for row in labelled() if row.kind == "trap" and list(linker.numbers(row.text))]
    assert seen == []


def test_more_organisations_take_no_link_away(
    root: Path, registry: Registry, records: list[Record], index: MemoryIndex
) -> None:
    """ISO's 785 committees and 900 liaison organisations turn no link to another group, and no company into
    one of them.
    """
    iso = [r for r in read(root / "data/iso/committees.jsonl") if isinstance(r, Body | Group)]
    more = Linker(Registry.from_records([*iso, *records]), index)
    few = Linker(registry, index)
    brought = {more.registry.key(o.id) for o in iso}
    for row in labelled():
        before, after = Counter(found(row, few).targets), Counter(found(row, more).targets)
        assert before <= after, row
        assert set(after - before) <= (brought if row.kind == "name" else set()), row


def test_labels_name_what_is_there(registry: Registry, index: MemoryIndex) -> None:
    items = {
        key for row in labelled() if row.kind in ("code", "text") for key in (*row.targets, *row.candidates)
    }
    for row in labelled():
        for target in (*row.targets, *row.candidates):
            key = target.split("|")[1] if row.kind == "number" else target
            if key and key not in items:
                assert registry.key(key.partition("/")[2]) == key


def test_strings_stand_in_the_sources_they_are_of(shared: Callable[[str], Path]) -> None:
    """Each word for word, as far as the source is plain text."""
    texts: dict[str, str] = {}
    checked = 0
    for row in labelled():
        name = row.seen_in.split(",")[0].split(" (")[0]
        if not name.startswith(("facts/", "ls/", "iso/iso_")) or "joined" in row.seen_in:
            continue
        if name not in texts:
            raw = shared(f"data/{name}").read_text("utf-8", "replace")
            texts[name] = " ".join(raw.replace('""', '"').replace("\\u2019", "’").split())
        parts = (" ".join(part.split()) for part in row.text.replace("\n", ";").split(";"))
        assert [part for part in parts if part not in texts[name]] == [], row
        checked += 1
    assert checked > 450
