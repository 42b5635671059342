"""What a visitor may see is said once: published, from its date, until its date, not in the bin."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from resources.models import Redirect, Resource, SiteSettings
from resources.workflow.schedule import apply_due, next_due_instant
from tests.makers import make_document, make_law

pytestmark = pytest.mark.django_db


def test_a_published_resource_answers(client):
    assert client.get(make_document().get_absolute_url()).status_code == 200


@pytest.mark.parametrize("status", ["draft", "review"])
def test_a_draft_answers_404(client, status):
    resource = make_document(status=status)
    assert client.get(resource.get_absolute_url()).status_code == 404
    assert resource not in Resource.objects.published()


def test_a_withdrawn_resource_answers_410_with_title_and_reason(client):
    resource = make_document(
        title="Guía vieja", status="withdrawn", withdrawn_reason="La reemplaza otra."
    )
    answer = client.get(resource.get_absolute_url())
    assert answer.status_code == 410
    assert "Guía vieja" in answer.text
    assert "La reemplaza otra." in answer.text


def test_a_scheduled_resource_appears_at_its_instant_and_no_sooner(client, freeze):
    soon = timezone.now() + timedelta(hours=1)
    resource = make_document(title="Programado", published_at=soon)
    assert client.get(resource.get_absolute_url()).status_code == 404
    assert "Programado" not in client.get("/").text
    freeze(soon + timedelta(seconds=1))
    assert client.get(resource.get_absolute_url()).status_code == 200
    assert "Programado" in client.get("/").text


def test_a_resource_past_its_date_is_withdrawn_by_the_first_request_after_it(client, freeze):
    end = timezone.now() + timedelta(hours=1)
    resource = make_document(withdraw_at=end)
    freeze(end + timedelta(seconds=1))
    assert client.get(resource.get_absolute_url()).status_code == 410
    resource.refresh_from_db()
    assert resource.status == "withdrawn"
    assert resource.withdrawn_on == end


def test_a_resource_in_the_trash_answers_410(client):
    resource = make_document()
    resource.deleted_at = timezone.now()
    resource.save()
    assert client.get(resource.get_absolute_url()).status_code == 410


def test_a_draft_in_the_bin_was_never_there(client):
    resource = make_document(status="draft", deleted_at=timezone.now())
    assert client.get(resource.get_absolute_url()).status_code == 404


def test_settling_stores_the_next_due_instant(freeze):
    now = timezone.now()
    first, second = now + timedelta(days=1), now + timedelta(days=2)
    make_document(withdraw_at=second)
    make_document(published_at=first)
    apply_due(force=True)
    assert SiteSettings.load().next_due_at == first
    freeze(first + timedelta(seconds=1))
    assert apply_due()
    assert SiteSettings.load().next_due_at == second


def test_settling_twice_changes_nothing_the_second_time():
    make_document()
    apply_due(force=True)
    assert apply_due() is False


def test_a_new_date_is_noted_when_it_is_saved():
    end = timezone.now() + timedelta(days=3)
    make_document(withdraw_at=end)
    assert SiteSettings.load().next_due_at == end


def test_the_end_of_a_review_is_due_the_day_after():
    today = timezone.localdate()
    make_law(review_by=today)
    due = next_due_instant(timezone.now())
    assert timezone.localdate(due) == today + timedelta(days=1)


def test_a_row_of_an_unknown_kind_is_not_saved():
    base = Resource.objects.get(pk=make_document().pk)
    base.kind = "podcast"
    with pytest.raises(ImproperlyConfigured):
        base.save()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "published", "published_at": None},
        {"status": "withdrawn", "withdrawn_reason": ""},
        {"issued_on": "2022-01-01", "issued_on_precision": ""},
        {"issued_on": None, "issued_on_precision": "year"},
        {"status": "lost"},
        {"title": ""},
        {"slug": ""},
    ],
)
def test_the_database_refuses_impossible_values(values):
    resource = make_document()
    with pytest.raises(IntegrityError), transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(**values)


def test_an_address_that_was_public_redirects_for_ever_with_all_below_it(client):
    resource = make_document(title="Guía de datos")
    resource = Resource.objects.get(pk=resource.pk).specific
    resource.slug = "guia-nueva"
    resource.save()
    answer = client.get("/recursos/guia-de-datos/?pagina=2")
    assert (answer.status_code, answer["Location"]) == (301, "/recursos/guia-nueva/?pagina=2")
    below = client.get("/recursos/guia-de-datos/archivos/guia.pdf")
    assert below["Location"] == "/recursos/guia-nueva/archivos/guia.pdf"


def test_a_draft_that_changes_its_address_leaves_no_trace(client):
    resource = Resource.objects.get(pk=make_document(title="Borrador", status="draft").pk).specific
    resource.slug = "otro"
    resource.save()
    assert not Redirect.objects.exists()


def test_a_resource_takes_its_old_address_back():
    pk = make_document(title="Uno").pk
    for slug in ("dos", "uno"):
        resource = Resource.objects.get(pk=pk).specific
        resource.slug = slug
        resource.save()
    assert list(Redirect.objects.values_list("path", flat=True)) == ["recursos/dos"]


def test_a_new_resource_is_never_given_an_address_that_meant_something_else():
    resource = Resource.objects.get(pk=make_document(title="Guía").pk).specific
    resource.slug = "otra"
    resource.save()
    assert make_document(title="Guía").slug == "guia-2"


def test_a_deleted_resource_leaves_its_title_and_reason_at_all_its_addresses(client):
    resource = Resource.objects.get(pk=make_document(title="Primera").pk).specific
    resource.slug = "segunda"
    resource.save()
    resource.delete()
    for slug in ("primera", "segunda"):
        answer = client.get(f"/recursos/{slug}/")
        assert answer.status_code == 410
        assert "Primera" in answer.text
