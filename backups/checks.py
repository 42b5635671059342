"""System checks of this app's settings: name each wrong value and its remedy."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from backups.errors import BackupError
from backups.repository import read_key


@register
def settings_make_sense(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the hour, the key and the place of the nightly backup."""
    return [*_hour(), *_key(), *_place()]


def _hour() -> Iterator[CheckMessage]:
    if not 0 <= settings.BACKUP_HOUR <= 23:
        yield Error(
            f"BACKUP_HOUR is {settings.BACKUP_HOUR}.",
            hint="Give the hour of the nightly backup, from 0 to 23; BACKUP_TO=no turns it off.",
            id="backups.E001",
        )


def _key() -> Iterator[CheckMessage]:
    if settings.BACKUP_KEY_FILE:
        try:
            read_key(settings.BACKUP_KEY_FILE)
        except BackupError:
            yield Error(
                f"BACKUP_KEY_FILE is '{settings.BACKUP_KEY_FILE}', which holds no key that can be read.",
                hint="Make one with manage.py backup --make-key FILE, or leave BACKUP_KEY_FILE empty.",
                id="backups.E002",
            )


def _place() -> Iterator[CheckMessage]:
    if settings.BACKUP_TO.startswith("s3://") and find_spec("storages") is None:
        yield Error(
            "BACKUP_TO names S3, and the Python package 'storages' that it needs is not there.",
            hint="Run .venv/bin/pip install -r requirements-production.txt, or give a folder.",
            id="backups.E003",
        )
