"""Steps of one resource: notes and letters, withdrawal with its reason, links to drafts, versions of files, copies, the bin."""

import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from resources.models import (
    Document,
    Edit,
    FileVersion,
    FormerAddress,
    LegalInstrument,
    LegalRelation,
    Portal,
    Resource,
)
from resources.models.resource import IN_BIN
from resources.publishing.settle import settle
from tests.admin.desk import errors, form_url, said, send, sign_in, upload
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_law,
    make_section,
    make_video,
    pdf_bytes,
    png_bytes,
)

pytestmark = pytest.mark.django_db


def page_url(resource, page: str, *more) -> str:
    return reverse(f"admin:resources_{resource.kind}_{page}", args=[resource.pk, *more])


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
    assert Edit.objects.of(document)[0].note == "Para el lunes."


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
    settle(timezone.now() + dt.timedelta(days=4))
    document.refresh_from_db()
    assert (document.status, document.withdrawn_reason) == ("withdrawn", "Vence.")


def test_what_is_not_published_is_not_withdrawn_and_edicion_withdraws_nothing(client):
    sign_in(client)
    draft = make_document(status="draft")
    assert "no hay nada que retirar" in said(client.get(page_url(draft, "withdraw"), follow=True))
    sign_in(client, "Edición")
    for document in (draft, make_document()):
        assert client.post(page_url(document, "withdraw"), {"reason": "x"}).status_code == 403


# --- Links to drafts


def link_to(client, resource, days: int = 7) -> str:
    page = client.post(page_url(resource, "preview"), {"days": days})
    return page.context["link"].removeprefix(settings.SITE_URL)


def test_a_link_shows_a_draft_and_its_files_to_someone_without_an_account(client, tmp_path):
    sign_in(client, "Edición")
    document = make_document(title="Guía secreta", status="draft")
    version = make_file(document, folder=tmp_path)
    link = link_to(client, document)
    client.logout()
    page = client.get(link)
    assert page.status_code == 200
    html = page.content.decode()
    assert "Guía secreta" in html
    assert "Vista previa" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "Editar este recurso" not in html
    assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    shared = f"{link}archivos/{version.file.file_name}"
    assert shared in html
    answer = client.get(shared)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert client.get(document.get_absolute_url()).status_code == 404
    assert client.get(version.file.get_absolute_url()).status_code == 404


def test_a_link_ends_on_its_day(client, freeze):
    sign_in(client)
    document = make_document(title="Guía secreta", status="draft")
    link = link_to(client, document, days=1)
    client.logout()
    freeze(timezone.now() + dt.timedelta(days=2))
    answer = client.get(link)
    assert answer.status_code == 410
    assert "Guía secreta" not in answer.content.decode()
    assert "Pida otro" in answer.content.decode()


def test_links_are_revoked_all_at_once_and_die_with_the_draft(client):
    sign_in(client)
    document = make_document(status="draft")
    link = link_to(client, document)
    client.post(page_url(document, "preview"), {"revoke": "1"})
    assert client.get(link).status_code == 410
    link = link_to(client, document)
    assert client.get(link).status_code == 200
    client.post(form_url(document, "delete"), {"post": "yes"})
    assert client.get(link).status_code == 410


def test_a_link_leads_to_the_page_once_it_is_public(client):
    sign_in(client)
    document = make_document(status="draft", link_pending=True)
    link = link_to(client, document)
    send(client, form_url(document), slug="otra-direccion", _publish="1")
    client.logout()
    assert client.get(link).url == "/recursos/otra-direccion/"


def test_a_forged_link_shows_nothing(client):
    sign_in(client)
    one, two = make_document(status="draft"), make_document(status="draft")
    link = link_to(client, one)
    client.logout()
    assert client.get(link[:-2] + "x/").status_code == 404
    moved = client.get(link.replace(one.slug, two.slug))
    assert two.title not in moved.content.decode()
    assert client.post(link).status_code == 405


