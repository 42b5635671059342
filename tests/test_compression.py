"""Pages are compressed as the browser can read them; files never are."""

import pytest

from tests.makers import make_editor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepts", "signed_in", "encoding"),
    [
        ("gzip, deflate, br", False, "br"),
        ("gzip, deflate, br", True, "gzip"),
        ("gzip", False, "gzip"),
        ("br;q=0, gzip", False, "gzip"),
        ("", False, None),
    ],
)
def test_pages_come_in_the_smallest_form_that_keeps_secrets(client, accepts, signed_in, encoding):
    if signed_in:
        client.force_login(make_editor())
    answer = client.get("/", headers={"Accept-Encoding": accepts})
    assert answer.get("Content-Encoding") == encoding
    assert answer.get("ETag", "W/").startswith("W/"), "the same page in other bytes"
