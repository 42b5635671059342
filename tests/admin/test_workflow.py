"""From draft to review to published to withdrawn: buttons and the field, what stops them, what stays."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import Redirect, Resource
from tests.admin.desk import act, errors, form_url, said, send, sign_in, upload
from tests.makers import make_document, make_infographic, make_law, make_section

pytestmark = pytest.mark.django_db


def draft(**values):
    return make_document(**{"status": "draft", "link_pending": True} | values)


def state_of(resource) -> str:
    return Resource.objects.get(pk=resource.pk).status


def test_the_publish_button_publishes_now(client):
    sign_in(client)
    document = draft()
    response = send(client, form_url(document), _publish="1")
    assert response.status_code == 302
    assert Resource.objects.published().filter(pk=document.pk).exists()
    assert document.get_absolute_url() in said(client.get(response.url))


def test_publishing_is_stopped_at_the_fields(client):
    sign_in(client)
    response = send(client, form_url(draft(summary="", link_pending=False)), _publish="1")
    assert {"summary", "link_pending"} <= errors(response).keys()
    assert state_of(response.context["original"]) == "draft"


def test_a_refused_publication_is_offered_again(client):
    sign_in(client)
    document = draft(summary="", link_pending=False)
    page = send(client, form_url(document), _publish="1").text
    assert 'name="_publish"' in page
    assert 'data-autosave="/admin/' in page
    again = send(
        client, form_url(document), summary="De qué.", files__0__upload=upload(b"MZ"), _publish="1"
    )
    assert 'name="_publish"' in again.text


def test_publishing_an_infographic_needs_both_its_texts(client):
    sign_in(client)
    lamina = make_infographic(status="draft", alt_text="", text_alternative="", link_pending=True)
    response = send(client, form_url(lamina), status="published")
    assert {"alt_text", "text_alternative"} <= errors(response).keys()


def test_a_file_in_the_same_submission_lets_it_be_published(client):
    sign_in(client)
    response = send(
        client,
        reverse("admin:resources_document_add"),
        title="Guía breve",
        summary="De qué trata.",
        section=make_section().pk,
        files__0__upload=upload(),
        _publish="1",
    )
    assert response.status_code == 302
    document = Resource.objects.published().get()
    assert document.main_version.number == 1
    assert document.renditions


def test_the_only_file_cannot_go_in_the_submission_that_publishes(client, tmp_path):
    from tests.makers import make_file

    sign_in(client)
    document = draft(link_pending=False)
    make_file(document, folder=tmp_path)
    response = send(client, form_url(document), files__0__DELETE="on", _publish="1")
    assert "link_pending" in errors(response)


def test_editing_submits_to_review_with_one_button(client):
    sign_in(client, "Edición")
    document = draft(summary="")
    response = send(client, form_url(document), _review="1")
    assert response.status_code == 302
    assert state_of(document) == "review"


def test_a_future_date_schedules(client):
    sign_in(client)
    document = draft()
    at = timezone.localtime() + dt.timedelta(days=3)
    answer = send(
        client, form_url(document), status="published", published_at=at.strftime("%Y-%m-%dT%H:%M")
    )
    document.refresh_from_db()
    assert document.status == "published"
    assert not document.is_public
    assert f"se publicará solo el {at.day}/{at.month}/{at.year}" in said(client.get(answer.url))


def test_a_date_without_the_state_is_explained_at_the_state(client):
    sign_in(client)
    at = timezone.localtime() + dt.timedelta(days=3)
    response = send(client, form_url(draft()), published_at=at.strftime("%Y-%m-%dT%H:%M"))
    assert "Publicado" in str(errors(response)["status"])


def test_what_is_scheduled_may_become_a_draft_again(client):
    sign_in(client)
    document = make_document(link_pending=True, published_at=timezone.now() + dt.timedelta(days=3))
    send(client, form_url(document), status="draft")
    document.refresh_from_db()
    assert (document.status, document.published_at) == ("draft", None)


def test_what_was_public_never_becomes_a_draft_again(client):
    sign_in(client)
    response = send(client, form_url(make_document(link_pending=True)), status="draft")
    assert "status" in errors(response)


def test_what_is_public_is_not_hidden_by_a_date(client):
    sign_in(client)
    at = timezone.localtime() + dt.timedelta(days=3)
    response = send(
        client,
        form_url(make_document(link_pending=True)),
        published_at=at.strftime("%Y-%m-%dT%H:%M"),
    )
    assert "retírelo" in str(errors(response)["published_at"])


def test_withdrawing_asks_for_the_reason(client):
    sign_in(client)
    document = make_document(link_pending=True)
    response = send(client, form_url(document), status="withdrawn")
    assert "withdrawn_reason" in errors(response)
    send(
        client,
        form_url(document),
        status="withdrawn",
        withdrawn_reason="Lo reemplaza la edición de 2026.",
    )
    document.refresh_from_db()
    assert document.status == "withdrawn"
    assert document.withdrawn_on
    assert client.get(document.get_absolute_url()).status_code == 200  # an editor's preview
    client.logout()
    assert client.get(document.get_absolute_url()).status_code == 410


def test_saving_keeps_the_instant_of_publication(client):
    sign_in(client)
    document = make_document(link_pending=True)
    send(client, form_url(document), summary="Otra descripción.")
    published_at = document.published_at
    document.refresh_from_db()
    assert document.summary == "Otra descripción."
    assert document.published_at == published_at


def test_a_changed_address_leaves_a_redirect(client):
    sign_in(client)
    document = make_document(title="Guía breve", link_pending=True)
    send(client, form_url(document), slug="guia-breve-2026")
    assert Redirect.objects.get(path="recursos/guia-breve").resource_id == document.pk
    client.logout()
    assert client.get("/recursos/guia-breve/").url == "/recursos/guia-breve-2026/"


def test_an_address_that_belongs_to_another_is_refused(client):
    sign_in(client)
    make_document(title="Una guía")
    response = send(client, form_url(make_document(link_pending=True)), slug="una-guia")
    assert "slug" in errors(response)


def test_a_new_resource_with_a_title_that_exists_gets_an_address_of_its_own(client):
    sign_in(client)
    make_document(title="Una guía")
    url = reverse("admin:resources_document_add")
    send(client, url, title="Una guía", slug="una-guia", section=make_section().pk)
    assert Resource.objects.filter(slug="una-guia-2").exists()


def test_a_form_that_someone_else_has_overtaken_is_told_so_and_keeps_what_was_typed(client):
    sign_in(client)
    document = draft()
    revision = document.revision
    document.summary = "Lo que guardó otra persona."
    document.save()
    response = send(
        client, form_url(document), read_revision=revision, summary="Lo que escribí yo."
    )
    assert "alguien guardó otros cambios" in str(errors(response)["__all__"])
    assert "Lo que escribí yo." in response.content.decode()
    document.refresh_from_db()
    assert document.summary == "Lo que guardó otra persona."


def test_one_click_says_that_a_law_was_verified_today(client):
    sign_in(client)
    law = make_law(link_pending=True, evidence_note="Registro Oficial 303.")
    send(client, form_url(law), _verified="1")
    law.refresh_from_db()
    assert law.verified_on == timezone.localdate()
    assert law.force == "in_force"


def test_the_action_verifies_the_chosen_laws(client):
    sign_in(client)
    law = make_law(evidence_note="Registro Oficial 303.")
    url = reverse("admin:resources_legalinstrument_changelist")
    act(client, url, "mark_as_verified", [law])
    law.refresh_from_db()
    assert law.force == "in_force"


def test_an_emptied_address_beside_another_fault_is_no_error_of_the_site(client):
    sign_in(client)
    document = make_document(title="Guía breve", link_pending=True)
    response = send(client, form_url(document), slug="", title="")
    assert "title" in errors(response)
    assert "/recursos/guia-breve/" in response.content.decode()
