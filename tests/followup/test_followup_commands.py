"""The commands inbox and thread: what goes to standard output, in which form, and how calls go wrong."""

from __future__ import annotations

import json
from pathlib import Path

import icalendar
import pytest
from correspondence import Correspondence
from typer.testing import CliRunner, Result

from sdograph.cli import app, main
from sdograph.followup import NOTE


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    letters = Correspondence()
    letters.sent("S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action", received="S2-240009")
    letters.asked("S3-1", 1, "SA3 asks SA2 to confirm.", "3GPP-SA2", "2024-03-15")
    letters.sent("S2-2", "3GPP-SA2", "3GPP-SA3", date="2024-03-20", answers="S3-1 S3-240000")
    letters.sent("R2-3", "3GPP-RAN2", "3GPP-SA2", cc="3GPP-SA3", date="2024-02-02", purpose="information",
                 title="[DRAFT] LS [red]on[/red] something")  # fmt: skip
    folder = tmp_path_factory.mktemp("commands")
    letters.store(folder)
    return folder


def run(data_dir: Path, *args: str) -> Result:
    result = CliRunner().invoke(app, [*args, "--data-dir", str(data_dir)])
    assert result.exit_code == 0, result.output
    return result


class TestInbox:
    def test_a_table_with_what_it_rests_on(self, data_dir: Path) -> None:
        result = run(data_dir, "inbox", "3GPP-SA2", "--as-of", "2024-03-16")
        head, first, second, note = result.stdout.splitlines()[:4]
        assert head.split() == [
            "state",
            "deadline",
            "days",
            "number",
            "date",
            "from",
            "for",
            "title",
            "rests",
            "on",
        ]
        assert first.split()[:5] == ["overdue", "2024-03-15", "-1", "S3-1", "2024-02-01"]
        assert second.split()[:2] == ["unasked", "R2-3"]
        assert note.strip() == NOTE
        assert "3GPP SA2, 2024-03-16: 1 overdue, 1 unasked" in result.stderr

    def test_only_what_is_open_or_for_a_purpose(self, data_dir: Path) -> None:
        def numbers(*options: str) -> list[str]:
            found = run(data_dir, "inbox", "3GPP-SA2", "--as-of", "2024-03-01", "--format", "json", *options)
            return [entry["number"] for entry in json.loads(found.stdout)["entries"]]

        assert numbers() == ["S3-1", "R2-3"]
        assert numbers("--open") == ["S3-1"]
        assert numbers("--purpose", "information") == ["R2-3"]

    def test_as_json(self, data_dir: Path) -> None:
        found = json.loads(run(data_dir, "inbox", "3GPP-SA3", "--outbox", "--format", "json").stdout)
        assert found["organisation"]["key"] == "3GPP-SA3"
        assert found["direction"] == "out"
        assert found["note"] == NOTE
        (entry,) = found["entries"]
        assert (entry["addressee"]["key"], entry["state"]) == ("3GPP-SA2", "answered")
        assert [a["label"] for a in entry["answered_by"]] == ["S2-2"]

    def test_as_a_calendar(self, data_dir: Path) -> None:
        result = run(data_dir, "inbox", "3GPP-SA2", "--as-of", "2024-03-01", "--format", "ics")
        (event,) = icalendar.Calendar.from_ical(result.stdout_bytes).walk("VEVENT")
        assert str(event["summary"]) == "Due: S3-1 (3GPP SA2)"

    def test_of_a_body_it_says_to_which_group(self, data_dir: Path) -> None:
        result = run(data_dir, "inbox", "3GPP", "--as-of", "2024-03-01")
        assert result.stdout.splitlines()[0].split()[5:7] == ["to", "from"]
        assert sum(line.startswith("unasked") for line in result.stdout.splitlines()) == 2


class TestThread:
    def test_as_a_tree(self, data_dir: Path) -> None:
        lines = run(data_dir, "thread", "S2-240009").stdout.splitlines()
        assert [line.rstrip() for line in lines] == [
            "2024-02-01  S3-1 (also S2-240009)  3GPP SA3: LS on something",
            "└── 2024-03-20  S2-2  3GPP SA2: LS on something",
            "S3-240000: not in the graph",
            "└── 2024-03-20  S2-2  3GPP SA2: LS on something: also answers this; shown above",
        ]

    def test_brackets_in_a_title_are_words(self, data_dir: Path) -> None:
        for call in (("thread", "R2-3"), ("thread", "R2-3", "--format", "table"), ("inbox", "3GPP-SA2")):
            assert "[DRAFT] LS [red]on[/red] something" in run(data_dir, *call).stdout

    def test_in_time(self, data_dir: Path) -> None:
        _, *rows = run(data_dir, "thread", "S2-2", "--format", "table").stdout.splitlines()
        assert [row.split()[:2] for row in rows] == [["2024-02-01", "S3-1"], ["2024-03-20", "S2-2"]]

    def test_as_json(self, data_dir: Path) -> None:
        found = json.loads(run(data_dir, "thread", "S3-1", "--format", "json").stdout)
        assert [root["label"] for root in found["tree"]] == ["S3-1", "S3-240000"]
        assert found["tree"][1]["mark"] == "missing"
        assert found["missing"] == ["S3-240000"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("inbox", "3GPP-SA99"), "there is no body or group '3GPP-SA99'"),
        (("inbox", "3GPP-SA2", "--as-of", "soon"), "'soon' is no day"),
        (("thread", "S3-99"), "there is no liaison statement 'S3-99'"),
    ],
)
def test_wrong_calls(
    data_dir: Path, capsys: pytest.CaptureFixture[str], call: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main([*call, "--data-dir", str(data_dir)])
    assert left.value.code == 2
    assert words in capsys.readouterr().err
