"""The command line as a user meets it: what it prints, what it ends with, what it leaves behind."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import Graph

from sdograph.cli import main
from sdograph.store import EmbeddedStore


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(own_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a data directory of the test's own that holds the bundled dataset."""

    def call(*args: str | Path) -> Outcome:
        with pytest.raises(SystemExit) as left:
            main([*map(str, args), "--data-dir", str(own_store.data_dir)])
        out, err = capfd.readouterr()
        return Outcome(int(left.value.code or 0), out, err)

    return call


def test_who_liaises_with_whom_names_the_six_addressees_of_the_founding_statement(run: Run) -> None:
    done = run("query", "--name", "who-liaises-with-whom", "--format", "csv")
    assert done.code == 0
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {(r["from"], r["to"], r["role"]) for r in rows} == {
        ("ETSI-ISG-SAI", "3GPP-SA", "to"),
        ("ETSI-ISG-SAI", "3GPP-SA3", "to"),
        ("ETSI-ISG-SAI", "3GPP-SA5", "to"),
        ("ETSI-ISG-SAI", "ITU-T-SG13", "cc"),
        ("ETSI-ISG-SAI", "ITU-T-SG17", "cc"),
        ("ETSI-ISG-SAI", "ITU-R", "cc"),
    }


def test_ingest_tells_what_was_found_and_the_second_time_unchanged(
    run: Run, founding: Path, tmp_path: Path
) -> None:
    path = tmp_path / "ls.txt"
    path.write_text(
        founding.read_text("utf-8").replace("Title:\n\tLS to SA,", "Title:\n\tAnother LS to SA,"), "utf-8"
    )
    first = run("ingest", path)
    assert first.code == 0
    assert ": new" in first.out
    for words in ("6 addressees", "4 mentions", "2 RequestedAction", "1 Meeting"):
        assert words in first.out
    assert "unresolved mention: “eNA_Ph3_SEC”" in first.out
    second = run("ingest", path)
    assert ": unchanged" in second.out
    assert "6 addressees" in second.out


def test_the_dry_run_record_has_the_shape_that_scripts_count_on(run: Run, founding: Path) -> None:
    done = run("ingest", founding, "--dry-run", "--json")
    (document,) = json.loads(done.out)["documents"]
    assert set(document) == {"path", "format", "layout", "state", "records", "unresolved", "findings"}
    assert (document["layout"], document["state"]) == ("etsi", "unchanged")
    (record,) = document["records"]
    assert record["sender"] == ["ETSI-ISG-SAI"]
    assert record["to"] == ["3GPP-SA", "3GPP-SA3", "3GPP-SA5"]
    assert record["cc"] == ["ITU-T-SG13", "ITU-T-SG17", "ITU-R"]
    assert record["date"] == "2023-09-18"
    assert record["in_reply_to"] == []
    assert record["releases"] == ["Rel-18", "Rel-19"]
    assert record["mentions"] == ["SAI-014", "FS_NR_AIML_NGRAN_SEC", "FS_AIML", "eNA_Ph3_SEC"]
    assert [a["to"] for a in record["actions"]] == [["3GPP-SA"], ["3GPP-SA3", "3GPP-SA5"]]
    assert record["purpose"] == {
        **dict.fromkeys(record["to"], "action"),
        **dict.fromkeys(record["cc"], "information"),
    }
    assert record["meetings"] == [
        {"name": "SAI#20", "start": "2023-12-04", "end": None, "place": "Sophia-Antipolis, FR"}
    ]
    assert record["evidence"]["date"]["text"] == "18th September 2023"
    assert [u["text"] for u in document["unresolved"]] == ["eNA_Ph3_SEC"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"", "empty"),
        ("letter.txt", b"Dear colleagues, thank you all for coming.\n", "liaison statement"),
        ("fake.docx", b"\x00\x01\x02" * 500, "fake.docx"),
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"\x00" * 500, "old.doc"),
    ],
)
def test_bad_input_is_named_and_leaves_the_store_as_it_was(
    run: Run, own_store: EmbeddedStore, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = run("ingest", path)
    assert done.code in (1, 2)
    assert "rejected" in done.out
    assert words in done.out
    assert own_store.current().generation == 1


def test_a_missing_file_is_an_error(run: Run, tmp_path: Path) -> None:
    done = run("ingest", tmp_path / "none.txt")
    assert done.code in (1, 2)
    assert "no such file" in done.out


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["query"], "give a query"),
        (["query", "--name", "no-such"], "who-liaises-with-whom"),
        (["query", "SELECT ?s WHERE { ?s ?p"], "error"),
        (["query", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"], "SERVICE"),
        (["query", "--name", "next-meetings", "--param", "group"], "name=value"),
        (["export", "nothing", "--format", "gexf", "-o", "-"], "liaisons"),
        (["network", "--view", "nothing"], "liaisons"),
        (["network", "--view", "ego"], "node=3GPP-SA3"),
        (["network", "--filter", "colour=red"], "min_weight"),
        (["export", "liaisons", "--format", "doc", "-o", "-"], "gexf"),
        (["rollback", "--to", "99"], "99"),
        (["ingest", "README.md", "--format", "nonsense"], "nonsense"),
    ],
)
def test_a_wrong_call_says_so_and_ends_with_2(run: Run, args: list[str], words: str) -> None:
    done = run(*args)
    assert done.code == 2
    assert words in done.err + done.out


