"""Storage of files and pictures in an S3 bucket. Imported only with S3_BUCKET set: boto3 is a production extra."""

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class S3Files(S3Storage):
    """Private files under `files/`; a visitor is redirected to an address valid for five minutes."""

    def get_default_settings(self) -> dict[str, Any]:
        """Forbid overwriting: a path is never reused."""
        return super().get_default_settings() | {
            "location": "files",
            "file_overwrite": False,
            "default_acl": None,
            "querystring_expire": 300,
        }


class S3Pictures(S3Files):
    """Pictures under `pictures/`, served at the site's own addresses.

    Browsers contact no other host, the Content-Security-Policy stays at 'self', and the addresses never
    expire, so that a browser or a CDN may cache them for ever.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """Set the prefix of pictures."""
        return super().get_default_settings() | {"location": "pictures"}

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the site's own address of a picture (views/downloads.py, `picture`)."""
        return settings.PICTURES_URL + filepath_to_uri(name)
