"""The first rows of a table are read in the child: every encoding, every visible sheet, and the rows of the whole counted."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from inspection import FileRefused, SheetPreview, preview_sheets
from inspection.child import report
from inspection.child_report import ChildReport
from inspection.facts import Job
from tests.inspection.makers import make_file

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)
LIST = "Cantón;Monto\nCuenca;1.234,5\nQuito;\n"


def ods(sheets: str, styles: str = "") -> bytes:
    """Make an ODS with these `table:table` elements."""
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODS_TYPE)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet(*rows: str, name: str = "Hoja", style: str = "") -> str:
    inner = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table table:name="{name}" table:style-name="{style}">{inner}</table:table>'


def text(words: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'
    )


def value(kind: str, **attributes: str) -> str:
    """Return a cell with a value, and a paragraph as a program formats it."""
    stated = " ".join(f'office:{name.replace("_", "-")}="{v}"' for name, v in attributes.items())
    return f'<table:table-cell office:value-type="{kind}" {stated}><text:p>?</text:p></table:table-cell>'


def book(**sheets: list[list]) -> Workbook:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        added = made.create_sheet(name)
        for row in rows:
            added.append(row)
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def previewed(content: bytes, folder: Path, name: str) -> tuple[SheetPreview, ...]:
    """Read in this process, as the child does: starting one takes longer than all of this."""
    collected = ChildReport()
    for line in report(Job(make_file(folder, name, content), name, preview=True)):
        collected.add(line.encode())
    return collected.preview("ok")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (LIST, "utf-8"),
        (LIST, "utf-8-sig"),
        (LIST, "cp1252"),
        (LIST, "utf-16"),
        (LIST.replace(",", "~").replace(";", "\t").replace("~", ","), "cp1252"),
        (LIST.replace(";", "|"), "utf-8"),
        ("sep=;\r\n" + LIST, "utf-8"),
    ],
)
def test_a_csv_is_read_in_every_encoding_and_with_every_separator(content, encoding, tmp_path):
    (found,) = previewed(content.encode(encoding), tmp_path, "lista.csv")
    assert found.headings == ("Cantón", "Monto")
    assert found.rows == (("Cuenca", "1.234,5"), ("Quito", ""))
    assert (found.total, found.columns, found.name) == (2, 2, "")


def test_the_child_process_reads_a_table_within_its_limits(tmp_path):
    (found,) = preview_sheets(make_file(tmp_path, "lista.csv", LIST.encode()), name="lista.csv")
    assert found.headings == ("Cantón", "Monto")


def test_two_hundred_rows_are_kept_and_all_are_counted(tmp_path):
    rows = "".join(f"Cantón {number},{number}\n" for number in range(12_345))
    (found,) = previewed(f"nombre,valor\n{rows}".encode(), tmp_path, "lista.csv")
    assert (len(found.rows), found.total) == (200, 12_345)
    many = book(Datos=[["nombre", "valor"], *(["x", number] for number in range(700))])
    (found,) = previewed(saved(many), tmp_path, "lista.xlsx")
    assert (len(found.rows), found.total) == (200, 700)
    row = text("x").join(("", value("float", value="2")))
    repeated = f'<table:table-row table:number-rows-repeated="700">{row}</table:table-row>'
    content = ods(
        sheet(text("nombre") + text("valor")).replace("</table:table>", repeated + "</table:table>")
    )
    (found,) = previewed(content, tmp_path, "lista.ods")
    assert (len(found.rows), found.total) == (200, 700)


def test_titles_above_the_headings_are_told_apart_from_them(tmp_path):
    content = "Presupuesto 2024,,\n,,\nCantón,Monto,Fecha\nCuenca,3,2024\n"
    (found,) = previewed(content.encode(), tmp_path, "lista.csv")
    assert found.above == ("Presupuesto 2024",)
    assert found.headings == ("Cantón", "Monto", "Fecha")
    assert (len(found.rows), found.total) == (1, 1)


def test_every_visible_sheet_of_a_workbook_is_read_and_no_hidden_or_empty_one(tmp_path):
    made = book(Uno=[["a"], ["b"]], Oculta=[["secreto"]], Nada=[], Dos=[["c"], ["d"]])
    made["Oculta"].sheet_state = "hidden"
    assert [s.name for s in previewed(saved(made), tmp_path, "libro.xlsx")] == ["Uno", "Dos"]
    hidden = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    content = ods(
        sheet(text("a"), name="Uno") + sheet(text("secreto"), name="Oculta", style="ta2"), hidden
    )
    assert [s.name for s in previewed(content, tmp_path, "libro.ods")] == ["Uno"]


def test_values_of_a_workbook_are_written_as_people_read_them(tmp_path):
    made = book(
        Datos=[["n", "p", "d", "b", "e"], [0.1 + 0.2, 0.125, dt.date(2024, 3, 1), True, None]]
    )
    made["Datos"]["B2"].number_format = "0.0%"
    (found,) = previewed(saved(made), tmp_path, "libro.xlsx")
    assert found.rows == (("0,3", "12,5 %", "2024-03-01", "sí", ""),)
    row = (
        value("float", value="0.30000000000000004"),
        value("percentage", value="0.125"),
        value("date", date_value="2024-03-01T00:00:00"),
        value("boolean", boolean_value="true"),
        "<table:table-cell/>",
    )
    headings = "".join(map(text, "npdbe"))
    (found,) = previewed(ods(sheet(headings, "".join(row))), tmp_path, "libro.ods")
    assert found.rows == (("0,3", "12,5 %", "2024-03-01", "sí", ""),)


def test_a_formula_shows_its_stored_value_and_one_without_is_told(tmp_path):
    (found,) = previewed(saved(book(Datos=[["a", "b"], [1, "=A2*2"]])), tmp_path, "libro.xlsx")
    assert found.rows == (("1", ""),)
    assert found.notes == ("Hay fórmulas sin resultado guardado, que aquí salen vacías: B2.",)
    cell = value("float", value="7").replace(
        "<table:table-cell", '<table:table-cell table:formula="of:=3+4"'
    )
    (found,) = previewed(ods(sheet(text("a"), cell)), tmp_path, "libro.ods")
    assert found.rows == (("7",),)


def test_comments_and_deleted_content_of_an_ods_are_no_cells(tmp_path):
    commented = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>nota</text:p>'
        "</office:annotation><text:p>visible</text:p></table:table-cell>"
    )
    tracked = f"<table:tracked-changes>{sheet(text('borrado'))}</table:tracked-changes>"
    linked = f"<table:dde-links><table:dde-link>{sheet(text('ajeno'))}</table:dde-link></table:dde-links>"
    content = ods(tracked + sheet(text("a"), commented) + linked)
    (found,) = previewed(content, tmp_path, "libro.ods")
    assert (found.headings, found.rows) == (("a",), (("visible",),))


def test_repeated_cells_and_rows_do_not_fill_the_memory(tmp_path):
    cell = '<table:table-cell table:number-columns-repeated="99999999" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="99999999">{cell}</table:table-row>'
    content = ods(sheet().replace("</table:table>", row + "</table:table>"))
    (found,) = previewed(content, tmp_path, "libro.ods")
    assert len(found.rows) == 200
    assert len(found.headings) == 60
    assert found.total < 1_048_576


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"\n\n", "lista.csv", "empty"),
        (b'a,b\n"sin cerrar', "lista.csv", "damaged"),
        (ods("<!DOCTYPE x>"), "libro.ods", "damaged"),
        (b"%PDF-1.7\n", "guia.pdf", "unsupported"),
    ],
)
def test_a_file_without_a_readable_table_is_refused(content, name, code, tmp_path):
    with pytest.raises(FileRefused) as refused:
        previewed(content, tmp_path, name)
    assert refused.value.code == code


def test_long_cells_and_wide_rows_are_cut_and_the_width_is_known(tmp_path):
    content = ",".join(f"c{n}" for n in range(80)) + "\n" + "x" * 1_000 + ",1\n"
    (found,) = previewed(content.encode(), tmp_path, "lista.csv")
    assert (len(found.headings), found.columns) == (60, 80)
    assert found.rows[0][0] == "x" * 299 + "…"
