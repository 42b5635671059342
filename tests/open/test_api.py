"""The API: what its document promises it answers, and what it refuses it explains."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry
from referencing import Resource as Schema
from referencing.jsonschema import DRAFT202012

from resources.models import Resource
from tests.makers import make_document, make_editor
from tests.open.conftest import HIDDEN

BASE = "/api/v1"


@pytest.fixture
def contract(client, db) -> dict:
    return client.get(f"{BASE}/openapi.json").json()


@pytest.fixture
def judge(contract):
    """Return a function that lists what the document does not promise of an answer."""
    registry = Registry().with_resource("urn:api", Schema(contract, specification=DRAFT202012))

    def faults(answer, name: str) -> list[str]:
        schema = {"$ref": f"urn:api#/components/schemas/{name}"}
        validator = Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())
        return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(answer)]

    return faults


def test_the_document_is_valid_openapi(contract):
    validate(contract)
    assert contract["openapi"].startswith("3.1")
    assert contract["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_every_answer_is_what_the_document_says(client, things, judge):
    answers = {
        f"{BASE}/recursos": "Resultados",
        f"{BASE}/recursos?q=guia&por_pagina=1": "Resultados",
        f"{BASE}/recursos?q=nadaquesirva": "Resultados",
        f"{BASE}/secciones": "Secciones",
        f"{BASE}/etiquetas": "Etiquetas",
        **{f"{BASE}/recursos/{resource.slug}": "Recurso" for resource in things.shown},
    }
    for path, name in answers.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer["Content-Type"] == "application/json"
        assert judge(answer.json(), name) == [], path


def test_the_list_follows_the_filters_and_the_order_of_the_page(client, things):
    def titles(query: str) -> list[str]:
        answer = client.get(f"{BASE}/recursos?{query}").json()
        return [row["titulo"] for row in answer["recursos"]]

    assert titles("tipo=instrumento-legal&vigencia=vigente") == ["Ley de transparencia"]
    assert titles("tipo=video&tipo=infografia") == ["Los pilares", "Por enlazar", "Voces"]
    assert titles("seccion=laminas&orden=titulo") == ["Los pilares", "Por enlazar", "Voces"]
    assert titles("entidad=asamblea-nacional&anio=2022") == [things.document.title]
    assert titles("etiqueta=no-existe") == []


def test_a_search_tells_where_the_words_stand(client, things):
    found = client.get(f"{BASE}/recursos?q=pilares").json()
    assert found["total"] == 1
    (hit,) = found["recursos"]
    assert hit["pasajes"][0]["donde"] == "texto de la lámina"
    assert hit["pasajes"][0]["url"] == f"{hit['url']}#texto"


def test_the_pages_of_a_list_lead_to_one_another(client, things):
    first = client.get(f"{BASE}/recursos?por_pagina=4")
    body = first.json()
    assert (body["total"], body["paginas"], len(body["recursos"])) == (6, 2, 4)
    assert body["enlaces"]["anterior"] is None
    assert f'<{body["enlaces"]["siguiente"]}>; rel="next"' in first["Link"]
    last = client.get(body["enlaces"]["siguiente"].removeprefix("http://127.0.0.1:8000")).json()
    assert last["enlaces"]["siguiente"] is None
    assert len(last["recursos"]) == 2
    seen = {row["id"] for row in body["recursos"] + last["recursos"]}
    assert seen == {resource.pk for resource in things.shown}


def test_a_page_that_no_list_has_is_refused_with_how_many_there_are(client, things):
    for query, words in (
        ("pagina=2", "Esta lista tiene una sola página: la 2 no existe."),
        ("por_pagina=4&pagina=3", "Esta lista tiene 2 páginas: la 3 no existe."),
    ):
        answer = client.get(f"{BASE}/recursos?{query}")
        assert answer.status_code == 404
        assert answer.json()["detail"] == words


def test_a_law_tells_what_its_page_tells(client, things):
    law = client.get(f"{BASE}/recursos/{things.law.slug}").json()["norma"]
    assert law["vigencia"] == "vigente"
    assert law["verificado"] == "2026-01-02"
    assert law["sin_verificar_desde"] is None
    assert {row["relacion"] for row in law["relaciones"]} == {"deroga-a", "reforma-a"}
    page = client.get(things.law.get_absolute_url()).text
    assert law["vigencia_en_palabras"] in page
    for event in law["historia"]:
        assert event["texto"] in page
    old = type(things.law).objects.get(pk=things.law.pk)
    old.review_by = date(2026, 1, 3)
    old.save()
    law = client.get(f"{BASE}/recursos/{things.law.slug}").json()["norma"]
    assert (law["vigencia"], law["sin_verificar_desde"]) == ("por-verificar", "2026-01-02")
    assert "Sin verificar desde el 2 de enero de 2026" in client.get(old.get_absolute_url()).text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tipos=video", "tipos"),
        ("tipo=podcast", "instrumento-legal"),
        ("vigencia=si", "por-verificar"),
        ("pagina=0", "del 1 al 999999"),
        ("pagina=%C2%B2", "del 1 al 999999"),
        ("por_pagina=101", "del 1 al 100"),
        ("anio=MMXX", "sin-fecha"),
        ("seccion=gu%C3%ADas", "guiones"),
        ("orden=azar", "recientes"),
        ("q=a&q=b", "una sola vez"),
        ("recurso=%00", "guiones"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_to_do(client, db, judge, query, words):
    answer = client.get(f"{BASE}/recursos?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert judge(problem, "Problema") == []
    assert words in problem["detail"]
    assert {"q", "tipo", "vigencia", "pagina", "por_pagina"} <= set(problem["permitidos"])
    place = problem["type"].partition("#")[2]
    assert f'id="{place}"' in client.get(f"{BASE}/").text


@pytest.mark.parametrize("path", ["secciones", "etiquetas", "openapi.json"])
def test_what_takes_no_parameters_refuses_any(client, db, path):
    assert client.get(f"{BASE}/{path}?q=a").status_code == 400


def test_what_is_not_there_is_a_problem_in_json(client, things, judge):
    for path in ("nada", "recursos/nada", "recursos/oculto-borrador", "recursos?pagina=9999"):
        answer = client.get(f"{BASE}/{path}")
        assert answer.status_code == 404, path
        assert judge(answer.json(), "Problema") == []


def test_what_was_withdrawn_says_why_and_what_moved_leads_on(client, things):
    gone = client.get(f"{BASE}/recursos/oculto-retirado")
    assert gone.status_code == 410
    assert "Ya no corresponde." in gone.json()["detail"]
    moved = Resource.objects.get(pk=things.document.pk).specific
    old, moved.slug = moved.slug, "guia-nueva"
    moved.save()
    answer = client.get(f"{BASE}/recursos/{old}")
    assert answer.status_code == 301
    assert answer["Location"].endswith(f"{BASE}/recursos/guia-nueva")
    assert client.get(f"{BASE}/recursos/guia-nueva").json()["id"] == things.document.pk


def test_an_old_address_of_what_was_withdrawn_says_why_and_one_of_a_draft_says_nothing(client, db):
    for slug, status, code in (("ida", "withdrawn", 410), ("oculta", "draft", 404)):
        document = make_document(title="Guía", slug=slug)
        document.slug = f"{slug}-nueva"
        document.save()
        state = {"withdrawn": {"withdrawn_reason": "Se derogó.", "withdrawn_on": timezone.now()}}
        Resource.objects.filter(pk=document.pk).update(status=status, **state.get(status, {}))
        for address in (slug, f"{slug}-nueva"):
            answer = client.get(f"{BASE}/recursos/{address}")
            assert answer.status_code == code, address
            assert ("Se derogó." in answer.json()["detail"]) == (code == 410)


def test_nothing_hidden_is_told_to_anyone_editors_included(client, things):
    client.force_login(make_editor())
    for path in ("recursos", f"recursos?q={HIDDEN}", "etiquetas"):
        assert (
            HIDDEN.lower()
            not in re.sub(
                r'"esta".*?,|"primera".*?,|"ultima".*?}', "", client.get(f"{BASE}/{path}").text
            ).lower()
        )
    counts = {
        row["slug"]: row["recursos"] for row in client.get(f"{BASE}/secciones").json()["secciones"]
    }
    assert counts == {"laminas": 3, "guias-y-leyes": 3}


def test_any_page_of_any_site_may_read_it_and_nobody_writes(client, db):
    answer = client.options(f"{BASE}/recursos")
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    stranger = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(stranger, method)(f"{BASE}/recursos")
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
        assert answer.json()["title"] == "Aquí solo se lee"
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_an_answer_can_be_checked_and_changes_with_the_catalogue(client, things):
    answer = client.get(f"{BASE}/recursos")
    assert not answer.cookies
    again = client.get(f"{BASE}/recursos", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    make_document()
    assert (
        client.get(f"{BASE}/recursos", headers={"If-None-Match": answer["ETag"]}).status_code == 200
    )


def test_a_fault_of_ours_is_a_problem_too(client, db, monkeypatch):
    monkeypatch.setattr("resources.views.api.openapi", lambda site: 1 / 0)
    client.raise_request_exception = False
    answer = client.get(f"{BASE}/openapi.json")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"


def test_its_page_tells_people_every_call_parameter_and_value(client, contract):
    page = client.get(f"{BASE}/").text
    for path in contract["paths"]:
        assert f"GET {path}" in page
    for parameter in contract["paths"][f"{BASE}/recursos"]["get"]["parameters"]:
        assert f"<code>{parameter['name']}</code>" in page
    for name, schema in contract["components"]["schemas"].items():
        assert f'id="respuesta-{name}"' in page
        for value in schema["properties"]:
            assert f"<code>{value}</code>" in page


@pytest.mark.parametrize("others", [0, 15])
def test_a_page_of_the_list_costs_the_same_queries_whatever_the_size(
    client, things, others, django_assert_max_num_queries
):
    for _ in range(others):
        make_document(section=things.shelf)
    # portal, sections, synonyms; the search in two (five on PostgreSQL); other spellings, cards, their entries; five for the facts
    with django_assert_max_num_queries(16):
        client.get(f"{BASE}/recursos?q=guia")
