"""Asking for a format and reporting a problem: without account, cookie or captcha; a refusal loses nothing."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from participation import antispam
from participation.models import DailySalt, SendCount, Ticket
from tests.makers import make_document, make_editor, make_video, put_file
from tests.participation.letters import GOOD, make_ticket, seal_of, write

pytestmark = pytest.mark.django_db
DOORS = sorted(GOOD)
both_doors = pytest.mark.parametrize("door", DOORS)


@pytest.mark.parametrize(
    "named", ["recurso=%00", "archivo=a%00/%00", "archivo=/", "recurso=no-existe"]
)
@both_doors
def test_an_address_that_names_nothing_gives_the_plain_form(client, door, named):
    assert client.get(f"{door}?{named}").status_code == 200


@both_doors
def test_the_form_is_never_kept_and_sets_no_cookie(client, door):
    answer = client.get(door)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    sent = write(client, door)
    assert sent.status_code == 303
    assert not sent.cookies
    assert client.put(door).status_code == 405


def test_every_resource_and_every_file_that_is_not_accessible_lead_to_the_forms(client):
    document = make_document(title="Guía")
    put_file(document, name="guia.pdf")
    put_file(document, name="guia.docx", role="accessible", accessible=True)
    html = client.get(document.get_absolute_url()).text
    assert "/reportar/?recurso=guia" in html
    assert "/solicitar/?archivo=guia/guia.pdf" in html
    assert "/solicitar/?archivo=guia/guia.docx" not in html
    assert html.count("<li>Formato accesible") == 1  # its role says no more than its flag
    video = make_video()
    assert f"/solicitar/?recurso={video.slug}" in client.get(video.get_absolute_url()).text


def test_the_form_names_its_subject(client):
    document = make_document(title="Guía de datos")
    put_file(document, name="guia.pdf", label="La guía en PDF")
    html = client.get("/solicitar/?archivo=guia-de-datos/guia.pdf").text
    assert "La guía en PDF" in html
    assert 'href="/recursos/guia-de-datos/"' in html
    assert 'name="about"' not in html


@pytest.mark.parametrize(
    "query", ["", "?recurso=nada", "?archivo=nada/x.pdf", "?archivo=", "?recurso=oculto"]
)
def test_without_a_public_subject_the_form_has_a_field_for_it(client, query):
    make_document(title="Oculto", status="draft")
    html = client.get(f"/reportar/{query}").text
    assert 'name="about"' in html
    assert "Oculto" not in html
    assert write(client, "/reportar/", about="").status_code == 422


@pytest.mark.parametrize(
    ("door", "kind", "days"), [("/solicitar/", "request", 10), ("/reportar/", "report", 5)]
)
def test_a_ticket_has_a_number_and_a_promised_date_in_working_days(
    client, freeze, settings, door, kind, days
):
    friday = timezone.make_aware(timezone.datetime(2026, 12, 18, 23, 30))
    freeze(friday)
    settings.HOLIDAYS = ["2026-12-25", "2027-01-01"]
    ticket = make_ticket(client, path=door)
    assert ticket.kind == kind
    assert ticket.number == f"{timezone.localdate(ticket.received_on).year}-{ticket.pk:05}"
    promised = {5: "28 de diciembre de 2026", 10: "5 de enero de 2027"}[days]
    page = client.get(ticket.get_absolute_url()).text
    assert promised in page
    assert ticket.number in page
    assert promised in client.get(door).text


def test_a_ticket_is_stored_with_its_file(client):
    document = make_document(title="Guía")
    stored = put_file(document)
    tomorrow = timezone.localdate() + timedelta(days=1)
    write(
        client,
        "/solicitar/?archivo=guia/guia.pdf",
        topic="large",
        message="Uno\r\nDos ",
        needed_by=tomorrow.isoformat(),
    )
    ticket = Ticket.objects.get()
    assert (ticket.resource_id, ticket.file) == (document.pk, stored.file)
    assert (ticket.topic, ticket.message, ticket.needed_by) == ("large", "Uno\nDos", tomorrow)


def test_an_address_is_asked_for_only_where_the_site_can_write_to_it(client, settings):
    settings.EMAIL_IS_CONFIGURED = False
    assert 'name="email"' not in client.get("/solicitar/").text
    assert make_ticket(client, email="ana@example.org").email == ""
    settings.EMAIL_IS_CONFIGURED = True
    assert 'name="email"' in client.get("/solicitar/").text
    assert make_ticket(client, email="ana@example.org").email == "ana@example.org"


REFUSALS = [
    ("/solicitar/", {"topic": ""}, "Elija una opción.", "topic_0"),
    ("/solicitar/", {"topic": "broken"}, "broken", "topic_0"),
    ("/solicitar/", {"topic": "format", "message": ""}, "Escriba qué formato necesita.", "message"),
    ("/solicitar/", {"needed_by": "2020-01-01"}, "Escriba una fecha desde hoy", "needed_by"),
    ("/solicitar/", {"needed_by": "mañana"}, "Escriba el día completo", "needed_by"),
    ("/solicitar/", {"email": "ana"}, "Escriba un correo completo", "email"),
    ("/reportar/", {"message": "  "}, "Escriba dónde está el problema", "message"),
    ("/reportar/", {"message": "x" * 2001}, "2000", "message"),
    ("/reportar/", {"about": ""}, "Escriba de qué recurso", "about"),
]


@pytest.mark.parametrize(("door", "values", "said", "field"), REFUSALS)
def test_a_mistake_is_said_in_a_summary_and_at_its_field_and_nothing_typed_is_lost(
    client, settings, door, values, said, field
):
    settings.EMAIL_IS_CONFIGURED = True
    typed = {"about": "Mi guía", "email": "ana@example.org"} | values
    answer = write(client, door, **typed)
    assert answer.status_code == 422
    html = answer.text
    assert "<title>Error: " in html
    assert re.search(r'id="errores" tabindex="-1" autofocus', html)
    assert f'href="#campo-{field}"' in html
    assert html.count(said) >= 2
    kept = {
        "about": "Mi guía",
        "email": "ana@example.org",
        "message": GOOD[door]["message"],
    } | values
    for name in ("about", "email", "message"):
        assert kept[name].strip() in html
    assert not Ticket.objects.exists()


def test_a_broken_link_needs_no_further_words(client):
    assert make_ticket(client, path="/reportar/", topic="broken", message="").message == ""


def test_a_filled_trap_is_refused_with_the_way_on_and_the_second_try_goes_through(client):
    answer = write(client, "/reportar/", trap="http://spam.example")
    assert answer.status_code == 422
    assert "Deje vacío el último campo" in answer.text
    assert "spam.example" not in answer.text
    assert write(client, "/reportar/", seal=seal_of(answer.text)).status_code == 303


def test_a_form_sent_faster_than_anyone_reads_is_accepted_and_pointed_out_to_the_desk(
    client, freeze, monkeypatch
):
    monkeypatch.setattr(antispam, "FASTEST", 3)
    start = timezone.now()
    freeze(start)
    seal = seal_of(client.get("/reportar/").text)
    freeze(start + timedelta(seconds=1))
    early = write(client, "/reportar/", seal=seal)
    assert early.status_code == 303, "nobody is accused who types fast or whose browser fills in"
    seal = seal_of(client.get("/reportar/").text)
    freeze(start + timedelta(seconds=9))
    assert write(client, "/reportar/", seal=seal).status_code == 303
    hasty, calm = Ticket.objects.order_by("pk")
    assert (hasty.is_hasty, calm.is_hasty) == (True, False)
    client.force_login(make_editor("Publicación"))
    for ticket, is_told in ((hasty, True), (calm, False)):
        page = client.get(reverse("admin:participation_ticket_change", args=[ticket.pk])).text
        assert ("Enviada a los pocos segundos" in page) == is_told


def test_a_form_left_open_for_days_is_renewed(client, freeze):
    start = timezone.now()
    freeze(start)
    seal = seal_of(client.get("/reportar/").text)
    freeze(start + timedelta(days=2))
    late = write(client, "/reportar/", seal=seal)
    assert (late.status_code, "más de un día" in late.text) == (422, True)
    assert write(client, "/reportar/", seal=seal_of(late.text)).status_code == 303


@pytest.mark.parametrize("seal", ["", "x", "x:y:z", "W10:1abc:def", "ñ" * 600])
def test_a_form_that_did_not_come_from_here_is_refused_with_a_new_one(client, seal):
    answer = write(client, "/reportar/", seal=seal)
    assert (answer.status_code, "No pudimos comprobar" in answer.text) == (422, True)
    assert write(client, "/reportar/", seal=seal_of(answer.text)).status_code == 303


def test_a_form_sent_twice_is_one_ticket(client):
    seal = seal_of(client.get("/reportar/").text)
    first, second = (write(client, "/reportar/", seal=seal) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1
    assert SendCount.objects.get().count == 1


def test_one_connection_sends_so_many_a_day_and_the_refusal_says_how_to_go_on(
    client, settings, freeze
):
    settings.TICKETS_PER_DAY = 2
    now = timezone.make_aware(timezone.datetime(2026, 11, 23, 21))
    freeze(now)
    for _ in range(2):
        assert write(client, "/reportar/").status_code == 303
    refused = write(client, "/solicitar/")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 3 * 3600
    assert "Lo que escribió sigue abajo" in refused.text
    assert GOOD["/solicitar/"]["message"] in refused.text
    assert write(client, "/reportar/", extra={"REMOTE_ADDR": "203.0.113.9"}).status_code == 303
    cache.clear()  # a restart forgives nothing
    assert write(client, "/reportar/").status_code == 429
    assert Ticket.objects.count() == 3
    freeze(now + timedelta(hours=4))
    assert write(client, "/reportar/").status_code == 303


def test_no_address_is_kept_and_the_next_day_its_sum_is_gone(client, freeze):
    now = timezone.now()
    freeze(now)
    write(client, "/reportar/", extra={"REMOTE_ADDR": "203.0.113.9"})
    row, salt = SendCount.objects.get(), DailySalt.objects.get()
    assert "203.0.113.9" not in row.who
    assert re.fullmatch(r"[0-9a-f]{64}", row.who)
    freeze(now + timedelta(days=1))
    write(client, "/reportar/", extra={"REMOTE_ADDR": "203.0.113.9"})
    assert SendCount.objects.get().who != row.who
    assert DailySalt.objects.get().salt != salt.salt


def test_a_flood_is_turned_away_with_a_page_that_asks_the_database_for_nothing_more(
    client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("participation.views.MOST_TRIES", 3)
    for _ in range(3):
        assert write(client, "/reportar/", seal="x").status_code == 422
    with django_assert_max_num_queries(1):  # the portal's row, by the middleware
        answer = client.post("/reportar/", {"message": "otra vez"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert re.search(r"<textarea[^>]* readonly>otra vez</textarea>", answer.text)
    assert client.get("/reportar/").status_code == 200
    assert client.post("/reportar/", {}, REMOTE_ADDR="203.0.113.9").status_code == 422


def test_a_submission_larger_than_the_form_allows_is_not_read(client):
    answer = client.post("/reportar/", {"message": "x" * 70_000})
    assert (answer.status_code, "demasiado largo" in answer.text) == (413, True)


def test_typed_text_is_escaped(client):
    evil = "<script>alert(1)</script>"
    assert "<script>alert" not in write(client, "/reportar/", about=evil, message="").text
    ticket = make_ticket(client, message=evil)
    assert "<script>alert" not in client.get(ticket.get_absolute_url()).text
