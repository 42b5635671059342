"""Sections, entities and tags at the desk; tags inside a resource's form; the editors' order."""

import pytest
from django.urls import reverse

from resources.models import Organization, Page, Redirect, Resource, Section, Tag
from resources.models.resource import TRASH_RETENTION
from resources.models.revisions import subject_model
from search.models import Synonym
from tests.admin.desk import errors, form_url, said, send, sign_in
from tests.makers import make_document, make_section

pytestmark = pytest.mark.django_db


def titles_in(section) -> list[str]:
    return list(
        Resource.objects.filter(section=section).in_page_order().values_list("title", flat=True)
    )


def test_a_tag_that_differs_only_by_accents_or_case_is_refused_clearly(client):
    sign_in(client)
    Tag.objects.create(name="participación ciudadana")
    response = client.post(reverse("admin:resources_tag_add"), {"name": "Participacion Ciudadana"})
    assert "Ya existe la etiqueta «participación ciudadana»" in str(errors(response)["name"])


def test_tags_are_separated_by_commas_and_twins_become_the_tag_that_exists(client):
    sign_in(client)
    Tag.objects.create(name="participación ciudadana")
    document = make_document(status="draft")
    send(
        client,
        form_url(document),
        tags="PARTICIPACION CIUDADANA, gobierno abierto, Gobierno Abierto",
    )
    assert set(document.tags.names()) == {"participación ciudadana", "gobierno abierto"}
    assert Tag.objects.count() == 2


def test_several_words_without_a_comma_are_one_tag(client):
    sign_in(client)
    document = make_document(status="draft")
    send(client, form_url(document), tags="gobierno abierto")
    assert list(document.tags.names()) == ["gobierno abierto"]


def test_a_name_with_a_comma_is_no_tag(client):
    sign_in(client)
    response = client.post(reverse("admin:resources_tag_add"), {"name": "agua, saneamiento"})
    assert "coma" in str(errors(response)["name"])


def test_a_deleted_tag_leaves_its_tombstone(client):
    sign_in(client)
    tag = Tag.objects.create(name="agua")
    make_document(tags=("agua",))
    url = reverse("admin:resources_tag_delete", args=[tag.pk])
    asked = client.get(url).content.decode()
    assert "La perderá 1 recurso, que seguirá en el catálogo" in asked
    assert "durante 30 días se puede recuperar" in asked
    client.post(url, {"post": "yes"})
    assert Redirect.objects.filter(path="etiquetas/agua").exists()


def test_the_list_of_tags_counts_resources(client):
    sign_in(client)
    make_document(tags=("agua",))
    page = client.get(reverse("admin:resources_tag_changelist"))
    assert [tag.resources_here for tag in page.context["cl"].result_list] == [1]


def test_a_section_in_use_is_not_deleted_and_the_page_says_why(client):
    sign_in(client)
    document = make_document(title="Guía de la sección")
    url = reverse("admin:resources_section_delete", args=[document.section_id])
    assert "Guía de la sección" in client.get(url).content.decode()
    client.post(url, {"post": "yes"})
    assert Section.objects.exists()
    assert not Redirect.objects.exists()


def test_an_entity_in_use_is_not_deleted(client):
    sign_in(client)
    entity = Organization.objects.create(name="Municipio")
    make_document(issuer=entity)
    client.post(reverse("admin:resources_organization_delete", args=[entity.pk]), {"post": "yes"})
    assert Organization.objects.exists()


def test_an_empty_section_is_deleted_and_its_address_says_what_stood_there(client):
    sign_in(client)
    section = make_section(title="Sobrante")
    client.post(reverse("admin:resources_section_delete", args=[section.pk]), {"post": "yes"})
    assert Redirect.objects.filter(path="secciones/sobrante").exists()


SHELVES = {
    "section": {"title": "Sobrante", "position": 7, "description": "Lo de antes."},
    "organization": {"name": "Municipio", "acronym": "M", "url": "https://example.org/"},
    "tag": {"name": "agua"},
    "page": {"slug": "ayuda", "title": "Ayuda", "body": "Texto"},
    "synonym": {"words": "agua, líquido vital"},
}


@pytest.mark.parametrize("model", SHELVES)
def test_what_is_deleted_comes_back_whole_from_its_list(client, model):
    person = sign_in(client)
    thing = subject_model(model).objects.create(**SHELVES[model])
    carriers = [make_document(tags=("agua",)) for _ in range(2)] if model == "tag" else []
    before = {field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields}
    listed = reverse(f"admin:{thing._meta.app_label}_{model}_changelist")
    client.post(
        reverse(f"admin:{thing._meta.app_label}_{model}_delete", args=[thing.pk]), {"post": "yes"}
    )
    assert not type(thing).objects.filter(pk=thing.pk).exists()
    (gone,) = client.get(listed).context["deletions"]
    assert (gone.by, gone.state["name"]) == (person, str(thing))
    url = reverse(f"admin:{thing._meta.app_label}_{model}_undelete", args=[gone.pk])
    answer = client.post(url, follow=True)
    assert f"«{thing}» está de vuelta" in said(answer)
    back = type(thing).objects.get(pk=thing.pk)
    now = {field.attname: getattr(back, field.attname) for field in back._meta.concrete_fields}
    assert {**now, "updated": 0} == {**before, "updated": 0}
    assert [list(document.tags.names()) for document in carriers] == [["agua"]] * len(carriers)
    assert not Redirect.objects.exists()
    assert not client.get(listed).context["deletions"]
    assert client.post(url).status_code == 404
    history = client.get(
        reverse(f"admin:{thing._meta.app_label}_{model}_history", args=[thing.pk])
    ).text
    assert "eliminó" in history
    assert "recuperó" in history


