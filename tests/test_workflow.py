"""From draft to published to withdrawn and back: what each step stores."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from resources.models import FormerAddress
from resources.publishing.workflow import move_to_bin, publish, restore, withdraw
from tests.makers import make_document, make_infographic, make_video

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
    resource.withdraw_at = timezone.now() + timedelta(days=1)
    publish(resource)
    assert resource.is_public
    assert resource.withdraw_at is not None
    assert resource.withdrawn_reason == ""


def test_an_end_that_has_passed_does_not_stop_a_new_publication():
    resource = make_document(link_pending=True, published_at=timezone.now() - timedelta(days=2))
    withdraw(resource, "Un momento.")
    resource.withdraw_at = timezone.now() - timedelta(days=1)
    publish(resource)
    assert resource.is_public


def test_the_bin_gives_back_what_went_in():
    resource = make_document()
    move_to_bin(resource)
    assert not resource.is_public
    restore(resource)
    assert resource.is_public


def test_a_section_in_use_is_not_deleted_and_its_address_stays_alive():
    section = make_document().section
    with pytest.raises(ProtectedError):
        section.delete()
    assert not FormerAddress.objects.exists()
