"""System checks of the settings: name each wrong value and its remedy before anything is served."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from portal.file_permissions import too_open


@register
def settings_make_sense(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the values from the environment."""
    return [*_site_url(), *_var_dir(), *_private_state(), *_numbers(), *_packages()]


def _site_url() -> Iterator[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        yield Error(
            f"SITE_URL is '{settings.SITE_URL}', which is no site's address.",
            hint="Give scheme and host only, such as https://recursos.municipio.gob.ec",
            id="portal.E001",
        )


def _var_dir() -> Iterator[CheckMessage]:
    folder = settings.VAR_DIR
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield Error(
            f"VAR_DIR is '{folder}', which cannot be written.",
            hint="Make the folder and give it to the user that runs the site, or set VAR_DIR to another.",
            id="portal.E002",
        )


def _private_state() -> Iterator[CheckMessage]:
    folder, files = settings.VAR_DIR, Path(settings.MEDIA_ROOT)
    for_group = bool(settings.MEDIA_ACCEL_REDIRECT)
    if not os.access(folder, os.R_OK | os.X_OK):
        return  # E002 tells of it
    paths = [str(path) for path, _ in too_open(folder, files, for_group=for_group)]
    if paths:
        step = "sudo usermod -aG recursos www-data, then " if for_group else ""
        rights = "o-rwx" if for_group else "go-rwx"
        yield Warning(
            f"Other users of this machine can read {', '.join(paths[:3])}.",
            hint=f"{step}chmod {rights} {folder} (docs/despliegue.md); 'serve' does what is safe by itself.",
            id="portal.W001",
        )


def _numbers() -> Iterator[CheckMessage]:
    for name in ("CARDS_PER_SECTION", "RESULTS_PER_PAGE", "HITS_PER_PAGE", "MAX_UPLOAD_BYTES"):
        if getattr(settings, name) < 1:
            yield Error(
                f"{name} is {getattr(settings, name)}.",
                hint=f"{name} counts from 1.",
                id="portal.E003",
            )


def _packages() -> Iterator[CheckMessage]:
    for name, package in (("REDIS_URL", "redis"), ("S3_BUCKET", "storages")):
        if getattr(settings, name) and find_spec(package) is None:
            yield Error(
                f"{name} is set, and the Python package '{package}' that it needs is not there.",
                hint=f"Run .venv/bin/pip install -r requirements-production.txt, or leave {name} empty.",
                id="portal.E004",
            )
