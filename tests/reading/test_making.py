"""Readings are made by the worker, follow their version, and go with it."""

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from inspection import FileRefused, draw_pages, read_document
from inspection.reading import PICTURE_BYTES
from reading import making
from reading.making import make_missing_readings, make_reading
from reading.models import Reading, ReadingPage
from resources.files.takedown import take_down
from tests.makers import make_document, make_editor, make_file, pdf_bytes
from tests.reading.makers import typeset_pdf

TEXT = typeset_pdf([(11, "El agua del páramo.")], [(11, "La quebrada.")])


@pytest.mark.django_db
def test_the_worker_reads_and_draws_a_new_file(
    tmp_path, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr(making, "DRAWN_AT_ONCE", 1)
    monkeypatch.setattr("inspection.reading.PICTURE_WIDTH", 1000)
    with django_capture_on_commit_callbacks(execute=True):
        version = make_file(make_document(), TEXT, folder=tmp_path)
    version.refresh_from_db()
    assert version.is_readable
    pages = ReadingPage.objects.filter(reading__version=version)
    assert [page.plain for page in pages] == ["El agua del páramo.", "La quebrada."]
    for page in pages:
        assert 0 < page.picture.size <= PICTURE_BYTES
        assert page.picture_width == 1000


@pytest.mark.django_db
def test_it_reads_and_draws_in_the_limited_child(tmp_path):
    """What the other tests do in their own process."""
    path = tmp_path / "a.pdf"
    path.write_bytes(TEXT)
    document = read_document(path, slots_dir=tmp_path)
    assert [page.blocks[0].text for page in document.pages] == [
        "El agua del páramo.",
        "La quebrada.",
    ]
    drawn = draw_pages(path, [2, 9], tmp_path, slots_dir=tmp_path)
    assert drawn.keys() == {2}, "there is no page 9"
    assert drawn[2][0] == 1000
    assert (tmp_path / "2.webp").stat().st_size <= PICTURE_BYTES
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(FileRefused):
        read_document(tmp_path / "b.pdf", slots_dir=tmp_path)


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_says_so_at_the_desk_and_is_not_tried_again(
    tmp_path, publish, monkeypatch, client
):
    def refuse(*args, **kwargs):
        raise FileRefused("timeout", "El archivo tardó demasiado en abrirse. Redúzcalo.")

    monkeypatch.setattr(making, "read_document", refuse)
    version = publish(make_document(), TEXT)
    assert not version.is_readable
    assert version.reading.problem.startswith("El archivo tardó demasiado")
    assert not making.unread_versions().exists()


@pytest.mark.django_db
def test_after_an_update_of_the_reader_everything_is_read_anew(tmp_path, monkeypatch):
    made = [make_file(make_document(), TEXT, folder=tmp_path) for _ in range(3)]
    make_missing_readings.call()
    assert Reading.objects.count() == 3
    monkeypatch.setattr(making, "READER", making.READER + 1)
    make_missing_readings.call()
    assert set(Reading.objects.values_list("reader", flat=True)) == {making.READER}
    assert {reading.version_id for reading in Reading.objects.all()} == {v.pk for v in made}


@pytest.mark.django_db
def test_of_a_withheld_version_nothing_can_be_read_any_more(
    client, publish, django_capture_on_commit_callbacks
):
    guide = make_document()
    version = publish(guide, TEXT)
    pictures = [page.picture.name for page in version.reading.pages.all()]
    assert all(storages["pictures"].exists(name) for name in pictures)
    with django_capture_on_commit_callbacks(execute=True):
        take_down(version, reason="Tenía datos personales.", user=make_editor())
    version.refresh_from_db()
    assert not version.is_readable
    assert not Reading.objects.exists()
    assert not any(storages["pictures"].exists(name) for name in pictures)
    assert client.get(f"/recursos/{guide.slug}/leer/").status_code == 404
    make_reading.call(version.pk)
    assert not Reading.objects.exists()


@pytest.mark.django_db
def test_a_picture_that_comes_after_the_withholding_is_erased(
    publish, monkeypatch, django_capture_on_commit_callbacks
):
    from tests.reading.makers import draw_here

    def withheld_meanwhile(path, numbers, folder, **kwargs):
        drawn = draw_here(path, numbers, folder)
        take_down(version, reason="Datos personales.", user=None)
        return drawn

    monkeypatch.setattr(making, "draw_pages", lambda *args, **kwargs: {})
    version = publish(make_document(), TEXT)
    ReadingPage.objects.update(picture_width=None)
    monkeypatch.setattr(making, "draw_pages", withheld_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        making.draw_reading.call(version.pk)
    _, files = storages["pictures"].listdir("")
    assert files == []
    assert not ReadingPage.objects.exists()


@pytest.mark.django_db
def test_the_check_of_files_knows_the_pictures_of_pages(publish, capsys):
    publish(make_document(), TEXT)
    call_command("check_files")
    assert "huérfan" not in capsys.readouterr().out.lower()


@pytest.mark.django_db
def test_a_scan_is_shown_as_pictures(client, publish):
    scan = make_document()
    version = publish(scan, pdf_bytes(""))
    assert not version.is_readable, "an empty page shows nothing"