def test_what_has_been_replaced_meanwhile_does_not_come_back_and_says_why(client, freeze):
    sign_in(client)
    tag = Tag.objects.create(name="agua")
    client.post(reverse("admin:resources_tag_delete", args=[tag.pk]), {"post": "yes"})
    Tag.objects.create(name="Agua")
    listed = reverse("admin:resources_tag_changelist")
    (gone,) = client.get(listed).context["deletions"]
    url = reverse("admin:resources_tag_undelete", args=[gone.pk])
    assert "no se pudo recuperar" in said(client.post(url, follow=True))
    assert Tag.objects.count() == 1
    freeze(gone.at + TRASH_RETENTION)
    sign_in(client)  # that session is long over
    assert client.post(url).status_code == 404
    assert not client.get(listed).context["deletions"]


def test_several_deleted_at_once_come_back_one_by_one(client):
    sign_in(client)
    pages = [Page.objects.create(slug=f"p{n}", title=f"Página {n}", body="x") for n in range(2)]
    listed = reverse("admin:resources_page_changelist")
    data = {"action": "delete_selected", "_selected_action": [p.pk for p in pages], "post": "yes"}
    client.post(listed, data)
    assert not Page.objects.exists()
    assert len(client.get(listed).context["deletions"]) == 2


def test_entities_are_found_without_accents(client):
    sign_in(client)
    Organization.objects.create(name="Secretaría de Administración Pública", acronym="SAP")
    Organization.objects.create(name="Asamblea Nacional")
    page = client.get(reverse("admin:resources_organization_changelist"), {"q": "administracion"})
    assert [entity.acronym for entity in page.context["cl"].result_list] == ["SAP"]


def test_buttons_move_a_resource_one_place_and_renumber(client):
    sign_in(client)
    section = make_section()
    first, _, third = (make_document(title=f"Guía {n}", section=section) for n in "ABC")
    url = reverse("admin:resources_section_order", args=[section.pk])
    client.post(url, {"up": third.pk})
    assert titles_in(section) == ["Guía A", "Guía C", "Guía B"]
    client.post(url, {"down": first.pk})
    assert titles_in(section) == ["Guía C", "Guía A", "Guía B"]
    positions = Resource.objects.filter(section=section).in_page_order()
    assert list(positions.values_list("position", flat=True)) == [10, 20, 30]


def test_numbers_order_a_section(client):
    sign_in(client)
    section = make_section()
    guides = [make_document(title=f"Guía {n}", section=section) for n in "ABC"]
    url = reverse("admin:resources_section_order", args=[section.pk])
    client.post(
        url,
        {f"position-{guide.pk}": number for guide, number in zip(guides, (5, 9, 1), strict=True)},
    )
    assert titles_in(section) == ["Guía C", "Guía A", "Guía B"]


def test_a_button_for_what_is_not_there_changes_nothing(client):
    sign_in(client)
    document = make_document()
    url = reverse("admin:resources_section_order", args=[document.section_id])
    assert client.post(url, {"up": "999"}).status_code == 302


def test_buttons_move_a_section(client):
    sign_in(client)
    make_section(title="Primera", position=10)
    second = make_section(title="Segunda", position=20)
    url = reverse("admin:resources_section_move")
    assert client.get(url).status_code == 405
    client.post(url, {"up": second.pk})
    assert [section.title for section in Section.objects.all()] == ["Segunda", "Primera"]


def test_sections_are_ordered_by_number_in_their_list(client):
    sign_in(client)
    make_section(title="Primera", position=10)
    make_section(title="Segunda", position=20)
    send(
        client, reverse("admin:resources_section_changelist"), **{"form-1-position": "5"}, _save="1"
    )
    assert [section.title for section in Section.objects.all()] == ["Segunda", "Primera"]


def test_a_change_of_order_is_told_in_the_section_s_history(client):
    sign_in(client)
    section = make_section()
    one, two = (
        make_document(title=t, section=section, position=p) for t, p in (("A", 1), ("B", 2))
    )
    url = reverse("admin:resources_section_order", args=[section.pk])
    client.post(url, {f"position-{one.pk}": "20", f"position-{two.pk}": "10"})
    page = client.get(reverse("admin:resources_section_history", args=[section.pk]))
    assert "«A»: 1 → 2" in page.content.decode()


@pytest.mark.parametrize(
    ("words", "said_of"),
    [
        ("gobierno abierto, cosa", "«cosa» es tan común que no se busca"),
        ("lápices, lápiz", "«lápices» y «lápiz» ya se buscan como la misma palabra"),
        ("municipio", "Escriba al menos dos palabras o expresiones distintas"),
        ("barrio, barrios", "ya se buscan como la misma palabra"),
        (
            "recinto, Barrio",
            "Ya están juntas en otro grupo: «barrio, recinto, parroquia»",
        ),
        ("", "obligatorio"),
        ("agua, " * 80, "400"),
    ],
)
def test_a_group_of_synonyms_that_adds_nothing_is_refused_by_name(client, words, said_of):
    sign_in(client)
    Synonym.objects.create(words="barrio, recinto, parroquia")
    page = client.post(reverse("admin:search_synonym_add"), {"words": words})
    problems = errors(page)["words"]
    assert len(problems) == 1
    assert said_of in problems[0]


def test_a_group_of_synonyms_is_corrected_and_lines_are_as_good_as_commas_allow(client):
    sign_in(client)
    client.post(reverse("admin:search_synonym_add"), {"words": "acequia,\nzanja"})
    group = Synonym.objects.get(words="acequia, zanja")
    change = reverse("admin:search_synonym_change", args=[group.pk])
    client.post(change, {"words": "acequia, zanja, canal de riego"})
    group.refresh_from_db()
    assert group.words == "acequia, zanja, canal de riego"
