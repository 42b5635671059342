"""A pack is everything that a section or a resource publishes in one ZIP, the same bytes for the same content."""

import csv
import hashlib
import io
import json
import re
import subprocess
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from resources.files.packs import builder
from resources.files.packs.contents import safe_name
from resources.models import Pack, Resource
from tests.packs.opening import SECTION, files_in, opened

pytestmark = pytest.mark.django_db


def test_a_section_s_pack_holds_all_that_is_published_under_human_names(client, built):
    pack = opened(client.get(SECTION))
    assert pack.testzip() is None
    assert files_in(pack) == [
        "01-¿Qué es, gobierno abierto.pdf",
        "02-¿Qué es, gobierno abierto - Datos.csv",
        "03-Plan del año.pdf",
    ]
    assert set(pack.namelist()) - set(files_in(pack)) == {
        "LEEME.html",
        "SHA256SUMS",
        "manifiesto.csv",
        "manifiesto.json",
    }
    assert (
        hashlib.sha256(pack.read("03-Plan del año.pdf")).hexdigest()
        == built["second"].files.get().current.sha256
    )
    kinds = {name: pack.getinfo(name).compress_type for name in files_in(pack)}
    assert kinds["03-Plan del año.pdf"] == zipfile.ZIP_STORED
    assert kinds["02-¿Qué es, gobierno abierto - Datos.csv"] == zipfile.ZIP_DEFLATED


def test_a_resource_with_several_files_has_a_pack_and_one_with_a_single_file_has_none(
    client, built
):
    pack = opened(client.get(f"{built['first'].get_absolute_url()}paquete.zip"))
    assert files_in(pack) == ["01-¿Qué es, gobierno abierto.pdf", "02-Datos.csv"]
    assert client.get(f"{built['second'].get_absolute_url()}paquete.zip").status_code == 404
    assert "paquete.zip" not in client.get(built["second"].get_absolute_url()).text
    html = client.get(built["first"].get_absolute_url()).text
    assert re.search(
        r'href="[^"]*/paquete\.zip">.*?Descargar todo.*?\(ZIP, 2 archivos, [\d,]+\s(kB|MB)\)',
        html,
        re.S,
    )


def test_the_sums_of_an_unpacked_pack_are_checked_by_sha256sum(client, built, tmp_path):
    folder = tmp_path / "unpacked"
    opened(client.get(SECTION)).extractall(folder)
    check = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
    done = subprocess.run(
        check,
        cwd=folder,
        capture_output=True,
        text=True,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": OK") == 3
    (folder / "03-Plan del año.pdf").write_bytes(b"otra cosa")
    assert subprocess.run(check, cwd=folder, capture_output=True).returncode == 1


def test_the_index_opens_offline_links_to_the_files_and_marks_samples(client, built, settings):
    pack = opened(client.get(SECTION))
    html = pack.read("LEEME.html").decode()
    assert html.count("<h1") == 1
    assert "--paper:" in html, "the styles stand in the file itself"
    assert not re.search(r"<script|<link|<img|\ssrc=|url\((?!['\"]?data:)|@import", html), (
        "nothing is fetched"
    )
    assert 'href="03-Plan%20del%20a%C3%B1o.pdf"' in html
    assert f'href="{settings.SITE_URL}{built["second"].get_absolute_url()}"' in html
    assert html.count("Muestra, no es el documento oficial") == 1
    assert "&lt;" not in html


def test_the_manifest_is_the_same_for_spreadsheets_and_for_programs(client, built, settings):
    pack = opened(client.get(SECTION))
    raw = pack.read("manifiesto.csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    data = json.loads(pack.read("manifiesto.json"))
    assert (
        [row["archivo"] for row in rows]
        == [row["archivo"] for row in data["archivos"]]
        == files_in(pack)
    )
    third = data["archivos"][2]
    assert third["muestra"] is True
    assert rows[2]["muestra"] == "sí"
    assert third["sha256"] == hashlib.sha256(pack.read(third["archivo"])).hexdigest()
    assert third["direccion"] == settings.SITE_URL + built["second"].files.get().get_absolute_url()
    assert data["direccion"] == f"{settings.SITE_URL}/secciones/guias/"


def test_a_cell_of_the_manifest_is_never_a_formula(client, shelf):
    shelf["second"].title = '=HYPERLINK("http://x")'
    shelf["second"].save()
    builder.refresh_packs.call()
    rows = csv.DictReader(
        io.StringIO(opened(client.get(SECTION)).read("manifiesto.csv").decode("utf-8-sig"))
    )
    assert list(rows)[2]["recurso"].startswith("'=")


def test_the_same_content_gives_the_same_bytes(built, freeze, django_capture_on_commit_callbacks):
    before = Pack.objects.get(section__slug="guias")
    Pack.objects.update(key="x")
    Resource.objects.filter(title="Después").update(status="draft")
    freeze(timezone.now() + timedelta(days=400))
    with django_capture_on_commit_callbacks(execute=True):
        builder.refresh_packs.call()
    after = Pack.objects.get(section__slug="guias")
    assert after.stored.name != before.stored.name
    assert (after.sha256, after.size, after.key) == (before.sha256, before.size, before.key)
    assert not default_storage.exists(before.stored.name), "the pack that it replaces is gone"


def test_a_pack_is_downloaded_like_any_file(client, built):
    answer = client.get(SECTION)
    whole = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="guias.zip"'
    assert answer["ETag"] == f'"{hashlib.sha256(whole).hexdigest()}"'
    assert answer["Link"] == '</secciones/guias/>; rel="up"'
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.get(SECTION, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    part = client.get(SECTION, headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[10:20])
    head = client.head(SECTION)
    assert (head.status_code, head.content, int(head["Content-Length"])) == (200, b"", len(whole))
    assert not answer.cookies
    assert client.post(SECTION).status_code == 405


def test_the_pages_say_how_many_files_and_how_big(client, built):
    for path in ("/", "/secciones/guias/"):
        html = client.get(path).text
        assert re.search(
            r'href="/secciones/guias/paquete\.zip">.*?Descargar toda la sección.*?\(ZIP, 3 archivos, ',
            html,
            re.S,
        )


def test_a_section_beyond_the_limit_offers_no_pack(client, built, settings):
    settings.PACK_MAX_BYTES = 100
    builder.refresh_packs.call()
    assert client.get(SECTION).status_code == 404
    assert "paquete" not in client.get("/secciones/guias/").text.partition("<main")[2]
    assert not any(pack.key for pack in Pack.objects.all())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Guía 1: qué hacer / cómo", "Guía 1, qué hacer - cómo"),
        ('Los "tres" <pilares>?*|', "Los 'tres' pilares"),
        ("Fin con puntos...", "Fin con puntos"),
        ("\u202etxt.exe\n\tx", "txt.exe x"),
        ("...", "archivo"),
        ("an\u0303o", "año"),
        ("palabra " * 40, "palabra " * 11 + "palabra"),
        ("palabra " * 11 + "y para la participación ciudadana", "palabra " * 10 + "palabra"),
        ("Corto y", "Corto y"),
    ],
)
def test_names_in_a_pack_are_safe_on_every_system(title, name):
    assert safe_name(title) == name
