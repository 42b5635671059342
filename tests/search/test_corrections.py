"""What was typed and what was meant: letters missing or exchanged, words glued or cut, words that nobody writes."""

import re

import pytest

from resources.models import Resource
from tests.makers import make_document, make_file, make_video, pdf_bytes
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db


def test_a_typing_error_is_corrected_openly(client, guide):
    html = search(client, "presupuezto")
    assert "Mostramos resultados de <strong>presupuesto</strong>" in html
    assert "buscar exactamente «presupuezto»" in html
    exact = re.search(r'href="([^"]+)" rel="nofollow"', html)[1].replace("&amp;", "&")
    assert "No encontramos nada" in client.get(exact).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("particpación", "participación"),
        ("cuidadania", "ciudadanía"),
        ("accón", "acción"),
        ("participacon", "participación"),
        ("decsión", "decisión"),
        ("implementacón", "implementación"),
        ("gerra", "guerra"),
        ("qeso", "queso"),
    ],
)
def test_a_letter_that_made_another_one_sound_may_be_missing_or_misplaced(client, typed, meant):
    make_document(title="La participación, la ciudadanía y la acción de implementa")
    make_document(title="Decisión, estrategias, implementación, guerra, queso")
    assert f"Mostramos resultados de <strong>{meant}</strong>" in search(client, typed)


def test_a_word_that_a_page_has_with_and_without_its_accent_is_offered_with_it(client, tmp_path):
    page = pdf_bytes("PRESIDENTA DE LA ADMINISTRACION. La administración rinde cuentas.")
    make_file(make_document(title="Manual"), page, folder=tmp_path)
    assert "Mostramos resultados de <strong>administración</strong>" in search(
        client, "administrasion"
    )


def test_what_sounds_the_same_is_rather_a_title_s_word_than_one_inside_a_file(client, tmp_path):
    make_file(make_document(title="Manual"), pdf_bytes("Así cito un texto."), folder=tmp_path)
    make_document(title="El municipio de Quito")
    assert "Mostramos resultados de <strong>quito</strong>" in search(client, "kito")


def test_a_slip_in_a_word_of_the_other_gender_is_corrected(client):
    document = make_document(title="Presupuesto participativo")
    assert found(client, "presupuesto participatva") == [document.slug]
    assert "<strong>presupuesto participativo</strong>" in search(
        client, "presupuesto participatva"
    )


def test_a_word_that_nobody_writes_is_corrected_though_its_stem_is_known(client):
    make_document(title="Gobernanza")
    make_document(title="El gobierno abierto", slug="gobierno")
    assert "Mostramos resultados de <strong>gobierno</strong>" in search(client, "goberno")
    assert found(client, "goberno") == ["gobierno"]
    assert found(client, '"goberno"') == ["gobernanza"]
    for right in ("gobernanza", "gobierno", "gobernanzas", "gobiernos abiertos", "gobernar"):
        html = search(client, right)
        assert "¿Quiso decir" not in html
        assert "Mostramos resultados" not in html


@pytest.mark.parametrize("typed", ["alkaldia", "alcadía", "el plan de la alkaldia"])
def test_a_slip_in_a_synonym_that_nobody_writes_is_corrected(client, typed):
    document = make_document(title="Plan del municipio")
    assert found(client, typed) == [document.slug]
    assert "alcaldía</strong>" in search(client, typed)


def test_initials_that_nobody_writes_are_not_corrected(client):
    law = make_document(title="Manual de Riego y Quema Zonal")
    make_document(title="El mrqzino")
    assert found(client, "mrqz") == [law.slug]
    assert "Mostramos resultados" not in search(client, "mrqz")


def test_a_form_that_no_dictionary_has_is_not_corrected(client):
    document = make_document(title="Cocreación")
    make_document(title="Creando")
    assert found(client, "cocreando") == [document.slug]


