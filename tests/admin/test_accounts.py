"""Whoever leads the desk manages people and groups, and can give nobody more than they have themselves."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from tests.admin.desk import errors, send, sign_in
from tests.makers import make_editor

pytestmark = pytest.mark.django_db
User = get_user_model()
NEW = {
    "usable_password": "true",
    "password1": "una-clave-larga-9",
    "password2": "una-clave-larga-9",
}


def group(name: str) -> Group:
    return Group.objects.get(name=name)


def user_url(person, page: str = "change") -> str:
    name = "auth_user_password_change" if page == "password" else f"auth_user_{page}"
    return reverse(f"admin:{name}", args=[person.pk])


def make_beyond() -> Group:
    """Make a group that may do something that no group of the desk may."""
    beyond = Group.objects.create(name="Servidor")
    beyond.permissions.add(Permission.objects.get(codename="delete_session"))
    return beyond


def test_whoever_leads_adds_a_person_to_a_group(client):
    sign_in(client, "Jefatura")
    send(
        client,
        reverse("admin:auth_user_add"),
        username="nueva",
        email="nueva@example.org",
        groups=group("Edición").pk,
        **NEW,
    )
    person = User.objects.get(username="nueva")
    assert (person.is_staff, person.is_superuser) == (True, False)
    assert [g.name for g in person.groups.all()] == ["Edición"]
    assert client.login(username="nueva", password=NEW["password1"])


@pytest.mark.parametrize("page", ["add", "change"])
def test_a_superuser_is_never_made_by_whoever_leads(client, page):
    sign_in(client, "Jefatura")
    person = make_editor("Edición")
    url = reverse("admin:auth_user_add") if page == "add" else user_url(person)
    assert 'name="is_superuser"' not in client.get(url).content.decode()
    assert 'name="user_permissions"' not in client.get(url).content.decode()
    typed = {"username": "otra", **NEW} if page == "add" else {}
    powers = Permission.objects.values_list("pk", flat=True)
    send(client, url, is_superuser="on", user_permissions=list(powers), **typed)
    person = User.objects.order_by("pk").last() if page == "add" else User.objects.get(pk=person.pk)
    assert not person.is_superuser
    assert not person.user_permissions.exists()


def test_a_group_that_may_do_more_is_neither_offered_nor_accepted(client):
    beyond = make_beyond()
    me = sign_in(client, "Jefatura")
    person = make_editor("Edición")
    for target in (person, me):
        assert "Servidor" not in client.get(user_url(target)).content.decode()
        response = send(client, user_url(target), groups=beyond.pk)
        assert "groups" in errors(response)
        assert beyond not in target.groups.all()


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("page", ["change", "password"])
def test_whoever_may_do_more_is_out_of_reach_active_or_not(client, page, is_active):
    stronger = make_editor("Edición", is_active=is_active)
    stronger.groups.add(make_beyond())
    superuser = make_editor("", is_active=is_active)
    sign_in(client, "Jefatura")
    typed = {
        "password1": NEW["password1"],
        "password2": NEW["password2"],
        "usable_password": "true",
    }
    for person in (stronger, superuser):
        before = person.password
        assert client.post(user_url(person, page), typed | {"username": "x"}).status_code == 403
        person.refresh_from_db()
        assert person.password == before


def test_whoever_leaves_becomes_inactive_and_is_not_deleted(client):
    sign_in(client, "Jefatura")
    person = make_editor("Publicación")
    send(client, user_url(person), is_active=None)
    person.refresh_from_db()
    assert not person.is_active
    assert client.post(user_url(person, "delete"), {"post": "yes"}).status_code == 403


def test_a_new_group_holds_no_more_than_its_maker_may_do(client):
    sign_in(client, "Jefatura")
    may = Permission.objects.get(codename="change_document")
    beyond = Permission.objects.get(codename="delete_session")
    url = reverse("admin:auth_group_add")
    response = send(client, url, name="Archivo", permissions=beyond.pk)
    assert "permissions" in errors(response)
    send(client, url, name="Archivo", permissions=may.pk)
    assert list(group("Archivo").permissions.all()) == [may]


@pytest.mark.parametrize("name", ["Edición", "Publicación", "Jefatura"])
def test_the_site_s_own_groups_are_not_changed_by_hand(client, name):
    sign_in(client, "Jefatura")
    url = reverse("admin:auth_group_change", args=[group(name).pk])
    assert client.post(url, {"name": "Otro nombre"}).status_code == 403
    url = reverse("admin:auth_group_delete", args=[group(name).pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_a_group_that_may_do_more_is_not_changed_either(client):
    beyond = make_beyond()
    sign_in(client, "Jefatura")
    url = reverse("admin:auth_group_change", args=[beyond.pk])
    assert client.post(url, {"name": "Otro nombre"}).status_code == 403


def test_a_superuser_manages_everyone(client):
    sign_in(client, "")
    person = make_editor("")
    send(client, user_url(person), is_superuser=None)
    person.refresh_from_db()
    assert not person.is_superuser
