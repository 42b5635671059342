"""A forgotten password: with mail a link, without mail the name of who can help."""

import re

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse

from resources.models import SiteSettings
from tests.makers import make_editor

pytestmark = pytest.mark.django_db
NEW = "una-frase-larga-2026"


def test_with_mail_the_link_of_the_message_sets_a_new_password(client, settings):
    settings.EMAIL_IS_CONFIGURED = True
    settings.SITE_URL = "https://recursos.example.org"
    person = make_editor(email="ana@example.org")
    SiteSettings.load()
    assert reverse("admin_password_reset") in client.get(reverse("admin:login")).content.decode()
    client.post(reverse("admin_password_reset"), {"email": "ana@example.org"})
    (message,) = mail.outbox
    assert "Contraseña nueva" in message.subject
    assert person.username in message.body
    link = re.search(r"https://recursos\.example\.org(/\S+)", message.body)[1]
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert client.login(username=person.username, password=NEW)


def test_a_used_link_says_so(client, settings):
    settings.EMAIL_IS_CONFIGURED = True
    url = reverse("password_reset_confirm", args=["MQ", "abc-def"])
    assert "ya no sirve" in client.get(url).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_message(client, settings):
    settings.EMAIL_IS_CONFIGURED = True
    response = client.post(reverse("admin_password_reset"), {"email": "nadie@example.org"})
    assert response.url == reverse("password_reset_done")
    assert not mail.outbox


def test_without_mail_the_door_says_who_can_help_and_nothing_is_sent(client, settings):
    settings.EMAIL_IS_CONFIGURED = False
    make_editor(email="ana@example.org")
    door = client.get(reverse("admin:login")).content.decode()
    assert "make editor" in door
    assert reverse("admin_password_reset") not in door
    response = client.post(reverse("admin_password_reset"), {"email": "ana@example.org"})
    assert response.status_code == 200
    assert "make editor" in response.content.decode()
    assert not mail.outbox


@pytest.mark.parametrize(
    "name", ["admin_password_reset", "password_reset_done", "password_reset_complete"]
)
def test_each_step_is_a_page_in_spanish_with_one_heading(client, settings, name):
    settings.EMAIL_IS_CONFIGURED = True
    page = client.get(reverse(name)).content.decode()
    assert '<html lang="es"' in page
    assert page.count("<h1") == 1


def ask(email: str, where: str = "203.0.113.9"):
    return Client().post(reverse("admin_password_reset"), {"email": email}, REMOTE_ADDR=where)


def test_requests_for_a_link_wait_alike_for_known_and_unknown_addresses(settings):
    settings.EMAIL_IS_CONFIGURED = True
    make_editor(email="ana@example.org")
    with time_machine.travel("2026-05-03T17:00:00Z", tick=False) as clock:
        for email in ("ana@example.org", "nadie@example.org"):
            answers = [ask(email) for _ in range(4)]
            assert [a.status_code for a in answers] == [302, 302, 302, 429]
            assert answers[3]["Retry-After"] == "15"
            assert "Espere 15 segundos" in answers[3].text
            assert f'value="{email}"' in answers[3].text
            clock.shift(3600)
        assert len(mail.outbox) == 3
        assert ask("ana@example.org").status_code == 302


@pytest.mark.parametrize("spelling", ["ANA@example.org", " ana@example.org "])
def test_variants_of_an_address_are_one(settings, spelling):
    settings.EMAIL_IS_CONFIGURED = True
    make_editor(email="ana@example.org")
    with time_machine.travel("2026-05-03T17:00:00Z", tick=False):
        for _ in range(3):
            ask(spelling)
        assert ask("ana@example.org").status_code == 429


def test_requests_of_one_network_wait_whatever_the_address(settings):
    settings.EMAIL_IS_CONFIGURED = True
    with time_machine.travel("2026-05-03T17:00:00Z", tick=False):
        for n in range(10):
            assert ask(f"persona{n}@example.org").status_code == 302
        assert ask("otra@example.org").status_code == 429
        assert ask("otra@example.org", where="198.51.100.7").status_code == 302


def test_the_message_is_sent_by_the_worker_and_its_task_holds_no_address(settings):
    settings.EMAIL_IS_CONFIGURED = True
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    person = make_editor(email="ana@example.org")
    assert ask("ana@example.org").status_code == 302
    assert mail.outbox == []
    task = apps.get_model("django_tasks_database", "DBTaskResult").objects.get()
    assert task.args_kwargs == {"args": [person.pk], "kwargs": {}}


def test_whoever_has_chosen_a_new_password_enters_though_strangers_have_tried(client, settings):
    settings.EMAIL_IS_CONFIGURED = True
    person = make_editor(email="ana@example.org")
    ask("ana@example.org")
    link = re.search(r"/admin/clave/\S+", mail.outbox[0].body)[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"new_password1": NEW, "new_password2": NEW})
    typed = {"username": person.username, "password": "equivocada"}
    for _ in range(6):
        Client().post(reverse("admin:login"), typed)
    assert Client().post(reverse("admin:login"), typed | {"password": NEW}).status_code == 429
    assert client.post(reverse("admin:login"), typed | {"password": NEW}).status_code == 302
