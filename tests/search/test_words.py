"""Which words find which resource: everything that is searched, forms of a word, all of the words or some."""

import datetime as dt
import re

import pytest

from resources.kinds.legislation.models import LegalRelation
from resources.models import Organization, Resource, Tag
from search.models import Synonym
from tests.makers import (
    make_document,
    make_file,
    make_infographic,
    make_law,
    make_video,
    pdf_bytes,
)
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db


def test_everything_that_is_said_to_be_searched_is(client, tmp_path):
    ministry = Organization.objects.create(name="Secretaría de Prueba", acronym="SDP")
    law = make_law(
        title="Ley de ejemplo",
        number="XYZ-2020-77",
        gazette="Registro Oficial Suplemento 909",
        issuer=ministry,
    )
    poster = make_infographic(
        title="Lámina", alt_text="Un tejado rojo", text_alternative="## Cimientos\n\nTexto de cal."
    )
    video = make_video(
        title="Grabación", transcript="Dijeron cosas sobre el páramo.", tags=("montaña",)
    )
    for query, resource in {
        "XYZ-2020-77": law, "suplemento 909": law, "secretaria de prueba": law, "SDP": law, "tejado": poster,
        "cimientos": poster, "paramo": video, "montañas": video, "ejemplos": law,
    }.items():  # fmt: skip
        assert found(client, query) == [resource.slug], query
    assert found(client, '"montanas"') == [], "n is no ñ, to whoever quotes"


def test_a_law_is_found_by_the_citations_of_its_history_and_by_the_day_of_its_gazette(client):
    law = make_law(title="Ley uno", gazette="Suplemento 303", gazette_date=dt.date(2010, 10, 19))
    other = make_law(title="Ley dos")
    relation = LegalRelation.objects.create(
        source_citation="Ley 2004-34, Sexto Suplemento 229", verb="amends", target=law
    )
    for asked in ("2004-34", "sexto suplemento 229", "19 de octubre de 2010"):
        assert found(client, asked) == [law.slug]
    html = search(client, "octubre de 2010")
    assert "19 de <mark>octubre</mark> de <mark>2010</mark>" in html
    assert "datos de la norma" in html
    html = search(client, "2004-34")
    assert "<mark>2004-34</mark>" in html
    assert "historia y relaciones" in html
    relation.target = other
    relation.save()
    assert found(client, "2004-34") == [other.slug]
    relation.delete()
    assert found(client, "2004-34") == []


def test_a_resource_is_found_by_the_date_on_it_as_far_as_that_is_known(client):
    letter = make_document(title="Carta", issued_on="2018-07-15", issued_on_precision="month")
    assert found(client, "julio 2018") == found(client, "cartas de julio de 2018") == ["carta"]
    assert "Ningún recurso tiene todas esas palabras" in search(client, "15 julio 2018")
    letter.issued_on_precision = "day"
    letter.save()
    assert found(client, "15/07/2018") == ["carta"]


def test_an_abbreviation_of_two_letters_is_read_but_never_looked_for_instead(client):
    gazette = make_document(title="Registro Oficial")
    disk = make_document(title="Montar un disco ro")
    assert found(client, "registro oficial") == [gazette.slug]
    assert set(found(client, "RO")) == {gazette.slug, disk.slug}


def test_initials_find_a_title_and_synonyms_what_they_name(client):
    code = make_law(
        title="Código Orgánico de Organización Territorial, Autonomía y Descentralización"
    )
    town = make_document(title="Manual para municipios")
    assert found(client, "cootad") == [code.slug]
    assert found(client, "GAD") == [town.slug]
    Synonym.objects.create(words="municipio, ayuntamiento")
    assert found(client, "ayuntamientos") == [town.slug]


def test_irregular_forms_find_each_other_and_are_marked(client):
    make_document(title="Manual", summary="Para abrir datos hacen falta veedores.")
    html = search(client, "datos abiertos veeduría")
    for form in ("abrir", "datos", "veedores"):
        assert f"<mark>{form}</mark>" in html


