"""The facets beside the results: counts, filters, and values that do not exist."""

import random
import re
from collections import Counter
from functools import cache

import pytest

from resources.models import Organization
from tests.makers import (
    make_document,
    make_file,
    make_law,
    make_section,
    make_video,
    pdf_bytes,
)
from tests.search.asking import counts_on, found, search, total

pytestmark = pytest.mark.django_db


def test_a_facet_that_cannot_narrow_is_not_shown(client):
    for title in ("Plan uno", "Plan dos"):
        make_document(
            title=title, tags=("agua", "suelo"), issued_on="2020-01-01", issued_on_precision="year"
        )
    html = search(client, "plan")
    assert 'name="etiqueta"' not in html, "both have both tags"
    make_document(
        title="Plan tres", tags=("agua",), issued_on="2020-01-01", issued_on_precision="year"
    )
    assert 'name="etiqueta"' in search(client, "plan")
    assert 'name="anio"' not in search(client, "plan")


def test_facets_count_and_respect_each_other(client):
    section = make_section(title="Guías")
    make_document(
        title="Plan uno",
        section=section,
        tags=("agua",),
        issued_on="2020-01-01",
        issued_on_precision="year",
    )
    make_document(title="Plan dos", section=section)
    make_video(title="Plan tres", tags=("agua",))
    html = search(client, "plan", tipo="documento")
    assert (
        found(client, "plan", tipo="documento")
        and len(found(client, "plan", tipo="documento")) == 2
    )
    values = re.findall(
        r'type="checkbox" name="(\w+)" value="([\w-]+)"( checked)?>.*?class="num">(\d+)', html, re.S
    )
    assert ("tipo", "documento", " checked", "2") in values
    assert ("tipo", "video", "", "1") in values
    assert ("anio", "2020", "", "1") in values
    assert ("anio", "sin-fecha", "", "1") in values
    assert re.search(r'<span class="vh">Quitar </span>Tipo: Documento</span>', html)
    assert len(found(client, "plan", tipo=["documento", "video"], etiqueta="agua")) == 2


def test_a_format_may_be_written_in_capitals(client, tmp_path):
    law = make_law(title="Ley uno")
    make_file(law, folder=tmp_path)
    make_document(title="Ley dos")
    assert found(client, formato="PDF") == found(client, "ley", formato="Pdf") == [law.slug]
    html = search(client, "ley", formato=["PDF", "pdf"])
    assert (
        len(
            re.findall(
                r'<a [^>]*href="/recursos/\?q=ley">[^\n]*\s*<span class="vh">Quitar </span>Formato',
                html,
            )
        )
        == 1
    )
    assert client.get("/api/v1/recursos?formato=PDF").json()["total"] == 1


def test_resources_without_a_date_have_one_value_and_no_other(client, guide):
    assert found(client, anio="sin-fecha") == [guide.slug]
    assert "El filtro «Año: 0» no existe en este portal." in search(client, anio="0")


@pytest.mark.parametrize("value", ["no-existe", "a\0b", "'", "%", "9" * 30, "<b>"])
def test_a_filter_that_does_not_exist_is_a_clear_empty_page(client, guide, value):
    names = (
        "tipo",
        "seccion",
        "etiqueta",
        "entidad",
        "anio",
        "vigencia",
        "formato",
        "idioma",
        "accesible",
        "recurso",
    )
    for name in names:
        nothing_of(client, name, value)


def nothing_of(client, name, value):
    html = search(client, "presupuesto", **{name: value})
    assert "No encontramos nada" in html
    assert "<b>" not in html
    assert "Ningún recurso cumple" in search(client, **{name: value})


def test_filters_by_entity_force_format_language_and_accessibility(client, tmp_path):
    entity = Organization.objects.create(name="Asamblea Nacional")
    law = make_law(title="Ley uno", issuer=entity)
    make_file(law, folder=tmp_path, accessible=True)
    make_document(title="Guía", language="qu")
    for params in (
        {"entidad": "asamblea-nacional"},
        {"vigencia": "por-verificar"},
        {"formato": "pdf"},
        {"accesible": "si"},
    ):
        assert found(client, **params) == [law.slug], params
    assert found(client, idioma="qu") == ["guia"]


def test_a_facet_with_one_value_is_shown_where_not_every_result_has_it(client):
    make_law(title="Ley del agua")
    make_document(title="Guía del agua", language="es")
    html = search(client, "agua")
    assert 'name="vigencia" value="por-verificar"' in html
    assert 'name="idioma"' not in html
    assert 'name="vigencia"' not in search(client, "ley")


def test_a_filter_without_a_value_of_that_name_is_told_from_one_without_results(client, guide):
    html = search(client, tipo="video", etiqueta=["vieja", "datos-abiertos"])
    assert "El filtro «Etiqueta: vieja» no existe en este portal." in html
    assert html.count("no existe en este portal") == 1
    link = 'href="/recursos/?tipo=video&amp;etiqueta=datos-abiertos">Quitarlo</a>'
    assert link in html


