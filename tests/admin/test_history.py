"""Nothing is lost: every change with who, when and what, and the way back, files included."""

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from resources.kinds.legislation.models import LegalRelation
from resources.models import FileVersion, Organization, Resource, ResourceFile, Revision
from resources.models.resource import TRASH_RETENTION
from resources.workflow.schedule import apply_due
from tests.admin.desk import form_url, replace_file, said, send, sign_in, upload
from tests.makers import make_document, make_file, make_law, make_section, pdf_bytes, png_bytes

pytestmark = pytest.mark.django_db


def history(client, thing) -> str:
    return client.get(form_url(thing, "history")).content.decode()


def go_back(client, thing, edit: Revision):
    url = reverse(f"admin:resources_{thing.kind}_revert", args=[thing.pk, edit.pk])
    return client.post(url, follow=True)


def edits(thing) -> list[Revision]:
    return list(Revision.objects.of(thing))


def test_a_change_is_told_with_who_and_the_words_before_and_after(client):
    person = sign_in(client)
    issuer = Organization.objects.create(name="Municipio de Loja")
    document = make_document(title="Guía breve", link_pending=True, tags=("agua",))
    send(
        client,
        form_url(document),
        title="Guía larga",
        issuer=issuer.pk,
        issued_on="2024-03-02",
        issued_on_precision="day",
        tags="agua, suelo",
        step_note="Según la edición impresa.",
    )
    page = history(client, document)
    for words in (
        person.username,
        "Guía breve",
        "Guía larga",
        "Municipio de Loja",
        "2/3/2024",
        "agua, suelo",
        "Según la edición impresa.",
        "Entidad emisora",
        "Etiquetas",
    ):
        assert words in page, words


def test_a_long_text_is_compared_word_by_word(client):
    sign_in(client)
    words = " ".join(f"palabra{n}" for n in range(80))
    document = make_document(summary=words, link_pending=True)
    send(client, form_url(document), summary=words.replace("palabra40 ", "otra "))
    page = history(client, document)
    assert "<del>palabra40 </del><ins>otra </ins>" in page
    assert "palabra5 " not in page.replace("palabra5<", "")


def test_saving_without_a_change_leaves_no_trace(client):
    sign_in(client)
    document = make_document(link_pending=True)
    send(client, form_url(document))
    assert [edit.action for edit in edits(document)] == ["outside"]


def test_texts_tags_and_links_go_back_in_one_click_and_the_state_of_publication_stays(client):
    person = sign_in(client)
    section, other = make_section(), make_section()
    document = make_document(
        title="Guía breve", section=section, link_pending=True, tags=("agua",), status="draft"
    )
    send(client, form_url(document), title="Otra", section=other.pk, tags="", _publish="1")
    response = go_back(client, document, edits(document)[-1])
    assert "volvió a ese estado" in said(response)
    document.refresh_from_db()
    assert (document.title, document.section) == ("Guía breve", section)
    assert [tag.name for tag in document.tags.all()] == ["agua"]
    assert document.is_public
    newest = edits(document)[0]
    assert (newest.action, newest.by) == ("reverted", person)
    go_back(client, document, edits(document)[1])
    document.refresh_from_db()
    assert document.title == "Otra"


def test_a_replaced_file_goes_back_as_a_new_version_at_the_same_address(client, tmp_path):
    sign_in(client)
    document, first = replace_file(
        client, tmp_path, note="Corrige la tabla 3.", files__0__label="Guía corregida"
    )
    assert "Corrige la tabla 3." in history(client, document)
    go_back(client, document, edits(document)[-1])
    slot = ResourceFile.objects.get()
    assert (slot.current.number, slot.current.sha256) == (3, first.sha256)
    assert slot.current.stored.name == first.stored.name
    assert slot.label == ""
    client.logout()
    answer = client.get(slot.get_absolute_url())
    assert b"".join(answer.streaming_content) == default_storage.open(first.stored.name).read()


def test_a_file_taken_out_of_a_draft_comes_back(client, tmp_path):
    sign_in(client, "Edición")
    version = make_file(make_document(status="draft"), folder=tmp_path)
    document = version.file.resource
    send(client, form_url(document), files__0__DELETE="on")
    assert not ResourceFile.objects.exists()
    go_back(client, document, edits(document)[-1])
    slot = ResourceFile.objects.get()
    assert (slot.file_name, slot.current.sha256) == ("guia.pdf", version.sha256)


def test_a_withheld_version_does_not_come_back_and_that_is_said(client, tmp_path):
    sign_in(client)
    first = make_file(make_document(), folder=tmp_path)
    document = first.file.resource
    send(
        client,
        form_url(document),
        files__0__upload=upload(pdf_bytes("dos")),
        files__0__change_note="Corrige.",
    )
    url = reverse("admin:resources_document_withhold", args=[document.pk, first.pk])
    client.post(url, {"reason": "Datos personales.", "is_sure": "on"})
    response = go_back(client, document, edits(document)[-1])
    assert "fue retenida" in said(response)
    assert FileVersion.objects.count() == 2


