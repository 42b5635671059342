"""The desk of tickets: what waits, the answer, the accessible version that joins the resource."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from participation.models import Ticket
from resources.models import ResourceFile, Revision, SiteSettings
from tests.admin.desk import form_url, send, sign_in, upload
from tests.makers import make_document, put_file
from tests.participation.letters import make_ticket, press

pytestmark = pytest.mark.django_db
LIST = "/admin/participation/ticket/"


@pytest.fixture
def ticket(client) -> Ticket:
    return make_ticket(client)


@pytest.mark.parametrize("group", ["Edición", "Publicación"])
def test_both_groups_see_waiting_tickets_with_their_deadlines(client, ticket, group):
    sign_in(client, group)
    html = client.get(LIST).text
    assert ticket.number in html
    assert "quedan 10 días hábiles" in html
    assert "por responder" in client.get("/admin/").text
    page = client.get(f"{LIST}{ticket.pk}/change/").text
    assert "La tabla de la página 3." in page
    assert "Se prometió responder hasta el" in page


def test_an_account_without_a_group_sees_nothing(client, ticket, django_user_model):
    client.force_login(django_user_model.objects.create_user("ajena", is_staff=True))
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{ticket.pk}/change/").status_code == 403


def test_nobody_adds_or_deletes_a_ticket(client, ticket):
    sign_in(client, "")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{ticket.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_filters_late_and_closed_tickets(client, ticket, freeze):
    freeze(timezone.now() + timedelta(days=30))
    sign_in(client)
    assert "venció hace" in client.get(LIST).text
    assert ticket.number in client.get(f"{LIST}?estado=vencidas").text
    press(client, ticket, "_answer")
    assert ticket.number not in client.get(LIST).text
    done = client.get(f"{LIST}?estado=respondidas").text
    assert ticket.number in done
    assert "se respondió tarde" in done


def test_an_answer_needs_words_and_a_draft_keeps_them(client, ticket):
    sign_in(client)
    refused = press(client, ticket, "_answer", answer=" ")
    assert "Escriba la respuesta" in refused.text
    press(client, ticket, "_save", answer="Lo estamos viendo.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.answer) == ("open", "Lo estamos viendo.")
    assert "Lo estamos viendo" not in client.get(ticket.get_absolute_url()).text


def test_an_accessible_version_joins_the_resource_for_everyone(client):
    document = make_document(title="Guía")
    put_file(document, name="guia.pdf", is_sample=True)
    ticket = make_ticket(client, document)
    person = sign_in(client)
    said = press(client, ticket, "_answer", upload=upload(name="Guía accesible.pdf"))
    assert "se respondió" in said.text
    page = client.get(form_url(document, "history")).text
    assert "guia-accesible.pdf" in page
    assert ticket.number in page
    edits = [(edit.action, edit.by) for edit in Revision.objects.of(document)]
    assert edits == [("changed", person), ("outside", None)]
    send(client, form_url(document), summary="Otra.")
    assert [edit.action for edit in Revision.objects.of(document)][0:2] == ["changed", "changed"]
    client.logout()
    slot = ResourceFile.objects.get(role="accessible")
    assert (slot.accessible, slot.file_name, slot.title) == (
        True,
        "guia-accesible.pdf",
        "Versión accesible",
    )
    assert slot.current.pages == 1, "it was inspected"
    assert slot.current.is_sample, "beside a sample stands a sample"
    page = client.get(document.get_absolute_url()).text
    assert "Versión accesible" in page
    assert slot.get_absolute_url() in client.get(ticket.get_absolute_url()).text
    assert client.get(slot.get_absolute_url()).status_code == 200


def test_a_file_of_another_type_than_its_name_is_refused_and_the_answer_stays(client, ticket):
    sign_in(client)
    bad = upload(b"MZ\x90\x00 not a document", name="guia.pdf")
    answer = press(client, ticket, "_answer", answer="Aquí está.", upload=bad)
    assert "errornote" in answer.text
    assert "Aquí está." in answer.text
    ticket.refresh_from_db()
    assert ticket.is_open
    assert not ResourceFile.objects.exists()


def test_a_file_without_the_button_that_answers_is_refused(client, ticket):
    sign_in(client)
    answer = press(client, ticket, "_save", upload=upload())
    assert "al pulsar «Responder y cerrar»" in answer.text


def test_edicion_answers_but_adds_no_public_file(client, ticket):
    sign_in(client, "Edición")
    assert 'name="upload"' not in client.get(f"{LIST}{ticket.pk}/change/").text
    press(client, ticket, "_answer", upload=upload())
    ticket.refresh_from_db()
    assert ticket.status == "answered"
    assert not ResourceFile.objects.exists()


def test_the_answer_goes_to_the_address_that_was_left(
    client, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_IS_CONFIGURED = True
    ticket = make_ticket(client, email="ana@example.org")
    sign_in(client)
    with django_capture_on_commit_callbacks(execute=True):
        press(client, ticket, "_answer", answer="Ya está.")
    [letter] = mail.outbox
    assert letter.to == ["ana@example.org"]
    assert ticket.number in letter.subject
    assert "Ya está." in letter.body
    assert ticket.get_absolute_url() in letter.body
    assert ticket.message not in letter.body
    ticket.refresh_from_db()
    assert ticket.mailed_on


def fail(*args) -> None:
    raise ConnectionRefusedError


def test_mail_that_does_not_go_out_is_said_and_can_be_sent_again(
    client, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.EMAIL_IS_CONFIGURED = True
    ticket = make_ticket(client, email="ana@example.org")
    sign_in(client)
    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr("django.core.mail.EmailMessage.send", fail)
        press(client, ticket, "_answer")
    page = client.get(f"{LIST}{ticket.pk}/change/").text
    assert "No salió" in page
    with django_capture_on_commit_callbacks(execute=True):
        press(client, ticket, "_mail")
    assert len(mail.outbox) == 1
    assert "Enviado el" in client.get(f"{LIST}{ticket.pk}/change/").text


def test_two_people_do_not_answer_over_each_other(client, ticket):
    sign_in(client)
    press(client, ticket, "_answer", answer="Primera.")
    late = press(client, ticket, "_answer", answer="Segunda.")
    assert "Otra persona cerró" in late.text
    assert "mírela en otra pestaña y, si hace falta, reábrala" in late.text
    assert "Segunda." in late.text
    ticket.refresh_from_db()
    assert ticket.answer == "Primera."


def test_a_closed_ticket_is_opened_again_to_be_corrected(client, ticket):
    sign_in(client)
    press(client, ticket, "_answer", answer="Con un error.")
    press(client, ticket, "_reopen")
    press(client, ticket, "_answer", answer="Sin error.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.answer) == ("answered", "Sin error.")


@pytest.mark.parametrize(("days", "outcome"), [(0, "a tiempo"), (60, "tarde")])
def test_correcting_an_answer_changes_neither_the_figures_nor_the_promise(
    client, ticket, freeze, days, outcome
):
    freeze(timezone.now() + timedelta(days=days))
    sign_in(client)
    press(client, ticket, "_answer", answer="Con un error.")
    figures = SiteSettings.load().help_figures
    freeze(timezone.now() + timedelta(days=60))
    sign_in(client)
    press(client, ticket, "_reopen")
    assert "respuesta por corregir" in client.get(LIST).text
    assert ticket.number not in client.get(f"{LIST}?estado=vencidas").text
    assert "con el plazo vencido" not in client.get("/admin/").text
    client.logout()
    page = client.get(ticket.get_absolute_url()).text
    assert "Estamos corrigiendo nuestra respuesta" in page
    assert "responderemos hasta" not in page
    sign_in(client)
    press(client, ticket, "_answer", answer="Sin error.")
    assert SiteSettings.load().help_figures == figures
    assert f"se respondió {outcome}" in client.get(f"{LIST}?estado=respondidas").text


def act(client, action: str, *tickets: Ticket):
    chosen = [ticket.pk for ticket in tickets]
    return client.post(
        f"{LIST}?estado=todas", {"action": action, "_selected_action": chosen}, follow=True
    )


def test_many_that_are_none_are_dismissed_at_once(client):
    tickets = [make_ticket(client) for _ in range(3)]
    sign_in(client)
    assert "Se descartó una." in act(client, "dismiss_chosen", tickets[0]).text
    assert "Se descartaron 2." in act(client, "dismiss_chosen", *tickets).text
    assert not Ticket.objects.waiting().exists()
    assert "No parece una solicitud" in client.get(tickets[0].get_absolute_url()).text


def test_a_person_s_data_are_erased_when_they_ask(client):
    done, waiting = make_ticket(client), make_ticket(client)
    sign_in(client)
    press(client, done, "_answer")
    act(client, "erase_chosen", done, waiting)
    for ticket in (done, waiting):
        ticket.refresh_from_db()
    assert (done.message, done.answer) == ("", "")
    assert waiting.message
    html = client.get(done.get_absolute_url()).text
    assert "se borraron" in html
    assert "o menos si usted pide borrarlos" in html


def test_the_public_figures_count_tickets_and_answers_in_time(client, freeze):
    page = client.get("/")
    assert SiteSettings.load().help_figures == {}
    tickets = [make_ticket(client) for _ in range(3)] + [make_ticket(client, path="/reportar/")]
    sign_in(client)
    press(client, tickets[0], "_answer")
    press(client, tickets[3], "_dismiss")
    freeze(timezone.now() + timedelta(days=60))
    sign_in(client)
    press(client, tickets[1], "_answer")
    assert SiteSettings.load().help_figures == {
        "request": {"received": 3, "answered": 2, "in_time": 1, "waiting": 1}
    }
    client.logout()
    assert client.get("/", headers={"If-None-Match": page["ETag"]}).status_code == 200


def test_the_public_figures_are_no_change_of_the_portal(client):
    sign_in(client)
    url = reverse("admin:resources_sitesettings_change", args=[1])
    send(client, url, name="Recursos de Loja")
    make_ticket(client)
    send(client, url, name="Recursos de Cuenca")
    assert [edit.action for edit in Revision.objects.of(SiteSettings.load())] == [
        "changed",
        "changed",
        "outside",
    ]
    page = client.get(reverse("admin:resources_sitesettings_history", args=[1])).text
    assert "Help figures" not in page