@pytest.mark.parametrize("written", ["Goberno", "un plan; el goberno"])
def test_a_word_that_somebody_writes_is_never_corrected(client, tmp_path, written):
    make_document(title="El gobierno abierto")
    make_file(make_document(title="Manual"), pdf_bytes(f"Lo dice {written}."), folder=tmp_path)
    assert found(client, "goberno") == ["manual"]


def test_whether_somebody_writes_a_word_does_not_depend_on_filters_page_and_order(client, settings):
    settings.HITS_PER_PAGE = 1
    make_document(title="Goberno")
    other = make_video(title="Gobernanza")
    make_document(title="El gobierno abierto")
    assert found(client, "goberno", tipo="video") == [other.slug]
    pages = {slug for page in (1, 2) for slug in found(client, "goberno", pagina=page)}
    assert pages == {"goberno", other.slug}
    for order in ("titulo", "recientes"):
        assert "Mostramos resultados" not in search(client, "goberno", orden=order, pagina=2)


def test_a_word_is_corrected_under_filters_as_without_them(client):
    make_video(title="Gobernanza")
    document = make_document(title="El gobierno abierto")
    for filters in ({}, {"tipo": "documento"}):
        assert found(client, "goberno", **filters) == [document.slug]


def test_a_spanish_word_is_no_slip_of_another(client, tmp_path):
    make_document(title="Hierva el agua. Transparencia de materias del consejo y las estrategias")
    make_file(
        make_document(title="Manual"), pdf_bytes("Trapo, calmar, dura, quema"), folder=tmp_path
    )
    for right in ("hierba", "concejo", "materna", "trago", "quemadura", "calamar"):
        html = search(client, right)
        assert "¿Quiso decir" not in html, right
        assert "Mostramos resultados" not in html, right
    assert "Mostramos resultados de <strong>transparencia</strong>" in search(
        client, "trasparencia"
    )
    html = search(client, "estrategas")
    assert "Mostramos resultados" not in html
    assert re.search(r"¿Quiso decir\s*<a[^>]*>estrategias</a>", html)


@pytest.mark.parametrize(
    ("typed", "near"),
    [("planza", "plaza"), ("barfa", "barca"), ("pifta", "pinta")],
)
def test_a_short_word_is_not_taken_for_another_that_only_a_page_has(client, tmp_path, typed, near):
    make_file(make_document(title="Manual"), pdf_bytes(f"Una {near} más"), folder=tmp_path)
    html = search(client, typed)
    assert f"No encontramos nada para «{typed}»" in html
    assert f'¿Quiso decir <a href="/recursos/?q={near}">{near}</a>?' in html
    html = search(client, f"{typed} manual")
    assert "Mostramos los que tienen alguna" in html
    assert f"{near} manual</a>?" in html


@pytest.mark.parametrize(
    ("typed", "near"), [("vlaza", "plaza"), ("gdato", "dato"), ("ybarca", "barca")]
)
def test_what_begins_otherwise_and_only_pages_have_is_not_offered(client, tmp_path, typed, near):
    make_file(make_document(title="Manual"), pdf_bytes(f"Una {near} más"), folder=tmp_path)
    assert "¿Quiso decir" not in search(client, typed)


def test_what_may_have_been_meant_is_offered_only_where_it_has_an_answer(client, tmp_path):
    make_file(make_document(title="Manual"), pdf_bytes("Una plaza más"), folder=tmp_path)
    make_document(title="Carta")
    assert "plaza</a>?" in search(client, "planza")
    html = search(client, "planza carta")
    assert "Mostramos los que tienen alguna" in html
    assert "¿Quiso decir" not in html


def test_a_short_word_that_begins_otherwise_is_not_taken_for_a_title_s(client):
    make_document(title="Datos", slug="datos")
    html = search(client, "vatos")
    assert "No encontramos nada para «vatos»" in html
    assert '¿Quiso decir <a href="/recursos/?q=datos">datos</a>?' in html
    assert found(client, "dattos") == found(client, "dtos") == ["datos"]
    assert "Quiso decir" not in search(client, "gatos")


