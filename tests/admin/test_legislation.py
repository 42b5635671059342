"""Laws at the desk: verified beside their source, and asked about again when their review is due."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import Resource
from resources.workflow.schedule import apply_due
from tests.admin.desk import errors, form_url, page_url, said, send, sign_in
from tests.makers import make_law, make_video

pytestmark = pytest.mark.django_db


def test_a_law_is_verified_from_its_list_beside_its_source(client):
    sign_in(client)
    past = timezone.localdate() - dt.timedelta(days=1)
    law = make_law(
        evidence_url="https://example.org/ley", review_by=past, verified_on=past, link_pending=True
    )
    assert law.force == "unverified"
    url = reverse("admin:resources_legalinstrument_changelist")
    page = client.get(url, {"revision": "vencida"}).content.decode()
    assert 'href="https://example.org/ley"' in page
    assert page_url(law, "verify") in page
    answer = client.post(
        page_url(law, "verify"),
        {"filters": "revision=vencida"},
        follow=True,
    )
    assert answer.redirect_chain[-1][0].endswith("?revision=vencida")
    law.refresh_from_db()
    assert (law.force, law.verified_on) == ("in_force", timezone.localdate())
    assert law.review_by == timezone.localdate() + dt.timedelta(days=365)


def test_a_law_without_a_source_is_not_verified_by_any_door(client):
    sign_in(client)
    law = make_law(link_pending=True)
    answer = client.post(page_url(law, "verify"), follow=True)
    assert "dónde se comprueba" in said(answer)
    assert "evidence_url" in errors(send(client, form_url(law), _verified="1"))
    law.refresh_from_db()
    assert law.verified_on is None


def test_edicion_does_not_verify_what_is_public(client):
    sign_in(client, "Edición")
    law = make_law(evidence_note="Nota.")
    page = client.get(reverse("admin:resources_legalinstrument_changelist")).content.decode()
    assert "Verificado hoy" not in page.replace("Marcar como verificadas hoy", "")
    answer = client.post(page_url(law, "verify"))
    assert answer.status_code == 403


def test_past_its_review_a_law_is_unverified_and_stands_in_the_list_of_what_to_review(client):
    sign_in(client)
    today = timezone.localdate()
    law = make_law(evidence_note="Nota.", verified_on=today, review_by=today)
    assert law.force == "in_force"
    Resource.objects.filter(pk=make_video().pk).update(review_by=today + dt.timedelta(days=10))
    apply_due(timezone.now() + dt.timedelta(days=2))
    law.refresh_from_db()
    assert law.force == "unverified"
    Resource.objects.filter(pk=law.pk).update(review_by=today - dt.timedelta(days=1))
    lists = {"vencida": 1, "pronto": 1, "sin-fecha": 0}
    for answer, count in lists.items():
        page = client.get(reverse("admin:resources_resource_changelist"), {"revision": answer})
        assert page.context["cl"].result_count == count, answer
