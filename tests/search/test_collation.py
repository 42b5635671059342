"""What is sorted and what is completed does not depend on how a database compares letters.

The gate's PostgreSQL compares them as in Ecuador, which puts "n~" before "na" and no range of words where their letters are.
"""

import pytest
from django.db import connection

from tests.makers import make_document
from tests.search.asking import found

pytestmark = pytest.mark.django_db


def test_titles_are_in_spanish_order_in_every_list(client):
    titles = ["Ano", "Anza", "Año", "Añoranza", "Un a", "Una b"]
    slugs = [make_document(title=title).slug for title in reversed(titles)][::-1]
    assert found(client, orden="titulo") == slugs
    for title, slug in zip(titles, slugs, strict=True):
        make_document(title=f"{title} plan", slug=f"{slug}-plan")
    assert found(client, "plan", orden="titulo") == [f"{slug}-plan" for slug in slugs]


def test_what_begins_so_is_suggested(client):
    make_document(title="Participación", tags=("Ñandú", "participación ciudadana"))
    for typed, expected in {
        "partic": {"participación", "participación ciudadana"},
        "ña": {"Ñandú", "ñandú", "Participación"},
        "participacion c": {"participación ciudadana", "participacion ciudadana"},
    }.items():
        answer = client.get("/recursos/sugerencias", {"q": typed}).json()["sugerencias"]
        assert answer, typed
        assert set(answer) <= expected, typed


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite compares bytes")
def test_postgresql_compares_the_bytes_of_what_is_sorted():
    """A migration that alters one of these columns has to say its collation again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C' "
            "AND table_schema = current_schema() AND table_name ~ %s ORDER BY 1, 2",
            ["^(resources|search)_"],
        )
        assert cursor.fetchall() == [
            ("resources_resource", "sort_title"),
            ("resources_tag", "folded"),
            ("search_searchdoc", "sort_title"),
            ("search_term", "text"),
        ]
