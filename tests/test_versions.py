"""Versions: a replacement keeps the address, says what changed, and can be taken back."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages

from resources.files import ingest, reinspection, versions
from resources.files.covers import make_renditions, rendition_names
from resources.files.reinspection import inspect_again
from resources.files.takedown import take_down
from resources.files.versions import revert_to, same_bytes
from resources.models import FileVersion, PageText, Resource, ResourceFile
from tests.makers import make_document, make_file, make_infographic, pdf_bytes, png_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(tmp_path):
    return make_file(make_document(title="Guía"), pdf_bytes("Uno"), folder=tmp_path)


def replace(first, tmp_path, content=None, note="Se corrigió.", name="nueva.pdf"):
    slot = ResourceFile.objects.get(pk=first.file_id)
    return make_file(
        slot.resource, content or pdf_bytes("Dos"), name, folder=tmp_path, slot=slot, note=note
    )


def test_a_replacement_is_the_next_version_and_the_only_one_with_page_texts(first, tmp_path):
    second = replace(first, tmp_path)
    assert (first.number, second.number) == (1, 2)
    assert list(PageText.objects.values_list("version", "text")) == [(second.pk, "Dos")]
    assert ResourceFile.objects.get().current == second
    second.file.resource.refresh_from_db()
    assert second.file.resource.main_version == second


@pytest.mark.parametrize(
    ("content", "note", "name", "message"),
    [
        (pdf_bytes("Dos"), " ", "a.pdf", "qué cambió"),
        (pdf_bytes("Uno"), "Igual.", "a.pdf", "mismo archivo"),
        (png_bytes(), "Otra.", "a.png", "conserva el tipo"),
    ],
)
def test_a_replacement_that_breaks_a_rule_is_refused_and_nothing_is_stored(
    first, tmp_path, content, note, name, message
):
    with pytest.raises(ValidationError, match=message):
        replace(first, tmp_path, content, note, name)
    assert FileVersion.objects.count() == 1
    assert len(list(tmp_path.glob("files/**/*.pdf"))) == 1


def test_a_stored_version_never_changes(first):
    first.sha256 = "0" * 64
    with pytest.raises(ValueError, match="does not change"):
        first.save()


def test_going_back_makes_a_new_version_of_the_same_stored_bytes(first, tmp_path):
    replace(first, tmp_path)
    third = revert_to(FileVersion.objects.get(number=1), user=None)
    assert (third.number, third.sha256, third.stored.name) == (3, first.sha256, first.stored.name)
    assert third.change_note == "Se vuelve a la versión 1."
    assert list(PageText.objects.values_list("text", flat=True)) == ["Uno"]


def test_there_is_no_going_back_to_the_current_or_to_a_withheld_version(first, tmp_path):
    with pytest.raises(ValidationError, match="ya es la versión actual"):
        revert_to(first, user=None)
    replace(first, tmp_path)
    old = FileVersion.objects.get(number=1)
    take_down(old, reason="Error.", user=None)
    with pytest.raises(ValidationError, match="retenida"):
        revert_to(FileVersion.objects.get(number=1), user=None)


def test_withholding_one_of_two_versions_with_the_same_bytes_erases_them_for_both(
    first, tmp_path, django_capture_on_commit_callbacks
):
    replace(first, tmp_path)
    third = revert_to(FileVersion.objects.get(number=1), user=None)
    with django_capture_on_commit_callbacks(execute=True):
        take_down(third, reason="Datos personales.", user=None)
    assert not third.stored.storage.exists(first.stored.name)
    assert set(
        FileVersion.objects.filter(withheld_on__isnull=False).values_list("number", flat=True)
    ) == {1, 3}


@pytest.mark.parametrize("again", ["revert", "inspect", "cover"])
def test_a_takedown_during_inspection_is_final(first, tmp_path, monkeypatch, again):
    if again == "revert":
        replace(first, tmp_path)
    examine = ingest.examine_stored

    @contextmanager
    def slowly(version):
        with examine(version) as examined:
            take_down(FileVersion.objects.get(pk=first.pk), reason="Error.", user=None)
            yield examined

    for module in (versions, reinspection):
        monkeypatch.setattr(module, "examine_stored", slowly)
    version = FileVersion.objects.get(pk=first.pk)
    count = FileVersion.objects.count()
    if again == "cover":
        versions.cover_from_main_file.call(version.file.resource_id)
    else:
        with pytest.raises(ValidationError, match="retenida"):
            (revert_to(version, user=None) if again == "revert" else inspect_again(version))
    assert FileVersion.objects.count() == count
    assert not PageText.objects.filter(version=first).exists()
    assert again == "revert" or not Resource.objects.get().cover, "that of the other version stays"


def test_withholding_needs_a_reason(first):
    with pytest.raises(ValidationError, match="motivo"):
        take_down(first, reason=" ", user=None)


def test_the_same_bytes_elsewhere_are_recognised(first, tmp_path):
    other = make_file(make_document(), pdf_bytes("Uno"), folder=tmp_path)
    assert {version.pk for version in same_bytes(first.sha256)} == {first.pk, other.pk}


def test_two_files_of_a_resource_never_share_a_name(first, tmp_path):
    other = make_file(first.file.resource, pdf_bytes("Otro"), "guia.pdf", folder=tmp_path)
    assert (first.file.file_name, other.file.file_name) == ("guia.pdf", "guia-2.pdf")


def test_withholding_takes_away_the_picture_that_was_made_of_the_file(
    client, tmp_path, django_capture_on_commit_callbacks
):
    lamina = make_infographic(title="Lámina")
    version = make_file(lamina, png_bytes(), "lamina.png", folder=tmp_path)
    with django_capture_on_commit_callbacks(execute=True):
        make_renditions.call(lamina.pk)
    lamina.refresh_from_db()
    names = [lamina.cover.name, *rendition_names(lamina.renditions)]
    assert len(names) > 2
    with django_capture_on_commit_callbacks(execute=True):
        take_down(version, reason="Contenía datos personales.", user=None)
    html = client.get("/recursos/lamina/").text
    assert not any(name in html for name in names)
    assert 'class="cover" src="/imagenes/' not in html
    assert not any(storages["pictures"].exists(name) for name in names)
    make_renditions.call(lamina.pk)  # one that was queued before
    lamina.refresh_from_db()
    assert (lamina.cover.name, lamina.renditions) == ("", {})


def test_withholding_an_earlier_version_leaves_the_picture_of_the_current_one(first, tmp_path):
    replace(first, tmp_path)
    take_down(first, reason="Contenía datos personales.", user=None)
    assert Resource.objects.get().cover.name


def test_an_uploaded_cover_stays_when_the_file_is_withheld(first):
    Resource.objects.update(cover="a/b.png", cover_from_file=False)
    take_down(first, reason="Contenía datos personales.", user=None)
    assert Resource.objects.get().cover.name == "a/b.png"
