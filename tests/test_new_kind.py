"""The recipe of docs/new-kind.md as a test: a kind is declared, published, opened everywhere, found, exported and cited."""

import csv
import io
import re
from collections.abc import Iterator
from importlib import reload

import openpyxl
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.urls import clear_url_caches, get_resolver, reverse
from rdflib import Graph, Literal
from rdflib.namespace import DCTERMS

import portal.urls
from resources.admin.resource import ResourceAdmin
from resources.checks import kinds_are_complete
from resources.files.packs.builder import refresh_packs
from resources.groups import sync_groups
from resources.models import Page, Resource
from resources.models.kind_spec import (
    Fieldset,
    KindField,
    KindSpec,
    Palette,
    kind_names,
    register,
    unregister,
)
from tests.admin.desk import form_url, page_url, send, sign_in
from tests.makers import make_resource, make_section, put_file
from tests.open.conftest import body
from tests.reading.makers import store_reading
from tests.test_addresses import NOT_FOUND, PUBLIC, VALUES

pytestmark = pytest.mark.django_db

SLUG, TITLE = "agua-segura", "Mediciones de caudales"
PAGES_OF_ROWS = ("change", "history", "delete", "duplicate", "preview", "withdraw")
TEMPLATE = """{% extends "resources/resource_detail.html" %}
{% block sheet %}<div><dt>Variables</dt><dd>{{ resource.variables }}</dd></div>{% endblock %}
"""


def dataset_model() -> type[Resource]:
    class Dataset(Resource):
        variables = models.CharField("variables", max_length=200, blank=True)
        period = models.CharField("período", max_length=40, blank=True)
        rows = models.PositiveIntegerField("filas", null=True, blank=True)

        class Meta:
            app_label = "resources"
            verbose_name = "conjunto de datos"
            verbose_name_plural = "conjuntos de datos"

    return Dataset


def declaration(model: type[Resource]) -> KindSpec:
    return KindSpec(
        model,
        slug="conjunto-de-datos",
        order=25,
        hint="Una tabla para descargar.",
        help_chapter="Publicar un documento",
        palette=Palette("#1c4e5a", "#2f7f92", "#a5d5df"),
        schema_type="Dataset",
        ris_type="DATA",
        dc_type="Dataset",
        citation_medium="Conjunto de datos",
        fields=(
            KindField(
                "variables", desk="variables", api="variables", table="variables", index="tags"
            ),
            KindField("period", desk="periodo", api="periodo", dcat="dct:temporal"),
            KindField("rows", "Cuántas filas tiene.", desk="filas", api="filas", table="filas"),
        ),
        fieldsets=(Fieldset("Los datos", ("variables", ("period", "rows"))),),
    )


@pytest.fixture
def dataset(db, settings, tmp_path) -> Iterator[KindSpec]:
    """Add the kind at run time, with its table, its form and its template; remove it again."""
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "dataset_detail.html").write_text(TEMPLATE)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    before = dict(apps.all_models["resources"])
    spec = register(declaration(dataset_model()))
    admin.site.register(spec.model, ResourceAdmin)
    try:
        reload(portal.urls)
        clear_url_caches()
        make_table(spec.model)
        sync_groups()
        yield spec
    finally:
        admin.site.unregister(spec.model)
        unregister(spec)
        apps.all_models["resources"].clear()
        apps.all_models["resources"].update(before)
        delattr(Resource, "dataset")
        apps.clear_cache()
        ContentType.objects.clear_cache()
        reload(portal.urls)
        clear_url_caches()


def make_table(model: type[Resource]) -> None:
    """Create the table within the test's transaction, which takes it away again."""
    editor = connection.schema_editor()
    editor.deferred_sql = []
    sql, params = editor.table_sql(model)
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)


@pytest.fixture
def published(dataset) -> Resource:
    """A dataset with a file, in a section and with a tag."""
    resource = make_resource(
        dataset.model,
        tags=("agua",),
        title=TITLE,
        slug=SLUG,
        section=make_section(title="Datos", slug="datos"),
        variables="caudal; turbiedad",
        period="2010/2020",
        rows=1200,
    )
    old = put_file(resource, name="guia.pdf")
    new = put_file(resource, b"%PDF-1.7 b", slot=old.file, number=2, change_note="Otra.")
    for version in (old, new):
        store_reading(version, "Caudales.")
    put_file(resource, b"a,b", "tabla.csv", media_type="text/csv")
    return resource


def test_only_what_is_drawn_and_migrated_is_missing(dataset):
    assert {error.id for error in kinds_are_complete(None)} == {"resources.E005", "resources.E007"}


