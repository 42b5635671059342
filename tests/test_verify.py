"""Whoever has a copy learns whether it was published here and is still current; drafts are never told of."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.files.takedown import take_down
from resources.files.verification import BadSum, read_sum
from resources.models import Resource
from tests.makers import make_document, make_editor, put_file
from tests.transitions import trash, withdraw

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 una copia"
SUM = hashlib.sha256(CONTENT).hexdigest()
PLAIN = "Versión actual de «Guía»"


@pytest.fixture
def stored():
    return put_file(make_document(title="Guía"), CONTENT)


def ask(client: Client, text: str = SUM) -> str:
    answer = client.get("/verificar/", {"sha256": text})
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.text


def send(client: Client, content: bytes = CONTENT, key: str = "", **extra):
    address = f"/verificar/?archivo={key}" if key else "/verificar/"
    return client.post(address, {"archivo": SimpleUploadedFile("copia.pdf", content)}, **extra)


def send_sum(client: Client, text: str = SUM, key: str = "", **extra):
    """Send what the page's script sends once it has hashed a copy."""
    address = f"/verificar/?archivo={key}" if key else "/verificar/"
    return client.post(
        address, urlencode({"sha256": text}), "application/x-www-form-urlencoded", **extra
    )


def key_of(version) -> str:
    return f"{version.file.resource.slug}/{version.file.file_name}"


def replace(version, content: bytes, **values):
    return put_file(
        version.file.resource,
        content,
        slot=version.file,
        number=version.number + 1,
        change_note="Se corrigió.",
        **values,
    )


def test_the_current_version_is_told_with_the_way_to_it(client, stored):
    html = ask(client)
    assert PLAIN in html
    assert ".." not in html.partition("<main")[2], "the sentence ends once"
    assert f'href="{stored.file.get_absolute_url()}"' in html
    assert f'href="{stored.file.resource.get_absolute_url()}"' in html
    assert "<title>Versión actual de «Guía» · Verificar una copia" in html
    assert "Muestra, no es" not in html


def test_a_replaced_version_is_told_with_its_date_and_the_current_one(client, stored):
    new = replace(
        stored, b"%PDF-1.7 otra", created=timezone.make_aware(timezone.datetime(2025, 5, 3, 9))
    )
    html = ask(client)
    assert "Se corrigió. Más en la página" in " ".join(re.sub("<[^>]+>", "", html).split())
    assert "Versión 1 de «Guía», reemplazada el 3 de mayo de 2025" in html
    assert "Aquí está la actual" in html
    assert "versión 2</a>" in html
    assert "Se corrigió." in html
    assert PLAIN in ask(client, new.sha256)


def test_a_withdrawn_file_is_told_with_the_reason_that_its_page_gives(client, stored):
    withdraw(stored.file.resource.specific, "Contenía un error.")
    html = ask(client)
    assert "Archivo retirado el " in html
    assert "«Guía»" in html
    assert "Contenía un error." in html
    assert f'href="{stored.file.resource.get_absolute_url()}"' in html
    assert client.get(stored.file.resource.get_absolute_url()).status_code == 410


def test_a_withheld_version_is_told_with_its_reason_and_the_one_to_use(client, stored):
    take_down(stored, reason="Contenía datos personales.", user=None)
    assert "Contenía datos personales." in ask(client)
    replace(stored, b"%PDF-1.7 sin datos personales")
    html = ask(client)
    assert "Versión 1 de «Guía», retenida el " in html
    assert "Aquí está la actual" in html


def test_a_replaced_version_whose_successor_is_withheld_leads_nowhere_else(client, stored):
    take_down(replace(stored, b"%PDF-1.7 otra"), reason="Error.", user=None)
    html = ask(client)
    assert "La versión actual está retenida" in html
    assert "Aquí está la actual" not in html


def test_an_unknown_file_is_named_so_with_the_next_step(client, stored):
    html = ask(client, "0" * 64)
    assert "No está publicado aquí" in html
    assert "Qué puede hacer" in html
    assert "Guía" not in html.partition("<main")[2]


