"""Redirects and answers about what moved or is gone: no browser keeps one beyond the change that ends it."""

import pytest
from django.test import Client

from resources.models import Resource, Section, Tag
from tests.makers import make_document, make_editor, put_file
from tests.transitions import withdraw

pytestmark = pytest.mark.django_db

SUBTREE = (
    "",
    "?pagina=2",
    "paquete.zip",
    "cita.bib",
    "cita.ris",
    "archivos/guia.pdf",
    "archivos/v1/guia.pdf",
)


def rename(resource: Resource, slug: str) -> None:
    resource = Resource.objects.get(pk=resource.pk).specific
    resource.slug = slug
    resource.save()


def must_be_revalidated(answer) -> bool:
    directives = answer.get("Cache-Control", "").replace(" ", "").split(",")
    return "no-cache" in directives or "no-store" in directives


@pytest.fixture
def guide():
    document = make_document(title="Guía")
    put_file(document)
    return document


def addresses(slug: str) -> list[str]:
    return [*(f"/recursos/{slug}/{below}" for below in SUBTREE), f"/api/v1/recursos/{slug}"]


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("method", ["get", "head"])
def test_every_redirect_of_a_former_address_is_revalidated(client, guide, method, signed_in):
    rename(guide, "nueva")
    if signed_in:
        client.force_login(make_editor())
    for path in addresses("guia"):
        answer = getattr(client, method)(path)
        assert answer.status_code == 301, path
        assert "nueva" in answer["Location"], path
        assert must_be_revalidated(answer), path


def test_a_redirect_is_not_confirmed_once_the_address_is_given_back(client, guide):
    rename(guide, "nueva")
    redirects = {path: client.get(path) for path in addresses("guia")}
    rename(guide, "guia")
    for path, redirect in redirects.items():
        etag = redirect.get("ETag")
        answer = client.get(path, headers={"If-None-Match": etag} if etag else {})
        assert answer.status_code not in (301, 304), path


def test_answers_404_and_410_are_never_cached(client, guide):
    missing = addresses("nunca")
    withdraw(guide.specific, "Error.")
    section, tag = Section.objects.create(title="Cerrada"), Tag.objects.create(name="Sobra")
    section.delete()
    tag.delete()
    shelves = [
        "/secciones/cerrada/",
        "/secciones/cerrada.atom",
        "/secciones/cerrada/paquete.zip",
        "/etiquetas/sobra/",
        "/etiquetas/sobra.atom",
    ]
    for path in [*addresses("guia"), *shelves]:
        answer = client.get(path)
        assert (answer.status_code, must_be_revalidated(answer)) == (410, True), path
    for path in [*missing, "/nunca/", "/secciones/nunca/", "/etiquetas/nunca.atom", "/imagenes/x"]:
        answer = client.get(path)
        assert (answer.status_code, must_be_revalidated(answer)) == (404, True), path


@pytest.mark.parametrize("path", ["/recursos/guia", "/recursos", "/verificar", "/novedades"])
def test_the_redirect_to_the_final_slash_is_revalidated(guide, path):
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (301, f"{path}/")
    assert must_be_revalidated(answer)
