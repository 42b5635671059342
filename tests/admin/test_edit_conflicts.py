"""Two editors at one form of the desk: the second sees what the first saved, and neither loses anything."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from django.utils import timezone

from participation.models import Ticket
from resources.admin.optimistic_locking import TOKEN, EditConflictMixin
from resources.admin.resource import ResourceAdmin
from resources.models import Organization, Page, Resource, Section, SiteSettings, Tag
from search.models import Synonym
from tests.admin.desk import fields_of, said, send, served, sign_in
from tests.makers import (
    make_document,
    make_editor,
    make_infographic,
    make_law,
    make_section,
    make_video,
)

pytestmark = pytest.mark.django_db

TEXT = {
    "group": "name",
    "user": "first_name",
    "ticket": "answer",
    "tag": "name",
    "organization": "name",
    "synonym": "words",
}
"""Model → the text that both editors change; `title` elsewhere."""
WITHOUT_FORM = {"resource", "redirect", "link", "reading"}
"""A list that leads to other forms, rows that nobody edits, and pages of text (tests/reading/test_desk.py)."""

MAKE = {
    "infographic": lambda: make_infographic(link_pending=True),
    "document": lambda: make_document(link_pending=True),
    "legalinstrument": lambda: make_law(link_pending=True),
    "video": make_video,
    "section": lambda: make_section(description="Antes"),
    "organization": lambda: Organization.objects.create(name="Municipio"),
    "tag": lambda: Tag.objects.create(name="agua"),
    "synonym": lambda: Synonym.objects.create(words="calle, vía"),
    "page": lambda: Page.objects.create(slug="ayuda", title="Ayuda", body="Texto\r\n\r\nMás."),
    "sitesettings": SiteSettings.load,
    "group": lambda: Group.objects.create(name="Otro"),
    "user": lambda: make_editor("Edición", first_name="Ana"),
    "ticket": lambda: Ticket.objects.create(
        kind="request", token="t", about="Mapa", promised_for=timezone.localdate()
    ),
}


def change_url(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def models() -> list[str]:
    return sorted(model._meta.model_name for model in admin.site._registry)


def test_every_form_of_the_desk_is_tried_here():
    assert set(models()) == set(MAKE) | WITHOUT_FORM


@pytest.mark.parametrize("model", sorted(MAKE))
def test_the_second_editor_does_not_overwrite_the_first(client, model):
    sign_in(client, "")
    row = MAKE[model]()
    name = TEXT.get(model, "title")
    words = ("perro, can", "gato, minino") if model == "synonym" else ("Del primero", "Del segundo")
    second = served(client, change_url(row))
    send(client, change_url(row), **{name: words[0], "_save": "Guardar"})
    refused = client.post(change_url(row), second | {name: words[1], "_save": "Guardar"})
    row.refresh_from_db()
    assert getattr(row, name) == words[0]
    assert refused.status_code == 200
    page = refused.content.decode()
    assert words[0] in page
    assert words[1] in page
    again = fields_of(refused)
    if issubclass(type(row), Resource):
        again["merge-title"] = "mine"
    assert again[name] == words[1]
    assert client.post(change_url(row), again | {"_save": "Guardar"}).status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == words[1]


def test_a_field_that_only_the_first_changed_keeps_what_the_first_wrote(client):
    sign_in(client)
    page = MAKE["page"]()
    second = served(client, change_url(page))
    send(client, change_url(page), title="Del primero")
    refused = client.post(change_url(page), second | {"body": "Del segundo"})
    again = fields_of(refused)
    assert (again["title"], again["body"]) == ("Del primero", "Del segundo")
    assert "Usted no lo había cambiado" in refused.content.decode()
    client.post(change_url(page), again)
    page.refresh_from_db()
    assert (page.title, page.body) == ("Del primero", "Del segundo")


def test_who_writes_what_the_other_saved_already_is_not_stopped(client):
    sign_in(client)
    page = MAKE["page"]()
    second = served(client, change_url(page))
    send(client, change_url(page), title="Lo mismo")
    assert client.post(change_url(page), second | {"title": "Lo mismo"}).status_code == 302


def test_a_form_opened_before_an_unrelated_change_is_saved(client):
    sign_in(client)
    page, other = MAKE["page"](), Page.objects.create(slug="otra", title="Otra", body="x")
    opened = served(client, change_url(page))
    send(client, change_url(other), title="Otro título")
    assert client.post(change_url(page), opened | {"title": "Nuevo"}).status_code == 302


def test_permissions_of_a_group_and_groups_of_a_person_are_compared(client):
    sign_in(client, "")
    group, person = MAKE["group"](), MAKE["user"]()
    first, other = Permission.objects.filter(codename__in=["view_page", "add_page"])
    for row, name, one, two in (
        (group, "permissions", first.pk, other.pk),
        (person, "groups", group.pk, Group.objects.get(name="Jefatura").pk),
    ):
        opened = served(client, change_url(row))
        client.post(change_url(row), opened | {name: [one]})
        refused = client.post(change_url(row), opened | {name: [two]})
        assert refused.status_code == 200
        assert list(getattr(row, name).values_list("pk", flat=True)) == [one]
        assert "Qué cambió la otra persona" in refused.content.decode()


def test_a_sign_in_meanwhile_is_no_conflict(client):
    sign_in(client, "")
    person = MAKE["user"]()
    opened = served(client, change_url(person))
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    assert client.post(change_url(person), opened | {"first_name": "Eva"}).status_code == 302


@pytest.mark.parametrize("token", ["no es json", "[]", '"x"', "{}"])
def test_a_broken_token_never_fails(client, token):
    sign_in(client)
    page = MAKE["page"]()
    answer = client.post(change_url(page), served(client, change_url(page)) | {TOKEN: token})
    assert answer.status_code in (200, 302)


def test_the_order_of_sections_is_not_overwritten(client):
    sign_in(client)
    first, _ = (make_section(title=title, position=10 * n) for n, title in ((1, "Uno"), (2, "Dos")))
    url = reverse("admin:resources_section_changelist")
    opened = served(client, url) | {"_save": "Guardar"}
    send(client, url, **{"form__1__position": "70", "_save": "Guardar"})
    refused = client.post(url, opened | {"form-0-position": "30"})
    assert refused.status_code == 200
    assert "«Dos» tiene ahora el número 70" in refused.content.decode()
    assert list(Section.objects.order_by("pk").values_list("position", flat=True)) == [10, 70]
    again = fields_of(refused)
    assert again["form-0-position"] == "30"
    client.post(url, again | {"_save": "Guardar"})
    first.refresh_from_db()
    assert first.position == 30


def test_the_order_inside_a_section_is_not_overwritten(client):
    sign_in(client)
    section = make_section()
    one, two = (
        make_document(section=section, title=t, position=p) for t, p in (("Uno", 10), ("Dos", 20))
    )
    url = reverse("admin:resources_section_order", args=[section.pk])
    opened = served(client, url)
    send(client, url, **{f"position-{two.pk}": "5"})
    refused = client.post(url, opened | {f"position-{one.pk}": "99"})
    assert "«Dos» tiene ahora el número 10" in said(refused)
    assert fields_of(refused)[f"position-{one.pk}"] == "99"
    two.refresh_from_db()
    assert two.position == 10
    assert client.post(url, fields_of(refused)).status_code == 302


def test_a_relation_is_not_overwritten_from_its_other_end(client):
    sign_in(client)
    acting, other = (
        make_law(title="Nueva", link_pending=True),
        make_law(title="Vieja", link_pending=True),
    )
    relation = acting.outgoing.create(verb="amends", target=other)
    opened = served(client, change_url(other))
    send(client, change_url(acting), outgoing__0__happened_on="2020-01-02")
    refused = client.post(change_url(other), opened | {"incoming-0-happened_on": "2021-01-02"})
    assert refused.status_code == 200
    relation.refresh_from_db()
    assert str(relation.happened_on) == "2020-01-02"
    assert "2020-01-02" in refused.content.decode()


def test_every_plain_desk_compares_before_it_saves():
    plain = [
        desk
        for model, desk in admin.site._registry.items()
        if model._meta.model_name not in WITHOUT_FORM and not isinstance(desk, ResourceAdmin)
    ]
    assert plain
    assert all(isinstance(desk, EditConflictMixin) for desk in plain)
