"""Steps with many resources: what will happen is told of each before it does, and so is why not."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from resources.models import Revision, Tag
from tests.admin.desk import act, said, sign_in
from tests.makers import make_document, make_law, make_section, make_video

pytestmark = pytest.mark.django_db
EVERY = "admin:resources_resource_changelist"


def tell(client, action: str, chosen: list, **values):
    """Return the page that tells what would happen."""
    data = {"action": action, "_selected_action": [thing.pk for thing in chosen]}
    return client.post(reverse(EVERY), data | {"stage": "plan"} | values)


def do(client, action: str, chosen: list, **values):
    return act(client, reverse(EVERY), action, chosen, **values)


def test_first_it_asks_then_it_tells_and_nothing_has_happened(client):
    sign_in(client)
    old, new = make_section(title="Guías"), make_section(title="Manuales")
    one, two = make_document(section=old), make_video(section=new)
    chosen = {"action": "set_section", "_selected_action": [one.pk, two.pk]}
    asked = client.post(reverse(EVERY), chosen).content.decode()
    assert "Ver qué pasará" in asked
    assert one.title in asked
    told = tell(client, "set_section", [one, two], section=new.pk)
    assert (told.context["able"], told.context["refused"]) == (1, 1)
    page = told.content.decode()
    assert "Manuales" in page
    assert "Ya está así." in page
    one.refresh_from_db()
    assert one.section == old


def test_the_section_is_changed_and_recorded(client):
    person = sign_in(client)
    section = make_section(title="Manuales")
    one, two = make_document(), make_video()
    answer = do(client, "set_section", [one, two], section=section.pk)
    assert "Cambiar de sección: 2 recursos" in said(answer)
    for resource in (one, two):
        resource.refresh_from_db()
        assert resource.section == section
        assert Revision.objects.of(resource)[0].by == person


def test_tags_are_added_and_taken_away(client):
    sign_in(client)
    one, two = make_document(tags=("agua", "suelo")), make_video(tags=("suelo",))
    do(client, "set_tags", [one, two], add="Agua, aire", remove="suelo")
    assert {tag.name for tag in one.tags.all()} == {"agua", "aire"}
    assert {tag.name for tag in two.tags.all()} == {"agua", "aire"}
    assert Tag.objects.filter(folded="agua").count() == 1


def test_the_date_of_review_is_set_and_cleared(client):
    sign_in(client)
    document = make_document()
    do(client, "set_review", [document], review_by="2030-01-31")
    document.refresh_from_db()
    assert document.review_by == dt.date(2030, 1, 31)
    do(client, "set_review", [document], review_by="")
    document.refresh_from_db()
    assert document.review_by is None


def test_drafts_are_submitted_and_what_is_public_is_refused_by_name(client):
    sign_in(client, "Edición")
    draft, public = make_document(status="draft"), make_document(title="La pública")
    answer = do(client, "submit", [draft, public], note="Para el lunes.")
    assert "«La pública»" in said(answer)
    draft.refresh_from_db()
    assert draft.status == "review"
    assert Revision.objects.of(draft)[0].note == "Para el lunes."


def test_publishing_tells_what_each_still_lacks(client):
    sign_in(client)
    ready = make_document(status="review", link_pending=True)
    bare = make_document(status="draft", summary="")
    told = tell(client, "publish", [ready, bare], note="", at="")
    page = told.content.decode()
    assert "Escriba de qué trata" in page
    assert "hace falta un archivo o una dirección" in page
    do(client, "publish", [ready, bare], note="", at="")
    ready.refresh_from_db()
    bare.refresh_from_db()
    assert ready.is_public
    assert bare.status == "draft"


def test_many_are_scheduled_and_withdrawn_with_a_reason(client):
    sign_in(client)
    draft, public = make_document(status="draft", link_pending=True), make_document()
    at = timezone.localtime() + dt.timedelta(days=3)
    do(client, "publish", [draft], note="", at=at.strftime("%Y-%m-%dT%H:%M"))
    draft.refresh_from_db()
    assert (draft.status, draft.is_public) == ("published", False)
    asked = do(client, "withdraw", [public], reason="", note="")
    assert "errorlist" in asked.content.decode()
    do(client, "withdraw", [public], reason="Hay otra edición.", note="")
    public.refresh_from_db()
    assert (public.status, public.withdrawn_reason) == ("withdrawn", "Hay otra edición.")


def test_edicion_is_not_offered_what_it_may_not_and_cannot_force_it(client):
    sign_in(client, "Edición")
    document = make_document(status="draft", link_pending=True)
    page = client.get(reverse(EVERY)).content.decode()
    assert 'value="submit"' in page
    for action in ("publish", "withdraw"):
        assert f'value="{action}"' not in page
        do(client, action, [document], reason="x", note="", at="")
    document.refresh_from_db()
    assert document.status == "draft"


def test_laws_with_a_source_are_verified_and_others_are_refused(client):
    sign_in(client)
    law, bare = make_law(evidence_url="https://example.org"), make_law(title="Sin fuente")
    answer = do(client, "mark_as_verified", [law, bare])
    assert "«Sin fuente»" in said(answer)
    law.refresh_from_db()
    assert law.force == "in_force"


def test_too_many_at_once_are_refused(client, monkeypatch):
    sign_in(client)
    monkeypatch.setattr("resources.admin.bulk.actions.MOST", 1)
    answer = do(client, "set_review", [make_document(), make_document()], review_by="2030-01-31")
    assert "Son demasiados" in said(answer)