def test_short_words_that_sound_alike_stand_in_a_title_or_are_long_are_corrected(client, tmp_path):
    make_file(make_document(title="Obras"), pdf_bytes("Un hierro, urbanismo"), folder=tmp_path)
    assert "<strong>obras</strong>" in search(client, "obrsa")
    assert "<strong>hierro</strong>" in search(client, "ierro")
    assert "<strong>urbanismo</strong>" in search(client, "urbanisno")


def test_a_misspelt_word_that_nobody_looks_for_is_left_out(client, guide):
    html = search(client, "nesesito kiero presupuesto")
    assert "Mostramos resultados de <strong>presupuesto</strong>" in html
    assert "buscar exactamente «nesesito kiero presupuesto»" in html
    assert "No encontramos nada para «nesesito»" in search(client, "nesesito")


def test_pieces_that_nobody_writes_are_no_reading_of_a_word(client, tmp_path):
    make_file(make_document(title="Manual"), pdf_bytes("Pasa el aporte"), folder=tmp_path)
    assert found(client, "pasaporte") == []


def test_what_only_a_page_has_is_not_offered_instead_of_a_verb_form(client, tmp_path):
    pages = ("Pide la información", "El pico de la curva")
    make_file(make_document(title="Manual"), pdf_bytes(*pages), folder=tmp_path)
    html = search(client, "pido")
    assert "<mark>Pide</mark>" in html
    assert "¿Quiso decir" not in html


def test_what_nobody_can_see_any_more_is_no_correction(client):
    document = make_document(title="Alcantarillado")
    assert found(client, "alcantarilado") == [document.slug]
    document.status = "draft"
    document.save()
    html = search(client, "alcantarilado")
    assert "alcantarillado" not in html
    assert "No encontramos nada" in html


def test_a_word_that_begins_as_an_article_is_not_taken_for_one(client, tmp_path):
    make_file(make_document(title="Manual"), pdf_bytes("De la mina"), folder=tmp_path)
    assert found(client, "lámina") == []
    assert found(client, "lamina") == []
    mine = make_document(title="La mina")
    assert mine.slug not in found(client, "lamina"), "a word of its own"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("presupuestoparticipativo", "presupuesto participativo"),
        ("delpresupuesto", "del presupuesto"),
        ("presu puesto", "presupuesto"),
        ("presupuestodelagua", "presupuesto del agua"),
        ("presupuesto parti cipativo", "presupuesto participativo"),
        ("wifi", "wi fi"),
        ("presupuezto wifi", "presupuesto wi fi"),
        ("accesoalaobra", "acceso a la obra"),
        ("accesodelagua", "acceso del agua"),
    ],
)
def test_words_that_were_glued_or_cut_are_read_as_they_were_meant(client, guide, typed, meant):
    Resource.objects.filter(pk=guide.pk).update(
        summary="El presupuesto participativo, por Wi-Fi. El presupuesto del agua. El acceso a la obra."
    )
    Resource.objects.get(pk=guide.pk).specific.save()
    html = search(client, typed)
    assert f"Mostramos resultados de <strong>{meant}</strong>" in html
    assert found(client, typed) == [guide.slug]


@pytest.mark.parametrize(
    "typed",
    [
        "zzzyyyxxx",
        "zz yyy",
        "presupuestozzz",
        "zpresupuesto9",
        "presupuestos con",
        "supresupuestal",
    ],
)
def test_words_of_which_nothing_is_known_are_not_cut(client, guide, typed):
    assert "Mostramos resultados de" not in search(client, typed)


