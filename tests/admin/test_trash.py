"""Deleting at the desk is the bin, and the bin gives back."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from resources.kinds.document import Document
from resources.kinds.legislation.models import LegalRelation
from resources.models import PendingImport, Redirect, Resource, Revision, SiteSettings
from resources.models.resource import TRASH_RETENTION
from resources.workflow.schedule import apply_due
from tests.admin.desk import act, form_url, said, send, sign_in, upload
from tests.makers import make_document, make_file, make_law, png_bytes

pytestmark = pytest.mark.django_db
LIST = "admin:resources_document_changelist"
EVERY = "admin:resources_resource_changelist"


def test_deleting_moves_to_the_bin_and_says_so(client):
    sign_in(client)
    document = make_document()
    assert "papelera" in client.get(form_url(document, "delete")).content.decode()
    response = client.post(form_url(document, "delete"), {"post": "yes"}, follow=True)
    assert "papelera" in said(response)
    assert Document.objects.get().deleted_at
    assert client.get(document.get_absolute_url()).status_code in (200, 404)
    client.logout()
    assert client.get(document.get_absolute_url()).status_code in (404, 410)


def test_a_list_that_was_put_aside_goes_when_it_is_due():
    kept = PendingImport.objects.create(name="lista.csv")
    apply_due(force=True)
    assert SiteSettings.load().next_due_at == kept.at + TRASH_RETENTION
    apply_due(kept.at + TRASH_RETENTION)
    assert not PendingImport.objects.exists()


def test_what_is_in_the_bin_shows_only_when_asked_for(client):
    sign_in(client)
    document = make_document(title="Guía apartada")
    client.post(form_url(document, "delete"), {"post": "yes"}, follow=True)
    for name in (LIST, EVERY):
        assert "Guía apartada" not in client.get(reverse(name)).content.decode()
        assert "Guía apartada" in client.get(reverse(name), {"papelera": "si"}).content.decode()


def test_what_is_in_the_bin_is_restored_by_its_button(client):
    sign_in(client)
    document = make_document()
    client.post(form_url(document, "delete"), {"post": "yes"})
    assert form_url(document, "restore") in client.get(form_url(document)).content.decode()
    client.post(form_url(document, "restore"))
    assert Document.objects.published().exists()


def test_restoring_takes_a_post(client):
    sign_in(client)
    assert client.get(form_url(make_document(), "restore")).status_code == 405


@pytest.mark.parametrize("name", [LIST, EVERY])
def test_actions_move_the_chosen_into_the_bin_and_out_again(client, name):
    sign_in(client)
    document = make_document()
    act(client, reverse(name), "move_to_trash", [document])
    assert Document.objects.get().deleted_at
    act(client, reverse(name) + "?papelera=si", "take_out_of_bin", [document])
    assert Document.objects.get().deleted_at is None


def test_editing_bins_its_drafts_and_nothing_else(client):
    sign_in(client, "Edición")
    draft, public = make_document(status="draft"), make_document()
    response = act(client, reverse(LIST), "move_to_trash", [draft, public])
    assert f"Sin cambios: «{public}»" in said(response)
    assert set(Document.objects.in_catalogue()) == {public}


def test_nothing_is_deleted_for_good(client):
    sign_in(client, "")
    actions = (
        client.get(reverse(LIST))
        .context["cl"]
        .model_admin.get_actions(client.get(reverse(LIST)).wsgi_request)
    )
    assert "delete_selected" not in actions


def test_the_bin_is_emptied_after_thirty_days_and_tombstones_stay(
    client, tmp_path, django_capture_on_commit_callbacks
):
    sign_in(client)
    version = make_file(make_document(title="Guía vieja"), folder=tmp_path)
    document = version.file.resource
    send(client, form_url(document), cover=upload(png_bytes(), "foto.png"))
    draft = make_document(status="draft")
    kept = make_document()
    for thing in (document, draft):
        client.post(form_url(thing, "delete"), {"post": "yes"})
    document = Resource.objects.get(pk=document.pk)
    stored = [
        settings.MEDIA_ROOT / version.stored.name,
        settings.PICTURES_ROOT / document.cover.name,
    ]
    assert (
        SiteSettings.load().next_due_at
        == min(
            Resource.objects.filter(deleted_at__isnull=False).values_list("deleted_at", flat=True)
        )
        + TRASH_RETENTION
    )
    apply_due(timezone.now() + TRASH_RETENTION - dt.timedelta(hours=1), force=True)
    assert Resource.objects.count() == 3
    with django_capture_on_commit_callbacks(execute=True):
        apply_due(timezone.now() + TRASH_RETENTION)
    assert [resource.pk for resource in Resource.objects.all()] == [kept.pk]
    assert not any(path.exists() for path in stored)
    paths = set(Redirect.objects.values_list("path", flat=True))
    assert paths == {"recursos/guia-vieja", document.short_url.strip("/")}
    assert not Revision.objects.of(document).exists()
    client.logout()
    assert client.get(document.get_absolute_url()).status_code == 410


def test_a_law_that_goes_for_good_is_still_cited_by_those_it_amended():
    amended = make_law(evidence_note="Nota.", verified_on=timezone.localdate(), link_pending=True)
    amending = make_law(
        title="Ley reformatoria", evidence_note="Nota.", verified_on=timezone.localdate()
    )
    planned = make_law(title="Proyecto", status="draft")
    for source in (amending, planned):
        LegalRelation.objects.create(source=source, verb="amends", target=amended)
    Resource.objects.filter(pk__in=[amending.pk, planned.pk]).update(
        deleted_at=timezone.now() - TRASH_RETENTION
    )
    apply_due(force=True)
    assert LegalRelation.objects.get().source_citation == "Ley reformatoria"
    amended.refresh_from_db()
    assert amended.force == "amended"
