"""From draft to published to withdrawn and back: what each step stores."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from resources.models import Redirect
from resources.workflow.previews import make_token
from resources.workflow.schedule import apply_due
from tests.makers import make_document, make_infographic, make_video
from tests.transitions import publish, restore, trash, withdraw

pytestmark = pytest.mark.django_db


def test_a_draft_with_all_it_needs_is_published_now():
    draft = make_document(status="draft", source_url="https://example.org/guia")
    publish(draft)
    assert draft.is_public


@pytest.mark.parametrize(
    ("make", "values", "field"),
    [
        (make_document, {"summary": "", "link_pending": True}, "summary"),
        (make_document, {}, "link_pending"),
        (make_video, {"link_pending": False}, "link_pending"),
        (make_infographic, {"alt_text": "", "link_pending": True}, "alt_text"),
        (make_infographic, {"text_alternative": "", "link_pending": True}, "text_alternative"),
    ],
)
def test_what_is_indispensable_stops_publication_at_its_field(make, values, field):
    draft = make(status="draft", **values)
    with pytest.raises(ValidationError) as refusal:
        publish(draft)
    assert list(refusal.value.message_dict) == [field]


def test_an_infographic_needs_no_summary():
    publish(make_infographic(status="draft", summary="", link_pending=True))


def test_withdrawing_asks_for_the_reason_that_visitors_read():
    resource = make_document()
    with pytest.raises(ValidationError, match="motivo"):
        withdraw(resource, "  ")
    withdraw(resource, "Se publicó una edición nueva.")
    assert resource.is_gone


def test_what_was_withdrawn_can_be_published_again_with_a_new_end():
    resource = make_document(link_pending=True)
    withdraw(resource, "Un momento.")
    publish(resource, withdraw_at=timezone.now() + timedelta(days=1))
    assert resource.is_public
    assert resource.withdraw_at is not None
    assert resource.withdrawn_reason == ""


def test_an_end_that_has_passed_does_not_stop_a_new_publication():
    resource = make_document(link_pending=True, published_at=timezone.now() - timedelta(days=2))
    withdraw(resource, "Un momento.")
    publish(resource, withdraw_at=timezone.now() - timedelta(days=1))
    assert resource.is_public


def test_the_bin_gives_back_what_went_in():
    resource = make_document()
    trash(resource)
    assert not resource.is_public
    restore(resource)
    assert resource.is_public


def test_a_section_in_use_is_not_deleted_and_its_address_stays_alive():
    section = make_document().section
    with pytest.raises(ProtectedError):
        section.delete()
    assert not Redirect.objects.exists()


def test_what_was_public_is_never_put_off_to_a_future_date():
    document = make_document(status="withdrawn", link_pending=True)
    with pytest.raises(ValidationError) as refusal:
        publish(document, at=timezone.now() + timedelta(days=2))
    assert "published_at" in refusal.value.message_dict
    publish(document)
    assert document.is_public


@pytest.mark.parametrize("days", [-1, 1])
def test_an_end_before_the_beginning_stops_publication_at_its_field(days):
    end = timezone.now() + timedelta(days=days)
    draft = make_document(status="draft", link_pending=True, withdraw_at=end)
    with pytest.raises(ValidationError) as refusal:
        publish(draft, at=timezone.now() + timedelta(days=3))
    assert "withdraw_at" in refusal.value.message_dict
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_what_was_only_scheduled_is_not_withdrawn_and_comes_out_of_the_bin_as_a_draft(client):
    later = timezone.now() + timedelta(days=2)
    document = make_document(title="Ley de mañana", published_at=later)
    with pytest.raises(ValidationError, match="no se ha publicado"):
        withdraw(document, "Era un error.")
    trash(document)
    assert (document.status, document.published_at) == ("draft", None)
    assert client.get("/recursos/ley-de-manana/").status_code == 404
    restore(document)
    assert not document.was_public


def test_a_link_given_for_the_draft_does_not_outlive_a_withdrawal(client):
    draft = make_document(title="Guía", status="draft", link_pending=True)
    link = f"/recursos/guia/vista-previa/{make_token(draft, 30)}/"
    assert client.get(link).status_code == 200
    publish(draft)
    withdraw(draft, "Contenía datos personales.")
    answer = client.get(link)
    assert answer.status_code == 410
    assert "De qué trata." not in answer.text


def test_nor_does_it_outlive_the_end_of_a_publication(client, freeze):
    end = timezone.now() + timedelta(days=1)
    document = make_document(title="Guía", withdraw_at=end)
    link = f"/recursos/guia/vista-previa/{make_token(document, 30)}/"
    later = end + timedelta(hours=1)
    freeze(later)
    apply_due(later)
    assert client.get(link).status_code == 410
