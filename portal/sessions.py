"""Sessions in the database whose end a reader does not wait for: a session that cannot be deleted is treated as ended."""

import logging

from django.contrib.sessions.backends import db
from django.db import Error

logger = logging.getLogger(__name__)


class SessionStore(db.SessionStore):
    """The database's sessions. A GET with a session that no longer counts deletes it (django.contrib.auth)."""

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row if the database can be written; its hash no longer matches, so that it opens nothing."""
        try:
            super().delete(session_key)
        except Error:
            logger.warning("A session could not be deleted.", exc_info=True)
