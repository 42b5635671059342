"""`inspect_files`: facts, texts and covers read again, resumably."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from pikepdf import Dictionary, Name, String

from resources.management.commands import inspect_files
from resources.models import FileVersion, PageText, Resource, SiteSettings
from search.index.writer import index_documents
from tests.commands.running import run
from tests.inspection.makers import new_pdf
from tests.inspection.makers import pdf_bytes as stored_bytes
from tests.makers import make_document, make_file, make_infographic, pdf_bytes, png_bytes, put_file

pytestmark = pytest.mark.django_db


def forget_facts(version: FileVersion) -> None:
    """Make the record as an older reader would have left it."""
    FileVersion.objects.filter(pk=version.pk).update(pages=None, text_status="failed", tagged=None)
    PageText.objects.filter(version=version).delete()


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


def test_a_file_inspected_again_is_found_by_the_search(client, tmp_path):
    version = make_file(make_document(title="Guía"), pdf_bytes("Las ordenanzas"), folder=tmp_path)
    forget_facts(version)
    index_documents([version.file.resource_id], afresh=True)
    assert "Guía" not in client.get("/recursos/?q=ordenanzas").text.partition("<main")[2]
    run("inspect_files")
    assert "Guía" in client.get("/recursos/?q=ordenanzas").text.partition("<main")[2]


def test_a_second_inspection_changes_nothing_that_a_visitor_sees(tmp_path):
    make_file(make_document(), folder=tmp_path)
    make_file(make_infographic(), png_bytes(), "lamina.png", folder=tmp_path)
    before = SiteSettings.load().content_version
    code, out = run("inspect_files")
    assert (code, out.count("sin cambios")) == (0, 2)
    assert SiteSettings.load().content_version == before


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


def test_only_files_without_facts_are_inspected_with_the_option(tmp_path):
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


def test_a_stored_file_that_is_refused_now_is_told_of_and_kept(tmp_path):
    version = make_file(make_document(title="Guía"), folder=tmp_path)
    pdf = new_pdf(["Uno"])
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    content = stored_bytes(pdf)
    name = version.stored.storage.save("x.pdf", ContentFile(content))
    sha256 = hashlib.sha256(content).hexdigest()
    FileVersion.objects.filter(pk=version.pk).update(stored=name, sha256=sha256)
    code, out = run("inspect_files")
    assert code == 1 and "JavaScript" in out and "«Guía»" in out
    version.refresh_from_db()
    assert version.stored.storage.exists(version.stored.name)
