"""Scanned pages are recognised by Tesseract, where it is installed; without it the desk says what is missing."""

import io
import os

import pikepdf
import pytest
from django.urls import reverse

from inspection.recognition_program import missing_program
from reading import making
from reading.making import recognise_reading
from resources.files.fixity import sum_of
from resources.files.reinspection import inspect_again
from tests.admin.desk import sign_in
from tests.makers import make_document
from tests.reading.makers import reading_of, typeset_pdf

needs_tesseract = pytest.mark.skipif(
    bool(missing_program()) and "RECURSOS_GATE" not in os.environ,
    reason="Tesseract with Spanish is not installed here",
)
TEXT = [
    [(22, "Ordenanza del agua"), (14, ""), (14, "El municipio publica la calidad del agua.")],
    [(22, "Disposiciones"), (14, ""), (14, "Las juntas de riego se reúnen cada mes.")],
]


def scan(*pages) -> bytes:
    """Photograph the pages of a drawn PDF: pictures without one letter of text."""
    import pypdfium2

    drawn = pypdfium2.PdfDocument(typeset_pdf(*(pages or TEXT)))
    pictures = [page.render(scale=2).to_pil().convert("L") for page in drawn]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", resolution=144, save_all=True, append_images=pictures[1:])
    assert len(pikepdf.open(out).pages) == len(pictures)
    return out.getvalue()


@pytest.mark.django_db
@needs_tesseract
def test_the_worker_recognises_searches_and_marks_a_scan_and_leaves_its_bytes(client, publish):
    guide = make_document(title="Escaneado")
    version = publish(guide, scan(), "escaneado.pdf")
    pages = list(reading_of(version).pages.all())
    assert [page.doubt for page in pages] == ["scan", "scan"]
    assert "calidad del agua" in pages[0].plain
    assert all(page.confidence >= 75 for page in pages)
    text = client.get(f"/recursos/{guide.slug}/leer/").text
    assert "El municipio publica la calidad del agua." in text
    assert "Texto reconocido automáticamente en la imagen de la página" in text
    assert "/leer/?pagina=2" in client.get("/recursos/?q=juntas+de+riego").text
    version.refresh_from_db()
    assert sum_of(version.stored.storage, version.stored.name) == version.sha256
    inspect_again(version)
    assert "/leer/?pagina=2" in client.get("/recursos/?q=juntas+de+riego").text
    sign_in(client)
    desk = client.get(reverse("admin:reading_reading_change", args=[reading_of(version).pk])).text
    assert "% de seguridad" in desk
    assert "se reconoció automáticamente: revíselo." in desk


@pytest.mark.django_db
@needs_tesseract
def test_a_text_that_is_not_sure_stays_below_its_picture_until_a_person_corrects_it(
    client, publish
):
    guide = make_document()
    version = publish(guide, scan(), "escaneado.pdf")
    reading = reading_of(version)
    reading.pages.update(confidence=40)
    url = reverse("admin:reading_reading_page", args=[reading.pk, 1])
    sign_in(client)
    client.post(url, {"text": "La calidad del agua.", "seen": 0})
    client.logout()
    text = client.get(f"/recursos/{guide.slug}/leer/").text
    assert "Página 2, como imagen" in text
    assert "no es seguro" in text
    assert "Página 1, como imagen" not in text
    assert "La calidad del agua." in text


@pytest.mark.django_db
@needs_tesseract
def test_it_goes_on_page_by_page_where_it_was_stopped(publish, monkeypatch):
    read, numbers = making.recognise_page, []

    def once(path, number, **options):
        numbers.append(number)
        if len(numbers) == 2:
            raise KeyboardInterrupt
        return read(path, number, **options)

    monkeypatch.setattr(making, "recognise_page", once)
    version = None
    with pytest.raises(KeyboardInterrupt):
        version = publish(make_document(), scan(), "escaneado.pdf")
    from resources.models import FileVersion

    version = FileVersion.objects.get()
    recognise_reading.call(version.pk)
    assert numbers == [1, 2, 2]
    assert not making.pages_to_recognise().exists()


@pytest.mark.django_db
def test_without_tesseract_the_desk_says_what_is_missing_and_the_pictures_are_shown(
    client, publish, monkeypatch
):
    for module in ("reading.making", "reading.admin"):
        monkeypatch.setattr(f"{module}.missing_program", lambda: "tesseract-ocr")
    guide = make_document()
    version = publish(guide, scan(), "escaneado.pdf")
    text = client.get(f"/recursos/{guide.slug}/leer/").text
    assert "Página 1, como imagen" in text
    assert "el archivo no trae su texto." in text
    sign_in(client)
    desk = client.get(reverse("admin:reading_reading_change", args=[reading_of(version).pk])).text
    assert "2 páginas son imágenes sin texto." in desk
    assert "sudo apt install tesseract-ocr tesseract-ocr-spa" in desk


def test_a_page_that_tesseract_cannot_read_is_refused_in_words(tmp_path):
    from inspection import FileRefused, recognise_page

    path = tmp_path / "a.pdf"
    path.write_bytes(typeset_pdf([(11, "Uno.")]))
    with pytest.raises(FileRefused) as refused:
        recognise_page(path, 9, slots_dir=tmp_path)
    assert refused.value.message
