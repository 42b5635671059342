"""Tags, entities and relations that a public resource shows change only with the right to publish."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from resources.kinds.legislation.models import LegalRelation
from resources.models import Organization, Tag
from resources.workflow.revisions import record_external_change
from resources.workflow.schedule import apply_due
from tests.admin.desk import send, sign_in
from tests.admin.rights import EDITING
from tests.makers import make_document, make_law

pytestmark = pytest.mark.django_db

STATES = {
    "published": {"status": "published"},
    "scheduled": {
        "status": "published",
        "published_at": timezone.now() + timezone.timedelta(days=900),
    },
    "withdrawn": {"status": "withdrawn"},
    "in the bin": {"status": "published", "deleted_at": timezone.now()},
}


def change_url(row) -> str:
    return reverse(f"admin:resources_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("state", STATES)
def test_edicion_only_reads_a_tag_or_an_entity_that_is_or_was_public(client, state):
    sign_in(client, EDITING)
    issuer = Organization.objects.create(name="Municipio")
    make_document(issuer=issuer, tags=("agua",), **STATES[state])
    for row in (issuer, Tag.objects.get()):
        page = client.get(change_url(row)).content.decode()
        assert "La usa 1 recurso publicado, programado o retirado: la cambia quien publica." in page
        assert 'name="_save"' not in page
        assert client.post(change_url(row), {"name": "Otro"}).status_code == 403
        first = record_external_change(row)
        type(row).objects.filter(pk=row.pk).update(name="Nombre")
        revert = reverse(f"admin:resources_{row._meta.model_name}_revert", args=[row.pk, first.pk])
        assert client.post(revert).status_code == 403
        row.refresh_from_db()
        assert row.name == "Nombre"


@pytest.mark.parametrize("status", ["draft", "review"])
def test_edicion_changes_a_tag_and_an_entity_of_drafts_only(client, status):
    sign_in(client, EDITING)
    issuer = Organization.objects.create(name="Municipio")
    make_document(issuer=issuer, tags=("agua",), status=status)
    for row in (issuer, Tag.objects.get()):
        send(client, change_url(row), name="Otro nombre")
        row.refresh_from_db()
        assert row.name == "Otro nombre"


def test_who_publishes_changes_a_tag_and_an_entity_that_are_public(client):
    sign_in(client)
    issuer = Organization.objects.create(name="Municipio")
    make_document(issuer=issuer, tags=("agua",))
    for row in (issuer, Tag.objects.get()):
        send(client, change_url(row), name="Otro nombre")
        row.refresh_from_db()
        assert row.name == "Otro nombre"


def test_a_group_that_deletes_tags_but_does_not_publish_leaves_the_public_ones(client):
    person = sign_in(client, EDITING)
    person.user_permissions.add(*permissions("delete_tag", "delete_organization"))
    make_document(tags=("agua",))
    make_document(tags=("riego",), status="draft")
    for name, expected in (("agua", 403), ("riego", 302)):
        tag = Tag.objects.get(name=name)
        url = reverse("admin:resources_tag_delete", args=[tag.pk])
        assert client.post(url, {"post": "yes"}).status_code == expected
    assert [tag.name for tag in Tag.objects.all()] == ["agua"]


def permissions(*codenames: str) -> list:
    return list(Permission.objects.filter(codename__in=codenames))


CHECKED = {"verified_on": timezone.localdate(), "evidence_note": "Nota."}


@pytest.mark.parametrize("verb", ["repeals", "amends"])
def test_a_draft_or_scheduled_law_does_nothing_to_a_public_one_before_it_is_public(
    client, freeze, verb
):
    public = make_law(title="Ley vieja", **CHECKED)
    later = timezone.now() + timezone.timedelta(hours=3)
    acting = make_law(title="Ley nueva", status="draft", **CHECKED)
    LegalRelation.objects.create(source=acting, verb=verb, target=public)
    for values in ({}, {"status": "published", "published_at": later}):
        for name, value in values.items():
            setattr(acting, name, value)
        acting.save()
        apply_due(force=True)
        public.refresh_from_db()
        assert public.force == "in_force"
        assert "Ley nueva" not in client.get(public.get_absolute_url()).content.decode()
    freeze(later + timezone.timedelta(minutes=1))
    apply_due()
    public.refresh_from_db()
    assert public.force == {"repeals": "repealed", "amends": "amended"}[verb]
    assert "Ley nueva" in client.get(public.get_absolute_url()).content.decode()
