"""A check of a law holds for a time: until its date of review or, without one, for as many days as the setting says."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from resources.kinds.legislation.models import LegalInstrument
from resources.models import Resource, Revision, SiteSettings
from resources.workflow.schedule import apply_due, next_due_instant
from search.models import SearchDoc
from tests.admin.desk import act, form_url, page_url, said, send, served, sign_in
from tests.makers import make_law

pytestmark = pytest.mark.django_db
LIST = "admin:resources_legalinstrument_changelist"


def ago(days):
    return timezone.localdate() - dt.timedelta(days=days)


def checked(days, **values):
    about = {"evidence_url": "https://example.org/ley", "link_pending": True}
    return make_law(**about | {"verified_on": ago(days)} | values)


def stored(law):
    return LegalInstrument.objects.get(pk=law.pk)


@pytest.mark.parametrize(
    ("days", "review_by", "force"),
    [
        (0, None, "in_force"),
        (365, None, "in_force"),
        (366, None, "unverified"),
        (900, -1, "in_force"),
        (900, 1, "unverified"),
        (0, 1, "unverified"),
    ],
)
def test_a_check_without_a_date_of_review_lapses_after_a_year(days, review_by, force):
    law = checked(days, review_by=None if review_by is None else ago(review_by))
    assert stored(law).force == force


def test_the_setting_says_for_how_long(settings):
    settings.VERIFICATION_VALID_DAYS = 30
    assert checked(30).force == "in_force"
    law = checked(31)
    assert law.force == "unverified"
    assert law.verification_ends == ago(1)


def test_the_clock_lets_a_check_lapse_on_page_search_and_api(client, freeze):
    law = checked(300)
    due = next_due_instant(timezone.now())
    assert timezone.localdate(due) == law.verification_ends + dt.timedelta(days=1)
    assert SiteSettings.load().next_due_at <= due
    freeze(due + dt.timedelta(minutes=1))
    page = client.get(law.get_absolute_url()).text
    assert stored(law).force == "unverified"
    assert "Sin verificar desde" in page
    assert "vigencia por verificar" in page.lower()
    api = client.get(f"/api/v1/recursos/{law.slug}").json()
    assert api["vigencia"] == "por-verificar"
    assert api["revisar_antes_de"] == law.verification_ends.isoformat()
    found = client.get("/recursos/?vigencia=por-verificar").text
    assert law.get_absolute_url() in found
    assert SearchDoc.objects.filter(pk=law.pk).exists()


def test_a_law_checked_long_ago_is_unverified_after_the_start_of_the_site():
    law = checked(10)
    Resource.objects.filter(pk=law.pk).update(verified_on=ago(800), force="in_force")
    SiteSettings.objects.all().delete()  # nobody has opened a page yet
    apply_due(force=True)
    assert stored(law).force == "unverified"


def test_the_page_says_until_when_no_amendment_is_known_and_when_it_is_checked_again(client):
    law = checked(10)
    page = client.get(law.get_absolute_url()).text
    on = date_format(law.verified_on, r"j \d\e F \d\e Y")
    assert f"No conocemos reformas hasta el {on}" in page
    assert f'<dt>Revisar antes de</dt><dd><time datetime="{law.verification_ends}"' in page


def test_every_door_that_verifies_sets_and_shows_the_next_date(client):
    sign_in(client)
    next_date = ago(-365)
    shown = date_format(next_date, "j/n/Y")
    by_form, by_list, by_many = (checked(400) for _ in range(3))
    assert f"vale hasta el {shown}" in client.get(form_url(by_form)).text
    assert f"vale hasta el {shown}" in client.get(reverse(LIST)).text
    told = client.get(send(client, form_url(by_form), _verified="1").url)
    assert f"Próxima revisión: {shown}" in said(told)
    told = client.post(page_url(by_list, "verify"), follow=True)
    assert f"Próxima revisión: {shown}" in said(told)
    data = {"action": "mark_as_verified", "_selected_action": [by_many.pk]}
    assert shown in client.post(reverse(LIST), data | {"stage": "plan"}).text
    act(client, reverse(LIST), "mark_as_verified", [by_many])
    for law in (by_form, by_list, by_many):
        law = stored(law)
        assert (law.verified_on, law.review_by, law.force) == (ago(0), next_date, "in_force")


def test_a_date_of_review_to_come_stays(client):
    sign_in(client)
    law = checked(10, review_by=ago(-20))
    client.post(page_url(law, "verify"))
    assert stored(law).review_by == ago(-20)


def test_a_list_and_an_earlier_state_follow_the_same_rule(client):
    sign_in(client)
    law = checked(800)
    old = Revision.objects.of(law).first()
    send(client, form_url(law), _verified="1")
    old = old or Revision.objects.of(law).last()
    assert stored(law).force == "in_force"
    client.post(page_url(law, "revert", old.pk))
    assert stored(law).force == "unverified"
    for days, force in ((10, "in_force"), (700, "unverified")):
        row = f"direccion,ultima_verificacion\n{law.slug},{ago(days)}\n"
        upload = SimpleUploadedFile("lista.csv", row.encode())
        place = client.post(reverse("admin:resources_resource_import"), {"file": upload}).url
        client.post(place, {"shown": served(client, place)["shown"]})
        assert (stored(law).verified_on, stored(law).force) == (ago(days), force)


def test_a_lapsed_check_stands_in_the_review_list_and_on_the_form(client):
    sign_in(client)
    lapsed, soon, fresh = checked(400), checked(350), checked(5)
    for value, expected in (("vencida", lapsed), ("pronto", soon)):
        page = client.get(reverse(LIST), {"revision": value})
        assert [law.pk for law in page.context["cl"].result_list] == [expected.pk]
    page = client.get(reverse(LIST), {"falta": "vencida"})
    assert [law.pk for law in page.context["cl"].result_list] == [lapsed.pk]
    assert "Venció la fecha de revisión" in client.get(form_url(lapsed)).text
    assert "La verificación vale hasta el" in client.get(form_url(fresh)).text


@pytest.mark.parametrize("field", ["verified_on", "review_by"])
def test_a_date_at_the_end_of_the_calendar_breaks_no_form_page_or_schedule(client, field):
    """31 December 9999 is how other systems write "without end"."""
    sign_in(client)
    law = checked(10)
    answer = client.post(form_url(law), served(client, form_url(law)) | {field: "9999-12-31"})
    assert answer.status_code == 200 if field == "verified_on" else 302
    Resource.objects.filter(pk=law.pk).update(**{field: dt.date.max})
    SiteSettings.objects.filter(pk=1).update(next_due_at=timezone.now())
    for path in ("/", law.get_absolute_url(), "/recursos/", form_url(law), "/admin/"):
        assert client.get(path).status_code == 200, path
    next_due = SiteSettings.load().next_due_at
    assert next_due is None or next_due > timezone.now() + dt.timedelta(hours=1)
