"""The words of office files are read wherever their programs put them."""

from pathlib import Path

import pytest

from tests.inspection.makers import facts_here, make_zip, office_members


def text_of(
    folder: Path, extension: str, members: dict[str, str], without: str = ""
) -> tuple[str, str]:
    every = office_members(extension) | {name: text.encode() for name, text in members.items()}
    every.pop(without, None)
    found = facts_here(make_zip(folder, every, f"a.{extension}"))
    return " ".join(" ".join(found["pages_read"]).split()), found["text_status"]


def sheet(*cells: str) -> str:
    return f'<x:worksheet xmlns:x="urn:x"><x:row>{"".join(cells)}</x:row></x:worksheet>'


INLINE = '<x:c t="inlineStr"><x:is><x:t>Cantón</x:t></x:is></x:c>'
RICH = '<x:c t="inlineStr"><x:is><x:r><x:t>pobla</x:t></x:r><x:r><x:t>ción</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c>'
RESULT = '<x:c t="str"><x:f>A1</x:f><x:v>Loja</x:v></x:c>'
NUMBER = "<x:c><x:v>12</x:v></x:c>"
SHARED = '<x:c t="s"><x:v>0</x:v></x:c>'


@pytest.mark.parametrize("without", ["", "xl/sharedStrings.xml"])
def test_strings_in_a_sheet_and_results_of_formulas_are_read(tmp_path, without):
    sheets = {
        "xl/worksheets/sheet10.xml": sheet(INLINE),
        "xl/worksheets/sheet2.xml": sheet(SHARED, RICH, NUMBER, RESULT),
    }
    shared = "" if without else "Gestión "
    assert text_of(tmp_path, "xlsx", sheets, without) == (f"{shared}población Loja Cantón", "ok")


def test_a_workbook_of_figures_alone_is_not_called_scanned(tmp_path):
    sheets = {"xl/worksheets/sheet1.xml": sheet(NUMBER)}
    assert text_of(tmp_path, "xlsx", sheets, "xl/sharedStrings.xml") == ("", "")


def test_a_sheet_with_more_words_than_are_kept_is_read_in_part(tmp_path):
    sheets = {"xl/worksheets/sheet1.xml": sheet(*[INLINE.replace("Cantón", "a" * 1_000)] * 3_000)}
    assert text_of(tmp_path, "xlsx", sheets)[1] == "partial"


def test_notes_heads_and_text_boxes_of_a_document_are_read_once(tmp_path):
    def part(words: str) -> str:
        return f'<w:d xmlns:w="urn:w"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:d>'

    box = "<w:d xmlns:w='urn:w' xmlns:m='urn:m'><w:p><m:AlternateContent><m:Choice><w:txbxContent><w:p><w:t>Cuadro</w:t></w:p>"
    box += "</w:txbxContent></m:Choice><m:Fallback><w:t>Cuadro</w:t></m:Fallback></m:AlternateContent></w:p></w:d>"
    members = {
        "word/header1.xml": part("Cabecera"),
        "word/footnotes.xml": part("Nota"),
        "word/document.xml": box,
    }
    assert text_of(tmp_path, "docx", members) == ("Cuadro Nota Cabecera", "ok")


def test_tables_and_notes_of_a_presentation_are_read(tmp_path):
    table = "<s xmlns:a='urn:a'><a:tbl><a:tc><a:p><a:t>Celda</a:t></a:p></a:tc></a:tbl></s>"
    notes = "<s xmlns:a='urn:a'><a:p><a:t>Apunte</a:t></a:p></s>"
    members = {"ppt/slides/slide1.xml": table, "ppt/notesSlides/notesSlide1.xml": notes}
    assert text_of(tmp_path, "pptx", members) == ("Celda Apunte", "ok")
