"""Uploads to verify are limited by address, and no address is kept."""

from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from resources.throttling import network_of

pytestmark = pytest.mark.django_db


def send(client: Client, **extra):
    return client.post(
        "/verificar/", {"archivo": SimpleUploadedFile("copia.pdf", b"%PDF-1.7")}, **extra
    )


def test_uploads_are_limited_by_address_and_the_refusal_says_how_to_go_on(client, settings):
    settings.VERIFY_UPLOADS_PER_HOUR = 2
    for _ in range(2):
        assert send(client).status_code == 200
    answer = send(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 3600
    assert "Puede seguir ahora mismo" in answer.text
    assert not answer.cookies
    assert send(client, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/verificar/", {"sha256": "0" * 64}).status_code == 200, (
        "a typed sum is never limited"
    )


def test_no_address_is_kept_in_the_cache(client):
    with patch.object(cache, "add", wraps=cache.add) as add:
        send(client, REMOTE_ADDR="203.0.113.9")
    said = str(add.call_args_list)
    assert "limits-verify-" in said
    assert "203.0.113.9" not in said


@pytest.mark.parametrize(
    ("near", "forwarded", "seen"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger may write any header
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),  # our own proxy says whom it saw
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "198.51.100.1", "198.51.100.1"),  # a Unix socket
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
    ],
)
def test_the_client_address_is_the_one_seen_by_the_nearest_trusted_proxy(near, forwarded, seen):
    request = RequestFactory().get(
        "/", REMOTE_ADDR=near, headers={"X-Forwarded-For": forwarded} if forwarded else {}
    )
    assert network_of(request) == seen
