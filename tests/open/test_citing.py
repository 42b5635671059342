"""How a resource is cited: by people in four forms, by reference managers, by search engines."""

import re
from datetime import date, datetime, timedelta

import bibtexparser
import pytest
import rispy
from django.utils import timezone

from resources.models import Organization
from tests.makers import make_document, make_law, put_file

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def today(freeze):
    """Stand still on 3 March 2026."""
    freeze(timezone.make_aware(datetime(2026, 3, 3, 12)))


@pytest.fixture
def guide(today, db):
    """A document of six pages, issued in May 2022, in its second version."""
    document = make_document(
        title="Guía de datos",
        issuer=Organization.objects.get_or_create(name="Asamblea Nacional")[0],
        issued_on=date(2022, 5, 1),
        issued_on_precision="month",
        document_type="study",
        tags=("datos abiertos", "GAD"),
    )
    first = put_file(document, b"%PDF uno")
    second = put_file(document, b"%PDF dos", slot=first.file, number=2, change_note="Otra")
    type(second).objects.filter(pk=second.pk).update(pages=6)
    return document


def forms(client, resource, query: str = "") -> dict[str, str]:
    """Return what is copied of each form."""
    html = client.get(resource.get_absolute_url() + query).text
    pairs = re.findall(r'data-copy="([^"]*)" aria-label="Copiar la cita: ([^"]*)"', html)
    return {name: text.replace("&#x27;", "'").replace("&amp;", "&") for text, name in pairs}


def test_a_document_is_cited_with_author_date_version_and_address(client, guide):
    said = forms(client, guide)
    assert said == {
        "APA 7": f"Asamblea Nacional. (2022, mayo). Guía de datos (versión 2) [PDF]. Portal de recursos. {SITE}/recursos/guia-de-datos/",
        "APA 7, en el texto": "(Asamblea Nacional, 2022)",
        "ISO 690": "ASAMBLEA NACIONAL. Guía de datos [en línea]. Versión 2. Portal de recursos, mayo de 2022. "
        f"[consulta: 3 de marzo de 2026]. Disponible en: {SITE}/recursos/guia-de-datos/",
    }


def test_a_page_of_it_is_cited_in_that_version(client, guide):
    said = forms(client, guide, "?pagina=4")
    address = f"{SITE}/recursos/guia-de-datos/archivos/v2/guia.pdf#page=4"
    assert said["APA 7"].endswith(address)
    assert said["APA 7, en el texto"] == "(Asamblea Nacional, 2022, p. 4)"
    assert "mayo de 2022, p. 4." in said["ISO 690"]
    assert "Cómo citar la página 4" in client.get(guide.get_absolute_url() + "?pagina=4").text


def test_edition_number_and_gazette_are_part_of_a_citation(client, today, db):
    """APA 7, 9.19 and 11.5; ISO 690, 7.4: a law is published in its gazette, not by who shows it here."""
    book = make_document(
        title="Manual", edition="2.ª ed.", issued_on=date(2020, 1, 1), issued_on_precision="day"
    )
    put_file(book)
    said = forms(client, book)
    assert said["APA 7"].startswith("Manual (2.ª ed.; versión 1) [PDF]. (2020, 1 de enero). ")
    assert "Manual [en línea]. 2.ª ed. Versión 1. Portal de recursos, 1 de enero" in said["ISO 690"]
    (record,) = rispy.loads(client.get(f"{book.get_absolute_url()}cita.ris").text)
    assert record["edition"] == "2.ª ed.; Versión 1"
    assert "volume" not in record
    law = make_law(
        title="Ley de aguas",
        number="Ley 12",
        gazette="Registro Oficial 9",
        gazette_date=date(2015, 1, 5),
        issuer=Organization.objects.get_or_create(name="Asamblea Nacional")[0],
    )
    said = forms(client, law)
    address = SITE + law.get_absolute_url()
    assert said["APA 7"] == (
        "Asamblea Nacional. (2015, 5 de enero). Ley de aguas (Ley 12). Registro Oficial 9. "
        f"Portal de recursos. {address}"
    )
    assert said["ISO 690"].startswith(
        "ASAMBLEA NACIONAL. Ley de aguas, Ley 12 [en línea]. Registro Oficial 9, 5 de enero de 2015. "
    )
    (entry,) = bibtexparser.parse_string(
        client.get(f"{law.get_absolute_url()}cita.bib").text
    ).entries
    assert entry["howpublished"] == "Registro Oficial 9, de 5 de enero de 2015"
    assert (entry["number"], entry["year"]) == ("Ley 12", "2015")
    (record,) = rispy.loads(client.get(f"{law.get_absolute_url()}cita.ris").text)
    assert record["secondary_title"] == "Registro Oficial 9"
    html = client.get(law.get_absolute_url()).text
    assert '<meta name="citation_publication_date" content="2015/01/05">' in html
    assert '<meta name="DC.date" content="2015-01-05">' in html


def test_who_is_its_own_site_is_named_once(client, today, db):
    own = Organization.objects.create(name="Portal de recursos")
    document = make_document(title="Guía", issuer=own)
    said = forms(client, document)["APA 7"]
    assert said == f"Portal de recursos. (s. f.). Guía. {SITE}{document.get_absolute_url()}"