@pytest.mark.parametrize("asked", ["2do plan", "2º plan", "2.º plan", "segundo plan", "II plan"])
def test_ordinals_are_found_however_they_are_written(client, asked):
    word = make_document(title="Segundo Plan de Acción")
    figure = make_document(title="Firma del 2do Plan", summary="Hoy rige el 2.º plan.")
    make_document(title="Primer Plan de Acción")
    assert set(found(client, asked)) == {word.slug, figure.slug}
    html = search(client, asked)
    assert "<mark>2do</mark>" in html
    assert "<mark>2.º</mark> <mark>plan</mark>" in html


def test_minus_leaves_out_and_quotes_hold_together(client):
    one = make_document(title="Agua potable")
    two = make_document(title="Agua de riego potable")
    assert set(found(client, "agua")) == {one.slug, two.slug}
    assert found(client, "agua -riego") == [one.slug]
    assert found(client, '"agua potable"') == [one.slug]


def test_any_word_when_no_resource_has_them_all(client, guide):
    html = search(client, "presupuesto inexistentísimo")
    assert "Ningún recurso tiene todas esas palabras" in html
    assert guide.slug in html


@pytest.mark.parametrize("per_page", [10, 1])
def test_words_strewn_over_a_long_file_do_not_hide_what_has_them_together(
    client, tmp_path, settings, per_page
):
    settings.HITS_PER_PAGE = per_page
    strewn = ("La lucha del motor", "contra el polvo", "El disco y la corrupción de datos")
    make_file(make_document(title="Manual"), pdf_bytes(*strewn), folder=tmp_path)
    near = make_document(title="Combate a la corrupción", slug="combate")
    assert near.slug in "".join(
        str(found(client, "lucha corrupción", pagina=page))
        for page in range(1, 3 if per_page == 1 else 2)
    )
    html = search(client, "lucha corrupción", orden="titulo")
    assert (
        "Ningún recurso tiene todas esas palabras juntas. Mostramos los que tienen alguna" in html
    )
    assert found(client, '"lucha" corrupción') == ["manual"]
    assert found(client, "motor polvo", recurso="manual") == ["manual"]


def test_the_better_answer_is_shown_though_few_others_have_all_the_words(client, tmp_path):
    law = make_document(title="Ley de acceso a la información")
    make_file(law, pdf_bytes("La información es de todos."), folder=tmp_path)
    notes = make_document(title="Memoria")
    make_file(notes, pdf_bytes("El río da acceso: información y riego."), folder=tmp_path)
    asked = "riego acceso información"
    html = search(client, asked)
    assert found(client, asked) == [law.slug, notes.slug]
    assert "Un solo recurso tiene todas esas palabras. Mostramos también los que" in html
    notes.summary = "Acceso, información, riego"
    notes.save()
    assert found(client, asked) == [notes.slug]
    assert found(client, f"{asked}", orden="titulo") == [notes.slug]


def test_words_on_one_page_or_partly_in_the_title_are_together(client, tmp_path):
    pages = ("El polvo del motor", "Otra página")
    make_file(make_document(title="Manual"), pdf_bytes(*pages), folder=tmp_path)
    make_document(title="Polvo")
    for asked in ("motor polvo", "manual motor"):
        assert found(client, asked) == ["manual"]
        assert "Ningún recurso tiene" not in search(client, asked)


def test_a_word_cut_in_two_is_joined_though_a_long_file_has_both_pieces(client, tmp_path):
    pages = ("Un filtro anti polvo", "La corrupción de datos")
    make_file(make_document(title="Manual"), pdf_bytes(*pages), folder=tmp_path)
    strategy = make_document(title="Estrategia Anticorrupción")
    assert found(client, "anti corrupcion") == [strategy.slug]
    assert "<strong>anticorrupcion</strong>" in search(client, "anti corrupcion")


def test_words_side_by_side_in_a_body_come_before_scattered_ones_with_a_label(client, tmp_path):
    page = "El archivo guarda los registros ordenados por fecha."
    make_file(make_document(title="Memoria"), pdf_bytes(page), folder=tmp_path)
    scattered = ("El orden de la sesión", "Otra cosa", "El registro")
    law = make_law(title="Norma", tags=("Registro",))
    make_file(law, pdf_bytes(*scattered), folder=tmp_path)
    assert found(client, "registros ordenados") == ["memoria", "norma"]


