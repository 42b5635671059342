"""Whoever has a copy learns whether it was published here and is still current; drafts are never told of."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.catalog.verification import BadSum, read_sum
from resources.models import Resource
from resources.publishing.withholding import withhold
from resources.publishing.workflow import move_to_bin, withdraw
from tests.makers import make_document, make_editor, put_file

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


def send(client: Client, content: bytes = CONTENT, **extra):
    return client.post(
        "/verificar/", {"archivo": SimpleUploadedFile("copia.pdf", content)}, **extra
    )


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
    assert f'href="{stored.file.get_absolute_url()}"' in html
    assert f'href="{stored.file.resource.get_absolute_url()}"' in html
    assert "<title>Versión actual de «Guía» · Verificar una copia" in html
    assert "Muestra, no es" not in html


def test_a_replaced_version_is_told_with_its_date_and_the_current_one(client, stored):
    new = replace(
        stored, b"%PDF-1.7 otra", created=timezone.make_aware(timezone.datetime(2025, 5, 3, 9))
    )
    html = ask(client)
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
    withhold(stored, reason="Contenía datos personales.", user=None)
    assert "Contenía datos personales." in ask(client)
    replace(stored, b"%PDF-1.7 sin datos personales")
    html = ask(client)
    assert "Versión 1 de «Guía», retenida el " in html
    assert "Aquí está la actual" in html


def test_a_replaced_version_whose_successor_is_withheld_leads_nowhere_else(client, stored):
    withhold(replace(stored, b"%PDF-1.7 otra"), reason="Error.", user=None)
    html = ask(client)
    assert "La versión actual está retenida" in html
    assert "Aquí está la actual" not in html


def test_what_was_never_published_here_is_said_to_be_so_with_what_to_do(client, stored):
    html = ask(client, "0" * 64)
    assert "No está publicado aquí" in html
    assert "Qué puede hacer" in html
    assert "Guía" not in html.partition("<main")[2]


@pytest.mark.parametrize("hide", ["draft", "review", "scheduled"])
def test_drafts_and_what_is_only_scheduled_are_never_told_of(client, hide):
    later = (
        {"published_at": timezone.now() + timedelta(days=1)}
        if hide == "scheduled"
        else {"status": hide}
    )
    put_file(make_document(title="Secreto", **later), CONTENT)
    assert "No está publicado aquí" in ask(client)
    client.force_login(make_editor("Edición"))
    assert "Secreto" not in client.get("/verificar/", {"sha256": SUM}).text


def test_what_went_back_to_draft_is_not_told_of_and_what_is_in_the_bin_is_withdrawn(client, stored):
    Resource.objects.filter(pk=stored.file.resource_id).update(status="draft")
    assert "No está publicado aquí" in ask(client)
    Resource.objects.filter(pk=stored.file.resource_id).update(status="published")
    move_to_bin(Resource.objects.get(pk=stored.file.resource_id).specific)
    assert "Archivo retirado" in ask(client)


def test_what_is_withdrawn_by_the_clock_is_told_as_withdrawn(client, stored, freeze):
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
def test_what_is_no_sum_is_an_error_at_the_field_that_says_what_to_do(client, text, advice):
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
    assert f'href="/verificar/?sha256={SUM}"' in html
    assert 'href="/verificar/">Verificar una copia<' in client.get("/").text


def test_one_of_several_files_of_a_resource_is_told_by_its_name(client, stored):
    annex = put_file(
        stored.file.resource, b"%PDF-1.7 anexo", "anexo.pdf", role="annex", label="Anexo 1"
    )
    assert "Versión actual de «Guía» (Anexo 1)" in ask(client, annex.sha256)
