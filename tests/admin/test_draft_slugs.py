"""Until the first publication an address follows the title, unless someone typed it; afterwards it stays."""

import importlib

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from resources.kinds.document import Document
from resources.kinds.infographic import Infographic
from resources.models import Redirect, Resource
from resources.workflow.previews import make_token
from resources.workflow.revisions import record_external_change
from resources.workflow.schedule import apply_due
from tests.admin.desk import form_url, page_url, send, served, sign_in, upload
from tests.admin.test_import_export import bring, confirm
from tests.makers import make_document, make_section, png_bytes

pytestmark = pytest.mark.django_db

LATER = timezone.now() + timezone.timedelta(days=900)
UNSEEN = {
    "draft": {"status": "draft"},
    "in review": {"status": "review"},
    "scheduled": {"status": "published", "published_at": LATER},
}


def draft(**values) -> Document:
    return make_document(
        **{"title": "Título de paso", "status": "draft", "link_pending": True} | values
    )


@pytest.mark.parametrize("state", UNSEEN)
def test_an_address_follows_the_title_until_it_is_public(client, state):
    sign_in(client)
    document = draft(**UNSEEN[state])
    send(client, form_url(document), title="Guía de riego")
    document.refresh_from_db()
    assert document.slug == "guia-de-riego"
    assert not Redirect.objects.exists()
    page = client.get(form_url(document)).content.decode()
    assert "Su dirección será /recursos/guia-de-riego/." in page


def test_a_picture_without_a_title_is_published_at_the_address_of_its_title(client):
    sign_in(client)
    make_section()
    for _ in range(2):
        client.post(
            reverse("admin:resources_resource_intake"),
            {"archivos": [upload(png_bytes(colour=f"#17552{_}"), "lamina.png")]},
        )
    for number, picture in enumerate(Infographic.objects.order_by("pk"), 1):
        assert picture.slug.startswith("por-titular-")
        texts = {"alt_text": "Tres pilares.", "text_alternative": "Texto."}
        send(client, form_url(picture), title=f"Los pilares {number}", _publish="sí", **texts)
        picture.refresh_from_db()
        assert (picture.slug, picture.status) == (f"los-pilares-{number}", "published")
    assert not Redirect.objects.exists()


def test_a_duplicate_takes_the_address_of_its_own_title(client):
    sign_in(client)
    original = make_document(title="Guía", link_pending=True)
    client.post(form_url(original, "duplicate"))
    copy = Document.objects.get(status="draft")
    assert copy.slug == "copia-de-guia"
    send(client, form_url(copy), title="Guía de campo", _publish="sí")
    copy.refresh_from_db()
    assert (copy.slug, copy.status) == ("guia-de-campo", "published")


@pytest.mark.parametrize("typed", ["mi-guia", "titulo-de-paso-2"])
def test_a_typed_address_stays_until_its_field_is_emptied(client, typed):
    sign_in(client)
    document = draft()
    send(client, form_url(document), slug=typed)
    send(client, form_url(document), title="Guía de riego")
    document.refresh_from_db()
    assert document.slug == typed
    assert served(client, form_url(document))["slug"] == typed
    send(client, form_url(document), slug="")
    document.refresh_from_db()
    assert document.slug == "guia-de-riego"


def test_an_address_typed_for_a_new_resource_stays(client):
    sign_in(client)
    url = reverse("admin:resources_document_add")
    assert "Su dirección se formará con el título." in client.get(url).content.decode()
    new = {"title": "Uno", "summary": "x", "section": make_section().pk, "files-TOTAL_FORMS": "0"}
    send(client, url, slug="a-mano", **new)
    document = Document.objects.get()
    send(client, form_url(document), title="Dos")
    document.refresh_from_db()
    assert document.slug == "a-mano"


def test_a_public_address_never_changes_by_itself(client):
    sign_in(client)
    for status in ("published", "withdrawn"):
        document = make_document(title=f"Guía {status}", status=status, link_pending=True)
        for changes in ({"title": "Otro título"}, {"slug": ""}):
            send(client, form_url(document), **changes)
            document.refresh_from_db()
            assert document.slug == f"guia-{status}"
        assert document.title == "Otro título"


def test_a_draft_that_saves_itself_tells_its_new_address(client):
    sign_in(client, "Edición")
    document = draft()
    url = reverse("admin:resources_document_autosave", args=[document.pk])
    opened = served(client, form_url(document))
    answer = client.post(url, opened | {"title": "Guía de riego"}).json()
    assert answer["address"] == "Su dirección será /recursos/guia-de-riego/."
    opened["read_revision"] = answer["revision"]
    client.post(form_url(document), opened | {"title": "Guía de agua"})
    document.refresh_from_db()
    assert document.slug == "guia-de-agua"


def test_a_list_that_changes_titles_changes_the_addresses_of_drafts_only(client):
    sign_in(client)
    shown, hidden = make_document(title="Una", link_pending=True), draft(title="Otra")
    typed = draft(title="Más", slug="a-mano")
    rows = "".join(f"{row.slug},{row.title} nueva\n" for row in (shown, hidden, typed))
    confirm(client, bring(client, f"direccion,titulo\n{rows}".encode()))
    slugs = Resource.objects.order_by("pk").values_list("slug", "title")
    assert list(slugs) == [
        ("una", "Una nueva"),
        ("otra-nueva", "Otra nueva"),
        ("a-mano", "Más nueva"),
    ]


def test_going_back_to_an_earlier_title_goes_back_to_its_address(client):
    sign_in(client)
    document = draft()
    first = record_external_change(document)
    send(client, form_url(document), title="Guía de riego")
    client.post(page_url(document, "revert", first.pk))
    document.refresh_from_db()
    assert document.slug == "titulo-de-paso"
    send(client, form_url(document), title="Guía de agua")
    document.refresh_from_db()
    assert document.slug == "guia-de-agua"


def test_two_drafts_with_one_title_are_told_apart_and_each_follows_its_own(client):
    sign_in(client)
    one, two = draft(), draft()
    assert two.slug == "titulo-de-paso-2"
    for document, title in ((one, "Guía uno"), (two, "Guía dos")):
        send(client, form_url(document), title=title)
        document.refresh_from_db()
        assert document.slug == title.lower().replace(" ", "-").replace("í", "i")


def test_a_scheduled_resource_keeps_its_address_once_its_hour_has_come(client, freeze):
    sign_in(client)
    document = draft(**UNSEEN["scheduled"])
    freeze(LATER + timezone.timedelta(minutes=1))
    apply_due(force=True)
    send(client, form_url(document), title="Guía de riego")
    document.refresh_from_db()
    assert document.slug == "titulo-de-paso"


def test_a_preview_link_given_before_the_title_changed_still_shows_the_draft(client):
    document = draft()
    url = reverse("preview", args=[document.slug, make_token(document, 7)])
    document = Document.objects.get()
    document.title = "Guía de riego"
    document.save()
    assert document.slug == "guia-de-riego"
    assert "Guía de riego" in client.get(url, follow=True).content.decode()


def test_the_migration_knows_which_addresses_of_drafts_were_typed():
    migration = importlib.import_module("resources.migrations.0022_resource_slug_typed")
    cases = {"guia-breve": False, "guia-breve-2": False, "guia-breve-2024": True, "a-mano": True}
    cases["por-titular-laminapng"] = False
    for slug in cases:
        draft(title="Guía breve", slug=slug)
    Resource.objects.update(slug_typed=False)
    migration.mark_typed(apps, None)
    assert dict(Resource.objects.values_list("slug", "slug_typed")) == cases
