"""Database sessions that survive a failed delete: a session that cannot be deleted counts as ended."""

import logging

from django.contrib.sessions.backends import db
from django.db import Error

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """Database sessions; django.contrib.auth deletes an invalid one during a GET."""

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row if possible; its hash no longer matches, so that it opens nothing."""
        try:
            super().delete(session_key)
        except Error:
            logger.warning("A session could not be deleted.", exc_info=True)
