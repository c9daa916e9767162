"""Decisions as files: what goes out comes in elsewhere, once, and garbage does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdograph import review
from sdograph.errors import DataError, LimitExceeded, SdographError, UsageError
from sdograph.review import files
from sdograph.review.decision import Decisions
from sdograph.review.proposal import Choice, propose
from sdograph.review.settling import settle, undo
from sdograph.store import EmbeddedStore


@pytest.fixture
def elsewhere(prepared: EmbeddedStore, tmp_path: Path) -> EmbeddedStore:
    prepared.backup(tmp_path / "elsewhere")
    return EmbeddedStore(tmp_path / "elsewhere")


def decided(store: EmbeddedStore) -> EmbeddedStore:
    """The store with a decision of each kind, one of them withdrawn."""
    view = store.current()
    ids = {(i.words, i.fields): i.id for i in review.items(view)}
    choices = {
        ("Forum of Examples", ("sender", "to")): Choice(thing="ITU-T-SG17"),
        ("eNA_Ph3_SEC", ("mention",)): Choice(none=True),
        ("FS_Example", ("status",)): Choice(prefer="work-items-2024.csv"),
        ("FS_Example", ("begin",)): Choice(value="2023-01-16"),
        ("EX-LS-3", ("title",)): Choice(value='LS on the "last", examples\nand more'),
        ("EX-LS-3", ("record",)): Choice(right=True),
    }
    for on, choice in choices.items():
        settle(store, propose(view, [ids[on]], choice, by="Jane Example"))
    begin = next(d for d in review.Decisions.of(store.current()).all if d.field == "begin")
    undo(store, begin.id, by="chair")
    return store


@pytest.mark.parametrize("suffix", [".csv", ".ttl"])
def test_decisions_taken_here_hold_elsewhere(
    store: EmbeddedStore, elsewhere: EmbeddedStore, tmp_path: Path, suffix: str
) -> None:
    known = review.Decisions.of(decided(store).current())
    path = tmp_path / f"decisions{suffix}"
    path.write_bytes(files.write(known.all, suffix))
    outcome = settle(elsewhere, files.read(path, elsewhere.current()))
    assert set(review.Decisions.of(elsewhere.current()).all) == set(known.all)
    assert len(outcome.new) == 6
    assert [i.id for i in review.items(elsewhere.current())] == [i.id for i in review.items(store.current())]
    ours, theirs = (
        {q for q in s.current().quads() if not q.subject.value.endswith("/dataset")}  # type: ignore[union-attr]
        for s in (store, elsewhere)
    )
    assert ours == theirs


def test_importing_twice_changes_nothing(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_bytes(files.write(review.Decisions.of(decided(store).current()).all, ".csv"))
    version = store.current().version
    assert settle(store, files.read(path, store.current())).generation is None
    assert store.current().version == version


def test_a_withdrawal_comes_over_too(store: EmbeddedStore, elsewhere: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_bytes(files.write(review.Decisions.of(decided(store).current()).all, ".csv"))
    settle(elsewhere, files.read(path, elsewhere.current()))
    forum = next(d for d in review.Decisions.of(store.current()).all if d.words == "Forum of Examples")
    undo(store, forum.id, by="chair")
    path.write_bytes(files.write(review.Decisions.of(store.current()).all, ".csv"))
    outcome = settle(elsewhere, files.read(path, elsewhere.current()))
    assert [d.id for d in outcome.withdrawn] == [forum.id]
    assert outcome.places == 3


def test_a_row_written_by_hand_needs_little(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(
        "verdict,words,kind,value,by,at\n"
        "is,FORUM of examples,organization,group/ITU-T-SG17,me,2026-11-25T10:00:00Z\n",
        "utf-8",
    )
    assert settle(store, files.read(path, store.current())).places == 3


HEADER = "verdict,words,kind,document,thing,field,value,preferred,by,at,note,withdrawn_by,withdrawn_at,id\n"
UNKNOWN_VERDICT = b"""@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
<https://w3id.org/sdograph/id/decision/1> a sdo:Decision ; sdo:verdict "maybe" ; sdo:decidedBy "me" ;
  sdo:onWords "GP" ; prov:generatedAtTime "2026-11-25T10:00:00Z" .
"""
ROW = "is,GP,organization,,,,group/ITU-T-SG17,,me,2026-11-25T10:00:00Z,,,,\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d.csv", b""),
        ("d.csv", b"\xff\xfe\x00\x01 garbage"),
        ("d.csv", b"a,b,c\n1,2,3\n"),
        ("d.csv", (HEADER + ROW.replace("is,", "was,", 1)).encode()),
        ("d.csv", (HEADER + ROW.replace("organization", "orchestra")).encode()),
        ("d.csv", (HEADER + ROW.replace(",me,", ",,")).encode()),
        ("d.csv", (HEADER + ROW.replace("2026-11-25T10:00:00Z", "")).encode()),
        ("d.csv", (HEADER + ROW.replace("2026-11-25T10:00:00Z", "yesterday")).encode()),
        ("d.csv", (HEADER + ROW.replace("group/ITU-T-SG17", "group/ITU-T-SG99")).encode()),
        ("d.csv", (HEADER + ROW.replace("group/ITU-T-SG17", "group/<>")).encode()),
        ("d.csv", (HEADER + "value,,,,work-item/3GPP/X,begin,soon,,me,2026-11-25T10:00:00Z,,,,\n").encode()),
        (
            "d.csv",
            (HEADER + "value,,,,work-item/3GPP/X,weather,fine,,me,2026-11-25T10:00:00Z,,,,\n").encode(),
        ),
        ("d.csv", (HEADER + "none,,,,,,,,me,2026-11-25T10:00:00Z,,,,\n").encode()),
        ("d.csv", (HEADER + '"' + "x" * 200_000 + "\n").encode()),
        ("d.ttl", b"not turtle at all"),
        ("d.ttl", b"<https://example.org/d> a <https://w3id.org/sdograph/ontology#Decision> ."),
        ("d.ttl", UNKNOWN_VERDICT),
        ("d.txt", b"decisions"),
    ],
)
def test_garbage_is_named_and_nothing_is_decided(
    store: EmbeddedStore, tmp_path: Path, name: str, content: bytes
) -> None:
    version = store.current().version
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SdographError) as error:
        settle(store, files.read(path, store.current()))
    assert error.value.hint
    assert store.current().version == version


def test_the_latest_is_in_force_whatever_the_zone_of_its_time(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    later = ROW.replace("is,", "none,").replace("group/ITU-T-SG17", "")
    # 12:00 in Geneva is earlier than 11:30 UTC.
    path.write_text(HEADER + ROW.replace("10:00:00Z", "12:00:00+01:00") + later.replace("10:00", "11:30"))
    first, second = files.read(path, store.current())
    assert (first.at, second.at) == ("2026-11-25T11:00:00Z", "2026-11-25T11:30:00Z")
    assert Decisions([first, second]).state(second) == "in force"


def test_a_file_that_is_not_there_or_too_large_is_refused(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError):
        files.read(tmp_path / "none.csv", store.current())
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    path = tmp_path / "large.csv"
    path.write_text(HEADER, "utf-8")
    with pytest.raises(LimitExceeded):
        files.read(path, store.current())


def test_a_line_at_fault_is_named(store: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text(HEADER + ROW + ROW.replace("organization", "orchestra"), "utf-8")
    with pytest.raises(DataError) as error:
        files.read(path, store.current())
    assert (error.value.where or "").endswith("d.csv, line 3")