def test_renaming_a_tag_or_an_entity_reaches_the_index(client, guide):
    tag = Tag.objects.get()
    tag.name = "Kilómetros"
    tag.save()
    assert found(client, "kilometro") == [guide.slug]
    Organization.objects.create(name="Vieja")
    Resource.objects.filter(pk=guide.pk).update(issuer=Organization.objects.get())
    Organization.objects.update(name="Novísima")
    assert found(client, "novisima") == [guide.slug]


def test_a_word_kept_apart_by_capitals_alone_is_found_in_lower_case(client):
    document = make_document(title="Firma de #GobiernoAbiertoEc")
    for asked in ("gobiernoabiertoec", "#GobiernoAbiertoEc", "gobierno abierto"):
        assert found(client, asked) == [document.slug]


SENTENCE = "El alcance de las disposiciones transitorias, reformatorias y derogatorias"


def test_where_one_page_has_every_word_of_a_sentence_it_comes_first_and_is_said_to(
    client, tmp_path
):
    law = make_document(title="Código")
    make_file(law, pdf_bytes("Portada", f"{SENTENCE} cambia."), folder=tmp_path)
    make_document(title="El alcance de las disposiciones")
    asked = "alcance disposiciones transitorias reformatorias derogatorias cambia"
    assert found(client, asked)[0] == law.slug
    html = search(client, asked)
    assert "Un solo recurso tiene todas esas palabras." in html
    inside = search(client, asked, recurso=law.slug)
    assert "no tiene todas esas palabras" not in inside
    assert "página 2 de 2" in inside
    assert "página 1 de 2" not in inside


def test_two_words_of_a_sentence_that_a_long_file_has_by_chance_do_not_hide_the_guide_to_it(
    client, tmp_path
):
    book = make_document(title="Libro")
    pages = ["Nada de nada."] * 9 + ["La luz de la calle."]
    make_file(book, pdf_bytes(*pages), folder=tmp_path)
    guide = make_document(title="Guía de luz", summary="A quién llamar cuando no hay luz.")
    assert set(found(client, "mi calle no tiene luz")) == {guide.slug, book.slug}
    assert found(client, "calle luz") == [book.slug]


@pytest.mark.parametrize("typed", ["YouTube", "Youtube", "youtube"])
def test_a_word_typed_with_capitals_inside_is_one_word_as_well(client, tmp_path, typed):
    written = make_document(title="Canales")
    make_file(written, pdf_bytes("Escríbanos por Youtube."), folder=tmp_path)
    make_document(title="Un tubo")
    assert found(client, typed) == [written.slug]


def test_a_law_shows_its_record_where_only_that_has_a_word_though_pages_have_others(
    client, tmp_path
):
    law = make_law(title="Ley uno", gazette="Registro Oficial Suplemento 303")
    make_file(law, pdf_bytes("El Registro Oficial publica leyes."), folder=tmp_path)
    html = search(client, "registro oficial 303")
    assert "Suplemento <mark>303</mark>" in html
    assert html.index("datos de la norma") < html.index("página 1 de 1")
    assert "datos de la norma" not in search(client, "registro oficial")


@pytest.mark.parametrize("typed", ["tiktok", "TikTok", "Tiktok", '"canal TikTok"'])
def test_a_word_written_with_capitals_inside_is_one_word_as_well(client, tmp_path, typed):
    written = make_document(title="Redes")
    make_file(written, pdf_bytes("Portada", "Vea el canal TikTok."), folder=tmp_path)
    assert found(client, "tik tok") == found(client, typed) == [written.slug]
    html = search(client, typed)
    assert "TikTok</mark>." in html
    assert "#page=2" in html


@pytest.mark.parametrize("asked", ["pt 100", "pt100", "PT-100", '"pt 100"', "100", "pt"])
def test_letters_and_figures_without_a_space_are_found_apart_as_well(client, tmp_path, asked):
    written = make_document(title="Sensores")
    make_file(written, pdf_bytes("Portada", "Mida con el PT100, el 2do día."), folder=tmp_path)
    assert found(client, asked) == [written.slug]
    html = search(client, asked)
    assert "#page=2" in html
    assert re.search("<mark>(PT|100|PT100)</mark>", html)


