"""Lists are read in the child, within its limits: whatever is too much or cannot be read is said, and nothing is lost unsaid."""

import io
import re
import zipfile
from datetime import datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

from inspection import FileRefused, Limits, Table, read_table
from inspection.child import report as told
from inspection.child_report import ChildReport
from inspection.facts import Job
from tests.inspection.makers import make_file

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
HEAD = f'<row r="1">{TEXT.format("A1", "titulo")}{TEXT.format("B1", "seccion")}</row>'


def book(*rows: list, **sheets: list[list]) -> bytes:
    """A workbook with these rows on its first sheet, and more sheets by their names."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    for name, more in sheets.items():
        sheet = made.create_sheet(name)
        for row in more:
            sheet.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_sheet(inner: str, before: str = "", after: str = "") -> bytes:
    """A workbook whose only sheet is this XML."""
    xml = f"<worksheet {MAIN}>{before}<sheetData>{inner}</sheetData>{after}</worksheet>"
    return with_member("xl/worksheets/sheet1.xml", xml)


def with_member(name: str, xml: str) -> bytes:
    """A small workbook, one member of which is replaced."""
    base, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(base) as made:
        made.add_worksheet().write_column(0, 0, ["titulo", "A"])
    with (
        zipfile.ZipFile(base) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, xml if entry == name else old.read(entry))
    return out.getvalue()


def read(folder: Path, content: bytes, name: str = "lista.xlsx", **limits) -> Table:
    """Read a list in this process, or in the child where limits are given: a child takes half a second."""
    path = make_file(folder, name, content)
    if not limits:
        report = ChildReport()
        for line in told(Job(path, name, table=True)):
            report.add(line.encode())
        return report.table("ok")
    return read_table(path, name=name, limits=Limits(**limits), slots_dir=folder / "slots")


def refused(folder: Path, content: bytes, name: str = "lista.xlsx", **limits) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(folder, content, name, **limits)
    return caught.value


def texts(table: Table) -> list[list[str]]:
    return [list(row) for _, row in table.rows]


def test_a_row_of_too_many_empty_cells_is_refused_with_what_to_do(tmp_path):
    content = with_sheet(f"{HEAD}<row r='2'>{'<c/>' * 600_000}</row>")
    assert len(content) < 50_000
    refusal = refused(tmp_path, content, memory=Limits.memory)
    assert refusal.code == "too_many_cells"
    assert "libro nuevo" in refusal.message


@pytest.mark.parametrize("dimension", ["A1", "A1:A1", "A1:XFD1048576", "C7:D9", ""])
def test_the_size_that_a_sheet_declares_is_not_believed(tmp_path, dimension):
    declared = f'<dimension ref="{dimension}"/>' if dimension else ""
    row = f'<row r="4">{TEXT.format("A4", "Uno")}{TEXT.format("B4", "Guías")}</row>'
    found = read(tmp_path, with_sheet(HEAD + row, declared))
    assert found.rows == ((1, ("titulo", "seccion")), (4, ("Uno", "Guías")))


def too_many_filled() -> bytes:
    return with_sheet("".join(f"<row r='{n}'><c><v>1</v></c></row>" for n in range(1, 60_000)))


def too_many_empty() -> bytes:
    return with_sheet(HEAD + "".join(f"<row r='{n}'><c s='0'/></row>" for n in range(2, 60_000)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(too_many_filled, "too_many_rows", id="rows of one cell"),
        pytest.param(too_many_empty, "too_many_rows", id="empty rows"),
        pytest.param(
            lambda: with_sheet(f"{HEAD}<row r='1048576'>{TEXT.format('A1048576', 'x')}</row>"),
            "too_many_rows",
            id="the last row",
        ),
        pytest.param(
            lambda: with_sheet(f"{HEAD}<row r='2'>{TEXT.format('XFD2', 'x')}</row>"),
            "too_many_columns",
            id="the last column",
        ),
        pytest.param(
            lambda: with_sheet(f"{HEAD}<row r='2'>{TEXT.format('ZZZ2', 'x')}</row>"),
            "too_many_cells",
            id="a column that does not exist",
        ),
        pytest.param(
            lambda: with_sheet(f"{HEAD}{'<a>' * 100_000}{'</a>' * 100_000}"), "damaged", id="depth"
        ),
        pytest.param(
            lambda: with_member(
                "xl/worksheets/sheet1.xml",
                f'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet {MAIN}><sheetData>'
                "<row r='1'><c t='str'><v>&b;</v></c></row></sheetData></worksheet>",
            ),
            "damaged",
            id="entities",
        ),
        pytest.param(
            lambda: with_member("xl/worksheets/sheet1.xml", " " * 60_000_000), "bomb", id="bomb"
        ),
        pytest.param(
            lambda: with_sheet(f"{HEAD}<row r='3'/><row r='2'>{TEXT.format('A2', 'x')}</row>"),
            "damaged",
            id="rows out of order",
        ),
        pytest.param(
            lambda: with_sheet(
                f"{HEAD}<row r='2'>{TEXT.format('B2', 'x')}{TEXT.format('A2', 'y')}</row>"
            ),
            "damaged",
            id="cells out of order",
        ),
        pytest.param(
            lambda: with_sheet(f"{HEAD}<row r='2'><c r='B2'><f>1+1</f><v/></c></row>"),
            "uncalculated",
            id="a formula without its result",
        ),
        pytest.param(
            lambda: with_sheet(f"{HEAD}<row r='2'><c r='B2' t='e'><v>#REF!</v></c></row>"),
            "error_value",
            id="an error",
        ),
    ],
)
def test_too_much_and_unreadable_sheets_are_refused(tmp_path, content, code):
    assert refused(tmp_path, content()).code == code


def test_a_sheet_merged_as_a_whole_costs_nothing_and_is_said(tmp_path):
    merged = '<mergeCells count="1"><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    found = read(
        tmp_path, with_sheet(f"{HEAD}<row r='2'>{TEXT.format('A2', 'x')}</row>", after=merged)
    )
    assert texts(found) == [["titulo", "seccion"], ["x"]]
    assert "celdas combinadas (A2:XFD1048576)" in found.notes[0]


def test_many_shared_strings_stay_within_the_child(tmp_path):
    strings = f"<sst {MAIN}>{'<si><t>x</t></si>' * 1_900_000}</sst>"
    content = with_member("xl/sharedStrings.xml", strings)
    refusal = refused(tmp_path, content, memory=400_000_000)
    assert refusal.code in ("bomb", "memory", "crashed")


def test_a_second_sheet_with_content_is_said_and_an_empty_one_is_not(tmp_path):
    content = book(["titulo"], ["A"], Otra=[["titulo"], ["B"]], Vacía=[])
    found = read(tmp_path, content)
    assert texts(found) == [["titulo"], ["A"]]
    assert len(found.notes) == 1
    assert "«Otra»" in found.notes[0]
    assert "Vacía" not in found.notes[0]


def test_an_empty_sheet_in_front_is_passed_over(tmp_path):
    assert texts(read(tmp_path, book(Lista=[["titulo"], ["B"]]))) == [["titulo"], ["B"]]


def test_many_sheets_are_read_no_further_than_needed(tmp_path):
    content = book(["titulo"], ["A"], **{f"S{n}": [["x"]] for n in range(120)})
    assert texts(read(tmp_path, content)) == [["titulo"], ["A"]]


def test_hidden_rows_and_columns_are_read_and_said(tmp_path):
    made = Workbook()
    for row in (["titulo", "seccion"], ["A", "Guías"], ["B", "Guías"]):
        made.active.append(row)
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["B"].hidden = True
    found = read(tmp_path, saved(made))
    assert texts(found)[1:] == [["A", "Guías"], ["B", "Guías"]]
    assert found.notes == ("Se leyó también 1 fila oculta.",)


def test_values_become_text_as_a_person_would_write_them(tmp_path):
    row = [
        datetime(2024, 3, 2),
        datetime(2024, 3, 2, 8, 30),
        time(0, 12, 30),
        True,
        7.0,
        1.5,
        " a\nb ",
    ]
    assert texts(read(tmp_path, book(["x"], row)))[1] == [
        "2024-03-02",
        "2024-03-02 08:30",
        "00:12:30",
        "sí",
        "7",
        "1.5",
        " a\nb ",
    ]


def test_a_formula_whose_result_is_empty_text_is_read(tmp_path):
    row = "<row r='2'><c r='A2' t='str'><f>\"\"</f><v></v></c><c r='B2'><f>1</f><v>1</v></c></row>"
    assert texts(read(tmp_path, with_sheet(HEAD + row)))[1] == ["", "1"]


@pytest.mark.parametrize(
    "first",
    ["sep=;", "SEP=;", '"sep=;"', "sep=;;;", "\ufeffsep=;", "sep=;\r"],
)
def test_the_separator_that_a_csv_declares_is_used(tmp_path, first):
    content = f"{first}\ntitulo;seccion\nA,b;Guías\n".encode()
    found = read(tmp_path, content, "lista.csv")
    assert found.rows == ((1, ("titulo", "seccion")), (2, ("A,b", "Guías")))


@pytest.mark.parametrize(
    ("declared", "mark"), [(",", ","), ("\t", "\t"), ("\\t", "\t"), ("|", "|")]
)
def test_any_separator_may_be_declared(tmp_path, declared, mark):
    content = f"sep={declared}\r\ntitulo{mark}seccion\r\nA;b{mark}Guías\r\n".encode()
    assert texts(read(tmp_path, content, "lista.csv"))[1] == ["A;b", "Guías"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16"]
)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_is_read_in_the_encoding_of_its_program(tmp_path, encoding, mark):
    content = f"titulo{mark}seccion\r\nAño y señal, página única{mark}Guías\r\n"
    content = content.replace("señal, ", '"señal" ') if mark == "," else content
    assert "Año" in texts(read(tmp_path, content.encode(encoding), "lista.csv"))[1][0]


def test_the_text_of_a_spreadsheet_is_a_list_too(tmp_path):
    content = "titulo\tseccion\r\nAño\tGuías\r\n".encode("utf-16")
    assert texts(read(tmp_path, content, "lista.txt"))[1] == ["Año", "Guías"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"titulo" + b"," * 100_000 + b"x\n", "too_many_columns"),
        (b"titulo\n" + b"x\n" * 600, "too_many_rows"),
        (b"titulo\n" + b"\n" * 30_000 + b"x\n", "too_many_rows"),
        (b"titulo\n" + b"x" * 2_000_000 + b"\n", "too_much_text"),
        (b'titulo\n"' + b"x,\n" * 1_000 + b"\n", "damaged"),
        (b"\xff\xfet\x00\x00\x01\x00\xd8", "encoding"),
        (b"%PDF-1.7 nada", "lying"),
    ],
    ids=["columns", "rows", "empty rows", "one line", "quote", "utf-16", "pdf"],
)
def test_too_much_and_unreadable_csv_is_refused(tmp_path, content, code):
    assert refused(tmp_path, content, "lista.csv", max_output=1_000_000).code == code


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    content = b'titulo,descripcion\r\nA,"dos\r\nlineas"\r\n\r\nB,x\r\n'
    assert [number for number, _ in read(tmp_path, content, "lista.csv").rows] == [1, 2, 4]


def test_an_ods_is_refused_with_the_formats_that_are_read(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    assert re.search("CSV.*XLSX", refused(tmp_path, out.getvalue(), "lista.ods").message)
