"""What is suggested while somebody types: words, tags, neighbours and titles that stand somewhere public."""

import unicodedata

import pytest

from resources.models import Organization
from search.models import Synonym, Term
from tests.makers import make_document, make_file, make_law, pdf_bytes
from tests.search.asking import found

pytestmark = pytest.mark.django_db

TITLE = "Normas de uso de equipos y laboratorios"  # its initials: nuel


def suggested(client, typed: str) -> list[str]:
    return client.get("/recursos/sugerencias", {"q": typed}).json()["sugerencias"]


def test_initials_that_nobody_writes_are_found_and_never_suggested(client):
    document = make_document(title=TITLE)
    assert found(client, "nuel") == [document.slug]
    assert suggested(client, "nu") == []
    assert not Term.objects.filter(text="nuel").exists(), "nor is anything corrected to them"


def in_a_tag(client, folder):
    make_document(title=TITLE, tags=("NUEL",))


def in_an_acronym(client, folder):
    make_document(title=TITLE, issuer=Organization.objects.create(name="Núcleo", acronym="NUEL"))


def in_synonyms(client, folder):
    Synonym.objects.create(words="normas de laboratorio, Nuel")
    make_document(title=TITLE)


def in_a_title(client, folder):
    make_document(title="Guía de NUEL")


def in_a_summary(client, folder):
    make_document(title=TITLE, summary="Las normas NUEL.")


def in_the_file(client, folder):
    make_file(make_document(title=TITLE), pdf_bytes("Según la NUEL, se usa."), folder=folder)


@pytest.mark.parametrize(
    "write", [in_a_tag, in_an_acronym, in_synonyms, in_a_title, in_a_summary, in_the_file]
)
def test_initials_that_are_written_somewhere_are_suggested(client, tmp_path, write):
    write(client, tmp_path)
    assert "NUEL" in suggested(client, "nue")


def test_a_second_word_is_suggested_only_beside_the_first(client):
    make_document(title="Un Consejo Consultivo", tags=("agua",))
    for n in range(3):
        make_document(title=f"Participación ciudadana {n}", tags=("control compilatorio",))
    make_document(title="El consejo: cabildo abierto")
    assert suggested(client, "consejo c") == ["consejo consultivo"]
    assert suggested(client, "agua c") == []


def test_neighbours_are_completed_as_they_are_written(client):
    title = "Ley Orgánica de Participación y uso de TIC en el año 2022"
    make_document(title=title)
    assert suggested(client, "una ley o") == ["una ley orgánica", title]
    assert suggested(client, "organica de p") == ["orgánica de participación", title]
    assert suggested(client, "uso de t") == ["uso de TIC", title]
    assert suggested(client, "en el año 20") == ["en el año 2022"]
    assert suggested(client, "ley uso") == [title]


def test_the_last_word_of_a_long_text_is_completed(client):
    make_document(title="Datos abiertos")
    assert suggested(client, "los " * 30 + "dat") == ["los " * 30 + "datos", "Datos abiertos"]
    assert suggested(client, "x " * 60 + "datos ab") == ["x " * 60 + "datos abiertos"]
    assert suggested(client, " ".join(f"x{n}" for n in range(900)) + " datos") == []


def test_the_most_frequent_neighbour_comes_first(client):
    for n in range(3):
        make_document(title=f"{n}. Plan de riego" if n else "Un plan de aguas")
    titles = ["2. Plan de riego", "1. Plan de riego", "Un plan de aguas"]
    assert suggested(client, "plan de ") == titles
    assert suggested(client, "mi plan d")[:2] == ["mi plan de riego", "mi plan de aguas"]
    assert suggested(client, "plan de r") == ["plan de riego", *titles[:2]]
    make_document(title="Otro plan de ríos")
    assert suggested(client, "plan de r")[:2] == ["plan de riego", "plan de ríos"]


def test_titles_that_begin_with_what_was_typed_are_suggested(client):
    for what in ("de Aguas", "del Ñandú y sus crías"):
        make_law(title=f"Ley Orgánica {what}")
    make_law(title="Ley Orgánica Secreta", status="draft")
    make_document(title="Reglamento a la Ley Orgánica de Aguas")
    titles = ["Ley Orgánica de Aguas", "Ley Orgánica del Ñandú y sus crías"]
    assert suggested(client, "ley organica")[:2] == titles
    assert suggested(client, "LEY ORGÁNICA DEL ñ") == [
        "LEY orgánica del ñandú",
        titles[1],
    ]
    assert suggested(client, "¿?") == []


def test_titles_that_have_what_was_typed_somewhere_are_suggested_the_newest_first(client):
    older = make_law(title="Reglamento a la Ley de Aguas")
    newer = make_document(title="Otras Voces: cómo se aprobó la ley de aguas")
    make_document(title="La Ley de Aguas, en borrador", status="draft")
    make_document(title="Guía de riego", summary="De la ley de aguas.")
    both = [newer.title, older.title]
    assert suggested(client, "ley de agua")[-2:] == suggested(client, "aguas")[-2:] == both
    assert suggested(client, "voces") == suggested(client, "voz") == [newer.title]
    assert suggested(client, "aguas reg")[-1] == older.title
    assert suggested(client, "ley de ") == both, "a word that is never looked for is left out"
    assert suggested(client, "los") == []


