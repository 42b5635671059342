"""The strategies: what a question costs at most, and what editors see of how it was answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.backends.base import Backend
from search.index.writer import batch_index_updates
from search.service import SearchRequest, SearchService
from search.utils import results
from tests.makers import make_document, make_editor, make_file, make_section, pdf_bytes
from tests.search.asking import search

pytestmark = pytest.mark.django_db

QUESTIONS = [
    "",
    "participación",
    "participación ciudadana",
    "participasion ciudadna",
    "presu puesto participativo",
    "presupuestoparticipativo",
    "rendiciondecuentas",
    "quiero saber de la participasion en mi cantón",
    "¿cómo puedo pedir información pública del municipio?",
    "cod org",
    "gob abierto y cod org territorial",
    "xyzzy",
    "xyzzy qwerty asdf zxcv wrtp lkjh mnbv poiu",
    "trasparencia",
    "hierva buena",
    "lei organika de transparensia i aceso a la imformasion",
    "teritorial descentralisacion autonomia guvierno munisipio prezupuesto",
    '"rendición de cuentas"',
    '"rendicion de kuentas" munisipio',
    '"el mismo" "la misma" -agua',
    "ciudadanía -ley",
    "-ley",
    "2 plan de accion",
    "anti corrupcion des centralizacion",
    "codigo abierto participativo rendicion",
    "de la el",
]
FILTERS = [{}, {"k": ["k_document"]}, {"k": ["k_video"]}]


@pytest.fixture(scope="module")
def catalogue(made_for_module) -> None:
    """Some documents in whose files most words stand somewhere."""
    titles = (
        "Código orgánico de organización territorial",
        "Gobierno abierto",
        "Presupuesto participativo",
        "Rendición de cuentas",
        "Guía de participación ciudadana",
        "Anticorrupción y transparencia",
    )
    pages = ["La participación", "en el cantón", "el presupuesto", "Rendición", "la misma cuenta"]
    with batch_index_updates():
        section = make_section()
        for n in range(30):
            document = make_document(title=f"{titles[n % 6]} {n}", section=section, tags=("agua",))
            if n < 6:
                make_file(document, pdf_bytes(*pages[n % 3 :]), folder=made_for_module)


@pytest.mark.parametrize("filters", FILTERS, ids=["all", "a filter", "a filter of none"])
@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("offset", [0, 20])
def test_no_question_takes_more_than_four_queries_and_twenty_statements(
    catalogue, monkeypatch, text, filters, offset
):
    queries, query = [], Backend.query

    def counted(*args, **kwargs):
        queries.append(args)
        return query(*args, **kwargs)

    monkeypatch.setattr(Backend, "query", counted)
    results.clear()
    with CaptureQueriesContext(connection) as statements:
        SearchService().execute(SearchRequest(text, filters, version=1, offset=offset))
    assert len(queries) <= 4
    assert len(statements) <= 20, "\n".join(each["sql"] for each in statements)


def explained(client, query: str) -> str:
    html = search(client, query, explicar="1")
    return html.partition("Cómo se buscó")[2].partition("</section>")[0]


def test_editors_see_the_trail_of_strategies(client):
    make_document(title="Alameda panorámica")
    client.force_login(make_editor())
    trail = explained(client, "alamedda panorámica")
    assert "Todas las palabras: 0 resultados de «alamedda panorámica»" in trail
    assert "Ortografía corregida: 1 resultado de «alameda panorámica»" in trail
    answer = client.get("/recursos/", {"q": "alameda", "explicar": "1"})
    assert "no-store" in answer["Cache-Control"]
    assert "Cómo se buscó" not in search(client, "alameda")


def test_visitors_see_no_trail(client):
    make_document(title="Alameda panorámica")
    assert explained(client, "alamedda panorámica") == ""
