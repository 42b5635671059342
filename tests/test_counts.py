"""The numbers of the home page and of lists are right after every change, and read again only where they may differ."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.listing.counts import catalogue_counts
from resources.models import Resource
from tests.makers import make_document, make_law, make_section, make_video
from tests.transitions import trash, withdraw

pytestmark = pytest.mark.django_db


def recount() -> dict:
    """Return the numbers by section and kind, counted one by one."""
    shown = [resource for resource in Resource.objects.all() if resource.is_public]
    return {
        "section": {
            pk: sum(r.section_id == pk for r in shown) for pk in {r.section_id for r in shown}
        },
        "kind": {kind: sum(r.kind == kind for r in shown) for kind in {r.kind for r in shown}},
    }


def told() -> dict:
    counts = catalogue_counts()
    return {"section": dict(counts.of_section), "kind": dict(counts.of_kind)}


def test_the_numbers_follow_every_change(freeze):
    guides, others = make_section(title="Guías"), make_section(title="Otros")
    guide = make_document(title="Guía", section=guides)
    law = make_law(title="Ley", section=guides)
    assert told() == recount()
    make_video(title="Video", section=others)
    assert told() == recount()
    guide.section = others
    guide.save()
    assert told() == recount()
    withdraw(law, "Derogada.")
    assert told() == recount()
    trash(guide)
    assert told() == recount()
    later = timezone.now() + dt.timedelta(hours=1)
    make_document(title="Mañana", section=guides, published_at=later)
    assert told() == recount()
    freeze(later + dt.timedelta(seconds=1))
    assert told() == recount()
    Resource.objects.filter(kind="video").update(status="draft")
    assert told() == recount()
    Resource.objects.filter(kind="document", deleted_at=None).first().delete()
    assert told() == recount() == {"section": {}, "kind": {}}


def counted_again() -> bool:
    with CaptureQueriesContext(connection) as asked:
        catalogue_counts()
    return len(asked) > 1  # the portal's row, and the count


def test_an_edit_of_a_text_counts_nothing_again():
    guide = make_document(title="Guía", section=make_section(title="Guías"))
    assert counted_again()
    assert not counted_again()
    guide = Resource.objects.get(pk=guide.pk).specific
    guide.title = "Guía de agua"
    guide.save()
    guide.section.save()
    assert not counted_again()
    guide.status = "draft"
    guide.save()
    assert counted_again()
