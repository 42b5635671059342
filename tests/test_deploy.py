"""The files in deploy/ are read by the programs that they are for, and hold the portal's own limits.

A test whose program is not installed is skipped. Images are not built here.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from bench import proxies
from tests.serving.conftest import Site, free_port

DEPLOY = settings.BASE_DIR / "deploy"
SERVICE = DEPLOY / "systemd" / "recursos.service"
NGINX = DEPLOY / "nginx"
CADDYFILE = DEPLOY / "caddy" / "Caddyfile"
DOCKER = DEPLOY / "docker"
GUIDE = settings.BASE_DIR / "docs" / "despliegue.md"
CODE = "/srv/recursos/portal"
SEEN_EXPOSURE = re.compile(r"Overall exposure level for \S+ (\d+\.\d)")
MOST_EXPOSURE = 2.0  # of 10, by systemd's own count: "OK"
UNITS = {"k": 1024, "m": 1024**2}


def tool(name: str) -> str:
    """Return the path of an installed program, or skip the test."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )


def test_systemd_reads_the_unit_without_a_remark(tmp_path):
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/bin/true")
    unit = tmp_path / SERVICE.name
    unit.write_text(SERVICE.read_text().replace(CODE, str(tmp_path)))
    verified = run(tool("systemd-analyze"), "verify", str(unit))
    assert (verified.returncode, verified.stdout) == (0, "")


def test_the_unit_runs_in_a_sandbox_and_installs_nothing():
    shown = run(tool("systemd-analyze"), "security", "--offline=true", str(SERVICE))
    exposure = SEEN_EXPOSURE.search(shown.stdout.replace(":", ""))
    if exposure is None:
        pytest.skip("this systemd does not judge a unit that is not installed")
    assert float(exposure[1]) <= MOST_EXPOSURE
    commands = re.findall(r"^Exec\w+=(.*)$", SERVICE.read_text(), re.M)
    assert commands == [f"{CODE}/.venv/bin/python manage.py serve"]


def nginx_folder(folder: Path) -> Path:
    """Write a whole configuration of nginx around the files of deploy/, with a certificate of its own."""
    (folder / "snippets").mkdir()
    shutil.copy(NGINX / "recursos-portal.conf", folder / "snippets")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = run(
        *(tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
        *("-subj", "/CN=recursos.municipio.gob.ec", "-keyout", str(key), "-out", str(certificate)),
    )
    assert made.returncode == 0, made.stdout
    site = (NGINX / "recursos.conf").read_text()
    site = re.sub(r"ssl_certificate .*;", f"ssl_certificate {certificate};", site)
    site = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {key};", site)
    (folder / "site.conf").write_text(site)
    places = "".join(
        f"{name}_temp_path {folder};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder}/pid; error_log {folder}/log; events {{}}"
        f" http {{ access_log off; {places} include {folder}/site.conf; }}"
    )
    return whole


def test_nginx_reads_its_files(tmp_path):
    program = tool("nginx")
    tested = run(program, "-t", "-p", str(tmp_path), "-c", str(nginx_folder(tmp_path)))
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("variables", [{}, {"SITE_NAME": "a.example", "PORTAL": "portal:8000"}])
def test_caddy_reads_its_file_with_and_without_variables(tmp_path, variables):
    arguments = ("validate", "--adapter", "caddyfile", "--config", str(CADDYFILE))
    homes = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    validated = run(tool("caddy"), *arguments, **homes, **variables)
    assert validated.returncode == 0, validated.stdout


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_a_proxy_says_in_spanish_that_the_portal_is_away_or_a_sending_too_large(
    name, tmp_path, monkeypatch
):
    program = tool(name)
    monkeypatch.setattr(proxies, "PORT", free_port())  # where nobody listens
    monkeypatch.setattr(proxies, "PROXY", free_port())
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    with proxies.running([program, *getattr(proxies, name)(tmp_path)]):
        site = Site(proxies.PROXY, "")
        away = site.get("/recursos/")
        large = site.get("/reportar/", "Content-Length: 300000", method="POST")
    assert away.status in (502, 503)
    assert "ahí sigue lo que escribió" in away.text
    assert large.status == 413
    assert "No se guardó nada" in large.text


def test_the_proxies_take_as_much_as_the_portal_takes():
    """Less would refuse an editor's file; far more would be received for nothing."""
    desk = settings.MAX_UPLOAD_BYTES * settings.FILES_AT_ONCE + settings.FORM_BYTES
    needed = {
        "/": settings.VISITOR_BODY_BYTES,
        "= /verificar/": settings.VERIFY_MAX_BYTES,
        "/admin/": desk,
    }
    text = (NGINX / "recursos-portal.conf").read_text()
    found = re.findall(r"location ([^{]+) \{\s+client_max_body_size (\d+)([km]);", text)
    allowed = {place: int(number) * UNITS[unit] for place, number, unit in found}
    assert allowed.keys() == needed.keys()
    for place, bytes_needed in needed.items():
        assert bytes_needed <= allowed[place] <= bytes_needed * 2, place
    desk_limit = re.search(r"@desk \{\s+max_size (\d+)MB", CADDYFILE.read_text())
    assert desk_limit is not None
    assert desk <= int(desk_limit[1]) * 1_000_000 <= desk * 2


def test_a_proxy_waits_longer_than_the_portal_needs_to_return_a_form():
    """A save that waits for a locked database comes back with what was typed, not with the proxy's own error."""
    needed = 2 * settings.LOCK_TIMEOUT + 60  # two waits, and gunicorn's own time-out
    nginx = re.search(r"proxy_read_timeout (\d+)s", (NGINX / "recursos-portal.conf").read_text())
    caddy = re.search(r"response_header_timeout (\d+)s", CADDYFILE.read_text())
    assert nginx is not None
    assert caddy is not None
    assert min(int(nginx[1]), int(caddy[1])) >= needed


def test_every_file_that_the_image_copies_exists_and_no_package_is_forgotten():
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text()
    copied = set(re.findall(r"^!(.+)$", ignored, re.M))
    assert not [name for name in copied if not (settings.BASE_DIR / name).exists()]
    packages = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")}
    assert packages - {"tests", "bench"} <= copied


def test_the_image_runs_without_root_and_asks_for_its_health():
    text = (DOCKER / "Dockerfile").read_text()
    assert re.search(r"^USER 10001$", text, re.M)
    assert re.search(r"^HEALTHCHECK [\s\S]+/readyz", text, re.M)
    compose = (DOCKER / "compose.yaml").read_text()
    assert "read_only: true" in compose.partition("  postgres:\n")[0]
    address = re.search(r"FORWARDED_ALLOW_IPS: (\S+)", compose)
    assert address is not None
    assert f"ipv4_address: {address[1]}" in compose.partition("  caddy:\n")[2]


def test_the_guide_names_every_file_of_deploy():
    text = GUIDE.read_text()
    files = [path.relative_to(DEPLOY.parent) for path in DEPLOY.rglob("*") if path.is_file()]
    hidden = {"Dockerfile", "Dockerfile.dockerignore"}  # compose.yaml names them
    assert not [path for path in files if path.name not in hidden and str(path) not in text]
