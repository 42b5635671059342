"""The desk as a whole: its home, its lists, the portal's one row, every page in Spanish and under the policy."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from resources.kinds.legislation.models import LegalRelation
from resources.models import Organization, Page, SiteSettings, Tag
from tests.admin.desk import errors, form_url, send, sign_in
from tests.makers import (
    make_document,
    make_infographic,
    make_law,
    make_section,
    make_video,
    put_file,
)

pytestmark = pytest.mark.django_db
KINDS = ["infographic", "document", "legalinstrument", "video"]


def count_queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["resource", *KINDS])
def test_the_queries_of_a_list_do_not_grow_with_its_rows(client, name):
    sign_in(client)
    section, issuer = make_section(), Organization.objects.create(name="Municipio")

    def make_one_of_each():
        for make in (make_document, make_infographic, make_law, make_video):
            resource = make(section=section, issuer=issuer, tags=("agua",))
            put_file(resource)

    make_one_of_each()
    url = reverse(f"admin:resources_{name}_changelist")
    few = count_queries(client, url)
    for _ in range(2):
        make_one_of_each()
    # session, person, permissions (2), portal, broken links, count, rows, and the filters' sections and entities
    assert count_queries(client, url) == few <= 13


def test_the_list_of_all_resources_leads_to_each_kind_s_form(client):
    sign_in(client)
    law = make_law()
    page = client.get(reverse("admin:resources_resource_changelist")).content.decode()
    assert form_url(law) in page
    generic = reverse("admin:resources_resource_change", args=[law.pk])
    assert client.get(generic).url == form_url(law)


@pytest.mark.parametrize("key", ["999999", "abc", "importar/widgets.css"])
def test_an_address_that_names_nothing_is_not_found(client, key):
    sign_in(client)
    for page in ("resource/{}/change/", "document/{}/history/", "document/{}/retirar/"):
        assert client.get(f"/admin/resources/{page.format(key)}").status_code == 404, page
    for page in ("document/{}/volver/1/", "document/{}/duplicar/"):
        assert client.post(f"/admin/resources/{page.format(key)}").status_code == 404, page


def test_search_does_not_mind_accents(client):
    sign_in(client)
    make_document(title="Participación ciudadana en Ñuñoa")
    make_document(title="Otra cosa")
    for words in ("participacion", "PARTICIPACIÓN ciudadana", "ñuñoa"):
        page = client.get(reverse("admin:resources_resource_changelist"), {"q": words})
        assert [row.title for row in page.context["cl"].result_list] == [
            "Participación ciudadana en Ñuñoa"
        ]


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("borrador", {"status": "draft"}),
        ("en-revision", {"status": "review"}),
        ("publicado", {}),
        ("retirado", {"status": "withdrawn"}),
    ],
)
def test_the_list_is_filtered_by_state(client, state, values):
    sign_in(client)
    for status in ("draft", "review", "published", "withdrawn"):
        if status != values.get("status", "published"):
            make_document(status=status)
    wanted = make_document(**values)
    page = client.get(reverse("admin:resources_resource_changelist"), {"estado": state})
    assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]


def test_the_portal_has_one_row_and_its_list_leads_there(client):
    sign_in(client)
    response = client.get(reverse("admin:resources_sitesettings_changelist"))
    assert response.url == reverse(
        "admin:resources_sitesettings_change", args=[SiteSettings.load().pk]
    )
    assert client.get(reverse("admin:resources_sitesettings_add")).status_code == 403
    assert (
        client.post(
            reverse("admin:resources_sitesettings_delete", args=[1]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_the_desk_carries_the_portal_s_name(client):
    sign_in(client)
    send(
        client,
        reverse("admin:resources_sitesettings_change", args=[SiteSettings.load().pk]),
        name="Recursos de Loja",
    )
    assert "Recursos de Loja" in client.get(reverse("admin:index")).content.decode()


def test_an_information_page_does_not_take_an_address_of_the_site(client):
    sign_in(client)
    data = {"title": "Recursos", "slug": "recursos", "body": "Texto."}
    response = client.post(reverse("admin:resources_page_add"), data)
    assert "slug" in errors(response)
    client.post(reverse("admin:resources_page_add"), data | {"slug": "contacto"})
    assert Page.objects.filter(slug="contacto").exists()


def test_a_relation_is_told_once_and_shows_on_both_sides(client):
    sign_in(client)
    law, other = make_law(link_pending=True), make_law(title="Ley reformatoria")
    send(
        client,
        form_url(law),
        incoming__TOTAL_FORMS="1",
        **{"incoming-0-verb": "amends", "incoming-0-source": other.pk},
    )
    relation = LegalRelation.objects.get()
    assert (relation.source_id, relation.verb, relation.target_id) == (other.pk, "amends", law.pk)
    assert "Ley reformatoria" in client.get(form_url(law)).content.decode()
    assert law.title in client.get(form_url(other)).content.decode()


def test_a_new_law_may_come_with_its_relations(client):
    sign_in(client)
    response = send(
        client,
        reverse("admin:resources_legalinstrument_add"),
        title="Ley nueva",
        section=make_section().pk,
        outgoing__TOTAL_FORMS="1",
        **{"outgoing-0-verb": "implements", "outgoing-0-target_citation": "Constitución, art. 95"},
    )
    assert response.status_code == 302
    assert LegalRelation.objects.get().source.title == "Ley nueva"


def test_a_relation_needs_one_other_end(client):
    sign_in(client)
    response = send(
        client,
        form_url(make_law(link_pending=True)),
        outgoing__TOTAL_FORMS="1",
        **{"outgoing-0-verb": "amends"},
    )
    assert response.status_code == 200
    assert "una de las dos cosas" in response.content.decode()


def test_the_force_is_told_with_its_reason_and_never_typed(client):
    sign_in(client)
    page = client.get(form_url(make_law())).content.decode()
    assert "Falta decir dónde se comprueba" in page
    assert 'name="force"' not in page


def pages_of_the_desk() -> list[str]:
    resources = [make_infographic(), make_document(), make_law(), make_video()]
    Tag.objects.create(name="agua")
    Organization.objects.create(name="Municipio")
    pages = [form_url(resource) for resource in resources]
    pages += [form_url(resource, "delete") for resource in resources]
    pages += [
        reverse(f"admin:resources_{kind}_add")
        for kind in ("resource", "tag", "section", "page", *KINDS)
    ]
    pages += [
        reverse(f"admin:resources_{name}_changelist")
        for name in ("resource", "tag", "section", *KINDS)
    ]
    section = resources[0].section_id
    return [
        *pages,
        reverse("admin:index"),
        reverse("admin:manual"),
        reverse("admin:resources_resource_intake"),
        reverse("admin:resources_resource_twin", args=[resources[1].pk]),
        reverse("admin:resources_section_order", args=[section]),
    ]


def test_no_page_of_the_desk_needs_what_the_policy_forbids(client):
    sign_in(client, "")
    for url in pages_of_the_desk():
        response = client.get(url)
        page = response.content.decode()
        assert "unsafe" not in response.headers["Content-Security-Policy"], url
        assert not re.search(r'\sstyle="', page), url
        assert not re.search(r"\son\w+=\"", page), url
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page), url
        assert page.count("<h1") == 1, url