@pytest.mark.parametrize("hide", ["draft", "review", "scheduled"])
def test_drafts_and_scheduled_resources_are_never_revealed(client, hide):
    later = (
        {"published_at": timezone.now() + timedelta(days=1)}
        if hide == "scheduled"
        else {"status": hide}
    )
    put_file(make_document(title="Secreto", **later), CONTENT)
    assert "No está publicado aquí" in ask(client)
    client.force_login(make_editor("Edición"))
    assert "Secreto" not in client.get("/verificar/", {"sha256": SUM}).text


def test_a_return_to_draft_is_not_revealed_and_a_trashed_resource_is_withdrawn(client, stored):
    Resource.objects.filter(pk=stored.file.resource_id).update(status="draft")
    assert "No está publicado aquí" in ask(client)
    Resource.objects.filter(pk=stored.file.resource_id).update(status="published")
    trash(Resource.objects.get(pk=stored.file.resource_id).specific)
    assert "Archivo retirado" in ask(client)


def test_a_scheduled_withdrawal_is_reported_as_withdrawn(client, stored, freeze):
    moment = timezone.now() + timedelta(hours=1)
    Resource.objects.filter(pk=stored.file.resource_id).update(withdraw_at=moment)
    assert PLAIN in ask(client)
    freeze(moment + timedelta(seconds=1))
    assert "Archivo retirado" in ask(client)


def test_a_sample_is_always_said_to_be_one(client):
    version = put_file(make_document(title="Guía"), CONTENT, is_sample=True)
    assert "Muestra, no es el documento oficial" in ask(client)
    replace(version, b"%PDF-1.7 la oficial")
    assert "Muestra, no es el documento oficial" in ask(client)


def test_a_sum_of_several_is_answered_with_all_the_current_one_first(client, stored):
    withdraw(put_file(make_document(title="Antigua"), CONTENT).file.resource.specific, "Repetida.")
    replace(put_file(make_document(title="Bitácora"), CONTENT), b"%PDF-1.7 otra")
    put_file(make_document(title="Zócalo"), CONTENT)
    html = ask(client)
    order = [PLAIN, "Versión actual de «Zócalo»", "Versión 1 de «Bitácora»", "«Antigua»"]
    positions = [html.partition("<main")[2].index(words) for words in order]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    "text",
    [
        SUM,
        SUM.upper(),
        f"  {SUM}\n",
        f"{SUM}  guía para todos.pdf",
        f"{SUM} *carta.pdf",
        f"SHA256 (guia.pdf) = {SUM}",
        f"sha256:{SUM}",
        " ".join(SUM[n : n + 16] for n in range(0, 64, 16)),
        "-".join(SUM[n : n + 8].upper() for n in range(0, 64, 8)),
        "\u00a0".join(SUM[n : n + 2] for n in range(0, 64, 2)),
        f"SHA256 hash of guia.pdf:\r\n{SUM}\r\nCertUtil: -hashfile command completed successfully.",
    ],
)
def test_a_sum_is_read_as_programs_and_people_write_it(text):
    assert read_sum(text) == SUM


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "Escriba la huella"),
        ("   ", "Escriba la huella"),
        ("hola", "no es una huella"),
        (SUM[:-1], "63. Faltan"),
        (SUM + "0", "65. Sobran"),
        ("d41d8cd98f00b204e9800998ecf8427e", "MD5"),
        ("0" * 40, "SHA-1"),
        ("0" * 128, "SHA-512"),
        (f"{SUM} {'0' * 64}", "más de una"),
        ("x" * 5000, "no es una huella"),
        ("<script>alert(1)</script>", "no es una huella"),
    ],
)
def test_an_invalid_checksum_is_an_error_at_its_field_with_advice(client, text, advice):
    with pytest.raises(BadSum, match=advice):
        read_sum(text)
    html = ask(client, text)
    assert advice.split(".")[0] in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="sha256-pista sha256-error"' in html
    assert "<title>Error: " in html
    assert "<script>alert" not in html


