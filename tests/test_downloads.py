"""A file's address gives the current version, whole or in part, to whoever may have it, and says what it is."""

import hashlib

import pytest

from resources.files.takedown import take_down
from resources.models import FileVersion, ResourceFile
from resources.views.byte_ranges import Unsatisfiable, requested_range
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_infographic,
    pdf_bytes,
    png_bytes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(tmp_path):
    return make_file(
        make_document(title="Guía"), pdf_bytes("Uno", "Dos"), "Guía número 1.PDF", folder=tmp_path
    )


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_file_is_given_whole_with_its_type_length_and_ascii_name(client, stored):
    answer = client.get("/recursos/guia/archivos/guia-numero-1.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="guia-numero-1.pdf"'
    content = body(answer)
    assert int(answer["Content-Length"]) == len(content) == stored.size
    assert hashlib.sha256(content).hexdigest() == stored.sha256
    assert answer["ETag"] == f'"{stored.sha256}"'
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Link"] == '</recursos/guia/>; rel="up collection"'
    assert answer["Cache-Control"] == "public, no-cache"
    assert "Content-Encoding" not in answer


def test_a_browser_that_has_it_already_gets_304(client, stored):
    url = stored.file.get_absolute_url()
    answer = client.get(url, headers={"If-None-Match": f'"{stored.sha256}"'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == f'"{stored.sha256}"'


def test_head_tells_all_and_sends_nothing(client, stored):
    answer = client.head(stored.file.get_absolute_url())
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) == stored.size


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
    ],
)
def test_a_broken_download_goes_on_where_it_stopped(client, stored, header, first, last):
    whole = body(client.get(stored.file.get_absolute_url()))
    answer = client.get(stored.file.get_absolute_url(), headers={"Range": header})
    expected = whole[first:] if last is None else whole[first : last + 1]
    assert answer.status_code == 206
    assert body(answer) == expected
    assert int(answer["Content-Length"]) == len(expected)
    start = first % len(whole)
    assert answer["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"


def test_a_range_beyond_the_end_is_416_and_says_the_size(client, stored):
    answer = client.get(stored.file.get_absolute_url(), headers={"Range": f"bytes={stored.size}-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{stored.size}")


def test_a_range_of_another_version_gives_the_whole_file(client, stored):
    headers = {"Range": "bytes=0-9", "If-Range": '"another"'}
    answer = client.get(stored.file.get_absolute_url(), headers=headers)
    assert answer.status_code == 200
    headers["If-Range"] = f'"{stored.sha256}"'
    assert client.get(stored.file.get_absolute_url(), headers=headers).status_code == 206


@pytest.mark.parametrize(
    "header",
    ["", "bytes=", "bytes=-", "bytes=9-1", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b", "bytes=٣-"],
)
def test_an_invalid_range_means_the_whole_file(header):
    assert requested_range(header, 100) is None


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=-0", 100), ("bytes=100-", 100), ("bytes=0-", 0), ("bytes=-5", 0)]
)
def test_a_range_that_holds_nothing_is_unsatisfiable(header, size):
    with pytest.raises(Unsatisfiable):
        requested_range(header, size)


def test_a_replaced_file_keeps_its_address_and_the_earlier_version_keeps_one_of_its_own(
    client, stored, tmp_path
):
    slot = ResourceFile.objects.get()
    new = make_file(
        slot.resource,
        pdf_bytes("Tres"),
        "otro nombre.pdf",
        folder=tmp_path,
        slot=slot,
        note="Se corrigió la página 1.",
    )
    current = client.get("/recursos/guia/archivos/guia-numero-1.pdf")
    assert hashlib.sha256(body(current)).hexdigest() == new.sha256
    first = client.get("/recursos/guia/archivos/v1/guia-numero-1.pdf")
    assert hashlib.sha256(body(first)).hexdigest() == stored.sha256
    assert first["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Se corrigió la página 1." in client.get("/recursos/guia/").text


def test_a_withheld_version_answers_410_with_its_reason_and_its_bytes_are_erased(
    client, stored, django_capture_on_commit_callbacks
):
    name, storage = stored.stored.name, stored.stored.storage
    with django_capture_on_commit_callbacks(execute=True):
        take_down(stored, reason="Contenía datos personales.", user=None)
    for url in (stored.get_absolute_url(), stored.file.get_absolute_url()):
        answer = client.get(url)
        assert answer.status_code == 410
        assert "Contenía datos personales." in answer.text
    assert not storage.exists(name)
    assert FileVersion.objects.get().sha256 == stored.sha256


@pytest.mark.parametrize(("status", "code"), [("draft", 404), ("review", 404), ("withdrawn", 410)])
def test_files_of_drafts_are_refused_to_visitors_and_served_to_editors(
    client, tmp_path, status, code
):
    stored = make_file(make_document(status=status), folder=tmp_path)
    assert client.get(stored.file.get_absolute_url()).status_code == code
    client.force_login(make_editor("Edición"))
    answer = client.get(stored.file.get_absolute_url())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    body(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/recursos/guia/archivos/otro.pdf",
        "/recursos/guia/archivos/v2/guia-numero-1.pdf",
        "/recursos/guia/archivos/v0/guia-numero-1.pdf",
        "/recursos/guia/archivos/v99999999999999999999/guia-numero-1.pdf",
        "/recursos/guia/archivos/..%2f..%2fdb.sqlite3",
        "/recursos/guia/archivos/%00",
        "/recursos/otra/archivos/guia-numero-1.pdf",
        "/imagenes/../db.sqlite3",
        "/imagenes/%2e%2e/db.png",
        "/imagenes//etc/passwd.png",
        "/imagenes/nada.png",
    ],
)
def test_no_address_reaches_another_file(client, stored, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_files_are_only_read(client, stored, method):
    assert getattr(client, method)(stored.file.get_absolute_url()).status_code == 405


def test_a_picture_is_a_page_s_cover_in_several_widths_kept_for_ever(client, tmp_path, monkeypatch):
    monkeypatch.setattr("resources.files.covers.WIDTHS", (240, 480, 720, 960, 1600))
    resource = make_infographic(title="Lámina")
    make_file(resource, png_bytes(1200, 1600), "lamina.png", folder=tmp_path)
    resource.refresh_from_db()
    assert resource.renditions["widths"] == [240, 480, 720, 960]
    for width in resource.renditions["widths"]:
        answer = client.get(f"/imagenes/{resource.renditions['folder']}/{width}.webp")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert "immutable" in answer["Cache-Control"]
        body(answer)


def test_a_file_missing_from_the_disk_is_a_404_not_a_crash(client, stored):
    stored.stored.storage.delete(stored.stored.name)
    assert client.get(stored.file.get_absolute_url()).status_code == 404


def test_behind_nginx_the_file_is_handed_over_with_its_headers(client, stored, settings):
    settings.MEDIA_ACCEL_REDIRECT = "/protegido/"
    answer = client.get(stored.file.get_absolute_url())
    assert answer["X-Accel-Redirect"] == f"/protegido/{stored.stored.name}"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.content == b""


def test_text_keeps_the_charset_in_which_it_came(client, tmp_path):
    content = "Cantón;Población\nLatacunga;12\nCañar;3\n".encode("cp1252")
    stored = make_file(make_document(), content, "datos.csv", folder=tmp_path, role="data")
    assert (
        client.get(stored.file.get_absolute_url())["Content-Type"]
        == "text/csv; charset=windows-1252"
    )
