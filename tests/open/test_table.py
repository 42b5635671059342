"""The catalogue as a table: CSV that Excel opens right, the same as a workbook, in memory that does not grow."""

import csv
import io

import openpyxl

from resources.opendata.tabular import columns
from tests.open.conftest import HIDDEN, body


def csv_rows(client) -> list[dict[str, str]]:
    text = body(client.get("/catalogo.csv"))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def xlsx_rows(client) -> list[dict[str, str]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/catalogo.xlsx").getvalue()))
    names, *rows = book.active.iter_rows(values_only=True)
    return [
        {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
        for row in rows
    ]


def test_there_is_a_row_for_each_file_and_one_for_what_has_none(client, things):
    rows = csv_rows(client)
    files = [row["archivo"] for row in rows if row["titulo"].startswith("Guía de datos")]
    assert files == ["guia.pdf", "datos.csv"]
    (pending,) = (row for row in rows if row["titulo"] == "Por enlazar")
    assert pending["archivo"] == pending["bytes"] == pending["sha256"] == ""
    assert pending["enlace_por_verificar"] == "sí"


def test_csv_and_workbook_have_the_same_rows(client, things):
    plain = [
        {
            name: cell.removeprefix("'") if cell.startswith("'=") else cell
            for name, cell in row.items()
        }
        for row in csv_rows(client)
    ]
    assert plain == xlsx_rows(client)
    assert len(plain) == 8


def test_the_columns_are_those_that_are_documented(client, things):
    names = [column.table for column in columns()]
    assert list(csv_rows(client)[0]) == names
    page = client.get("/api/v1/").text
    for column in columns():
        assert f"<code>{column.table}</code>" in page
        assert column.description in page


def test_a_text_is_never_run_as_a_formula(client, things):
    (row, *_) = (row for row in csv_rows(client) if row["titulo"].startswith("Guía de datos"))
    assert row["descripcion"].startswith("'=SUMA(1)")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/catalogo.xlsx").getvalue()))
    assert all(cell.data_type in ("s", "n") for line in book.active.iter_rows() for cell in line)


def test_a_sample_says_so_and_a_law_says_its_force(client, things):
    rows = {row["archivo"]: row for row in csv_rows(client)}
    assert rows["muestra.pdf"]["muestra"] == "Muestra, no es el documento oficial"
    assert rows["ley.pdf"]["muestra"] == ""
    assert rows["ley.pdf"]["vigencia"] == "Vigente"
    assert rows["acuerdo.pdf"]["vigencia"] == "Por verificar"
    assert rows["guia.pdf"]["vigencia"] == ""
    assert rows["guia.pdf"]["fecha_emision"] == "2022-05"


def test_nothing_hidden_stands_in_the_workbook(client, things):
    assert not any(HIDDEN in row["titulo"] for row in xlsx_rows(client))


def test_an_empty_catalogue_is_a_table_with_its_head(client, nothing):
    assert csv_rows(client) == []
    assert xlsx_rows(client) == []


def test_the_files_are_named_and_typed(client, things):
    for path, media_type in (
        ("/catalogo.csv", "text/csv"),
        ("/catalogo.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        answer = client.get(path)
        assert answer["Content-Type"].startswith(media_type)
        assert f'filename="{path[1:]}"' in answer["Content-Disposition"]
