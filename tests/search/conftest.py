"""What the tests of search share."""

import pytest
from django.db import connection

from search.backends.base import Doc, get_backend
from search.backends.schema import ALL_DOCS_TOKEN, MAX_TIMESTAMP
from search.models import SearchDoc
from search.query.parser import parse
from tests.makers import make_document, make_file, make_section, pdf_bytes
from tests.search.asking import NOW


@pytest.fixture
def guide(tmp_path):
    """A document of four pages."""
    guide = make_document(
        title="Guía de prueba", summary="Un resumen cualquiera.", tags=("datos abiertos",)
    )
    pages = (
        "Portada",
        "El presupuesto participativo se explica",
        "La veeduría vigila la obra",
        "Otra vez el presupuesto",
    )
    make_file(guide, pdf_bytes(*pages), folder=tmp_path)
    return guide


@pytest.fixture
def engine():
    return get_backend(connection.vendor)


def empty_index(engine):
    """Empty the index; return a function that stores a document under the id of a new resource, or under one that is given."""
    section = make_section()
    SearchDoc.objects.all().delete()

    def put(**values):
        given = {"pk": values.pop("id")} if "id" in values else {}
        resource = make_document(section=section, status="draft", **given)
        facets = f"{ALL_DOCS_TOKEN} r_{resource.pk} {values.pop('facets', '')}".strip()
        texts = {"title": "", "tags": "", "summary": "", "body": ""} | {
            key: values.pop(key)
            for key in list(values)
            if key in ("title", "tags", "summary", "body")
        }
        defaults = {
            "layout": "{}",
            "words": "",
            "sort_title": "",
            "visible_from": 1,
            "visible_until": MAX_TIMESTAMP,
            "analyzer": 1,
        }
        with connection.cursor() as cursor:
            engine.store(cursor, [Doc(id=resource.pk, facets=facets, **texts, **defaults | values)])
        return resource.pk

    return put


@pytest.fixture
def store(engine):
    return empty_index(engine)


@pytest.fixture
def ask(engine):
    def run(text, filters=None, any_word=False, synonyms=None, **options):
        parsed = parse(text, synonyms)
        parsed = parsed.loosened() if any_word else parsed
        with connection.cursor() as cursor:
            return engine.query(cursor, parsed, filters or {}, **{"now": NOW} | options)

    return run
