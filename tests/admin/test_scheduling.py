"""A future date schedules by every door, and only what says «Publicado» publishes."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from resources.kinds.document import Document
from resources.models import Redirect, Revision
from tests.admin.desk import act, errors, form_url, page_url, said, send, served, sign_in
from tests.makers import make_document, make_section

pytestmark = pytest.mark.django_db
EVERY = "admin:resources_resource_changelist"


def in_days(days):
    return (timezone.localtime() + dt.timedelta(days=days)).replace(second=0, microsecond=0)


def typed(at):
    return at.strftime("%Y-%m-%dT%H:%M")


def told(at):
    return f"Programado para el {date_format(at, 'j/n/Y H:i')}"


def draft(**values):
    return make_document(**{"status": "draft", "link_pending": True} | values)


def scheduled(**values):
    return make_document(**{"published_at": in_days(3), "link_pending": True} | values)


def actions(document):
    return list(Revision.objects.of(document).values_list("action", flat=True))


@pytest.mark.parametrize("button", [{"_publish": "1"}, {"status": "published"}])
@pytest.mark.parametrize("before", ["draft", "review"])
def test_a_future_date_schedules_by_button_and_by_state(client, button, before):
    sign_in(client)
    document, at = draft(status=before), in_days(3)
    answer = send(client, form_url(document), published_at=typed(at), **button)
    document.refresh_from_db()
    assert (document.status, document.published_at) == ("published", at)
    assert not document.is_public
    assert told(at) in said(client.get(answer.url))
    assert actions(document)[0] == "scheduled"


def test_a_new_resource_with_a_future_date_is_scheduled(client):
    sign_in(client)
    at, place = in_days(3), reverse("admin:resources_document_add")
    about = {"title": "Guía", "summary": "De qué.", "section": make_section().pk}
    send(client, place, published_at=typed(at), link_pending="on", _publish="1", **about)
    document = Document.objects.get()
    assert (document.is_scheduled, document.published_at) == (True, at)


def test_the_button_says_that_a_future_date_schedules(client):
    sign_in(client)
    at = in_days(3)
    document = draft(published_at=at)
    assert (
        f'value="{told(at).replace("Programado", "Programar")}"'
        in client.get(form_url(document)).text
    )
    bare = draft()
    assert 'value="Publicar ahora"' in client.get(form_url(bare)).text
    again = send(client, form_url(bare), title="", published_at=typed(at), _publish="1")
    assert f'value="{told(at).replace("Programado", "Programar")}"' in again.text


def test_a_scheduled_resource_is_published_now_or_taken_back_by_buttons_of_their_own(client):
    sign_in(client)
    page = client.get(form_url(scheduled())).text
    assert 'value="Publicar ahora" name="_publish_now"' in page
    assert 'value="Cancelar la programación" name="_unschedule"' in page
    assert 'name="_publish"' not in page
    page = client.get(form_url(draft())).text
    assert "_publish_now" not in page
    assert "_unschedule" not in page


def test_publishing_a_scheduled_resource_now_says_so_with_its_address(client):
    sign_in(client)
    document = scheduled()
    answer = send(client, form_url(document), _publish_now="1")
    document.refresh_from_db()
    assert document.is_public
    page = said(client.get(answer.url))
    assert "Publicado: " in page
    assert document.get_absolute_url() in page
    assert actions(document)[0] == "published"


@pytest.mark.parametrize(
    "change", [{"_unschedule": "1"}, {"published_at": ""}, {"status": "draft"}]
)
def test_a_cancelled_schedule_is_a_draft_again_and_says_so(client, change):
    sign_in(client)
    document = scheduled()
    answer = send(client, form_url(document), **change)
    document.refresh_from_db()
    assert (document.status, document.published_at) == ("draft", None)
    assert "Se canceló la programación" in said(client.get(answer.url))
    assert actions(document)[0] == "returned"


def test_a_scheduled_date_that_moves_is_told_and_recorded(client):
    sign_in(client)
    document, at = scheduled(withdraw_at=in_days(5)), in_days(2)
    answer = send(client, form_url(document), published_at=typed(at), withdraw_at=typed(in_days(3)))
    document.refresh_from_db()
    assert (document.published_at, document.withdraw_at) == (at, in_days(3))
    assert told(at) in said(client.get(answer.url))
    assert actions(document)[0] == "scheduled"


def test_a_scheduled_date_that_moves_to_the_past_publishes_and_says_so(client):
    sign_in(client)
    document, at = scheduled(), in_days(-2)
    answer = send(client, form_url(document), published_at=typed(at))
    document.refresh_from_db()
    assert (document.is_public, document.published_at) == (True, at)
    assert "Publicado: " in said(client.get(answer.url))
    assert actions(document)[0] == "published"


def test_a_scheduled_resource_that_is_only_corrected_stays_scheduled(client):
    sign_in(client)
    document = scheduled()
    answer = send(client, form_url(document), summary="Otra.")
    document.refresh_from_db()
    assert (document.is_scheduled, document.summary) == (True, "Otra.")
    assert "Publicado" not in said(client.get(answer.url))


def test_an_emptied_date_on_a_draft_and_the_button_publish_now(client):
    sign_in(client)
    document = draft(published_at=in_days(3))
    send(client, form_url(document), published_at="", _publish="1")
    document.refresh_from_db()
    assert document.is_public


def test_choosing_the_state_published_says_published(client):
    sign_in(client)
    document = draft()
    answer = send(client, form_url(document), status="published")
    page = said(client.get(answer.url))
    assert "Publicado: " in page
    assert document.get_absolute_url() in page


def test_a_date_alone_publishes_and_schedules_nothing(client):
    sign_in(client)
    for days in (-2, 2):
        document = draft()
        assert errors(send(client, form_url(document), published_at=typed(in_days(days))))["status"]
        document.refresh_from_db()
        assert document.status == "draft"


def test_what_is_public_never_loses_its_first_date(client):
    sign_in(client)
    document = make_document(link_pending=True)
    first = document.published_at
    assert "published_at" in errors(send(client, form_url(document), published_at=""))
    send(client, form_url(document), _unschedule="1")
    document.refresh_from_db()
    assert (document.is_public, document.published_at) == (True, first)


def test_what_was_withdrawn_is_published_again_with_its_first_date_and_not_put_off(client):
    sign_in(client)
    document = make_document(link_pending=True, status="withdrawn")
    first, later = document.published_at, typed(in_days(3))
    refused = send(client, form_url(document), published_at=later, _publish="1")
    assert "published_at" in errors(refused)
    answer = send(client, form_url(document), _publish="1")
    document.refresh_from_db()
    assert (document.is_public, document.published_at) == (True, first)
    assert "Publicado: " in said(client.get(answer.url))


def test_many_drafts_keep_the_future_dates_that_they_hold(client):
    sign_in(client)
    at = in_days(3)
    later, now = draft(title="Luego", published_at=at), draft(title="Ahora")
    data = {"action": "publish", "_selected_action": [later.pk, now.pk], "note": "", "at": ""}
    assert told(at).lower() in client.post(reverse(EVERY), data | {"stage": "plan"}).text
    page = said(act(client, reverse(EVERY), "publish", [later, now], note="", at=""))
    for document in (later, now):
        document.refresh_from_db()
    assert (later.is_scheduled, later.published_at) == (True, at)
    assert now.is_public
    assert f"{told(at)}: «Luego»" in page
    assert "Publicado: «Ahora». http" in page


def test_many_scheduled_resources_are_published_now_and_the_plan_says_from_when(client):
    sign_in(client)
    document = scheduled()
    data = {"action": "publish", "_selected_action": [document.pk], "note": "", "at": ""}
    plan = client.post(reverse(EVERY), data | {"stage": "plan"}).text
    assert told(document.published_at.astimezone(in_days(0).tzinfo)).lower() in plan
    act(client, reverse(EVERY), "publish", [document], note="", at="")
    document.refresh_from_db()
    assert document.is_public


def by_list(client, document, state):
    upload = SimpleUploadedFile(
        "lista.csv", f"direccion,estado\n{document.slug},{state}\n".encode()
    )
    place = client.post(reverse("admin:resources_resource_import"), {"file": upload}).url
    shown = served(client, place).get("shown", "")
    return said(client.post(place, {"shown": shown}, follow=True))


def test_a_list_schedules_a_draft_that_holds_a_future_date(client):
    sign_in(client)
    at = in_days(3)
    document = draft(published_at=at)
    assert told(at) in by_list(client, document, "publicado")
    document.refresh_from_db()
    assert (document.is_scheduled, document.published_at) == (True, at)
    by_list(client, document, "publicado")
    document.refresh_from_db()
    assert document.is_scheduled
    by_list(client, document, "borrador")
    document.refresh_from_db()
    assert (document.status, document.published_at) == ("draft", None)


def test_neither_an_earlier_state_nor_a_copy_publishes_or_schedules(client):
    sign_in(client)
    document = scheduled()
    send(client, form_url(document), summary="Otra.")
    edit = Revision.objects.of(document).last()
    send(client, form_url(document), _unschedule="1")
    client.post(page_url(document, "revert", edit.pk))
    document.refresh_from_db()
    assert (document.status, document.published_at) == ("draft", None)
    original = scheduled(title="Original")
    client.post(page_url(original, "duplicate"))
    copy = Document.objects.get(title="Copia de Original")
    assert (copy.status, copy.published_at) == ("draft", None)


def test_an_address_that_changes_with_the_publication_leaves_no_redirect(client):
    sign_in(client)
    for document in (draft(), scheduled()):
        button = "_publish_now" if document.is_scheduled else "_publish"
        send(client, form_url(document), slug=f"otra-{document.pk}", **{button: "1"})
        document.refresh_from_db()
        assert (document.is_public, document.slug) == (True, f"otra-{document.pk}")
    assert not Redirect.objects.exists()


def test_edicion_neither_schedules_nor_cancels(client):
    sign_in(client, "Edición")
    document, waiting = draft(), scheduled()
    send(client, form_url(document), published_at=typed(in_days(2)))
    for button in ("_publish", "_publish_now", "_unschedule"):
        assert client.post(form_url(waiting), {button: "1"}).status_code == 403
    for button in ("_publish", "_publish_now"):
        assert send(client, form_url(document), **{button: "1"}).status_code == 403
    document.refresh_from_db()
    waiting.refresh_from_db()
    assert (document.status, document.published_at) == ("draft", None)
    assert waiting.is_scheduled


def test_the_form_of_a_scheduled_resource_opens_with_when_it_is_published(client):
    sign_in(client)
    document = scheduled()
    assert told(document.published_at) in client.get(form_url(document)).text
    assert "Programado para el" not in client.get(form_url(make_document())).text