@pytest.mark.parametrize("asked", ["12-2021", "012-2021", "0012-2021", '"resolución 12"'])
def test_zeros_before_a_number_are_not_minded(client, tmp_path, asked):
    make_file(
        make_document(title="Guía"), pdf_bytes("Véase la Resolución 0012-2021."), folder=tmp_path
    )
    make_file(make_document(title="Otra"), pdf_bytes("Resolución 120-2021."), folder=tmp_path)
    assert found(client, asked) == ["guia"]
    assert "0012" in re.findall("<mark>(?:Resolución )?([0-9]+)", search(client, asked))


def test_what_was_typed_comes_before_other_words_for_it_and_is_shown(client, tmp_path):
    Synonym.objects.create(words="acequia, zanja")
    other = make_document(title="Zanjas y más zanjas")
    typed = make_document(title="Riego", summary="De acequias.")
    make_file(typed, pdf_bytes("Una zanja y otra zanja.", *["Una acequia."] * 3), folder=tmp_path)
    assert found(client, "acequia") == [typed.slug, other.slug]
    assert "página 1 de 4" not in search(client, "acequia")
    assert found(client, "zanja") == [other.slug, typed.slug]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("PDOT", "plan de desarrollo y ordenamiento territorial"),
        ("basura", "desechos"),
        ("pido", "una solicitud"),
    ],
)
def test_everyday_words_find_what_texts_write(client, typed, written):
    document = make_document(title="Informe", summary=f"Sobre {written}.")
    assert found(client, typed) == [document.slug]


@pytest.mark.parametrize(
    "asked",
    [
        "busco la ordenanza",
        "¿dónde encuentro la ordenanza?",
        "no encuentro ordenanza",
        "explícame la ordenanza",
        "quiero saber qué significa ordenanza",
        "ordenanza que lo encuentro",
    ],
)
def test_words_that_one_asks_with_are_not_asked_for(client, asked):
    document = make_document(title="Ordenanza")
    assert found(client, asked) == [document.slug]
    assert "alguna" not in search(client, asked).partition('<div id="resultados"')[0]


@pytest.mark.parametrize(
    "asked", ["encuentro", "encuentros", "encuentro ciudadano", "el encuentro", '"encuentro"']
)
def test_what_one_asks_with_is_asked_for_where_it_is_a_name(client, asked):
    document = make_document(title="Encuentro ciudadano")
    make_document(title="Un ciudadano")
    assert found(client, asked) == [document.slug]


def test_a_word_to_ask_with_is_asked_for_by_itself(client):
    document = make_document(title="Explica el presupuesto")
    assert found(client, "explica") == [document.slug]
    assert found(client, "explica que") == [document.slug]


@pytest.mark.parametrize("asked", ["link del plan", "¿dónde descargo el plan?"])
def test_how_one_comes_by_a_file_is_not_asked_for(client, asked):
    document = make_document(title="Plan del agua")
    assert found(client, asked) == [document.slug]


@pytest.mark.parametrize("asked", ["R.O. 175", "r.o 175", "reg. of. 175", "Reg. Oficial 175"])
def test_the_gazette_is_found_by_its_initials(client, asked):
    law = make_law(title="Ley", number="", gazette="Registro Oficial Suplemento 175")
    make_document(title="Oficial", summary="Un registro con 175 pistas")
    assert found(client, asked) == [law.slug]


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("252441", "252.441"),
        ("252.441", "252.441"),
        ("252,441", "252.441"),
        ("7212", "7,212"),
        ("7212.60", "7,212"),
        ("7.212,60", "7,212"),
        ("1800836366", "1800-836-366"),
        ("1800-836-366", "1800-836-366"),
        ("0995550147", "099 555 0147"),
        ("1234567", "1.234.567"),
    ],
)
def test_numbers_are_found_however_their_figures_are_grouped(client, tmp_path, asked, marked):
    document = make_document(title="Informe")
    page = "252.441; 7,212.60\n1.234.567\n1800-836-366; 099 555 0147"
    make_file(document, pdf_bytes("Nada: 252 de 441.", page), folder=tmp_path)
    other = make_document(title="Otro")
    make_file(other, pdf_bytes("De 7 a 60, y 212; en 2024-2034."), folder=tmp_path)
    html = search(client, asked)
    assert found(client, asked) == [document.slug]
    assert "página 2 de 2" in html
    assert f"<mark>{marked}" in html
