"""The commands about stored files: inspect again, check against the sums, make covers."""

import io
import json
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command

from resources.management.commands import inspect_files
from resources.models import FileVersion, Pack, PageText, Portal, Resource
from resources.publishing import packs
from resources.publishing.files import revert_to, withhold
from resources.publishing.indexing import index_resources
from tests.makers import make_document, make_file, make_infographic, pdf_bytes, png_bytes, put_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var_dir(settings, tmp_path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    return settings.VAR_DIR


def run(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and all that it wrote."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def checked() -> tuple[int, dict]:
    code, out = run("check_files", "--json")
    return code, json.loads(out)


def forget_facts(version: FileVersion) -> None:
    """Make the record as an older reader would have left it."""
    FileVersion.objects.filter(pk=version.pk).update(pages=None, text_status="failed", tagged=None)
    PageText.objects.filter(version=version).delete()


# inspect_files


def test_facts_page_texts_and_covers_are_found_again(tmp_path):
    version = make_file(make_document(title="Guía"), pdf_bytes("Uno", "Dos"), folder=tmp_path)
    resource = Resource.objects.get()
    cover, kept = resource.cover.name, (version.sha256, version.size, version.stored.name)
    storages["pictures"].delete(cover)
    forget_facts(version)
    code, out = run("inspect_files")
    assert (code, "1/1" in out, "actualizado" in out) == (0, True, True)
    version.refresh_from_db()
    assert (version.pages, version.text_status) == (2, "ok")
    assert list(version.page_texts.values_list("page", "text")) == [(1, "Uno"), (2, "Dos")]
    assert (version.sha256, version.size, version.stored.name) == kept
    resource.refresh_from_db()
    assert resource.cover.name != cover
    assert resource.cover.storage.exists(resource.cover.name)


def test_what_is_read_again_is_found_by_the_search(client, tmp_path):
    version = make_file(make_document(title="Guía"), pdf_bytes("Las ordenanzas"), folder=tmp_path)
    forget_facts(version)
    index_resources([version.file.resource_id], afresh=True)
    assert "Guía" not in client.get("/recursos/?q=ordenanzas").text.partition("<main")[2]
    run("inspect_files")
    assert "Guía" in client.get("/recursos/?q=ordenanzas").text.partition("<main")[2]


def test_a_second_inspection_changes_nothing_that_a_visitor_sees(tmp_path):
    make_file(make_document(), folder=tmp_path)
    make_file(make_infographic(), png_bytes(), "lamina.png", folder=tmp_path)
    before = Portal.load().content_version
    code, out = run("inspect_files")
    assert (code, out.count("sin cambios")) == (0, 2)
    assert Portal.load().content_version == before


def test_a_cover_that_an_editor_uploaded_stays(tmp_path):
    version = make_file(make_document(), folder=tmp_path)
    resource = Resource.objects.get()
    resource.cover.save("propia.png", ContentFile(png_bytes()), save=False)
    resource.cover_from_file = False
    resource.save()
    forget_facts(version)
    run("inspect_files")
    assert Resource.objects.get().cover.name == resource.cover.name


def test_one_bad_file_is_reported_and_the_others_are_inspected(tmp_path):
    bad = make_file(make_document(title="Mala"), folder=tmp_path)
    good = make_file(make_document(title="Buena"), folder=tmp_path)
    forget_facts(good)
    Path(bad.stored.path).write_bytes(b"%PDF-1.7 nada")
    code, out = run("inspect_files")
    assert code == 1
    assert "Con error: «Mala», guia.pdf, versión 1" in out
    assert "huella SHA-256" in out
    good.refresh_from_db()
    assert good.pages == 1
    bad.refresh_from_db()
    assert bad.pages == 1, "what was known of it stays"


def test_a_missing_file_is_an_error_and_no_crash():
    version = put_file(make_document())
    default_storage.delete(version.stored.name)
    code, out = run("inspect_files")
    assert (code, "1 con error" in out) == (1, True)


def test_only_what_lacks_facts_is_inspected_when_that_is_asked_for(tmp_path):
    make_file(make_document(), folder=tmp_path)
    assert "0 archivos inspeccionados" in run("inspect_files", "--missing")[1]
    forget_facts(FileVersion.objects.get())
    assert "1 archivos inspeccionados" in run("inspect_files", "--missing")[1]


def test_an_interrupted_inspection_goes_on_where_it_stopped(monkeypatch):
    for n in range(4):
        put_file(make_document(), b"%%PDF-1.7 %d" % n)
    done: list[int] = []

    def inspect(version) -> bool:
        if len(done) == 2 and not inspect.was_interrupted:
            inspect.was_interrupted = True
            raise KeyboardInterrupt
        done.append(version.pk)
        return version.pk == done[0]

    inspect.was_interrupted = False
    monkeypatch.setattr(inspect_files, "inspect_again", inspect)
    code, out = run("inspect_files")
    assert (code, "Interrumpido" in out) == (130, True)
    code, out = run("inspect_files")
    assert (code, "Se continúa" in out) == (0, True)
    assert done == sorted(FileVersion.objects.values_list("pk", flat=True))
    done.clear()
    run("inspect_files")
    assert len(done) == 4, "a finished run is forgotten: the next one begins anew"


def test_errors_before_an_interruption_count_at_the_end(monkeypatch):
    for n in range(3):
        put_file(make_document(), b"%%PDF-1.7 %d" % n)
    first, second, third = FileVersion.objects.order_by("pk")
    outcomes = {
        first.pk: [OSError("roto")],
        second.pk: [KeyboardInterrupt(), None],
        third.pk: [None],
    }

    def inspect(version) -> bool:
        outcome = outcomes[version.pk].pop(0)
        if outcome:
            raise outcome
        return False

    monkeypatch.setattr(inspect_files, "inspect_again", inspect)
    assert run("inspect_files")[0] == 130
    code, out = run("inspect_files")
    assert (code, "1 con error" in out) == (1, True)


def test_a_version_still_refuses_every_other_change(tmp_path):
    version = put_file(make_document())
    for fields in (None, ["sha256"], ["size"], ["pages", "sha256"], ["pages", "withheld_on"]):
        with pytest.raises(ValueError, match="does not change"):
            version.save(update_fields=fields)
    version.pages = 3
    version.save(update_fields=["pages"])


# check_files


def test_a_sound_catalogue_passes(tmp_path):
    make_file(make_document(), folder=tmp_path)
    make_file(make_infographic(), png_bytes(), "lamina.png", folder=tmp_path)
    packs.refresh_packs.call()
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


def test_orphans_are_deleted_only_when_asked_and_only_old_ones():
    young, old = (
        default_storage.save(f"2020/01/abc/{name}.pdf", ContentFile(b"x"))
        for name in ("joven", "vieja")
    )
    yesterday = time.time() - 2 * 24 * 3600
    os.utime(default_storage.path(old), (yesterday, yesterday))
    run("check_files")
    assert default_storage.exists(old)
    code, out = run("check_files", "--delete-orphans")
    assert not default_storage.exists(old)
    assert default_storage.exists(young)
    assert (code, "Huérfanos borrados: 1" in out) == (1, True)


def test_withheld_bytes_that_were_not_erased_are_told(django_capture_on_commit_callbacks):
    version = put_file(make_document())
    withhold(
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
    files, pack, cover = 2, 1, 1
    widths = len(Resource.objects.get().renditions["widths"])
    assert report["checked"] == files + pack + cover + widths + 1


def test_an_altered_pack_is_told():
    put_file(make_document())
    packs.refresh_packs.call()
    pack = Pack.objects.exclude(key="").get()
    Path(pack.stored.path).write_bytes(b"x")
    code, report = checked()
    assert (code, [trouble["name"] for trouble in report["altered"]]) == (1, [pack.stored.name])


# make_covers


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
    assert checked()[0] == 0


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
