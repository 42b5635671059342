"""Another connection holds the database's lock: saves come back and pages are read. A flush ends each test, so they stand apart."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from resources import current_site
from resources.kinds.document import Document
from resources.models import SiteSettings
from tests.admin.desk import form_url, served, sign_in
from tests.makers import make_document
from tests.test_database_outages import LONG, again, due  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def locked() -> Iterator[None]:
    """Hold the lock that every save needs in another connection, and let this one wait for a short while only."""
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
                cursor.execute("UPDATE resources_sitesettings SET name = name WHERE id = 1")
                cursor.execute("UPDATE resources_resource SET title = title")
                is_held.set()
                may_end.wait(30)
                cursor.execute("ROLLBACK")
        finally:
            is_held.set()
            connection.close()

    holder = threading.Thread(target=hold)
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA busy_timeout = 100" if is_sqlite else "SET lock_timeout = 100")
        holder.start()
        is_held.wait(30)
        try:
            yield
        finally:
            may_end.set()
            holder.join()
            cursor.execute("PRAGMA busy_timeout = 20000" if is_sqlite else "SET lock_timeout = 0")


def test_a_save_while_another_connection_holds_the_lock_comes_back_and_is_saved_after_it(client):
    SiteSettings.load()
    sign_in(client, "")
    document = make_document(status="draft")
    url = form_url(document)
    data = served(client, url) | {"summary": LONG}
    with locked():
        assert client.get("/").status_code == 200
        kept = again(client.post(url, data))
    assert client.post(url, kept).status_code == 302
    assert Document.objects.get().summary.splitlines() == LONG.splitlines()


def test_due_transitions_wait_for_no_lock(due, monkeypatch):  # noqa: F811
    monkeypatch.setattr(current_site, "LOCK_WAIT", 0.1)
    with locked():
        assert Client().get(due.get_absolute_url()).status_code == 410
        with connection.cursor() as cursor:
            ask = "PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout"
            cursor.execute(ask)
            assert cursor.fetchone()[0] in (100, "100ms")
