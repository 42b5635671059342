"""A form or a portfolio that most viewers do not show is accepted with a note, and its placeholder is no text of it."""

from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, String

from resources.files.metadata_extraction.extract import Known, suggest
from resources.models.choices import UNTITLED
from tests.inspection.makers import inspect, make_file, new_pdf, pdf_bytes

WAIT = (
    "Please wait...\nIf this message is not eventually replaced by the proper contents of the document,\n"
    "your PDF viewer may not be able to display this type of document."
)
COVER = (
    "For the best experience, open this PDF portfolio in\nAcrobat X or Adobe Reader X, or later."
)
FORM = b"<xdp><template><subform/></template></xdp>"


def make_form(
    folder: Path, text: str = WAIT, *, dynamic: bool = True, packets: bool = False
) -> Path:
    pdf = new_pdf([text])
    form = pdf.make_stream(FORM)
    value = Array([String("xdp"), form]) if packets else form
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=value)
    if dynamic:
        pdf.Root.NeedsRendering = True
    return make_file(folder, "a.pdf", pdf_bytes(pdf))


def make_portfolio(folder: Path, text: str) -> Path:
    pdf = new_pdf([text])
    pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)
    return make_file(folder, "a.pdf", pdf_bytes(pdf))


@pytest.mark.parametrize(
    "text", [WAIT, "Espere un momento...", ""], ids=["adobe", "spanish", "empty"]
)
@pytest.mark.parametrize("packets", [False, True], ids=["whole", "packets"])
def test_a_form_drawn_by_one_program_alone_has_a_note_and_no_text(tmp_path, text, packets):
    facts = inspect(make_form(tmp_path, text, packets=packets), picture=tmp_path / "picture.png")
    assert facts.page_texts == ("",) and facts.text_status == "failed" and facts.picture is None
    (note,) = facts.notes
    assert "celular" in note and "imprímalo como PDF" in note


def test_its_title_is_not_that_of_the_page(tmp_path):
    found = suggest(inspect(make_form(tmp_path)), "formulario.pdf", Known())
    assert found.title == f"{UNTITLED}formulario.pdf"
    assert (found.language, found.sources) == ("es", {})


def test_a_form_whose_pages_are_in_the_file_has_no_note(tmp_path):
    facts = inspect(make_form(tmp_path, "Solicitud de acceso a la información", dynamic=False))
    assert facts.notes == () and facts.text_status == "ok"


@pytest.mark.parametrize(
    ("text", "pages", "title"),
    [
        (COVER, ("",), f"{UNTITLED}cartera.pdf"),
        ("Actas del concejo", ("Actas del concejo",), "Actas del concejo"),
    ],
)
def test_a_portfolio_has_a_note_and_the_words_of_a_cover_of_its_own(tmp_path, text, pages, title):
    facts = inspect(make_portfolio(tmp_path, text))
    assert facts.page_texts == pages
    assert "cartera PDF" in facts.notes[0] and "por separado" in facts.notes[0]
    assert suggest(facts, "cartera.pdf", Known()).title == title


def test_the_page_that_waits_printed_alone_is_told_apart(tmp_path):
    facts = inspect(make_file(tmp_path, "a.pdf", pdf_bytes(new_pdf([WAIT]))))
    assert facts.page_texts == ("",)
    assert "no el documento" in facts.notes[0]


def test_a_document_that_speaks_of_waiting_is_read(tmp_path):
    facts = inspect(
        make_file(tmp_path, "a.pdf", pdf_bytes(new_pdf(["Espere su turno. Please wait."])))
    )
    assert facts.text_status == "ok" and facts.notes == ()