@pytest.mark.parametrize("asked", ["0", "7", "x", "-1", "²", "1e1"])
def test_a_page_that_is_not_there_is_explained_and_kept(client, guide, asked):
    html = client.get(guide.get_absolute_url(), {"pagina": asked}).text
    assert "Escriba un número de página del 1 al 6." in html
    assert (
        f'name="pagina" inputmode="numeric" size="6" maxlength="6" autocomplete="off" value="{asked}"'
        in html
    )
    for end in ("bib", "ris"):
        answer = client.get(f"{guide.get_absolute_url()}cita.{end}", {"pagina": asked})
        assert answer.status_code == 400
        assert "del 1 al 6" in answer.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {
                "title": "Ley Orgánica de Transparencia",
                "gazette": "Registro Oficial Suplemento 337",
                "gazette_date": date(2004, 5, 18),
            },
            "Ley Orgánica de Transparencia, publicada en el Registro Oficial Suplemento 337, de 18 de mayo de 2004",
        ),
        (
            {"title": "Acuerdo Ministerial", "number": "SGAPG-2023-001"},
            "Acuerdo Ministerial, número SGAPG-2023-001, publicado en el Registro Oficial (número y fecha por verificar)",
        ),
        (
            {"title": "Acuerdo No. 7", "number": "7", "gazette": "Registro Oficial 12"},
            "Acuerdo No. 7, publicado en el Registro Oficial 12 (fecha por verificar)",
        ),
    ],
)
def test_a_law_is_cited_first_as_ordinances_do(client, today, db, values, words):
    said = forms(client, make_law(**values))
    assert next(iter(said.items())) == ("Forma de las ordenanzas", words)


def test_what_nobody_knows_is_said_as_the_forms_have_it(client, today, db):
    said = forms(client, make_document(title="Sin datos."))
    assert said["APA 7"] == f"Sin datos. (s. f.). Portal de recursos. {SITE}/recursos/sin-datos/"
    assert said["APA 7, en el texto"] == "(Sin datos, s. f.)"
    assert "Portal de recursos, s. f. [consulta" in said["ISO 690"]


def test_a_sample_is_cited_as_one_and_of_a_law_not_at_all(client, today, db):
    document, law = make_document(title="Guía"), make_law(title="Ley")
    for resource in (document, law):
        put_file(resource, is_sample=True)
    said = forms(client, document)["APA 7"]
    assert "[PDF; muestra, no es el documento oficial]" in said
    assert "versión" not in said
    assert not any("muestra" in text.lower() for text in forms(client, law).values())


def test_bibtex_is_read_by_others(client, things):
    answer = client.get(f"{things.document.get_absolute_url()}cita.bib")
    assert answer["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert f'filename="{things.document.slug}.bib"' in answer["Content-Disposition"]
    library = bibtexparser.parse_string(answer.text)
    assert not library.failed_blocks
    (entry,) = library.entries
    assert entry.entry_type == "manual"
    assert entry.key == things.document.slug
    assert (
        entry["title"]
        == r"{Guía de datos abiertos: 100 \% \& más {\textbraceleft}a{\textbraceright}}"
    )
    assert (entry["year"], entry["month"]) == ("2022", "5")
    assert entry["url"] == SITE + things.document.get_absolute_url()


def test_ris_is_read_by_others(client, things):
    answer = client.get(f"{things.document.get_absolute_url()}cita.ris?pagina=2")
    (record,) = rispy.loads(answer.text)
    assert record["type_of_reference"] == "RPRT"
    assert record["title"] == things.document.title
    assert record["authors"] == ["Asamblea Nacional"]
    assert record["year"] == "2022"
    assert record["keywords"] == ["datos"]
    assert record["start_page"] == "2"
    assert record["urls"] == [
        f"{SITE}{things.document.get_absolute_url()}archivos/v1/guia.pdf#page=2"
    ]
    assert "\r\n" in answer.content.decode()
    (law,) = rispy.loads(client.get(f"{things.law.get_absolute_url()}cita.ris").text)
    assert law["type_of_reference"] == "STAT"


def test_a_draft_is_cited_by_nobody(client, things):
    for resource, status in zip(things.hidden, (404, 410, 410, 404), strict=True):
        assert client.get(f"{resource.get_absolute_url()}cita.bib").status_code == status


def test_zotero_and_scholar_find_their_metadata(client, things):
    html = client.get(things.document.get_absolute_url()).text
    found = re.findall(r'<meta name="((?:citation_|DC\.)[^"]+)" content="([^"]*)">', html)
    meta = dict(found)
    assert meta["citation_title"] == "Guía de datos abiertos: 100 % &amp; más {a}"
    assert meta["citation_author"] == meta["DC.creator"] == "Asamblea Nacional"
    assert meta["citation_publication_date"] == "2022/05"
    assert meta["DC.date"] == "2022-05"
    assert meta["citation_pdf_url"].endswith("/guia.pdf")
    assert meta["DC.identifier"] == SITE + things.document.get_absolute_url()
    law = client.get(things.unchecked.get_absolute_url()).text
    assert "citation_pdf_url" not in law


def test_the_day_of_consulting_is_the_day_of_asking(client, guide, freeze):
    first = client.get(guide.get_absolute_url())
    freeze(timezone.now() + timedelta(days=1))
    again = client.get(guide.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "consulta: 4 de marzo de 2026" in again.text
