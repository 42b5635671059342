"""Files at the desk: an upload and a note make a version; a refusal stores nothing and loses nothing typed."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from resources.kinds.document import Document
from resources.models import FileVersion, PendingUpload, ResourceFile
from resources.models.resource import TRASH_RETENTION
from resources.workflow.schedule import apply_due
from tests.admin.desk import errors, fields_of, file_errors, form_url, said, send, sign_in, upload
from tests.makers import make_document, make_file, make_section, pdf_bytes, png_bytes

pytestmark = pytest.mark.django_db
ADD = "admin:resources_document_add"


def test_an_upload_with_a_new_document_makes_version_one(client):
    person = sign_in(client, "Edición")
    section = make_section()
    response = send(
        client,
        reverse(ADD),
        title="Guía breve",
        section=section.pk,
        files__0__upload=upload(pdf_bytes("uno", "dos")),
        files__0__is_sample="on",
    )
    assert response.status_code == 302
    version = FileVersion.objects.get()
    assert (version.number, version.pages, version.is_sample) == (1, 2, True)
    assert version.created_by == person
    assert version.file.resource.title == "Guía breve"


def test_a_replacement_makes_version_two_at_the_same_address(client, tmp_path):
    sign_in(client)
    first = make_file(make_document(), folder=tmp_path)
    address = first.file.get_absolute_url()
    response = send(
        client,
        form_url(first.file.resource),
        files__0__upload=upload(pdf_bytes("otro texto"), "otro nombre.pdf"),
        files__0__change_note="Corrige la tabla 3.",
    )
    assert response.status_code == 302
    slot = ResourceFile.objects.get()
    assert slot.current.number == 2
    assert slot.current.change_note == "Corrige la tabla 3."
    assert slot.get_absolute_url() == address


def test_versions_are_rows_beneath_their_file(client, tmp_path):
    sign_in(client)
    first = make_file(make_document(), folder=tmp_path)
    make_file(
        first.file.resource,
        pdf_bytes("dos"),
        slot=first.file,
        note="Otra portada.",
        folder=tmp_path,
    )
    page = client.get(form_url(first.file.resource)).content.decode()
    assert "Otra portada." in page
    assert first.sha256[:12] in page
    assert first.get_absolute_url() in page


def test_a_replacement_without_a_note_is_refused_at_the_note(client, tmp_path):
    sign_in(client)
    first = make_file(make_document(), folder=tmp_path)
    response = send(
        client, form_url(first.file.resource), files__0__upload=upload(pdf_bytes("dos"))
    )
    assert "change_note" in file_errors(response)[0]
    assert FileVersion.objects.count() == 1


def test_a_note_without_a_file_is_refused_at_the_file(client, tmp_path):
    sign_in(client)
    first = make_file(make_document(), folder=tmp_path)
    response = send(client, form_url(first.file.resource), files__0__change_note="Nada.")
    assert "upload" in file_errors(response)[0]


def test_another_type_is_refused_in_the_same_slot(client, tmp_path):
    sign_in(client)
    first = make_file(make_document(), folder=tmp_path)
    response = send(
        client,
        form_url(first.file.resource),
        files__0__upload=upload(png_bytes(), "lamina.png"),
        files__0__change_note="Ahora es una lámina.",
    )
    assert "conserva el tipo" in str(file_errors(response)[0]["upload"])
    assert FileVersion.objects.count() == 1


def test_a_refused_upload_keeps_what_was_typed_and_stores_nothing(client):
    sign_in(client)
    response = send(
        client,
        reverse(ADD),
        title="Título escrito con cuidado",
        summary="Una descripción larga.",
        section=make_section().pk,
        files__0__upload=upload(b"MZ\x90\x00" + bytes(200), "guia.pdf"),
        files__0__label="Guía en PDF",
    )
    assert response.status_code == 200
    assert "programa" in str(file_errors(response)[0]["upload"])
    page = response.content.decode()
    assert "Título escrito con cuidado" in page
    assert "Una descripción larga." in page
    assert "Guía en PDF" in page
    assert not Document.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.pdf"))


def test_an_upload_waits_while_another_field_is_mended(client):
    sign_in(client)
    response = send(client, reverse(ADD), title="", files__0__upload=upload(name="mía.pdf"))
    assert "title" in errors(response)
    form = fields_of(response)
    assert "Se conserva <strong>mía.pdf</strong>" in response.content.decode()
    mended = form | {"title": "Guía", "section": make_section().pk}
    assert client.post(reverse(ADD), mended).status_code == 302
    assert FileVersion.objects.get().file.resource.title == "Guía"
    assert not PendingUpload.objects.exists()


def test_a_file_that_waits_is_its_owner_s_alone(client):
    sign_in(client)
    form = fields_of(send(client, reverse(ADD), title="", files__0__upload=upload()))
    sign_in(client)
    client.post(reverse(ADD), form | {"title": "Guía", "section": make_section().pk})
    assert not FileVersion.objects.exists()


def test_a_refused_file_does_not_wait(client):
    sign_in(client)
    send(client, reverse(ADD), title="Guía", files__0__upload=upload(b"MZ" + bytes(200)))
    assert not PendingUpload.objects.exists()


def test_a_new_file_needs_a_file(client):
    sign_in(client)
    response = send(
        client, reverse(ADD), title="Guía", section=make_section().pk, files__0__label="Guía en PDF"
    )
    assert file_errors(response)[0]["upload"] == ["Elija el archivo."]


def test_the_same_bytes_elsewhere_are_told_not_refused(client, tmp_path):
    sign_in(client)
    make_file(make_document(title="La primera guía"), pdf_bytes("igual"), folder=tmp_path)
    response = client.post(
        reverse(ADD),
        {
            "title": "La segunda guía",
            "section": make_section().pk,
            "language": "es",
            "document_type": "other",
            "position": 0,
            "status": "draft",
            "files-TOTAL_FORMS": 1,
            "files-INITIAL_FORMS": 0,
            "files-0-role": "main",
            "files-0-language": "es",
            "files-0-upload": upload(pdf_bytes("igual")),
        },
        follow=True,
    )
    assert "este mismo archivo ya está en «La primera guía»" in said(response)
    assert FileVersion.objects.count() == 2


def test_a_file_that_was_public_is_not_deleted(client, tmp_path):
    sign_in(client)
    version = make_file(make_document(), folder=tmp_path)
    response = send(client, form_url(version.file.resource), files__0__DELETE="on")
    assert "retire el recurso" in response.content.decode()
    assert ResourceFile.objects.exists()


def test_a_draft_s_file_is_taken_away_and_its_bytes_go_when_the_bin_is_emptied(
    client, tmp_path, django_capture_on_commit_callbacks
):
    sign_in(client, "Edición")
    version = make_file(make_document(status="draft"), folder=tmp_path)
    stored = settings.MEDIA_ROOT / version.stored.name
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        send(client, form_url(version.file.resource), files__0__DELETE="on")
    assert not ResourceFile.objects.exists()
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        apply_due(timezone.now() + TRASH_RETENTION, force=True)
    assert not stored.exists()


def test_an_uploaded_cover_is_kept_as_its_clean_copy(client):
    sign_in(client)
    document = make_document(link_pending=True)
    send(client, form_url(document), cover=upload(png_bytes(700, 900), "foto.png"))
    document.refresh_from_db()
    assert (document.cover_width, document.cover_height) == (700, 900)
    assert not document.cover_from_file
    assert document.renditions


def test_a_cover_that_is_no_picture_is_refused_at_the_field(client):
    sign_in(client)
    response = send(client, form_url(make_document()), cover=upload())
    assert "imagen" in str(errors(response)["cover"])


def test_a_cleared_cover_falls_back_to_the_main_file(client, tmp_path):
    sign_in(client)
    document = make_file(make_document(), folder=tmp_path).file.resource
    send(client, form_url(document), cover=upload(png_bytes(), "foto.png"))
    send(client, form_url(document), **{"cover-clear": "on"})
    document = Document.objects.get()
    assert document.cover_from_file
    assert document.renditions


def test_limits_are_told_before_a_file_is_chosen(client):
    sign_in(client)
    page = client.get(reverse(ADD)).content.decode()
    assert "Hasta 100 MB por archivo" in page
    assert 'accept=".pdf,' in page
