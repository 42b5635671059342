"""The manual at the desk: every chapter, every picture, and a way to the right one from each page."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from portal.manual import HELP_CHAPTERS, chapters
from resources.admin.sidebar import ALWAYS
from resources.models.kind_spec import all_kinds
from tests.admin.desk import form_url, sign_in
from tests.makers import make_law

pytestmark = pytest.mark.django_db


def test_the_manual_shows_every_chapter_and_picture(client):
    sign_in(client, "Edición")
    page = client.get(reverse("admin:manual")).text
    for chapter in chapters():
        assert f'id="{chapter.slug}"' in page
    pictures = re.findall(r'<img src="(/admin/ayuda/[^"]+)" alt="([^"]+)"', page)
    assert len(pictures) == len(
        re.findall(r"!\[", (settings.BASE_DIR / "docs/manual-editorial.md").read_text())
    )
    for address, _ in pictures:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/png"


def test_each_task_has_its_picture_and_a_test_takes_each_picture():
    bare = [c.title for c in chapters() if not any(block.picture for block in c.blocks)]
    assert bare == []
    tests = "".join(path.read_text() for path in (settings.BASE_DIR / "tests/browser").glob("*.py"))
    shown = {block.picture[:-4] for chapter in chapters() for block in chapter.blocks} - {""}
    assert {name for name in shown if f'"{name}"' not in tests} == set()
    kept = {path.stem for path in (settings.BASE_DIR / "docs/img").glob("*.png")} - {"portada"}
    assert kept == shown, "no picture lies about unused"
    weight = sum(path.stat().st_size for path in (settings.BASE_DIR / "docs/img").glob("*.png"))
    assert weight < 1_500_000


@pytest.mark.parametrize("name", ["nada", "portada"])
def test_only_pictures_of_the_manual_are_served(client, name):
    sign_in(client)
    assert client.get(f"/admin/ayuda/imagenes/{name}.png").status_code == 404


def test_the_manual_is_for_the_desk(client):
    assert client.get(reverse("admin:manual")).status_code == 302
    assert client.get("/admin/ayuda/imagenes/mesa.png").status_code == 302


def test_every_link_to_a_chapter_leads_to_one():
    known = {chapter.slug for chapter in chapters()}
    of_kinds = {spec.help_anchor for spec in all_kinds()}
    assert {*HELP_CHAPTERS.values(), *(slug for slug, _ in ALWAYS)} | of_kinds <= known


def test_each_page_leads_to_the_chapter_that_helps_there(client):
    sign_in(client)
    manual = reverse("admin:manual")
    assert f'href="{manual}#publicar-una-norma"' in client.get(form_url(make_law())).text
    assert f'href="{manual}#la-mesa"' in client.get(reverse("admin:index")).text
    portal = client.get(reverse("admin:resources_sitesettings_changelist"), follow=True).text
    assert f'href="{manual}#el-portal-y-sus-paginas"' in portal
    assert f'href="{manual}"' in client.get(reverse("admin:password_change")).text


def test_a_new_resource_is_offered_on_every_page_to_who_may_add_one(client):
    add = reverse("admin:resources_resource_add")
    sign_in(client, "Edición")
    for url in (reverse("admin:index"), reverse("admin:manual"), form_url(make_law())):
        assert f'href="{add}">+ Nuevo recurso' in client.get(url).text
    assert "autofocus" in client.get(add).text
    person = sign_in(client, "")
    person.is_superuser = False
    person.save()
    assert "Nuevo recurso" not in client.get(reverse("admin:index")).text
