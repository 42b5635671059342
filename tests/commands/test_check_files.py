"""`check_files`: every stored file against its sum."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.utils import timezone

from resources.files.packs import builder
from resources.files.takedown import take_down
from resources.files.versions import revert_to
from resources.models import FileVersion, Pack, Resource
from tests.commands.running import run
from tests.makers import (
    date_now,
    make_document,
    make_file,
    make_infographic,
    pdf_bytes,
    png_bytes,
    put_file,
)

pytestmark = pytest.mark.django_db


def checked() -> tuple[int, dict]:
    code, out = run("check_files", "--json")
    return code, json.loads(out)


def test_a_sound_catalogue_passes(tmp_path):
    make_file(make_document(), folder=tmp_path)
    make_file(make_infographic(), png_bytes(), "lamina.png", folder=tmp_path)
    builder.refresh_packs.call()
    code, report = checked()
    assert (code, report["ok"]) == (0, True), report
    assert report["checked"] == 2 + 2 + sum(
        len(r.renditions["widths"]) + 1 + 1 for r in Resource.objects.all()
    )
    code, out = run("check_files")
    assert (code, "Todo está en su lugar" in out) == (0, True)


def test_a_missing_an_altered_and_an_orphaned_file_are_named():
    lost, changed = (
        put_file(make_document(title="Perdida"), b"1"),
        put_file(make_document(title="Cambiada"), b"2"),
    )
    default_storage.delete(lost.stored.name)
    Path(changed.stored.path).write_bytes(b"3")  # the same size
    stray = default_storage.save("2020/01/abc/nadie.pdf", ContentFile(b"x"))
    picture = storages["pictures"].save("portadas/abc/480.jpg", ContentFile(b"x"))
    code, report = checked()
    assert (code, report["ok"]) == (1, False)
    assert [trouble["name"] for trouble in report["missing"]] == [lost.stored.name]
    assert "«Perdida»" in report["missing"][0]["what"]
    assert [trouble["name"] for trouble in report["altered"]] == [changed.stored.name]
    assert {(t["place"], t["name"]) for t in report["orphaned"]} == {
        ("files", stray),
        ("pictures", picture),
    }
    code, out = run("check_files")
    assert code == 1
    assert all(
        words in out
        for words in (
            "Faltan: 1",
            "Alterados: 1",
            "Huérfanos (nadie los nombra): 2",
            lost.stored.name,
        )
    )


def test_orphans_are_deleted_only_when_asked_and_only_old_ones(freeze):
    name = default_storage.save("2020/01/abc/sola.pdf", ContentFile(b"x"))
    date_now(default_storage.path(name))
    run("check_files", "--delete-orphans")
    assert default_storage.exists(name), "it may belong to an upload that is just being stored"
    freeze(timezone.now() + timedelta(days=2))
    run("check_files")
    assert default_storage.exists(name), "nobody asked"
    code, out = run("check_files", "--delete-orphans")
    assert not default_storage.exists(name)
    assert (code, "Huérfanos borrados: 1" in out) == (0, True)


def test_withheld_bytes_that_were_not_erased_are_told(django_capture_on_commit_callbacks):
    version = put_file(make_document())
    take_down(
        version, reason="Error.", user=None
    )  # the transaction is still open: the bytes are there
    code, report = checked()
    assert (code, len(report["unerased"]), report["orphaned"]) == (1, 1, [])
    default_storage.delete(version.stored.name)
    assert checked()[0] == 0


def test_versions_that_share_their_bytes_are_read_once(
    tmp_path, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = make_file(make_document(), pdf_bytes("Uno"), folder=tmp_path)
        make_file(
            first.file.resource, pdf_bytes("Dos"), folder=tmp_path, slot=first.file, note="Cambió."
        )
        revert_to(FileVersion.objects.get(number=1), user=None)
    code, report = checked()
    assert code == 0, report
    assert FileVersion.objects.count() == 3
    files, pack, cover, pages_to_read = 2, 1, 1, 3
    shared = 2  # pictures: of the resource and of its section
    widths = len(Resource.objects.get().renditions["widths"])
    assert report["checked"] == files + pack + cover + widths + 1 + pages_to_read + shared


def test_an_altered_pack_is_told():
    put_file(make_document())
    builder.refresh_packs.call()
    pack = Pack.objects.exclude(key="").get()
    Path(pack.stored.path).write_bytes(b"x")
    code, report = checked()
    assert (code, [trouble["name"] for trouble in report["altered"]]) == (1, [pack.stored.name])