def test_other_words_keep_the_filters_and_begin_a_search_inside_a_resource_without_any(
    client, guide
):
    def form(**params):
        html = search(client, **params)
        return html.partition('<div class="wrap find">')[2].partition("</form>")[0]

    kept = form(query="plan", tipo="documento", etiqueta="a", orden="titulo", pagina="1")
    assert '<input type="hidden" name="tipo" value="documento">' in kept
    assert '<input type="hidden" name="etiqueta" value="a">' in kept
    assert "orden" not in kept
    assert "pagina" not in kept
    inside = form(query="plan", tipo="documento", recurso=guide.slug)
    assert "tipo" not in inside.replace('type="', "")
    assert f'name="recurso" value="{guide.slug}"' in inside


def test_filtered_pages_name_the_whole_list_as_their_own(client, guide):
    for html in (search(client, "presupuesto"), search(client, tipo="documento")):
        assert re.search(r'<link rel="canonical" href="[^"]+/recursos/">', html)
        assert "noindex" not in html


def test_every_count_is_right_under_any_filters(client):
    """Against counting by hand: a facet's count disregards its own filter and respects all others."""
    rng = random.Random(7)
    sections = [make_section(title=f"Parte {n}") for n in range(3)]
    tags, years, words = ["agua", "suelo", "aire"], [2020, 2021, 2022], ["plan", "informe"]
    rows = []
    for n in range(24):
        row = {
            "seccion": {rng.choice(sections).slug},
            "etiqueta": set(rng.sample(tags, rng.randint(0, 2))),
            "anio": {str(rng.choice(years))},
            "idioma": {rng.choice(["es", "qu"])},
            "q": rng.choice(words),
        }
        rows.append(row)
        make_document(
            title=f"{row['q']} {n}",
            section=next(s for s in sections if s.slug in row["seccion"]),
            tags=tuple(row["etiqueta"]),
            issued_on=f"{min(row['anio'])}-01-01",
            issued_on_precision="year",
            language=min(row["idioma"]),
        )
    names = ("seccion", "etiqueta", "anio", "idioma")
    for _ in range(12):
        asked = {
            name: rng.sample(sorted(set().union(*(row[name] for row in rows))), rng.randint(1, 2))
            for name in rng.sample(names, rng.randint(0, 3))
        }
        query = rng.choice(["", *words])

        def passing(but, asked=asked, query=query):
            return [
                row
                for row in rows
                if (not query or row["q"] == query)
                and all(row[name] & set(values) for name, values in asked.items() if name != but)
            ]

        html = search(client, query, **asked)
        shown = counts_on(html)
        for name in names:
            counts = Counter(value for row in passing(name) for value in row[name])
            listed = {value: n for (group, value), n in shown.items() if group == name}
            if len(counts) > 1:
                assert {v: n for v, n in listed.items() if n} == counts, (query, asked, name)


@pytest.mark.parametrize(
    "asked",
    [
        "participación cantón",
        "participasion del kanton",
        "participasion cantón",
        "quiero saber de la participasion en mi cantón",
        "participación cantón abiertísimo",
    ],
)
def test_every_count_is_right_where_something_else_was_meant_or_any_word_is_enough(
    client, tmp_path, asked
):
    pages = {
        "Guía": ["La participación en el cantón"],
        "Plan": ["La participación", "El cantón"],
        "Norma": ["La participación", "Abierto"],
        "Acta": ["El cantón", "La participación"],
        "Carta": ["El cantón"],
    }
    for n, (title, texts) in enumerate(pages.items()):
        document = make_document(title=title, tags=("agua" if n < 2 else "suelo", f"parte {n}"))
        make_file(document, pdf_bytes(*texts), folder=tmp_path)

    @cache
    def total_with(*filters: tuple[str, str]) -> int:
        return total(search(client, asked, **dict(filters)))

    offered = counts_on(search(client, asked))
    assert len(offered) > 4
    for one, count in offered.items():
        assert total_with(one) == count, one
        for other, fewer in counts_on(search(client, asked, **dict([one]))).items():
            if other[0] != one[0]:
                assert total_with(*sorted([one, other])) == fewer


def test_where_nothing_with_all_words_passes_the_filters_the_counts_are_still_of_what_has_all(
    client,
):
    make_document(title="Plan de agua")
    make_document(title="Plan de riego", language="qu")
    make_video(title="Video de agua", language="qu")
    html = search(client, "plan agua", idioma="qu")
    assert "Ningún recurso tiene todas esas palabras con estos filtros" in html
    assert set(found(client, "plan agua", idioma="qu")) == {"plan-de-riego", "video-de-agua"}
    assert counts_on(html) == {("idioma", "es"): 1, ("idioma", "qu"): 0}
    assert "Las cifras cuentan lo que tiene todas las palabras." in html
    assert "Las cifras cuentan" not in search(client, "plan agua", idioma="es")
    assert "Las cifras cuentan" not in search(client, "nada", idioma="qu")
    assert total(search(client, "plan agua", idioma="es")) == 1
