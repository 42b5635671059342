"""Pages of a real gunicorn with two processes are never older than the last edit."""

import pytest

from resources.models import Resource

GUIDE = "/recursos/guia-de-agua/"


@pytest.fixture(scope="module")
def two_processes(start):
    return start(WEB_CONCURRENCY=2)


def test_an_edit_shows_in_the_next_answer_of_every_process(two_processes, django_db_blocker):
    for number in range(5):
        title = f"Guía de agua {number}"
        with django_db_blocker.unblock():
            resource = Resource.objects.get(slug="guia-de-agua")
            resource.title = title
            resource.save()
        for _ in range(10):
            assert f"<title>{title}" in two_processes.get(GUIDE).text


def test_a_cached_page_is_sent_as_it_was_rendered(two_processes):
    first, *others = [two_processes.get(GUIDE, "Accept-Encoding: br") for _ in range(10)]
    assert first.headers["content-encoding"] == "br"
    for other in others:
        assert other.body == first.body
        assert other.headers | {"date": ""} == first.headers | {"date": ""}


def test_the_head_of_a_cached_page_has_its_length_and_no_body(two_processes):
    page = two_processes.get(GUIDE)
    head = two_processes.get(GUIDE, method="HEAD")
    assert head.headers["content-length"] == str(len(page.body))
    assert head.body == b""
