"""Steps of one resource: notes and letters, withdrawal with its reason, copies."""

import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from resources.kinds.document import Document
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.models import Revision
from resources.workflow.schedule import apply_due
from tests.admin.desk import errors, form_url, page_url, said, send, sign_in
from tests.makers import make_document, make_editor, make_file, make_law, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(settings, django_capture_on_commit_callbacks):
    settings.EMAIL_IS_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://recursos.example"
    mail.outbox = []

    def sent() -> list:
        found, mail.outbox = mail.outbox, []
        return found

    return sent


# --- Notes and letters


def test_each_step_carries_a_note_and_a_letter_to_the_next_person(client, letters):
    publisher = make_editor("Publicación", email="publica@example.org", first_name="Rosa")
    make_editor("Edición", email="otra@example.org")
    preparer = make_editor("Edición", email="prepara@example.org")
    document = make_document(title="Guía de agua", status="draft", link_pending=True)

    client.force_login(preparer)
    send(client, form_url(document), _review="1", step_note="Revise la tabla 3.")
    (letter,) = letters()
    assert letter.to == ["publica@example.org"]
    assert "Guía de agua" in letter.subject
    assert "Revise la tabla 3." in letter.body
    assert f"https://recursos.example{form_url(document)}" in letter.body

    client.force_login(publisher)
    assert "Revise la tabla 3." in client.get(form_url(document)).content.decode()
    send(client, form_url(document), _return="1", step_note="Falta la fuente.")
    (letter,) = letters()
    assert letter.to == ["prepara@example.org"]
    assert "Rosa devolvió a borrador" in letter.body
    document.refresh_from_db()
    assert document.status == "draft"

    client.force_login(preparer)
    assert "Falta la fuente." in client.get(form_url(document)).content.decode()
    send(client, form_url(document), _review="1")
    letters()
    client.force_login(publisher)
    send(client, form_url(document), _publish="1")
    (letter,) = letters()
    assert letter.to == ["prepara@example.org"]
    assert f"https://recursos.example{document.get_absolute_url()}" in letter.body


def test_a_mailbox_that_refuses_keeps_no_letter_from_the_others(
    client, letters, monkeypatch, caplog
):
    for name in ("a-rota", "b-buena"):
        make_editor("Publicación", email=f"{name}@example.org")
    send_letter = EmailMessage.send

    def send_unless_broken(letter: EmailMessage, *args) -> int:
        if letter.to == ["a-rota@example.org"]:
            raise SMTPRecipientsRefused({"a-rota@example.org": (550, b"unknown")})
        return send_letter(letter, *args)

    monkeypatch.setattr(EmailMessage, "send", send_unless_broken)
    sign_in(client, "Edición")
    document = make_document(status="draft", link_pending=True)
    send(client, form_url(document), _review="1")
    assert [letter.to for letter in letters()] == [["b-buena@example.org"]]
    assert "SMTPRecipientsRefused" in caplog.text
    assert "a-rota" not in caplog.text, "no address stands in a log"


def test_without_mail_nothing_is_sent_and_the_note_is_kept(client, settings):
    settings.EMAIL_IS_CONFIGURED = False
    make_editor("Publicación", email="publica@example.org")
    sign_in(client, "Edición")
    document = make_document(status="draft")
    send(client, form_url(document), _review="1", step_note="Para el lunes.")
    assert mail.outbox == []
    assert Revision.objects.of(document)[0].note == "Para el lunes."


def test_returning_asks_for_a_note(client):
    sign_in(client)
    document = make_document(status="review", link_pending=True)
    response = send(client, form_url(document), _return="1")
    assert "step_note" in errors(response)
    document.refresh_from_db()
    assert document.status == "review"


# --- Withdrawing


def test_withdrawing_asks_for_the_reason_that_visitors_read(client):
    sign_in(client)
    document = make_document()
    url = page_url(document, "withdraw")
    assert "motivo" in client.get(url).content.decode().lower()
    assert client.post(url, {"reason": " "}).context["form"].errors["reason"]
    client.post(url, {"reason": "Hay otra edición."})
    client.logout()
    answer = client.get(document.get_absolute_url())
    assert answer.status_code == 410
    assert "Hay otra edición." in answer.content.decode()


def test_a_withdrawal_may_wait_for_its_day(client):
    sign_in(client)
    document = make_document()
    url = page_url(document, "withdraw")
    past = client.post(url, {"reason": "Vence.", "withdraw_at": "2020-01-01T00:00"})
    assert "withdraw_at" in past.context["form"].errors
    at = timezone.localtime() + dt.timedelta(days=3)
    client.post(url, {"reason": "Vence.", "withdraw_at": at.strftime("%Y-%m-%dT%H:%M")})
    document.refresh_from_db()
    assert document.is_public
    apply_due(timezone.now() + dt.timedelta(days=4))
    document.refresh_from_db()
    assert (document.status, document.withdrawn_reason) == ("withdrawn", "Vence.")


def test_what_is_not_published_is_not_withdrawn_and_edicion_withdraws_nothing(client):
    sign_in(client)
    draft = make_document(status="draft")
    assert "no hay nada que retirar" in said(client.get(page_url(draft, "withdraw"), follow=True))
    sign_in(client, "Edición")
    for document in (draft, make_document()):
        assert client.post(page_url(document, "withdraw"), {"reason": "x"}).status_code == 403


# --- Copies


def test_a_copy_is_a_draft_with_the_words_and_without_what_is_the_original_s(client, tmp_path):
    sign_in(client, "Edición")
    section = make_section()
    law = make_law(
        title="Ley de aguas",
        section=section,
        tags=("agua",),
        gazette="RO 1",
        evidence_note="Nota.",
        verified_on=timezone.localdate(),
    )
    make_file(law, folder=tmp_path)
    LegalRelation.objects.create(source=law, verb="repeals", target_citation="Otra")
    answer = client.post(page_url(law, "duplicate"))
    copy = LegalInstrument.objects.exclude(pk=law.pk).get()
    assert answer.url == form_url(copy)
    assert (copy.title, copy.status, copy.summary) == (
        "Copia de Ley de aguas",
        "draft",
        law.summary,
    )
    assert (copy.gazette, copy.verified_on, copy.evidence_note) == ("", None, "")
    assert [tag.name for tag in copy.tags.all()] == ["agua"]
    assert not copy.files.exists()
    assert not copy.outgoing.exists()
    assert copy.position > law.position
    assert client.get(page_url(law, "duplicate")).status_code == 405


def test_a_copy_has_no_file_and_its_card_tells_of_none(client, tmp_path):
    sign_in(client)
    document = make_document(title="Guía de agua")
    make_file(document, folder=tmp_path)
    make_file(document, folder=tmp_path, role="accessible", accessible=True)
    assert "accesible</li>" in client.get("/recursos/").text
    client.post(page_url(document, "duplicate"))
    copy = Document.objects.exclude(pk=document.pk).get()
    send(client, form_url(copy), title="Guía de riego", link_pending="on")
    send(client, form_url(copy), _publish="1")
    Document.objects.filter(pk=document.pk).update(status="draft")
    page = client.get("/recursos/").text
    assert "Guía de riego" in page
    assert "accesible</li>" not in page
