"""A pack is never given a moment after what it holds has changed, whoever or whatever changed it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.files.packs import builder
from resources.files.takedown import take_down
from resources.models import Pack, Resource, SiteSettings
from tests.makers import make_document, make_editor, make_section, put_file
from tests.packs.opening import SECTION, files_in, opened
from tests.transitions import trash, withdraw

pytestmark = pytest.mark.django_db


def leave(how: str, resource: Resource) -> None:
    """Take `resource`, or its only file, away from visitors."""
    if how == "withdrawn":
        withdraw(resource.specific, "Contenía un error.")
    elif how == "trashed":
        trash(resource.specific)
    elif how == "draft":
        Resource.objects.filter(pk=resource.pk).update(status="draft")
    elif how == "withheld":
        take_down(resource.files.get().current, reason="Contenía datos personales.", user=None)
    elif how == "replaced":
        Resource.objects.filter(pk=resource.pk).update(title="Otro título")


@pytest.mark.parametrize("how", ["withdrawn", "trashed", "draft", "withheld", "replaced"])
def test_in_the_minutes_after_a_change_the_old_pack_is_not_given(client, built, asked, how):
    leave(how, Resource.objects.get(pk=built["second"].pk))
    answer = client.get(SECTION)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "no-store" in answer["Cache-Control"]
    assert "Paquete en preparación" in answer.text
    for path in ("/", "/secciones/guias/"):
        html = client.get(path).text
        assert "paquete en preparación" in html
        assert "paquete.zip" not in html
    builder.refresh_packs.call()
    names = files_in(opened(client.get(SECTION)))
    assert len(names) == (3 if how == "replaced" else 2)
    assert not any("Plan del año" in name for name in names)


def test_withholding_a_file_erases_the_packs_that_hold_it_at_once(
    built, django_capture_on_commit_callbacks
):
    name = Pack.objects.get(section__slug="guias").stored.name
    assert default_storage.exists(name)
    version = built["second"].files.get().current
    with django_capture_on_commit_callbacks() as callbacks:
        take_down(version, reason="Contenía datos personales.", user=None)
    for callback in callbacks:
        if callback is not builder.request_refresh:
            callback()
    assert not default_storage.exists(name)


def test_a_withdrawal_by_the_clock_takes_the_pack_away_at_that_very_moment(
    client, built, asked, freeze
):
    moment = timezone.now() + timedelta(hours=1)
    Resource.objects.filter(pk=built["second"].pk).update(withdraw_at=moment)
    builder.refresh_packs.call()
    assert len(files_in(opened(client.get(SECTION)))) == 3
    freeze(moment + timedelta(seconds=1))
    assert client.get(SECTION).status_code == 503
    assert "paquete en preparación" in client.get("/secciones/guias/").text
    builder.refresh_packs.call()
    assert len(files_in(opened(client.get(SECTION)))) == 2


def test_a_publication_by_the_clock_is_in_the_next_pack(client, built, asked, freeze):
    freeze(timezone.now() + timedelta(hours=3))
    assert client.get(SECTION).status_code == 503
    builder.refresh_packs.call()
    assert any("Después" in name for name in files_in(opened(client.get(SECTION))))


def test_a_draft_has_no_pack_not_even_for_editors(client, built):
    draft = built["draft"]
    put_file(draft, b"%PDF-1.7 otro", "otro.pdf")
    builder.refresh_packs.call()
    url = f"{draft.get_absolute_url()}paquete.zip"
    assert client.get(url).status_code == 404
    client.force_login(make_editor("Edición"))
    assert client.get(url).status_code == 404
    assert not any("Borrador" in name for name in files_in(opened(client.get(SECTION))))


def test_the_pack_of_a_withdrawn_resource_or_a_closed_section_answers_as_their_pages_do(
    client, built
):
    withdraw(built["first"].specific, "Ya no corresponde.")
    answer = client.get(f"{built['first'].get_absolute_url()}paquete.zip")
    assert (answer.status_code, "Ya no corresponde." in answer.text) == (410, True)
    empty = make_section(title="Vacía")
    assert client.get("/secciones/vacia/paquete.zip").status_code == 404
    empty.delete()
    assert client.get("/secciones/vacia/paquete.zip").status_code == 410
    assert client.get("/secciones/nunca/paquete.zip").status_code == 404


def test_an_altered_file_goes_into_no_pack(client, built, asked, caplog):
    before = Pack.objects.get(section__slug="guias")
    version = built["second"].files.get().current
    with Path(version.stored.path).open("ab") as stream:
        stream.write(b"x")
    Resource.objects.filter(pk=built["first"].pk).update(title="Otro título")
    builder.refresh_packs.call()
    assert "was not built" in caplog.text
    assert client.get(SECTION).status_code == 503
    assert Pack.objects.get(section__slug="guias").stored.name == before.stored.name


def test_a_change_asks_once_for_the_packs_to_be_compared(
    shelf, django_capture_on_commit_callbacks, asked
):
    with django_capture_on_commit_callbacks(execute=True):
        shelf["first"].save()
        shelf["second"].save()
    assert asked.count("refresh_packs") == 1
    with django_capture_on_commit_callbacks(execute=True):
        shelf["first"].save()
    assert asked.count("refresh_packs") == 1, "one is still waiting"
    SiteSettings.objects.update(packs_asked_at=timezone.now() - timedelta(hours=1))
    builder.request_refresh()
    assert asked.count("refresh_packs") == 2, "one that never came is asked for again"


def test_publishing_builds_the_packs_without_anybody_asking(
    client, shelf, django_capture_on_commit_callbacks
):
    assert client.get(SECTION).status_code == 503
    with django_capture_on_commit_callbacks(execute=True):
        shelf["first"].save()
    assert client.get(SECTION).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(shelf["second"].specific, "Error.")
    assert len(files_in(opened(client.get(SECTION)))) == 2


def test_a_visitor_s_request_wakes_the_worker_now_and_then_and_builds_nothing_itself(
    client, shelf, asked
):
    for _ in range(3):
        assert client.get(SECTION).status_code == 503
    assert asked == ["refresh_packs"]
    assert not Pack.objects.exists()


@pytest.mark.uncached("counts the queries of a page that is rendered")
def test_a_current_pack_costs_a_page_no_query_and_a_stale_one_costs_two(client, built):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/secciones/guias/")
        return len(captured)

    known = queries()
    Resource.objects.filter(pk=built["second"].pk).update(editor_note="Nota")
    assert queries() == known + 2
    builder.refresh_packs.call()
    assert queries() == known


def test_a_pack_that_is_ready_changes_the_pages_that_tell_of_it(client, shelf):
    etag = client.get("/")["ETag"]
    builder.refresh_packs.call()
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 200
    version = SiteSettings.load().content_version
    builder.refresh_packs.call()
    assert SiteSettings.load().content_version == version, "nothing to build, nothing changed"


def test_purging_deletes_the_pack_and_its_bytes(built, django_capture_on_commit_callbacks):
    pack = Pack.objects.get(resource=built["first"].pk)
    name = pack.stored.name
    built["first"].delete()
    with django_capture_on_commit_callbacks(execute=True):
        builder.refresh_packs.call()
    assert not Pack.objects.filter(pk=pack.pk).exists()
    assert not default_storage.exists(name)


def test_a_pack_is_built_anew_when_its_look_changes(client, built, monkeypatch):
    key = Pack.objects.get(section__slug="guias").key
    monkeypatch.setattr("resources.files.packs.contents.current_contents", lambda: "another")
    builder.refresh_packs.call()
    assert Pack.objects.get(section__slug="guias").key != key
    assert files_in(opened(client.get(SECTION)))


def test_a_page_does_not_compare_a_large_pack_but_waits_for_the_worker(client, built, monkeypatch):
    monkeypatch.setattr("resources.files.packs.contents.COMPARED", 1)
    assert "paquete.zip" in client.get("/secciones/guias/").text, "it was compared"
    SiteSettings.objects.update(name="Otro nombre")
    html = client.get("/secciones/guias/").text
    assert "paquete en preparación" in html
    builder.refresh_packs.call()
    assert "paquete.zip" in client.get("/secciones/guias/").text


@pytest.mark.uncached("counts the queries of a page that is rendered")
def test_a_change_elsewhere_leaves_a_pack_checked_and_each_way_in_or_out_does_not(client, built):
    other = make_section(title="Otra", slug="otra")
    stranger = make_document(title="Ajeno", section=other)

    def is_checked() -> bool:
        return Pack.objects.get(section__slug="guias").is_checked(SiteSettings.load())

    def compare() -> None:
        builder.refresh_packs.call()
        assert is_checked()

    compare()
    stranger.save()
    make_document(title="Otro ajeno", section=other)
    assert is_checked()
    resource = Resource.objects.get(pk=built["second"].pk).specific
    resource.section = other
    resource.save()  # out
    assert not is_checked()
    compare()
    resource.section = built["second"].section
    resource.save()  # and in
    assert not is_checked()
    compare()
    slot = resource.files.get()
    slot.label = "Anexo"
    slot.save()
    assert not is_checked()
    compare()
    put_file(resource, b"Otro texto.", "otro.txt")
    assert not is_checked()
    compare()
    Resource.objects.filter(pk=stranger.pk).update(position=3)  # of several rows nobody knows which
    assert not is_checked()
    compare()
    resource.section.save()
    assert not is_checked()
    compare()
    resource.delete()
    assert not is_checked()


def test_a_change_while_a_pack_is_compared_leaves_it_unchecked(built):
    pack = Pack.objects.get(section__slug="guias")
    built["second"].files.get().save()
    pack.mark_checked(SiteSettings.load().content_version)
    assert not Pack.objects.get(pk=pack.pk).is_checked(SiteSettings.load())
