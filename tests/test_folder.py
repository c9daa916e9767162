"""A folder of liaison statements of every house and kind, with bad files among them."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from liaison_corpus import FORMS, LAYOUTS, carriers, documents
from liaison_corpus.drawing import Drawer
from liaison_corpus.sheets import Field, Fields, Sheet
from pyoxigraph import Literal, NamedNode
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from sdograph import identifiers as ids
from sdograph import pipeline, sources
from sdograph.cli import main, output
from sdograph.errors import SdographError
from sdograph.model import LiaisonStatement
from sdograph.namespaces import DCT, PROV
from sdograph.pipeline import Options
from sdograph.reports import DocumentReport
from sdograph.store import EmbeddedStore

GOOD = 100
#: Documents of each layout beyond those.
SPARE = 3

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(own_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on the test's own store: exit code, standard output, standard error."""

    def call(*args: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([*map(str, args), "--data-dir", str(own_store.data_dir)])
        return int(left.value.code or 0), *capfd.readouterr()

    return call


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred statements in all layouts and kinds, each in a folder of its own: their names repeat.

    How well they are read is asked elsewhere; here those serve that are read at all.
    """
    folder = tmp_path_factory.mktemp("good")
    written = list(documents("development", SPARE + -(-GOOD // len(LAYOUTS)), folder))
    taken = [d for d in written if is_read(d.path)]
    kept = [taken[n * len(taken) // GOOD] for n in range(GOOD)]
    for document in written:
        if document not in kept:
            document.path.unlink()
    assert len(taken) >= GOOD
    assert {d.path.suffix for d in kept} == {".docx", ".txt", ".html", ".pdf", ".eml", ".zip"}
    assert {d.layout for d in kept} == set(LAYOUTS)
    return folder


def is_read(path: Path) -> bool:
    try:
        return any(True for _ in sources.read(path, sources.open_source(path)))
    except SdographError:
        return False


def paragraphs(*lines: str) -> bytes:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


WITHOUT_SENDER = paragraphs(
    "LIAISON STATEMENT",
    "Title:\tLS on nothing in particular",
    "To:\t3GPP SA3",
    "Date:\t2 May 2023",
    "1. Overall Description:",
    "Something was discussed.",
    "2. Actions:",
    "To SA3:",
    "ACTION:\tPlease take note.",
)


def pdf(draw: Callable[[Canvas], None], password: str | None = None) -> bytes:
    held = io.BytesIO()
    canvas = Canvas(held, encrypt=StandardEncryption(password) if password else None)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return held.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def mail(text: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Jane Example <jane@example.org>", "list@example.org"
    message["Subject"], message["Date"] = "Lunch", "Wed, 10 Jan 2018 09:00:00 +0100"
    message.set_content(text)
    return message.as_bytes()


#: File -> its bytes, and what its reader must say of it.
BAD: dict[str, tuple[bytes, str]] = {
    "truncated.docx": (WITHOUT_SENDER[: len(WITHOUT_SENDER) // 2], "cut off"),
    "empty.txt": (b"", "empty"),
    "word-in-truth.pdf": (WITHOUT_SENDER, "no PDF"),
    "locked.pdf": (pdf(lambda c: c.drawString(60, 700, "Title: LS on locks"), "secret"), "encrypted"),
    "bomb.zip": (zipped({"bomb.txt": bytes(300_000_000)}), "limit"),
    "noise.docx": (random.Random(7).randbytes(5_000), "no Word document"),
    "recipe.html": (b"<html><body><h1>Cake</h1><p>Take two eggs.</p></body></html>", "no liaison statement"),
    "scanned.pdf": (pdf(lambda c: c.rect(60, 600, 300, 100, fill=1)), "no text"),
    "lunch.eml": (mail("Shall we have lunch?"), "no liaison statement"),
    "nobody.docx": (WITHOUT_SENDER, "no sender"),
}  # fmt: skip

#: Files that are no documents.
OTHERS = {"plenary.png": b"\x89PNG\r\n\x1a\n", "slides.ppt": b"\xd0\xcf\x11\xe0"}


def test_bad_files_are_named_and_keep_no_good_one_out(run: Run, good: Path, tmp_path: Path) -> None:
    folder = tmp_path / "received"
    shutil.copytree(good, folder)
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    for name, data in OTHERS.items():
        (folder / name).write_bytes(data)
    (folder / "gone.docx").symlink_to(folder / "nowhere.docx")

    code, out, err = run("ingest", folder)
    assert code == 1
    lines = out.splitlines()
    for name, (_, why) in {**BAD, "gone.docx": (b"", "no such file")}.items():
        (line,) = (line for line in lines if line.startswith(f"{folder / name}: rejected: "))
        assert why in line.partition(": rejected: ")[2], line
    assert not [line for line in lines if ": rejected" in line and "/development/" in line]
    (counted,) = (line.split() for line in lines if line.startswith("liaison-statement "))
    new, changed, unchanged, _rejected = map(int, counted[2:6])
    assert (new + changed, unchanged) == (GOOD, 0)
    (passed,) = (line for line in err.splitlines() if "passed over" in line)
    assert "plenary.png, slides.ppt" in passed

    code, out, _ = run("ingest", folder, "--json")
    assert code == 1
    found = {Path(d["path"]).name: d for d in json.loads(out)["documents"]}
    for name, (_, why) in BAD.items():
        assert found[name]["state"] == "rejected"
        (finding,) = found[name]["findings"]
        assert why in f"{finding['where']} {finding['message']}"
    again = [d for d in json.loads(out)["documents"] if "/development/" in d["path"]]
    assert len(again) == GOOD
    assert {d["state"] for d in again} <= {"unchanged", "changed"}


def test_a_second_run_over_a_folder_reads_no_document(
    own_store: EmbeddedStore, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, _ = sources.files_in(good)
    some = paths[::10]
    assert {r.state for r in pipeline.ingest(own_store, some)} == {"new"}
    generation = own_store.current().generation

    def never(*_args: object, **_named: object) -> None:
        pytest.fail("an unchanged document was read")

    monkeypatch.setattr(sources, "read", never)
    monkeypatch.setattr(sources, "recognised", never)
    assert {r.state for r in pipeline.ingest(own_store, some)} == {"unchanged"}
    assert own_store.current().generation == generation


def test_many_documents_are_all_shown_only_on_request(
    run: Run, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = run("ingest", good, "--dry-run")
    assert "/development/" not in out
    monkeypatch.setattr(output.messages, "verbose", False)  # put back at the end
    code, out, _ = run("--verbose", "ingest", good, "--dry-run")
    assert code == 0
    shown = [line for line in out.splitlines() if line.startswith(str(good))]
    assert len(shown) == GOOD
    assert all(" layout): would be " in line for line in shown)


def test_a_terminal_sees_how_many_are_done(
    own_store: EmbeddedStore, founding: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = io.StringIO()
    screen = output.Messages(file=held, force_terminal=True, width=120)
    monkeypatch.setattr(output, "messages", screen)
    with output.progress("reading", 2) as tell:
        pipeline.ingest(own_store, [founding, founding], progress=tell)
    assert "1/2" in held.getvalue()
    assert founding.name[-20:] in held.getvalue()


# --- parts of a file that cannot be read


def fault_of(reports: Iterable[DocumentReport]) -> str:
    (report,) = reports
    (fault,) = report.faults
    return str(fault)


@pytest.fixture
def half_read(founding: Path, tmp_path: Path) -> Path:
    """An archive of a statement and of an attachment that was cut off."""
    path = tmp_path / "half.zip"
    cut = WITHOUT_SENDER[: len(WITHOUT_SENDER) // 2]
    statement = founding.read_text("utf-8").replace("LS to SA, SA3", "LS once more to SA, SA3")
    path.write_bytes(zipped({"half.txt": statement.encode(), "annex.docx": cut}))
    return path


def test_a_member_that_cannot_be_read_is_a_warning_that_names_it(run: Run, half_read: Path) -> None:
    code, out, _ = run("ingest", half_read, "--dry-run")
    assert code == 0
    assert ": would be new" in out
    (line,) = (line for line in out.splitlines() if "half.zip » annex.docx" in line)
    assert "warning" in line
    assert "cut off" in line

    code, out, _ = run("ingest", half_read, "--json")
    assert code == 0
    (document,) = json.loads(out)["documents"]
    assert document["state"] == "new"
    (finding,) = (f for f in document["findings"] if "code" in f)
    assert (finding["severity"], finding["code"]) == ("warning", "unreadable")
    assert finding["where"] == "half.zip » annex.docx"


def test_validating_a_file_tells_of_its_unread_member_too(run: Run, half_read: Path) -> None:
    code, _, err = run("validate", half_read)
    assert code == 0
    assert "half.zip » annex.docx" in err
    _, out, _ = run("validate", half_read, "--format", "json")
    assert "half.zip » annex.docx" in [f.get("where") for f in json.loads(out)["findings"]]


def test_of_a_folder_it_is_shown_among_what_needs_attention(run: Run, half_read: Path, good: Path) -> None:
    code, out, _ = run("ingest", half_read, good, "--dry-run")
    assert code == 0
    (line,) = (line for line in out.splitlines() if line.startswith(str(half_read)))
    assert "new, a part was not read: half.zip » annex.docx" in line


def test_an_attachment_of_a_mail_that_cannot_be_read_is_named(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "Jane Example <jane@example.org>", "list@example.org"
    message["Subject"] = "Liaison statement"
    message.set_content("Please find it attached.")
    statement = founding.read_text("utf-8").replace("LS to SA, SA3", "LS by mail to SA, SA3")
    message.add_attachment(statement, filename="statement.txt")
    message.add_attachment(b"%PDF-1.7 cut", maintype="application", subtype="pdf", filename="annex.pdf")
    path = tmp_path / "mail.eml"
    path.write_bytes(message.as_bytes())
    assert "mail.eml » annex.pdf" in fault_of(pipeline.ingest(own_store, [path]))


def test_what_lacked_a_program_is_read_again_once_it_is_there(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    statement = founding.read_text("utf-8").replace("LS to SA, SA3", "LS with an old annex to SA, SA3")
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(500)
    path = tmp_path / "both.zip"
    path.write_bytes(zipped({"both.txt": statement.encode(), "annex.doc": old}))
    assert "LibreOffice" in fault_of(pipeline.ingest(own_store, [path]))
    assert "LibreOffice" in fault_of(pipeline.ingest(own_store, [path])), "it is not taken for done"


# --- one statement in several files


def numbered() -> Sheet:
    """The first statement of the corpus in 3GPP's form that has a number of its own."""
    for n, form in enumerate(FORMS["development"]["3gpp"]):
        draft = form(Drawer(f"two kinds/{n}"))
        if draft.truth.number:
            return draft.sheet
    raise AssertionError("3GPP numbers its documents")


def retitled(sheet: Sheet) -> Sheet:
    def changed(row: Field) -> Field:
        return replace(row, values=("LS on another subject",)) if row.label.startswith("Title") else row

    blocks = [
        Fields(tuple(map(changed, block.rows))) if isinstance(block, Fields) else block
        for block in sheet.blocks
    ]
    assert blocks != sheet.blocks
    return replace(sheet, blocks=blocks)


def written(sheet: Sheet, carrier: str, folder: Path) -> Path:
    folder.mkdir()
    return carriers.write(sheet, carrier, folder, "statement", random.Random(1))


def test_a_statement_in_two_kinds_is_one_with_two_sources(own_store: EmbeddedStore, tmp_path: Path) -> None:
    sheet = numbered()
    paths = [written(sheet, kind, tmp_path / kind) for kind in ("docx-table", "pdf")]
    reports = pipeline.ingest(own_store, paths, Options(whole=True))
    assert [r.state for r in reports] == ["new", "new"]
    (key,) = {r.key for report in reports for r in report.records if isinstance(r, LiaisonStatement)}
    node = NamedNode(ids.iri(key or ""))
    assert len(list(own_store.current().objects(node, PROV.hadPrimarySource))) == 2
    assert len(list(own_store.current().objects(node, DCT.title))) == 1


def test_what_two_kinds_say_differently_is_a_warning(own_store: EmbeddedStore, tmp_path: Path) -> None:
    sheet = numbered()
    paths = [written(sheet, "docx-table", tmp_path / "a"), written(retitled(sheet), "pdf", tmp_path / "b")]
    reports = pipeline.ingest(own_store, paths, Options(whole=True))
    assert [r.state for r in reports] == ["new", "new"]
    (key,) = {r.key for report in reports for r in report.records if isinstance(r, LiaisonStatement)}
    titles = set(own_store.current().objects(NamedNode(ids.iri(key or "")), DCT.title))
    assert len(titles) == 2
    assert Literal("LS on another subject") in titles
    assert [f.severity for f in reports[1].findings if "different titles" in f.message] == ["warning"]