def test_relations_go_back_too(client):
    sign_in(client)
    law, other = make_law(link_pending=True), make_law(title="Ley reformatoria")
    LegalRelation.objects.create(source=other, verb="amends", target=law)
    send(client, form_url(law), incoming__0__DELETE="on")
    assert "es reformado por «Ley reformatoria»" in history(client, law)
    go_back(client, law, edits(law)[-1])
    assert LegalRelation.objects.get().source == other.resource_ptr


def test_an_earlier_state_that_could_not_be_published_is_refused_with_why(client):
    sign_in(client)
    document = make_document(status="draft", summary="", link_pending=True)
    send(client, form_url(document), summary="De qué trata.", _publish="1")
    response = go_back(client, document, edits(document)[-1])
    assert "Escriba de qué trata" in said(response)
    document.refresh_from_db()
    assert document.summary == "De qué trata."


def test_a_refused_way_back_puts_no_picture_aside(client):
    sign_in(client)
    document = make_document(status="draft", summary="", link_pending=True)
    send(client, form_url(document), summary="De qué trata.", cover=upload(png_bytes(), "a.png"))
    send(client, form_url(document), _publish="1")
    cover = Resource.objects.get().cover
    response = go_back(client, document, edits(document)[-1])
    assert "Escriba de qué trata" in said(response)
    apply_due(timezone.now() + TRASH_RETENTION * 2, force=True)
    assert Resource.objects.get().cover.name == cover.name
    assert cover.storage.exists(cover.name)


def test_what_a_command_or_the_clock_changed_is_told_apart(client):
    sign_in(client)
    document = make_document(title="Guía breve", link_pending=True)
    send(client, form_url(document), summary="Una.")
    document.refresh_from_db()
    document.title = "Por una orden"
    document.save()
    send(client, form_url(document), summary="Otra.")
    assert [(edit.action, edit.by is None) for edit in edits(document)] == [
        ("changed", False),
        ("outside", True),
        ("changed", False),
        ("outside", True),
    ]


def test_what_follows_from_a_file_is_told_by_the_file_alone_and_does_not_go_back(client, tmp_path):
    sign_in(client)
    document = make_document(title="Guía breve", link_pending=True)
    send(client, form_url(document), title="Guía larga")
    make_file(document, folder=tmp_path, role="accessible", accessible=True)
    send(client, form_url(document), summary="Otra.")
    assert "Accessible version" not in history(client, document)
    go_back(client, document, edits(document)[-1])
    document.refresh_from_db()
    assert document.title == "Guía breve"
    assert document.accessible_version, "the file was public and stays"


def test_going_back_asks_for_the_permission_to_change(client):
    sign_in(client)
    document = make_document(link_pending=True)
    send(client, form_url(document), title="Otra")
    sign_in(client, "Edición")
    assert "Otra" in history(client, document)
    assert "Volver a este estado" not in history(client, document)
    assert go_back(client, document, edits(document)[-1]).status_code == 403
    url = reverse("admin:resources_document_revert", args=[document.pk, edits(document)[0].pk])
    assert client.get(url).status_code == 405


def test_the_change_of_another_resource_is_no_state_to_go_back_to(client):
    sign_in(client)
    one, two = make_document(link_pending=True), make_document(link_pending=True)
    send(client, form_url(two), title="Otra")
    assert go_back(client, one, edits(two)[0]).status_code == 404


def test_sections_and_the_portal_have_a_history_of_their_own(client):
    sign_in(client)
    section = make_section(title="Guías")
    send(client, reverse("admin:resources_section_change", args=[section.pk]), title="Manuales")
    url = reverse("admin:resources_section_history", args=[section.pk])
    page = client.get(url).content.decode()
    assert "Guías" in page
    assert "Manuales" in page
    first = Revision.objects.of(section).last()
    client.post(reverse("admin:resources_section_revert", args=[section.pk, first.pk]))
    section.refresh_from_db()
    assert section.title == "Guías"
    portal = reverse("admin:resources_sitesettings_change", args=[1])
    send(client, portal, name="Recursos de Loja")
    assert (
        "Recursos de Loja"
        in client.get(reverse("admin:resources_sitesettings_history", args=[1])).content.decode()
    )


def test_the_history_of_a_row_without_changes_is_empty(client):
    sign_in(client)
    document = make_document()
    Revision.objects.all().delete()
    for thing in (document, document.section):
        url = reverse(f"admin:resources_{thing._meta.model_name}_history", args=[thing.pk])
        assert client.get(url).status_code == 200