def test_titles_filed_under_one_word_are_suggested_where_no_title_has_it(client):
    law = make_law(title="Ley Orgánica de Aguas", tags=("LOA",))
    assert suggested(client, "loa") == [law.title]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("los gob", "los gobiernos"),
        ("el ciu", "ciudadana"),
        ("la ciu", "la ciudadana"),
        ("como gob", "gobiernos"),
        ("que es", None),
        ("gobiernos -ciu", None),
        ("-ciu", None),
        ('ley "gob', None),
        ('"gob', '"gobiernos"'),
        ("«gobiernos loc", '"gobiernos locales"'),
    ],
)
def test_a_suggestion_keeps_what_was_typed_before_the_word_where_that_makes_sense(
    client, typed, first
):
    make_document(title="Gobiernos locales")
    make_document(title="Estado y voz ciudadana")
    assert (suggested(client, typed) or [None])[0] == first


def test_of_many_titles_that_have_a_word_any_that_are_public_are_suggested(client, monkeypatch):
    monkeypatch.setattr("search.backends.postgres_columns.BAND", 1)
    for n in range(12):
        make_document(title=f"{n} del río" if n > 2 else f"{n} de la mar")
    assert len(suggested(client, "del rio")) == 8
    assert suggested(client, "la mar") == ["2 de la mar", "1 de la mar", "0 de la mar"]


def test_words_inside_public_files_are_suggested_where_else_there_is_little(client, tmp_path):
    make_file(make_document(title="Uno"), pdf_bytes("Presupuestos y presupuesto."), folder=tmp_path)
    hidden = make_document(title="Dos", status="draft")
    make_file(hidden, pdf_bytes("El presupermiso."), folder=tmp_path)
    assert suggested(client, "presup") == ["presupuesto"]
    assert suggested(client, "pre") == [], "too many words begin so"
    for n in range(4):
        make_document(title=f"Presupuestario {n}")
    assert "presupuesto" not in suggested(client, "presup")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trasp", "transparencia"),
        ("trasparencia", "transparencia"),
        ("transsp", "transparencia"),
        ("tramsparen", "transparencia"),
        ("transparenciax", "transparencia"),
        ("tranq", None),
        ("ley de transpraencia", "ley de transparencia"),
        ("TRÁSPAR", "transparencia"),
        ("tras", None),
        ("tranvía", None),
    ],
)
def test_a_slip_is_no_hindrance_where_nothing_begins_so(client, typed, meant):
    make_document(title="La transparencia")
    assert suggested(client, typed) == ([meant] if meant else [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rendision de cu", "rendición de cuentas"),
        ("rendicion de kuentas", "rendicion de cuentas"),
        ("quto", "Quito"),
        ("kito", "Quito"),
        ("rensidision de cu", None),
        ("rendision cuentas", "rendición cuentas"),
        ("de xxxx de cu", None),
    ],
)
def test_slips_at_the_beginning_or_in_the_words_before_are_no_hindrance(client, typed, meant):
    make_document(title="Rendición de cuentas", tags=("Quito",))
    assert [text.lower() for text in suggested(client, typed)] == ([meant.lower()] if meant else [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("avier", "abierto"),
        ("gobierno avier", "gobierno abierto"),
        ("siud", "ciudadana"),
        ("horgan", "orgánico"),
        ("karta", "carta"),
    ],
)
def test_a_beginning_that_only_sounds_right_is_completed(client, typed, meant):
    make_document(title="Gobierno abierto", summary="Carta ciudadana del código orgánico.")
    assert suggested(client, typed) == [meant]


@pytest.mark.parametrize("typed", ["#gob", "¿gob", "(gob", "# gob"])
def test_marks_before_a_word_are_not_minded(client, typed):
    make_document(title="El gobierno")
    assert suggested(client, typed)[0] == "gobierno"


def test_there_are_eight_suggestions_at_most(client):
    for n in range(12):
        make_document(title=f"Plan {n} de riego", tags=(f"plan {n}",))
    assert len(suggested(client, "plan")) == 8


def test_a_word_in_letters_and_marks_apart_is_suggested_whole(client):
    make_document(title=unicodedata.normalize("NFD", "Participación de todos"))
    assert suggested(client, "partici")[0] == "participación"


def test_suggestions_are_words_and_tags_of_what_is_public(client):
    make_document(title="Participación y datos", tags=("participación ciudadana",))
    assert client.get("/recursos/sugerencias?q=PARTICIPA").json() == {
        "sugerencias": ["participación", "participación ciudadana", "Participación y datos"]
    }
    assert suggested(client, "los dat") == ["los datos", "Participación y datos"]
    assert client.get("/recursos/sugerencias?q=").json() == {"sugerencias": []}
    assert client.get("/recursos/sugerencias?q=parti&formato=opensearch").json()[0] == "parti"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ley de t", "Ley Orgánica de Transparencia"),
        ("SGAPG-20", "Acuerdo SGAPG-2023-001"),
        ("sgapg 2", "Acuerdo SGAPG-2023-001"),
        ("gob abi", "gobierno abierto"),
        ("el gob abi", "el gobierno abierto"),
        ("ley de z", None),
        ("de z", None),
    ],
)
def test_where_nothing_begins_so_what_has_the_words_is_suggested(client, typed, first):
    make_law(title="Ley Orgánica de Transparencia")
    make_law(title="Acuerdo SGAPG-2023-001")
    make_document(title="Pacto de gobierno abierto")
    assert (suggested(client, typed) or [None])[0] == first
