"""Files and pictures in S3-compatible storage, against a real server of its protocol."""

import hashlib
import io
import urllib.request
from email.message import Message

import boto3
import pytest
from django.core.files.storage import default_storage, storages
from moto.server import ThreadedMotoServer

from resources.files.fixity import check
from resources.files.packs import builder
from resources.files.takedown import take_down
from tests.conftest import use_pictures_storage
from tests.makers import (
    make_document,
    make_file,
    make_infographic,
    make_section,
    pdf_bytes,
    png_bytes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def endpoint():
    """The address of a server that speaks S3, with an empty bucket in it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def bucket(endpoint, settings, monkeypatch):
    """Both storages in a new bucket, set up as portal/settings.py does where S3_BUCKET is set."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    name = f"recursos-{hashlib.md5(str(settings.MEDIA_ROOT).encode()).hexdigest()}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=name)
    options = {"bucket_name": name, "endpoint_url": endpoint, "region_name": "us-east-1"}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "portal.s3_storage.S3Files", "OPTIONS": options},
        "pictures": {"BACKEND": "portal.s3_storage.S3Pictures", "OPTIONS": options},
    }
    use_pictures_storage(monkeypatch)
    return client, name


def fetched(url: str, **headers: str) -> tuple[bytes, Message]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.read(), answer.headers


def test_a_visitor_is_sent_to_a_short_lived_address_that_gives_the_same_bytes(client, tmp_path):
    content = pdf_bytes("Uno", "Dos")
    version = make_file(make_document(title="Guía"), content, folder=tmp_path)
    answer = client.get(version.file.get_absolute_url())
    assert (answer.status_code, answer["Cache-Control"]) == (302, "private, no-store")
    assert "Expires" in answer["Location"]
    got, headers = fetched(answer["Location"])
    assert got == content
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="guia.pdf"'
    assert fetched(answer["Location"], Range="bytes=10-19")[0] == content[10:20]


def test_permission_is_asked_before_the_bucket(client, tmp_path):
    version = make_file(make_document(status="draft"), folder=tmp_path)
    assert client.get(version.file.get_absolute_url()).status_code == 404


def test_pictures_are_asked_of_the_site_alone(client, endpoint, tmp_path):
    make_file(make_infographic(title="Lámina"), png_bytes(), "lamina.png", folder=tmp_path)
    html = client.get("/recursos/lamina/").text
    assert endpoint not in html
    source = html.partition('srcset="')[2].split()[0]
    assert source.startswith("/imagenes/")
    answer = client.get(source)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert client.get("/imagenes/no/hay.webp").status_code == 404


def test_withheld_bytes_leave_the_bucket(
    client, bucket, tmp_path, django_capture_on_commit_callbacks
):
    version = make_file(make_document(), folder=tmp_path)
    name = version.stored.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        take_down(version, reason="Contenía datos personales.", user=None)
    assert not default_storage.exists(name)
    assert client.get(version.file.get_absolute_url()).status_code == 410


def test_packs_are_built_there_and_every_sum_is_checked(client, tmp_path):
    section = make_section(title="Guías")
    version = make_file(make_document(section=section), folder=tmp_path)
    builder.refresh_packs.call()
    answer = client.get("/secciones/guias/paquete.zip")
    assert answer.status_code == 302
    assert io.BytesIO(fetched(answer["Location"])[0]).read(2) == b"PK"
    assert check().is_ok
    storages["default"].delete(version.stored.name)
    assert [trouble.name for trouble in check().missing] == [version.stored.name]
