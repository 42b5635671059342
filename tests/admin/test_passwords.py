"""A forgotten password: with mail a link, without mail the name of who can help."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from resources.models import Portal
from tests.makers import make_editor

pytestmark = pytest.mark.django_db
NEW = "una-frase-larga-2026"


def test_with_mail_the_link_of_the_message_sets_a_new_password(client, settings):
    settings.EMAIL_IS_CONFIGURED = True
    settings.SITE_URL = "https://recursos.example.org"
    person = make_editor(email="ana@example.org")
    Portal.load()
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
