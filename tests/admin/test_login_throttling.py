"""The brake of sign-in: by account and by network, soft for the owner, told in the log, by mail and at the desk."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.attempt_throttle import delay_in_words
from portal.editor_accounts import create_or_reset_editor
from portal.models import AttemptCount
from tests.makers import make_editor

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "clave-de-prueba", "clave-equivocada"
DOOR = "/admin/login/"
HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"
NOON = datetime(2026, 5, 3, 17, 0, tzinfo=UTC)  # noon in Guayaquil


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(db):
    return make_editor("Publicación", username="ana", email="ana@example.org")


def enter(client: Client, username: str = "ana", password: str = WRONG, where: str = HERE, **data):
    """Send the sign-in form."""
    typed = {"username": username, "password": password} | data
    return client.post(DOOR, typed, REMOTE_ADDR=where)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def known_client(where: str = HERE) -> Client:
    """Return a browser in which Ana has signed in before, and out."""
    client = Client()
    assert enter(client, password=RIGHT, where=where).status_code == 302
    client.post("/admin/logout/")
    assert not is_in(client)
    return client


def test_the_sixth_wrong_password_waits_and_says_how_long(client, ana, clock):
    for _ in range(5):
        answer = enter(client)
        assert answer.status_code == 200
    answer = enter(client)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "15"
    assert "Espere 15 segundos y vuelva a intentarlo" in answer.text
    assert 'value="ana"' in answer.text, "what was typed stays"
    assert "Content-Security-Policy" in answer.headers
    assert enter(client, password=RIGHT).status_code == 429, "nor is the right one let in"


def test_the_wait_grows_to_some_minutes_and_no_further(client, ana, clock):
    waits = []
    for _ in range(14):
        answer = enter(client)
        if answer.status_code == 429:
            waits.append(int(answer["Retry-After"]))
            clock.shift(waits[-1])
            enter(client)
    assert waits[:4] == [15, 30, 60, 120]
    assert max(waits) == 600
    clock.shift(600)
    assert enter(client, password=RIGHT).status_code == 302


def test_attempts_while_waiting_do_not_prolong_the_wait(client, ana, clock):
    for _ in range(5):
        enter(client)
    for _ in range(30):
        enter(client)
    clock.shift(15)
    assert enter(client, password=RIGHT).status_code == 302


def test_counts_are_forgotten_after_a_day(client, ana, clock):
    for _ in range(5):
        enter(client)
    clock.shift(timedelta(days=1, seconds=1))
    for _ in range(5):
        assert enter(client).status_code == 200


@pytest.mark.parametrize("spelling", [" ana ", "ANA", "Ana", "\uff41na", "ana\u3000", "\tana"])
def test_variants_of_the_user_name_are_one_account(client, ana, clock, spelling):
    for _ in range(5):
        enter(client, username=spelling)
    assert enter(client).status_code == 429


def test_composed_and_decomposed_letters_are_one_account(client, clock):
    make_editor("Publicación", username="ni\u00f1o")
    for _ in range(5):
        enter(client, username="nin\u0303o")
    assert enter(client, username="ni\u00f1o").status_code == 429


def test_an_unknown_account_is_treated_as_a_known_one(client, ana, clock):
    known = [enter(client, "ana", where=HERE) for _ in range(7)]
    unknown = [enter(client, "nadie", where=ELSEWHERE) for _ in range(7)]
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    assert known[-1].text.count("Espere") == unknown[-1].text.count("Espere") == 1


def test_the_count_of_an_account_holds_from_every_network_and_browser(ana, clock):
    for n in range(5):
        enter(Client(), where=f"203.0.113.{n}")
    assert enter(Client(), where=ELSEWHERE).status_code == 429


def test_the_count_of_a_network_holds_for_every_account(ana, clock):
    for n in range(20):
        assert enter(Client(), username=f"persona{n}").status_code == 200
    assert enter(Client(), username="otra").status_code == 429
    assert enter(Client(), password=RIGHT).status_code == 429
    assert enter(Client(), password=RIGHT, where=ELSEWHERE).status_code == 302


def test_an_ipv6_network_is_one_and_a_header_of_a_stranger_is_none(ana, clock, client):
    for n in range(20):
        enter(client, username=f"persona{n}", where=f"2001:db8:1:2::{n:x}")
    assert enter(client, username="otra", where="2001:db8:1:2:ffff::1").status_code == 429
    for n in range(20):
        client.post(
            DOOR,
            {"username": f"x{n}", "password": WRONG},
            REMOTE_ADDR=HERE,
            headers={"X-Forwarded-For": f"192.0.2.{n}"},
        )
    assert enter(client, username="otra", where=HERE).status_code == 429


def test_a_right_password_does_not_count_and_does_not_reset_the_network(ana, clock):
    for n in range(19):
        enter(Client(), username=f"persona{n}")
    assert enter(Client(), password=RIGHT).status_code == 302
    assert enter(Client(), username="otra").status_code == 200
    assert enter(Client(), username="otra").status_code == 429


def test_the_owner_enters_from_the_usual_browser_whatever_a_stranger_tries(ana, clock):
    own = known_client()
    for n in range(30):
        enter(Client(), username="ana" if n % 2 else f"persona{n}", where=HERE)
    assert enter(Client(), password=RIGHT, where=ELSEWHERE).status_code == 429
    assert enter(own, password=RIGHT, where=HERE).status_code == 302
    assert is_in(own)


def test_the_usual_browser_is_throttled_too_and_only_for_its_own_account(ana, clock):
    own = known_client()
    make_editor("Publicación", username="eva")
    for _ in range(5):
        assert enter(own).status_code == 200
    assert enter(own).status_code == 429
    for _ in range(5):
        enter(Client(), username="eva", where=ELSEWHERE)
    assert enter(own, username="eva", password=RIGHT, where=ELSEWHERE).status_code == 429


def test_a_forged_or_old_cookie_is_no_known_browser(ana, clock):
    own = known_client()
    for _ in range(5):
        enter(Client(), where=ELSEWHERE)
    forged = Client()
    forged.cookies["navegador"] = own.cookies["navegador"].value[:-2] + "xx"
    assert enter(forged, password=RIGHT).status_code == 429
    cookie = own.cookies["navegador"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Strict")
    clock.shift(timedelta(days=91))
    for _ in range(5):
        enter(Client(), where=ELSEWHERE)
    assert enter(own, password=RIGHT).status_code == 429


def test_the_database_counts_not_the_memory_of_a_process(client, ana, clock):
    for _ in range(5):
        enter(client)
        cache.clear()
    assert enter(client).status_code == 429


def test_the_table_tells_neither_account_nor_network_and_the_log_no_password(
    client, ana, clock, caplog
):
    with caplog.at_level(logging.WARNING):
        for _ in range(6):
            enter(client)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {AttemptCount._meta.db_table}")
        rows = str(cursor.fetchall())
    for trace in ("ana", HERE, WRONG):
        assert trace not in rows
    lines = [r.getMessage() for r in caplog.records if r.name == "portal.sign_in"]
    assert len(lines) == 6
    assert f"account {ana.pk}" in lines[0]
    for trace in (WRONG, HERE, "ana"):
        assert trace not in " ".join(lines)


def test_the_owner_is_told_at_the_desk_after_signing_in(ana, clock):
    for _ in range(4):
        enter(Client(), where=ELSEWHERE)
    clock.shift(3600)
    own = Client()
    page = own.post(DOOR, {"username": "ana", "password": RIGHT}, follow=True)
    assert "Hubo 4 intentos fallidos de entrar con su usuario" in page.text
    assert "desde el 3 de mayo de 2026, 12:00" in page.text
    own.post("/admin/logout/")
    page = own.post(DOOR, {"username": "ana", "password": RIGHT}, follow=True)
    assert "fallido" not in page.text


def test_the_owner_gets_one_message_when_the_waits_begin(ana, clock, settings):
    settings.EMAIL_IS_CONFIGURED = True
    for _ in range(4):
        enter(Client())
    assert mail.outbox == []
    for _ in range(3):
        enter(Client())
        clock.shift(600)
    (message,) = mail.outbox
    assert message.to == ["ana@example.org"]
    assert "5 intentos fallidos de entrar con el usuario «ana»" in message.body
    assert f"{django_settings.SITE_URL}/admin/password_change/" in message.body


def test_without_mail_or_account_no_message_is_sent(ana, clock, settings):
    settings.EMAIL_IS_CONFIGURED = True
    for _ in range(6):
        enter(Client(), username="nadie")
    settings.EMAIL_IS_CONFIGURED = False
    for _ in range(6):
        enter(Client(), where=ELSEWHERE)
    assert mail.outbox == []


def test_guesses_of_the_old_password_wait_too(client, ana, clock):
    client.force_login(ana)
    new = {"new_password1": "una-frase-larga-2026", "new_password2": "una-frase-larga-2026"}
    url = reverse("admin:password_change")
    for _ in range(5):
        assert client.post(url, {"old_password": WRONG} | new).status_code == 200
    answer = client.post(url, {"old_password": RIGHT} | new)
    assert answer.status_code == 429
    assert "Espere 15 segundos" in answer.text
    clock.shift(15)
    assert client.post(url, {"old_password": RIGHT} | new).status_code == 302
    assert get_user_model().objects.get(pk=ana.pk).check_password(new["new_password1"])


def test_the_old_password_s_count_does_not_block_the_sign_in(client, ana, clock):
    client.force_login(ana)
    for _ in range(6):
        client.post(reverse("admin:password_change"), {"old_password": WRONG})
    assert enter(Client(), password=RIGHT).status_code == 302


def test_the_empty_form_is_not_an_attempt(client, ana, clock):
    for _ in range(10):
        assert enter(client, password="").status_code == 200
    assert not AttemptCount.objects.exists()


def test_a_password_from_the_command_line_works_at_once(ana, clock):
    for _ in range(5):
        enter(Client())
    password, _ = create_or_reset_editor("ana")
    assert enter(Client(), password=password).status_code == 302


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 segundo"),
        (15, "15 segundos"),
        (60, "60 segundos"),
        (61, "2 minutos"),
        (600, "10 min"),
    ],
)
def test_a_wait_is_never_told_shorter_than_it_is(seconds, words):
    assert delay_in_words(seconds).startswith(words)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "http:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "%0d%0aLocation: //evil",
        "\r\nLocation: //evil",
        "/admin/logout/",
        "/admin/login/",
        "/admin/nada/",
        "/no/hay/nada",
        "evil.example",
        "",
        " ",
        "https://testserver@evil.example/",
    ],
)
@pytest.mark.parametrize("by", ["address", "field"])
def test_after_an_odd_next_the_desk_s_home_opens(client, ana, target, by):
    typed = {"username": "ana", "password": RIGHT}
    address = {"query_params": {"next": target}} if by == "address" else {}
    answer = client.post(DOOR, typed if address else typed | {"next": target}, **address)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


@pytest.mark.parametrize(
    "target",
    ["/admin/resources/document/", "/admin/resources/document", "/recursos/?q=agua", "/admin/#x"],
)
def test_a_next_of_this_site_is_followed(client, ana, target):
    answer = client.post(
        f"{DOOR}?next={target}", {"username": "ana", "password": RIGHT, "next": target}
    )
    assert answer["Location"] == target


def test_a_next_that_the_person_may_not_see_stays_in_the_site_and_says_so(client, ana):
    page = client.post(
        DOOR, {"username": "ana", "password": RIGHT, "next": "/admin/auth/user/"}, follow=True
    )
    assert page.status_code == 403
    assert "No tiene permiso" in page.text