def test_the_form_alone_is_a_page_for_search_engines_and_its_answers_are_not(client, stored):
    answer = client.get("/verificar/")
    assert 'rel="canonical"' in answer.text
    assert "noindex" not in answer.text
    assert answer["Cache-Control"] == "public, no-cache"
    assert '<meta name="robots" content="noindex">' in ask(client)
    for program in ("certutil -hashfile", "shasum -a 256", "sha256sum -c SHA256SUMS"):
        assert program in answer.text


@pytest.mark.uncached("counts the queries of a page that is rendered")
def test_the_answer_costs_one_query_more_than_the_form(client, stored):
    with CaptureQueriesContext(connection) as form:
        client.get("/verificar/")
    with CaptureQueriesContext(connection) as result:
        ask(client)
    assert len(result) == len(form) + 1


def test_without_javascript_an_upload_is_hashed_answered_and_forgotten(stored, settings, tmp_path):
    client = Client(enforce_csrf_checks=True)
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    answer = send(client)
    assert answer.status_code == 200
    assert PLAIN in answer.text
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer
    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []
    assert "No está publicado aquí" in send(client, CONTENT + b" ").text
    large = b"a" * 3_000_000  # more than one chunk, more than Django keeps in memory
    assert hashlib.sha256(large).hexdigest()[:16] in send(client, large).text


def test_an_upload_without_a_file_is_an_error_at_the_field(client):
    for data in ({}, {"archivo": "texto"}):
        answer = client.post("/verificar/", data)
        assert answer.status_code == 200
        assert "Elija el archivo que quiere verificar." in answer.text
        assert 'aria-describedby="archivo-pista archivo-error"' in answer.text


@pytest.mark.parametrize("size", [1_500, 1_000_000])
def test_an_upload_beyond_the_limit_is_refused_with_another_way(client, settings, size):
    settings.VERIFY_MAX_BYTES = 1_000
    answer = send(client, b"a" * size)
    assert answer.status_code == 413
    assert "demasiado grande" in answer.text
    assert "1\u00a0kB" in answer.text
    assert 'href="#calcular"' in answer.text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_but_asking_is_possible(client, method):
    assert getattr(client, method)("/verificar/").status_code == 405


def test_the_page_of_a_file_and_the_footer_lead_here(client, stored):
    html = client.get(stored.file.resource.get_absolute_url()).text
    slot = stored.file
    assert f'href="/verificar/?archivo={slot.resource.slug}/{slot.file_name}"' in html
    assert "verificar/?sha256" not in html, "a link must not bring its own answer"
    assert 'href="/verificar/">Verificar una copia<' in client.get("/").text


def test_one_of_several_files_of_a_resource_is_told_by_its_name(client, stored):
    annex = put_file(
        stored.file.resource, b"%PDF-1.7 anexo", "anexo.pdf", role="annex", label="Anexo 1"
    )
    assert "Versión actual de «Guía» (Anexo 1)" in ask(client, annex.sha256)


MY_COPY = "Su copia es igual, byte por byte"


def test_the_link_of_a_file_opens_the_form_for_that_file_without_an_answer(client, stored):
    html = client.get("/verificar/", {"archivo": key_of(stored)}).text
    assert "Elija su copia de «Guía»" in html
    assert "resultado-t" not in html
    assert "Su copia" not in html
    assert f'action="/verificar/?archivo={key_of(stored)}#resultado"' in html


def test_an_answer_to_a_linked_sum_speaks_of_the_sum_in_every_state(client, stored):
    old = put_file(make_document(title="Vieja"), b"%PDF-1.7 vieja")
    replace(old, b"%PDF-1.7 nueva")
    withheld = put_file(make_document(title="Retenida"), b"%PDF-1.7 datos")
    take_down(withheld, reason="Datos personales.", user=None)
    gone = put_file(make_document(title="Retirada"), b"%PDF-1.7 retirada")
    withdraw(gone.file.resource.specific, "Error.")
    for version in (stored, old, withheld, gone):
        for key in ("", key_of(version), key_of(stored)):
            page = client.get("/verificar/", {"sha256": version.sha256, "archivo": key}).text
            assert "Esa huella es la de la" in page
            assert "su copia" not in page.lower().replace("elija su copia de", "")
    assert "su copia" not in ask(client, "0" * 64).lower()


