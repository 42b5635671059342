"""A text that its fonts make unreadable is told to the editor, and no other is."""

import pytest

from inspection.text_quality import quality_warning
from tests.inspection.makers import inspect, make_pdf

SPANISH = (
    "El Ecuador es un Estado constitucional de derechos y justicia, social, democrático, soberano, independiente. La "
    "soberanía radica en el pueblo, que la ejerce a través de los órganos del poder público."
)
ENGLISH = "The rate of the tax is set by the member states, and the Commission may ask for the list of goods and services."
KICHWA = "Ecuador mamallaktaka sumak kawsayta mashkakmi, tukuy runakunapak hayñikunata ruraypi churashpa, ushaykunatapash."
SHIFTED = "".join(chr(ord(letter) + 7) if letter.isalpha() else letter for letter in SPANISH)
WITHOUT_ACCENTS = "".join(letter for letter in SPANISH if letter.isascii())
MUCH = 15


@pytest.mark.parametrize("language", ["", "es", "es-EC", "en-US"])
def test_a_text_in_shifted_letters_is_told(language):
    note = quality_warning(SHIFTED * MUCH, language)
    assert "no parece español legible" in note and "OCR" in note


@pytest.mark.parametrize("language", ["", "es-EC", "en-US"])
def test_a_long_spanish_text_without_any_accent_is_told(language):
    note = quality_warning(WITHOUT_ACCENTS * MUCH, language)
    assert "no parece español legible" in note and "tilde" in note


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (SPANISH, ""),
        (SPANISH, "es"),
        (ENGLISH, ""),
        (ENGLISH, "es"),
        (KICHWA, "qu"),
        (KICHWA, "qu-EC"),
        (WITHOUT_ACCENTS.upper(), "es"),
        ("De la Provincia 12,5 Pichincha 34,8 Guayas 99,1 Manabí 7,0 Loja 44,2 ", "es"),
    ],
)
def test_a_text_that_reads_as_its_language_is_not_told(text, language):
    assert quality_warning(text * MUCH * 3, language) == ""


def test_a_few_words_tell_nothing():
    assert (
        quality_warning(SHIFTED, "es")
        == quality_warning(WITHOUT_ACCENTS, "es")
        == quality_warning("", "")
        == ""
    )


@pytest.mark.parametrize(
    "text", [SHIFTED.encode("cp1252", "ignore").decode("cp1252"), WITHOUT_ACCENTS]
)
def test_an_unreadable_pdf_is_accepted_with_advice(tmp_path, text):
    facts = inspect(make_pdf(tmp_path, ["\n".join(text.split(", "))] * MUCH))
    assert facts.text_status == "partial" and all(facts.page_texts)
    assert "no parece español legible" in facts.notes[0]


def test_a_readable_pdf_has_no_note(tmp_path):
    facts = inspect(make_pdf(tmp_path, ["\n".join(SPANISH.split(", "))] * MUCH))
    assert (facts.text_status, facts.notes) == ("ok", ())
