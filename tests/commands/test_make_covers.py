"""`make_covers`: covers made again."""

from pathlib import Path

import pytest
from django.core.files.storage import storages

from resources.models import Resource, SharingPicture
from tests.commands.running import run
from tests.makers import make_document, make_file, make_infographic, png_bytes

pytestmark = pytest.mark.django_db


def test_covers_are_made_again_for_all_or_where_they_are_missing(tmp_path):
    whole, broken = make_infographic(title="Entera"), make_infographic(title="Incompleta")
    for resource in (whole, broken):
        make_file(resource, png_bytes(), "lamina.png", folder=tmp_path)
        resource.refresh_from_db()
    storages["pictures"].delete(f"{broken.renditions['folder']}/480.webp")
    code, out = run("make_covers", "--missing")
    assert (code, "Incompleta" in out, "Entera" in out, "1 portadas hechas" in out) == (
        0,
        True,
        False,
        True,
    )
    folder = Resource.objects.get(pk=broken.pk).renditions["folder"]
    assert storages["pictures"].exists(f"{folder}/480.webp")
    assert not storages["pictures"].exists(f"{broken.renditions['folder']}/240.webp"), (
        "the old ones go"
    )
    assert "2 portadas hechas" in run("make_covers")[1]
    assert run("check_files")[0] == 0


def test_a_cover_that_is_not_there_is_taken_from_the_main_file(tmp_path):
    make_file(make_document(), folder=tmp_path)
    Resource.objects.update(cover="", renditions={})
    assert run("make_covers", "--missing")[0] == 0
    assert Resource.objects.get().renditions


def test_a_cover_that_cannot_be_read_is_reported_and_the_others_are_made(tmp_path):
    good, bad = make_infographic(title="Buena"), make_infographic(title="Mala")
    for resource in (good, bad):
        make_file(resource, png_bytes(), "lamina.png", folder=tmp_path)
    bad.refresh_from_db()
    Path(bad.cover.path).write_bytes(b"nada")
    code, out = run("make_covers")
    assert (code, "ERROR: Mala" in out, "1 portadas hechas, 1 con error" in out) == (1, True, True)


def test_missing_sharing_pictures_are_drawn_again():
    make_document()
    run("make_covers")
    before = set(SharingPicture.objects.values_list("name", flat=True))
    lost = SharingPicture.objects.exclude(resource=None).get().name
    storages["pictures"].delete(lost)
    assert run("check_files")[0] == 1
    assert run("make_covers", "--missing")[0] == 0
    assert run("check_files")[0] == 0
    assert before - set(SharingPicture.objects.values_list("name", flat=True)) == {lost}
