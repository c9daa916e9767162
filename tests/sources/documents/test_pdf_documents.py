"""PDF: characters with places become lines with columns again; what holds no text is said to hold none."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from document_files import Put, assembled, pdf, pdf_of
from lines_of_documents import read_lines

from sdograph.errors import LimitExceeded, SdographError, UnreadableDocument
from sdograph.sources.documents import pdf as reader
from sdograph.sources.text import Block


def blocks(tmp_path: Path, content: bytes) -> Sequence[Block]:
    path = tmp_path / "statement.pdf"
    path.write_bytes(content)
    return read_lines(path).blocks


def texts(tmp_path: Path, *puts: Put) -> list[str]:
    return [block.text for block in blocks(tmp_path, pdf(puts))]


def error(tmp_path: Path, content: bytes) -> SdographError:
    with pytest.raises(SdographError) as caught:
        blocks(tmp_path, content)
    assert caught.value.hint
    assert caught.value.where == "statement.pdf"
    return caught.value


def test_lines_from_the_top_down_whatever_order_they_are_drawn_in(tmp_path: Path) -> None:
    found = blocks(
        tmp_path,
        pdf(
            [Put(50, 686, "third"), Put(50, 714, "first"), Put(50, 700, "second")],
            [Put(50, 700, "next page")],
        ),
    )
    assert [(b.text, b.locator) for b in found] == [
        ("first", "page 1 line 1"),
        ("second", "page 1 line 2"),
        ("third", "page 1 line 3"),
        ("next page", "page 2 line 1"),
    ]


def test_a_line_drawn_in_pieces_is_one(tmp_path: Path) -> None:
    assert texts(tmp_path, Put(50, 700, "machine "), Put(97, 700, "learning")) == ["machine learning"]


def test_columns_are_parted_by_tabs(tmp_path: Path) -> None:
    found = texts(
        tmp_path,
        Put(50, 700, "For action to:"),
        Put(200, 700, "ITU-T SG13"),
        Put(200, 686, "ETSI TC SAI"),
        Put(50, 672, "Deadline:"),
        Put(200, 672, "15 September 2023"),
        Put(50, 658, "A line of text that is no part of the table"),
        Put(200, 644, "indented"),
    )
    assert found == [
        "For action to:\tITU-T SG13",
        "\tETSI TC SAI",
        "Deadline:\t15 September 2023",
        "A line of text that is no part of the table",
        "indented",
    ]


def test_three_columns(tmp_path: Path) -> None:
    row = [Put(50, 700, "SA3#115"), Put(150, 700, "26 Feb 2024"), Put(300, 700, "Athens")]
    assert texts(tmp_path, *row, Put(300, 686, "Greece")) == ["SA3#115\t26 Feb 2024\tAthens", "\t\tGreece"]


def test_raised_and_smaller_signs_stay_in_their_line(tmp_path: Path) -> None:
    assert texts(tmp_path, Put(50, 700, "18"), Put(62.3, 704, "th", 7), Put(72, 700, "September")) == [
        "18th September"
    ]


def test_a_blank_line_where_one_is_left_out(tmp_path: Path) -> None:
    found = blocks(tmp_path, pdf([Put(50, 700, "one"), Put(50, 674, "two"), Put(50, 661, "three")]))
    assert [(b.text, b.locator) for b in found] == [
        ("one", "page 1 line 1"),
        ("", "page 1 line 2"),
        ("two", "page 1 line 2"),
        ("three", "page 1 line 3"),
    ]


@pytest.mark.parametrize(
    ("rotate", "turned"),
    [
        # What stands in the file so that the turned page shows "Title:" above "To:", both with values beside.
        (90, lambda x, y: f"0 1 -1 0 {842 - y} {x} Tm"),
        (180, lambda x, y: f"-1 0 0 -1 {595 - x} {842 - y} Tm"),
        (270, lambda x, y: f"0 -1 1 0 {y} {842 - x} Tm"),
    ],
)
def test_turned_pages(rotate: int, turned: object, tmp_path: Path) -> None:
    assert callable(turned)
    content = "".join(
        f"BT /F1 11 Tf {turned(x, y)} ({text}) Tj ET\n"
        for x, y, text in ((50, 500, "Title:"), (200, 500, "LS"), (50, 486, "To:"), (200, 486, "SA3"))
    )
    found = blocks(tmp_path, pdf_of([zlib.compress(content.encode())], rotate=rotate))
    assert [b.text for b in found] == ["Title:\tLS", "To:\tSA3"]


def test_headers_and_footers_are_told_by_their_repetition(tmp_path: Path) -> None:
    pages = [
        [
            Put(50, 800, "3GPP TSG SA WG3 Meeting #115"),
            Put(50, 700, f"text of page {('one', 'two', 'three')[n]}"),
            Put(290, 40, f"Page {n + 1}"),
        ]
        for n in range(3)
    ]
    found = [(b.text, b.locator, b.part) for b in blocks(tmp_path, pdf(*pages)) if b.text]
    assert found == [
        ("3GPP TSG SA WG3 Meeting #115", "header", "header"),
        ("text of page one", "page 1 line 2", "body"),
        ("text of page two", "page 2 line 2", "body"),
        ("text of page three", "page 3 line 2", "body"),
        ("Page 1", "footer", "footer"),
        ("Page 2", "footer", "footer"),
        ("Page 3", "footer", "footer"),
    ]


def test_what_repeats_in_the_middle_of_a_page_is_text(tmp_path: Path) -> None:
    pages = [[Put(50, 500, "ACTION: to answer")] for _ in range(2)]
    assert [b.part for b in blocks(tmp_path, pdf(*pages))] == ["body", "body"]


def test_pictures_of_pages(tmp_path: Path) -> None:
    found = error(tmp_path, pdf([], [], picture=True))
    assert isinstance(found, UnreadableDocument)
    assert "pictures" in found.message
    assert "OCR" in (found.hint or "")


def test_no_text_at_all(tmp_path: Path) -> None:
    assert "no text" in error(tmp_path, pdf([])).message


def test_a_password(tmp_path: Path) -> None:
    found = error(tmp_path, pdf([Put(50, 700, "secret")], password="secret"))
    assert isinstance(found, UnreadableDocument)
    assert "encrypted" in found.message


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 4000])
def test_a_damaged_file(content: bytes, tmp_path: Path) -> None:
    assert "damaged" in error(tmp_path, content).message


def test_another_kind_renamed(tmp_path: Path) -> None:
    assert "no PDF" in error(tmp_path, b"Title: LS on models\n").message


def test_too_many_pages(tmp_path: Path) -> None:
    found = error(tmp_path, pdf(*[[Put(50, 700, "a")]] * 301))
    assert isinstance(found, LimitExceeded)
    assert "300" in found.message


def nested_forms(depth: int) -> bytes:
    """A page that shows a form ten times, which shows another ten times, and so on."""
    draw = " ".join(["/Fm Do"] * 10).encode()
    first = 5
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /Fm 5 0 R >> >> >>",
        4: b"<< /Length %d >>\nstream\n" % len(draw) + draw + b"\nendstream",
    }
    for number in range(first, first + depth):
        objects[number] = (
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /Fm %d 0 R >> >>"
            b" /Length %d >>\nstream\n" % (number + 1, len(draw)) + draw + b"\nendstream"
        )
    objects[first + depth] = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>\nstream\n\nendstream"
    )
    return assembled(objects)


def test_a_page_that_takes_for_ever_is_given_up_and_the_next_document_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_SECONDS", 0.5)
    reader._WORKER.close()
    found = error(tmp_path, nested_forms(12))
    assert isinstance(found, LimitExceeded)
    assert "longer than" in found.message
    assert texts(tmp_path, Put(50, 700, "after it")) == ["after it"]
    reader._WORKER.close()


def test_a_gigabyte_after_unpacking(tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the same piece may follow as often as one likes.
    piece = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = head + piece * 110 + packer.flush()
    found = error(tmp_path, pdf_of([bomb]))
    assert isinstance(found, LimitExceeded | UnreadableDocument)


def test_the_process_that_reads_is_kept_and_replaced_when_it_is_gone(tmp_path: Path) -> None:
    texts(tmp_path, Put(50, 700, "one"))
    process = reader._WORKER._process
    assert process
    texts(tmp_path, Put(50, 700, "two"))
    assert reader._WORKER._process is process
    process.kill()
    process.wait()
    assert texts(tmp_path, Put(50, 700, "three")) == ["three"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_after_a_fork_each_process_has_its_own(tmp_path: Path) -> None:
    texts(tmp_path, Put(50, 700, "before"))
    worker = reader._WORKER._process
    assert worker
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(send, b"forgotten" if reader._WORKER._process is None else b"shared")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(receive, 20) == b"forgotten"
    assert reader._WORKER._process is worker
    for end in (receive, send):
        os.close(end)