@pytest.mark.parametrize("typed", ["des centralización", "la des centralizacion municipal"])
def test_two_words_of_which_one_is_none_are_joined_unless_they_stand_so(client, tmp_path, typed):
    document = make_document(title="La descentralización municipal")
    other = make_document(title="Manual")
    make_file(other, pdf_bytes("Des. munic. Una centralización municipal"), folder=tmp_path)
    assert found(client, typed) == [document.slug]
    assert found(client, '"des" centralización') == [other.slug]
    third = make_document(title="Otro manual")
    make_file(third, pdf_bytes("la des centralización municipal"), folder=tmp_path)
    assert third.slug in found(client, typed)


def test_what_sounds_as_a_title_s_word_is_answered_so_though_its_stem_is_known(client, tmp_path):
    law = make_document(title="Guía breve sobre el COOTAD")
    make_file(make_document(title="Planos"), pdf_bytes("Las cotas del plano."), folder=tmp_path)
    html = search(client, "cotad")
    assert "Mostramos resultados de <strong>COOTAD</strong>" in html
    assert found(client, "cotad") == [law.slug]
    assert found(client, '"cotad"') == ["planos"]
    make_file(make_document(title="Verbos"), pdf_bytes("Acotad y cotad bien."), folder=tmp_path)
    assert "Mostramos resultados" not in search(client, "cotad"), "somebody writes it"


def test_beside_a_long_word_that_only_few_pages_have_a_title_s_is_offered(client, tmp_path):
    make_document(title="Ley de Transparencia")
    make_file(make_document(title="Manual"), pdf_bytes("Una trasparencia."), folder=tmp_path)
    assert found(client, "trasparencia") == ["manual"]
    assert "¿Quiso decir <a" in search(client, "trasparencia")
    for n in range(3):
        make_file(make_document(title=f"M {n}"), pdf_bytes("La trasparencia."), folder=tmp_path)
    assert "¿Quiso decir" not in search(client, "trasparencia")


def test_another_form_of_a_word_that_pages_have_is_not_offered(client, tmp_path):
    make_document(title="Información pública")
    make_file(make_document(title="Manual"), pdf_bytes("Se debe publicar."), folder=tmp_path)
    assert "¿Quiso decir" not in search(client, "publicar")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("prefecto", "perfecta"),
        ("patronal", "peatones"),
        ("anio", "an aparte, io"),
        ("Cuenca", "cu en ca"),
        ("tránsito", "una transitoria"),
    ],
)
def test_what_is_far_is_no_correction(client, typed, written):
    make_document(title="Guía", summary=f"Sobre {written}.")
    assert "Mostramos resultados" not in search(client, typed)


def test_what_was_meant_is_answered_by_any_word_where_all_stand_together_by_chance(
    client, tmp_path
):
    document = make_document(title="Entrada a la cascada")
    make_document(title="Los viejos")
    pages = ("Un viejo", "la entrada", "la cascada")
    make_file(make_document(title="Manual"), pdf_bytes(*pages), folder=tmp_path)
    assert found(client, "biejos entrada cascada")[0] == document.slug
    assert "Mostramos resultados de <strong>viejos entrada cascada</strong>" in search(
        client, "biejos entrada cascada"
    )


@pytest.mark.parametrize("typed", ["delito", "crédito", "perrito"])
def test_what_only_ends_like_a_diminutive_is_not_taken_for_one(client, typed):
    make_document(title="Cred dele", summary="Un plan.")
    assert "Mostramos resultados" not in search(client, typed)


@pytest.mark.parametrize("place", ["Loja", "Ambato", "cuenca"])
def test_the_name_of_a_place_is_no_slip(client, place):
    make_document(title="Hoja de loma", summary="El ámbito, el ambito, la cuenta.")
    assert "¿Quiso decir" not in search(client, place)
    assert "Mostramos resultados" not in search(client, place)


