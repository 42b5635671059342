"""Drafts save themselves and touch nothing that is public; a form that is sent by script gets its errors as data."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.kinds.document import Document
from resources.models import Resource, Revision, SiteSettings, Tag
from tests.admin.desk import form_url, send, served, sign_in, upload
from tests.makers import make_document, make_infographic, make_section

pytestmark = pytest.mark.django_db


def address(resource) -> str:
    return reverse(f"admin:resources_{resource.kind}_autosave", args=[resource.pk])


def autosave(client, resource, **changes):
    data = served(client, form_url(resource)) | changes
    return client.post(address(resource), data)


def test_a_draft_saves_itself_and_says_when(client):
    sign_in(client, "Edición")
    document = make_document(status="draft")
    Tag.objects.create(name="agua")
    before = SiteSettings.load().content_version
    answer = autosave(client, document, summary="Lo que voy.", tags="agua").json()
    assert answer["saved"]
    assert SiteSettings.load().content_version == before, "what is public keeps its ETags"
    answer = autosave(
        client, document, summary="Lo que voy escribiendo.", tags="agua, riego"
    ).json()
    document.refresh_from_db()
    assert document.summary == "Lo que voy escribiendo."
    assert {tag.name for tag in document.tags.all()} == {"agua", "riego"}
    assert answer["saved"]
    assert "guardado a las" in answer["said"]
    assert answer["revision"] == document.revision
    assert "Sin archivo ni dirección" in answer["findings"]


@pytest.mark.parametrize("status", ["review", "published", "withdrawn"])
def test_what_is_no_draft_is_left_alone(client, status):
    sign_in(client)
    document = make_document(status=status, summary="Como estaba.")
    response = autosave(client, document, summary="Otra cosa.")
    assert response.status_code == 409
    document.refresh_from_db()
    assert document.summary == "Como estaba."


def test_saving_itself_never_takes_a_step_of_the_workflow(client):
    sign_in(client)
    document = make_document(status="draft", link_pending=True)
    autosave(
        client,
        document,
        summary="Más.",
        status="published",
        published_at="2020-01-01T00:00",
        _publish="1",
        _review="1",
    )
    document.refresh_from_db()
    assert (document.summary, document.status, document.published_at) == ("Más.", "draft", None)


def test_a_wrong_field_is_named_and_the_others_are_saved(client):
    sign_in(client)
    document = make_document(status="draft", title="Guía")
    answer = autosave(client, document, title="", summary="Esto sí.", issued_on="ayer").json()
    document.refresh_from_db()
    assert (document.title, document.summary, document.issued_on) == ("Guía", "Esto sí.", None)
    assert "Falta corregir: título" in answer["said"]
    assert "fecha de emisión" in answer["said"]


def test_nothing_is_written_where_nothing_has_changed(client):
    sign_in(client)
    document = make_document(status="draft")
    answer = autosave(client, document).json()
    assert answer["saved"]
    revision = document.revision
    document.refresh_from_db()
    assert document.revision == revision == answer["revision"]


def test_the_history_knows_who_typed_and_a_sitting_is_one_change(client, freeze):
    first = sign_in(client, "Edición")
    document = make_document(status="draft", summary="Como estaba.")
    for words in ("Lo que", "Lo que voy", "Lo que voy escribiendo."):
        autosave(client, document, summary=words)
    send(client, form_url(document))
    edits = [(edit.action, edit.by) for edit in Revision.objects.of(document)]
    assert edits == [("changed", first), ("outside", None)]
    page = client.get(form_url(document, "history")).text
    assert "Lo que voy escribiendo." in page
    assert "Como estaba." in page
    second = sign_in(client, "Edición")
    autosave(client, document, summary="Sigo yo.")
    assert [edit.by for edit in Revision.objects.of(document)] == [second, first, None]
    freeze(timezone.now() + timedelta(minutes=11))
    autosave(client, document, summary="Sigo yo, después.")
    assert [edit.by for edit in Revision.objects.of(document)] == [second, second, first, None]


def test_what_was_saved_by_hand_stays_a_change_of_its_own(client):
    sign_in(client, "Edición")
    document = make_document(status="draft")
    send(client, form_url(document), summary="A mano.")
    autosave(client, document, summary="Después, solo.")
    states = [edit.state["fields"]["summary"] for edit in Revision.objects.of(document)]
    assert states[:2] == ["Después, solo.", "A mano."]


def test_a_draft_that_someone_else_has_saved_is_not_overwritten(client):
    sign_in(client)
    document = make_document(status="draft")
    data = served(client, form_url(document))
    document.summary = "Lo que guardó otra persona."
    document.save()
    response = client.post(address(document), data | {"summary": "Lo mío."})
    assert response.status_code == 409
    assert "Otra persona" in response.json()["said"]
    document.refresh_from_db()
    assert document.summary == "Lo que guardó otra persona."


def test_a_new_resource_becomes_a_draft_once_it_has_title_and_section(client):
    sign_in(client, "Edición")
    section = make_section()
    new = reverse("admin:resources_document_autosave_new")
    data = served(client, reverse("admin:resources_document_add"))
    answer = client.post(new, data | {"title": "Guía"}).json()
    assert not answer["saved"]
    assert "título y sección" in answer["said"]
    assert not Document.objects.exists()
    answer = client.post(new, data | {"title": "Guía", "section": section.pk}).json()
    document = Document.objects.get()
    assert answer["url"] == form_url(document)
    assert answer["autosave"] == address(document)
    assert document.status == "draft"


def test_strangers_and_people_without_permission_save_nothing(client):
    document = make_document(status="draft", summary="Como estaba.")
    assert client.post(address(document), {"summary": "x"}).status_code == 302
    person = sign_in(client, "")
    person.is_superuser = False
    person.save()
    assert client.post(address(document), {"summary": "x"}).status_code == 403
    document.refresh_from_db()
    assert document.summary == "Como estaba."


def test_a_fresh_token_is_given_to_who_is_signed_in_only(client):
    url = reverse("admin:resources_document_autosave_new")
    assert client.get(url).status_code == 302
    sign_in(client)
    assert client.get(url).json()["token"]


def test_only_forms_of_drafts_are_told_to_save_themselves(client):
    sign_in(client)
    assert (
        f'data-autosave="{address(draft := make_document(status="draft"))}"'
        in client.get(form_url(draft)).text
    )
    assert 'data-autosave=""' in client.get(form_url(make_document())).text


# --- Forms sent by the script that shows progress ---------------------------------------------------


def by_script(client, url: str, **changes):
    data = served(client, url) | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(url, data, headers={"X-Desk": "upload"})


def test_a_save_by_script_is_told_where_to_go(client):
    sign_in(client)
    document = make_document(status="draft", summary="De qué trata.")
    response = by_script(client, form_url(document), files__0__upload=upload(), _publish="1")
    assert response.json() == {"url": form_url(document)}
    assert Resource.objects.published().filter(pk=document.pk).exists()


def test_a_refused_save_by_script_gets_every_error_with_its_place(client):
    sign_in(client)
    document = make_document(status="draft", summary="")
    response = by_script(
        client,
        form_url(document),
        title="",
        files__0__upload=upload(b"MZ\x90\x00" + bytes(200)),
        _publish="1",
    )
    assert response.status_code == 422
    anchors = [error["anchor"] for error in response.json()["errors"]]
    assert anchors == ["id_title", "id_summary", "id_files-0-upload"]


def test_errors_are_counted_with_a_way_to_the_first(client):
    sign_in(client)
    lamina = make_infographic(status="draft", alt_text="", text_alternative="", link_pending=True)
    page = send(client, form_url(lamina), title="", _publish="1").text
    assert "Hay 3 errores que corregir" in page
    assert '<a href="#id_title" autofocus>Ir al primer error</a>' in page


def test_errors_of_any_form_of_the_desk_are_counted(client):
    sign_in(client)
    page = client.post(reverse("admin:resources_section_add"), {}).text
    assert "errores que corregir" in page
    assert '<a href="#id_title" autofocus>Ir al primer error</a>' in page


def test_a_new_form_has_the_cursor_in_the_title_and_takes_the_one_typed_before(client):
    sign_in(client)
    page = client.get(reverse("admin:resources_document_add"), {"title": "Guía breve"}).text
    assert 'value="Guía breve"' in page
    assert page.count("autofocus") == 1
