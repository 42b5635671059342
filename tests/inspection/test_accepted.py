"""Every type of the allow-list is recognised by its content and described rightly."""

import hashlib
from datetime import date

import pikepdf
import pytest

from inspection import ALLOWED, Bookmark, Limits
from tests.inspection.makers import (
    facts_here,
    inspect,
    make_described_pdf,
    make_file,
    make_office,
    make_pdf,
    make_picture,
    make_zip,
    mp3_bytes,
    mp4_bytes,
    new_pdf,
    pdf_bytes,
)

TABLE = "cantón,año,monto\nQuito,2024,10\nLoja,2024,7\n"
CAPTIONS = "1\n00:00:01,000 --> 00:00:02,500\nBuenos días\n"


def test_a_pdf_tells_its_pages_texts_title_date_language_tags_and_outline(tmp_path):
    path = make_described_pdf(tmp_path)
    facts = inspect(path, name="ley.PDF")
    assert (facts.media_type, facts.extension) == ("application/pdf", "pdf")
    assert facts.size == path.stat().st_size
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (facts.pages, facts.text_status) == (2, "ok")
    assert facts.page_texts == ("Artículo uno", "Artículo dos")
    assert (facts.title, facts.created_on) == ("Ley de ejemplo", date(2024, 2, 29))
    assert (facts.language, facts.tagged) == ("es-EC", True)
    assert facts.bookmarks == (Bookmark("Título I", 1, 1), Bookmark("Capítulo 1", 2, 2))
    assert facts.notes == () and facts.picture is None


@pytest.mark.parametrize("extension", ["docx", "xlsx", "pptx", "odt", "ods", "odp"])
def test_an_office_file_tells_its_title_language_date_and_text(tmp_path, extension):
    facts = inspect(make_office(tmp_path, extension), name=f"plan.{extension}")
    assert facts.extension == extension
    assert facts.media_type == ALLOWED[extension].media_type
    assert (facts.title, facts.language) == ("Plan anual", "es-EC")
    assert facts.created_on == date(2023, 5, 4)
    assert (facts.page_texts, facts.text_status, facts.pages) == (("Gestión",), "ok", None)


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_a_picture_tells_its_size_in_pixels(tmp_path, kind):
    facts = inspect(make_picture(tmp_path, f"a.{kind}"), name=f"a.{kind}")
    assert (facts.extension, facts.width, facts.height) == (kind, 40, 20)
    assert (facts.text_status, facts.page_texts, facts.tagged) == ("", (), None)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("tabla.csv", TABLE, TABLE.strip()),
        ("nota.txt", "Hola, mundo.\nAdiós.", "Hola, mundo.\nAdiós."),
        ("v.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nBuenos días\n", "Buenos días"),
        ("v.srt", CAPTIONS, "Buenos días"),
    ],
)
def test_a_text_file_tells_its_charset_and_text(tmp_path, name, content, text):
    facts = inspect(make_file(tmp_path, name, content.encode()), name=name)
    assert facts.extension == name[-3:]
    assert (facts.charset, facts.page_texts, facts.text_status) == ("utf-8", (text,), "ok")


def test_a_long_text_is_kept_in_pieces_up_to_ten_times_a_page(tmp_path):
    path = make_file(tmp_path, "a.txt", b"0123456\n" * 25)
    facts = inspect(path, limits=Limits(max_page_text=100))
    assert (facts.text_status, facts.pages) == ("ok", None)
    assert [len(text.split()) for text in facts.page_texts] == [12, 12, 1]
    facts = inspect(path, limits=Limits(max_page_text=10))
    assert (facts.text_status, len(facts.page_texts)) == ("partial", 10)


def test_a_table_is_recognised_without_a_name(tmp_path):
    assert inspect(make_file(tmp_path, "upload", TABLE.encode())).extension == "csv"


def test_a_table_in_windows_1252_is_read_and_the_editor_is_advised(tmp_path):
    facts = inspect(make_file(tmp_path, "a.csv", TABLE.encode("cp1252")), name="a.csv")
    assert facts.charset == "windows-1252"
    assert facts.page_texts[0].startswith("cantón,año")
    assert "UTF-8" in facts.notes[0]


def test_an_audio_tells_its_duration(tmp_path):
    facts = inspect(make_file(tmp_path, "a.mp3", mp3_bytes(100)), name="a.mp3")
    assert (facts.media_type, facts.duration) == ("audio/mpeg", 2.6)


def test_a_video_tells_its_duration(tmp_path):
    facts = inspect(make_file(tmp_path, "a.mp4", mp4_bytes(7)), name="a.mp4")
    assert (facts.media_type, facts.duration, facts.notes) == ("video/mp4", 7.0, ())


def test_a_video_whose_index_is_at_the_end_is_accepted_with_advice(tmp_path):
    facts = inspect(make_file(tmp_path, "a.mp4", mp4_bytes(index_first=False)))
    assert "inicio rápido" in facts.notes[0]


def test_a_zip_of_accepted_files_is_accepted(tmp_path):
    pdf = make_pdf(tmp_path, ["Uno"]).read_bytes()
    members = {"datos/": b"", "datos/a.csv": TABLE.encode(), "b.pdf": pdf}
    members["c.docx"] = make_office(tmp_path, "docx").read_bytes()
    members["d.png"] = make_picture(tmp_path, "d.png").read_bytes()
    facts = inspect(make_zip(tmp_path, members), name="a.zip")
    assert (facts.media_type, facts.pages, facts.page_texts) == ("application/zip", None, ())


def test_a_name_without_extension_says_nothing_and_is_believed(tmp_path):
    assert inspect(make_pdf(tmp_path, ["Uno"], name="sin"), name="sin").extension == "pdf"


def test_a_pdf_with_numbers_as_objects_of_their_own_is_read(tmp_path):
    """Many programs write the length of each stream as one."""
    pdf = new_pdf(["El agua del páramo."])
    pdf.Root.Count = pdf.make_indirect(pikepdf.Object.parse(b"7"))
    pdf.Root.Is = pdf.make_indirect(pikepdf.Object.parse(b"true"))
    pdf.Root.Names = pdf.make_indirect(
        pikepdf.Dictionary(EF=pikepdf.Dictionary(F=pdf.make_indirect(pikepdf.Object.parse(b"8"))))
    )
    path = make_file(tmp_path, "a.pdf", pdf_bytes(pdf))
    assert facts_here(path)["pages_read"] == ["El agua del páramo."]
