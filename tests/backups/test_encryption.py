"""Backups that only who has the key can read, and backups in a bucket."""

import stat
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from backups.checks import settings_make_sense
from resources.models import Resource
from tests.backups.sites import archives, refused, site_in, stored_bytes
from tests.commands.running import run


@pytest.fixture
def key(origin, tmp_path) -> str:
    path = tmp_path / "clave"
    code, out = run("backup", "--make-key", str(path))
    assert (code, "Guarde una copia" in out) == (0, True)
    return str(path)


@pytest.fixture
def to(origin, key, tmp_path) -> Path:
    """A repository with one encrypted archive."""
    folder = tmp_path / "cifrados"
    run("backup", "--to", str(folder), "--key", key)
    return folder


def test_nothing_of_the_content_can_be_read_without_the_key(to, origin):
    everything = b"".join(path.read_bytes() for path in to.rglob("*") if path.is_file())
    assert b"resources.resource" not in everything
    names = {path.name for path in to.rglob("*")}
    sums = set(stored_bytes().values())
    assert not names & sums, "nor recognised by its sum"
    plain = b"".join(path.read_bytes() for path in origin.repository.rglob("*.manifest"))
    assert b"resources.resource" in plain


def test_with_the_key_everything_comes_back(to, key, tmp_path):
    files = stored_bytes()
    with site_in(tmp_path / "destino"):
        code, out = run("restore", str(to), "--key", key)
        assert code == 0, out
        assert stored_bytes() == files
        assert Resource.objects.filter(title="Guía de agua").exists()


def test_the_second_encrypted_backup_costs_nothing_new(to, key):
    assert "0 bytes nuevos" in run("backup", "--to", str(to), "--key", key)[1]


def test_each_wrong_key_is_told_apart(to, key, tmp_path, origin):
    other = tmp_path / "otra"
    run("backup", "--make-key", str(other))
    (tmp_path / "nota").write_text("hola")
    assert "están cifrados" in refused("restore", str(to))
    assert "no es la de los respaldos" in refused("restore", str(to), "--key", str(other))
    assert "no contiene una clave" in refused("restore", str(to), "--key", str(tmp_path / "nota"))
    assert "--make-key" in refused("backup", "--to", str(to), "--key", str(tmp_path / "falta"))
    assert "no están cifrados" in refused("restore", str(origin.repository), "--key", key)


@pytest.mark.parametrize("harm", ["shortened", "changed", "exchanged"])
def test_an_encrypted_object_that_was_tampered_with_is_found(to, key, tmp_path, harm):
    paths = sorted(path for path in (to / "objects").rglob("*") if path.is_file())
    content = bytearray(paths[0].read_bytes())
    if harm == "shortened":
        del content[-1:]
    elif harm == "changed":
        content[-1] ^= 1
    else:
        content[:] = paths[1].read_bytes()
    paths[0].write_bytes(content)
    with site_in(tmp_path / "destino"):
        assert "faltan o cambiaron 1" in refused("restore", str(to), "--key", key)


def test_a_key_is_its_owner_s_alone_and_never_overwritten(key):
    assert stat.S_IMODE(Path(key).stat().st_mode) == 0o600
    before = Path(key).read_bytes()
    assert "ya existe" in refused("backup", "--make-key", key)
    assert Path(key).read_bytes() == before


def test_a_key_file_of_the_settings_encrypts_every_backup(key, tmp_path, settings):
    settings.BACKUP_KEY_FILE = key
    run("backup", "--to", str(tmp_path / "respaldos"))
    (made,) = archives(tmp_path / "respaldos")
    assert b"resources" not in made.read_bytes()


def test_wrong_settings_are_named_by_checks(settings, tmp_path):
    settings.BACKUP_HOUR, settings.BACKUP_KEY_FILE = 24, str(tmp_path / "falta")
    assert [found.id for found in settings_make_sense(None)] == ["backups.E001", "backups.E002"]


@pytest.fixture
def bucket(origin, settings, monkeypatch):
    """A bucket on a server that speaks S3."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings.S3_ENDPOINT_URL, settings.S3_REGION = f"http://{host}:{port}", "us-east-1"
    client = boto3.client("s3", endpoint_url=settings.S3_ENDPOINT_URL, region_name="us-east-1")
    client.create_bucket(Bucket="municipio")
    yield "s3://municipio/respaldos"
    server.stop()


def test_a_bucket_holds_backups_like_a_folder(bucket, key, tmp_path):
    files = stored_bytes()
    code, out = run("backup", "--to", bucket, "--key", key)
    assert code == 0, out
    assert "0 bytes nuevos" in run("backup", "--to", bucket, "--key", key)[1]
    with site_in(tmp_path / "destino"):
        code, out = run("restore", bucket, "--key", key)
        assert code == 0, out
        assert stored_bytes() == files


def test_a_bucket_that_is_not_there_is_told(bucket, origin):
    assert "No se puede usar s3://otro" in refused("backup", "--to", "s3://otro/respaldos")
    assert "no nombra un depósito" in refused("backup", "--to", "s3:///x")