def test_no_dataset_is_an_unavailable_thing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["info", "--data-dir", str(tmp_path)])
    assert left.value.code == 3
    assert "sdograph build" in capfd.readouterr().err


def test_result_formats(run: Run) -> None:
    select = "SELECT ?l WHERE { ?b a sdo:Body ; dcterms:identifier 'ETSI' ; rdfs:label ?l }"
    assert (
        json.loads(run("query", select, "--format", "json").out)["results"]["bindings"][0]["l"]["value"]
        == "ETSI"
    )
    assert run("query", select, "--format", "tsv").out.splitlines() == ["?l", '"ETSI"']
    assert "<literal>ETSI</literal>" in run("query", select, "--format", "xml").out
    assert "ETSI" in run("query", select).out
    assert run("query", "ASK { ?s a sdo:Group }").out.strip() == "true"
    graph = run(
        "query", "CONSTRUCT WHERE { ?b a sdo:Body ; dcterms:identifier 'ETSI' }", "--format", "nt"
    ).out
    assert len(Graph().parse(data=graph, format="nt")) == 2
    assert run("query", select, "--format", "ttl").code == 2


def test_a_query_in_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("ASK { ?s a sdo:Body }")
    assert run("query", "-f", file).out.strip() == "true"
    assert run("query", "-f", tmp_path / "none.rq").code == 2


def test_the_liaison_network_and_its_measures(run: Run) -> None:
    shown = run("network", "--filter", "role=to")
    assert shown.code == 0
    assert re.findall(r"^ETSI-ISG-SAI +(\S+) +to +1 +2023-09-18", shown.out, re.MULTILINE) == [
        "3GPP-SA",
        "3GPP-SA3",
        "3GPP-SA5",
    ]
    assert "not that there was no contact" in shown.err
    measured = json.loads(run("network", "--metrics", "--format", "json").out)
    assert (measured["nodes"], measured["edges"], measured["statements"]) == (7, 6, 1)
    assert measured["density"] == pytest.approx(6 / (7 * 6), abs=1e-6)
    assert measured["by_node"][0]["id"] == "ETSI-ISG-SAI"
    assert measured["by_node"][0]["strength_out"] == 6
    table = run("network", "--metrics")
    assert re.search(r"^reciprocity +0 *$", table.out, re.MULTILINE)
    rows = list(csv.DictReader(io.StringIO(run("network", "--metrics", "--format", "csv").out)))
    assert {row["id"] for row in rows} == {node["id"] for node in measured["by_node"]}


def test_a_network_as_a_picture(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "liaisons.png"
    assert run("export", "liaisons", "--format", "png", "-o", target).code == 0
    assert target.read_bytes().startswith(b"\x89PNG")
    assert run("export", "relationships", "--format", "svg", "-o", "-").out.startswith("<svg ")


def test_export_writes_the_file_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.gexf"
    assert run("export", "liaisons", "--format", "gexf", "-o", target).code == 0
    assert target.read_text("utf-8").count("<node ") == 7
    nq = tmp_path / "out.nq"
    assert run("export", "dataset", "--format", "nq", "-o", nq).code == 0
    assert "ETSI-ISG-SAI" in nq.read_text("utf-8")
    assert run("export", "liaisons", "--format", "gexf", "-o", tmp_path / "no" / "folder").code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "out.gexf", "out.nq"]


def test_validate_the_store_and_files(run: Run, founding: Path, tmp_path: Path) -> None:
    assert run("validate").code == 0
    assert run("validate", founding).code == 0
    bad = tmp_path / "bad.txt"
    bad.write_text("nothing of the sort")
    done = run("validate", bad, "--format", "json")
    assert done.code == 1
    assert json.loads(done.out)["errors"][0]["code"] == "unknown-format"
    assert "ValidationReport" in run("validate", "--format", "ttl").out


def test_backup_restore_rollback(run: Run, own_store: EmbeddedStore, founding: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "saved").code == 0
    path = tmp_path / "ls.txt"
    path.write_text(founding.read_text("utf-8").replace("potential collaboration", "collaboration"), "utf-8")
    run("ingest", path)
    assert own_store.current().generation == 2
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s a sdo:LiaisonStatement }"
    assert run("query", count, "--format", "tsv").out.split()[-1] == "2"
    assert run("rollback").code == 0
    assert run("query", count, "--format", "tsv").out.split()[-1] == "1"
    assert run("restore", tmp_path / "saved").code == 0
    assert own_store.current().generation == 4
    info = run("info").out
    assert "LiaisonStatement" in info
    assert "4 (current)" in info


def test_quiet_says_nothing_and_data_goes_to_standard_output(own_store: EmbeddedStore) -> None:
    command = [sys.executable, "-m", "sdograph", "--quiet", "query", "ASK { ?s a sdo:Body }"]
    done = subprocess.run(
        [*command, "--data-dir", str(own_store.data_dir)], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("true\n", "")