def test_every_public_address_answers(client, published):
    Page.objects.create(slug="acerca", title="Acerca", body="Texto")
    refresh_packs.call()
    slugs = {"secciones": "datos", "etiquetas": "agua", "<slug:slug>": "acerca"}
    for route in PUBLIC:
        slug = slugs.get(route.partition("/")[0].partition(".")[0], SLUG)
        values = VALUES | {"slug": slug}
        if "/tabla/" in route:
            values["file_name"] = "tabla.csv"
        path = "/" + re.sub(r"<\w+:(\w+)>", lambda found, v=values: v[found[1]], route)
        if "articulos" in route:  # of laws alone
            continue
        expected = 405 if route == "csp-reportes" else 404 if route in NOT_FOUND else 200
        assert client.get(path).status_code == expected, path
    assert "conjunto de datos" in client.get("/").text
    page = client.get(published.get_absolute_url()).text
    assert "Conjunto de datos" in page
    assert "caudal; turbiedad" in page
    assert "[Conjunto de datos]" in page  # cited


def test_every_page_of_the_admin_opens_and_saves(client, dataset, published):
    sign_in(client, "Publicación")
    for page in PAGES_OF_ROWS:
        assert client.get(form_url(published, page)).status_code in (200, 405), page
    for name in ("resource_changelist", "resource_add", "dataset_changelist", "dataset_add"):
        answer = client.get(reverse(f"admin:resources_{name}"))
        assert answer.status_code == 200
    assert dataset.hint in client.get(reverse("admin:resources_resource_add")).text
    send(client, form_url(published), variables="caudal", rows="7")
    changed = dataset.model.objects.get()
    assert (changed.variables, changed.rows) == ("caudal", 7)
    assert "Variables" in client.get(page_url(changed, "history")).text


def test_it_is_found_and_filtered(client, published):
    for query in ("q=caudales", "q=turbiedad", "q=conjunto+de+datos", "tipo=conjunto-de-datos"):
        page = client.get(f"/recursos/?{query}").text
        assert SLUG in page, query
    found = client.get("/api/v1/recursos?tipo=conjunto-de-datos").json()
    assert [row["slug"] for row in found["recursos"]] == [SLUG]


def test_every_export_has_it_with_its_fields(client, published):
    rows = csv.DictReader(io.StringIO(body(client.get("/catalogo.csv")).removeprefix("\ufeff")))
    row, _ = [row for row in rows if row["slug"] == SLUG]  # one for each file
    told = (row["tipo"], row["variables"], row["filas"])
    assert told == ("Conjunto de datos", "caudal; turbiedad", "1200")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/catalogo.xlsx").getvalue()))
    names, *lines = book.active.iter_rows(values_only=True)
    assert {line[names.index("filas")] for line in lines} == {1200}
    fields = client.get(f"/api/v1/recursos/{SLUG}").json()
    assert [fields[name] for name in ("tipo", "variables", "periodo", "filas")] == [
        "conjunto-de-datos",
        "caudal; turbiedad",
        "2010/2020",
        1200,
    ]
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert schemas["Recurso"]["properties"]["filas"]["type"] == ["integer", "null"]
    graph = Graph().parse(data=body(client.get("/catalogo.ttl")), format="turtle")
    assert Literal("2010/2020", lang="es") in set(graph.objects(None, DCTERMS.temporal))


def test_it_is_cited(client, published):
    place = published.get_absolute_url()
    assert "TY  - DATA" in client.get(f"{place}cita.ris").text
    assert f"@misc{{{SLUG}" in client.get(f"{place}cita.bib").text
    page = client.get(place).text
    assert '"@type": "Dataset"' in page or '"@type":"Dataset"' in page
    assert '<meta name="DC.type" content="Dataset">' in page


def test_it_goes_out_as_a_list_and_comes_in_again(client, dataset, published):
    sign_in(client, "Publicación")
    export = body(client.get(reverse("admin:resources_resource_export")))
    (row,) = csv.DictReader(io.StringIO(export.removeprefix("\ufeff")))
    assert (row["tipo"], row["periodo"]) == ("conjunto-de-datos", "2010/2020")
    lines = (
        f"direccion,tipo,titulo,seccion,filas\r\n{SLUG},,,,9\r\n,conjunto-de-datos,Otra,Datos,3\r\n"
    )
    upload = SimpleUploadedFile("lista.csv", lines.encode())
    dry_run = client.post(reverse("admin:resources_resource_import"), {"file": upload}, follow=True)
    client.post(dry_run.request["PATH_INFO"], {"shown": dry_run.context["shown"]})
    rows = dataset.model.objects.order_by("pk").values_list("title", "rows")
    assert list(rows) == [(TITLE, 9), ("Otra", 3)]


def test_nothing_of_it_remains():
    assert "dataset" not in kind_names()
    assert not hasattr(Resource, "dataset")
    assert not any("dataset" in str(name) for name in get_resolver().reverse_dict)
    assert kinds_are_complete(None) == []
