"""Text in one form: composed letters, nothing invisible, and slugs whose words stay apart."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse

from resources.kinds.document import Document
from resources.models import Organization, Tag
from resources.text import ascii_file_name, composed, fold, one_line, slug_of
from tests.admin.desk import send, sign_in
from tests.makers import make_document, make_section

NFD = "an\u0303o"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("maint-guide.es", "maint-guide-es"),
        ("Ord. 14.2024", "ord-14-2024"),
        ("Ord. 14/2024", "ord-14-2024"),
        ("guia_de_riego", "guia-de-riego"),
        ("agua,suelo;aire:fuego", "agua-suelo-aire-fuego"),
        ("2020–2024—fin", "2020-2024-fin"),
        ("agua+suelo & aire·fuego", "agua-suelo-aire-fuego"),
        ("agua\u00a0y\u202fsuelo", "agua-y-suelo"),
        ("Ley(2024)", "ley-2024"),
        ("Ley N.º 5", "ley-no-5"),
        ("L’Hospitalet d'Or", "lhospitalet-dor"),
        ("Nin\u0303ez", "ninez"),
        ("presu\u00adpuesto", "presupuesto"),
        ("agua\u200b", "agua"),
        ("...", ""),
    ],
)
def test_separators_become_hyphens(text, slug):
    assert slug_of(text) == slug
    assert ascii_file_name(text, "pdf") == f"{slug or 'archivo'}.pdf"


def test_folding_starts_from_composed_letters():
    assert fold("Nin\u0303o") == fold("NIÑO") == "niño" != fold("Nino")
    assert fold("A\u0301rbol") == fold("árbol") == "arbol"
    assert fold("agua\u200b") == fold("ag\u00adua") == "agua"


def test_invisible_characters_go_and_emoji_stay_whole():
    assert one_line("\ufeffagua\u200b\u00a0dulce\u202e") == "agua dulce"
    assert composed("👩\u200d💻 ag\u200dua") == "👩\u200d💻 agua"


@pytest.mark.django_db
@pytest.mark.parametrize("twin", [NFD, "año\u200b", "a\u00adño", "\ufeffAño", "AÑO"])
def test_a_twin_of_a_tag_is_that_tag(client, twin):
    document = make_document(tags=("Año",), link_pending=True)
    sign_in(client)
    url = reverse("admin:resources_document_change", args=[document.pk])
    send(client, url, tags=f"Año, {twin}")
    assert [tag.name for tag in Tag.objects.all()] == ["Año"]


@pytest.mark.django_db
def test_the_desk_refuses_a_twin_of_an_entity_instead_of_failing(client):
    sign_in(client)
    Organization.objects.create(name="Niñez")
    url = reverse("admin:resources_organization_add")
    answer = send(client, url, name="Nin\u0303ez")
    assert answer.status_code == 200
    assert "name" in answer.context["adminform"].form.errors


@pytest.mark.django_db
def test_every_door_of_a_model_composes_its_texts():
    section = make_section(title="Nin\u0303ez")
    document = make_document(title=f"El {NFD}", summary=f"El {NFD}\u00ad", section=section)
    document.refresh_from_db()
    assert (document.title, document.summary) == ("El año", "El año")
    Document.objects.filter(pk=document.pk).update(editor_note=NFD, position=3)
    Tag.objects.bulk_create([Tag(name=NFD, folded="año", slug="ano")])
    document.refresh_from_db()
    assert (document.editor_note, Tag.objects.get().name) == ("año", "año")
    person = get_user_model().objects.create_user("ana", first_name="Begon\u0303a")
    assert person.first_name == "Begoña"


@pytest.mark.django_db
def test_a_password_is_kept_as_it_is_typed():
    person = get_user_model().objects.create_user("ana", password=f"{NFD}-clave")
    assert person.check_password(f"{NFD}-clave")


@pytest.mark.django_db
@pytest.mark.parametrize("words", [NFD, "a\u00adño", "\u200baño"])
def test_words_typed_decomposed_find_the_same(client, words):
    make_document(title="El año hidrológico", link_pending=True)
    make_document(title="El ano", link_pending=True)
    found = client.get(reverse("resource-list"), {"q": words}).content.decode()
    assert "hidrológico" in found
    listed = client.get("/api/v1/recursos", {"q": words}).json()
    assert len(listed["recursos"]) == 1


@pytest.mark.django_db
def test_an_issuer_s_former_filter_address_still_leads_to_it(client):
    issuer = Organization.objects.create(name="Dep. de Agua S.A.")
    make_document(title="Guía de riego", issuer=issuer, link_pending=True)
    for slug in ("dep-de-agua-s-a", "dep-de-agua-sa"):
        page = client.get(reverse("resource-list"), {"entidad": slug}).content.decode()
        assert "Guía de riego" in page, slug


def test_a_name_that_another_has_when_composed_is_no_new_one(db):
    Tag.objects.create(name="Año")
    with pytest.raises(ValidationError):
        Tag(name=NFD).full_clean(exclude=["slug", "folded"])
