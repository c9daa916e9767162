"""Liaison statements at volume: CPU a document by kind, and peak memory by how many come in one run.

The documents are those of tests/liaison_corpus in all layouts and kinds, the store is the whole bundled
dataset. "taken in" is reading, recognising, linking, checking and writing within a running process; "opened"
is what python-docx, lxml, pypdfium2 and the standard library take to get at the bare text of the same files,
and the ratio that of both.
"""

from __future__ import annotations

import email
import email.policy
import io
import os
import shutil
import statistics
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import docx
import lxml.html
import pypdfium2
from tests.liaison_corpus import LAYOUTS, documents

from benchmarks.measure import children_cpu, own_cpu
from benchmarks.measure import run as run_process
from sdograph import manifest, pipeline
from sdograph.intake import Input, Intake, Options
from sdograph.store import EmbeddedStore

FEW, MANY = 100, 1_000
TIMED = 200


def run(folder: Path, triples: int) -> None:  # noqa: ARG001  (each benchmark is given both)
    store = EmbeddedStore(folder / "dataset")
    pipeline.build(store, manifest.entries(), manifest.schemes())
    paths = [d.path for d in documents("development", -(-MANY // len(LAYOUTS)), folder / "corpus")]
    _by_kind(store, _spread(paths, TIMED))
    peaks = {}
    for many in (FEW, MANY):
        given = folder / f"given-{many}"
        for n, path in enumerate(_spread(paths, many)):
            (given / f"{n:04}").mkdir(parents=True)
            shutil.copy(path, given / f"{n:04}")
        data = store.backup(folder / f"store-{many}")
        first, peaks[many] = _command(given, data)
        again, _ = _command(given, data)
        print(f"ingest of a folder of {many:,}: {1000 * first / many:.1f} ms CPU a document, start included")
        print(f"  peak memory {peaks[many]:.0f} MB; a second run {again / first:.0%} of the CPU")
    print(f"peak memory, {MANY:,} to {FEW}: ratio {peaks[MANY] / peaks[FEW]:.2f}")


def _spread(paths: list[Path], count: int) -> list[Path]:
    return [paths[n * len(paths) // count] for n in range(count)]


def _by_kind(store: EmbeddedStore, paths: list[Path]) -> None:
    taken: dict[str, list[float]] = defaultdict(list)
    opened: dict[str, list[float]] = defaultdict(list)
    states: dict[str, int] = defaultdict(int)
    with store.trial() as writer:
        intake = Intake(writer, Options())
        intake.take(Input(paths[0], "warm"))  # the linker and the shapes are made once
        for path in paths[1:]:
            bare = _opened(path, path.read_bytes())
            before = _spent()
            states[intake.take(Input(path, str(path))).state] += 1
            whole = _spent() - before
            for kind in (path.suffix, "all"):
                opened[kind].append(bare)
                taken[kind].append(whole)
    print("of the documents:", ", ".join(f"{n} {state}" for state, n in states.items()))
    print("CPU ms a document    taken in    opened    ratio    documents")
    for kind, found in sorted(taken.items(), key=lambda item: -len(item[1])):
        whole, bare = (1000 * statistics.mean(times) for times in (found, opened[kind]))
        print(f"{kind:17} {whole:11.1f} {bare:9.1f} {whole / bare:8.1f} {len(found):12}")


def _spent() -> float:
    """CPU seconds of this process and of the one that reads PDF for it."""
    return own_cpu() + children_cpu(os.getpid())


def _opened(path: Path, data: bytes) -> float:
    before = _spent()
    OPENERS[path.suffix](data)
    return _spent() - before


def _docx(data: bytes) -> object:
    opened = docx.Document(io.BytesIO(data))
    cells = (c.text for table in opened.tables for row in table.rows for c in row.cells)
    return [*(p.text for p in opened.paragraphs), *cells]


def _pdf(data: bytes) -> object:
    opened = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in opened]


def _eml(data: bytes) -> object:
    parts = email.message_from_bytes(data, policy=email.policy.default).walk()
    content = [(p.get_filename() or "", p.get_payload(decode=True)) for p in parts if not p.is_multipart()]
    return [_docx(c) if name.endswith(".docx") and isinstance(c, bytes) else c for name, c in content]


def _zip(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [_docx(archive.read(name)) for name in archive.namelist()]


#: File name extension -> what a person would use to get at the text.
OPENERS: dict[str, Callable[[bytes], object]] = {
    ".docx": _docx,
    ".txt": lambda data: data.decode("utf-8-sig").splitlines(),
    ".html": lambda data: lxml.html.fromstring(data).text_content(),
    ".pdf": _pdf,
    ".eml": _eml,
    ".zip": _zip,
}


def _command(given: Path, data: Path) -> tuple[float, float]:
    """CPU seconds and peak MB of one run over a folder."""
    command = [sys.executable, "-m", "sdograph", "ingest", str(given)]
    done = run_process(command, {"SDOGRAPH_DATA_DIR": str(data)}, allowed=(0, 1))
    return done.cpu, done.peak / 1e6
