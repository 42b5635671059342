"""The database is gone, for reads as well: a form of the desk comes back, though nobody can be recognised."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from resources.models import Page
from tests.admin.desk import served, sign_in
from tests.test_database_outages import again


@contextmanager
def nothing_works() -> Iterator[None]:
    """Make every statement of this thread fail, reads as well: the database is gone."""

    def refuse(execute, sql, params, many, context):
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("length", [200, 200_000], ids=["short", "longer than a visitor may send"])
def test_a_form_sent_while_the_database_is_gone_comes_back_too(client, db, length):
    sign_in(client, "")
    client.raise_request_exception = False
    url = reverse("admin:resources_page_add")
    text = "Párrafo. " * (length // 9)
    data = served(client, url) | {"title": "Acerca", "slug": "acerca", "body": text}
    with nothing_works():
        kept = again(client.post(url, data))
    assert kept["body"] == text
    assert client.post(url, kept).status_code == 302
    assert Page.objects.get().body.strip() == text.strip()


def test_a_sending_larger_than_a_form_is_not_received_while_nobody_can_be_recognised(
    client, db, settings
):
    sign_in(client, "")
    client.raise_request_exception = False
    settings.FORM_BYTES = 100_000
    url = reverse("admin:resources_page_add")
    data = served(client, url) | {"title": "Acerca", "body": "x" * 200_000}
    with nothing_works():
        answer = client.post(url, data)
    assert again(answer) == {}
    assert "regrese a la página anterior" in answer.text