def test_a_copy_that_was_hashed_is_answered_as_a_copy(client, stored):
    for key in ("", key_of(stored)):
        for answer in (send(client, key=key), send_sum(client, key=key)):
            assert MY_COPY in answer.text
            assert "no-store" in answer["Cache-Control"]
            assert not answer.cookies


def test_a_copy_of_an_earlier_version_is_told_as_such(client, stored):
    replace(stored, b"%PDF-1.7 otra")
    page = send_sum(client, key=key_of(stored)).text
    assert "Su copia es igual, byte por byte, a la versión 1" in page
    assert "ya no es la actual" in page


def test_a_copy_of_another_published_file_is_not_the_asked_one(client, stored):
    other = put_file(make_document(title="Ajena"), b"%PDF-1.7 ajena")
    for answer in (
        send(client, b"%PDF-1.7 ajena", key=key_of(stored)),
        send_sum(client, other.sha256, key=key_of(stored)),
    ):
        page = answer.text.partition("<main")[2]
        assert "Su copia no es «Guía»" in page
        assert page.index("Su copia no es") < page.index("Versión actual de «Ajena»")
    page = client.get("/verificar/", {"sha256": other.sha256, "archivo": key_of(stored)}).text
    assert "Esa huella no es la de «Guía»" in page


def test_a_copy_that_is_published_nowhere_is_told_for_the_asked_file(client, stored):
    page = send(client, b"%PDF-1.7 falsificada", key=key_of(stored)).text
    assert "No está publicado aquí" in page
    assert "Su copia no es igual a ninguna versión de «Guía»" in page


def test_the_asked_file_comes_first_among_files_of_the_same_bytes(client, stored):
    put_file(make_document(title="Abeto"), CONTENT)
    page = send_sum(client, key=key_of(stored)).text.partition("<main")[2]
    assert page.index(PLAIN) < page.index("Versión actual de «Abeto»")
    assert "Su copia no es" not in page


def test_a_form_of_another_site_gets_no_answer_about_a_copy(client, stored):
    for answer in (
        send_sum(client, headers={"Origin": "https://evil.example"}),
        send(client, headers={"Origin": "null"}),
    ):
        assert MY_COPY not in answer.text
        assert "Esa huella es la de la" in answer.text
    assert MY_COPY in send_sum(client, headers={"Origin": "http://testserver"}).text


def test_the_form_for_a_file_stands_after_a_rename_and_after_a_withdrawal(client, stored):
    key, resource = key_of(stored), stored.file.resource
    resource.slug = "otra-direccion"
    resource.save()
    assert "Elija su copia de «Guía»" in client.get("/verificar/", {"archivo": key}).text
    withdraw(resource.specific, "Error.")
    assert "Archivo retirado" in send_sum(client, key=key).text


@pytest.mark.parametrize(
    "key", ["no-hay/guia.pdf", "guia", "guia/otra.pdf", "/", "a\0b/c", "x" * 900]
)
def test_an_unknown_file_leaves_the_plain_form_and_says_so(client, stored, key):
    page = client.get("/verificar/", {"archivo": key}).text
    assert "El archivo que indica este enlace no está publicado aquí" in page
    assert "El archivo que tiene" in page


def test_a_draft_is_not_named_by_the_form_for_a_file(client):
    hidden = put_file(make_document(title="Secreto", status="draft"), CONTENT)
    page = client.get("/verificar/", {"archivo": key_of(hidden)}).text
    assert "Secreto" not in page
    assert "no está publicado aquí" in page


def test_a_bad_sum_from_the_script_is_an_error_at_its_field(client):
    for text in ("", "hola"):
        answer = send_sum(client, text)
        assert answer.status_code == 200
        assert "sha256-error" in answer.text