def test_what_is_public_needs_no_link(client):
    sign_in(client)
    page = client.post(page_url(make_document(), "preview"), {"days": 7})
    assert page.context["link"] == ""
    assert "ya es público" in page.content.decode()


# --- Versions of files


def two_versions(client, tmp_path) -> tuple[Document, FileVersion, FileVersion]:
    first = make_file(make_document(), folder=tmp_path)
    document = first.file.resource
    send(
        client,
        form_url(document),
        files__0__upload=upload(pdf_bytes("dos")),
        files__0__change_note="Corrige.",
    )
    return document, first, FileVersion.objects.get(number=2)


def test_an_earlier_version_is_taken_up_again_from_the_list_of_versions(client, tmp_path):
    sign_in(client)
    document, first, _ = two_versions(client, tmp_path)
    url = page_url(document, "take_up", first.pk)
    assert url in client.get(form_url(document)).content.decode()
    assert "versión 1" in client.get(url).content.decode()
    client.post(url)
    document.refresh_from_db()
    assert document.main_version.number == 3
    assert document.main_version.sha256 == first.sha256
    assert "ya es la versión actual" in said(
        client.post(page_url(document, "take_up", document.main_version_id), follow=True)
    )


def test_withholding_asks_for_a_reason_and_a_confirmation_and_erases(
    client, tmp_path, django_capture_on_commit_callbacks
):
    sign_in(client)
    document, first, _ = two_versions(client, tmp_path)
    url = page_url(document, "withhold", first.pk)
    stored = settings.MEDIA_ROOT / first.stored.name
    for answer in ({}, {"reason": "Datos."}, {"is_sure": "on"}):
        assert client.post(url, answer).context["form"].errors
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"reason": "Datos personales.", "is_sure": "on"})
    assert not stored.exists()
    assert Edit.objects.of(document)[0].action == "withheld"
    client.logout()
    answer = client.get(first.get_absolute_url())
    assert answer.status_code == 410
    assert "Datos personales." in answer.content.decode()


def test_withholding_is_for_those_who_publish(client, tmp_path):
    sign_in(client, "Edición")
    version = make_file(make_document(status="draft"), folder=tmp_path)
    document = version.file.resource
    url = page_url(document, "withhold", version.pk)
    assert url not in client.get(form_url(document)).content.decode()
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": "x", "is_sure": "on"}).status_code == 403


def test_a_version_is_reached_through_its_own_resource_only(client, tmp_path):
    sign_in(client)
    version = make_file(make_document(), folder=tmp_path)
    other = make_document()
    for page in ("withhold", "take_up"):
        assert client.get(page_url(other, page, version.pk)).status_code == 404


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


# --- The bin


def test_the_bin_is_emptied_after_thirty_days_and_tombstones_stay(
    client, tmp_path, django_capture_on_commit_callbacks
):
    sign_in(client)
    version = make_file(make_document(title="Guía vieja"), folder=tmp_path)
    document = version.file.resource
    send(client, form_url(document), cover=upload(png_bytes(), "foto.png"))
    draft = make_document(status="draft")
    kept = make_document()
    for thing in (document, draft):
        client.post(form_url(thing, "delete"), {"post": "yes"})
    document = Resource.objects.get(pk=document.pk)
    stored = [
        settings.MEDIA_ROOT / version.stored.name,
        settings.PICTURES_ROOT / document.cover.name,
    ]
    assert (
        Portal.load().next_due_at
        == min(
            Resource.objects.filter(deleted_at__isnull=False).values_list("deleted_at", flat=True)
        )
        + IN_BIN
    )
    settle(timezone.now() + IN_BIN - dt.timedelta(hours=1), force=True)
    assert Resource.objects.count() == 3
    with django_capture_on_commit_callbacks(execute=True):
        settle(timezone.now() + IN_BIN)
    assert [resource.pk for resource in Resource.objects.all()] == [kept.pk]
    assert not any(path.exists() for path in stored)
    assert FormerAddress.objects.get().path == "recursos/guia-vieja"
    assert not Edit.objects.of(document).exists()
    client.logout()
    assert client.get(document.get_absolute_url()).status_code == 410


