"""The project's settings for a gunicorn that tests start: static files need no collecting, tasks stay in the queue."""

from portal.settings import *  # noqa: F403

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
SECURE_SSL_REDIRECT = False
