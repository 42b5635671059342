"""People correct the text of a page, hide a reading, and lose nothing of one another."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from inspection.blocks import Block
from reading import markup
from reading.making import make_reading
from resources.files.reinspection import inspect_again
from resources.models import PageText
from tests.admin.desk import sign_in
from tests.makers import make_document
from tests.reading.makers import reading_of, typeset_pdf

pytestmark = pytest.mark.django_db

TEXT = typeset_pdf([(18, "El agua"), (11, "El agna del páramo.")], [(11, "La quebrada.")])
BLOCKS = (
    Block("heading", "El agua", 2),
    Block("paragraph", "# no es un título"),
    Block("paragraph", "a) tampoco es un punto"),
    Block("item", "punto", 1),
    Block("item", "hondo", 2),
    Block("item", "con letra", 1, "a)"),
    Block("note", "Al pie."),
    Block("table", level=1, rows=(("Año", "Litros"), ("2026", ""))),
)


def page_url(version, number: int = 1) -> str:
    return reverse("admin:reading_reading_page", args=[reading_of(version).pk, number])


@pytest.fixture
def guide(publish):
    guide = make_document(title="Guía del agua")
    publish(guide, TEXT)
    return guide


def public(client, guide) -> str:
    client.logout()
    return client.get(f"/recursos/{guide.slug}/leer/").text


def test_blocks_written_as_text_are_read_back_as_they_were():
    assert markup.read(markup.write(BLOCKS)) == BLOCKS


def test_lines_of_a_paragraph_are_joined_and_blank_lines_part_paragraphs():
    assert markup.read("uno\r\ndos\n\ntres") == (
        Block("paragraph", "uno dos"),
        Block("paragraph", "tres"),
    )


def test_a_corrected_page_is_read_searched_and_kept_beside_the_recognised_text(client, guide):
    sign_in(client)
    url = page_url(guide.main_version)
    assert "El agna del páramo." in client.get(url).text
    answer = client.post(
        url, {"text": "# El agua\n\nEl agua del páramo y <sus> canales.", "seen": 0}, follow=True
    )
    assert "El texto de la página 1 está corregido." in answer.text
    assert "El agna del páramo." in answer.text, "the recognised text stays"
    assert LogEntry.objects.filter(
        change_message__contains="Corrigió el texto de la página 1"
    ).exists()
    text = public(client, guide)
    assert "El agua del páramo y &lt;sus&gt; canales." in text
    assert "agna" not in text
    assert "/leer/?pagina=1" in client.get("/recursos/?q=canales").text
    assert client.get(f"/api/v1/recursos/{guide.slug}/paginas").json()["paginas"][0]["corregida"]


def test_an_empty_text_goes_back_to_what_was_recognised(client, guide):
    person = sign_in(client)
    url = page_url(guide.main_version)
    client.post(url, {"text": "Otra cosa.", "seen": 0})
    page = reading_of(guide.main_version).pages.first()
    client.post(url, {"text": "", "seen": page.corrections.first().pk})
    history = client.get(url).text
    assert "Correcciones (2)" in history
    assert person.username in history
    assert "agna" in public(client, guide)


def test_two_who_correct_one_page_lose_nothing(client, guide):
    sign_in(client)
    url = page_url(guide.main_version)
    client.post(url, {"text": "La primera.", "seen": 0})
    answer = client.post(url, {"text": "La segunda.", "seen": 0})
    assert answer.status_code == 200
    assert "Otra persona corrigió esta página mientras usted escribía." in answer.text
    assert "La segunda.</textarea>" in answer.text
    assert "<pre>La primera.</pre>" in answer.text
    assert "La primera." in public(client, guide)


def test_what_was_corrected_survives_a_new_reading(client, guide):
    sign_in(client)
    client.post(page_url(guide.main_version), {"text": "El agua clara.", "seen": 0})
    make_reading.call(guide.main_version_id)
    assert "El agua clara." in public(client, guide)


def test_what_was_corrected_is_found_after_a_new_inspection_of_the_file(client, guide):
    sign_in(client)
    client.post(page_url(guide.main_version), {"text": "El agua de los canales.", "seen": 0})
    client.logout()
    PageText.objects.filter(version=guide.main_version, page=2).update(text="Otra lectura.")
    assert inspect_again(guide.main_version)
    assert "/leer/?pagina=1" in client.get("/recursos/?q=canales").text


def test_a_correction_renews_the_contents(client, guide):
    sign_in(client)
    client.post(page_url(guide.main_version), {"text": "# Otro título\n\nEl agua.", "seen": 0})
    assert "#otro-titulo" in public(client, guide)


def test_a_reading_that_came_out_badly_is_hidden_and_the_file_stays(client, guide):
    sign_in(client)
    act = reverse("admin:reading_reading_act", args=[reading_of(guide.main_version).pk])
    assert "está oculto" in client.post(act, {"act": "hide"}, follow=True).text
    client.logout()
    assert client.get(f"/recursos/{guide.slug}/leer/").status_code == 404
    assert "Leer aquí" not in client.get(guide.get_absolute_url()).text
    assert "#page=1" in client.get("/recursos/?q=páramo").text
    sign_in(client)
    client.post(act, {"act": "show"})
    assert "páramo" in public(client, guide)


def test_who_may_not_change_the_resource_changes_nothing_of_its_text(client, guide):
    sign_in(client, "Edición")
    url = page_url(guide.main_version)
    assert client.get(url).status_code == 200
    assert "Guardar el texto" not in client.get(url).text
    assert client.post(url, {"text": "Mío.", "seen": 0}).status_code == 403
    act = reverse("admin:reading_reading_act", args=[reading_of(guide.main_version).pk])
    assert client.post(act, {"act": "hide"}).status_code == 403
    sign_in(client)
    assert "Elija con un botón" in client.post(act, {"act": "erase"}, follow=True).text


def test_the_list_finds_what_waits_for_a_person(client, guide):
    sign_in(client)
    page = reading_of(guide.main_version).pages.first()
    page.doubt = "table"
    page.save()
    every = reverse("admin:reading_reading_changelist")
    assert "Guía del agua" in client.get(f"{every}?falta=dudas").text
    assert "Guía del agua" not in client.get(f"{every}?falta=ocultas").text
    assert "Guía del agua" in client.get(f"{every}?q=agua").text


def test_the_desk_leads_from_a_version_to_its_text(client, guide):
    sign_in(client)
    form = client.get(reverse("admin:resources_document_change", args=[guide.pk])).text
    assert reverse("admin:reading_reading_change", args=[reading_of(guide.main_version).pk]) in form