def test_a_law_that_goes_for_good_is_still_cited_by_those_it_amended():
    amended = make_law(evidence_note="Nota.", verified_on=timezone.localdate(), link_pending=True)
    amending = make_law(
        title="Ley reformatoria", evidence_note="Nota.", verified_on=timezone.localdate()
    )
    planned = make_law(title="Proyecto", status="draft")
    for source in (amending, planned):
        LegalRelation.objects.create(source=source, verb="amends", target=amended)
    Resource.objects.filter(pk__in=[amending.pk, planned.pk]).update(
        deleted_at=timezone.now() - IN_BIN
    )
    settle(force=True)
    assert LegalRelation.objects.get().source_citation == "Ley reformatoria"
    amended.refresh_from_db()
    assert amended.force == "amended"


# --- Laws


def test_a_law_is_verified_from_its_list_beside_its_source(client):
    sign_in(client)
    past = timezone.localdate() - dt.timedelta(days=1)
    law = make_law(
        evidence_url="https://example.org/ley", review_by=past, verified_on=past, link_pending=True
    )
    assert law.force == "unverified"
    url = reverse("admin:resources_legalinstrument_changelist")
    page = client.get(url, {"revision": "vencida"}).content.decode()
    assert 'href="https://example.org/ley"' in page
    assert page_url(law, "verify") in page
    answer = client.post(
        page_url(law, "verify"),
        {"filters": "revision=vencida"},
        follow=True,
    )
    assert answer.redirect_chain[-1][0].endswith("?revision=vencida")
    law.refresh_from_db()
    assert (law.force, law.verified_on) == ("in_force", timezone.localdate())
    assert law.review_by == timezone.localdate() + dt.timedelta(days=365)


def test_a_law_without_a_source_is_not_verified_by_any_door(client):
    sign_in(client)
    law = make_law(link_pending=True)
    answer = client.post(page_url(law, "verify"), follow=True)
    assert "dónde se comprueba" in said(answer)
    assert "evidence_url" in errors(send(client, form_url(law), _verified="1"))
    law.refresh_from_db()
    assert law.verified_on is None


def test_edicion_does_not_verify_what_is_public(client):
    sign_in(client, "Edición")
    law = make_law(evidence_note="Nota.")
    page = client.get(reverse("admin:resources_legalinstrument_changelist")).content.decode()
    assert "Verificado hoy" not in page.replace("Marcar como verificadas hoy", "")
    answer = client.post(page_url(law, "verify"))
    assert answer.status_code == 403


def test_past_its_review_a_law_is_unverified_and_stands_in_the_list_of_what_to_review(client):
    sign_in(client)
    today = timezone.localdate()
    law = make_law(evidence_note="Nota.", verified_on=today, review_by=today)
    assert law.force == "in_force"
    Resource.objects.filter(pk=make_video().pk).update(review_by=today + dt.timedelta(days=10))
    settle(timezone.now() + dt.timedelta(days=2))
    law.refresh_from_db()
    assert law.force == "unverified"
    Resource.objects.filter(pk=law.pk).update(review_by=today - dt.timedelta(days=1))
    lists = {"vencida": 1, "pronto": 1, "sin-fecha": 0}
    for answer, count in lists.items():
        page = client.get(reverse("admin:resources_resource_changelist"), {"revision": answer})
        assert page.context["cl"].result_count == count, answer


# --- The order of a section


def test_a_change_of_order_is_told_in_the_section_s_history(client):
    sign_in(client)
    section = make_section()
    one, two = (
        make_document(title=t, section=section, position=p) for t, p in (("A", 1), ("B", 2))
    )
    url = reverse("admin:resources_section_order", args=[section.pk])
    client.post(url, {f"position-{one.pk}": "20", f"position-{two.pk}": "10"})
    page = client.get(reverse("admin:resources_section_history", args=[section.pk]))
    assert "«A»: 1 → 2" in page.content.decode()
