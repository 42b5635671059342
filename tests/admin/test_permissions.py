"""What the groups mean: "Edición" prepares, "Publicación" publishes; people are for "Jefatura" (test_accounts.py)."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from resources.groups import sync_groups
from resources.models import Organization, Resource, Tag
from tests.admin.desk import form_url, send, sign_in
from tests.makers import make_document, make_editor, make_section

pytestmark = pytest.mark.django_db

LISTS = ["resource", "infographic", "document", "legalinstrument", "video", "tag", "organization"]
RESERVED = ["section", "page", "redirect"]
KINDS = ["infographic", "document", "legalinstrument", "video"]


@pytest.mark.parametrize("group", ["Edición", "Publicación"])
@pytest.mark.parametrize("model", LISTS)
def test_both_groups_see_the_lists_of_content(client, group, model):
    sign_in(client, group)
    assert client.get(reverse(f"admin:resources_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", RESERVED)
def test_the_site_s_own_pages_are_for_publishing(client, model):
    url = reverse(f"admin:resources_{model}_changelist")
    sign_in(client, "Edición")
    assert client.get(url).status_code == 403
    sign_in(client, "Publicación")
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("group", ["Edición", "Publicación"])
@pytest.mark.parametrize("name", ["auth_user", "auth_group"])
def test_people_are_not_for_those_who_edit_and_publish(client, group, name):
    url = reverse(f"admin:{name}_changelist")
    sign_in(client, group)
    assert client.get(url).status_code == 403
    sign_in(client, "")
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("group", ["Edición", "Publicación"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_groups_add_every_kind(client, group, kind):
    sign_in(client, group)
    assert client.get(reverse(f"admin:resources_{kind}_add")).status_code == 200
    assert (
        reverse(f"admin:resources_{kind}_add")
        in client.get(reverse("admin:resources_resource_add")).content.decode()
    )


@pytest.mark.parametrize("status", ["draft", "review"])
def test_editing_changes_what_is_not_public_yet(client, status):
    sign_in(client, "Edición")
    document = make_document(status=status)
    send(client, form_url(document), title="Otro título")
    document.refresh_from_db()
    assert document.title == "Otro título"


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_editing_only_reads_what_is_or_was_public(client, status):
    sign_in(client, "Edición")
    document = make_document(status=status)
    page = client.get(form_url(document))
    assert page.status_code == 200
    assert "Solo para ver" in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert client.post(form_url(document), {"title": "Otro"}).status_code == 403
    assert client.post(form_url(document, "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_publishing_changes_what_is_or_was_public(client, status):
    sign_in(client, "Publicación")
    document = make_document(status=status, link_pending=True)
    send(client, form_url(document), title="Otro título")
    document.refresh_from_db()
    assert document.title == "Otro título"
    assert document.status == status


def test_editing_does_not_publish_by_field_nor_by_button(client):
    sign_in(client, "Edición")
    document = make_document(status="draft", link_pending=True)
    page = client.get(form_url(document)).content.decode()
    assert "_publish" not in page
    assert "published_at" not in page
    assert send(client, form_url(document), status="published").status_code == 200
    assert send(client, form_url(document), _publish="1").status_code == 403
    send(
        client, form_url(document), published_at="2020-01-01T00:00", withdraw_at="2030-01-01T00:00"
    )
    document.refresh_from_db()
    assert (document.status, document.published_at, document.withdraw_at) == ("draft", None, None)


def test_editing_adds_and_changes_tags_and_entities_but_deletes_none(client):
    sign_in(client, "Edición")
    tag, entity = Tag.objects.create(name="agua"), Organization.objects.create(name="Municipio")
    for name, thing in (("tag", tag), ("organization", entity)):
        assert client.get(reverse(f"admin:resources_{name}_add")).status_code == 200
        assert (
            client.get(reverse(f"admin:resources_{name}_change", args=[thing.pk])).status_code
            == 200
        )
        assert (
            client.get(reverse(f"admin:resources_{name}_delete", args=[thing.pk])).status_code
            == 403
        )


def test_the_order_of_a_section_is_for_publishing(client):
    url = reverse("admin:resources_section_order", args=[make_section().pk])
    sign_in(client, "Edición")
    assert client.get(url).status_code == 403
    sign_in(client, "Publicación")
    assert client.get(url).status_code == 200


def test_the_portal_is_for_publishing(client):
    url = reverse("admin:resources_sitesettings_change", args=[1])
    sign_in(client, "Edición")
    assert client.get(url).status_code == 403
    sign_in(client, "Publicación")
    assert client.get(url).status_code == 200


def test_a_person_without_a_group_sees_an_empty_desk(client):
    person = make_editor()
    person.is_superuser = False
    person.save()
    client.force_login(person)
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:resources_resource_changelist")).status_code == 403
    assert client.get(reverse("admin:resources_resource_add")).status_code == 403


def test_a_stranger_is_led_to_the_door(client):
    for name in ("admin:index", "admin:resources_resource_changelist"):
        assert client.get(reverse(name)).url.startswith(reverse("admin:login"))


def test_groups_become_exact_again_with_each_migration():
    editing = Group.objects.get(name="Edición")
    before = set(editing.permissions.all())
    editing.permissions.add(Permission.objects.get(codename="publish_resource"))
    editing.permissions.remove(*list(before)[:3])
    sync_groups()
    assert set(editing.permissions.all()) == before


def test_only_publishing_and_leading_hold_the_permission_to_publish():
    holders = Group.objects.filter(permissions__codename="publish_resource")
    assert {group.name for group in holders} == {"Publicación", "Jefatura"}
    assert Resource._meta.permissions
