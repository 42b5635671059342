"""What the clock does is done as a person would: recorded, told, once, and without keeping anything waiting."""

import datetime as dt
from itertools import product

import pytest
from django.core import mail
from django.http import QueryDict
from django.utils import timezone

from resources.listing.request import ResourceSearch
from resources.models import Resource, Revision, SiteSettings
from resources.workflow import transitions
from resources.workflow.schedule import AT_ONCE, LEASE, apply_due
from search.index.writer import batch_index_updates
from tests.admin.desk import form_url, page_url, send, served, sign_in
from tests.makers import make_document, make_editor, make_section

pytestmark = pytest.mark.django_db
BY_CLOCK = "Por fecha programada."


def hours(count):
    return timezone.now() + dt.timedelta(hours=count)


def told(resource):
    return list(Revision.objects.of(resource).values_list("action", "by", "note"))


def test_a_publication_by_the_clock_is_recorded_once_without_a_person():
    document = make_document(published_at=hours(1))
    apply_due(hours(2))
    apply_due(hours(3), force=True)
    assert told(document)[0] == ("published", None, BY_CLOCK)
    assert [action for action, _, _ in told(document)].count("published") == 1


def test_a_withdrawal_by_the_clock_is_recorded_once_and_keeps_the_reason_given():
    document = make_document(withdraw_at=hours(1), withdrawn_reason="Vence la convocatoria.")
    bare = make_document(withdraw_at=hours(1))
    for count in (2, 3):
        apply_due(hours(count), force=True)
    for resource, reason in ((document, "Vence la convocatoria."), (bare, transitions.EXPIRED)):
        resource.refresh_from_db()
        assert (resource.status, resource.withdrawn_reason) == ("withdrawn", reason)
        assert resource.withdrawn_on == resource.withdraw_at
        assert told(resource)[0] == ("withdrawn", None, BY_CLOCK)
        assert [action for action, _, _ in told(resource)].count("withdrawn") == 1


