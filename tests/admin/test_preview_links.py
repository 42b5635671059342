"""Links that show a draft to somebody without an account: for some days, and no longer."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone

from tests.admin.desk import form_url, page_url, send, sign_in
from tests.makers import make_document, make_file

pytestmark = pytest.mark.django_db


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
    assert moved.status_code == 404
    assert two.title not in moved.content.decode()
    assert client.post(link).status_code == 405


def test_what_is_public_needs_no_link(client):
    sign_in(client)
    page = client.post(page_url(make_document(), "preview"), {"days": 7})
    assert page.context["link"] == ""
    assert "ya es público" in page.content.decode()


@pytest.mark.parametrize("other", ["draft", "published", "withdrawn", "former", "buried"])
@pytest.mark.parametrize("mine", ["draft", "published", "ended"])
def test_a_link_opens_nothing_under_another_resource_s_address(client, tmp_path, other, mine):
    sign_in(client)
    document = make_document(title="Guía secreta", status="draft", link_pending=True)
    version = make_file(document, folder=tmp_path)
    link = link_to(client, document)
    if mine == "published":
        send(client, form_url(document), _publish="1")
    elif mine == "ended":
        client.post(page_url(document, "preview"), {"revoke": "1"})
    status = other if other in ("draft", "withdrawn") else "published"
    stranger = make_document(title="Ajena", status=status)
    if other == "former":
        stranger.slug = "otra"
        stranger.save()
    elif other == "buried":
        stranger.delete()
    client.logout()
    wrong = link.replace(f"/{document.slug}/", "/ajena/")
    for path in (wrong, f"{wrong}archivos/{version.file.file_name}"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        for trace in ("Guía secreta", document.slug):
            assert trace not in answer.text
            assert trace not in str(answer.headers)


def test_a_link_follows_its_draft_to_a_new_address(client, tmp_path):
    sign_in(client)
    document = make_document(title="Guía secreta", status="draft")
    version = make_file(document, folder=tmp_path)
    link = link_to(client, document)
    document.refresh_from_db()
    document.slug = "nueva"
    document.save()
    client.logout()
    for below in ("", f"archivos/{version.file.file_name}"):
        answer = client.get(link + below)
        assert answer.url == (link + below).replace("/guia-secreta/", "/nueva/")
        assert "no-store" in answer["Cache-Control"]
        assert client.get(answer.url).status_code == 200
