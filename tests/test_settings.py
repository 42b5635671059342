"""The environment decides; a wrong value is named with what to do."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks

from portal.secret_key import read_or_create_secret

ROOT = settings.BASE_DIR


def ask(expression: str, var: Path, **environment: str) -> str:
    """Return what `expression` is, printed by a new process with these settings."""
    code = f"from portal import settings; print(({expression}))"
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, "VAR_DIR": str(var), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def manage(*arguments: str, var: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py in a new process."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "VAR_DIR": str(var), **environment},
        capture_output=True,
        text=True,
    )


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "var" / "secret-key"
    first = read_or_create_secret(path)
    assert len(first) >= 50
    assert read_or_create_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["secret-key"]


@pytest.mark.parametrize(
    ("name", "value"), [("WEB_THREADS", "muchos"), ("DATABASE_URL", "mipropia://base")]
)
def test_a_value_that_cannot_be_read_is_named_in_one_line(tmp_path, name, value):
    refused = manage("check", var=tmp_path, **{name: value})
    assert refused.returncode == 1
    assert name in refused.stderr
    assert refused.stderr.startswith("recursos: una variable de entorno no sirve")
    assert refused.stderr.count("\n") == 1


def test_without_any_configuration_the_site_is_safe_and_local(tmp_path):
    shown = ask(
        "settings.DEBUG, settings.SITE_URL, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, "
        "settings.DATABASES['default']['ENGINE']",
        tmp_path,
    )
    assert shown == "(False, 'http://127.0.0.1:8000', False, False, 'django.db.backends.sqlite3')"


@pytest.mark.parametrize(
    ("pooled", "kept"), [({}, "(False, 2)"), ({"DATABASE_POOLED": "1"}, "(True, None)")]
)
def test_behind_a_pooler_nothing_is_kept_with_a_connection_of_postgresql(tmp_path, pooled, kept):
    shown = ask(
        "settings.DATABASES['default']['DISABLE_SERVER_SIDE_CURSORS'], "
        "settings.DATABASES['default']['OPTIONS']['prepare_threshold']",
        tmp_path,
        DATABASE_URL="postgres://recursos@127.0.0.1/recursos",
        **pooled,
    )
    assert shown == kept


def test_the_port_decides_the_address(tmp_path):
    assert (
        ask("settings.SITE_URL, settings.WEB_BIND", tmp_path, PORT="9001")
        == "('http://127.0.0.1:9001', '127.0.0.1:9001')"
    )


def test_an_https_address_brings_redirect_hsts_and_host_cookies(tmp_path):
    shown = ask(
        "settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_NAME, "
        "settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.ALLOWED_HOSTS",
        tmp_path,
        SITE_URL="https://recursos.example/",
    )
    assert shown == "(True, 31536000, '__Host-sesion', '__Host-csrf', True, ['recursos.example'])"


def test_redis_is_the_shared_cache_and_pages_stay_in_memory(tmp_path):
    shown = ask(
        "[settings.CACHES[name]['BACKEND'].rpartition('.')[2] for name in settings.CACHES]",
        tmp_path,
        REDIS_URL="redis://127.0.0.1:1",
    )
    assert shown == "['RedisCache']"


def test_a_database_address_chooses_postgresql(tmp_path):
    shown = ask(
        "settings.DATABASES['default']['ENGINE']", tmp_path, DATABASE_URL="postgres://u@h/d"
    )
    assert shown == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    ("pooled", "options"), [("false", "-c lock_timeout=20000"), ("true", "None")]
)
def test_a_save_waits_20_seconds_for_a_lock_of_postgresql_unless_a_pooler_refuses_the_option(
    tmp_path, pooled, options
):
    shown = ask(
        "settings.DATABASES['default']['OPTIONS'].get('options')",
        tmp_path,
        DATABASE_URL="postgres://u@h/d",
        DATABASE_POOLED=pooled,
    )
    assert shown == options


def test_deployment_checks_find_nothing_with_production_settings(tmp_path):
    result = manage(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        var=tmp_path,
        SITE_URL="https://recursos.example",
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "address", ["recursos.gob.ec", "ftp://recursos.gob.ec", "https://recursos.gob.ec/portal"]
)
def test_an_address_that_is_no_site_s_is_named_by_a_check(settings, address):
    settings.SITE_URL = address
    (error,) = [message for message in run_checks() if message.id == "portal.E001"]
    assert address in error.msg
    assert "https://" in error.hint


def test_a_folder_that_cannot_be_written_is_named_by_a_check(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "none"
    assert any(message.id == "portal.E002" for message in run_checks())


def test_a_number_below_one_is_named_by_a_check(settings):
    settings.RESULTS_PER_PAGE = 0
    assert any(
        message.id == "portal.E003" and "RESULTS_PER_PAGE" in message.msg
        for message in run_checks()
    )


@pytest.mark.parametrize("name", ["REDIS_URL", "S3_BUCKET"])
def test_a_service_whose_package_is_not_installed_is_named_by_a_check(settings, monkeypatch, name):
    monkeypatch.setattr("portal.checks.find_spec", lambda package: None)
    setattr(settings, name, "cubo")
    (error,) = [message for message in run_checks() if message.id == "portal.E004"]
    assert name in error.msg
    assert "requirements-production.txt" in error.hint
    setattr(settings, name, "")
    assert not any(message.id == "portal.E004" for message in run_checks())


def test_a_var_folder_that_cannot_be_made_is_one_line_and_no_trace(tmp_path):
    (tmp_path / "file").write_text("")
    result = manage("check", var=tmp_path / "file" / "var")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "VAR_DIR" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