def test_whoever_prepared_it_is_written_to(client, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_IS_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    preparer = make_editor("Edición", email="prepara@example.org")
    client.force_login(preparer)
    document = make_document(title="Guía", status="draft", link_pending=True)
    send(client, form_url(document), _review="1")
    sign_in(client)
    at, end = (hours(count).astimezone(timezone.get_current_timezone()) for count in (24, 48))
    form = {"published_at": f"{at:%Y-%m-%dT%H:%M}", "withdraw_at": f"{end:%Y-%m-%dT%H:%M}"}
    send(client, form_url(document), _publish="1", **form)
    mail.outbox = []
    apply_due(hours(25))
    (letter,) = mail.outbox
    assert letter.to == ["prepara@example.org"]
    assert "Publicado: Guía" in letter.subject
    assert "El sitio publicó «Guía»" in letter.body
    assert BY_CLOCK in letter.body
    assert "Su nota" not in letter.body
    mail.outbox = []
    apply_due(hours(49))
    (letter,) = mail.outbox
    assert "Retirado: Guía" in letter.subject
    assert transitions.EXPIRED in letter.body


def test_the_history_tells_the_schedule_with_its_date_and_what_the_clock_did(client):
    sign_in(client)
    document = make_document(status="draft", link_pending=True)
    at = hours(24).astimezone(timezone.get_current_timezone()).replace(second=0, microsecond=0)
    send(client, form_url(document), published_at=f"{at:%Y-%m-%dT%H:%M}", _publish="1")
    page = client.get(page_url(document, "history")).text
    assert f"Programado para el {at.day}/{at.month}/{at.year} {at:%H:%M}" in page
    assert "Estado actual" not in page
    apply_due(hours(25))
    page = client.get(page_url(document, "history")).text
    assert "Programado para el" in page
    assert "Estado actual" in page
    assert BY_CLOCK in page
    assert BY_CLOCK not in client.get(form_url(document)).text


def test_a_publication_by_the_clock_is_found_and_dated_by_its_instant(client, freeze):
    at = hours(1)
    document = make_document(title="Guía de humedales", published_at=at)
    assert document.get_absolute_url() not in client.get("/recursos/?q=humedales").text
    freeze(at + dt.timedelta(minutes=1))
    assert document.get_absolute_url() in client.get("/recursos/?q=humedales").text
    document.refresh_from_db()
    assert (document.updated, document.awaits_clock) == (at, False)
    assert (
        SiteSettings.load().next_due_at is None or SiteSettings.load().next_due_at > timezone.now()
    )


def test_an_edit_between_the_instant_and_its_settling_hides_no_publication():
    at = hours(1)
    document = make_document(published_at=at)
    Resource.objects.filter(pk=document.pk).update(updated=hours(3))
    apply_due(hours(2))
    assert told(document)[0] == ("published", None, BY_CLOCK)


def test_a_form_opened_before_the_clock_withdrew_does_not_publish_again(client, freeze):
    sign_in(client)
    document = make_document(link_pending=True, withdraw_at=hours(1))
    typed = served(client, form_url(document)) | {"summary": "Otra."}
    freeze(hours(2))
    answer = client.post(form_url(document), typed)
    assert "alguien guardó otros cambios" in answer.text
    document.refresh_from_db()
    assert document.status == "withdrawn"


def test_a_form_opened_before_the_clock_published_is_saved_all_the_same(client, freeze):
    sign_in(client)
    document = make_document(link_pending=True, published_at=hours(1))
    typed = served(client, form_url(document)) | {"summary": "Otra."}
    freeze(hours(2))
    assert client.post(form_url(document), typed).status_code == 302
    document.refresh_from_db()
    assert (document.is_public, document.summary) == (True, "Otra.")
    assert [action for action, _, _ in told(document)][:2] == ["changed", "published"]


def test_a_failure_with_one_keeps_neither_the_others_nor_the_page_waiting(
    client, freeze, monkeypatch, caplog
):
    bad, good = make_document(title="A", withdraw_at=hours(1)), make_document(withdraw_at=hours(1))
    real = transitions.DUE_CHANGES["withdrawn"]

    def expire(resource):
        if resource.pk == bad.pk:
            raise OSError("no space left on device")
        real(resource)

    monkeypatch.setitem(transitions.DUE_CHANGES, "withdrawn", expire)
    freeze(hours(2))
    assert client.get("/").status_code == 200
    for resource in (bad, good):
        resource.refresh_from_db()
    assert (bad.status, good.status) == ("published", "withdrawn")
    assert "no space left" in caplog.text
    assert SiteSettings.load().next_due_at == timezone.now() + LEASE
    monkeypatch.setitem(transitions.DUE_CHANGES, "withdrawn", real)
    freeze(timezone.now() + 2 * LEASE)
    client.get("/")
    bad.refresh_from_db()
    assert bad.status == "withdrawn"


def test_what_falls_due_at_once_is_settled_some_at_a_time(client, freeze):
    section = make_section()
    for number in range(AT_ONCE + 3):
        make_document(title=f"Guía {number}", section=section, withdraw_at=hours(1))
    freeze(hours(2))
    left = Resource.objects.filter(status="published")
    for expected in (3, 0):
        assert client.get("/").status_code == 200
        assert left.count() == expected
    assert SiteSettings.load().next_due_at is None


def test_the_command_settles_all_that_is_due():
    section = make_section()
    for number in range(AT_ONCE + 3):
        make_document(title=f"Guía {number}", section=section, withdraw_at=hours(1))
    apply_due(hours(2), force=True)
    assert not Resource.objects.filter(status="published").exists()


def test_what_lies_in_the_bin_is_withdrawn_without_a_letter(settings):
    settings.EMAIL_IS_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    document = make_document(withdraw_at=hours(1), deleted_at=timezone.now())
    Revision.objects.create(
        subject="resource",
        subject_id=document.pk,
        action="created",
        by=make_editor(email="prepara@example.org"),
        state={"fields": {}, "links": {}},
    )
    mail.outbox = []
    apply_due(hours(2))
    document.refresh_from_db()
    assert document.status == "withdrawn"
    assert mail.outbox == []


# --- One rule, three answers

DATES = {"none": None, "past": -48, "just": -1, "future": 48}
CASES = [
    (status, published, withdrawn, binned)
    for status, published, withdrawn, binned in product(
        Resource.Status.values, DATES, DATES, (False, True)
    )
    if not (status == "published" and published == "none")
    and not (
        DATES[published] is not None
        and DATES[withdrawn] is not None
        and DATES[withdrawn] <= DATES[published]
    )
]


def make_case(section, number, status, published, withdrawn, binned):
    at, end = (DATES[word] and hours(DATES[word]) for word in (published, withdrawn))
    about = {"withdrawn_on": timezone.now(), "withdrawn_reason": "Vence."}
    return make_document(
        title=f"Humedal {number}",
        section=section,
        status=status,
        published_at=at,
        withdraw_at=end,
        deleted_at=timezone.now() if binned else None,
        **(about if status == "withdrawn" else {}),
    )


@pytest.fixture
def cases():
    """One document of each combination of status, dates and trash, indexed together."""
    section = make_section()
    with batch_index_updates():
        return [make_case(section, number, *case) for number, case in enumerate(CASES)]


def is_public_case(status, published, withdrawn, binned):
    dates = published in ("past", "just") and withdrawn in ("none", "future")
    return status == "published" and dates and not binned


def searched():
    """Return the ids that a visitor finds by search."""
    return set(ResourceSearch(QueryDict("q=humedal"), 0).answer(20).ids)


def test_queryset_row_and_search_agree_for_every_status_date_and_trash(cases):
    expected = {row.pk for row, case in zip(cases, CASES, strict=True) if is_public_case(*case)}
    assert len(expected) == 4
    for _ in range(2):  # before and after the stored status follows the dates
        assert {row.pk for row in Resource.objects.all() if row.is_public} == expected
        assert set(Resource.objects.published().values_list("pk", flat=True)) == expected
        assert searched() == expected
        apply_due(force=True)


def test_a_page_answers_200_only_for_public_cases(client, cases):
    apply_due(force=True)
    for row, case in zip(cases, CASES, strict=True):
        if case[0] == "published" and case[1] != "past":
            answer = client.head(row.get_absolute_url()).status_code
            assert (answer == 200) == is_public_case(*case), case