@pytest.mark.parametrize("typed", ["vedurias", "beedurias", "veedurya"])
def test_a_plural_is_compared_as_a_singular(client, typed):
    document = make_document(title="Una veeduría")
    assert found(client, typed) == [document.slug]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("contrasena", "contraseña"),
        ("CONTRASENAS", "contraseñas"),
        ("nino", "niños"),
        ("ano", "año"),
        ("disenar", "diseño"),
    ],
)
def test_n_may_be_typed_for_enye(client, typed, written):
    document = make_document(title="Guía", summary=f"Sobre {written}.")
    make_document(title="Otra")
    html = search(client, f"guia {typed}")
    assert found(client, f"guia {typed}") == [document.slug]
    assert f"<mark>{written}</mark>" in html
    assert "Mostramos resultados" not in html
    assert "Quiso decir" not in html


@pytest.mark.parametrize("asked", ["uña", '"una"', '"canon"'])
def test_enye_is_no_n_to_whoever_types_or_quotes(client, asked):
    make_document(title="Una ley", summary="El canal y el cañón.")
    assert found(client, asked) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('"presupuesto paticipativo"', '"presupuesto participativo"'),
        ("«presuspuesto participativo» guia", "«presupuesto participativo» guia"),
    ],
)
def test_for_a_phrase_that_nobody_has_the_one_without_slips_is_offered(client, guide, typed, meant):
    html = search(client, typed)
    assert "Mostramos resultados de" not in html
    assert f"{meant}</a>?".replace('"', "&quot;") in html
    assert "¿Quiso decir" not in search(client, '"participativo presupuesto"')


def test_a_word_that_has_synonyms_is_never_taken_for_another(client):
    document = make_document(title="Guía", summary="Pedirla en una hoja de cálculo, excelente.")
    assert found(client, "pedir la guia en excel") == [document.slug]
    assert "Mostramos resultados" not in search(client, "pedir la guia en excel")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cuidadanos", "ciudadanos"),
        ("colavorasion", "colaboración"),
        ("alkalde", "alcalde"),
        ("fortalesimiento", "fortalecimiento"),
        ("minsterio", "ministerio"),
        ("trasparente", "transparente"),
        ("aseso al agua", "acceso al agua"),
        ("axion", "acción"),
        ("cuidadanos trasparentes", "ciudadanos transparentes"),
    ],
)
def test_a_form_that_nobody_writes_is_corrected_where_another_of_the_word_is_known(
    client, tmp_path, typed, meant
):
    guide = make_document(title="Guía del agua")
    text = "La ciudadana colabora. Las alcaldías fortalecen ministerios. Actúan con transparencia. Acceden a acciones."
    make_file(guide, pdf_bytes(text), folder=tmp_path)
    html = search(client, typed)
    assert f"Mostramos resultados de <strong>{meant}</strong>" in html
    assert guide.slug in found(client, typed)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("demoran", "devoran"),
        ("asaltan", "saltan"),
        ("requieren", "refieren"),
        ("devuelven", "resuelven"),
        ("estamento", "testamento"),
        ("orografía", "ortografía"),
        ("reclusión", "resolución"),
        ("flexión", "elección"),
    ],
)
def test_a_spanish_word_is_not_taken_for_another_that_somebody_writes(client, typed, written):
    make_document(title="Guía", summary=f"Los que {written}.")
    assert "Mostramos resultados" not in search(client, typed)


@pytest.mark.parametrize("typed", ["contadores", "vacaciones", "xilofono"])
def test_a_spanish_word_or_what_resembles_none_that_is_known_is_not_corrected(client, typed):
    make_document(title="Cortadores, vocaciones y teléfonos")
    assert "Mostramos resultados de" not in search(client, typed)


@pytest.mark.parametrize("typed", ["citadans", "parchifactum", "munrepalizado", "cidudano"])
def test_more_slips_others_in_a_shorter_word_or_at_its_beginning_are_not(client, typed):
    make_document(title="Participación del ciudadano en la municipalidad")
    assert "Mostramos resultados" not in search(client, typed)
