"""Pictures that chats show beside a link: drawn by the worker, never older than the page, and of nothing that is hidden."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from resources.files import fixity
from resources.files.sharing_pictures.builder import refresh_sharing_pictures
from resources.kinds.document import Document
from resources.models import Organization, Resource, Section, SharingPicture, SiteSettings
from resources.workflow.trash import hard_delete
from tests.makers import make_document, make_law, make_section, put_file

pytestmark = pytest.mark.django_db
OG_IMAGE = re.compile(r'<meta property="og:image" content="http://[^/]+(/[^"]+)"')


def shown_at(client, path: str) -> str:
    """Return the path of the picture that the page at `path` offers to chats."""
    found = OG_IMAGE.search(client.get(path).content.decode())
    assert found, path
    return found[1]


def test_a_resource_is_shared_with_a_picture_of_the_size_that_chats_take(client):
    guide = make_document(slug="guia", title="Guía de participación")
    refresh_sharing_pictures.call()
    path = shown_at(client, "/recursos/guia/")
    answer = client.get(path)
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as picture:
        assert (picture.size, picture.format) == ((1200, 630), "PNG")
    page = client.get("/recursos/guia/").content.decode()
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:image:height" content="630">' in page
    assert f'<meta property="og:image:alt" content="{guide.title}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page


def test_a_section_is_shared_with_a_picture_of_its_own(client):
    make_section(slug="guias", title="Guías")
    assert shown_at(client, "/secciones/guias/").endswith("social.png")
    refresh_sharing_pictures.call()
    assert shown_at(client, "/secciones/guias/").startswith("/imagenes/compartir/")


def test_the_pictures_of_sections_follow_a_bulk_write_of_their_titles(client):
    make_section(slug="guias", title="Guías")
    refresh_sharing_pictures.call()
    before = shown_at(client, "/secciones/guias/")
    Section.objects.update(title="Guías y manuales")
    refresh_sharing_pictures.call()
    after = shown_at(client, "/secciones/guias/")
    assert after.startswith("/imagenes/compartir/")
    assert after != before


def test_the_address_of_a_picture_has_none_of_its_words(client):
    make_document(slug="guia", title="Guía de participación")
    refresh_sharing_pictures.call()
    assert re.fullmatch(
        r"/imagenes/compartir/[0-9a-f]{32}\.png", shown_at(client, "/recursos/guia/")
    )


def test_until_the_picture_is_drawn_the_page_offers_the_common_one(client):
    make_document(slug="guia")
    assert shown_at(client, "/recursos/guia/").endswith("social.png")


def change_title(guide: Resource) -> None:
    guide.title = "Otro título"
    guide.save()


def change_force(guide: Resource) -> None:
    Resource.objects.filter(pk=guide.pk).update(force=Resource.Force.REPEALED)


def change_issuer(guide: Resource) -> None:
    guide.issuer.name = "Asamblea Constituyente"
    guide.issuer.save()


def change_sample(guide: Resource) -> None:
    version = put_file(guide, is_sample=True)
    Resource.objects.filter(pk=guide.pk).update(main_version=version)


def change_site(guide: Resource) -> None:
    site = SiteSettings.load()
    site.name = "Municipios abiertos"
    site.save()


@pytest.mark.parametrize(
    "change", [change_title, change_force, change_issuer, change_sample, change_site]
)
def test_a_picture_follows_what_it_shows(client, change):
    law = make_law(slug="ley", title="Ley", issuer=Organization.objects.create(name="Asamblea"))
    refresh_sharing_pictures.call()
    before = shown_at(client, "/recursos/ley/")
    change(law)
    assert shown_at(client, "/recursos/ley/").endswith("social.png")
    refresh_sharing_pictures.call()
    after = shown_at(client, "/recursos/ley/")
    assert after.startswith("/imagenes/compartir/")
    assert after != before


def test_a_change_that_a_picture_does_not_show_draws_nothing(client):
    guide = make_document(slug="guia")
    refresh_sharing_pictures.call()
    before = shown_at(client, "/recursos/guia/")
    guide.summary = "Otra descripción."
    guide.save()
    assert shown_at(client, "/recursos/guia/") == before
    refresh_sharing_pictures.call()
    assert shown_at(client, "/recursos/guia/") == before
    assert not SharingPicture.objects.to_compare().exists()


def test_a_former_picture_is_erased(django_capture_on_commit_callbacks):
    guide = make_document()
    refresh_sharing_pictures.call()
    before = SharingPicture.objects.get(resource=guide).name
    assert storages["pictures"].exists(before)
    with django_capture_on_commit_callbacks(execute=True):
        change_title(guide)
    assert not storages["pictures"].exists(before)
    assert storages["pictures"].exists(SharingPicture.objects.get(resource=guide).name)


def test_the_picture_of_a_new_resource_is_drawn_when_it_is_saved(
    client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_document(slug="guia")
    assert shown_at(client, "/recursos/guia/").startswith("/imagenes/compartir/")


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_a_resource_that_is_not_public_has_no_picture(status):
    make_document(status=status)
    refresh_sharing_pictures.call()
    assert not SharingPicture.objects.exclude(resource=None).exists()


def test_a_resource_that_is_to_be_published_has_no_picture_before():
    guide = make_document(published_at=timezone.now() + timedelta(days=1))
    refresh_sharing_pictures.call()
    assert not SharingPicture.objects.exclude(resource=None).exists()
    guide.published_at = timezone.now()
    guide.save()
    refresh_sharing_pictures.call()
    assert SharingPicture.objects.get(resource=guide).name


def withdraw(guide: Resource) -> None:
    guide.status, guide.withdrawn_on, guide.withdrawn_reason = "withdrawn", timezone.now(), "Error."
    guide.save()


def put_in_the_trash(guide: Resource) -> None:
    guide.deleted_at = timezone.now()
    guide.save()


def delete_its_section(guide: Resource) -> None:
    section = guide.section
    guide.section = make_section()
    guide.save()
    section.delete()


@pytest.mark.parametrize("remove", [withdraw, put_in_the_trash, hard_delete, delete_its_section])
def test_a_picture_goes_with_what_it_shows(remove, django_capture_on_commit_callbacks):
    guide = make_document()
    refresh_sharing_pictures.call()
    pictures = SharingPicture.objects.values_list("name", flat=True)
    with django_capture_on_commit_callbacks(execute=True):
        before = set(pictures.all())
        remove(guide)
    gone = before - set(pictures.all())
    assert len(gone) == 1
    assert not storages["pictures"].exists(gone.pop())


def test_a_picture_of_what_was_withdrawn_while_it_was_drawn_is_not_stored(monkeypatch):
    guide = make_document()

    def draw_slowly(contents: object) -> bytes:
        withdraw(Document.objects.get(pk=guide.pk))
        monkeypatch.undo()
        return b"png"

    monkeypatch.setattr("resources.files.sharing_pictures.drawing.draw", draw_slowly)
    Section.objects.update(title="Guías")
    refresh_sharing_pictures.call()
    assert not SharingPicture.objects.exclude(resource=None).exists()
    assert fixity.check().is_ok


def test_a_title_in_letters_that_the_typeface_lacks_keeps_the_cover(client):
    make_document(slug="guia", title="参加のてびき")
    for _ in range(2):
        refresh_sharing_pictures.call()
        assert shown_at(client, "/recursos/guia/").endswith("social.png")
    assert not SharingPicture.objects.to_compare().exists()


def test_a_fixity_check_knows_the_pictures():
    make_document()
    refresh_sharing_pictures.call()
    report = fixity.check()
    assert report.is_ok
    assert report.checked == 2  # of the resource and of its section


def test_the_pictures_of_a_release_that_drew_otherwise_are_drawn_again(client, monkeypatch):
    make_document(slug="guia")
    refresh_sharing_pictures.call()
    before = shown_at(client, "/recursos/guia/")
    for module in ("contents", "builder"):
        monkeypatch.setattr(f"resources.files.sharing_pictures.{module}.KEY_PREFIX", "later:")
    refresh_sharing_pictures.call()
    after = shown_at(client, "/recursos/guia/")
    assert after.startswith("/imagenes/compartir/")
    assert after != before


def test_many_pictures_are_drawn_by_several_tasks(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("resources.files.sharing_pictures.builder.AT_ONCE", 2)
    section = make_section()
    for _ in range(3):
        make_document(section=section)
    refresh_sharing_pictures.call()
    assert SharingPicture.objects.count() == 4


def test_a_page_costs_no_query_more_for_its_picture(client):
    make_document(slug="guia")
    counts = []
    for prepare in (lambda: None, refresh_sharing_pictures.call):
        prepare()
        client.get("/recursos/otra/")  # reads the site's row anew
        with CaptureQueriesContext(connection) as queries:
            client.get("/recursos/guia/")
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0
