"""Tables are opened within bounds; a fault names file, sheet, row and column."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import letters, package, raw_sheet, sheet, workbook

from sdograph.errors import (
    DataError,
    IncompleteDocument,
    LimitExceeded,
    SdographError,
    UnknownFormat,
    UnreadableDocument,
    UsageError,
)
from sdograph.sources import delimited
from sdograph.sources.workbook import Column, Row, TableFault, check_counts, fits, rows

TITLE = {"title": Column(("Title",)), "day": Column(("Start", "Start_Date"))}
TABLE = (("Title", "Start", "Contact"), ("One", dt.date(2023, 9, 18), "someone"), ("Two", "", ""))


def written(folder: Path, content: str | bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def fault(path: Path, columns: dict[str, Column] | None = None, sheet: str | None = None) -> SdographError:
    with pytest.raises(SdographError) as caught:
        list(rows(path, columns, sheet=sheet))
    return caught.value


# --- what is read


def test_a_workbook_and_its_csv_give_the_same_rows(tmp_path: Path) -> None:
    xlsx = written(tmp_path, workbook(TABLE), "a.xlsx")
    csv = written(tmp_path, "Title,Start,Contact\r\nOne,2023-09-18,someone\r\nTwo,,\r\n", "a.csv")
    for path, locators in ((xlsx, ["sheet Sheet1, row 2", "sheet Sheet1, row 3"]), (csv, ["row 2", "row 3"])):
        found = list(rows(path, TITLE))
        assert [(r.text("title"), r.text("day")) for r in found] == [("One", "2023-09-18"), ("Two", "")]
        assert [r.locator for r in found] == locators


def test_a_column_nobody_asked_for_is_not_in_the_rows(tmp_path: Path) -> None:
    found = list(rows(written(tmp_path, workbook(TABLE), "a.xlsx"), TITLE))
    assert all(set(row.values) == {"title", "day"} for row in found)
    assert "someone" not in repr(found)


@pytest.mark.parametrize("header", ["OutlineLevel", "Outline_Level", "outline level", "Outline-Level "])
def test_spellings_of_a_header(header: str, tmp_path: Path) -> None:
    path = written(tmp_path, workbook(((header,), (3,))), "a.xlsx")
    (row,) = rows(path, {"level": Column(("OutlineLevel",))})
    assert row.text("level") == "3"


def test_leading_blanks_of_a_cell_are_kept(tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, workbook((("Name",), ("   Stage 2 ",))), "a.xlsx"))
    assert row.text("Name") == "   Stage 2 "


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    # A title in row 3, an empty row, the header in row 5, an empty row between the two rows of the table.
    lines = (("", "Work plan"), (), ("", "Title", "Start"), ("", "One", ""), (), ("", "Two", ""))
    path = written(tmp_path, package({"S": sheet(lines, first=3)}), "a.xlsx")
    assert [(r.number, r.text("title")) for r in rows(path, TITLE)] == [(6, "One"), (8, "Two")]


def test_rows_of_a_csv_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = written(tmp_path, 'Title,Start\n"One,\nof two lines",\n\nTwo,\n', "a.csv")
    assert [(r.number, r.text("title")) for r in rows(path, TITLE)] == [(2, "One,\nof two lines"), (4, "Two")]


def test_shared_texts(tmp_path: Path) -> None:
    texts: list[str] = []
    xml = sheet((("Title", "Start"), ("One", "x")), shared=texts)
    (row,) = rows(written(tmp_path, package({"S": xml}, texts), "a.xlsx"), TITLE)
    assert row.text("title") == "One"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (23.06, "23.06"),
        (97.0, "97"),
        (0.25, "0.25"),
        (960037, "960037"),
        (dt.date(2022, 6, 21), "2022-06-21"),
    ],
)
def test_cells_as_text(value: object, text: str, tmp_path: Path) -> None:
    (row,) = rows(written(tmp_path, workbook((("A",), (value,))), "a.xlsx"))
    assert row.text("A") == text


def test_the_sheet_that_has_the_columns_is_found(tmp_path: Path) -> None:
    made = package({"Notes": sheet((("Read me",),)), "Plan": sheet((("Title", "Start"), ("One", "")))})
    (row,) = rows(written(tmp_path, made, "a.xlsx"), TITLE)
    assert row.sheet == "Plan"


@pytest.mark.parametrize(
    "encoded",
    [
        "Title;Start\nZürich – naïve;\n".encode("cp1252"),
        "Title\tStart\nZürich – naïve\t\n".encode(),
        b"\xef\xbb\xbf" + "Title,Start\nZürich – naïve,\n".encode(),
        "Title,Start\nZürich – naïve,\n".encode("utf-16"),
    ],
    ids=["windows-1252 with semicolons", "UTF-8 with tabs", "UTF-8 with its mark", "UTF-16"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_and_delimiters(encoded: bytes, packed: bool, tmp_path: Path) -> None:
    name = "a.csv.gz" if packed else "a.csv"
    path = written(tmp_path, gzip.compress(encoded) if packed else encoded, name)
    (row,) = rows(path, TITLE)
    assert row.text("title") == "Zürich – naïve"
    assert fits(path, TITLE, but=0)


def test_all_rows_of_a_long_packed_table(shared: Callable[[str], Path]) -> None:
    found = sum(1 for _ in rows(shared("data/3gpp/relaton_3gpp_all.csv.gz")))
    assert found == 92_289


# --- what cannot be read


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    made = package({"Notes": sheet((("A",),)), "Work_plan_3gpp": sheet((("A",),))})
    found = fault(written(tmp_path, made, "plan.xlsx"), sheet="Work plan")
    assert isinstance(found, TableFault)
    assert "'Work plan'" in found.message
    assert found.where == "plan.xlsx"
    assert found.hint == "its sheets are 'Notes', 'Work_plan_3gpp'"


def test_a_column_that_is_missing(tmp_path: Path) -> None:
    found = fault(written(tmp_path, workbook((("Titel", "Start"), ("One", ""))), "plan.xlsx"), TITLE)
    assert isinstance(found, TableFault)
    assert found.message == "the column 'Title' is missing"
    assert found.where == "plan.xlsx, sheet Sheet1, row 1"
    assert found.hint == "near it: Titel"


def test_a_column_that_is_missing_in_all_sheets(tmp_path: Path) -> None:
    made = package({"A": sheet((("x",), ("1",))), "B": sheet((("y", "Start"), ("1", "2")))})
    found = fault(written(tmp_path, made, "plan.xlsx"), TITLE)
    assert found.where == "plan.xlsx, sheet B, row 1"
    assert found.hint == "the columns there are y, Start; its sheets are 'A', 'B'"


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    found = fault(written(tmp_path, workbook((("Title", "Start", "Start Date"), ("One",))), "p.xlsx"), TITLE)
    assert found.message == "the column 'Start Date' is there twice"


def test_a_csv_cut_off_in_a_row(tmp_path: Path) -> None:
    found = fault(written(tmp_path, "Title,Start\nOne,2023-09-18\nTw", "a.csv"), TITLE)
    assert (found.where, found.message) == ("a.csv, row 3", "the row has 1 cells, the header has 2")


def test_a_csv_cut_off_in_quotes(tmp_path: Path) -> None:
    found = fault(written(tmp_path, 'Title,Start\nOne,\n"Tw', "a.csv"), TITLE)
    assert isinstance(found, UnreadableDocument)
    assert found.where == "a.csv, row 3"


def test_a_quote_that_is_not_doubled(tmp_path: Path) -> None:
    assert fault(written(tmp_path, 'Title,Start\n"a" b,\n', "a.csv"), TITLE).where == "a.csv, row 2"


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    lines = "Title,Start\nZürich,\nplain,\n".encode() + "a,Köln\n".encode("cp1252")
    found = fault(written(tmp_path, lines, "a.csv"), TITLE)
    assert isinstance(found, UnreadableDocument)
    assert found.where == "a.csv, row 4, column 2"


def test_a_byte_that_windows_1252_does_not_have(tmp_path: Path) -> None:
    found = fault(written(tmp_path, b"Title,Start\nK\xf6ln \x81,\n", "a.csv"), TITLE)
    assert found.where == "a.csv, row 2, column 1"


def test_half_a_download(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    whole = shared("data/3gpp/Work_plan_3gpp_230110.xlsx").read_bytes()
    found = fault(written(tmp_path, whole[: len(whole) // 2], "plan.xlsx"))
    assert isinstance(found, UnreadableDocument)
    assert found.message == "the document is cut off: its end is missing"
    assert found.where == "plan.xlsx"


def test_half_a_packed_download(tmp_path: Path) -> None:
    packed = gzip.compress("\n".join(["Title,Start", *(f"{n},{n * n}" for n in range(5000))]).encode())
    found = fault(written(tmp_path, packed[: len(packed) // 2], "a.csv.gz"), TITLE)
    assert isinstance(found, UnreadableDocument)
    assert "cut off" in found.message


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old .xls or an encrypted workbook"),
        (b"<html>404 Not Found</html>", "XML or HTML"),
        (b"Title,Start\nOne,\n", "another kind of file"),
    ],
)
def test_no_workbook(content: bytes, kind: str, tmp_path: Path) -> None:
    found = fault(written(tmp_path, content, "a.xlsx"))
    assert isinstance(found, UnreadableDocument)
    assert "no workbook (.xlsx)" in found.message
    assert kind in found.message


def test_another_office_document(tmp_path: Path) -> None:
    made = package({}, **{"xl/workbook.xml": "<document/>"})
    assert "another kind of office document" in fault(written(tmp_path, made, "a.xlsx")).message


def test_a_workbook_renamed_to_csv(tmp_path: Path) -> None:
    assert "an office document" in fault(written(tmp_path, workbook(TABLE), "a.csv")).message


@pytest.mark.parametrize("content", [workbook(()), workbook(((" ",),))])
def test_an_empty_sheet(content: bytes, tmp_path: Path) -> None:
    assert fault(written(tmp_path, content, "a.xlsx"), TITLE).message == "the table is empty"


def test_other_file_kinds(tmp_path: Path) -> None:
    assert isinstance(fault(written(tmp_path, b"x", "a.ods")), UnknownFormat)
    assert isinstance(fault(tmp_path / "absent.csv"), UsageError)


def test_a_fault_in_a_cell_names_its_place() -> None:
    row = Row("plan.xlsx", "Work_plan_3gpp", 17, {"level": "x"})
    with pytest.raises(TableFault) as caught:
        row.fault("OutlineLevel", "'x' is no level", "a whole number from 1")
    assert caught.value.where == "plan.xlsx, sheet Work_plan_3gpp, row 17, column OutlineLevel"


@pytest.mark.parametrize(("number", "short"), [(7, True), (8, False), (12, False), (13, True)])
def test_counts(number: int, short: bool) -> None:
    promised = {"work items": range(8, 13)}
    if not short:
        check_counts({"work items": number}, promised, "plan.xlsx")
        return
    with pytest.raises(IncompleteDocument, match=rf"plan.xlsx: {number} work items, where 8 to 12"):
        check_counts({"work items": number}, promised, "plan.xlsx")


# --- hostile files


def one_cell(place: str, content: str = "<v>1</v>") -> str:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}">{content}</c></row>'


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row>'


def test_one_cell_in_the_last_corner(tmp_path: Path) -> None:
    # calamine would set aside 17 thousand million cells for it and take the process down.
    xml = raw_sheet(f"<sheetData>{HEADER}{one_cell('XFD1048576')}</sheetData>")
    found = fault(written(tmp_path, package({"S": xml}), "a.xlsx"))
    assert isinstance(found, LimitExceeded)
    assert found.where == "a.xlsx, sheet S"
    assert "cell XFD1048576 lies beyond the limit of 200,000 rows and 200 columns" in found.message


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c t="str"><v></v></c></row>',
        f"<row>{'<c/>' * 200}<c><v>1</v></c></row>",
        '<row r="2"><c r="xfd1048576"><is/></c></row>',
    ],
    ids=["empty text in the last row", "a cell without a place", "lower case"],
)
def test_other_ways_to_be_far_away(cell: str, tmp_path: Path) -> None:
    made = package({"S": raw_sheet(f"<sheetData>{HEADER}{cell}</sheetData>")})
    assert isinstance(fault(written(tmp_path, made, "a.xlsx")), LimitExceeded)


def test_a_rectangle_too_large_though_each_side_is_not(tmp_path: Path) -> None:
    cells = f"{HEADER}{one_cell('B200000')}{one_cell(f'{letters(200)}2')}"
    found = fault(written(tmp_path, package({"S": raw_sheet(f"<sheetData>{cells}</sheetData>")}), "a.xlsx"))
    assert found.message == "200,000 rows of 200 columns are over the limit of 5,000,000 cells"


@pytest.mark.parametrize(
    "more",
    [
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        '<conditionalFormatting sqref="A1:XFD1048576"/>',
    ],
)
def test_ranges_over_the_whole_sheet_cost_nothing(more: str, tmp_path: Path) -> None:
    xml = raw_sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{HEADER}{one_cell("A2")}</sheetData>{more}')
    (row,) = rows(written(tmp_path, package({"S": xml}), "a.xlsx"))
    assert row.text("Title") == "1"


def test_styles_in_the_last_corner_are_no_cells(tmp_path: Path) -> None:
    far = one_cell("XFD1048576", "")
    xml = raw_sheet(f"<sheetData>{HEADER}{one_cell('A2')}{far}</sheetData>")
    (row,) = rows(written(tmp_path, package({"S": xml}), "a.xlsx"))
    assert row.number == 2


def test_one_long_text_in_very_many_cells(tmp_path: Path) -> None:
    # 32,000 characters once in the file, 320 million in its cells.
    cells = "".join(f'<row><c t="s"><v>{n // 9999}</v></c></row>' for n in range(10_000))
    made = package({"S": raw_sheet(f"<sheetData>{cells}</sheetData>")}, ["x" * 32_000, "y"])
    found = fault(written(tmp_path, made, "a.xlsx"))
    assert isinstance(found, LimitExceeded)
    assert "characters" in found.message


def test_a_gigabyte_after_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(1000):
                member.write(b" " * 1_000_000)
    found = fault(path)
    assert isinstance(found, LimitExceeded)
    assert found.where == "bomb.xlsx"


def test_a_gigabyte_of_packed_text(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.csv.gz", "wb", compresslevel=1) as file:
        file.write(b"Title,Start\n")
        for _ in range(1000):
            file.write(b"x" * 1_000_000)
    found = fault(tmp_path / "bomb.csv.gz", TITLE)
    assert isinstance(found, LimitExceeded)
    assert found.where == "bomb.csv.gz"


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    made = package({"S": bomb + raw_sheet("<sheetData/>")})
    assert "declares a document type (x)" in fault(written(tmp_path, made, "a.xlsx")).message


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ('<row r="1"><c r="1A"><v>1</v></c></row>', "'1A' is the place of no cell"),
        ('<row r="-1"><c><v>1</v></c></row>', "a row has the number '-1'"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "the text of cell A1 is missing"),
        ('<row r="1"><c r="A1"', "the XML is broken"),
    ],
)
def test_damaged_sheets(inside: str, message: str, tmp_path: Path) -> None:
    made = package({"S": raw_sheet(f"<sheetData>{inside}</sheetData>")})
    found = fault(written(tmp_path, made, "a.xlsx"))
    assert isinstance(found, UnreadableDocument)
    assert message in found.message
    assert found.where == "a.xlsx, sheet S"


def test_a_damaged_workbook_is_named_when_it_is_recognised(tmp_path: Path) -> None:
    whole = workbook(TABLE)
    with pytest.raises(DataError, match="cut off"):
        fits(written(tmp_path, whole[:-30], "a.xlsx"), TITLE)
    assert not fits(written(tmp_path, gzip.compress(b"Title,Start\n")[:-12], "a.csv.gz"), TITLE)
    assert not fits(written(tmp_path, b"\x89PNG\r\n\0\0", "b.csv"), TITLE)
    assert not fits(written(tmp_path, b"Title,Start\n", "b.txt"), TITLE)
    # A reader of text tables may be asked of any file.
    assert delimited.first_line(written(tmp_path, b"PK\x03\x04\rTitle\r,Start", "c.xlsx")) == []
    assert delimited.first_line(tmp_path) == []


texts: list[str] = []
_VALID = package(
    {"S": sheet((("Title", "Start"), ("One", 1.5), ("Two", dt.date(2020, 1, 1))), shared=texts)},
    texts,
)
_PARTS = {
    name: zipfile.ZipFile(io.BytesIO(_VALID)).read(name)
    for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml")
}


def _with(part: str, content: bytes) -> bytes:
    return package({"S": ""}, texts, **_PARTS | {part: content})


def test_what_is_mutated_is_valid(tmp_path: Path) -> None:
    for number, content in enumerate((_VALID, _with("xl/styles.xml", _PARTS["xl/styles.xml"]))):
        assert [r.text("day") for r in rows(written(tmp_path, content, f"{number}.xlsx"), TITLE)] == [
            "1.5",
            "2020-01-01",
        ]


def _mutated(data: bytes, cuts: list[tuple[float, int, bytes]]) -> bytes:
    for where, length, put in cuts:
        at = int(where * len(data))
        data = data[:at] + put + data[at + length :]
    return data


_CUTS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 30),
        st.one_of(
            st.binary(max_size=8), st.sampled_from([b'r="XFD1048576"', b"<v>9e999</v>", b't="d"', b's="9"'])
        ),
    ),
    min_size=1,
    max_size=4,
)


def _reads_or_says(content: bytes, folder: Path, name: str = "mutated.xlsx") -> None:
    path = written(folder, content, name)
    try:
        for row in rows(path):
            assert all(isinstance(row.text(column), str) for column in row.values)
    except SdographError as error:
        said = str(error)
    else:
        said = path.name
    assert path.name in said


@given(cuts=_CUTS)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_workbook_is_read_or_named(cuts: list[tuple[float, int, bytes]], tmp_path: Path) -> None:
    _reads_or_says(_mutated(_VALID, cuts), tmp_path)


@given(part=st.sampled_from(sorted(_PARTS)), cuts=_CUTS)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutated_part_is_read_or_named(
    part: str, cuts: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    _reads_or_says(_with(part, _mutated(_PARTS[part], cuts)), tmp_path)


@given(content=st.binary(max_size=200))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_as_csv_are_read_or_named(content: bytes, tmp_path: Path) -> None:
    for name, made in (("any.csv", content), ("any.csv.gz", content), ("any.tsv.gz", gzip.compress(content))):
        _reads_or_says(made, tmp_path, name)
        assert not fits(tmp_path / name, TITLE, but=0)
