"""Files and pictures in an S3-compatible bucket. Imported only where S3_BUCKET is set: boto3 is a production extra."""

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class S3Files(S3Storage):
    """Files lie under `files/`, private; a visitor is sent to an address that stays good for five minutes."""

    def get_default_settings(self) -> dict[str, Any]:
        """Keep every object: a path is never used again."""
        return super().get_default_settings() | {
            "location": "files",
            "file_overwrite": False,
            "default_acl": None,
            "querystring_expire": 300,
        }


class S3Pictures(S3Files):
    """Pictures lie under `pictures/` and are addressed at the site.

    A visitor's browser asks nobody else, the Content-Security-Policy stays at 'self', and the addresses never
    expire, so that a browser or a CDN may keep them for ever.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """Keep them apart from the files."""
        return super().get_default_settings() | {"location": "pictures"}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the site's own address of a picture (views/downloads.py, `picture`)."""
        return settings.PICTURES_URL + filepath_to_uri(name)
